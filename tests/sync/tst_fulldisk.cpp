// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/killloop.h"
#include "sync/smalldisk.h"
#include "sync/storewitness.h"

#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

namespace {

constexpr int diskMegabytes = 12;
constexpr int mailsPerMailbox = 60;
constexpr int largestMail = 30'000;

/// A mailbox, and the hashes of what is in it.
struct NewMail {
    explicit NewMail(QRandomGenerator &random)
    {
        for (const QByteArray &mail : randomMails(mailsPerMailbox, largestMail, random)) {
            const QByteArray hash = hashOf(mail);
            messages.append({hash.toHex(), mail});
            expected.insert(hash);
        }
    }
    QList<ServerMessage> messages;
    QSet<QByteArray> expected;
};

void askLaw1(ScriptedServer &server, DeleteWatch &watch)
{
    server.setDeleHook([&watch](const QByteArray &uidl) { watch.deleteSeen(QByteArray::fromHex(uidl)); });
}

} // namespace

/// Visits with the store on a file system of a few megabytes that is full, or gets full at a random moment.
class TestFullDisk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void law4_aDiskThatIsFullInTheMidstEndsTheSessionWithoutQuit_data();
    void law4_aDiskThatIsFullInTheMidstEndsTheSessionWithoutQuit();
    void allArrivesOnceThereIsRoomAgainAtWhateverByteTheDiskWasFull_data();
    void allArrivesOnceThereIsRoomAgainAtWhateverByteTheDiskWasFull();
};

void TestFullDisk::law4_aDiskThatIsFullInTheMidstEndsTheSessionWithoutQuit_data()
{
    QTest::addColumn<Retention>("retention");
    QTest::newRow("delete after download") << Retention::DeleteAfterDownload;
    QTest::newRow("leave on the server") << Retention::Keep;
}

void TestFullDisk::law4_aDiskThatIsFullInTheMidstEndsTheSessionWithoutQuit()
{
    QFETCH(const Retention, retention);
    QRandomGenerator random(4);
    const NewMail mailbox(random);
    ScriptedServer server(mailbox.messages);
    QVERIFY(server.listen());
    SmallDisk disk(diskMegabytes);
    CheckHarness harness(disk.path());
    harness.account().security = Security::Plain;
    harness.account().port = server.port();
    harness.account().userName = u"alice"_s;
    harness.account().retention = retention;
    DeleteWatch watch(harness.storeFile());
    askLaw1(server, watch);

    disk.leaveFree(400'000);
    const sync::CheckResult full = harness.check(u"secret"_s);
    QVERIFY(full.error);
    QVERIFY2(full.error->kind == ErrorKind::StoreFull, qPrintable(full.error->text + full.error->detail));
    QVERIFY(full.stored < mailsPerMailbox);
    QVERIFY(!server.record().commands.contains("QUIT"));
    QCOMPARE(watch.seen(), 0);
    QCOMPARE(server.messages().size(), mailsPerMailbox);

    // It stays full for a while; nothing gets worse.
    const sync::CheckResult again = harness.check(u"secret"_s);
    QVERIFY(again.error);
    QVERIFY(!server.record().commands.contains("QUIT"));
    QCOMPARE(server.messages().size(), mailsPerMailbox);

    disk.makeRoom();
    const sync::CheckResult rest = harness.check(u"secret"_s);
    QVERIFY2(!rest.error, rest.error ? qPrintable(rest.error->text + rest.error->detail) : "");
    QCOMPARE(full.stored + again.stored + rest.stored, mailsPerMailbox);
    const Outcome outcome = StoreWitness(harness.storeFile()).outcome(mailbox.expected);
    QVERIFY(outcome.isGood());
    QCOMPARE(outcome.messages, mailsPerMailbox);
    QCOMPARE(watch.unproven(), 0);
    QCOMPARE(server.messages().size(), retention == Retention::Keep ? mailsPerMailbox : 0);
}

void TestFullDisk::allArrivesOnceThereIsRoomAgainAtWhateverByteTheDiskWasFull_data()
{
    QTest::addColumn<QString>("keep");
    QTest::newRow("delete after download") << u"delete"_s;
    QTest::newRow("leave on the server") << u"forever"_s;
}

void TestFullDisk::allArrivesOnceThereIsRoomAgainAtWhateverByteTheDiskWasFull()
{
    QFETCH(const QString, keep);
    QRandomGenerator random(seedWanted());
    const QTemporaryDir folder;
    const QString accountFile = folder.filePath(u"account.json"_s);
    qint64 whole = 0;
    int wasFull = 0;
    int killed = 0;
    int deletions = 0;
    const int points = killsWanted(40) / 2;
    for (int i = 0; i <= points; ++i) {
        const NewMail mailbox(random);
        ScriptedServer server(mailbox.messages);
        QVERIFY(server.listen());
        writeAccountFile(accountFile, server.port(), u"alice"_s, keep);
        SmallDisk disk(diskMegabytes);
        const QString store = disk.path() + u"/profile/mail.sqlite"_s;
        DoomedProgram program(disk.path() + u"/profile"_s, accountFile, u"secret"_s);
        DeleteWatch watch(store);
        askLaw1(server, watch);
        server.setCommandHook([&program](const QByteArray &line) { program.commandSeen(line); });

        if (i > 0) { // the first visit of all only tells how much room it takes
            const qint64 room = i == 1 ? 0 : random.bounded(whole + whole / 10);
            disk.leaveFree(room);
            // Every third dies besides, in the midst of its trouble.
            const DoomedProgram::End end =
                i % 3 == 0 ? program.killAtCommand(random.bounded(1, 2 * mailsPerMailbox)) : program.run();
            const QByteArray told = "room for " + QByteArray::number(room) + " bytes: " + program.said();
            if (end == DoomedProgram::End::Badly) {
                ++wasFull;
                // It tells what it was, and took no leave.
                QVERIFY2(program.said().contains("no room left"), told);
                QVERIFY2(!server.record().commands.contains("QUIT"), told);
                QCOMPARE(server.messages().size(), mailsPerMailbox);
            }
            killed += end == DoomedProgram::End::Killed;
            disk.makeRoom();
        }
        QVERIFY(QTest::qWaitFor([&program] { return program.run() == DoomedProgram::End::Well; }, 60'000));
        QCOMPARE(program.run(), DoomedProgram::End::Well);
        if (i == 0)
            whole = disk.used();
        const Outcome outcome = StoreWitness(store).outcome(mailbox.expected);
        QVERIFY2(outcome.isGood() && watch.unproven() == 0,
            qPrintable(u"%1 lost, %2 doubled, %3 changed, %4 deleted before stored"_s.arg(outcome.lost)
                    .arg(outcome.doubled)
                    .arg(outcome.strange)
                    .arg(watch.unproven())));
        QCOMPARE(outcome.messages, mailsPerMailbox);
        QCOMPARE(server.messages().size(), keep == "delete"_L1 ? 0 : mailsPerMailbox);
        deletions += watch.seen();
    }
    qInfo("%d disks, %d of them too small, %d times killed besides; %d messages, %d deletions seen: nothing lost, "
          "doubled "
          "or deleted before stored",
        points, wasFull, killed, (points + 1) * mailsPerMailbox, deletions);
    QVERIFY(wasFull > points / 4);
}

int main(int argc, char **argv)
{
    if (!SmallDisk::enterOwnMounts()) {
        std::fputs("tst_fulldisk: neither root nor a user namespace may mount a small file system here\n", stderr);
        return 77;
    }
    QCoreApplication application(argc, argv);
    TestFullDisk test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_fulldisk.moc"
