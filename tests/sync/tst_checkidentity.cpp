// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkvisit.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

/// Which message is which, where a server names them badly, anew, twice, in part or not at all.
class TestCheckIdentity : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q21_believesNoSizes();
    void Q27_aServerWithoutUidlIsReadByHeaders();
    void Q27_aServerWithNeitherUidlNorTopIsLeftAlone();
    void Q27_aServerWithEmptyUidlsLosesNothing();
    void Q27_oneMessageWithoutANameStopsNoOthers();
    void Q28_fetchesMessagesThatShareAUidlAndDeletesNoneByGuess();
    void Q29_aReusedUidlIsANewMessage();
    void Q29_aSizeThatOnlyLooksDifferentIsNoNewMessage();
    void Q30_aRebuiltServerIsRecognised();
    void Q32_anEmptyMaildropForgetsNothing();
    void Q35_aPartialListingForgetsNothingAndDeletesNothing();
    void Q26_sec_aUidlIsNeverAFileName();
    void Q27_copiesOfAMailingListAreMessagesOfTheirOwn();
    void Q51_anOldDateOfTheSenderDeletesNothing();
    void aCopyThatIsLeftStaysAndComesOnce();
};

void TestCheckIdentity::Q21_believesNoSizes()
{
    ServerQuirks quirks;
    quirks.wrongSizes = true;
    CheckVisit visit(Maildrop::generated(10, 5000), quirks, Retention::Keep);
    const QByteArrayList all = bytesOf(visit.server.messages());
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.harness.sources(), all);
}

void TestCheckIdentity::Q27_aServerWithoutUidlIsReadByHeaders()
{
    ServerQuirks quirks;
    quirks.uidl = false;
    CheckVisit visit(Maildrop::generated(8), quirks, Retention::Keep);
    const QByteArrayList all = bytesOf(visit.server.messages());
    QCOMPARE(visit.check().stored, 8);
    visit.harness.reopen();
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QCOMPARE(visit.harness.sources(), all);
    // By a header alone nothing is deleted; what was downloaded in this very visit may be.
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    QCOMPARE(visit.check().deletedOnServer, 0);
    ServerMessage fresh = Maildrop::generated(9).last();
    fresh.uidl = "fresh";
    visit.server.addMessages({fresh});
    const CheckResult result = visit.check();
    QCOMPARE(result.stored, 1);
    QCOMPARE(result.deletedOnServer, 1);
    QCOMPARE(visit.server.messages().size(), 8);
}

void TestCheckIdentity::Q27_aServerWithNeitherUidlNorTopIsLeftAlone()
{
    ServerQuirks quirks;
    quirks.uidl = false;
    quirks.top = false;
    CheckVisit visit(Maildrop::generated(3), quirks);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::ServerRefused);
    QCOMPARE(visit.server.messages().size(), 3);
}

void TestCheckIdentity::Q27_aServerWithEmptyUidlsLosesNothing()
{
    ServerQuirks quirks;
    quirks.emptyUidls = true;
    CheckVisit visit(Maildrop::generated(4), quirks, Retention::Keep);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const CheckResult first = visit.check();
    QVERIFY2(!first.error, first.error ? qPrintable(first.error->text) : "");
    QCOMPARE(first.stored, 4);
    visit.harness.reopen();
    QCOMPARE(visit.check().stored, 0);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
    // Which of them is which, nobody can say.
    visit.harness.account().retention = Retention::KeepDays;
    visit.harness.account().keepDays = 0;
    QCOMPARE(visit.check().deletedOnServer, 0);
    QCOMPARE(visit.server.messages().size(), 4);
    visit.server.addMessages({Maildrop::generated(5).last()});
    QCOMPARE(visit.check().stored, 1);
    QCOMPARE(visit.harness.sources().size(), 5);
}

void TestCheckIdentity::Q27_oneMessageWithoutANameStopsNoOthers()
{
    QList<ServerMessage> messages = Maildrop::generated(6);
    messages[2].uidl.clear();
    CheckVisit visit(messages, {}, Retention::Keep);
    const QByteArrayList all = bytesOf(messages);
    QCOMPARE(visit.check().stored, 6);
    QCOMPARE(visit.check().stored, 0);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
    // All but that one are known by names that can be trusted.
    visit.harness.account().retention = Retention::KeepDays;
    visit.harness.account().keepDays = 0;
    QCOMPARE(visit.check().deletedOnServer, 5);
    QCOMPARE(bytesOf(visit.server.messages()), QByteArrayList{all.at(2)});

    // Without a header either, nobody could tell whether it is here: it stays, and a person is told.
    ServerQuirks quirks;
    quirks.top = false;
    messages[0].uidl = "again-0";
    CheckVisit mute(messages, quirks);
    const CheckResult result = mute.check();
    QVERIFY(!result.error);
    QCOMPARE(result.stored, 5);
    QCOMPARE(result.deletedOnServer, 5);
    QCOMPARE(result.failedMessages, 1);
    QCOMPARE(result.failed.size(), 1);
    QCOMPARE(bytesOf(mute.server.messages()), QByteArrayList{all.at(2)});
}

void TestCheckIdentity::Q28_fetchesMessagesThatShareAUidlAndDeletesNoneByGuess()
{
    ServerQuirks quirks;
    quirks.duplicateUidls = true;
    CheckVisit visit(Maildrop::generated(4), quirks, Retention::Keep);
    const QByteArrayList all = bytesOf(visit.server.messages());
    QCOMPARE(visit.check().stored, 4);
    QCOMPARE(visit.check().stored, 0);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
    visit.harness.account().retention = Retention::KeepDays;
    visit.harness.account().keepDays = 0;
    QCOMPARE(visit.check().deletedOnServer, 0);
    QCOMPARE(visit.server.messages().size(), 4);
}

void TestCheckIdentity::Q29_aReusedUidlIsANewMessage()
{
    CheckVisit visit(Maildrop::generated(5, 500), {}, Retention::Keep);
    QList<ServerMessage> messages = visit.server.messages();
    QByteArrayList all = bytesOf(messages);
    QCOMPARE(visit.check().stored, 5);
    visit.age(30);
    messages[2].bytes =
        "Subject: another one\r\nMessage-ID: <other@example.org>\r\n\r\n" + QByteArray(3000, 'x') + "\r\n";
    all.append(messages.at(2).bytes);
    visit.server.setMessages(messages);
    QCOMPARE(visit.check().stored, 1);
    QCOMPARE(visit.harness.sources(), all);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
}

void TestCheckIdentity::Q29_aSizeThatOnlyLooksDifferentIsNoNewMessage()
{
    CheckVisit visit(Maildrop::generated(5, 500), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 5);
    visit.age(30);
    ServerQuirks quirks;
    quirks.wrongSizes = true;
    visit.server.setQuirks(quirks);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QCOMPARE(visit.harness.sources().size(), 5);
}

void TestCheckIdentity::Q30_aRebuiltServerIsRecognised()
{
    CheckVisit visit(Maildrop::generated(1000), {}, Retention::KeepDays);
    QList<ServerMessage> messages = visit.server.messages();
    QCOMPARE(visit.check().stored, 1000);
    for (qsizetype i = 0; i < messages.size(); ++i) {
        messages[i].uidl = "moved-" + QByteArray::number(i);
        // Delivered anew by the new server.
        messages[i].bytes.prepend("Delivered-To: alice@new.example\r\n");
    }
    for (int i = 0; i < 3; ++i) {
        messages.append({"new-" + QByteArray::number(i),
            "Subject: new " + QByteArray::number(i) + "\r\n\r\n" + QByteArray(200, 'n') + "\r\n"});
    }
    visit.server.setMessages(messages);
    visit.server.clearRecord();
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.recognised, 1000);
    QCOMPARE(result.stored, 3);
    QCOMPARE(visit.server.record().retrieved.size(), 3);
    QCOMPARE(visit.harness.sources().size(), 1003);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
}

void TestCheckIdentity::Q32_anEmptyMaildropForgetsNothing()
{
    CheckVisit visit(Maildrop::generated(12), {}, Retention::Keep);
    const QList<ServerMessage> messages = visit.server.messages();
    QCOMPARE(visit.check().stored, 12);
    visit.server.setMessages({});
    QVERIFY(!visit.check().error);
    visit.server.setMessages(messages);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
}

void TestCheckIdentity::Q35_aPartialListingForgetsNothingAndDeletesNothing()
{
    CheckVisit visit(Maildrop::generated(30), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 30);
    ServerQuirks partial;
    partial.listOnly = 10;
    visit.server.setQuirks(partial);
    QCOMPARE(visit.check().stored, 0);
    visit.server.setQuirks({});
    const CheckResult whole = visit.check();
    QCOMPARE(whole.stored, 0);
    QCOMPARE(visit.harness.sources().size(), 30);
    QCOMPARE(visit.server.messages().size(), 30);
}

void TestCheckIdentity::Q26_sec_aUidlIsNeverAFileName()
{
    QList<ServerMessage> messages = Maildrop::generated(5);
    messages[0].uidl = "../../../evil";
    messages[1].uidl = "/evil";
    messages[2].uidl = "..";
    messages[3].uidl = QByteArray(10'000, 'x');
    messages[4].uidl = "a\\b:c*?\"<>|";
    CheckVisit visit(messages, {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 5);
    QCOMPARE(sorted(visit.harness.sources()), sorted(bytesOf(messages)));
    QCOMPARE(visit.check().stored, 0);
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    QCOMPARE(visit.check().deletedOnServer, 5);
    // All that is there is the store and what belongs to it.
    const QFileInfo store(visit.harness.storeFile());
    for (const QFileInfo &file :
        QDir(store.path()).entryInfoList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot))
        QVERIFY2(file.fileName().startsWith(store.fileName()), qPrintable(file.fileName()));
    QVERIFY(!QFileInfo::exists(store.path() + QStringLiteral("/../evil")));
}

void TestCheckIdentity::Q27_copiesOfAMailingListAreMessagesOfTheirOwn()
{
    // The same mail, once from its sender and once from the list, as it differs there: above the Message-ID.
    const QByteArray mail = "From: ada@example.org\r\nTo: list@example.net\r\nSubject: Notes\r\n"
                            "Message-ID: <one@example.org>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\n\r\nHello.\r\n";
    const QList<ServerMessage> copies{{"a", "Received: from mail.example.org\r\n" + mail},
        {"b", "Received: from lists.example.net\r\nList-Id: <list.example.net>\r\n" + mail}};
    for (const bool hasUidl : {true, false}) {
        ServerQuirks quirks;
        quirks.uidl = hasUidl;
        CheckVisit visit({copies.first()}, quirks, Retention::Keep);
        QCOMPARE(visit.check().stored, 1);
        visit.server.setMessages(copies);
        QCOMPARE(visit.check().stored, 1);
        QCOMPARE(visit.harness.sources(), bytesOf(copies));
        QCOMPARE(visit.check().stored, 0);
    }
}

void TestCheckIdentity::Q51_anOldDateOfTheSenderDeletesNothing()
{
    QList<ServerMessage> messages = Maildrop::generated(2);
    messages[0].bytes = "From: a@example.org\r\nDate: Mon, 1 Jan 1990 00:00:00 +0000\r\nSubject: old\r\n\r\nx\r\n";
    messages[1].bytes = "From: a@example.org\r\nDate: Sun, 1 Jan 2090 00:00:00 +0000\r\nSubject: new\r\n\r\ny\r\n";
    CheckVisit visit(messages, {}, Retention::KeepDays);
    visit.harness.account().keepDays = 14;
    QCOMPARE(visit.check().stored, 2);
    QCOMPARE(visit.check().deletedOnServer, 0);
    QCOMPARE(visit.server.messages().size(), 2);
    visit.age(15);
    QCOMPARE(visit.check().deletedOnServer, 2);
}

void TestCheckIdentity::aCopyThatIsLeftStaysAndComesOnce()
{
    CheckVisit visit(Maildrop::generated(8), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 8);
    visit.age(400);
    for (int i = 0; i < 3; ++i) {
        const CheckResult again = visit.check();
        QCOMPARE(again.stored, 0);
        QCOMPARE(again.deletedOnServer, 0);
        visit.harness.reopen();
    }
    QCOMPARE(visit.server.messages().size(), 8);
    QCOMPARE(visit.server.record().retrieved.size(), 8);
    QVERIFY(visit.server.record().deleted.isEmpty());
    // Another choice, and back: nothing comes twice for it.
    visit.harness.account().retention = Retention::KeepCount;
    visit.harness.account().keepCount = 7;
    QCOMPARE(visit.check().deletedOnServer, 1);
    visit.harness.account().retention = Retention::Keep;
    QCOMPARE(visit.check().stored, 0);
    QCOMPARE(visit.harness.sources().size(), 8);
}

QTEST_GUILESS_MAIN(TestCheckIdentity)
#include "tst_checkidentity.moc"
