// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"
#include "store/connection.h"
#include "store/rows.h"
#include "store/writer.h"
#include "store/writerprivate.h"
#include "store/writerstubs.h"

#include <QHash>
#include <QSet>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qsizetype mostErasedAtOnce = 200; // few enough to end in time
constexpr qint64 mostPagesGivenBack = 4000; // some 32 MB: a second; the next time gives more

std::unexpected<Error> folderGone()
{
    return fail(
        ErrorKind::NotFound, StoreText::tr("The folder does not exist any more; the messages stay where they are."));
}

/// The statements of one append, prepared once for a batch.
class Appender
{
public:
    explicit Appender(Connection &connection)
        : m_connection(connection)
        , m_storedAt(connection,
              u"SELECT stored_at, stub, message_id, sha256 FROM uidls WHERE account_id = ? AND uidl = ? AND occurrence = ?"_s)
        // The same bytes are the same message where the server says so by the UIDL (Q28), and where the server lists
        // by a new UIDL what is not listed by its old one any more (Q30); and wherever names were seen to pass on.
        , m_twin(connection,
              u"SELECT m.id FROM sources s JOIN messages m ON m.source_id = s.id JOIN uidls u ON u.message_id = m.id "
              "WHERE s.sha256 = ? AND u.account_id = ? AND (u.uidl = ? OR u.state = 2 OR ?) AND u.stored_at <> 0 LIMIT 1"_s)
        , m_source(connection, u"SELECT id FROM sources WHERE sha256 = ?"_s)
        , m_insertSource(connection, u"INSERT INTO sources (sha256, content_hash, size, zstd) VALUES (?, ?, ?, ?)"_s)
        , m_insertMessage(connection,
              u"INSERT INTO messages (folder_id, source_id, flags, date, stored, size, sender_key, "
              "subject_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s)
        , m_insertEnvelope(connection,
              u"INSERT INTO envelopes (id, sender_name, sender_address, recipients, subject, preview, "
              "message_id, refs) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"_s)
        , m_insertWords(connection,
              u"INSERT INTO search (rowid, sender, recipients, subject, body, files) VALUES (?, ?, ?, ?, ?, ?)"_s)
        , m_upsertUidl(connection,
              u"INSERT INTO uidls (account_id, uidl, occurrence, state, server_size, sha256, message_id, "
              "first_seen, stored_at, header_hash, doubted, absent_since, delete_wished, skipped, failures, "
              "last_failure) "
              "VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0) "
              "ON CONFLICT (account_id, uidl, occurrence) DO UPDATE SET state = 0, header_hash = excluded.header_hash, "
              "server_size = excluded.server_size, sha256 = excluded.sha256, message_id = excluded.message_id, "
              "stored_at = excluded.stored_at, absent_since = 0, skipped = 0, failures = 0, last_failure = 0, "
              "stub = 0, whole_wished = 0, delete_order = 0, doubted = excluded.doubted"_s)
    {
    }

    Expected<void> append(AppendItem &item, const FolderInfo &folder, AppendOutcome &outcome)
    {
        const bool fromServer = !item.key.uidl.isEmpty();
        MessageId beginning;
        if (fromServer) {
            auto row = known(item);
            if (!row)
                return std::unexpected(row.error());
            // A key says nothing of bytes: where another message has it, this one gets its own.
            const bool isAnother = !row->sha256.isEmpty() && row->sha256 != item.message.sha256;
            if (row->stored && !item.stub && isAnother) {
                const auto next = nextOccurrence(m_connection, item.account, item.key.uidl);
                if (!next)
                    return std::unexpected(next.error());
                const UidlKey taken = std::exchange(item.key, {item.key.uidl, *next});
                outcome.others.insert(taken, item.key);
                *row = {};
            }
            if (row->stored || (item.stub && row->stub)) {
                ++outcome.alreadyStored;
                return {};
            }
            if (row->stub)
                beginning = row->message;
            const auto recognised =
                item.stub ? recogniseBeginning(m_connection, item) : bindToTwin(item, beginning, outcome);
            if (!recognised)
                return std::unexpected(recognised.error());
            if (*recognised) {
                ++outcome.alreadyStored;
                return {};
            }
        }
        const auto source = sourceId(item.message);
        if (!source)
            return std::unexpected(source.error());
        if (beginning.isValid()) {
            const auto completed = complete(m_connection, item, beginning, *source);
            if (!completed)
                return std::unexpected(completed.error());
            outcome.completed.append(*completed);
            return enterUidl(item, beginning);
        }
        MessageSummary summary = summaryOf(item, folder);
        m_insertMessage.bind(item.folder).bind(*source).bind(qint64(summary.flags.toInt())).bind(summary.date);
        m_insertMessage.bind(summary.stored)
            .bind(summary.size)
            .bind(item.message.senderKey)
            .bind(item.message.subjectKey);
        if (auto run = m_insertMessage.exec(); !run)
            return std::unexpected(run.error());
        summary.id = MessageId{m_insertMessage.insertedId()};
        const Envelope &envelope = item.message.envelope;
        m_insertEnvelope.bind(summary.id).bind(envelope.from.name).bind(envelope.from.address).bind(summary.recipients);
        m_insertEnvelope.bind(envelope.subject).bind(envelope.preview).bind(envelope.messageId);
        if (auto run = m_insertEnvelope.bind(envelope.references.join(' ')).exec(); !run)
            return std::unexpected(run.error());
        if (fromServer) {
            const auto entered = item.stub ? enterBeginning(m_connection, item, summary.id, summary.stored)
                                           : enterUidl(item, summary.id);
            if (!entered)
                return entered;
        }
        m_words.append({summary.id, &item.message.folded});
        outcome.stored.append(summary);
        return {};
    }

    /// The words of all that was appended: FTS5 writes out what it holds at every statement savepoint, and each of the
    /// other statements opens one, so that in between each message would become a segment of its own.
    Expected<void> indexWords()
    {
        for (const auto &[id, words] : std::as_const(m_words)) {
            m_insertWords.bind(id).bind(words->from).bind(words->recipients).bind(words->subject).bind(words->body);
            if (auto run = m_insertWords.bind(words->attachmentNames).exec(); !run)
                return run;
        }
        return {};
    }

private:
    Expected<void> enterUidl(const AppendItem &item, MessageId message)
    {
        const QDateTime now = item.countedAt.isValid() ? item.countedAt : whenStored(item);
        m_upsertUidl.bind(item.account).bind(item.key.uidl).bind(item.key.occurrence).bind(item.serverSize);
        m_upsertUidl.bind(item.message.sha256).bind(message).bind(now).bind(now).bind(item.message.headerHash);
        return m_upsertUidl.bind(item.doubted).exec();
    }

    Expected<MessageId> twinOf(const AppendItem &item)
    {
        m_twin.bind(item.message.sha256).bind(item.account).bind(item.key.uidl).bind(item.compare);
        if (auto run = m_twin.exec(); !run)
            return std::unexpected(run.error());
        if (m_twin.next())
            return m_twin.id<MessageId>(0);
        if (auto end = m_twin.outcome(); !end)
            return std::unexpected(end.error());
        return MessageId{};
    }

    /// True when the bytes are stored already: the ledger row names that message, and a beginning goes.
    Expected<bool> bindToTwin(const AppendItem &item, MessageId beginning, AppendOutcome &outcome)
    {
        const auto twin = twinOf(item);
        if (!twin)
            return std::unexpected(twin.error());
        if (!twin->isValid())
            return false;
        if (auto run = enterUidl(item, *twin); !run)
            return std::unexpected(run.error());
        if (beginning.isValid()) {
            const auto retired = retireBeginning(m_connection, item.account, beginning);
            if (!retired)
                return std::unexpected(retired.error());
            outcome.retired += *retired;
        }
        return true;
    }

    struct Known {
        bool stored = false;
        bool stub = false;
        MessageId message;
        QByteArray sha256; ///< of what was stored
    };

    Expected<Known> known(const AppendItem &item)
    {
        if (auto run = m_storedAt.bind(item.account).bind(item.key.uidl).bind(item.key.occurrence).exec(); !run)
            return std::unexpected(run.error());
        if (m_storedAt.next())
            return Known{
                m_storedAt.boolean(0), m_storedAt.boolean(1), m_storedAt.id<MessageId>(2), m_storedAt.bytes(3)};
        if (auto end = m_storedAt.outcome(); !end)
            return std::unexpected(end.error());
        return Known{};
    }

    Expected<qint64> sourceId(const PreparedMessage &message)
    {
        if (auto run = m_source.bind(message.sha256).exec(); !run)
            return std::unexpected(run.error());
        if (m_source.next())
            return m_source.integer(0);
        if (auto end = m_source.outcome(); !end)
            return std::unexpected(end.error());
        if (message.compressedFile)
            return storeFile(message);
        m_insertSource.bind(message.sha256).bind(message.contentHash).bind(message.size).bind(message.compressed);
        if (auto run = m_insertSource.exec(); !run)
            return std::unexpected(run.error());
        return m_insertSource.insertedId();
    }

    Expected<qint64> storeFile(const PreparedMessage &message)
    {
        const SpoolFile &file = *message.compressedFile;
        if (!m_connection.handlesPieces()) {
            QByteArray whole;
            const auto read = file.read([&whole](QByteArrayView piece) {
                whole += piece;
                return true;
            });
            if (!read)
                return std::unexpected(read.error());
            m_insertSource.bind(message.sha256).bind(message.contentHash).bind(message.size).bind(whole);
            if (auto run = m_insertSource.exec(); !run)
                return std::unexpected(run.error());
            return m_insertSource.insertedId();
        }
        Statement room(
            m_connection, u"INSERT INTO sources (sha256, content_hash, size, zstd) VALUES (?, ?, ?, zeroblob(?))"_s);
        room.bind(message.sha256).bind(message.contentHash).bind(message.size).bind(file.size());
        if (auto run = room.exec(); !run)
            return std::unexpected(run.error());
        const qint64 id = room.insertedId();
        if (auto written = m_connection.writePieces({"sources", "zstd", id}, file); !written)
            return std::unexpected(written.error());
        return id;
    }

    static QDateTime whenStored(const AppendItem &item)
    {
        return (item.storedAt.isValid() ? item.storedAt : Clock().now()).toUTC();
    }

    static MessageSummary summaryOf(const AppendItem &item, const FolderInfo &folder)
    {
        const Envelope &envelope = item.message.envelope;
        MessageSummary summary;
        summary.account = folder.account;
        summary.folder = item.folder;
        summary.from = envelope.from;
        summary.recipients = recipientLine(envelope.to);
        summary.subject = envelope.subject;
        summary.preview = envelope.preview;
        summary.stored = whenStored(item);
        summary.date = listedDate(envelope, summary.stored);
        summary.size = item.stub ? item.serverSize : item.message.size;
        summary.flags = item.flags;
        summary.flags.setFlag(MessageFlag::Partial, item.stub);
        summary.flags.setFlag(MessageFlag::HasAttachment, envelope.attachments > 0);
        summary.flags.setFlag(MessageFlag::Damaged, envelope.damaged);
        return summary;
    }

    Connection &m_connection;
    Statement m_storedAt;
    Statement m_twin;
    Statement m_source;
    Statement m_insertSource;
    Statement m_insertMessage;
    Statement m_insertEnvelope;
    Statement m_insertWords;
    Statement m_upsertUidl;
    QList<std::pair<MessageId, const SearchText *>> m_words;
};

} // namespace

Expected<AppendOutcome> Writer::append(const QList<AppendItem> &batch)
{
    return inTransaction(*d->connection, [&]() -> Expected<AppendOutcome> {
        const auto all = readFolders(*d->connection, true);
        if (!all)
            return std::unexpected(all.error());
        QHash<FolderId, FolderInfo> folders;
        for (const FolderInfo &folder : *all)
            folders.insert(folder.id, folder);
        AppendOutcome outcome;
        Appender appender(*d->connection);
        QList<AppendItem> items = batch;
        for (AppendItem &item : items) {
            const auto folder = folders.constFind(item.folder);
            if (folder == folders.cend())
                return fail(ErrorKind::NotFound,
                    StoreText::tr("The folder that new mail is to go to does not exist any more."));
            if (item.message.compressed.isEmpty() && !item.message.compressedFile)
                return fail(ErrorKind::InvalidRequest,
                    StoreText::tr("A message could not be made ready to be stored; there may be too little memory."));
            if (item.compare) {
                const UidlKey known = item.key;
                const auto confirmed = confirm(*d->connection, item);
                if (!confirmed)
                    return std::unexpected(confirmed.error());
                if (*confirmed) {
                    ++outcome.alreadyStored;
                    continue;
                }
                if (item.key != known)
                    outcome.others.insert(known, item.key);
            }
            if (auto appended = appender.append(item, *folder, outcome); !appended)
                return std::unexpected(appended.error());
        }
        if (auto run = appender.indexWords(); !run)
            return std::unexpected(run.error());
        return outcome;
    });
}

Expected<QList<MessageId>> Writer::setFlags(const QList<MessageId> &messages, MessageFlags set, MessageFlags clear)
{
    return inTransaction(*d->connection, [&]() -> Expected<QList<MessageId>> {
        QList<MessageId> changed;
        Statement update(*d->connection,
            u"UPDATE messages SET flags = (flags & ~?) | ? WHERE id = ? AND flags <> (flags & ~?) | ?"_s);
        const auto on = qint64(set.toInt());
        const auto off = qint64(clear.toInt());
        for (const MessageId message : messages) {
            if (auto run = update.bind(off).bind(on).bind(message).bind(off).bind(on).exec(); !run)
                return std::unexpected(run.error());
            if (update.changedRows() > 0)
                changed.append(message);
        }
        return changed;
    });
}

Expected<QList<MovedMessage>> Writer::Private::moveTo(const QList<MessageId> &messages, const FolderInfo &target)
{
    QList<MovedMessage> moved;
    Statement select(*connection,
        u"SELECT m.folder_id, f.role, m.flags & 64 FROM messages m JOIN folders f ON f.id = m.folder_id WHERE m.id = ?"_s);
    Statement update(*connection, u"UPDATE messages SET folder_id = ? WHERE id = ?"_s);
    for (const MessageId message : messages) {
        if (auto run = select.bind(message).exec(); !run)
            return std::unexpected(run.error());
        if (!select.next()) {
            if (auto end = select.outcome(); !end)
                return std::unexpected(end.error());
            continue;
        }
        const auto from = select.id<FolderId>(0);
        const auto role = FolderRole(select.integer(1));
        const bool partial = select.boolean(2);
        if (from == target.id)
            continue;
        if (auto run = update.bind(target.id).bind(message).exec(); !run)
            return std::unexpected(run.error());
        if (auto wished = noteMove(message, role, target.role); !wished)
            return std::unexpected(wished.error());
        if (partial && target.role == FolderRole::Trash) {
            if (auto forgone = forgoRest(*connection, message); !forgone)
                return std::unexpected(forgone.error());
        }
        moved.append({message, from, target.id});
    }
    return moved;
}

Expected<void> Writer::Private::noteMove(MessageId message, FolderRole from, FolderRole to)
{
    const auto isDeleted = [](FolderRole role) { return role == FolderRole::Trash || role == FolderRole::Removed; };
    if (to == FolderRole::Trash && from != FolderRole::Removed) {
        Statement wish(*connection,
            u"UPDATE uidls SET delete_wished = 1 WHERE message_id = ? AND account_id IN "
            "(SELECT id FROM accounts WHERE delete_when_deleted_here <> 0 AND delete_at_once <> 0)"_s);
        return wish.bind(message).exec();
    }
    if (isDeleted(from) && !isDeleted(to))
        return takeBackWish(message);
    if (from == FolderRole::Removed && to == FolderRole::Trash) {
        // Back in Trash, it is to leave the server only where that already counts.
        Statement unless(*connection,
            u"UPDATE uidls SET delete_wished = 0 WHERE message_id = ? AND account_id NOT IN "
            "(SELECT id FROM accounts WHERE delete_when_deleted_here <> 0 AND delete_at_once <> 0)"_s);
        return unless.bind(message).exec();
    }
    return {};
}

Expected<void> Writer::Private::takeBackWish(MessageId message)
{
    Statement update(*connection, u"UPDATE uidls SET delete_wished = 0 WHERE message_id = ? AND delete_wished <> 0"_s);
    return update.bind(message).exec();
}

Expected<QList<MovedMessage>> Writer::move(const QList<MessageId> &messages, FolderId target)
{
    return inTransaction(*d->connection, [&]() -> Expected<QList<MovedMessage>> {
        const auto info = d->folderInfo(target);
        if (!info)
            return folderGone();
        return d->moveTo(messages, *info);
    });
}

Expected<void> Writer::moveBack(const QList<MovedMessage> &moves)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        const auto all = readFolders(*d->connection, true);
        if (!all)
            return std::unexpected(all.error());
        QHash<FolderId, FolderRole> roles;
        for (const FolderInfo &folder : *all)
            roles.insert(folder.id, folder.role);
        // What was moved again since is left alone.
        Statement update(*d->connection, u"UPDATE messages SET folder_id = ? WHERE id = ? AND folder_id = ?"_s);
        for (auto move = moves.crbegin(); move != moves.crend(); ++move) {
            if (!roles.contains(move->from))
                return folderGone();
            if (auto run = update.bind(move->from).bind(move->id).bind(move->to).exec(); !run)
                return run;
            if (update.changedRows() == 1) {
                if (auto wished = d->noteMove(move->id, roles.value(move->to), roles.value(move->from)); !wished)
                    return wished;
            }
        }
        return {};
    });
}

Expected<QList<MovedMessage>> Writer::remove(const QList<MessageId> &messages)
{
    return inTransaction(*d->connection, [&]() -> Expected<QList<MovedMessage>> {
        const auto all = readFolders(*d->connection, true);
        if (!all)
            return std::unexpected(all.error());
        QHash<FolderId, FolderId> removedFor;
        QHash<AccountId, FolderId> removedOf;
        for (const FolderInfo &folder : *all) {
            if (folder.role == FolderRole::Removed)
                removedOf.insert(folder.account, folder.id);
        }
        for (const FolderInfo &folder : *all)
            removedFor.insert(folder.id, removedOf.value(folder.account));
        QList<MovedMessage> moved;
        Statement select(*d->connection, u"SELECT folder_id, flags & 64 FROM messages WHERE id = ?"_s);
        Statement update(*d->connection, u"UPDATE messages SET folder_id = ? WHERE id = ?"_s);
        Statement wish(*d->connection,
            u"UPDATE uidls SET delete_wished = 1 WHERE message_id = ? AND account_id IN "
            "(SELECT id FROM accounts WHERE delete_when_deleted_here <> 0)"_s);
        for (const MessageId message : messages) {
            if (auto run = select.bind(message).exec(); !run)
                return std::unexpected(run.error());
            if (!select.next()) {
                if (auto end = select.outcome(); !end)
                    return std::unexpected(end.error());
                continue;
            }
            const auto from = select.id<FolderId>(0);
            const bool partial = select.boolean(1);
            const FolderId target = removedFor.value(from);
            if (from == target)
                continue;
            if (partial) {
                if (auto forgone = forgoRest(*d->connection, message); !forgone)
                    return std::unexpected(forgone.error());
            }
            if (auto run = update.bind(target).bind(message).exec(); !run)
                return std::unexpected(run.error());
            if (auto run = wish.bind(message).exec(); !run)
                return std::unexpected(run.error());
            moved.append({message, from, target});
        }
        return moved;
    });
}

Expected<QList<MessageId>> Writer::Private::messagesIn(FolderId folder)
{
    Statement select(*connection, u"SELECT id FROM messages WHERE folder_id = ?"_s);
    if (auto run = select.bind(folder).exec(); !run)
        return std::unexpected(run.error());
    QList<MessageId> messages;
    while (select.next())
        messages.append(select.id<MessageId>(0));
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return messages;
}

Expected<void> Writer::Private::erase(const QList<MessageId> &messages)
{
    // The row takes its envelope along, and its bytes when no other message has the same.
    Statement row(*connection, u"DELETE FROM messages WHERE id = ?"_s);
    for (const MessageId message : messages) {
        if (auto run = row.bind(message).exec(); !run)
            return run;
    }
    // Not in between: see Appender::indexWords().
    Statement words(*connection, u"DELETE FROM search WHERE rowid = ?"_s);
    for (const MessageId message : messages) {
        if (auto run = words.bind(message).exec(); !run)
            return run;
    }
    return {};
}

Expected<void> Writer::Private::giveBackSpace(QDeadlineTimer until)
{
    const auto pages = connection->ask(u"PRAGMA page_count"_s);
    if (!pages)
        return std::unexpected(pages.error());
    const auto unused = connection->ask(u"PRAGMA freelist_count"_s);
    if (!unused)
        return std::unexpected(unused.error());
    if (unused->toLongLong() < pages->toLongLong() / 4)
        return {};
    return inTransaction(*connection, [&]() -> Expected<void> {
        // Gives one page back a step, and the driver takes one step, because the statement has no columns.
        Statement vacuum(*connection, u"PRAGMA incremental_vacuum"_s);
        for (qint64 page = qMin(unused->toLongLong(), mostPagesGivenBack); page > 0 && !until.hasExpired(); --page) {
            if (auto run = vacuum.exec(); !run)
                return run;
        }
        return {};
    });
}

Expected<QList<MessageId>> Writer::removed() const
{
    // The plus: an index of ids would put them in order by itself, and read every message for it.
    Statement select(*d->connection,
        u"SELECT id FROM messages WHERE folder_id IN (SELECT id FROM folders WHERE role = ?) ORDER BY +id"_s);
    if (auto run = select.bind(qint64(FolderRole::Removed)).exec(); !run)
        return std::unexpected(run.error());
    QList<MessageId> messages;
    while (select.next())
        messages.append(select.id<MessageId>(0));
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return messages;
}

Expected<int> Writer::purge(const QList<MessageId> &messages, QDeadlineTimer until)
{
    const auto all = removed();
    if (!all)
        return std::unexpected(all.error());
    const QSet<MessageId> erasable(all->begin(), all->end());
    QList<MessageId> due;
    std::ranges::copy_if(messages, std::back_inserter(due), [&](MessageId id) { return erasable.contains(id); });
    qsizetype erased = 0;
    while (erased < due.size() && !until.hasExpired()) {
        const QList<MessageId> some = due.sliced(erased, qMin(mostErasedAtOnce, due.size() - erased));
        if (const auto done = inTransaction(*d->connection, [&] { return d->erase(some); }); !done)
            return std::unexpected(done.error());
        erased += some.size();
    }
    // The messages are gone, whether or not the file could be made smaller.
    if (erased > 0)
        (void)d->giveBackSpace(until);
    return int(erased);
}

Expected<int> Writer::purge(QDeadlineTimer until)
{
    const auto all = removed();
    if (!all)
        return std::unexpected(all.error());
    return purge(*all, until);
}

} // namespace satchel::store
