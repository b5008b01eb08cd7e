// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "pop3/recording.h"
#include "support/servers/dovecotserver.h"
#include "support/transcriptrun.h"
#include "sync/checkharness.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;

/// A visit to a real server is recorded, and plays again without it.
class TestDovecotRecord : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.problem())); }

    void playsAgain_data()
    {
        QTest::addColumn<Security>("security");
        QTest::addColumn<QString>("mechanism");
        for (const char *mechanism : {"", "USER", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256"}) {
            QTest::addRow("STLS %s", mechanism) << Security::StartTls << QString::fromLatin1(mechanism);
            QTest::addRow("TLS %s", mechanism) << Security::ImplicitTls << QString::fromLatin1(mechanism);
        }
    }

    void playsAgain()
    {
        QFETCH(const Security, security);
        QFETCH(const QString, mechanism);
        const QByteArrayList mails{
            "From: robin@example.org\r\nSubject: A secret plan\r\n\r\nMeet me at noon.\r\n",
            "Subject: dots\r\n\r\n.\r\n..\r\nsecret\r\n.x\r\n",
            "Subject: =?utf-8?q?caf=C3=A9?=\r\nContent-Transfer-Encoding: 8bit\r\n\r\ncaf\xc3\xa9 secret\r\n",
        };
        const QString user = m_server.addUser();
        m_server.deliver(user, mails);
        CheckHarness harness;
        harness.account().host = QStringLiteral("localhost");
        harness.account().security = security;
        harness.account().port = security == Security::ImplicitTls ? m_server.tlsPort() : m_server.port();
        harness.account().trustedCertificate = m_server.certificateSha256();
        harness.account().userName = user;
        harness.account().mechanism = mechanism;
        harness.account().retention = Retention::DeleteAfterDownload;
        QByteArray text;
        harness.connectTo = [&text](const net::Endpoint &endpoint) {
            return std::make_unique<pop3::RecordingTransport>(
                std::make_unique<net::TlsTransport>(endpoint), endpoint, [&text]() -> pop3::TranscriptWriter::Sink {
                    return [&text](const QByteArray &line) { text += line; };
                });
        };
        const sync::CheckResult result = harness.check(DovecotServer::password());
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text + result.error->detail) : "");
        QCOMPARE(result.stored, int(mails.size()));
        for (const QByteArray &word : {user.toUtf8(), DovecotServer::password().toUtf8(), QByteArray("secret"),
                 QByteArray("noon"), QByteArray("robin"), QByteArray("localhost")})
            QVERIFY2(!text.contains(word), word + " in\n" + text);

        const auto transcript = parseTranscript(text);
        QVERIFY2(transcript, qPrintable(transcript.error()));
        TranscriptRun run(*transcript, {}, transcript->client);
        run.play();
        QVERIFY2(run.complaint().isEmpty(), run.complaint() + " in\n" + text);
        QCOMPARE(run.messages().size(), mails.size());
        for (qsizetype i = 0; i < mails.size(); ++i)
            QCOMPARE(run.messages().at(i).size(), mails.at(i).size());
        QVERIFY(run.events().contains("finished"));
    }

private:
    DovecotServer m_server;
};

QTEST_GUILESS_MAIN(TestDovecotRecord)
#include "tst_dovecotrecord.moc"
