// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/clockedcomputer.h"
#include "sync/clockwatch.h"
#include "sync/schedule.h"

#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include <limits>

using namespace satchel;
using namespace satchel::sync;

namespace {

const QDateTime now(QDate(2026, 11, 20), QTime(12, 0), QTimeZone::UTC);

AccountSettings account(int minutes = 15)
{
    AccountSettings settings;
    settings.host = QStringLiteral("pop.example.org");
    settings.checkEveryMinutes = minutes;
    return settings;
}

std::optional<qint64> secondsUntilNext(const AccountSettings &settings, int failures, ErrorKind kind)
{
    const auto next = nextCheck(settings, {now, failures, kind, 0}, now);
    return next ? std::optional(now.secsTo(*next)) : std::nullopt;
}

} // namespace

class TestSchedule : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checksAtOnceAfterTheStart();
    void checksAgainAfterTheInterval();
    void neverChecksByItselfWhereThePersonSaidSo();
    void Q15_comesBackSoonToAMailboxInUse();
    void comesBackAfterTroubleOnTheNetworkButNotLaterThanTheInterval();
    void Q16_waitsAsLongAsTheServerAsks();
    void Q16_waitsAcrossRestartsForTheLastLogin();
    void Q16_aClockThatIsPutBackMakesNobodyWaitLonger();
    void F07_believesNoDelayOfMoreThanAnHour();
    void F07_aWishWaitsForNoDelayThatWasOnlyAnnounced();
    void F07_aWishThatWasRefusedWaitsAQuarterOfAnHourAtMost();
    void Q16_learnsLongerDelaysUpToAQuarterOfAnHour();
    void anOccasionIsTakenSoonAfterTroubleAndNotSoonAfterSuccess();
    void F15_aRefusedPasswordIsLookedAtAgainWhenTheNetworkChangesInWideDistances();
    void F04_F15_whatMayPassIsTriedAfterOneFiveAndFifteenMinutes_data();
    void F04_F15_whatMayPassIsTriedAfterOneFiveAndFifteenMinutes();
    void F15_damageWaitsForTheIntervalAndNotForAPerson();
    void noticesThatTheComputerSlept();
    void aTickThatIsLateIsNoSleep();
    void F14_aClockThatIsSetIsNoSleep_data();
    void F14_aClockThatIsSetIsNoSleep();
    void Q18_waitsForThePersonAfterAWrongPassword();
    void Q52_checksAtOnceWhenTheClockWasPutBack();
};

void TestSchedule::Q16_waitsAcrossRestartsForTheLastLogin()
{
    CheckHistory history;
    history.loginDelay = 600;
    history.loginAt = now.addSecs(-100);
    QCOMPARE(earliestLogin(history, now), std::optional(now.addSecs(505)));
    QCOMPARE(nextCheck(account(), history, now), std::optional(now.addSecs(505)));
    QCOMPARE(earliestLogin(history, now.addSecs(505)), std::nullopt);
    QCOMPARE(nextCheck(account(), history, now.addSecs(1000)), std::optional(now.addSecs(1000)));
}

void TestSchedule::Q16_aClockThatIsPutBackMakesNobodyWaitLonger()
{
    CheckHistory history;
    history.loginDelay = 600;
    history.loginAt = now.addYears(1);
    QCOMPARE(earliestLogin(history, now), std::optional(now.addSecs(605)));
    history.finishedAt = now.addYears(1);
    QCOMPARE(nextCheck(account(20), history, now), std::optional(now.addSecs(605)));
}

void TestSchedule::F07_believesNoDelayOfMoreThanAnHour()
{
    CheckHistory history;
    history.loginAt = now;
    for (const int delay : {3600, 172'800, 999'999'999, std::numeric_limits<int>::max()}) {
        history.loginDelay = delay;
        QCOMPARE(earliestLogin(history, now), std::optional(now.addSecs(3605)));
        history.finishedAt = {};
        QCOMPARE(nextCheck(account(), history, now), std::optional(now.addSecs(3605)));
        history.finishedAt = now;
        QCOMPARE(nextCheck(account(), history, now), std::optional(now.addSecs(3605)));
        QCOMPARE(occasionalCheck(account(), history, now), std::optional(now.addSecs(3605)));
    }
}

void TestSchedule::F07_aWishWaitsForNoDelayThatWasOnlyAnnounced()
{
    CheckHistory history;
    history.loginAt = now;
    for (const int delay : {1, 60, 600, 900, 901, 172'800, 999'999'999}) {
        history.loginDelay = delay;
        QCOMPARE(earliestWish(history, now), std::nullopt);
        QVERIFY(earliestLogin(history, now));
    }
}

void TestSchedule::F07_aWishThatWasRefusedWaitsAQuarterOfAnHourAtMost()
{
    CheckHistory history;
    history.loginAt = now;
    history.loginDelay = 600;
    history.tooSoonAt = now.addSecs(100);
    QCOMPARE(earliestWish(history, now.addSecs(100)), std::optional(now.addSecs(605)));
    QCOMPARE(earliestWish(history, now.addSecs(605)), std::nullopt);
    history.loginDelay = 999'999'999;
    QCOMPARE(earliestWish(history, now.addSecs(100)), std::optional(now.addSecs(905)));
    // It counts from what it refused.
    history.tooSoonAt = now.addSecs(950);
    QCOMPARE(earliestWish(history, now.addSecs(950)), std::optional(now.addSecs(950 + 905)));
    QCOMPARE(earliestWish(history, now.addSecs(950 + 905)), std::nullopt);
    // A clock that was put back since makes nobody wait longer.
    history.tooSoonAt = history.loginAt = now.addYears(1);
    QCOMPARE(earliestWish(history, now), std::optional(now.addSecs(905)));
}

void TestSchedule::Q16_learnsLongerDelaysUpToAQuarterOfAnHour()
{
    QCOMPARE(learnedLoginDelay(0), 60);
    QCOMPARE(learnedLoginDelay(60), 120);
    QCOMPARE(learnedLoginDelay(800), 900);
    QCOMPARE(learnedLoginDelay(900), 900);
}

void TestSchedule::anOccasionIsTakenSoonAfterTroubleAndNotSoonAfterSuccess()
{
    const CheckHistory well{now, 0, std::nullopt, 0};
    QCOMPARE(occasionalCheck(account(), well, now.addSecs(10)), std::optional(now.addSecs(120)));
    QCOMPARE(occasionalCheck(account(), well, now.addSecs(300)), std::optional(now.addSecs(300)));
    const CheckHistory badly{now, 3, ErrorKind::HostNotFound, 0};
    QCOMPARE(occasionalCheck(account(60), badly, now.addSecs(10)), std::optional(now.addSecs(30)));
    QCOMPARE(occasionalCheck(account(60), badly, now.addSecs(600)), std::optional(now.addSecs(600)));
    QCOMPARE(occasionalCheck(account(0), badly, now.addSecs(600)), std::nullopt);
    CheckHistory slow{now, 0, std::nullopt, 600};
    slow.loginAt = now;
    QCOMPARE(occasionalCheck(account(), slow, now.addSecs(300)), std::optional(now.addSecs(605)));
}

void TestSchedule::F15_aRefusedPasswordIsLookedAtAgainWhenTheNetworkChangesInWideDistances()
{
    for (const ErrorKind kind :
        {ErrorKind::AuthenticationFailed, ErrorKind::PasswordMissing, ErrorKind::SignInUnavailable}) {
        CheckHistory refused{now, 1, kind, 0};
        QCOMPARE(nextCheck(account(), refused, now.addDays(30)), std::nullopt); // not by the clock
        QCOMPARE(occasionalCheck(account(), refused, now.addSecs(59 * 60)), std::nullopt);
        QCOMPARE(occasionalCheck(account(), refused, now.addSecs(3600)), std::optional(now.addSecs(3600)));
        refused.failures = 3;
        QCOMPARE(occasionalCheck(account(), refused, now.addSecs(4 * 3600 - 1)), std::nullopt);
        QCOMPARE(occasionalCheck(account(), refused, now.addSecs(4 * 3600)), std::optional(now.addSecs(4 * 3600)));
        refused.failures = 1000;
        QCOMPARE(occasionalCheck(account(), refused, now.addDays(1).addSecs(-1)), std::nullopt);
        QCOMPARE(occasionalCheck(account(), refused, now.addDays(1)), std::optional(now.addDays(1)));
        // Not where the person wants no checks, nor before the server lets anybody in.
        QCOMPARE(occasionalCheck(account(0), refused, now.addDays(2)), std::nullopt);
        refused.loginAt = now.addDays(2);
        refused.loginDelay = 600;
        QCOMPARE(occasionalCheck(account(), refused, now.addDays(2)), std::optional(now.addDays(2).addSecs(605)));
    }
}

void TestSchedule::F04_F15_whatMayPassIsTriedAfterOneFiveAndFifteenMinutes_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("a night of maintenance") << ErrorKind::ServerRefused;
    QTest::newRow("later") << ErrorKind::TryLater;
    QTest::newRow("a message of 600 MB") << ErrorKind::MessageTooLarge;
    QTest::newRow("a disk that fails") << ErrorKind::StoreFailed;
    QTest::newRow("a disk that cannot be read") << ErrorKind::StoreUnreadable;
    QTest::newRow("a full disk") << ErrorKind::StoreFull;
    QTest::newRow("another program") << ErrorKind::StoreLocked;
    QTest::newRow("a portal's certificate") << ErrorKind::CertificateUntrusted;
    QTest::newRow("a portal's answer") << ErrorKind::NetworkSignIn;
    QTest::newRow("somebody strips STLS") << ErrorKind::EncryptionUnavailable;
    QTest::newRow("no name server") << ErrorKind::NameLookupFailed;
    QTest::newRow("a certificate on a disk that is not there") << ErrorKind::FileUnreadable;
    QTest::newRow("no token") << ErrorKind::TokenUnavailable;
}

void TestSchedule::F04_F15_whatMayPassIsTriedAfterOneFiveAndFifteenMinutes()
{
    QFETCH(ErrorKind, kind);
    QCOMPARE(secondsUntilNext(account(60), 1, kind), 60);
    QCOMPARE(secondsUntilNext(account(60), 2, kind), 300);
    QCOMPARE(secondsUntilNext(account(60), 3, kind), 900);
    QCOMPARE(secondsUntilNext(account(60), 300, kind), 900);
    QCOMPARE(secondsUntilNext(account(1), 300, kind), 60);
    // And when the network changes, or the computer slept.
    QCOMPARE(occasionalCheck(account(60), {now, 3, kind, 0}, now.addSecs(40)), std::optional(now.addSecs(40)));
}

void TestSchedule::F15_damageWaitsForTheIntervalAndNotForAPerson()
{
    QCOMPARE(secondsUntilNext(account(20), 5, ErrorKind::StoreDamaged), 1200);
}

void TestSchedule::noticesThatTheComputerSlept()
{
    test::ClockedComputer computer(now);
    ClockWatch watch(computer.clock(), std::chrono::milliseconds(5));
    QSignalSpy spy(&watch, &ClockWatch::slept);
    computer.pass(std::chrono::hours(1));
    QVERIFY(spy.wait());
    computer.pass(std::chrono::seconds(1));
    int ticks = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&ticks] { ++ticks; });
    timer.start(std::chrono::milliseconds(5));
    QTRY_VERIFY(ticks > 10);
    QCOMPARE(spy.size(), 1); // once for one sleep
}

void TestSchedule::aTickThatIsLateIsNoSleep()
{
    qint64 late = 0;
    int asked = 0;
    ClockWatch watch(
        [&] {
            ++asked;
            return now.addSecs(late);
        },
        std::chrono::milliseconds(5));
    QSignalSpy spy(&watch, &ClockWatch::slept);
    late = 30; // of a busy computer
    const int before = asked;
    QTRY_VERIFY(asked > before + 2);
    late = -3600; // put back
    const int then = asked;
    QTRY_VERIFY(asked > then + 2);
    QCOMPARE(spy.size(), 0);
}

void TestSchedule::F14_aClockThatIsSetIsNoSleep_data()
{
    QTest::addColumn<int>("hours");
    for (const int hours : {-400'000, -24, -1, 1, 24, 960, 120'000})
        QTest::addRow("%d", hours) << hours;
}

void TestSchedule::F14_aClockThatIsSetIsNoSleep()
{
    QFETCH(const int, hours);
    test::ClockedComputer computer(now);
    ClockWatch watch(computer.clock(), std::chrono::milliseconds(5));
    QSignalSpy slept(&watch, &ClockWatch::slept);
    QSignalSpy stepped(&watch, &ClockWatch::stepped);
    computer.set(std::chrono::hours(hours));
    QVERIFY(stepped.wait());
    computer.pass(std::chrono::hours(1));
    QVERIFY(slept.wait());
    QCOMPARE(stepped.size(), 1);
    QCOMPARE(slept.size(), 1);
}

void TestSchedule::checksAtOnceAfterTheStart()
{
    QCOMPARE(nextCheck(account(), {}, now), std::optional(now));
}

void TestSchedule::checksAgainAfterTheInterval()
{
    QCOMPARE(nextCheck(account(20), {now, 0, std::nullopt, 0}, now), std::optional(now.addSecs(1200)));
}

void TestSchedule::neverChecksByItselfWhereThePersonSaidSo()
{
    QCOMPARE(nextCheck(account(0), {}, now), std::nullopt);
    AccountSettings disabled = account();
    disabled.enabled = false;
    QCOMPARE(nextCheck(disabled, {}, now), std::nullopt);
    AccountSettings local = account();
    local.host.clear();
    QCOMPARE(nextCheck(local, {}, now), std::nullopt);
}

void TestSchedule::Q15_comesBackSoonToAMailboxInUse()
{
    QCOMPARE(secondsUntilNext(account(), 1, ErrorKind::MailboxInUse), 15);
    QCOMPARE(secondsUntilNext(account(), 2, ErrorKind::MailboxInUse), 60);
    QCOMPARE(secondsUntilNext(account(), 3, ErrorKind::MailboxInUse), 300);
    QCOMPARE(secondsUntilNext(account(), 30, ErrorKind::MailboxInUse), 300);
}

void TestSchedule::comesBackAfterTroubleOnTheNetworkButNotLaterThanTheInterval()
{
    QCOMPARE(secondsUntilNext(account(), 1, ErrorKind::ConnectionLost), 60);
    QCOMPARE(secondsUntilNext(account(), 4, ErrorKind::HostNotFound), 900);
    QCOMPARE(secondsUntilNext(account(10), 4, ErrorKind::HostNotFound), 600);
}

void TestSchedule::Q16_waitsAsLongAsTheServerAsks()
{
    QCOMPARE(nextCheck(account(1), {now, 0, std::nullopt, 600}, now), std::optional(now.addSecs(605)));
    QCOMPARE(nextCheck(account(60), {now, 0, std::nullopt, 600}, now), std::optional(now.addSecs(3600)));
    QCOMPARE(nextCheck(account(60), {now, 1, ErrorKind::MailboxInUse, 600}, now), std::optional(now.addSecs(605)));
}

void TestSchedule::Q18_waitsForThePersonAfterAWrongPassword()
{
    QCOMPARE(secondsUntilNext(account(), 1, ErrorKind::AuthenticationFailed), std::nullopt);
    QCOMPARE(secondsUntilNext(account(), 1, ErrorKind::PassphraseWrong), std::nullopt);
}

void TestSchedule::Q52_checksAtOnceWhenTheClockWasPutBack()
{
    // The last check ended years later than it is now.
    QCOMPARE(nextCheck(account(), {now.addYears(10), 0, std::nullopt, 0}, now), std::optional(now));
    QCOMPARE(nextCheck(account(), {now.addSecs(1), 2, ErrorKind::ConnectionLost, 600}, now), std::optional(now));
    // One that was put forward makes it due, no more.
    QCOMPARE(nextCheck(account(20), {now, 0, std::nullopt, 0}, now.addYears(10)), std::optional(now.addSecs(1200)));
    // A person is still waited for.
    QCOMPARE(nextCheck(account(0), {now.addYears(10), 0, std::nullopt, 0}, now), std::nullopt);
    QCOMPARE(nextCheck(account(), {now.addYears(10), 1, ErrorKind::AuthenticationFailed, 0}, now), std::nullopt);
}

QTEST_GUILESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
