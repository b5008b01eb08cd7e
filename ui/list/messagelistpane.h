// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/message.h"
#include "library/library.h"
#include "sync/types.h"
#include "ui/folders/foldermodel.h"

#include <QFuture>
#include <QTimer>
#include <QWidget>

class QActionGroup;
class QLabel;
class QMenu;
class QStackedLayout;
class QToolButton;

namespace satchel::ui {

class EmptyState;
class MessageListModel;
class MessageListView;

/// The middle pane: what is listed (a folder or the results of a search), in which order, filtered how.
/// Asks the Library, keeps the list true while mail arrives and moves. Emits what the person selects.
class MessageListPane : public QWidget
{
    Q_OBJECT

public:
    MessageListPane(library::Library &library, const FolderModel &folders, QWidget *parent = nullptr);

    [[nodiscard]] MessageListView *view() const { return m_view; }
    [[nodiscard]] MessageListModel *messages() const { return m_model; }
    [[nodiscard]] EmptyState *emptyState() const { return m_empty; }
    [[nodiscard]] QMenu *sortMenu() const { return m_sortMenu; }
    [[nodiscard]] QList<QAction *> filterActions() const;
    /// Those whose keys can be chosen, named.
    [[nodiscard]] QList<QAction *> keyedActions() const;

    [[nodiscard]] Place place() const { return m_place; }
    [[nodiscard]] SortOrder order() const { return m_order; }
    [[nodiscard]] QString query() const { return m_query; }
    [[nodiscard]] bool isSearching() const { return !m_query.isEmpty(); }
    [[nodiscard]] bool searchesHereOnly() const { return m_hereOnly; }
    [[nodiscard]] bool isListing() const { return m_listing; }

    void setPlace(const Place &place);
    void setQuery(const QString &query); ///< empty: the folder again
    void setSearchesHereOnly(bool hereOnly);
    void setOrder(SortOrder order);
    void selectWhenListed(MessageId message); ///< also when it is listed already
    void selectNextUnread(); ///< the next below, then from the top; noUnreadLeft() when there is none
    void selectFirst();
    void takeFocus(); ///< the list, or what stands in its place while there is nothing to list

    void arrived(const QList<MessageSummary> &messages);
    void changed(const sync::StoreChange &change);
    void foldersChanged(); ///< names and titles

Q_SIGNALS:
    void selectionSettled();
    void orderChanged(const satchel::SortOrder &order);
    void listed(); ///< an answer of the library is on the screen
    void noUnreadLeft();
    void searchClosed(); ///< the person wants the folder back
    void failed(const satchel::Error &error);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeHeader();
    void makeSortMenu();
    void relist(bool keepRows);
    void took(const Expected<QList<MessageId>> &answer, bool keepRows);
    void updateHeader();
    void fitHeader();
    void updateEmptyState();
    void showSortChoice();
    [[nodiscard]] library::Scope scope() const;
    [[nodiscard]] bool lists(FolderId folder) const;
    [[nodiscard]] bool isFiltered() const;

    library::Library &m_library;
    const FolderModel &m_folders;
    MessageListModel *m_model;
    MessageListView *m_view;
    EmptyState *m_empty;
    QStackedLayout *m_stack = nullptr;
    QWidget *m_header = nullptr;
    QLabel *m_title = nullptr;
    QLabel *m_count = nullptr;
    QToolButton *m_hereButton = nullptr;
    QToolButton *m_closeSearch = nullptr;
    QToolButton *m_sortButton = nullptr;
    QAction *m_unreadOnly = nullptr;
    QAction *m_starredOnly = nullptr;
    QAction *m_attachmentsOnly = nullptr;
    QMenu *m_sortMenu = nullptr;
    QActionGroup *m_sortFields = nullptr;
    QActionGroup *m_sortDirections = nullptr;

    Place m_place;
    QString m_query;
    bool m_hereOnly = false;
    SortOrder m_order;
    QFuture<Expected<QList<MessageId>>> m_question;
    quint64 m_generation = 0;
    bool m_listing = false;
    bool m_againKeeping = false; ///< something changed while a question was under way
    MessageId m_wanted;
    MessageId m_beforeSearch; ///< what was read in the folder when the search began
    QTimer m_relistSoon;
};

} // namespace satchel::ui
