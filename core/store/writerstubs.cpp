// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/writerstubs.h"

#include "base/clock.h"
#include "store/rows.h"
#include "store/writerprivate.h"

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

// Servers count line ends and added fields in different ways; more than this is another message.
constexpr qint64 sizeTolerance = 64;

Expected<void> setRestFlags(Connection &connection, MessageId message, MessageFlags set, MessageFlags clear)
{
    Statement update(connection, u"UPDATE messages SET flags = (flags & ~?) | ? WHERE id = ? AND flags & 64 <> 0"_s);
    return update.bind(qint64(clear.toInt())).bind(qint64(set.toInt())).bind(message).exec();
}

/// The beginning that a ledger row names; none where the row says something else.
Expected<MessageId> beginningOf(Connection &connection, AccountId account, const UidlKey &key)
{
    Statement select(connection,
        u"SELECT message_id FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ? AND stub <> 0 "
        "AND message_id IS NOT NULL"_s);
    if (auto run = select.bind(account).bind(key.uidl).bind(key.occurrence).exec(); !run)
        return std::unexpected(run.error());
    const MessageId message = select.next() ? select.id<MessageId>(0) : MessageId();
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return message;
}

Expected<void> enterRow(Connection &connection, AccountId account, const ServerOrder &order, const QDateTime &now)
{
    Statement insert(connection,
        u"INSERT INTO uidls (account_id, uidl, occurrence, state, server_size, sha256, message_id, "
        "first_seen, stored_at, absent_since, delete_wished, skipped, failures, last_failure) "
        "VALUES (?, ?, ?, 0, ?, x'', NULL, ?, 0, 0, 0, 0, 0, 0) "
        "ON CONFLICT (account_id, uidl, occurrence) DO NOTHING"_s);
    insert.bind(account).bind(order.key.uidl).bind(order.key.occurrence);
    return insert.bind(order.serverSize).bind(now).exec();
}

Expected<void> carryInto(Connection &connection, AccountId account, const ServerOrder &order)
{
    const auto bindKey = [&](Statement &statement) -> Statement & {
        return statement.bind(account).bind(order.key.uidl).bind(order.key.occurrence);
    };
    switch (order.kind) {
    case ServerOrder::Kind::Get: {
        // What was deleted here for good may be had again: as if it had never been stored.
        Statement again(connection,
            u"UPDATE uidls SET stored_at = 0, sha256 = x'' WHERE account_id = ? AND uidl = ? AND occurrence = ? "
            "AND message_id IS NULL"_s);
        if (auto run = bindKey(again).exec(); !run)
            return run;
        Statement get(connection,
            u"UPDATE uidls SET whole_wished = stored_at = 0, skipped = 0, delete_wished = 0, delete_order = 0, "
            u"failures = 0, "
            "last_failure = 0 WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        return bindKey(get).exec();
    }
    case ServerOrder::Kind::Skip: {
        Statement skip(connection,
            u"UPDATE uidls SET skipped = 1, whole_wished = 0, delete_order = 0 "
            "WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        return bindKey(skip).exec();
    }
    case ServerOrder::Kind::DeleteIfStored:
    case ServerOrder::Kind::DeleteAnyway: {
        Statement remove(connection,
            u"UPDATE uidls SET delete_order = ?, whole_wished = 0, server_size = ?, known_sender = ?, known_subject = "
            "?, header_hash = CASE WHEN stored_at = 0 AND ? <> x'' THEN ? ELSE header_hash END "
            "WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        remove.bind(order.kind == ServerOrder::Kind::DeleteAnyway ? 2 : 1).bind(order.serverSize);
        remove.bind(order.sender).bind(order.subject).bind(order.headerHash).bind(order.headerHash);
        return bindKey(remove).exec();
    }
    case ServerOrder::Kind::Keep: {
        Statement keep(connection,
            u"UPDATE uidls SET delete_order = 0, whole_wished = 0, skipped = 0 "
            "WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        return bindKey(keep).exec();
    }
    }
    return {};
}

MessageFlags restFlagOf(ServerOrder::Kind kind)
{
    switch (kind) {
    case ServerOrder::Kind::Get:
        return MessageFlag::RestWished;
    case ServerOrder::Kind::Skip:
    case ServerOrder::Kind::DeleteIfStored:
    case ServerOrder::Kind::DeleteAnyway:
        return MessageFlag::RestRefused;
    case ServerOrder::Kind::Keep:
        break;
    }
    return {};
}

Expected<void> noteOrder(Connection &connection, AccountId account, const ServerOrder &order, const QDateTime &now)
{
    if (auto row = enterRow(connection, account, order, now); !row)
        return row;
    if (auto carried = carryInto(connection, account, order); !carried)
        return carried;
    const auto beginning = beginningOf(connection, account, order.key);
    if (!beginning)
        return std::unexpected(beginning.error());
    if (!beginning->isValid())
        return {};
    return setRestFlags(
        connection, *beginning, restFlagOf(order.kind), MessageFlag::RestWished | MessageFlag::RestRefused);
}

} // namespace

Expected<int> nextOccurrence(Connection &connection, AccountId account, const QByteArray &uidl)
{
    Statement select(
        connection, u"SELECT ifnull(max(occurrence) + 1, 0) FROM uidls WHERE account_id = ? AND uidl = ?"_s);
    if (auto run = select.bind(account).bind(uidl).exec(); !run)
        return std::unexpected(run.error());
    const int next = select.next() ? int(select.integer(0)) : 0;
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return next;
}

Expected<bool> confirm(Connection &connection, AppendItem &item)
{
    const auto bindKey = [&item](Statement &statement) -> Statement & {
        return statement.bind(item.account).bind(item.key.uidl).bind(item.key.occurrence);
    };
    bool known = false;
    bool same = false;
    {
        // Copies that a server has touched since are the same message (Q45).
        Statement select(connection,
            u"SELECT u.sha256, s.content_hash FROM uidls u LEFT JOIN messages m ON m.id = u.message_id "
            "LEFT JOIN sources s ON s.id = m.source_id "
            "WHERE u.account_id = ? AND u.uidl = ? AND u.occurrence = ? AND u.stored_at <> 0"_s);
        if (auto run = bindKey(select).exec(); !run)
            return std::unexpected(run.error());
        known = select.next();
        same = known && (select.bytes(0) == item.message.sha256 || select.bytes(1) == item.message.contentHash);
        if (auto end = select.outcome(); !end)
            return std::unexpected(end.error());
    }
    if (!known)
        return false; // it is new by that key
    const QDateTime now = item.storedAt.isValid() ? item.storedAt : Clock().now();
    if (same) {
        Statement seen(connection,
            u"UPDATE uidls SET state = 0, absent_since = 0, doubted = 0, server_size = ? "
            "WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
        if (auto run = bindKey(seen.bind(item.serverSize)).exec(); !run)
            return std::unexpected(run.error());
        return true;
    }
    Statement gone(connection,
        u"UPDATE uidls SET state = 2, absent_since = ?, delete_order = 0 "
        "WHERE account_id = ? AND uidl = ? AND occurrence = ? AND state <> 2"_s);
    if (auto run = bindKey(gone.bind(now)).exec(); !run)
        return std::unexpected(run.error());
    const auto next = nextOccurrence(connection, item.account, item.key.uidl);
    if (!next)
        return std::unexpected(next.error());
    item.key.occurrence = *next;
    return false;
}

Expected<bool> recogniseBeginning(Connection &connection, const AppendItem &item)
{
    Statement select(connection,
        u"SELECT uidl, occurrence FROM uidls WHERE account_id = ? AND header_hash = ? AND header_hash <> x'' "
        "AND state = 2 AND (stub <> 0 OR stored_at <> 0) AND abs(server_size - ?) <= ? LIMIT 1"_s);
    select.bind(item.account).bind(item.message.headerHash).bind(item.serverSize);
    if (auto run = select.bind(sizeTolerance).exec(); !run)
        return std::unexpected(run.error());
    UidlKey before;
    if (select.next())
        before = {select.bytes(0), int(select.integer(1))};
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    if (before.uidl.isEmpty())
        return false;
    const auto beginning = beginningOf(connection, item.account, before);
    if (!beginning)
        return std::unexpected(beginning.error());
    Statement yield(
        connection, u"DELETE FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ? AND stored_at = 0"_s);
    if (auto run = yield.bind(item.account).bind(item.key.uidl).bind(item.key.occurrence).exec(); !run)
        return std::unexpected(run.error());
    Statement move(connection,
        u"UPDATE uidls SET uidl = ?, occurrence = ?, server_size = ?, state = 0, absent_since = 0 "
        "WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s);
    move.bind(item.key.uidl).bind(item.key.occurrence).bind(item.serverSize);
    if (auto run = move.bind(item.account).bind(before.uidl).bind(before.occurrence).exec(); !run)
        return std::unexpected(run.error());
    if (beginning->isValid()) {
        if (auto flags = setRestFlags(connection, *beginning, {}, MessageFlag::RestGone); !flags)
            return std::unexpected(flags.error());
    }
    return true;
}

Expected<void> enterBeginning(Connection &connection, const AppendItem &item, MessageId message, const QDateTime &now)
{
    Statement upsert(connection,
        u"INSERT INTO uidls (account_id, uidl, occurrence, state, server_size, sha256, message_id, first_seen, "
        "stored_at, header_hash, absent_since, delete_wished, skipped, failures, last_failure, stub) "
        "VALUES (?, ?, ?, 0, ?, x'', ?, ?, 0, ?, 0, 0, 0, 0, 0, 1) "
        "ON CONFLICT (account_id, uidl, occurrence) DO UPDATE SET state = 0, header_hash = excluded.header_hash, "
        "server_size = excluded.server_size, message_id = excluded.message_id, absent_since = 0, stub = 1"_s);
    upsert.bind(item.account).bind(item.key.uidl).bind(item.key.occurrence).bind(item.serverSize);
    return upsert.bind(message).bind(now).bind(item.message.headerHash).exec();
}

Expected<MessageSummary> complete(Connection &connection, const AppendItem &item, MessageId beginning, qint64 source)
{
    const Envelope &envelope = item.message.envelope;
    MessageFlags now;
    now.setFlag(MessageFlag::HasAttachment, envelope.attachments > 0);
    now.setFlag(MessageFlag::Damaged, envelope.damaged);
    const MessageFlags before = partialFlags | MessageFlag::HasAttachment | MessageFlag::Damaged;
    Statement row(connection,
        u"UPDATE messages SET source_id = ?, size = ?, sender_key = ?, subject_key = ?, flags = (flags & ~?) | ? "
        "WHERE id = ?"_s);
    row.bind(source).bind(item.message.size).bind(item.message.senderKey).bind(item.message.subjectKey);
    if (auto run = row.bind(qint64(before.toInt())).bind(qint64(now.toInt())).bind(beginning).exec(); !run)
        return std::unexpected(run.error());
    Statement shown(connection,
        u"UPDATE envelopes SET sender_name = ?, sender_address = ?, recipients = ?, subject = ?, preview = ?, "
        "message_id = ?, refs = ? WHERE id = ?"_s);
    shown.bind(envelope.from.name).bind(envelope.from.address).bind(recipientLine(envelope.to)).bind(envelope.subject);
    shown.bind(envelope.preview).bind(envelope.messageId).bind(envelope.references.join(' '));
    if (auto run = shown.bind(beginning).exec(); !run)
        return std::unexpected(run.error());
    Statement forget(connection, u"DELETE FROM search WHERE rowid = ?"_s);
    if (auto run = forget.bind(beginning).exec(); !run)
        return std::unexpected(run.error());
    Statement words(connection,
        u"INSERT INTO search (rowid, sender, recipients, subject, body, files) VALUES (?, ?, ?, ?, ?, ?)"_s);
    const SearchText &folded = item.message.folded;
    words.bind(beginning).bind(folded.from).bind(folded.recipients).bind(folded.subject).bind(folded.body);
    if (auto run = words.bind(folded.attachmentNames).exec(); !run)
        return std::unexpected(run.error());
    const auto summaries = readSummaries(connection, {beginning});
    if (!summaries)
        return std::unexpected(summaries.error());
    return summaries->isEmpty() ? MessageSummary() : summaries->constFirst();
}

Expected<QList<MovedMessage>> retireBeginning(Connection &connection, AccountId account, MessageId beginning)
{
    Statement select(connection,
        u"SELECT m.folder_id, f.id FROM messages m, folders f WHERE m.id = ? AND f.account_id = ? AND f.role = 7"_s);
    if (auto run = select.bind(beginning).bind(account).exec(); !run)
        return std::unexpected(run.error());
    MovedMessage moved{beginning, {}, {}};
    if (select.next()) {
        moved.from = select.id<FolderId>(0);
        moved.to = select.id<FolderId>(1);
    }
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    if (moved.from == moved.to)
        return QList<MovedMessage>();
    Statement update(connection, u"UPDATE messages SET folder_id = ? WHERE id = ?"_s);
    if (auto run = update.bind(moved.to).bind(beginning).exec(); !run)
        return std::unexpected(run.error());
    return QList{moved};
}

Expected<void> forgoRest(Connection &connection, MessageId message)
{
    Statement row(connection, u"UPDATE uidls SET whole_wished = 0 WHERE message_id = ? AND stub <> 0"_s);
    if (auto run = row.bind(message).exec(); !run)
        return run;
    return setRestFlags(connection, message, {}, MessageFlag::RestWished);
}

Expected<void> Writer::noteOrders(AccountId account, const QList<ServerOrder> &orders, const QDateTime &now)
{
    if (orders.isEmpty())
        return {};
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        for (const ServerOrder &order : orders) {
            if (auto noted = noteOrder(*d->connection, account, order, now); !noted)
                return noted;
        }
        return {};
    });
}

Expected<QList<AccountId>> Writer::orderRest(
    const QList<MessageId> &messages, ServerOrder::Kind kind, const QDateTime &now)
{
    return inTransaction(*d->connection, [&]() -> Expected<QList<AccountId>> {
        QList<AccountId> accounts;
        for (const MessageId message : messages) {
            AccountId account;
            ServerOrder order;
            {
                Statement select(*d->connection,
                    u"SELECT account_id, uidl, occurrence, server_size FROM uidls WHERE message_id = ? AND stub <> 0 "
                    "AND stored_at = 0"_s);
                if (auto run = select.bind(message).exec(); !run)
                    return std::unexpected(run.error());
                if (select.next()) {
                    account = select.id<AccountId>(0);
                    order = {{select.bytes(1), int(select.integer(2))}, select.integer(3), kind, {}, {}, {}};
                }
                if (auto end = select.outcome(); !end)
                    return std::unexpected(end.error());
            }
            if (!account.isValid())
                continue;
            if (auto noted = noteOrder(*d->connection, account, order, now); !noted)
                return std::unexpected(noted.error());
            if (!accounts.contains(account))
                accounts.append(account);
        }
        return accounts;
    });
}

} // namespace satchel::store
