// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/countedmailbox.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;
using namespace satchel::sync;
using namespace std::chrono_literals;

namespace {

constexpr auto day = 24h;

/// Visits each hour for so long, with nothing new.
int dueAfter(CountedMailbox &mailbox, ClockedComputer &computer, std::chrono::hours time)
{
    int due = 0;
    for (auto passed = 0h; passed < time; passed += 1h) {
        computer.pass(1h);
        due = mailbox.due(mailbox.visit(computer));
    }
    return due;
}

/// So many days of an office: on for ten hours, off for fourteen. Answers what was due on the last evening.
int dueAfterOfficeDays(CountedMailbox &mailbox, ClockedComputer &computer, int days, bool mailComes)
{
    int due = 0;
    const qsizetype first = mailbox.messages.size();
    for (int i = 0; i < days; ++i) {
        const auto receive = [&] {
            due = mailbox.due(mailbox.visit(computer, computer.truth().addSecs(-60)));
            mailbox.messages.resize(first);
        };
        due = dueAfter(mailbox, computer, 10h);
        if (mailComes)
            receive();
        const int evening = due;
        computer.turnOff(14h);
        if (mailComes)
            receive();
        due = evening;
    }
    return due;
}

} // namespace

/// F14: a day counts for a deletion only where something else than the wall clock says so.
class TestCountedTime : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F14_aClockThatIsSetAheadOnceMakesNothingDue_data();
    void F14_aClockThatIsSetAheadOnceMakesNothingDue();
    void F14_daysAreCountedRightlyWhileTheClockIsWrong();
    void F14_whatWasFetchedByAClockThatWasWrongIsNotDueByTheRightOne_data();
    void F14_whatWasFetchedByAClockThatWasWrongIsNotDueByTheRightOne();
    void F14_whatWasFetchedByAClockThatWasWrongGoesAfterItsDays_data();
    void F14_whatWasFetchedByAClockThatWasWrongGoesAfterItsDays();
    void F14_aWrongDateAtOneStartOfTheComputerIsForgotten_data();
    void F14_aWrongDateAtOneStartOfTheComputerIsForgotten();
    void F14_threeWeeksAsleepAreThreeWeeks();
    void F14_threeWeeksOffCountOnceADayAgrees();
    void F14_threeWeeksOffCountAsSoonAsMailWasReceivedSince();
    void F14_threeWeeksOffDoNotMakeOldWhatCameSince();
    void F14_timeOffThatIsKnownLaterDoesNotMakeOldWhatCameSince_data();
    void F14_timeOffThatIsKnownLaterDoesNotMakeOldWhatCameSince();
    void F14_mailFromBeforeThatIsMovedInProvesNothing();
    void F14_mailThatComesShowsAClockThatRunsAhead();
    void F14_anOfficeThatIsOffAtNightDeletesInTime_data();
    void F14_anOfficeThatIsOffAtNightDeletesInTime();
    void F14_aComputerThatIsOnForMinutesEachEveningDeletesToo();
    void F14_aBatteryThatIsDeadAtEachStartDeletesToo();
    void F14_withoutABootClockTheDaysCountWhenTheyAgree();
    void F14_twoComputersThatShareAProfileCountOneTime();
    void F14_oneOfTwoComputersIsAYearAhead();
    void F14_anHourOfSummertimeSetByHandCountsNothing();
    void F14_aClockThatGainsADayAtEachStartIsFoundOutByMail();
    void F14_aStoreThatWasNeverCountedIsInDoubtFirst();
    void F14_whatIsStoredInTheFutureWasStoredNowAtTheLatest();
    void F14_whatALongVisitStoredIsNoOlderThanThat();
    void F14_saysThatTheClockJumpedForADayAndNoLonger();
    void F14_theYear2038AndTheYear2040OverflowNothing();
    void F14_aRecordThatCannotBeReadIsNone();
};

void TestCountedTime::F14_aClockThatIsSetAheadOnceMakesNothingDue_data()
{
    QTest::addColumn<int>("days");
    for (const int days : {1, 13, 14, 15, 40, 365, 3653})
        QTest::addRow("%d days", days) << days;
}

void TestCountedTime::F14_aClockThatIsSetAheadOnceMakesNothingDue()
{
    QFETCH(const int, days);
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.pass(15min);
    computer.set(days * day);
    for (int i = 0; i < 100; ++i) {
        const CountedTime time = mailbox.visit(computer);
        QCOMPARE(mailbox.due(time), 0);
        QCOMPARE(mailbox.seemDue(time), days >= keepDays ? 15 : 0);
        QCOMPARE(time.doubt(), days > 1 ? ClockDoubt::Stepped : ClockDoubt::None);
        computer.pass(5min);
    }
    computer.set(0h);
    QCOMPARE(mailbox.seemDue(mailbox.visit(computer)), 0);
}

void TestCountedTime::F14_daysAreCountedRightlyWhileTheClockIsWrong()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.set(40 * day);
    QCOMPARE(dueAfter(mailbox, computer, keepDays * day - 1h), 0);
    QCOMPARE(dueAfter(mailbox, computer, 2h), 15);
}

void TestCountedTime::F14_whatWasFetchedByAClockThatWasWrongIsNotDueByTheRightOne_data()
{
    QTest::addColumn<QDateTime>("wall");
    QTest::addColumn<bool>("startsAnew"); // in between
    QTest::addColumn<int>("ageOfMail"); // days; -1: no Received at all
    for (const int year : {1970, 2000, 2020, 2025, 2040}) {
        for (const bool startsAnew : {false, true}) {
            for (const int age : {0, 21, 3000, -1}) {
                QTest::addRow("%d %s %d", year, startsAnew ? "anew" : "on", age)
                    << QDateTime(QDate(year, 1, 1), QTime(0, 1), QTimeZone::UTC) << startsAnew << age;
            }
        }
    }
}

void TestCountedTime::F14_whatWasFetchedByAClockThatWasWrongIsNotDueByTheRightOne()
{
    QFETCH(const QDateTime, wall);
    QFETCH(const bool, startsAnew);
    QFETCH(const int, ageOfMail);
    ClockedComputer computer;
    computer.setTo(wall);
    CountedMailbox mailbox;
    const QDateTime received = computer.truth().addDays(-ageOfMail);
    (void)mailbox.visit(computer, received, 15);
    if (ageOfMail < 0) {
        mailbox.record = {};
        mailbox.messages.clear();
        (void)mailbox.visit(computer);
        mailbox.messages.fill({mailbox.record.line, computer.truth()}, 15);
    }
    if (startsAnew)
        computer.turnOff(2h);
    computer.set(0h);
    const CountedTime time = mailbox.visit(computer);
    QCOMPARE(mailbox.due(time), 0);
    if (wall < computer.truth() && !startsAnew) {
        QCOMPARE(mailbox.seemDue(time), 15);
        QCOMPARE(time.doubt(), ClockDoubt::Stepped);
    }
    QCOMPARE(dueAfter(mailbox, computer, keepDays * day - 3h), 0);
}

void TestCountedTime::F14_whatWasFetchedByAClockThatWasWrongGoesAfterItsDays_data()
{
    QTest::addColumn<int>("year");
    QTest::addColumn<bool>("office");
    QTest::addColumn<bool>("mailComes");
    for (const int year : {1970, 2020, 2040}) {
        QTest::addRow("%d on", year) << year << false << false;
        QTest::addRow("%d off at night", year) << year << true << false;
        QTest::addRow("%d off at night, mail comes", year) << year << true << true;
    }
}

void TestCountedTime::F14_whatWasFetchedByAClockThatWasWrongGoesAfterItsDays()
{
    QFETCH(const int, year);
    QFETCH(const bool, office);
    QFETCH(const bool, mailComes);
    ClockedComputer computer;
    computer.setTo(QDateTime(QDate(year, 1, 1), QTime(0, 1), QTimeZone::UTC));
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addDays(-1), 5);
    computer.set(0h);
    if (!office) {
        QCOMPARE(dueAfter(mailbox, computer, keepDays * day), 5);
        return;
    }
    QCOMPARE(dueAfterOfficeDays(mailbox, computer, keepDays - 1, mailComes), 0);
    QCOMPARE(dueAfterOfficeDays(mailbox, computer, 7, mailComes), 5);
}

void TestCountedTime::F14_aWrongDateAtOneStartOfTheComputerIsForgotten_data()
{
    QTest::addColumn<int>("days"); // by which the clock is wrong
    for (const int days : {-20'000, -40, -1, 1, 40, 399, 20'000})
        QTest::addRow("%d", days) << days;
}

void TestCountedTime::F14_aWrongDateAtOneStartOfTheComputerIsForgotten()
{
    QFETCH(const int, days);
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    QCOMPARE(dueAfter(mailbox, computer, 5 * day), 0);
    computer.turnOff(1h);
    computer.set(days * day);
    QCOMPARE(dueAfter(mailbox, computer, 20h), 0);
    computer.turnOff(1h);
    computer.set(0h);
    QCOMPARE(dueAfter(mailbox, computer, 7 * day), 0); // in truth it is the thirteenth day
    QCOMPARE(dueAfter(mailbox, computer, 3 * day), 15);
}

void TestCountedTime::F14_threeWeeksAsleepAreThreeWeeks()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.pass(21 * day);
    QCOMPARE(mailbox.due(mailbox.visit(computer)), 15);
}

void TestCountedTime::F14_threeWeeksOffCountOnceADayAgrees()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.turnOff(21 * day);
    const CountedTime time = mailbox.visit(computer);
    QCOMPARE(mailbox.due(time), 0);
    QCOMPARE(mailbox.seemDue(time), 15);
    QCOMPARE(time.doubt(), ClockDoubt::Unconfirmed);
    QCOMPARE(dueAfter(mailbox, computer, 23h), 0);
    QCOMPARE(dueAfter(mailbox, computer, 2h), 15); // visits more than a day apart have found them due
}

void TestCountedTime::F14_threeWeeksOffCountAsSoonAsMailWasReceivedSince()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.pass(15min);
    (void)mailbox.visit(computer, computer.truth().addSecs(-300)); // mail comes as usual
    computer.turnOff(21 * day);
    QCOMPARE(mailbox.due(mailbox.visit(computer, computer.truth().addSecs(-3600))), 0);
    computer.pass(15min);
    const CountedTime next = mailbox.visit(computer); // one visit later
    QCOMPARE(mailbox.due(next), 16);
    QCOMPARE(next.doubt(), ClockDoubt::None);
}

void TestCountedTime::F14_threeWeeksOffDoNotMakeOldWhatCameSince()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.turnOff(21 * day);
    (void)mailbox.visit(computer, computer.truth().addDays(-20), 5);
    QCOMPARE(dueAfter(mailbox, computer, 5 * day), 15);
    QCOMPARE(dueAfter(mailbox, computer, 8 * day), 15);
    QCOMPARE(dueAfter(mailbox, computer, 2 * day), 20);
}

void TestCountedTime::F14_timeOffThatIsKnownLaterDoesNotMakeOldWhatCameSince_data()
{
    QTest::addColumn<int>("minutes"); // from the first mail until the network has set the clock
    for (const int minutes : {0, 1, 60})
        QTest::addRow("%d minutes", minutes) << minutes;
}

/// A battery that is dead: the first mail of a start is noted before it is known how long the computer was off.
void TestCountedTime::F14_timeOffThatIsKnownLaterDoesNotMakeOldWhatCameSince()
{
    QFETCH(const int, minutes);
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer);
    computer.turnOff(21 * day);
    computer.setTo(QDateTime(QDate(1970, 1, 1), QTime(0, 1), QTimeZone::UTC));
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.pass(std::chrono::minutes(minutes));
    computer.set(0h);
    QCOMPARE(mailbox.due(mailbox.visit(computer)), 0);
    QCOMPARE(dueAfter(mailbox, computer, keepDays * day - 3h), 0);
    QCOMPARE(dueAfter(mailbox, computer, 3h + 2 * day), 15);
}

void TestCountedTime::F14_mailFromBeforeThatIsMovedInProvesNothing()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.turnOff(1h);
    computer.set(40 * day);
    (void)mailbox.visit(computer, computer.truth().addDays(-300), 5);
    computer.pass(15min);
    QCOMPARE(mailbox.due(mailbox.visit(computer)), 0);
}

void TestCountedTime::F14_mailThatComesShowsAClockThatRunsAhead()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.turnOff(1h);
    computer.set(40 * day); // and stays so, for weeks, with mail twice a day
    for (int i = 0; i < 26; ++i) {
        QCOMPARE(mailbox.due(mailbox.visit(computer, computer.truth().addSecs(-60))), 0);
        mailbox.messages.resize(15);
        QCOMPARE(dueAfter(mailbox, computer, 12h), 0);
    }
    QCOMPARE(dueAfter(mailbox, computer, 26h), 15);
}

void TestCountedTime::F14_anOfficeThatIsOffAtNightDeletesInTime_data()
{
    QTest::addColumn<bool>("mailComes");
    QTest::addColumn<int>("late"); // days
    QTest::newRow("mail comes") << true << 1;
    QTest::newRow("no mail comes") << false << 3;
}

void TestCountedTime::F14_anOfficeThatIsOffAtNightDeletesInTime()
{
    QFETCH(const bool, mailComes);
    QFETCH(const int, late);
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    QCOMPARE(dueAfterOfficeDays(mailbox, computer, keepDays, mailComes), 0);
    QCOMPARE(dueAfterOfficeDays(mailbox, computer, late, mailComes), 15);
}

void TestCountedTime::F14_aComputerThatIsOnForMinutesEachEveningDeletesToo()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    int due = 0;
    for (int i = 0; i < keepDays + 6; ++i) {
        QCOMPARE(due, 0);
        computer.pass(5min);
        computer.turnOff(day - 5min);
        due = i < keepDays ? mailbox.due(mailbox.visit(computer)) : 0;
        if (i >= keepDays)
            (void)mailbox.visit(computer);
    }
    QCOMPARE(mailbox.due(mailbox.visit(computer)), 15);
}

void TestCountedTime::F14_aBatteryThatIsDeadAtEachStartDeletesToo()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    int due = 0;
    for (int i = 0; i < keepDays + 5; ++i) {
        if (i < keepDays)
            QCOMPARE(due, 0);
        (void)dueAfter(mailbox, computer, 10h);
        computer.turnOff(14h);
        computer.setTo(QDateTime(QDate(2020, 1, 1), QTime(0, 0), QTimeZone::UTC));
        (void)mailbox.visit(computer); // before the network has set the clock
        computer.pass(1min);
        computer.set(0h);
        due = mailbox.due(mailbox.visit(computer));
    }
    QCOMPARE(due, 15);
}

void TestCountedTime::F14_withoutABootClockTheDaysCountWhenTheyAgree()
{
    ClockedComputer computer;
    computer.loseBootClock();
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    QCOMPARE(dueAfter(mailbox, computer, keepDays * day), 0);
    QCOMPARE(dueAfter(mailbox, computer, 8 * day), 15);
    // And a clock that is set ahead for an hour deletes nothing.
    CountedMailbox other;
    (void)other.visit(computer, computer.truth().addSecs(-60), 15);
    computer.set(40 * day);
    QCOMPARE(dueAfter(other, computer, 1h), 0);
    computer.set(0h);
    QCOMPARE(dueAfter(other, computer, 5 * day), 0);
}

void TestCountedTime::F14_twoComputersThatShareAProfileCountOneTime()
{
    ClockedComputer desk;
    ClockedComputer laptop;
    CountedMailbox mailbox;
    const auto passOnBoth = [&](ClockedComputer::Duration time) {
        desk.pass(time);
        laptop.pass(time);
    };
    laptop.set(3min); // clocks never agree
    (void)mailbox.visit(desk, desk.truth().addSecs(-60), 15);
    for (int hour = 0; hour < keepDays * 24 - 2; ++hour) {
        passOnBoth(1h);
        QCOMPARE(mailbox.due(mailbox.visit(hour % 3 == 0 ? laptop : desk)), 0);
    }
    passOnBoth(3h);
    (void)mailbox.visit(laptop);
    QCOMPARE(mailbox.due(mailbox.visit(desk)), 15);
}

void TestCountedTime::F14_oneOfTwoComputersIsAYearAhead()
{
    ClockedComputer desk;
    ClockedComputer laptop;
    laptop.set(365 * day);
    CountedMailbox mailbox;
    (void)mailbox.visit(desk, desk.truth().addSecs(-60), 15);
    for (int hour = 0; hour < keepDays * 24 - 2; ++hour) {
        desk.pass(1h);
        laptop.pass(1h);
        QCOMPARE(mailbox.due(mailbox.visit(hour % 2 == 0 ? laptop : desk)), 0);
    }
    desk.pass(3h);
    QCOMPARE(mailbox.due(mailbox.visit(desk)), 15);
}

void TestCountedTime::F14_anHourOfSummertimeSetByHandCountsNothing()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    for (int i = 0; i < 2 * (keepDays * 24 - 1); ++i) {
        computer.set(i % 2 == 0 ? 1h : 0h);
        computer.pass(30min);
        const CountedTime time = mailbox.visit(computer);
        QCOMPARE(mailbox.due(time), 0);
        QCOMPARE(time.doubt(), ClockDoubt::None);
    }
    QCOMPARE(dueAfter(mailbox, computer, 2h), 15);
}

void TestCountedTime::F14_aClockThatGainsADayAtEachStartIsFoundOutByMail()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    for (int i = 1; i < keepDays; ++i) {
        QCOMPARE(dueAfter(mailbox, computer, 10h), 0);
        computer.turnOff(14h);
        computer.set(i * day);
        QCOMPARE(mailbox.due(mailbox.visit(computer, computer.truth().addSecs(-60))), 0);
        mailbox.messages.resize(15);
    }
}

void TestCountedTime::F14_aStoreThatWasNeverCountedIsInDoubtFirst()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    mailbox.messages.fill({computer.truth().addDays(-20).toMSecsSinceEpoch(), computer.truth().addDays(-20)}, 15);
    QCOMPARE(mailbox.due(mailbox.visit(computer)), 0);
    QCOMPARE(dueAfter(mailbox, computer, 25h), 15);
}

void TestCountedTime::F14_whatIsStoredInTheFutureWasStoredNowAtTheLatest()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    mailbox.messages.fill({computer.truth().addYears(14).toMSecsSinceEpoch(), computer.truth()}, 15);
    QCOMPARE(mailbox.due(mailbox.visit(computer)), 0);
    QCOMPARE(dueAfter(mailbox, computer, keepDays * day - 1h), 0);
    QCOMPARE(dueAfter(mailbox, computer, 2h), 15);
}

void TestCountedTime::F14_whatALongVisitStoredIsNoOlderThanThat()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer);
    computer.pass(3h); // a slow line
    mailbox.messages.fill({mailbox.record.line + qint64(3h / 1ms), computer.truth()}, 15);
    computer.turnOff(21 * day);
    QCOMPARE(mailbox.due(mailbox.visit(computer)), 0);
    QCOMPARE(mailbox.seemDue(mailbox.visit(computer)), 15);
}

void TestCountedTime::F14_saysThatTheClockJumpedForADayAndNoLonger()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.set(40 * day);
    QCOMPARE(mailbox.visit(computer).doubt(), ClockDoubt::Stepped);
    computer.pass(12h);
    QCOMPARE(mailbox.visit(computer).doubt(), ClockDoubt::Stepped);
    computer.pass(13h);
    const CountedTime later = mailbox.visit(computer);
    QCOMPARE(later.doubt(), ClockDoubt::None);
    QCOMPARE(mailbox.due(later), 0);
    // What a person reads is told by the clock that the person sees.
    const QDateTime end = later.endOf(keepDays, CountedMailbox::noted(mailbox.messages.constFirst()));
    QCOMPARE(end, later.wall().addSecs(qint64((keepDays * day - 25h) / 1s)));
}

void TestCountedTime::F14_theYear2038AndTheYear2040OverflowNothing()
{
    ClockedComputer computer(QDateTime(QDate(2038, 1, 19), QTime(3, 0), QTimeZone::UTC));
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    QCOMPARE(dueAfter(mailbox, computer, keepDays * day - 1h), 0);
    QCOMPARE(dueAfter(mailbox, computer, 2h), 15);
    const CountedTime time(QDateTime(QDate(2040, 1, 1), QTime(0, 0), QTimeZone::UTC));
    QVERIFY(time.havePassed(365 * 14, QDateTime(QDate(2026, 1, 1), QTime(0, 0), QTimeZone::UTC)));
    QVERIFY(!time.havePassed(std::numeric_limits<int>::max(), QDateTime::fromMSecsSinceEpoch(1, QTimeZone::UTC)));
    QVERIFY(time.endOf(std::numeric_limits<int>::max(), time.now()) > time.now());
}

void TestCountedTime::F14_aRecordThatCannotBeReadIsNone()
{
    ClockedComputer computer;
    CountedMailbox mailbox;
    (void)mailbox.visit(computer, computer.truth().addSecs(-60), 15);
    computer.turnOff(21 * day);
    (void)mailbox.visit(computer);
    const QByteArray good = packed(mailbox.record);
    QCOMPARE(packed(unpackedClock(good)), good);
    for (qsizetype length = 0; length < good.size(); ++length)
        QCOMPARE(unpackedClock(good.left(length)).line, 0);
}

QTEST_GUILESS_MAIN(TestCountedTime)
#include "tst_countedtime.moc"
