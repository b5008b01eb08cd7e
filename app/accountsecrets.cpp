// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/accountsecrets.h"

namespace satchel {

namespace {

bool isFixedTo(const AccountSettings &account, const char *mechanism)
{
    return account.mechanism.compare(QLatin1String(mechanism), Qt::CaseInsensitive) == 0;
}

bool isFixedToToken(const AccountSettings &account)
{
    return isFixedTo(account, "XOAUTH2") || isFixedTo(account, "OAUTHBEARER");
}

bool usesToken(const AccountSettings &account)
{
    return !account.tokenProgram.isEmpty() && (account.mechanism.isEmpty() || isFixedToToken(account));
}

bool usesPassword(const AccountSettings &account)
{
    return !usesToken(account) && !isFixedToToken(account) && !isFixedTo(account, "EXTERNAL");
}

/// Where the server takes the certificate alone, nobody is asked for a password; where it does not, the check says so.
bool maySignInWithoutPassword(const AccountSettings &account)
{
    return !usesPassword(account) || (account.mechanism.isEmpty() && !account.certificateFile.isEmpty());
}

} // namespace

AccountSecrets::AccountSecrets(Keychain &keychain, TokenSource &tokens, QObject *parent)
    : QObject(parent)
    , m_keychain(keychain)
    , m_tokens(tokens)
{
    connect(&m_tokens, &TokenSource::obtained, this, [this](AccountId account, const QString &token) {
        const auto gathering = m_gathering.find(account);
        if (gathering == m_gathering.end() || !std::exchange(gathering->asksToken, false))
            return;
        gathering->credentials.accessToken = token;
        answerWhenComplete(account);
    });
    connect(&m_tokens, &TokenSource::failed, this, [this](AccountId account, const Error &error) {
        if (m_gathering.remove(account))
            Q_EMIT tokenMissing(account, error);
    });
    connect(&m_keychain, &Keychain::found, this, [this](AccountId account, Secret secret, const QString &text) {
        Q_EMIT keychainAnswered();
        take(account, secret, text);
    });
    connect(&m_keychain, &Keychain::notFound, this, [this](AccountId account, Secret secret) {
        Q_EMIT keychainAnswered();
        take(account, secret, {});
    });
    connect(&m_keychain, &Keychain::unreadable, this,
        [this](AccountId account, Secret secret, const KeychainProblem &problem) {
            Q_EMIT keychainFailed(problem);
            take(account, secret, {});
        });
}

void AccountSecrets::gather(const AccountSettings &account)
{
    const auto meanwhile = m_gathering.constFind(account.id);
    if (meanwhile != m_gathering.cend() && meanwhile->account.signsInLike(account))
        return;
    m_tokens.cancel(account.id); // of settings that are not its any more
    Gathering gathering;
    gathering.account = account;
    gathering.credentials.userName = account.userName;
    const QHash<Secret, QString> typed = m_typed.value(account.id);
    if (usesPassword(account)) {
        gathering.credentials.password = typed.value(Secret::Password);
        gathering.asksPassword = !typed.contains(Secret::Password);
    }
    if (!account.certificateFile.isEmpty()) {
        gathering.credentials.certificatePassphrase = typed.value(Secret::Passphrase);
        gathering.asksPassphrase = !typed.contains(Secret::Passphrase);
    }
    gathering.asksToken = usesToken(account);
    m_gathering.insert(account.id, gathering);
    if (gathering.asksToken)
        m_tokens.request(account);
    if (gathering.asksPassword)
        m_keychain.read(account.id, Secret::Password);
    if (gathering.asksPassphrase)
        m_keychain.read(account.id, Secret::Passphrase);
    answerWhenComplete(account.id);
}

void AccountSecrets::type(AccountId account, Secret secret, const QString &text)
{
    m_typed[account].insert(secret, text);
    // What the keychain is being asked for is not wanted any more.
    take(account, secret, text);
}

void AccountSecrets::forget(AccountId account, Secret secret)
{
    const auto typed = m_typed.find(account);
    if (typed != m_typed.end())
        typed->remove(secret);
}

void AccountSecrets::cancel(AccountId account)
{
    const auto gathering = m_gathering.constFind(account);
    if (gathering == m_gathering.cend() || !gathering->asksToken)
        return; // the keychain answers by itself, and soon
    m_gathering.erase(gathering);
    m_tokens.cancel(account);
}

void AccountSecrets::take(AccountId account, Secret secret, const QString &text)
{
    const auto gathering = m_gathering.find(account);
    if (gathering == m_gathering.end())
        return;
    if (secret == Secret::Password && std::exchange(gathering->asksPassword, false))
        gathering->credentials.password = text;
    else if (secret == Secret::Passphrase && std::exchange(gathering->asksPassphrase, false))
        gathering->credentials.certificatePassphrase = text;
    answerWhenComplete(account);
}

void AccountSecrets::answerWhenComplete(AccountId account)
{
    const auto gathering = m_gathering.constFind(account);
    if (gathering == m_gathering.cend() || gathering->asksPassword || gathering->asksPassphrase || gathering->asksToken)
        return;
    const Gathering complete = m_gathering.take(account);
    if (complete.credentials.password.isEmpty() && !maySignInWithoutPassword(complete.account))
        Q_EMIT passwordMissing(account);
    else
        Q_EMIT ready(account, complete.credentials);
}

} // namespace satchel
