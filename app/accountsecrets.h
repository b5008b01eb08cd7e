// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/keychain.h"
#include "app/tokensource.h"
#include "base/account.h"
#include "net/credentials.h"

#include <QHash>
#include <QObject>

namespace satchel {

/// Gathers what an account needs to sign in: what was typed in this run, else what the keychain holds (law 6: in memory
/// only, on its way into net::Credentials). The password and the passphrase of the account's own certificate stay apart
/// all the way; a token comes from its source. Lives on the GUI thread, beside the keychain.
class AccountSecrets : public QObject
{
    Q_OBJECT

public:
    /// \a keychain and \a tokens outlive this.
    AccountSecrets(Keychain &keychain, TokenSource &tokens, QObject *parent = nullptr);

    /// Answered by ready(), passwordMissing() or tokenMissing(), once, however often it is asked meanwhile. An access
    /// token is always a new one.
    void gather(const AccountSettings &account);
    void type(AccountId account, Secret secret, const QString &text); ///< empty: there is none
    void forget(AccountId account, Secret secret); ///< what was typed
    void cancel(AccountId account); ///< a token is not waited for any longer

Q_SIGNALS:
    // How it went with the keychain, before the answer
    void keychainAnswered();
    void keychainFailed(const satchel::KeychainProblem &problem);
    void ready(satchel::AccountId account, const satchel::net::Credentials &credentials);
    void passwordMissing(satchel::AccountId account);
    void tokenMissing(satchel::AccountId account, const satchel::Error &error);

private:
    /// What is known of an account's secrets until now.
    struct Gathering {
        AccountSettings account;
        net::Credentials credentials;
        bool asksPassword = false; ///< of the keychain
        bool asksPassphrase = false;
        bool asksToken = false; ///< of its source
    };

    void take(AccountId account, Secret secret, const QString &text);
    void answerWhenComplete(AccountId account);

    Keychain &m_keychain;
    TokenSource &m_tokens;
    QHash<AccountId, QHash<Secret, QString>> m_typed;
    QHash<AccountId, Gathering> m_gathering;
};

} // namespace satchel
