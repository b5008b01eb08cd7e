// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/elidinglabel.h"

#include "ui/theme/text.h"

#include <QHelpEvent>
#include <QStyle>
#include <QStyleOption>
#include <QStylePainter>
#include <QToolTip>

namespace satchel::ui {

ElidingLabel::ElidingLabel(QWidget *parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
}

QSize ElidingLabel::minimumSizeHint() const
{
    const QSize least = QLabel::minimumSizeHint();
    return {qMin(least.width(), fontMetrics().averageCharWidth() * 4), least.height()};
}

bool ElidingLabel::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip && toolTip().isEmpty() && sizeHint().width() > width()) {
        QToolTip::showText(static_cast<QHelpEvent *>(event)->globalPos(), asPlainRichText(text()), this);
        return true;
    }
    return QLabel::event(event);
}

void ElidingLabel::paintEvent(QPaintEvent *)
{
    QStylePainter painter(this);
    const QRect room = contentsRect().adjusted(margin(), 0, -margin(), 0);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, room.width());
    painter.drawItemText(room, int(QStyle::visualAlignment(layoutDirection(), alignment())), palette(), isEnabled(),
        shown, foregroundRole());
}

} // namespace satchel::ui
