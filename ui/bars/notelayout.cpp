// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/notelayout.h"

#include <QStyle>
#include <QWidget>

namespace satchel::ui {

namespace {

enum Fixed { Icon, Text, FirstButton };
constexpr int leastTextBeside = 240; ///< with less, the buttons go below
constexpr int leastText = 120;
constexpr int gap = 8;

} // namespace

NoteLayout::NoteLayout(QWidget *bar, QWidget *icon, QWidget *text, QWidget *close)
    : QLayout(bar)
{
    setSpacing(gap);
    for (QWidget *part : {icon, text, close}) {
        addChildWidget(part);
        m_items.append(new QWidgetItem(part));
    }
}

NoteLayout::~NoteLayout()
{
    qDeleteAll(m_items);
}

void NoteLayout::addItem(QLayoutItem *item)
{
    m_items.insert(m_items.size() - 1, item);
    invalidate();
}

int NoteLayout::count() const
{
    return int(m_items.size());
}

QLayoutItem *NoteLayout::itemAt(int index) const
{
    return m_items.value(index);
}

QLayoutItem *NoteLayout::takeAt(int index)
{
    return index >= 0 && index < m_items.size() ? m_items.takeAt(index) : nullptr;
}

Qt::Orientations NoteLayout::expandingDirections() const
{
    return Qt::Horizontal;
}

bool NoteLayout::hasHeightForWidth() const
{
    return true;
}

int NoteLayout::heightForWidth(int width) const
{
    return arrange(QRect(0, 0, width, 0), false);
}

int NoteLayout::minimumHeightForWidth(int width) const
{
    return heightForWidth(width);
}

int NoteLayout::buttonsWidth() const
{
    int width = 0;
    for (qsizetype i = FirstButton; i < m_items.size() - 1; ++i)
        width += m_items.at(i)->isEmpty() ? 0 : m_items.at(i)->sizeHint().width() + gap;
    return width;
}

QSize NoteLayout::sizeHint() const
{
    const QMargins margins = contentsMargins();
    const QSize close = m_items.constLast()->isEmpty() ? QSize() : m_items.constLast()->sizeHint();
    const int width = margins.left() + m_items.at(Icon)->sizeHint().width() + gap
        + qMax(leastTextBeside, m_items.at(Text)->sizeHint().width()) + buttonsWidth() + qMax(0, close.width())
        + margins.right();
    return {width, heightForWidth(width)};
}

QSize NoteLayout::minimumSize() const
{
    const QMargins margins = contentsMargins();
    int width = qMax(leastText, m_items.at(Text)->minimumSize().width());
    int height = m_items.at(Icon)->sizeHint().height();
    for (qsizetype i = FirstButton; i < m_items.size() - 1; ++i) {
        if (m_items.at(i)->isEmpty())
            continue;
        width = qMax(width, m_items.at(i)->sizeHint().width());
        height = qMax(height, m_items.at(i)->sizeHint().height());
    }
    const int close = m_items.constLast()->isEmpty() ? 0 : m_items.constLast()->sizeHint().width() + gap;
    return {margins.left() + m_items.at(Icon)->sizeHint().width() + gap + width + close + margins.right(),
        margins.top() + height + margins.bottom()};
}

void NoteLayout::setGeometry(const QRect &rect)
{
    QLayout::setGeometry(rect);
    arrange(rect, true);
}

int NoteLayout::arrange(const QRect &rect, bool apply) const
{
    const QMargins margins = contentsMargins();
    const QRect room = rect.marginsRemoved(margins);
    const Qt::LayoutDirection direction = parentWidget()->layoutDirection();
    const auto place = [&](QLayoutItem *item, const QRect &where) {
        if (apply)
            item->setGeometry(QStyle::visualRect(direction, room, where));
    };
    QLayoutItem *icon = m_items.at(Icon);
    QLayoutItem *text = m_items.at(Text);
    QLayoutItem *close = m_items.constLast();
    const int left = room.left() + icon->sizeHint().width() + gap;
    const int right = room.right() + 1 - (close->isEmpty() ? 0 : close->sizeHint().width() + gap);
    const int buttons = buttonsWidth();
    const int wanted = text->sizeHint().width();
    const bool beside = buttons > 0 && right - left - buttons >= qMin(leastTextBeside, wanted);
    const int textWidth = right - left - (beside ? buttons : 0);
    const int textHeight = text->hasHeightForWidth() ? text->heightForWidth(textWidth) : text->sizeHint().height();
    int lineHeight = qMax(textHeight, icon->sizeHint().height());
    if (!close->isEmpty())
        lineHeight = qMax(lineHeight, close->sizeHint().height());
    for (qsizetype i = FirstButton; beside && i < m_items.size() - 1; ++i)
        lineHeight = qMax(lineHeight, m_items.at(i)->isEmpty() ? 0 : m_items.at(i)->sizeHint().height());
    const auto middle = [&](int x, const QSize &size) {
        return QRect(QPoint(x, room.top() + (lineHeight - size.height()) / 2), size);
    };
    place(icon, middle(room.left(), icon->sizeHint()));
    place(text, middle(left, {textWidth, textHeight}));
    if (!close->isEmpty())
        place(close, middle(room.right() + 1 - close->sizeHint().width(), close->sizeHint()));

    int x = beside ? left + textWidth + gap : left;
    int y = room.top() + lineHeight + (beside ? 0 : gap - 2);
    int bottom = room.top() + lineHeight;
    for (qsizetype i = FirstButton; i < m_items.size() - 1; ++i) {
        if (m_items.at(i)->isEmpty())
            continue;
        const QSize size = m_items.at(i)->sizeHint();
        if (beside) {
            place(m_items.at(i), middle(x, size));
        } else {
            if (x > left && x + size.width() > right) {
                x = left;
                y = bottom + gap - 2;
            }
            place(m_items.at(i), QRect(QPoint(x, y), size));
            bottom = y + size.height();
        }
        x += size.width() + gap;
    }
    return bottom - rect.top() + margins.bottom();
}

} // namespace satchel::ui
