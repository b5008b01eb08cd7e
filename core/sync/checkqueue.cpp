// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkqueue.h"

#include "base/localaccount.h"
#include <algorithm>
#include <utility>

namespace satchel::sync {

namespace {

bool sameMailbox(const AccountSettings &one, const AccountSettings &other)
{
    return one.userName == other.userName && one.host.compare(other.host, Qt::CaseInsensitive) == 0;
}

} // namespace

CheckQueue::CheckQueue(store::Writer &writer, TransportFactory connectTo, QObject *parent)
    : QObject(parent)
    , m_writer(writer)
    , m_connectTo(std::move(connectTo))
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &CheckQueue::startDue);
}

CheckQueue::~CheckQueue()
{
    cancel({});
}

void CheckQueue::setAccounts(const QList<AccountSettings> &accounts)
{
    QHash<AccountId, Entry> entries;
    for (const AccountSettings &settings : accounts) {
        Entry entry = m_entries.take(settings.id);
        // Whatever was changed may be what a failed check was waiting for.
        if (entry.settings != settings)
            entry.history = {};
        entry.settings = settings;
        entries.insert(settings.id, std::move(entry));
    }
    std::swap(m_entries, entries);
    for (const Entry &gone : std::as_const(entries)) {
        if (gone.running)
            gone.running->cancel();
    }
    plan();
}

void CheckQueue::setCredentials(AccountId account, const net::Credentials &credentials)
{
    const auto entry = m_entries.find(account);
    if (entry == m_entries.end())
        return;
    entry->credentials = credentials;
    entry->history.failures = 0;
    startWanted();
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
    plan();
}

void CheckQueue::waitForIntervals()
{
    for (Entry &entry : m_entries) {
        if (!entry.history.finishedAt.isValid())
            entry.history.finishedAt = QDateTime::currentDateTimeUtc();
    }
    plan();
}

void CheckQueue::check(const QList<AccountId> &accounts)
{
    for (Entry &entry : m_entries) {
        if (entry.running || !hasServer(entry.settings))
            continue;
        if (accounts.isEmpty() ? entry.settings.enabled : accounts.contains(entry.settings.id)) {
            entry.wanted = true;
            entry.asked = false;
        }
    }
    startWanted();
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
    if (entry == m_entries.end())
        return;
    // A check that runs may have passed the point; another follows it.
    entry->ordersWanted = true;
    entry->asked = false;
    startWanted();
}

bool CheckQueue::isVisiting(const AccountSettings &mailbox) const
{
    return std::any_of(m_entries.cbegin(), m_entries.cend(),
                       [&mailbox](const Entry &other) { return other.running && sameMailbox(other.settings, mailbox); });
}

std::optional<net::Credentials> CheckQueue::credentials(AccountId account) const
{
    return m_entries.value(account).credentials;
}

void CheckQueue::cancel(AccountId account)
{
    QList<MailCheck *> running;
    for (Entry &entry : m_entries) {
        if (account.isValid() && entry.settings.id != account)
            continue;
        entry.wanted = entry.ordersWanted = false;
        if (entry.running)
            running.append(entry.running);
    }
    for (MailCheck *check : std::as_const(running))
        check->cancel();
}

bool CheckQueue::isRunning() const
{
    return std::any_of(m_entries.begin(), m_entries.end(), [](const Entry &entry) { return entry.running; });
}

void CheckQueue::startWanted()
{
    if (m_offline)
        return;
    QList<AccountId> order = m_entries.keys();
    std::sort(order.begin(), order.end(), [this](AccountId one, AccountId other) {
        return m_entries[one].settings.position < m_entries[other].settings.position;
    });
    for (const AccountId id : std::as_const(order)) {
        Entry &entry = m_entries[id];
        if ((!entry.wanted && !entry.ordersWanted) || entry.running)
            continue;
        if (!entry.credentials) {
            if (!std::exchange(entry.asked, true))
                Q_EMIT credentialsNeeded(id);
            continue;
        }
        if (!isVisiting(entry.settings) && !(m_holder && m_holder->isBusy(entry.settings)))
            start(entry);
    }
}

void CheckQueue::start(Entry &entry)
{
    const bool ordersOnly = !entry.wanted;
    entry.wanted = entry.ordersWanted = false;
    auto *check = new MailCheck(entry.settings, *entry.credentials, m_writer, m_connectTo, m_options, this,
                                m_holder ? m_holder->handOver(entry.settings) : nullptr);
    if (ordersOnly)
        check->setOrdersOnly();
    check->setConsentedDeletions(std::exchange(entry.consented, 0));
    entry.running = check;
    const AccountId id = entry.settings.id;
    connect(check, &MailCheck::progressed, this, &CheckQueue::progressed);
    connect(check, &MailCheck::arrived, this, &CheckQueue::arrived);
    connect(check, &MailCheck::completed, this, &CheckQueue::completed);
    connect(check, &MailCheck::wire, this, [this, id](const net::WireLine &line) { Q_EMIT wire(id, line); });
    connect(check, &MailCheck::finished, this, [this, id, check](const CheckResult &result) {
        check->deleteLater();
        finish(id, result);
    });
    Q_EMIT started(id);
    check->start();
}

void CheckQueue::finish(AccountId account, const CheckResult &result)
{
    const auto entry = m_entries.find(account);
    if (entry != m_entries.end()) {
        entry->running = nullptr;
        entry->history.finishedAt = result.finishedAt;
        entry->history.error = result.error ? std::optional(result.error->kind) : std::nullopt;
        if (result.loginDelay > 0)
            entry->history.loginDelay = result.loginDelay;
        entry->history.failures = result.error ? entry->history.failures + 1 : 0;
    }
    Q_EMIT checked(result);
    startWanted();
    plan();
}

void CheckQueue::plan()
{
    m_timer.stop();
    if (!m_scheduled || m_offline)
        return;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    std::optional<QDateTime> first;
    for (const Entry &entry : std::as_const(m_entries)) {
        if (entry.running || entry.wanted || entry.ordersWanted)
            continue;
        const std::optional<QDateTime> due = nextCheck(entry.settings, entry.history, now);
        if (due && (!first || *due < *first))
            first = due;
    }
    if (first) {
        // Not longer than a minute: a machine that slept must notice soon that its hour has passed.
        constexpr qint64 longest = 60'000;
        m_timer.start(int(qBound<qint64>(0, now.msecsTo(*first), longest)));
    }
}

void CheckQueue::startDue()
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (Entry &entry : m_entries) {
        if (entry.running || entry.wanted)
            continue;
        const std::optional<QDateTime> due = nextCheck(entry.settings, entry.history, now);
        if (due && *due <= now)
            entry.wanted = true;
    }
    startWanted();
    plan();
}

} // namespace satchel::sync
