// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/backup.h"

#include "store/backupindex.h"
#include "store/connection.h"
#include "store/filesafety.h"
#include "store/mailarchive.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/storecheck.h"
#include "store/storefiles.h"
#include "store/writer.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

QString quoted(const QString &text)
{
    return QString(text).replace(u'\'', u"''"_s);
}

/// Tells one store from another that was begun in its place.
struct Descent {
    QByteArray number; ///< empty: made by a program that had none
    bool older = false; ///< it was there before it had a number
};

Descent descentOf(const QString &file, Connection::Mode mode)
{
    Descent descent;
    if (const auto connection = Connection::open(file, mode)) {
        const auto fact = [&connection](const QString &name) {
            return (*connection)
                ->ask(u"SELECT value FROM store_facts WHERE name = '%1'"_s.arg(name))
                .value_or(QVariant())
                .toByteArray();
        };
        descent.number = fact(u"store"_s);
        descent.older = !fact(u"older"_s).isEmpty();
    }
    return descent;
}

QList<BackupFile> ownBackups(const QString &store)
{
    const Descent own = descentOf(store, Connection::Mode::ReadOnly);
    QList<BackupFile> all = backups(store);
    all.removeIf([&own](const BackupFile &backup) {
        const QByteArray number = descentOf(backup.file, Connection::Mode::Alone).number;
        return number.isEmpty() ? !own.older : number != own.number;
    });
    return all;
}

/// What was cut short earlier is of no use to anybody.
void removeRests(const QString &folder)
{
    for (const QFileInfo &rest : QDir(folder).entryInfoList({u"*.part"_s, u"*.part-journal"_s}, QDir::Files))
        QFile::remove(rest.absoluteFilePath());
}

qint64 sizeOf(const QString &folder)
{
    qint64 bytes = 0;
    for (const QFileInfo &file : QDir(folder).entryInfoList(QDir::Files))
        bytes += file.size();
    return bytes;
}

/// Bytes that no backup of the folder needs any more leave. Where one of them cannot be read, nothing does: it may be
/// readable elsewhere.
Expected<void> dropUnneeded(const QString &store, MailArchive &archive)
{
    std::vector<MailHash> needed;
    for (const BackupFile &backup : backups(store)) {
        const BackupForm form = backupForm(backup.file);
        if (form == BackupForm::None)
            return {};
        if (form == BackupForm::Whole)
            continue;
        const auto mail = mailOf(backup.file);
        if (!mail)
            return {};
        std::vector<MailHash> both;
        both.reserve(needed.size() + mail->size());
        std::ranges::set_union(needed, *mail, std::back_inserter(both));
        needed = std::move(both);
    }
    return archive.keepOnly(needed);
}

std::unexpected<Error> cannotWrite(const QString &target, const QString &detail)
{
    return fail(ErrorKind::FileUnwritable,
        StoreText::tr(
            "The copy of your mail could not be written (%1). Check that there is room and that you may write "
            "there.")
            .arg(QDir::toNativeSeparators(target)),
        ErrorAction::Retry, detail);
}

/// No new account gets the number of one that was: the keychain knows passwords by it, and the one of another account
/// would go to its server.
Expected<void> reserveAccounts(const QString &file, qint64 last)
{
    const auto connection = Connection::open(file, Connection::Mode::ReadWrite);
    if (!connection)
        return std::unexpected(connection.error());
    for (const QString &sql : {u"INSERT INTO sqlite_sequence (name, seq) SELECT 'accounts', 0 WHERE NOT EXISTS "
                               "(SELECT 1 FROM sqlite_sequence WHERE name = 'accounts')"_s,
             u"UPDATE sqlite_sequence SET seq = max(seq, %1) WHERE name = 'accounts'"_s.arg(last)}) {
        if (auto run = (*connection)->run(sql); !run)
            return run;
    }
    return {};
}

/// What of the present store goes on in the restored one.
struct Present {
    QList<AccountSettings> accounts;
    qint64 lastAccount = 0;
    QByteArray profile;
};

Present presentOf(const QString &store)
{
    Present present;
    if (!QFileInfo::exists(store))
        return present;
    const auto connection = Connection::open(store, Connection::Mode::ReadOnly);
    if (!connection || !checkReadable(**connection))
        return present;
    present.accounts = readAccounts(**connection).value_or(QList<AccountSettings>());
    present.lastAccount = (*connection)
                              ->ask(u"SELECT max(seq) FROM sqlite_sequence WHERE name = 'accounts'"_s)
                              .value_or(QVariant())
                              .toLongLong();
    present.profile = (*connection)
                          ->ask(u"SELECT value FROM store_facts WHERE name = 'profile'"_s)
                          .value_or(QVariant())
                          .toByteArray();
    return present;
}

/// Brings a store that was made of a backup to where it can take the place of the present one.
Expected<void> makeFit(const QString &fresh, const Present &present)
{
    {
        const auto connection = Connection::open(fresh, Connection::Mode::ReadWrite);
        if (!connection)
            return std::unexpected(connection.error());
        if (auto migrated = migrate(**connection, knownSchema(), true); !migrated)
            return migrated;
    }
    {
        const auto writer = Writer::open(fresh);
        if (!writer)
            return std::unexpected(writer.error());
        if (auto doubted = (*writer)->doubtLedger(); !doubted)
            return doubted;
        const auto restored = (*writer)->accounts();
        for (const AccountSettings &account : restored.value_or(QList<AccountSettings>())) {
            for (const AccountSettings &kept : present.accounts) {
                if (kept.id != account.id || kept.address != account.address)
                    continue;
                if (auto updated = (*writer)->updateAccount(kept); !updated)
                    return updated;
            }
        }
        if (!present.profile.isEmpty()) {
            if (auto named = (*writer)->setStoreFact(u"profile"_s, present.profile); !named)
                return named;
        }
    }
    return reserveAccounts(fresh, present.lastAccount);
}

/// The backup is looked at, and \a fresh made of it. Answers with how many messages are not to be had.
Expected<qint64> bringBack(const QString &store, const QString &backup, const QString &fresh, const RestoreWays &ways)
{
    const QString folder = QFileInfo(store).absolutePath();
    if (backupForm(backup) == BackupForm::Index) {
        const QStringList archives{segmentFolder(QFileInfo(backup).absolutePath()), segmentFolder(backupFolder(store))};
        if (auto room = checkRoom(folder, QFileInfo(backup).size() * 2 + sizeOf(archives.constFirst())); !room)
            return std::unexpected(room.error());
        return readIndex(backup, archives, store, fresh, ways.makeReady, ways.progress);
    }
    {
        const auto source = Connection::open(backup, Connection::Mode::ReadOnly);
        if (!source)
            return std::unexpected(source.error());
        const auto findings = quickCheck(**source);
        if (!findings)
            return std::unexpected(findings.error());
        if (!findings->isEmpty()) {
            if (auto readable = readEveryByte(backup); !readable)
                return std::unexpected(readable.error());
            return fail(ErrorKind::StoreDamaged,
                StoreText::tr("This backup is damaged itself (%1). Choose another one; nothing was changed.")
                    .arg(QDir::toNativeSeparators(backup)),
                ErrorAction::None, sanitised(findings->join(u' ')));
        }
    }
    if (auto room = checkRoom(folder, QFileInfo(backup).size()); !room)
        return std::unexpected(room.error());
    if (auto copied = copyFile(backup, fresh, ways.progress); !copied)
        return std::unexpected(copied.error());
    return 0;
}

} // namespace

Expected<void> copyStore(const QString &store, const QString &target)
{
    if (QFileInfo::exists(target)) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr("There is a file of that name already (%1). Choose another name.")
                .arg(QDir::toNativeSeparators(target)));
    }
    const QString part = target + u".part"_s;
    QFile::remove(part);
    const auto unwritable = [&](const QString &detail) {
        QFile::remove(part);
        return cannotWrite(target, detail);
    };
    qint64 accounts = 0;
    {
        const auto source = Connection::open(store, Connection::Mode::ReadOnly);
        if (!source)
            return std::unexpected(source.error());
        if (auto readable = checkReadable(**source); !readable)
            return readable;
        if (!createPrivate(part))
            return unwritable({});
        if (auto made = (*source)->run(u"VACUUM INTO '%1'"_s.arg(quoted(part))); !made) {
            if (made.error().kind == ErrorKind::StoreDamaged || made.error().kind == ErrorKind::StoreUnreadable) {
                QFile::remove(part);
                return made;
            }
            return unwritable(made.error().detail);
        }
        accounts = (*source)->ask(u"SELECT count(*) FROM accounts"_s).value_or(QVariant()).toLongLong();
    }
    // Some disks tell of their trouble when they are read, not when they are written.
    {
        const auto copy = Connection::open(part, Connection::Mode::ReadOnly);
        const auto findings = copy ? quickCheck(**copy) : std::unexpected(copy.error());
        if (!findings || !findings->isEmpty()
            || (*copy)->ask(u"SELECT count(*) FROM accounts"_s).value_or(QVariant()).toLongLong()
                < qMin<qint64>(accounts, 1))
            return unwritable(findings ? findings->join(u'\n') : findings.error().detail);
    }
    Expected<void> done = syncFile(part);
    if (done)
        done = renameDurably(part, target);
    if (!done)
        QFile::remove(part);
    return done;
}

Expected<QString> backUp(const QString &store, const BackupPolicy &policy, const QDateTime &now,
    const CareProgress &progress, qint64 wholeUpTo)
{
    const QString folder = backupFolder(store);
    if (!QDir().mkpath(folder)) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr("The folder for backups cannot be made (%1). Check its permissions.")
                .arg(QDir::toNativeSeparators(folder)));
    }
    const QString segments = segmentFolder(folder);
    removeRests(folder);
    removeRests(segments);
    const qint64 bytes = QFileInfo(store).size() + QFileInfo(store + u"-wal"_s).size();
    const bool whole = bytes <= wholeUpTo;
    if (auto room = checkRoom(folder, whole ? bytes : qMax(bytes / 20, bytes - sizeOf(segments))); !room)
        return std::unexpected(room.error());
    const QString name =
        u"%1/%2-%3.sqlite"_s.arg(folder, QFileInfo(store).baseName(), now.toUTC().toString(u"yyyyMMdd-HHmmss"_s));
    MailArchive archive(segments);
    const bool shares = !whole || QDir(segments).exists();
    if (shares)
        archive.read();
    if (whole) {
        if (auto copied = copyStore(store, name); !copied)
            return std::unexpected(copied.error());
    } else {
        // In a month every message has been read again, and what rots meanwhile is written anew.
        constexpr int days = 30;
        archive.prove(int(now.date().toJulianDay() % days), days);
        if (QFileInfo::exists(name)) {
            return fail(ErrorKind::FileUnwritable,
                StoreText::tr("There is a file of that name already (%1). Choose another name.")
                    .arg(QDir::toNativeSeparators(name)));
        }
        if (auto written = writeIndex(store, name, &archive, progress); !written)
            return std::unexpected(written.error());
    }
    if (auto noted = noteMade(name); !noted)
        return std::unexpected(noted.error());
    for (const QString &old : outdated(ownBackups(store), policy))
        QFile::remove(old);
    if (auto synced = syncFolder(folder); !synced)
        return std::unexpected(synced.error());
    if (shares) {
        if (auto dropped = dropUnneeded(store, archive); !dropped)
            return std::unexpected(dropped.error());
    }
    return name;
}

Expected<Restored> restore(const QString &store, const QString &backup, const QDateTime &now, const RestoreWays &ways)
{
    const QString fresh = store + u".restoring"_s;
    const auto cleanUp = [&fresh] {
        const QFileInfo info(fresh);
        for (const QFileInfo &rest :
            info.absoluteDir().entryInfoList({info.fileName() + u'*'}, QDir::Files | QDir::Hidden))
            QFile::remove(rest.absoluteFilePath());
    };
    cleanUp();
    const auto giveUp = [&cleanUp](const Error &error) {
        cleanUp();
        return Expected<Restored>(std::unexpected(error));
    };
    const Present present = presentOf(store);
    const auto lost = bringBack(store, backup, fresh, ways);
    if (!lost)
        return giveUp(lost.error());
    if (auto fit = makeFit(fresh, present); !fit)
        return giveUp(fit.error());
    const auto findings = quickCheck(fresh);
    if (!findings || !findings->isEmpty())
        return giveUp(findings ? damageFound(fresh, *findings) : findings.error());
    if (auto synced = syncFile(fresh); !synced)
        return giveUp(synced.error());
    if (ways.progress && !ways.progress(99))
        return giveUp({ErrorKind::Cancelled, StoreText::tr("The work was stopped; nothing was changed."), {}, {}, {}});
    if (ways.mayReplace) {
        if (auto ours = ways.mayReplace(); !ours)
            return giveUp(ours.error());
    }
    const bool there = QFileInfo::exists(store);
    const QString aside = asideName(store, u"before-restore"_s, now);
    if (auto replaced = replaceStore(store, fresh, aside); !replaced)
        return giveUp(replaced.error());
    cleanUp();
    return Restored{there ? aside : QString(), *lost};
}

Expected<void> copyBeforeUpgrade(
    const QString &store, const QDateTime &now, const std::function<void(int percent)> &progress)
{
    int schema = 0;
    {
        // Whatever is wrong with the file is said by who opens it.
        const auto connection = Connection::open(store, Connection::Mode::ReadOnly);
        schema = connection ? schemaOf(**connection).value_or(0) : 0;
    }
    if (schema == 0 || schema >= knownSchema())
        return {};
    const auto tell = [&progress](int percent) {
        if (progress)
            progress(percent);
        return true;
    };
    tell(0);
    {
        // The file alone is the store then. Where somebody reads, it is not.
        const auto connection = Connection::open(store, Connection::Mode::ReadWrite);
        if (!connection)
            return std::unexpected(connection.error());
        (void)(*connection)->run(u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
    }
    const QList<BackupFile> known = backups(store);
    const QString copy = QFileInfo(store + u".before-schema-%1"_s.arg(schema + 1)).absoluteFilePath();
    const bool isSafe = std::ranges::any_of(known, [&](const BackupFile &backup) {
        // Copies of earlier upgrades go, so they are none.
        return (!backup.beforeUpgrade || backup.file == copy) && backup.madeAt.addDays(1) > now && backup.madeAt <= now
            && !changedSince(store, backup.madeAt);
    });
    if (!isSafe) {
        const QString part = copy + u".part"_s;
        QFile::remove(part);
        Expected<void> made;
        if (QFileInfo(store + u"-wal"_s).size() == 0 && shareBlocks(store, part)) {
            made = syncFile(part);
            if (made)
                made = renameDurably(part, copy);
        } else {
            made = checkRoom(QFileInfo(store).absolutePath(), QFileInfo(store).size() / 20);
            if (made)
                made = writeIndex(store, copy, nullptr, tell);
        }
        if (!made) {
            QFile::remove(part);
            if (made.error().kind == ErrorKind::StoreDamaged || made.error().kind == ErrorKind::StoreUnreadable
                || made.error().kind == ErrorKind::StoreFull)
                return made;
            return fail(ErrorKind::StoreFailed,
                StoreText::tr("The copy of your mail that is made before an upgrade could not be written (%1). "
                              "Check that its folder can be written.")
                    .arg(QDir::toNativeSeparators(copy)),
                ErrorAction::Retry, made.error().detail);
        }
    }
    for (const BackupFile &old : known) {
        if (old.beforeUpgrade && old.file != copy)
            QFile::remove(old.file);
    }
    tell(100);
    return {};
}

} // namespace satchel::store
