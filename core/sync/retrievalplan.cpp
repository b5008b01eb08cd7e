// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/retrievalplan.h"

#include <QHash>
#include <QSet>

#include <algorithm>

namespace satchel::sync {

namespace {

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

} // namespace

bool isDueToLeave(const AccountSettings &policy, bool deleteWished, const QDateTime &storedAt, const QDateTime &now)
{
    if (!storedAt.isValid())
        return false;
    if (deleteWished && policy.deleteWhenDeletedHere)
        return true;
    switch (policy.retention) {
    case Retention::Keep:
        return false;
    case Retention::DeleteAfterDownload:
        return true;
    case Retention::KeepDays:
        return storedAt.addDays(qMax(policy.keepDays, 0)) <= now;
    }
    return false;
}

RetrievalPlan planRetrieval(const QList<pop3::ListedMessage> &listing, const QList<store::LedgerEntry> &ledger,
                            const AccountSettings &policy, const QDateTime &now)
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

        const PlannedMessage message{listed, key};
        const store::LedgerEntry *entry = known.find(key);
        if (entry && entry->state == store::ServerState::Absent)
            plan.reappeared.append(key);

        if (entry && entry->wasStored()) {
            // What was due before and is still listed is due again: a DELE that took no effect is sent once more
            // (Q48). Of messages that share a UIDL, no number can be told from another, so none is deleted by what
            // is only remembered (Q28).
            if (count == 1 && isDueToLeave(policy, entry->deleteWished, entry->storedAt, now))
                plan.remove.append(message);
            else
                plan.leave.append(message);
        } else if (entry && entry->skipped) {
            plan.leave.append(message);
        } else if (policy.sizeLimit > 0 && listed.size > policy.sizeLimit) {
            plan.tooLarge.append(message);
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

    for (const store::LedgerEntry &entry : ledger) {
        if (entry.state != store::ServerState::Absent && !seen.contains(entry.key))
            plan.vanished.append(entry.key);
    }
    return plan;
}

} // namespace satchel::sync
