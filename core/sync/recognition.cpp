// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/recognition.h"

#include <algorithm>
#include <iterator>
#include <optional>

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

bool Recognition::haveNumbersMoved(const RetrievalPlan &plan) const
{
    return m_namedByNumber
        && std::ranges::any_of(plan.vanished, [](const store::UidlKey &key) { return !isNamedByHeader(key.uidl); });
}

bool Recognition::needsLedger(const RetrievalPlan &plan) const
{
    const bool headersNamed = !plan.fetch.isEmpty()
        && std::ranges::any_of(plan.vanished, [](const store::UidlKey &key) { return isNamedByHeader(key.uidl); });
    return looksRebuilt(plan) || !plan.doubtful.isEmpty() || headersNamed
        || ((m_namesPassOn || haveNumbersMoved(plan)) && !m_allSuspected);
}

void Recognition::suspect(const PlannedMessage &message, Reason reason)
{
    if (!m_suspects.contains(message.listed.number))
        m_suspects.insert(message.listed.number, {message, reason});
}

void Recognition::suspectRebuilding(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger)
{
    const QSet<store::UidlKey> vanished(plan.vanished.begin(), plan.vanished.end());
    // A server that had no names, and has some now.
    const bool wasNameless =
        std::ranges::any_of(vanished, [](const store::UidlKey &key) { return isNamedByHeader(key.uidl); });
    if (!looksRebuilt(plan) && !wasNameless)
        return;
    const QSet<store::UidlKey> back(plan.reappeared.begin(), plan.reappeared.end());
    QList<qint64> sizes;
    for (const store::LedgerEntry &entry : ledger) {
        const bool unseen =
            vanished.contains(entry.key) || (entry.state == store::ServerState::Absent && !back.contains(entry.key));
        if (entry.wasStored() && unseen) {
            m_unseen.insert(entry.key, entry.serverSize);
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
    if (alike.size() * 2 < plan.fetch.size() && !wasNameless)
        return;
    for (const PlannedMessage &message : std::as_const(alike))
        suspect(message, Reason::Rebuilt);
}

void Recognition::suspectReuse(const RetrievalPlan &plan)
{
    const QSet<int> doubtful(plan.doubtful.cbegin(), plan.doubtful.cend());
    const QList<const QList<PlannedMessage> *> known{&plan.remove, &plan.held, &plan.leave, &plan.stubs};
    // Of those that share a name, none can be told from the others by it.
    QSet<QByteArray> shared;
    for (const auto *list : known) {
        for (const PlannedMessage &message : *list) {
            if (message.shared && doubtful.contains(message.listed.number))
                shared.insert(message.listed.uidl);
        }
    }
    m_namesPassOn = m_namesPassOn || haveNumbersMoved(plan);
    m_allSuspected = m_allSuspected || m_namesPassOn;
    qsizetype names = 0;
    qsizetype resized = 0;
    for (const auto *list : known) {
        names += list->size();
        resized += std::ranges::count_if(*list, &PlannedMessage::resized);
    }
    constexpr qsizetype several = 4;
    m_sizesChanged = m_sizesChanged || (resized >= several && resized * 2 >= names);
    for (const auto *list : known) {
        for (const PlannedMessage &message : *list) {
            if (!message.stored && list != &plan.stubs)
                continue; // nothing is known of it that a header could prove
            if (doubtful.contains(message.listed.number) && m_settled.contains(message.listed.number)
                && m_suspects[message.listed.number].reason == Reason::Nameless) {
                m_suspects[message.listed.number] = {message, Reason::Doubtful};
                m_settled.remove(message.listed.number);
            }
            if (m_namesPassOn || doubtful.contains(message.listed.number)
                || (message.shared && shared.contains(message.listed.uidl)))
                suspect(message, Reason::Doubtful);
        }
    }
}

QList<pop3::ListedMessage> Recognition::suspects(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger)
{
    suspectRebuilding(plan, ledger);
    suspectReuse(plan);
    QList<pop3::ListedMessage> messages;
    for (const Suspect &suspect : std::as_const(m_suspects)) {
        const int number = suspect.message.listed.number;
        if (m_refused.contains(number) && suspect.reason == Reason::Doubtful)
            m_unproven.insert(number);
        else if (!m_hashes.contains(number) && !m_refused.contains(number))
            messages.append(suspect.message.listed);
    }
    std::sort(
        messages.begin(), messages.end(), [](const auto &one, const auto &other) { return one.number < other.number; });
    return messages;
}

QList<pop3::ListedMessage> Recognition::nameless(const QList<pop3::ListedMessage> &listing)
{
    QList<pop3::ListedMessage> messages;
    for (const pop3::ListedMessage &listed : listing) {
        if (!listed.uidl.isEmpty())
            m_names.insert(listed.uidl);
        if (!listed.uidl.isEmpty() || m_hashes.contains(listed.number))
            continue;
        PlannedMessage message;
        message.listed = listed;
        suspect(message, Reason::Nameless);
        messages.append(listed);
    }
    return messages;
}

void Recognition::note(int number, const QByteArray &header)
{
    m_hashes.insert(number, store::headerHash(header));
}

void Recognition::noteRefused(int number)
{
    m_refused.insert(number);
    if (m_suspects.value(number).reason == Reason::Doubtful)
        m_unproven.insert(number);
}

void Recognition::trustNumbers()
{
    m_suspects.clear();
}

void Recognition::settleRebuilt(int number, QList<store::UidlKey> &candidates)
{
    const PlannedMessage &message = m_suspects[number].message;
    // Messages may have equal headers: header and size together tell them.
    const auto row = std::ranges::find_if(candidates, [&](const store::UidlKey &key) {
        return m_unseen.contains(key) && !m_claimed.contains(key)
            && similarSizes(m_unseen.value(key), message.listed.size);
    });
    if (row == candidates.end())
        return;
    m_rebindings.append({*row, message.key, message.listed.size});
    m_claimed.insert(*row);
    m_seen.insert(number);
    ++m_recognised;
}

/// What was known by a name that the server does not give any more keeps its row.
void Recognition::settleNameless(int number, const QByteArray &hash, const QList<store::UidlKey> &candidates)
{
    m_seen.insert(number);
    const QByteArray name = nameByHeader(hash);
    if (std::ranges::any_of(candidates, [&name](const store::UidlKey &key) { return key.uidl == name; }))
        return;
    const auto row = std::ranges::find_if(candidates, [this](const store::UidlKey &key) {
        return !m_names.contains(key.uidl) && !isNamedByHeader(key.uidl) && !m_claimed.contains(key);
    });
    if (row == candidates.end())
        return;
    m_claimed.insert(*row);
    m_rebindings.append({*row, {name, m_nextOccurrence[name]++}, -1, false});
}

Expected<void> Recognition::settleDoubtful(int number, const QList<store::UidlKey> &candidates)
{
    const PlannedMessage &message = m_suspects[number].message;
    const QByteArray &uidl = message.listed.uidl;
    const Expected<QByteArray> before = m_writer.headerHashOf(m_account, message.key);
    if (!before)
        return std::unexpected(before.error());
    std::optional<store::UidlKey> same;
    if (*before == m_hashes.value(number) && !m_claimed.contains(message.key))
        same = message.key;
    for (const store::UidlKey &key : candidates) {
        if (!same && key.uidl == uidl && !m_claimed.contains(key))
            same = key;
    }
    if (same) {
        const bool resized = message.resized || *same != message.key;
        m_claimed.insert(*same);
        m_proven.insert(number, *same);
        // Another size, and the same header: of two messages that are alike there, the whole tells which it is.
        if (resized && !m_sizesChanged) {
            m_unproven.insert(number);
            return {};
        }
        // The same message after all. Its size is noted, so that it is not asked for again.
        m_rebindings.append({*same, *same, message.listed.size, resized});
        m_seen.insert(number);
        return {};
    }
    if (before->isEmpty()) {
        m_unproven.insert(number);
        return {};
    }
    m_strangers.append(number);
    return {};
}

/// Names that have passed to other messages: what was known by them is gone from the server.
Expected<void> Recognition::giveWay(const QDateTime &now)
{
    QList<store::UidlKey> gone;
    for (const int number : std::as_const(m_strangers)) {
        const PlannedMessage &message = m_suspects[number].message;
        const QByteArray &uidl = message.listed.uidl;
        if (!m_nextOccurrence.contains(uidl)) {
            const Expected<int> next = m_writer.freeOccurrence(m_account, uidl);
            if (!next)
                return std::unexpected(next.error());
            m_nextOccurrence.insert(uidl, *next);
        }
        m_proven.insert(number, {uidl, m_nextOccurrence[uidl]++});
        if (!m_claimed.contains(message.key))
            gone.append(message.key);
    }
    m_namesPassOn = m_namesPassOn || !m_strangers.isEmpty();
    m_strangers.clear();
    return m_writer.noteListing(m_account, {}, gone, now);
}

Expected<int> Recognition::settle(const QDateTime &now)
{
    const Expected<QHash<QByteArray, QList<store::UidlKey>>> found =
        m_writer.findByHeader(m_account, m_hashes.values());
    if (!found)
        return std::unexpected(found.error());
    QHash<QByteArray, QList<store::UidlKey>> rows = *found;
    QList<int> numbers = m_hashes.keys();
    std::ranges::sort(numbers);
    m_rebindings.clear();
    for (const int number : std::as_const(numbers)) {
        if (m_settled.contains(number))
            continue;
        m_settled.insert(number);
        const QByteArray &hash = m_hashes[number];
        QList<store::UidlKey> &candidates = rows[hash];
        switch (m_suspects[number].reason) {
        case Reason::Rebuilt:
            settleRebuilt(number, candidates);
            break;
        case Reason::Nameless:
            settleNameless(number, hash, candidates);
            break;
        case Reason::Doubtful:
            if (const Expected<void> settled = settleDoubtful(number, candidates); !settled)
                return std::unexpected(settled.error());
            break;
        }
    }
    if (const Expected<void> moved = m_writer.rebind(m_account, m_rebindings); !moved)
        return std::unexpected(moved.error());
    if (const Expected<void> gone = giveWay(now); !gone)
        return std::unexpected(gone.error());
    return m_recognised;
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
