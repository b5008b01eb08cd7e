// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/ledgermatch.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace satchel::sync {

namespace {

qint64 milliseconds(const QDateTime &time)
{
    return time.isValid() ? time.toMSecsSinceEpoch() : 0;
}

/// The occurrences that \a count messages of one UIDL are known by, beside those that are \a taken. Where fewer are
/// listed than were seen before, nobody can say which of them went; so those that are not stored yet come first, and
/// nothing is missed. What the last listing had comes before what was gone.
QList<int> occurrences(const QList<store::LedgerEntry> &rows, int count, const QList<int> &taken)
{
    QList<int> chosen;
    QList<int> listed;
    QList<int> gone;
    auto row = rows.cbegin();
    for (int occurrence = 0;; ++occurrence) {
        while (row != rows.cend() && row->key.occurrence < occurrence)
            ++row;
        const bool isThere = row != rows.cend() && row->key.occurrence == occurrence;
        const bool isSpare = !isThere && occurrence >= count + taken.size();
        if (isSpare && row == rows.cend())
            break;
        if (isSpare || taken.contains(occurrence))
            continue;
        if (!isThere)
            chosen.append(occurrence);
        else if (!row->wasStored() && row->state != store::ServerState::Absent)
            chosen.append(occurrence);
        else
            (row->state == store::ServerState::Listed ? listed : gone).append(occurrence);
    }
    chosen += listed + gone;
    chosen.resize(count);
    std::sort(chosen.begin(), chosen.end());
    return chosen;
}

} // namespace

LedgerMatch::LedgerMatch(QList<pop3::ListedMessage> listing, QHash<int, store::UidlKey> proven)
    : m_listing(std::move(listing))
    , m_proven(std::move(proven))
    , m_known(m_listing.size())
{
    const auto byUidl = [](const pop3::ListedMessage &one, const pop3::ListedMessage &other) {
        return one.uidl < other.uidl;
    };
    if (!std::is_sorted(m_listing.cbegin(), m_listing.cend(), byUidl)) {
        m_order.resize(m_listing.size());
        std::iota(m_order.begin(), m_order.end(), 0);
        std::stable_sort(m_order.begin(), m_order.end(),
            [&](int one, int other) { return byUidl(m_listing.at(one), m_listing.at(other)); });
    }
}

qsizetype LedgerMatch::indexAt(qsizetype position) const
{
    return m_order.isEmpty() ? position : m_order.at(position);
}

const pop3::ListedMessage &LedgerMatch::inOrder(qsizetype position) const
{
    return m_listing.at(indexAt(position));
}

void LedgerMatch::add(const store::LedgerEntry &row)
{
    if (!m_rows.isEmpty() && m_rows.constFirst().key.uidl != row.key.uidl)
        settleRows();
    m_rows.append(row);
}

void LedgerMatch::end()
{
    settleRows();
    while (m_position < m_listing.size())
        settle(inOrder(m_position).uidl);
}

void LedgerMatch::settleRows()
{
    if (m_rows.isEmpty())
        return;
    QList<store::LedgerEntry> rows;
    std::swap(rows, m_rows);
    const QByteArray &uidl = rows.constFirst().key.uidl;
    while (m_position < m_listing.size() && inOrder(m_position).uidl < uidl)
        settle(inOrder(m_position).uidl);
    std::swap(rows, m_rows);
    settle(m_rows.constFirst().key.uidl);
    m_rows.clear();
}

/// Brings the rows of one UIDL together with what is listed by it.
void LedgerMatch::settle(const QByteArray &uidl)
{
    const qsizetype first = m_position;
    while (m_position < m_listing.size() && inOrder(m_position).uidl == uidl)
        ++m_position;
    const int count = int(m_position - first);
    QList<int> taken;
    for (int i = 0; i < count && !m_proven.isEmpty(); ++i) {
        if (const auto key = m_proven.constFind(inOrder(first + i).number); key != m_proven.cend())
            taken.append(key->occurrence);
    }
    const bool isPlain = count == 1 && taken.isEmpty() && m_rows.size() <= 1;
    QList<int> chosen = isPlain ? m_zero : occurrences(m_rows, count - int(taken.size()), taken);
    for (int i = 0; i < count && !taken.isEmpty(); ++i) {
        if (const auto key = m_proven.constFind(inOrder(first + i).number); key != m_proven.cend())
            chosen.insert(i, key->occurrence);
    }
    for (int i = 0; i < count; ++i) {
        Known &known = m_known[indexAt(first + i)];
        known.occurrence = chosen.at(i);
        known.shared = count > 1;
        const auto row = std::ranges::find(std::as_const(m_rows), known.occurrence,
            [](const store::LedgerEntry &entry) { return entry.key.occurrence; });
        if (row == m_rows.cend())
            continue;
        known.inLedger = true;
        known.storedAt = milliseconds(row->storedAt);
        known.lastFailure = milliseconds(row->lastFailure);
        known.serverSize = row->serverSize;
        known.failures = qMin(row->failures, 1000); // more make no difference
        known.state = row->state;
        known.deleteWished = row->deleteWished;
        known.skipped = row->skipped;
        known.elsewhere = row->elsewhere;
        known.stub = row->stub;
        known.beginningKept = row->stub && row->message.isValid();
        known.wholeWished = row->wholeWished;
        known.deleteOrder = row->deleteOrder;
        known.doubted = row->doubted;
        known.resized = row->resized;
    }
    for (const store::LedgerEntry &row : std::as_const(m_rows)) {
        if (row.state != store::ServerState::Absent && (count == 0 || !chosen.contains(row.key.occurrence)))
            m_vanished.append(row.key);
    }
}

bool LedgerMatch::takeSizesFromLedger(int statedCount, qint64 statedBytes)
{
    qint64 bytes = 0;
    for (const Known &known : std::as_const(m_known)) {
        if (!known.inLedger || known.doubted || known.state != store::ServerState::Listed)
            return false;
        bytes += known.serverSize;
    }
    m_sizesFromLedger = statedCount == m_listing.size() && statedBytes == bytes;
    return m_sizesFromLedger;
}

qint64 LedgerMatch::sizeOf(qsizetype index) const
{
    return m_sizesFromLedger ? m_known.at(index).serverSize : m_listing.at(index).size;
}

QList<pop3::ListedMessage> LedgerMatch::sizedListing() const
{
    QList<pop3::ListedMessage> sized = m_listing;
    for (qsizetype i = 0; i < sized.size(); ++i)
        sized[i].size = sizeOf(i);
    return sized;
}

} // namespace satchel::sync
