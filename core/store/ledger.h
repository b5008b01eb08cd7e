// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/deletion.h"
#include "base/ids.h"

#include <QByteArray>
#include <QDateTime>
#include <QHashFunctions>
#include <QList>
#include <QString>

namespace satchel::store {

/// One message of one server mailbox. Servers may list one UIDL twice (Q28): the occurrence,
/// counted from 0 in the order of the listing, tells them apart.
struct UidlKey {
    QByteArray uidl; ///< as sent, compared byte for byte (Q26)
    int occurrence = 0;

    friend auto operator<=>(const UidlKey &, const UidlKey &) = default;
    friend bool operator==(const UidlKey &, const UidlKey &) = default;
};

inline size_t qHash(const UidlKey &key, size_t seed = 0)
{
    return qHashMulti(seed, key.uidl, key.occurrence);
}

enum class ServerState : quint8 {
    Listed = 0, ///< was in the last complete listing (or was stored in this session)
    DeleteSent = 1, ///< DELE was accepted, but no later listing has shown yet that it is gone (law 3, Q48)
    Absent = 2, ///< not in the last listing; the row stays (law 3, Q32)
};

/// What the person ordered by hand for the copy on the server.
enum class DeleteOrder : quint8 {
    None = 0,
    IfStored = 1,
    Anyway = 2, ///< though it is not stored here: the person was told that it is lost then, and agreed
};

/// What is remembered of a message on a server. Rows outlive the message here and there.
struct LedgerEntry {
    UidlKey key;
    ServerState state = ServerState::Listed;
    qint64 serverSize = 0; ///< as LIST said, advisory (Q21)
    QByteArray sha256; ///< of what was stored; empty: never stored here
    MessageId message; ///< the whole or its beginning; none: not stored, or deleted here since
    QDateTime firstSeen; ///< UTC
    QDateTime storedAt; ///< UTC, on the account's line of counted time (Q51, sync/countedtime.h); invalid: never stored
    QDateTime absentSince; ///< UTC; invalid while listed
    bool deleteWished = false; ///< the person deleted it here and wants it gone there
    bool skipped = false; ///< the person does not want it fetched
    bool elsewhere = false; ///< another program has fetched it, so Satchel does not
    int failures = 0; ///< how often RETR failed (Q39)
    QDateTime lastFailure; ///< UTC
    bool stub = false; ///< only its beginning was stored; never counts as stored
    bool wholeWished = false; ///< the person wants it, whatever its size
    DeleteOrder deleteOrder = DeleteOrder::None;
    /// From a backup, a damaged file, or a visit in which the server's replies were out of step: deletes nothing on the
    /// server until the header there has proven that the UIDL still names the same message.
    bool doubted = false;
    /// The header was seen again, but the server says another size now: before DELE, the whole is held against what is
    /// stored.
    bool resized = false;

    [[nodiscard]] bool wasStored() const { return storedAt.isValid(); }
};

/// What a person ordered for one message on a server. Kept in the ledger, carried out by the next visit.
struct ServerOrder {
    enum class Kind {
        Get, ///< whatever its size, and though it was skipped or deleted here before
        Skip, ///< never fetch it
        DeleteIfStored, ///< delete it there, once more proven to be stored here
        DeleteAnyway, ///< delete it there, though it is lost then
        Keep, ///< none of these any more
    };

    UidlKey key;
    qint64 serverSize = 0;
    Kind kind = Kind::Get;
    QString sender; ///< of what is deleted without being stored: for the log of deletions
    QString subject;
    QByteArray headerHash; ///< of the header that the person saw; empty: none was to be had
};

/// Time that turned out not to have passed: what was stored until \a until is by so much younger.
struct LineShift {
    qint64 until = 0; ///< ms since 1970, as the ledger has it
    qint64 by = 0; ///< ms
};

using satchel::DeletionRule;

/// A deletion that a server accepted.
struct Deletion {
    UidlKey key;
    DeletionRule rule = DeletionRule::AfterDownload;
    QDateTime at; ///< UTC
    MessageId message; ///< that was present here at that moment, or none: deleted here before
    QString sender;
    QString subject;
};

} // namespace satchel::store
