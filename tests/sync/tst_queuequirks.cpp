// SPDX-License-Identifier: GPL-3.0-or-later
// What sync::CheckQueue decides of itself, and what any check says on the wire, with a scripted server.
#include "net/tlstransport.h"
#include "support/maildrop.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/checkqueue.h"
#include "sync/mailboxvisit.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace std::chrono_literals;
using namespace satchel;
using namespace satchel::test;
using satchel::sync::CheckQueue;
using satchel::sync::CheckResult;

namespace {

constexpr int patience = 60'000;

/// A store, a scripted server and a queue that checks it.
struct Queue {
    explicit Queue(const QList<ServerMessage> &messages, const ServerQuirks &quirks = {})
        : server(messages, quirks)
        , queue(harness.writer(), connectTo())
        , checked(&queue, &CheckQueue::checked)
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        AccountSettings &account = harness.account();
        account.security = Security::Plain;
        account.port = server.port();
        account.userName = QStringLiteral("alice");
        account.retention = Retention::DeleteAfterDownload;
    }

    static sync::TransportFactory connectTo()
    {
        return [](const net::Endpoint &endpoint) { return std::make_unique<net::TlsTransport>(endpoint); };
    }

    void begin(const QList<AccountSettings> &accounts)
    {
        queue.setAccounts(accounts);
        for (const AccountSettings &account : accounts)
            queue.setCredentials(
                account.id, {.userName = account.userName, .password = QStringLiteral("secret"), .accessToken = {}});
        queue.check({});
    }

    [[nodiscard]] CheckResult result(int number) const { return checked.at(number).first().value<CheckResult>(); }

    CheckHarness harness;
    ScriptedServer server;
    CheckQueue queue;
    QSignalSpy checked;
};

} // namespace

class TestQueueQuirks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q36_looksOnceWhereLittleCame()
    {
        Queue queue(Maildrop::generated(20));
        queue.begin({queue.harness.account()});
        QTRY_COMPARE_WITH_TIMEOUT(queue.checked.size(), 1, patience);
        QVERIFY(!queue.queue.isRunning());
        QCOMPARE(queue.server.record().logins, 1);
    }

    // The scripted server lets nobody into a mailbox in which somebody is.
    void Q53_twoAccountsOfOneMailboxTakeTurns()
    {
        Queue queue(Maildrop::generated(20));
        AccountSettings other = queue.harness.account();
        other.name = QStringLiteral("Other");
        other.retention = Retention::Keep;
        const auto added = queue.harness.writer().addAccount(other);
        QVERIFY(added);
        queue.begin({queue.harness.account(), *added});
        QTRY_COMPARE_WITH_TIMEOUT(queue.checked.size(), 2, patience);
        QVERIFY(!queue.result(0).error);
        QVERIFY(!queue.result(1).error);
        QCOMPARE(queue.server.record().logins, 2);
    }

    void Q56_aServerOfAnotherNameIsStillTheSameMailbox()
    {
        ServerQuirks quirks;
        quirks.exclusive = false;
        Queue queue(Maildrop::generated(20), quirks);
        AccountSettings &account = queue.harness.account();
        account.retention = Retention::Keep;
        queue.begin({account});
        QTRY_COMPARE_WITH_TIMEOUT(queue.checked.size(), 1, patience);
        QCOMPARE(queue.result(0).stored, 20);
        account.host = QStringLiteral("localhost");
        account.name = QStringLiteral("Renamed");
        account.address = QStringLiteral("alice@another.example");
        QVERIFY(queue.harness.writer().updateAccount(account));
        queue.begin({account});
        QTRY_COMPARE_WITH_TIMEOUT(queue.checked.size(), 2, patience);
        QVERIFY(!queue.result(1).error);
        QCOMPARE(queue.result(1).stored, 0);
        QCOMPARE(queue.result(1).leftOnServer, 20);
        QCOMPARE(queue.harness.sources().size(), 20);
    }

    void Q57_saysNothingThatServersHaveForgotten_data()
    {
        QTest::addColumn<ServerQuirks>("quirks");
        ServerQuirks quirks;
        QTest::newRow("a good server") << quirks;
        quirks.uidl = false;
        QTest::newRow("no UIDL") << quirks;
        quirks.top = false;
        QTest::newRow("neither UIDL nor TOP") << quirks;
        quirks = {};
        quirks.capa = false;
        QTest::newRow("no CAPA") << quirks;
    }

    void Q57_saysNothingThatServersHaveForgotten()
    {
        QFETCH(ServerQuirks, quirks);
        Queue queue(Maildrop::generated(5), quirks);
        queue.begin({queue.harness.account()});
        QTRY_COMPARE_WITH_TIMEOUT(queue.checked.size(), 1, patience);
        const QByteArrayList known{
            "CAPA", "AUTH", "USER", "PASS", "UTF8", "STAT", "LIST", "UIDL", "TOP", "RETR", "DELE", "NOOP", "QUIT"};
        int verbs = 0;
        for (const QByteArray &line : queue.server.record().commands) {
            const QByteArray verb = line.split(' ').first();
            for (const char *forgotten : {"LAST", "XTND", "RPOP", "MBOX", "RSET", "XSENDER", "GURL"})
                QVERIFY2(verb.toUpper() != forgotten, line);
            verbs += known.contains(verb);
        }
        QVERIFY(verbs >= 5);
    }

    void Q41_keepsTheLineOpenWhileThePersonLooksAtTheMailbox()
    {
        CheckHarness harness;
        ScriptedServer server(Maildrop::generated(5));
        QVERIFY(server.listen());
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        sync::MailboxVisit visit(harness.account(),
            {.userName = QStringLiteral("alice"), .password = QStringLiteral("secret"), .accessToken = {}},
            harness.writer(), Queue::connectTo());
        visit.setPatience(20ms, 1h);
        connect(&visit, &sync::MailboxVisit::connectionWanted, &visit, &sync::MailboxVisit::connectNow);
        visit.list();
        QTRY_VERIFY_WITH_TIMEOUT(server.record().commands.count("NOOP") >= 3, patience);
        QVERIFY(visit.isConnected());
        // Nobody looks any more: the mailbox is left to others.
        visit.setPatience(20ms, 40ms);
        QTRY_VERIFY_WITH_TIMEOUT(!visit.isConnected(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(server.record().commands.last(), "QUIT", patience);
    }
};

QTEST_GUILESS_MAIN(TestQueueQuirks)
#include "tst_queuequirks.moc"
