// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/writer.h"

#include "base/clock.h"
#include "store/filesafety.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/storecheck.h"
#include "store/storefiles.h"
#include "store/writerprivate.h"

#include <QDir>
#include <QFileInfo>
#include <QVariant>

#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

Expected<void> configure(Connection &connection)
{
    const QStringList pragmas{
        // Of a new file only.
        u"PRAGMA page_size = 8192"_s,
        u"PRAGMA auto_vacuum = INCREMENTAL"_s,
        // Of every connection.
        u"PRAGMA synchronous = FULL"_s,
#ifdef Q_OS_MACOS
        u"PRAGMA fullfsync = 1"_s,
        u"PRAGMA checkpoint_fullfsync = 1"_s,
#endif
        u"PRAGMA foreign_keys = ON"_s,
        u"PRAGMA trusted_schema = OFF"_s,
        u"PRAGMA temp_store = MEMORY"_s,
        u"PRAGMA cache_size = -%1"_s.arg(cacheKiB),
        // Writer::Private::noteCommitted() does it, once the lock has been looked at.
        u"PRAGMA wal_autocheckpoint = 0"_s,
        u"PRAGMA journal_size_limit = 67108864"_s,
    };
    for (const QString &pragma : pragmas) {
        if (auto run = connection.run(pragma); !run)
            return run;
    }
    return {};
}

} // namespace

Writer::Writer(std::unique_ptr<Private> priv)
    : d(std::move(priv))
{
}

Writer::~Writer()
{
    if (d->lock->verify()) {
        // The last to let go of the file may be somebody who only reads, and would leave what is in the log there:
        // whoever copies the file would miss the newest mail. Where it does not succeed, nothing is lost; the next
        // start reads both.
        (void)d->connection->run(u"PRAGMA busy_timeout = 500"_s);
        (void)d->connection->run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
        d->companion.reset();
    }
    // Else the companion outlives the connection (see there).
    d->connection.reset();
}

Expected<void> Writer::Private::verify()
{
    auto ours = lock->verify();
    if (!ours && lock->isLost() && lost)
        std::exchange(lost, {})(ours.error(), lock->isFree());
    return ours;
}

/// Moves the log into the file now and then. Not by SQLite itself, which would do it within the very commit in which
/// the store is taken over: the log is somebody else's business then, and the file holds what he has written since.
void Writer::Private::noteCommitted(qint64 bytes)
{
    constexpr qint64 mostBytes = 8 << 20;
    constexpr qint64 mostGrowth = 16 << 20;
    constexpr int mostCommits = 100;
    bytesCommitted += bytes;
    ++commits;
    const qint64 logBytes = QFileInfo(connection->file() + u"-wal"_s).size();
    if (bytesCommitted < mostBytes && commits < mostCommits && logBytes - logBytesThen < mostGrowth)
        return;
    bytesCommitted = commits = 0;
    logBytesThen = logBytes;
    (void)connection->run(u"PRAGMA wal_checkpoint(PASSIVE)"_s);
}

QString Writer::file() const
{
    return d->connection->file();
}

Expected<std::unique_ptr<Writer>> Writer::open(
    const QString &file, bool takeOver, const std::function<void(int percent)> &upgrading)
{
    // The copy is the first half, the steps are the second.
    const auto tell = [&upgrading](int percent) {
        if (upgrading)
            upgrading(percent);
    };
    auto priv = std::make_unique<Private>();
    const QDir folder = QFileInfo(file).absoluteDir();
    if (!folder.mkpath(u"."_s)) {
        return fail(ErrorKind::StoreFailed,
            StoreText::tr("The folder that is to hold your mail cannot be made (%1). Check the permissions "
                          "above it, or choose another.")
                .arg(QDir::toNativeSeparators(folder.path())),
            ErrorAction::Retry);
    }
    auto lock = StoreLock::take(file, takeOver);
    if (!lock)
        return std::unexpected(lock.error());
    priv->lock = std::move(*lock);
    finishReplacing(file);
    if (auto there = checkNotLost(file); !there)
        return std::unexpected(there.error());
    keepStorePrivate(file);
    if (isLogForeign(file)) {
        const auto aside = setLogAside(file);
        if (!aside)
            return std::unexpected(aside.error());
        priv->remarks.append(
            StoreText::tr("Beside your mail lay changes that belong to another file; they were not made, and are kept "
                          "as %1. If mail is missing now, restore a backup.")
                .arg(QDir::toNativeSeparators(*aside)));
    }
    if (QFileInfo(file).size() > 0) {
        if (auto safe = copyBeforeUpgrade(file, Clock().now(), [&](int percent) { tell(percent / 2); }); !safe)
            return std::unexpected(safe.error());
    } else if (!createPrivate(file)) {
        return fail(ErrorKind::StoreFailed,
            StoreText::tr("The file that holds your mail cannot be opened (%1). Check that its folder exists and that "
                          "you may write there.")
                .arg(QDir::toNativeSeparators(file)),
            ErrorAction::Retry);
    }
    auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return std::unexpected(connection.error());
    priv->connection = std::move(*connection);
    priv->connection->setGuard([d = priv.get()] { return d->verify(); });
    if (auto configured = configure(*priv->connection); !configured)
        return std::unexpected(configured.error());
    if (auto migrated = migrate(*priv->connection, knownSchema(), true, [&](int percent) { tell(50 + percent / 2); });
        !migrated)
        return std::unexpected(migrated.error());
    // What the other one still writes into the log while it wakes up goes into a file that is nobody's any more. On one
    // computer, where this is refused, SQLite's own locks keep the two apart.
    if (takeOver) {
        (void)priv->connection->run(u"PRAGMA busy_timeout = 100"_s);
        (void)priv->connection->run(u"PRAGMA journal_mode = DELETE"_s);
        (void)priv->connection->run(u"PRAGMA busy_timeout = 5000"_s);
    }
    // Not before the file is known to be ours.
    if (auto logged = priv->connection->run(u"PRAGMA journal_mode = WAL"_s); !logged)
        return std::unexpected(logged.error());
    priv->connection->setCommitted([d = priv.get()](qint64 bytes) { d->noteCommitted(bytes); });
    auto companion = Connection::open(file, Connection::Mode::ReadOnly);
    if (!companion)
        return std::unexpected(companion.error());
    if (auto seen = (*companion)->ask(u"SELECT count(*) FROM sqlite_schema"_s); !seen)
        return std::unexpected(seen.error());
    priv->companion = std::move(*companion);
    return std::unique_ptr<Writer>(new Writer(std::move(priv)));
}

Expected<void> Writer::begin(const QString &file)
{
    if (!createPrivate(file))
        return fail(ErrorKind::StoreFailed,
            StoreText::tr("The file that holds your mail cannot be opened (%1). Check that its folder exists and that "
                          "you may write there.")
                .arg(QDir::toNativeSeparators(file)),
            ErrorAction::Retry);
    const auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return std::unexpected(connection.error());
    if (auto configured = configure(**connection); !configured)
        return configured;
    return migrate(**connection);
}

Expected<QStringList> Writer::checkIntegrity(bool thorough)
{
    QStringList problems;
    Statement check(*d->connection, thorough ? u"PRAGMA integrity_check(20)"_s : u"PRAGMA quick_check(20)"_s);
    if (auto run = check.exec(); !run)
        return std::unexpected(run.error());
    while (check.next()) {
        if (const QString line = check.text(0); line != "ok"_L1)
            problems.append(line);
    }
    if (auto end = check.outcome(); !end)
        return std::unexpected(end.error());
    Statement references(*d->connection, u"PRAGMA foreign_key_check"_s);
    if (auto run = references.exec(); !run)
        return std::unexpected(run.error());
    while (references.next() && problems.size() < 20)
        problems.append(u"%1 %2 refers to a row of %3 that is missing"_s.arg(
            references.text(0), references.text(1), references.text(2)));
    if (auto end = references.outcome(); !end)
        return std::unexpected(end.error());
    return problems;
}

Expected<void> Writer::doubtLedger()
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        for (const QString &step :
            {u"UPDATE uidls SET doubted = 1, delete_wished = 0, delete_order = 0"_s,
                u"UPDATE messages SET folder_id = (SELECT t.id FROM folders r JOIN folders t ON t.account_id = "
                u"r.account_id "
                "AND t.role = 6 WHERE r.id = messages.folder_id) WHERE folder_id IN (SELECT id FROM folders WHERE role = 7)"_s}) {
            if (auto run = d->connection->run(step); !run)
                return run;
        }
        return {};
    });
}

QStringList Writer::remarks() const
{
    return d->remarks;
}

Expected<QByteArray> Writer::storeFact(const QString &name) const
{
    Statement select(*d->connection, u"SELECT value FROM store_facts WHERE name = ?"_s);
    if (auto run = select.bind(name).exec(); !run)
        return std::unexpected(run.error());
    const QByteArray value = select.next() ? select.bytes(0) : QByteArray();
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return value;
}

Expected<void> Writer::setStoreFact(const QString &name, const QByteArray &value)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement insert(*d->connection, u"INSERT OR REPLACE INTO store_facts (name, value) VALUES (?, ?)"_s);
        return insert.bind(name).bind(value).exec();
    });
}

void Writer::touchLock()
{
    (void)d->lock->touch();
    (void)d->verify();
}

void Writer::onLost(std::function<void(const Error &, bool isFree)> lost)
{
    d->lost = std::move(lost);
}

} // namespace satchel::store
