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

QString Keychain::key(AccountId account) const
{
    return m_profileId + QLatin1Char('/') + QString::number(account.value);
}

void Keychain::read(AccountId account)
{
    read(account, true);
}

void Keychain::read(AccountId account, bool again)
{
    auto *job = makeJob<QKeychain::ReadPasswordJob>(key(account));
    connect(job, &QKeychain::Job::finished, this, [this, job, account, again] {
        if (job->error() == QKeychain::NoError) {
            Q_EMIT found(account, job->textData());
            return;
        }
        const auto unclear = [this, account](const KeychainProblem &problem) { Q_EMIT unreadable(account, problem); };
        const auto broken = [unclear, said = job->errorString()] {
            unclear(problemOf(Kind::Broken, Wish::Read, said));
        };
        const auto readAgain = [this, account] { read(account, false); };
        explain(account, Wish::Read, job->error(), job->errorString(),
            {unclear, [this, account] { Q_EMIT notFound(account); },
                again ? std::function<void()>(readAgain) : std::function<void()>(broken)});
    });
    job->start();
}

void Keychain::write(AccountId account, const QString &password)
{
    auto *job = makeJob<QKeychain::WritePasswordJob>(key(account));
    job->setTextData(password);
    connect(job, &QKeychain::Job::finished, this, [this, job, account] {
        if (job->error() == QKeychain::NoError) {
            Q_EMIT written(account);
            return;
        }
        const auto failed = [this, account](const KeychainProblem &problem) { Q_EMIT notWritten(account, problem); };
        const auto broken = [failed, said = job->errorString()] { failed(problemOf(Kind::Broken, Wish::Write, said)); };
        explain(account, Wish::Write, job->error(), job->errorString(), {failed, broken, broken});
    });
    job->start();
}

void Keychain::remove(AccountId account)
{
    remove(account, true);
}

void Keychain::remove(AccountId account, bool again)
{
    auto *job = makeJob<QKeychain::DeletePasswordJob>(key(account));
    connect(job, &QKeychain::Job::finished, this, [this, job, account, again] {
        // That nothing went wrong is said of an entry in a locked keyring too, which then is still there.
        const auto failed = [this, account](const KeychainProblem &problem) { Q_EMIT notRemoved(account, problem); };
        const auto broken = [failed, said = job->errorString()] {
            failed(problemOf(Kind::Broken, Wish::Remove, said));
        };
        const auto removeAgain = [this, account] { remove(account, false); };
        explain(account, Wish::Remove, job->error(), job->errorString(),
            {failed, [this, account] { Q_EMIT removed(account); },
                again ? std::function<void()>(removeAgain) : std::function<void()>(broken)});
    });
    job->start();
}

void Keychain::explain(AccountId account, Wish wish, int error, const QString &said, Outcomes outcomes)
{
    const std::optional<Kind> kind = kindOf(error);
#ifdef SATCHEL_SECRET_SERVICE
    // On KDE it is KWallet that QtKeychain asks, and what that says needs no confirmation.
    if (qEnvironmentVariable("XDG_CURRENT_DESKTOP") != QLatin1String("KDE")) {
        const auto answered = [wish, kind, said, outcomes = std::move(outcomes)](const SecretServiceAnswer &answer) {
            using State = SecretServiceAnswer::State;
            const QString words = said.isEmpty() ? answer.detail : said;
            if (answer.state == State::Absent)
                outcomes.problem(problemOf(Kind::Missing, wish, words));
            else if (answer.state == State::Locked)
                outcomes.problem(problemOf(Kind::Locked, wish, words));
            else if (answer.state == State::Failing || kind)
                outcomes.problem(problemOf(kind.value_or(Kind::Broken), wish, words));
            else if (answer.found)
                outcomes.contradicted();
            else
                outcomes.believed();
        };
        askSecretService(service(), key(account), this, answered);
        return;
    }
#endif
    if (kind)
        outcomes.problem(problemOf(*kind, wish, said));
    else
        outcomes.believed();
}

KeychainProblem Keychain::problemOf(Kind kind, Wish wish, const QString &said)
{
    QString text;
    switch (kind) {
    case Kind::Locked:
        if (wish == Wish::Read)
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
