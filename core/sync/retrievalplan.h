// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "pop3/types.h"
#include "store/ledger.h"
#include "sync/countedtime.h"
#include "sync/ledgermatch.h"

#include <QDateTime>
#include <QList>
#include <QSet>

#include <optional>

namespace satchel::sync {

/// What to do with one listed message.
struct PlannedMessage {
    pop3::ListedMessage listed;
    store::UidlKey key;
    /// The rule by which it leaves the server as soon as it is stored here; nullopt: it stays.
    std::optional<store::DeletionRule> due;
    /// UTC, by the wall clock; when its time on the server ends, where days are counted and it is stored; else invalid.
    QDateTime dueOn;
    bool wished = false; ///< the person asked for it by hand
    bool shared = false; ///< its UIDL is listed more than once: which of them is stored, nobody can say (Q28)
    bool stored = false; ///< as the ledger says of this name
    bool resized = false; ///< its size is not the one that is known of it
    qint64 knownSize = 0; ///< that one, bytes as LIST said them; 0: not known, or not proven
    bool compare = false; ///< stored by name; fetched to be held against that, because its header is not to be had
};

/// What a plan tells of messages that are known and stay: of a large mailbox those are nearly all.
enum class Staying { Listed, Counted };

/// What a check is to do: a value, so that a forecast and the real check cannot differ.
struct RetrievalPlan {
    QList<PlannedMessage> fetch; ///< in server order; messages that failed before come last, alone
    /// Due to leave the server, whether or not anything is fetched: stored here, or ordered to go though it is lost
    /// then.
    QList<PlannedMessage> remove;
    QList<PlannedMessage> held; ///< would be in `remove`, but they are so many that a person must agree (Q52)
    QList<PlannedMessage> leave; ///< known, stays
    qsizetype counted = 0; ///< the same, where they were only to be counted
    QList<PlannedMessage> tooLarge; ///< left because of the size limit: its beginning is to be stored
    QList<PlannedMessage> stubs; ///< the same, its beginning was stored before
    QList<PlannedMessage> resting; ///< failed lately: tried again later (Q39)
    QList<store::UidlKey> reappeared; ///< ledger rows to mark Listed again
    QList<store::UidlKey> vanished; ///< ledger rows to mark Absent (law 3)
    /// Numbers of known messages that may be others now: they were gone or deleted and are listed again (whatever their
    /// size), their size is another one (Q29), or their row is doubted. To be looked at before they are taken for
    /// known.
    QList<int> doubtful;
    qsizetype unconfirmed = 0; ///< of those that stay: by the wall clock they are due, but nothing else says so
    qsizetype elsewhere = 0; ///< of `leave`: other programs have fetched them, Satchel has not
    qint64 fetchBytes = 0; ///< advisory

    /// Everything listed is known and stays, and nothing else is remembered to be there.
    [[nodiscard]] bool changesNothing() const;

    /// Only what the person ordered by hand.
    void keepOrdersOnly();
};

/// Whether so many deletions of what was stored in earlier visits need a person's consent: more than 200, or more than
/// a quarter of the mailbox and more than 20. A clock that jumped ahead makes everything look old at once (Q52).
[[nodiscard]] bool needsConsent(qsizetype deletions, qsizetype listed);

/// Whether two sizes may be of one message, as different servers count it.
[[nodiscard]] bool similarSizes(qint64 one, qint64 other);
/// Whether a message that has the header of a known one has its size as well: a server counts the same bytes the same,
/// but for the fields in which it keeps the state of a message.
/// \a knownSize, \a listedSize: bytes, as LIST said; \a stateBytes: of such fields (store::stateFieldBytes).
[[nodiscard]] bool sizesAgree(qint64 knownSize, qint64 listedSize, qint64 stateBytes);

/// The rule by which a message leaves the server in the very visit that stores it; nullopt: it stays for now.
[[nodiscard]] std::optional<store::DeletionRule> dueOnceStored(const AccountSettings &policy);

/// Pure: the same listing, ledger, policy and time give the same plan. All times are ours (Q51), and days count for a
/// deletion only where they have passed beyond doubt (law 14).
/// \a consented: how many deletions the person agreed to.
[[nodiscard]] RetrievalPlan planRetrieval(const QList<pop3::ListedMessage> &listing,
    const QList<store::LedgerEntry> &ledger, const AccountSettings &policy, const CountedTime &time,
    qsizetype consented = 0);
/// The same, of a ledger that was read row for row.
[[nodiscard]] RetrievalPlan planRetrieval(const LedgerMatch &match, const AccountSettings &policy,
    const CountedTime &time, qsizetype consented = 0, Staying staying = Staying::Listed);

/// The name of a message to which the server gives none, or an empty one (Q27): what is kept of its header.
[[nodiscard]] QByteArray nameByHeader(const QByteArray &headerHash);
[[nodiscard]] bool isNamedByHeader(const QByteArray &uidl);
enum class NumberedBy { BareNumber, AnyForm };
/// The messages that are named by their numbers, bare or (AnyForm) within words that are the same in all. Such names
/// are none, since they pass to other messages as mail comes and goes (Q27, Q31). Empty where names outlive numbers:
/// one counter that is not its message's number is proof.
[[nodiscard]] QSet<int> namedByNumber(const QList<pop3::ListedMessage> &listing, NumberedBy form);

/// Messages that are known by their headers alone can be alike: by what is only remembered of them, nothing is deleted
/// (Q27). \a nameless: the server names none of them.
void deleteNothingByMemory(RetrievalPlan &plan, bool nameless);

} // namespace satchel::sync
