// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine.h"

#include "base/remedy.h"
#include "net/tlstransport.h"
#include "sync/engineprivate.h"
#include "sync/forecast.h"
#include "sync/lastlisting.h"
#include "sync/samplemail.h"
#include "sync/schedule.h"

#include <QCoreApplication>
#include <QMetaMethod>
#include <QTimer>

#include <chrono>
#include <utility>

namespace satchel::sync {

namespace {

// Nobody waits longer than this for the program to end; the mail thread goes on with what it does in between.
constexpr std::chrono::milliseconds closingPurge(500);
constexpr std::chrono::milliseconds idlePurge(200);
constexpr std::chrono::milliseconds idlePurgeEvery(1000);
constexpr qsizetype purgedAtOnce = 200;

} // namespace

void Engine::Private::purgeSome()
{
    if (leftOver.isEmpty()) {
        purging->stop();
        return;
    }
    const QList<MessageId> some = leftOver.first(qMin<qsizetype>(purgedAtOnce, leftOver.size()));
    if (!writer->purge(some, QDeadlineTimer(idlePurge)))
        leftOver.clear(); // met again next time
    leftOver.remove(0, qMin(some.size(), leftOver.size()));
}

Engine::Engine(QString storeFile, TransportFactory connectTo, QObject *parent, const Clock &clock)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->file = std::move(storeFile);
    d->clock = clock;
    d->connectTo =
        connectTo ? std::move(connectTo) : [](const net::Endpoint &endpoint) -> std::unique_ptr<net::Transport> {
        return std::make_unique<net::TlsTransport>(endpoint);
    };
}

Engine::~Engine() = default;

void Engine::setProfileId(const QString &id)
{
    d->profileId = id;
}

void Engine::open()
{
    openStore(false);
}

void Engine::takeOver()
{
    openStore(true);
}

void Engine::failToOpen(const Error &error)
{
    Q_EMIT openFailed(error);
    const Again again = remedyFor(error.kind).again;
    if (again != Again::Soon && again != Again::Later)
        return;
    d->reopening = std::make_unique<QTimer>();
    d->reopening->setSingleShot(true);
    connect(d->reopening.get(), &QTimer::timeout, this, &Engine::open);
    d->reopening->start(*retryPause(error.kind, ++d->failedOpenings));
}

void Engine::openStore(bool takeOver)
{
    if (d->writer)
        return;
    if (d->reopening) {
        d->reopening->stop();
        d->reopening.release()->deleteLater(); // it may be speaking
    }
    Expected<std::unique_ptr<store::Writer>> writer =
        store::Writer::open(d->file, takeOver, [this, last = -1](int percent) mutable {
            if (std::exchange(last, percent) != percent)
                Q_EMIT upgrading(percent);
        });
    if (!writer) {
        failToOpen(writer.error());
        return;
    }
    Expected<std::unique_ptr<store::Reader>> reader = store::Reader::open(d->file);
    if (!reader) {
        failToOpen(reader.error());
        return;
    }
    const Expected<QList<AccountSettings>> accounts = (*writer)->accounts();
    if (!accounts) {
        failToOpen(accounts.error());
        return;
    }
    // So that keys are found again when the settings are lost. What fails is tried at the next start.
    const QByteArray profile = d->profileId.toUtf8();
    if (!profile.isEmpty() && (*writer)->storeFact(QStringLiteral("profile")).value_or(profile) != profile)
        (void)(*writer)->setStoreFact(QStringLiteral("profile"), profile);
    d->failedOpenings = 0;
    d->writer = std::move(*writer);
    d->reader = std::move(*reader);
    d->checks = std::make_unique<CheckQueue>(*d->writer, d->connectTo, d->clock);
    connect(d->checks.get(), &CheckQueue::credentialsNeeded, this, &Engine::credentialsNeeded);
    connect(d->checks.get(), &CheckQueue::tokenRefused, this, [this](AccountId account) {
        if (isSignalConnected(QMetaMethod::fromSignal(&Engine::tokenRefused)))
            Q_EMIT tokenRefused(account);
        else
            d->checks->refuseCredentials(account);
    });
    connect(d->checks.get(), &CheckQueue::started, this, &Engine::checkStarted);
    connect(d->checks.get(), &CheckQueue::progressed, this, &Engine::progressed);
    connect(d->checks.get(), &CheckQueue::arrived, this, &Engine::arrived);
    connect(d->checks.get(), &CheckQueue::checked, this, &Engine::checked);
    connect(d->checks.get(), &CheckQueue::stateChanged, this, &Engine::stateChanged);
    connect(d->checks.get(), &CheckQueue::postponed, this, &Engine::checkPostponed);
    connect(d->checks.get(), &CheckQueue::announced, this, &Engine::serverAnnounced);
    connect(d->checks.get(), &CheckQueue::wire, this, &Engine::wire);
    connect(d->checks.get(), &CheckQueue::completed, this,
        [this](const QList<MessageSummary> &messages, const QList<MovedMessage> &retired) {
            StoreChange change;
            for (const MessageSummary &message : messages)
                change.updated.append(message.id);
            change.moved = retired;
            Q_EMIT changed(change);
        });
    d->visits = std::make_unique<MailboxVisits>(*d->writer, *d->checks, d->connectTo);
    connect(d->visits.get(), &MailboxVisits::credentialsNeeded, this, &Engine::credentialsNeeded);
    connect(d->visits.get(), &MailboxVisits::phaseChanged, this, &Engine::mailboxPhaseChanged);
    connect(d->visits.get(), &MailboxVisits::delayed, this, &Engine::mailboxDelayed);
    connect(d->visits.get(), &MailboxVisits::listed, this, &Engine::mailboxListed);
    connect(d->visits.get(), &MailboxVisits::headersKnown, this, &Engine::mailboxHeadersKnown);
    connect(d->visits.get(), &MailboxVisits::previewed, this, &Engine::mailboxPreviewed);
    connect(d->visits.get(), &MailboxVisits::failed, this, &Engine::mailboxFailed);
    connect(d->visits.get(), &MailboxVisits::wire, this, &Engine::wire);
    constexpr int everyMinute = 60'000;
    d->heartbeat = std::make_unique<QTimer>();
    connect(d->heartbeat.get(), &QTimer::timeout, this, [this] { d->writer->touchLock(); });
    connect(d->checks.get(), &CheckQueue::woke, this, [this] { d->writer->touchLock(); });
    d->heartbeat->start(everyMinute);
    // From within the writer, which must be out of its call before it goes.
    d->writer->onLost([this](const Error &error, bool isFree) {
        QMetaObject::invokeMethod(this, [this, error, isFree] { letGo(error, isFree); }, Qt::QueuedConnection);
    });
    d->checks->holdDeletions(d->holdsDeletions);
    d->checks->setOffline(d->offline);
    d->visits->setOffline(d->offline);
    d->checks->setAccounts(*accounts);
    d->visits->setAccounts(*accounts);
    d->checks->setKnownCredentials(std::exchange(d->known, {}));
    if (d->waits)
        d->checks->waitForIntervals();
    d->leftOver = d->writer->removed().value_or(QList<MessageId>());
    if (!d->leftOver.isEmpty()) {
        d->purging = std::make_unique<QTimer>();
        connect(d->purging.get(), &QTimer::timeout, this, [this] { d->purgeSome(); });
        d->purging->start(idlePurgeEvery);
    }
    if (!d->reader->stale(1).value_or(QList<MessageId>()).isEmpty()) {
        d->renewal = std::make_unique<RowRenewal>(*d->writer);
        connect(d->renewal.get(), &RowRenewal::renewed, this, [this](const QList<MessageId> &messages) {
            StoreChange change;
            change.updated = messages;
            Q_EMIT changed(change);
        });
        d->renewal->start();
    }
    Q_EMIT opened(*accounts);
    d->checks->announceAll();
    for (const QString &remark : d->writer->remarks())
        Q_EMIT failed({ErrorKind::FileUnreadable, remark, ErrorAction::None, {}, {}});
}

void Engine::release()
{
    closeForAWhile();
    Q_EMIT released();
}

void Engine::closeForAWhile()
{
    cancelTrial();
    if (d->checks) {
        d->checks->cancel({});
        d->known = d->checks->knownCredentials();
    }
    d->renewal.reset();
    d->visits.reset();
    d->checks.reset();
    d->reopening.reset();
    d->heartbeat.reset();
    d->purging.reset();
    d->leftOver.clear();
    d->reader.reset();
    d->writer.reset();
}

/// The store is somebody else's now; where nobody has it, it may be opened anew, for whatever was written meanwhile.
void Engine::letGo(const Error &error, bool isFree)
{
    if (!d->writer)
        return;
    closeForAWhile();
    if (isFree)
        openStore(false);
    else
        Q_EMIT openFailed(error);
}

void Engine::close()
{
    cancelTrial();
    d->reopening.reset();
    d->heartbeat.reset();
    if (d->checks)
        d->checks->cancel({});
    d->renewal.reset();
    d->visits.reset();
    d->checks.reset();
    d->purging.reset();
    // What was removed can no longer be taken back once the program ends. What takes too long, and what fails, is for
    // the next time.
    if (d->writer)
        (void)d->writer->purge(QDeadlineTimer(closingPurge));
    d->reader.reset();
    d->writer.reset();
    Q_EMIT closed();
}

bool Engine::isOpen()
{
    if (!d->writer)
        Q_EMIT failed({ErrorKind::StoreFailed,
            tr("The mail store is not open, so nothing was changed; restart Satchel."), ErrorAction::None, {}, {}});
    return d->writer != nullptr;
}

void Engine::announceAccounts()
{
    const Expected<QList<AccountSettings>> accounts = d->writer->accounts();
    if (!succeeded(accounts))
        return;
    d->checks->setAccounts(*accounts);
    d->visits->setAccounts(*accounts);
    Q_EMIT accountsChanged(*accounts);
}

void Engine::addAccount(const AccountSettings &settings, const net::Credentials &credentials)
{
    addAccountKnowing(settings, credentials, {});
}

void Engine::addAccountKnowing(
    const AccountSettings &settings, const net::Credentials &credentials, const QList<FetchedElsewhere> &fetched)
{
    if (!isOpen())
        return;
    const Expected<AccountSettings> added = d->writer->addAccount(settings);
    if (!succeeded(added))
        return;
    // Before any check can begin. Without it, mail is fetched once more: said, but no reason to have no account.
    if (!fetched.isEmpty())
        succeeded(d->writer->noteFetchedElsewhere(added->id, fetched));
    announceAccounts();
    announceFolders(true);
    if (!credentials.password.isEmpty() || !credentials.accessToken.isEmpty())
        d->checks->setCredentials(added->id, credentials);
    Q_EMIT accountAdded(*added);
}

void Engine::updateAccount(const AccountSettings &settings)
{
    if (!isOpen())
        return;
    // A running check goes on by the old settings; it must not do so against the person's new wish.
    if (!d->checks->hasOnlyNewLooks(settings))
        d->checks->cancel(settings.id);
    if (succeeded(d->writer->updateAccount(settings)))
        announceAccounts();
}

void Engine::removeAccount(AccountId account)
{
    if (!isOpen())
        return;
    d->checks->cancel(account);
    if (!succeeded(d->writer->removeAccount(account)))
        return;
    announceAccounts();
    announceFolders(true);
}

void Engine::tryAccount(int number, const AccountSettings &settings, const net::Credentials &credentials)
{
    cancelTrial();
    d->trial = std::make_unique<TrialVisit>(settings, credentials, d->connectTo);
    connect(d->trial.get(), &TrialVisit::progressed, this, &Engine::trialProgressed);
    connect(d->trial.get(), &TrialVisit::wire, this, [this](const net::WireLine &line) { Q_EMIT wire({}, line); });
    connect(d->trial.get(), &TrialVisit::finished, this, [this, number](const TrialResult &result) {
        d->trial.release()->deleteLater(); // it is speaking
        Q_EMIT tried(number, result);
    });
    d->trial->start();
}

void Engine::cancelTrial()
{
    if (!d->trial)
        return;
    d->trial->disconnect(this);
    d->trial->cancel();
    d->trial.release()->deleteLater();
}

void Engine::addSampleMail()
{
    if (!isOpen())
        return;
    const Expected<QList<AccountSettings>> accounts = d->writer->accounts();
    const Expected<SampleMail> made = sync::addSampleMail(*d->writer, accounts ? int(accounts->size()) : 0);
    if (!succeeded(made))
        return;
    if (made->accountAdded) {
        announceAccounts();
        announceFolders(true);
    }
    if (!made->stored.isEmpty())
        Q_EMIT arrived(made->stored);
    Q_EMIT accountAdded(made->account);
}

void Engine::retireAccount(AccountId account)
{
    if (!isOpen())
        return;
    const Expected<QList<AccountSettings>> accounts = d->writer->accounts();
    if (!succeeded(accounts))
        return;
    for (AccountSettings settings : *accounts) {
        if (settings.id != account)
            continue;
        settings.host.clear();
        settings.userName.clear();
        settings.trustedCertificate.clear();
        settings.mechanism.clear();
        settings.certificateFile.clear();
        settings.tokenProgram.clear();
        settings.enabled = false;
        d->checks->setCredentials(account, {});
        updateAccount(settings);
    }
}

void Engine::setCredentials(AccountId account, const net::Credentials &credentials)
{
    if (!isOpen())
        return;
    d->checks->setCredentials(account, credentials);
    d->visits->credentialsKnown(account);
}

void Engine::forgetCredentials(AccountId account)
{
    if (!d->checks)
        return;
    d->checks->forgetCredentials(account);
    d->visits->credentialsKnown(account); // one that waits for them asks again
}

void Engine::refuseCredentials(AccountId account, const Error &error)
{
    if (!d->checks)
        return;
    d->visits->credentialsRefused(account, error);
    d->checks->refuseCredentials(account, error);
}

void Engine::holdDeletions(bool hold)
{
    d->holdsDeletions = hold;
    if (d->checks)
        d->checks->holdDeletions(hold);
}

void Engine::setScheduled(bool scheduled)
{
    if (isOpen())
        d->checks->setScheduled(scheduled);
}

void Engine::waitForIntervals()
{
    d->waits = true;
    if (isOpen())
        d->checks->waitForIntervals();
}

void Engine::checkMail(const QList<AccountId> &accounts)
{
    if (isOpen())
        d->checks->check(accounts);
}

void Engine::deleteHeldBack(AccountId account, int count)
{
    if (isOpen())
        d->checks->checkAndDelete(account, count);
}

void Engine::consentToDeletions(AccountId account, int count)
{
    if (isOpen())
        d->checks->consent(account, count);
}

void Engine::makeForecast(const AccountSettings &settings, quint64 question)
{
    Forecast forecast;
    forecast.account = settings.id;
    if (d->writer && settings.id.isValid()) {
        const Expected<std::optional<LastListing>> listing = lastListing(*d->writer, settings);
        const Expected<QList<store::LedgerEntry>> ledger = d->writer->ledger(settings.id);
        const Expected<CountedTime> time = timeOf(*d->writer, settings.id, d->clock.moment());
        if (succeeded(listing) && succeeded(ledger) && succeeded(time) && *listing)
            forecast = forecastOf(**listing, *ledger, settings, *time, d->checks->consented(settings.id));
    }
    forecast.question = question;
    Q_EMIT forecastMade(forecast);
}

void Engine::retryFailed(AccountId account)
{
    if (isOpen() && succeeded(d->writer->forgiveFailures(account)))
        d->checks->check({account});
}

void Engine::fetchElsewhere(AccountId account)
{
    if (isOpen() && succeeded(d->writer->forgetElsewhere(account)))
        d->checks->check({account});
}

void Engine::cancelCheck(AccountId account)
{
    if (d->checks)
        d->checks->cancel(account);
}

void Engine::noteNetworkReturned()
{
    if (d->checks)
        d->checks->noteNetworkReturned();
    else if (d->reopening)
        open(); // of a folder on the network
}

void Engine::setOffline(bool offline)
{
    d->offline = offline;
    if (d->checks)
        d->checks->setOffline(offline);
    if (d->visits)
        d->visits->setOffline(offline);
}

} // namespace satchel::sync
