// SPDX-License-Identifier: GPL-3.0-or-later
// What the person does, and the wish that comes of it.
#include "base/localaccount.h"
#include "ui/bars/activitypanel.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/undobar.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/failedmessagesdialog.h"
#include "ui/dialogs/logwindow.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/attachments.h"
#include "ui/message/bodyview.h"
#include "ui/message/messageview.h"
#include "ui/message/messagewindow.h"
#include "ui/message/systemopener.h"
#include "ui/theme/appearance.h"
#include "ui/theme/icons.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QContextMenuEvent>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QShortcut>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

} // namespace

QList<MessageId> MainWindow::Private::selected() const
{
    return listPane->view()->selectedMessages();
}

bool MainWindow::Private::selectionHas(MessageFlag flag) const
{
    // What was never on the screen counts for neither side; the first few thousand speak for the rest.
    const QList<MessageId> ids = selected();
    bool known = false;
    for (qsizetype i = 0; i < qMin(ids.size(), qsizetype(MessageListModel::cachedSummaries)); ++i) {
        const MessageSummary *summary = listPane->messages()->summary(ids.at(i));
        if (summary && !summary->flags.testFlag(flag))
            return false;
        known = known || summary;
    }
    return known;
}

bool MainWindow::Private::selectionHasSome(MessageFlag flag) const
{
    const QList<MessageId> ids = selected();
    return std::any_of(
        ids.cbegin(), ids.cbegin() + qMin(ids.size(), qsizetype(MessageListModel::cachedSummaries)), [&](MessageId id) {
            const MessageSummary *summary = listPane->messages()->summary(id);
            return summary && summary->flags.testFlag(flag);
        });
}

void MainWindow::Private::toggleFlag(MessageFlag flag)
{
    const QList<MessageId> ids = selected();
    if (ids.isEmpty())
        return;
    const bool has = selectionHas(flag);
    Q_EMIT q.setFlagsWished(ids, has ? MessageFlags() : flag, has ? MessageFlags(flag) : MessageFlags());
}

void MainWindow::Private::moveSelectionTo(FolderRole role)
{
    if (const QList<MessageId> ids = selected(); !ids.isEmpty())
        Q_EMIT q.moveToRoleWished(ids, role);
}

void MainWindow::Private::junkSelection()
{
    moveSelectionTo(folderPane->currentFolder().role == FolderRole::Junk && !listPane->isSearching()
            ? FolderRole::Inbox
            : FolderRole::Junk);
}

void MainWindow::Private::undo()
{
    undoBar->withdraw();
    if (undoSteps.isEmpty())
        return;
    Q_EMIT q.undoWished(undoSteps.take());
    updateActions();
}

void MainWindow::Private::connectActions()
{
    const auto on = [this](QAction *action, auto &&slot) {
        QObject::connect(action, &QAction::triggered, &q, std::forward<decltype(slot)>(slot));
    };
    MainActions *a = actions;
    on(a->getMail, [this] { Q_EMIT q.checkMailWished({}); });
    on(a->getMailHere, [this] {
        const AccountId here = folderPane->current().allInboxes ? AccountId() : folderPane->currentAccount();
        Q_EMIT q.checkMailWished(here.isValid() ? QList{here} : QList<AccountId>());
    });
    on(a->cancelChecks, [this] { Q_EMIT q.cancelCheckWished({}); });
    on(a->workOffline, [this](bool wished) {
        q.setOffline(wished);
        Q_EMIT q.offlineWished(wished);
    });
    on(a->addAccount, [this] { q.addAccount(); });
    on(a->accountSettings, [this] { q.editAccount(folderPane->currentAccount()); });
    on(a->mailbox, [this] { q.showMailbox(folderPane->currentAccount()); });
    on(a->openFile, [this] { openFile(); });
    on(a->saveMessage, [this] { saveSelection(); });
    on(a->print, [this] { messageView->print(); });
    on(a->storage, [this] { showStorage(); });
    on(a->quit, [this] { q.close(); });
    on(a->undo, [this] { undo(); });
    on(a->copy, [this] { copy(); });
    on(a->selectAll, [this] { selectAll(); });
    on(a->search, [this] {
        searchField->setFocus(Qt::ShortcutFocusReason);
        searchField->selectAll();
    });
    on(a->findInMessage, [this] { messageView->find(); });
    on(a->findNext, [this] { messageView->findNext(); });
    on(a->wide, [this] { setTall(false); });
    on(a->tall, [this] { setTall(true); });
    on(a->asHtml, [this] { messageView->setPrefersPlainText(false); });
    on(a->asPlainText, [this] { messageView->setPrefersPlainText(true); });
    on(a->monospaced, [this](bool wished) { messageView->setMonospaced(wished); });
    on(a->darkHtml, [this](bool wished) { messageView->setDarkHtml(wished); });
    on(a->zoomIn, [this] { messageView->zoom(1); });
    on(a->zoomOut, [this] { messageView->zoom(-1); });
    on(a->zoomReset, [this] { messageView->zoom(0); });
    on(a->headers, [this] { messageView->viewHeaders(); });
    on(a->source, [this] { messageView->viewSource(); });
    on(a->systemLook, [this] { applyLook(int(Appearance::System)); });
    on(a->lightLook, [this] { applyLook(int(Appearance::Light)); });
    on(a->darkLook, [this] { applyLook(int(Appearance::Dark)); });
    on(a->nextMessage, [this] { listPane->view()->selectRow(listPane->view()->currentIndex().row() + 1); });
    on(a->previousMessage, [this] { listPane->view()->selectRow(listPane->view()->currentIndex().row() - 1); });
    on(a->nextUnread, [this] { listPane->selectNextUnread(); });
    on(a->nextPane, [this] { cyclePane(1); });
    on(a->previousPane, [this] { cyclePane(-1); });
    on(a->openWindow, [this] { openWindow(listPane->view()->currentMessage()); });
    on(a->toggleRead, [this] { toggleFlag(MessageFlag::Read); });
    on(a->toggleStar, [this] { toggleFlag(MessageFlag::Starred); });
    on(a->archive, [this] { moveSelectionTo(FolderRole::Archive); });
    on(a->junk, [this] { junkSelection(); });
    on(a->remove, [this] {
        if (const QList<MessageId> ids = selected(); !ids.isEmpty())
            Q_EMIT q.deleteMessagesWished(ids);
    });
    on(a->saveAttachments, [this] {
        const QList<mime::Part> parts = messageView->attachmentBar()->attachments();
        if (parts.size() == 1)
            messageView->attachments()->save(parts.constFirst());
        else if (!parts.isEmpty())
            messageView->attachments()->saveAll(parts);
    });
    on(a->getWhole, [this] {
        if (const QList<MessageId> ids = selected(); !ids.isEmpty())
            Q_EMIT q.getWholeWished(ids);
    });
    on(a->newFolder, [this] { folderPane->askNewFolder(); });
    on(a->renameFolder, [this] { folderPane->askRename(); });
    on(a->removeFolder, [this] { folderPane->askRemove(); });
    on(a->emptyFolder, [this] { folderPane->askEmpty(); });
    on(a->markAllRead, [this] { markAllRead(folderPane->current()); });
    on(a->moveMenu->menuAction(), [this] { popUpMoveMenu(); });
    on(a->log, [this] {
        makeLogWindow();
        logWindow->showAccount({});
    });
    on(a->about, [this] { showAbout(); });
    on(a->settings, [this] { openSettings(); });
    on(a->deletions, [this] { showDeletions({}); });
    QObject::connect(a->moveMenu, &QMenu::aboutToShow, &q, [this] { fillMoveMenu(); });
    listPane->view()->addActions(a->messageActions());
    messageView->addActions(a->messageActions());
    messageView->body()->setMenuActions({a->findInMessage, a->source, a->saveMessage, a->print});

    auto *slash = new QAction(&q);
    slash->setShortcut(Qt::Key_Slash);
    slash->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    on(slash, [this] { actions->search->trigger(); });
    for (QWidget *place : {static_cast<QWidget *>(listPane->view()), static_cast<QWidget *>(messageView),
             static_cast<QWidget *>(folderPane)})
        place->addAction(slash);
    // Qt has it from some desktops and not from others.
    auto *menuKey = new QShortcut(Qt::SHIFT | Qt::Key_F10, &q);
    QObject::connect(menuKey, &QShortcut::activated, &q, [] {
        if (QWidget *place = QApplication::focusWidget()) {
            QContextMenuEvent asked(
                QContextMenuEvent::Keyboard, place->rect().center(), place->mapToGlobal(place->rect().center()));
            QApplication::sendEvent(place, &asked);
        }
    });
    auto *leave = new QShortcut(Qt::Key_Escape, &q);
    QObject::connect(leave, &QShortcut::activated, &q, [this] { escape(); });
}

void MainWindow::Private::connectPanes()
{
    MainWindow *w = &q;
    connectWelcome();
    QObject::connect(folderPane, &FolderPane::placeChanged, w, [this](const Place &place) {
        listPane->setPlace(place);
        leaveSearchOfAll();
        updateTitle();
        updateActions();
        showSampleBar();
    });
    QObject::connect(folderPane, &FolderPane::clicked, w, [this] { leaveSearchOfAll(); });
    QObject::connect(folderPane, &FolderPane::messagesDropped, w, &MainWindow::moveMessagesWished);
    QObject::connect(folderPane, &FolderPane::checkMailWished, w, &MainWindow::checkMailWished);
    QObject::connect(folderPane, &FolderPane::addFolderWished, w, &MainWindow::addFolderWished);
    QObject::connect(folderPane, &FolderPane::renameFolderWished, w, &MainWindow::renameFolderWished);
    QObject::connect(folderPane, &FolderPane::removeFolderWished, w, &MainWindow::removeFolderWished);
    QObject::connect(folderPane, &FolderPane::emptyFolderWished, w, &MainWindow::emptyFolderWished);
    QObject::connect(folderPane, &FolderPane::markAllReadWished, w, [this](const Place &place) { markAllRead(place); });
    QObject::connect(folderPane, &FolderPane::mailboxWished, w, &MainWindow::showMailbox);
    QObject::connect(folderPane, &FolderPane::editAccountWished, w, &MainWindow::editAccount);
    QObject::connect(folderPane, &FolderPane::removeAccountWished, w, &MainWindow::removeAccountWished);
    QObject::connect(folderPane, &FolderPane::updateAccountWished, w, &MainWindow::updateAccountWished);
    QObject::connect(folderPane, &FolderPane::retireAccountWished, w, &MainWindow::retireAccountWished);
    QObject::connect(activity, &ActivityPanel::cancelWished, w, &MainWindow::cancelCheckWished);

    MessageListView *list = listPane->view();
    QObject::connect(listPane, &MessageListPane::selectionSettled, w, [this] { selectionSettled(); });
    QObject::connect(listPane, &MessageListPane::failed, w, &MainWindow::failed);
    QObject::connect(
        listPane, &MessageListPane::noUnreadLeft, w, [this] { say(MainWindow::tr("No unread messages here")); });
    QObject::connect(listPane, &MessageListPane::searchClosed, w, [this] {
        searchField->clear();
        search();
        listPane->view()->setFocus();
    });
    // At once, not when the selection has settled: a quick Delete after an arrow key must not go nowhere.
    QObject::connect(list->selectionModel(), &QItemSelectionModel::selectionChanged, w, [this] {
        const bool some = listPane->view()->selectionModel()->hasSelection();
        for (QAction *action : actions->selectionActions())
            action->setEnabled(some);
    });
    QObject::connect(listPane->messages(), &MessageListModel::summariesChanged, w, [this] {
        updateSummary();
        updateActions();
    });
    QObject::connect(list, &MessageListView::opened, w, [this](MessageId id) { openWindow(id); });
    QObject::connect(list, &MessageListView::starClicked, w, [this](MessageId id) {
        const MessageSummary *summary = listPane->messages()->summary(id);
        if (!summary)
            return;
        const bool starred = summary->flags.testFlag(MessageFlag::Starred);
        Q_EMIT q.setFlagsWished({id}, starred ? MessageFlags() : MessageFlag::Starred,
            starred ? MessageFlags(MessageFlag::Starred) : MessageFlags());
    });
    QObject::connect(list, &MessageListView::spacePressed, w, [this](bool backwards) {
        if (!messageView->scrollPage(backwards) && !backwards)
            listPane->selectNextUnread();
    });
    QObject::connect(list, &MessageListView::menuWished, w, [this](const QPoint &position) {
        auto *menu = new QMenu(&q);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        actions->fillMessageMenu(menu);
        menu->popup(position);
    });

    QObject::connect(searchField, &QLineEdit::textChanged, w, [this](const QString &text) {
        if (text.isEmpty())
            search();
        else
            searchSoon.start();
    });
    QObject::connect(searchField, &QLineEdit::returnPressed, w, [this] {
        search();
        listPane->view()->setFocus();
        if (!listPane->view()->currentIndex().isValid())
            listPane->selectFirst();
    });
    QObject::connect(undoBar, &UndoBar::undoWished, w, [this] { undo(); });
    QObject::connect(messageBar, &MessageBar::actionWished, w,
        [this](AccountId account, const Error &error) { dealWith(account, error); });
}

void MainWindow::Private::connectMessageView(MessageView *view)
{
    QObject::connect(view, &MessageView::openWished, view->opener(), &SystemOpener::open);
    QObject::connect(view, &MessageView::linkHovered, &q, [this](const QString &target) { say(target); });
    QObject::connect(view, &MessageView::notice, &q, [this](const QString &sentence) { say(sentence); });
    QObject::connect(view, &MessageView::failed, &q, &MainWindow::failed);
    QObject::connect(view, &MessageView::readLongEnough, &q, [this](MessageId id) {
        const MessageSummary *summary = listPane->messages()->summary(id);
        if (!summary || summary->flags.testFlag(MessageFlag::Read))
            return;
        undoSteps.expectSilent(id);
        Q_EMIT q.setFlagsWished({id}, MessageFlag::Read, {});
    });
    QObject::connect(view, &MessageView::shown, &q, [this] {
        updateSummary();
        updateActions();
    });
    QObject::connect(view, &MessageView::wholeWished, &q, [this](MessageId id) { Q_EMIT q.getWholeWished({id}); });
    QObject::connect(view, &MessageView::restRefused, &q,
        [this](MessageId id, bool deleteOnServer) { Q_EMIT q.refuseRestWished({id}, deleteOnServer); });
}

void MainWindow::Private::selectionSettled()
{
    const qsizetype count = listPane->view()->selectedCount();
    if (count == 1) {
        const MessageId id = selected().constFirst();
        if (!(messageView->source().id() == id))
            messageView->showMessage(MessageSource(library, id));
        updateSummary();
    } else if (count > 1) {
        messageView->showSeveral(count, {actions->archive, actions->remove, actions->junk, actions->toggleRead});
    } else {
        messageView->showNothing();
    }
    updateActions();
}

void MainWindow::Private::updateSummary()
{
    if (const MessageSummary *summary = listPane->messages()->summary(messageView->source().id()))
        messageView->setSummary(*summary);
}

void MainWindow::Private::updateActions()
{
    const bool some = listPane->view()->selectionModel()->hasSelection();
    const bool one = some && listPane->view()->selectedCount() == 1;
    const FolderInfo folder = folderPane->currentFolder();
    const bool own = folder.role == FolderRole::Own && folder.id.isValid();
    const bool hasAccount = !accounts.isEmpty();
    for (QAction *action : actions->selectionActions())
        action->setEnabled(some);
    actions->openWindow->setEnabled(one);
    actions->getWhole->setEnabled(some && selectionHasSome(MessageFlag::Partial));
    actions->getMail->setEnabled(hasAnyServer() && !offline);
    actions->cancelChecks->setEnabled(!checking.isEmpty());
    const bool currentHasServer = hasServer(account(folderPane->currentAccount()));
    actions->getMailHere->setEnabled(currentHasServer && !offline);
    actions->accountSettings->setEnabled(currentHasServer);
    actions->mailbox->setEnabled(currentHasServer);
    actions->newFolder->setEnabled(hasAccount);
    actions->renameFolder->setEnabled(own);
    actions->removeFolder->setEnabled(own);
    actions->markAllRead->setEnabled(folderPane->hasUnread());
    actions->emptyFolder->setEnabled(
        (folder.role == FolderRole::Trash || folder.role == FolderRole::Junk) && folder.total > 0);
    actions->setJunkMeansNotJunk(folder.role == FolderRole::Junk && !listPane->isSearching());
    actions->setReadState(some && selectionHas(MessageFlag::Read));
    actions->setStarState(some && selectionHas(MessageFlag::Starred));
    const bool shown = messageView->showsMessage();
    for (QAction *action :
        {actions->headers, actions->source, actions->findInMessage, actions->findNext, actions->print})
        action->setEnabled(shown);
    actions->saveAttachments->setEnabled(shown && !messageView->attachmentBar()->attachments().isEmpty());
    actions->undo->setEnabled(!undoSteps.isEmpty());
    actions->undo->setText(undoSteps.isEmpty() ? MainWindow::tr("&Undo")
                                               : MainWindow::tr("&Undo: %1").arg(withoutMnemonic(undoSteps.text())));
}

void MainWindow::Private::fillMoveMenu()
{
    QMenu *menu = actions->moveMenu;
    menu->clear();
    const FolderModel *folders = folderPane->folders();
    for (const AccountSettings &owner : std::as_const(accounts)) {
        QMenu *target = accounts.size() > 1 ? menu->addMenu(icon("account"_L1), withoutMnemonic(owner.name)) : menu;
        QList<std::pair<QModelIndex, int>> waiting{{folders->indexOf(owner.id), -1}};
        while (!waiting.isEmpty()) {
            const auto [index, depth] = waiting.takeLast();
            if (depth >= 0) {
                const FolderInfo folder = folders->folder(index);
                QAction *action = target->addAction(icon(roleIconName(folder.role)),
                    QString(depth * 4, u' ') + withoutMnemonic(folderName(folder)), &q,
                    [this, id = folder.id] { Q_EMIT q.moveMessagesWished(selected(), id); });
                action->setEnabled(listPane->isSearching() || folder.id != folderPane->current().folder);
            }
            for (int row = folders->rowCount(index) - 1; row >= 0; --row)
                waiting.append({folders->index(row, 0, index), depth + 1});
        }
    }
}

void MainWindow::Private::openWindow(MessageId id)
{
    const MessageSummary *summary = listPane->messages()->summary(id);
    if (!summary)
        return;
    auto *window = new MessageWindow(library, settings);
    window->setAttribute(Qt::WA_DeleteOnClose);
    window->shareOpenedFiles(openedFiles);
    window->setAccounts(accounts);
    QObject::connect(window, &MessageWindow::setFlagsWished, &q, &MainWindow::setFlagsWished);
    QObject::connect(window, &MessageWindow::moveToRoleWished, &q, &MainWindow::moveToRoleWished);
    QObject::connect(window, &MessageWindow::deleteMessagesWished, &q, &MainWindow::deleteMessagesWished);
    QObject::connect(window, &MessageWindow::getWholeWished, &q, &MainWindow::getWholeWished);
    QObject::connect(window, &MessageWindow::refuseRestWished, &q, &MainWindow::refuseRestWished);
    QObject::connect(&q, &MainWindow::storeChanged, window, &MessageWindow::changed);
    // Windows of messages close with the main window: what they wish for has nobody to do it afterwards.
    QObject::connect(&q, &MainWindow::closing, window, &QWidget::close);
    window->showMessage(*summary);
    window->show();
    if (!summary->flags.testFlag(MessageFlag::Read)) {
        undoSteps.expectSilent(id);
        Q_EMIT q.setFlagsWished({id}, MessageFlag::Read, {});
    }
}

void MainWindow::Private::openFile()
{
    auto *dialog = new QFileDialog(&q, MainWindow::tr("Open a message file"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({MainWindow::tr("Mail messages (*.eml)"), MainWindow::tr("All files (*)")});
    QObject::connect(dialog, &QFileDialog::fileSelected, &q, &MainWindow::openFile);
    dialog->open();
}

void MainWindow::Private::search()
{
    searchSoon.stop();
    listPane->setQuery(searchField->text());
    updateTitle();
    updateActions();
}

/// Whoever chooses a folder wants to see it. A search in one folder only goes on in the other.
void MainWindow::Private::leaveSearchOfAll()
{
    if (listPane->isSearching() && !listPane->searchesHereOnly()) {
        searchField->clear();
        search();
    }
}

void MainWindow::Private::escape()
{
    if (!searchField->text().isEmpty()) {
        searchField->clear();
        listPane->view()->setFocus();
    } else if (undoBar->isVisible()) {
        undoBar->withdraw();
    } else if (searchField->hasFocus()) {
        listPane->view()->setFocus();
    }
}

void MainWindow::Private::showAbout()
{
    auto *box = new QMessageBox(&q);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(MainWindow::tr("About Satchel"));
    box->setIconPixmap(applicationIcon().pixmap(QSize(64, 64), q.devicePixelRatioF()));
    box->setTextFormat(Qt::PlainText);
    box->setText(MainWindow::tr("Satchel %1").arg(QApplication::applicationVersion()).trimmed());
    box->setInformativeText(
        MainWindow::tr("A mail reader for people who read offline.\n\nFree software under the GNU General "
                       "Public License, version 3 or later. Made with Qt %1.")
            .arg(QString::fromLatin1(qVersion())));
    box->open();
}

void MainWindow::Private::dealWith(AccountId account, const Error &error)
{
    switch (error.action) {
    case ErrorAction::Retry:
        Q_EMIT q.checkMailWished(account.isValid() ? QList{account} : QList<AccountId>());
        break;
    case ErrorAction::EnterPassword:
        q.askPassword(account);
        break;
    case ErrorAction::EnterPassphrase:
        q.askPassphrase(account);
        break;
    case ErrorAction::ReviewCertificate:
        reviewCertificate(account, error);
        break;
    case ErrorAction::EditAccount:
        q.editAccount(account);
        break;
    case ErrorAction::ShowLog:
        actions->log->trigger();
        if (logWindow)
            logWindow->showAccount(account);
        break;
    case ErrorAction::DeleteOnServer:
        Q_EMIT q.deleteHeldBackWished(account, heldDeletions.value(account));
        break;
    case ErrorAction::RepairStore:
        showStorage();
        break;
    case ErrorAction::TakeOverStore:
        askTakeOver(error);
        break;
    case ErrorAction::ShowMessages:
        showFailed(account);
        break;
    case ErrorAction::ShowSteps:
        showSteps(account, error);
        break;
    case ErrorAction::None:
        break;
    }
}

void MainWindow::Private::showFailed(AccountId id)
{
    auto *dialog = new FailedMessagesDialog(account(id).name, failedMessages.value(id), &q);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QObject::connect(dialog, &FailedMessagesDialog::retryWished, &q, [this, id] { Q_EMIT q.retryFailedWished(id); });
    dialog->open();
}

void MainWindow::Private::reviewCertificate(AccountId id, const Error &error)
{
    if (!error.certificate)
        return;
    auto *dialog = new CertificateDialog(account(id).name, *error.certificate, &q);
    certificateDialog = dialog;
    QObject::connect(dialog, &CertificateDialog::trusted, &q, [this, id](const QByteArray &sha256) {
        AccountSettings changed = account(id);
        if (!changed.id.isValid())
            return;
        changed.trustedCertificate = sha256;
        Q_EMIT q.updateAccountWished(changed);
        Q_EMIT q.checkMailWished({id});
    });
    // Not trusting it leaves the problem where it was.
    QObject::connect(
        dialog, &QDialog::rejected, &q, [this, id, error] { messageBar->add(id, account(id).name, error); });
    dialog->open();
}

} // namespace satchel::ui
