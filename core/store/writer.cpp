// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/writer.h"

#include "store/rows.h"
#include "store/schema.h"
#include "store/storefiles.h"
#include "store/storelock.h"
#include "store/writerprivate.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSysInfo>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

Expected<std::unique_ptr<QLockFile>> lockFile(const QString &file, bool takeOver)
{
    const QString name = file + u".lock"_s;
    auto lock = std::make_unique<QLockFile>(name);
    if (takeLock(*lock))
        return lock;
    const QString native = QDir::toNativeSeparators(file);
    if (lock->error() == QLockFile::LockFailedError) {
        qint64 process = 0;
        QString host;
        QString program;
        const bool known = lock->getLockInfo(&process, &host, &program);
        const bool elsewhere = known && !host.isEmpty() && host != QSysInfo::machineHostName();
        if (elsewhere && takeOver && QFile::remove(name) && lock->tryLock())
            return lock;
        const QString detail = sanitised(u"%1, process %2, %3"_s.arg(program).arg(process).arg(host));
        if (elsewhere) {
            // Whether that computer still runs cannot be asked from here; the file tells when it was last at work.
            const QDateTime seen = QFileInfo(name).lastModified();
            return fail(ErrorKind::StoreLocked,
                StoreText::tr(
                    "Your mail is open in a Satchel on the computer “%1”, which was last at work on it at %2. "
                    "Close Satchel there; go on here only if that computer is off.")
                    .arg(sanitised(host, 60), QLocale().toString(seen.toLocalTime(), QLocale::ShortFormat)),
                ErrorAction::TakeOverStore, detail);
        }
        return fail(ErrorKind::StoreLocked,
            StoreText::tr("Your mail is already open in another Satchel (%1). Use that one, or close it first.")
                .arg(native),
            ErrorAction::Retry, detail);
    }
    return fail(ErrorKind::StoreFailed,
        StoreText::tr("The folder that is to hold your mail cannot be written (%1). Check its permissions, or "
                      "choose another.")
            .arg(QDir::toNativeSeparators(QFileInfo(file).absolutePath())),
        ErrorAction::Retry);
}

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
        u"PRAGMA wal_autocheckpoint = 2000"_s,
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
    // The last to let go of the file may be somebody who only reads, and would leave what is in the log there: whoever
    // copies the file would miss the newest mail. Where it does not succeed, nothing is lost; the next start reads
    // both.
    (void)d->connection->run(u"PRAGMA busy_timeout = 500"_s);
    (void)d->connection->run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
}

QString Writer::file() const
{
    return d->connection->file();
}

Expected<std::unique_ptr<Writer>> Writer::open(const QString &file, bool takeOver)
{
    auto priv = std::make_unique<Private>();
    const QDir folder = QFileInfo(file).absoluteDir();
    if (!folder.mkpath(u"."_s)) {
        return fail(ErrorKind::StoreFailed,
            StoreText::tr("The folder that is to hold your mail cannot be made (%1). Check the permissions "
                          "above it, or choose another.")
                .arg(QDir::toNativeSeparators(folder.path())),
            ErrorAction::Retry);
    }
    auto lock = lockFile(file, takeOver);
    if (!lock)
        return std::unexpected(lock.error());
    priv->lock = std::move(*lock);
    finishReplacing(file);
    auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return std::unexpected(connection.error());
    priv->connection = std::move(*connection);
    if (auto configured = configure(*priv->connection); !configured)
        return std::unexpected(configured.error());
    if (auto migrated = migrate(*priv->connection); !migrated)
        return std::unexpected(migrated.error());
    // Not before the file is known to be ours.
    if (auto logged = priv->connection->run(u"PRAGMA journal_mode = WAL"_s); !logged)
        return std::unexpected(logged.error());
    return std::unique_ptr<Writer>(new Writer(std::move(priv)));
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

void Writer::touchLock()
{
    QFile file(this->file() + u".lock"_s);
    if (file.open(QIODevice::ReadWrite | QIODevice::ExistingOnly))
        (void)file.setFileTime(QDateTime::currentDateTimeUtc(), QFileDevice::FileModificationTime);
}

} // namespace satchel::store
