// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "pop3/recording.h"
#include "support/certificates.h"
#include "support/scriptedserver.h"
#include "support/transcriptrun.h"
#include "sync/checkharness.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;

namespace {

/// Everything that a visit must not leave in a transcript.
const QByteArrayList personal{"alice", "geheim", "Rendezvous", "bob@", "0190-555", "Pl\xc3\xa4ne", "example.org"};

ServerQuirks quirksOf(const QByteArray &sasl)
{
    ServerQuirks quirks;
    quirks.user = "alice@example.org";
    quirks.password = "geheim-0190-555";
    quirks.sasl = sasl;
    return quirks;
}

QList<ServerMessage> oddMessages()
{
    return {
        {"plain-1",
            "From: bob@example.org\r\nSubject: Rendezvous\r\nContent-Type: text/plain; name=alice.txt\r\n\r\nhello "
            "alice\r\n"},
        {"dots", "From: bob@example.org\r\n\r\n.\r\n..\r\n.leading Rendezvous\r\n"},
        {"odd", QByteArray("Subject: Pl\xc3\xa4ne\r\n\r\nnul \0 and \x01, bare \r return\r\nbare \n feed\r\n", 60)},
        {"<message.id.1@example.org>",
            "Subject: +OK alice\r\n folded Rendezvous\r\n\r\n+OK 0190-555 alice\r\nFrom bob@example.org\r\n"},
        {"empty body", "Subject: Rendezvous\r\n\r\n"},
    };
}

} // namespace

/// What --record writes: a transcript that plays again, with nothing personal in it.
class TestRecording : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aRecordedVisitPlaysAgainWithNothingPersonalInIt_data();
    void aRecordedVisitPlaysAgainWithNothingPersonalInIt();
    void aVisitWithTopPlaysAgainToo_data();
    void aVisitWithTopPlaysAgainToo();
    void aRefusedPasswordIsRecordedWithoutThePassword();
    void whatAServerSpillsOutsideOfMessagesIsStruckOut();
    void aNewConnectionIsATranscriptOfItsOwn();

private:
    QByteArrayList m_transcripts;

    void record(CheckHarness &harness, ScriptedServer &server)
    {
        m_transcripts.clear();
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QString::fromUtf8(server.quirks().user);
        harness.connectTo = [this](const net::Endpoint &endpoint) {
            return std::make_unique<pop3::RecordingTransport>(
                std::make_unique<net::TlsTransport>(endpoint), endpoint, [this]() -> pop3::TranscriptWriter::Sink {
                    const qsizetype index = m_transcripts.size();
                    m_transcripts.append(QByteArray());
                    return [this, index](const QByteArray &text) { m_transcripts[index] += text; };
                });
        };
    }
};

void TestRecording::aRecordedVisitPlaysAgainWithNothingPersonalInIt_data()
{
    QTest::addColumn<QByteArray>("sasl");
    QTest::addColumn<bool>("pipelining");
    QTest::addColumn<bool>("tls");
    for (const char *sasl : {"", "PLAIN", "LOGIN", "CRAM-MD5"}) {
        for (const bool pipelining : {true, false}) {
            QTest::addRow("%s, %s", *sasl ? sasl : "USER", pipelining ? "pipelined" : "one by one")
                << QByteArray(sasl) << pipelining << false;
        }
    }
    QTest::newRow("STLS") << QByteArray("PLAIN") << true << true;
}

void TestRecording::aRecordedVisitPlaysAgainWithNothingPersonalInIt()
{
    QFETCH(const QByteArray, sasl);
    QFETCH(const bool, pipelining);
    QFETCH(const bool, tls);
    ServerQuirks quirks = quirksOf(sasl);
    quirks.pipelining = pipelining;
    ScriptedServer server(oddMessages(), quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    record(harness, server);
    harness.account().retention = Retention::DeleteAfterDownload;
    if (tls) {
        harness.account().security = Security::StartTls;
        harness.account().host = QStringLiteral("localhost");
        harness.account().trustedCertificate = testCertificates().sha256(CertificateKind::Good);
    }
    const sync::CheckResult result = harness.check(QString::fromUtf8(quirks.password));
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.stored, 5);
    QCOMPARE(m_transcripts.size(), 1);

    const QByteArray text = m_transcripts.first();
    for (const QByteArray &word : personal)
        QVERIFY2(!text.contains(word), word + " in\n" + text);

    const auto transcript = parseTranscript(text);
    QVERIFY2(transcript, qPrintable(transcript.error()));
    TranscriptRun run(*transcript, {});
    run.play();
    QVERIFY2(run.complaint().isEmpty(), run.complaint() + " in\n" + text);
    QCOMPARE(run.messages().size(), 5);
    const QList<ServerMessage> sent = oddMessages();
    for (qsizetype i = 0; i < sent.size(); ++i) {
        const QByteArray &was = sent.at(i).bytes;
        const QByteArray &now = run.messages().at(i);
        QCOMPARE(now.size(), was.size());
        QCOMPARE(now.count('\n'), was.count('\n'));
        QCOMPARE(now.count('\0'), was.count('\0'));
        QCOMPARE(now.count('\r'), was.count('\r'));
    }
    QVERIFY(run.events().contains("finished"));
}

void TestRecording::aVisitWithTopPlaysAgainToo_data()
{
    QTest::addColumn<bool>("pipelining");
    QTest::newRow("pipelined") << true;
    QTest::newRow("one by one") << false;
}

void TestRecording::aVisitWithTopPlaysAgainToo()
{
    QFETCH(const bool, pipelining);
    ServerQuirks quirks = quirksOf({});
    quirks.uidl = false; // so that the headers are looked at
    quirks.uidlAnnounced = false;
    quirks.pipelining = pipelining;
    ScriptedServer server(oddMessages(), quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    record(harness, server);
    const sync::CheckResult result = harness.check(QString::fromUtf8(quirks.password));
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QVERIFY(m_transcripts.first().contains("C: TOP 5 0"));
    for (const QByteArray &word : personal)
        QVERIFY2(!m_transcripts.first().contains(word), word + " in\n" + m_transcripts.first());
    const auto transcript = parseTranscript(m_transcripts.first());
    QVERIFY(transcript);
    TranscriptRun run(*transcript, {}, transcript->client);
    run.play();
    QVERIFY2(run.complaint().isEmpty(), run.complaint() + " in\n" + m_transcripts.first());
    QCOMPARE(run.messages().size(), result.stored);
}

void TestRecording::aRefusedPasswordIsRecordedWithoutThePassword()
{
    ScriptedServer server(oddMessages(), quirksOf({}));
    QVERIFY(server.listen());
    CheckHarness harness;
    record(harness, server);
    const sync::CheckResult result = harness.check(QStringLiteral("another geheim"));
    QVERIFY(result.error);
    const QByteArray text = m_transcripts.first();
    for (const QByteArray &word : personal)
        QVERIFY2(!text.contains(word), word + " in\n" + text);
    const auto transcript = parseTranscript(text);
    QVERIFY(transcript);
    TranscriptRun run(*transcript, {});
    run.play();
    QVERIFY2(run.complaint().isEmpty(), run.complaint());
    QVERIFY(run.events().contains("refused Pass 0 AuthenticationFailed"));
}

void TestRecording::whatAServerSpillsOutsideOfMessagesIsStruckOut()
{
    ServerQuirks quirks = quirksOf({});
    quirks.noDotStuffing = true; // Q25: the rest of a message comes where replies are due
    ScriptedServer server(
        {{"one", "Subject: x\r\n\r\nbefore\r\n.\r\nRendezvous with bob@example.org\r\nalice\r\n"}}, quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    record(harness, server);
    (void)harness.check(QString::fromUtf8(quirks.password));
    for (const QByteArray &word : personal)
        QVERIFY2(!m_transcripts.first().contains(word), word + " in\n" + m_transcripts.first());
}

void TestRecording::aNewConnectionIsATranscriptOfItsOwn()
{
    ServerQuirks quirks = quirksOf({});
    quirks.capaHangsUp = true;
    ScriptedServer server(oddMessages(), quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    record(harness, server);
    const sync::CheckResult result = harness.check(QString::fromUtf8(quirks.password));
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(m_transcripts.size(), 2);
    QVERIFY(m_transcripts.first().endsWith("C: CAPA\nX\n"));
    const auto transcript = parseTranscript(m_transcripts.last());
    QVERIFY(transcript);
    TranscriptRun run(*transcript, {}, transcript->client);
    run.play();
    QVERIFY2(run.complaint().isEmpty(), run.complaint());
    QCOMPARE(run.messages().size(), 5);
}

QTEST_GUILESS_MAIN(TestRecording)
#include "tst_recording.moc"
