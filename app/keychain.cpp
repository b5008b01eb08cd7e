// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/keychain.h"

#include "base/error.h"

#ifdef SATCHEL_SECRET_SERVICE
#include "app/secretservice.h"
#endif

#include <qt6keychain/keychain.h>

#include <utility>

namespace satchel {

namespace {

QString service()
{
    return QStringLiteral("Satchel");
}

/// Without a parent: what QtKeychain has asked for comes back to the job, which must be there even when nobody waits
/// for it any more. It deletes itself.
template <class Job>
Job *makeJob(const QString &key)
{
    auto *job = new Job(service());
    job->setInsecureFallback(false);
    job->setKey(key);
    return job;
}

/// What the error itself says; nothing where it says that all is well or that there is no such entry.
std::optional<KeychainProblem::Kind> kindOf(int error)
{
    switch (error) {
    case QKeychain::NoError:
    case QKeychain::EntryNotFound:
        return {};
    case QKeychain::AccessDenied:
    case QKeychain::AccessDeniedByUser:
        return KeychainProblem::Kind::Locked;
    case QKeychain::NoBackendAvailable:
        return KeychainProblem::Kind::Missing;
    default:
        return KeychainProblem::Kind::Broken;
    }
}

} // namespace

Keychain::Keychain(QString profileId, QObject *parent)
    : QObject(parent)
    , m_profileId(std::move(profileId))
{
}

QString Keychain::key(AccountId account, Secret secret) const
{
    const QString ofAccount = m_profileId + QLatin1Char('/') + QString::number(account.value);
    return secret == Secret::Password ? ofAccount : ofAccount + QLatin1String("/certificate");
}

void Keychain::read(AccountId account, Secret secret)
{
    read(account, secret, true);
}

void Keychain::read(AccountId account, Secret secret, bool again)
{
    auto *job = makeJob<QKeychain::ReadPasswordJob>(key(account, secret));
    connect(job, &QKeychain::Job::finished, this, [this, job, account, secret, again] {
        if (job->error() == QKeychain::NoError) {
            Q_EMIT found(account, secret, job->textData());
            return;
        }
        const auto unclear = [this, account, secret](
                                 const KeychainProblem &problem) { Q_EMIT unreadable(account, secret, problem); };
        const auto broken = [unclear, secret, said = job->errorString()] {
            unclear(problemOf(Kind::Broken, secret, Wish::Read, said));
        };
        const auto readAgain = [this, account, secret] { read(account, secret, false); };
        explain(key(account, secret), secret, Wish::Read, job->error(), job->errorString(),
            {unclear, [this, account, secret] { Q_EMIT notFound(account, secret); },
                again ? std::function<void()>(readAgain) : std::function<void()>(broken)});
    });
    job->start();
}

void Keychain::write(AccountId account, Secret secret, const QString &text)
{
    auto *job = makeJob<QKeychain::WritePasswordJob>(key(account, secret));
    job->setTextData(text);
    connect(job, &QKeychain::Job::finished, this, [this, job, account, secret] {
        if (job->error() == QKeychain::NoError) {
            Q_EMIT written(account, secret);
            return;
        }
        const auto failed = [this, account, secret](
                                const KeychainProblem &problem) { Q_EMIT notWritten(account, secret, problem); };
        const auto broken = [failed, secret, said = job->errorString()] {
            failed(problemOf(Kind::Broken, secret, Wish::Write, said));
        };
        explain(key(account, secret), secret, Wish::Write, job->error(), job->errorString(), {failed, broken, broken});
    });
    job->start();
}

void Keychain::remove(AccountId account, Secret secret)
{
    remove(account, secret, true);
}

void Keychain::remove(AccountId account, Secret secret, bool again)
{
    auto *job = makeJob<QKeychain::DeletePasswordJob>(key(account, secret));
    connect(job, &QKeychain::Job::finished, this, [this, job, account, secret, again] {
        // That nothing went wrong is said of an entry in a locked keyring too, which then is still there.
        const auto failed = [this, account, secret](
                                const KeychainProblem &problem) { Q_EMIT notRemoved(account, secret, problem); };
        const auto broken = [failed, secret, said = job->errorString()] {
            failed(problemOf(Kind::Broken, secret, Wish::Remove, said));
        };
        const auto removeAgain = [this, account, secret] { remove(account, secret, false); };
        explain(key(account, secret), secret, Wish::Remove, job->error(), job->errorString(),
            {failed, [this, account, secret] { Q_EMIT removed(account, secret); },
                again ? std::function<void()>(removeAgain) : std::function<void()>(broken)});
    });
    job->start();
}

void Keychain::explain(const QString &key, Secret secret, Wish wish, int error, const QString &said, Outcomes outcomes)
{
    const std::optional<Kind> kind = kindOf(error);
#ifdef SATCHEL_SECRET_SERVICE
    // On KDE it is KWallet that QtKeychain asks, and what that says needs no confirmation.
    if (qEnvironmentVariable("XDG_CURRENT_DESKTOP") != QLatin1String("KDE")) {
        const auto answered = [secret, wish, kind, said, outcomes = std::move(outcomes)](
                                  const SecretServiceAnswer &answer) {
            using State = SecretServiceAnswer::State;
            const QString words = said.isEmpty() ? answer.detail : said;
            if (answer.state == State::Absent)
                outcomes.problem(problemOf(Kind::Missing, secret, wish, words));
            else if (answer.state == State::Locked)
                outcomes.problem(problemOf(Kind::Locked, secret, wish, words));
            else if (answer.state == State::Failing || kind)
                outcomes.problem(problemOf(kind.value_or(Kind::Broken), secret, wish, words));
            else if (answer.found)
                outcomes.contradicted();
            else
                outcomes.believed();
        };
        askSecretService(service(), key, this, answered);
        return;
    }
#endif
    if (kind)
        outcomes.problem(problemOf(*kind, secret, wish, said));
    else
        outcomes.believed();
}

QString Keychain::lockedPassphrase(Wish wish)
{
    switch (wish) {
    case Wish::Read:
        return tr(
            "The keyring is locked, so the passphrase of a certificate that is saved in it cannot be read: unlock "
            "it and get mail again, or type the passphrase.");
    case Wish::Write:
        return tr(
            "The keyring is locked, so the passphrase is kept only until Satchel is closed: unlock the keyring and "
            "enter the passphrase again to save it.");
    case Wish::Remove:
        break;
    }
    return tr("The keyring is locked, so the passphrase of a certificate that is not used any more is still in it: "
              "unlock it, and Satchel deletes the passphrase when it starts next.");
}

KeychainProblem Keychain::problemOf(Kind kind, Secret secret, Wish wish, const QString &said)
{
    QString text;
    switch (kind) {
    case Kind::Locked:
        if (secret == Secret::Passphrase)
            text = lockedPassphrase(wish);
        else if (wish == Wish::Read)
            text = tr("The keyring is locked, so a password saved in it cannot be read: unlock it and get mail again, "
                      "or type the password.");
        else if (wish == Wish::Write)
            text = tr("The keyring is locked, so the password is kept only until Satchel is closed: unlock the keyring "
                      "and enter the password again to save it.");
        else
            text = tr("The keyring is locked, so the password of the removed account is still in it: unlock it, and "
                      "Satchel deletes the password when it starts next.");
        break;
    case Kind::Missing:
        text = tr("No keyring runs on this computer, so passwords are kept only until Satchel is closed: start one, "
                  "such as GNOME Keyring or KWallet, to save them.");
        break;
    case Kind::Broken:
        text = tr("The keyring of this computer does not work, so passwords are kept only until Satchel is closed: "
                  "restart it, or sign in to your desktop again, to save them.");
        if (!said.isEmpty())
            text += QLatin1Char(' ') + tr("It said: %1").arg(sanitised(said));
        break;
    }
    return {kind, text};
}

} // namespace satchel
