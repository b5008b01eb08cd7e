// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"
#include "ui/settings/preferences.h"

#include <QDialog>
#include <QHash>
#include <QList>

class QDialogButtonBox;
class QLineEdit;
class QSettings;
class QStackedWidget;
class QTreeWidget;
class QTreeWidgetItem;

namespace satchel::ui {

class AccountEditor;
class AccountListPage;
class NoteBar;
class PreferencesPage;
class PrivacyPage;
class Shortcuts;
class ShortcutsPage;

/// The one place for what can be chosen: a list of pages, one account each below “Accounts”. Nothing happens before OK
/// or Apply; then everything takes effect at once. Blocks nothing: what concerns accounts is wished for by signals, and
/// preferences are in the settings file when preferencesChanged() is emitted. Lives on the GUI thread.
class SettingsDialog : public QDialog
{
    Q_OBJECT

public:
    enum class Page { Accounts, Reading, Appearance, Privacy, Storage, Offline, Shortcuts, Advanced };

    /// \a settings and \a shortcuts outlive the dialog.
    SettingsDialog(QSettings &settings, Shortcuts &shortcuts, QWidget *parent = nullptr);

    ~SettingsDialog() override;

    void setKeychain(bool available, const QString &reason);
    /// The accounts as they are now; what the person is editing stays as edited.
    void setAccounts(const QList<AccountSettings> &accounts);
    /// What the servers said of themselves, and how many messages are left to other programs; before setAccounts().
    void setServers(const QHash<AccountId, sync::ServerAnnouncement> &servers, const QHash<AccountId, int> &elsewhere);
    void takeForecast(const sync::Forecast &forecast);
    /// A page that others make, in the place of its name. The dialog takes it.
    void addPage(Page page, const QString &title, QLatin1StringView iconName, QWidget *widget);

    void showPage(Page page);
    void showAccount(AccountId account);
    void showRetention(AccountId account); ///< how long its mail stays on the server
    [[nodiscard]] AccountEditor *editor(AccountId account); ///< made when it is not there yet; nullptr: no such account
    [[nodiscard]] bool isChanged() const;
    void accept() override;
    void reject() override;

Q_SIGNALS:
    void preferencesChanged(const satchel::ui::Preferences &preferences);
    void addAccountWished();
    void updateAccountWished(const satchel::AccountSettings &settings);
    void removeAccountWished(satchel::AccountId account); ///< the person is to be asked first
    void passwordGiven(satchel::AccountId account, const QString &password, bool remember, bool andCheck);
    void passphraseGiven(satchel::AccountId account, const QString &passphrase, bool remember, bool andCheck);
    void consentWished(satchel::AccountId account, int count); ///< that many may leave the server at the next check
    void forecastWished(const satchel::AccountSettings &settings, quint64 question);
    void deletionLogWished(satchel::AccountId account);
    void logWished();
    void fetchElsewhereWished(satchel::AccountId account);
    void folderWished(const QString &folder);

private:
    void makePages();
    QTreeWidgetItem *addItem(
        QTreeWidgetItem *parent, int position, const QString &title, QLatin1StringView iconName, QWidget *widget);
    [[nodiscard]] AccountId accountOf(const QTreeWidgetItem *item) const; ///< invalid: it is a page
    [[nodiscard]] bool isReordered() const;
    void find(const QString &words);
    void noteEdit();
    void proceed(); ///< checks, asks, and saves when there is nothing left to ask
    bool refuseFault();
    bool askBeforeDeleting();
    void ask(AccountEditor *editor);
    void save();
    void savePreferences();
    void saveAccounts(const QHash<AccountId, int> &agreed);

    QSettings &m_settings;
    Shortcuts &m_shortcuts;
    Preferences m_before;
    QList<AccountSettings> m_accounts;
    QHash<AccountId, sync::ServerAnnouncement> m_servers;
    QHash<AccountId, int> m_elsewhere;
    bool m_keychainAvailable = true;
    QString m_keychainReason;

    QLineEdit *m_search;
    QTreeWidget *m_list;
    QStackedWidget *m_stack;
    NoteBar *m_fault;
    QDialogButtonBox *m_buttons;
    QHash<Page, QTreeWidgetItem *> m_items;
    QHash<AccountId, QTreeWidgetItem *> m_accountItems;
    QHash<AccountId, AccountEditor *> m_editors;
    AccountListPage *m_accountList = nullptr;
    PrivacyPage *m_privacy = nullptr;
    ShortcutsPage *m_shortcutsPage = nullptr;
    QList<PreferencesPage *> m_pages;
    QHash<AccountId, int> m_agreed; ///< to how many deletions
    bool m_proceeding = false; ///< OK or Apply was pressed and waits for a forecast or an answer
    bool m_closes = false; ///< it was OK
};

} // namespace satchel::ui
