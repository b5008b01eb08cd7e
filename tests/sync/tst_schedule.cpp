// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/schedule.h"

#include <QTest>

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
    void Q18_waitsForThePersonAfterAWrongPassword();
    void Q52_checksAtOnceWhenTheClockWasPutBack();
};

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
    QCOMPARE(secondsUntilNext(account(), 1, ErrorKind::CertificateUntrusted), std::nullopt);
    QCOMPARE(secondsUntilNext(account(), 1, ErrorKind::EncryptionUnavailable), std::nullopt);
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
