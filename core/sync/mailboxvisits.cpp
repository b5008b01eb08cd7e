// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mailboxvisits.h"

#include <algorithm>
#include <utility>

namespace satchel::sync {

namespace {

bool sameMailbox(const AccountSettings &one, const AccountSettings &other)
{
    return one.userName == other.userName && one.host.compare(other.host, Qt::CaseInsensitive) == 0;
}

} // namespace

MailboxVisits::MailboxVisits(store::Writer &writer, CheckQueue &checks, TransportFactory connectTo, QObject *parent)
    : QObject(parent)
    , m_writer(writer)
    , m_checks(checks)
    , m_connectTo(std::move(connectTo))
{
    m_checks.setHolder(this);
    connect(&m_checks, &CheckQueue::started, this, [this](AccountId account) {
        if (m_visits.contains(account))
            Q_EMIT phaseChanged(account, VisitPhase::Applying);
    });
    connect(&m_checks, &CheckQueue::checked, this, &MailboxVisits::checkEnded);
    m_lookAgain.setSingleShot(true);
    connect(&m_lookAgain, &QTimer::timeout, this, &MailboxVisits::lookAgain);
}

MailboxVisits::~MailboxVisits()
{
    m_checks.setHolder(nullptr);
}

void MailboxVisits::setAccounts(const QList<AccountSettings> &accounts)
{
    const QHash<AccountId, AccountSettings> before = std::exchange(m_accounts, {});
    for (const AccountSettings &settings : accounts) {
        m_accounts.insert(settings.id, settings);
        MailboxVisit *open = visit(settings.id);
        if (open && before.value(settings.id) != settings) {
            open->rest();
            open->setAccount(settings);
            open->list();
        }
    }
    for (const AccountId account : m_visits.keys()) {
        if (!m_accounts.contains(account))
            close(account);
    }
}

MailboxVisit *MailboxVisits::visit(AccountId account) const
{
    return m_visits.value(account, nullptr);
}

MailboxVisit *MailboxVisits::make(const AccountSettings &settings)
{
    auto *visit = new MailboxVisit(settings, {}, m_writer, m_connectTo, m_options, this, m_checks.clock());
    const AccountId id = settings.id;
    m_visits.insert(id, visit);
    connect(visit, &MailboxVisit::connectionWanted, this, [this, id] { connectWhenFree(id); });
    connect(visit, &MailboxVisit::phaseChanged, this, [this, id](VisitPhase phase) {
        if (phase != VisitPhase::Resting || !m_delayed.contains(id)) // it waits, which says more
            Q_EMIT phaseChanged(id, phase);
    });
    connect(visit, &MailboxVisit::announced, &m_checks, &CheckQueue::noteLogin);
    connect(visit, &MailboxVisit::announced, this, [this, id] { m_renewed.remove(id); });
    connect(visit, &MailboxVisit::listed, this, &MailboxVisits::listed);
    connect(visit, &MailboxVisit::headersKnown, this,
        [this, id](const QList<ServerHeader> &headers) { Q_EMIT headersKnown(id, headers); });
    connect(visit, &MailboxVisit::previewed, this,
        [this, id](const ServerPreview &preview) { Q_EMIT previewed(id, preview); });
    connect(visit, &MailboxVisit::failed, this, [this, id](const Error &error) {
        if (error.kind != ErrorKind::TooSoon) {
            if (!renewToken(id, error))
                Q_EMIT failed(id, error);
            return;
        }
        m_checks.noteTooSoon(id);
        if (const auto until = m_checks.closedUntil(m_accounts.value(id)))
            delay(id, *until);
        else
            Q_EMIT failed(id, error);
    });
    connect(visit, &MailboxVisit::wire, this, [this, id](const net::WireLine &line) { Q_EMIT wire(id, line); });
    // Not from within: a check may take the session over.
    connect(visit, &MailboxVisit::settled, &m_checks, &CheckQueue::startWanted, Qt::QueuedConnection);
    return visit;
}

void MailboxVisits::open(AccountId account)
{
    const auto settings = m_accounts.constFind(account);
    if (settings == m_accounts.constEnd())
        return;
    MailboxVisit *open = visit(account);
    if (!open)
        open = make(*settings);
    list(open);
}

void MailboxVisits::list(MailboxVisit *open)
{
    const std::optional<QDateTime> until = closedUntil(*open);
    if (open->isConnected() && until)
        delay(open->account().id, *until);
    else
        open->list();
}

std::optional<QDateTime> MailboxVisits::closedUntil(const MailboxVisit &open) const
{
    // What is listed can be looked at by the session that is there, which would be given up for one that is refused.
    return open.isConnected() ? m_checks.renewableAt(open.account()) : m_checks.closedUntil(open.account());
}

void MailboxVisits::delay(AccountId account, const QDateTime &until)
{
    m_delayed.insert(account, until);
    Q_EMIT phaseChanged(account, VisitPhase::Delayed);
    Q_EMIT delayed(account, until);
    planLook();
}

void MailboxVisits::lookAgain()
{
    for (const AccountId account : m_delayed.keys()) {
        MailboxVisit *open = visit(account);
        if (const auto until = open ? closedUntil(*open) : std::nullopt) {
            m_delayed.insert(account, *until);
            continue;
        }
        m_delayed.remove(account);
        if (open)
            open->list();
    }
    planLook();
}

void MailboxVisits::planLook()
{
    m_lookAgain.stop();
    if (m_delayed.isEmpty())
        return;
    const QDateTime now = m_checks.clock().now();
    // Not longer than a minute: a clock that is set must not leave a window waiting for hours.
    qint64 wait = 60'000;
    for (const QDateTime &until : std::as_const(m_delayed))
        wait = qMin(wait, now.msecsTo(until));
    constexpr qint64 shortest = 100;
    m_lookAgain.start(std::chrono::milliseconds(qMax(shortest, wait)));
}

void MailboxVisits::close(AccountId account)
{
    MailboxVisit *open = m_visits.take(account);
    if (!open)
        return;
    m_delayed.remove(account);
    open->disconnect(this);
    open->forget();
    open->rest();
    m_closing.append(open);
    const auto end = [this, open] {
        m_closing.removeOne(open);
        open->disconnect(this);
        open->deleteLater();
        for (const AccountId other : m_visits.keys())
            connectWhenFree(other);
    };
    if (open->isBusy())
        connect(open, &MailboxVisit::settled, this, end);
    else
        end();
}

void MailboxVisits::connectWhenFree(AccountId account)
{
    MailboxVisit *open = visit(account);
    if (!open || open->isConnected() || !open->wantsConnection())
        return;
    if (m_offline) {
        Q_EMIT phaseChanged(account, VisitPhase::Offline);
        return;
    }
    const std::optional<net::Credentials> credentials = m_checks.credentials(account);
    if (!credentials) {
        Q_EMIT phaseChanged(account, VisitPhase::Waiting);
        Q_EMIT credentialsNeeded(account);
        return;
    }
    const bool closing = std::ranges::any_of(
        m_closing, [open](const MailboxVisit *other) { return sameMailbox(other->account(), open->account()); });
    if (closing || m_checks.isVisiting(open->account())) {
        Q_EMIT phaseChanged(account, VisitPhase::Waiting);
        return; // checkEnded() comes back to it
    }
    if (const std::optional<QDateTime> until = m_checks.closedUntil(open->account())) {
        delay(account, *until);
        return;
    }
    m_delayed.remove(account);
    open->setCredentials(*credentials);
    open->connectNow();
}

void MailboxVisits::credentialsKnown(AccountId account)
{
    connectWhenFree(account);
}

void MailboxVisits::credentialsRefused(AccountId account, const Error &error)
{
    MailboxVisit *open = visit(account);
    if (!open || open->isConnected() || !open->wantsConnection() || m_checks.credentials(account)
        || error.text.isEmpty())
        return;
    open->forget();
    m_renewed.remove(account);
    Q_EMIT failed(account, error);
    Q_EMIT phaseChanged(account, VisitPhase::Resting);
}

/// That the token of an hour ago has expired is no news for anybody (Q9). Once, then the refusal stands.
bool MailboxVisits::renewToken(AccountId account, const Error &error)
{
    const std::optional<net::Credentials> refused = m_checks.credentials(account);
    const bool isRenewed = m_renewed.remove(account);
    if (isRenewed || error.kind != ErrorKind::AuthenticationFailed || !refused || refused->accessToken.isEmpty())
        return false;
    m_renewed.insert(account);
    m_checks.forgetCredentials(account);
    // When it has come to rest.
    QTimer::singleShot(0, this, [this, account] {
        if (MailboxVisit *open = visit(account))
            open->list();
    });
    return true;
}

void MailboxVisits::setOffline(bool offline)
{
    m_offline = offline;
    m_delayed.clear();
    for (auto open = m_visits.cbegin(); open != m_visits.cend(); ++open) {
        if (offline) {
            (*open)->rest();
            Q_EMIT phaseChanged(open.key(), VisitPhase::Offline);
        } else {
            (*open)->list();
        }
    }
}

void MailboxVisits::wantHeaders(AccountId account, const QList<int> &messages)
{
    if (MailboxVisit *open = visit(account))
        open->wantHeaders(messages);
}

void MailboxVisits::wantPreview(AccountId account, int message)
{
    if (MailboxVisit *open = visit(account))
        open->wantPreview(message);
}

void MailboxVisits::apply(AccountId account, const QList<ServerWish> &wishes)
{
    MailboxVisit *open = visit(account);
    if (!open)
        return;
    if (const Expected<void> noted = open->order(wishes); !noted) {
        Q_EMIT failed(account, noted.error());
        return;
    }
    // Kept in the ledger: where it cannot be done now, the next check does it.
    const bool needsServer = std::ranges::any_of(
        wishes, [](const ServerWish &wish) { return wish.mark == ServerMark::Get || wish.mark == ServerMark::Delete; });
    if (needsServer && !m_offline)
        m_checks.carryOutOrders(account);
    else
        list(open);
}

void MailboxVisits::checkEnded(const CheckResult &result)
{
    if (MailboxVisit *open = visit(result.account)) {
        if (result.error) {
            Q_EMIT failed(result.account, *result.error);
            Q_EMIT phaseChanged(result.account, VisitPhase::Resting);
        } else {
            open->list(); // what was there is not what is there now
        }
    }
    for (const AccountId account : m_visits.keys())
        connectWhenFree(account);
}

bool MailboxVisits::isBusy(const AccountSettings &mailbox) const
{
    const auto inTheWay = [&mailbox](const MailboxVisit *open) {
        return sameMailbox(open->account(), mailbox) && open->isBusy();
    };
    return std::ranges::any_of(m_visits, inTheWay) || std::ranges::any_of(m_closing, inTheWay);
}

bool MailboxVisits::hasSession(const AccountSettings &mailbox) const
{
    return std::ranges::any_of(m_visits, [&mailbox](const MailboxVisit *open) {
        return open->account().id == mailbox.id && sameMailbox(open->account(), mailbox) && open->isConnected()
            && !open->isBusy();
    });
}

std::unique_ptr<pop3::Session> MailboxVisits::handOver(const AccountSettings &mailbox)
{
    std::unique_ptr<pop3::Session> session;
    for (MailboxVisit *open : std::as_const(m_visits)) {
        if (!sameMailbox(open->account(), mailbox))
            continue;
        if (open->account().id == mailbox.id)
            session = open->handOver();
        else
            open->rest();
    }
    return session;
}

} // namespace satchel::sync
