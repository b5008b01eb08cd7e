// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "store/checksum.h"
#include "store/compression.h"
#include "store/connection.h"
#include "store/storecheck.h"
#include "store/writer.h"
#include "store/writerprivate.h"
#include "store/writerstubs.h"

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qint64 mostHeld = 8LL * 1024 * 1024; ///< of the bytes of one message, to prove them

/// Empty where \a frame is not whole.
Expected<QByteArray> hashOf(const QByteArray &frame, qint64 size)
{
    const auto bytes = decompress(frame, size);
    return bytes ? sha256(*bytes) : QByteArray();
}

Expected<QByteArray> hashOfLarge(Connection &connection, qint64 source, qint64 size)
{
    if (!connection.handlesPieces()) {
        Statement select(connection, u"SELECT zstd FROM sources WHERE id = ?"_s);
        if (auto run = select.bind(source).exec(); !run)
            return std::unexpected(run.error());
        if (select.next())
            return hashOf(select.bytes(0), size);
        const auto end = select.outcome();
        return end ? Expected<QByteArray>(QByteArray()) : std::unexpected(end.error());
    }
    Sha256 hash;
    Decompression frame([&hash](QByteArrayView piece) { hash.add(piece); });
    const auto read =
        connection.readPieces({"sources", "zstd", source}, [&frame](QByteArrayView piece) { frame.add(piece); });
    if (!read)
        return std::unexpected(read.error());
    return frame.isWhole(size) ? hash.result() : QByteArray();
}

} // namespace

Expected<QList<LedgerEntry>> Writer::ledger(AccountId account) const
{
    // A hundred thousand rows at each check: what is seldom set is read only where it is.
    Statement select(*d->connection,
        u"SELECT uidl, server_size, sha256, message_id, first_seen, stored_at, occurrence "
        "| (state << 32) | (delete_wished << 34) | (skipped << 35) | ((absent_since <> 0) << 36) "
        "| ((last_failure <> 0) << 37) | (stub << 38) | (whole_wished << 39) | (delete_order << 40) | (doubted << 42) "
        "| (elsewhere << 44), absent_since, failures, last_failure FROM uidls WHERE account_id = ?"_s);
    if (auto run = select.bind(account).exec(); !run)
        return std::unexpected(run.error());
    QList<LedgerEntry> entries;
    while (select.next()) {
        LedgerEntry &entry = entries.emplaceBack();
        const qint64 packed = select.integer(6);
        entry.key = {select.bytes(0), int(packed & 0xffffffff)};
        entry.state = ServerState(packed >> 32 & 3);
        entry.serverSize = select.integer(1);
        entry.sha256 = select.bytes(2);
        entry.message = select.id<MessageId>(3);
        entry.firstSeen = select.time(4);
        entry.storedAt = select.time(5);
        entry.deleteWished = (packed >> 34 & 1) != 0;
        entry.skipped = (packed >> 35 & 1) != 0;
        entry.stub = (packed >> 38 & 1) != 0;
        entry.wholeWished = (packed >> 39 & 1) != 0;
        entry.deleteOrder = DeleteOrder(packed >> 40 & 3);
        entry.doubted = (packed >> 42 & 3) == 1;
        entry.resized = (packed >> 42 & 3) == 2;
        entry.elsewhere = (packed >> 44 & 1) != 0;
        if ((packed >> 36 & 1) != 0)
            entry.absentSince = select.time(7);
        if ((packed >> 37 & 1) != 0) {
            entry.failures = int(select.integer(8));
            entry.lastFailure = select.time(9);
        }
    }
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return entries;
}

Expected<void> Writer::eachLedgerEntry(AccountId account, const std::function<void(const LedgerEntry &)> &visit) const
{
    // Read once from end to end: of no use in the cache.
    if (auto run = d->connection->run(u"PRAGMA cache_size = -1024"_s); !run)
        return run;
    const auto end = [&]() -> Expected<void> {
        Statement select(*d->connection,
            u"SELECT uidl, server_size, stored_at, occurrence | (state << 32) | (delete_wished << 34) "
            "| (skipped << 35) | ((failures <> 0) << 36) | (stub << 37) | (whole_wished << 38) | (delete_order << 39) "
            "| (elsewhere << 41) | (doubted << 42), "
            "CASE WHEN failures <> 0 THEN failures END, CASE WHEN failures <> 0 THEN last_failure END, "
            "CASE WHEN stub <> 0 THEN message_id END "
            "FROM uidls WHERE account_id = ? ORDER BY uidl, occurrence"_s);
        if (auto run = select.bind(account).exec(); !run)
            return run;
        LedgerEntry entry;
        while (select.next()) {
            const qint64 packed = select.integer(3);
            entry.key = {select.bytes(0), int(packed & 0xffffffff)};
            entry.serverSize = select.integer(1);
            entry.storedAt = select.time(2);
            entry.state = ServerState(packed >> 32 & 3);
            entry.deleteWished = (packed >> 34 & 1) != 0;
            entry.skipped = (packed >> 35 & 1) != 0;
            entry.elsewhere = (packed >> 41 & 1) != 0;
            entry.doubted = (packed >> 42 & 3) == 1;
            entry.resized = (packed >> 42 & 3) == 2;
            entry.stub = (packed >> 37 & 1) != 0;
            entry.wholeWished = (packed >> 38 & 1) != 0;
            entry.deleteOrder = DeleteOrder(packed >> 39 & 3);
            entry.message = entry.stub ? select.id<MessageId>(6) : MessageId{};
            const bool hasFailed = (packed >> 36 & 1) != 0;
            entry.failures = hasFailed ? int(select.integer(4)) : 0;
            entry.lastFailure = hasFailed ? select.time(5) : QDateTime();
            visit(entry);
        }
        return select.outcome();
    }();
    const auto restored = d->connection->run(u"PRAGMA cache_size = -%1"_s.arg(cacheKiB));
    return end ? restored : end;
}

Expected<bool> Writer::ledgerHolds(AccountId account, int rows) const
{
    Statement select(*d->connection, u"SELECT count(*) FROM (SELECT 1 FROM uidls WHERE account_id = ? LIMIT ?)"_s);
    if (auto run = select.bind(account).bind(rows).exec(); !run)
        return std::unexpected(run.error());
    if (select.next())
        return select.integer(0) >= rows;
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return false;
}

Expected<bool> Writer::Private::provesStored(AccountId account, const UidlKey &key, bool orLost)
{
    Statement select(*connection,
        u"SELECT u.stored_at <> 0, u.delete_order = 2, u.message_id, u.sha256, s.sha256, s.size, "
        "CASE WHEN s.size <= ? THEN s.zstd END, s.id FROM uidls u "
        "LEFT JOIN messages m ON m.id = u.message_id LEFT JOIN sources s ON s.id = m.source_id "
        "WHERE u.account_id = ? AND u.uidl = ? AND u.occurrence = ?"_s);
    if (auto run = select.bind(mostHeld).bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
        return std::unexpected(run.error());
    if (!select.next()) {
        if (auto end = select.outcome(); !end)
            return std::unexpected(end.error());
        return false;
    }
    if (orLost && select.boolean(1))
        return true;
    if (!select.boolean(0))
        return false;
    // The row of a message that the person deleted for good outlives it.
    if (!select.id<MessageId>(2).isValid())
        return true;
    const QByteArray cameAs = select.bytes(3).isEmpty() ? select.bytes(4) : select.bytes(3);
    const auto hash = select.integer(5) <= mostHeld ? hashOf(select.bytes(6), select.integer(5))
                                                    : hashOfLarge(*connection, select.integer(7), select.integer(5));
    if (!hash)
        return std::unexpected(hash.error());
    if (hash->isEmpty() || *hash != cameAs) {
        return std::unexpected(
            damageFound(connection->file(), {u"message %1 is not what came"_s.arg(select.integer(2))}));
    }
    return true;
}

Expected<bool> Writer::isStored(AccountId account, const UidlKey &key) const
{
    return d->provesStored(account, key, false);
}

Expected<bool> Writer::mayDelete(AccountId account, const UidlKey &key) const
{
    return d->provesStored(account, key, true);
}

Expected<void> Writer::noteListing(
    AccountId account, const QList<UidlKey> &present, const QList<UidlKey> &absent, const QDateTime &now)
{
    if (present.isEmpty() && absent.isEmpty())
        return {};
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement listed(*d->connection,
            u"UPDATE uidls SET state = 0, absent_since = 0 "
            "WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        // Of beginnings it is shown whether the rest can still be had.
        Statement back(*d->connection,
            u"UPDATE messages SET flags = flags & ~512 WHERE flags & 512 <> 0 AND id = "
            "(SELECT message_id FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ? AND stub <> 0)"_s);
        for (const UidlKey &key : present) {
            if (auto run = listed.bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
                return run;
            if (auto run = back.bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
                return run;
        }
        Statement gone(*d->connection,
            u"UPDATE uidls SET state = 2, absent_since = ?, delete_order = 0 "
            "WHERE account_id = ? AND uidl = ? AND occurrence = ? AND state <> 2"_s);
        Statement lost(*d->connection,
            u"UPDATE messages SET flags = flags | 512 WHERE flags & 64 <> 0 AND id = "
            "(SELECT message_id FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ? AND stub <> 0)"_s);
        for (const UidlKey &key : absent) {
            if (auto run = gone.bind(now).bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
                return run;
            if (auto run = lost.bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
                return run;
        }
        return {};
    });
}

Expected<void> Writer::noteDeleteSent(AccountId account, const QList<Deletion> &deletions, const QDateTime &now)
{
    if (deletions.isEmpty())
        return {};
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement update(
            *d->connection, u"UPDATE uidls SET state = 1 WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        Statement log(*d->connection,
            u"INSERT INTO deletions (account_id, uidl, sender, subject, rule, at, message_id) "
            "SELECT u.account_id, u.uidl, ifnull(nullif(e.sender_name, ''), ifnull(e.sender_address, u.known_sender)), "
            "ifnull(e.subject, u.known_subject), ?, ?, CASE WHEN u.stored_at = 0 THEN 0 ELSE ifnull(u.message_id, 0) "
            "END "
            "FROM uidls u "
            "LEFT JOIN envelopes e ON e.id = u.message_id "
            "WHERE u.account_id = ? AND u.uidl = ? AND u.occurrence = ?"_s);
        for (const Deletion &deletion : deletions) {
            const UidlKey &key = deletion.key;
            if (auto run = update.bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
                return run;
            log.bind(qint64(deletion.rule)).bind(now).bind(account);
            if (auto run = log.bind(key.uidl).bind(key.occurrence).exec(); !run)
                return run;
        }
        return {};
    });
}

Expected<QList<Deletion>> Writer::deletions(AccountId account, int limit) const
{
    Statement select(*d->connection,
        u"SELECT uidl, rule, at, message_id, sender, subject FROM deletions WHERE account_id = ? "
        "ORDER BY id DESC LIMIT ?"_s);
    if (auto run = select.bind(account).bind(limit).exec(); !run)
        return std::unexpected(run.error());
    QList<Deletion> deletions;
    while (select.next()) {
        deletions.append({{select.bytes(0), 0}, DeletionRule(select.integer(1)), select.time(2),
            select.id<MessageId>(3), select.text(4), select.text(5)});
    }
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return deletions;
}

Expected<QHash<QByteArray, QList<UidlKey>>> Writer::findByHeader(
    AccountId account, const QList<QByteArray> &hashes) const
{
    QHash<QByteArray, QList<UidlKey>> found;
    Statement select(*d->connection,
        u"SELECT uidl, occurrence FROM uidls WHERE account_id = ? AND header_hash = ? AND header_hash <> x'' "
        "AND stored_at <> 0"_s);
    for (const QByteArray &hash : hashes) {
        if (hash.isEmpty() || found.contains(hash))
            continue;
        if (auto run = select.bind(account).bind(hash).exec(); !run)
            return std::unexpected(run.error());
        while (select.next())
            found[hash].append({select.bytes(0), int(select.integer(1))});
        if (auto end = select.outcome(); !end)
            return std::unexpected(end.error());
    }
    return found;
}

Expected<QByteArray> Writer::headerHashOf(AccountId account, const UidlKey &key) const
{
    Statement select(
        *d->connection, u"SELECT header_hash FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
    if (auto run = select.bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
        return std::unexpected(run.error());
    if (select.next())
        return select.bytes(0);
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return QByteArray();
}

Expected<void> Writer::rebind(AccountId account, const QList<Rebinding> &rows)
{
    if (rows.isEmpty())
        return {};
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement yield(*d->connection,
            u"DELETE FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ? AND stored_at = 0"_s);
        Statement move(*d->connection,
            u"UPDATE uidls SET uidl = ?, occurrence = ?, server_size = CASE WHEN ? < 0 THEN server_size ELSE ? END, "
            u"state = 0, absent_since = 0, "
            "doubted = CASE WHEN ? <> 0 OR doubted = 2 THEN 2 ELSE 0 END "
            "WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        // Of beginnings it is shown that the rest can be had again.
        Statement back(*d->connection,
            u"UPDATE messages SET flags = flags & ~512 WHERE flags & 512 <> 0 AND id = "
            "(SELECT message_id FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ? AND stub <> 0)"_s);
        for (const Rebinding &row : rows) {
            if (row.from != row.to) {
                if (auto run = yield.bind(account).bind(row.to.uidl).bind(row.to.occurrence).exec(); !run)
                    return run;
            }
            move.bind(row.to.uidl).bind(row.to.occurrence).bind(row.serverSize).bind(row.serverSize).bind(row.resized);
            if (auto run = move.bind(account).bind(row.from.uidl).bind(row.from.occurrence).exec(); !run)
                return run;
            if (auto run = back.bind(account).bind(row.to.uidl).bind(row.to.occurrence).exec(); !run)
                return run;
        }
        return {};
    });
}

Expected<void> Writer::doubt(AccountId account, const QList<UidlKey> &keys)
{
    if (keys.isEmpty())
        return {};
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement update(
            *d->connection, u"UPDATE uidls SET doubted = 1 WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        for (const UidlKey &key : keys) {
            if (auto run = update.bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
                return run;
        }
        return {};
    });
}

Expected<int> Writer::freeOccurrence(AccountId account, const QByteArray &uidl) const
{
    return nextOccurrence(*d->connection, account, uidl);
}

Expected<void> Writer::noteFailure(AccountId account, const UidlKey &key, qint64 serverSize, const QDateTime &now)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement upsert(*d->connection,
            u"INSERT INTO uidls (account_id, uidl, occurrence, state, server_size, sha256, message_id, "
            "first_seen, stored_at, absent_since, delete_wished, skipped, failures, last_failure) "
            "VALUES (?, ?, ?, 0, ?, x'', NULL, ?, 0, 0, 0, 0, 1, ?) "
            "ON CONFLICT (account_id, uidl, occurrence) DO UPDATE SET failures = failures + 1, "
            "server_size = excluded.server_size, last_failure = excluded.last_failure"_s);
        upsert.bind(account).bind(key.uidl).bind(key.occurrence).bind(serverSize);
        return upsert.bind(now).bind(now).exec();
    });
}

Expected<void> Writer::setSkipped(AccountId account, const UidlKey &key, bool skipped)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement upsert(*d->connection,
            u"INSERT INTO uidls (account_id, uidl, occurrence, state, server_size, sha256, message_id, "
            "first_seen, stored_at, absent_since, delete_wished, skipped, failures, last_failure) "
            "VALUES (?, ?, ?, 0, 0, x'', NULL, ?, 0, 0, 0, ?, 0, 0) "
            "ON CONFLICT (account_id, uidl, occurrence) DO UPDATE SET skipped = excluded.skipped"_s);
        upsert.bind(account).bind(key.uidl).bind(key.occurrence);
        return upsert.bind(Clock().now()).bind(skipped).exec();
    });
}

Expected<QByteArray> Writer::accountFact(AccountId account, const QString &name) const
{
    Statement select(*d->connection, u"SELECT value FROM account_facts WHERE account_id = ? AND name = ?"_s);
    if (auto run = select.bind(account).bind(name).exec(); !run)
        return std::unexpected(run.error());
    if (select.next())
        return select.bytes(0);
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return QByteArray();
}

Expected<void> Writer::setAccountFact(AccountId account, const QString &name, const QByteArray &value)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement upsert(*d->connection,
            u"INSERT INTO account_facts (account_id, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (account_id, name) DO UPDATE SET value = excluded.value"_s);
        return upsert.bind(account).bind(name).bind(value).exec();
    });
}

} // namespace satchel::store
