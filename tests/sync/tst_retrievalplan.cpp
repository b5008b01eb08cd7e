// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/retrievalplan.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

using namespace satchel;
using namespace satchel::sync;
using store::LedgerEntry;
using store::ServerState;
using store::UidlKey;

namespace {

const QDateTime now(QDate(2026, 11, 20), QTime(12, 0), QTimeZone::UTC);

pop3::ListedMessage listed(int number, const QByteArray &uidl, qint64 size = 1000)
{
    return {number, uidl, size};
}

LedgerEntry stored(const QByteArray &uidl, int daysAgo = 0, int occurrence = 0)
{
    LedgerEntry entry;
    entry.key = {uidl, occurrence};
    entry.serverSize = 1000;
    entry.firstSeen = entry.storedAt = now.addDays(-daysAgo);
    entry.message = MessageId{1};
    return entry;
}

LedgerEntry failedBefore(const QByteArray &uidl, int failures, int hoursAgo)
{
    LedgerEntry entry;
    entry.key = {uidl, 0};
    entry.firstSeen = entry.lastFailure = now.addSecs(-hoursAgo * 3600);
    entry.failures = failures;
    return entry;
}

QList<int> numbers(const QList<PlannedMessage> &messages)
{
    QList<int> result;
    for (const PlannedMessage &message : messages)
        result.append(message.listed.number);
    return result;
}

AccountSettings policy(Retention retention, int days = 14)
{
    AccountSettings account;
    account.retention = retention;
    account.keepDays = days;
    return account;
}

} // namespace

class TestRetrievalPlan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fetchesWhatIsNotStored();
    void fetchesNothingTwice();
    void keepsForEver();
    void deletesWhatIsStoredAfterTheDaysThatItWasStoredHere();
    void Q51_looksAtTheTimeOfStoringAlone();
    void Q52_aClockThatWasPutBackDeletesNothing();
    void neverPlansToDeleteWhatIsNotStored();
    void deletesOnTheServerWhatWasDeletedHereOnlyWhereTheAccountSaysSo();
    void Q37_neverDeletesInRecentMode();
    void keepsTheNewestByCount();
    void keepsTheNewestBySize();
    void Q52_holdsBackManyDeletionsUntilThePersonAgrees();
    void Q52_finishesWhatWasDownloadedJustNowWithoutAsking();
    void saysByWhichRuleAMessageLeaves();
    void Q28_messagesWithOneUidlAreSeparateOccurrences();
    void Q28_doesNotDeleteByANumberThatCannotBeToldApart();
    void Q28_fetchesTheOneThatIsMissingWhenItsTwinHasGone();
    void Q32_anEmptyListingForgetsNothing();
    void Q35_whatIsNotListedIsAbsentAndReturnsAsKnown();
    void Q39_letsARefusedMessageRestAndTriesItLast();
    void Q39_whatFailedOftenIsTriedAfterWhatFailedOnce();
    void Q48_deletesAgainWhatIsStillListed();
    void doesNotDeleteWhatThePersonDecidedToKeepInTheMeantime();
    void leavesWhatIsTooLarge();
    void leavesWhatThePersonDoesNotWant();
    void namesTheDayFromWhichAMessageLeaves();
    void aBeginningIsNoReasonToDeleteAndIsNotMadeAgain();
    void everyListedMessageIsInExactlyOneList();
    void Q22_plansAMailboxOfHundredsOfThousands();
    void F01_doubtsWhatIsListedAgain_data();
    void F01_doubtsWhatIsListedAgain();
    void F01_whatHasComeAfterAnotherIsKnownByItsOwnRow();
    void F01_tellsNumbersFromNames_data();
    void F01_tellsNumbersFromNames();
};

void TestRetrievalPlan::fetchesWhatIsNotStored()
{
    const RetrievalPlan plan =
        planRetrieval({listed(1, "a", 10), listed(2, "b", 20)}, {}, policy(Retention::Keep), now);
    QCOMPARE(numbers(plan.fetch), (QList<int>{1, 2}));
    QCOMPARE(plan.fetchBytes, 30);
    QCOMPARE(plan.fetch.at(1).key, (UidlKey{"b", 0}));
}

void TestRetrievalPlan::fetchesNothingTwice()
{
    for (const Retention retention : {Retention::Keep, Retention::DeleteAfterDownload, Retention::KeepDays}) {
        const RetrievalPlan plan =
            planRetrieval({listed(1, "a"), listed(2, "b")}, {stored("a"), stored("b", 400)}, policy(retention), now);
        QVERIFY(plan.fetch.isEmpty());
    }
}

void TestRetrievalPlan::keepsForEver()
{
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {stored("a", 4000)}, policy(Retention::Keep), now);
    QVERIFY(plan.remove.isEmpty());
    QCOMPARE(numbers(plan.leave), (QList<int>{1}));
}

void TestRetrievalPlan::deletesWhatIsStoredAfterTheDaysThatItWasStoredHere()
{
    const RetrievalPlan plan = planRetrieval({listed(1, "a"), listed(2, "b"), listed(3, "c")},
        {stored("a", 13), stored("b", 14), stored("c", 15)}, policy(Retention::KeepDays), now);
    QCOMPARE(numbers(plan.remove), (QList<int>{2, 3}));
    QCOMPARE(numbers(plan.leave), (QList<int>{1}));
}

void TestRetrievalPlan::Q51_looksAtTheTimeOfStoringAlone()
{
    // First seen long ago (skipped by a size limit, say), but stored today: the days count from today.
    LedgerEntry entry = stored("a", 0);
    entry.firstSeen = now.addYears(-3);
    QVERIFY(planRetrieval({listed(1, "a")}, {entry}, policy(Retention::KeepDays), now).remove.isEmpty());
}

void TestRetrievalPlan::Q52_aClockThatWasPutBackDeletesNothing()
{
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {stored("a", -400)}, policy(Retention::KeepDays), now);
    QVERIFY(plan.remove.isEmpty());
    QVERIFY(plan.fetch.isEmpty());
}

void TestRetrievalPlan::neverPlansToDeleteWhatIsNotStored()
{
    LedgerEntry seen;
    seen.key = {"a", 0};
    seen.firstSeen = now.addDays(-400);
    seen.deleteWished = true;
    AccountSettings account = policy(Retention::DeleteAfterDownload);
    account.deleteWhenDeletedHere = true;
    const RetrievalPlan plan = planRetrieval({listed(1, "a"), listed(2, "b")}, {seen}, account, now);
    QVERIFY(plan.remove.isEmpty());
    QCOMPARE(numbers(plan.fetch), (QList<int>{1, 2}));
}

void TestRetrievalPlan::deletesOnTheServerWhatWasDeletedHereOnlyWhereTheAccountSaysSo()
{
    LedgerEntry entry = stored("a");
    entry.message = {};
    entry.deleteWished = true;
    AccountSettings account = policy(Retention::Keep);
    QVERIFY(planRetrieval({listed(1, "a")}, {entry}, account, now).remove.isEmpty());
    account.deleteWhenDeletedHere = true;
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {entry}, account, now);
    QCOMPARE(numbers(plan.remove), (QList<int>{1}));
    QVERIFY(plan.fetch.isEmpty());
}

void TestRetrievalPlan::Q37_neverDeletesInRecentMode()
{
    AccountSettings account = policy(Retention::DeleteAfterDownload);
    account.recentMode = true;
    LedgerEntry wished = stored("a", 100);
    wished.deleteWished = true;
    account.deleteWhenDeletedHere = true;
    const RetrievalPlan plan = planRetrieval({listed(1, "a"), listed(2, "b")}, {wished}, account, now);
    QVERIFY(plan.remove.isEmpty());
    QVERIFY(!plan.fetch.first().due);
}

void TestRetrievalPlan::keepsTheNewestByCount()
{
    AccountSettings account = policy(Retention::KeepCount);
    account.keepCount = 2;
    // Number 4 is new: it counts, and number 1 goes though it is not here yet, as soon as it is.
    const RetrievalPlan plan = planRetrieval(
        {listed(1, "a"), listed(2, "b"), listed(3, "c"), listed(4, "d")}, {stored("b"), stored("c")}, account, now);
    QCOMPARE(numbers(plan.remove), (QList<int>{2}));
    QCOMPARE(numbers(plan.leave), (QList<int>{3}));
    QCOMPARE(numbers(plan.fetch), (QList<int>{1, 4}));
    QCOMPARE(plan.fetch.at(0).due, std::optional(store::DeletionRule::Count));
    QCOMPARE(plan.fetch.at(1).due, std::nullopt);
}

void TestRetrievalPlan::keepsTheNewestBySize()
{
    AccountSettings account = policy(Retention::KeepSize);
    account.keepMegabytes = 2;
    constexpr qint64 megabyte = 1024 * 1024;
    const RetrievalPlan plan =
        planRetrieval({listed(1, "a", megabyte), listed(2, "b", megabyte), listed(3, "c", megabyte)},
            {stored("a"), stored("b"), stored("c")}, account, now);
    QCOMPARE(numbers(plan.remove), (QList<int>{1}));
    QCOMPARE(numbers(plan.leave), (QList<int>{2, 3}));
}

void TestRetrievalPlan::Q52_holdsBackManyDeletionsUntilThePersonAgrees()
{
    QList<pop3::ListedMessage> listing;
    QList<LedgerEntry> ledger;
    for (int i = 1; i <= 60; ++i) {
        listing.append(listed(i, QByteArray::number(i)));
        ledger.append(stored(QByteArray::number(i), i <= 30 ? 100 : 0));
    }
    const RetrievalPlan held = planRetrieval(listing, ledger, policy(Retention::KeepDays), now);
    QVERIFY(held.remove.isEmpty());
    QCOMPARE(held.held.size(), 30);
    const RetrievalPlan fewer = planRetrieval(listing, ledger, policy(Retention::KeepDays), now, 29);
    QCOMPARE(fewer.held.size(), 30);
    const RetrievalPlan agreed = planRetrieval(listing, ledger, policy(Retention::KeepDays), now, 30);
    QCOMPARE(agreed.remove.size(), 30);
    QVERIFY(agreed.held.isEmpty());

    QVERIFY(!needsConsent(20, 20));
    QVERIFY(needsConsent(21, 83));
    QVERIFY(!needsConsent(21, 84));
    QVERIFY(!needsConsent(200, 10'000));
    QVERIFY(needsConsent(201, 10'000));
}

void TestRetrievalPlan::Q52_finishesWhatWasDownloadedJustNowWithoutAsking()
{
    QList<pop3::ListedMessage> listing;
    QList<LedgerEntry> ledger;
    for (int i = 1; i <= 300; ++i) {
        listing.append(listed(i, QByteArray::number(i)));
        ledger.append(stored(QByteArray::number(i), 0));
    }
    QCOMPARE(planRetrieval(listing, ledger, policy(Retention::DeleteAfterDownload), now).remove.size(), 300);
    // But not what was kept for months, after the person chose another policy.
    for (LedgerEntry &entry : ledger)
        entry.storedAt = now.addDays(-100);
    QCOMPARE(planRetrieval(listing, ledger, policy(Retention::DeleteAfterDownload), now).held.size(), 300);
}

void TestRetrievalPlan::saysByWhichRuleAMessageLeaves()
{
    AccountSettings account = policy(Retention::KeepDays);
    account.deleteWhenDeletedHere = true;
    LedgerEntry wished = stored("b");
    wished.deleteWished = true;
    const RetrievalPlan plan = planRetrieval({listed(1, "a"), listed(2, "b")}, {stored("a", 20), wished}, account, now);
    QCOMPARE(plan.remove.at(0).due, std::optional(store::DeletionRule::Days));
    QCOMPARE(plan.remove.at(1).due, std::optional(store::DeletionRule::DeletedHere));
}

void TestRetrievalPlan::Q28_messagesWithOneUidlAreSeparateOccurrences()
{
    const RetrievalPlan plan =
        planRetrieval({listed(1, "a"), listed(2, "b"), listed(3, "a")}, {}, policy(Retention::Keep), now);
    QCOMPARE(numbers(plan.fetch), (QList<int>{1, 2, 3}));
    QCOMPARE(plan.fetch.at(0).key, (UidlKey{"a", 0}));
    QCOMPARE(plan.fetch.at(2).key, (UidlKey{"a", 1}));
}

void TestRetrievalPlan::Q28_doesNotDeleteByANumberThatCannotBeToldApart()
{
    const RetrievalPlan plan = planRetrieval(
        {listed(1, "a"), listed(2, "a")}, {stored("a", 100), stored("a", 100, 1)}, policy(Retention::KeepDays), now);
    QVERIFY(plan.remove.isEmpty());
    QCOMPARE(numbers(plan.leave), (QList<int>{1, 2}));
}

void TestRetrievalPlan::Q28_fetchesTheOneThatIsMissingWhenItsTwinHasGone()
{
    // Two were listed, the first was stored, the second was not; now one of them is left, nobody knows which.
    LedgerEntry second;
    second.key = {"a", 1};
    second.firstSeen = now;
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {stored("a"), second}, policy(Retention::KeepDays), now);
    QCOMPARE(numbers(plan.fetch), (QList<int>{1}));
    QCOMPARE(plan.fetch.first().key, (UidlKey{"a", 1}));
}

void TestRetrievalPlan::Q32_anEmptyListingForgetsNothing()
{
    const RetrievalPlan empty =
        planRetrieval({}, {stored("a"), stored("b")}, policy(Retention::DeleteAfterDownload), now);
    QCOMPARE(empty.vanished.size(), 2);
    LedgerEntry absent = stored("a");
    absent.state = ServerState::Absent;
    const RetrievalPlan back = planRetrieval({listed(1, "a")}, {absent}, policy(Retention::Keep), now);
    QVERIFY(back.fetch.isEmpty());
}

void TestRetrievalPlan::Q35_whatIsNotListedIsAbsentAndReturnsAsKnown()
{
    LedgerEntry absent = stored("a");
    absent.state = ServerState::Absent;
    absent.absentSince = now.addDays(-100);
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {absent, stored("b")}, policy(Retention::Keep), now);
    QCOMPARE(plan.reappeared, (QList<UidlKey>{{"a", 0}}));
    QCOMPARE(plan.vanished, (QList<UidlKey>{{"b", 0}}));
    QCOMPARE(planRetrieval({}, {absent}, policy(Retention::Keep), now).vanished.size(), 0);
}

void TestRetrievalPlan::Q39_letsARefusedMessageRestAndTriesItLast()
{
    const QList<LedgerEntry> ledger{failedBefore("fresh", 1, 0), failedBefore("rested", 1, 2),
        failedBefore("often", 2, 2), failedBefore("future", 1, -5)};
    const RetrievalPlan plan = planRetrieval(
        {listed(1, "fresh"), listed(2, "rested"), listed(3, "new"), listed(4, "often"), listed(5, "future")}, ledger,
        policy(Retention::Keep), now);
    QCOMPARE(numbers(plan.fetch), (QList<int>{3, 2, 5}));
    QCOMPARE(numbers(plan.resting), (QList<int>{1, 4}));
}

void TestRetrievalPlan::Q39_whatFailedOftenIsTriedAfterWhatFailedOnce()
{
    const RetrievalPlan plan = planRetrieval({listed(1, "a"), listed(2, "b"), listed(3, "c")},
        {failedBefore("a", 3, 200), failedBefore("b", 1, 200)}, policy(Retention::Keep), now);
    QCOMPARE(numbers(plan.fetch), (QList{3, 2, 1}));
}

void TestRetrievalPlan::Q48_deletesAgainWhatIsStillListed()
{
    LedgerEntry sent = stored("a");
    sent.state = ServerState::DeleteSent;
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {sent}, policy(Retention::DeleteAfterDownload), now);
    QCOMPARE(numbers(plan.remove), (QList<int>{1}));
    QVERIFY(plan.fetch.isEmpty());
}

void TestRetrievalPlan::doesNotDeleteWhatThePersonDecidedToKeepInTheMeantime()
{
    LedgerEntry sent = stored("a");
    sent.state = ServerState::DeleteSent;
    QVERIFY(planRetrieval({listed(1, "a")}, {sent}, policy(Retention::Keep), now).remove.isEmpty());
}

void TestRetrievalPlan::leavesWhatIsTooLarge()
{
    AccountSettings account = policy(Retention::DeleteAfterDownload);
    account.sizeLimit = 1000;
    const RetrievalPlan plan = planRetrieval({listed(1, "a", 1000), listed(2, "b", 1001)}, {}, account, now);
    QCOMPARE(numbers(plan.fetch), (QList<int>{1}));
    QCOMPARE(numbers(plan.tooLarge), (QList<int>{2}));
    QVERIFY(plan.remove.isEmpty());
}

void TestRetrievalPlan::leavesWhatThePersonDoesNotWant()
{
    LedgerEntry unwanted;
    unwanted.key = {"a", 0};
    unwanted.skipped = true;
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {unwanted}, policy(Retention::DeleteAfterDownload), now);
    QVERIFY(plan.fetch.isEmpty());
    QVERIFY(plan.remove.isEmpty());
    QCOMPARE(numbers(plan.leave), (QList<int>{1}));
}

void TestRetrievalPlan::namesTheDayFromWhichAMessageLeaves()
{
    const QList<LedgerEntry> ledger{stored("a", 3), stored("b", 20)};
    const QList<pop3::ListedMessage> listing{listed(1, "a"), listed(2, "b"), listed(3, "c")};
    const RetrievalPlan plan = planRetrieval(listing, ledger, policy(Retention::KeepDays, 14), now);
    QCOMPARE(numbers(plan.leave), (QList<int>{1}));
    const QDateTime day = plan.leave.constFirst().dueOn;
    QCOMPARE(day, now.addDays(11));
    // The same function holds to it.
    QCOMPARE(numbers(planRetrieval(listing, ledger, policy(Retention::KeepDays, 14), day.addSecs(-1)).remove),
        (QList<int>{2}));
    QCOMPARE(numbers(planRetrieval(listing, ledger, policy(Retention::KeepDays, 14), day).remove), (QList<int>{1, 2}));
    QVERIFY(!plan.remove.constFirst().dueOn.isValid());
    QVERIFY(!plan.fetch.constFirst().dueOn.isValid());
    QVERIFY(!planRetrieval(listing, ledger, policy(Retention::Keep), now).leave.constFirst().dueOn.isValid());
}

void TestRetrievalPlan::aBeginningIsNoReasonToDeleteAndIsNotMadeAgain()
{
    AccountSettings account = policy(Retention::DeleteAfterDownload);
    account.sizeLimit = 1000;
    LedgerEntry entry;
    entry.key = {"a", 0};
    entry.stub = true;
    entry.message = MessageId{1};
    entry.serverSize = 5000;
    const QList<pop3::ListedMessage> listing{listed(1, "a", 5000)};
    RetrievalPlan plan = planRetrieval(listing, {entry}, account, now);
    QCOMPARE(numbers(plan.stubs), (QList<int>{1}));
    QVERIFY(plan.remove.isEmpty() && plan.tooLarge.isEmpty() && plan.fetch.isEmpty());
    entry.wholeWished = true;
    QCOMPARE(numbers(planRetrieval(listing, {entry}, account, now).fetch), (QList<int>{1}));
    // Ordered by hand it goes, though it is lost; but not in its place another message of another size.
    entry.wholeWished = false;
    entry.deleteOrder = store::DeleteOrder::IfStored;
    QVERIFY(planRetrieval(listing, {entry}, account, now).remove.isEmpty());
    entry.deleteOrder = store::DeleteOrder::Anyway;
    plan = planRetrieval(listing, {entry}, account, now);
    QCOMPARE(numbers(plan.remove), (QList<int>{1}));
    QCOMPARE(plan.remove.constFirst().due, store::DeletionRule::ByHand);
    QVERIFY(planRetrieval({listed(1, "a", 700)}, {entry}, account, now).remove.isEmpty());
    QVERIFY(planRetrieval({listed(1, "a", 5000), listed(2, "a", 5000)}, {entry}, account, now).remove.isEmpty());
    account.recentMode = true;
    QVERIFY(planRetrieval(listing, {entry}, account, now).remove.isEmpty());
}

void TestRetrievalPlan::everyListedMessageIsInExactlyOneList()
{
    QRandomGenerator random(20261120);
    for (int round = 0; round < 500; ++round) {
        QList<pop3::ListedMessage> listing;
        QList<LedgerEntry> ledger;
        QSet<UidlKey> rows;
        const int count = random.bounded(40);
        for (int i = 1; i <= count; ++i)
            listing.append(listed(i, QByteArray::number(random.bounded(20)), random.bounded(2000)));
        for (int i = random.bounded(40); i > 0; --i) {
            LedgerEntry entry;
            entry.key = {QByteArray::number(random.bounded(20)), int(random.bounded(3))};
            if (rows.contains(entry.key))
                continue;
            rows.insert(entry.key);
            if (random.bounded(2))
                entry.storedAt = now.addDays(-int(random.bounded(30)));
            entry.state = ServerState(random.bounded(3));
            entry.deleteWished = random.bounded(4) == 0;
            entry.skipped = random.bounded(8) == 0;
            if (random.bounded(4) == 0) {
                entry.failures = int(random.bounded(1, 5));
                entry.lastFailure = now.addSecs(-int(random.bounded(100'000)));
            }
            entry.stub = !entry.wasStored() && random.bounded(3) == 0;
            entry.wholeWished = entry.stub && random.bounded(2);
            entry.deleteOrder = store::DeleteOrder(random.bounded(3));
            ledger.append(entry);
        }
        AccountSettings account = policy(Retention(random.bounded(5)), int(random.bounded(20)));
        account.keepCount = int(random.bounded(30));
        account.keepMegabytes = 0;
        account.deleteWhenDeletedHere = random.bounded(2);
        account.sizeLimit = random.bounded(2) ? 1000 : 0;

        const RetrievalPlan plan = planRetrieval(listing, ledger, account, now);
        QList<int> all = numbers(plan.fetch) + numbers(plan.remove) + numbers(plan.leave) + numbers(plan.tooLarge)
            + numbers(plan.stubs) + numbers(plan.resting) + numbers(plan.held);
        QCOMPARE(all.size(), listing.size());
        QCOMPARE(QSet<int>(all.begin(), all.end()).size(), listing.size());

        QSet<UidlKey> used;
        const auto check = [&](const QList<PlannedMessage> &list) {
            for (const PlannedMessage &message : list) {
                QCOMPARE(message.key.uidl, message.listed.uidl);
                QVERIFY2(!used.contains(message.key), "two messages share a key");
                used.insert(message.key);
            }
        };
        for (const auto *list :
            {&plan.fetch, &plan.remove, &plan.leave, &plan.tooLarge, &plan.stubs, &plan.resting, &plan.held})
            check(*list);
        for (const PlannedMessage &message : plan.remove) {
            const auto row = std::find_if(
                ledger.begin(), ledger.end(), [&](const LedgerEntry &entry) { return entry.key == message.key; });
            QVERIFY(row != ledger.end());
            QVERIFY(row->wasStored() || row->deleteOrder == store::DeleteOrder::Anyway);
        }
        for (const PlannedMessage &message : plan.fetch) {
            const auto row = std::find_if(
                ledger.begin(), ledger.end(), [&](const LedgerEntry &entry) { return entry.key == message.key; });
            QVERIFY(row == ledger.end() || !row->wasStored());
        }
    }
}

void TestRetrievalPlan::Q22_plansAMailboxOfHundredsOfThousands()
{
    constexpr int count = 300'000;
    QList<pop3::ListedMessage> listing;
    QList<LedgerEntry> ledger;
    for (int i = 1; i <= count; ++i) {
        listing.append(listed(i, QByteArray::number(i, 16)));
        if (i > 3)
            ledger.append(stored(QByteArray::number(i, 16)));
    }
    const RetrievalPlan plan = planRetrieval(listing, ledger, policy(Retention::Keep), now);
    QCOMPARE(numbers(plan.fetch), (QList<int>{1, 2, 3}));
    QCOMPARE(plan.leave.size(), count - 3);
}

void TestRetrievalPlan::F01_doubtsWhatIsListedAgain_data()
{
    QTest::addColumn<ServerState>("state");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<int>("daysAgo");
    QTest::addColumn<bool>("doubtful");
    for (const int days : {0, 2, 40}) {
        QTest::addRow("stayed, %d days", days) << ServerState::Listed << qint64(1000) << days << false;
        QTest::addRow("stayed, a size as others count it, %d days", days)
            << ServerState::Listed << qint64(1040) << days << true;
        QTest::addRow("stayed, another size, %d days", days) << ServerState::Listed << qint64(2000) << days << true;
        QTest::addRow("was gone, %d days", days) << ServerState::Absent << qint64(1000) << days << true;
        QTest::addRow("was gone, another size, %d days", days) << ServerState::Absent << qint64(5000) << days << true;
        QTest::addRow("was deleted, %d days", days) << ServerState::DeleteSent << qint64(1000) << days << true;
    }
}

void TestRetrievalPlan::F01_doubtsWhatIsListedAgain()
{
    QFETCH(ServerState, state);
    QFETCH(qint64, size);
    QFETCH(int, daysAgo);
    LedgerEntry entry = stored("a", daysAgo);
    entry.state = state;
    for (const Retention retention : {Retention::Keep, Retention::DeleteAfterDownload, Retention::KeepDays}) {
        const RetrievalPlan plan = planRetrieval({listed(1, "a", size)}, {entry}, policy(retention), now);
        QTEST(!plan.doubtful.isEmpty(), "doubtful");
        // No size of an earlier listing can stand for one that was not asked for.
        LedgerMatch match(QList{listed(1, "a", 0)});
        match.add(entry);
        match.end();
        QCOMPARE(match.takeSizesFromLedger(1, 1000), state == ServerState::Listed);
    }
}

void TestRetrievalPlan::F01_whatHasComeAfterAnotherIsKnownByItsOwnRow()
{
    LedgerEntry gone = stored("a", 30);
    gone.state = ServerState::Absent;
    const LedgerEntry there = stored("a", 1, 1);
    const RetrievalPlan plan = planRetrieval({listed(1, "a")}, {gone, there}, policy(Retention::KeepDays), now);
    QVERIFY(plan.doubtful.isEmpty());
    QVERIFY(plan.remove.isEmpty());
    QCOMPARE(plan.leave.size(), 1);
    QCOMPARE(plan.leave.first().key, (UidlKey{"a", 1}));
    // A header that was seen is stronger than any of that.
    LedgerMatch match(QList{listed(1, "a"), listed(2, "a")}, {{1, UidlKey{"a", 2}}, {2, UidlKey{"a", 0}}});
    match.add(gone);
    match.add(there);
    match.end();
    QVERIFY(!match.known(0).inLedger);
    QCOMPARE(match.known(0).occurrence, 2);
    QCOMPARE(match.known(1).occurrence, 0);
    QCOMPARE(match.vanished(), (QList{UidlKey{"a", 1}}));
}

void TestRetrievalPlan::F01_tellsNumbersFromNames_data()
{
    QTest::addColumn<QByteArrayList>("uidls");
    QTest::addColumn<qsizetype>("bare");
    QTest::addColumn<qsizetype>("any");
    const auto row = [](const char *name, const QByteArrayList &uidls, qsizetype bare, qsizetype any) {
        QTest::newRow(name) << uidls << bare << any;
    };
    row("numbers", {"1", "2", "3"}, 3, 3);
    row("one message", {"1"}, 1, 1);
    row("zeros in front", {"0001", "0002", "0003"}, 3, 3);
    row("words around", {"msg-1@x", "msg-2@x", "msg-3@x"}, 0, 3);
    row("a counter that is ahead", {"1", "2", "4"}, 0, 0);
    row("words around a counter that is ahead", {"n5", "n6"}, 0, 0);
    row("most of them", {"1", "2", "3", "x", "5"}, 4, 4);
    row("few of them", {"1", "b", "c", "d"}, 0, 0);
    row("names", {"a", "b"}, 0, 0);
    row("digits elsewhere", {"20261101.1", "20261101.2"}, 0, 2);
    row("no names", {"", ""}, 0, 0);
    row("nothing", {}, 0, 0);
}

void TestRetrievalPlan::F01_tellsNumbersFromNames()
{
    QFETCH(QByteArrayList, uidls);
    QList<pop3::ListedMessage> listing;
    for (const QByteArray &uidl : uidls)
        listing.append(listed(int(listing.size()) + 1, uidl));
    QTEST(namedByNumber(listing, NumberedBy::BareNumber).size(), "bare");
    QTEST(namedByNumber(listing, NumberedBy::AnyForm).size(), "any");
}

QTEST_GUILESS_MAIN(TestRetrievalPlan)
#include "tst_retrievalplan.moc"
