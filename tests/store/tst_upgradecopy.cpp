// SPDX-License-Identifier: GPL-3.0-or-later
// A store of an older program: the copy before it is brought up to date, and how far that is.
#include "backedup.h"
#include "store/backupindex.h"
#include "store/connection.h"
#include "store/storefiles.h"

#include <QDir>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

class TestUpgradeCopy : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p307_anUpgradeSaysHowFarItIs()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        QList<int> told;
        const auto tell = [&told](int percent) { told.append(percent); };
        VERIFY_OK(Writer::open(file, false, tell));
        QCOMPARE(told, QList<int>()); // a new one is no upgrade
        QVERIFY(QFile::remove(file));
        QCOMPARE(olderStore(dir), file);
        VERIFY_OK(Writer::open(file, false, tell));
        QVERIFY(told.size() > 5);
        QCOMPARE(told.constFirst(), 0);
        QCOMPARE(told.constLast(), 100);
        QVERIFY(std::ranges::is_sorted(told));
        told.clear();
        VERIFY_OK(Writer::open(file, false, tell));
        QCOMPARE(told, QList<int>());
    }

    void p307_anUpgradeCopiesWhatItMayChangeAndNoBytesOfMail()
    {
        const QTemporaryDir dir;
        const QString file = olderStore(dir);
        const auto bytes = [&file] {
            const auto connection = *Connection::open(file, Connection::Mode::ReadOnly);
            return connection->ask(u"SELECT zstd FROM sources ORDER BY id LIMIT 1"_s)->toByteArray();
        }();
        QVERIFY(bytes.size() > 20);
        QVERIFY(isBelow(dir.path(), bytes));
        VERIFY_OK(Writer::open(file));
        const QString copy = file + u".before-schema-2"_s;
        QVERIFY(QFile::exists(copy));
        if (backupForm(copy) == BackupForm::Index) { // else the file system shares the blocks
            QFile small(copy);
            QVERIFY(small.open(QIODevice::ReadOnly));
            QVERIFY(!small.readAll().contains(bytes));
        }
        // The way back: the bytes come from the store of today.
        const QByteArrayList all = sourcesOf(file);
        const auto done = restore(file, copy, QDateTime::currentDateTimeUtc(), ways);
        VERIFY_OK(done);
        QCOMPARE(done->lost, 0);
        const auto writer = Writer::open(file);
        VERIFY_OK(writer);
        QCOMPARE(sourcesOf(file), all);
        QCOMPARE(*(*writer)->checkIntegrity(true), {});
    }

    void p307_aBackupOfTodayCountsAndOldCopiesGo()
    {
        const QTemporaryDir dir;
        const QString file = olderStore(dir);
        const QDateTime now = QDateTime::currentDateTimeUtc();
        QVERIFY(QFile::copy(file, file + u".before-schema-1"_s));
        QFile store(file);
        QVERIFY(store.open(QIODevice::ReadWrite));
        QVERIFY(store.setFileTime(now.addSecs(-3600), QFileDevice::FileModificationTime));
        store.close();
        const QDir folder(backupFolder(file));
        const auto backedUp = [&](int secondsAgo) {
            QDir(folder).removeRecursively();
            return QDir().mkpath(folder.path())
                && QFile::copy(file,
                    folder.filePath(u"mail-%1.sqlite"_s.arg(now.addSecs(-secondsAgo).toString(u"yyyyMMdd-HHmmss"_s))));
        };
        const auto copies = [&dir] { return QDir(dir.path()).entryList({u"*before-schema*"_s}); };
        QVERIFY(backedUp(60));
        VERIFY_OK(copyBeforeUpgrade(file, now));
        QCOMPARE(copies(), QStringList());
        // One of before the last change does not, nor one of the day before, nor one by a clock that was ahead.
        for (const int secondsAgo : {7200, 90'000, -7200}) {
            QVERIFY(backedUp(secondsAgo));
            VERIFY_OK(copyBeforeUpgrade(file, now));
            VERIFY_OK(copyBeforeUpgrade(file, now));
            QCOMPARE(copies(), QStringList{u"mail.db.before-schema-2"_s});
            QVERIFY(QFile::remove(file + u".before-schema-2"_s));
        }
        VERIFY_OK(Writer::open(file));
    }

private:
    static QString olderStore(const QTemporaryDir &dir)
    {
        const QString file = dir.filePath(u"mail.db"_s);
        if (!QFile::copy(QStringLiteral(SATCHEL_TEST_DATA "/../stores/schema-1.db"), file)
            || !QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner))
            qFatal("no store of old");
        return file;
    }
};

QTEST_GUILESS_MAIN(TestUpgradeCopy)
#include "tst_upgradecopy.moc"
