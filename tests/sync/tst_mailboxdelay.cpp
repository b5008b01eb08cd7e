// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/checkqueue.h"
#include "sync/mailboxvisits.h"

#include <QSignalSpy>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::CheckQueue;
using sync::MailboxVisits;
using sync::VisitPhase;

namespace {

constexpr int patience = 60'000;
constexpr int delay = 600;

/// A server that wants time between two logins, a queue of checks and the looks at mailboxes, and a clock that can be
/// set ahead: theirs, not the server's.
struct House {
    explicit House(const ServerQuirks &quirks)
        : server(Maildrop::generated(3), quirks)
    {
        if (!server.listen())
            qFatal("no port for the test server");
        AccountSettings &account = harness.account();
        account.security = Security::Plain;
        account.port = server.port();
        account.userName = QString::fromUtf8(quirks.user);
        if (!harness.writer().updateAccount(account))
            qFatal("the account could not be kept");
        queue.setAccounts({account});
        visits.setAccounts({account});
        net::Credentials credentials;
        credentials.userName = account.userName;
        credentials.password = QString::fromUtf8(quirks.password);
        queue.setCredentials(id(), credentials);
    }

    [[nodiscard]] AccountId id() { return harness.account().id; }

    bool check()
    {
        QSignalSpy checked(&queue, &CheckQueue::checked);
        queue.check({id()});
        return QTest::qWaitFor([&] { return !checked.isEmpty(); }, patience)
            && !checked.constFirst().constFirst().value<sync::CheckResult>().error;
    }

    /// The server lets anybody in again, by its clock and ours.
    void passTheDelay()
    {
        ServerQuirks quirks = server.quirks();
        quirks.loginDelay = 0;
        quirks.answers.clear();
        server.setQuirks(quirks);
        ahead += 2 * delay;
    }

    CheckHarness harness;
    ScriptedServer server;
    qint64 ahead = 0; ///< seconds
    CheckQueue queue{
        harness.writer(), harness.connectTo, [this] { return QDateTime::currentDateTimeUtc().addSecs(ahead); }};
    MailboxVisits visits{harness.writer(), queue, harness.connectTo};
};

ServerQuirks withDelay()
{
    ServerQuirks quirks;
    quirks.loginDelay = delay;
    quirks.sasl.clear();
    return quirks;
}

ServerQuirks refusing()
{
    ServerQuirks quirks = withDelay();
    quirks.answers.insert("PASS", "-ERR [LOGIN-DELAY] minimum time between mail checks violation");
    return quirks;
}

bool isAboutTheDelayAway(const QDateTime &until)
{
    const qint64 wait = QDateTime::currentDateTimeUtc().secsTo(until);
    return wait > delay - 100 && wait <= delay + 5;
}

} // namespace

/// Looks at a mailbox, and checks of it, on a server that lets nobody in too often (LOGIN-DELAY).
class TestMailboxDelay : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F07_aLookRightAfterACheckIsTriedAndTheRefusalIsWaitedFor();
    void F07_aCheckRightAfterALookIsTriedToo();
    void Q16_aRefusedLookHoldsBackTheCheckToo();
    void Q16_listingAnewKeepsTheSessionUntilTheServerLetsSomebodyIn();
    void Q16_aDelayThatOnlyTheRefusalTellsIsWaitedFor();
    void Q16_aWindowThatIsClosedWaitsForNothing();
};

void TestMailboxDelay::F07_aLookRightAfterACheckIsTriedAndTheRefusalIsWaitedFor()
{
    House house(withDelay());
    QVERIFY(house.check());
    QSignalSpy delayed(&house.visits, &MailboxVisits::delayed);
    QSignalSpy phases(&house.visits, &MailboxVisits::phaseChanged);
    QSignalSpy listed(&house.visits, &MailboxVisits::listed);
    QSignalSpy failed(&house.visits, &MailboxVisits::failed);
    house.server.clearRecord();
    house.server.setQuirks(refusing());
    house.visits.open(house.id());
    QTRY_COMPARE_WITH_TIMEOUT(delayed.size(), 1, patience);
    QVERIFY(isAboutTheDelayAway(delayed.constFirst().at(1).toDateTime()));
    QCOMPARE(phases.constLast().at(1).value<VisitPhase>(), VisitPhase::Delayed);
    house.visits.lookAgain(); // too soon
    QCOMPARE(house.server.record().connections, 1);

    house.passTheDelay();
    house.visits.lookAgain();
    QTRY_COMPARE_WITH_TIMEOUT(listed.size(), 1, patience);
    QCOMPARE(listed.constFirst().constFirst().value<sync::ServerListing>().messages.size(), 3);
    QVERIFY(failed.isEmpty());
}

void TestMailboxDelay::F07_aCheckRightAfterALookIsTriedToo()
{
    House house(withDelay());
    QSignalSpy listed(&house.visits, &MailboxVisits::listed);
    QSignalSpy announced(&house.queue, &CheckQueue::announced);
    house.visits.open(house.id());
    QTRY_COMPARE_WITH_TIMEOUT(listed.size(), 1, patience);
    QVERIFY(!announced.isEmpty());
    QCOMPARE(announced.constLast().constFirst().value<sync::ServerAnnouncement>().loginDelay, delay);
    house.visits.close(house.id());
    QTRY_VERIFY_WITH_TIMEOUT(!house.visits.isBusy(house.harness.account()), patience);
    QSignalSpy postponed(&house.queue, &CheckQueue::postponed);
    QVERIFY(house.check());
    QVERIFY(postponed.isEmpty());
    QCOMPARE(house.server.record().connections, 2);
}

void TestMailboxDelay::Q16_aRefusedLookHoldsBackTheCheckToo()
{
    House house(withDelay());
    QVERIFY(house.check());
    house.server.setQuirks(refusing());
    QSignalSpy delayed(&house.visits, &MailboxVisits::delayed);
    house.visits.open(house.id());
    QTRY_COMPARE_WITH_TIMEOUT(delayed.size(), 1, patience);
    QSignalSpy postponed(&house.queue, &CheckQueue::postponed);
    const int connections = house.server.record().connections;
    house.queue.check({house.id()});
    QTRY_COMPARE(postponed.size(), 1);
    QVERIFY(isAboutTheDelayAway(postponed.constFirst().at(1).toDateTime()));
    QCOMPARE(house.server.record().connections, connections);
}

void TestMailboxDelay::Q16_listingAnewKeepsTheSessionUntilTheServerLetsSomebodyIn()
{
    House house(withDelay());
    QSignalSpy listed(&house.visits, &MailboxVisits::listed);
    QSignalSpy headers(&house.visits, &MailboxVisits::headersKnown);
    QSignalSpy delayed(&house.visits, &MailboxVisits::delayed);
    house.visits.open(house.id());
    QTRY_COMPARE_WITH_TIMEOUT(listed.size(), 1, patience);
    house.visits.open(house.id());
    QCOMPARE(delayed.size(), 1);
    // What is listed can still be looked at.
    house.visits.wantHeaders(house.id(), {0, 1, 2});
    QTRY_VERIFY_WITH_TIMEOUT(!headers.isEmpty(), patience);
    QCOMPARE(house.server.record().connections, 1);
    QVERIFY(!house.server.record().commands.contains("QUIT"));

    house.passTheDelay();
    house.visits.lookAgain();
    QTRY_COMPARE_WITH_TIMEOUT(listed.size(), 2, patience);
    QCOMPARE(house.server.record().connections, 2);
    QCOMPARE(house.server.record().failedLogins, 0);
}

void TestMailboxDelay::Q16_aDelayThatOnlyTheRefusalTellsIsWaitedFor()
{
    ServerQuirks quirks = refusing();
    quirks.loginDelay = 0;
    House house(quirks);
    QSignalSpy delayed(&house.visits, &MailboxVisits::delayed);
    QSignalSpy phases(&house.visits, &MailboxVisits::phaseChanged);
    QSignalSpy listed(&house.visits, &MailboxVisits::listed);
    QSignalSpy failed(&house.visits, &MailboxVisits::failed);
    house.visits.open(house.id());
    QTRY_COMPARE_WITH_TIMEOUT(delayed.size(), 1, patience);
    QVERIFY(delayed.constFirst().at(1).toDateTime() > QDateTime::currentDateTimeUtc());
    QCOMPARE(phases.constLast().at(1).value<VisitPhase>(), VisitPhase::Delayed);
    house.passTheDelay();
    house.visits.lookAgain();
    QTRY_COMPARE_WITH_TIMEOUT(listed.size(), 1, patience);
    QVERIFY(failed.isEmpty());
}

void TestMailboxDelay::Q16_aWindowThatIsClosedWaitsForNothing()
{
    House house(withDelay());
    QVERIFY(house.check());
    house.server.setQuirks(refusing());
    QSignalSpy delayed(&house.visits, &MailboxVisits::delayed);
    house.visits.open(house.id());
    QTRY_COMPARE_WITH_TIMEOUT(delayed.size(), 1, patience);
    house.visits.close(house.id());
    QTRY_VERIFY_WITH_TIMEOUT(!house.visits.isBusy(house.harness.account()), patience);
    house.server.clearRecord();
    house.passTheDelay();
    house.visits.lookAgain();
    QVERIFY(house.check()); // long enough for a look to have connected
    QCOMPARE(house.server.record().connections, 1);
}

QTEST_GUILESS_MAIN(TestMailboxDelay)
#include "tst_mailboxdelay.moc"
