// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storecheck.h"

#include "store/apart.h"
#include "store/checksum.h"
#include "store/compression.h"
#include "store/connection.h"
#include "store/schema.h"

#include <QDir>
#include <QFileInfo>
#include <QRandomGenerator>

#include <algorithm>
#include <system_error>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qsizetype mostFindings = 20;
constexpr int samples = 150;
constexpr qint64 largestSample = 2 << 20;

/// What SQLite says of a page that makes no sense.
bool isFinding(const Error &error)
{
    return error.kind == ErrorKind::StoreUnreadable || error.kind == ErrorKind::StoreDamaged;
}

/// \a error as a finding; one that says nothing of the file ends the check.
Expected<void> noteFinding(const Error &error, QStringList &findings)
{
    if (!isFinding(error))
        return std::unexpected(error);
    findings.append(error.detail);
    return {};
}

Error stopped()
{
    return {ErrorKind::Cancelled, StoreText::tr("The check was stopped."), ErrorAction::None, {}, {}};
}

/// Adds the answers of a pragma that says "ok" where all is well. Damage that ends it is a finding as well.
Expected<void> collect(Connection &connection, const QString &pragma, QStringList &findings)
{
    Statement check(connection, pragma);
    if (auto run = check.exec(); !run)
        return noteFinding(run.error(), findings);
    while (check.next() && findings.size() < mostFindings) {
        if (const QString line = check.text(0); line != "ok"_L1)
            findings.append(line);
    }
    if (auto end = check.outcome(); !end)
        return noteFinding(end.error(), findings);
    return {};
}

/// Whether \a later, which should be \a earlier with what was changed since, cannot be that: a number was given out
/// that it knows nothing of, or names other bytes in it. Numbers are never given out twice, and bytes never change.
bool isOvertaken(Connection &earlier, Connection &later)
{
    const auto ask = [&later](const QString &sql) { return later.ask(sql).value_or(QVariant()); };
    Statement sequences(earlier, u"SELECT name, seq FROM sqlite_sequence"_s);
    if (sequences.exec()) {
        while (sequences.next()) {
            const QVariant seq =
                ask(u"SELECT max(seq) FROM sqlite_sequence WHERE name = '%1'"_s.arg(sequences.text(0)));
            if (seq.isValid() && seq.toLongLong() < sequences.integer(1))
                return true;
        }
    }
    for (const QString &direction : {u"ASC"_s, u"DESC"_s}) {
        Statement sources(earlier, u"SELECT id, sha256 FROM sources ORDER BY id %1 LIMIT 20"_s.arg(direction));
        if (!sources.exec())
            continue;
        while (sources.next()) {
            const QVariant hash = ask(u"SELECT sha256 FROM sources WHERE id = %1"_s.arg(sources.integer(0)));
            if (hash.isValid() && hash.toByteArray() != sources.bytes(1))
                return true;
        }
    }
    return false;
}

bool isWhole(const Statement &row)
{
    const auto bytes = decompress(row.bytes(3), row.integer(2));
    return bytes && sha256(*bytes) == row.bytes(1);
}

} // namespace

Expected<QStringList> quickCheck(Connection &connection)
{
    QStringList findings;
    if (auto readable = checkReadable(connection); !readable) {
        // A backup of an older program is not at fault for that.
        if (isFinding(readable.error()))
            return QStringList{readable.error().text};
        return std::unexpected(readable.error());
    }
    const qint64 pages = connection.ask(u"PRAGMA page_count"_s).value_or(QVariant()).toLongLong();
    const qint64 size = connection.ask(u"PRAGMA page_size"_s).value_or(QVariant()).toLongLong();
    const bool logged = QFileInfo(connection.file() + u"-wal"_s).size() > 0;
    if (!logged && QFileInfo(connection.file()).size() < pages * size)
        findings.append(u"The file ends before its last page."_s);
    for (const QString &table : {u"accounts"_s, u"folders"_s, u"account_facts"_s}) {
        if (auto run = collect(connection, u"PRAGMA quick_check(%1)"_s.arg(table), findings); !run)
            return std::unexpected(run.error());
    }
    const auto last = connection.ask(u"SELECT max(id) FROM sources"_s);
    if (!last)
        return isFinding(last.error()) ? Expected<QStringList>(QStringList{last.error().detail})
                                       : std::unexpected(last.error());
    Statement sample(connection,
        u"SELECT s.id, s.sha256, s.size, s.zstd, (SELECT count(*) FROM messages m JOIN envelopes e ON e.id = m.id "
        "WHERE m.source_id = s.id) FROM sources s WHERE s.id >= ? LIMIT 1"_s);
    const qint64 top = last->toLongLong();
    for (int i = 0; i < samples && top > 0 && findings.size() < mostFindings; ++i) {
        // The newest were written last, and are what nobody has seen yet.
        const qint64 from =
            i < 20 ? qMax(top - i, qint64(1)) : 1 + qint64(QRandomGenerator::global()->bounded(quint64(top)));
        if (auto run = sample.bind(from).exec(); !run) {
            if (auto noted = noteFinding(run.error(), findings); !noted)
                return std::unexpected(noted.error());
            break;
        }
        if (sample.next() && sample.integer(2) <= largestSample) {
            if (!isWhole(sample))
                findings.append(
                    u"The bytes of message source %1 are not those that were stored."_s.arg(sample.integer(0)));
            else if (sample.integer(4) == 0)
                findings.append(u"No message refers to source %1."_s.arg(sample.integer(0)));
        } else if (auto end = sample.outcome(); !end) {
            if (auto noted = noteFinding(end.error(), findings); !noted)
                return std::unexpected(noted.error());
            break;
        }
    }
    findings.removeDuplicates();
    return findings;
}

Expected<QStringList> quickCheck(const QString &store)
{
    const auto connection = Connection::open(store, Connection::Mode::ReadOnly);
    if (!connection)
        return std::unexpected(connection.error());
    return quickCheck(**connection);
}

Expected<QStringList> fullCheck(const QString &store, const CareProgress &progress)
{
    const auto opened = Connection::open(store, Connection::Mode::ReadOnly);
    if (!opened)
        return std::unexpected(opened.error());
    Connection &connection = **opened;
    const auto glance = quickCheck(connection);
    if (!glance || !glance->isEmpty())
        return glance;
    QStringList findings;
    const auto goesOn = [&progress](qint64 percent) { return !progress || progress(int(percent)); };
    QStringList tables;
    {
        Statement names(connection,
            u"SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT IN ('sources')"_s);
        if (auto run = names.exec(); !run)
            return std::unexpected(run.error());
        while (names.next())
            tables.append(names.text(0));
    }
    for (qsizetype i = 0; i < tables.size() && findings.size() < mostFindings; ++i) {
        if (!goesOn(i * 30 / tables.size()))
            return std::unexpected(stopped());
        if (auto run = collect(connection, u"PRAGMA integrity_check(\"%1\")"_s.arg(tables.at(i)), findings); !run)
            return std::unexpected(run.error());
    }
    // Every byte of every message, which the pragma would not compare with anything.
    const qint64 top = connection.ask(u"SELECT ifnull(max(id), 0) FROM sources"_s).value_or(QVariant()).toLongLong();
    Statement next(connection, u"SELECT id, sha256, size, zstd FROM sources WHERE id > ? ORDER BY id LIMIT 50"_s);
    Statement byHash(connection, u"SELECT id FROM sources INDEXED BY sqlite_autoindex_sources_1 WHERE sha256 = ?"_s);
    for (qint64 id = 0, before = -1; id != before && findings.size() < mostFindings;) {
        before = id;
        if (!goesOn(30 + (top > 0 ? id * 65 / top : 0)))
            return std::unexpected(stopped());
        if (auto run = next.bind(id).exec(); !run) {
            if (auto noted = noteFinding(run.error(), findings); !noted)
                return std::unexpected(noted.error());
            break;
        }
        while (next.next()) {
            id = next.integer(0);
            if (!isWhole(next)) {
                findings.append(u"The bytes of message source %1 are not those that were stored."_s.arg(id));
                continue;
            }
            if (!byHash.bind(next.bytes(1)).exec() || !byHash.next() || byHash.integer(0) != id)
                findings.append(u"Source %1 is not found by its hash."_s.arg(id));
        }
        if (auto end = next.outcome(); !end) {
            if (auto noted = noteFinding(end.error(), findings); !noted)
                return std::unexpected(noted.error());
            break;
        }
    }
    Statement references(connection, u"PRAGMA foreign_key_check"_s);
    if (findings.isEmpty() && references.exec()) {
        while (references.next() && findings.size() < mostFindings) {
            findings.append(u"%1 %2 refers to a row of %3 that is missing"_s.arg(
                references.text(0), references.text(1), references.text(2)));
        }
    }
    (void)goesOn(100);
    return findings;
}

bool isLogForeign(const QString &store)
{
    if (QFileInfo(store + u"-wal"_s).size() == 0 || QFileInfo(store).size() == 0)
        return false;
    const auto alone = Connection::open(store, Connection::Mode::Alone);
    const auto together = Connection::open(store, Connection::Mode::ReadOnly);
    if (!alone || !together || schemaOf(**alone).value_or(0) == 0)
        return false; // nothing can be said of a file that is still in its log
    const auto numberOf = [](Connection &connection) {
        return connection.ask(u"SELECT value FROM store_facts WHERE name = 'store'"_s)
            .value_or(QVariant())
            .toByteArray();
    };
    const QByteArray number = numberOf(**together);
    if (!number.isEmpty() && !numberOf(**alone).isEmpty() && number != numberOf(**alone))
        return true;
    if (isOvertaken(**alone, **together))
        return true;
    // How the pages hang together, not what a sample of the mail says: a rotten message is no reason to lose the
    // newest.
    const auto isWhole = [&store](Connection &connection) {
        constexpr qint64 readAtOnce = 256 << 20;
        QStringList pragmas{u"PRAGMA quick_check"_s};
        if (QFileInfo(store).size() > readAtOnce) {
            pragmas.clear();
            for (const QString &table :
                {u"accounts"_s, u"folders"_s, u"account_facts"_s, u"messages"_s, u"envelopes"_s, u"uidls"_s})
                pragmas.append(u"PRAGMA quick_check(%1)"_s.arg(table));
        }
        QStringList findings;
        return std::ranges::all_of(pragmas, [&](const QString &pragma) {
            const auto run = collect(connection, pragma, findings);
            return findings.isEmpty() && (run || run.error().kind == ErrorKind::StoreLocked);
        });
    };
    return !isWhole(**together) && isWhole(**alone);
}

Expected<void> readEveryByte(const QString &store)
{
    for (const QString &name : {store, store + u"-wal"_s}) {
        if (!QFileInfo::exists(name))
            continue;
        if (const int code = readApart(name); code != 0) {
            return fail(ErrorKind::StoreFailed,
                StoreText::tr("The disk reports an error on the file that holds your mail (%1). Check the disk and try "
                              "again.")
                    .arg(QDir::toNativeSeparators(name)),
                ErrorAction::Retry, sanitised(QString::fromStdString(std::system_category().message(code))));
        }
    }
    return {};
}

Error damageFound(const QString &store, const QStringList &findings)
{
    return {ErrorKind::StoreDamaged,
        StoreText::tr("The file that holds your mail is damaged (%1); repair it, or restore a backup.")
            .arg(QDir::toNativeSeparators(store)),
        ErrorAction::RepairStore, sanitised(findings.join(u' ')), std::nullopt};
}

} // namespace satchel::store
