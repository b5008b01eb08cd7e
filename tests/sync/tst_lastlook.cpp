// SPDX-License-Identifier: GPL-3.0-or-later
// Law 13: what is on the server is looked at before it is deleted there.
#include "sync/checkvisit.h"

#include <QTest>

#include <algorithm>
#include <atomic>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

namespace {

QByteArray letter(const QByteArray &name, qsizetype size)
{
    QByteArray bytes = "From: " + name + " <" + name + "@example.org>\r\nTo: B <b@example.org>\r\nSubject: " + name
        + "\r\nMessage-ID: <" + name + "@example.org>\r\n\r\n";
    while (bytes.size() < size - 2)
        bytes += 'x';
    return bytes + "\r\n";
}

ServerQuirks quirksOf(bool withoutTop)
{
    ServerQuirks quirks;
    quirks.top = !withoutTop;
    return quirks;
}

/// A visit that asks at each DELE, in the server's thread and of the file itself, whether the very bytes that would go
/// are stored.
struct Watched : CheckVisit {
    using CheckVisit::CheckVisit;

    void serve(const QList<ServerMessage> &messages)
    {
        server.setMessages(messages);
        server.clearRecord();
        m_bytes.clear();
        for (const ServerMessage &message : messages)
            m_bytes.insert(message.uidl, message.bytes);
        server.setDeleHook([this, file = harness.storeFile()](const QByteArray &uidl) {
            const auto reader = store::Reader::open(file);
            const auto found = reader ? (*reader)->list({}, {}) : Expected<QList<MessageId>>(QList<MessageId>());
            const bool isThere = std::ranges::any_of(found.value_or(QList<MessageId>()),
                [&](MessageId id) { return (*reader)->source(id).value_or(QByteArray()) == m_bytes.value(uidl); });
            if (!isThere)
                ++unread;
        });
    }
    CheckResult served(const QList<ServerMessage> &messages)
    {
        serve(messages);
        return check();
    }
    [[nodiscard]] int times(const QByteArray &verb) const
    {
        return int(std::ranges::count_if(
            server.record().commands, [&](const QByteArray &line) { return line.startsWith(verb); }));
    }

    std::atomic_int unread = 0; ///< DELEs of what is not stored

private:
    QHash<QByteArray, QByteArray> m_bytes;
};

} // namespace

class TestLastLook : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F01_aNewMessageUnderANameThatWasUsedBefore_data();
    void F01_aNewMessageUnderANameThatWasUsedBefore();
    void F01_numbersAsNames_data();
    void F01_numbersAsNames();
    void F01_numbersThatMoveWhereMailIsKept();
    void F01_theSameBytesAgainAreDeletedAndNotCopied_data();
    void F01_theSameBytesAgainAreDeletedAndNotCopied();
    void F01_whatChangedUnderItsNameWhileItStayedListed_data();
    void F01_whatChangedUnderItsNameWhileItStayedListed();
    void F01_whatADeletionThatTookNoEffectLeftBehind();
    void F01_anOrderByHandGoesForTheMessageThatWasShown_data();
    void F01_anOrderByHandGoesForTheMessageThatWasShown();
    void F01_theWishOfADeletedMessageIsNotForItsSuccessor();
    void F01_equalHeadersAreTwoMessagesWhereTheSizesSaySo_data();
    void F01_equalHeadersAreTwoMessagesWhereTheSizesSaySo();
    void F01_aLargeMailboxLooksAtWhatReappears();
    void F01_aServerThatBreaksOffOverTopLosesNothing_data();
    void F01_aServerThatBreaksOffOverTopLosesNothing();
    void F01_dueDeletionsCostOneTopEach();
    void F01_newMailDoesNotWaitForTheLooks();
    void F01_whereTopAndRetrDisagreeNothingIsFetchedWithoutAnEnd();
    void F01_ofMessagesWithOneHeaderTheSizeTells_data();
    void F01_ofMessagesWithOneHeaderTheSizeTells();
};

void TestLastLook::F01_aNewMessageUnderANameThatWasUsedBefore_data()
{
    QTest::addColumn<Retention>("retention");
    QTest::addColumn<int>("keepDays");
    QTest::addColumn<bool>("absent");
    QTest::addColumn<int>("daysLater");
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("withoutTop");
    struct Kept {
        const char *name;
        Retention retention;
        int days;
    };
    for (const Kept &kept : {Kept{"after download", Retention::DeleteAfterDownload, 14},
             Kept{"0 days", Retention::KeepDays, 0}, Kept{"7 days", Retention::KeepDays, 7},
             Kept{"for ever", Retention::Keep, 14}, Kept{"1 message", Retention::KeepCount, 14}}) {
        for (const bool absent : {false, true}) {
            for (const int days : {0, 2, 8, 40}) {
                for (const qsizetype size : {835, 860, 5135}) {
                    for (const bool withoutTop : {false, true}) {
                        // Where nothing said so, only the size can tell that it is another one.
                        const bool deletes = kept.retention == Retention::DeleteAfterDownload || kept.days == 0;
                        if (!absent && !deletes && size < 1000)
                            continue;
                        if (days == 2 && size == 860)
                            continue;
                        QTest::addRow("keep %s, %s, %d days later, %d bytes%s", kept.name,
                            absent ? "absent between" : "at once", days, int(size), withoutTop ? ", no TOP" : "")
                            << kept.retention << kept.days << absent << days << size << withoutTop;
                    }
                }
            }
        }
    }
}

void TestLastLook::F01_aNewMessageUnderANameThatWasUsedBefore()
{
    QFETCH(Retention, retention);
    QFETCH(int, keepDays);
    QFETCH(bool, absent);
    QFETCH(int, daysLater);
    QFETCH(qsizetype, size);
    QFETCH(bool, withoutTop);
    Watched visit({}, quirksOf(withoutTop), retention);
    visit.harness.account().keepDays = keepDays;
    visit.harness.account().keepCount = 1;
    const ServerMessage first{"Xa", letter("ada", 835)};
    const ServerMessage second{"Xa", letter("bob", size)};
    QCOMPARE(visit.served({first}).stored, 1);
    if (absent)
        QCOMPARE(visit.served({{"zz", letter("eve", 435)}}).stored, 1);
    if (daysLater > 0)
        visit.age(daysLater);
    const CheckResult result = visit.served({second});
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.stored, 1);
    QVERIFY(visit.harness.sources().contains(first.bytes));
    QVERIFY(visit.harness.sources().contains(second.bytes));
    // It is known from now on.
    if (!visit.server.messages().isEmpty())
        QCOMPARE(visit.served({second}).stored, 0);
    QCOMPARE(visit.harness.sources().size(), absent ? 3 : 2);
    QCOMPARE(visit.unread.load(), 0);
}

void TestLastLook::F01_numbersAsNames_data()
{
    QTest::addColumn<QByteArray>("form");
    QTest::addColumn<Retention>("retention");
    QTest::addColumn<bool>("withoutTop");
    for (const char *form : {"%", "msg-%", "%@example.org"}) {
        for (const bool withoutTop : {false, true}) {
            QTest::addRow("%s, deleted%s", form, withoutTop ? ", no TOP" : "")
                << QByteArray(form) << Retention::DeleteAfterDownload << withoutTop;
            QTest::addRow("%s, kept%s", form, withoutTop ? ", no TOP" : "")
                << QByteArray(form) << Retention::Keep << withoutTop;
        }
    }
}

void TestLastLook::F01_numbersAsNames()
{
    QFETCH(QByteArray, form);
    QFETCH(Retention, retention);
    QFETCH(bool, withoutTop);
    Watched visit({}, quirksOf(withoutTop), retention);
    const auto hundred = [&form](const QByteArray &day) {
        QList<ServerMessage> messages;
        for (int i = 1; i <= 100; ++i) {
            const QByteArray number = QByteArray::number(i);
            messages.append({QByteArray(form).replace("%", number), letter(day + number, 700)});
        }
        return messages;
    };
    const QList<ServerMessage> monday = hundred("mo");
    const QList<ServerMessage> tuesday = hundred("tu");
    QCOMPARE(visit.served(monday).stored, 100);
    if (retention == Retention::Keep) // somebody else took them all
        QCOMPARE(visit.served({}).stored, 0);
    const CheckResult second = visit.served(tuesday);
    QVERIFY2(!second.error, second.error ? qPrintable(second.error->text) : "");
    QCOMPARE(second.stored, 100);
    QCOMPARE(sorted(visit.harness.sources()), sorted(bytesOf(monday) + bytesOf(tuesday)));
    QCOMPARE(visit.unread.load(), 0);
    QCOMPARE(visit.server.messages().size(), retention == Retention::Keep ? 100 : 0);
}

void TestLastLook::F01_numbersThatMoveWhereMailIsKept()
{
    Watched visit({}, {}, Retention::Keep);
    const auto named = [](const QByteArrayList &letters) {
        QList<ServerMessage> messages;
        for (const QByteArray &bytes : letters)
            messages.append({QByteArray::number(messages.size() + 1), bytes});
        return messages;
    };
    QByteArrayList all;
    for (int i = 1; i <= 6; ++i)
        all.append(letter("n" + QByteArray::number(i), 600));
    QCOMPARE(visit.served(named(all)).stored, 6);
    // One goes, another one comes, and all have the same size: the names are the same as before.
    QByteArrayList now = all;
    now.removeAt(2);
    now.append(letter("n7", 600));
    const CheckResult result = visit.served(named(now));
    QCOMPARE(result.stored, 1);
    QCOMPARE(visit.times("RETR"), 1);
    QVERIFY(visit.harness.sources().contains(now.last()));
    QCOMPARE(visit.harness.sources().size(), 7);
    QCOMPARE(visit.served(named(now)).stored, 0);
    QCOMPARE(visit.times("RETR"), 0);
    QCOMPARE(visit.times("TOP"), 1); // the last has its number still, so nothing before it has gone
    // What is due is known by its header as well.
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    QCOMPARE(visit.served(named(now)).deletedOnServer, 6);
    QCOMPARE(visit.unread.load(), 0);
}

void TestLastLook::F01_theSameBytesAgainAreDeletedAndNotCopied_data()
{
    QTest::addColumn<bool>("withoutTop");
    QTest::newRow("TOP") << false;
    QTest::newRow("no TOP") << true;
}

void TestLastLook::F01_theSameBytesAgainAreDeletedAndNotCopied()
{
    QFETCH(bool, withoutTop);
    Watched visit({}, quirksOf(withoutTop));
    const ServerMessage message{"Xa", letter("ada", 835)};
    QCOMPARE(visit.served({message}).deletedOnServer, 1);
    QCOMPARE(visit.served({{"zz", letter("eve", 435)}}).stored, 1);
    const CheckResult again = visit.served({message});
    QCOMPARE(again.stored, 0);
    QCOMPARE(again.deletedOnServer, 1);
    QCOMPARE(visit.times("RETR"), withoutTop ? 1 : 0);
    QCOMPARE(visit.harness.sources().size(), 2);
    QCOMPARE(visit.unread.load(), 0);
}

void TestLastLook::F01_whatChangedUnderItsNameWhileItStayedListed_data()
{
    QTest::addColumn<bool>("withoutTop");
    QTest::newRow("TOP") << false;
    QTest::newRow("no TOP") << true;
}

void TestLastLook::F01_whatChangedUnderItsNameWhileItStayedListed()
{
    QFETCH(bool, withoutTop);
    Watched visit({}, quirksOf(withoutTop), Retention::KeepCount);
    visit.harness.account().keepCount = 3;
    QList<ServerMessage> messages;
    for (const char *name : {"a", "b", "c"})
        messages.append({QByteArray("X") + name, letter(name, 700)});
    const QByteArrayList before = bytesOf(messages);
    QCOMPARE(visit.served(messages).stored, 3);
    // Listed all the time, and of the same size: only what is to be deleted is looked at.
    messages[0].bytes = letter("other", 700);
    messages.append({"Xd", letter("d", 700)});
    const CheckResult result = visit.served(messages);
    QCOMPARE(result.stored, 2);
    QCOMPARE(visit.unread.load(), 0);
    QCOMPARE(sorted(visit.harness.sources()), sorted(before + QByteArrayList{messages[0].bytes, messages[3].bytes}));
    // Then it is the oldest that is stored, and goes.
    QCOMPARE(visit.served(messages).deletedOnServer, 1);
    QCOMPARE(visit.unread.load(), 0);
}

void TestLastLook::F01_whatADeletionThatTookNoEffectLeftBehind()
{
    ServerQuirks quirks;
    quirks.quit = QuitBehaviour::CommitAndHangUp;
    Watched visit({}, quirks);
    QCOMPARE(visit.served({{"Xa", letter("ada", 835)}}).stored, 1);
    visit.server.setQuirks({});
    const ServerMessage second{"Xa", letter("bob", 835)};
    const CheckResult result = visit.served({second});
    QCOMPARE(result.stored, 1);
    QCOMPARE(result.deletedOnServer, 1);
    QCOMPARE(visit.unread.load(), 0);
    QCOMPARE(visit.harness.sources().size(), 2);
}

void TestLastLook::F01_anOrderByHandGoesForTheMessageThatWasShown_data()
{
    QTest::addColumn<store::ServerOrder::Kind>("kind");
    QTest::addColumn<bool>("stored");
    QTest::addColumn<bool>("another");
    using Kind = store::ServerOrder::Kind;
    QTest::newRow("stored, that one") << Kind::DeleteIfStored << true << false;
    QTest::newRow("stored, another one") << Kind::DeleteIfStored << true << true;
    QTest::newRow("anyway, stored, another one") << Kind::DeleteAnyway << true << true;
    QTest::newRow("anyway, not stored, that one") << Kind::DeleteAnyway << false << false;
    QTest::newRow("anyway, not stored, another one") << Kind::DeleteAnyway << false << true;
}

void TestLastLook::F01_anOrderByHandGoesForTheMessageThatWasShown()
{
    QFETCH(store::ServerOrder::Kind, kind);
    QFETCH(bool, stored);
    QFETCH(bool, another);
    Watched visit({}, {}, Retention::Keep);
    const ServerMessage shown{"Xa", letter("ada", 835)};
    const ServerMessage kept{"Xb", letter("kept", 400)};
    if (stored)
        QCOMPARE(visit.served({shown, kept}).stored, 2);
    QVERIFY(visit.harness.writer().noteOrders(visit.harness.account().id,
        {{{"Xa", 0}, 835, kind, QStringLiteral("ada"), QStringLiteral("ada"), store::headerHash(shown.bytes)}},
        QDateTime::currentDateTimeUtc()));
    const ServerMessage listed{"Xa", another ? letter("bob", 835) : shown.bytes};
    visit.serve({listed, kept});
    const CheckResult ordered =
        visit.harness.check(CheckVisit::password(), [](sync::MailCheck &check) { check.setOrdersOnly(); });
    QVERIFY2(!ordered.error, ordered.error ? qPrintable(ordered.error->text) : "");
    QCOMPARE(ordered.deletedOnServer, another ? 0 : 1);
    // The order was not for this one; the next check fetches it.
    QVERIFY(!visit.served(visit.server.messages()).error);
    QCOMPARE(visit.harness.sources().contains(listed.bytes), another || stored);
    QCOMPARE(visit.server.messages().size(), another ? 2 : 1);
}

void TestLastLook::F01_theWishOfADeletedMessageIsNotForItsSuccessor()
{
    Watched visit({}, {}, Retention::Keep);
    visit.harness.account().deleteWhenDeletedHere = true;
    visit.harness.account().deleteAtOnce = true;
    QCOMPARE(visit.served({{"Xa", letter("ada", 835)}}).stored, 1);
    QVERIFY(visit.harness.writer().remove({MessageId{1}}));
    const ServerMessage second{"Xa", letter("bob", 835)};
    const CheckResult result = visit.served({second});
    QCOMPARE(result.stored, 1);
    QCOMPARE(result.deletedOnServer, 0);
    QCOMPARE(visit.served({second}).deletedOnServer, 0);
    QCOMPARE(visit.unread.load(), 0);
    QVERIFY(visit.harness.sources().contains(second.bytes));
}

void TestLastLook::F01_equalHeadersAreTwoMessagesWhereTheSizesSaySo_data()
{
    QTest::addColumn<Retention>("retention");
    QTest::newRow("deleted") << Retention::DeleteAfterDownload;
    QTest::newRow("kept") << Retention::Keep;
}

void TestLastLook::F01_equalHeadersAreTwoMessagesWhereTheSizesSaySo()
{
    QFETCH(Retention, retention);
    Watched visit({}, {}, retention);
    const QByteArray first = letter("cron", 835);
    const QByteArray second = first + QByteArray(500, 'y') + "\r\n";
    QCOMPARE(visit.served({{"Xa", first}}).stored, 1);
    const CheckResult result = visit.served({{"Xa", second}});
    QCOMPARE(result.stored, 1);
    QCOMPARE(sorted(visit.harness.sources()), sorted({first, second}));
    QCOMPARE(visit.unread.load(), 0);
    QCOMPARE(visit.served(visit.server.messages()).stored, 0);
}

void TestLastLook::F01_aLargeMailboxLooksAtWhatReappears()
{
    Watched visit({}, {}, Retention::Keep);
    QList<ServerMessage> messages;
    for (int i = 0; i < 1100; ++i)
        messages.append({"X" + QByteArray::number(i * 7), letter("m" + QByteArray::number(i), 300)});
    QCOMPARE(visit.served(messages).stored, 1100);
    const ServerMessage gone = messages.takeAt(500);
    QCOMPARE(visit.served(messages).stored, 0);
    // By its name and by the sums of the server, nothing is new.
    messages.insert(500, {gone.uidl, letter("other", gone.bytes.size())});
    QCOMPARE(visit.served(messages).stored, 1);
    QVERIFY(visit.harness.sources().contains(messages.at(500).bytes));
    QCOMPARE(visit.served(messages).stored, 0);
    QCOMPARE(visit.times("TOP"), 0);
}

void TestLastLook::F01_aServerThatBreaksOffOverTopLosesNothing_data()
{
    QTest::addColumn<bool>("hangsUp");
    QTest::newRow("hangs up") << true;
    QTest::newRow("answers twice") << false;
}

void TestLastLook::F01_aServerThatBreaksOffOverTopLosesNothing()
{
    QFETCH(bool, hangsUp);
    ServerQuirks quirks;
    if (hangsUp)
        quirks.hangsUpAt = "TOP";
    quirks.topTwice = !hangsUp;
    Watched visit({}, quirks, Retention::Keep);
    QList<ServerMessage> messages;
    for (const char *name : {"a", "b", "c", "d"})
        messages.append({QByteArray("X") + name, letter(name, 700)});
    const QByteArrayList before = bytesOf(messages);
    QCOMPARE(visit.served(messages).stored, 4);
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    messages[1].bytes = letter("other", 700);
    for (int i = 0; i < 5 && !messages.isEmpty(); ++i) {
        visit.served(messages);
        messages = visit.server.messages();
    }
    QCOMPARE(visit.unread.load(), 0);
    QVERIFY(messages.isEmpty());
    QCOMPARE(sorted(visit.harness.sources()), sorted(before + QByteArrayList{letter("other", 700)}));
}

void TestLastLook::F01_dueDeletionsCostOneTopEach()
{
    Watched visit({}, {}, Retention::Keep);
    QList<ServerMessage> messages;
    for (int i = 0; i < 150; ++i)
        messages.append({"X" + QByteArray::number(i * 7), letter("m" + QByteArray::number(i), 300)});
    QCOMPARE(visit.served(messages).stored, 150);
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    const CheckResult result = visit.served(messages);
    QCOMPARE(result.deletedOnServer, 150);
    QCOMPARE(visit.times("TOP"), 150);
    QCOMPARE(visit.times("RETR"), 0);
    QVERIFY2(visit.server.record().mostInOneRead > 10, "they go together");
    QCOMPARE(visit.unread.load(), 0);
}

void TestLastLook::F01_newMailDoesNotWaitForTheLooks()
{
    Watched visit({}, {}, Retention::Keep);
    QList<ServerMessage> messages{{"Xa", letter("a", 700)}, {"Xb", letter("b", 700)}};
    QCOMPARE(visit.served(messages).stored, 2);
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    messages.append({"Xc", letter("c", 700)});
    QCOMPARE(visit.served(messages).stored, 1);
    const QByteArrayList commands = visit.server.record().commands;
    QVERIFY(commands.indexOf("RETR 3") < commands.indexOf("TOP 1 0"));
    QVERIFY(commands.contains("DELE 3"));
    QVERIFY(!commands.contains("TOP 3 0")); // it was seen
}

void TestLastLook::F01_whereTopAndRetrDisagreeNothingIsFetchedWithoutAnEnd()
{
    ServerQuirks quirks;
    quirks.wrongSizes = true;
    QList<ServerMessage> messages;
    for (const char *name : {"a", "b", "c"})
        messages.append({QByteArray("X") + name, letter(name, 3000)});
    for (int number = 1; number <= 3; ++number) {
        const QByteArray &bytes = messages.at(number - 1).bytes;
        quirks.answers.insert("TOP " + QByteArray::number(number) + " 0",
            "+OK\r\nX-Seen: yes\r\n" + bytes.first(bytes.indexOf("\r\n\r\n") + 4) + '.');
    }
    Watched visit({}, quirks, Retention::DeleteAfterDownload);
    const CheckResult result = visit.served(messages);
    QVERIFY(!result.error);
    QVERIFY2(visit.times("RETR") <= 9, "once, once more for the size, once more for the header");
    QCOMPARE(visit.unread.load(), 0);
    QCOMPARE(sorted(visit.harness.sources()), sorted(bytesOf(messages)));
}

void TestLastLook::F01_ofMessagesWithOneHeaderTheSizeTells_data()
{
    QTest::addColumn<QByteArray>("field"); // of the server, in front of the header
    QTest::addColumn<int>("more"); // bytes
    QTest::addColumn<bool>("another");
    QTest::newRow("one byte") << QByteArray() << 1 << true;
    QTest::newRow("as many as counting line ends makes") << QByteArray() << 60 << true;
    QTest::newRow("more than a field of state") << QByteArray("Status: RO\r\n") << 40 << true;
    QTest::newRow("a field of state") << QByteArray("Status: RO\r\n") << 0 << false;
}

void TestLastLook::F01_ofMessagesWithOneHeaderTheSizeTells()
{
    QFETCH(QByteArray, field);
    QFETCH(int, more);
    QFETCH(bool, another);
    Watched visit({}, {}, Retention::Keep);
    QCOMPARE(visit.served({{"Xa", letter("a", 700)}}).stored, 1);
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    const QByteArray now = field + letter("a", 700 + more);
    visit.serve({{"Xa", now}});
    if (!another)
        visit.server.setDeleHook([](const QByteArray &) { }); // the copy that is stored has no such field
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.unread.load(), 0);
    QCOMPARE(visit.harness.sources().contains(now), another);
    QCOMPARE(visit.times("RETR"), another ? 1 : 0);
    QCOMPARE(visit.times("DELE"), 1);
}

QTEST_GUILESS_MAIN(TestLastLook)
#include "tst_lastlook.moc"
