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
    m_known = 0;
    for (const auto *list : known)
        m_known += list->size();
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

void Recognition::noteSizes(const QList<store::LedgerEntry> &ledger)
{
    QSet<QByteArray> names;
    for (const Suspect &suspect : std::as_const(m_suspects)) {
        if (suspect.reason == Reason::Doubtful)
            names.insert(suspect.message.listed.uidl);
    }
    for (const store::LedgerEntry &entry : ledger) {
        if (!entry.resized && entry.serverSize > 0 && (names.contains(entry.key.uidl) || m_unseen.contains(entry.key)))
            m_sizes.insert(entry.key, entry.serverSize);
    }
}

QList<pop3::ListedMessage> Recognition::suspects(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger)
{
    suspectRebuilding(plan, ledger);
    suspectReuse(plan);
    noteSizes(ledger);
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
    if (const qint64 bytes = store::stateFieldBytes(header); bytes > 0)
        m_stateBytes.insert(number, bytes);
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

Expected<QList<store::UidlKey>> Recognition::rowsOf(int number, const QList<store::UidlKey> &candidates) const
{
    const Suspect suspect = m_suspects.value(number);
    const pop3::ListedMessage &listed = suspect.message.listed;
    QList<store::UidlKey> rows;
    if (suspect.reason == Reason::Rebuilt) {
        for (const store::UidlKey &key : candidates) {
            if (m_unseen.contains(key) && similarSizes(m_unseen.value(key), listed.size))
                rows.append(key);
        }
    } else {
        const Expected<QByteArray> before = m_writer.headerHashOf(m_account, suspect.message.key);
        if (!before)
            return std::unexpected(before.error());
        if (*before == m_hashes.value(number))
            rows.append(suspect.message.key);
        for (const store::UidlKey &key : candidates) {
            if (key.uidl == listed.uidl && key != suspect.message.key)
                rows.append(key);
        }
    }
    rows.removeIf([this](const store::UidlKey &key) { return m_claimed.contains(key); });
    return rows;
}

std::optional<store::UidlKey> Recognition::agreeing(int number, const QList<store::UidlKey> &rows) const
{
    const qint64 listed = m_suspects.value(number).message.listed.size;
    const auto row = std::ranges::find_if(rows,
        [&](const store::UidlKey &key) { return sizesAgree(m_sizes.value(key), listed, m_stateBytes.value(number)); });
    return row == rows.cend() ? std::nullopt : std::optional(*row);
}

/// So many that the server must count in another way now than before: no size tells one message from another.
bool Recognition::haveSizesChanged(qsizetype resized) const
{
    constexpr qsizetype several = 4;
    const auto rebuilt = std::ranges::count(m_suspects, Reason::Rebuilt, &Suspect::reason);
    return resized >= several && resized * 2 >= m_known + rebuilt;
}

void Recognition::bind(int number, const store::UidlKey &row, bool agrees)
{
    const Suspect &suspect = m_suspects[number];
    const bool isRenamed = suspect.reason == Reason::Rebuilt;
    const bool isSeen = agrees || m_sizesChanged;
    m_claimed.insert(row);
    if (isRenamed)
        ++m_recognised;
    else
        m_proven.insert(number, row);
    // Its size is noted, so that it is not asked for again.
    if (isSeen)
        m_rebindings.append({row, isRenamed ? suspect.message.key : row, suspect.message.listed.size, !agrees});
    // Another size, and the same header: of two messages that are alike there, the whole tells which it is.
    if (isSeen)
        m_seen.insert(number);
    else
        m_unproven.insert(number);
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

Expected<void> Recognition::settleOther(int number, const QList<store::UidlKey> &candidates)
{
    const Expected<QList<store::UidlKey>> rows = rowsOf(number, candidates);
    if (!rows)
        return std::unexpected(rows.error());
    const bool isRenamed = m_suspects[number].reason == Reason::Rebuilt;
    // What is fetched under its new name is known again by its bytes.
    if (isRenamed && !m_sizesChanged)
        return {};
    if (!rows->isEmpty()) {
        bind(number, rows->constFirst(), false);
        return {};
    }
    if (isRenamed)
        return {};
    const Expected<QByteArray> before = m_writer.headerHashOf(m_account, m_suspects[number].message.key);
    if (!before)
        return std::unexpected(before.error());
    if (before->isEmpty())
        m_unproven.insert(number);
    else
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
    const QHash<QByteArray, QList<store::UidlKey>> &rows = *found;
    QList<int> numbers = m_hashes.keys();
    std::ranges::sort(numbers);
    m_rebindings.clear();
    QList<int> others;
    qsizetype resized = 0;
    for (const int number : std::as_const(numbers)) {
        if (m_settled.contains(number))
            continue;
        m_settled.insert(number);
        const QByteArray &hash = m_hashes[number];
        if (m_suspects[number].reason == Reason::Nameless) {
            settleNameless(number, hash, rows.value(hash));
            continue;
        }
        const Expected<QList<store::UidlKey>> own = rowsOf(number, rows.value(hash));
        if (!own)
            return std::unexpected(own.error());
        // Of messages that have one header, the size tells them apart.
        if (const auto row = agreeing(number, *own)) {
            bind(number, *row, true);
        } else {
            others.append(number);
            resized += own->isEmpty() ? 0 : 1;
        }
    }
    m_sizesChanged = m_sizesChanged || haveSizesChanged(resized);
    for (const int number : std::as_const(others)) {
        if (const Expected<void> settled = settleOther(number, rows.value(m_hashes[number])); !settled)
            return std::unexpected(settled.error());
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
