// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

namespace satchel::ui {

/// The parts of a NoteBar: an icon, a sentence, buttons, and what closes it. The buttons stand beside the sentence as
/// long as both have room, else below it, in as many lines as they need.
class NoteLayout : public QLayout
{
    Q_OBJECT

public:
    NoteLayout(QWidget *bar, QWidget *icon, QWidget *text, QWidget *close);
    ~NoteLayout() override;

    void addItem(QLayoutItem *item) override; ///< a button
    int count() const override;
    QLayoutItem *itemAt(int index) const override;
    QLayoutItem *takeAt(int index) override;
    Qt::Orientations expandingDirections() const override;
    bool hasHeightForWidth() const override;
    int heightForWidth(int width) const override;
    int minimumHeightForWidth(int width) const override;
    QSize sizeHint() const override;
    QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    int arrange(const QRect &rect, bool apply) const;
    [[nodiscard]] int buttonsWidth() const;

    QList<QLayoutItem *> m_items; ///< icon, text, buttons, close
};

} // namespace satchel::ui
