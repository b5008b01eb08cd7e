// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/dialer.h"
#include "support/blackhole.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QSslSocket>
#include <QTcpServer>
#include <QTest>

using namespace satchel::net;
using namespace satchel::test;
using namespace Qt::StringLiterals;

namespace {

/// Answers with these addresses from the event loop.
Resolver knowing(const QList<QHostAddress> &addresses)
{
    return [addresses](const QString &host, QObject *context, const auto &found) {
        QHostInfo info;
        info.setHostName(host);
        info.setAddresses(addresses);
        QTimer::singleShot(0, context, [found, info] { found(info); });
    };
}

} // namespace

/// A host with several addresses: who answers first is the one (RFC 8305).
class TestDialer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row8_takesBothFamiliesInTurns()
    {
        const QHostAddress six(u"2001:db8::1"_s);
        const QHostAddress otherSix(u"2001:db8::2"_s);
        const QHostAddress four(u"192.0.2.1"_s);
        const QHostAddress otherFour(u"192.0.2.2"_s);
        QCOMPARE(Dialer::inTurns({six, otherSix, four, otherFour}), (QList{six, four, otherSix, otherFour}));
        QCOMPARE(Dialer::inTurns({four, six, otherSix}), (QList{four, six, otherSix}));
        QCOMPARE(Dialer::inTurns({four, four, otherFour}), (QList{four, otherFour}));
        QCOMPARE(Dialer::inTurns({}), QList<QHostAddress>());
        QList<QHostAddress> many;
        for (int i = 1; i < 200; ++i)
            many.append(QHostAddress(u"192.0.2.%1"_s.arg(i)));
        QCOMPARE(Dialer::inTurns(many).size(), 10);
    }

    void row8_anAddressThatDoesNotAnswerDelaysByAQuarterOfASecond_data()
    {
        QTest::addColumn<int>("silent");
        QTest::newRow("none") << 0;
        QTest::newRow("one") << 1;
        QTest::newRow("three") << 3;
    }

    void row8_anAddressThatDoesNotAnswerDelaysByAQuarterOfASecond()
    {
        QFETCH(const int, silent);
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        std::vector<std::unique_ptr<BlackHole>> holes;
        QList<QHostAddress> addresses;
        for (int i = 0; i < silent; ++i) {
            auto &hole = holes.emplace_back(std::make_unique<BlackHole>());
            QVERIFY(hole->listen(server.serverPort(), u"127.0.1.%1"_s.arg(i + 1)));
            addresses.append(hole->address());
        }
        addresses.append(QHostAddress::LocalHost);
        Dialer dialer(knowing(addresses));
        QSignalSpy connected(&dialer, &Dialer::connected);
        QSignalSpy failed(&dialer, &Dialer::failed);
        QElapsedTimer time;
        time.start();
        dialer.dial(u"mail.example.test"_s, server.serverPort(), QNetworkProxy::NoProxy);
        QVERIFY(dialer.isLookingUp());
        QTRY_COMPARE(connected.size(), 1);
        QVERIFY(failed.isEmpty());
        if (silent > 0)
            QVERIFY(time.durationElapsed() >= silent * Dialer::head);
        const std::unique_ptr<QSslSocket> socket = dialer.takeSocket();
        QVERIFY(socket);
        QCOMPARE(socket->state(), QAbstractSocket::ConnectedState);
        QCOMPARE(socket->peerAddress().toIPv4Address(), QHostAddress(QHostAddress::LocalHost).toIPv4Address());
        QTRY_VERIFY(server.hasPendingConnections());
    }

    void row8_anAddressThatRefusesIsFollowedAtOnce()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        // Nobody listens there: each refuses, and the next need not wait.
        Dialer dialer(knowing({QHostAddress(u"127.0.0.3"_s), QHostAddress(u"127.0.0.4"_s), QHostAddress(u"127.0.0.5"_s),
            QHostAddress(u"127.0.0.6"_s), QHostAddress::LocalHost}));
        QSignalSpy connected(&dialer, &Dialer::connected);
        dialer.dial(u"mail.example.test"_s, server.serverPort(), QNetworkProxy::NoProxy);
        QTRY_COMPARE(connected.size(), 1);
        QCOMPARE(dialer.takeSocket()->peerAddress(), QHostAddress(QHostAddress::LocalHost));
    }

    void row8_onlyTheFirstThatConnectsStays()
    {
        // Both answer, one while the other was begun already: what comes late is closed.
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::AnyIPv4));
        Dialer dialer(knowing({QHostAddress::LocalHost, QHostAddress(u"127.0.0.7"_s)}));
        QSignalSpy connected(&dialer, &Dialer::connected);
        dialer.dial(u"mail.example.test"_s, server.serverPort(), QNetworkProxy::NoProxy);
        QTRY_COMPARE(connected.size(), 1);
        const auto socket = dialer.takeSocket();
        QVERIFY(!dialer.takeSocket());
        QTRY_VERIFY(server.hasPendingConnections());
        int open = 0;
        while (QTcpSocket *peer = server.nextPendingConnection())
            open += peer->state() == QAbstractSocket::ConnectedState ? 1 : 0;
        QCOMPARE(open, 1);
        QCOMPARE(connected.size(), 1);
    }

    void row8_ofSeveralFailuresTheOneIsToldThatSaysMost()
    {
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost));
        const quint16 port = closed.serverPort();
        closed.close();
        // 255.255.255.255 cannot be connected to at all; the other is there, and refuses.
        Dialer dialer(knowing({QHostAddress::Broadcast, QHostAddress::LocalHost}));
        QSignalSpy failed(&dialer, &Dialer::failed);
        dialer.dial(u"mail.example.test"_s, port, QNetworkProxy::NoProxy);
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(dialer.failure(), Dialer::Failure::Unreachable);
        QCOMPARE(dialer.error(), QAbstractSocket::ConnectionRefusedError);
    }

    void row8_saysNothingOnceItIsGivenUp()
    {
        BlackHole hole;
        QVERIFY(hole.listen());
        auto dialer = std::make_unique<Dialer>(knowing({hole.address()}));
        QSignalSpy connected(dialer.get(), &Dialer::connected);
        QSignalSpy failed(dialer.get(), &Dialer::failed);
        dialer->dial(u"mail.example.test"_s, hole.port(), QNetworkProxy::NoProxy);
        QTRY_VERIFY(!dialer->isLookingUp());
        dialer.reset();
        QCoreApplication::processEvents();
        QVERIFY(connected.isEmpty() && failed.isEmpty());
    }

    void row8_aProxyIsAskedByTheName()
    {
        QTcpServer proxy;
        QVERIFY(proxy.listen(QHostAddress::LocalHost));
        QByteArray asked;
        connect(&proxy, &QTcpServer::newConnection, this, [&] {
            QTcpSocket *peer = proxy.nextPendingConnection();
            connect(peer, &QTcpSocket::readyRead, peer, [&asked, peer] {
                asked += peer->readAll();
                if (asked.contains("\r\n\r\n"))
                    peer->write("HTTP/1.1 200 OK\r\n\r\n");
            });
        });
        bool isLookedUp = false;
        Dialer dialer([&isLookedUp](const QString &, QObject *, const auto &) { isLookedUp = true; });
        QSignalSpy connected(&dialer, &Dialer::connected);
        dialer.dial(
            u"mail.example.test"_s, 995, QNetworkProxy(QNetworkProxy::HttpProxy, u"127.0.0.1"_s, proxy.serverPort()));
        QTRY_COMPARE(connected.size(), 1);
        QVERIFY2(asked.startsWith("CONNECT mail.example.test:995 "), asked);
        QVERIFY(!isLookedUp);
    }
};

QTEST_GUILESS_MAIN(TestDialer)
#include "tst_dialer.moc"
