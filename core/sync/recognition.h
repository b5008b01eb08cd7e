// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/writer.h"
#include "sync/retrievalplan.h"

#include <QHash>
#include <QList>

namespace satchel::sync {

/// Tells messages whose UIDL cannot be trusted by their headers, so that nothing is fetched twice and nothing is taken
/// for known that is not: after a server was rebuilt (Q30), where a server uses a UIDL again (Q29), where what is
/// remembered comes from a backup, and where it has none (Q27, Q31). Lives on the mail thread, for one visit; its owner
/// sends the TOPs.
class Recognition
{
public:
    Recognition(store::Writer &writer, AccountId account);

    /// Whether suspects() could name any, so that the whole ledger is worth reading.
    [[nodiscard]] static bool needsLedger(const RetrievalPlan &plan);
    /// Messages of which the header must be seen before \a plan may be followed; empty: it may.
    [[nodiscard]] QList<pop3::ListedMessage> suspects(
        const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger, const QDateTime &now);
    /// Those to which the server gives no UIDL, or an empty one, and whose headers were not seen yet.
    [[nodiscard]] QList<pop3::ListedMessage> nameless(const QList<pop3::ListedMessage> &listing);

    void note(int number, const QByteArray &header); ///< as TOP n 0 gave it

    /// Puts into the ledger what the headers told: rows of a rebuilt server move to their new UIDLs. Answers how many
    /// messages were recognised.
    Expected<int> settle();
    /// With the UIDLs that stand for headers, where the server gives none; unchanged elsewhere.
    [[nodiscard]] QList<pop3::ListedMessage> named(QList<pop3::ListedMessage> listing) const;
    /// After settle(): listed messages that are new though their UIDL is known, with the key they are to be stored by.
    [[nodiscard]] const QHash<int, store::UidlKey> &newUnderOldUidl() const { return m_newUnderOldUidl; }

private:
    enum class Reason { Rebuilt, Reused, Nameless };
    struct Suspect {
        PlannedMessage message;
        Reason reason = Reason::Rebuilt;
    };

    [[nodiscard]] static bool looksRebuilt(const RetrievalPlan &plan);
    void suspectRebuilding(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger);
    void suspectReuse(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger, const QDateTime &now);

    store::Writer &m_writer;
    const AccountId m_account;
    QHash<int, Suspect> m_suspects;
    QHash<int, QByteArray> m_hashes;
    QHash<QByteArray, int> m_rows; ///< how many ledger rows a UIDL has
    QSet<store::UidlKey> m_unseen; ///< stored, and not listed
    QHash<int, store::UidlKey> m_newUnderOldUidl;
};

} // namespace satchel::sync
