// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "support/blackhole.h"
#include "support/scriptedserver.h"

#include <QElapsedTimer>
#include <QHostInfo>
#include <QLocale>
#include <QSignalSpy>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

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

    static QString day(QDate date) { return QLocale().toString(date, QLocale::LongFormat); }

    static QSslConfiguration serverConfiguration(QSsl::SslProtocol protocol)
    {
        QSslConfiguration result = QSslConfiguration::defaultConfiguration();
        result.setProtocol(protocol);
        result.setBackendConfigurationOption("CipherString", QByteArray("DEFAULT:@SECLEVEL=0"));
        const QByteArray certificate = testCertificates().certificate(CertificateKind::Good);
        result.setLocalCertificateChain(QSslCertificate::fromData(certificate));
        result.setPrivateKey(QSslKey(testCertificates().key(CertificateKind::Good), QSsl::Ec));
        result.setPeerVerifyMode(QSslSocket::VerifyNone);
        return result;
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
        QTest::addColumn<QStringList>("reasons");
        const QString unknown = u"This computer does not know the authority that issued the certificate."_s;
        const QString elsewhere = u"The certificate belongs to another server, not to localhost."_s;
        const QString selfMade = u"The server made this certificate itself: nobody else vouches for it."_s;
        const QString expired = u"The certificate expired on %1."_s.arg(day({2021, 1, 1}));
        const QString early =
            u"The certificate is valid from %1 on only; the clock of this computer may be wrong."_s.arg(
                day({2090, 1, 1}));
        for (const Security security : {Security::ImplicitTls, Security::StartTls}) {
            const char *how = security == Security::ImplicitTls ? "TLS" : "STLS";
            const auto row = [&](const char *name, CertificateKind kind, const QString &reason) {
                QTest::addRow("%s: %s", how, name) << kind << security << QStringList{reason};
            };
            row("wrong host", CertificateKind::WrongHost, elsewhere);
            row("common name only", CertificateKind::NoNames, elsewhere);
            row("expired", CertificateKind::Expired, expired);
            row("not yet valid", CertificateKind::NotYetValid, early);
            row("unknown root", CertificateKind::UnknownRoot, unknown);
            row("self-signed", CertificateKind::SelfSigned, selfMade);
            row("F13 an authority's own", CertificateKind::Issuing,
                u"The certificate is one by which others are issued, and not one of a server."_s);
            row("F13 an authority's own that nobody knows", CertificateKind::Home, selfMade);
        }
    }

    void sec_refusesBadCertificatesBeforeAnythingIsSent()
    {
        QFETCH(CertificateKind, kind);
        QFETCH(Security, security);
        QFETCH(QStringList, reasons);
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
        QCOMPARE(error.certificate->reasons, reasons);
        QCOMPARE(error.certificate->issuer, testCertificates().issuer(kind));
        QVERIFY(error.certificate->notBefore.isValid());
        QVERIFY(error.certificate->notAfter > error.certificate->notBefore);
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

    void F13_anAuthoritysCertificateIsTakenByExceptionAlone_data()
    {
        QTest::addColumn<CertificateKind>("kind");
        QTest::newRow("issued") << CertificateKind::Issuing;
        QTest::newRow("as home servers make them") << CertificateKind::Home;
    }

    void F13_anAuthoritysCertificateIsTakenByExceptionAlone()
    {
        QFETCH(const CertificateKind, kind);
        ServerQuirks quirks;
        quirks.certificate = kind;
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        QCOMPARE(failure(endpoint(server)).kind, ErrorKind::CertificateUntrusted);
        Endpoint trusting = endpoint(server);
        trusting.trustedCertificate = testCertificates().sha256(kind);
        TlsTransport transport(trusting);
        QSignalSpy opened(&transport, &Transport::opened);
        transport.open();
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(transport.isEncrypted());
    }

    void F12_wordsOfThisComputersLibraryAreNotTheServers()
    {
        ScriptedServer server;
        QVERIFY(server.listen());
        Endpoint wrong = endpoint(server);
        wrong.port = server.port(); // in clear
        const Error error = failure(wrong);
        QCOMPARE(error.kind, ErrorKind::TlsFailed);
        QVERIFY(!error.detail.isEmpty()); // of the library
        QVERIFY(!error.serverSaid);

        // Who is silent or hangs up has said nothing, and the library knows no more.
        ServerQuirks quirks;
        quirks.silentInHandshake = true;
        server.setQuirks(quirks);
        ConnectDeadlines deadlines;
        deadlines.handshake = std::chrono::milliseconds(100);
        const Error silent = failure(endpoint(server), deadlines);
        QCOMPARE(silent.kind, ErrorKind::Timeout);
        QCOMPARE(silent.detail, QString());
        QVERIFY2(silent.text.contains(u"says nothing"_s), qPrintable(silent.text));

        QTcpServer listener;
        QVERIFY(listener.listen(QHostAddress::LocalHost));
        connect(&listener, &QTcpServer::newConnection, &listener, [&listener] {
            QTcpSocket *socket = listener.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [socket] {
                (void)socket->readAll();
                socket->disconnectFromHost();
            });
        });
        Endpoint curt;
        curt.host = u"localhost"_s;
        curt.port = listener.serverPort();
        const Error hungUp = failure(curt);
        QCOMPARE(hungUp.kind, ErrorKind::TlsFailed);
        QCOMPARE(hungUp.detail, QString());
        QVERIFY2(hungUp.text.contains(u"hung up"_s), qPrintable(hungUp.text));
    }

    void row8_anAddressThatDoesNotAnswerCostsAMomentOnly()
    {
        // With TLS and with STLS: what follows is the same connection as any other, under the server's own name.
        ScriptedServer server;
        BlackHole hole;
        QVERIFY(server.listen());
        QVERIFY(hole.listen(server.tlsPort()));
        ConnectDeadlines deadlines;
        deadlines.resolver = [&hole](const QString &host, QObject *context, const auto &found) {
            QHostInfo info;
            info.setHostName(host);
            info.setAddresses({hole.address(), QHostAddress::LocalHost});
            QTimer::singleShot(0, context, [found, info] { found(info); });
        };
        TlsTransport transport(endpoint(server), deadlines);
        QSignalSpy opened(&transport, &Transport::opened);
        QElapsedTimer time;
        time.start();
        transport.open();
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(transport.isEncrypted());
        QVERIFY2(time.elapsed() < 10'000, QByteArray::number(time.elapsed())); // 30 s each, where one follows the other
    }

    void p320_saysTheTruthOfNamesThatCannotBeLookedUp_data()
    {
        QTest::addColumn<QHostInfo::HostInfoError>("answer");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        QTest::newRow("there is none") << QHostInfo::HostNotFound << ErrorKind::HostNotFound
                                       << u"There is no server named"_s;
        QTest::newRow("nobody can say") << QHostInfo::UnknownError << ErrorKind::NameLookupFailed
                                        << u"could not be looked up"_s;
        QTest::newRow("nothing comes") << QHostInfo::NoError << ErrorKind::NameLookupFailed
                                       << u"could not be looked up"_s;
    }

    void p320_saysTheTruthOfNamesThatCannotBeLookedUp()
    {
        QFETCH(const QHostInfo::HostInfoError, answer);
        QFETCH(const ErrorKind, kind);
        QFETCH(const QString, words);
        ConnectDeadlines deadlines;
        deadlines.connecting = std::chrono::milliseconds(300);
        deadlines.resolver = [answer](const QString &, QObject *context, const auto &found) {
            if (answer == QHostInfo::NoError)
                return; // silent
            QHostInfo info;
            info.setError(answer);
            QTimer::singleShot(0, context, [found, info] { found(info); });
        };
        Endpoint nowhere;
        nowhere.host = u"mail.example.test"_s;
        nowhere.port = 995;
        const Error error = failure(nowhere, deadlines);
        QCOMPARE(error.kind, kind);
        QVERIFY2(error.text.contains(words), qPrintable(error.text));
        QVERIFY(error.text.contains(nowhere.host));
        QCOMPARE(error.detail, QString());
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

    void sec_refusesOldTlsUnlessTheAccountAllowsIt_data()
    {
        QTest::addColumn<int>("version");
        QT_WARNING_PUSH
        QT_WARNING_DISABLE_DEPRECATED
        QTest::newRow("a server that knows TLS 1.0 only") << int(QSsl::TlsV1_0);
        QTest::newRow("a server that knows TLS 1.1 only") << int(QSsl::TlsV1_1);
        QT_WARNING_POP
    }

    void sec_refusesOldTlsUnlessTheAccountAllowsIt()
    {
        QFETCH(int, version);
        QSslServer server;
        server.setSslConfiguration(serverConfiguration(QSsl::SslProtocol(version)));
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Endpoint account;
        account.host = u"localhost"_s;
        account.port = server.serverPort();
        const Error error = failure(account);
        QCOMPARE(error.kind, ErrorKind::TlsTooOld);
        QCOMPARE(error.action, ErrorAction::EditAccount);
        QVERIFY2(error.text.contains(u"only old encryption (TLS 1.1 or older)"_s), qPrintable(error.text));
        QVERIFY(error.text.contains(u"localhost"_s));

        account.oldTls = true;
        TlsTransport transport(account);
        QSignalSpy opened(&transport, &Transport::opened);
        transport.open();
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(transport.isEncrypted());
        QTRY_VERIFY(server.hasPendingConnections()); // the client may be ready first
        QCOMPARE(int(qobject_cast<QSslSocket *>(server.nextPendingConnection())->sessionProtocol()), version);
    }

    void sec_takesTheBestVersionThoughTheAccountAllowsOldOnes()
    {
        QSslServer server;
        server.setSslConfiguration(serverConfiguration(QSsl::TlsV1_2OrLater));
        QVERIFY(server.listen(QHostAddress::LocalHost));
        Endpoint account;
        account.host = u"localhost"_s;
        account.port = server.serverPort();
        account.oldTls = true;
        TlsTransport transport(account);
        QSignalSpy opened(&transport, &Transport::opened);
        transport.open();
        QTRY_COMPARE(opened.size(), 1);
        QTRY_VERIFY(server.hasPendingConnections());
        QCOMPARE(qobject_cast<QSslSocket *>(server.nextPendingConnection())->sessionProtocol(), QSsl::TlsV1_3);
    }

    void sec_saysSoWhereAServerRefusesOurVersionsOrChoosesAnOldOne_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::newRow("an alert: protocol version") << QByteArray::fromHex("15030100020246");
        // As servers from before TLS 1.3 do: a ServerHello of TLS 1.0 with TLS_RSA_WITH_AES_128_CBC_SHA.
        QTest::newRow("a hello of TLS 1.0")
            << QByteArray::fromHex("160301002a020000260301") + QByteArray(32, 'r') + QByteArray::fromHex("00002f00");
    }

    void sec_saysSoWhereAServerRefusesOurVersionsOrChoosesAnOldOne()
    {
        QFETCH(QByteArray, answer);
        QTcpServer listener;
        QVERIFY(listener.listen(QHostAddress::LocalHost));
        QByteArray received;
        connect(&listener, &QTcpServer::newConnection, &listener, [&] {
            QTcpSocket *socket = listener.nextPendingConnection();
            connect(socket, &QTcpSocket::readyRead, socket, [&received, socket, answer] {
                if (received.isEmpty())
                    socket->write(answer);
                received += socket->readAll();
            });
        });
        Endpoint account;
        account.host = u"localhost"_s;
        account.port = listener.serverPort();
        const Error error = failure(account);
        QCOMPARE(error.kind, ErrorKind::TlsTooOld);
        QVERIFY2(error.text.contains(u"only old encryption (TLS 1.1 or older)"_s), qPrintable(error.text));
        QVERIFY(received.startsWith('\x16'));
    }

    void sec_endsAHandshakeThatNeverComes_data()
    {
        QTest::addColumn<Security>("security");
        QTest::newRow("TLS") << Security::ImplicitTls;
        QTest::newRow("STLS was accepted") << Security::StartTls;
    }

    void sec_endsAHandshakeThatNeverComes()
    {
        QFETCH(Security, security);
        ServerQuirks quirks;
        quirks.silentInHandshake = true;
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        ConnectDeadlines deadlines;
        deadlines.handshake = std::chrono::milliseconds(100);
        TlsTransport transport(endpoint(server, security), deadlines);
        QSignalSpy failed(&transport, &Transport::failed);
        QSignalSpy encrypted(&transport, &Transport::encrypted);
        QByteArray received;
        connect(&transport, &Transport::readyRead, &transport, [&] {
            received += transport.readAll();
            if (received.contains("begin TLS"))
                transport.startTls();
        });
        connect(&transport, &Transport::opened, &transport, [&] { transport.write("STLS\r\n"); });
        transport.open();
        QTRY_COMPARE(failed.size(), 1);
        const auto error = failed.first().first().value<Error>();
        QCOMPARE(error.kind, ErrorKind::Timeout);
        QVERIFY(error.text.contains(u"localhost"_s));
        QVERIFY(encrypted.isEmpty() && !transport.isEncrypted());
        // What is written now goes nowhere: there is no way back to plain text.
        transport.write("USER alice\r\n");
        const QByteArrayList commands = server.record().commands;
        QCOMPARE(commands, security == Security::StartTls ? QByteArrayList{"STLS"} : QByteArrayList());
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
        // As a proxy says it, which looks names up by itself, and a resolver: see p320.
        Endpoint nowhere;
        nowhere.host = u"no-such-host.invalid"_s;
        nowhere.port = 995;
        const ErrorKind kind = failure(nowhere).kind;
        QVERIFY(kind == ErrorKind::HostNotFound || kind == ErrorKind::NameLookupFailed); // where there is no network
    }

    void saysThatThePortDoesNotSpeakTls()
    {
        ScriptedServer server;
        QVERIFY(server.listen());
        Endpoint wrong = endpoint(server);
        wrong.port = server.port();
        const Error error = failure(wrong);
        QCOMPARE(error.kind, ErrorKind::TlsFailed);
        QCOMPARE(error.action, ErrorAction::Retry); // a network that wants a sign-in first looks like that, too
        QVERIFY2(error.text.contains(u"the port"_s), qPrintable(error.text));
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
