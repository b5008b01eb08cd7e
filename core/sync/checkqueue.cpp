// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkqueue.h"

#include "base/localaccount.h"
#include "base/remedy.h"
#include "sync/announcement.h"
#include "sync/learned.h"

#include <algorithm>
#include <utility>

using namespace std::chrono_literals;

namespace satchel::sync {

namespace {

QString lastCheckFact()
{
    return QStringLiteral("last check");
}

QDateTime lastCheck(const store::Writer &writer, AccountId account)
{
    const Expected<QByteArray> kept = writer.accountFact(account, lastCheckFact());
    return kept ? QDateTime::fromString(QString::fromLatin1(*kept), Qt::ISODate) : QDateTime();
}

// A network that is back needs a moment, and often goes once more.
constexpr std::chrono::seconds occasionDelay{5};

bool sameMailbox(const AccountSettings &one, const AccountSettings &other)
{
    return one.userName == other.userName && one.host.compare(other.host, Qt::CaseInsensitive) == 0;
}

} // namespace

CheckQueue::CheckQueue(store::Writer &writer, TransportFactory connectTo, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_writer(writer)
    , m_connectTo(std::move(connectTo))
    , m_clock(clock)
    , m_clockWatch(clock)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &CheckQueue::startDue);
    m_occasion.setSingleShot(true);
    m_occasion.setInterval(occasionDelay);
    connect(&m_occasion, &QTimer::timeout, this, &CheckQueue::takeOccasion);
    connect(&m_clockWatch, &ClockWatch::slept, this, &CheckQueue::woke); // whose the store is, before anything else
    connect(&m_clockWatch, &ClockWatch::slept, this, &CheckQueue::noteSlept);
    connect(&m_clockWatch, &ClockWatch::stepped, this, &CheckQueue::startWanted);
    connect(&m_clockWatch, &ClockWatch::stepped, this, &CheckQueue::plan);
}

CheckQueue::~CheckQueue()
{
    cancel({});
}

void CheckQueue::setAccounts(const QList<AccountSettings> &accounts)
{
    QHash<AccountId, Entry> entries;
    for (const AccountSettings &settings : accounts) {
        const bool isKnown = m_entries.contains(settings.id);
        Entry entry = m_entries.take(settings.id);
        if (!isKnown) {
            entry.server = keptAnnouncement(m_writer, settings);
        } else if (serverOf(entry.settings) != serverOf(settings)) {
            entry.server = keptAnnouncement(m_writer, settings); // of another one, which may have said nothing yet
        }
        // Whatever was changed may be what a failed check was waiting for.
        if (!entry.settings.differsOnlyInLooks(settings)) {
            entry.history = {};
            entry.history.loginAt = entry.server.loginAt;
            entry.history.loginDelay = entry.server.loginDelay;
        }
        if (isKnown && !entry.settings.signsInLike(settings))
            forgetCredentials(entry);
        entry.settings = settings;
        if (!entry.told.account.isValid())
            entry.told.checkedAt = lastCheck(m_writer, settings.id);
        entries.insert(settings.id, std::move(entry));
    }
    std::swap(m_entries, entries);
    for (const Entry &gone : std::as_const(entries)) {
        if (gone.running)
            gone.running->cancel();
    }
    plan();
}

void CheckQueue::setScheduled(bool scheduled)
{
    m_scheduled = scheduled;
    plan();
}

void CheckQueue::setOffline(bool offline)
{
    m_offline = offline;
    if (offline)
        cancel({});
    else
        startWanted(); // what was wished meanwhile may have to ask for its credentials first
    plan();
}

void CheckQueue::waitForIntervals()
{
    for (Entry &entry : m_entries) {
        if (!entry.history.finishedAt.isValid())
            entry.history.finishedAt = m_clock.now();
    }
    plan();
}

void CheckQueue::holdDeletions(bool hold)
{
    m_holdsDeletions = hold;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.running)
            entry.running->holdDeletions(hold);
    }
}

void CheckQueue::announceAll()
{
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.server.loginAt.isValid())
            Q_EMIT announced(entry.server);
    }
}

void CheckQueue::check(const QList<AccountId> &accounts)
{
    for (Entry &entry : m_entries) {
        // The one that runs will do, unless it signs in by what was forgotten meanwhile: then another follows it.
        if ((entry.running && entry.credentials) || !hasServer(entry.settings))
            continue;
        if (accounts.isEmpty() ? entry.settings.enabled : accounts.contains(entry.settings.id)) {
            entry.wanted = true;
            entry.byHand = true;
            entry.asked = false;
            entry.renewed = false;
            entry.postponed = false;
        }
    }
    startWanted();
    plan();
}

void CheckQueue::consent(AccountId account, int count)
{
    if (const auto entry = m_entries.find(account); entry != m_entries.end())
        entry->consented = count;
}

void CheckQueue::checkAndDelete(AccountId account, int consented)
{
    if (!m_entries.contains(account))
        return;
    consent(account, consented);
    check({account});
}

void CheckQueue::carryOutOrders(AccountId account)
{
    const auto entry = m_entries.find(account);
    if (entry == m_entries.end() || !hasServer(entry->settings))
        return;
    // A check that runs may have passed the point; another follows it.
    entry->ordersWanted = true;
    entry->byHand = true;
    entry->asked = false;
    entry->renewed = false;
    entry->postponed = false;
    startWanted();
    plan();
}

bool CheckQueue::isVisiting(const AccountSettings &mailbox) const
{
    return std::any_of(m_entries.cbegin(), m_entries.cend(),
        [&mailbox](const Entry &other) { return other.running && sameMailbox(other.settings, mailbox); });
}

void CheckQueue::cancel(AccountId account)
{
    QList<MailCheck *> running;
    QList<AccountId> refused;
    QList<CheckResult> ended;
    const Error cancelled{ErrorKind::Cancelled, tr("The check was cancelled."), ErrorAction::None, {}, {}};
    for (Entry &entry : m_entries) {
        if (account.isValid() && entry.settings.id != account)
            continue;
        entry.wanted = entry.ordersWanted = entry.byHand = false;
        entry.occasion.reset();
        if (!entry.settings.tokenProgram.isEmpty()) // it was stopped too
            entry.asked = false;
        if (entry.running)
            running.append(entry.running);
        else if (entry.refused)
            refused.append(entry.settings.id);
        else if (entry.rounds) // between two of its visits
            ended.append(*std::exchange(entry.rounds, std::nullopt));
        else if (entry.waiting) {
            CheckResult &result = ended.emplaceBack();
            result.account = entry.settings.id;
            result.finishedAt = m_clock.now();
            result.error = cancelled;
        }
        entry.waiting = false;
    }
    for (MailCheck *check : std::as_const(running))
        check->cancel();
    for (const AccountId id : std::as_const(refused))
        refuseCredentials(id, cancelled);
    for (const CheckResult &result : std::as_const(ended))
        Q_EMIT checked(result);
    plan();
}

bool CheckQueue::isRunning() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) { return entry.running; });
}

bool CheckQueue::hasOnlyNewLooks(const AccountSettings &changed) const
{
    const auto entry = m_entries.constFind(changed.id);
    return entry != m_entries.cend() && entry->settings.differsOnlyInLooks(changed);
}

void CheckQueue::noteNetworkReturned()
{
    if (!m_occasion.isActive())
        m_occasion.start();
}

void CheckQueue::noteSlept()
{
    QList<MailCheck *> running;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.running)
            running.append(entry.running);
    }
    for (MailCheck *check : std::as_const(running))
        check->interrupt();
    noteNetworkReturned();
}

void CheckQueue::takeOccasion()
{
    if (!m_scheduled || m_offline)
        return;
    const QDateTime now = m_clock.now();
    for (Entry &entry : m_entries) {
        if (entry.running || entry.wanted)
            continue;
        if (const std::optional<QDateTime> due = occasionalCheck(entry.settings, entry.history, now))
            entry.occasion = due;
    }
    startDue();
}

bool CheckQueue::isFree(const AccountSettings &mailbox) const
{
    return !isVisiting(mailbox) && !(m_holder && m_holder->isBusy(mailbox));
}

bool CheckQueue::mayRun(const Entry &entry) const
{
    const auto running = std::count_if(
        m_entries.cbegin(), m_entries.cend(), [](const Entry &other) { return other.running != nullptr; });
    return running < mostAtOnce && isFree(entry.settings);
}

std::optional<QDateTime> CheckQueue::closedUntil(const AccountSettings &mailbox) const
{
    return latest(mailbox, earliestWish);
}

std::optional<QDateTime> CheckQueue::renewableAt(const AccountSettings &mailbox) const
{
    return latest(mailbox, [](const CheckHistory &history, const QDateTime &now) {
        CheckHistory kept = history;
        kept.tooSoonAt = history.loginAt;
        return earliestWish(kept, now);
    });
}

std::optional<QDateTime> CheckQueue::latest(const AccountSettings &mailbox, Earliest rule) const
{
    std::optional<QDateTime> until;
    const QDateTime now = m_clock.now();
    for (const Entry &other : m_entries) {
        if (!sameMailbox(other.settings, mailbox))
            continue;
        const std::optional<QDateTime> earliest = rule(other.history, now);
        if (earliest && (!until || *earliest > *until))
            until = earliest;
    }
    return until;
}

std::optional<QDateTime> CheckQueue::mayNotStartBefore(const Entry &entry) const
{
    // With the session of somebody else, there is no new login.
    return m_holder && m_holder->hasSession(entry.settings)
        ? std::nullopt
        : latest(entry.settings, entry.byHand ? earliestWish : earliestLogin);
}

void CheckQueue::noteLogin(const ServerAnnouncement &server)
{
    if (const auto entry = m_entries.find(server.account); entry != m_entries.end()) {
        entry->history.tooSoonAt = {};
        keep(*entry, server, false);
        plan();
    }
}

void CheckQueue::noteTooSoon(AccountId account)
{
    const auto entry = m_entries.find(account);
    if (entry == m_entries.end())
        return;
    ServerAnnouncement server = entry->server;
    server.loginAt = m_clock.now();
    entry->history.tooSoonAt = server.loginAt;
    keep(*entry, server, true);
    plan();
}

void CheckQueue::startWanted()
{
    if (m_offline)
        return;
    const QDateTime now = m_clock.now();
    QList<AccountId> order = m_entries.keys();
    std::sort(order.begin(), order.end(), [this](AccountId one, AccountId other) {
        return m_entries[one].settings.position < m_entries[other].settings.position;
    });
    for (const AccountId id : std::as_const(order)) {
        Entry &entry = m_entries[id];
        if ((!entry.wanted && !entry.ordersWanted) || entry.running)
            continue;
        if (!entry.credentials) {
            // A program may take its time: the check can be seen meanwhile, and be stopped.
            if (!entry.settings.tokenProgram.isEmpty() && !entry.refused)
                sayWaiting(entry, now);
            if (!std::exchange(entry.asked, true))
                Q_EMIT credentialsNeeded(id);
            continue;
        }
        if (const std::optional<QDateTime> until = mayNotStartBefore(entry)) {
            if (!std::exchange(entry.postponed, true))
                Q_EMIT postponed(id, *until);
            continue;
        }
        if (mayRun(entry))
            start(entry);
        else
            sayWaiting(entry, now);
    }
}

void CheckQueue::sayWaiting(Entry &entry, const QDateTime &now)
{
    if (std::exchange(entry.waiting, true) || entry.rounds)
        return;
    Q_EMIT started(entry.settings.id);
    CheckProgress progress;
    progress.account = entry.settings.id;
    Q_EMIT progressed(progress);
    tell(entry, now);
}

void CheckQueue::start(Entry &entry)
{
    const bool ordersOnly = !entry.wanted;
    entry.runsByHand = entry.byHand;
    entry.wanted = entry.ordersWanted = entry.byHand = false;
    entry.postponed = false;
    entry.occasion.reset();
    auto *check = new MailCheck(entry.settings, *entry.credentials, m_writer, m_connectTo, m_options, this,
        m_holder ? m_holder->handOver(entry.settings) : nullptr, m_clock);
    if (ordersOnly)
        check->setOrdersOnly();
    check->holdDeletions(m_holdsDeletions);
    entry.consentUsed = std::exchange(entry.consented, 0);
    check->setConsentedDeletions(entry.consentUsed);
    entry.running = check;
    const AccountId id = entry.settings.id;
    connect(check, &MailCheck::progressed, this, &CheckQueue::progressed);
    connect(check, &MailCheck::arrived, this, &CheckQueue::arrived);
    connect(check, &MailCheck::completed, this, &CheckQueue::completed);
    connect(check, &MailCheck::wire, this, [this, id](const net::WireLine &line) { Q_EMIT wire(id, line); });
    connect(check, &MailCheck::finished, this, [this, id, check](CheckResult result) {
        check->deleteLater();
        // The account may have been led to another server meanwhile.
        if (const auto now = m_entries.constFind(id);
            now != m_entries.cend() && serverOf(now->settings) != serverOf(check->account()))
            result.server.reset();
        finish(id, result);
    });
    const bool wasWaiting = std::exchange(entry.waiting, false);
    if (!wasWaiting && !entry.rounds)
        Q_EMIT started(id);
    tell(entry, m_clock.now());
    check->start();
}

/// Takes in what a visit told of the account and its server.
void CheckQueue::learn(Entry &entry, const CheckResult &result)
{
    CheckHistory &history = entry.history;
    history.finishedAt = result.finishedAt;
    const auto byPerson = [](const std::optional<ErrorKind> &kind) {
        return kind && remedyFor(*kind).again == Again::ByPerson;
    };
    const std::optional<ErrorKind> before =
        std::exchange(history.error, result.error ? std::optional(result.error->kind) : std::nullopt);
    // What the network did before is no reason to wait longer for the person.
    const bool inARow = byPerson(before) || !byPerson(history.error);
    history.failures = !result.error ? 0 : inARow ? history.failures + 1 : 1;
    if (history.error == ErrorKind::TooSoon)
        history.tooSoonAt = history.finishedAt;
    else if (!result.error)
        history.tooSoonAt = {};

    keep(entry, result.server.value_or(entry.server), history.error == ErrorKind::TooSoon);
}

void CheckQueue::keep(Entry &entry, ServerAnnouncement server, bool tooSoon)
{
    if (const ServerAnnouncement before = keptAnnouncement(m_writer, entry.settings);
        server.loginDelay == 0 && before.loginDelayLearned) {
        server.loginDelay = before.loginDelay;
        server.loginDelayLearned = true;
    }
    if (tooSoon && (server.loginDelay == 0 || server.loginDelayLearned)) {
        server.loginDelay = learnedLoginDelay(server.loginDelay);
        server.loginDelayLearned = true;
    }
    server.account = entry.settings.id;
    entry.history.loginAt = server.loginAt;
    entry.history.loginDelay = server.loginDelay;
    // That it could not be kept is no reason to call the visit a failure.
    (void)keepAnnouncement(m_writer, entry.settings, server);
    if (std::exchange(entry.server, server) != server)
        Q_EMIT announced(server);
}

void CheckQueue::finish(AccountId account, CheckResult result)
{
    const auto entry = m_entries.find(account);
    if (entry == m_entries.end()) {
        Q_EMIT checked(result);
    } else if (shouldRenewToken(*entry, result)) {
        entry->running = nullptr;
        entry->credentials.reset();
        (result.ordersOnly ? entry->ordersWanted : entry->wanted) = true;
        entry->asked = true;
        entry->renewed = true;
        entry->refused = result;
        entry->consented = qMax(entry->consented, entry->consentUsed);
        Q_EMIT tokenRefused(account);
        return;
    } else {
        entry->running = nullptr;
        learn(*entry, result);
        if (entry->rounds)
            result = together(*std::exchange(entry->rounds, std::nullopt), std::move(result));
        if (!result.error || result.error->kind != ErrorKind::Cancelled) {
            entry->told.error = result.error;
            entry->told.checkedAt = result.finishedAt;
            // Only told to the person: what could not be kept is no reason to fail.
            (void)m_writer.setAccountFact(account, lastCheckFact(), result.finishedAt.toString(Qt::ISODate).toLatin1());
        }
        entry->told.account = {};
        // Whoever asked was told that it is tried again, however rarely the account is checked by itself.
        if (std::exchange(entry->runsByHand, false) && result.error
            && (result.error->kind == ErrorKind::TooSoon || result.error->kind == ErrorKind::MailboxInUse)) {
            const QDateTime now = m_clock.now();
            const std::chrono::seconds pause = retryPause(result.error->kind, entry->history.failures).value_or(0s);
            entry->occasion = latest(entry->settings, earliestWish).value_or(now.addDuration(pause));
        }
        if (result.mayHoldMore && !result.error && !m_offline) {
            entry->occasion = mayNotStartBefore(*entry);
            if (!entry->occasion) {
                entry->rounds = result;
                entry->wanted = true;
            }
        }
        if (!entry->rounds)
            Q_EMIT checked(result);
    }
    startWanted();
    plan();
}

std::optional<QDateTime> CheckQueue::dueAt(const Entry &entry, const QDateTime &now) const
{
    if (entry.running)
        return std::nullopt;
    if (entry.wanted || entry.ordersWanted) {
        // One that waits for another's end starts when that ends, not by the clock.
        const bool mayStart = entry.credentials && mayRun(entry);
        return mayStart ? std::optional(mayNotStartBefore(entry).value_or(now)) : std::nullopt;
    }
    if (!m_scheduled)
        return std::nullopt;
    const std::optional<QDateTime> regular = nextCheck(entry.settings, entry.history, now);
    if (!regular || !entry.occasion)
        return regular ? regular : entry.occasion;
    return qMin(*regular, *entry.occasion);
}

/// What happened at a time that is to come happened by a clock that was wrong: by this one, it was now at the latest.
/// Else a server that wants some minutes between logins would stay closed for years.
void CheckQueue::forgetTheFuture(const QDateTime &now)
{
    constexpr int tolerance = 60;
    for (Entry &entry : m_entries) {
        if (entry.history.loginAt > now.addSecs(tolerance))
            entry.history.loginAt = now;
        if (entry.history.tooSoonAt > now.addSecs(tolerance))
            entry.history.tooSoonAt = now;
        if (entry.told.checkedAt > now.addSecs(tolerance))
            entry.told.checkedAt = {};
    }
}

void CheckQueue::plan()
{
    m_timer.stop();
    const QDateTime now = m_clock.now();
    forgetTheFuture(now);
    for (Entry &entry : m_entries)
        tell(entry, now);
    if (m_offline)
        return;
    std::optional<QDateTime> first;
    for (const Entry &entry : std::as_const(m_entries)) {
        const std::optional<QDateTime> due = dueAt(entry, now);
        if (due && (!first || *due < *first))
            first = due;
    }
    if (first) {
        // Not longer than a minute: a clock that is set must not leave an account waiting for hours.
        constexpr qint64 longest = 60'000;
        m_timer.start(int(qBound<qint64>(0, now.msecsTo(*first), longest)));
    }
}

void CheckQueue::tell(Entry &entry, const QDateTime &now)
{
    AccountState state = entry.told;
    state.account = entry.settings.id;
    state.running = entry.running || entry.waiting;
    state.nextAt = {};
    if (m_scheduled && !m_offline && !state.running)
        state.nextAt = nextCheck(entry.settings, entry.history, now).value_or(QDateTime());
    if (state == entry.told)
        return;
    entry.told = state;
    Q_EMIT stateChanged(state);
}

void CheckQueue::startDue()
{
    const QDateTime now = m_clock.now();
    for (Entry &entry : m_entries) {
        if (entry.running || entry.wanted)
            continue;
        const std::optional<QDateTime> due = dueAt(entry, now);
        if (due && *due <= now) {
            entry.wanted = true;
            entry.renewed = false;
            // Nobody waits for it, so nobody is told that it comes later.
            entry.postponed = true;
        }
    }
    startWanted();
    plan();
}

} // namespace satchel::sync
