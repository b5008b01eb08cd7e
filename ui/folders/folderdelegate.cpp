// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/folderdelegate.h"

#include "ui/folders/foldermodel.h"
#include "ui/theme/accountcolours.h"
#include "ui/theme/appearance.h"

#include <QApplication>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

namespace satchel::ui {

namespace {

/// Of the line below an account's name.
QFont stateFont(QFont font)
{
    font.setBold(false);
    if (font.pointSizeF() > 0)
        font.setPointSizeF(font.pointSizeF() * 0.88);
    return font;
}

} // namespace

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
    const bool isAccount = index.data(FolderModel::KindRole).toInt() == int(FolderModel::Kind::Account);
    if (isAccount) { // its colour stands where others have an icon
        row.icon = {};
        row.features &= ~QStyleOptionViewItem::HasDecoration;
    }
    style->drawControl(QStyle::CE_ItemViewItem, &row, painter, row.widget);

    row.text = name;
    const QRect textRect = style->subElementRect(QStyle::SE_ItemViewItemText, &row, row.widget);
    const qint64 unread = index.data(FolderModel::UnreadRole).toLongLong();
    const bool counted = unread > 0 && !isAccount;
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
    if (isAccount) {
        const QFont small = stateFont(option.font);
        const QFontMetrics smallMetrics(small);
        const int lines = row.fontMetrics.height() + smallMetrics.height();
        const int top = row.rect.top() + (row.rect.height() - lines) / 2;
        constexpr int besideMark = 10;
        nameRect.adjust(row.direction == Qt::RightToLeft ? 0 : besideMark, 0,
            row.direction == Qt::RightToLeft ? -besideMark : 0, 0);
        QRect stateRect(nameRect.left(), top + row.fontMetrics.height(), nameRect.width(), smallMetrics.height());
        nameRect = QRect(nameRect.left(), top, nameRect.width(), row.fontMetrics.height());
        const QColor colour = accountColour(index.data(FolderModel::ColourRole).toInt(), row.palette);
        QRect mark(row.rect.left() + 2, top + 1, 4, lines - 2);
        if (row.direction == Qt::RightToLeft)
            mark.moveRight(row.rect.right() - 2);
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(colour);
        painter->drawRoundedRect(mark, 2, 2);
        const bool trouble = index.data(FolderModel::TroubleRole).toBool();
        const QColor weak = trouble ? barEdge(BarKind::Problem, row.palette) : mutedText(row.palette);
        painter->setFont(small);
        painter->setPen(selected ? ink : weak);
        painter->drawText(stateRect, Qt::AlignVCenter | Qt::AlignLeading | Qt::TextSingleLine,
            smallMetrics.elidedText(index.data(FolderModel::StateRole).toString(), Qt::ElideRight, stateRect.width()));
        painter->setFont(row.font);
        painter->setPen(ink);
    }
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
    if (index.data(FolderModel::KindRole).toInt() == int(FolderModel::Kind::Account))
        size.setHeight(option.fontMetrics.height() + QFontMetrics(stateFont(option.font)).height() + 12);
    return size;
}

} // namespace satchel::ui
