// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/survey.h"

#include "sync/elsewhere.h"

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
    const QList<pop3::ListedMessage> nameless = m_recognition.nameless(listing);
    if (nameless.isEmpty())
        nameByHeaders();
    else
        askForHeaders(nameless);
}

/// What has no name and no header either stays on the server: it cannot be told from what is here.
void Survey::nameByHeaders()
{
    m_listing = m_recognition.named(m_listing);
    m_listing.removeIf([this](const pop3::ListedMessage &listed) {
        if (listed.uidl.isEmpty())
            m_unnamed.append(listed);
        return listed.uidl.isEmpty();
    });
    makePlan();
}

void Survey::askForHeaders(const QList<pop3::ListedMessage> &suspects)
{
    for (const pop3::ListedMessage &suspect : suspects)
        m_awaitedHeaders.insert(suspect.number);
    for (const pop3::ListedMessage &suspect : suspects) {
        m_session.top(suspect.number, 0);
        if (m_over)
            return;
    }
}

void Survey::recognise(int number, const QByteArray &header)
{
    if (m_over || !m_awaitedHeaders.remove(number))
        return;
    m_recognition.note(number, header);
    if (m_awaitedHeaders.isEmpty())
        settle();
}

void Survey::refuseHeader(int number)
{
    if (m_over || !m_awaitedHeaders.remove(number))
        return;
    if (m_nameless) {
        fail({ErrorKind::ServerRefused,
            tr("The server %1 gives neither names nor headers of its messages (no UIDL, no TOP), so known mail cannot "
               "be told from new, and nothing was fetched; ask the provider for a current POP3 server.")
                .arg(m_account.host),
            ErrorAction::EditAccount, {}, {}});
        return;
    }
    // It counts as new, then: fetched once more rather than missed. Equal bytes are still stored only once.
    if (m_awaitedHeaders.isEmpty())
        settle();
}

void Survey::settle()
{
    const Expected<int> settled = m_recognition.settle();
    if (!settled) {
        fail(settled.error());
        return;
    }
    m_recognisedCount = *settled;
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
    LedgerMatch match(m_listing);
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
    if (!m_recognised && Recognition::needsLedger(m_plan)) {
        const Expected<QList<store::LedgerEntry>> ledger = m_writer.ledger(m_account.id);
        if (!ledger) {
            fail(ledger.error());
            return;
        }
        const QList<pop3::ListedMessage> suspects = m_recognition.suspects(m_plan, *ledger, now);
        if (!suspects.isEmpty()) {
            m_recognised = true;
            askForHeaders(suspects);
            return;
        }
    }
    deleteNothingByMemory(m_plan, m_nameless);
    const QHash<int, store::UidlKey> &strangers = m_recognition.newUnderOldUidl();
    for (auto *list : {&m_plan.leave, &m_plan.remove, &m_plan.held}) {
        for (qsizetype i = list->size() - 1; i >= 0; --i) {
            const auto key = strangers.constFind(list->at(i).listed.number);
            if (key == strangers.constEnd())
                continue;
            PlannedMessage stranger = list->takeAt(i);
            stranger.key = *key;
            stranger.due.reset();
            m_plan.fetchBytes += stranger.listed.size;
            m_plan.fetch.append(stranger);
        }
    }
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
