// SPDX-License-Identifier: GPL-3.0-or-later
// Mailboxes of more than a thousand messages: what is known of them is not asked for again.
#include "support/scriptedserver.h"
#include "sync/checkharness.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

namespace {

const QString password = QStringLiteral("secret");

struct Visit {
    explicit Visit(const ServerQuirks &quirks = {})
        : server(Maildrop::generated(1100, 20), quirks)
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        harness.account().retention = Retention::Keep;
    }

    CheckResult check()
    {
        server.clearRecord();
        return harness.check(password);
    }
    [[nodiscard]] bool askedFor(const QByteArray &command) const { return server.record().commands.contains(command); }

    CheckHarness harness;
    ScriptedServer server;
};

} // namespace

class TestLargeMailbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksForNoSizesWhereNothingIsNew()
    {
        Visit visit;
        QCOMPARE(visit.check().stored, 1100);
        QVERIFY(visit.askedFor("LIST"));
        const CheckResult second = visit.check();
        QVERIFY(!second.error);
        QVERIFY(visit.askedFor("UIDL"));
        QVERIFY(!visit.askedFor("LIST"));
        QCOMPARE(second.stored, 0);
        QCOMPARE(second.leftOnServer, 1100);
    }

    void asksForSizesWhereSomethingIsNew()
    {
        Visit visit;
        QCOMPARE(visit.check().stored, 1100);
        QList<ServerMessage> messages = visit.server.messages();
        messages.append(ServerMessage{"new", "Subject: new\r\n\r\nnew\r\n"});
        visit.server.setMessages(messages);
        QCOMPARE(visit.check().stored, 1);
        QVERIFY(visit.askedFor("LIST"));
        QCOMPARE(visit.check().stored, 0);
        QVERIFY(!visit.askedFor("LIST"));
    }

    void Q29_aReusedUidlIsFoundThoughNoSizesWereAskedForAtFirst()
    {
        Visit visit;
        QCOMPARE(visit.check().stored, 1100);
        QList<ServerMessage> messages = visit.server.messages();
        messages[500].bytes = "Subject: another\r\n\r\n" + QByteArray(500, 'x') + "\r\n";
        visit.server.setMessages(messages);
        // The total of STAT gives it away.
        visit.check();
        QVERIFY(visit.askedFor("LIST"));
    }

    void Q21_aServerThatCannotAddUpIsAskedForSizes()
    {
        ServerQuirks quirks;
        quirks.wrongSizes = true;
        Visit visit(quirks);
        QCOMPARE(visit.check().stored, 1100);
        const CheckResult second = visit.check();
        QVERIFY(!second.error);
        QCOMPARE(second.stored, 0);
        QCOMPARE(second.leftOnServer, 1100);
    }

    void Q32_messagesThatAreGoneAreNoticed()
    {
        Visit visit;
        QCOMPARE(visit.check().stored, 1100);
        QList<ServerMessage> messages = visit.server.messages();
        const QByteArray gone = messages.takeAt(7).uidl;
        visit.server.setMessages(messages);
        const CheckResult second = visit.check();
        QVERIFY(!second.error);
        QCOMPARE(second.leftOnServer, 1099);
        int absent = 0;
        for (const store::LedgerEntry &entry : visit.harness.ledger())
            absent += entry.state == store::ServerState::Absent && entry.key.uidl == gone ? 1 : 0;
        QCOMPARE(absent, 1);
    }
};

QTEST_GUILESS_MAIN(TestLargeMailbox)
#include "tst_largemailbox.moc"
