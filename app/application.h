// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/accountsecrets.h"
#include "app/commandline.h"
#include "app/keychain.h"
#include "app/mailthread.h"
#include "app/networkwatch.h"
#include "app/profile.h"
#include "app/settingsfile.h"
#include "app/storekeeper.h"
#include "app/tokenprogram.h"
#include "autoconfig/providers.h"
#include "base/fetchedelsewhere.h"
#include "library/library.h"
#include "ui/mainwindow.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <memory>
#include <optional>

namespace satchel {

/// Makes the window, the reading half, the mail thread and the keychain of one profile, ties their signals
/// together, and ends them in order. Lives on the GUI thread. The connections in wire…() are the whole map of
/// who tells whom what.
class Application : public QObject
{
    Q_OBJECT

public:
    Application(Profile profile, CommandLine commandLine, const Ways &ways = {}, QObject *parent = nullptr);
    ~Application() override;

    void start();
    /// What a second start on the same profile asks for: comes to the front, shows files, checks mail.
    void obey(const CommandLine &commandLine);

    [[nodiscard]] ui::MainWindow &window() { return m_window; }
    [[nodiscard]] NetworkWatch &network() { return m_network; }
    [[nodiscard]] library::Library &library() { return m_library; }
    [[nodiscard]] const sync::Engine *engine() const { return m_mail.engine(); } ///< to listen to
    /// After the end: false when a backup is still being written, which only the end of the process ends.
    [[nodiscard]] bool endCare() { return m_keeper.end(); }

Q_SIGNALS:
    void finished(int status);

    // Wishes to the Engine that need something added on the way
    void addAccountWished(const satchel::AccountSettings &settings, const satchel::net::Credentials &credentials,
        const QList<satchel::FetchedElsewhere> &fetched);
    void credentialsKnown(satchel::AccountId account, const satchel::net::Credentials &credentials);
    void tryAccountWished(
        int number, const satchel::AccountSettings &settings, const satchel::net::Credentials &credentials);
    void secretsChanged(satchel::AccountId account); ///< what the Engine knows of them is out of date
    void credentialsRefused(satchel::AccountId account, const satchel::Error &error);
    void checkWished(const QList<satchel::AccountId> &accounts);
    void scheduleWished(bool scheduled);
    void waitWished(); ///< no check at the start
    void networkReturned(); ///< and the person wants mail fetched then

private:
    /// One that waits until it is known, and decided, what other programs have of its mail.
    struct NewAccount {
        AccountSettings settings;
        QString password;
        bool keep = false;
        QList<FetchedElsewhere> fetched;
    };

    void wireFacts();
    void wireWishes();
    void wireWizard();
    void wireKeychain();
    void begin(const QList<AccountSettings> &accounts);
    void remember(const QList<AccountSettings> &accounts);
    void addAccount(const AccountSettings &settings, const QString &password, bool keep);
    void finishAdding(const NewAccount &account, const QList<FetchedElsewhere> &fetched);
    void takeSecret(AccountId account, Secret secret, const QString &text, bool keep, bool andCheck);
    void removeSecret(AccountId account, Secret secret, bool unwanted = false);
    void tellOfKeychain(const KeychainProblem &problem);
    void rememberLeftOver(AccountId account, Secret secret, bool leftOver, bool unwanted);
    void removeLeftOver();
    [[nodiscard]] bool startsOffline() const;
    void takePictures();
    void end(int status);

    const Profile m_profile;
    const CommandLine m_commandLine;
    SettingsFile m_settings;
    library::Library m_library;
    ui::MainWindow m_window;
    Keychain m_keychain;
    TokenProgram m_tokens;
    AccountSecrets m_secrets{m_keychain, m_tokens};
    NetworkWatch m_network;
    MailThread m_mail;
    StoreKeeper m_keeper;

    const autoconfig::Providers m_providers = autoconfig::Providers::builtIn();
    QHash<AccountId, AccountSettings> m_accounts;
    QSet<AccountId> m_removed; ///< and the keychain is being asked to forget what it holds of them
    struct NewSecret {
        QString address;
        QString password;
        bool keep = false;
    };
    QList<NewAccount> m_newAccounts;
    struct Trial {
        int number = 0;
        AccountSettings settings;
    };
    std::optional<Trial> m_trial; ///< waits for its access token
    QList<NewSecret> m_newSecrets; ///< of accounts that have no id yet
    bool m_keychainUsable = true; ///< as far as is known
    bool m_begun = false; ///< the store was opened before, and is opened again
    int m_status = 0;
};

} // namespace satchel
