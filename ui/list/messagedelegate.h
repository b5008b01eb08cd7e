// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/settings/preferences.h"

#include <QIcon>
#include <QStringList>
#include <QStyledItemDelegate>

namespace satchel::ui {

class MessageListModel;

/// Draws one message in two lines: sender and date, subject and preview. All texts are drawn as plain text.
class MessageDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit MessageDelegate(const MessageListModel *model, QObject *parent = nullptr);

    void setDensity(Density density) { m_density = density; }
    void setHighlightedWords(const QStringList &words) { m_words = words; }
    [[nodiscard]] int rowHeight(const QFontMetrics &metrics) const;
    [[nodiscard]] QRect starRect(const QRect &row, Qt::LayoutDirection direction) const;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    struct Ink;
    void paintText(QPainter *painter, const QRect &rect, const QString &text, const QFont &font, const QColor &colour,
        const Ink &ink, bool trailing = false) const;
    void paintPlaceholder(QPainter *painter, const QStyleOptionViewItem &option) const;

    const MessageListModel *m_model;
    QStringList m_words;
    Density m_density = Density::Normal;
};

} // namespace satchel::ui
