// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

namespace satchel::ui {

/// Items side by side as long as there is room, then in the next line; from the right where that is the way to read.
/// What shares a line stands at the same height.
class FlowLayout : public QLayout
{
    Q_OBJECT

public:
    explicit FlowLayout(QWidget *parent = nullptr);
    ~FlowLayout() override;
    void setCentred(bool centred) { m_centred = centred; } ///< each line in the middle

    void addItem(QLayoutItem *item) override;
    int count() const override;
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    Qt::Orientations expandingDirections() const override;
    bool hasHeightForWidth() const override;
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    int arrange(const QRect &rect, bool apply) const;

    bool m_centred = false;
    QList<QLayoutItem *> m_items;
};

} // namespace satchel::ui
