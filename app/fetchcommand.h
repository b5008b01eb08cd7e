// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/accountsecrets.h"
#include "app/keychain.h"
#include "app/mailthread.h"
#include "app/profile.h"
#include "app/terminal.h"
#include "app/tokenprogram.h"
#include "base/account.h"
#include "sync/types.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace satchel {

/// `satchel --fetch`: checks accounts without a window, on the same engine and store as the window. Lives on the
/// main thread of a QCoreApplication; finished() carries the exit status (commandline.cpp says what it means).
class FetchCommand : public QObject
{
    Q_OBJECT

public:
    enum Status { Success = 0, TryAgain = 1, PersonNeeded = 2, StoreUnusable = 3 };

    /// \a names: accounts by name or address; empty: all that are enabled.
    /// \a demo: an account to add unless it is there, with the password for this run; its address may be empty.
    /// \a connectTo: see sync::Engine.
    FetchCommand(Profile profile, QStringList names, AccountSettings demo, QString demoPassword,
        sync::TransportFactory connectTo = {}, QObject *parent = nullptr);

    void start();
    void end(int status); ///< closes the store; finished() follows

Q_SIGNALS:
    void storeLocked(); ///< another Satchel works on this profile; end() is the caller's to call
    void finished(int status);

    // Wishes to the Engine
    void addAccountWished(const satchel::AccountSettings &settings, const satchel::net::Credentials &credentials);
    void credentialsKnown(satchel::AccountId account, const satchel::net::Credentials &credentials);
    void secretsChanged(satchel::AccountId account);
    void credentialsRefused(satchel::AccountId account, const satchel::Error &error);
    void checkWished(const QList<satchel::AccountId> &accounts);

private:
    void begin(const QList<AccountSettings> &accounts);
    void check(const AccountSettings &account);
    void askPassword(AccountId account);
    [[nodiscard]] bool askPassphrase(AccountId account); ///< false: nobody can answer
    void giveUpUntil(AccountId account, const QDateTime &until);
    void show(const sync::CheckProgress &progress);
    void conclude(const sync::CheckResult &result);
    void failWith(const Error &error, Status status);
    void refuse(const Error &error);
    void endAccount(AccountId account);

    const Profile m_profile;
    const QStringList m_names;
    const AccountSettings m_demo;
    const QString m_demoPassword;
    Terminal m_terminal;
    Keychain m_keychain;
    TokenProgram m_tokens;
    AccountSecrets m_secrets{m_keychain, m_tokens};
    MailThread m_mail;
    QHash<AccountId, AccountSettings> m_accounts;
    QSet<AccountId> m_pending;
    int m_status = Success;
};

} // namespace satchel
