// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/networkwatch.h"

#include <QSignalSpy>
#include <QTest>

using namespace satchel;
using Reachability = QNetworkInformation::Reachability;

class TestNetworkWatch : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysOnceThatTheNetworkIsBack();
    void saysNothingWhileTheNetworkStays();
    void saysThatTheInternetIsBackBehindALocalNetwork();
    void F15_saysThatAPortalLetsOneThrough();
    void F15_saysThatTheNetworkIsAnotherOne();
};

void TestNetworkWatch::F15_saysThatAPortalLetsOneThrough()
{
    NetworkWatch watch;
    watch.notePortal(false);
    QSignalSpy returned(&watch, &NetworkWatch::returned);
    watch.notePortal(true);
    QCOMPARE(returned.size(), 0);
    watch.notePortal(false);
    QCOMPARE(returned.size(), 1);
    watch.notePortal(false);
    QCOMPARE(returned.size(), 1);
}

void TestNetworkWatch::F15_saysThatTheNetworkIsAnotherOne()
{
    using Medium = QNetworkInformation::TransportMedium;
    NetworkWatch watch;
    watch.noteMedium(Medium::WiFi);
    QSignalSpy returned(&watch, &NetworkWatch::returned);
    watch.noteMedium(Medium::WiFi);
    watch.noteMedium(Medium::Unknown);
    watch.noteMedium(Medium::WiFi);
    QCOMPARE(returned.size(), 0);
    watch.noteMedium(Medium::Ethernet);
    QCOMPARE(returned.size(), 1);
}

void TestNetworkWatch::saysOnceThatTheNetworkIsBack()
{
    NetworkWatch watch;
    QSignalSpy returned(&watch, &NetworkWatch::returned);
    watch.note(Reachability::Disconnected);
    QCOMPARE(returned.size(), 0);
    watch.note(Reachability::Online);
    QCOMPARE(returned.size(), 1);
    watch.note(Reachability::Online);
    QCOMPARE(returned.size(), 1);
}

void TestNetworkWatch::saysNothingWhileTheNetworkStays()
{
    NetworkWatch watch;
    watch.note(Reachability::Online);
    QSignalSpy returned(&watch, &NetworkWatch::returned);
    watch.note(Reachability::Unknown); // a service that was restarted
    watch.note(Reachability::Online);
    watch.note(Reachability::Site);
    QCOMPARE(returned.size(), 0);
}

void TestNetworkWatch::saysThatTheInternetIsBackBehindALocalNetwork()
{
    NetworkWatch watch;
    watch.note(Reachability::Local);
    QSignalSpy returned(&watch, &NetworkWatch::returned);
    watch.note(Reachability::Online);
    QCOMPARE(returned.size(), 1);
}

QTEST_GUILESS_MAIN(TestNetworkWatch)
#include "tst_networkwatch.moc"
