// SPDX-License-Identifier: GPL-3.0-or-later
#include "storefixture.h"

#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QSqlRecord>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

namespace {

/// What SQLite answers on a connection of its own, as one text.
QString askedBeside(const QString &store, const QString &sql)
{
    const QString name = u"beside"_s;
    QStringList answer;
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, name);
        database.setDatabaseName(store);
        if (!database.open())
            qFatal("%s", qPrintable(database.lastError().text()));
        QSqlQuery query(database);
        if (!query.exec(sql))
            qFatal("%s", qPrintable(query.lastError().text()));
        while (query.next()) {
            for (int column = 0; column < query.record().count(); ++column)
                answer.append(query.value(column).toString());
        }
    }
    QSqlDatabase::removeDatabase(name);
    return answer.join(u' ');
}

} // namespace

/// Folders, moves and wishes to delete; what lists and counts say afterwards; accounts.
class TestWriterFolders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
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
        QVERIFY(store.entry("a").deleteWished);
        QCOMPARE(*store.reader()->list({}, {}), {});
        VERIFY_OK(store.writer->moveBack(*moves));
        QVERIFY(!store.entry("a").deleteWished);
        QCOMPARE(*store.reader()->list({store.inbox}, {}), QList{id});
        VERIFY_OK(store.writer->remove({id}));
        VERIFY_OK(store.writer->move({id}, store.folder(FolderRole::Archive)));
        QVERIFY(!store.entry("a").deleteWished);
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
        QVERIFY(!store.entry("a").deleteWished);
        VERIFY_OK(store.writer->moveBack(*moves));

        settings.deleteWhenDeletedHere = true;
        VERIFY_OK(store.writer->updateAccount(settings));
        moves = store.writer->move({id}, trash);
        VERIFY_OK(moves);
        QVERIFY(store.entry("a").deleteWished);
        VERIFY_OK(store.writer->moveBack(*moves));
        QVERIFY(!store.entry("a").deleteWished);
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

    void keepsAccountSettingsWhole()
    {
        StoreFixture store;
        const AccountSettings full{{}, u"n"_s, u"p"_s, u"a@b"_s, u"h"_s, 110, Security::StartTls, u"u"_s,
            u"SCRAM-SHA-256"_s, Retention::KeepSize, 99, 98, 97, true, true, true, 1LL << 40, 7, false,
            QByteArray("\0\xff cert", 7), true, false, u"/home/n/own.p12"_s, u"token \"of me\""_s, 5};
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
            if (random.bounded(5) == 0) {
                mail.file = u"plan.pdf"_s;
                flags.setFlag(MessageFlag::HasAttachment);
            }
            rows.append({store.add(mail, QByteArray::number(i), flags, folder), folder, mail.date, mail.from,
                mail.bytes().size(), flags});
        }
        const auto reader = store.reader();
        for (const SortField field : {SortField::Date, SortField::Sender, SortField::Size}) {
            for (const Qt::SortOrder direction : {Qt::AscendingOrder, Qt::DescendingOrder}) {
                for (const ListScope &scope : {ListScope{store.inbox}, ListScope{archive}, ListScope{},
                         ListScope{.unreadOnly = true}, ListScope{.folder = archive, .starredOnly = true},
                         ListScope{.folder = store.inbox, .unreadOnly = true, .starredOnly = true},
                         ListScope{.withAttachmentOnly = true},
                         ListScope{.folder = archive, .unreadOnly = true, .withAttachmentOnly = true},
                         ListScope{.allInboxes = true}}) {
                    QList<Row> expected;
                    std::copy_if(rows.cbegin(), rows.cend(), std::back_inserter(expected), [&](const Row &row) {
                        return (!scope.folder.isValid() || row.folder == scope.folder)
                            && (!scope.allInboxes || row.folder == store.inbox)
                            && (!scope.unreadOnly || !row.flags.testFlag(MessageFlag::Read))
                            && (!scope.starredOnly || row.flags.testFlag(MessageFlag::Starred))
                            && (!scope.withAttachmentOnly || row.flags.testFlag(MessageFlag::HasAttachment));
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

    void p316_eachFilterReadsAnIndexOfItsOwn_data()
    {
        QTest::addColumn<QString>("index");
        QTest::addColumn<QString>("condition");
        QTest::addColumn<ListScope>("scope");
        QTest::newRow("unread") << u"messages_unread"_s << u"flags & 1 = 0"_s << ListScope{.unreadOnly = true};
        QTest::newRow("starred") << u"messages_starred"_s << u"flags & 2 <> 0"_s << ListScope{.starredOnly = true};
        QTest::newRow("with attachment") << u"messages_with_attachment"_s << u"flags & 4 <> 0"_s
                                         << ListScope{.withAttachmentOnly = true};
    }

    void p316_eachFilterReadsAnIndexOfItsOwn()
    {
        QFETCH(const QString, index);
        QFETCH(const QString, condition);
        QFETCH(const ListScope, scope);
        StoreFixture store;
        store.add({.file = u"plan.pdf"_s}, "a", MessageFlag::Starred);
        QCOMPARE(store.reader()->list(scope, {})->size(), 1);
        const QString plan = askedBeside(store.file(),
            u"EXPLAIN QUERY PLAN SELECT id FROM messages INDEXED BY %1 WHERE folder_id IN (1, 2, 3) AND %2"_s.arg(
                index, condition));
        QVERIFY2(plan.contains(u"USING INDEX "_s + index) || plan.contains(u"USING COVERING INDEX "_s + index),
            qPrintable(plan));
        // It names its index, so that it fails where that is gone.
        askedBeside(store.file(), u"DROP INDEX "_s + index);
        QVERIFY(!store.reader()->list(scope, {}));
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

QTEST_GUILESS_MAIN(TestWriterFolders)
#include "tst_writerfolders.moc"
