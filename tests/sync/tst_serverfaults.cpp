// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scriptedserver.h"
#include "sync/faulttrial.h"
#include "sync/killloop.h"
#include "sync/storewitness.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;

namespace {

enum class How { HangsUp, Resets, FallsSilent };

constexpr std::pair<How, const char *> ways[] = {
    {How::HangsUp, "hangs up"}, {How::Resets, "resets"}, {How::FallsSilent, "falls silent"}};

constexpr std::chrono::seconds silence(1);
constexpr int mailsPerVisit = 8;

} // namespace

/// A server that hangs up, resets or falls silent instead of answering each of its commands: with everything in flight
/// that the pipeline holds, or one command at a time.
class TestServerFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void losesAndDoublesNothingWhereverTheServerFails_data();
    void losesAndDoublesNothingWhereverTheServerFails();
    void law3_whateverBecomesOfQuitTheNextListingDecides_data();
    void law3_whateverBecomesOfQuitTheNextListingDecides();

private:
    static QList<ServerMessage> mailbox();
};

QList<ServerMessage> TestServerFaults::mailbox()
{
    QList<ServerMessage> messages;
    for (const QByteArray &mail : randomMails(mailsPerVisit, 3000, *QRandomGenerator::global()))
        messages.append({hashOf(mail).toHex(), mail});
    return messages;
}

namespace {

/// A scripted server, a store, and law 1 asked at each DELE.
struct Bench {
    Bench(const QList<ServerMessage> &messages, const ServerQuirks &quirks, Security security, Retention retention)
        : server(messages, quirks)
        , watch(harness.storeFile())
        , trial(harness, QStringLiteral("secret"), [this] { return left(); })
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        server.setDeleHook([this](const QByteArray &uidl) { watch.deleteSeen(QByteArray::fromHex(uidl)); });
        harness.account().security = security;
        harness.account().trustedCertificate = testCertificates().sha256(CertificateKind::Good);
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        harness.account().retention = retention;
        trial.delivered(left());
    }
    [[nodiscard]] QByteArrayList left() const
    {
        QByteArrayList bytes;
        for (const ServerMessage &message : server.messages())
            bytes.append(message.bytes);
        return bytes;
    }
    void disturb(bool silent)
    {
        const pop3::SessionOptions patient = harness.options;
        if (silent)
            harness.options.silence = harness.options.slowSilence = silence;
        trial.visit();
        harness.options = patient;
    }

    CheckHarness harness;
    ScriptedServer server;
    DeleteWatch watch;
    FaultTrial trial;
};

} // namespace

void TestServerFaults::losesAndDoublesNothingWhereverTheServerFails_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<How>("how");
    QTest::addColumn<Retention>("retention");
    for (const auto &[how, name] : ways) {
        for (const char *verb : {"GREETING", "CAPA", "STLS", "AUTH", "USER", "PASS", "STAT", "UIDL", "LIST", "RETR 1",
                 "RETR 5", "DELE 1", "DELE 5", "DELE 8", "QUIT"}) {
            QTest::addRow("%s at %s, delete", name, verb) << QByteArray(verb) << how << Retention::DeleteAfterDownload;
            if (!QByteArray(verb).startsWith("DELE"))
                QTest::addRow("%s at %s, leave", name, verb) << QByteArray(verb) << how << Retention::Keep;
        }
    }
}

void TestServerFaults::losesAndDoublesNothingWhereverTheServerFails()
{
    QFETCH(const QByteArray, verb);
    QFETCH(const How, how);
    QFETCH(const Retention, retention);
    ServerQuirks quirks;
    quirks.resets = how == How::Resets;
    (how == How::FallsSilent ? quirks.silentAt : quirks.hangsUpAt) = verb;
    if (verb == "USER" || verb == "PASS")
        quirks.sasl.clear();
    for (const bool pipelining : {true, false}) {
        // Behind a silence, the answer to the next command would be taken for this one's.
        if (pipelining && how == How::FallsSilent)
            continue;
        Bench bench(mailbox(), quirks, verb == "STLS" ? Security::StartTls : Security::Plain, retention);
        bench.harness.options.pipelining = pipelining;
        bench.disturb(how == How::FallsSilent);
        // A server that hangs up on CAPA is asked no more (Q1); without an answer to QUIT the visit is done all the
        // same.
        const bool survives = verb == "QUIT" || (verb == "CAPA" && how != How::FallsSilent);
        const auto &error = bench.trial.result().error;
        QVERIFY2(error.has_value() != survives, error ? qPrintable(error->text + error->detail) : "");
        if (error)
            QCOMPARE(error->kind == ErrorKind::Timeout, how == How::FallsSilent);
        if (verb != "CAPA")
            QCOMPARE(bench.trial.deleted(), 0);
        QCOMPARE(bench.trial.brokenLaw(), QString());
        bench.server.setQuirks({});
        bench.harness.reopen();
        QCOMPARE(bench.trial.finish(), QString());
        QCOMPARE(bench.trial.stored(), mailsPerVisit);
        QCOMPARE(bench.watch.unproven(), 0);
        QVERIFY(retention == Retention::Keep ? bench.watch.seen() == 0 : bench.watch.seen() >= mailsPerVisit);
    }
}

void TestServerFaults::law3_whateverBecomesOfQuitTheNextListingDecides_data()
{
    QTest::addColumn<QuitBehaviour>("quit");
    QTest::addColumn<bool>("kept");
    QTest::addColumn<bool>("resets");
    QTest::newRow("answered -ERR, kept") << QuitBehaviour::RefuseAndKeep << true << false;
    QTest::newRow("answered -ERR, deleted") << QuitBehaviour::RefuseAndCommit << false << false;
    QTest::newRow("deleted and cut") << QuitBehaviour::CommitAndHangUp << false << false;
    QTest::newRow("deleted and reset") << QuitBehaviour::CommitAndHangUp << false << true;
    QTest::newRow("kept and cut") << QuitBehaviour::KeepAndHangUp << true << false;
    QTest::newRow("kept and reset") << QuitBehaviour::KeepAndHangUp << true << true;
    QTest::newRow("deleted and silent") << QuitBehaviour::CommitAndStaySilent << false << false;
}

void TestServerFaults::law3_whateverBecomesOfQuitTheNextListingDecides()
{
    QFETCH(const QuitBehaviour, quit);
    QFETCH(const bool, kept);
    QFETCH(const bool, resets);
    ServerQuirks quirks;
    quirks.quit = quit;
    quirks.resets = resets;
    Bench bench(mailbox(), quirks, Security::Plain, Retention::DeleteAfterDownload);
    bench.disturb(quit == QuitBehaviour::CommitAndStaySilent);
    QVERIFY(!bench.trial.result().error);
    QCOMPARE(bench.trial.stored(), mailsPerVisit);
    QCOMPARE(bench.trial.deleted(), 0); // nobody has confirmed it
    QCOMPARE(bench.trial.brokenLaw(), QString());
    QCOMPARE(bench.left().size(), kept ? mailsPerVisit : 0);
    bench.server.setQuirks({});
    bench.server.clearRecord();
    bench.trial.visit();
    QVERIFY(!bench.trial.result().error);
    QCOMPARE(bench.trial.result().stored, 0);
    QCOMPARE(bench.trial.result().deletedOnServer, kept ? mailsPerVisit : 0);
    QVERIFY(bench.server.record().retrieved.isEmpty());
    QCOMPARE(bench.trial.finish(), QString());
    QCOMPARE(bench.watch.unproven(), 0);
}

QTEST_GUILESS_MAIN(TestServerFaults)
#include "tst_serverfaults.moc"
