// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/forecast.h"

#include "sync/retrievalplan.h"

#include <QHash>

namespace satchel::sync {

namespace {

/// Counts what leaves and what stays of one plan.
class Tally
{
public:
    Tally(const QList<store::LedgerEntry> &ledger, const CountedTime &time)
        : m_time(time)
    {
        m_storedAt.reserve(ledger.size());
        for (const store::LedgerEntry &entry : ledger) {
            if (entry.wasStored())
                m_storedAt.insert(entry.key, time.onTheWall(entry.storedAt));
        }
    }

    void leaves(const PlannedMessage &message)
    {
        ++forecast.deletes;
        forecast.freedBytes += qMax<qint64>(message.listed.size, 0);
        noteOldest(forecast.oldestDeleted, m_storedAt.value(message.key));
    }

    void waits(const PlannedMessage &message)
    {
        ++forecast.held;
        forecast.heldBytes += qMax<qint64>(message.listed.size, 0);
        noteOldest(forecast.oldestHeld, m_storedAt.value(message.key));
        stays(message);
    }

    void stays(const PlannedMessage &message)
    {
        ++forecast.stays;
        forecast.staysBytes += qMax<qint64>(message.listed.size, 0);
    }

    /// One that is stored here and stays for now: by age alone it leaves some day.
    void ages(const PlannedMessage &message)
    {
        stays(message);
        if (message.dueOn > m_time.wall())
            noteOldest(forecast.nextDue, message.dueOn);
    }

    Forecast forecast;

private:
    static void noteOldest(QDateTime &oldest, const QDateTime &time)
    {
        if (time.isValid() && (!oldest.isValid() || time < oldest))
            oldest = time;
    }

    const CountedTime m_time;
    QHash<store::UidlKey, QDateTime> m_storedAt;
};

} // namespace

Forecast forecastOf(const LastListing &listing, const QList<store::LedgerEntry> &ledger, const AccountSettings &policy,
    const CountedTime &time, qsizetype consented)
{
    RetrievalPlan plan = planRetrieval(listing.messages, ledger, policy, time, consented);
    if (!listing.numbered)
        deleteNothingByMemory(plan, listing.nameless);
    Tally tally(ledger, time);
    for (const PlannedMessage &message : std::as_const(plan.remove))
        tally.leaves(message);
    for (const PlannedMessage &message : std::as_const(plan.held))
        tally.waits(message);
    for (const PlannedMessage &message : std::as_const(plan.fetch)) {
        ++tally.forecast.fetches;
        tally.forecast.fetchBytes += qMax<qint64>(message.listed.size, 0);
        // Stored and deleted in one visit.
        if (message.due)
            tally.leaves(message);
        else
            tally.stays(message);
    }
    for (const PlannedMessage &message : std::as_const(plan.leave))
        tally.ages(message);
    for (const PlannedMessage &message : std::as_const(plan.tooLarge))
        tally.stays(message);
    for (const PlannedMessage &message : std::as_const(plan.stubs))
        tally.stays(message);
    for (const PlannedMessage &message : std::as_const(plan.resting))
        tally.stays(message);
    tally.forecast.account = policy.id;
    tally.forecast.isKnown = true;
    tally.forecast.tooLarge = int(plan.tooLarge.size() + plan.stubs.size());
    return tally.forecast;
}

} // namespace satchel::sync
