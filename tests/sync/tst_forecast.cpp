// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storefiles.h"
#include "support/clockedcomputer.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/engine.h"
#include "sync/forecast.h"

#include <QRandomGenerator>
#include <QSet>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace satchel;
using namespace satchel::test;
using namespace satchel::sync;
using store::LedgerEntry;
using store::ServerState;

namespace {

const QString password = QStringLiteral("secret");
const QDateTime noon(QDate(2026, 11, 20), QTime(12, 0), QTimeZone::UTC);
constexpr qint64 megabyte = 1024 * 1024;

AccountSettings randomPolicy(QRandomGenerator &random, int count)
{
    AccountSettings policy;
    policy.retention = Retention(random.bounded(5));
    policy.keepDays = random.bounded(4) == 0 ? random.bounded(3) : random.bounded(60);
    policy.keepCount = random.bounded(count + 3);
    policy.keepMegabytes = random.bounded(3);
    policy.deleteWhenDeletedHere = random.bounded(3) == 0;
    policy.recentMode = random.bounded(12) == 0;
    if (random.bounded(3) == 0)
        policy.sizeLimit = 1 + random.bounded(int(2 * megabyte));
    return policy;
}

/// A row of the ledger as any history may have left it; \a isListed: the message is on the server.
LedgerEntry randomEntry(
    QRandomGenerator &random, const store::UidlKey &key, qint64 size, const QDateTime &now, bool isListed)
{
    LedgerEntry entry;
    entry.key = key;
    entry.serverSize = size;
    // A clock that was wrong leaves times that are to come.
    const auto sometime = [&] {
        return now.addSecs(-random.bounded(80 * 86400) + (random.bounded(15) == 0 ? 40 * 86400 : 0));
    };
    entry.firstSeen = sometime();
    switch (random.bounded(8)) {
    case 0:
        entry.failures = 1 + random.bounded(4);
        entry.lastFailure = random.bounded(2) == 0 ? now.addSecs(-random.bounded(7200)) : sometime();
        break;
    case 1:
        entry.skipped = true;
        break;
    default:
        entry.storedAt = random.bounded(4) == 0 ? now.addSecs(-random.bounded(3600)) : sometime();
        entry.sha256 = QByteArray(32, 's');
        entry.message = random.bounded(5) == 0 ? MessageId() : MessageId{1};
        entry.deleteWished = !entry.message.isValid() && random.bounded(2) == 0;
    }
    if (!isListed || random.bounded(9) == 0) {
        entry.state = random.bounded(4) == 0 ? ServerState::DeleteSent : ServerState::Absent;
        entry.absentSince = entry.state == ServerState::Absent ? sometime() : QDateTime();
    }
    return entry;
}

struct Situation {
    LastListing listing;
    QList<LedgerEntry> ledger;
    AccountSettings policy;
    QDateTime now;
};

Situation randomSituation(QRandomGenerator &random)
{
    Situation situation;
    // Mostly small mailboxes, and now and then one that is large enough to ask for consent.
    const int count = random.bounded(6) == 0 ? 150 + random.bounded(250) : random.bounded(40);
    situation.now = noon.addSecs(random.bounded(-400 * 86400, 400 * 86400));
    situation.policy = randomPolicy(random, count);
    situation.listing.nameless = random.bounded(20) == 0;
    const int known = random.bounded(101); // per cent
    QHash<QByteArray, int> occurrences;
    for (int number = 1; number <= count; ++number) {
        const bool repeated = number > 1 && random.bounded(12) == 0;
        const QByteArray uidl = repeated ? situation.listing.messages.at(random.bounded(number - 1)).uidl
                                         : "u" + QByteArray::number(number);
        const qint64 size = random.bounded(7) == 0 ? random.bounded(int(3 * megabyte)) : random.bounded(4000);
        situation.listing.messages.append({number, uidl, size});
        if (random.bounded(100) < known)
            situation.ledger.append(randomEntry(random, {uidl, occurrences[uidl]++}, size, situation.now, true));
    }
    for (int i = random.bounded(20); i > 0; --i)
        situation.ledger.append(
            randomEntry(random, {"gone" + QByteArray::number(i), 0}, random.bounded(4000), situation.now, false));
    return situation;
}

qint64 bytesOf(const QList<PlannedMessage> &messages)
{
    qint64 bytes = 0;
    for (const PlannedMessage &message : messages)
        bytes += message.listed.size;
    return bytes;
}

} // namespace

/// What the settings promise is what the next check does.
class TestForecast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aListingComesBackAsItWasKept();
    void damagedBytesAreNoListing();
    void equalsThePlanInEverySituation_data();
    void equalsThePlanInEverySituation();
    void equalsWhatTheNextCheckDoes_data();
    void equalsWhatTheNextCheckDoes();
    void knowsWhatAVisitLeftOnTheServer();
    void knowsNothingBeforeTheFirstVisit();
    void consentIsAskedForOnce();
    void saysWhenTheFirstOneLeaves();
    void cleanupTestCase();

private:
    void fill(CheckHarness &harness, const QList<test::ServerMessage> &onServer, QRandomGenerator &random);

    int m_visits = 0;
    int m_deleting = 0;
    int m_holding = 0;
    int m_fetching = 0;
};

void TestForecast::aListingComesBackAsItWasKept()
{
    QRandomGenerator random(7);
    for (int i = 0; i < 200; ++i) {
        const LastListing listing = randomSituation(random).listing;
        const std::optional<LastListing> back = unpackedListing(packed(listing));
        QVERIFY(back);
        QCOMPARE(back->nameless, listing.nameless);
        QCOMPARE(back->messages.size(), listing.messages.size());
        for (qsizetype at = 0; at < back->messages.size(); ++at) {
            QCOMPARE(back->messages.at(at).number, listing.messages.at(at).number);
            QCOMPARE(back->messages.at(at).size, listing.messages.at(at).size);
            QCOMPARE(back->messages.at(at).uidl, listing.messages.at(at).uidl);
        }
    }
}

void TestForecast::damagedBytesAreNoListing()
{
    LastListing listing;
    listing.messages = {{1, "one two", 100}, {2, QByteArray("\xff\x20", 2), 200}};
    const QByteArray good = packed(listing);
    QVERIFY(unpackedListing(good));
    QVERIFY(!unpackedListing({}));
    for (qsizetype length = 0; length < good.size(); ++length)
        QVERIFY(!unpackedListing(good.left(length)));
    for (qsizetype at = 0; at < good.size(); ++at) {
        QByteArray bad = good;
        bad[at] = char(bad.at(at) ^ 0x55);
        const std::optional<LastListing> read = unpackedListing(bad);
        // A byte that zstd does not look at may be another: then it is the same listing still.
        QVERIFY(!read || packed(*read) == good);
    }
}

void TestForecast::equalsThePlanInEverySituation_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 20; ++seed)
        QTest::addRow("%u", seed) << seed;
}

void TestForecast::equalsThePlanInEverySituation()
{
    QFETCH(const quint32, seed);
    QRandomGenerator random(seed);
    int deleting = 0;
    int holding = 0;
    for (int i = 0; i < 300; ++i) {
        const Situation now = randomSituation(random);
        const int consented = random.bounded(3) == 0 ? 1000 : 0;
        const Forecast forecast = forecastOf(now.listing, now.ledger, now.policy, now.now, consented);
        const RetrievalPlan plan = planRetrieval(now.listing.messages, now.ledger, now.policy, now.now, consented);
        QList<PlannedMessage> leaves = now.listing.nameless ? QList<PlannedMessage>() : plan.remove;
        for (const PlannedMessage &message : plan.fetch) {
            if (message.due)
                leaves.append(message);
        }
        qint64 total = 0;
        for (const pop3::ListedMessage &message : now.listing.messages)
            total += message.size;
        QVERIFY(forecast.isKnown);
        QCOMPARE(forecast.fetches, plan.fetch.size());
        QCOMPARE(forecast.fetchBytes, bytesOf(plan.fetch));
        QCOMPARE(forecast.deletes, leaves.size());
        QCOMPARE(forecast.freedBytes, bytesOf(leaves));
        QCOMPARE(forecast.held, now.listing.nameless ? 0 : plan.held.size());
        QCOMPARE(forecast.deletes + forecast.stays, now.listing.messages.size());
        QCOMPARE(forecast.freedBytes + forecast.staysBytes, total);
        QVERIFY(!forecast.nextDue.isValid() || forecast.nextDue > now.now);
        if (now.policy.recentMode || (now.policy.retention == Retention::Keep && !now.policy.deleteWhenDeletedHere))
            QCOMPARE(forecast.deletes + forecast.held, 0);
        deleting += forecast.deletes > 0;
        holding += forecast.held > 0;
    }
    // A property that was never put to the test holds nothing.
    QVERIFY2(deleting >= 30 && holding >= 3, qPrintable(QStringLiteral("%1 %2").arg(deleting).arg(holding)));
}

/// Gives the store of \a harness a history: what was stored of the mailbox, long ago and lately, what failed, what is
/// not wanted, what was deleted here since.
void TestForecast::fill(CheckHarness &harness, const QList<test::ServerMessage> &onServer, QRandomGenerator &random)
{
    const AccountId account = harness.account().id;
    const FolderId inbox = *harness.writer().folder(account, FolderRole::Inbox);
    const QDateTime now = harness.clock.now();
    QList<store::AppendItem> items;
    const int known = random.bounded(101);
    QList<test::ServerMessage> history = onServer;
    for (const test::ServerMessage &message : Maildrop::generated(random.bounded(12)))
        history.append({"gone" + message.uidl, message.bytes});
    const bool isOld = random.bounded(2) == 0;
    for (const test::ServerMessage &message : std::as_const(history)) {
        if (random.bounded(100) >= known)
            continue;
        const store::UidlKey key{message.uidl, 0};
        const int kind = random.bounded(8);
        if (kind == 0) {
            // Hours, so that the time that the check itself takes decides nothing.
            QVERIFY(harness.writer().noteFailure(
                account, key, message.bytes.size(), now.addSecs(-3600 * random.bounded(2) - 1800)));
            continue;
        }
        if (kind == 1) {
            QVERIFY(harness.writer().setSkipped(account, key, true));
            continue;
        }
        store::AppendItem item;
        item.account = account;
        item.folder = inbox;
        item.key = key;
        item.serverSize = message.bytes.size();
        item.storedAt = now.addSecs(-(isOld ? 20 * 86400 : 0) - random.bounded(30) * 86400 - 43200);
        item.message = store::prepare(message.bytes, {}, {});
        items.append(item);
    }
    const Expected<store::AppendOutcome> stored = harness.writer().append(items);
    QVERIFY(stored);
    QList<MessageId> deletedHere;
    for (const MessageSummary &summary : stored->stored) {
        if (random.bounded(7) == 0)
            deletedHere.append(summary.id);
    }
    QVERIFY(harness.writer().remove(deletedHere));
}

void TestForecast::equalsWhatTheNextCheckDoes_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 150; ++seed)
        QTest::addRow("%u", seed) << seed;
}

void TestForecast::equalsWhatTheNextCheckDoes()
{
    QFETCH(const quint32, seed);
    QRandomGenerator random(seed);
    const int count = random.bounded(5) == 0 ? 60 + random.bounded(180) : random.bounded(40);
    const QList<test::ServerMessage> onServer = Maildrop::generated(count, 100 + random.bounded(3000));
    ServerQuirks quirks;
    quirks.uidl = random.bounded(10) != 0;
    ScriptedServer server(onServer, quirks);
    QVERIFY(server.listen());

    CheckHarness harness;
    // A computer that was on for all of the time.
    test::ClockedComputer computer;
    harness.clock = computer.clock();
    QVERIFY(beginVisit(harness.writer(), harness.account().id, computer.moment()));
    computer.pass(std::chrono::hours(60 * 24));
    AccountSettings policy = randomPolicy(random, count);
    policy.id = harness.account().id;
    policy.name = harness.account().name;
    policy.host = harness.account().host;
    policy.position = harness.account().position;
    policy.userName = QStringLiteral("alice");
    policy.security = Security::Plain;
    policy.port = server.port();
    policy.sizeLimit = random.bounded(4) == 0 ? 1 + random.bounded(4000) : 0;
    if (policy.recentMode) {
        quirks.user = "recent:alice";
        server.setQuirks(quirks);
    }
    // Deletions here are marked by the rule of the day, so the policy stands before the history.
    harness.account() = policy;
    QVERIFY(harness.writer().updateAccount(policy));
    if (quirks.uidl)
        fill(harness, onServer, random);
    else
        harness.check(password); // by headers: only a visit can tell their names

    LastListing listing;
    if (quirks.uidl) {
        int number = 0;
        for (const test::ServerMessage &message : onServer)
            listing.messages.append({++number, message.uidl, message.bytes.size()});
        QVERIFY(keepLastListing(harness.writer(), policy, listing));
    }
    const Expected<std::optional<LastListing>> last = lastListing(harness.writer(), policy);
    QVERIFY(last && *last);
    const int consented = random.bounded(3) == 0 ? 10'000 : 0;
    const auto time = timeOf(harness.writer(), policy.id, computer.moment());
    QVERIFY(time);
    const Forecast forecast = forecastOf(**last, harness.ledger(), policy, *time, consented);
    server.clearRecord();

    const CheckResult result =
        harness.check(password, [consented](MailCheck &check) { check.setConsentedDeletions(consented); });
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text + result.error->detail) : "");
    const ServerRecord record = server.record();
    QCOMPARE(record.retrieved.size(), forecast.fetches);
    QCOMPARE(result.deletedOnServer, forecast.deletes);
    QCOMPARE(record.committed.size(), forecast.deletes);
    QCOMPARE(result.heldDeletions, forecast.held);
    QCOMPARE(result.leftOnServer, forecast.stays);
    const QList<store::LedgerEntry> ledger = harness.ledger();
    const auto beginnings = std::ranges::count_if(ledger, [](const store::LedgerEntry &entry) { return entry.stub; });
    QCOMPARE(beginnings, forecast.tooLarge);
    QCOMPARE(result.skippedTooLarge, 0);
    QCOMPARE(server.messages().size(), forecast.stays);
    qint64 bytesLeft = 0;
    for (const test::ServerMessage &message : server.messages())
        bytesLeft += message.bytes.size();
    QCOMPARE(bytesLeft, forecast.staysBytes);
    // And what the visit remembers of the mailbox is what is there now.
    const Expected<std::optional<LastListing>> after = lastListing(harness.writer(), policy);
    QVERIFY(after && *after);
    QCOMPARE((*after)->messages.size(), forecast.stays);
    ++m_visits;
    m_deleting += forecast.deletes > 0;
    m_holding += forecast.held > 0;
    m_fetching += forecast.fetches > 0;
}

void TestForecast::cleanupTestCase()
{
    // When all visits were made, they must have been of every kind.
    const QString kinds =
        QStringLiteral("deleted in %1, held in %2, fetched in %3").arg(m_deleting).arg(m_holding).arg(m_fetching);
    qInfo("%d visits: %s", m_visits, qPrintable(kinds));
    if (m_visits == 150)
        QVERIFY2(m_deleting >= 30 && m_holding >= 5 && m_fetching >= 50, qPrintable(kinds));
}

void TestForecast::knowsWhatAVisitLeftOnTheServer()
{
    ScriptedServer server(Maildrop::generated(10));
    QVERIFY(server.listen());
    CheckHarness harness;
    harness.account().userName = QStringLiteral("alice");
    harness.account().security = Security::Plain;
    harness.account().port = server.port();
    QVERIFY(!harness.check(password).error);
    AccountSettings policy = harness.account();
    policy.retention = Retention::KeepCount;
    policy.keepCount = 7;
    const auto forecast = [&] {
        return forecastOf(
            **lastListing(harness.writer(), policy), harness.ledger(), policy, QDateTime::currentDateTimeUtc());
    };
    QCOMPARE(forecast().deletes, 3);
    QCOMPARE(forecast().stays, 7);
    harness.account() = policy;
    QCOMPARE(harness.check(password).deletedOnServer, 3);
    QCOMPARE(forecast().deletes, 0);
    QCOMPARE(forecast().stays, 7);
    // A QUIT that was refused leaves everything where it was, as far as anybody knows.
    policy.keepCount = 5;
    harness.account() = policy;
    ServerQuirks quirks = server.quirks();
    quirks.quit = QuitBehaviour::RefuseAndKeep;
    server.setQuirks(quirks);
    (void)harness.check(password);
    QCOMPARE(forecast().deletes, 2);
    QCOMPARE(forecast().stays, 5);
}

void TestForecast::knowsNothingBeforeTheFirstVisit()
{
    CheckHarness harness;
    const Expected<std::optional<LastListing>> last = lastListing(harness.writer(), harness.account());
    QVERIFY(last);
    QVERIFY(!*last);
    Engine engine(harness.storeFile());
    QSignalSpy made(&engine, &Engine::forecastMade);
    engine.makeForecast(harness.account(), 3); // the store is not open: still answered
    QCOMPARE(made.size(), 1);
    const auto forecast = made.constFirst().constFirst().value<Forecast>();
    QCOMPARE(forecast.question, 3U);
    QCOMPARE(forecast.account, harness.account().id);
    QVERIFY(!forecast.isKnown);
}

void TestForecast::consentIsAskedForOnce()
{
    ScriptedServer server(Maildrop::generated(40));
    QVERIFY(server.listen());
    QString file;
    QTemporaryDir folder;
    {
        CheckHarness harness;
        harness.account().userName = QStringLiteral("alice");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        QVERIFY(!harness.check(password).error);
        file = folder.filePath(QStringLiteral("mail.sqlite"));
        QVERIFY(store::copyStore(harness.writer().file(), file));
    }
    Engine engine(file);
    QSignalSpy opened(&engine, &Engine::opened);
    QSignalSpy made(&engine, &Engine::forecastMade);
    QSignalSpy checked(&engine, &Engine::checked);
    engine.open();
    QCOMPARE(opened.size(), 1);
    AccountSettings account = opened.constFirst().constFirst().value<QList<AccountSettings>>().constFirst();
    account.retention = Retention::KeepCount;
    account.keepCount = 5;
    engine.makeForecast(account, 1);
    QCOMPARE(made.takeFirst().constFirst().value<Forecast>().held, 35);
    engine.updateAccount(account);
    engine.consentToDeletions(account.id, 35);
    engine.makeForecast(account, 2);
    const auto agreed = made.takeFirst().constFirst().value<Forecast>();
    QCOMPARE(agreed.held, 0);
    QCOMPARE(agreed.deletes, 35);
    net::Credentials credentials;
    credentials.userName = account.userName;
    credentials.password = password;
    engine.setCredentials(account.id, credentials);
    engine.checkMail({account.id});
    QTRY_COMPARE(checked.size(), 1);
    const auto result = checked.constFirst().constFirst().value<CheckResult>();
    QVERIFY(!result.error);
    QCOMPARE(result.deletedOnServer, 35);
    QCOMPARE(result.heldDeletions, 0);
    engine.close();
}

void TestForecast::saysWhenTheFirstOneLeaves()
{
    LastListing listing;
    listing.messages = {{1, "a", 100}, {2, "b", 100}, {3, "c", 100}};
    QList<LedgerEntry> ledger;
    for (const auto &[uidl, days] : {std::pair("a", 20), std::pair("b", 5), std::pair("c", 2)}) {
        LedgerEntry entry;
        entry.key = {uidl, 0};
        entry.storedAt = noon.addDays(-days);
        ledger.append(entry);
    }
    AccountSettings policy;
    policy.retention = Retention::KeepDays;
    policy.keepDays = 14;
    const Forecast forecast = forecastOf(listing, ledger, policy, noon);
    QCOMPARE(forecast.deletes, 1);
    QCOMPARE(forecast.oldestDeleted, noon.addDays(-20));
    QCOMPARE(forecast.nextDue, noon.addDays(9));
    policy.retention = Retention::Keep;
    QVERIFY(!forecastOf(listing, ledger, policy, noon).nextDue.isValid());
}

QTEST_GUILESS_MAIN(TestForecast)
#include "tst_forecast.moc"
