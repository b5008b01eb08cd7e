// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/types.h"
#include "store/ledger.h"

#include <QHash>
#include <QList>

namespace satchel::sync {

/// What the ledger says of the messages of one listing, row for row, so that neither has to be in memory twice: both
/// may have hundreds of thousands. A value, and pure.
class LedgerMatch
{
public:
    /// Of one listed message.
    struct Known {
        qint64 storedAt = 0; ///< ms since 1970; 0: not stored
        qint64 lastFailure = 0; ///< the same
        qint64 serverSize = 0;
        int occurrence = 0; ///< by which it is known, or is to be
        int failures : 16 = 0;
        store::ServerState state : 2 = store::ServerState::Listed;
        store::DeleteOrder deleteOrder : 2 = store::DeleteOrder::None;
        bool inLedger : 1 = false;
        bool deleteWished : 1 = false;
        bool skipped : 1 = false;
        bool elsewhere : 1 = false; ///< another program has fetched it
        bool stub : 1 = false; ///< only its beginning was stored
        bool beginningKept : 1 = false; ///< and it was not deleted here
        bool wholeWished : 1 = false;
        bool doubted : 1 = false; ///< deletes nothing until the header has proven the UIDL
        bool resized : 1 = false; ///< the header has proven it, the size has not
        bool shared : 1 = false; ///< other messages are listed by the same UIDL

        [[nodiscard]] bool isStored() const { return storedAt != 0; }
    };

    /// \a proven: by message number, which row it is, or is to have: its header told.
    explicit LedgerMatch(QList<pop3::ListedMessage> listing, QHash<int, store::UidlKey> proven = {});

    void add(const store::LedgerEntry &row); ///< in the order of their keys
    void end(); ///< after the last row

    [[nodiscard]] const QList<pop3::ListedMessage> &listing() const { return m_listing; }
    [[nodiscard]] const Known &known(qsizetype index) const { return m_known.at(index); }
    /// Rows that are not listed now, and were not marked so before.
    [[nodiscard]] const QList<store::UidlKey> &vanished() const { return m_vanished; }

    /// For a listing without sizes: takes them from the ledger, where STAT proves that they are still right.
    /// Not where something is listed that was gone: it is looked at, and its size is a witness.
    [[nodiscard]] bool takeSizesFromLedger(int statedCount, qint64 statedBytes);
    [[nodiscard]] qint64 sizeOf(qsizetype index) const;
    [[nodiscard]] QList<pop3::ListedMessage> sizedListing() const;

private:
    void settleRows();
    void settle(const QByteArray &uidl);
    [[nodiscard]] const pop3::ListedMessage &inOrder(qsizetype position) const;
    [[nodiscard]] qsizetype indexAt(qsizetype position) const;

    QList<pop3::ListedMessage> m_listing;
    QHash<int, store::UidlKey> m_proven;
    QList<int> m_order; ///< indexes by UIDL; empty: the listing is in that order, as those of most servers are
    QList<Known> m_known;
    QList<store::UidlKey> m_vanished;
    qsizetype m_position = 0; ///< the first in order that is not settled
    QList<store::LedgerEntry> m_rows; ///< of one UIDL
    QList<int> m_zero{0};
    bool m_sizesFromLedger = false;
};

} // namespace satchel::sync
