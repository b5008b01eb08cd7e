// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/clockedcomputer.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/checkqueue.h"
#include "sync/forecast.h"

#include <QSignalSpy>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using namespace std::chrono_literals;
using sync::CheckResult;
using sync::ClockDoubt;

namespace {

constexpr auto day = 24h;

/// An account that leaves its mail on the server for 14 days, and a computer whose clocks are turned.
struct House {
    explicit House(int messages, const ServerQuirks &quirks = {})
        : server(Maildrop::generated(messages), quirks)
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.clock = computer.clock();
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        harness.account().retention = Retention::KeepDays;
        harness.account().keepDays = 14;
    }

    CheckResult check() { return harness.check(QStringLiteral("secret")); }
    /// Mail that the server has just received.
    void receive(const QByteArray &name)
    {
        const QByteArray date = computer.truth().toString(Qt::RFC2822Date).toLatin1();
        server.addMessages({{name,
            "Received: from a.example by mx.example; " + date + "\r\nSubject: " + name + "\r\nDate: " + date
                + "\r\n\r\nmail\r\n"}});
    }
    /// What the settings say that the next check does.
    sync::Forecast forecast()
    {
        const AccountId id = harness.account().id;
        const auto time = sync::timeOf(harness.writer(), id, computer.moment());
        const auto listing = sync::lastListing(harness.writer(), harness.account());
        if (!time || !listing || !*listing)
            qFatal("no forecast can be made");
        return sync::forecastOf(**listing, harness.ledger(), harness.account(), *time);
    }

    ClockedComputer computer;
    CheckHarness harness;
    ScriptedServer server;
};

} // namespace

/// F14 on the wire: what a clock that is wrong makes a check do, and what is said of it.
class TestClockSteps : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F14_aClockThatIsWrongOnceDeletesNothing_data();
    void F14_aClockThatIsWrongOnceDeletesNothing();
    void F14_fewOfManyThatCameIn1970Stay_data();
    void F14_fewOfManyThatCameIn1970Stay();
    void F14_whatWasFetchedIn2040GoesAfterItsDays();
    void F14_aHolidayDeletesWhatIsDueOneVisitLater();
    void F14_aHolidayWithoutMailDeletesWhatIsDueADayLater();
    void F14_theForecastSaysWhatTheCheckDoes();
    void F14_LOGIN_DELAY_ofAClockThatWasAheadDoesNotCloseTheServer();
    void F14_aRefusedMessageIsTriedAgainWhateverTheClockSaid();
};

void TestClockSteps::F14_aClockThatIsWrongOnceDeletesNothing_data()
{
    QTest::addColumn<int>("messages");
    QTest::addColumn<QDateTime>("first"); // the wall clock of the first check; invalid: the right one
    QTest::addColumn<int>("ahead"); // days, at the second
    const auto newYear = [](int year) { return QDateTime(QDate(year, 1, 1), QTime(0, 1), QTimeZone::UTC); };
    for (const int messages : {1, 15, 100, 300}) {
        QTest::addRow("%d, 40 days ahead", messages) << messages << QDateTime() << 40;
        QTest::addRow("%d, 14 days ahead", messages) << messages << QDateTime() << 14;
        QTest::addRow("%d, fetched in 1970", messages) << messages << newYear(1970) << 0;
        QTest::addRow("%d, fetched in 2020", messages) << messages << newYear(2020) << 0;
    }
}

void TestClockSteps::F14_aClockThatIsWrongOnceDeletesNothing()
{
    QFETCH(const int, messages);
    QFETCH(const QDateTime, first);
    QFETCH(const int, ahead);
    House house(messages);
    if (first.isValid())
        house.computer.setTo(first);
    QCOMPARE(house.check().stored, messages);
    QCOMPARE(house.server.messages().size(), messages);
    house.computer.pass(15min);
    house.computer.set(ahead * day);
    const CheckResult held = house.check();
    QVERIFY(!held.error);
    QCOMPARE(held.deletedOnServer, 0);
    QCOMPARE(held.heldDeletions, 0);
    QCOMPARE(held.leftOnServer, messages);
    QCOMPARE(held.clock, ClockDoubt::Stepped);
    QCOMPARE(held.unconfirmedDeletions, messages);
    QVERIFY2(held.unconfirmedText.contains(QStringLiteral("clock")), qPrintable(held.unconfirmedText));
    QVERIFY(house.server.record().deleted.isEmpty());
    // And when its days have passed, it goes.
    house.computer.pass(14 * day);
    const CheckResult later = house.check();
    QCOMPARE(later.deletedOnServer + later.heldDeletions, messages);
    QCOMPARE(later.unconfirmedDeletions, 0);
}

void TestClockSteps::F14_fewOfManyThatCameIn1970Stay_data()
{
    QTest::addColumn<int>("before");
    QTest::addColumn<int>("wrong");
    QTest::newRow("5 of 15") << 10 << 5;
    QTest::newRow("20 of 100") << 80 << 20;
}

void TestClockSteps::F14_fewOfManyThatCameIn1970Stay()
{
    QFETCH(const int, before);
    QFETCH(const int, wrong);
    House house(before);
    QCOMPARE(house.check().stored, before);
    house.computer.turnOff(2h);
    house.computer.setTo(QDateTime(QDate(1970, 1, 1), QTime(0, 1), QTimeZone::UTC));
    for (int i = 0; i < wrong; ++i)
        house.receive("wrong-" + QByteArray::number(i));
    QCOMPARE(house.check().stored, wrong);
    house.computer.turnOff(2h);
    house.computer.set(0h);
    for (int i = 0; i < 3; ++i) {
        const CheckResult result = house.check();
        QVERIFY(!result.error);
        QCOMPARE(result.deletedOnServer, 0);
        QCOMPARE(result.heldDeletions, 0);
        house.computer.pass(13h);
    }
    QCOMPARE(house.server.messages().size(), before + wrong);
}

void TestClockSteps::F14_whatWasFetchedIn2040GoesAfterItsDays()
{
    House house(15);
    house.computer.setTo(QDateTime(QDate(2040, 1, 1), QTime(0, 1), QTimeZone::UTC));
    QCOMPARE(house.check().stored, 15);
    house.computer.set(0h);
    house.computer.pass(14 * day - 1h);
    QCOMPARE(house.check().deletedOnServer, 0);
    house.computer.pass(2h);
    QCOMPARE(house.check().deletedOnServer, 15);
}

void TestClockSteps::F14_aHolidayDeletesWhatIsDueOneVisitLater()
{
    House house(15);
    QCOMPARE(house.check().stored, 15);
    house.computer.pass(15min);
    house.receive("before");
    QCOMPARE(house.check().stored, 1);
    house.computer.turnOff(21 * day);
    house.receive("after");
    const CheckResult first = house.check();
    QCOMPARE(first.stored, 1);
    QCOMPARE(first.deletedOnServer, 0);
    house.computer.pass(15min);
    QCOMPARE(house.check().deletedOnServer, 16);
    QCOMPARE(house.server.messages().size(), 1);
}

void TestClockSteps::F14_aHolidayWithoutMailDeletesWhatIsDueADayLater()
{
    House house(15);
    QCOMPARE(house.check().stored, 15);
    house.computer.turnOff(21 * day);
    const CheckResult first = house.check();
    QCOMPARE(first.deletedOnServer, 0);
    QCOMPARE(first.clock, ClockDoubt::Unconfirmed);
    QCOMPARE(first.unconfirmedDeletions, 15);
    QVERIFY(!first.unconfirmedText.isEmpty());
    house.computer.pass(25h);
    const CheckResult second = house.check();
    QCOMPARE(second.deletedOnServer, 15);
    QCOMPARE(second.clock, ClockDoubt::None);
}

void TestClockSteps::F14_theForecastSaysWhatTheCheckDoes()
{
    House house(15);
    QCOMPARE(house.check().stored, 15);
    const auto agrees = [&house] {
        const sync::Forecast forecast = house.forecast();
        const CheckResult result = house.check();
        return !result.error && forecast.deletes == result.deletedOnServer && forecast.stays == result.leftOnServer
            && (forecast.stays == 0 || forecast.nextDue > house.computer.moment().wall);
    };
    house.computer.set(40 * day);
    QVERIFY(agrees());
    QCOMPARE(house.forecast().deletes, 0);
    // As the person's clock will show it.
    QVERIFY(qAbs(house.forecast().nextDue.secsTo(house.computer.moment().wall.addDays(14))) < 600);
    house.computer.turnOff(7 * day);
    QVERIFY(agrees());
    house.computer.set(0h);
    house.computer.pass(2 * day);
    QVERIFY(agrees());
    for (int i = 0; i < 30; ++i) {
        house.computer.pass(12h);
        QVERIFY(agrees());
    }
    QCOMPARE(house.server.messages().size(), 0);
}

void TestClockSteps::F14_LOGIN_DELAY_ofAClockThatWasAheadDoesNotCloseTheServer()
{
    ServerQuirks quirks;
    quirks.loginDelay = 600;
    House house(1, quirks);
    house.computer.setTo(QDateTime(QDate(2040, 1, 1), QTime(0, 1), QTimeZone::UTC));
    sync::CheckQueue queue(house.harness.writer(), house.harness.connectTo, house.computer.clock());
    (void)house.harness.writer().updateAccount(house.harness.account());
    queue.setAccounts({house.harness.account()});
    net::Credentials credentials;
    credentials.userName = QStringLiteral("alice");
    credentials.password = QStringLiteral("secret");
    queue.setCredentials(house.harness.account().id, credentials);
    QSignalSpy checked(&queue, &sync::CheckQueue::checked);
    queue.check({house.harness.account().id});
    QTRY_COMPARE(checked.size(), 1);
    house.computer.set(0h);
    queue.setAccounts({house.harness.account()}); // as whatever looks at the schedule again
    house.computer.pass(11min);
    queue.setScheduled(true); // what a person asks for waits for no delay
    QTRY_COMPARE(checked.size(), 2);
    QVERIFY(!checked.at(1).constFirst().value<CheckResult>().error);
}

void TestClockSteps::F14_aRefusedMessageIsTriedAgainWhateverTheClockSaid()
{
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR [SYS/TEMP] cannot read that one");
    House house(3, quirks);
    house.computer.setTo(QDateTime(QDate(2040, 1, 1), QTime(0, 1), QTimeZone::UTC));
    QCOMPARE(house.check().failedMessages, 1);
    house.server.setQuirks({});
    house.computer.set(0h);
    house.computer.pass(30min);
    QCOMPARE(house.check().stored, 0); // it rests for an hour
    house.computer.pass(31min);
    QCOMPARE(house.check().stored, 1);
}

QTEST_GUILESS_MAIN(TestClockSteps)
#include "tst_clocksteps.moc"
