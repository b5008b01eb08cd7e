// SPDX-License-Identifier: GPL-3.0-or-later
// Backups of a large store, which share the bytes of messages; what becomes of backups when the store is lost. This
// program starts itself as the one that dies in the middle.
#include "backedup.h"
#include "store/backupindex.h"
#include "store/connection.h"
#include "store/mailarchive.h"
#include "store/schema.h"
#include "store/segment.h"
#include "store/storecheck.h"
#include "store/storefiles.h"
#include "storefixture.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

namespace {

const QDateTime today(QDate(2026, 11, 30), QTime(12, 0), QTimeZone::UTC);

/// Cannot be compressed much, so that its bytes are found in a file.
TestMail noisyMail(int number, int size = 20'000)
{
    QByteArray raw = "Subject: number w" + QByteArray::number(number) + "\r\n\r\n";
    QRandomGenerator random(quint32(number) + 1);
    QByteArray noise(size / 4 * 3, Qt::Uninitialized);
    random.generate(noise.begin(), noise.end());
    raw += noise.toBase64() + "\r\n";
    return {.subject = u"number w%1"_s.arg(number), .raw = raw};
}

/// A store with \a count messages, in batches.
void fill(StoreFixture &store, int from, int count, int size = 20'000)
{
    QList<AppendItem> batch;
    for (int number = from; number < from + count; ++number) {
        batch.append(store.item(noisyMail(number, size), "uidl" + QByteArray::number(number)));
        if (batch.size() == 50 || number == from + count - 1) {
            if (!store.writer->append(batch))
                qFatal("cannot fill");
            batch.clear();
        }
    }
}

qint64 sizeBelow(const QString &folder)
{
    qint64 bytes = 0;
    QDirIterator files(folder, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext())
        bytes += QFileInfo(files.next()).size();
    return bytes;
}

/// As it is to a disk without hard links.
void copyFolder(const QString &from, const QString &to)
{
    QDir().mkpath(to);
    for (const QFileInfo &file : QDir(from).entryInfoList(QDir::Files))
        QFile::copy(file.absoluteFilePath(), to + u'/' + file.fileName());
    for (const QFileInfo &folder : QDir(from).entryInfoList(QDir::Dirs | QDir::NoDotAndDotDot))
        copyFolder(folder.absoluteFilePath(), to + u'/' + folder.fileName());
}

Expected<QString> backUpShared(const QString &store, const QDateTime &now, const BackupPolicy &policy = {})
{
    return backUp(store, policy, now, {}, 0);
}

int work(const QString &what, const QString &store, const QString &file)
{
    if (what == "--backup"_L1)
        return backUpShared(store, QDateTime::currentDateTimeUtc()) ? 0 : 1;
    return restore(store, file, QDateTime::currentDateTimeUtc(), ways) ? 0 : 1;
}

} // namespace

class TestBackups : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p309_theNextBackupWritesOnlyWhatIsNew()
    {
        StoreFixture store;
        fill(store, 0, 600);
        const auto first = backUpShared(store.file(), today);
        VERIFY_OK(first);
        const QString folder = backupFolder(store.file());
        const qint64 once = sizeBelow(folder);
        QVERIFY(once > 600 * 14'000);
        fill(store, 600, 3);
        VERIFY_OK(store.writer->setFlags({MessageId{1}, MessageId{2}}, MessageFlag::Read, {}));
        const auto second = backUpShared(store.file(), today.addDays(1));
        VERIFY_OK(second);
        const qint64 more = sizeBelow(folder) - once;
        QVERIFY2(more < once / 10, qPrintable(u"%1 of %2"_s.arg(more).arg(once)));
        // Each is what the store was then.
        const QByteArrayList now = sourcesOf(store.file());
        store.closeWriter();
        VERIFY_OK(restore(store.file(), *second, today, ways));
        QCOMPARE(sourcesOf(store.file()), now);
        VERIFY_OK(restore(store.file(), *first, today, ways));
        QCOMPARE(sourcesOf(store.file()).size(), 600);
    }

    void p309_aRestoredStoreIsTheStore()
    {
        StoreFixture store;
        fill(store, 0, 60);
        const FolderInfo own = *store.writer->addFolder(store.account, u"Own"_s);
        VERIFY_OK(store.writer->move({MessageId{3}, MessageId{4}}, own.id));
        VERIFY_OK(store.writer->setFlags({MessageId{3}}, MessageFlag::Starred, {}));
        VERIFY_OK(store.writer->remove({MessageId{9}}));
        QCOMPARE(*store.writer->purge(), 1);
        const QByteArray number = *store.writer->storeFact(u"store"_s);
        VERIFY_OK(store.writer->setStoreFact(u"profile"_s, "the-profile"));
        const QByteArrayList before = sourcesOf(store.file());
        const auto backup = backUpShared(store.file(), today);
        VERIFY_OK(backup);
        store.closeWriter();
        const auto done = restore(store.file(), *backup, today, ways);
        VERIFY_OK(done);
        QCOMPARE(done->lost, 0);
        QVERIFY(QFile::exists(done->aside));
        store.openWriter();
        QCOMPARE(sourcesOf(store.file()), before);
        QCOMPARE(store.info(store.inbox).total, 57);
        QCOMPARE(store.info(own.id).total, 2);
        QCOMPARE(store.info(own.id).unread, 2);
        QCOMPARE(store.reader()->list({.folder = own.id, .starredOnly = true}, {})->size(), 1);
        QCOMPARE(*store.reader()->search(u"w59"_s, {}, {}), QList{MessageId{60}});
        QCOMPARE(*store.writer->checkIntegrity(true), {});
        QCOMPARE(*fullCheck(store.file(), {}), QStringList());
        QCOMPARE(*store.writer->storeFact(u"store"_s), number);
        QCOMPARE(profileIdOf(store.file()), u"the-profile"_s);
        QVERIFY(store.entry("uidl5").doubted); // law 1: the ledger of a backup is doubted
        QVERIFY(*store.writer->isStored(store.account, {"uidl5", 0}));
        // Numbers of messages are not given out again, and new mail finds its place.
        QVERIFY(store.add(noisyMail(1000), "later").value > 60);
        VERIFY_OK(backUpShared(store.file(), today.addDays(1)));
    }

    void p309_aFolderOfBackupsThatWasCopiedElsewhereIsEnough()
    {
        StoreFixture store;
        fill(store, 0, 120);
        const QByteArrayList all = sourcesOf(store.file());
        const auto backup = backUpShared(store.file(), today);
        VERIFY_OK(backup);
        const QTemporaryDir stick;
        copyFolder(backupFolder(store.file()), stick.filePath(u"copied"_s));
        const QTemporaryDir other;
        const QString fresh = other.filePath(u"mail.db"_s);
        const auto done = restore(fresh, stick.filePath(u"copied/"_s + QFileInfo(*backup).fileName()), today, ways);
        VERIFY_OK(done);
        QCOMPARE(done->lost, 0);
        QVERIFY(done->aside.isEmpty());
        VERIFY_OK(Writer::open(fresh));
        QCOMPARE(sourcesOf(fresh), all);
    }

    void p309_whatWasDeletedLeavesWithTheLastBackupThatNeedsIt()
    {
        StoreFixture store;
        fill(store, 0, 40);
        const QByteArray frame = noisyMail(7).prepared().compressed.sliced(100, 200);
        const QString folder = backupFolder(store.file());
        const BackupPolicy two{.automatic = true, .keep = 2, .weeks = 0};
        VERIFY_OK(backUpShared(store.file(), today, two));
        QVERIFY(isBelow(folder, frame));
        VERIFY_OK(store.writer->remove({MessageId{8}}));
        QCOMPARE(*store.writer->purge(), 1);
        VERIFY_OK(backUpShared(store.file(), today.addDays(1), two));
        QVERIFY(isBelow(folder, frame));
        VERIFY_OK(backUpShared(store.file(), today.addDays(2), two));
        QVERIFY(!isBelow(folder, frame));
        store.closeWriter();
        VERIFY_OK(restore(store.file(), backups(store.file()).constLast().file, today, ways));
        QCOMPARE(sourcesOf(store.file()).size(), 39);
    }

    void p309_damageInASegmentLosesOnlyWhatIsInIt_data()
    {
        QTest::addColumn<QString>("damage");
        for (const QString &damage : {u"a record"_s, u"the directory"_s, u"the beginning"_s, u"gone"_s})
            QTest::newRow(qPrintable(damage)) << damage;
    }

    void p309_damageInASegmentLosesOnlyWhatIsInIt()
    {
        QFETCH(const QString, damage);
        StoreFixture store;
        fill(store, 0, 30);
        VERIFY_OK(backUpShared(store.file(), today));
        fill(store, 30, 30);
        const auto backup = backUpShared(store.file(), today.addDays(1));
        VERIFY_OK(backup);
        const QString folder = segmentFolder(backupFolder(store.file()));
        const QStringList segments = QDir(folder).entryList({u"*.segment"_s}, QDir::Files, QDir::Name);
        QCOMPARE(segments.size(), 2);
        const QString name = folder + u'/' + segments.constFirst();
        qint64 lost = 0;
        {
            QFile file(name);
            QVERIFY(file.open(QIODevice::ReadWrite));
            const QByteArray all = file.readAll();
            const auto hurt = [&](qsizetype at) {
                file.seek(at);
                file.write(QByteArray(30, '\x55'));
            };
            if (damage == "a record"_L1) {
                hurt(all.indexOf(noisyMail(11).prepared().compressed.sliced(100, 100)));
                lost = 1;
            } else if (damage == "the directory"_L1) {
                hurt(all.size() - 100);
            } else if (damage == "the beginning"_L1) {
                hurt(0); // the head, and the mark of the first record
                lost = 1;
            } else {
                file.remove();
                lost = 30;
            }
        }
        const QTemporaryDir other;
        const QString fresh = other.filePath(u"mail.db"_s);
        const auto done = restore(fresh, *backup, today, ways);
        VERIFY_OK(done);
        QCOMPARE(done->lost, lost);
        const auto writer = *Writer::open(fresh);
        QCOMPARE(sourcesOf(fresh).size(), 60 - lost);
        QVERIFY(!sourcesOf(fresh).contains("unreadable"));
        QCOMPARE(*writer->checkIntegrity(true), {});
        // What is lost is no row of the ledger, so that it is fetched again from where it still is.
        QCOMPARE(writer->ledger(store.account)->size(), 60 - lost);
        // The present store has them, and gives them; and so has the next backup.
        store.closeWriter();
        const auto here = restore(store.file(), *backup, today, ways);
        VERIFY_OK(here);
        QCOMPARE(here->lost, 0);
        store.openWriter();
        for (int day = 0; day < 30; ++day)
            VERIFY_OK(backUpShared(store.file(), today.addDays(10 + day)));
        const QTemporaryDir third;
        const auto later = restore(third.filePath(u"mail.db"_s), backups(store.file()).constFirst().file, today, ways);
        VERIFY_OK(later);
        QCOMPARE(later->lost, 0);
    }

    void p309_stoppedAtAnyPointItLeavesTheStoreAndTheBackupsAsTheyWere()
    {
        StoreFixture store;
        fill(store, 0, 100);
        const QByteArrayList all = sourcesOf(store.file());
        const auto stopAt = [](int at) { return [at](int percent) { return percent < at; }; };
        for (const int at : {1, 11, 50, 90}) {
            const auto stopped = backUp(store.file(), {}, today, stopAt(at), 0);
            VERIFY_FAILS(stopped, ErrorKind::Cancelled);
            QCOMPARE(backups(store.file()).size(), 0);
        }
        const auto backup = backUpShared(store.file(), today);
        VERIFY_OK(backup);
        fill(store, 100, 1);
        store.closeWriter();
        for (const int at : {5, 30, 80, 99}) {
            RestoreWays stopping = ways;
            stopping.progress = stopAt(at);
            VERIFY_FAILS(restore(store.file(), *backup, today, stopping), ErrorKind::Cancelled);
            QCOMPARE(sourcesOf(store.file()).size(), 101);
            QCOMPARE(QDir(store.dir.path()).entryList({u"*restor*"_s, u"*.ready"_s}), QStringList());
        }
        VERIFY_OK(restore(store.file(), *backup, today, ways));
        QCOMPARE(sourcesOf(store.file()), all);
    }

    void p309_killedAtAnyMomentNothingIsLost()
    {
        StoreFixture store;
        fill(store, 0, 120);
        const QByteArrayList all = sourcesOf(store.file());
        store.closeWriter();
        const auto first = backUpShared(store.file(), today);
        VERIFY_OK(first);
        QRandomGenerator random(309);
        const int kills =
            qEnvironmentVariableIntValue("SATCHEL_KILLS") > 0 ? qEnvironmentVariableIntValue("SATCHEL_KILLS") : 8;
        for (int kill = 0; kill < kills; ++kill) {
            const bool restores = kill % 2 == 1;
            if (!restores) {
                store.openWriter();
                fill(store, 10'000 + kill, 1, 200'000);
                store.closeWriter();
            }
            QProcess process;
            process.start(QCoreApplication::applicationFilePath(),
                {restores ? u"--restore"_s : u"--backup"_s, store.file(), *first});
            QVERIFY(process.waitForStarted());
            (void)process.waitForFinished(int(random.bounded(150))); // the moment of death, not a wait
            process.kill();
            QVERIFY(process.state() == QProcess::NotRunning || process.waitForFinished());
            // Whatever it was, the store is one of the two, and every backup that has a name is whole.
            store.openWriter();
            const QByteArrayList now = sourcesOf(store.file());
            QVERIFY2(std::ranges::includes(now, all), qPrintable(QString::number(now.size())));
            QVERIFY(!now.contains("unreadable"));
            QCOMPARE(*store.writer->checkIntegrity(true), {});
            store.closeWriter();
            for (const BackupFile &backup : backups(store.file())) {
                QCOMPARE(backupForm(backup.file), BackupForm::Index);
                const QTemporaryDir other;
                const auto done = restore(other.filePath(u"mail.db"_s), backup.file, today, ways);
                VERIFY_OK(done);
                QCOMPARE(done->lost, 0);
            }
        }
    }

    void p309_backupsOfTheOldFormStayRestorable()
    {
        StoreFixture store;
        fill(store, 0, 20);
        const auto whole = backUp(store.file(), {}, today);
        VERIFY_OK(whole);
        QCOMPARE(backupForm(*whole), BackupForm::Whole);
        fill(store, 20, 20);
        const auto shared = backUpShared(store.file(), today.addDays(1));
        VERIFY_OK(shared);
        QCOMPARE(backupForm(*shared), BackupForm::Index);
        QCOMPARE(backups(store.file()).size(), 2);
        store.closeWriter();
        VERIFY_OK(restore(store.file(), *whole, today));
        QCOMPARE(sourcesOf(store.file()).size(), 20);
        VERIFY_OK(restore(store.file(), *shared, today, ways));
        QCOMPARE(sourcesOf(store.file()).size(), 40);
        // An index is no store, and nobody takes it for one.
        VERIFY_FAILS(Reader::open(*shared), ErrorKind::StoreDamaged);
        VERIFY_FAILS(Writer::open(*shared), ErrorKind::StoreDamaged);
    }

    void p309_aStoreWhoseBytesAreDamagedMakesNoBackup()
    {
        StoreFixture store;
        fill(store, 0, 10);
        store.closeWriter();
        {
            QFile file(store.file());
            QVERIFY(file.open(QIODevice::ReadWrite));
            const qsizetype at = file.readAll().indexOf(noisyMail(4).prepared().compressed.sliced(100, 50));
            QVERIFY(at > 0);
            file.seek(at);
            file.write(QByteArray(20, '\x55'));
        }
        VERIFY_FAILS(backUpShared(store.file(), today), ErrorKind::StoreDamaged);
        QCOMPARE(backups(store.file()).size(), 0);
    }

    void p309_manySmallSegmentsBecomeOne()
    {
        StoreFixture store;
        for (int day = 0; day < 36; ++day) {
            fill(store, day, 1);
            VERIFY_OK(backUpShared(store.file(), today.addDays(day)));
        }
        const QDir folder(segmentFolder(backupFolder(store.file())));
        QVERIFY2(folder.count() < 12, qPrintable(QString::number(folder.count())));
        store.closeWriter();
        const QTemporaryDir other;
        const auto done = restore(other.filePath(u"mail.db"_s), backups(store.file()).constFirst().file, today, ways);
        VERIFY_OK(done);
        QCOMPARE(done->lost, 0);
    }

    void p317_aStoreThatIsGoneOrEmptyIsNotBegunAnewWhileBackupsAreThere_data()
    {
        QTest::addColumn<QString>("how");
        for (const QString &how : {u"gone"_s, u"empty"_s, u"gone, shared backup"_s, u"only its log is left"_s})
            QTest::newRow(qPrintable(how)) << how;
    }

    void p317_aStoreThatIsGoneOrEmptyIsNotBegunAnewWhileBackupsAreThere()
    {
        QFETCH(const QString, how);
        StoreFixture store;
        fill(store, 0, 5);
        const bool logOnly = how.startsWith("only"_L1);
        QString backup;
        if (!logOnly)
            backup = *backUp(store.file(), {}, today, {}, how.endsWith("shared backup"_L1) ? 0 : wholeBackupUpTo);
        store.closeWriter();
        QVERIFY(QFile::remove(store.file()));
        QFile left(logOnly ? store.file() + u"-wal"_s : store.file());
        if (how != "gone"_L1 && !how.startsWith("gone,"_L1)) {
            QVERIFY(left.open(QIODevice::WriteOnly));
            if (logOnly)
                left.write("the newest mail");
            left.close();
        }
        const auto refused = Writer::open(store.file());
        VERIFY_FAILS(refused, ErrorKind::StoreDamaged);
        QCOMPARE(refused.error().action, ErrorAction::RepairStore);
        QCOMPARE(QFileInfo(store.file()).size(), 0);
        if (logOnly) {
            QCOMPARE(QFileInfo(store.file() + u"-wal"_s).size(), 15);
            return;
        }
        VERIFY_OK(restore(store.file(), backup, today, ways));
        VERIFY_OK(Writer::open(store.file()));
        QCOMPARE(sourcesOf(store.file()).size(), 5);
    }

    void p317_aNewStoreInItsPlacePushesOutNoBackupOfTheLostOne()
    {
        StoreFixture store;
        fill(store, 0, 5);
        const BackupPolicy one{.automatic = true, .keep = 1, .weeks = 0};
        const QStringList lost{*backUp(store.file(), one, today), *backUpShared(store.file(), today.addDays(1), one)};
        QVERIFY(!QFile::exists(lost.constFirst())); // of one store, they do
        store.closeWriter();
        QVERIFY(QFile::remove(store.file()));
        VERIFY_OK(Writer::begin(store.file())); // as the person wished
        store.openWriter();
        for (int day = 2; day < 6; ++day) {
            fill(store, day, 1);
            VERIFY_OK(backUpShared(store.file(), today.addDays(day), one));
        }
        QCOMPARE(backups(store.file()).size(), 2);
        QVERIFY(QFile::exists(lost.constLast()));
        const QTemporaryDir other;
        const auto done = restore(other.filePath(u"mail.db"_s), lost.constLast(), today, ways);
        VERIFY_OK(done);
        QCOMPARE(done->lost, 0); // with all of its bytes
    }

    void p317_theLogOfAnotherStoreIsNotLaidOverThisOne_data()
    {
        QTest::addColumn<QString>("whose");
        QTest::newRow("of another store") << u"other"_s;
        QTest::newRow("of another store with more mail") << u"larger"_s;
        QTest::newRow("of the same store at another time") << u"later"_s;
        QTest::newRow("its own") << u"own"_s;
    }

    void p317_theLogOfAnotherStoreIsNotLaidOverThisOne()
    {
        QFETCH(const QString, whose);
        // The log of a program that died, as files that another one finds.
        const auto killed = [](StoreFixture &store, const QString &file) {
            QVERIFY(QFile::copy(store.file(), file));
            QVERIFY(QFile::copy(store.file() + u"-wal"_s, file + u"-wal"_s));
        };
        StoreFixture store;
        fill(store, 0, 50);
        store.closeWriter();
        const QString older = store.dir.filePath(u"older.db"_s);
        QVERIFY(QFile::copy(store.file(), older));
        store.openWriter();
        fill(store, 50, 50);
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        StoreFixture other;
        fill(other, 500, whose == "larger"_L1 ? 80 : 3);
        if (whose == "other"_L1 || whose == "larger"_L1) {
            killed(other, file);
            QVERIFY(QFile::remove(file));
            QVERIFY(QFile::copy(older, file));
        } else if (whose == "later"_L1) {
            VERIFY_OK(store.writer->remove({MessageId{60}, MessageId{61}}));
            QCOMPARE(*store.writer->purge(), 2);
            store.closeWriter();
            store.openWriter();
            fill(store, 100, 40);
            killed(store, file);
            QVERIFY(QFile::remove(file));
            QVERIFY(QFile::copy(older, file));
        } else {
            killed(store, file);
        }
        const qint64 logged = QFileInfo(file + u"-wal"_s).size();
        QVERIFY(logged > 0);
        auto writer = Writer::open(file);
        VERIFY_OK(writer);
        QCOMPARE(*(*writer)->checkIntegrity(true), {});
        const QStringList aside = QDir(dir.path()).entryList({u"*left*-wal"_s}, QDir::Files);
        QCOMPARE(aside.size(), whose == "own"_L1 ? 0 : 1);
        QCOMPARE((*writer)->remarks().size(), aside.size());
        QCOMPARE(sourcesOf(file).size(), whose == "own"_L1 ? 100 : 50);
        if (!aside.isEmpty())
            QCOMPARE(QFileInfo(dir.filePath(aside.constFirst())).size(), logged); // kept as it was
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments.at(1).startsWith("--"_L1))
        return work(arguments.at(1), arguments.at(2), arguments.at(3));
    TestBackups test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_backups.moc"
