// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/keychain.h"

#include "base/error.h"

#include <qt6keychain/keychain.h>

namespace satchel {

namespace {

template <class Job>
Job *makeJob(const QString &key, QObject *parent)
{
    auto *job = new Job(QStringLiteral("Satchel"), parent);
    job->setInsecureFallback(false);
    job->setKey(key);
    return job;
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

void Keychain::sayUnavailable(const QString &detail)
{
    QString reason = tr("The keyring of this computer does not answer, so passwords are kept until Satchel ends.");
    if (!detail.isEmpty())
        reason += QLatin1Char(' ') + tr("It said: %1").arg(sanitised(detail));
    Q_EMIT unavailable(reason);
}

void Keychain::read(AccountId account)
{
    auto *job = makeJob<QKeychain::ReadPasswordJob>(key(account), this);
    connect(job, &QKeychain::Job::finished, this, [this, job, account] {
        if (job->error() == QKeychain::NoError) {
            Q_EMIT found(account, job->textData());
            return;
        }
        if (job->error() != QKeychain::EntryNotFound)
            sayUnavailable(job->errorString());
        Q_EMIT notFound(account);
    });
    job->start();
}

void Keychain::write(AccountId account, const QString &password)
{
    auto *job = makeJob<QKeychain::WritePasswordJob>(key(account), this);
    job->setTextData(password);
    connect(job, &QKeychain::Job::finished, this, [this, job, account] {
        if (job->error() == QKeychain::NoError)
            Q_EMIT written(account);
        else
            sayUnavailable(job->errorString());
    });
    job->start();
}

void Keychain::remove(AccountId account)
{
    makeJob<QKeychain::DeletePasswordJob>(key(account), this)->start();
}

} // namespace satchel
