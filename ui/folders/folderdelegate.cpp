// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/folderdelegate.h"

#include "ui/folders/foldermodel.h"
#include "ui/theme/appearance.h"

#include <QApplication>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

namespace satchel::ui {

void FolderDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QStyleOptionViewItem row = option;
    initStyleOption(&row, index);
    const QStyle *style = row.widget ? row.widget->style() : QApplication::style();
    const bool selected = row.state & QStyle::State_Selected;
    const bool active = row.state & QStyle::State_Active;

    // The style draws the ground (selection, hover, drop mark) and the icon; the texts are ours.
    const QString name = row.text;
    row.text.clear();
    style->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);

    row.text = name;
    const QRect textRect = style->subElementRect(QStyle::SE_ItemViewItemText, &row, row.widget);
    const qint64 unread = index.data(FolderModel::UnreadRole).toLongLong();
    const bool counted = unread > 0 && index.data(FolderModel::KindRole).toInt() != int(FolderModel::Kind::Account);
    const QString count = counted ? QLocale().toString(unread) : QString();
    const int countWidth = counted ? row.fontMetrics.horizontalAdvance(count) + 10 : 0;

    const QRect whole =
        QRect(textRect.left() + 2, row.rect.top(), row.rect.right() - textRect.left() - 8, row.rect.height());
    QRect nameRect = whole;
    nameRect.setWidth(whole.width() - countWidth);
    QRect countRect = whole;
    countRect.setLeft(nameRect.right() + 1);
    if (row.direction == Qt::RightToLeft) {
        // In a mirrored row the text runs from the icon at the right to the near edge at the left.
        const QRect mirrored(
            row.rect.left() + 6, row.rect.top(), textRect.right() - row.rect.left() - 8, row.rect.height());
        nameRect = mirrored.adjusted(countWidth, 0, 0, 0);
        countRect = QRect(mirrored.left(), mirrored.top(), countWidth, mirrored.height());
    }

    const QPalette::ColorGroup group = active ? QPalette::Active : QPalette::Inactive;
    const QColor ink = row.palette.color(group, selected ? QPalette::HighlightedText : QPalette::Text);
    painter->save();
    painter->setFont(row.font);
    painter->setPen(ink);
    painter->drawText(nameRect, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine,
        row.fontMetrics.elidedText(name, Qt::ElideRight, nameRect.width()));
    if (counted) {
        painter->setPen(selected ? ink : accent(row.palette));
        painter->drawText(countRect, Qt::AlignVCenter | Qt::AlignTrailing | Qt::TextSingleLine, count);
    }
    painter->restore();
}

QSize FolderDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QSize size = QStyledItemDelegate::sizeHint(option, index);
    size.setHeight(qMax(size.height(), option.fontMetrics.height() + 11));
    return size;
}

} // namespace satchel::ui
