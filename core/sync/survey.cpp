// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/survey.h"

#include "sync/elsewhere.h"
#include "sync/lastlisting.h"

#include <algorithm>
#include <utility>

namespace satchel::sync {

namespace {

constexpr int largeMailbox = 1000;

} // namespace

Survey::Survey(
    const AccountSettings &account, store::Writer &writer, pop3::Session &session, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_account(account)
    , m_writer(writer)
    , m_session(session)
    , m_clock(clock)
    , m_recognition(writer, account.id)
{
    connect(&session, &pop3::Session::stated, this, &Survey::takeStat);
    connect(&session, &pop3::Session::listed, this, &Survey::takeListing);
    connect(&session, &pop3::Session::topped, this, &Survey::recognise);
    connect(&session, &pop3::Session::refused, this, [this](pop3::Verb verb, int number, const Error &) {
        if (verb == pop3::Verb::Top)
            refuseHeader(number);
    });
}

void Survey::start()
{
    m_session.stat();
    // Where there is much and nothing is new, LIST would cost as much again as UIDL and tell what the ledger knows.
    m_namesAsked = m_writer.ledgerHolds(m_account.id, largeMailbox).value_or(false);
    if (m_namesAsked)
        m_session.listNames();
    else
        m_session.list();
}

void Survey::takeStat(int count, qint64 bytes)
{
    m_statedCount = count;
    m_statedBytes = bytes;
}

void Survey::takeListing(const QList<pop3::ListedMessage> &listing, bool uidlSupported)
{
    if (m_over)
        return;
    m_listing = listing;
    m_unnamed.clear();
    m_sizesMissing = std::exchange(m_namesAsked, false) && uidlSupported;
    m_nameless = !uidlSupported && !listing.isEmpty();
    m_recognition.setNamedByNumber(!namedByNumber(listing, NumberedBy::AnyForm).isEmpty());
    takeNumbersForNoNames();
    const QList<pop3::ListedMessage> nameless = namelessMessages();
    if (nameless.isEmpty())
        nameByHeaders();
    else
        askForHeaders(nameless);
}

void Survey::takeNumbersForNoNames()
{
    const QSet<int> numbered =
        m_nameless || !m_topUsable ? QSet<int>() : namedByNumber(m_listing, NumberedBy::BareNumber);
    m_numbered = !numbered.isEmpty();
    if (!m_numbered)
        return;
    m_numberedListing = m_listing;
    for (pop3::ListedMessage &listed : m_listing) {
        if (numbered.contains(listed.number))
            listed.uidl.clear();
    }
    rememberNumbers();
}

void Survey::rememberNumbers()
{
    m_remembered.clear();
    const Expected<std::optional<LastListing>> last = lastListing(m_writer, m_account);
    if (!last || !*last || !(*last)->numbered || (*last)->messages.size() > m_listing.size())
        return;
    const auto byNumber = [](const pop3::ListedMessage &one, const pop3::ListedMessage &other) {
        return one.number < other.number;
    };
    QList<pop3::ListedMessage> before = (*last)->messages;
    QList<pop3::ListedMessage> now = m_listing;
    std::ranges::sort(before, byNumber);
    std::ranges::sort(now, byNumber);
    QByteArrayList names;
    for (qsizetype i = 0; i < before.size(); ++i) {
        const bool sameSize = now.at(i).size == 0 || now.at(i).size == before.at(i).size;
        if (now.at(i).number != i + 1 || !now.at(i).uidl.isEmpty() || !sameSize || !isNamedByHeader(before.at(i).uidl))
            return;
        names.append(before.at(i).uidl);
    }
    m_remembered = names;
}

QList<pop3::ListedMessage> Survey::namelessMessages()
{
    QList<pop3::ListedMessage> nameless = m_recognition.nameless(m_listing);
    nameless.removeIf([this](const pop3::ListedMessage &listed) { return listed.number < m_remembered.size(); });
    return nameless;
}

bool Survey::nameByMemory()
{
    const QByteArrayList remembered = std::exchange(m_remembered, {});
    if (remembered.isEmpty())
        return true;
    if (nameByHeader(m_recognition.hashOf(int(remembered.size()))) != remembered.constLast()) {
        const QList<pop3::ListedMessage> nameless = namelessMessages();
        if (nameless.isEmpty())
            return true;
        askForHeaders(nameless);
        return false;
    }
    for (pop3::ListedMessage &listed : m_listing) {
        if (listed.uidl.isEmpty() && listed.number < remembered.size())
            listed.uidl = remembered.at(listed.number - 1);
    }
    return true;
}

/// What has no name and no header either stays on the server: it cannot be told from what is here.
void Survey::nameByHeaders()
{
    // Without headers, a number is a better name than none.
    if (m_numbered && !m_recognition.hasHeaders()) {
        m_numbered = false;
        m_recognition.trustNumbers();
        m_listing = std::exchange(m_numberedListing, {});
    }
    if (m_numbered && !nameByMemory())
        return;
    m_listing = m_recognition.named(m_listing);
    m_listing.removeIf([this](const pop3::ListedMessage &listed) {
        if (listed.uidl.isEmpty())
            m_unnamed.append(listed);
        return listed.uidl.isEmpty();
    });
    makePlan();
}

/// The first alone, and another where that one is refused: a server that has no TOP is not asked for each message.
void Survey::askForHeaders(const QList<pop3::ListedMessage> &suspects)
{
    m_toAsk.clear();
    for (const pop3::ListedMessage &suspect : suspects) {
        m_awaitedHeaders.insert(suspect.number);
        m_toAsk.append(suspect.number);
    }
    if (!m_topUsable)
        refuseHeader(m_toAsk.constFirst());
    else if (m_topGiven)
        askForTheOthers();
    else
        m_session.top(m_toAsk.takeFirst(), 0);
}

void Survey::askForTheOthers()
{
    const QList<int> numbers = std::exchange(m_toAsk, {});
    for (const int number : numbers) {
        m_session.top(number, 0);
        if (m_over)
            return;
    }
}

void Survey::recognise(int number, const QByteArray &header)
{
    if (m_over || !m_awaitedHeaders.remove(number))
        return;
    m_topGiven = true;
    m_recognition.note(number, header);
    askForTheOthers();
    if (m_awaitedHeaders.isEmpty())
        settle();
}

void Survey::refuseHeader(int number)
{
    if (m_over || !m_awaitedHeaders.remove(number))
        return;
    // What is known by its name alone is fetched once more then, and held against what is stored (compareUnproven).
    m_recognition.noteRefused(number);
    constexpr int enough = 3;
    if (!m_topGiven && m_topUsable && ++m_topRefusals < enough && !m_toAsk.isEmpty()) {
        m_session.top(m_toAsk.takeFirst(), 0);
        return;
    }
    if (!m_topGiven) {
        if (m_nameless) {
            fail({ErrorKind::ServerRefused,
                tr("The server %1 gives neither names nor headers of its messages (no UIDL, no TOP), so known mail "
                   "cannot be told from new, and nothing was fetched; ask the provider for a current POP3 server.")
                    .arg(m_account.host),
                ErrorAction::EditAccount, {}, {}});
            return;
        }
        m_topUsable = false;
        for (const int other : std::exchange(m_toAsk, {})) {
            m_awaitedHeaders.remove(other);
            m_recognition.noteRefused(other);
        }
    }
    if (m_awaitedHeaders.isEmpty())
        settle();
}

void Survey::settle()
{
    const Expected<int> settled = m_recognition.settle(m_clock.now());
    if (!settled) {
        fail(settled.error());
        return;
    }
    m_recognisedCount = *settled;
    m_recognised = true;
    nameByHeaders();
}

QDateTime Survey::timeOnLine() const
{
    const Moment now = m_clock.moment();
    const bool measured = now.boot.id == m_begun.boot.id && now.boot.passed >= m_begun.boot.passed;
    const qint64 passed =
        measured ? (now.boot.passed - m_begun.boot.passed).count() : qMax<qint64>(m_begun.wall.msecsTo(now.wall), 0);
    return m_time->now().addMSecs(passed);
}

Expected<void> Survey::readTheClock()
{
    if (m_time)
        return {};
    m_begun = m_clock.moment();
    const Expected<CountedTime> time = beginVisit(m_writer, m_account.id, m_begun);
    if (!time)
        return std::unexpected(time.error());
    m_time = *time;
    return {};
}

void Survey::makePlan()
{
    // Before the ledger is read: the clock may know better when what is there was stored.
    if (const Expected<void> read = readTheClock(); !read) {
        fail(read.error());
        return;
    }
    LedgerMatch match(m_listing, m_recognition.proven());
    const Expected<void> read =
        m_writer.eachLedgerEntry(m_account.id, [&match](const store::LedgerEntry &row) { match.add(row); });
    if (!read) {
        fail(read.error());
        return;
    }
    match.end();
    if (m_sizesMissing && !match.takeSizesFromLedger(m_statedCount, m_statedBytes)) {
        m_listing.clear(); // it comes again, with sizes
        m_session.addSizes();
        return;
    }
    const QDateTime now = m_time->now();
    // What headers told may be of messages that stay.
    const bool countsOnly = m_staying == Staying::Counted && !m_recognised;
    m_plan = planRetrieval(match, m_account, *m_time, m_consented, countsOnly ? Staying::Counted : Staying::Listed);
    if (countsOnly && !m_plan.changesNothing())
        m_plan = planRetrieval(match, m_account, *m_time, m_consented);
    if (m_sizesMissing) {
        m_unchanged = m_plan.changesNothing() && !m_listing.isEmpty();
        m_listing = m_unchanged ? QList<pop3::ListedMessage>() : match.sizedListing();
    }
    if (const Expected<bool> asked = lookAgain(); !asked || *asked) {
        if (!asked)
            fail(asked.error());
        return;
    }
    if (!m_numbered)
        deleteNothingByMemory(m_plan, m_nameless);
    compareUnproven();
    if (const Expected<void> left = leaveWhatOthersHave(now); !left) {
        fail(left.error());
        return;
    }
    if (!m_plan.reappeared.isEmpty() || !m_plan.vanished.isEmpty()) {
        const Expected<void> noted = m_writer.noteListing(m_account.id, m_plan.reappeared, m_plan.vanished, now);
        if (!noted) {
            fail(noted.error());
            return;
        }
    }
    m_over = true;
    Q_EMIT planned();
}

Expected<bool> Survey::lookAgain()
{
    if (!m_recognition.needsLedger(m_plan))
        return false;
    const Expected<QList<store::LedgerEntry>> ledger = m_writer.ledger(m_account.id);
    if (!ledger)
        return std::unexpected(ledger.error());
    const QList<pop3::ListedMessage> suspects = m_recognition.suspects(m_plan, *ledger);
    if (!suspects.isEmpty())
        askForHeaders(suspects);
    else if (m_recognition.isUnsettled())
        settle();
    else
        return false;
    return true;
}

/// Of what is known by a name that no header could prove, the whole has to tell which message it is.
void Survey::compareUnproven()
{
    const QSet<int> &unproven = m_recognition.unproven();
    if (unproven.isEmpty())
        return;
    // What was doubted has no date by which it goes; proven by the whole, it is as good as stored now. What needs
    // consent is due with the next visit, which asks for it.
    const auto isDoubted = [&unproven](const PlannedMessage &message) {
        return unproven.contains(message.listed.number) && message.stored && !message.shared && !message.due;
    };
    const qsizetype doubted = std::ranges::count_if(m_plan.leave, isDoubted) + m_plan.remove.size();
    const bool mayGo = !needsConsent(doubted, m_listing.size()) || doubted <= m_consented;
    QSet<store::UidlKey> open;
    for (auto *list : {&m_plan.leave, &m_plan.remove, &m_plan.held}) {
        for (qsizetype i = list->size() - 1; i >= 0; --i) {
            if (!unproven.contains(list->at(i).listed.number))
                continue;
            PlannedMessage message = list->takeAt(i);
            if (list == &m_plan.held)
                message.due.reset();
            else if (mayGo && isDoubted(message))
                message.due = dueOnceStored(m_account);
            message.compare = true;
            open.insert(message.key);
            m_plan.fetchBytes += message.listed.size;
            m_plan.fetch.append(message);
        }
    }
    // First: what turns out to be known by a name that has passed on must not be stored anew before.
    std::ranges::stable_partition(m_plan.fetch, &PlannedMessage::compare);
    m_plan.reappeared.removeIf([&open](const store::UidlKey &key) { return open.contains(key); });
}

/// What another program has fetched stays where it is, unless the person wishes otherwise.
Expected<void> Survey::leaveWhatOthersHave(const QDateTime &now)
{
    if (m_nameless || (m_plan.fetch.isEmpty() && m_plan.tooLarge.isEmpty()))
        return {};
    const Expected<QList<FetchedElsewhere>> fetched = m_writer.fetchedElsewhere(m_account.id);
    if (!fetched)
        return std::unexpected(fetched.error());
    if (fetched->isEmpty())
        return {};
    const QHash<int, store::Writer::KnownElsewhere> known = matchElsewhere(m_listing, *fetched);
    QList<store::Writer::KnownElsewhere> met;
    for (auto *list : {&m_plan.fetch, &m_plan.tooLarge}) {
        list->removeIf([&](const PlannedMessage &message) {
            const auto record = known.constFind(message.listed.number);
            if (record == known.constEnd() || record->key != message.key || message.wished)
                return false;
            met.append(*record);
            m_plan.leave.append(message);
            m_plan.leave.last().due.reset();
            if (list == &m_plan.fetch)
                m_plan.fetchBytes -= message.listed.size;
            return true;
        });
    }
    m_plan.elsewhere += met.size();
    return m_writer.setElsewhere(m_account.id, met, now);
}

void Survey::fail(const Error &error)
{
    m_over = true;
    Q_EMIT failed(error);
}

} // namespace satchel::sync
