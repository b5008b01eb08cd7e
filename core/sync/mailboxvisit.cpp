// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mailboxvisit.h"

#include "mime/message.h"
#include "sync/announcement.h"
#include "sync/beginnings.h"
#include "sync/mailboxaccess.h"

#include <utility>

namespace satchel::sync {

namespace {

constexpr qsizetype mostAsked = 64;
constexpr int previewLines = 60;
constexpr qsizetype longestPreview = 20'000;
constexpr int mostLost = 2;
constexpr std::chrono::milliseconds tellEvery{60};

ServerHeader headerOf(int id, const Envelope &envelope)
{
    return {id, false, envelope.from, envelope.subject, envelope.date};
}

} // namespace

MailboxVisit::MailboxVisit(const AccountSettings &account, const net::Credentials &credentials, store::Writer &writer,
    TransportFactory connectTo, const pop3::SessionOptions &options, QObject *parent, const Clock &clock)
    : QObject(parent)
    , m_account(account)
    , m_credentials(credentials)
    , m_writer(writer)
    , m_connectTo(std::move(connectTo))
    , m_options(options)
    , m_clock(clock)
{
    m_tellSoon.setSingleShot(true);
    m_tellSoon.setInterval(tellEvery);
    connect(&m_tellSoon, &QTimer::timeout, this, &MailboxVisit::flush);
    connect(&m_alive, &QTimer::timeout, this, &MailboxVisit::keepAlive);
    setPatience(std::chrono::seconds(40), std::chrono::minutes(10));
}

MailboxVisit::~MailboxVisit()
{
    drop();
}

void MailboxVisit::setPatience(std::chrono::milliseconds noop, std::chrono::milliseconds rest)
{
    m_alive.setInterval(noop);
    m_restAfter = rest;
}

void MailboxVisit::list()
{
    m_wantsList = true;
    m_lost = 0;
    // A session sees the mailbox as it was at its login: what is there now, only another one tells.
    if (m_session && m_listed)
        rest();
    need();
}

void MailboxVisit::wantHeaders(const QList<int> &ids)
{
    m_headersWanted = ids;
    m_lost = 0;
    need();
}

void MailboxVisit::wantPreview(int id)
{
    m_previewWanted = id;
    m_lost = 0;
    need();
}

void MailboxVisit::need()
{
    m_sinceWish.start();
    if (!wantsConnection() || m_leaving)
        return;
    if (!m_session)
        Q_EMIT connectionWanted();
    else if (m_listed)
        pump();
}

void MailboxVisit::connectNow()
{
    if (m_session || m_leaving)
        return;
    const Expected<Access> access = accessTo(m_account, m_credentials, m_clock.now());
    if (!access) {
        fail(access.error());
        return;
    }
    const net::Endpoint &endpoint = access->endpoint;
    m_facts.emplace(m_writer, m_account, m_clock.now().toLocalTime().date());
    m_session =
        std::make_unique<pop3::Session>(m_connectTo(endpoint), endpoint, m_facts->applied(m_options, m_account));
    m_session->keepSecret(credentialsFor(m_account, m_credentials), namesOf(m_account));
    m_listed = false;
    m_topsGiven = 0;
    m_topRefused = m_facts->topFails();
    const auto *session = m_session.get();
    connect(session, &pop3::Session::ready, this, &MailboxVisit::enter);
    connect(session, &pop3::Session::loggedIn, this, &MailboxVisit::survey);
    connect(session, &pop3::Session::topped, this, &MailboxVisit::takeTop);
    connect(session, &pop3::Session::refused, this, &MailboxVisit::refuse);
    connect(session, &pop3::Session::failed, this, &MailboxVisit::lose);
    connect(session, &pop3::Session::wire, this, &MailboxVisit::wire);
    Q_EMIT phaseChanged(VisitPhase::Connecting);
    m_session->open();
}

void MailboxVisit::enter()
{
    m_session->login(credentialsFor(m_account, m_credentials), m_account.mechanism);
}

void MailboxVisit::survey()
{
    m_facts->noteLogin(*m_session);
    (void)m_facts->save(); // only spares trouble
    m_loginAt = m_clock.now();
    Q_EMIT announced(announcementOf(m_account.id, *m_session, m_loginAt));
    m_listed = false;
    Q_EMIT phaseChanged(VisitPhase::Listing);
    m_survey = std::make_unique<Survey>(m_account, m_writer, *m_session, m_clock);
    m_survey->setTopUsable(!m_facts->topFails());
    connect(m_survey.get(), &Survey::planned, this, &MailboxVisit::takePlan);
    connect(m_survey.get(), &Survey::failed, this, &MailboxVisit::fail);
    m_survey->start();
}

int MailboxVisit::idOf(const store::UidlKey &key)
{
    const auto known = m_ids.constFind(key);
    if (known != m_ids.constEnd())
        return *known;
    const int id = int(m_keys.size());
    m_keys.append(key);
    m_ids.insert(key, id);
    return id;
}

ServerMessage MailboxVisit::described(const PlannedMessage &message, ServerMessageState state, ServerFate fate)
{
    ServerMessage described;
    described.id = idOf(message.key);
    described.size = message.listed.size;
    described.state = state;
    described.fate = fate;
    described.goesOn = message.dueOn;
    m_numbers.insert(described.id, message.listed.number);
    m_sizes.insert(described.id, message.listed.size);
    return described;
}

void MailboxVisit::takePlan()
{
    const Expected<QList<store::LedgerEntry>> entries = m_writer.ledger(m_account.id);
    if (!entries) {
        fail(entries.error());
        return;
    }
    QHash<store::UidlKey, const store::LedgerEntry *> ledger;
    for (const store::LedgerEntry &entry : *entries)
        ledger.insert(entry.key, &entry);

    m_numbers.clear();
    m_sizes.clear();
    QList<std::pair<int, ServerMessage>> rows; // by number: as the server lists them
    const RetrievalPlan &plan = m_survey->plan();
    const auto add = [&](const QList<PlannedMessage> &list, ServerFate fate, bool fetched) {
        for (const PlannedMessage &message : list) {
            const store::LedgerEntry *entry = ledger.value(message.key);
            ServerMessageState state = ServerMessageState::New;
            if (entry && entry->wasStored())
                state = entry->message.isValid() ? ServerMessageState::Stored : ServerMessageState::DeletedHere;
            else if (entry && entry->stub && entry->message.isValid())
                state = ServerMessageState::Beginning;
            else if (entry && (entry->skipped || entry->stub))
                state = ServerMessageState::Skipped;
            else if (entry && entry->elsewhere)
                state = ServerMessageState::Elsewhere;
            else if (&list == &plan.tooLarge)
                state = ServerMessageState::TooLarge;
            else if (entry && entry->failures > 0)
                state = ServerMessageState::Failed;
            ServerMessage row = described(message, state, fate);
            if (fate == ServerFate::Stays && message.dueOn.isValid())
                row.fate = ServerFate::GoesOn;
            if (fetched && message.due)
                row.fate = ServerFate::GoesOnceStored;
            row.fetchedNext = fetched;
            if (entry)
                row.message = entry->message;
            row.deletable = !message.shared;
            row.provable = state == ServerMessageState::Stored && row.deletable;
            row.ordered = entry && (entry->wholeWished || message.due == store::DeletionRule::ByHand);
            rows.append({message.listed.number, row});
        }
    };
    add(plan.fetch, ServerFate::Stays, true);
    add(plan.remove, ServerFate::GoesNext, false);
    add(plan.held, ServerFate::AsksFirst, false);
    for (const auto *list : {&plan.leave, &plan.tooLarge, &plan.stubs, &plan.resting})
        add(*list, ServerFate::Stays, false);
    std::sort(rows.begin(), rows.end(), [](const auto &one, const auto &other) { return one.first < other.first; });

    ServerListing listing;
    listing.account = m_account.id;
    listing.at = m_clock.now();
    listing.messages.reserve(rows.size());
    for (const auto &row : std::as_const(rows))
        listing.messages.append(row.second);
    if (m_account.recentMode)
        listing.whyNoDeletion = tr("In Gmail's “recent:” mode, nothing is ever deleted on the server.");
    else if (m_survey->isNameless())
        listing.whyNoDeletion =
            tr("This server gives its messages no names (no UIDL), so that nothing is deleted there.");
    m_survey.release()->deleteLater(); // it is on the stack
    // CAPA was asked again (Q2, Q16).
    Q_EMIT announced(announcementOf(m_account.id, *m_session, m_loginAt));
    m_listed = true;
    m_wantsList = false;
    m_alive.start();
    Q_EMIT listed(listing);
    Q_EMIT phaseChanged(VisitPhase::Ready);
    Q_EMIT settled();
    pump();
}

void MailboxVisit::pump()
{
    if (!m_session || !m_listed)
        return;
    if (m_previewWanted)
        ask(*std::exchange(m_previewWanted, std::nullopt), true);
    // Where there is no TOP, one refusal is enough to know.
    const qsizetype most = m_topsGiven > 0 || m_topRefused ? mostAsked : 1;
    while (!m_headersWanted.isEmpty() && m_asked.size() < most)
        ask(m_headersWanted.takeFirst(), false);
}

void MailboxVisit::ask(int id, bool preview)
{
    const int number = m_numbers.value(id);
    if (number == 0 || m_topRefused) { // it went while nobody looked, or there is no TOP
        tell({id, true, {}, {}, {}});
        if (preview)
            Q_EMIT previewed({{id, true, {}, {}, {}}, {}, false});
        return;
    }
    m_asked[number].append({id, preview});
    m_session->top(number, preview ? previewLines : 0);
}

void MailboxVisit::takeTop(int number, const QByteArray &text)
{
    const auto found = m_asked.find(number);
    if (found == m_asked.end())
        return;
    const Asked asked = found->takeFirst();
    if (found->isEmpty())
        m_asked.erase(found);
    ++m_topsGiven;
    m_lost = 0;
    const QByteArray beginning = asBeginning(text);
    if (!beginning.isEmpty())
        m_headers.insert(asked.id, store::headerHash(beginning));
    if (beginning.isEmpty()) {
        tell({asked.id, true, {}, {}, {}});
    } else if (asked.preview) {
        const mime::Message message = mime::parse(beginning);
        ServerPreview preview;
        preview.header = {asked.id, false, message.from.value(0), message.subject, message.date.toUTC()};
        preview.text = message.text.left(longestPreview);
        preview.whole = beginning.size() >= m_sizes.value(asked.id);
        tell(preview.header);
        Q_EMIT previewed(preview);
    } else {
        tell(headerOf(asked.id, mime::index(beginning).envelope));
    }
    pump();
}

void MailboxVisit::tell(const ServerHeader &header)
{
    m_news.append(header);
    if (!m_tellSoon.isActive())
        m_tellSoon.start();
}

void MailboxVisit::flush()
{
    if (!m_news.isEmpty())
        Q_EMIT headersKnown(std::exchange(m_news, {}));
}

void MailboxVisit::refuse(pop3::Verb verb, int number, const Error &error)
{
    switch (verb) {
    case pop3::Verb::Top: {
        const auto found = m_asked.find(number);
        if (found == m_asked.end())
            return;
        const QList<Asked> asked = std::exchange(*found, {});
        m_asked.erase(found);
        m_topRefused = m_topsGiven == 0;
        for (const Asked &one : asked) {
            tell({one.id, true, {}, {}, {}});
            if (one.preview)
                Q_EMIT previewed({{one.id, true, {}, {}, {}}, {}, false});
        }
        pump();
        break;
    }
    case pop3::Verb::Stat:
    case pop3::Verb::Noop:
        break;
    case pop3::Verb::Quit:
        drop();
        break;
    default:
        fail(error);
        break;
    }
}

void MailboxVisit::lose(const Error &error)
{
    if (!m_asked.isEmpty() && error.kind == ErrorKind::ProtocolError) {
        m_facts->noteTopFails();
        (void)m_facts->save();
    }
    const bool wasListed = m_listed;
    // What was asked for and not answered is wanted still; what is seen first is asked for first.
    QList<int> again;
    for (const QList<Asked> &asked : std::as_const(m_asked)) {
        for (const Asked &one : asked) {
            if (one.preview)
                m_previewWanted = one.id;
            else
                again.append(one.id);
        }
    }
    m_headersWanted = again + m_headersWanted;
    drop();
    if (!wasListed || ++m_lost > mostLost) {
        fail(error);
        return;
    }
    // A server that hangs up while the person looks is no trouble before something is wanted of it.
    if (wantsConnection())
        Q_EMIT connectionWanted();
    else
        Q_EMIT phaseChanged(VisitPhase::Resting);
}

void MailboxVisit::forget()
{
    m_wantsList = false;
    m_headersWanted.clear();
    m_previewWanted.reset();
}

void MailboxVisit::fail(const Error &error)
{
    if (m_facts && error.kind == ErrorKind::AuthenticationFailed) {
        m_facts->noteLoginRefused();
        (void)m_facts->save(); // only spares trouble
    }
    forget();
    drop();
    Q_EMIT failed(error);
    Q_EMIT phaseChanged(VisitPhase::Resting);
}

void MailboxVisit::drop()
{
    m_alive.stop();
    m_asked.clear();
    m_listed = false;
    if (m_survey) {
        m_survey->disconnect(this);
        m_survey.release()->deleteLater();
    }
    if (!m_session)
        return;
    m_session->disconnect(this);
    m_session->abort();
    m_session.release()->deleteLater(); // it may be on the stack
    Q_EMIT settled();
}

void MailboxVisit::keepAlive()
{
    if (!m_session || !m_listed || m_session->commandsInFlight() > 0)
        return;
    if (m_sinceWish.isValid() && m_sinceWish.durationElapsed() >= m_restAfter)
        rest();
    else
        m_session->noop();
}

std::unique_ptr<pop3::Session> MailboxVisit::handOver()
{
    if (!m_session || !m_listed)
        return nullptr;
    m_alive.stop();
    m_asked.clear();
    m_listed = false;
    m_session->disconnect(this);
    return std::move(m_session);
}

void MailboxVisit::rest()
{
    if (!m_session)
        return;
    if (!m_listed) {
        drop();
        return;
    }
    m_alive.stop();
    m_listed = false;
    m_asked.clear();
    m_session->disconnect(this);
    // Until it has answered, the server lets nobody else in.
    pop3::Session *session = m_session.release();
    session->setParent(this);
    m_leaving = session;
    connect(session, &pop3::Session::wire, this, &MailboxVisit::wire);
    connect(session, &pop3::Session::finished, this, &MailboxVisit::left);
    connect(session, &pop3::Session::refused, this, [this](pop3::Verb verb) {
        if (verb == pop3::Verb::Quit)
            left();
    });
    connect(session, &pop3::Session::failed, this, &MailboxVisit::left);
    session->quit();
    Q_EMIT phaseChanged(VisitPhase::Resting);
}

void MailboxVisit::left()
{
    if (!m_leaving)
        return;
    m_leaving->disconnect(this);
    m_leaving->deleteLater();
    m_leaving = nullptr;
    Q_EMIT settled();
    need();
}

Expected<void> MailboxVisit::order(const QList<ServerWish> &wishes)
{
    QList<store::ServerOrder> orders;
    for (const ServerWish &wish : wishes) {
        if (wish.id < 0 || wish.id >= m_keys.size())
            continue;
        store::ServerOrder order{
            m_keys.at(wish.id), m_sizes.value(wish.id), {}, wish.sender, wish.subject, m_headers.value(wish.id)};
        switch (wish.mark) {
        case ServerMark::None:
            continue;
        case ServerMark::Get:
            order.kind = store::ServerOrder::Kind::Get;
            break;
        case ServerMark::Skip:
            order.kind = store::ServerOrder::Kind::Skip;
            break;
        case ServerMark::Delete:
            order.kind =
                wish.agreedToLose ? store::ServerOrder::Kind::DeleteAnyway : store::ServerOrder::Kind::DeleteIfStored;
            break;
        case ServerMark::Keep:
            order.kind = store::ServerOrder::Kind::Keep;
            break;
        }
        orders.append(order);
    }
    return m_writer.noteOrders(m_account.id, orders, m_clock.now());
}

} // namespace satchel::sync
