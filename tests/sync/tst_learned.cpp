// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/announcement.h"
#include "sync/checkvisit.h"
#include "sync/lastlisting.h"
#include "sync/learned.h"
#include "sync/serverfacts.h"

#include <QTest>

using namespace satchel;
using namespace satchel::sync;
using namespace satchel::test;
using namespace Qt::StringLiterals;

namespace {

const QDate today(2026, 11, 30);

/// One way in which an account is led to another server.
struct Move {
    const char *name;
    void (*apply)(AccountSettings &);
};

constexpr Move moves[] = {
    {"another host", [](AccountSettings &account) { account.host = u"pop.example.net"_s; }},
    {"another port", [](AccountSettings &account) { account.port = 1995; }},
    {"another protection", [](AccountSettings &account) { account.security = Security::Plain; }},
};

} // namespace

/// What is learned of a server belongs to it, expires, and is unlearned where it does not help.
class TestLearned : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F06_oneLostConnectionTeachesNothing();
    void F06_whatIsRememberedOfCapaIsForgottenWhereTheLoginIsRefused();
    void F06_whatIsRememberedOfCapaEndsAfterAWeek();
    void p305_whatIsLearnedBelongsToItsServer_data();
    void p305_whatIsLearnedBelongsToItsServer();
    void p305_theLastListingBelongsToItsMailbox();
    void p305_everythingExpires();
    void p305_aClockThatWasWrongTeachesNothingForLong();
    void p305_aLearnedDelayIsForgottenAfterAWeek();
    void p305_anAnnouncementBelongsToItsServer();
};

void TestLearned::F06_oneLostConnectionTeachesNothing()
{
    ServerQuirks quirks;
    quirks.capaHangsUp = true;
    CheckVisit visit(Maildrop::generated(2), quirks);
    QVERIFY(!visit.check().error);
    visit.server.setQuirks({});
    visit.server.clearRecord();
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.record().connections, 1);
    QVERIFY(visit.server.record().commands.contains("CAPA"));
    // It takes two in a row, and nothing between them.
    visit.server.setQuirks(quirks);
    QVERIFY(!visit.check().error);
    visit.server.setQuirks({});
    visit.server.clearRecord();
    QVERIFY(!visit.check().error);
    QVERIFY(visit.server.record().commands.contains("CAPA"));
}

void TestLearned::F06_whatIsRememberedOfCapaIsForgottenWhereTheLoginIsRefused()
{
    ServerQuirks quirks;
    quirks.capaHangsUp = true;
    CheckVisit visit(Maildrop::generated(2), quirks);
    for (int i = 0; i < 3; ++i)
        QVERIFY(!visit.check().error);
    // The provider goes over to SASL.
    ServerQuirks later;
    later.sasl = "CRAM-MD5";
    later.answers.insert("USER", "-ERR [AUTH] USER/PASS is switched off, use SASL");
    visit.server.setQuirks(later);
    visit.server.clearRecord();
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QVERIFY(visit.server.record().commands.contains("AUTH CRAM-MD5"));
    visit.server.clearRecord();
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.record().connections, 1);
    QVERIFY(visit.server.record().commands.contains("CAPA"));
}

void TestLearned::F06_whatIsRememberedOfCapaEndsAfterAWeek()
{
    ServerQuirks quirks;
    quirks.capaHangsUp = true;
    CheckVisit visit(Maildrop::generated(2), quirks);
    QVERIFY(!visit.check().error);
    QVERIFY(!visit.check().error);
    const AccountSettings &account = visit.harness.account();
    const QDate now = QDate::currentDate();
    QVERIFY(!ServerFacts(visit.harness.writer(), account, now).applied({}, account).askCapabilities);
    QVERIFY(!ServerFacts(visit.harness.writer(), account, now.addDays(6)).applied({}, account).askCapabilities);
    QVERIFY(ServerFacts(visit.harness.writer(), account, now.addDays(8)).applied({}, account).askCapabilities);
}

void TestLearned::p305_whatIsLearnedBelongsToItsServer_data()
{
    QTest::addColumn<int>("move");
    for (size_t i = 0; i < std::size(moves); ++i)
        QTest::newRow(moves[i].name) << int(i);
}

void TestLearned::p305_whatIsLearnedBelongsToItsServer()
{
    QFETCH(const int, move);
    CheckHarness harness;
    AccountSettings account = harness.account();
    {
        ServerFacts facts(harness.writer(), account, today);
        facts.notePipeliningFails();
        facts.noteTopFails();
        for (int i = 0; i < 3; ++i)
            facts.noteInterrupted("uidl 1");
        QVERIFY(facts.save());
    }
    const ServerFacts known(harness.writer(), account, today);
    QVERIFY(!known.applied({}, account).pipelining);
    QVERIFY(known.topFails());
    QVERIFY(known.isStumblingBlock("uidl 1"));
    AccountSettings cased = account;
    cased.host = account.host.toUpper();
    QVERIFY(ServerFacts(harness.writer(), cased, today).topFails());

    moves[move].apply(account);
    const ServerFacts other(harness.writer(), account, today);
    QVERIFY(other.applied({}, account).pipelining);
    QVERIFY(other.applied({}, account).askCapabilities);
    QVERIFY(!other.applied({}, account).latin1Password);
    QVERIFY(!other.topFails());
    QVERIFY(!other.isStumblingBlock("uidl 1"));
}

void TestLearned::p305_theLastListingBelongsToItsMailbox()
{
    CheckHarness harness;
    AccountSettings account = harness.account();
    account.userName = u"alice"_s;
    LastListing listing;
    listing.messages.append({1, "a", 100});
    QVERIFY(keepLastListing(harness.writer(), account, listing));
    QVERIFY(lastListing(harness.writer(), account)->has_value());
    // The same mailbox, by another door.
    account.port = 1995;
    account.security = Security::StartTls;
    QVERIFY(lastListing(harness.writer(), account)->has_value());
    AccountSettings other = account;
    other.userName = u"bob"_s;
    QVERIFY(!lastListing(harness.writer(), other)->has_value());
    other = account;
    other.host = u"pop.example.net"_s;
    QVERIFY(!lastListing(harness.writer(), other)->has_value());
    QVERIFY(keepLastListing(harness.writer(), other, listing));
    QVERIFY(!lastListing(harness.writer(), account)->has_value());
}

void TestLearned::p305_everythingExpires()
{
    CheckHarness harness;
    const AccountSettings account = harness.account();
    ServerFacts facts(harness.writer(), account, today);
    facts.notePipeliningFails();
    facts.noteTopFails();
    for (int i = 0; i < 3; ++i)
        facts.noteInterrupted("uidl 1");
    QVERIFY(facts.save());
    const ServerFacts before(harness.writer(), account, today.addDays(6));
    QVERIFY(before.topFails() && before.isStumblingBlock("uidl 1") && !before.applied({}, account).pipelining);
    const ServerFacts after(harness.writer(), account, today.addDays(7));
    QVERIFY(!after.topFails() && !after.isStumblingBlock("uidl 1") && after.applied({}, account).pipelining);
}

void TestLearned::p305_aClockThatWasWrongTeachesNothingForLong()
{
    CheckHarness harness;
    const AccountSettings account = harness.account();
    ServerFacts facts(harness.writer(), account, today.addYears(14));
    facts.noteTopFails();
    QVERIFY(facts.save());
    QVERIFY(!ServerFacts(harness.writer(), account, today).topFails());
}

void TestLearned::p305_aLearnedDelayIsForgottenAfterAWeek()
{
    CheckHarness harness;
    const AccountSettings account = harness.account();
    ServerAnnouncement server;
    server.account = account.id;
    server.loginAt = QDateTime(today, QTime(12, 0), QTimeZone::UTC);
    server.loginDelay = 120;
    server.loginDelayLearned = true;
    QVERIFY(keepAnnouncement(harness.writer(), account, server, today));
    QCOMPARE(keptAnnouncement(harness.writer(), account, today.addDays(6)).loginDelay, 120);
    // Later logins do not make it younger.
    server.loginAt = server.loginAt.addDays(5);
    QVERIFY(keepAnnouncement(harness.writer(), account, server, today.addDays(5)));
    const ServerAnnouncement kept = keptAnnouncement(harness.writer(), account, today.addDays(7));
    QCOMPARE(kept.loginDelay, 0);
    QVERIFY(!kept.loginDelayLearned);
    QCOMPARE(kept.loginAt, server.loginAt);
}

void TestLearned::p305_anAnnouncementBelongsToItsServer()
{
    CheckHarness harness;
    AccountSettings account = harness.account();
    ServerAnnouncement server;
    server.account = account.id;
    server.loginAt = QDateTime(today, QTime(12, 0), QTimeZone::UTC);
    server.loginDelay = 600;
    server.capabilities = QStringList{u"TOP"_s};
    QVERIFY(keepAnnouncement(harness.writer(), account, server, today));
    QCOMPARE(keptAnnouncement(harness.writer(), account, today), server);
    for (const Move &move : moves) {
        AccountSettings moved = account;
        move.apply(moved);
        const ServerAnnouncement other = keptAnnouncement(harness.writer(), moved, today);
        QVERIFY2(!other.loginAt.isValid() && other.loginDelay == 0 && other.capabilities.isEmpty(), move.name);
        QCOMPARE(other.account, account.id);
    }
}

QTEST_GUILESS_MAIN(TestLearned)
#include "tst_learned.moc"
