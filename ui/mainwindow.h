// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/proposal.h"
#include "base/account.h"
#include "base/error.h"
#include "base/message.h"
#include "base/storefacts.h"
#include "net/wirelog.h"
#include "sync/care.h"
#include "sync/trialresult.h"
#include "sync/types.h"

#include <QHash>
#include <QList>
#include <QMainWindow>

#include <memory>

class QSettings;

namespace satchel::library {
class Library;
}

namespace satchel::ui {

class MailboxWindows;
class MessageWindow;
struct Preferences;

/// The three panes: folders, message list, message. Lives on the GUI thread and knows nothing of sockets or
/// the store's writing half: it emits wishes and is shown facts (law 5). What it displays it asks of the
/// Library. The signatures are those of sync::Engine, so that one connect() line ties a wish to its doing.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    /// \a library and \a settings outlive the window. \a settings is the profile's ini file: geometry, splitters,
    /// sort order, selection and appearance are kept there, never a secret (law 6).
    MainWindow(library::Library &library, QSettings &settings, QWidget *parent = nullptr);
    ~MainWindow() override;

    [[nodiscard]] QList<AccountSettings> accounts() const;
    /// The windows that show what is on a server: they have wishes and are told facts of their own.
    [[nodiscard]] MailboxWindows *mailboxes() const;

public Q_SLOTS:
    // Facts. Each may be connected to the signal of sync::Engine that bears its name.
    void opened(const QList<satchel::AccountSettings> &accounts);
    void upgrading(int percent); ///< a store of an older program is brought up to date: said in place of the panes
    void openFailed(const satchel::Error &error); ///< the store cannot be used: said in place of the panes
    void accountsChanged(const QList<satchel::AccountSettings> &accounts);
    void accountAdded(const satchel::AccountSettings &account); ///< its Inbox is selected
    void arrived(const QList<satchel::MessageSummary> &messages);
    void changed(const satchel::sync::StoreChange &change);
    void undoable(const satchel::sync::UndoStep &step);
    void checkStarted(satchel::AccountId account);
    void checkPostponed(satchel::AccountId account, const QDateTime &until);
    void progressed(const satchel::sync::CheckProgress &progress);
    void checked(const satchel::sync::CheckResult &result);
    void forecastMade(const satchel::sync::Forecast &forecast);
    /// Before an account is added: \a program has fetched \a count messages of its mailbox. The answer is
    /// elsewhereAnswered().
    void askElsewhere(const satchel::AccountSettings &account, const QString &program, int count);
    void serverAnnounced(const satchel::sync::ServerAnnouncement &server);
    void failed(const satchel::Error &error);
    void wire(satchel::AccountId account, const satchel::net::WireLine &line);

    void accountState(const satchel::sync::AccountState &state); ///< last check, next check, error

    // The file that holds all of it
    void takeStoreFacts(const satchel::StoreFacts &facts);
    void setBackupPolicy(const satchel::BackupPolicy &policy);
    void setLastCheck(const QDateTime &checkedAt, bool well);
    void careStarted(satchel::sync::CareTask task);
    void careProgressed(satchel::sync::CareTask task, int percent);
    void careFinished(const satchel::sync::CareResult &result);

    /// No password is known for \a account: asks for it without blocking anything. The answer is passwordGiven().
    /// To be called when the keychain was asked and held none.
    void askPassword(satchel::AccountId account);
    /// The same for the passphrase of the account's own certificate; the answer is passphraseGiven().
    void askPassphrase(satchel::AccountId account);
    void passwordKnown(satchel::AccountId account); ///< a question of askPassword() that is open is taken back
    /// What the password fields say of the keychain. \a reason is one sentence; empty when nothing is wrong with it.
    /// \a available: it can be asked to keep a password.
    void setKeychainAvailable(bool available, const QString &reason = {});
    void setOffline(bool offline); ///< shows it; does not emit offlineWished()

    void showMailbox(satchel::AccountId account); ///< what is on its server
    void editAccount(satchel::AccountId account); ///< an invalid id: addAccount()
    void openSettings();
    void showDeletionLog(satchel::AccountId account); ///< an invalid id: all accounts
    void addAccount(); ///< opens the wizard
    /// Nobody has an account yet and the program runs for the first time: the wizard opens by itself. Once.
    void greet();
    // Facts for the wizard. Each answers its last wish.
    void searchProgressed(const QString &sentence);
    void settingsFound(const satchel::autoconfig::Proposal &proposal);
    void settingsNotFound(const satchel::Error &error);
    void trialProgressed(satchel::sync::CheckPhase phase);
    void tried(int number, const satchel::sync::TrialResult &result);
    /// What providers are known for, for the day on which one refuses a login.
    void providersKnown(const QHash<satchel::AccountId, satchel::autoconfig::Proposal> &providers);
    void selectFolder(satchel::FolderId folder);
    void showMessage(satchel::MessageId message); ///< in its folder; for a notification that was clicked
    /// A message that is not in the store, in a window of its own.
    satchel::ui::MessageWindow *showFile(const QByteArray &raw, const QString &fileName);
    void openFile(const QString &path); ///< reads a message file without holding anything up, and shows it
    void present(); ///< comes to the front

Q_SIGNALS:
    // Wishes
    void addAccountWished(const satchel::AccountSettings &settings, const QString &password, bool remember);
    /// What can be found out of the settings of an address: settingsFound() or settingsNotFound().
    void findSettingsWished(const QString &address, const QString &personName);
    void cancelFindWished();
    /// Whether settings work, before there is an account: tried(), with the same \a number.
    void tryAccountWished(int number, const satchel::AccountSettings &settings, const QString &password);
    void cancelTrialWished();
    void sampleMailWished(); ///< a mailbox without a server, to look around in
    void updateAccountWished(const satchel::AccountSettings &settings);
    void removeAccountWished(satchel::AccountId account); ///< with its mail
    void retireAccountWished(satchel::AccountId account); ///< its mail stays, its server and its password are forgotten
    /// An answer to askPassword(), or a change in the account dialog. \a remember: in the keychain.
    /// \a andCheck: a check waits for it.
    void passwordGiven(satchel::AccountId account, const QString &password, bool remember, bool andCheck);

    /// The same for the passphrase of the account's own certificate. Empty: it needs none.
    void passphraseGiven(satchel::AccountId account, const QString &passphrase, bool remember, bool andCheck);

    void checkMailWished(const QList<satchel::AccountId> &accounts); ///< empty: all
    /// The person agreed that so many messages leave the server which the last check held back.
    void deleteHeldBackWished(satchel::AccountId account, int count);
    /// The person agreed that so many messages leave the server at the next check.
    void consentToDeletionsWished(satchel::AccountId account, int count);
    void forecastWished(const satchel::AccountSettings &settings, quint64 question);
    void preferencesChanged(const satchel::ui::Preferences &preferences);
    void cancelCheckWished(satchel::AccountId account); ///< invalid: all
    void retryFailedWished(satchel::AccountId account); ///< what the server did not hand out is asked for again now
    void fetchElsewhereWished(satchel::AccountId account); ///< so is what other programs have fetched
    /// An answer to askElsewhere().
    void elsewhereAnswered(const satchel::AccountSettings &account, bool leaveThem);
    void offlineWished(bool offline);

    void setFlagsWished(
        const QList<satchel::MessageId> &messages, satchel::MessageFlags set, satchel::MessageFlags clear);
    void moveMessagesWished(const QList<satchel::MessageId> &messages, satchel::FolderId target);
    void moveToRoleWished(const QList<satchel::MessageId> &messages, satchel::FolderRole role);
    void deleteMessagesWished(const QList<satchel::MessageId> &messages);
    void emptyFolderWished(satchel::FolderId folder);
    /// Of messages of which only the beginning is here.
    void getWholeWished(const QList<satchel::MessageId> &messages);
    void refuseRestWished(const QList<satchel::MessageId> &messages, bool deleteOnServer);
    void undoWished(const satchel::sync::UndoStep &step);

    void addFolderWished(satchel::AccountId account, const QString &name, satchel::FolderId parent);
    void renameFolderWished(satchel::FolderId folder, const QString &name);
    void removeFolderWished(satchel::FolderId folder);

    void storeChanged(const satchel::sync::StoreChange &change); ///< passed on to the windows of messages

    void careWished(satchel::sync::CareTask task, const QString &file);
    void stopCareWished();
    void backupPolicyWished(const satchel::BackupPolicy &policy);
    void storeFactsWished();
    void openAgainWished(); ///< the store, which could not be opened
    void takeOverWished(); ///< the store is open on another computer, which the person says is off

    void closing(); ///< the person closed the window; its state has been saved

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    friend class Screenshots;
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::ui
