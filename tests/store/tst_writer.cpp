// SPDX-License-Identifier: GPL-3.0-or-later
#include "storefixture.h"

#include <QCryptographicHash>
#include <QRandomGenerator>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

static Deletion deletionOf(const QByteArray &uidl)
{
    Deletion deletion;
    deletion.key = {uidl, 0};
    return deletion;
}

class TestWriter : public QObject
{
    Q_OBJECT

private:
    static LedgerEntry entry(const StoreFixture &store, const QByteArray &uidl, int occurrence = 0)
    {
        const auto ledger = *store.writer->ledger(store.account);
        for (const LedgerEntry &one : ledger) {
            if (one.key == UidlKey{uidl, occurrence})
                return one;
        }
        return {};
    }

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
        QCOMPARE(entry(store, "u1").sha256, QCryptographicHash::hash(raw, QCryptographicHash::Sha256));
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
        LedgerEntry before = entry(store, "u");
        QCOMPARE(before.failures, 2);
        QCOMPARE(before.serverSize, 800);
        QCOMPARE(before.firstSeen, then);
        QCOMPARE(before.lastFailure, then.addDays(1));
        QVERIFY(!before.wasStored());
        QVERIFY(!*store.writer->isStored(store.account, {"u", 0}));
        const MessageId id = store.add({}, "u");
        QVERIFY(id.isValid());
        const LedgerEntry after = entry(store, "u");
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
        QVERIFY(entry(store, "big").skipped);
        QVERIFY(entry(store, "big").firstSeen.isValid());
        VERIFY_OK(store.writer->setSkipped(store.account, {"big", 0}, false));
        QVERIFY(!entry(store, "big").skipped);
    }

    // Law 3
    void learnsFromListings()
    {
        StoreFixture store;
        store.add({}, "a");
        store.add({.subject = u"b"_s}, "b");
        const QDateTime now(QDate(2024, 6, 1), QTime(0, 0), QTimeZone::UTC);
        VERIFY_OK(store.writer->noteDeleteSent(store.account, {deletionOf("a")}, QDateTime::currentDateTimeUtc()));
        QCOMPARE(entry(store, "a").state, ServerState::DeleteSent);
        VERIFY_OK(store.writer->noteListing(store.account, {}, {{"a", 0}, {"unknown", 0}}, now));
        QCOMPARE(entry(store, "a").state, ServerState::Absent);
        QCOMPARE(entry(store, "a").absentSince, now);
        VERIFY_OK(store.writer->noteListing(store.account, {}, {{"a", 0}}, now.addDays(1)));
        QCOMPARE(entry(store, "a").absentSince, now); // the first time counts
        QVERIFY(*store.writer->isStored(store.account, {"a", 0}));
        VERIFY_OK(store.writer->noteListing(store.account, {{"a", 0}}, {}, now));
        QCOMPARE(entry(store, "a").state, ServerState::Listed);
        QVERIFY(!entry(store, "a").absentSince.isValid());
        QCOMPARE(store.writer->ledger(store.account)->size(), 2);
    }

    void keepsTheLedgerOfWhatWasDeletedHere()
    {
        StoreFixture store;
        const MessageId id = store.add({}, "a");
        VERIFY_OK(store.writer->remove({id}));
        QVERIFY(!entry(store, "a").deleteWished); // the account does not want that
        QCOMPARE(*store.writer->purge(), 1);
        QVERIFY(!entry(store, "a").message.isValid());
        QVERIFY(*store.writer->isStored(store.account, {"a", 0}));
        QCOMPARE(store.writer->append({store.item({}, "a")})->alreadyStored, 1);
    }

    void wishesDeletionOnTheServerUntilItIsTakenBack()
    {
        StoreFixture store;
        AccountSettings settings = store.writer->accounts()->first();
        settings.deleteWhenDeletedHere = true;
        VERIFY_OK(store.writer->updateAccount(settings));
        const MessageId id = store.add({}, "a");
        const auto moves = store.writer->remove({id, id, MessageId{999}});
        VERIFY_OK(moves);
        QCOMPARE(*moves, (QList{MovedMessage{id, store.inbox, store.folder(FolderRole::Removed)}}));
        QVERIFY(entry(store, "a").deleteWished);
        QCOMPARE(*store.reader()->list({}, {}), {});
        VERIFY_OK(store.writer->moveBack(*moves));
        QVERIFY(!entry(store, "a").deleteWished);
        QCOMPARE(*store.reader()->list({store.inbox}, {}), QList{id});
        VERIFY_OK(store.writer->remove({id}));
        VERIFY_OK(store.writer->move({id}, store.folder(FolderRole::Archive)));
        QVERIFY(!entry(store, "a").deleteWished);
    }

    void wishesDeletionOnTheServerAlreadyInTrashWhereTheAccountWantsThat()
    {
        StoreFixture store;
        AccountSettings settings = store.writer->accounts()->first();
        const MessageId id = store.add({}, "a");
        const FolderId trash = store.folder(FolderRole::Trash);
        settings.deleteAtOnce = true; // means nothing alone
        VERIFY_OK(store.writer->updateAccount(settings));
        auto moves = store.writer->move({id}, trash);
        VERIFY_OK(moves);
        QVERIFY(!entry(store, "a").deleteWished);
        VERIFY_OK(store.writer->moveBack(*moves));

        settings.deleteWhenDeletedHere = true;
        VERIFY_OK(store.writer->updateAccount(settings));
        moves = store.writer->move({id}, trash);
        VERIFY_OK(moves);
        QVERIFY(entry(store, "a").deleteWished);
        VERIFY_OK(store.writer->moveBack(*moves));
        QVERIFY(!entry(store, "a").deleteWished);
    }

    void takesMovesBack()
    {
        StoreFixture store;
        const FolderId archive = store.folder(FolderRole::Archive);
        const FolderId trash = store.folder(FolderRole::Trash);
        const MessageId a = store.add({}, "a");
        const MessageId b = store.add({}, "b", MessageFlag::Read, archive);
        const MessageId c = store.add({}, "c");
        const auto moves = store.writer->move({a, b, c}, trash);
        VERIFY_OK(moves);
        QCOMPARE(moves->size(), 3);
        VERIFY_OK(store.writer->move({c}, archive)); // since then
        VERIFY_OK(store.writer->moveBack(*moves));
        const auto reader = store.reader();
        QCOMPARE(*reader->list({store.inbox}, {}), QList{a});
        QCOMPARE(reader->list({archive}, {})->size(), 2);
        QCOMPARE(*reader->list({trash}, {}), {});
        QCOMPARE(*store.writer->move({a}, store.inbox), {}); // is there already
        VERIFY_FAILS(store.writer->move({a}, FolderId{999}), ErrorKind::NotFound);
        QCOMPARE(*reader->list({store.inbox}, {}), QList{a});
    }

    void movesAFoldersMailToTrashWithIt()
    {
        StoreFixture store;
        const FolderId top = store.writer->addFolder(store.account, u"Projects"_s)->id;
        const FolderId below = store.writer->addFolder(store.account, u"Engine"_s, top)->id;
        const MessageId a = store.add({}, "a", {}, top);
        const MessageId b = store.add({}, "b", {}, below);
        const auto moves = store.writer->removeFolder(top);
        VERIFY_OK(moves);
        QCOMPARE(moves->size(), 2);
        const auto inTrash = store.reader()->list({store.folder(FolderRole::Trash)}, {});
        QVERIFY(inTrash->contains(a) && inTrash->contains(b));
        QVERIFY(!store.info(top).id.isValid());
        QVERIFY(!store.info(below).id.isValid());
        VERIFY_FAILS(store.writer->moveBack(*moves), ErrorKind::NotFound);
        VERIFY_FAILS(store.writer->removeFolder(store.inbox), ErrorKind::InvalidRequest);
        VERIFY_FAILS(store.writer->renameFolder(store.inbox, u"x"_s), ErrorKind::InvalidRequest);
    }

    void refusesFolderNamesThatCannotBe()
    {
        StoreFixture store;
        const auto first = store.writer->addFolder(store.account, u"  Über  "_s);
        VERIFY_OK(first);
        QCOMPARE(first->name, u"Über"_s);
        VERIFY_FAILS(store.writer->addFolder(store.account, u"über"_s), ErrorKind::InvalidRequest);
        VERIFY_FAILS(store.writer->addFolder(store.account, u" \t\u202e"_s), ErrorKind::InvalidRequest);
        VERIFY_FAILS(store.writer->addFolder(AccountId{99}, u"x"_s), ErrorKind::NotFound);
        VERIFY_FAILS(store.writer->addFolder(store.account, u"x"_s, FolderId{99}), ErrorKind::NotFound);
        VERIFY_OK(store.writer->addFolder(store.account, u"Über"_s, first->id));
        VERIFY_OK(store.writer->renameFolder(first->id, u"ÜBER"_s));
        QCOMPARE(store.info(first->id).name, u"ÜBER"_s);
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

    void keepsAccountSettingsWhole()
    {
        StoreFixture store;
        const AccountSettings full{{}, u"n"_s, u"p"_s, u"a@b"_s, u"h"_s, 110, Security::StartTls, u"u"_s,
            u"SCRAM-SHA-256"_s, Retention::KeepSize, 99, 98, 97, true, true, true, 1LL << 40, 7, false,
            QByteArray("\0\xff cert", 7), true, false, 5};
        AccountSettings added = *store.writer->addAccount(full);
        QVERIFY(added.id.isValid());
        AccountSettings expected = full;
        expected.id = added.id;
        QCOMPARE(added, expected);
        QCOMPARE(store.writer->accounts()->last(), expected);
        expected.name = u"changed"_s;
        expected.position = -1;
        VERIFY_OK(store.writer->updateAccount(expected));
        QCOMPARE(store.reader()->accounts()->first(), expected);
        expected.id = AccountId{99};
        VERIFY_FAILS(store.writer->updateAccount(expected), ErrorKind::NotFound);
        VERIFY_FAILS(store.writer->removeAccount(AccountId{99}), ErrorKind::NotFound);
    }

    void removesAnAccountWithAllThatIsItsOwn()
    {
        StoreFixture store;
        const AccountId other = store.writer->addAccount({})->id;
        const FolderId own = store.writer->addFolder(store.account, u"x"_s, store.inbox)->id;
        VERIFY_OK(store.writer->addFolder(store.account, u"y"_s, own));
        store.add({.subject = u"findme"_s}, "a");
        store.add({.subject = u"findme"_s}, "b", {}, own);
        VERIFY_OK(store.writer->setAccountFact(store.account, u"f"_s, "v"));
        VERIFY_OK(store.writer->removeAccount(store.account));
        QCOMPARE(store.writer->accounts()->size(), 1);
        QCOMPARE(store.writer->accounts()->first().id, other);
        QCOMPARE(*store.reader()->search(u"findme"_s, {}, {}), {});
        QCOMPARE(store.writer->ledger(store.account)->size(), 0);
        QCOMPARE(*store.writer->accountFact(store.account, u"f"_s), QByteArray());
        QCOMPARE(*store.writer->checkIntegrity(true), {});
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

    void countsFoldersAsARecountWould()
    {
        StoreFixture store;
        QRandomGenerator random(4711);
        QList<FolderId> folders{store.inbox, store.folder(FolderRole::Archive), store.folder(FolderRole::Trash)};
        QList<FolderId> own;
        QList<MessageId> messages;
        QList<QList<MovedMessage>> undo;
        const auto some = [&] {
            QList<MessageId> picked;
            for (int i = 0; i < 5 && !messages.isEmpty(); ++i)
                picked.append(messages[random.bounded(int(messages.size()))]);
            return picked;
        };
        for (int step = 0; step < 400; ++step) {
            switch (random.bounded(9)) {
            case 0:
            case 1: {
                const MessageFlags flags = random.bounded(2) == 0 ? MessageFlags(MessageFlag::Read) : MessageFlags();
                messages.append(store.add({.subject = QString::number(step)}, QByteArray::number(step), flags,
                    folders[random.bounded(int(folders.size()))]));
                break;
            }
            case 2:
                VERIFY_OK(store.writer->setFlags(some(), MessageFlag::Read, MessageFlag::Starred));
                break;
            case 3:
                VERIFY_OK(store.writer->setFlags(some(), MessageFlag::Starred, MessageFlag::Read));
                break;
            case 4:
                undo.append(*store.writer->move(some(), folders[random.bounded(int(folders.size()))]));
                break;
            case 5:
                undo.append(*store.writer->remove(some()));
                break;
            case 6:
                if (!undo.isEmpty()) {
                    const auto back = store.writer->moveBack(undo.takeLast());
                    QVERIFY(back || back.error().kind == ErrorKind::NotFound);
                }
                break;
            case 7:
                if (own.size() < 4) {
                    own.append(store.writer->addFolder(store.account, QString::number(step))->id);
                    folders.append(own.last());
                } else {
                    folders.removeOne(own.first());
                    undo.append(*store.writer->removeFolder(own.takeFirst()));
                }
                break;
            case 8:
                if (random.bounded(5) == 0)
                    VERIFY_OK(store.writer->purge());
                break;
            }
            const auto reader = store.reader();
            const auto all = *store.writer->folders();
            for (const FolderInfo &folder : all) {
                QCOMPARE(reader->list({folder.id}, {})->size(), folder.total);
                QCOMPARE(reader->list({.folder = folder.id, .unreadOnly = true}, {SortField::Sender})->size(),
                    folder.unread);
            }
        }
        QCOMPARE(*store.writer->checkIntegrity(true), {});
    }

    void listsInOrderAndBreaksTiesById()
    {
        StoreFixture store;
        const FolderId archive = store.folder(FolderRole::Archive);
        QRandomGenerator random(99);
        struct Row {
            MessageId id;
            FolderId folder;
            QDateTime date;
            QString sender;
            qint64 size = 0;
            MessageFlags flags;
        };
        QList<Row> rows;
        for (int i = 0; i < 300; ++i) {
            TestMail mail{.from = QString(QChar(u'a' + random.bounded(5))),
                .body = QString(random.bounded(4), u'x'),
                .date = QDateTime(QDate(2024, 1, 1 + random.bounded(6)), QTime(0, 0), QTimeZone::UTC)};
            MessageFlags flags;
            flags.setFlag(MessageFlag::Read, random.bounded(3) == 0);
            flags.setFlag(MessageFlag::Starred, random.bounded(4) == 0);
            const FolderId folder = random.bounded(3) == 0 ? archive : store.inbox;
            rows.append({store.add(mail, QByteArray::number(i), flags, folder), folder, mail.date, mail.from,
                mail.bytes().size(), flags});
        }
        const auto reader = store.reader();
        for (const SortField field : {SortField::Date, SortField::Sender, SortField::Size}) {
            for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder}) {
                for (const ListScope &scope : {ListScope{store.inbox}, ListScope{archive}, ListScope{},
                         ListScope{.unreadOnly = true}, ListScope{.folder = archive, .starredOnly = true},
                         ListScope{.folder = store.inbox, .unreadOnly = true, .starredOnly = true},
                         ListScope{.allInboxes = true}}) {
                    QList<Row> expected;
                    std::copy_if(rows.cbegin(), rows.cend(), std::back_inserter(expected), [&](const Row &row) {
                        return (!scope.folder.isValid() || row.folder == scope.folder)
                            && (!scope.allInboxes || row.folder == store.inbox)
                            && (!scope.unreadOnly || !row.flags.testFlag(MessageFlag::Read))
                            && (!scope.starredOnly || row.flags.testFlag(MessageFlag::Starred));
                    });
                    std::sort(expected.begin(), expected.end(), [&](const Row &left, const Row &right) {
                        const auto before = [&](const Row &x, const Row &y) {
                            if (field == SortField::Date && x.date != y.date)
                                return x.date < y.date;
                            if (field == SortField::Sender && x.sender != y.sender)
                                return x.sender < y.sender;
                            if (field == SortField::Size && x.size != y.size)
                                return x.size < y.size;
                            return x.id < y.id;
                        };
                        return direction == Qt::AscendingOrder ? before(left, right) : before(right, left);
                    });
                    QList<MessageId> ids;
                    for (const Row &row : std::as_const(expected))
                        ids.append(row.id);
                    QCOMPARE(*reader->list(scope, {field, direction}), ids);
                }
            }
        }
    }

    void copesWithManyFoldersAtOnce()
    {
        StoreFixture store;
        QList<MessageId> ids;
        for (int i = 0; i < 620; ++i) { // more than SQLite merges in one statement
            const FolderId folder = store.writer->addFolder(store.account, QString::number(i))->id;
            ids.prepend(store.add(
                {.date = QDateTime(QDate(2000, 1, 1).addDays(i), QTime(0, 0), QTimeZone::UTC)}, {}, {}, folder));
            if (i == 90)
                QCOMPARE(*store.reader()->list({}, {}), ids);
        }
        QCOMPARE(*store.reader()->list({}, {}), ids);
    }

    void marksAndUnmarks()
    {
        StoreFixture store;
        const MessageId a = store.add({.file = u"x"_s}, "a");
        VERIFY_OK(store.writer->setFlags({a, MessageId{77}}, MessageFlag::Read | MessageFlag::Starred, {}));
        QCOMPARE(store.reader()->summaries({a})->first().flags,
            MessageFlags(MessageFlag::Read | MessageFlag::Starred | MessageFlag::HasAttachment));
        VERIFY_OK(store.writer->setFlags({a}, MessageFlag::Answered, MessageFlag::Read | MessageFlag::Starred));
        QCOMPARE(store.reader()->summaries({a})->first().flags,
            MessageFlags(MessageFlag::Answered | MessageFlag::HasAttachment));
    }
};

QTEST_GUILESS_MAIN(TestWriter)
#include "tst_writer.moc"
