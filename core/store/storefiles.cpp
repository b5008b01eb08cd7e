// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storefiles.h"

#include "store/connection.h"
#include "store/reader.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/storecheck.h"
#include "store/writer.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QRegularExpression>
#include <QSet>
#include <QStorageInfo>
#include <QTimeZone>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr QLatin1StringView stampFormat("yyyyMMdd-HHmmss");

QString quoted(const QString &text)
{
    return QString(text).replace(u'\'', u"''"_s);
}

/// On the disk, not only on its way there.
void makeDurable(const QString &name)
{
#ifdef Q_OS_UNIX
    QFile file(name);
    if (file.open(QIODevice::ReadOnly))
        (void)::fsync(file.handle());
#else
    Q_UNUSED(name)
#endif
}

std::unexpected<Error> cannotReplace(const QString &file)
{
    return fail(ErrorKind::FileUnwritable,
        StoreText::tr(
            "The file that holds your mail could not be replaced (%1). Close other programs that use it and try "
            "again; nothing was lost.")
            .arg(QDir::toNativeSeparators(file)));
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

} // namespace

QString backupFolder(const QString &store)
{
    return QFileInfo(store).absolutePath() + u"/backups"_s;
}

QList<BackupFile> backups(const QString &store)
{
    QList<BackupFile> all;
    static const QRegularExpression stamp(u"-(\\d{8}-\\d{6})\\.sqlite$"_s);
    for (const QFileInfo &info : QDir(backupFolder(store)).entryInfoList({u"*.sqlite"_s}, QDir::Files)) {
        const QString text = stamp.match(info.fileName()).captured(1);
        QDateTime made = QDateTime::fromString(text, QString(stampFormat));
        made.setTimeZone(QTimeZone::UTC);
        all.append({info.absoluteFilePath(), made.isValid() ? made : info.lastModified().toUTC(), info.size(), false});
    }
    const QFileInfo file(store);
    for (const QFileInfo &info :
        file.absoluteDir().entryInfoList({file.fileName() + u".before-schema-*"_s}, QDir::Files)) {
        if (info.suffix() != "part"_L1)
            all.append({info.absoluteFilePath(), info.lastModified().toUTC(), info.size(), true});
    }
    std::ranges::stable_sort(all, std::ranges::greater(), &BackupFile::madeAt);
    return all;
}

StoreFacts storeFacts(const QString &store, bool withMail)
{
    StoreFacts facts;
    facts.file = store;
    facts.fileBytes = QFileInfo(store).size() + QFileInfo(store + u"-wal"_s).size();
    facts.backups = backups(store);
    if (const auto connection = Connection::open(store, Connection::Mode::ReadOnly)) {
        const auto ask = [&connection](
                             const QString &sql) { return (*connection)->ask(sql).value_or(QVariant()).toLongLong(); };
        facts.messages = ask(u"SELECT sum(total) FROM folders WHERE role <> 7"_s);
        if (withMail)
            facts.mailBytes = ask(u"SELECT sum(length(zstd)) FROM sources"_s);
    }
    return facts;
}

bool changedSince(const QString &store, const QDateTime &time)
{
    const QFileInfo log(store + u"-wal"_s);
    return QFileInfo(store).lastModified() > time || (log.size() > 0 && log.lastModified() > time);
}

QStringList outdated(const QList<BackupFile> &all, const BackupPolicy &policy)
{
    QStringList names;
    QSet<std::pair<int, int>> weeks;
    int latest = 0;
    int weekly = 0;
    for (const BackupFile &backup : all) {
        if (backup.beforeUpgrade)
            continue;
        int year = 0;
        const std::pair<int, int> week{backup.madeAt.date().weekNumber(&year), year};
        if (latest < qMax(policy.keep, 1))
            ++latest;
        else if (!weeks.contains(week) && weekly < policy.weeks)
            ++weekly;
        else
            names.append(backup.file);
        weeks.insert(week);
    }
    return names;
}

Expected<void> checkRoom(const QString &folder, qint64 bytes)
{
    const QStorageInfo disk(folder);
    constexpr qint64 gigabyte = 1LL << 30;
    const qint64 reserve = qMin(qBound(gigabyte, disk.bytesTotal() / 20, 10 * gigabyte), disk.bytesTotal() / 2);
    if (!disk.isValid() || disk.bytesAvailable() - bytes >= reserve)
        return {};
    return fail(ErrorKind::StoreFull,
        StoreText::tr(
            "There is too little room for a copy of your mail on the disk of %1: it needs %2. Make room there, or "
            "choose another disk.")
            .arg(QDir::toNativeSeparators(folder), QLocale().formattedDataSize(bytes + reserve)));
}

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
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr(
                "The copy of your mail could not be written (%1). Check that there is room and that you may write "
                "there.")
                .arg(QDir::toNativeSeparators(target)),
            ErrorAction::Retry, detail);
    };
    qint64 messages = 0;
    {
        const auto source = Connection::open(store, Connection::Mode::ReadOnly);
        if (!source)
            return std::unexpected(source.error());
        if (auto readable = checkReadable(**source); !readable)
            return readable;
        if (auto made = (*source)->run(u"VACUUM INTO '%1'"_s.arg(quoted(part))); !made) {
            if (made.error().kind == ErrorKind::StoreDamaged) {
                QFile::remove(part);
                return made;
            }
            return unwritable(made.error().detail);
        }
        messages = (*source)->ask(u"SELECT count(*) FROM accounts"_s).value_or(QVariant()).toLongLong();
    }
    // Some disks tell of their trouble when they are read, not when they are written.
    {
        const auto copy = Connection::open(part, Connection::Mode::ReadOnly);
        const auto findings = copy ? quickCheck(**copy) : std::unexpected(copy.error());
        if (!findings || !findings->isEmpty()
            || (*copy)->ask(u"SELECT count(*) FROM accounts"_s).value_or(QVariant()).toLongLong()
                < qMin<qint64>(messages, 1))
            return unwritable(findings ? findings->join(u'\n') : findings.error().detail);
    }
    makeDurable(part);
    if (!QFile::rename(part, target))
        return unwritable({});
    return {};
}

Expected<QString> backUp(const QString &store, const BackupPolicy &policy, const QDateTime &now)
{
    const QString folder = backupFolder(store);
    if (!QDir().mkpath(folder)) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr("The folder for backups cannot be made (%1). Check its permissions.")
                .arg(QDir::toNativeSeparators(folder)));
    }
    // What was cut short earlier is of no use to anybody.
    for (const QFileInfo &rest : QDir(folder).entryInfoList({u"*.part"_s, u"*.part-journal"_s}, QDir::Files))
        QFile::remove(rest.absoluteFilePath());
    if (auto room = checkRoom(folder, QFileInfo(store).size()); !room)
        return std::unexpected(room.error());
    const QString name =
        u"%1/%2-%3.sqlite"_s.arg(folder, QFileInfo(store).baseName(), now.toUTC().toString(QString(stampFormat)));
    if (auto copied = copyStore(store, name); !copied)
        return std::unexpected(copied.error());
    for (const QString &old : outdated(backups(store), policy))
        QFile::remove(old);
    return name;
}

Expected<QString> restore(const QString &store, const QString &backup, const QDateTime &now)
{
    const QString fresh = store + u".restoring"_s;
    const auto cleanUp = [&fresh] {
        const QFileInfo info(fresh);
        for (const QFileInfo &rest :
            info.absoluteDir().entryInfoList({info.fileName() + u'*'}, QDir::Files | QDir::Hidden))
            QFile::remove(rest.absoluteFilePath());
    };
    cleanUp();
    QList<AccountSettings> current;
    qint64 lastAccount = 0;
    {
        const auto source = Connection::open(backup, Connection::Mode::ReadOnly);
        if (!source)
            return std::unexpected(source.error());
        const auto findings = quickCheck(**source);
        if (!findings)
            return std::unexpected(findings.error());
        if (!findings->isEmpty()) {
            return fail(ErrorKind::StoreDamaged,
                StoreText::tr("This backup is damaged itself (%1). Choose another one; nothing was changed.")
                    .arg(QDir::toNativeSeparators(backup)),
                ErrorAction::None, sanitised(findings->join(u' ')));
        }
        if (const auto present = Connection::open(store, Connection::Mode::ReadOnly);
            present && checkReadable(**present)) {
            current = readAccounts(**present).value_or(QList<AccountSettings>());
            lastAccount = (*present)
                              ->ask(u"SELECT max(seq) FROM sqlite_sequence WHERE name = 'accounts'"_s)
                              .value_or(QVariant())
                              .toLongLong();
        }
    }
    if (auto room = checkRoom(QFileInfo(store).absolutePath(), QFileInfo(backup).size()); !room)
        return std::unexpected(room.error());
    if (!QFile::copy(backup, fresh)) {
        cleanUp();
        return cannotReplace(store);
    }
    QFile::setPermissions(fresh, QFile::ReadOwner | QFile::WriteOwner);
    {
        const auto writer = Writer::open(fresh);
        if (!writer) {
            cleanUp();
            return std::unexpected(writer.error());
        }
        Expected<void> done = (*writer)->doubtLedger();
        const auto restored = (*writer)->accounts();
        for (const AccountSettings &account : restored.value_or(QList<AccountSettings>())) {
            for (const AccountSettings &kept : std::as_const(current)) {
                if (done && kept.id == account.id && kept.address == account.address)
                    done = (*writer)->updateAccount(kept);
            }
        }
        if (!done) {
            const Error error = done.error();
            cleanUp();
            return std::unexpected(error);
        }
    }
    if (auto reserved = reserveAccounts(fresh, lastAccount); !reserved) {
        cleanUp();
        return std::unexpected(reserved.error());
    }
    makeDurable(fresh);
    const QString aside = asideName(store, u"before-restore"_s, now);
    if (auto replaced = replaceStore(store, fresh, aside); !replaced) {
        cleanUp();
        return std::unexpected(replaced.error());
    }
    cleanUp();
    return aside;
}

Expected<void> replaceStore(const QString &store, const QString &fresh, const QString &aside)
{
    const QString ready = store + u".ready"_s;
    QFile::remove(ready);
    if (!QFile::rename(fresh, ready))
        return cannotReplace(store);
    if (QFile::exists(store) && !QFile::rename(store, aside)) {
        QFile::remove(ready);
        return cannotReplace(store);
    }
    // What only reads leaves an empty one.
    if (QFileInfo(store + u"-wal"_s).size() == 0)
        QFile::remove(store + u"-wal"_s);
    if (QFile::exists(store + u"-wal"_s) && !QFile::rename(store + u"-wal"_s, aside + u"-wal"_s)) {
        // The log must not be laid over another file than its own.
        QFile::rename(aside, store);
        QFile::remove(ready);
        return cannotReplace(store);
    }
    QFile::remove(store + u"-shm"_s);
    if (!QFile::rename(ready, store))
        return cannotReplace(store);
    makeDurable(QFileInfo(store).absolutePath());
    return {};
}

void finishReplacing(const QString &store)
{
    const QString ready = store + u".ready"_s;
    if (!QFile::exists(ready))
        return;
    if (QFile::exists(store)) {
        QFile::remove(ready);
        return;
    }
    // The log of what was moved aside is moved too, or it would be taken for that of the new file.
    const QFileInfo info(store);
    if (QFile::exists(store + u"-wal"_s))
        QFile::rename(store + u"-wal"_s, asideName(store, u"left"_s, QDateTime::currentDateTimeUtc()) + u"-wal"_s);
    QFile::remove(store + u"-shm"_s);
    QFile::rename(ready, store);
}

QString asideName(const QString &store, const QString &what, const QDateTime &now)
{
    const QString name = u"%1.%2-%3"_s.arg(store, what, now.toUTC().toString(QString(stampFormat)));
    QString free = name;
    for (int i = 2; QFile::exists(free); ++i)
        free = u"%1-%2"_s.arg(name).arg(i);
    return free;
}

} // namespace satchel::store
