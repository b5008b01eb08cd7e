// SPDX-License-Identifier: GPL-3.0-or-later
// The real server and the faulty line of the live tests, looked at from a bare socket: what other tests rest upon.
#include "support/servers/dovecotserver.h"
#include "support/servers/faultproxy.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QSignalSpy>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTest>

using namespace Qt::StringLiterals;
using satchel::test::DovecotServer;
using satchel::test::FaultProxy;
using satchel::test::LineFaults;
using namespace std::chrono_literals;

namespace {

constexpr int patience = 10'000;

/// A person with a terminal: one line at a time.
class Talk
{
public:
    explicit Talk(quint16 port, const QString &authority = {})
    {
        if (authority.isEmpty()) {
            m_socket.connectToHost(u"127.0.0.1"_s, port);
            m_good = m_socket.waitForConnected(patience);
        } else {
            QSslConfiguration configuration = m_socket.sslConfiguration();
            configuration.setCaCertificates(QSslCertificate::fromPath(authority));
            m_socket.setSslConfiguration(configuration);
            m_socket.connectToHostEncrypted(u"127.0.0.1"_s, port);
            m_good = m_socket.waitForEncrypted(patience);
        }
    }
    [[nodiscard]] bool isGood() const { return m_good; }
    QSslSocket &socket() { return m_socket; }

    QByteArray line()
    {
        while (!m_socket.canReadLine()) {
            if (!m_socket.waitForReadyRead(patience))
                return {};
        }
        return m_socket.readLine();
    }
    QByteArray ask(const QByteArray &command)
    {
        m_socket.write(command + "\r\n");
        return line();
    }
    QByteArray rest() ///< of a multi-line answer, with its terminator
    {
        QByteArray all;
        for (QByteArray next = line(); !next.isEmpty(); next = line()) {
            all += next;
            if (next == ".\r\n")
                break;
        }
        return all;
    }
    bool logIn(const QString &user)
    {
        return line().startsWith("+OK") && ask("USER " + user.toLatin1()).startsWith("+OK")
            && ask("PASS " + DovecotServer::password().toLatin1()).startsWith("+OK");
    }

private:
    QSslSocket m_socket;
    bool m_good = false;
};

} // namespace

class TestServers : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.problem())); }

    void dovecotSpeaksOnBothPorts()
    {
        Talk plain(m_server.port());
        QVERIFY(plain.isGood());
        QVERIFY(plain.line().startsWith("+OK Dovecot"));
        QVERIFY(plain.ask("CAPA").startsWith("+OK"));
        const QByteArray capabilities = plain.rest();
        QVERIFY(capabilities.contains("STLS\r\n"));
        QVERIFY(capabilities.contains("SASL PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256\r\n"));
        Talk encrypted(m_server.tlsPort(), m_server.authorityFile());
        QVERIFY2(encrypted.isGood(), qPrintable(encrypted.socket().errorString()));
        QVERIFY(encrypted.line().startsWith("+OK Dovecot"));
        QCOMPARE(encrypted.socket().peerCertificate().digest(QCryptographicHash::Sha256), m_server.certificateSha256());
    }

    void whatIsDeliveredComesBackInItsOrder()
    {
        const QString user = m_server.addUser();
        const QByteArrayList mail{
            "Subject: one\n\nfirst\n", "Subject: two\r\n\r\nsecond\r\n", "Subject: three\n\n.dot"};
        m_server.deliver(user, mail);
        QCOMPARE(m_server.messages(user), mail);
        Talk talk(m_server.port());
        QVERIFY(talk.logIn(user));
        QVERIFY(talk.ask("STAT").startsWith("+OK 3 "));
        QVERIFY(talk.ask("RETR 2").startsWith("+OK"));
        QCOMPARE(talk.rest(), "Subject: two\r\n\r\nsecond\r\n.\r\n");
        QVERIFY(talk.ask("RETR 3").startsWith("+OK"));
        QCOMPARE(talk.rest(), "Subject: three\r\n\r\n..dot\r\n.\r\n");
        QVERIFY(talk.ask("DELE 2").startsWith("+OK"));
        QVERIFY(talk.ask("QUIT").startsWith("+OK"));
        QCOMPARE(m_server.messages(user), QByteArrayList({mail.at(0), mail.at(2)}));
        QTRY_VERIFY(m_server.log().contains("retr=2/79, del=1/"));
        m_server.resetMailbox(user);
        QCOMPARE(m_server.messages(user), QByteArrayList());
    }

    void aRefusedPasswordDelaysNobody()
    {
        const QString user = m_server.addUser();
        for (int i = 0; i < 3; ++i) {
            Talk talk(m_server.port());
            QVERIFY(talk.line().startsWith("+OK"));
            QVERIFY(talk.ask("USER " + user.toLatin1()).startsWith("+OK"));
            QVERIFY(talk.ask("PASS wrong").startsWith("-ERR [AUTH]"));
        }
        QElapsedTimer timer;
        timer.start();
        Talk talk(m_server.port());
        QVERIFY(talk.logIn(user));
        QVERIFY2(timer.elapsed() < 3500, qPrintable(QString::number(timer.elapsed())));
    }

    void aSecondSessionIsRefused()
    {
        const QString user = m_server.addUser();
        Talk first(m_server.port());
        QVERIFY(first.logIn(user));
        Talk second(m_server.port());
        QVERIFY(second.line().startsWith("+OK"));
        second.ask("USER " + user.toLatin1());
        second.socket().write("PASS " + DovecotServer::password().toLatin1() + "\r\n");
        QVERIFY(second.socket().waitForReadyRead(30'000));
        QVERIFY(second.line().startsWith("-ERR [IN-USE]"));
    }

    void theServerComesBackWithItsMailOnItsPorts()
    {
        DovecotServer server;
        QVERIFY2(server.start(), qPrintable(server.problem()));
        const QString user = server.addUser();
        server.deliver(user, {"Subject: kept\n\n\n"});
        const quint16 port = server.port();
        server.stop();
        QVERIFY(!Talk(port).isGood());
        QVERIFY2(server.restart(), qPrintable(server.problem()));
        QCOMPARE(server.port(), port);
        Talk talk(port);
        QVERIFY(talk.logIn(user));
        QVERIFY(talk.ask("STAT").startsWith("+OK 1 "));
    }

    void badCertificatesAreBad_data()
    {
        QTest::addColumn<QSslError::SslError>("expected");
        QTest::newRow("wrong") << QSslError::HostNameMismatch;
        QTest::newRow("expired") << QSslError::CertificateExpired;
        QTest::newRow("selfsigned") << QSslError::SelfSignedCertificate;
    }

    void badCertificatesAreBad()
    {
        QFETCH(QSslError::SslError, expected);
        DovecotServer server({.certificate = QString::fromLatin1(QTest::currentDataTag())});
        QVERIFY2(server.start(), qPrintable(server.problem()));
        Talk talk(server.tlsPort(), server.authorityFile());
        QVERIFY(!talk.isGood());
        QList<QSslError::SslError> found;
        for (const QSslError &error : talk.socket().sslHandshakeErrors())
            found << error.error();
        QVERIFY2(found.contains(expected), qPrintable(talk.socket().errorString()));
    }

    void theLineDelaysWithoutBeingNarrow()
    {
        const QString user = m_server.addUser();
        m_server.deliver(user, {QByteArray("Subject: large\n\n") + QByteArray(20'000'000, 'x').replace(70, 1, "\n")});
        const FaultProxy line(m_server.port(), {.delayToServer = 100ms, .delayToClient = 100ms});
        QVERIFY(line.isListening());
        Talk talk(line.port());
        QVERIFY(talk.logIn(user));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(talk.ask("NOOP").startsWith("+OK"));
        const qint64 roundTrip = timer.elapsed();
        QVERIFY2(roundTrip >= 200 && roundTrip < 1500, qPrintable(QString::number(roundTrip)));
        timer.start();
        QVERIFY(talk.ask("RETR 1").startsWith("+OK"));
        QVERIFY(talk.rest().size() > 20'000'000);
        // One round trip for all; a line that waits for each piece would take half a minute.
        QVERIFY2(timer.elapsed() < 20'000, qPrintable(QString::number(timer.elapsed())));
        QCOMPARE(line.connections(), 1);
    }

    void theLineCanBeNarrow()
    {
        const QString user = m_server.addUser();
        m_server.deliver(user, {QByteArray("Subject: some\n\n") + QByteArray(100'000, 'x')});
        const FaultProxy line(m_server.port(), {.rateToClient = 200'000});
        Talk talk(line.port());
        QVERIFY(talk.logIn(user));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(talk.ask("RETR 1").startsWith("+OK"));
        QVERIFY(talk.rest().size() > 100'000);
        QVERIFY2(timer.elapsed() >= 450 && timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
    }

    void theLineWidensAsTcpDoes()
    {
        const QString user = m_server.addUser();
        m_server.deliver(user, {QByteArray("Subject: some\n\n") + QByteArray(100'000, 'x')});
        const FaultProxy line(m_server.port(), {.delayToServer = 50ms, .delayToClient = 50ms, .slowStart = true});
        Talk talk(line.port());
        QVERIFY(talk.logIn(user));
        QElapsedTimer timer;
        timer.start();
        QVERIFY(talk.ask("RETR 1").startsWith("+OK"));
        QVERIFY(talk.rest().size() > 100'000);
        // 15, 29 and 58 kB: two round trips more than the first.
        QVERIFY2(timer.elapsed() >= 290, qPrintable(QString::number(timer.elapsed())));
    }

    void theLineBreaksWhereItIsTold_data()
    {
        QTest::addColumn<LineFaults::End>("end");
        QTest::newRow("close") << LineFaults::End::Close;
        QTest::newRow("reset") << LineFaults::End::Reset;
    }

    void theLineBreaksWhereItIsTold()
    {
        QFETCH(LineFaults::End, end);
        const QString user = m_server.addUser();
        m_server.deliver(user, {"Subject: one\n\n1\n", "Subject: two\n\n" + QByteArray(50'000, 'x') + '\n'});
        FaultProxy line(
            m_server.port(), {.end = end, .clientText = "RETR 2\r\n", .afterServerBytes = 1000, .endings = 1});
        Talk talk(line.port());
        QVERIFY(talk.logIn(user));
        QVERIFY(talk.ask("RETR 1").startsWith("+OK"));
        QCOMPARE(talk.rest(), "Subject: one\r\n\r\n1\r\n.\r\n");
        talk.socket().write("RETR 2\r\n");
        QByteArray all;
        while (talk.socket().waitForReadyRead(patience))
            all += talk.socket().readAll();
        QCOMPARE(all.size(), 1000);
        QCOMPARE(talk.socket().error(), QAbstractSocket::RemoteHostClosedError);
        QCOMPARE(talk.socket().state(), QAbstractSocket::UnconnectedState);
        QTRY_COMPARE(line.open(), 0);
        // The next one lives.
        Talk again(line.port());
        QVERIFY(again.logIn(user));
        QVERIFY(again.ask("RETR 2").startsWith("+OK"));
        QVERIFY(again.rest().size() > 50'000);
        QCOMPARE(line.connections(), 2);
    }

    void theLineFallsSilent()
    {
        const QString user = m_server.addUser();
        const FaultProxy line(m_server.port(), {.end = LineFaults::End::Silence, .serverText = "Logged in.\r\n"});
        Talk talk(line.port());
        QVERIFY(talk.logIn(user));
        talk.socket().write("STAT\r\n");
        QVERIFY(!talk.socket().waitForReadyRead(300));
        QCOMPARE(talk.socket().state(), QAbstractSocket::ConnectedState);
        talk.socket().disconnectFromHost();
        QTRY_COMPARE(line.open(), 0);
    }

    void theLineMayBeRefusedOrMute()
    {
        FaultProxy line(m_server.port(), {.refuse = true});
        Talk refused(line.port());
        QTRY_COMPARE_WITH_TIMEOUT((refused.socket().waitForReadyRead(50), refused.socket().state()),
            QAbstractSocket::UnconnectedState, patience);
        line.setFaults({.mute = true});
        Talk mute(line.port());
        QVERIFY(mute.isGood());
        QVERIFY(!mute.socket().waitForReadyRead(300));
        line.endAll(LineFaults::End::Reset);
        QVERIFY(!mute.socket().waitForReadyRead(patience));
        QCOMPARE(mute.socket().state(), QAbstractSocket::UnconnectedState);
    }

    void theLineGivesByteByByte()
    {
        const QString user = m_server.addUser();
        const FaultProxy line(m_server.port(), {.largestPiece = 1});
        Talk talk(line.port());
        QVERIFY(talk.logIn(user));
        QVERIFY(talk.ask("CAPA").startsWith("+OK"));
        QVERIFY(talk.rest().endsWith("\r\n.\r\n"));
    }

    void theProxyProgramSaysWhereItListens()
    {
        const QString user = m_server.addUser();
        QProcess proxy;
        proxy.start(QCoreApplication::applicationDirPath() + u"/satchel-test-faultproxy"_s,
            {u"--round-trip"_s, u"60"_s, QString::number(m_server.port())});
        QVERIFY(proxy.waitForReadyRead(patience));
        const QByteArrayList ready = proxy.readAllStandardOutput().trimmed().split(' ');
        QCOMPARE(ready.value(0), "ready");
        QElapsedTimer timer;
        timer.start();
        Talk talk(ready.value(1).toUShort());
        QVERIFY(talk.logIn(user));
        QVERIFY(timer.elapsed() >= 4 * 60);
        proxy.closeWriteChannel();
        QVERIFY(proxy.waitForFinished(patience));
        QCOMPARE(proxy.exitCode(), 0);
    }

private:
    DovecotServer m_server;
};

QTEST_GUILESS_MAIN(TestServers)
#include "tst_servers.moc"
