// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/certificates.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;
using sync::MailCheck;

/// "Stop" means now, whatever the check is doing.
class TestCancel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void endsAtOnceWhereverTheServerKeepsItWaiting_data();
    void endsAtOnceWhereverTheServerKeepsItWaiting();
    void endsAtOnceWhileTheNameIsLookedUp();
    void endsAtOnceWhileNobodyAnswersTheConnection();
    void endsAtOnceInTheTlsHandshake_data();
    void endsAtOnceInTheTlsHandshake();
    void endsSoonWhileALargeMessageComes();
    void endsSoonWhileManyMessagesAreStored();

private:
    static void prepare(CheckHarness &harness, const ScriptedServer &server)
    {
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        QVERIFY(harness.writer().updateAccount(harness.account()));
    }

    /// Starts a check, waits until \a reached, cancels it and answers how long that took; its result in \a result.
    static qint64 cancelWhen(CheckHarness &harness, const std::function<bool()> &reached, CheckResult &result)
    {
        net::Credentials credentials;
        credentials.userName = harness.account().userName;
        credentials.password = QStringLiteral("secret");
        MailCheck check(harness.account(), credentials, harness.writer(), harness.connectTo, harness.options);
        QSignalSpy finished(&check, &MailCheck::finished);
        check.start();
        const bool inTime = QTest::qWaitFor([&] { return reached() || !finished.isEmpty(); }, 60'000);
        if (!inTime || !finished.isEmpty())
            qFatal("the check did not come to where it was to be cancelled");
        QElapsedTimer watch;
        watch.start();
        check.cancel();
        const qint64 passed = watch.elapsed();
        if (finished.size() != 1)
            qFatal("a cancelled check ended %d times", int(finished.size()));
        result = finished.first().first().value<CheckResult>();
        return passed;
    }
};

void TestCancel::endsAtOnceWhereverTheServerKeepsItWaiting_data()
{
    QTest::addColumn<QByteArray>("silentAt");
    for (const char *verb : {"CAPA", "USER", "PASS", "STAT", "UIDL", "LIST", "RETR 1", "RETR 5", "DELE 2", "QUIT"})
        QTest::newRow(verb) << QByteArray(verb);
}

void TestCancel::endsAtOnceWhereverTheServerKeepsItWaiting()
{
    QFETCH(const QByteArray, silentAt);
    ServerQuirks quirks;
    quirks.silentAt = silentAt;
    quirks.sasl.clear();
    ScriptedServer server(Maildrop::generated(5), quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    prepare(harness, server);
    harness.account().retention = Retention::DeleteAfterDownload;
    const auto seen = [&] {
        const QByteArrayList commands = server.record().commands;
        return std::any_of(
            commands.begin(), commands.end(), [&](const QByteArray &command) { return command.startsWith(silentAt); });
    };
    CheckResult result;
    const qint64 passed = cancelWhen(harness, seen, result);
    QVERIFY2(passed < 1000, qPrintable(QString::number(passed)));
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::Cancelled);
    if (silentAt != "QUIT")
        QVERIFY(!server.record().commands.contains("QUIT"));
    // What was cancelled is done later, and nothing is lost by it.
    quirks.silentAt.clear();
    server.setQuirks(quirks);
    const Expected<QList<store::LedgerEntry>> before = harness.writer().ledger(harness.account().id);
    QVERIFY(before);
    QVERIFY(!harness.check(QStringLiteral("secret")).error);
    QCOMPARE(harness.sources().size(), 5);
    QVERIFY(server.messages().isEmpty());
}

void TestCancel::endsAtOnceWhileTheNameIsLookedUp()
{
    CheckHarness harness;
    harness.account().host = QStringLiteral("mail.example.invalid");
    harness.account().userName = QStringLiteral("alice");
    CheckResult result;
    const qint64 passed = cancelWhen(harness, [] { return true; }, result); // the answer cannot be there yet
    QVERIFY2(passed < 1000, qPrintable(QString::number(passed)));
    QCOMPARE(result.error->kind, ErrorKind::Cancelled);
}

void TestCancel::endsAtOnceWhileNobodyAnswersTheConnection()
{
    QTcpServer deaf; // the system accepts for it; it says nothing
    QVERIFY(deaf.listen(QHostAddress::LocalHost));
    CheckHarness harness;
    harness.account().port = deaf.serverPort();
    harness.account().security = Security::Plain;
    harness.account().userName = QStringLiteral("alice");
    CheckResult result;
    const qint64 passed = cancelWhen(harness, [&deaf] { return deaf.hasPendingConnections(); }, result);
    QVERIFY2(passed < 1000, qPrintable(QString::number(passed)));
    QCOMPARE(result.error->kind, ErrorKind::Cancelled);
}

void TestCancel::endsAtOnceInTheTlsHandshake_data()
{
    QTest::addColumn<Security>("security");
    QTest::newRow("TLS") << Security::ImplicitTls;
    QTest::newRow("STLS") << Security::StartTls;
}

void TestCancel::endsAtOnceInTheTlsHandshake()
{
    QFETCH(const Security, security);
    ServerQuirks quirks;
    quirks.silentInHandshake = true;
    ScriptedServer server(Maildrop::generated(1), quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    prepare(harness, server);
    harness.account().security = security;
    harness.account().port = security == Security::ImplicitTls ? server.tlsPort() : server.port();
    const auto reached = [&] {
        return security == Security::ImplicitTls ? server.record().connections > 0
                                                 : server.record().commands.contains("STLS");
    };
    CheckResult result;
    const qint64 passed = cancelWhen(harness, reached, result);
    QVERIFY2(passed < 1000, qPrintable(QString::number(passed)));
    QCOMPARE(result.error->kind, ErrorKind::Cancelled);
}

void TestCancel::endsSoonWhileALargeMessageComes()
{
    ServerQuirks quirks;
    quirks.cutInMessage = 1; // stays silent after half of it, as a very slow line does
    quirks.cutAfter = 20'000'000;
    quirks.staysSilentInsteadOfCutting = true;
    ScriptedServer server({{"large", "Subject: large\r\n\r\n" + QByteArray(40'000'000, 'x') + "\r\n"}}, quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    prepare(harness, server);
    CheckResult result;
    const qint64 passed =
        cancelWhen(harness, [&server] { return server.record().commands.contains("RETR 1"); }, result);
    QVERIFY2(passed < 5000, qPrintable(QString::number(passed)));
    QCOMPARE(result.stored, 0);
    QVERIFY(harness.sources().isEmpty());
}

void TestCancel::endsSoonWhileManyMessagesAreStored()
{
    ScriptedServer server(Maildrop::generated(3000, 8000));
    QVERIFY(server.listen());
    CheckHarness harness;
    prepare(harness, server);
    harness.account().retention = Retention::DeleteAfterDownload;
    CheckResult result;
    // Many have come, and the first were stored.
    const qint64 passed = cancelWhen(
        harness, [&] { return server.record().retrieved.size() > 500 && !harness.ledger().isEmpty(); }, result);
    QVERIFY2(passed < 5000, qPrintable(QString::number(passed)));
    QCOMPARE(result.error->kind, ErrorKind::Cancelled);
    QVERIFY(server.record().deleted.isEmpty());
    const qsizetype stored = harness.sources().size();
    QVERIFY(stored > 0);
    QCOMPARE(harness.ledger().size(), stored);
    // The rest comes with the next check, and nothing twice.
    QVERIFY(!harness.check(QStringLiteral("secret")).error);
    QCOMPARE(harness.sources().size(), 3000);
    QVERIFY(server.messages().isEmpty());
}

QTEST_GUILESS_MAIN(TestCancel)
#include "tst_cancel.moc"
