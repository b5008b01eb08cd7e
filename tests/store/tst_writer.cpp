// SPDX-License-Identifier: GPL-3.0-or-later
#include "storefixture.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

namespace {

Deletion deletionOf(const QByteArray &uidl)
{
    Deletion deletion;
    deletion.key = {uidl, 0};
    return deletion;
}

} // namespace

/// Messages as they come in, and what the ledger knows of them.
class TestWriter : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesBackEveryByte_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QByteArray all;
        for (int i = 0; i < 256; ++i)
            all.append(char(i));
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("one byte") << QByteArray("x");
        QTest::newRow("NUL bytes") << QByteArray("a\0b\0\0", 5);
        QTest::newRow("lone CR") << QByteArray("Subject: x\r\r\n\ra\rb\r");
        QTest::newRow("mixed line ends") << QByteArray("A: b\nC: d\r\n\n\r\r\n");
        QTest::newRow("8 bit") << QByteArray("Subject: \xe4\xf6\xfc\xff\xfe\r\n\r\n\x80\x81\r\n");
        QTest::newRow("every byte") << all.repeated(100);
        QTest::newRow("long line") << QByteArray(5'000'000, 'x');
        QByteArray noise(3'000'001, Qt::Uninitialized);
        for (char &c : noise)
            c = char(QRandomGenerator::global()->generate());
        QTest::newRow("noise") << noise;
    }

    void givesBackEveryByte()
    {
        QFETCH(QByteArray, raw);
        StoreFixture store;
        AppendItem item = store.item({}, "u1");
        item.message = prepare(raw, {}, {});
        const auto outcome = store.writer->append({item});
        VERIFY_OK(outcome);
        QCOMPARE(outcome->stored.size(), 1);
        QCOMPARE(outcome->stored.first().size, raw.size());
        QCOMPARE(*store.reader()->source(outcome->stored.first().id), raw);
        QCOMPARE(store.entry("u1").sha256, QCryptographicHash::hash(raw, QCryptographicHash::Sha256));
    }

    void showsWhatWasAppended()
    {
        StoreFixture store;
        const auto outcome = store.writer->append(
            {store.item({.file = u"a.pdf"_s}, "u1", MessageFlag::Starred), store.item({.subject = u"two"_s}, "u2")});
        VERIFY_OK(outcome);
        QCOMPARE(outcome->stored.size(), 2);
        QCOMPARE(outcome->alreadyStored, 0);
        const MessageSummary first = outcome->stored.first();
        QCOMPARE(first.account, store.account);
        QCOMPARE(first.folder, store.inbox);
        QCOMPARE(first.from, (Mailbox{u"Ada Lovelace"_s, u"sender@example.org"_s}));
        QCOMPARE(first.recipients, u"Charles Babbage"_s);
        QCOMPARE(first.date, TestMail().date);
        QCOMPARE(first.flags, MessageFlags(MessageFlag::Starred | MessageFlag::HasAttachment));
        const QList<MessageId> ids{outcome->stored.last().id, MessageId{4711}, first.id};
        const auto read = store.reader()->summaries(ids);
        VERIFY_OK(read);
        QCOMPARE(*read, (QList{outcome->stored.last(), first}));
    }

    void usesTheTimeOfStoringWhereAMailNamesNone()
    {
        StoreFixture store;
        AppendItem item = store.item({.date = QDateTime()}, "u1");
        item.storedAt = QDateTime(QDate(2023, 2, 3), QTime(4, 5, 6, 7), QTimeZone::UTC);
        const MessageSummary summary = store.writer->append({item})->stored.first();
        QCOMPARE(summary.date, item.storedAt);
        QCOMPARE(store.reader()->summaries({summary.id})->first(), summary);
    }

    // Laws 1 and 2
    void storesWhatComesUnderTheKeyOfAnotherMessage()
    {
        StoreFixture store;
        const AppendItem first = store.item({.subject = u"first"_s}, "same");
        const AppendItem second = store.item({.subject = u"second"_s}, "same");
        const auto outcome = store.writer->append({first, second, first});
        VERIFY_OK(outcome);
        QCOMPARE(outcome->stored.size(), 2);
        QCOMPARE(outcome->alreadyStored, 1);
        const QHash<UidlKey, UidlKey> others{{{"same", 0}, {"same", 1}}};
        QCOMPARE(outcome->others, others);
        QCOMPARE(*store.reader()->source(outcome->stored.last().id), TestMail{.subject = u"second"_s}.bytes());
        QVERIFY(*store.writer->isStored(store.account, {"same", 0}));
        QVERIFY(*store.writer->isStored(store.account, {"same", 1}));
    }

    // Law 2
    void neverStoresOneServerMessageTwice()
    {
        StoreFixture store;
        const AppendItem item = store.item({}, "same");
        TestMail other;
        other.subject = u"Another"_s;
        AppendItem second = store.item(other, "same");
        second.key.occurrence = 1;
        const auto first = store.writer->append({item, item, second});
        VERIFY_OK(first);
        QCOMPARE(first->stored.size(), 2);
        QCOMPARE(first->alreadyStored, 1);
        const auto again = store.writer->append({second, item});
        VERIFY_OK(again);
        QCOMPARE(again->stored.size(), 0);
        QCOMPARE(again->alreadyStored, 2);
        QCOMPARE(store.info(store.inbox).total, 2);
        QCOMPARE(store.writer->ledger(store.account)->size(), 2);
        QVERIFY(*store.writer->isStored(store.account, {"same", 1}));
        QVERIFY(!*store.writer->isStored(store.account, {"SAME", 1}));
        QVERIFY(!*store.writer->isStored(store.account, {"same", 2}));
    }

    void tellsUidsApartByteForByte()
    {
        StoreFixture store;
        const QList<QByteArray> uidls{"a", "A", "a ", "\xc3\xa4", "a\xcc\x88", QByteArray("a\0b", 3),
            QByteArray("a\0c", 3), QByteArray(1000, 'x'), QByteArray(999, 'x') + 'y', "\xff\xfe"};
        for (const QByteArray &uidl : uidls)
            QVERIFY(store.add({}, uidl).isValid());
        QCOMPARE(store.writer->ledger(store.account)->size(), uidls.size());
        for (const QByteArray &uidl : uidls)
            QVERIFY(*store.writer->isStored(store.account, {uidl, 0}));
    }

    void Q54_keepsOneCopyOfEqualBytesOfTwoAccounts()
    {
        StoreFixture store;
        AccountSettings other;
        other.name = u"Other"_s;
        const AccountId second = store.writer->addAccount(other)->id;
        AppendItem copy = store.item({}, "x");
        copy.account = second;
        copy.folder = *store.writer->folder(second, FolderRole::Inbox);
        const MessageId mine = store.add({}, "y");
        const MessageId theirs = store.writer->append({copy})->stored.first().id;
        QVERIFY(mine != theirs);
        VERIFY_OK(store.writer->remove({mine}));
        QCOMPARE(*store.writer->purge(), 1);
        QCOMPARE(*store.reader()->source(theirs), TestMail().bytes()); // still needed by the other account
        VERIFY_OK(store.writer->removeAccount(second));
        VERIFY_FAILS(store.reader()->source(theirs), ErrorKind::NotFound);
        QCOMPARE(*store.writer->checkIntegrity(true), {});
    }

    void Q45_countsCopiesThatServersTouchedAsEqual_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<bool>("equal");
        QTest::newRow("as it is") << QByteArray("Received: by a\r\nFrom: a\r\nSubject: s\r\n\r\nbody\r\n") << true;
        QTest::newRow("LF") << QByteArray("From: a\nSubject: s\n\nbody\n") << true;
        QTest::newRow("mbox line") << QByteArray("From a@b Fri May 17\nFrom: a\nSubject: s\n\nbody\n") << true;
        QTest::newRow("other way") << QByteArray("Return-Path: <a@b>\r\nDelivered-To: x\r\nRECEIVED: by b\r\n\twith "
                                                 "c\r\nReceived: by d\r\nFrom: a\r\nSubject: s\r\n\r\nbody\r\n")
                                   << true;
        QTest::newRow("status") << QByteArray(
            "From: a\r\nStatus: RO\r\nX-Status: A\r\nSubject: s\r\nX-UIDL: 1\r\n 2\r\n\r\nbody\r\n")
                                << true;
        QTest::newRow("blank lines") << QByteArray("From: a\r\nSubject: s\r\n\r\nbody\r\n\r\n\n\n") << true;
        QTest::newRow("no last line end") << QByteArray("From: a\r\nSubject: s\r\n\r\nbody") << true;
        QTest::newRow("other body") << QByteArray("From: a\r\nSubject: s\r\n\r\nbodx\r\n") << false;
        QTest::newRow("other header") << QByteArray("From: a\r\nSubject: t\r\n\r\nbody\r\n") << false;
        QTest::newRow("status in the body")
            << QByteArray("From: a\r\nSubject: s\r\n\r\nStatus: RO\r\nbody\r\n") << false;
        QTest::newRow("blank within") << QByteArray("From: a\r\nSubject: s\r\n\r\n\r\nbody\r\n") << false;
        QTest::newRow("received below") << QByteArray("From: a\r\nReceived: by b\r\nSubject: s\r\n\r\nbody\r\n")
                                        << false;
    }

    void Q45_countsCopiesThatServersTouchedAsEqual()
    {
        QFETCH(QByteArray, raw);
        QFETCH(bool, equal);
        const QByteArray plain = prepare("From: a\r\nSubject: s\r\n\r\nbody\r\n", {}, {}).contentHash;
        QCOMPARE(prepare(raw, {}, {}).contentHash == plain, equal);
    }

    void makesARefusedMessageStoredLater()
    {
        StoreFixture store;
        const QDateTime then(QDate(2024, 1, 1), QTime(0, 0), QTimeZone::UTC);
        VERIFY_OK(store.writer->noteFailure(store.account, {"u", 0}, 700, then));
        VERIFY_OK(store.writer->noteFailure(store.account, {"u", 0}, 800, then.addDays(1)));
        LedgerEntry before = store.entry("u");
        QCOMPARE(before.failures, 2);
        QCOMPARE(before.serverSize, 800);
        QCOMPARE(before.firstSeen, then);
        QCOMPARE(before.lastFailure, then.addDays(1));
        QVERIFY(!before.wasStored());
        QVERIFY(!*store.writer->isStored(store.account, {"u", 0}));
        const MessageId id = store.add({}, "u");
        QVERIFY(id.isValid());
        const LedgerEntry after = store.entry("u");
        QCOMPARE(after.failures, 0);
        QCOMPARE(after.message, id);
        QCOMPARE(after.firstSeen, then);
        QVERIFY(after.wasStored());
        QCOMPARE(after.sha256.size(), 32);
    }

    void remembersWhatIsSkipped()
    {
        StoreFixture store;
        VERIFY_OK(store.writer->setSkipped(store.account, {"big", 0}, true));
        QVERIFY(store.entry("big").skipped);
        QVERIFY(store.entry("big").firstSeen.isValid());
        VERIFY_OK(store.writer->setSkipped(store.account, {"big", 0}, false));
        QVERIFY(!store.entry("big").skipped);
    }

    // Law 3
    void learnsFromListings()
    {
        StoreFixture store;
        store.add({}, "a");
        store.add({.subject = u"b"_s}, "b");
        const QDateTime now(QDate(2024, 6, 1), QTime(0, 0), QTimeZone::UTC);
        VERIFY_OK(store.writer->noteDeleteSent(store.account, {deletionOf("a")}, QDateTime::currentDateTimeUtc()));
        QCOMPARE(store.entry("a").state, ServerState::DeleteSent);
        VERIFY_OK(store.writer->noteListing(store.account, {}, {{"a", 0}, {"unknown", 0}}, now));
        QCOMPARE(store.entry("a").state, ServerState::Absent);
        QCOMPARE(store.entry("a").absentSince, now);
        VERIFY_OK(store.writer->noteListing(store.account, {}, {{"a", 0}}, now.addDays(1)));
        QCOMPARE(store.entry("a").absentSince, now); // the first time counts
        QVERIFY(*store.writer->isStored(store.account, {"a", 0}));
        VERIFY_OK(store.writer->noteListing(store.account, {{"a", 0}}, {}, now));
        QCOMPARE(store.entry("a").state, ServerState::Listed);
        QVERIFY(!store.entry("a").absentSince.isValid());
        QCOMPARE(store.writer->ledger(store.account)->size(), 2);
    }

    void keepsTheLedgerOfWhatWasDeletedHere()
    {
        StoreFixture store;
        const MessageId id = store.add({}, "a");
        VERIFY_OK(store.writer->remove({id}));
        QVERIFY(!store.entry("a").deleteWished); // the account does not want that
        QCOMPARE(*store.writer->purge(), 1);
        QVERIFY(!store.entry("a").message.isValid());
        QVERIFY(*store.writer->isStored(store.account, {"a", 0}));
        QCOMPARE(store.writer->append({store.item({}, "a")})->alreadyStored, 1);
    }

    void Q28_storesEqualBytesUnderOneUidlOnce()
    {
        StoreFixture store;
        const AppendItem one = store.item(TestMail{}, "a");
        AppendItem twin = one;
        twin.key.occurrence = 1;
        const auto outcome = store.writer->append({one, twin});
        VERIFY_OK(outcome);
        QCOMPARE(outcome->stored.size(), 1);
        QCOMPARE(outcome->alreadyStored, 1);
        QVERIFY(*store.writer->isStored(store.account, {"a", 0}));
        QVERIFY(*store.writer->isStored(store.account, {"a", 1}));
        QCOMPARE(store.writer->ledger(store.account)->last().message, outcome->stored.first().id);
    }

    void Q30_storesEqualBytesOnceWhenTheirUidlChanged()
    {
        StoreFixture store;
        const AppendItem one = store.item(TestMail{}, "a");
        AppendItem moved = one;
        moved.key.uidl = "b";
        VERIFY_OK(store.writer->append({one}));
        VERIFY_OK(store.writer->noteListing(store.account, {}, {{"a", 0}}, QDateTime::currentDateTimeUtc()));
        const auto outcome = store.writer->append({moved});
        VERIFY_OK(outcome);
        QCOMPARE(outcome->stored.size(), 0);
        QVERIFY(*store.writer->isStored(store.account, {"b", 0}));
    }

    void remembersFactsOfAServer()
    {
        StoreFixture store;
        QCOMPARE(*store.writer->accountFact(store.account, u"pipelining"_s), QByteArray());
        VERIFY_OK(store.writer->setAccountFact(store.account, u"pipelining"_s, QByteArray("no\0", 3)));
        VERIFY_OK(store.writer->setAccountFact(store.account, u"top"_s, "yes"));
        QCOMPARE(*store.writer->accountFact(store.account, u"pipelining"_s), QByteArray("no\0", 3));
        VERIFY_OK(store.writer->setAccountFact(store.account, u"pipelining"_s, {}));
        QCOMPARE(*store.writer->accountFact(store.account, u"pipelining"_s), QByteArray());
        VERIFY_FAILS(store.writer->setAccountFact(AccountId{99}, u"x"_s, "y"), ErrorKind::StoreFailed);
    }

    void changesNothingWhenOneOfABatchCannotBeStored()
    {
        StoreFixture store;
        AppendItem lost = store.item({}, "b");
        lost.folder = FolderId{999};
        VERIFY_FAILS(store.writer->append({store.item({.subject = u"first"_s}, "a"), lost}), ErrorKind::NotFound);
        QCOMPARE(store.info(store.inbox).total, 0);
        QVERIFY(!*store.writer->isStored(store.account, {"a", 0}));
        QCOMPARE(*store.reader()->search(u"first"_s, {}, {}), {});
        AppendItem stranger = store.item({.subject = u"first"_s}, "a");
        stranger.account = AccountId{77};
        VERIFY_FAILS(store.writer->append({store.item({}, "c"), stranger}), ErrorKind::StoreFailed);
        QCOMPARE(store.info(store.inbox).total, 0);
        QVERIFY(store.add({}, "a").isValid());
    }
};

QTEST_GUILESS_MAIN(TestWriter)
#include "tst_writer.moc"
