// SPDX-License-Identifier: GPL-3.0-or-later
// Laws 1 and 2 against a process that dies at any moment: this program starts itself as the one that dies.
#include "storefixture.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

namespace {

/// The bytes of the message with that number, the same in both processes.
QByteArray bytesOf(int number)
{
    QByteArray raw = "Subject: number " + QByteArray::number(number) + "\r\n\r\n";
    QRandomGenerator random(quint32(number) + 1);
    const int size = number % 10 == 0 ? 200'000 : 2'000;
    for (int i = 0; i < size; ++i)
        raw.append(char(random.generate()));
    return raw;
}

TestMail mailOf(int number)
{
    return {.subject = u"number w%1"_s.arg(number), .raw = bytesOf(number)};
}

/// Appends from \a first on, in batches; says on standard output what is durable; never ends by itself.
[[noreturn]] void appendUntilKilled(const QString &file, int first)
{
    auto writer = Writer::open(file);
    if (!writer)
        qFatal("%s", qPrintable(writer.error().text));
    const AccountId account = (*writer)->accounts()->first().id;
    const FolderId inbox = *(*writer)->folder(account, FolderRole::Inbox);
    // Starts over what may have been stored before, as a check does that was cut off.
    for (int number = qMax(0, first - 10);;) {
        QList<AppendItem> batch;
        for (int i = 0; i < 7; ++i, ++number)
            batch.append({account, inbox, {"uidl" + QByteArray::number(number), 0}, 0, QDateTime::currentDateTimeUtc(),
                {}, mailOf(number).prepared()});
        const auto outcome = (*writer)->append(batch);
        if (!outcome)
            qFatal("%s", qPrintable(outcome.error().text));
        std::printf("%d\n", number);
        std::fflush(stdout);
    }
}

} // namespace

class TestDurability : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void holdsAllThatWasAcknowledgedWhenTheProgramIsKilled()
    {
        StoreFixture store;
        int acknowledged = 0;
        QRandomGenerator random(815);
        for (int round = 0; round < 12; ++round) {
            store.closeWriter();
            QProcess process;
            process.start(
                QCoreApplication::applicationFilePath(), {u"--append"_s, store.file(), QString::number(acknowledged)});
            QVERIFY(process.waitForStarted());
            // Dies a random time after a random acknowledgement: in the middle of whatever it does then.
            const int enough = random.bounded(1, 6);
            for (int lines = 0; lines < enough;) {
                if (!process.canReadLine())
                    QVERIFY2(process.waitForReadyRead(20'000), process.readAllStandardError());
                while (process.canReadLine()) {
                    acknowledged = qMax(acknowledged, process.readLine().trimmed().toInt());
                    ++lines;
                }
            }
            QTest::qSleep(int(random.bounded(25))); // the moment of death, not a wait
            process.kill();
            QVERIFY(process.waitForFinished());
            while (process.canReadLine())
                acknowledged = qMax(acknowledged, process.readLine().trimmed().toInt());

            store.openWriter(); // a dead owner's lock is no lock
            const auto reader = store.reader();
            const auto ledger = *store.writer->ledger(store.account);
            QVERIFY2(ledger.size() >= acknowledged, qPrintable(u"%1 of %2"_s.arg(ledger.size()).arg(acknowledged)));
            QCOMPARE(store.info(store.inbox).total, ledger.size());
            QCOMPARE(reader->list({store.inbox}, {})->size(), ledger.size()); // none twice
            for (int number = 0; number < acknowledged; ++number)
                QVERIFY(*store.writer->isStored(store.account, {"uidl" + QByteArray::number(number), 0}));
            for (const LedgerEntry &entry : ledger) {
                const int number = entry.key.uidl.sliced(4).toInt();
                const auto source = reader->source(entry.message);
                VERIFY_OK(source);
                QCOMPARE(QCryptographicHash::hash(*source, QCryptographicHash::Sha256), entry.sha256);
                QVERIFY(*source == bytesOf(number));
            }
            QCOMPARE(*store.writer->checkIntegrity(true), {});
            QCOMPARE(reader->search(u"number"_s, {}, {})->size(), ledger.size());
            acknowledged = int(ledger.size());
        }
    }

    void aLockOfAProgramThatDiedMakingItLocksNobodyOut()
    {
        StoreFixture store;
        store.add({}, "still there");
        store.closeWriter();
        // Killed between making the file and writing its name into it; the next one comes later than that takes.
        QFile lock(store.file() + u".lock"_s);
        QVERIFY(lock.open(QIODevice::WriteOnly));
        QVERIFY(lock.setFileTime(QDateTime::currentDateTimeUtc().addSecs(-60), QFileDevice::FileModificationTime));
        lock.close();
        auto next = Writer::open(store.file());
        VERIFY_OK(next);
        // It is a lock like any other then.
        VERIFY_FAILS(Writer::open(store.file()), ErrorKind::StoreLocked);
        next->reset();

        // One that was made just now may still be about to get its name.
        QVERIFY(lock.open(QIODevice::WriteOnly));
        lock.close();
        VERIFY_FAILS(Writer::open(store.file()), ErrorKind::StoreLocked);
    }

    void Q53_keepsTheSecondProgramOut()
    {
        StoreFixture store;
        const auto files = [&store] {
            return QDir(store.dir.path()).entryList(QDir::AllEntries | QDir::NoDotAndDotDot);
        };
        const QStringList before = files();
        const auto folders = *store.writer->folders();
        const auto second = Writer::open(store.file());
        VERIFY_FAILS(second, ErrorKind::StoreLocked);
        QCOMPARE(files(), before); // no second file in its place, and nothing that would become a folder
        QCOMPARE(store.writer->folders()->size(), folders.size());
        QVERIFY(!second.error().detail.isEmpty());
        store.add({}, "still works");
        store.closeWriter();
        VERIFY_OK(Writer::open(store.file()));
    }
};

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    if (arguments.size() == 4 && arguments.at(1) == "--append"_L1)
        appendUntilKilled(arguments.at(2), arguments.at(3).toInt());
    TestDurability test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_durability.moc"
