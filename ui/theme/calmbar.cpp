// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/calmbar.h"

#include "ui/theme/appearance.h"

#include <QStyleOptionProgressBar>
#include <QStylePainter>

namespace satchel::ui {

void CalmBar::paintEvent(QPaintEvent *event)
{
    if (!isStriped()) {
        QProgressBar::paintEvent(event);
        return;
    }
    // Every style begins to move when it is asked for a bar without a range; so it is asked for an empty one.
    QStyleOptionProgressBar option;
    initStyleOption(&option);
    option.minimum = 0;
    option.maximum = 1;
    option.progress = 0;
    option.textVisible = false;
    QStylePainter painter(this);
    painter.drawControl(QStyle::CE_ProgressBarGroove, option);

    const QRectF inside =
        QRectF(style()->subElementRect(QStyle::SE_ProgressBarContents, &option, this)).adjusted(1, 1, -1, -1);
    const qreal height = inside.height();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setClipRect(inside);
    painter.setPen(Qt::NoPen);
    painter.setBrush(accent(palette()));
    for (qreal left = inside.left() - height; left < inside.right(); left += 3 * height) {
        painter.drawPolygon(QPolygonF({{left, inside.bottom()}, {left + height, inside.top()},
            {left + 2 * height, inside.top()}, {left + height, inside.bottom()}}));
    }
}

} // namespace satchel::ui
