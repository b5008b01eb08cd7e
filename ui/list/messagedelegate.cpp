// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/messagedelegate.h"

#include "ui/list/messagelistmodel.h"
#include "ui/theme/accountcolours.h"
#include "ui/theme/appearance.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QPainter>
#include <QTextLayout>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int gutter = 22; ///< before the text: the unread dot
constexpr int edge = 10; ///< after it
constexpr int gap = 8;
constexpr int mark = 16; ///< star and attachment

QStyle *styleOf(const QStyleOptionViewItem &option)
{
    return option.widget ? option.widget->style() : QApplication::style();
}

} // namespace

struct MessageDelegate::Ink {
    QColor found; ///< behind a word that was searched for
    Qt::LayoutDirection direction;
};

MessageDelegate::MessageDelegate(const MessageListModel *model, QObject *parent)
    : QStyledItemDelegate(parent)
    , m_model(model)
{
}

int MessageDelegate::rowHeight(const QFontMetrics &metrics) const
{
    const int air = m_density == Density::Compact ? 7 : m_density == Density::Roomy ? 32 : 18;
    return 2 * metrics.height() + air;
}

QSize MessageDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &) const
{
    return {200, rowHeight(option.fontMetrics)};
}

QRect MessageDelegate::starRect(const QRect &row, Qt::LayoutDirection direction) const
{
    const QRect star(row.right() - edge - mark + 1, row.top() + row.height() / 2 + 2, mark, row.height() / 2 - 6);
    return QStyle::visualRect(direction, row, star);
}

void MessageDelegate::paintText(QPainter *painter, const QRect &rect, const QString &text, const QFont &font,
    const QColor &colour, const Ink &ink, bool trailing) const
{
    if (rect.width() < 8 || text.isEmpty())
        return;
    const QString elided = QFontMetrics(font).elidedText(text, Qt::ElideRight, rect.width());
    QTextLayout layout(elided, font, painter->device());
    // Each text runs in its own direction, and stands where the row's direction puts it.
    QTextOption option;
    option.setTextDirection(elided.isRightToLeft() ? Qt::RightToLeft : Qt::LeftToRight);
    option.setWrapMode(QTextOption::NoWrap);
    layout.setTextOption(option);
    QList<QTextLayout::FormatRange> formats;
    for (const QString &word : m_words) {
        for (qsizetype at = 0; !word.isEmpty() && (at = elided.indexOf(word, at, Qt::CaseInsensitive)) >= 0;
            at += word.size()) {
            QTextLayout::FormatRange range{.start = int(at), .length = int(word.size()), .format = {}};
            range.format.setBackground(ink.found);
            formats.append(range);
        }
    }
    layout.setFormats(formats);
    layout.beginLayout();
    QTextLine line = layout.createLine();
    if (!line.isValid()) {
        layout.endLayout();
        return;
    }
    line.setNumColumns(int(elided.size()));
    layout.endLayout();
    const qreal width = line.naturalTextWidth();
    const bool atRight = (ink.direction == Qt::RightToLeft) != trailing;
    // With no line width set, right-to-left text is laid out from 0 as well.
    const qreal x = atRight ? rect.right() + 1 - width : rect.left();
    const qreal y = rect.top() + (rect.height() - line.height()) / 2;
    painter->setPen(colour);
    layout.draw(painter, QPointF(x, y));
}

void MessageDelegate::paintPlaceholder(QPainter *painter, const QStyleOptionViewItem &option) const
{
    const QColor grey = mixed(option.palette.color(QPalette::Text), option.palette.color(QPalette::Base), 0.10);
    const QRect row = option.rect;
    const int height = option.fontMetrics.xHeight() + 2;
    const QRect first(row.left() + gutter, row.top() + row.height() / 4 - height / 2 + 2, row.width() / 3, height);
    const QRect second(
        row.left() + gutter, row.top() + row.height() * 3 / 4 - height / 2 - 2, row.width() * 3 / 5, height);
    painter->setPen(Qt::NoPen);
    painter->setBrush(grey);
    painter->drawRoundedRect(QStyle::visualRect(option.direction, row, first), 3, 3);
    painter->drawRoundedRect(QStyle::visualRect(option.direction, row, second), 3, 3);
}

void MessageDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    row.text.clear();
    row.state.setFlag(QStyle::State_HasFocus, option.state & QStyle::State_HasFocus);
    styleOf(row)->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool selected = row.state & QStyle::State_Selected;
    painter->setPen(selected ? mixed(Qt::white, row.palette.color(QPalette::Active, QPalette::Highlight), 0.25)
                             : hairline(row.palette));
    painter->drawLine(row.rect.bottomLeft(), row.rect.bottomRight());

    const MessageSummary *summary = m_model->summaryAt(index.row());
    if (!summary) {
        paintPlaceholder(painter, row);
        painter->restore();
        return;
    }

    const QPalette::ColorGroup group = row.state & QStyle::State_Active ? QPalette::Active : QPalette::Inactive;
    const QColor ground = row.palette.color(group, selected ? QPalette::Highlight : QPalette::Base);
    const QColor strong = row.palette.color(group, selected ? QPalette::HighlightedText : QPalette::Text);
    const QColor weak = selected ? mixed(strong, ground, 0.82) : mutedText(row.palette);
    const bool unread = !summary->flags.testFlag(MessageFlag::Read);
    const bool starred = summary->flags.testFlag(MessageFlag::Starred);
    const Ink ink{.found = selected ? mixed(strong, ground, 0.30) : mixed(starColour(row.palette), ground, 0.35),
        .direction = row.direction};
    const auto placed = [&row](const QRect &rect) { return QStyle::visualRect(row.direction, row.rect, rect); };

    QFont heavy = row.font;
    heavy.setBold(unread);
    const QFontMetrics heavyMetrics(heavy);

    const int lineHeight = row.fontMetrics.height();
    const int top = row.rect.top() + (row.rect.height() - 2 * lineHeight - 3) / 2;
    QRect first(row.rect.left() + gutter, top, row.rect.width() - gutter - edge, lineHeight);
    QRect second = first.translated(0, lineHeight + 3);

    if (const int colour = m_model->accountMarkAt(index.row()).colour; colour > 0) {
        // At the edge, so that it is seen as a stripe down the list where one account follows another.
        const QRect mark = placed(QRect(row.rect.left(), row.rect.top() + 1, 4, row.rect.height() - 2));
        painter->fillRect(mark, accountColour(colour, row.palette));
    }
    if (unread) {
        const QRect dot = placed(QRect(row.rect.left() + 8, first.center().y() - 3, 8, 8));
        painter->setPen(Qt::NoPen);
        painter->setBrush(selected ? strong : accent(row.palette));
        painter->drawEllipse(dot);
    }

    // First line: sender, and from the far end date, attachment mark and (in results) folder.
    const QString date = shortDate(m_model->shownDate(*summary), m_model->now());
    const int dateWidth = heavyMetrics.horizontalAdvance(date) + 1;
    QRect dateRect = first;
    dateRect.setLeft(first.right() + 1 - dateWidth);
    paintText(painter, placed(dateRect), date, heavy, unread && !selected ? accent(row.palette) : weak,
        {.found = Qt::transparent, .direction = row.direction}, true);
    first.setRight(dateRect.left() - gap);
    if (summary->flags.testFlag(MessageFlag::HasAttachment)) {
        const QRect clip(first.right() + 1 - mark + 3, first.center().y() - mark / 2 + 1, mark, mark);
        icon("attachment"_L1, weak).paint(painter, placed(clip));
        first.setRight(clip.left() - gap / 2);
    }
    if (summary->flags.testFlag(MessageFlag::Partial)) {
        const QRect part(first.right() + 1 - mark + 3, first.center().y() - mark / 2 + 1, mark, mark);
        icon("part"_L1, weak).paint(painter, placed(part));
        first.setRight(part.left() - gap / 2);
    }
    if (const QString folder = m_model->folderNameAt(index.row()); !folder.isEmpty()) {
        const int width = qMin(row.fontMetrics.horizontalAdvance(folder) + 2, first.width() / 2);
        QRect folderRect = first;
        folderRect.setLeft(first.right() + 1 - width);
        paintText(painter, placed(folderRect), folder, row.font, weak,
            {.found = Qt::transparent, .direction = row.direction}, true);
        first.setRight(folderRect.left() - gap);
    }
    const QString who =
        m_model->showsRecipients() && !summary->recipients.isEmpty() ? summary->recipients : senderText(summary->from);
    paintText(painter, placed(first), who, heavy, strong, ink);

    // Second line: subject, what room is left for the preview, and the star.
    const QRect star = starRect(row.rect, row.direction);
    const bool hovered = row.state & QStyle::State_MouseOver;
    if (starred)
        icon("star-filled"_L1, selected ? strong : starColour(row.palette)).paint(painter, star);
    else if (hovered || selected)
        icon("star"_L1, weak).paint(painter, star);
    second.setRight(second.right() - mark - gap);
    const QString subject = summary->subject.isEmpty() ? tr("(no subject)") : summary->subject;
    const int subjectWidth = qMin(heavyMetrics.horizontalAdvance(subject) + 2, second.width());
    QRect subjectRect = second;
    subjectRect.setWidth(subjectWidth);
    paintText(painter, placed(subjectRect), subject, heavy, strong, ink);
    second.setLeft(subjectRect.right() + 1 + gap);
    if (second.width() > 40)
        paintText(painter, placed(second), summary->preview, row.font, weak, ink);
    painter->restore();
}

} // namespace satchel::ui
