// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/recognition.h"

#include <algorithm>
#include <iterator>

namespace satchel::sync {

Recognition::Recognition(store::Writer &writer, AccountId account)
    : m_writer(writer)
    , m_account(account)
{
}

bool Recognition::looksRebuilt(const RetrievalPlan &plan)
{
    const qsizetype listed = plan.fetch.size() + plan.remove.size() + plan.held.size() + plan.leave.size()
        + plan.tooLarge.size() + plan.stubs.size() + plan.resting.size();
    constexpr qsizetype few = 20;
    return listed > few && plan.fetch.size() * 2 > listed;
}

bool Recognition::needsLedger(const RetrievalPlan &plan)
{
    return looksRebuilt(plan) || !plan.doubtful.isEmpty();
}

void Recognition::suspectRebuilding(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger)
{
    if (!looksRebuilt(plan))
        return;
    const QSet<store::UidlKey> vanished(plan.vanished.begin(), plan.vanished.end());
    const QSet<store::UidlKey> back(plan.reappeared.begin(), plan.reappeared.end());
    QList<qint64> sizes;
    for (const store::LedgerEntry &entry : ledger) {
        const bool unseen =
            vanished.contains(entry.key) || (entry.state == store::ServerState::Absent && !back.contains(entry.key));
        if (entry.wasStored() && unseen) {
            m_unseen.insert(entry.key);
            sizes.append(entry.serverSize);
        }
    }
    std::sort(sizes.begin(), sizes.end());
    QList<PlannedMessage> alike;
    for (const PlannedMessage &message : plan.fetch) {
        if (isNamedByHeader(message.listed.uidl))
            continue;
        // The nearest on either side.
        const auto size = std::lower_bound(sizes.cbegin(), sizes.cend(), message.listed.size);
        const bool above = size != sizes.cend() && similarSizes(*size, message.listed.size);
        const bool below = size != sizes.cbegin() && similarSizes(*std::prev(size), message.listed.size);
        if (above || below)
            alike.append(message);
    }
    if (alike.size() * 2 < plan.fetch.size())
        return;
    for (const PlannedMessage &message : std::as_const(alike))
        m_suspects.insert(message.listed.number, {message, Reason::Rebuilt});
}

void Recognition::suspectReuse(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger, const QDateTime &now)
{
    struct Known {
        int rows = 0;
        bool similar = false;
        bool old = false;
    };
    QHash<QByteArray, qint64> listedSizes;
    QHash<QByteArray, int> listedTimes;
    const auto each = [&plan](const auto &visit) {
        for (const auto *list : {&plan.remove, &plan.held, &plan.leave}) {
            for (const PlannedMessage &message : *list)
                visit(message);
        }
    };
    each([&](const PlannedMessage &message) {
        listedSizes.insert(message.listed.uidl, message.listed.size);
        ++listedTimes[message.listed.uidl];
    });
    QHash<QByteArray, Known> known;
    for (const store::LedgerEntry &entry : ledger) {
        const auto size = listedSizes.constFind(entry.key.uidl);
        if (size == listedSizes.constEnd())
            continue;
        ++m_rows[entry.key.uidl];
        if (entry.wasStored() && entry.doubted) {
            known[entry.key.uidl].old = true;
            continue;
        }
        if (!entry.wasStored() || similarSizes(entry.serverSize, *size))
            continue;
        Known &row = known[entry.key.uidl];
        // Within a day, a size that changes is a server that cannot count.
        row.old = row.old || entry.storedAt.addDays(1) < now;
    }
    // Where one of several rows fits, it is that one.
    for (const store::LedgerEntry &entry : ledger) {
        const auto row = known.find(entry.key.uidl);
        if (row != known.end() && entry.wasStored() && !entry.doubted
            && similarSizes(entry.serverSize, listedSizes.value(entry.key.uidl)))
            row->similar = true;
    }
    each([&](const PlannedMessage &message) {
        const Known row = known.value(message.listed.uidl);
        if (row.old && !row.similar && listedTimes.value(message.listed.uidl) == 1 && message.listed.size > 0)
            m_suspects.insert(message.listed.number, {message, Reason::Reused});
    });
}

QList<pop3::ListedMessage> Recognition::suspects(
    const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger, const QDateTime &now)
{
    suspectRebuilding(plan, ledger);
    suspectReuse(plan, ledger, now);
    QList<pop3::ListedMessage> messages;
    for (const Suspect &suspect : std::as_const(m_suspects))
        messages.append(suspect.message.listed);
    std::sort(
        messages.begin(), messages.end(), [](const auto &one, const auto &other) { return one.number < other.number; });
    return messages;
}

QList<pop3::ListedMessage> Recognition::nameless(const QList<pop3::ListedMessage> &listing)
{
    QList<pop3::ListedMessage> messages;
    for (const pop3::ListedMessage &listed : listing) {
        if (!listed.uidl.isEmpty() || m_hashes.contains(listed.number))
            continue;
        PlannedMessage message;
        message.listed = listed;
        m_suspects.insert(listed.number, {message, Reason::Nameless});
        messages.append(listed);
    }
    return messages;
}

void Recognition::note(int number, const QByteArray &header)
{
    m_hashes.insert(number, store::headerHash(header));
}

Expected<int> Recognition::settle()
{
    const Expected<QHash<QByteArray, QList<store::UidlKey>>> found =
        m_writer.findByHeader(m_account, m_hashes.values());
    if (!found)
        return std::unexpected(found.error());
    QHash<QByteArray, QList<store::UidlKey>> rows = *found;
    QList<store::Writer::Rebinding> rebindings;
    int recognised = 0;
    for (auto noted = m_hashes.cbegin(); noted != m_hashes.cend(); ++noted) {
        const Suspect suspect = m_suspects.value(noted.key());
        QList<store::UidlKey> &candidates = rows[noted.value()];
        if (suspect.reason == Reason::Rebuilt) {
            const auto row = std::find_if(candidates.begin(), candidates.end(),
                [this](const store::UidlKey &key) { return m_unseen.contains(key); });
            if (row == candidates.end())
                continue;
            rebindings.append({*row, suspect.message.key, suspect.message.listed.size});
            candidates.erase(row);
            ++recognised;
        } else if (suspect.reason == Reason::Reused) {
            const QByteArray &uidl = suspect.message.listed.uidl;
            const auto same = std::find_if(candidates.cbegin(), candidates.cend(),
                [&uidl](const store::UidlKey &key) { return key.uidl == uidl; });
            if (same != candidates.cend()) {
                // The same message after all: its size is noted, so that it is not asked for again.
                rebindings.append({*same, *same, suspect.message.listed.size});
                continue;
            }
            const Expected<QByteArray> before = m_writer.headerHashOf(m_account, suspect.message.key);
            if (!before)
                return std::unexpected(before.error());
            if (!before->isEmpty())
                m_newUnderOldUidl.insert(noted.key(), {uidl, m_rows.value(uidl)});
        }
    }
    const Expected<void> moved = m_writer.rebind(m_account, rebindings);
    if (!moved)
        return std::unexpected(moved.error());
    return recognised;
}

QList<pop3::ListedMessage> Recognition::named(QList<pop3::ListedMessage> listing) const
{
    for (pop3::ListedMessage &listed : listing) {
        if (listed.uidl.isEmpty() && m_hashes.contains(listed.number))
            listed.uidl = nameByHeader(m_hashes.value(listed.number));
    }
    return listing;
}

} // namespace satchel::sync
