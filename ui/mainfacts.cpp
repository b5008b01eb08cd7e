// SPDX-License-Identifier: GPL-3.0-or-later
// What the window is told, and how it shows it.
#include "base/remedy.h"
#include "ui/bars/activitypanel.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/undobar.h"
#include "ui/dialogs/deletionlog.h"
#include "ui/dialogs/logwindow.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/dialogs/servernotes.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mailbox/mailboxwindows.h"
#include "ui/mainwindowprivate.h"
#include "ui/message/messageview.h"
#include "ui/settings/settingsdialog.h"
#include "ui/theme/text.h"

#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

AccountSettings MainWindow::Private::account(AccountId id) const
{
    const auto found = std::ranges::find(accounts, id, &AccountSettings::id);
    return found == accounts.end() ? AccountSettings() : *found;
}

void MainWindow::Private::say(const QString &sentence)
{
    statusText->setText(sentence);
    statusText->setToolTip(asPlainRichText(sentence));
}

void MainWindow::Private::setAccounts(const QList<AccountSettings> &newAccounts)
{
    accounts = newAccounts;
    std::ranges::stable_sort(accounts, {}, &AccountSettings::position);
    activity->setAccounts(accounts);
    if (logWindow)
        logWindow->setAccounts(accounts);
    if (settingsDialog)
        settingsDialog->setAccounts(accounts);
    if (deletionLog)
        deletionLog->setAccounts(accounts);
    mailboxes->setAccounts(accounts);
    messageView->setAccounts(accounts);
    if (accounts.isEmpty())
        showWelcome();
    else
        pages->setCurrentWidget(outer);
    updateActions();
    refreshFolders();
}

void MainWindow::Private::refreshFolders()
{
    foldersSoon.stop();
    if (askingFolders) {
        foldersAgain = true;
        return;
    }
    askingFolders = true;
    library.folders().then(&q, [this](const Expected<QList<FolderInfo>> &answer) {
        askingFolders = false;
        tookFolders(answer);
        if (std::exchange(foldersAgain, false))
            foldersSoon.start();
    });
}

void MainWindow::Private::tookFolders(const Expected<QList<FolderInfo>> &answer)
{
    if (!answer) {
        q.failed(answer.error());
        return;
    }
    // Where the person was last time, once the folders are known.
    const Place wanted = std::exchange(wantedPlace, {});
    const MessageId message = std::exchange(wantedMessage, {});
    if (message.isValid())
        listPane->selectWhenListed(message);
    folderPane->setContent(accounts, *answer);
    if (wanted.isValid())
        folderPane->select(wanted);
    listPane->foldersChanged();
    updateTitle();
    updateActions();
    showSampleBar();
}

void MainWindow::Private::updateTitle()
{
    QString title = listPane->isSearching() ? MainWindow::tr("Search results")
                                            : folderPane->folders()->title(folderPane->current());
    const FolderInfo folder = folderPane->currentFolder();
    if (accounts.size() > 1 && folder.account.isValid() && !listPane->isSearching())
        title = MainWindow::tr("%1 – %2").arg(title, account(folder.account).name);
    title = title.isEmpty() ? MainWindow::tr("Satchel") : MainWindow::tr("%1 – Satchel").arg(title);
    if (offline)
        title += MainWindow::tr(" (offline)");
    q.setWindowTitle(title);
}

QString MainWindow::Private::undoText(const sync::UndoStep &step) const
{
    if (step.moves.isEmpty())
        return step.text;
    const int count = int(step.moves.size());
    const FolderId first = step.moves.constFirst().to;
    const FolderInfo target = folderPane->folders()->folder(first);
    const bool sameRole = std::ranges::all_of(step.moves, [&](const MovedMessage &move) {
        const FolderInfo other = folderPane->folders()->folder(move.to);
        return move.to == first || (target.role != FolderRole::Own && other.role == target.role);
    });
    // A folder that is not listed is where what was deleted for good waits.
    if (!target.id.isValid() || target.role == FolderRole::Removed)
        return MainWindow::tr("%Ln message(s) deleted", nullptr, count);
    return sameRole ? MainWindow::tr("%Ln message(s) moved to %1", nullptr, count).arg(folderName(target))
                    : MainWindow::tr("%Ln message(s) moved", nullptr, count);
}

void MainWindow::opened(const QList<AccountSettings> &accounts)
{
    d->openError.reset();
    d->messageBar->storeWorks();
    d->storage.open = true;
    d->tellStorage();
    d->setAccounts(accounts);
    if (!accounts.isEmpty())
        d->listPane->takeFocus();
}

void MainWindow::accountsChanged(const QList<AccountSettings> &accounts)
{
    d->setAccounts(accounts);
}

void MainWindow::accountAdded(const AccountSettings &account)
{
    if (std::ranges::find(d->accounts, account.id, &AccountSettings::id) == d->accounts.end())
        d->setAccounts(d->accounts + QList{account});
    // The first field of a window that shows nothing yet; keys are for the mail that comes now.
    if (d->searchField->hasFocus() && d->searchField->text().isEmpty())
        d->listPane->takeFocus();
    // Its Inbox is not known yet: the folders are on their way.
    d->library.folders().then(this, [this, id = account.id](const Expected<QList<FolderInfo>> &answer) {
        if (!answer)
            return;
        const auto inbox = std::ranges::find_if(
            *answer, [id](const FolderInfo &f) { return f.account == id && f.role == FolderRole::Inbox; });
        if (inbox == answer->end())
            return;
        d->wantedPlace = {.folder = inbox->id};
        d->tookFolders(answer);
    });
}

void MainWindow::arrived(const QList<MessageSummary> &messages)
{
    d->listPane->arrived(messages);
    if (!d->foldersSoon.isActive())
        d->foldersSoon.start();
}

void MainWindow::changed(const sync::StoreChange &change)
{
    d->listPane->changed(change);
    Q_EMIT storeChanged(change);
    if (!d->foldersSoon.isActive())
        d->foldersSoon.start();
    d->updateActions();
}

void MainWindow::undoable(const sync::UndoStep &step)
{
    if (!d->undoSteps.add(step))
        return;
    if (!step.moves.isEmpty())
        d->undoBar->offer(d->undoText(step));
    d->updateActions();
}

void MainWindow::checkStarted(AccountId account)
{
    d->checking.insert(account);
    d->activity->started(account);
    d->updateActions();
}

void MainWindow::checkPostponed(AccountId id, const QDateTime &until)
{
    const AccountSettings account = d->account(id);
    const int delay = d->servers.value(id).loginDelay;
    d->say(tr("%1: the server allows one login every %2; mail is fetched at %3")
            .arg(account.name, durationText(delay), shortTime(until.toLocalTime().time())));
}

void MainWindow::progressed(const sync::CheckProgress &progress)
{
    if (d->checking.contains(progress.account))
        d->activity->progressed(progress);
}

void MainWindow::checked(const sync::CheckResult &result)
{
    d->checking.remove(result.account);
    d->activity->finished(result.account);
    const AccountSettings account = d->account(result.account);
    if (result.error && remedyFor(result.error->kind).said == Said::InStatus) {
        d->say(u"%1: %2"_s.arg(account.name, result.error->text));
    } else if (result.error) {
        d->messageBar->add(result.account, account.name, d->explained(result));
        if (result.error->kind != ErrorKind::Cancelled)
            d->say(tr("%1: the check did not end well").arg(account.name));
        else
            d->say(tr("%1: stopped, %Ln new message(s)", nullptr, result.stored).arg(account.name));
    } else {
        d->messageBar->clear(result.account);
        d->messageBar->storeWorks();
        if (PasswordDialog *open = d->passphraseDialogs.value(result.account))
            open->reject();
        if (result.certificateEnds.isValid())
            d->messageBar->add(result.account, account.name, d->certificateEnds(result.certificateEnds));
        d->elsewhere.insert(result.account, result.elsewhere);
        if (!result.failed.isEmpty()) {
            d->failedMessages.insert(result.account, result.failed);
            Error notFetched;
            notFetched.kind = ErrorKind::MessagesNotFetched;
            notFetched.action = ErrorAction::ShowMessages;
            notFetched.text =
                tr("%Ln message(s) could not be fetched and will be tried again.", nullptr, result.failedMessages);
            d->messageBar->add(result.account, account.name, notFetched);
        }
        QString text = result.ordersOnly ? tr("%1: done as ordered").arg(account.name)
            : result.stored > 0          ? tr("%1: %Ln new message(s)", nullptr, result.stored).arg(account.name)
                                         : tr("%1: no new mail").arg(account.name);
        text += tr(" · checked at %1").arg(shortTime(result.finishedAt.toLocalTime().time()));
        if (result.unconfirmedDeletions > 0) {
            Error waits;
            waits.kind = ErrorKind::DeletionsHeldBack;
            waits.text = result.unconfirmedText;
            d->messageBar->add(result.account, account.name, waits);
        }
        d->heldDeletions.insert(result.account, result.heldDeletions);
        if (result.heldDeletions > 0) {
            Error question;
            question.kind = ErrorKind::DeletionsHeldBack;
            question.action = ErrorAction::DeleteOnServer;
            question.text =
                tr("%Ln message(s) that are stored here are due to be deleted on the server; as that is a large "
                   "part of the mailbox, nothing was deleted yet.",
                    nullptr, result.heldDeletions);
            d->messageBar->add(result.account, account.name, question);
        }
        if (result.waitingDeletions > 0) {
            Error waits;
            waits.kind = ErrorKind::DeletionsWait;
            waits.action = ErrorAction::RepairStore;
            waits.text = tr("%Ln message(s) are due to be deleted on the server; they stay there until the damage to "
                            "your mail on this computer is repaired.",
                nullptr, result.waitingDeletions);
            d->messageBar->add(result.account, account.name, waits);
        }
        if (result.recognised > 0)
            text += tr(" · the server was rebuilt, %Ln message(s) were recognised", nullptr, result.recognised);
        if (result.ordersOnly && result.stored + result.completed > 0)
            text += tr(" · %Ln message(s) fetched", nullptr, result.stored + result.completed);
        if (result.ordersOnly && result.deletedOnServer > 0)
            text += tr(" · %Ln deleted on the server", nullptr, result.deletedOnServer);
        if (result.beginnings > 0)
            text += tr(" · %Ln only in part, for their size", nullptr, result.beginnings);
        if (result.skippedTooLarge > 0)
            text += tr(" · %Ln left on the server for their size", nullptr, result.skippedTooLarge);
        if (result.elsewhere > 0)
            text += tr(" · %Ln left to other programs", nullptr, result.elsewhere);
        d->say(text);
    }
    d->updateActions();
}

void MainWindow::accountState(const sync::AccountState &state)
{
    d->folderPane->folders()->setState(state);
}

void MainWindow::serverAnnounced(const sync::ServerAnnouncement &server)
{
    d->servers.insert(server.account, server);
    if (d->logWindow)
        d->logWindow->setServers(d->servers.values());
}

void MainWindow::failed(const Error &error)
{
    d->messageBar->add({}, {}, error);
}

void MainWindow::wire(AccountId account, const net::WireLine &line)
{
    d->makeLogWindow();
    d->logWindow->add(account, line);
}

void MainWindow::askPassword(AccountId id)
{
    if (PasswordDialog *dialog = d->question(id, false))
        connect(dialog, &PasswordDialog::given, this, [this, id](const QString &password, bool remember) {
            d->messageBar->clear(id);
            Q_EMIT passwordGiven(id, password, remember, true);
        });
}

void MainWindow::askPassphrase(AccountId id)
{
    if (PasswordDialog *dialog = d->question(id, true))
        connect(dialog, &PasswordDialog::given, this, [this, id](const QString &passphrase, bool remember) {
            d->messageBar->clear(id);
            Q_EMIT passphraseGiven(id, passphrase, remember, true);
        });
}

Error MainWindow::Private::certificateEnds(const QDateTime &at)
{
    return {ErrorKind::CertificateEndsSoon,
        MainWindow::tr(
            "The certificate by which this account signs in ends on %1; get a new one before then, and choose "
            "it in the account's settings.")
            .arg(QLocale().toString(at.toLocalTime().date(), QLocale::LongFormat)),
        ErrorAction::EditAccount, {}, {}};
}

/// A new question for a secret of an account; nullptr where it is asked already, or there is no such account.
PasswordDialog *MainWindow::Private::question(AccountId id, bool forPassphrase)
{
    const AccountSettings asked = account(id);
    if (!asked.id.isValid())
        return nullptr;
    QPointer<PasswordDialog> &open = (forPassphrase ? passphraseDialogs : passwordDialogs)[id];
    if (open) {
        open->raise();
        open->activateWindow();
        return nullptr;
    }
    using Secret = PasswordDialog::Secret;
    open = new PasswordDialog(
        forPassphrase ? Secret::Passphrase : Secret::Password, asked, keychainAvailable, keychainReason, &q);
    open->show();
    return open;
}

void MainWindow::passwordKnown(AccountId account)
{
    if (PasswordDialog *open = d->passwordDialogs.value(account))
        open->reject();
}

void MainWindow::setKeychainAvailable(bool available, const QString &reason)
{
    d->keychainAvailable = available;
    d->keychainReason = reason;
}

void MainWindow::setOffline(bool offline)
{
    d->offline = offline;
    {
        const QSignalBlocker blocker(d->actions->workOffline);
        d->actions->workOffline->setChecked(offline);
    }
    // The button follows its action by itself, but not while the action is blocked.
    d->offlineButton->setChecked(offline);
    d->actions->workOffline->setText(offline ? tr("&Working offline") : tr("&Work offline"));
    d->updateActions();
    d->updateTitle();
    const QString sentence = tr("Working offline: no server is asked for anything.");
    if (offline)
        d->say(sentence);
    else if (d->statusText->text() == sentence)
        d->say({});
}

} // namespace satchel::ui
