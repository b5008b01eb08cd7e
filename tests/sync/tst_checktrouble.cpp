// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkvisit.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

/// A server that refuses, hangs up or falls silent in the middle: what is left undone, and done next time.
class TestCheckTrouble : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsOnceWhereverTheServerHangsUp_data();
    void endsOnceWhereverTheServerHangsUp();
    void endsWithATimeoutWhereverTheServerFallsSilent_data();
    void endsWithATimeoutWhereverTheServerFallsSilent();
    void Q1_remembersThatTheServerHangsUpOnCapa();
    void Q15_aMailboxInUseIsNotAWrongPassword();
    void Q16_aServerThatWantsToRestIsNotAWrongPassword();
    void Q39_oneRefusedMessageDoesNotBlockTheOthers();
    void Q39_saysWhichMessageFailed();
    void Q39_aMessageThatCannotEvenBeDescribedHoldsUpNothing();
    void Q42_goesOnOneByOneWhereThePipelineBroke();
    void Q46_aCutMessageIsNotStored_data();
    void Q46_aCutMessageIsNotStored();
    void Q46_whatBreaksTheConnectionAgainAndAgainIsFetchedLast();
    void Q47_aRefusedDeleDoesNotBlockTheOthers();
};

void TestCheckTrouble::endsOnceWhereverTheServerHangsUp_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<bool>("ends");
    for (const char *verb : {"USER", "PASS", "AUTH", "STAT", "UIDL", "LIST", "RETR 3", "DELE 4"})
        QTest::newRow(verb) << QByteArray(verb) << true;
    // The session had all it wanted.
    QTest::newRow("QUIT") << QByteArray("QUIT") << false;
}

void TestCheckTrouble::endsOnceWhereverTheServerHangsUp()
{
    QFETCH(QByteArray, verb);
    QFETCH(bool, ends);
    ServerQuirks quirks;
    quirks.hangsUpAt = verb;
    if (verb == "USER" || verb == "PASS")
        quirks.sasl.clear();
    CheckVisit visit(Maildrop::generated(5), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const CheckResult result = visit.check();
    QCOMPARE(result.error.has_value(), ends);
    QCOMPARE(visit.server.messages().size(), 5);
    visit.server.setQuirks({});
    const CheckResult next = visit.check();
    QVERIFY(!next.error);
    QCOMPARE(result.stored + next.stored, 5);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
    QVERIFY(visit.server.messages().isEmpty());
}

void TestCheckTrouble::endsWithATimeoutWhereverTheServerFallsSilent_data()
{
    QTest::addColumn<QByteArray>("verb");
    for (const char *verb : {"GREETING", "CAPA", "AUTH", "STAT", "UIDL", "LIST", "RETR 2", "DELE 2"})
        QTest::newRow(verb) << QByteArray(verb);
}

void TestCheckTrouble::endsWithATimeoutWhereverTheServerFallsSilent()
{
    QFETCH(QByteArray, verb);
    ServerQuirks quirks;
    quirks.silentAt = verb;
    quirks.pipelining = false; // or the answer to the next command would be taken for this one's
    CheckVisit visit(Maildrop::generated(5), quirks);
    visit.harness.options.silence = visit.harness.options.slowSilence = std::chrono::milliseconds(300);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::Timeout);
    QCOMPARE(visit.server.messages().size(), 5);
    visit.server.setQuirks({});
    const CheckResult next = visit.check();
    QCOMPARE(result.stored + next.stored, 5);
}

void TestCheckTrouble::Q1_remembersThatTheServerHangsUpOnCapa()
{
    ServerQuirks quirks;
    quirks.capaHangsUp = true;
    CheckVisit visit(Maildrop::generated(2), quirks);
    QVERIFY(!visit.check().error);
    const int connections = visit.server.record().connections;
    QCOMPARE(connections, 2);
    QVERIFY(!visit.check().error); // once is no proof (F06)
    QCOMPARE(visit.server.record().connections, connections + 2);
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.record().connections, connections + 3);
}

void TestCheckTrouble::Q15_aMailboxInUseIsNotAWrongPassword()
{
    ServerQuirks quirks;
    quirks.inUse = true;
    CheckVisit visit(Maildrop::generated(1), quirks);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::MailboxInUse);
    QVERIFY(result.error->action != ErrorAction::EnterPassword);
}

void TestCheckTrouble::Q16_aServerThatWantsToRestIsNotAWrongPassword()
{
    ServerQuirks quirks;
    quirks.loginDelay = 600;
    quirks.sasl.clear();
    CheckVisit visit(Maildrop::generated(1), quirks);
    const CheckResult first = visit.check();
    QVERIFY(first.server);
    QCOMPARE(first.server->loginDelay, 600);
    quirks.answers.insert("PASS", "-ERR [LOGIN-DELAY] minimum time between mail checks violation");
    visit.server.setQuirks(quirks);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::TooSoon);
    QVERIFY(result.error->action != ErrorAction::EnterPassword);
}

void TestCheckTrouble::Q39_oneRefusedMessageDoesNotBlockTheOthers()
{
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR [SYS/TEMP] cannot read that one");
    CheckVisit visit(Maildrop::generated(5), quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.stored, 4);
    QCOMPARE(result.failedMessages, 1);
    QCOMPARE(result.deletedOnServer, 4);
    QCOMPARE(visit.server.messages().size(), 1);
    // It rests, and is not lost sight of.
    const CheckResult next = visit.check();
    QCOMPARE(next.failedMessages, 0);
    QCOMPARE(next.leftOnServer, 1);
    // Unless the person wants it tried now.
    quirks.answers.insert("RETR 1", "-ERR [SYS/TEMP] still not");
    visit.server.setQuirks(quirks);
    QVERIFY(visit.harness.writer().forgiveFailures(visit.harness.account().id));
    QCOMPARE(visit.check().failedMessages, 1);
    visit.server.setQuirks({});
    QVERIFY(visit.harness.writer().forgiveFailures(visit.harness.account().id));
    QCOMPARE(visit.check().stored, 1);
    QVERIFY(visit.server.messages().isEmpty());
}

void TestCheckTrouble::Q39_saysWhichMessageFailed()
{
    QList<ServerMessage> messages = Maildrop::generated(3);
    messages[1].bytes = "From: Ada <ada@example.org>\r\nSubject: =?utf-8?q?Pl=C3=A4ne?=\r\n\r\nbody\r\n";
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR corrupt \x1b[31mindex");
    CheckVisit visit(messages, quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.failed.size(), 1);
    QCOMPARE(result.failed.first().from, QStringLiteral("Ada"));
    QCOMPARE(result.failed.first().subject, QStringLiteral("Pl\u00e4ne"));
    QCOMPARE(result.failed.first().size, messages.at(1).bytes.size());
    QVERIFY(result.failed.first().reason.startsWith(QLatin1String("corrupt")));
    QVERIFY(!result.failed.first().reason.contains(u'\x1b'));
    QCOMPARE(result.deletedOnServer, 2);
}

void TestCheckTrouble::Q39_aMessageThatCannotEvenBeDescribedHoldsUpNothing()
{
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR corrupt");
    quirks.answers.insert("TOP 2 0", "-ERR corrupt too");
    CheckVisit visit(Maildrop::generated(3), quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.failed.size(), 1);
    QVERIFY(result.failed.first().subject.isEmpty());
    QCOMPARE(result.deletedOnServer, 2);
}

void TestCheckTrouble::Q42_goesOnOneByOneWhereThePipelineBroke()
{
    // Announces pipelining and hangs up on it.
    ServerQuirks quirks;
    quirks.hangsUpAt = "RETR 7";
    CheckVisit visit(Maildrop::generated(20), quirks);
    QVERIFY(visit.check().error);
    visit.server.setQuirks({});
    visit.server.clearRecord();
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.record().mostInOneRead, 1);
}

void TestCheckTrouble::Q46_aCutMessageIsNotStored_data()
{
    QTest::addColumn<qint64>("after");
    QTest::addColumn<bool>("resets");
    for (const qint64 after : {0, 1, 100, 4000, 5000}) {
        QTest::addRow("FIN after %lld bytes", static_cast<long long>(after)) << after << false;
        QTest::addRow("RST after %lld bytes", static_cast<long long>(after)) << after << true;
    }
}

void TestCheckTrouble::Q46_aCutMessageIsNotStored()
{
    QFETCH(qint64, after);
    QFETCH(bool, resets);
    ServerQuirks quirks;
    quirks.cutInMessage = 3;
    quirks.cutAfter = after;
    quirks.cuts = 1;
    quirks.resets = resets;
    CheckVisit visit(Maildrop::generated(5, 5000), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QVERIFY(result.stored <= 2);
    QCOMPARE(visit.server.messages().size(), 5);
    const CheckResult next = visit.check();
    QVERIFY(!next.error);
    QCOMPARE(result.stored + next.stored, 5);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
}

void TestCheckTrouble::Q46_whatBreaksTheConnectionAgainAndAgainIsFetchedLast()
{
    ServerQuirks quirks;
    quirks.cutInMessage = 3;
    quirks.cutAfter = 100;
    CheckVisit visit(Maildrop::generated(10, 2000), quirks, Retention::Keep);
    for (int i = 0; i < 3; ++i)
        QVERIFY(visit.check().error);
    QCOMPARE(visit.harness.sources().size(), 2);
    // Now the others are not held up by it any more.
    QVERIFY(visit.check().error);
    QCOMPARE(visit.harness.sources().size(), 9);
    visit.server.setQuirks({});
    QCOMPARE(visit.check().stored, 1);
}

void TestCheckTrouble::Q47_aRefusedDeleDoesNotBlockTheOthers()
{
    ServerQuirks quirks;
    quirks.answers.insert("DELE 2", "-ERR not now");
    CheckVisit visit(Maildrop::generated(5), quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.deletedOnServer, 4);
    QCOMPARE(result.leftOnServer, 1);
    visit.server.setQuirks({});
    const CheckResult next = visit.check();
    QCOMPARE(next.stored, 0);
    QCOMPARE(next.deletedOnServer, 1);
}

QTEST_GUILESS_MAIN(TestCheckTrouble)
#include "tst_checktrouble.moc"
