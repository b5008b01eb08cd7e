// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/library.h"
#include "store/parsingmark.h"
#include "tests/store/storefixture.h"

#include <QFutureWatcher>
#include <QSignalSpy>
#include <QThread>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::library;
using namespace satchel::store;

class TestLibrary : public QObject
{
    Q_OBJECT

private:
    template <class T>
    static T answer(QFuture<T> future)
    {
        // An event loop runs meanwhile: the GUI thread never waits.
        QFutureWatcher<T> watcher;
        QSignalSpy finished(&watcher, &QFutureWatcherBase::finished);
        watcher.setFuture(future);
        if (finished.isEmpty() && !finished.wait(20'000))
            qFatal("no answer");
        if (future.resultCount() == 0)
            return fail(ErrorKind::Cancelled, u"cancelled"_s);
        return future.result();
    }

    static QByteArray mailWithAttachment()
    {
        return "From: Ada <ada@example.org>\r\nTo: bob@example.org\r\nSubject: Plans\r\nDate: Fri, 17 May 2024 "
               "12:00:00 +0200\r\n"
               "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
               "text/plain\r\n\r\nHello Bob\r\n"
               "--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
               "filename=\"data.bin\"\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\nAAECAwQ=\r\n--b--\r\n";
    }

private Q_SLOTS:
    void answersWhatTheStoreHolds()
    {
        StoreFixture store;
        Library library(store.file());
        const MessageId a = store.add({.subject = u"first"_s}, "a");
        const MessageId b = store.add({.subject = u"second"_s, .raw = mailWithAttachment()}, "b", MessageFlag::Read);

        const auto accounts = answer(library.accounts());
        VERIFY_OK(accounts);
        QCOMPARE(accounts->size(), 1);
        const auto folders = answer(library.folders());
        VERIFY_OK(folders);
        QCOMPARE(folders->size(), 6);
        const auto ids = answer(library.list({store.inbox}, {SortField::Subject, Qt::AscendingOrder}));
        VERIFY_OK(ids);
        QCOMPARE(*ids, (QList{a, b}));
        QCOMPARE(*answer(library.list({.allInboxes = true, .unreadOnly = true}, {})), QList{a});
        const auto summaries = answer(library.summaries({b, a}));
        VERIFY_OK(summaries);
        QCOMPARE(summaries->first().subject, u"second"_s);
        QCOMPARE(*answer(library.search(u"sec"_s, {}, {})), QList{b});
        QCOMPARE(*answer(library.source(b)), mailWithAttachment());

        const auto message = answer(library.message(b));
        VERIFY_OK(message);
        QCOMPARE(message->subject, u"Plans"_s);
        QVERIFY(message->text.contains("Hello Bob"_L1));
        const auto attachments = message->attachments();
        QCOMPARE(attachments.size(), 1);
        QCOMPARE(*answer(library.partContent(b, attachments.first().index)), QByteArray("\0\1\2\3\4", 5));
        QCOMPARE(answer(library.message(MessageId{99})).error().kind, ErrorKind::NotFound);

        const auto opened = answer(library.parse(mailWithAttachment()));
        VERIFY_OK(opened);
        QCOMPARE(opened->subject, u"Plans"_s);
        QCOMPARE(
            *answer(library.partContent(mailWithAttachment(), attachments.first().index)), QByteArray("\0\1\2\3\4", 5));
    }

    void seesWhatIsWrittenMeanwhile()
    {
        StoreFixture store;
        Library library(store.file());
        QCOMPARE(*answer(library.list({store.inbox}, {})), {});
        const MessageId a = store.add({}, "a");
        QCOMPARE(*answer(library.list({store.inbox}, {})), QList{a});
        QCOMPARE(*answer(library.search(u"lovelace"_s, {}, {})), QList{a});
        VERIFY_OK(store.writer->remove({a}));
        QCOMPARE(*answer(library.list({store.inbox}, {})), {});
    }

    void triesAgainOnceTheStoreExists()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        Library library(file);
        for (int i = 0; i < 2; ++i) {
            const auto folders = answer(library.folders());
            QVERIFY(!folders);
            QCOMPARE(folders.error().kind, ErrorKind::StoreFailed);
            QCOMPARE(folders.error().action, ErrorAction::Retry);
            QCOMPARE(answer(library.search(u"x"_s, {}, {})).error().kind, ErrorKind::StoreFailed);
        }
        QVERIFY(!QFile::exists(file)); // asking makes no file
        const auto writer = Writer::open(file);
        VERIFY_OK(writer);
        VERIFY_OK(answer(library.folders()));
        VERIFY_OK(answer(library.search(u"x"_s, {}, {})));
    }

    void computesNothingForACancelledFuture()
    {
        StoreFixture store;
        store.add({}, "a");
        Library library(store.file());
        QList<QFuture<Expected<QList<MessageId>>>> futures;
        for (int i = 0; i < 200; ++i) {
            futures.append(library.search(u"lovelace"_s, {}, {}));
            futures.last().cancel();
        }
        const auto last = answer(library.search(u"lovelace"_s, {}, {}));
        VERIFY_OK(last);
        QCOMPARE(last->size(), 1);
        for (const auto &future : std::as_const(futures)) {
            QVERIFY(future.isCanceled());
            QVERIFY(future.isFinished());
        }
    }

    void endsWithQuestionsStillWaiting()
    {
        StoreFixture store;
        for (int i = 0; i < 50; ++i)
            store.add({.subject = QString::number(i)}, QByteArray::number(i));
        QList<QFuture<Expected<QList<MessageId>>>> futures;
        {
            Library library(store.file());
            for (int i = 0; i < 500; ++i)
                futures.append(library.list({store.inbox}, {}));
        }
        for (const auto &future : std::as_const(futures))
            QVERIFY(future.isFinished());
    }

    void p316_lettingGoOfTheFileEndsThoughTheThreadsDo()
    {
        StoreFixture store;
        for (int i = 0; i < 50; ++i)
            store.add({.subject = QString::number(i)}, QByteArray::number(i));
        for (int i = 0; i < 20; ++i) {
            QFuture<void> released;
            {
                Library library(store.file());
                // One thread has much to do and never comes to it; the other lets go at once.
                for (int question = 0; question < 200; ++question)
                    library.search(u"on"_s, {}, {});
                released = library.release();
            }
            QVERIFY(released.isFinished());
        }
        Library library(store.file());
        VERIFY_OK(answer(library.list({store.inbox}, {})));
        QFuture<void> released = library.release();
        QTRY_VERIFY(released.isFinished());
        VERIFY_OK(answer(library.list({store.inbox}, {}))); // the next question opens it again
    }

    void F15_tellsOfAStoreThatCannotBeRead()
    {
        StoreFixture store;
        Library library(store.dir.filePath(u"missing.db"_s));
        const QSignalSpy failed(&library, &Library::failed);
        QVERIFY(!answer(library.folders()));
        QTRY_COMPARE(failed.size(), 1);
        QVERIFY(answer(library.parse(mailWithAttachment())).has_value()); // no question to the store
        QCOMPARE(failed.size(), 1);
        Library well(store.file());
        const QSignalSpy none(&well, &Library::failed);
        QVERIFY(!answer(well.message(MessageId{99}))); // nothing is wrong with the store
        QCOMPARE(none.size(), 0);
    }

    void showsTheSourceOfAMessageThatEndedTheProgram()
    {
        StoreFixture store;
        const MessageId bad = store.add({.raw = mailWithAttachment()}, "a");
        const MessageId good = store.add({.subject = u"fine"_s}, "b");
        {
            // What a crash leaves behind.
            QFile mark(store.file() + u".parsing"_s);
            QVERIFY(mark.open(QIODevice::WriteOnly));
            mark.write("message " + QByteArray::number(bad.value));
        }
        for (int start = 0; start < 2; ++start) {
            Library library(store.file());
            const auto message = answer(library.message(bad));
            VERIFY_OK(message);
            QCOMPARE(message->warnings, QList{mime::Warning::Damaged});
            QVERIFY(message->text.contains("Content-Type: multipart/mixed"_L1));
            QCOMPARE(message->from, (QList{Mailbox{u"Ada Lovelace"_s, u"sender@example.org"_s}}));
            QVERIFY(message->parts.isEmpty());
            QCOMPARE(*answer(library.partContent(bad, 0)), mailWithAttachment());
            QCOMPARE(*answer(library.partContent(bad, 1)), QByteArray());
            QCOMPARE(*answer(library.source(bad)), mailWithAttachment());
            const auto other = answer(library.message(good));
            VERIFY_OK(other);
            QVERIFY(!other->warnings.contains(mime::Warning::Damaged));
        }
    }

    void leavesNoMarkAfterParsing()
    {
        StoreFixture store;
        const MessageId id = store.add({.raw = mailWithAttachment()}, "a");
        {
            Library library(store.file());
            VERIFY_OK(answer(library.message(id)));
        }
        QCOMPARE(QFileInfo(store.file() + u".parsing"_s).size(), 0);
        Library library(store.file());
        QVERIFY(!answer(library.message(id))->warnings.contains(mime::Warning::Damaged));
    }
};

QTEST_GUILESS_MAIN(TestLibrary)
#include "tst_library.moc"
