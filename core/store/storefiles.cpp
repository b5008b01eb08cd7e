// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storefiles.h"

#include "base/clock.h"
#include "store/connection.h"
#include "store/filesafety.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QRegularExpression>
#include <QSaveFile>
#include <QSet>
#include <QStorageInfo>
#include <QTimeZone>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr QLatin1StringView stampFormat("yyyyMMdd-HHmmss");

std::unexpected<Error> cannotReplace(const QString &file)
{
    return fail(ErrorKind::FileUnwritable,
        StoreText::tr(
            "The file that holds your mail could not be replaced (%1). Close other programs that use it and try "
            "again; nothing was lost.")
            .arg(QDir::toNativeSeparators(file)));
}

/// The names of backups, the newest last.
QString orderFile()
{
    return u".order"_s;
}

QStringList madeInOrder(const QString &folder)
{
    QFile file(folder + u'/' + orderFile());
    constexpr qint64 most = 1 << 20;
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.read(most)).split(u'\n', Qt::SkipEmptyParts)
                                          : QStringList();
}

} // namespace

QString backupFolder(const QString &store)
{
    return QFileInfo(store).absolutePath() + u"/backups"_s;
}

QString segmentFolder(const QString &backups)
{
    return backups + u"/messages"_s;
}

QList<BackupFile> backups(const QString &store)
{
    QList<BackupFile> all;
    const QStringList order = madeInOrder(backupFolder(store));
    static const QRegularExpression stamp(u"-(\\d{8}-\\d{6})\\.sqlite$"_s);
    for (const QFileInfo &info : QDir(backupFolder(store)).entryInfoList({u"*.sqlite"_s}, QDir::Files)) {
        const QString text = stamp.match(info.fileName()).captured(1);
        QDateTime made = QDateTime::fromString(text, QString(stampFormat));
        made.setTimeZone(QTimeZone::UTC);
        all.append({info.absoluteFilePath(), made.isValid() ? made : info.lastModified().toUTC(), info.size(), false});
    }
    std::ranges::stable_sort(all, std::ranges::greater(), [&order](const BackupFile &backup) {
        return std::pair(order.lastIndexOf(QFileInfo(backup.file).fileName()), backup.madeAt);
    });
    // What they share counts once, with the newest.
    if (!all.isEmpty()) {
        for (const QFileInfo &segment : QDir(segmentFolder(backupFolder(store))).entryInfoList(QDir::Files))
            all.first().size += segment.size();
    }
    const QFileInfo file(store);
    for (const QFileInfo &info :
        file.absoluteDir().entryInfoList({file.fileName() + u".before-schema-*"_s}, QDir::Files)) {
        static const QRegularExpression numbered(u"\\.before-schema-\\d+$"_s);
        if (!numbered.match(info.fileName()).hasMatch())
            continue;
        const BackupFile copy{info.absoluteFilePath(), info.lastModified().toUTC(), info.size(), true};
        all.insert(std::ranges::find_if(
                       std::as_const(all), [&copy](const BackupFile &other) { return other.madeAt < copy.madeAt; }),
            copy);
    }
    return all;
}

Expected<void> noteMade(const QString &backup)
{
    const QDir folder = QFileInfo(backup).absoluteDir();
    const QString name = QFileInfo(backup).fileName();
    QStringList order = madeInOrder(folder.path());
    order.removeIf([&](const QString &other) { return other == name || !folder.exists(other); });
    order.append(name);
    QSaveFile file(folder.filePath(orderFile()));
    if (file.open(QIODevice::WriteOnly) && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner)
        && file.write(order.join(u'\n').toUtf8()) >= 0 && file.commit())
        return {};
    return fail(ErrorKind::FileUnwritable,
        StoreText::tr("The folder of backups cannot be written (%1). Check its permissions and the room on its disk.")
            .arg(QDir::toNativeSeparators(folder.path())),
        ErrorAction::Retry, file.errorString());
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

Expected<void> replaceStore(const QString &store, const QString &fresh, const QString &aside)
{
    // Each name is on the disk before the next one changes, so that whatever a power cut leaves is what
    // finishReplacing() knows.
    const QString ready = store + u".ready"_s;
    QFile::remove(ready);
    if (auto made = renameDurably(fresh, ready); !made)
        return made;
    if (QFile::exists(store) && !renameDurably(store, aside)) {
        QFile::remove(ready);
        return cannotReplace(store);
    }
    // What only reads leaves an empty one.
    if (QFileInfo(store + u"-wal"_s).size() == 0)
        QFile::remove(store + u"-wal"_s);
    if (QFile::exists(store + u"-wal"_s) && !renameDurably(store + u"-wal"_s, aside + u"-wal"_s)) {
        // The log must not be laid over another file than its own.
        QFile::rename(aside, store);
        QFile::remove(ready);
        return cannotReplace(store);
    }
    QFile::remove(store + u"-shm"_s);
    return renameDurably(ready, store);
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
    if (QFile::exists(store + u"-wal"_s))
        (void)setLogAside(store);
    (void)renameDurably(ready, store);
}

Expected<QString> setLogAside(const QString &store)
{
    const QString aside = asideName(store, u"left"_s, Clock().now()) + u"-wal"_s;
    if (auto moved = renameDurably(store + u"-wal"_s, aside); !moved)
        return std::unexpected(moved.error());
    QFile::remove(store + u"-shm"_s);
    return aside;
}

Expected<void> checkNotLost(const QString &store)
{
    const QFileInfo file(store);
    if (file.exists() && (!file.isFile() || file.size() > 0))
        return {};
    const auto lost = [&store](const QString &text) {
        return fail(ErrorKind::StoreDamaged, text.arg(QDir::toNativeSeparators(store)), ErrorAction::RepairStore);
    };
    if (!backups(store).isEmpty())
        return lost(StoreText::tr("The file that held your mail is missing or empty (%1), but there are backups of it. "
                                  "Restore the newest."));
    if (QFileInfo(store + u"-wal"_s).size() > 0)
        return lost(StoreText::tr("The file that held your mail is missing or empty (%1), but its newest part is still "
                                  "there. Put the file back, or restore a backup."));
    return {};
}

std::optional<QString> profileIdOf(const QString &store)
{
    if (QFileInfo(store).size() == 0)
        return std::nullopt;
    const auto connection = Connection::open(store, Connection::Mode::ReadOnly);
    if (!connection)
        return std::nullopt;
    const QString id = QString::fromUtf8((*connection)
            ->ask(u"SELECT value FROM store_facts WHERE name = 'profile'"_s)
            .value_or(QVariant())
            .toByteArray());
    return id.isEmpty() ? std::nullopt : std::optional(id);
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
