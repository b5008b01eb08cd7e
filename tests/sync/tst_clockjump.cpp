// SPDX-License-Identifier: GPL-3.0-or-later
// The clock of this machine jumps: this program stands between the libraries and the system's clock.
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/storewitness.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <ctime>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

namespace {

std::atomic<std::int64_t> jumpedSeconds = 0;

constexpr std::int64_t tenYears = std::int64_t(3653) * 24 * 3600;

} // namespace

extern "C" {

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, timespec *time) noexcept
{
    const auto result = int(::syscall(SYS_clock_gettime, clock, time));
    if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
        time->tv_sec += jumpedSeconds;
    return result;
}

__attribute__((visibility("default"))) int gettimeofday(timeval *time, void *) noexcept
{
    timespec now{};
    const int result = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return result;
}

__attribute__((visibility("default"))) time_t time(time_t *time) noexcept
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (time)
        *time = now.tv_sec;
    return now.tv_sec;
}

} // extern "C"

namespace {

struct Visit {
    explicit Visit(int messages, Retention retention, const ServerQuirks &quirks = {})
        : server(Maildrop::generated(messages), quirks)
    {
        jumpedSeconds = 0;
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        harness.account().retention = retention;
        harness.account().keepDays = 14;
    }
    ~Visit() { jumpedSeconds = 0; }

    CheckResult check() { return harness.check(QStringLiteral("secret")); }
    CheckResult checkAndJumpWhenTheFirstArrive(std::int64_t seconds)
    {
        return harness.check(QStringLiteral("secret"), [seconds](sync::MailCheck &check) {
            QObject::connect(
                &check, &sync::MailCheck::arrived, &check, [seconds] { jumpedSeconds = seconds; },
                Qt::SingleShotConnection);
        });
    }

    CheckHarness harness;
    ScriptedServer server;
};

} // namespace

class TestClockJump : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theClockOfThisTestJumps();
    void F14_Q52_aClockPutForwardDeletesNothing_data();
    void F14_Q52_aClockPutForwardDeletesNothing();
    void Q52_aClockPutBackFetchesNothingAgainAndDeletesNothing();
    void Q52_aJumpInTheMidstOfAVisitDisturbsNothing_data();
    void Q52_aJumpInTheMidstOfAVisitDisturbsNothing();
    void Q52_aRefusedMessageIsNotForgottenForYears();
};

void TestClockJump::theClockOfThisTestJumps()
{
    const QDateTime before = QDateTime::currentDateTimeUtc();
    jumpedSeconds = tenYears;
    QCOMPARE(before.daysTo(QDateTime::currentDateTimeUtc()), 3653);
    jumpedSeconds = 0;
    QVERIFY(before.daysTo(QDateTime::currentDateTimeUtc()) < 2);
}

void TestClockJump::F14_Q52_aClockPutForwardDeletesNothing_data()
{
    QTest::addColumn<int>("messages");
    for (const int messages : {1, 15, 20, 100})
        QTest::addRow("%d", messages) << messages;
}

void TestClockJump::F14_Q52_aClockPutForwardDeletesNothing()
{
    QFETCH(const int, messages);
    Visit visit(messages, Retention::KeepDays);
    QCOMPARE(visit.check().stored, messages);
    visit.server.clearRecord();
    jumpedSeconds = tenYears;
    for (int i = 0; i < 2; ++i) {
        const CheckResult held = visit.check();
        QVERIFY(!held.error);
        QCOMPARE(held.heldDeletions, 0); // no question: there is nothing to agree to
        QCOMPARE(held.unconfirmedDeletions, messages);
        QVERIFY(!held.unconfirmedText.isEmpty());
        QVERIFY(visit.server.record().deleted.isEmpty());
        visit.harness.reopen();
    }
    jumpedSeconds = 0;
    visit.harness.reopen();
    const CheckResult healed = visit.check();
    QVERIFY(!healed.error);
    QCOMPARE(healed.unconfirmedDeletions, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QVERIFY(visit.server.record().deleted.isEmpty());
    QCOMPARE(visit.server.messages().size(), messages);
}

void TestClockJump::Q52_aClockPutBackFetchesNothingAgainAndDeletesNothing()
{
    Visit visit(50, Retention::KeepDays);
    QCOMPARE(visit.check().stored, 50);
    visit.server.clearRecord();
    jumpedSeconds = -tenYears;
    for (int i = 0; i < 2; ++i) {
        const CheckResult result = visit.check();
        QVERIFY(!result.error);
        QCOMPARE(result.stored, 0);
        QCOMPARE(result.heldDeletions, 0);
        visit.harness.reopen();
    }
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QVERIFY(visit.server.record().deleted.isEmpty());
    QCOMPARE(visit.harness.sources().size(), 50);
}

void TestClockJump::Q52_aJumpInTheMidstOfAVisitDisturbsNothing_data()
{
    QTest::addColumn<std::int64_t>("seconds");
    QTest::newRow("ten years forward") << tenYears;
    QTest::newRow("ten years back") << -tenYears;
    QTest::newRow("an hour back") << std::int64_t(-3600);
}

void TestClockJump::Q52_aJumpInTheMidstOfAVisitDisturbsNothing()
{
    QFETCH(const std::int64_t, seconds);
    ServerQuirks quirks;
    quirks.quit = QuitBehaviour::RefuseAndKeep; // so that a second visit has to send DELE again
    Visit visit(60, Retention::DeleteAfterDownload, quirks);
    QSet<QByteArray> expected;
    for (const ServerMessage &message : visit.server.messages())
        expected.insert(hashOf(message.bytes));
    // Were the watchdog's time the clock's, it would end this visit.
    const CheckResult first = visit.checkAndJumpWhenTheFirstArrive(seconds);
    QVERIFY2(!first.error, first.error ? qPrintable(first.error->text) : "");
    QCOMPARE(first.stored, 60);
    QCOMPARE(visit.server.record().deleted.size(), 60);
    QCOMPARE(first.deletedOnServer, 0);

    visit.server.setQuirks({});
    visit.server.clearRecord();
    CheckResult second = visit.check();
    QVERIFY(!second.error);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    if (second.heldDeletions > 0) {
        // What seems to be stored for years is asked about; what is deleted then was proven stored.
        QVERIFY(seconds > 0);
        second = visit.harness.check(QStringLiteral("secret"),
            [&second](sync::MailCheck &check) { check.setConsentedDeletions(second.heldDeletions); });
        QVERIFY(!second.error);
    }
    QVERIFY(visit.server.messages().isEmpty());
    const Outcome outcome = StoreWitness(visit.harness.storeFile()).outcome(expected);
    QVERIFY(outcome.isGood());
    QCOMPARE(outcome.messages, 60);
}

void TestClockJump::Q52_aRefusedMessageIsNotForgottenForYears()
{
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR [SYS/TEMP] cannot read that one");
    Visit visit(5, Retention::Keep, quirks);
    jumpedSeconds = tenYears;
    QCOMPARE(visit.check().failedMessages, 1);
    jumpedSeconds = 0;
    visit.server.setQuirks({});
    // It rests for its time, which the boot clock tells, and no longer.
    QCOMPARE(visit.check().stored, 0);
    visit.harness.clock = Clock({}, [] {
        BootTime boot = Clock().moment().boot;
        boot.passed += std::chrono::hours(2);
        return boot;
    });
    QCOMPARE(visit.check().stored, 1);
    QCOMPARE(visit.harness.sources().size(), 5);
}

QTEST_GUILESS_MAIN(TestClockJump)
#include "tst_clockjump.moc"
