// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/retrievalplan.h"

#include <QTimeZone>

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

namespace satchel::sync {

namespace {

const QByteArray headerName = QByteArrayLiteral("header:");

/// How long a message that the server refused is left alone (Q39): an hour, then a day, then a week.
qint64 restSeconds(int failures)
{
    constexpr qint64 hour = 3600;
    if (failures <= 1)
        return hour;
    return failures == 2 ? 24 * hour : 7 * 24 * hour;
}

bool isResting(const LedgerMatch::Known &known, const QDateTime &now)
{
    if (known.failures == 0 || known.lastFailure == 0)
        return false;
    // A clock that was put back must not let a message rest for years (Q52).
    const qint64 since = (now.toMSecsSinceEpoch() - known.lastFailure) / 1000;
    return since >= 0 && since < restSeconds(known.failures);
}

/// Which messages are beyond what a count or a size keeps: the newest stay, and the highest numbers are the newest.
/// Unknown messages count as kept, though only stored ones are ever deleted.
QSet<int> beyondLimit(const LedgerMatch &match, const AccountSettings &policy)
{
    QSet<int> beyond;
    if (policy.retention != Retention::KeepCount && policy.retention != Retention::KeepSize)
        return beyond;
    const QList<pop3::ListedMessage> &listing = match.listing();
    QList<qsizetype> newestFirst(listing.size());
    std::iota(newestFirst.begin(), newestFirst.end(), 0);
    std::ranges::sort(newestFirst, std::ranges::greater(), [&](qsizetype i) { return listing.at(i).number; });
    constexpr qint64 megabyte = 1024 * 1024;
    qint64 count = 0;
    qint64 bytes = 0;
    for (const qsizetype i : std::as_const(newestFirst)) {
        ++count;
        bytes += qMax<qint64>(match.sizeOf(i), 0);
        const bool over = policy.retention == Retention::KeepCount ? count > qMax(policy.keepCount, 0)
                                                                   : bytes > qMax(policy.keepMegabytes, 0) * megabyte;
        if (over)
            beyond.insert(listing.at(i).number);
    }
    return beyond;
}

/// The rule by which a message that was stored at \a storedAt is to leave the server.
std::optional<store::DeletionRule> dueRule(
    const AccountSettings &policy, bool deleteWished, bool beyond, const QDateTime &storedAt, const CountedTime &time)
{
    if (policy.recentMode)
        return std::nullopt;
    if (deleteWished && policy.deleteWhenDeletedHere)
        return store::DeletionRule::DeletedHere;
    switch (policy.retention) {
    case Retention::Keep:
        break;
    case Retention::DeleteAfterDownload:
        return store::DeletionRule::AfterDownload;
    case Retention::KeepDays:
        if (time.havePassed(policy.keepDays, storedAt))
            return store::DeletionRule::Days;
        break;
    case Retention::KeepCount:
        if (beyond)
            return store::DeletionRule::Count;
        break;
    case Retention::KeepSize:
        if (beyond)
            return store::DeletionRule::Size;
        break;
    }
    return std::nullopt;
}

/// Whether a message stays on the server for its \a size. What was deleted here while only its beginning was known is
/// not wanted, unless the person says so.
bool isTooLarge(qint64 size, const LedgerMatch::Known &known, const AccountSettings &policy)
{
    if (known.wholeWished)
        return false;
    if (known.stub && !known.beginningKept)
        return true;
    return policy.sizeLimit > 0 && size > policy.sizeLimit;
}

/// What was never stored here has no header to be known by: where it was gone, and another size is listed by its name,
/// it is another message.
bool comesAnew(const LedgerMatch::Known &known, qint64 size)
{
    return known.state == store::ServerState::Absent && known.serverSize > 0 && size > 0 && size != known.serverSize;
}

/// What a visit that was cut short left behind is finished without asking: "delete after download" said so, and no
/// clock decided it.
bool isUnfinishedBusiness(const PlannedMessage &message, const QDateTime &storedAt, const QDateTime &now)
{
    constexpr int days = 2;
    return message.due == store::DeletionRule::AfterDownload && storedAt.addDays(days) > now;
}

} // namespace

bool RetrievalPlan::changesNothing() const
{
    return fetch.isEmpty() && remove.isEmpty() && held.isEmpty() && tooLarge.isEmpty() && stubs.isEmpty()
        && resting.isEmpty() && doubtful.isEmpty() && reappeared.isEmpty() && vanished.isEmpty();
}

bool needsConsent(qsizetype deletions, qsizetype listed)
{
    constexpr qsizetype many = 200;
    constexpr qsizetype few = 20;
    return deletions > many || (deletions > few && deletions * 4 > listed);
}

bool similarSizes(qint64 one, qint64 other)
{
    // Servers count line ends and added fields in different ways; more than this is another message.
    constexpr qint64 tolerance = 64;
    return qAbs(one - other) <= tolerance;
}

bool sizesAgree(qint64 knownSize, qint64 listedSize, qint64 stateBytes)
{
    return knownSize > 0 && listedSize > 0 && qAbs(listedSize - knownSize) <= stateBytes;
}

std::optional<store::DeletionRule> dueOnceStored(const AccountSettings &policy)
{
    if (policy.recentMode)
        return std::nullopt;
    if (policy.retention == Retention::DeleteAfterDownload)
        return store::DeletionRule::AfterDownload;
    if (policy.retention == Retention::KeepDays && policy.keepDays <= 0)
        return store::DeletionRule::Days;
    return std::nullopt;
}

RetrievalPlan planRetrieval(const QList<pop3::ListedMessage> &listing, const QList<store::LedgerEntry> &ledger,
    const AccountSettings &policy, const CountedTime &time, qsizetype consented)
{
    QList<const store::LedgerEntry *> rows;
    rows.reserve(ledger.size());
    for (const store::LedgerEntry &entry : ledger)
        rows.append(&entry);
    std::ranges::sort(rows, {}, [](const store::LedgerEntry *entry) -> const store::UidlKey & { return entry->key; });
    LedgerMatch match(listing);
    for (const store::LedgerEntry *row : std::as_const(rows))
        match.add(*row);
    match.end();
    return planRetrieval(match, policy, time, consented);
}

RetrievalPlan planRetrieval(const LedgerMatch &match, const AccountSettings &policy, const CountedTime &time,
    qsizetype consented, Staying staying)
{
    const QDateTime now = time.now();
    RetrievalPlan plan;
    QList<std::pair<int, PlannedMessage>> again; // with how often they failed
    const QSet<int> beyond = beyondLimit(match, policy);
    QList<PlannedMessage> remembered; // due, of earlier visits
    const qsizetype count = match.listing().size();
    const auto leave = [&](const PlannedMessage &message, qsizetype toCome) {
        if (staying == Staying::Counted) {
            ++plan.counted;
            return;
        }
        if (plan.leave.isEmpty())
            plan.leave.reserve(toCome);
        plan.leave.append(message);
    };

    for (qsizetype i = 0; i < count; ++i) {
        const LedgerMatch::Known &known = match.known(i);
        pop3::ListedMessage listed = match.listing().at(i);
        listed.size = match.sizeOf(i);
        const QDateTime storedAt =
            known.isStored() ? QDateTime::fromMSecsSinceEpoch(known.storedAt, QTimeZone::UTC) : now;
        PlannedMessage message;
        message.listed = listed;
        message.key = {listed.uidl, known.occurrence};
        message.shared = known.shared;
        message.wished = known.wholeWished;
        message.stored = known.isStored();
        const bool isKnown = known.isStored() || known.beginningKept;
        const bool isBack = known.inLedger && known.state != store::ServerState::Listed;
        message.knownSize = known.resized ? 0 : known.serverSize;
        message.resized = isKnown && (known.resized || listed.size != known.serverSize);
        if (isKnown && (known.doubted || isBack || (listed.size > 0 && listed.size != known.serverSize)))
            plan.doubtful.append(listed.number);
        message.due = dueRule(policy, known.deleteWished, beyond.contains(listed.number), storedAt, time);
        if (known.isStored() && !message.due && policy.retention == Retention::KeepDays && !policy.recentMode)
            message.dueOn = time.endOf(policy.keepDays, storedAt);
        // Until the header has proven it, the UIDL may name another message.
        if (known.isStored() && known.doubted) {
            message.due.reset();
            message.dueOn = {};
        }
        if (known.inLedger && known.state == store::ServerState::Absent)
            plan.reappeared.append(message.key);
        // By hand, whatever the policy says; but not where another message may have come under the same name since.
        const bool ordered = known.deleteOrder != store::DeleteOrder::None && !policy.recentMode && !known.shared
            && !known.doubted && similarSizes(known.serverSize, listed.size);
        if (ordered && (known.isStored() || known.deleteOrder == store::DeleteOrder::Anyway)) {
            message.due = store::DeletionRule::ByHand;
            plan.remove.append(message);
            continue;
        }

        if (known.isStored() && message.dueOn.isValid() && !known.shared
            && time.seemToHavePassed(policy.keepDays, storedAt))
            ++plan.unconfirmed;
        if (known.isStored()) {
            // What was due before and is still listed is due again: a DELE that took no effect is sent once more
            // (Q48). Of messages that share a UIDL, no number can be told from another, so none is deleted by what
            // is only remembered (Q28).
            if (known.shared || !message.due) {
                leave(message, count - i);
            } else if (isUnfinishedBusiness(message, storedAt, now)) {
                plan.remove.append(message);
            } else {
                remembered.append(message);
            }
        } else if ((known.skipped || (known.elsewhere && !known.wholeWished)) && !comesAnew(known, listed.size)) {
            plan.elsewhere += known.elsewhere ? 1 : 0;
            leave(message, count - i);
        } else if (isTooLarge(listed.size, known, policy)) {
            (known.stub ? plan.stubs : plan.tooLarge).append(message);
        } else if (isResting(known, now)) {
            plan.resting.append(message);
        } else if (known.failures > 0) {
            again.append({known.failures, message});
            plan.fetchBytes += listed.size;
        } else {
            plan.fetch.append(message);
            plan.fetchBytes += listed.size;
        }
    }
    // One that ends each visit must not keep those behind it from coming.
    std::ranges::stable_sort(again, {}, [](const auto &message) { return message.first; });
    for (const auto &message : std::as_const(again))
        plan.fetch.append(message.second);
    const bool held = needsConsent(remembered.size(), count) && remembered.size() > consented;
    (held ? plan.held : plan.remove) += remembered;
    plan.vanished = match.vanished();
    return plan;
}

QByteArray nameByHeader(const QByteArray &headerHash)
{
    return headerName + headerHash.toHex();
}

bool isNamedByHeader(const QByteArray &uidl)
{
    return uidl.startsWith(headerName);
}

QSet<int> namedByNumber(const QList<pop3::ListedMessage> &listing, NumberedBy form)
{
    QSet<int> numbers;
    if (listing.isEmpty())
        return numbers;
    const QByteArray &pattern = listing.constFirst().uidl;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    for (qsizetype begin = 0; begin < pattern.size(); ++begin) {
        if (!isDigit(pattern.at(begin)) || (begin > 0 && isDigit(pattern.at(begin - 1))))
            continue;
        qsizetype end = begin;
        while (end < pattern.size() && isDigit(pattern.at(end)))
            ++end;
        const bool isBare = end - begin == pattern.size();
        if (pattern.sliced(begin, end - begin).toLongLong() != listing.constFirst().number
            || (!isBare && form == NumberedBy::BareNumber))
            continue;
        const QByteArrayView before = QByteArrayView(pattern).first(begin);
        const QByteArrayView after = QByteArrayView(pattern).sliced(end);
        numbers.clear();
        bool outlives = false;
        for (const pop3::ListedMessage &listed : listing) {
            const QByteArray &uidl = listed.uidl;
            const qsizetype digits = uidl.size() - before.size() - after.size();
            if (digits <= 0 || !uidl.startsWith(before) || !uidl.endsWith(after))
                continue;
            const QByteArrayView value = QByteArrayView(uidl).sliced(before.size(), digits);
            if (!std::ranges::all_of(value, isDigit))
                continue;
            if (value.toLongLong() == listed.number)
                numbers.insert(listed.number);
            else
                outlives = true;
        }
        if (!outlives && numbers.size() * 4 >= listing.size() * 3)
            return numbers;
    }
    return {};
}

void deleteNothingByMemory(RetrievalPlan &plan, bool nameless)
{
    for (auto *list : {&plan.remove, &plan.held}) {
        list->removeIf([&plan, nameless](const PlannedMessage &message) {
            if (!nameless && !isNamedByHeader(message.listed.uidl))
                return false;
            plan.leave.append(message);
            return true;
        });
    }
}

void RetrievalPlan::keepOrdersOnly()
{
    const auto leaveUnless = [this](QList<PlannedMessage> &list, const auto &wanted) {
        QList<PlannedMessage> kept;
        for (PlannedMessage &message : list)
            (wanted(message) ? kept : leave).append(message);
        list = kept;
    };
    leaveUnless(fetch, [](const PlannedMessage &message) { return message.wished; });
    leaveUnless(remove, [](const PlannedMessage &message) { return message.due == store::DeletionRule::ByHand; });
    leave += std::exchange(held, {}) + std::exchange(tooLarge, {});
    fetchBytes = 0;
    for (PlannedMessage &message : fetch) {
        message.due.reset();
        fetchBytes += message.listed.size;
    }
}

} // namespace satchel::sync
