// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/retrievalplan.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <utility>

namespace satchel::sync {

namespace {

// Servers count line ends and added fields in different ways; more than this is another message.
constexpr qint64 sizeTolerance = 64;

/// How long a message that the server refused is left alone (Q39): an hour, then a day, then a week.
qint64 restSeconds(int failures)
{
    constexpr qint64 hour = 3600;
    if (failures <= 1)
        return hour;
    return failures == 2 ? 24 * hour : 7 * 24 * hour;
}

bool isResting(const store::LedgerEntry &entry, const QDateTime &now)
{
    if (entry.failures == 0 || !entry.lastFailure.isValid())
        return false;
    // A clock that was put back must not let a message rest for years (Q52).
    const qint64 since = entry.lastFailure.secsTo(now);
    return since >= 0 && since < restSeconds(entry.failures);
}

/// The ledger, looked up by UIDL: almost always one entry each.
class LedgerIndex
{
public:
    explicit LedgerIndex(const QList<store::LedgerEntry> &ledger)
    {
        m_rows.reserve(ledger.size());
        for (const store::LedgerEntry &entry : ledger) {
            m_rows.insert(entry.key, &entry);
            if (entry.key.occurrence > 0)
                m_repeated.insert(entry.key.uidl);
        }
    }

    [[nodiscard]] const store::LedgerEntry *find(const store::UidlKey &key) const { return m_rows.value(key, nullptr); }

    /// The keys that \a count messages of one UIDL are known by. Where fewer are listed than were seen before,
    /// nobody can say which of them went; so those that are not stored yet come first, and nothing is missed.
    [[nodiscard]] QList<store::UidlKey> keysFor(const QByteArray &uidl, int count) const
    {
        QList<store::UidlKey> keys;
        if (m_repeated.contains(uidl)) {
            QList<store::UidlKey> stored;
            for (int occurrence = 0;; ++occurrence) {
                const store::UidlKey key{uidl, occurrence};
                const store::LedgerEntry *entry = find(key);
                if (!entry && occurrence >= count)
                    break;
                if (entry && entry->wasStored())
                    stored.append(key);
                else
                    keys.append(key);
            }
            keys += stored;
            keys.resize(count);
            std::sort(keys.begin(), keys.end());
            return keys;
        }
        for (int occurrence = 0; occurrence < count; ++occurrence)
            keys.append({uidl, occurrence});
        return keys;
    }

private:
    QHash<store::UidlKey, const store::LedgerEntry *> m_rows;
    QSet<QByteArray> m_repeated;
};

/// Which messages are beyond what a count or a size keeps: the newest stay, and the highest numbers are the newest.
/// Unknown messages count as kept, though only stored ones are ever deleted.
QSet<int> beyondLimit(const QList<pop3::ListedMessage> &listing, const AccountSettings &policy)
{
    QSet<int> beyond;
    if (policy.retention != Retention::KeepCount && policy.retention != Retention::KeepSize)
        return beyond;
    QList<const pop3::ListedMessage *> newestFirst;
    newestFirst.reserve(listing.size());
    for (const pop3::ListedMessage &listed : listing)
        newestFirst.append(&listed);
    std::sort(newestFirst.begin(), newestFirst.end(),
              [](const auto *one, const auto *other) { return one->number > other->number; });
    constexpr qint64 megabyte = 1024 * 1024;
    qint64 count = 0;
    qint64 bytes = 0;
    for (const pop3::ListedMessage *listed : std::as_const(newestFirst)) {
        ++count;
        bytes += qMax<qint64>(listed->size, 0);
        const bool over = policy.retention == Retention::KeepCount ? count > qMax(policy.keepCount, 0)
                                                                   : bytes > qMax(policy.keepMegabytes, 0) * megabyte;
        if (over)
            beyond.insert(listed->number);
    }
    return beyond;
}

/// The rule by which a message that was stored at \a storedAt is to leave the server.
std::optional<store::DeletionRule> dueRule(const AccountSettings &policy, bool deleteWished, bool beyond,
                                           const QDateTime &storedAt, const QDateTime &now)
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
        if (storedAt.addDays(qMax(policy.keepDays, 0)) <= now)
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

/// Whether \a listed stays on the server for its size. What was deleted here while only its beginning was known is not
/// wanted, unless the person says so.
bool isTooLarge(const pop3::ListedMessage &listed, const store::LedgerEntry *entry, const AccountSettings &policy)
{
    if (entry && entry->wholeWished)
        return false;
    if (entry && entry->stub && !entry->message.isValid())
        return true;
    return policy.sizeLimit > 0 && listed.size > policy.sizeLimit;
}

/// What a visit that was cut short left behind is finished without asking: "delete after download" said so, and no
/// clock decided it.
bool isUnfinishedBusiness(const PlannedMessage &message, const store::LedgerEntry &entry, const QDateTime &now)
{
    constexpr int days = 2;
    return message.due == store::DeletionRule::AfterDownload && entry.storedAt.addDays(days) > now;
}

} // namespace

bool needsConsent(qsizetype deletions, qsizetype listed)
{
    constexpr qsizetype many = 200;
    constexpr qsizetype few = 20;
    return deletions > many || (deletions > few && deletions * 4 > listed);
}

RetrievalPlan planRetrieval(const QList<pop3::ListedMessage> &listing, const QList<store::LedgerEntry> &ledger,
                            const AccountSettings &policy, const QDateTime &now,
                            qsizetype consented)
{
    RetrievalPlan plan;
    const LedgerIndex known(ledger);

    QHash<QByteArray, int> counts;
    counts.reserve(listing.size());
    for (const pop3::ListedMessage &listed : listing)
        ++counts[listed.uidl];

    QSet<store::UidlKey> seen;
    seen.reserve(listing.size());
    QHash<QByteArray, QList<store::UidlKey>> repeated;
    QList<PlannedMessage> again;
    const QSet<int> beyond = beyondLimit(listing, policy);
    QList<PlannedMessage> remembered; // due, of earlier visits

    for (const pop3::ListedMessage &listed : listing) {
        const int count = counts.value(listed.uidl);
        store::UidlKey key{listed.uidl, 0};
        if (count > 1 || known.find({listed.uidl, 1})) {
            auto keys = repeated.find(listed.uidl);
            if (keys == repeated.end())
                keys = repeated.insert(listed.uidl, known.keysFor(listed.uidl, count));
            key = keys->takeFirst();
        }
        seen.insert(key);

        const store::LedgerEntry *entry = known.find(key);
        const bool isStored = entry && entry->wasStored();
        PlannedMessage message;
        message.listed = listed;
        message.key = key;
        message.shared = count != 1;
        message.wished = entry && entry->wholeWished;
        message.due = dueRule(policy, entry && entry->deleteWished, beyond.contains(listed.number),
                              isStored ? entry->storedAt : now, now);
        if (isStored && !message.due && policy.retention == Retention::KeepDays && !policy.recentMode)
            message.dueOn = entry->storedAt.addDays(qMax(policy.keepDays, 0));
        // Until the header has proven it, the UIDL may name another message.
        const bool doubted = entry && entry->doubted;
        if (isStored && doubted) {
            message.due.reset();
            message.dueOn = {};
        }
        // By hand, whatever the policy says; but not where another message may have come under the same name since.
        const bool ordered = entry && entry->deleteOrder != store::DeleteOrder::None && !policy.recentMode && count == 1 && !doubted
            && qAbs(entry->serverSize - listed.size) <= sizeTolerance;
        if (ordered && (isStored || entry->deleteOrder == store::DeleteOrder::Anyway)) {
            message.due = store::DeletionRule::ByHand;
            plan.remove.append(message);
            if (entry->state == store::ServerState::Absent)
                plan.reappeared.append(key);
            continue;
        }
        if (entry && entry->state == store::ServerState::Absent)
            plan.reappeared.append(key);

        if (isStored) {
            // What was due before and is still listed is due again: a DELE that took no effect is sent once more
            // (Q48). Of messages that share a UIDL, no number can be told from another, so none is deleted by what
            // is only remembered (Q28).
            if (count != 1 || !message.due)
                plan.leave.append(message);
            else if (isUnfinishedBusiness(message, *entry, now))
                plan.remove.append(message);
            else
                remembered.append(message);
        } else if (entry && entry->skipped) {
            plan.leave.append(message);
        } else if (isTooLarge(listed, entry, policy)) {
            (entry && entry->stub ? plan.stubs : plan.tooLarge).append(message);
        } else if (entry && isResting(*entry, now)) {
            plan.resting.append(message);
        } else if (entry && entry->failures > 0) {
            again.append(message);
            plan.fetchBytes += listed.size;
        } else {
            plan.fetch.append(message);
            plan.fetchBytes += listed.size;
        }
    }
    plan.fetch += again;
    const bool held = needsConsent(remembered.size(), listing.size()) && remembered.size() > consented;
    (held ? plan.held : plan.remove) += remembered;

    for (const store::LedgerEntry &entry : ledger) {
        if (entry.state != store::ServerState::Absent && !seen.contains(entry.key))
            plan.vanished.append(entry.key);
    }
    return plan;
}

void deleteNothingByMemory(RetrievalPlan &plan)
{
    plan.leave += std::exchange(plan.remove, {});
    plan.leave += std::exchange(plan.held, {});
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
