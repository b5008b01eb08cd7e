// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storefixture.h"
#include "store/storelock.h"
#include "sync/engine.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <QThread>
#include <QTimer>

using namespace satchel;
using namespace satchel::store;

class TestEngine : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F16_saysWhoTookTheStoreOverAndLetsGoOfIt()
    {
        StoreFixture store;
        const MessageId id = store.add({}, "a");
        store.closeWriter();
        sync::Engine engine(store.file());
        QSignalSpy opened(&engine, &sync::Engine::opened);
        QSignalSpy failed(&engine, &sync::Engine::openFailed);
        engine.open();
        QCOMPARE(opened.size(), 1);
        {
            const auto other = StoreLock::take(store.file(), true, {QStringLiteral("attic"), "machine", "boot"});
            VERIFY_OK(other);
            engine.setFlags({id}, MessageFlag::Read, {});
            QTRY_COMPARE(failed.size(), 1);
            const Error error = failed.constFirst().constFirst().value<Error>();
            QVERIFY(error.text.contains(QStringLiteral("attic")));
            QCOMPARE(error.action, ErrorAction::TakeOverStore);
            engine.setFlags({id}, MessageFlag::Read, {}); // it has no store, and says so
            QCOMPARE(failed.size(), 1);
            engine.takeOver();
            QCOMPARE(opened.size(), 2);
            VERIFY_FAILS((*other)->verify(), ErrorKind::StoreLocked);
        }
        // A lock that is nobody's any more: what was written meanwhile is read anew.
        QVERIFY(QFile::remove(store.file() + QStringLiteral(".lock")));
        engine.setFlags({id}, MessageFlag::Read, {});
        QTRY_COMPARE(opened.size(), 3);
        QCOMPARE(failed.size(), 1);
        engine.setFlags({id}, MessageFlag::Read, {});
        QVERIFY(store.reader()->summaries({id})->constFirst().flags.testFlag(MessageFlag::Read));
        engine.close();
        QVERIFY(!QFile::exists(store.file() + QStringLiteral(".lock")));
    }

    void deletesForGoodWhatAnEarlierRunRemoved()
    {
        StoreFixture store;
        const MessageId removed = store.add({}, "a");
        const MessageId kept = store.add({.subject = QStringLiteral("Kept")}, "b");
        VERIFY_OK(store.writer->remove({removed}));
        store.closeWriter();

        QThread mail;
        sync::Engine engine(store.file());
        engine.moveToThread(&mail);
        QSignalSpy opened(&engine, &sync::Engine::opened);
        QSignalSpy closed(&engine, &sync::Engine::closed);
        mail.start();
        QMetaObject::invokeMethod(&engine, &sync::Engine::open);
        QVERIFY(opened.wait());
        QTRY_VERIFY(!store.reader()->source(removed));
        VERIFY_OK(store.reader()->source(kept));
        QMetaObject::invokeMethod(&engine, &sync::Engine::close);
        QVERIFY(closed.wait());
        mail.quit();
        QVERIFY(mail.wait());
    }

    void keepsWhatThisRunRemovedUntilItEnds()
    {
        StoreFixture store;
        const MessageId id = store.add({}, "a");
        const FolderId trash = store.folder(FolderRole::Trash);
        store.closeWriter();

        sync::Engine engine(store.file());
        QSignalSpy undone(&engine, &sync::Engine::undoable);
        engine.open();
        engine.moveMessages({id}, trash);
        engine.deleteMessages({id});
        QCOMPARE(undone.size(), 2);
        VERIFY_OK(store.reader()->source(id));
        engine.undo(undone.last().first().value<sync::UndoStep>());
        QCOMPARE(store.reader()->list({trash}, {})->size(), 1);
        engine.deleteMessages({id});
        engine.close();
        QVERIFY(!store.reader()->source(id));
    }

    // After a repair, and after a restore; and where the store could not be opened when the person said so.
    void asksNoServerWhileOfflineThoughTheStoreIsOpenedAgain()
    {
        StoreFixture store;
        AccountSettings account = store.writer->accounts()->constFirst();
        account.host = QStringLiteral("pop.example.org");
        account.checkEveryMinutes = 15;
        account.enabled = true;
        VERIFY_OK(store.writer->updateAccount(account));
        store.closeWriter();
        sync::Engine engine(store.file());
        QSignalSpy began(&engine, &sync::Engine::credentialsNeeded);
        engine.setOffline(true);
        for (int time = 0; time < 2; ++time) {
            engine.open();
            engine.setScheduled(true);
            engine.checkMail({});
            engine.noteNetworkReturned();
            bool later = false;
            QTimer::singleShot(5, &engine, [&later] { later = true; });
            QTRY_VERIFY(later);
            QCOMPARE(began.size(), 0);
            engine.release();
        }
        engine.open();
        engine.setScheduled(true);
        engine.setOffline(false);
        QTRY_COMPARE(began.size(), 1);
    }

    void asksForWhatACheckNeedsThatWasWishedOffline()
    {
        StoreFixture store;
        AccountSettings account = store.writer->accounts()->constFirst();
        account.host = QStringLiteral("pop.example.org");
        account.checkEveryMinutes = 0;
        VERIFY_OK(store.writer->updateAccount(account));
        store.closeWriter();
        sync::Engine engine(store.file());
        QSignalSpy asked(&engine, &sync::Engine::credentialsNeeded);
        engine.setOffline(true);
        engine.open();
        engine.checkMail({account.id});
        QCOMPARE(asked.size(), 0);
        engine.setOffline(false);
        QTRY_COMPARE(asked.size(), 1);
    }

    void asksForNoPasswordAgainBecauseTheStoreWasOpenedAgain()
    {
        StoreFixture store;
        AccountSettings account = store.writer->accounts()->constFirst();
        account.host = QStringLiteral("127.0.0.1");
        account.port = 1; // nobody listens there
        account.security = Security::Plain;
        VERIFY_OK(store.writer->updateAccount(account));
        store.closeWriter();
        sync::Engine engine(store.file());
        QSignalSpy asked(&engine, &sync::Engine::credentialsNeeded);
        QSignalSpy checked(&engine, &sync::Engine::checked);
        engine.open();
        engine.setCredentials(
            account.id, {.userName = account.userName, .password = QStringLiteral("x"), .accessToken = {}});
        engine.release();
        engine.open();
        engine.checkMail({account.id});
        QTRY_COMPARE(checked.size(), 1);
        QCOMPARE(asked.size(), 0);

        // The store that is opened may be another: what was said to one server is not told to the next.
        engine.release();
        {
            const auto writer = store::Writer::open(store.file());
            account.host = QStringLiteral("localhost");
            VERIFY_OK((*writer)->updateAccount(account));
        }
        engine.open();
        engine.checkMail({account.id});
        QTRY_COMPARE(asked.size(), 1);
        QCOMPARE(checked.size(), 1);
    }

    void waitsForIntervalsThoughTheStoreIsOpenedAgain()
    {
        StoreFixture store;
        AccountSettings account = store.writer->accounts()->constFirst();
        account.host = QStringLiteral("pop.example.org");
        account.checkEveryMinutes = 15;
        account.enabled = true;
        VERIFY_OK(store.writer->updateAccount(account));
        store.closeWriter();
        sync::Engine engine(store.file());
        QSignalSpy states(&engine, &sync::Engine::stateChanged);
        QSignalSpy began(&engine, &sync::Engine::credentialsNeeded);
        engine.open();
        engine.waitForIntervals();
        engine.setScheduled(true);
        engine.release();
        states.clear();
        engine.open();
        engine.setScheduled(true);
        QTRY_VERIFY(!states.isEmpty()
            && states.constLast().constFirst().value<sync::AccountState>().nextAt
                > QDateTime::currentDateTimeUtc().addSecs(600));
        QCOMPARE(began.size(), 0);
    }

    void takesBackMarksOfThoseThatTheyChanged()
    {
        StoreFixture store;
        const MessageId unread = store.add({.subject = QStringLiteral("one")}, "a");
        const MessageId read = store.add({.subject = QStringLiteral("two")}, "b", MessageFlag::Read);
        store.closeWriter();
        sync::Engine engine(store.file());
        QSignalSpy undone(&engine, &sync::Engine::undoable);
        engine.open();
        const auto flags = [&store](MessageId id) { return store.reader()->summaries({id})->constFirst().flags; };
        engine.setFlags({unread, read}, MessageFlag::Read, {});
        QCOMPARE(undone.size(), 1);
        QVERIFY(flags(unread).testFlag(MessageFlag::Read));
        engine.undo(undone.last().first().value<sync::UndoStep>());
        QVERIFY(!flags(unread).testFlag(MessageFlag::Read));
        QVERIFY(flags(read).testFlag(MessageFlag::Read));

        engine.setFlags({unread, read}, MessageFlag::Starred, {});
        engine.setFlags({read}, {}, MessageFlag::Starred);
        QCOMPARE(undone.size(), 3);
        engine.undo(undone.at(2).first().value<sync::UndoStep>());
        QVERIFY(flags(read).testFlag(MessageFlag::Starred));
        engine.undo(undone.at(1).first().value<sync::UndoStep>());
        QCOMPARE(flags(unread), MessageFlags());
        QCOMPARE(flags(read), MessageFlags(MessageFlag::Read));

        // Nothing changed, so there is nothing to take back.
        engine.setFlags({read}, MessageFlag::Read, {});
        QCOMPARE(undone.size(), 3);
    }

    void p321_marksOfAnyNumberAreTakenBack()
    {
        constexpr int many = 25'000;
        StoreFixture store;
        QList<store::AppendItem> batch;
        const store::AppendItem pattern = store.item({});
        for (int i = 0; i < many; ++i) {
            batch.append(pattern);
            batch.last().key = {QByteArray::number(i), 0};
            batch.last().flags = i % 1000 == 0 ? MessageFlags(MessageFlag::Read) : MessageFlags();
        }
        VERIFY_OK(store.writer->append(batch));
        const QList<MessageId> all = *store.reader()->list({store.inbox}, {});
        QCOMPARE(all.size(), many);
        const auto unread = [&store] {
            store::ListScope scope;
            scope.folder = store.inbox;
            scope.unreadOnly = true;
            return store.reader()->list(scope, {})->size();
        };
        QCOMPARE(unread(), many - many / 1000);
        store.closeWriter();
        sync::Engine engine(store.file());
        QSignalSpy undone(&engine, &sync::Engine::undoable);
        engine.open();
        engine.setFlags(all, MessageFlag::Read, {});
        QCOMPARE(unread(), 0);
        QCOMPARE(undone.size(), 1);
        engine.undo(undone.last().first().value<sync::UndoStep>());
        QCOMPARE(unread(), many - many / 1000); // what was read before still is
    }

    void checksAtTheStartUnlessItIsToldToWait()
    {
        StoreFixture store;
        AccountSettings account = store.writer->accounts()->constFirst();
        account.host = QStringLiteral("pop.example.org");
        account.checkEveryMinutes = 15;
        account.enabled = true;
        VERIFY_OK(store.writer->updateAccount(account));
        store.closeWriter();
        for (const bool waits : {true, false}) {
            sync::Engine engine(store.file());
            // A check that begins finds that it has no password.
            QSignalSpy began(&engine, &sync::Engine::credentialsNeeded);
            engine.open();
            if (waits)
                engine.waitForIntervals();
            engine.setScheduled(true);
            if (waits) {
                // A timer that is due later has its turn after the one of the schedule.
                bool later = false;
                QTimer::singleShot(5, &engine, [&later] { later = true; });
                QTRY_VERIFY(later);
                QCOMPARE(began.size(), 0);
                engine.checkMail({account.id});
            }
            QTRY_COMPARE(began.size(), 1);
            engine.close();
        }
    }
};

QTEST_GUILESS_MAIN(TestEngine)
#include "tst_engine.moc"
