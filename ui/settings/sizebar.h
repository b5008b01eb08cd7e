// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace satchel::ui {

/// How full a mailbox is: what stays in it, and what leaves, each as a part of the whole.
class SizeBar : public QWidget
{
    Q_OBJECT

public:
    explicit SizeBar(QWidget *parent = nullptr);

    void setSizes(qint64 stays, qint64 leaves);
    [[nodiscard]] qreal shareThatLeaves() const; ///< from 0 to 1
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    qint64 m_stays = 0;
    qint64 m_leaves = 0;
};

} // namespace satchel::ui
