// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/fetchcommand.h"

#include "base/localaccount.h"
#include "base/remedy.h"

#include <QLocale>
#include <QMetaMethod>

#include <algorithm>

namespace satchel {

FetchCommand::FetchCommand(Profile profile, QStringList names, AccountSettings demo, QString demoPassword,
    sync::TransportFactory connectTo, QObject *parent)
    : QObject(parent)
    , m_profile(std::move(profile))
    , m_names(std::move(names))
    , m_demo(std::move(demo))
    , m_demoPassword(std::move(demoPassword))
    , m_keychain(m_profile.id())
    , m_mail(m_profile.storeFile(), {.discovery = {}, .connectTo = std::move(connectTo)})
{
    m_mail.engine()->setProfileId(m_profile.id());
    const sync::Engine *engine = m_mail.engine();
    connect(engine, &sync::Engine::opened, this, &FetchCommand::begin);
    connect(engine, &sync::Engine::openFailed, this, &FetchCommand::refuse);
    connect(engine, &sync::Engine::checkPostponed, this, &FetchCommand::giveUpUntil);
    connect(engine, &sync::Engine::accountAdded, this, &FetchCommand::check);
    connect(engine, &sync::Engine::progressed, this, &FetchCommand::show);
    connect(engine, &sync::Engine::checked, this, &FetchCommand::conclude);
    connect(engine, &sync::Engine::failed, this, [this](const Error &error) { failWith(error, StoreUnusable); });
    connect(&m_mail, &MailThread::stopped, this, [this] { Q_EMIT finished(m_status); });

    connect(this, &FetchCommand::addAccountWished, engine, &sync::Engine::addAccount);
    connect(this, &FetchCommand::credentialsKnown, engine, &sync::Engine::setCredentials);
    connect(this, &FetchCommand::secretsChanged, engine, &sync::Engine::forgetCredentials);
    connect(this, &FetchCommand::credentialsRefused, engine, &sync::Engine::refuseCredentials);
    connect(this, &FetchCommand::checkWished, engine, &sync::Engine::checkMail);

    connect(engine, &sync::Engine::credentialsNeeded, this,
        [this](AccountId account) { m_secrets.gather(m_accounts.value(account)); });
    connect(&m_secrets, &AccountSecrets::ready, this, &FetchCommand::credentialsKnown);
    connect(engine, &sync::Engine::tokenRefused, this,
        [this](AccountId account) { m_secrets.gather(m_accounts.value(account)); });
    connect(&m_secrets, &AccountSecrets::passwordMissing, this, &FetchCommand::askPassword);
    connect(&m_secrets, &AccountSecrets::tokenMissing, this, &FetchCommand::credentialsRefused);
    connect(&m_secrets, &AccountSecrets::keychainFailed, this,
        [this](const KeychainProblem &problem) { m_terminal.line(problem.text); });
}

void FetchCommand::start()
{
    if (const std::optional<QString> notice = m_profile.notice())
        m_terminal.line(*notice);
    m_mail.start();
}

void FetchCommand::begin(const QList<AccountSettings> &accounts)
{
    QList<AccountSettings> wanted;
    bool haveDemo = m_demo.address.isEmpty();
    for (const AccountSettings &account : accounts) {
        if (!hasServer(account))
            continue;
        haveDemo = haveDemo || account.address == m_demo.address;
        const bool named = m_names.contains(account.name) || m_names.contains(account.address);
        if (m_names.isEmpty() ? account.enabled : named)
            wanted.append(account);
    }
    for (const QString &name : m_names) {
        const bool known = std::any_of(accounts.begin(), accounts.end(),
            [&name](const AccountSettings &account) { return account.name == name || account.address == name; });
        if (!known) {
            m_terminal.line(tr("There is no account %1.").arg(name));
            m_status = PersonNeeded;
        }
    }
    if (!haveDemo) {
        net::Credentials credentials;
        credentials.userName = m_demo.userName;
        credentials.password = m_demoPassword;
        Q_EMIT addAccountWished(m_demo, credentials); // its check begins when it was added
    }
    if (wanted.isEmpty() && haveDemo) {
        if (m_status == Success) {
            m_terminal.line(tr("There is no account to check; start Satchel without --fetch and add one."));
            m_status = PersonNeeded;
        }
        end(m_status);
        return;
    }
    for (const AccountSettings &account : std::as_const(wanted))
        check(account);
}

void FetchCommand::check(const AccountSettings &account)
{
    m_accounts.insert(account.id, account);
    m_pending.insert(account.id);
    if (account.address == m_demo.address && !m_demoPassword.isEmpty())
        m_secrets.type(account.id, Secret::Password, m_demoPassword);
    Q_EMIT checkWished({account.id});
}

void FetchCommand::askPassword(AccountId account)
{
    const AccountSettings settings = m_accounts.value(account);
    const std::optional<QString> answer = m_terminal.askPassword(tr("Password of %1:").arg(settings.address));
    if (answer) {
        m_secrets.type(account, Secret::Password, *answer);
        m_secrets.gather(settings);
        return;
    }
    m_terminal.line(
        tr("%1: no password is known; start Satchel with its window once and enter it.").arg(settings.name));
    m_status = qMax(m_status, int(PersonNeeded));
    endAccount(account);
}

bool FetchCommand::askPassphrase(AccountId account)
{
    const AccountSettings settings = m_accounts.value(account);
    const std::optional<QString> answer =
        m_terminal.askPassword(tr("Passphrase of the certificate of %1:").arg(settings.address));
    if (!answer || answer->isEmpty())
        return false;
    m_secrets.type(account, Secret::Passphrase, *answer);
    Q_EMIT secretsChanged(account);
    Q_EMIT checkWished({account});
    return true;
}

/// A command is not to hang for an hour; whoever calls it comes again.
void FetchCommand::giveUpUntil(AccountId account, const QDateTime &until)
{
    m_terminal.line(tr("%1: the server lets nobody in again before %2; try again then.")
            .arg(m_accounts.value(account).name, QLocale().toString(until.toLocalTime(), QLocale::ShortFormat)));
    m_status = qMax(m_status, int(TryAgain));
    endAccount(account);
}

void FetchCommand::show(const sync::CheckProgress &progress)
{
    const QString name = m_accounts.value(progress.account).name;
    switch (progress.phase) {
    case sync::CheckPhase::Waiting:
    case sync::CheckPhase::Connecting:
        m_terminal.status(tr("%1: connecting…").arg(name));
        break;
    case sync::CheckPhase::LoggingIn:
        m_terminal.status(tr("%1: logging in…").arg(name));
        break;
    case sync::CheckPhase::Listing:
        m_terminal.status(tr("%1: asking what is new…").arg(name));
        break;
    case sync::CheckPhase::Receiving:
        m_terminal.status(tr("%1: message %2 of %3, %4")
                .arg(name, QLocale().toString(progress.messagesDone), QLocale().toString(progress.messagesTotal),
                    QLocale().formattedDataSize(progress.bytesDone)));
        break;
    case sync::CheckPhase::Deleting:
    case sync::CheckPhase::Finishing:
        m_terminal.status(tr("%1: finishing…").arg(name));
        break;
    }
}

void FetchCommand::conclude(const sync::CheckResult &result)
{
    const QString name = m_accounts.value(result.account).name;
    if (result.error && result.error->kind == ErrorKind::PassphraseMissing && askPassphrase(result.account))
        return;
    if (result.certificateEnds.isValid())
        m_terminal.line(tr("%1: the certificate of the account ends on %2; get a new one before then.")
                .arg(name, QLocale().toString(result.certificateEnds.toLocalTime().date(), QLocale::LongFormat)));
    if (result.error) {
        QString text = result.error->text;
        if (!result.error->detail.isEmpty())
            text += QLatin1Char(' ')
                + (result.error->serverSaid ? tr("The server said: %1") : tr("Details: %1")).arg(result.error->detail);
        m_terminal.line(QStringLiteral("%1: %2").arg(name, text));
        m_status = qMax(m_status, int(remedyFor(result.error->kind).needsPerson ? PersonNeeded : TryAgain));
    }
    if (!result.error || result.stored > 0) {
        m_terminal.line(tr("%1: %Ln new message(s), %2 left on the server.", nullptr, result.stored)
                .arg(name, QLocale().toString(result.leftOnServer)));
    }
    if (result.recognised > 0) {
        m_terminal.line(tr("%1: the server was rebuilt; %Ln message(s) were recognised and not fetched again.", nullptr,
            result.recognised)
                .arg(name));
    }
    if (result.heldDeletions > 0) {
        m_terminal.line(
            tr("%1: %Ln message(s) are due to be deleted on the server; so many at once need your consent, open "
               "Satchel and give it there.",
                nullptr, result.heldDeletions)
                .arg(name));
        m_status = qMax(m_status, int(PersonNeeded));
    }
    if (result.unconfirmedDeletions > 0)
        m_terminal.line(QStringLiteral("%1: %2").arg(name, result.unconfirmedText));
    if (result.failedMessages > 0) {
        m_terminal.line(
            tr("%1: %Ln message(s) could not be fetched; they are tried again later.", nullptr, result.failedMessages)
                .arg(name));
        m_status = qMax(m_status, int(TryAgain));
    }
    endAccount(result.account);
}

void FetchCommand::failWith(const Error &error, Status status)
{
    m_terminal.line(error.text);
    end(status);
}

void FetchCommand::refuse(const Error &error)
{
    // Most likely its window is open: that one can do what is asked for; but not that of another computer.
    if (error.kind == ErrorKind::StoreLocked && error.action != ErrorAction::TakeOverStore
        && isSignalConnected(QMetaMethod::fromSignal(&FetchCommand::storeLocked)))
        Q_EMIT storeLocked();
    else
        failWith(error, StoreUnusable);
}

void FetchCommand::endAccount(AccountId account)
{
    m_pending.remove(account);
    if (m_pending.isEmpty())
        end(m_status);
}

void FetchCommand::end(int status)
{
    m_status = qMax(m_status, status);
    m_mail.stop();
}

} // namespace satchel
