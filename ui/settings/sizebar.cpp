// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/sizebar.h"

#include "ui/theme/appearance.h"
#include "ui/theme/text.h"

#include <QPainter>
#include <QPainterPath>

namespace satchel::ui {

SizeBar::SizeBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setSizes(0, 0);
}

void SizeBar::setSizes(qint64 stays, qint64 leaves)
{
    m_stays = qMax<qint64>(stays, 0);
    m_leaves = qMax<qint64>(leaves, 0);
    setAccessibleName(tr("Of the mailbox, %1 stay and %2 leave").arg(fileSize(m_stays), fileSize(m_leaves)));
    update();
}

qreal SizeBar::shareThatLeaves() const
{
    const qint64 total = m_stays + m_leaves;
    return total == 0 ? 0 : qreal(m_leaves) / qreal(total);
}

QSize SizeBar::sizeHint() const
{
    return {120, qMax(8, fontMetrics().height() / 2)};
}

void SizeBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF whole = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath shape;
    shape.addRoundedRect(whole, whole.height() / 2, whole.height() / 2);
    painter.setClipPath(shape);
    painter.fillRect(rect(), hairline(palette()));
    const qreal leaving = whole.width() * shareThatLeaves();
    const qreal staying = m_stays + m_leaves == 0 ? 0 : whole.width() - leaving;
    const bool mirrored = isRightToLeft();
    painter.fillRect(QRectF(mirrored ? whole.right() - staying : whole.left(), whole.top(), staying, whole.height()),
        accent(palette()));
    // Two colours alone would be one to those who cannot tell them apart.
    const QRectF gone(mirrored ? whole.left() : whole.right() - leaving, whole.top(), leaving, whole.height());
    painter.fillRect(gone, mixed(barEdge(BarKind::Warning, palette()), palette().color(QPalette::Base), 0.35));
    painter.fillRect(gone, QBrush(barEdge(BarKind::Warning, palette()), Qt::BDiagPattern));
}

} // namespace satchel::ui
