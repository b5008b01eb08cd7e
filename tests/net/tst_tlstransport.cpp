// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "support/scriptedserver.h"

#include <QSignalSpy>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace satchel;
using namespace satchel::net;
using namespace satchel::test;
using namespace Qt::StringLiterals;

class TestTlsTransport : public QObject
{
    Q_OBJECT

    static Endpoint endpoint(const ScriptedServer &server, Security security = Security::ImplicitTls)
    {
        Endpoint result;
        result.host = u"localhost"_s;
        result.port = security == Security::ImplicitTls ? server.tlsPort() : server.port();
        result.security = security;
        return result;
    }

    /// The error of a connection that must not come about.
    static Error failure(const Endpoint &endpoint, ConnectDeadlines deadlines = {})
    {
        TlsTransport transport(endpoint, deadlines);
        QSignalSpy opened(&transport, &Transport::opened);
        QSignalSpy failed(&transport, &Transport::failed);
        transport.open();
        if (!QTest::qWaitFor([&] { return opened.size() + failed.size() > 0; }, 10000) || failed.isEmpty())
            return {ErrorKind::Cancelled, u"it did not fail"_s, {}, {}, {}};
        return failed.first().first().value<Error>();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(testCertificates().isValid());
        trustTestAuthority();
    }

    void opensAProtectedConnection()
    {
        ScriptedServer server;
        QVERIFY(server.listen());
        TlsTransport transport(endpoint(server));
        QSignalSpy opened(&transport, &Transport::opened);
        QSignalSpy readyRead(&transport, &Transport::readyRead);
        transport.open();
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(transport.isEncrypted());
        QTRY_VERIFY(!readyRead.isEmpty());
        QVERIFY(transport.readAll().startsWith("+OK"));
    }

    void sec_refusesBadCertificatesBeforeAnythingIsSent_data()
    {
        QTest::addColumn<CertificateKind>("kind");
        QTest::addColumn<Security>("security");
        for (const Security security : {Security::ImplicitTls, Security::StartTls}) {
            const char *how = security == Security::ImplicitTls ? "TLS" : "STLS";
            QTest::addRow("%s: wrong host", how) << CertificateKind::WrongHost << security;
            QTest::addRow("%s: common name only", how) << CertificateKind::NoNames << security;
            QTest::addRow("%s: expired", how) << CertificateKind::Expired << security;
            QTest::addRow("%s: self-signed", how) << CertificateKind::SelfSigned << security;
        }
    }

    void sec_refusesBadCertificatesBeforeAnythingIsSent()
    {
        QFETCH(CertificateKind, kind);
        QFETCH(Security, security);
        ServerQuirks quirks;
        quirks.certificate = kind;
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        TlsTransport transport(endpoint(server, security));
        QSignalSpy opened(&transport, &Transport::opened);
        QSignalSpy encrypted(&transport, &Transport::encrypted);
        QSignalSpy failed(&transport, &Transport::failed);
        QSignalSpy closed(&transport, &Transport::closed);
        QByteArray received;
        connect(&transport, &Transport::readyRead, &transport, [&] {
            received += transport.readAll();
            if (received.contains("begin TLS"))
                transport.startTls();
        });
        connect(&transport, &Transport::opened, &transport, [&] {
            if (security == Security::StartTls)
                transport.write("STLS\r\n");
        });
        transport.open();
        QTRY_COMPARE(failed.size(), 1);
        const auto error = failed.first().first().value<Error>();
        QCOMPARE(error.kind, ErrorKind::CertificateUntrusted);
        QCOMPARE(error.action, ErrorAction::ReviewCertificate);
        QVERIFY(error.text.contains(u"localhost"_s));
        QVERIFY(error.certificate);
        QCOMPARE(error.certificate->host, u"localhost"_s);
        QCOMPARE(error.certificate->sha256, testCertificates().sha256(kind));
        QVERIFY(!error.certificate->reasons.isEmpty());
        QVERIFY(!error.certificate->issuer.isEmpty());
        QVERIFY(error.certificate->notAfter.isValid());
        QVERIFY(!error.certificate->changed);
        QCOMPARE(encrypted.size(), 0);
        QCOMPARE(closed.size(), 0);
        const QByteArrayList commands = server.record().commands;
        QCOMPARE(commands, security == Security::StartTls ? QByteArrayList{"STLS"} : QByteArrayList());
    }

    void sec_acceptsExactlyTheCertificateThatTheUserMadeAnExceptionFor()
    {
        ServerQuirks quirks;
        quirks.certificate = CertificateKind::SelfSigned;
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Endpoint trusting = endpoint(server);
        trusting.trustedCertificate = testCertificates().sha256(CertificateKind::SelfSigned);
        TlsTransport transport(trusting);
        QSignalSpy opened(&transport, &Transport::opened);
        transport.open();
        QTRY_COMPARE(opened.size(), 1);

        quirks.certificate = CertificateKind::NoNames; // refused by us, not by Qt: excepted all the same
        server.setQuirks(quirks);
        trusting.trustedCertificate = testCertificates().sha256(CertificateKind::NoNames);
        TlsTransport second(trusting);
        QSignalSpy secondOpened(&second, &Transport::opened);
        second.open();
        QTRY_COMPARE(secondOpened.size(), 1);
    }

    void sec_asksAgainWhenTheCertificateChanged()
    {
        ServerQuirks quirks;
        quirks.certificate = CertificateKind::Expired;
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Endpoint trusting = endpoint(server);
        trusting.trustedCertificate = testCertificates().sha256(CertificateKind::SelfSigned);
        const Error error = failure(trusting);
        QCOMPARE(error.kind, ErrorKind::CertificateUntrusted);
        QVERIFY(error.certificate->changed);
    }

    void sec_refusesOldTlsUnlessTheAccountAllowsIt()
    {
        // A server that knows nothing newer than TLS 1.1.
        QSslConfiguration old = QSslConfiguration::defaultConfiguration();
        QT_WARNING_PUSH
        QT_WARNING_DISABLE_DEPRECATED
        old.setProtocol(QSsl::TlsV1_1);
        QT_WARNING_POP
        old.setBackendConfigurationOption("CipherString", QByteArray("DEFAULT:@SECLEVEL=0"));
        old.setLocalCertificateChain(QSslCertificate::fromData(testCertificates().certificate(CertificateKind::Good)));
        old.setPrivateKey(QSslKey(testCertificates().key(CertificateKind::Good), QSsl::Ec));
        old.setPeerVerifyMode(QSslSocket::VerifyNone);
        QSslServer server;
        server.setSslConfiguration(old);
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Endpoint account;
        account.host = u"localhost"_s;
        account.port = server.serverPort();
        const Error error = failure(account);
        QCOMPARE(error.kind, ErrorKind::TlsFailed);

        account.oldTls = true;
        TlsTransport transport(account);
        QSignalSpy opened(&transport, &Transport::opened);
        transport.open();
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(transport.isEncrypted());
    }

    void sec_endsAHandshakeThatNeverComes()
    {
        ServerQuirks quirks;
        quirks.silentInHandshake = true;
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        ConnectDeadlines deadlines;
        deadlines.handshake = std::chrono::milliseconds(100);
        const Error error = failure(endpoint(server), deadlines);
        QCOMPARE(error.kind, ErrorKind::Timeout);
        QVERIFY(error.text.contains(u"localhost"_s));
    }

    void saysThatNobodyListens()
    {
        QTcpServer listener;
        QVERIFY(listener.listen(QHostAddress::LocalHost));
        Endpoint nobody;
        nobody.host = u"127.0.0.1"_s;
        nobody.port = listener.serverPort();
        listener.close();
        const Error error = failure(nobody);
        QCOMPARE(error.kind, ErrorKind::ConnectionRefused);
        QVERIFY(error.text.contains(u"127.0.0.1"_s));
    }

    void saysThatThereIsNoSuchServer()
    {
        Endpoint nowhere;
        nowhere.host = u"no-such-host.invalid"_s;
        nowhere.port = 995;
        QCOMPARE(failure(nowhere).kind, ErrorKind::HostNotFound);
    }

    void saysThatThePortDoesNotSpeakTls()
    {
        ScriptedServer server;
        QVERIFY(server.listen());
        Endpoint wrong = endpoint(server);
        wrong.port = server.port();
        const Error error = failure(wrong);
        QCOMPARE(error.kind, ErrorKind::TlsFailed);
        QCOMPARE(error.action, ErrorAction::EditAccount);
    }

    void handsOverAllThatCameBeforeTheConnectionEnded()
    {
        QTcpServer listener;
        QVERIFY(listener.listen(QHostAddress::LocalHost));
        connect(&listener, &QTcpServer::newConnection, &listener, [&listener] {
            QTcpSocket *socket = listener.nextPendingConnection();
            socket->write(QByteArray(3'000'000, 'x'));
            socket->disconnectFromHost();
        });
        Endpoint plain;
        plain.host = u"127.0.0.1"_s;
        plain.port = listener.serverPort();
        plain.security = Security::Plain;
        TlsTransport transport(plain);
        qsizetype received = 0;
        qsizetype most = 0;
        connect(&transport, &Transport::readyRead, &transport, [&] {
            const qsizetype size = transport.readAll().size();
            received += size;
            most = qMax(most, size);
        });
        QSignalSpy closed(&transport, &Transport::closed);
        transport.open();
        QTRY_COMPARE(closed.size(), 1);
        QCOMPARE(received, 3'000'000);
        QVERIFY2(most <= 1024 * 1024, "the read buffer is bounded");
    }

    void makesAnotherTransportToTheSameServer()
    {
        ScriptedServer server;
        QVERIFY(server.listen());
        const auto other = TlsTransport(endpoint(server)).another();
        QSignalSpy opened(other.get(), &Transport::opened);
        other->open();
        QTRY_COMPARE(opened.size(), 1);
    }

    void saysNothingAfterAbort()
    {
        ScriptedServer server;
        QVERIFY(server.listen());
        TlsTransport transport(endpoint(server));
        QSignalSpy opened(&transport, &Transport::opened);
        QSignalSpy closed(&transport, &Transport::closed);
        QSignalSpy failed(&transport, &Transport::failed);
        transport.open();
        QTRY_COMPARE(opened.size(), 1);
        transport.abort();
        server.dropConnections();
        QCoreApplication::processEvents();
        QCOMPARE(closed.size() + failed.size(), 0);
    }
};

QTEST_GUILESS_MAIN(TestTlsTransport)
#include "tst_tlstransport.moc"
