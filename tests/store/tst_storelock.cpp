// SPDX-License-Identifier: GPL-3.0-or-later
// Who has the store, and what happens to a program that does not have it any more (F16). This program starts itself as
// the one on another computer.
#include "store/connection.h"
#include "store/storefiles.h"
#include "store/storelock.h"
#include "storefixture.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSysInfo>

#include <cstdio>
#include <iostream>
#include <string>

#ifdef Q_OS_LINUX
#include <csignal>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

namespace {

const Computer attic{u"attic"_s, "machine-of-the-attic", "boot-1"};
const Computer cellar{u"cellar"_s, "machine-of-the-cellar", "boot-2"};

/// Another program on the computer called \a host: answers each line on standard input with what became of one message.
int appendOnDemand(const QString &file, const QByteArray &host)
{
#ifdef Q_OS_LINUX
    if (::sethostname(host.constData(), size_t(host.size())) != 0)
        return 2;
#else
    Q_UNUSED(host)
#endif
    auto writer = Writer::open(file);
    if (!writer)
        return 3;
    const AccountId account = (*writer)->accounts()->first().id;
    const FolderId inbox = *(*writer)->folder(account, FolderRole::Inbox);
    std::puts("open");
    std::fflush(stdout);
    std::string line;
    for (int number = 0; std::getline(std::cin, line) && line != "end"; ++number) {
        const TestMail mail{.subject = u"from there %1"_s.arg(number)};
        const auto outcome = (*writer)->append({{account, inbox, {"there" + QByteArray::number(number), 0}, 1,
            QDateTime::currentDateTimeUtc(), {}, mail.prepared()}});
        std::puts(outcome ? "stored" : qPrintable(outcome.error().text));
        std::fflush(stdout);
    }
    return 0;
}

QByteArray content(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void write(const QString &name, const QByteArray &bytes)
{
    QFile file(name);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(name));
}

QByteArray lockOf(qint64 process, const Computer &computer)
{
    return QByteArray::number(process) + "\nsatchel\n" + computer.name.toUtf8() + '\n' + computer.machine + '\n'
        + computer.boot + '\n';
}

/// Name, content and time of every file of the store, but for the lock and the memory that SQLite shares.
QByteArrayList filesOf(const QString &store)
{
    QByteArrayList all;
    const QFileInfo info(store);
    for (const QFileInfo &file : info.absoluteDir().entryInfoList({info.fileName() + u'*'}, QDir::Files, QDir::Name)) {
        if (file.fileName().endsWith("-shm"_L1) || file.fileName().endsWith(".lock"_L1))
            continue;
        all.append(file.fileName().toUtf8() + ' '
            + QCryptographicHash::hash(content(file.absoluteFilePath()), QCryptographicHash::Sha256).toHex() + ' '
            + QByteArray::number(file.lastModified().toMSecsSinceEpoch()));
    }
    return all;
}

} // namespace

class TestStoreLock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F16_theOtherComputerTakesOverAndThisOneWritesNothingMore()
    {
        StoreFixture store;
        store.add({}, "before");
        Error told;
        int times = 0;
        store.writer->onLost([&](const Error &error, bool isFree) {
            told = error;
            times += isFree ? 100 : 1;
        });
        VERIFY_FAILS(StoreLock::take(store.file(), false, attic), ErrorKind::StoreLocked);
        const auto other = StoreLock::take(store.file(), true, attic);
        VERIFY_OK(other);
        const QByteArrayList files = filesOf(store.file());
        const QByteArray lock = content(store.file() + u".lock"_s);

        const auto refused = store.writer->append({store.item({.subject = u"too late"_s}, "late")});
        VERIFY_FAILS(refused, ErrorKind::StoreLocked);
        QVERIFY(refused.error().text.contains(u"attic"));
        QCOMPARE(refused.error().action, ErrorAction::TakeOverStore);
        QVERIFY(!store.writer->isStored(store.account, {"before", 0})); // no DELE by what may have changed since
        store.writer->touchLock();
        QCOMPARE(times, 1);
        QCOMPARE(told.text, refused.error().text);
        store.closeWriter();
        QCOMPARE(filesOf(store.file()), files); // not even its log is written back
        QCOMPARE(content(store.file() + u".lock"_s), lock);
        VERIFY_OK((*other)->verify());
        VERIFY_FAILS(Reader::open(store.file()), ErrorKind::StoreLocked);
    }

    void F16_theHeartbeatFindsOutWhoTookOver()
    {
        StoreFixture store;
        int times = 0;
        store.writer->onLost([&](const Error &, bool) { ++times; });
        store.writer->touchLock();
        QCOMPARE(times, 0);
        const auto other = StoreLock::take(store.file(), true, attic);
        VERIFY_OK(other);
        const QDateTime seen = QFileInfo(store.file() + u".lock"_s).lastModified();
        store.writer->touchLock();
        QCOMPARE(times, 1);
        QCOMPARE(QFileInfo(store.file() + u".lock"_s).lastModified(), seen); // it is not ours to touch
    }

    void F16_aCommitThatWasOvertakenIsNotBelieved()
    {
        const QTemporaryDir dir;
        const auto connection = *Connection::open(dir.filePath(u"a.db"_s), Connection::Mode::ReadWrite);
        VERIFY_OK(connection->run(u"CREATE TABLE t (x)"_s));
        int asked = 0;
        int lostAt = 0;
        connection->setGuard([&]() -> Expected<void> {
            if (++asked < lostAt)
                return {};
            return fail(ErrorKind::StoreLocked, u"taken over"_s);
        });
        int committed = 0;
        connection->setCommitted([&](qint64) { ++committed; });
        const auto insert = [&] {
            asked = 0;
            return inTransaction(
                *connection, [&]() -> Expected<void> { return connection->run(u"INSERT INTO t VALUES (1)"_s); });
        };
        for (lostAt = 1; lostAt <= 3; ++lostAt) // before it begins, before it is committed, and just after
            VERIFY_FAILS(insert(), ErrorKind::StoreLocked);
        QCOMPARE(committed, 0);
        VERIFY_OK(insert());
        QCOMPARE(committed, 1);
    }

    void F16_aLockThatIsGoneOrCutShortIsLost_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<bool>("isThere");
        QTest::addColumn<bool>("isFree");
        QTest::newRow("removed") << QByteArray() << false << true;
        QTest::newRow("cut to nothing") << QByteArray() << true << false;
        QTest::newRow("garbage") << QByteArray("\0\0\0\0", 4) << true << false;
        QTest::newRow("another program on this computer") << lockOf(1, Computer::here()) << true << false;
        QTest::newRow("another computer") << lockOf(1, cellar) << true << false;
        QTest::newRow("another computer of the same name")
            << lockOf(QCoreApplication::applicationPid(), {Computer::here().name, "other", "other"}) << true << false;
    }

    void F16_aLockThatIsGoneOrCutShortIsLost()
    {
        QFETCH(const QByteArray, left);
        QFETCH(const bool, isThere);
        StoreFixture store;
        store.add({}, "a");
        bool free = false;
        int times = 0;
        store.writer->onLost([&](const Error &, bool isFree) {
            free = isFree;
            ++times;
        });
        const QString lock = store.file() + u".lock"_s;
        if (isThere)
            write(lock, left);
        else
            QVERIFY(QFile::remove(lock));
        VERIFY_FAILS(store.writer->append({store.item({}, "b")}), ErrorKind::StoreLocked);
        QCOMPARE(times, 1);
        QTEST(free, "isFree");
        // What it was once stays so, though the file says otherwise by now.
        write(lock, lockOf(QCoreApplication::applicationPid(), Computer::here()));
        const QByteArray last = content(lock);
        VERIFY_FAILS(store.writer->append({store.item({}, "b")}), ErrorKind::StoreLocked);
        store.closeWriter();
        QCOMPARE(content(lock), last);
    }

    void F16_aLockThatCannotBeReadStopsTheWriterOnlyUntilItCan()
    {
        StoreFixture store;
        const QString lock = store.file() + u".lock"_s;
        QVERIFY(QFile::rename(lock, lock + u".away"_s));
        QVERIFY(QDir().mkdir(lock)); // nobody can read that as a file
        VERIFY_FAILS(store.writer->append({store.item({}, "a")}), ErrorKind::StoreFailed);
        QVERIFY(QDir().rmdir(lock));
        QVERIFY(QFile::rename(lock + u".away"_s, lock));
        VERIFY_OK(store.writer->append({store.item({}, "a")}));
    }

    void F16_threeComputersTakeOverInTurn()
    {
        const QTemporaryDir dir;
        const QString store = dir.filePath(u"mail.db"_s);
        auto first = *StoreLock::take(store);
        auto second = *StoreLock::take(store, true, attic);
        const auto third = *StoreLock::take(store, true, cellar);
        for (StoreLock *lost : {first.get(), second.get()}) {
            const auto refused = lost->verify();
            VERIFY_FAILS(refused, ErrorKind::StoreLocked);
            QVERIFY(refused.error().text.contains(u"cellar"));
        }
        first.reset();
        second.reset();
        VERIFY_OK(third->verify());
        // And back: who was taken over from may take over again.
        const auto again = StoreLock::take(store, true);
        VERIFY_OK(again);
        VERIFY_FAILS(third->verify(), ErrorKind::StoreLocked);
    }

    void F16_onlyADeadOwnerMakesALockStale_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<int>("age"); ///< in seconds, by the clock of the disk
        QTest::addColumn<bool>("taken");
        const Computer here = Computer::here();
        QTest::newRow("a process that is gone") << lockOf(99'999'999, here) << 0 << true;
        QTest::newRow("its number was given to another") << lockOf(1, here) << 0 << true;
        QTest::newRow("before the computer was started") << lockOf(1, {here.name, here.machine, "older"}) << 0 << true;
        QTest::newRow("being made") << QByteArray() << 0 << false;
        QTest::newRow("died in making it") << QByteArray() << 60 << true;
        QTest::newRow("died in making it, by a clock that is ahead") << QByteArray() << -86'400 << true;
        QTest::newRow("another computer, long ago") << lockOf(1, attic) << 864'000 << false;
    }

    void F16_onlyADeadOwnerMakesALockStale()
    {
        QFETCH(const QByteArray, left);
        QFETCH(const int, age);
        QFETCH(const bool, taken);
        const QTemporaryDir dir;
        const QString store = dir.filePath(u"mail.db"_s);
        QFile file(store + u".lock"_s);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(left);
        file.flush();
        QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-age), QFileDevice::FileModificationTime));
        file.close();
        const auto lock = StoreLock::take(store);
        QCOMPARE(lock.has_value(), taken);
        if (!taken)
            QCOMPARE(content(store + u".lock"_s), left);
    }

    void p311_theLockIsTouchedWhileItIsHeldAndReadByOthers()
    {
        const QTemporaryDir dir;
        const QString store = dir.filePath(u"mail.db"_s);
        const auto lock = *StoreLock::take(store);
        {
            QFile file(store + u".lock"_s);
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addDays(-1), QFileDevice::FileModificationTime));
        }
        VERIFY_OK(lock->touch());
        QVERIFY(QFileInfo(store + u".lock"_s).lastModified().addSecs(600) > QDateTime::currentDateTime());
        const QByteArrayList lines = content(store + u".lock"_s).split('\n');
        QCOMPARE(lines.value(0).toLongLong(), QCoreApplication::applicationPid());
        QCOMPARE(QString::fromUtf8(lines.value(2)), QSysInfo::machineHostName());
        VERIFY_FAILS(StoreLock::take(store), ErrorKind::StoreLocked); // within one process too
    }

#ifdef Q_OS_LINUX
    void F16_aProgramThatSleptFindsItsMailTakenOverAndLeavesTheLockAlone();
    void F16_aLeftOverLockOnADiskThatCannotBeWrittenIsNoOtherProgram();
#endif
};

#ifdef Q_OS_LINUX
void TestStoreLock::F16_aProgramThatSleptFindsItsMailTakenOverAndLeavesTheLockAlone()
{
    StoreFixture store;
    store.closeWriter();
    for (const bool wakesIdle : {false, true}) {
        QProcess other;
        other.start(
            u"unshare"_s, {u"-u"_s, QCoreApplication::applicationFilePath(), u"--append"_s, store.file(), u"laptop"_s});
        const auto answer = [&other]() -> QString {
            while (!other.canReadLine()) {
                if (!other.waitForReadyRead(30'000))
                    return QString::fromUtf8(other.readAllStandardError());
            }
            return QString::fromUtf8(other.readLine()).trimmed();
        };
        QCOMPARE(answer(), u"open"_s);
        other.write("go\n");
        QCOMPARE(answer(), u"stored"_s);
        QCOMPARE(::kill(pid_t(other.processId()), SIGSTOP), 0);

        const auto refused = Writer::open(store.file());
        VERIFY_FAILS(refused, ErrorKind::StoreLocked);
        QVERIFY(refused.error().text.contains(u"laptop"));
        auto writer = Writer::open(store.file(), true);
        VERIFY_OK(writer);
        VERIFY_OK((*writer)->append({store.item({.subject = u"from here"_s}, "here" + QByteArray::number(wakesIdle))}));
        const QByteArray lock = content(store.file() + u".lock"_s);
        QCOMPARE(::kill(pid_t(other.processId()), SIGCONT), 0);
        if (!wakesIdle) {
            other.write("go\n");
            const QString said = answer();
            QVERIFY2(said.contains(QSysInfo::machineHostName()), qPrintable(said));
        }
        other.write("end\n");
        QVERIFY(other.waitForFinished());
        QCOMPARE(other.exitCode(), 0);
        QCOMPARE(content(store.file() + u".lock"_s), lock);
        VERIFY_OK((*writer)->append({store.item({.subject = u"still"_s}, "still" + QByteArray::number(wakesIdle))}));
        QCOMPARE(*(*writer)->checkIntegrity(true), {});
    }
    store.openWriter();
    QCOMPARE(store.info(store.inbox).total, 5); // one from there, named alike both times, and two from here each time
}

void TestStoreLock::F16_aLeftOverLockOnADiskThatCannotBeWrittenIsNoOtherProgram()
{
    const QTemporaryDir disk;
    const QByteArray path = QFile::encodeName(disk.path());
    QCOMPARE(::mount("tmpfs", path.constData(), "tmpfs", 0, "size=16m"), 0);
    const QString store = disk.filePath(u"mail.db"_s);
    for (const QByteArray &left : {lockOf(99'999'999, Computer::here()), lockOf(1, attic), QByteArray()}) {
        write(store + u".lock"_s, left);
        QCOMPARE(::mount(nullptr, path.constData(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr), 0);
        const auto refused = Writer::open(store);
        const auto forced = Writer::open(store, true);
        QCOMPARE(::mount(nullptr, path.constData(), nullptr, MS_REMOUNT, nullptr), 0);
        VERIFY_FAILS(refused, ErrorKind::StoreFailed);
        VERIFY_FAILS(forced, ErrorKind::StoreFailed);
    }
    QCOMPARE(::umount(path.constData()), 0);
}
#endif

int main(int argc, char **argv)
{
#ifdef Q_OS_LINUX
    // Disks of its own; a user who may not have them becomes root in a namespace of their own.
    if (argc < 2 || qstrcmp(argv[1], "--append") != 0) {
        if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            qFatal("neither root nor a namespace may mount");
        (void)::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    }
#endif
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments.at(1) == "--append"_L1)
        return appendOnDemand(arguments.at(2), arguments.at(3).toUtf8());
    TestStoreLock test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_storelock.moc"
