// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/flowlayout.h"

#include <QStyle>
#include <QWidget>

namespace satchel::ui {

FlowLayout::FlowLayout(QWidget *parent)
    : QLayout(parent)
{
    setSpacing(6);
}

FlowLayout::~FlowLayout()
{
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem *item)
{
    m_items.append(item);
    invalidate();
}

int FlowLayout::count() const
{
    return int(m_items.size());
}

QLayoutItem *FlowLayout::itemAt(int index) const
{
    return m_items.value(index);
}

QLayoutItem *FlowLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

Qt::Orientations FlowLayout::expandingDirections() const
{
    return Qt::Horizontal;
}

bool FlowLayout::hasHeightForWidth() const
{
    return true;
}

int FlowLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

QSize FlowLayout::sizeHint() const
{
    return minimumSize();
}

QSize FlowLayout::minimumSize() const
{
    QSize size;
    for (const QLayoutItem *item : m_items)
        size = size.expandedTo(item->minimumSize());
    const QMargins margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int FlowLayout::arrange(const QRect &rect, bool apply) const
{
    const QMargins margins = contentsMargins();
    const QRect room = rect.marginsRemoved(margins);
    const Qt::LayoutDirection direction = parentWidget() ? parentWidget()->layoutDirection() : Qt::LeftToRight;
    QList<std::pair<QLayoutItem *, QRect>> line;
    int x = room.left();
    int y = room.top();
    int lineHeight = 0;
    const auto finishLine = [&] {
        const int shift = m_centred ? (room.right() + 1 - (x - spacing())) / 2 : 0;
        for (auto &[item, place] : line) {
            place.translate(shift, (lineHeight - place.height()) / 2);
            if (apply)
                item->setGeometry(QStyle::visualRect(direction, room, place));
        }
        line.clear();
    };
    for (QLayoutItem *item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize size = item->sizeHint().boundedTo(QSize(room.width(), item->sizeHint().height()));
        if (x > room.left() && x + size.width() > room.right() + 1) {
            finishLine();
            x = room.left();
            y += lineHeight + spacing();
            lineHeight = 0;
        }
        line.append({item, QRect(QPoint(x, y), size)});
        x += size.width() + spacing();
        lineHeight = qMax(lineHeight, size.height());
    }
    finishLine();
    return y + lineHeight - rect.top() + margins.bottom();
}

} // namespace satchel::ui
