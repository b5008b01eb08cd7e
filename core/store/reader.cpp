// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/reader.h"

#include "store/checksum.h"
#include "store/compression.h"
#include "store/connection.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/searchquery.h"
#include "store/storelock.h"

#include <QBitArray>
#include <QFileInfo>

#include <algorithm>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qint64 fewRows = 20'000; // so many are sorted faster than an index of the whole folder is read
constexpr qsizetype mostMerged = 100; // folders in one compound SELECT (SQLite takes 500 at most)
constexpr int rowsBetweenChecks = 4096;

struct SortColumn {
    QString column;
    QString index;
};

SortColumn sortColumn(SortField field)
{
    switch (field) {
    case SortField::Sender:
        return {u"sender_key"_s, u"messages_by_sender"_s};
    case SortField::Subject:
        return {u"subject_key"_s, u"messages_by_subject"_s};
    case SortField::Size:
        return {u"size"_s, u"messages_by_size"_s};
    case SortField::Arrived:
        return {u"stored"_s, u"messages_by_arrival"_s};
    case SortField::Date:
        break;
    }
    return {u"date"_s, u"messages_by_date"_s};
}

/// A condition of a scope that concerns a message, not its folder, and the index of those that meet it.
struct Filter {
    QString condition;
    QString index;
};

QList<Filter> filtersOf(const ListScope &scope)
{
    QList<Filter> filters;
    if (scope.unreadOnly)
        filters.append({u" AND flags & 1 = 0"_s, u"messages_unread"_s});
    if (scope.starredOnly)
        filters.append({u" AND flags & 2 <> 0"_s, u"messages_starred"_s});
    if (scope.withAttachmentOnly)
        filters.append({u" AND flags & 4 <> 0"_s, u"messages_with_attachment"_s});
    return filters;
}

QString flagConditions(const ListScope &scope)
{
    QString sql;
    for (const Filter &filter : filtersOf(scope))
        sql += filter.condition;
    return sql;
}

std::unexpected<Error> wasCancelled()
{
    return fail(ErrorKind::Cancelled, StoreText::tr("Cancelled."));
}

/// All rows of a statement, unless cancelled.
template <class Row>
Expected<void> forEachRow(Statement &select, const Cancelled &cancelled, Row row)
{
    if (cancelled && cancelled())
        return wasCancelled();
    if (auto run = select.exec(); !run)
        return run;
    int untilCheck = rowsBetweenChecks;
    while (select.next()) {
        row();
        if (--untilCheck == 0) {
            untilCheck = rowsBetweenChecks;
            if (cancelled && cancelled())
                return wasCancelled();
        }
    }
    return select.outcome();
}

template <class Key>
QList<MessageId> inOrder(std::vector<std::pair<Key, qint64>> &hits, Qt::SortOrder direction, qsizetype limit)
{
    if (direction == Qt::AscendingOrder)
        std::sort(hits.begin(), hits.end());
    else
        std::sort(hits.begin(), hits.end(), std::greater<>());
    if (limit > 0 && hits.size() > size_t(limit))
        hits.resize(size_t(limit));
    QList<MessageId> ids;
    ids.reserve(qsizetype(hits.size()));
    for (const auto &hit : hits)
        ids.append(MessageId{hit.second});
    return ids;
}

} // namespace

struct Reader::Private {
    std::unique_ptr<Connection> connection;

    Expected<QList<FolderId>> foldersOf(const ListScope &scope);
    Expected<bool> isFew(const QString &index, const QString &condition, const QString &folderList);
    Expected<QBitArray> matches(const QString &expression, const Cancelled &cancelled);
};

Reader::Reader(std::unique_ptr<Private> priv)
    : d(std::move(priv))
{
}

Reader::~Reader() = default;

Expected<std::unique_ptr<Reader>> Reader::open(const QString &file)
{
    if (!QFileInfo::exists(file)) {
        return fail(ErrorKind::StoreFailed, StoreText::tr("Your mail is being made ready. Try again in a moment."),
            ErrorAction::Retry);
    }
    if (auto here = StoreLock::checkNotElsewhere(file); !here)
        return std::unexpected(here.error());
    auto connection = Connection::open(file, Connection::Mode::ReadOnly);
    if (!connection)
        return std::unexpected(connection.error());
    auto priv = std::make_unique<Private>();
    priv->connection = std::move(*connection);
    for (const QString &pragma : {u"PRAGMA query_only = ON"_s, u"PRAGMA trusted_schema = OFF"_s,
             u"PRAGMA temp_store = MEMORY"_s, u"PRAGMA cache_size = -16384"_s}) {
        if (auto run = priv->connection->run(pragma); !run)
            return std::unexpected(run.error());
    }
    if (auto readable = checkReadable(*priv->connection); !readable)
        return std::unexpected(readable.error());
    return std::unique_ptr<Reader>(new Reader(std::move(priv)));
}

Expected<QList<AccountSettings>> Reader::accounts() const
{
    return readAccounts(*d->connection);
}

Expected<QList<FolderInfo>> Reader::folders() const
{
    return readFolders(*d->connection, false);
}

Expected<QList<MessageSummary>> Reader::summaries(const QList<MessageId> &ids) const
{
    return readSummaries(*d->connection, ids);
}

Expected<QList<DeletionRecord>> Reader::deletions(AccountId account, int limit) const
{
    // What waits in Removed to be purged is not here any more, as far as a person can see.
    Statement select(*d->connection,
        u"SELECT d.account_id, d.uidl, d.sender, d.subject, d.rule, d.at, d.message_id, ifnull(f.role, 7) FROM "
        u"deletions d "
        "LEFT JOIN messages m ON m.id = d.message_id LEFT JOIN folders f ON f.id = m.folder_id "
        "WHERE ? = 0 OR d.account_id = ? ORDER BY d.id DESC LIMIT ?"_s);
    if (auto run = select.bind(account.value).bind(account.value).bind(limit).exec(); !run)
        return std::unexpected(run.error());
    QList<DeletionRecord> records;
    while (select.next()) {
        DeletionRecord &record = records.emplaceBack();
        record.account = select.id<AccountId>(0);
        record.uidl = select.bytes(1);
        record.sender = select.text(2);
        record.subject = select.text(3);
        record.rule = DeletionRule(select.integer(4));
        record.at = select.time(5);
        record.wasHere = select.integer(6) != 0;
        if (FolderRole(select.integer(7)) != FolderRole::Removed)
            record.message = select.id<MessageId>(6);
    }
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return records;
}

Expected<QByteArray> Reader::source(MessageId message) const
{
    Statement select(*d->connection,
        u"SELECT s.size, s.sha256, s.zstd FROM messages m JOIN sources s ON s.id = m.source_id WHERE m.id = ?"_s);
    if (auto run = select.bind(message).exec(); !run)
        return std::unexpected(run.error());
    if (!select.next()) {
        if (auto end = select.outcome(); !end)
            return std::unexpected(end.error());
        return fail(ErrorKind::NotFound, StoreText::tr("This message does not exist any more."));
    }
    const auto bytes = decompress(select.bytes(2), select.integer(0));
    if (!bytes || sha256(*bytes) != select.bytes(1)) {
        return fail(ErrorKind::StoreDamaged,
            StoreText::tr("The stored bytes of this message are damaged. If it is still on the server, remove "
                          "it here and fetch it again."));
    }
    return *bytes;
}

Expected<QList<MessageId>> Reader::stale(int limit) const
{
    Statement select(*d->connection,
        u"SELECT m.id FROM messages m WHERE m.id < (SELECT below FROM renewal) ORDER BY m.id DESC LIMIT ?"_s);
    if (auto run = select.bind(limit).exec(); !run)
        return std::unexpected(run.error());
    QList<MessageId> messages;
    while (select.next())
        messages.append(select.id<MessageId>(0));
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return messages;
}

Expected<QList<FolderId>> Reader::Private::foldersOf(const ListScope &scope)
{
    if (scope.folder.isValid())
        return QList<FolderId>{scope.folder};
    const auto all = readFolders(*connection, false);
    if (!all)
        return std::unexpected(all.error());
    QList<FolderId> folders;
    for (const FolderInfo &folder : *all) {
        if (folder.total > 0 && (!scope.allInboxes || folder.role == FolderRole::Inbox))
            folders.append(folder.id);
    }
    return folders;
}

Expected<bool> Reader::Private::isFew(const QString &index, const QString &condition, const QString &folderList)
{
    Statement count(*connection,
        u"SELECT count(*) FROM (SELECT 1 FROM messages INDEXED BY %1 WHERE folder_id IN (%2)%3 LIMIT %4)"_s
            .arg(index, folderList, condition)
            .arg(fewRows + 1));
    if (auto run = count.exec(); !run)
        return std::unexpected(run.error());
    const bool few = count.next() && count.integer(0) <= fewRows;
    if (auto end = count.outcome(); !end)
        return std::unexpected(end.error());
    return few;
}

Expected<QList<MessageId>> Reader::list(const ListScope &scope, SortOrder order, const Cancelled &cancelled) const
{
    const auto folders = d->foldersOf(scope);
    if (!folders)
        return std::unexpected(folders.error());
    if (folders->isEmpty())
        return QList<MessageId>();
    QStringList numbers;
    for (const FolderId folder : *folders)
        numbers.append(QString::number(folder.value));
    const QString folderList = numbers.join(u',');
    const SortColumn sort = sortColumn(order.field);
    const QString direction = order.direction == Qt::AscendingOrder ? u"ASC"_s : u"DESC"_s;
    const QString ordered = u" ORDER BY %1 %2, id %2"_s.arg(sort.column, direction);
    const QString conditions = flagConditions(scope);

    QString filterIndex;
    for (const Filter &filter : filtersOf(scope)) {
        const auto few = d->isFew(filter.index, filter.condition, folderList);
        if (!few)
            return std::unexpected(few.error());
        if (*few) {
            filterIndex = filter.index;
            break;
        }
    }

    QString sql;
    if (!filterIndex.isEmpty() || folders->size() > mostMerged) {
        const QString from = filterIndex.isEmpty() ? sort.index : filterIndex;
        sql = u"SELECT id FROM messages INDEXED BY %1 WHERE folder_id IN (%2)%3%4"_s.arg(
            from, folderList, conditions, ordered);
    } else {
        // One index walk per folder, merged as they go.
        QStringList walks;
        for (const QString &folder : std::as_const(numbers)) {
            walks.append(u"SELECT id, %1 FROM messages INDEXED BY %2 WHERE folder_id = %3%4"_s.arg(
                sort.column, sort.index, folder, conditions));
        }
        sql = walks.join(u" UNION ALL "_s) + ordered;
        if (walks.size() == 1)
            sql.replace(u"SELECT id, "_s + sort.column, u"SELECT id"_s);
    }

    QList<MessageId> ids;
    Statement select(*d->connection, sql);
    const auto read = forEachRow(select, cancelled, [&] { ids.append(select.id<MessageId>(0)); });
    if (!read)
        return std::unexpected(read.error());
    return ids;
}

Expected<QBitArray> Reader::Private::matches(const QString &expression, const Cancelled &cancelled)
{
    QBitArray hits;
    Statement select(*connection, u"SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid DESC"_s);
    select.bind(expression);
    const auto read = forEachRow(select, cancelled, [&] {
        const qsizetype id = qsizetype(select.integer(0));
        if (hits.isEmpty())
            hits.resize(id + 1); // the largest comes first
        hits.setBit(id);
    });
    if (!read)
        return std::unexpected(read.error());
    return hits;
}

Expected<QList<MessageId>> Reader::search(
    const QString &query, const ListScope &scope, SortOrder order, int limit, const Cancelled &cancelled) const
{
    const SearchQuery parsed = parseSearchQuery(query);
    if (parsed.isEmpty())
        return QList<MessageId>();
    if (parsed.included.isEmpty()) {
        // FTS5 has no "all but".
        const auto excluded = d->matches(parsed.excluded, cancelled);
        if (!excluded)
            return std::unexpected(excluded.error());
        auto ids = list(scope, order, cancelled);
        if (!ids)
            return ids;
        ids->removeIf(
            [&](MessageId id) { return id.value < excluded->size() && excluded->testBit(qsizetype(id.value)); });
        if (limit > 0 && ids->size() > limit)
            ids->resize(limit);
        return ids;
    }

    QString expression = parsed.included;
    if (!parsed.excluded.isEmpty())
        expression = u"(%1) NOT (%2)"_s.arg(parsed.included, parsed.excluded);
    const QString place = scope.folder.isValid() ? u"m.folder_id = %1"_s.arg(scope.folder.value)
        : scope.allInboxes                       ? u"m.folder_id IN (SELECT id FROM folders WHERE role = 1)"_s
                                                 : u"m.folder_id NOT IN (SELECT id FROM folders WHERE role = 7)"_s;
    const bool byText = order.field == SortField::Sender || order.field == SortField::Subject;
    // Bytes, so that they are compared as the index compares them.
    const QString key =
        byText ? u"CAST(m.%1 AS BLOB)"_s.arg(sortColumn(order.field).column) : u"m."_s + sortColumn(order.field).column;
    QString sql =
        u"SELECT m.id, %1 FROM search CROSS JOIN messages m ON m.id = search.rowid WHERE search MATCH ? AND %2%3"_s.arg(
            key, place, flagConditions(scope));
    if ((order.field == SortField::Date || order.field == SortField::Arrived) && limit > 0) {
        sql += u" ORDER BY search.rowid %1 LIMIT %2"_s.arg(order.direction == Qt::AscendingOrder ? u"ASC"_s : u"DESC"_s)
                   .arg(limit);
    }
    Statement select(*d->connection, sql);
    select.bind(expression);
    if (byText) {
        std::vector<std::pair<QByteArray, qint64>> hits;
        const auto read = forEachRow(select, cancelled, [&] { hits.emplace_back(select.bytes(1), select.integer(0)); });
        if (!read)
            return std::unexpected(read.error());
        return inOrder(hits, order.direction, limit);
    }
    std::vector<std::pair<qint64, qint64>> hits;
    const auto read = forEachRow(select, cancelled, [&] { hits.emplace_back(select.integer(1), select.integer(0)); });
    if (!read)
        return std::unexpected(read.error());
    return inOrder(hits, order.direction, limit);
}

} // namespace satchel::store
