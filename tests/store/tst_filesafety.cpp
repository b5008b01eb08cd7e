// SPDX-License-Identifier: GPL-3.0-or-later
// Who may read the files of a profile, and whether they and their names are on the disk when a call says so.
#include "store/apart.h"
#include "store/backup.h"
#include "store/filesafety.h"
#include "store/parsingmark.h"
#include "store/storecheck.h"
#include "store/storefiles.h"
#include "storefixture.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <cerrno>

#ifdef Q_OS_LINUX
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

#ifdef Q_OS_LINUX

namespace {

/// What was put on the disk, in that order; and a folder whose disk fails.
QStringList synced; // NOLINT: the C function below has nobody else to tell
QString failing;

} // namespace

/// Takes the place of the system's in this program.
extern "C" int fsync(int file)
{
    char name[4096];
    const QByteArray link = "/proc/self/fd/" + QByteArray::number(file);
    const ssize_t length = ::readlink(link.constData(), name, sizeof name);
    const QString path = QString::fromLocal8Bit(name, qMax<ssize_t>(0, length));
    synced.append(path);
    if (!failing.isEmpty() && path == failing) {
        errno = EIO;
        return -1;
    }
    return int(::syscall(SYS_fsync, file));
}

#endif

class TestFileSafety : public QObject
{
    Q_OBJECT

private Q_SLOTS:
#ifdef Q_OS_LINUX
    void init()
    {
        synced.clear();
        failing.clear();
    }

    void p304_everyFileOfAProfileIsItsOwnersAlone()
    {
        const mode_t before = ::umask(0);
        const QTemporaryDir dir;
        const QString folder = dir.filePath(u"profile"_s);
        QVERIFY(QDir().mkdir(folder));
        QCOMPARE(::chmod(QFile::encodeName(folder).constData(), 0755), 0);
        const QString store = folder + u"/mail.sqlite"_s;
        const QDateTime now = QDateTime::currentDateTimeUtc();
        {
            const auto writer = *Writer::open(store);
            AccountSettings settings;
            settings.name = u"Work"_s;
            VERIFY_OK(writer->addAccount(settings));
            const auto reader = *Reader::open(store);
            VERIFY_OK(backUp(store, {}, now));
            VERIFY_OK(backUp(store, {}, now.addSecs(60), {}, 0));
            VERIFY_OK(copyStore(store, store + u".copied"_s));
            ParsingMark mark(store + u".parsing"_s);
            const ParsingMark::Work work(mark, "a mail"); // the files of its work are there while it goes on
            QCOMPARE(open(folder), QStringList());
        }
        VERIFY_OK(restore(store, backups(store).constFirst().file, now));
        QCOMPARE(open(folder), QStringList());
        ::umask(before);
    }

    void p304_whatAnOlderProgramLeftOpenToOthersIsClosedToThem()
    {
        StoreFixture store;
        VERIFY_OK(backUp(store.file(), {}, QDateTime::currentDateTimeUtc()));
        VERIFY_OK(backUp(store.file(), {}, QDateTime::currentDateTimeUtc().addSecs(5), {}, 0));
        store.closeWriter();
        QFile left(store.file() + u".before-restore-20260101-000000"_s);
        QVERIFY(left.open(QIODevice::WriteOnly));
        left.close();
        QDirIterator files(store.dir.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext())
            QCOMPARE(::chmod(QFile::encodeName(files.next()).constData(), 0664), 0);
        QVERIFY(!open(store.dir.path()).isEmpty());
        store.openWriter();
        QCOMPARE(open(store.dir.path()), QStringList());
    }

    void p304_aLinkToSomebodyElsesFileIsNotFollowed()
    {
        const QTemporaryDir dir;
        QFile theirs(dir.filePath(u"theirs"_s));
        QVERIFY(theirs.open(QIODevice::WriteOnly));
        QCOMPARE(::chmod(QFile::encodeName(theirs.fileName()).constData(), 0644), 0);
        QVERIFY(QFile::link(theirs.fileName(), dir.filePath(u"link"_s)));
        keepPrivate(dir.filePath(u"link"_s));
        QVERIFY(QFile::permissions(theirs.fileName()).testFlag(QFile::ReadOther));
    }

    void p306_theFolderIsPutOnTheDiskAfterEachNewName_data()
    {
        QTest::addColumn<QString>("work");
        for (const QString &work : {u"rename"_s, u"remove"_s, u"copy"_s, u"backup"_s, u"shared backup"_s, u"restore"_s})
            QTest::newRow(qPrintable(work)) << work;
    }

    void p306_theFolderIsPutOnTheDiskAfterEachNewName()
    {
        QFETCH(const QString, work);
        StoreFixture store;
        store.add({}, "a");
        VERIFY_OK(copyStore(store.file(), store.dir.filePath(u"old.db"_s)));
        VERIFY_OK(backUp(store.file(), {}, QDateTime::currentDateTimeUtc().addSecs(-60), {}, 0));
        store.add({.subject = u"new"_s}, "b");
        if (work == "restore"_L1)
            store.closeWriter();
        const QString folder = QFileInfo(store.dir.path()).canonicalFilePath();
        const bool inBackups = work.endsWith("backup"_L1);
        const auto run = [&]() -> Expected<void> {
            const auto drop = [](const auto &done) {
                return done ? Expected<void>() : Expected<void>(std::unexpected(done.error()));
            };
            if (work == "rename"_L1)
                return renameDurably(store.dir.filePath(u"old.db"_s), store.dir.filePath(u"new.db"_s));
            if (work == "remove"_L1)
                return removeDurably(store.dir.filePath(u"old.db"_s));
            if (work == "copy"_L1)
                return copyStore(store.file(), store.dir.filePath(u"copy.db"_s));
            if (work == "restore"_L1)
                return drop(restore(store.file(), store.dir.filePath(u"old.db"_s), QDateTime::currentDateTimeUtc()));
            return drop(backUp(store.file(), {}, QDateTime::currentDateTimeUtc(), {},
                work == "shared backup"_L1 ? 0 : wholeBackupUpTo));
        };
        // Told when it fails, and done when it does not.
        failing = inBackups ? folder + u"/backups"_s : folder;
        const auto failed = run();
        QVERIFY(!failed);
        QVERIFY(!failed.error().text.isEmpty());
        QVERIFY(synced.contains(failing));
    }

    // POSIX drops them where any descriptor of the file is closed; another program then takes the log for a left-over
    // one.
    void whatReadsAStoreInUseLeavesItsLocks_data()
    {
        QTest::addColumn<QString>("work");
        for (const QString &work : {u"every byte"_s, u"shared blocks"_s, u"rights"_s, u"a glance"_s, u"all of it"_s,
                 u"facts"_s, u"profile"_s, u"log"_s, u"copy"_s, u"backup"_s, u"shared backup"_s, u"lost"_s})
            QTest::newRow(qPrintable(work)) << work;
    }

    void whatReadsAStoreInUseLeavesItsLocks()
    {
        QFETCH(const QString, work);
        StoreFixture store;
        store.add({}, "a");
        QVERIFY(isLockedForOthers(store.file()));
        const QString beside = store.dir.filePath(u"beside.db"_s);
        if (work == "every byte"_L1)
            VERIFY_OK(readEveryByte(store.file()));
        else if (work == "shared blocks"_L1)
            (void)shareBlocks(store.file(), beside); // few file systems can
        else if (work == "rights"_L1)
            keepStorePrivate(store.file());
        else if (work == "a glance"_L1)
            VERIFY_OK(quickCheck(store.file()));
        else if (work == "all of it"_L1)
            VERIFY_OK(fullCheck(store.file(), {}));
        else if (work == "facts"_L1)
            QVERIFY(storeFacts(store.file(), true).fileBytes > 0);
        else if (work == "profile"_L1)
            (void)profileIdOf(store.file());
        else if (work == "log"_L1)
            QVERIFY(!isLogForeign(store.file()));
        else if (work == "copy"_L1)
            VERIFY_OK(copyStore(store.file(), beside));
        else if (work == "lost"_L1)
            VERIFY_OK(checkNotLost(store.file()));
        else
            VERIFY_OK(backUp(store.file(), {}, QDateTime::currentDateTimeUtc(), {},
                work == "shared backup"_L1 ? 0 : wholeBackupUpTo));
        QVERIFY(isLockedForOthers(store.file()));
        store.closeWriter();
        QVERIFY(!isLockedForOthers(store.file()));
    }

    void aFileThatCannotBeReadApartIsSaid()
    {
        const StoreFixture store;
        QCOMPARE(readApart(store.file()), 0);
        QCOMPARE(readApart(store.dir.filePath(u"nowhere"_s)), ENOENT);
        QCOMPARE(readApart(store.dir.path()), EISDIR);
    }

private:
    /// Whether another process meets a lock of SQLite on the store.
    static bool isLockedForOthers(const QString &store)
    {
        const QByteArray name = QFile::encodeName(store);
        const char *path = name.constData();
        const pid_t other = ::fork();
        if (other == 0) {
            struct flock lock{};
            lock.l_type = F_WRLCK;
            lock.l_whence = SEEK_SET;
            lock.l_start = 0x40000000; // the page that SQLite locks (sqlite.org/lockingv3.html)
            lock.l_len = 512;
            const int file = ::open(path, O_RDWR | O_CLOEXEC);
            ::_exit(file >= 0 && ::fcntl(file, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK ? 1 : 0);
        }
        int status = 0;
        return ::waitpid(other, &status, 0) == other && WIFEXITED(status) && WEXITSTATUS(status) == 1;
    }

    /// What in \a folder others may read, write or run.
    static QStringList open(const QString &folder)
    {
        QStringList names;
        QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            struct stat now{};
            const QString name = files.next();
            if (::stat(QFile::encodeName(name).constData(), &now) == 0 && (now.st_mode & 077) != 0)
                names.append(u"%1 %2"_s.arg(name).arg(now.st_mode & 0777, 0, 8));
        }
        return names;
    }
#endif
};

QTEST_GUILESS_MAIN(TestFileSafety)
#include "tst_filesafety.moc"
