// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"
#include "ui/settings/preferences.h"

#include <QTableView>
#include <QTimer>

namespace satchel::ui {

class MessageDelegate;
class MessageListModel;

/// The list itself: rows of one height (so that a million cost nothing), selection that survives arrivals and
/// moves on after a deletion, keyboard. Tells the model what is on the screen.
class MessageListView : public QTableView
{
    Q_OBJECT

public:
    explicit MessageListView(MessageListModel *model, QWidget *parent = nullptr);

    [[nodiscard]] QList<MessageId> selectedMessages() const; ///< from ranges: quick for any number
    [[nodiscard]] qsizetype selectedCount() const;
    [[nodiscard]] MessageId currentMessage() const;
    [[nodiscard]] MessageDelegate *messageDelegate() const { return m_delegate; }
    void setAfterRemoval(AfterRemoval after) { m_afterRemoval = after; }
    void setDensity(Density density);
    bool selectMessage(MessageId id); ///< false when it is not in the list
    void selectRow(int row);
    void keyboardSearch(const QString &) override { }

Q_SIGNALS:
    void selectionSettled(); ///< after a short rest, so that holding an arrow key loads nothing in between
    void opened(satchel::MessageId message); ///< Enter or double click
    void starClicked(satchel::MessageId message);
    void spacePressed(bool backwards);
    void menuWished(const QPoint &globalPosition);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent *event) override;
    void selectionChanged(const QItemSelection &selected, const QItemSelection &deselected) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    void startDrag(Qt::DropActions supportedActions) override;

private:
    void rememberPlace();
    void restorePlace();
    void reportVisibleRows();
    void applyRowHeight();
    [[nodiscard]] bool hitsStar(const QPoint &position, const QModelIndex &index) const;

    struct Kept {
        QList<MessageId> selected;
        MessageId current;
        QList<MessageId> heirs; ///< neighbours, nearest first: one of them is selected when all selected are gone
        QList<MessageId> visible;
        int offset = 0; ///< of the first visible row above the edge
        bool atTop = true;
        bool currentInSight = false;
        bool everything = false;
    };

    MessageListModel *m_model;
    MessageDelegate *m_delegate;
    Kept m_kept;
    QTimer m_settle;
    QTimer m_visible;
    AfterRemoval m_afterRemoval = AfterRemoval::Below;
    bool m_restoring = false;
};

} // namespace satchel::ui
