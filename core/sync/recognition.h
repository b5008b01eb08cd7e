// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/writer.h"
#include "sync/retrievalplan.h"

#include <QHash>
#include <QList>
#include <QSet>

#include <optional>

namespace satchel::sync {

/// Tells messages whose UIDL cannot be trusted by their headers, so that nothing is fetched twice and nothing is taken
/// for known that is not (law 13): after a server was rebuilt (Q30), where a name is listed that was gone or deleted or
/// has another size (Q29), where what is remembered is doubted, and where there are no names (Q27, Q31). Lives on the
/// mail thread, for one visit; its owner sends the TOPs.
class Recognition
{
public:
    Recognition(store::Writer &writer, AccountId account);

    /// Whether suspects() could name any, so that the whole ledger is worth reading.
    [[nodiscard]] bool needsLedger(const RetrievalPlan &plan) const;
    /// Messages of which the header must be seen before \a plan may be followed; empty: it may. Each is named once.
    /// Where one name proved to be another message's, so may all others be: they follow.
    [[nodiscard]] QList<pop3::ListedMessage> suspects(
        const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger);
    /// Those to which the server gives no UIDL, or an empty one, and whose headers were not seen yet.
    [[nodiscard]] QList<pop3::ListedMessage> nameless(const QList<pop3::ListedMessage> &listing);

    /// Counters that agree with the message numbers may be names or not: they are trusted as long as nothing has gone.
    void setNamedByNumber(bool numbered) { m_namedByNumber = numbered; }

    void note(int number, const QByteArray &header); ///< as TOP n 0 gave it
    void noteRefused(int number); ///< no header is to be had
    void trustNumbers(); ///< they are names after all, because no header is to be had

    /// Puts into the ledger what the headers told: rows of a rebuilt server move to their new UIDLs, rows whose name
    /// has passed to another message are not on the server any more. Answers how many messages were recognised.
    Expected<int> settle(const QDateTime &now);
    /// With the UIDLs that stand for headers, where the server gives none; unchanged elsewhere.
    [[nodiscard]] QList<pop3::ListedMessage> named(QList<pop3::ListedMessage> listing) const;

    // After settle(), by message number
    /// Which rows of the ledger messages are, or are to have, whatever their UIDL says.
    [[nodiscard]] const QHash<int, store::UidlKey> &proven() const { return m_proven; }
    /// Known by name, and no header tells whether that is true: to be fetched and held against what is stored.
    [[nodiscard]] const QSet<int> &unproven() const { return m_unproven; }
    /// The header was seen in this visit, and is the one that is known.
    [[nodiscard]] bool hasSeen(int number) const { return m_seen.contains(number); }
    /// Headers were noted that settle() has not made use of.
    [[nodiscard]] bool isUnsettled() const { return m_settled.size() < m_hashes.size(); }
    [[nodiscard]] bool hasHeaders() const { return !m_hashes.isEmpty(); }
    [[nodiscard]] QByteArray hashOf(int number) const { return m_hashes.value(number); } ///< empty: not seen

private:
    enum class Reason { Rebuilt, Doubtful, Nameless };
    struct Suspect {
        PlannedMessage message;
        Reason reason = Reason::Rebuilt;
    };

    [[nodiscard]] bool haveNumbersMoved(const RetrievalPlan &plan) const;
    [[nodiscard]] static bool looksRebuilt(const RetrievalPlan &plan);
    void suspect(const PlannedMessage &message, Reason reason);
    void suspectRebuilding(const RetrievalPlan &plan, const QList<store::LedgerEntry> &ledger);
    void suspectReuse(const RetrievalPlan &plan);
    void noteSizes(const QList<store::LedgerEntry> &ledger);
    /// Of rows that have the header of \a number, the one whose size agrees as well; nullopt: none.
    [[nodiscard]] std::optional<store::UidlKey> agreeing(int number, const QList<store::UidlKey> &rows) const;
    /// Rows that the message may be of, as far as they are not taken: its header is theirs.
    [[nodiscard]] Expected<QList<store::UidlKey>> rowsOf(int number, const QList<store::UidlKey> &candidates) const;
    [[nodiscard]] bool haveSizesChanged(qsizetype resized) const;
    Expected<void> settleOther(int number, const QList<store::UidlKey> &candidates);
    void bind(int number, const store::UidlKey &row, bool agrees);
    void settleNameless(int number, const QByteArray &hash, const QList<store::UidlKey> &candidates);
    Expected<void> giveWay(const QDateTime &now);

    store::Writer &m_writer;
    const AccountId m_account;
    QHash<int, Suspect> m_suspects;
    QHash<int, QByteArray> m_hashes;
    QHash<int, qint64> m_stateBytes; ///< by message number: by so much a size may differ (store::stateFieldBytes)
    QSet<int> m_settled;
    QSet<int> m_refused;
    QSet<QByteArray> m_names; ///< that are listed
    QHash<store::UidlKey, qint64> m_unseen; ///< stored, and not listed, with their sizes
    QHash<store::UidlKey, qint64> m_sizes; ///< of rows that suspects may be of, where they are proven
    qsizetype m_known = 0; ///< messages that are listed by names that are known
    QList<store::Writer::Rebinding> m_rebindings;
    QList<int> m_strangers; ///< numbers of messages that came under the name of another one
    QSet<store::UidlKey> m_claimed; ///< rows that a header was found to be of
    QHash<QByteArray, int> m_nextOccurrence;
    QHash<int, store::UidlKey> m_proven;
    QSet<int> m_unproven;
    QSet<int> m_seen;
    bool m_sizesChanged = false; ///< of so many messages that the server counts in another way now
    bool m_namedByNumber = false;
    bool m_namesPassOn = false; ///< one of them did, since the others were looked at
    bool m_allSuspected = false;
    int m_recognised = 0;
};

} // namespace satchel::sync
