// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/messagelistpane.h"

#include "ui/bars/emptystate.h"
#include "ui/list/messagedelegate.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistview.h"
#include "ui/list/searchwords.h"
#include "ui/shortcuts.h"
#include "ui/theme/accountcolours.h"
#include "ui/theme/elidinglabel.h"
#include "ui/theme/icons.h"
#include "ui/theme/menubutton.h"
#include "ui/theme/text.h"

#include <QActionGroup>
#include <QApplication>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int relistMilliseconds = 150; ///< mail arrives in batches: several make one question

QToolButton *headerButton(QAction *action, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setIconSize(QSize(16, 16));
    button->setAccessibleName(action->text().remove(u'&'));
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

MessageListPane::MessageListPane(library::Library &library, const FolderModel &folders, QWidget *parent)
    : QWidget(parent)
    , m_library(library)
    , m_folders(folders)
    , m_model(new MessageListModel([&library](const QList<MessageId> &ids) { return library.summaries(ids); }, this))
    , m_view(new MessageListView(m_model, this))
    , m_empty(new EmptyState(this))
{
    makeSortMenu();
    makeHeader();
    setMinimumWidth(216);
    auto *body = new QWidget(this);
    m_stack = new QStackedLayout(body);
    m_stack->setContentsMargins(0, 0, 0, 0);
    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(body, 1);

    m_relistSoon.setSingleShot(true);
    m_relistSoon.setInterval(relistMilliseconds);
    connect(&m_relistSoon, &QTimer::timeout, this, [this] { relist(true); });
    connect(m_view, &MessageListView::selectionSettled, this, &MessageListPane::selectionSettled);
    connect(m_model, &MessageListModel::fetchFailed, this, &MessageListPane::failed);
    connect(m_model, &MessageListModel::rowsChanged, this, [this] {
        updateHeader();
        updateEmptyState();
    });
    showSortChoice();
    updateHeader();
    updateEmptyState();
}

void MessageListPane::makeSortMenu()
{
    m_sortMenu = new QMenu(tr("&Sort by"), this);
    m_sortMenu->setIcon(icon("sort"_L1));
    m_sortFields = new QActionGroup(this);
    m_sortDirections = new QActionGroup(this);
    const auto field = [this](const char *name, const QString &text, SortField value, Qt::Key key) {
        QAction *action = m_sortMenu->addAction(text);
        action->setObjectName(QLatin1StringView(name));
        action->setShortcut(Qt::CTRL | Qt::SHIFT | key);
        action->setCheckable(true);
        action->setData(int(value));
        m_sortFields->addAction(action);
    };
    field("sortByDate", tr("&Date"), SortField::Date, Qt::Key_F2);
    field("sortByArrival", tr("Arri&ved"), SortField::Arrived, Qt::Key_F6);
    field("sortBySender", tr("&From"), SortField::Sender, Qt::Key_F3);
    field("sortBySubject", tr("S&ubject"), SortField::Subject, Qt::Key_F4);
    field("sortBySize", tr("Si&ze"), SortField::Size, Qt::Key_F7);
    m_sortMenu->addSeparator();
    for (const auto direction : {Qt::AscendingOrder, Qt::DescendingOrder}) {
        QAction *action = m_sortMenu->addAction(QString());
        const bool up = direction == Qt::AscendingOrder;
        action->setObjectName(up ? u"sortUpwards"_s : u"sortDownwards"_s);
        action->setShortcut(Qt::CTRL | Qt::SHIFT | (up ? Qt::Key_F8 : Qt::Key_F9));
        action->setCheckable(true);
        action->setData(int(direction));
        m_sortDirections->addAction(action);
    }
    connect(m_sortFields, &QActionGroup::triggered, this, [this](const QAction *action) {
        SortOrder order = m_order;
        order.field = SortField(action->data().toInt());
        // Names and subjects are looked for from A; dates and sizes from the newest and the largest.
        order.direction = order.field == SortField::Sender || order.field == SortField::Subject ? Qt::AscendingOrder
                                                                                                : Qt::DescendingOrder;
        setOrder(order);
    });
    connect(m_sortDirections, &QActionGroup::triggered, this, [this](const QAction *action) {
        setOrder({.field = m_order.field, .direction = Qt::SortOrder(action->data().toInt())});
    });
}

void MessageListPane::makeHeader()
{
    m_header = new QWidget(this);
    m_header->setObjectName(u"listHeader"_s);
    m_title = new ElidingLabel(m_header);
    QFont bold = m_title->font();
    bold.setBold(true);
    m_title->setFont(bold);
    m_count = new ElidingLabel(m_header);
    m_count->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_count->setEnabled(false); // drawn in the palette's weak colour

    const auto filter = [this](const char *name, QLatin1StringView iconName, const QString &text, const QString &tip,
                            Qt::Key key) {
        auto *action = new QAction(icon(iconName), text, this);
        action->setObjectName(QLatin1StringView(name));
        action->setShortcut(Qt::CTRL | Qt::SHIFT | key);
        action->setCheckable(true);
        showKeys(action, tip);
        connect(action, &QAction::toggled, this, [this] { relist(false); });
        return action;
    };
    m_unreadOnly =
        filter("unreadOnly", "mail-unread"_L1, tr("&Unread only"), tr("Show only unread messages"), Qt::Key_E);
    m_starredOnly = filter("starredOnly", "star"_L1, tr("&Starred only"), tr("Show only starred messages"), Qt::Key_T);
    m_attachmentsOnly = filter("attachmentsOnly", "attachment"_L1, tr("With &attachments only"),
        tr("Show only messages with attachments"), Qt::Key_P);

    m_hereButton = named(new QToolButton(m_header), tr("Search in this folder only"));
    m_hereButton->setCheckable(true);
    m_hereButton->setAutoRaise(true);
    m_hereButton->setText(tr("This folder only"));
    m_hereButton->setIcon(icon("folder"_L1));
    m_hereButton->setIconSize(QSize(16, 16));
    m_hereButton->setToolTip(tr("Search in this folder only"));
    m_hereButton->setFocusPolicy(Qt::TabFocus);
    connect(m_hereButton, &QToolButton::toggled, this, &MessageListPane::setSearchesHereOnly);
    m_closeSearch = named(new QToolButton(m_header), tr("Close the search"));
    m_closeSearch->setAutoRaise(true);
    m_closeSearch->setIcon(icon("close"_L1));
    m_closeSearch->setIconSize(QSize(16, 16));
    m_closeSearch->setToolTip(tr("Close the search (Esc)"));
    m_closeSearch->setFocusPolicy(Qt::TabFocus);
    connect(m_closeSearch, &QToolButton::clicked, this, &MessageListPane::searchClosed);

    m_sortButton = named(new MenuButton(m_header), tr("Sort by"));
    m_sortButton->setObjectName(u"sort"_s);
    m_sortButton->setIcon(icon("sort"_L1));
    m_sortButton->setIconSize(QSize(16, 16));
    m_sortButton->setMenu(m_sortMenu);
    m_sortButton->setFocusPolicy(Qt::TabFocus);

    auto *row = new QHBoxLayout(m_header);
    row->setContentsMargins(10, 3, 6, 3);
    row->setSpacing(2);
    row->addWidget(m_title, 1);
    row->addWidget(m_count);
    row->addSpacing(6);
    row->addWidget(m_hereButton);
    for (QAction *action : filterActions())
        row->addWidget(headerButton(action, m_header));
    row->addWidget(m_sortButton);
    row->addWidget(m_closeSearch);
}

QList<QAction *> MessageListPane::filterActions() const
{
    return {m_unreadOnly, m_starredOnly, m_attachmentsOnly};
}

QList<QAction *> MessageListPane::keyedActions() const
{
    return m_sortFields->actions() + m_sortDirections->actions() + filterActions();
}

bool MessageListPane::isFiltered() const
{
    return m_unreadOnly->isChecked() || m_starredOnly->isChecked() || m_attachmentsOnly->isChecked();
}

library::Scope MessageListPane::scope() const
{
    library::Scope scope;
    if (!isSearching() || m_hereOnly) {
        scope.folder = m_place.folder;
        scope.allInboxes = m_place.allInboxes;
    }
    scope.unreadOnly = m_unreadOnly->isChecked();
    scope.starredOnly = m_starredOnly->isChecked();
    scope.withAttachmentOnly = m_attachmentsOnly->isChecked();
    return scope;
}

bool MessageListPane::lists(FolderId folder) const
{
    if (m_place.allInboxes)
        return m_folders.folder(folder).role == FolderRole::Inbox;
    return folder == m_place.folder;
}

void MessageListPane::setPlace(const Place &place)
{
    if (place == m_place)
        return;
    m_place = place;
    m_beforeSearch = {};
    if (!isSearching() || m_hereOnly)
        relist(false);
    else
        updateHeader();
}

void MessageListPane::setQuery(const QString &query)
{
    const QString trimmed = query.trimmed();
    if (trimmed == m_query)
        return;
    const MessageId shown = m_view->selectedCount() == 1 ? m_view->currentMessage() : MessageId();
    if (!isSearching()) {
        m_beforeSearch = shown;
    } else if (trimmed.isEmpty()) {
        // Back to where the search led, if that is here, or to where it began.
        const MessageSummary *found = m_model->summary(shown);
        m_wanted = found && lists(found->folder) ? shown : m_beforeSearch;
    }
    m_query = trimmed;
    m_view->messageDelegate()->setHighlightedWords(searchWords(m_query));
    if (isSearching())
        m_model->setFolderNames([this](FolderId folder) { return m_folders.path(folder); });
    else
        m_model->setFolderNames({});
    relist(false);
}

void MessageListPane::setSearchesHereOnly(bool hereOnly)
{
    if (hereOnly == m_hereOnly)
        return;
    m_hereOnly = hereOnly;
    m_hereButton->setChecked(hereOnly);
    if (isSearching())
        relist(false);
}

void MessageListPane::setOrder(SortOrder order)
{
    if (order == m_order) {
        showSortChoice();
        return;
    }
    m_order = order;
    showSortChoice();
    Q_EMIT orderChanged(m_order);
    // The message that is being read stays selected in the new order.
    if (m_view->selectedCount() == 1)
        m_wanted = m_view->currentMessage();
    relist(false);
}

void MessageListPane::showSortChoice()
{
    for (QAction *action : m_sortFields->actions())
        action->setChecked(action->data().toInt() == int(m_order.field));
    const bool byTime = m_order.field == SortField::Date || m_order.field == SortField::Arrived;
    const bool bySize = m_order.field == SortField::Size;
    for (QAction *action : m_sortDirections->actions()) {
        const bool ascending = action->data().toInt() == int(Qt::AscendingOrder);
        action->setText(ascending ? (byTime          ? tr("&Oldest first")
                                            : bySize ? tr("S&mallest first")
                                                     : tr("&A to Z"))
                                  : (byTime          ? tr("&Newest first")
                                            : bySize ? tr("&Largest first")
                                                     : tr("Z to A")));
        action->setChecked(action->data().toInt() == int(m_order.direction));
    }
    if (m_sortButton) {
        const QString field = m_sortFields->checkedAction()->text().remove(u'&');
        const QString direction = m_sortDirections->checkedAction()->text().remove(u'&');
        m_sortButton->setToolTip(tr("Sorted by: %1, %2").arg(field, direction));
        m_sortButton->setText(field);
        fitHeader();
    }
}

void MessageListPane::relist(bool keepRows)
{
    m_relistSoon.stop();
    if (m_listing && keepRows) {
        m_againKeeping = true;
        return;
    }
    m_question.cancel();
    m_againKeeping = false;
    const quint64 generation = ++m_generation;
    if (!isSearching() && !m_place.isValid()) {
        m_listing = false;
        m_model->setMessages({});
        updateHeader();
        updateEmptyState();
        Q_EMIT listed();
        return;
    }
    m_listing = true;
    // Only where accounts are mixed does it matter which one a message is of.
    const bool mixed = m_folders.accounts().size() > 1 && (m_place.allInboxes || (isSearching() && !m_hereOnly));
    if (mixed) {
        m_model->setAccountMarks([this](AccountId id) {
            const QList<AccountSettings> &accounts = m_folders.accounts();
            const auto account = std::ranges::find(accounts, id, &AccountSettings::id);
            return account == accounts.end()
                ? MessageListModel::AccountMark()
                : MessageListModel::AccountMark{account->name, accountColourNumber(*account)};
        });
    } else {
        m_model->setAccountMarks({});
    }
    m_model->setShowsArrival(m_order.field == SortField::Arrived);
    m_model->setShowsRecipients(!isSearching() && holdsSentMail(m_folders.folder(m_place.folder).role));
    // Held here too: an answer that is there already comes while then() is at work, and may ask anew.
    QFuture<Expected<QList<MessageId>>> question =
        isSearching() ? m_library.search(m_query, scope(), m_order) : m_library.list(scope(), m_order);
    m_question = question;
    question.then(this, [this, generation, keepRows](const Expected<QList<MessageId>> &answer) {
        if (generation == m_generation)
            took(answer, keepRows);
    });
    updateHeader();
}

void MessageListPane::took(const Expected<QList<MessageId>> &answer, bool keepRows)
{
    m_listing = false;
    if (!answer) {
        if (answer.error().kind != ErrorKind::Cancelled)
            Q_EMIT failed(answer.error());
    } else if (keepRows) {
        m_model->updateMessages(*answer);
    } else {
        m_model->setMessages(*answer);
        m_view->scrollToTop();
    }
    if (m_wanted.isValid() && m_view->selectMessage(m_wanted))
        m_wanted = {};
    updateHeader();
    updateEmptyState();
    Q_EMIT listed();
    if (std::exchange(m_againKeeping, false))
        m_relistSoon.start();
}

void MessageListPane::updateHeader()
{
    const qsizetype count = m_model->messages().size();
    const bool searching = isSearching();
    m_hereButton->setVisible(searching && m_place.isValid());
    m_closeSearch->setVisible(searching);
    m_title->setText(searching ? tr("Search") : m_folders.title(m_place));
    m_count->setText(m_listing && count == 0 ? tr("Loading…")
            : searching                      ? tr("%L1 found").arg(count)
            : count > 0                      ? QLocale().toString(count)
                                             : QString());
    m_count->setToolTip(tr("%Ln message(s)", nullptr, int(count)));
    m_header->setVisible(m_place.isValid() || searching);
    fitHeader();
}

void MessageListPane::fitHeader()
{
    // A narrow header needs its room for the buttons; that this is a search is plain to see.
    m_hereButton->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_title->setVisible(true);
    // An order that is not the usual one is named: else mail that is new would seem to be missing.
    const bool usual = m_order == SortOrder{};
    m_sortButton->setToolButtonStyle(usual ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    if (!usual && width() < m_header->sizeHint().width())
        m_sortButton->setToolButtonStyle(Qt::ToolButtonIconOnly);
    const int needed = m_header->sizeHint().width();
    const bool narrow = isSearching() && width() < needed;
    if (narrow)
        m_hereButton->setToolButtonStyle(Qt::ToolButtonIconOnly);
    m_title->setVisible(!narrow);
}

void MessageListPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitHeader();
}

void MessageListPane::updateEmptyState()
{
    if (!m_model->messages().isEmpty() || (m_listing && m_stack->currentWidget() == m_view)) {
        const bool appears = m_stack->currentWidget() != m_view;
        const QWidget *focus = QApplication::focusWidget();
        m_stack->setCurrentWidget(m_view);
        // What took its place while there was nothing to list gives the keyboard back.
        if (appears && (!focus || focus == m_empty || m_empty->isAncestorOf(focus)))
            m_view->setFocus();
        return;
    }
    const bool hadFocus = m_view->hasFocus();
    if (isSearching()) {
        QString hint = tr("Words are found from their beginning. You can say where to look: from:anna, to:, subject:, "
                          "body:, file:pdf; \"several words\" for a phrase; -word to leave something out.");
        m_empty->show("search"_L1, tr("No results"), hint, m_hereOnly ? tr("Search in all folders") : QString());
    } else if (isFiltered()) {
        m_empty->show("filter"_L1, tr("No messages like this here"), tr("A filter is on above this list."),
            tr("Show all messages"));
    } else if (m_place.isValid()) {
        const FolderRole role = m_folders.folder(m_place.folder).role;
        const bool inbox = m_place.allInboxes || role == FolderRole::Inbox;
        m_empty->show(m_place.allInboxes ? "inboxes"_L1 : roleIconName(role),
            inbox ? tr("No mail here yet") : tr("This folder is empty"),
            inbox ? tr("New mail appears here after “Get mail”.") : QString());
    } else {
        m_empty->show("inbox"_L1, tr("No folder selected"), QString());
    }
    m_empty->disconnect(this);
    connect(m_empty, &EmptyState::buttonClicked, this, [this] {
        if (isSearching()) {
            setSearchesHereOnly(false);
            return;
        }
        for (QAction *action : filterActions())
            action->setChecked(false);
    });
    m_stack->setCurrentWidget(m_empty);
    if (hadFocus)
        m_empty->setFocus();
}

void MessageListPane::selectWhenListed(MessageId message)
{
    m_wanted = m_listing || !m_view->selectMessage(message) ? message : MessageId();
}

void MessageListPane::takeFocus()
{
    m_stack->currentWidget()->setFocus();
}

void MessageListPane::selectFirst()
{
    m_view->selectRow(0);
}

void MessageListPane::selectNextUnread()
{
    // Which messages are unread is a question for the store: only some rows were ever fetched.
    library::Scope unread = scope();
    unread.unreadOnly = true;
    const quint64 generation = m_generation;
    auto question = isSearching() ? m_library.search(m_query, unread, m_order) : m_library.list(unread, m_order);
    question.then(this, [this, generation](const Expected<QList<MessageId>> &answer) {
        const int rows = m_model->rowCount();
        if (!answer || generation != m_generation || rows == 0)
            return;
        const QSet<MessageId> ids(answer->begin(), answer->end());
        const int start = m_view->currentIndex().isValid() ? m_view->currentIndex().row() : rows - 1;
        for (int step = 1; step < rows + (m_view->currentIndex().isValid() ? 0 : 1); ++step) {
            const int row = (start + step) % rows;
            if (ids.contains(m_model->messageAt(row))) {
                m_view->selectRow(row);
                return;
            }
        }
        Q_EMIT noUnreadLeft();
    });
}

void MessageListPane::arrived(const QList<MessageSummary> &messages)
{
    m_model->remember(messages);
    if (isSearching() || std::ranges::any_of(messages, [this](const MessageSummary &m) { return lists(m.folder); }))
        m_relistSoon.start();
}

void MessageListPane::changed(const sync::StoreChange &change)
{
    if (!change.updated.isEmpty())
        m_model->refresh(change.updated);
    if (change.moved.isEmpty())
        return;
    QList<MessageId> moved;
    QSet<MessageId> left;
    bool came = false;
    for (const MovedMessage &move : change.moved) {
        moved.append(move.id);
        if (lists(move.from) && !lists(move.to))
            left.insert(move.id);
        came = came || lists(move.to);
    }
    m_model->refresh(moved);
    if (isSearching()) {
        m_relistSoon.start();
    } else {
        m_model->removeMessages(left);
        if (came || m_listing)
            m_relistSoon.start();
    }
}

void MessageListPane::foldersChanged()
{
    updateHeader();
    m_view->viewport()->update();
}

} // namespace satchel::ui
