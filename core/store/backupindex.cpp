// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/backupindex.h"

#include "store/checksum.h"
#include "store/compression.h"
#include "store/connection.h"
#include "store/filesafety.h"
#include "store/mailarchive.h"
#include "store/schema.h"
#include "store/storecheck.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qint64 indexId = 0x53746362; // "Stcb"
constexpr int indexFormat = 1;

std::unexpected<Error> cancelled()
{
    return fail(ErrorKind::Cancelled, StoreText::tr("The work was stopped; nothing was changed."));
}

std::unexpected<Error> unwritable(const QString &target, const Error &error)
{
    if (error.kind == ErrorKind::StoreDamaged || error.kind == ErrorKind::StoreUnreadable
        || error.kind == ErrorKind::StoreFull)
        return std::unexpected(error);
    return fail(ErrorKind::FileUnwritable,
        StoreText::tr("The backup could not be written (%1). Check that there is room and that you may write there.")
            .arg(QDir::toNativeSeparators(target)),
        ErrorAction::Retry, error.detail);
}

/// Everything or nothing: a file that is half made is thrown away, so it needs no journal.
Expected<std::unique_ptr<Connection>> openFresh(const QString &file)
{
    QFile::remove(file);
    if (!createPrivate(file)) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr("%1 could not be written. Check that there is room and that you may write there.")
                .arg(QDir::toNativeSeparators(file)),
            ErrorAction::Retry);
    }
    auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return connection;
    for (const QString &pragma :
        {u"PRAGMA page_size = 8192"_s, u"PRAGMA auto_vacuum = INCREMENTAL"_s, u"PRAGMA journal_mode = OFF"_s,
            u"PRAGMA synchronous = OFF"_s, u"PRAGMA temp_store = MEMORY"_s, u"PRAGMA cache_size = -65536"_s}) {
        if (auto run = (*connection)->run(pragma); !run)
            return std::unexpected(run.error());
    }
    return connection;
}

Expected<QStringList> column(Connection &connection, const QString &sql)
{
    QStringList answers;
    Statement select(connection, sql);
    if (auto run = select.exec(); !run)
        return std::unexpected(run.error());
    while (select.next())
        answers.append(select.text(0));
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return answers;
}

Expected<void> runAll(Connection &connection, const QStringList &statements)
{
    for (const QString &sql : statements) {
        if (auto run = connection.run(sql); !run)
            return run;
    }
    return {};
}

/// The tables whose rows are taken over as they are.
const QString plainTables = QStringLiteral("type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name <> "
                                           "'sources' AND name <> 'search' AND name NOT LIKE 'search\\_%' ESCAPE '\\'");

Expected<void> copyTables(Connection &index, const CareProgress &progress)
{
    if (auto made = runAll(index,
            {u"CREATE TABLE backup_schema (position INTEGER PRIMARY KEY, type TEXT, name TEXT, sql TEXT)"_s,
                u"INSERT INTO backup_schema SELECT rowid, type, name, sql FROM store.sqlite_schema WHERE sql IS NOT "
                u"NULL "
                "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE 'search\\_%' ESCAPE '\\'"_s,
                u"CREATE TABLE backup_sources (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL)"_s,
                // Its index by hash holds both, without a look at the bytes.
                u"INSERT INTO backup_sources SELECT id, sha256 FROM store.sources INDEXED BY "
                u"sqlite_autoindex_sources_1 "
                "ORDER BY id"_s,
                u"CREATE TABLE backup_sequence (name TEXT, seq INTEGER)"_s,
                u"INSERT INTO backup_sequence SELECT name, seq FROM store.sqlite_sequence"_s,
                u"CREATE TABLE backup_search (k TEXT, v)"_s,
                u"INSERT INTO backup_search SELECT k, v FROM store.search_config WHERE k <> 'version'"_s});
        !made)
        return made;
    const auto tables = column(index, u"SELECT name FROM backup_schema WHERE %1"_s.arg(plainTables));
    if (!tables)
        return std::unexpected(tables.error());
    for (qsizetype done = 0; const QString &table : *tables) {
        if (progress && !progress(int(1 + 89 * done++ / tables->size())))
            return cancelled();
        const auto sql = index.ask(u"SELECT sql FROM backup_schema WHERE type = 'table' AND name = '%1'"_s.arg(table));
        if (!sql)
            return std::unexpected(sql.error());
        if (auto made =
                runAll(index, {sql->toString(), u"INSERT INTO main.\"%1\" SELECT * FROM store.\"%1\""_s.arg(table)});
            !made)
            return made;
    }
    const auto schema = index.ask(u"PRAGMA store.user_version"_s);
    if (!schema)
        return std::unexpected(schema.error());
    return runAll(index,
        {u"PRAGMA main.application_id = %1"_s.arg(indexId), u"PRAGMA main.user_version = %1"_s.arg(schema->toInt()),
            u"CREATE TABLE backup_facts (format INTEGER)"_s,
            u"INSERT INTO backup_facts VALUES (%1)"_s.arg(indexFormat)});
}

Expected<QList<std::pair<qint64, MailHash>>> sourcesOf(Connection &index)
{
    QList<std::pair<qint64, MailHash>> sources;
    Statement all(index, u"SELECT id, sha256 FROM backup_sources ORDER BY id"_s);
    if (auto run = all.exec(); !run)
        return std::unexpected(run.error());
    while (all.next())
        sources.emplaceBack(all.integer(0), mailHash(all.bytes(1)));
    if (auto end = all.outcome(); !end)
        return std::unexpected(end.error());
    return sources;
}

Expected<void> copyMail(Connection &index, const QString &store, MailArchive &archive, const CareProgress &progress)
{
    auto sources = sourcesOf(index);
    if (!sources)
        return std::unexpected(sources.error());
    sources->removeIf([&archive](const auto &source) { return archive.holds(source.second); });
    Statement select(index, u"SELECT sha256, content_hash, size, zstd FROM store.sources WHERE id = ?"_s);
    for (qsizetype i = 0; i < sources->size(); ++i) {
        if (progress && !progress(10 + int(i * 85 / sources->size())))
            return cancelled();
        if (auto run = select.bind(sources->at(i).first).exec(); !run)
            return run;
        if (!select.next()) {
            auto end = select.outcome();
            return end ? std::unexpected(damageFound(store, {u"A message is not found by its number."_s})) : end;
        }
        const ArchivedMail mail{select.bytes(0), select.bytes(1), select.integer(2), select.bytes(3)};
        const auto raw = decompress(mail.zstd, mail.size);
        if (!raw || sha256(*raw) != mail.sha256) {
            return std::unexpected(damageFound(store,
                {u"The bytes of message source %1 are not those that were stored."_s.arg(sources->at(i).first)}));
        }
        if (auto added = archive.add(mail); !added)
            return added;
    }
    return archive.flush();
}

/// Fills the sources of a new store, and the search index.
class MailReturn
{
public:
    MailReturn(Connection &fresh, const QStringList &archives, const QString &present, const MakeReady &makeReady)
        : m_fresh(fresh)
        , m_makeReady(makeReady)
    {
        for (const QString &folder : archives) {
            auto &archive = m_archives.emplace_back(std::make_unique<MailArchive>(folder));
            archive->read();
        }
        if (auto opened = Connection::open(present, Connection::Mode::ReadOnly);
            opened && (*opened)->ask(u"SELECT max(id) FROM sources"_s))
            m_present = std::move(*opened);
    }

    /// False: it is not to be had.
    Expected<bool> bringBack(qint64 id, const MailHash &hash)
    {
        QByteArray raw;
        const std::optional<ArchivedMail> mail = find(hash, raw);
        if (!mail)
            return false;
        Statement insert(
            m_fresh, u"INSERT INTO sources (id, sha256, content_hash, size, zstd) VALUES (?, ?, ?, ?, ?)"_s);
        insert.bind(id).bind(mail->sha256).bind(mail->contentHash).bind(mail->size);
        if (auto run = insert.bind(mail->zstd).exec(); !run)
            return std::unexpected(run.error());
        if (m_makeReady) {
            m_words.append({id, m_makeReady(raw).folded});
            m_bytes += raw.size();
        }
        constexpr qsizetype manyWords = 500;
        constexpr qint64 muchMail = 32 << 20;
        if (m_words.size() >= manyWords || m_bytes > muchMail) {
            if (auto written = writeWords(); !written)
                return std::unexpected(written.error());
        }
        return true;
    }

    /// FTS5 writes out what it holds whenever another statement changes something, so they go together.
    Expected<void> writeWords()
    {
        QList<std::pair<qint64, qsizetype>> rows;
        {
            Statement of(m_fresh, u"SELECT id FROM messages WHERE source_id = ?"_s);
            for (qsizetype i = 0; i < m_words.size(); ++i) {
                if (auto run = of.bind(m_words.at(i).first).exec(); !run)
                    return run;
                while (of.next())
                    rows.emplaceBack(of.integer(0), i);
            }
        }
        Statement insert(m_fresh,
            u"INSERT INTO search (rowid, sender, recipients, subject, body, files) VALUES (?, ?, ?, ?, ?, ?)"_s);
        for (const auto &[id, i] : std::as_const(rows)) {
            const SearchText &words = m_words.at(i).second;
            insert.bind(id).bind(words.from).bind(words.recipients).bind(words.subject).bind(words.body);
            if (auto run = insert.bind(words.attachmentNames).exec(); !run)
                return run;
        }
        m_words.clear();
        m_bytes = 0;
        return {};
    }

private:
    std::optional<ArchivedMail> find(const MailHash &hash, QByteArray &raw)
    {
        const auto isWhole = [&](const std::optional<ArchivedMail> &mail) {
            const auto bytes = mail ? decompress(mail->zstd, mail->size) : std::nullopt;
            if (!bytes || mailHash(sha256(*bytes)) != hash)
                return false;
            raw = *bytes;
            return true;
        };
        for (const auto &archive : m_archives) {
            if (auto mail = archive->find(hash); isWhole(mail))
                return mail;
        }
        if (!m_present)
            return std::nullopt;
        Statement select(*m_present, u"SELECT sha256, content_hash, size, zstd FROM sources WHERE sha256 = ?"_s);
        if (!select.bind(QByteArray(hash.data(), qsizetype(hash.size()))).exec() || !select.next())
            return std::nullopt;
        std::optional<ArchivedMail> mail =
            ArchivedMail{select.bytes(0), select.bytes(1), select.integer(2), select.bytes(3)};
        return isWhole(mail) ? mail : std::nullopt;
    }

    Connection &m_fresh;
    const MakeReady &m_makeReady;
    std::vector<std::unique_ptr<MailArchive>> m_archives;
    std::unique_ptr<Connection> m_present;
    QList<std::pair<qint64, SearchText>> m_words; ///< by source
    qint64 m_bytes = 0;
};

Expected<void> makeTables(Connection &fresh)
{
    const auto plain =
        column(fresh, u"SELECT sql FROM backup.backup_schema WHERE %1 ORDER BY position"_s.arg(plainTables));
    const auto names =
        column(fresh, u"SELECT name FROM backup.backup_schema WHERE %1 ORDER BY position"_s.arg(plainTables));
    const auto special = column(fresh,
        u"SELECT sql FROM backup.backup_schema WHERE type = 'table' AND name IN ('sources', 'search') ORDER BY position"_s);
    if (!plain || !names || !special)
        return std::unexpected(!plain ? plain.error() : !names ? names.error() : special.error());
    if (auto made = runAll(fresh, *plain + *special); !made)
        return made;
    for (const QString &name : *names) {
        if (auto copied = fresh.run(u"INSERT INTO main.\"%1\" SELECT * FROM backup.\"%1\""_s.arg(name)); !copied)
            return copied;
    }
    return runAll(fresh,
        {u"INSERT OR REPLACE INTO search_config (k, v) SELECT k, v FROM backup.backup_search"_s,
            u"DELETE FROM sqlite_sequence"_s,
            u"INSERT INTO sqlite_sequence (name, seq) SELECT name, seq FROM backup.backup_sequence"_s});
}

Expected<qint64> fill(Connection &fresh, const QString &index, const QStringList &archives, const QString &present,
    const MakeReady &makeReady, const CareProgress &progress)
{
    if (auto made = makeTables(fresh); !made)
        return std::unexpected(made.error());
    const auto opened = Connection::open(index, Connection::Mode::Alone);
    const auto sources = opened ? sourcesOf(**opened) : std::unexpected(opened.error());
    if (!sources)
        return std::unexpected(sources.error());
    QList<qint64> missing;
    {
        // Of what a message is found by, before the words are written.
        if (auto made = fresh.run(u"CREATE INDEX backup_by_source ON messages (source_id)"_s); !made)
            return std::unexpected(made.error());
        MailReturn mail(fresh, archives, present, makeReady);
        for (qsizetype i = 0; i < sources->size(); ++i) {
            if (progress && !progress(5 + int(i * 85 / sources->size())))
                return cancelled();
            const auto there = mail.bringBack(sources->at(i).first, sources->at(i).second);
            if (!there)
                return std::unexpected(there.error());
            if (!*there)
                missing.append(sources->at(i).first);
        }
        if (auto written = mail.writeWords(); !written)
            return std::unexpected(written.error());
    }
    const auto rest = column(fresh,
        u"SELECT sql FROM backup.backup_schema WHERE type IN ('index', 'trigger', 'view') ORDER BY type, position"_s);
    if (!rest)
        return std::unexpected(rest.error());
    if (auto made = runAll(fresh, QStringList{u"DROP INDEX backup_by_source"_s} + *rest); !made)
        return std::unexpected(made.error());
    qint64 lost = 0;
    for (const qint64 source : std::as_const(missing)) {
        lost += fresh.ask(u"SELECT count(*) FROM messages WHERE source_id = %1"_s.arg(source)).value_or(0).toLongLong();
        if (auto gone = runAll(fresh,
                {u"DELETE FROM uidls WHERE message_id IN (SELECT id FROM messages WHERE source_id = %1)"_s.arg(source),
                    u"DELETE FROM envelopes WHERE id IN (SELECT id FROM messages WHERE source_id = %1)"_s.arg(source),
                    u"DELETE FROM messages WHERE source_id = %1"_s.arg(source)});
            !gone)
            return std::unexpected(gone.error());
    }
    const auto schema = fresh.ask(u"PRAGMA backup.user_version"_s);
    if (!schema)
        return std::unexpected(schema.error());
    if (auto named = runAll(fresh,
            {u"PRAGMA main.application_id = %1"_s.arg(storeApplicationId()),
                u"PRAGMA main.user_version = %1"_s.arg(schema->toInt())});
        !named)
        return std::unexpected(named.error());
    return lost;
}

} // namespace

BackupForm backupForm(const QString &file)
{
    if (!QFileInfo::exists(file))
        return BackupForm::None;
    const auto connection = Connection::open(file, Connection::Mode::Alone);
    const auto id = connection ? (*connection)->ask(u"PRAGMA application_id"_s) : std::unexpected(connection.error());
    if (!id)
        return BackupForm::None;
    return id->toLongLong() == indexId             ? BackupForm::Index
        : id->toLongLong() == storeApplicationId() ? BackupForm::Whole
                                                   : BackupForm::None;
}

Expected<void> writeIndex(
    const QString &store, const QString &target, MailArchive *archive, const CareProgress &progress)
{
    const QString part = target + u".part"_s;
    const auto undo = [&part](Error error) {
        QFile::remove(part);
        return Expected<void>(std::unexpected(std::move(error)));
    };
    {
        auto index = openFresh(part);
        if (!index)
            return undo(index.error());
        if (auto attached = (*index)->attach(store, u"store"_s); !attached)
            return undo(attached.error());
        if (progress && !progress(1))
            return undo(cancelled().error());
        const Expected<void> made = inTransaction(**index, [&]() -> Expected<void> {
            // Where mail follows, that is what takes its time.
            if (auto tables = copyTables(**index, archive ? CareProgress() : progress); !tables)
                return unwritable(target, tables.error());
            return archive ? copyMail(**index, store, *archive, progress) : Expected<void>();
        });
        if (!made)
            return undo(made.error());
    }
    if (auto synced = syncFile(part); !synced)
        return undo(synced.error());
    if (!archive && progress && !progress(90))
        return undo(cancelled().error());
    {
        const auto copy = Connection::open(part, Connection::Mode::Alone);
        const auto said =
            copy ? (*copy)->ask(u"PRAGMA integrity_check(1)"_s) : Expected<QVariant>(std::unexpected(copy.error()));
        if (!said || said->toString() != "ok"_L1) {
            return undo(
                unwritable(target, said ? Error{ErrorKind::FileUnwritable, {}, {}, said->toString(), {}} : said.error())
                    .error());
        }
    }
    if (auto named = renameDurably(part, target); !named)
        return undo(named.error());
    return {};
}

Expected<std::vector<MailHash>> mailOf(const QString &index)
{
    const auto connection = Connection::open(index, Connection::Mode::Alone);
    if (!connection)
        return std::unexpected(connection.error());
    const auto sources = sourcesOf(**connection);
    if (!sources)
        return std::unexpected(sources.error());
    std::vector<MailHash> hashes;
    hashes.reserve(size_t(sources->size()));
    for (const auto &source : *sources)
        hashes.push_back(source.second);
    std::ranges::sort(hashes);
    return hashes;
}

Expected<qint64> readIndex(const QString &index, const QStringList &archives, const QString &present,
    const QString &fresh, const MakeReady &makeReady, const CareProgress &progress)
{
    const auto undo = [&fresh](Error error) {
        QFile::remove(fresh);
        return Expected<qint64>(std::unexpected(std::move(error)));
    };
    Expected<qint64> lost = 0;
    {
        auto connection = openFresh(fresh);
        if (!connection)
            return undo(connection.error());
        if (auto attached = (*connection)->attach(index, u"backup"_s); !attached)
            return undo(attached.error());
        const auto format = (*connection)->ask(u"SELECT format FROM backup.backup_facts"_s);
        if (!format)
            return undo(format.error());
        if (format->toInt() > indexFormat) {
            return undo({ErrorKind::StoreTooNew,
                StoreText::tr(
                    "This backup was made by a newer version of Satchel (%1). Install that version to restore "
                    "it; nothing was changed.")
                    .arg(QDir::toNativeSeparators(index)),
                ErrorAction::None, {}, {}});
        }
        lost = inTransaction(
            **connection, [&] { return fill(**connection, index, archives, present, makeReady, progress); });
    }
    if (!lost)
        return undo(lost.error());
    if (auto synced = syncFile(fresh); !synced)
        return undo(synced.error());
    return lost;
}

} // namespace satchel::store
