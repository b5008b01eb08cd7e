// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "library/library.h"
#include "ui/bars/undosteps.h"
#include "ui/folders/foldermodel.h"
#include "ui/mainactions.h"
#include "ui/mainwindow.h"
#include "ui/settings/preferences.h"
#include "ui/settings/storagepage.h"
#include "ui/shortcuts.h"

#include <QHash>
#include <QPointer>
#include <QSet>
#include <QTimer>

#include <memory>
#include <optional>

class QLabel;
class QLineEdit;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTemporaryDir;
class QToolBar;
class QToolButton;

namespace satchel::ui {

class AccountWizard;
class ActivityPanel;
class CertificateDialog;
class DeletionLog;
class EmptyState;
class FolderPane;
class LogWindow;
class MailboxWindows;
class MessageBar;
class MessageListPane;
class MessageView;
class MessageWindow;
class NoteBar;
class PasswordDialog;
class SettingsDialog;
class SignInHelp;
class UndoBar;

/// The main window's parts. mainlayout.cpp puts them together, mainwishes.cpp ties actions to wishes, mainfacts.cpp
/// takes in what happened.
struct MainWindow::Private {
    Private(MainWindow &window, library::Library &library, QSettings &settings);

    // Layout (mainlayout.cpp)
    void makePanes();
    void makeToolBar();
    void makeStatusBar();
    void showKeysInTips(); ///< as they are now: the person may choose others
    void setTall(bool tall);
    void restoreState();
    void saveState() const;
    void applyLook(int look);
    void fitToolBar();
    void showWelcome();
    void cyclePane(int step);

    // The way to an account (mainwizard.cpp)
    void connectWelcome();
    void showSampleBar(); ///< while sample mail is shown, says so
    [[nodiscard]] bool hasAnyServer() const;
    [[nodiscard]] Error explained(const sync::CheckResult &result) const; ///< its error
    void showSteps(AccountId account, const Error &error);

    // Wishes (mainwishes.cpp)
    void connectActions();
    void connectPanes();
    void connectMessageView(MessageView *view);
    void updateActions();
    void updateSummary(); ///< of the message that is shown
    void fillMoveMenu();
    void toggleFlag(MessageFlag flag);
    void moveSelectionTo(FolderRole role);
    void junkSelection();
    void markAllRead(const Place &place); // the following are in mainmail.cpp
    void saveSelection();
    void copy();
    void selectAll();
    void popUpMoveMenu();
    void undo();
    void openWindow(MessageId id);
    void openFile();
    void search();
    void leaveSearchOfAll();
    void escape();
    void showAbout();
    void selectionSettled();
    void dealWith(AccountId account, const Error &error);
    void reviewCertificate(AccountId account, const Error &error);
    void showFailed(AccountId account);
    [[nodiscard]] QList<MessageId> selected() const;
    [[nodiscard]] bool selectionHasSome(MessageFlag flag) const; ///< true of one of those that are known
    [[nodiscard]] bool selectionHas(MessageFlag flag) const; ///< true of all selected that are known

    // Settings (mainsettings.cpp)
    SettingsDialog *openSettings();
    void takePreferences(const Preferences &preferences); ///< what was chosen takes effect
    void showDeletions(AccountId account);
    void makeLogWindow();

    // The store (mainstorage.cpp)
    void showStorage();
    void connectStoragePage(StoragePage *page);
    void tellStorage();
    void askTakeOver(const Error &error);

    // Facts (mainfacts.cpp)
    void refreshFolders();
    void tookFolders(const Expected<QList<FolderInfo>> &answer);
    void setAccounts(const QList<AccountSettings> &newAccounts);
    void updateTitle();
    void say(const QString &sentence);
    [[nodiscard]] static Error certificateEnds(const QDateTime &at);
    PasswordDialog *question(AccountId id, bool forPassphrase);
    [[nodiscard]] AccountSettings account(AccountId id) const;
    [[nodiscard]] QString undoText(const sync::UndoStep &step) const;

    MainWindow &q;
    library::Library &library;
    QSettings &settings;
    Shortcuts shortcuts;
    QList<AccountSettings> accounts;
    bool offline = false;
    bool keychainAvailable = true;
    QString keychainReason;
    UndoSteps undoSteps;
    QSet<AccountId> checking;
    std::shared_ptr<QTemporaryDir> openedFiles;
    Place wantedPlace;
    MessageId wantedMessage;
    QTimer foldersSoon;
    bool askingFolders = false;
    bool foldersAgain = false;
    QTimer searchSoon;

    MainActions *actions = nullptr;
    QToolBar *toolBar = nullptr;
    QLineEdit *searchField = nullptr;
    QStackedWidget *pages = nullptr;
    EmptyState *welcome = nullptr;
    QSplitter *outer = nullptr;
    QSplitter *inner = nullptr;
    QWidget *folderSide = nullptr;
    FolderPane *folderPane = nullptr;
    ActivityPanel *activity = nullptr;
    MessageListPane *listPane = nullptr;
    MessageView *messageView = nullptr;
    MessageBar *messageBar = nullptr;
    NoteBar *sampleBar = nullptr;
    UndoBar *undoBar = nullptr;
    QLabel *statusText = nullptr;
    QToolButton *offlineButton = nullptr;
    MailboxWindows *mailboxes = nullptr;
    QPointer<LogWindow> logWindow;
    QPointer<SettingsDialog> settingsDialog;
    QPointer<DeletionLog> deletionLog;
    QPointer<AccountWizard> wizard;
    QList<QPointer<StoragePage>> storagePages;
    StorageState storage;
    std::optional<Error> openError; ///< why the store cannot be used
    QPointer<CertificateDialog> certificateDialog;
    QHash<AccountId, QList<sync::FailedMessage>> failedMessages; ///< of the last check that met some
    QHash<AccountId, int> elsewhere; ///< messages that are left to other programs
    QHash<AccountId, sync::ServerAnnouncement> servers; ///< what they said of themselves
    QHash<AccountId, int> heldDeletions; ///< of the last check
    QHash<AccountId, QPointer<PasswordDialog>> passwordDialogs;
    QHash<AccountId, QPointer<PasswordDialog>> passphraseDialogs;
    QHash<AccountId, autoconfig::Proposal> providers; ///< of accounts whose provider is known
    QPointer<SignInHelp> signInHelp;
};

} // namespace satchel::ui
