// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/queuehouse.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::AccountState;
using sync::CheckQueue;
using sync::CheckResult;
using sync::ServerAnnouncement;
using House = QueueHouse;

/// Checks of a server that lets nobody in too often (LOGIN-DELAY): by themselves they wait, a person's wish is tried.
class TestLoginDelay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q16_getMailWaitsOnceTheServerHasRefusedIt();
    void F07_aWishIsTriedWhateverDelayTheServerAnnounced();
    void F07_aRefusedWishIsTriedAgainThoughTheAccountIsNeverCheckedByItself_data();
    void F07_aRefusedWishIsTriedAgainThoughTheAccountIsNeverCheckedByItself();
    void Q16_theDelayIsKeptAcrossARestart();
    void Q16_theDelayMayBeToldOnlyAfterTheLogin();
    void Q16_whatWasPostponedIsDoneByItself();
    void Q16_learnsADelayThatTheServerDoesNotAnnounce();
    void Q16_anotherServerIsNotMadeToWaitForTheLastOne();
};

void TestLoginDelay::Q16_getMailWaitsOnceTheServerHasRefusedIt()
{
    ServerQuirks quirks;
    quirks.loginDelay = 600;
    quirks.sasl.clear();
    House house(Maildrop::generated(1), quirks);
    QVERIFY(!house.check().error);
    quirks.answers.insert("PASS", "-ERR [LOGIN-DELAY] minimum time between mail checks violation");
    house.server.setQuirks(quirks);
    QCOMPARE(house.check().error.value_or(Error()).kind, ErrorKind::TooSoon);
    QSignalSpy postponed(house.queue.get(), &CheckQueue::postponed);
    house.queue->check({house.id()});
    QCOMPARE(postponed.size(), 1);
    const qint64 wait = QDateTime::currentDateTimeUtc().secsTo(postponed.first().at(1).toDateTime());
    QVERIFY2(wait > 500 && wait <= 605, qPrintable(QString::number(wait)));
    QCOMPARE(house.server.record().connections, 2);
    QVERIFY(!house.queue->isRunning());

    house.ahead = 606;
    quirks.answers.clear();
    house.server.setQuirks(quirks);
    house.server.addMessages({{"later", "Subject: later\r\n\r\nmail\r\n"}});
    QCOMPARE(house.check().stored, 1);
    // It has let somebody in: the next wish is tried at once again.
    QVERIFY(!house.check().error);
    QCOMPARE(postponed.size(), 1);
}

void TestLoginDelay::F07_aWishIsTriedWhateverDelayTheServerAnnounced()
{
    for (const int delay : {60, 600, 900, 172'800, 999'999'999}) {
        ServerQuirks quirks;
        quirks.capabilitiesAfterLogin = "LOGIN-DELAY " + QByteArray::number(delay);
        House house(Maildrop::generated(1), quirks);
        QVERIFY(!house.check().error);
        house.restart();
        QSignalSpy postponed(house.queue.get(), &CheckQueue::postponed);
        house.server.addMessages({{"later", "Subject: later\r\n\r\nmail\r\n"}});
        QCOMPARE(house.check().stored, 1);
        QVERIFY(postponed.isEmpty());
        // By itself it comes again when the delay is over, within the hour, and not sooner.
        QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
        house.queue->setScheduled(true);
        QVERIFY(checked.isEmpty() && !house.queue->isRunning());
        house.ahead = 3700;
        house.restart();
        QSignalSpy later(house.queue.get(), &CheckQueue::checked);
        house.queue->setScheduled(true);
        QTRY_COMPARE(later.size(), 1);
    }
}

void TestLoginDelay::F07_aRefusedWishIsTriedAgainThoughTheAccountIsNeverCheckedByItself_data()
{
    QTest::addColumn<QByteArray>("refusal");
    QTest::newRow("too soon") << QByteArray("-ERR [LOGIN-DELAY] minimum time between mail checks violation");
    QTest::newRow("in use") << QByteArray("-ERR [IN-USE] the mailbox is open elsewhere");
}

void TestLoginDelay::F07_aRefusedWishIsTriedAgainThoughTheAccountIsNeverCheckedByItself()
{
    QFETCH(QByteArray, refusal);
    ServerQuirks quirks;
    quirks.sasl.clear();
    House house(Maildrop::generated(1), quirks);
    house.harness.account().checkEveryMinutes = 0;
    house.restart();
    house.queue->setScheduled(true);
    quirks.answers.insert("PASS", refusal);
    house.server.setQuirks(quirks);
    QVERIFY(house.check().error);
    quirks.answers.clear();
    house.server.setQuirks(quirks);
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    QSignalSpy postponed(house.queue.get(), &CheckQueue::postponed);
    house.queue->setScheduled(true);
    QVERIFY(!house.queue->isRunning()); // not at once
    house.ahead = 70;
    house.queue->setScheduled(true); // looks at the clock again
    QTRY_COMPARE(checked.size(), 1);
    QCOMPARE(checked.first().first().value<CheckResult>().stored, 1);
    QVERIFY(postponed.isEmpty());
    // That was the wish, and no beginning of checks by itself.
    house.ahead = 7000;
    house.queue->setScheduled(true);
    QVERIFY(!house.queue->isRunning());
    QCOMPARE(house.server.record().connections, 2);
}

void TestLoginDelay::Q16_theDelayIsKeptAcrossARestart()
{
    ServerQuirks quirks;
    quirks.loginDelay = 600;
    House house(Maildrop::generated(1), quirks);
    QVERIFY(!house.check().error);
    house.restart();
    QSignalSpy started(house.queue.get(), &CheckQueue::started);
    QSignalSpy states(house.queue.get(), &CheckQueue::stateChanged);
    house.queue->setScheduled(true);
    QVERIFY(!states.isEmpty());
    const QDateTime next = states.constLast().constFirst().value<AccountState>().nextAt;
    const qint64 wait = QDateTime::currentDateTimeUtc().secsTo(next);
    QVERIFY2(wait > 500 && wait <= 605, qPrintable(QString::number(wait)));
    QCOMPARE(started.size(), 0);
    QCOMPARE(house.server.record().connections, 1);
}

void TestLoginDelay::Q16_theDelayMayBeToldOnlyAfterTheLogin()
{
    ServerQuirks quirks;
    quirks.capabilitiesAfterLogin = "LOGIN-DELAY 300 USER";
    House house(Maildrop::generated(1), quirks);
    QSignalSpy announced(house.queue.get(), &CheckQueue::announced);
    QVERIFY(!house.check().error);
    QCOMPARE(announced.size(), 1);
    QCOMPARE(announced.first().first().value<ServerAnnouncement>().loginDelay, 300);
}

void TestLoginDelay::Q16_whatWasPostponedIsDoneByItself()
{
    ServerQuirks quirks;
    quirks.loginDelay = 1; // and five more for clocks that differ
    quirks.sasl.clear();
    House house(Maildrop::generated(1), quirks);
    QVERIFY(!house.check().error);
    quirks.answers.insert("PASS", "-ERR [LOGIN-DELAY] minimum time between mail checks violation");
    house.server.setQuirks(quirks);
    QVERIFY(house.check().error);
    quirks.answers.clear();
    house.server.setQuirks(quirks);
    QSignalSpy postponed(house.queue.get(), &CheckQueue::postponed);
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    house.queue->check({house.id()});
    QCOMPARE(postponed.size(), 1);
    QTRY_COMPARE_WITH_TIMEOUT(checked.size(), 1, 60'000);
    QVERIFY(!checked.first().first().value<CheckResult>().error);
    QCOMPARE(house.server.record().logins, 2);
}

void TestLoginDelay::Q16_learnsADelayThatTheServerDoesNotAnnounce()
{
    ServerQuirks quirks;
    quirks.sasl.clear();
    House house(Maildrop::generated(1), quirks);
    QVERIFY(!house.check().error);
    quirks.answers.insert("PASS", "-ERR LOGIN TOO FREQUENT!");
    house.server.setQuirks(quirks);
    QSignalSpy announced(house.queue.get(), &CheckQueue::announced);
    const CheckResult result = house.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::TooSoon);
    QCOMPARE(announced.size(), 1);
    const auto server = announced.first().first().value<ServerAnnouncement>();
    QVERIFY(server.loginDelayLearned);
    QCOMPARE(server.loginDelay, 60);
    const int connections = house.server.record().connections;
    QSignalSpy postponed(house.queue.get(), &CheckQueue::postponed);
    house.queue->check({house.id()});
    QCOMPARE(postponed.size(), 1);
    QCOMPARE(house.server.record().connections, connections);
}

void TestLoginDelay::Q16_anotherServerIsNotMadeToWaitForTheLastOne()
{
    ServerQuirks quirks;
    quirks.loginDelay = 600;
    House house(Maildrop::generated(1), quirks);
    QVERIFY(!house.check().error);
    house.harness.account().host = QStringLiteral("localhost");
    house.queue->setAccounts({house.harness.account()});
    QVERIFY(!house.check().error);
    QCOMPARE(house.server.record().logins, 2);
}

QTEST_GUILESS_MAIN(TestLoginDelay)
#include "tst_logindelay.moc"
