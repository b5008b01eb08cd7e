// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/engine.h"

#include "net/tlstransport.h"
#include "store/reader.h"
#include "store/writer.h"
#include "sync/checkqueue.h"
#include "sync/forecast.h"
#include "sync/lastlisting.h"
#include "sync/mailboxvisits.h"
#include "sync/samplemail.h"
#include "sync/trialvisit.h"

#include <QCoreApplication>
#include <QMetaMethod>
#include <QTimer>

#include <chrono>

namespace satchel::sync {

namespace {

// Nobody waits longer than this for the program to end; the mail thread goes on with what it does in between.
constexpr std::chrono::milliseconds closingPurge(500);
constexpr std::chrono::milliseconds idlePurge(200);
constexpr std::chrono::milliseconds idlePurgeEvery(1000);
constexpr qsizetype purgedAtOnce = 200;

QString folderName(const FolderInfo &folder)
{
    switch (folder.role) {
    case FolderRole::Inbox:
        return Engine::tr("Inbox");
    case FolderRole::Archive:
        return Engine::tr("Archive");
    case FolderRole::Sent:
        return Engine::tr("Sent");
    case FolderRole::Drafts:
        return Engine::tr("Drafts");
    case FolderRole::Junk:
        return Engine::tr("Junk");
    case FolderRole::Trash:
        return Engine::tr("Trash");
    case FolderRole::Own:
    case FolderRole::Removed:
        break;
    }
    return folder.name;
}

} // namespace

struct Engine::Private {
    QString file;
    TransportFactory connectTo;
    std::unique_ptr<store::Writer> writer;
    std::unique_ptr<store::Reader> reader; ///< where a wish must know which account a message is of
    std::unique_ptr<CheckQueue> checks;
    std::unique_ptr<MailboxVisits> visits;
    QList<MessageId> leftOver; ///< removed in an earlier run, which ended before it was deleted
    std::unique_ptr<QTimer> purging; ///< made on the mail thread
    std::unique_ptr<QTimer> heartbeat; ///< tells other computers that this one has the store open

    void purgeSome();
    std::unique_ptr<TrialVisit> trial;
};

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

Engine::Engine(QString storeFile, TransportFactory connectTo, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->file = std::move(storeFile);
    d->connectTo =
        connectTo ? std::move(connectTo) : [](const net::Endpoint &endpoint) -> std::unique_ptr<net::Transport> {
        return std::make_unique<net::TlsTransport>(endpoint);
    };
}

Engine::~Engine() = default;

void Engine::open()
{
    openStore(false);
}

void Engine::takeOver()
{
    openStore(true);
}

void Engine::openStore(bool takeOver)
{
    Expected<std::unique_ptr<store::Writer>> writer = store::Writer::open(d->file, takeOver);
    if (!writer) {
        Q_EMIT openFailed(writer.error());
        return;
    }
    Expected<std::unique_ptr<store::Reader>> reader = store::Reader::open(d->file);
    if (!reader) {
        Q_EMIT openFailed(reader.error());
        return;
    }
    const Expected<QList<AccountSettings>> accounts = (*writer)->accounts();
    if (!accounts) {
        Q_EMIT openFailed(accounts.error());
        return;
    }
    d->writer = std::move(*writer);
    d->reader = std::move(*reader);
    d->checks = std::make_unique<CheckQueue>(*d->writer, d->connectTo);
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
    connect(d->visits.get(), &MailboxVisits::listed, this, &Engine::mailboxListed);
    connect(d->visits.get(), &MailboxVisits::headersKnown, this, &Engine::mailboxHeadersKnown);
    connect(d->visits.get(), &MailboxVisits::previewed, this, &Engine::mailboxPreviewed);
    connect(d->visits.get(), &MailboxVisits::failed, this, &Engine::mailboxFailed);
    connect(d->visits.get(), &MailboxVisits::wire, this, &Engine::wire);
    constexpr int everyMinute = 60'000;
    d->heartbeat = std::make_unique<QTimer>();
    connect(d->heartbeat.get(), &QTimer::timeout, this, [this] { d->writer->touchLock(); });
    d->heartbeat->start(everyMinute);
    d->checks->setAccounts(*accounts);
    d->visits->setAccounts(*accounts);
    d->leftOver = d->writer->removed().value_or(QList<MessageId>());
    if (!d->leftOver.isEmpty()) {
        d->purging = std::make_unique<QTimer>();
        connect(d->purging.get(), &QTimer::timeout, this, [this] { d->purgeSome(); });
        d->purging->start(idlePurgeEvery);
    }
    Q_EMIT opened(*accounts);
    d->checks->announceAll();
}

void Engine::release()
{
    cancelTrial();
    if (d->checks)
        d->checks->cancel({});
    d->visits.reset();
    d->checks.reset();
    d->heartbeat.reset();
    d->purging.reset();
    d->leftOver.clear();
    d->reader.reset();
    d->writer.reset();
    Q_EMIT released();
}

void Engine::close()
{
    cancelTrial();
    d->heartbeat.reset();
    if (d->checks)
        d->checks->cancel({});
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

template <class T>
bool Engine::succeeded(const Expected<T> &outcome)
{
    if (!outcome)
        Q_EMIT failed(outcome.error());
    return outcome.has_value();
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

void Engine::refuseCredentials(AccountId account, const Error &error)
{
    if (d->checks)
        d->checks->refuseCredentials(account, error);
}

void Engine::setScheduled(bool scheduled)
{
    if (isOpen())
        d->checks->setScheduled(scheduled);
}

void Engine::waitForIntervals()
{
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
        const Expected<std::optional<LastListing>> listing = lastListing(*d->writer, settings.id);
        const Expected<QList<store::LedgerEntry>> ledger = d->writer->ledger(settings.id);
        if (succeeded(listing) && succeeded(ledger) && *listing)
            forecast = forecastOf(
                **listing, *ledger, settings, QDateTime::currentDateTimeUtc(), d->checks->consented(settings.id));
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
}

void Engine::setOffline(bool offline)
{
    if (d->checks)
        d->checks->setOffline(offline);
    if (d->visits)
        d->visits->setOffline(offline);
}

void Engine::setFlags(const QList<MessageId> &messages, MessageFlags set, MessageFlags clear)
{
    if (!isOpen() || messages.isEmpty())
        return;
    if (!succeeded(d->writer->setFlags(messages, set, clear)))
        return;
    StoreChange change;
    change.updated = messages;
    Q_EMIT changed(change);
}

void Engine::announceMoves(const QString &text, const QList<MovedMessage> &moves)
{
    if (moves.isEmpty())
        return;
    StoreChange change;
    change.moved = moves;
    Q_EMIT changed(change);
    UndoStep step;
    step.text = text;
    step.moves = moves;
    Q_EMIT undoable(step);
}

void Engine::announceFolders(bool accounts)
{
    StoreChange change;
    change.folders = true;
    change.accounts = accounts;
    Q_EMIT changed(change);
}

void Engine::moveMessages(const QList<MessageId> &messages, FolderId target)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Expected<QList<FolderInfo>> folders = d->writer->folders();
    if (!succeeded(folders))
        return;
    QString name;
    for (const FolderInfo &folder : *folders) {
        if (folder.id == target)
            name = folderName(folder);
    }
    const Expected<QList<MovedMessage>> moves = d->writer->move(messages, target);
    if (succeeded(moves))
        announceMoves(tr("Move %n message(s) to %1", nullptr, int(moves->size())).arg(name), *moves);
}

Engine::Places Engine::placesOf(const QList<MessageId> &messages)
{
    Places places;
    const Expected<QList<FolderInfo>> folders = d->writer->folders();
    const Expected<QList<MessageSummary>> summaries = d->reader->summaries(messages);
    if (!succeeded(folders) || !succeeded(summaries))
        return places;
    for (const FolderInfo &folder : *folders)
        places.folders.insert(folder.id, folder);
    for (const MessageSummary &summary : *summaries)
        places.byAccount[summary.account].append({summary.id, summary.folder});
    return places;
}

FolderId Engine::Places::withRole(AccountId account, FolderRole role) const
{
    for (const FolderInfo &folder : folders) {
        if (folder.account == account && folder.role == role)
            return folder.id;
    }
    return {};
}

void Engine::moveToRole(const QList<MessageId> &messages, FolderRole role)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Places places = placesOf(messages);
    QList<MovedMessage> moves;
    QString name;
    for (auto group = places.byAccount.cbegin(); group != places.byAccount.cend(); ++group) {
        const FolderId target = places.withRole(group.key(), role);
        name = folderName(places.folders.value(target));
        QList<MessageId> ids;
        for (const Place &place : group.value())
            ids.append(place.message);
        const Expected<QList<MovedMessage>> moved = d->writer->move(ids, target);
        if (!succeeded(moved))
            break;
        moves += *moved;
    }
    announceMoves(tr("Move %n message(s) to %1", nullptr, int(moves.size())).arg(name), moves);
}

void Engine::deleteMessages(const QList<MessageId> &messages)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Places places = placesOf(messages);
    QList<MessageId> forGood;
    QList<MovedMessage> moves;
    for (auto group = places.byAccount.cbegin(); group != places.byAccount.cend(); ++group) {
        const FolderId trash = places.withRole(group.key(), FolderRole::Trash);
        QList<MessageId> toTrash;
        for (const Place &place : group.value())
            (place.folder == trash ? forGood : toTrash).append(place.message);
        const Expected<QList<MovedMessage>> moved = d->writer->move(toTrash, trash);
        if (!succeeded(moved))
            break;
        moves += *moved;
    }
    removeForGood(forGood, moves);
}

void Engine::emptyFolder(FolderId folder)
{
    if (!isOpen())
        return;
    store::ListScope scope;
    scope.folder = folder;
    const Expected<QList<MessageId>> messages = d->reader->list(scope, {});
    if (succeeded(messages))
        removeForGood(*messages, {});
}

void Engine::removeForGood(const QList<MessageId> &messages, QList<MovedMessage> moves)
{
    if (!messages.isEmpty()) {
        const Expected<QList<MovedMessage>> removed = d->writer->remove(messages);
        if (succeeded(removed))
            moves += *removed;
    }
    announceMoves(tr("Delete %n message(s)", nullptr, int(moves.size())), moves);
}

void Engine::getWhole(const QList<MessageId> &messages)
{
    orderRest(messages, store::ServerOrder::Kind::Get);
}

void Engine::refuseRest(const QList<MessageId> &messages, bool deleteOnServer)
{
    orderRest(messages, deleteOnServer ? store::ServerOrder::Kind::DeleteAnyway : store::ServerOrder::Kind::Skip);
}

void Engine::orderRest(const QList<MessageId> &messages, store::ServerOrder::Kind kind)
{
    if (!isOpen() || messages.isEmpty())
        return;
    const Expected<QList<AccountId>> accounts = d->writer->orderRest(messages, kind, QDateTime::currentDateTimeUtc());
    if (!succeeded(accounts))
        return;
    StoreChange change;
    change.updated = messages;
    Q_EMIT changed(change);
    if (kind == store::ServerOrder::Kind::Skip)
        return;
    for (const AccountId account : *accounts)
        d->checks->carryOutOrders(account);
}

void Engine::openMailbox(AccountId account)
{
    if (isOpen())
        d->visits->open(account);
}

void Engine::closeMailbox(AccountId account)
{
    if (d->visits)
        d->visits->close(account);
}

void Engine::wantHeaders(AccountId account, const QList<int> &messages)
{
    if (d->visits)
        d->visits->wantHeaders(account, messages);
}

void Engine::wantPreview(AccountId account, int message)
{
    if (d->visits)
        d->visits->wantPreview(account, message);
}

void Engine::applyToMailbox(AccountId account, const QList<ServerWish> &wishes)
{
    if (isOpen())
        d->visits->apply(account, wishes);
}

void Engine::undo(const UndoStep &step)
{
    if (!isOpen())
        return;
    StoreChange change;
    if (!step.moves.isEmpty()) {
        if (!succeeded(d->writer->moveBack(step.moves)))
            return;
        for (const MovedMessage &move : step.moves)
            change.moved.append({move.id, move.to, move.from});
    }
    if (!step.flagged.isEmpty()) {
        if (!succeeded(d->writer->setFlags(step.flagged, step.cleared, step.set)))
            return;
        change.updated = step.flagged;
    }
    Q_EMIT changed(change);
}

void Engine::addFolder(AccountId account, const QString &name, FolderId parent)
{
    if (isOpen() && succeeded(d->writer->addFolder(account, name, parent)))
        announceFolders(false);
}

void Engine::renameFolder(FolderId folder, const QString &name)
{
    if (isOpen() && succeeded(d->writer->renameFolder(folder, name)))
        announceFolders(false);
}

void Engine::removeFolder(FolderId folder)
{
    if (!isOpen())
        return;
    const Expected<QList<MovedMessage>> moved = d->writer->removeFolder(folder);
    if (!succeeded(moved))
        return;
    StoreChange change;
    change.moved = *moved;
    change.folders = true;
    Q_EMIT changed(change);
}

} // namespace satchel::sync
