// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scriptedserver.h"
#include "sync/beginnings.h"
#include "sync/checkharness.h"

#include <QTest>

#include <algorithm>

using namespace satchel;
using namespace satchel::test;
using store::ServerOrder;
using sync::CheckResult;

namespace {

constexpr qint64 limit = 20'000;

/// Three messages, of which the second is above the size limit.
QList<ServerMessage> oneLargeAmongThree()
{
    QList<ServerMessage> messages = Maildrop::generated(3);
    messages[1] = Maildrop::generated(2, 60'000).at(1);
    messages[1].bytes.replace("\r\n\r\nThis is line", "\r\n\r\nMarzipan to begin with.\r\nThis is line");
    messages[1].bytes += "And persimmon at the end.\r\n";
    return messages;
}

struct Visit {
    explicit Visit(const QList<ServerMessage> &messages = oneLargeAmongThree(), const ServerQuirks &quirks = {},
        Retention retention = Retention::Keep)
        : server(messages, quirks)
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        harness.account().retention = retention;
        harness.account().sizeLimit = limit;
    }

    CheckResult check()
    {
        server.clearRecord();
        return harness.check(QStringLiteral("secret"));
    }

    [[nodiscard]] QList<MessageSummary> summaries()
    {
        const auto ids = harness.reader().list({}, {});
        return *harness.reader().summaries(*ids);
    }

    [[nodiscard]] QList<MessageSummary> partial()
    {
        QList<MessageSummary> found;
        for (const MessageSummary &summary : summaries()) {
            if (summary.flags.testFlag(MessageFlag::Partial))
                found.append(summary);
        }
        return found;
    }

    [[nodiscard]] store::LedgerEntry row(const QByteArray &uidl)
    {
        for (const store::LedgerEntry &entry : harness.ledger()) {
            if (entry.key.uidl == uidl)
                return entry;
        }
        return {};
    }

    [[nodiscard]] bool finds(const QString &word)
    {
        const auto found = harness.reader().search(word, {}, {});
        return found && found->size() == 1;
    }

    bool order(MessageId message, ServerOrder::Kind kind)
    {
        const auto done = harness.writer().orderRest({message}, kind, QDateTime::currentDateTimeUtc());
        return done && done->size() == 1;
    }

    [[nodiscard]] int sent(const QByteArray &verb)
    {
        const QByteArrayList commands = server.record().commands;
        return int(std::ranges::count_if(commands, [&verb](const QByteArray &line) { return line.startsWith(verb); }));
    }

    CheckHarness harness;
    ScriptedServer server;
};

} // namespace

/// Messages above the size limit: their beginnings, and what becomes of them.
class TestStubs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aMessageAboveTheSizeLimitIsShownByItsBeginning();
    void law1_aBeginningIsNeverAReasonToDelete_data();
    void law1_aBeginningIsNeverAReasonToDelete();
    void theWholeTakesTheRowOfItsBeginning();
    void theWholeIsGotWhereTheConnectionBrokeBefore();
    void aRaisedLimitGetsTheWhole();
    void whatIsRefusedIsNeverFetched();
    void whatIsGivenUpIsDeletedOnTheServerAndLogged();
    void law1_anOrderGoesForTheOneMessageThatItWasGivenFor();
    void law1_anOrderForWhatIsNotStoredIsNotEnough();
    void aBeginningThatWasDeletedHereDoesNotComeBack();
    void aBeginningWhoseWholeIsGoneSaysSo();
    void aWholeThatIsStoredAlreadyIsNotStoredTwice();
    void equalBytesMixNoBeginningWithAWhole();
    void Q30_aRebuiltServerBringsNoSecondBeginning();
    void Q40_withoutTopItStaysListedAsTooLarge_data();
    void Q40_withoutTopItStaysListedAsTooLarge();
    void Q40_topMayGiveMoreOrLessThanWasAskedFor_data();
    void Q40_topMayGiveMoreOrLessThanWasAskedFor();
    void Q40_anAnswerTooManyStandsInNoHeader();
    void Q40_aServerThatBreaksOffOverTopIsNotAskedAgain();
    void manyBeginningsComeTogether();
    void anOrderAloneFetchesNothingElse_data();
    void anOrderAloneFetchesNothingElse();
};

void TestStubs::aMessageAboveTheSizeLimitIsShownByItsBeginning()
{
    Visit visit;
    const ServerMessage large = visit.server.messages().at(1);
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.stored, 3);
    QCOMPARE(result.beginnings, 1);
    QCOMPARE(result.skippedTooLarge, 0);
    QCOMPARE(result.leftOnServer, 3);

    QCOMPARE(visit.partial().size(), 1);
    const MessageSummary stub = visit.partial().constFirst();
    QCOMPARE(stub.from.address, QStringLiteral("sender2@example.test"));
    QCOMPARE(stub.subject, QStringLiteral("Message 2"));
    QVERIFY(stub.preview.startsWith(QStringLiteral("Marzipan")));
    QCOMPARE(stub.size, large.bytes.size());
    QVERIFY(stub.date.isValid());
    const QByteArray source = *visit.harness.reader().source(stub.id);
    QVERIFY(large.bytes.startsWith(source));
    QVERIFY(source.size() < large.bytes.size() / 4);
    QVERIFY(visit.finds(QStringLiteral("marzipan")));
    QVERIFY(!visit.finds(QStringLiteral("persimmon")));

    const store::LedgerEntry row = visit.row("u2");
    QVERIFY(row.stub);
    QVERIFY(!row.wasStored());
    QVERIFY(row.sha256.isEmpty());
    QVERIFY(!*visit.harness.writer().isStored(visit.harness.account().id, {"u2", 0}));
    QVERIFY(!*visit.harness.writer().mayDelete(visit.harness.account().id, {"u2", 0}));

    const CheckResult again = visit.check();
    QCOMPARE(again.stored, 0);
    QCOMPARE(visit.sent("TOP"), 0);
    QCOMPARE(visit.summaries().size(), 3);
}

void TestStubs::law1_aBeginningIsNeverAReasonToDelete_data()
{
    QTest::addColumn<Retention>("retention");
    QTest::newRow("after download") << Retention::DeleteAfterDownload;
    QTest::newRow("after days") << Retention::KeepDays;
    QTest::newRow("count") << Retention::KeepCount;
    QTest::newRow("size") << Retention::KeepSize;
}

void TestStubs::law1_aBeginningIsNeverAReasonToDelete()
{
    QFETCH(Retention, retention);
    Visit visit(oneLargeAmongThree(), {}, retention);
    visit.harness.account().keepDays = visit.harness.account().keepCount = visit.harness.account().keepMegabytes = 0;
    visit.harness.account().deleteWhenDeletedHere = visit.harness.account().deleteAtOnce = true;
    QVERIFY(!visit.check().error);
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.messages().size(), 1);
    QCOMPARE(visit.server.messages().constFirst().uidl, "u2");
    // Nor does it leave the server because it was deleted here: nobody has seen the whole.
    QVERIFY(visit.harness.writer().remove({visit.partial().constFirst().id}));
    QVERIFY(visit.harness.writer().purge());
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.messages().size(), 1);
}

void TestStubs::theWholeTakesTheRowOfItsBeginning()
{
    Visit visit;
    const ServerMessage large = visit.server.messages().at(1);
    QVERIFY(!visit.check().error);
    const MessageSummary stub = visit.partial().constFirst();
    store::Writer &writer = visit.harness.writer();
    QVERIFY(writer.setFlags({stub.id}, MessageFlag::Read | MessageFlag::Starred, {}));
    const FolderId archive = *writer.folder(visit.harness.account().id, FolderRole::Archive);
    QVERIFY(writer.move({stub.id}, archive));
    QVERIFY(visit.order(stub.id, ServerOrder::Kind::Get));
    QVERIFY(visit.partial().constFirst().flags.testFlag(MessageFlag::RestWished));

    QList<MessageSummary> told;
    const CheckResult result = visit.harness.check(QStringLiteral("secret"), [&told](sync::MailCheck &check) {
        QObject::connect(&check, &sync::MailCheck::completed, &check,
            [&told](const QList<MessageSummary> &messages, const QList<MovedMessage> &retired) {
                QVERIFY(retired.isEmpty());
                told += messages;
            });
    });
    QVERIFY(!result.error);
    QCOMPARE(result.stored, 0);
    QCOMPARE(result.completed, 1);
    QVERIFY(visit.partial().isEmpty());
    QCOMPARE(visit.summaries().size(), 3);
    const MessageSummary whole = visit.harness.reader().summaries({stub.id})->value(0);
    QCOMPARE(told, QList{whole});
    QCOMPARE(whole.folder, archive);
    QCOMPARE(whole.flags, MessageFlags(MessageFlag::Read | MessageFlag::Starred));
    QCOMPARE(whole.size, large.bytes.size());
    QCOMPARE(*visit.harness.reader().source(stub.id), large.bytes);
    QVERIFY(visit.finds(QStringLiteral("marzipan")));
    QVERIFY(visit.finds(QStringLiteral("persimmon")));
    const store::LedgerEntry row = visit.row("u2");
    QVERIFY(!row.stub);
    QVERIFY(!row.wholeWished);
    QVERIFY(row.wasStored());
    QCOMPARE(row.message, stub.id);
    QVERIFY(writer.checkIntegrity(true)->isEmpty());

    QCOMPARE(visit.check().stored, 0);
    QCOMPARE(visit.sent("RETR"), 0);
    QCOMPARE(visit.summaries().size(), 3);
}

void TestStubs::theWholeIsGotWhereTheConnectionBrokeBefore()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    const MessageId stub = visit.partial().constFirst().id;
    QVERIFY(visit.order(stub, ServerOrder::Kind::Get));
    ServerQuirks quirks;
    quirks.cutInMessage = 2;
    quirks.cutAfter = 30'000;
    visit.server.setQuirks(quirks);
    QVERIFY(visit.check().error);
    QCOMPARE(visit.partial().size(), 1);
    QVERIFY(visit.finds(QStringLiteral("marzipan")));
    visit.server.setQuirks({});
    visit.harness.reopen();
    QVERIFY(!visit.check().error);
    QVERIFY(visit.partial().isEmpty());
    QCOMPARE(*visit.harness.reader().source(stub), visit.server.messages().at(1).bytes);
    QCOMPARE(visit.summaries().size(), 3);
}

void TestStubs::aRaisedLimitGetsTheWhole()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    visit.harness.account().sizeLimit = 0;
    const CheckResult result = visit.check();
    QCOMPARE(result.completed, 1);
    QVERIFY(visit.partial().isEmpty());
    QCOMPARE(visit.summaries().size(), 3);
}

void TestStubs::whatIsRefusedIsNeverFetched()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    const MessageId stub = visit.partial().constFirst().id;
    QVERIFY(visit.order(stub, ServerOrder::Kind::Skip));
    QVERIFY(visit.partial().constFirst().flags.testFlag(MessageFlag::RestRefused));
    visit.harness.account().sizeLimit = 0;
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.partial().size(), 1);
    QCOMPARE(visit.server.messages().size(), 1);
    QVERIFY(!visit.server.record().retrieved.contains("u2"));
    // The person may think again.
    QVERIFY(visit.order(stub, ServerOrder::Kind::Get));
    QCOMPARE(visit.check().completed, 1);
}

void TestStubs::whatIsGivenUpIsDeletedOnTheServerAndLogged()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    const MessageSummary stub = visit.partial().constFirst();
    QVERIFY(visit.order(stub.id, ServerOrder::Kind::DeleteAnyway));
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.deletedOnServer, 1);
    QCOMPARE(visit.server.record().committed, QByteArrayList{"u2"});
    const QList<store::Deletion> log = *visit.harness.writer().deletions(visit.harness.account().id);
    QCOMPARE(log.size(), 1);
    QCOMPARE(log.constFirst().rule, store::DeletionRule::ByHand);
    QCOMPARE(log.constFirst().subject, stub.subject);
    QVERIFY(!log.constFirst().message.isValid()); // nothing here proves it
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.partial().size(), 1);
    QVERIFY(visit.partial().constFirst().flags.testFlag(MessageFlag::RestGone));
    QCOMPARE(visit.row("u2").deleteOrder, store::DeleteOrder::None);
}

void TestStubs::law1_anOrderGoesForTheOneMessageThatItWasGivenFor()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    QVERIFY(visit.order(visit.partial().constFirst().id, ServerOrder::Kind::DeleteAnyway));
    // Before the next visit somebody else deletes it, and the server gives its UIDL to another message.
    QList<ServerMessage> messages = visit.server.messages();
    messages[1].bytes = Maildrop::generated(9, 3000).last().bytes;
    visit.server.setMessages(messages);
    QVERIFY(!visit.check().error);
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.messages().size(), 3);
    QVERIFY(visit.server.record().deleted.isEmpty());
}

void TestStubs::law1_anOrderForWhatIsNotStoredIsNotEnough()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    QVERIFY(visit.order(visit.partial().constFirst().id, ServerOrder::Kind::DeleteIfStored));
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.messages().size(), 3);
    QCOMPARE(visit.sent("DELE"), 0);
    QVERIFY(!*visit.harness.writer().mayDelete(visit.harness.account().id, {"u2", 0}));
}

void TestStubs::aBeginningThatWasDeletedHereDoesNotComeBack()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    const MessageId stub = visit.partial().constFirst().id;
    QVERIFY(visit.order(stub, ServerOrder::Kind::Get));
    QVERIFY(visit.harness.writer().remove({stub}));
    QVERIFY(visit.harness.writer().purge());
    visit.harness.account().sizeLimit = 0;
    const CheckResult result = visit.check();
    QCOMPARE(result.stored + result.completed, 0);
    QCOMPARE(visit.summaries().size(), 2);
    QCOMPARE(visit.sent("RETR") + visit.sent("TOP"), 0);
}

void TestStubs::aBeginningWhoseWholeIsGoneSaysSo()
{
    Visit visit;
    const QList<ServerMessage> all = visit.server.messages();
    QVERIFY(!visit.check().error);
    visit.server.setMessages({all.at(0), all.at(2)});
    QVERIFY(!visit.check().error);
    QVERIFY(visit.partial().constFirst().flags.testFlag(MessageFlag::RestGone));
    visit.server.setMessages(all);
    QVERIFY(!visit.check().error);
    QVERIFY(!visit.partial().constFirst().flags.testFlag(MessageFlag::RestGone));
    QCOMPARE(visit.summaries().size(), 3);
}

void TestStubs::aWholeThatIsStoredAlreadyIsNotStoredTwice()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    const MessageId stub = visit.partial().constFirst().id;
    // The same message was stored by another name, which the server does not list any more.
    store::AppendItem item;
    item.account = visit.harness.account().id;
    item.folder = *visit.harness.writer().folder(item.account, FolderRole::Inbox);
    item.key = {"before", 0};
    item.message = store::prepare(visit.server.messages().at(1).bytes, {}, {});
    QVERIFY(visit.harness.writer().append({item}));
    QVERIFY(!visit.check().error); // learns that "before" is absent
    QCOMPARE(visit.summaries().size(), 4);
    QVERIFY(visit.order(stub, ServerOrder::Kind::Get));
    QList<MovedMessage> gone;
    const CheckResult result = visit.harness.check(QStringLiteral("secret"), [&gone](sync::MailCheck &check) {
        QObject::connect(&check, &sync::MailCheck::completed, &check,
            [&gone](const QList<MessageSummary> &, const QList<MovedMessage> &retired) { gone += retired; });
    });
    QVERIFY(!result.error);
    QCOMPARE(gone.size(), 1);
    QCOMPARE(gone.constFirst().id, stub);
    QCOMPARE(visit.summaries().size(), 3);
    QVERIFY(visit.partial().isEmpty());
    QVERIFY(visit.row("u2").wasStored());
}

void TestStubs::equalBytesMixNoBeginningWithAWhole()
{
    // TOP of the large message gives exactly what the small one holds.
    QList<ServerMessage> messages = oneLargeAmongThree();
    const QByteArray beginning = messages.at(1).bytes.first(messages.at(1).bytes.indexOf("\r\n", 3000) + 2);
    messages[2].bytes = beginning;
    ServerQuirks quirks;
    quirks.answers.insert("TOP 2 40", "+OK\r\n" + beginning + ".");
    Visit visit(messages, quirks);
    const CheckResult first = visit.check();
    QVERIFY(!first.error);
    QCOMPARE(first.stored, 3);
    QCOMPARE(first.beginnings, 1);
    QCOMPARE(visit.partial().size(), 1);
    // Deleting either leaves the other readable; getting the whole leaves the small one as it was.
    const MessageId stub = visit.partial().constFirst().id;
    QVERIFY(visit.order(stub, ServerOrder::Kind::Get));
    QCOMPARE(visit.check().completed, 1);
    QByteArrayList sources = visit.harness.sources();
    QCOMPARE(sources.count(beginning), 1);
    QCOMPARE(sources.count(messages.at(1).bytes), 1);
    QVERIFY(visit.harness.writer().checkIntegrity(true)->isEmpty());

    // The other way round: the whole comes after a beginning with the same bytes, and is stored all the same.
    Visit reverse({messages.at(1)}, quirks);
    ServerQuirks first1;
    first1.answers.insert("TOP 1 40", "+OK\r\n" + beginning + ".");
    reverse.server.setQuirks(first1);
    QCOMPARE(reverse.check().beginnings, 1);
    reverse.server.setMessages({messages.at(2)}); // u2 is absent now, u3 has the bytes of its beginning
    QCOMPARE(reverse.check().stored, 1);
    QVERIFY(reverse.row("u3").wasStored());
    QCOMPARE(reverse.summaries().size(), 2);
}

void TestStubs::Q30_aRebuiltServerBringsNoSecondBeginning()
{
    Visit visit;
    QVERIFY(!visit.check().error);
    const MessageId stub = visit.partial().constFirst().id;
    QList<ServerMessage> messages = visit.server.messages();
    for (ServerMessage &message : messages)
        message.uidl.prepend("new-");
    visit.server.setMessages(messages);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.beginnings, 0);
    QCOMPARE(visit.summaries().size(), 3);
    QCOMPARE(visit.partial().size(), 1);
    QVERIFY(visit.row("new-u2").stub);
    QVERIFY(visit.order(stub, ServerOrder::Kind::Get));
    QCOMPARE(visit.check().completed, 1);
    QCOMPARE(*visit.harness.reader().source(stub), messages.at(1).bytes);
}

void TestStubs::Q40_withoutTopItStaysListedAsTooLarge_data()
{
    QTest::addColumn<bool>("known");
    QTest::newRow("unknown command") << false;
    QTest::newRow("refused") << true;
}

void TestStubs::Q40_withoutTopItStaysListedAsTooLarge()
{
    QFETCH(bool, known);
    ServerQuirks quirks;
    quirks.top = known;
    if (known)
        quirks.answers.insert("TOP", "-ERR not today");
    QList<ServerMessage> messages = oneLargeAmongThree();
    for (int i = 4; i <= 8; ++i)
        messages.append(Maildrop::generated(i, 50'000).last());
    Visit visit(messages, quirks, Retention::DeleteAfterDownload);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.stored, 2);
    QCOMPARE(result.skippedTooLarge, 6);
    QCOMPARE(result.beginnings, 0);
    QCOMPARE(visit.sent("TOP"), 1); // once is enough to know
    QCOMPARE(visit.server.messages().size(), 6);
    // Where it comes to have one, they are shown after all.
    visit.server.setQuirks({});
    QCOMPARE(visit.check().beginnings, 6);
}

void TestStubs::Q40_topMayGiveMoreOrLessThanWasAskedFor_data()
{
    QTest::addColumn<qsizetype>("bytes");
    QTest::newRow("cut within the header") << qsizetype(60);
    QTest::newRow("ten lines") << qsizetype(700);
    QTest::newRow("everything") << qsizetype(-1);
}

void TestStubs::Q40_topMayGiveMoreOrLessThanWasAskedFor()
{
    QFETCH(qsizetype, bytes);
    QList<ServerMessage> messages = oneLargeAmongThree();
    messages[1].bytes += Maildrop::generated(1, 200'000).constFirst().bytes;
    ServerQuirks quirks;
    QByteArray given = bytes < 0 ? messages.at(1).bytes : messages.at(1).bytes.first(bytes);
    if (!given.endsWith("\r\n"))
        given += "\r\n";
    quirks.answers.insert("TOP 2 40", "+OK\r\n" + given + ".");
    Visit visit(messages, quirks, Retention::DeleteAfterDownload);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.beginnings, 1);
    const MessageSummary stub = visit.partial().constFirst();
    QCOMPARE(stub.size, messages.at(1).bytes.size());
    QVERIFY(visit.harness.reader().source(stub.id)->size() <= 64 * 1024);
    QCOMPARE(visit.server.messages().size(), 1); // whatever came, it is not the message
    QVERIFY(visit.order(stub.id, ServerOrder::Kind::Get));
    QCOMPARE(visit.check().completed, 1);
    QCOMPARE(*visit.harness.reader().source(stub.id), messages.at(1).bytes);
    QVERIFY(visit.server.messages().isEmpty());
}

void TestStubs::Q40_anAnswerTooManyStandsInNoHeader()
{
    ServerQuirks quirks;
    quirks.topTwice = true;
    Visit visit(oneLargeAmongThree(), quirks);
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.partial().constFirst().subject, QStringLiteral("Message 2"));
    QVERIFY(!visit.harness.reader().source(visit.partial().constFirst().id)->contains("+OK"));
    QCOMPARE(sync::asBeginning("+OK"), QByteArray());
}

void TestStubs::Q40_aServerThatBreaksOffOverTopIsNotAskedAgain()
{
    ServerQuirks quirks;
    quirks.answers.insert("TOP 2 40", "+OK\r\na: b\r\n.\r\n+OK\r\na: b\r\n.");
    QList<ServerMessage> messages = oneLargeAmongThree();
    messages.append(Maildrop::generated(4, 50'000).last());
    Visit visit(messages, quirks, Retention::DeleteAfterDownload);
    QVERIFY(visit.check().error);
    QCOMPARE(visit.summaries().size() - visit.partial().size(), 2);
    const CheckResult next = visit.check();
    QVERIFY2(!next.error, next.error ? qPrintable(next.error->text) : "");
    QCOMPARE(visit.sent("TOP"), 0);
    // Law 13: what was stored out of step is compared as a whole before it goes.
    QByteArrayList compared = visit.server.record().retrieved;
    std::ranges::sort(compared);
    QCOMPARE(compared, (QByteArrayList{"u1", "u3"}));
    QCOMPARE(visit.summaries().size() - visit.partial().size(), 2);
    QCOMPARE(next.skippedTooLarge, 1);
    QCOMPARE(visit.server.messages().size(), 2);
}

void TestStubs::manyBeginningsComeTogether()
{
    QList<ServerMessage> messages;
    for (int i = 1; i <= 70; ++i)
        messages.append(Maildrop::generated(i, 25'000).last());
    ServerQuirks quirks;
    quirks.latency = std::chrono::milliseconds(5);
    Visit visit(messages, quirks);
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.beginnings, 70);
    QVERIFY(visit.server.record().mostInOneRead > 10);
    for (const MessageSummary &summary : visit.partial()) {
        const QByteArray source = *visit.harness.reader().source(summary.id);
        const auto owner = std::ranges::find_if(
            messages, [&source](const ServerMessage &message) { return message.bytes.startsWith(source); });
        QVERIFY(owner != messages.end());
        QCOMPARE(visit.row(owner->uidl).message, summary.id);
    }
}

void TestStubs::anOrderAloneFetchesNothingElse_data()
{
    QTest::addColumn<bool>("shown");
    QTest::newRow("its header was shown") << true;
    QTest::newRow("no header was to be had") << false;
}

void TestStubs::anOrderAloneFetchesNothingElse()
{
    QFETCH(bool, shown);
    Visit visit(oneLargeAmongThree(), {}, Retention::DeleteAfterDownload);
    const AccountId account = visit.harness.account().id;
    const QByteArray unwanted = visit.server.messages().at(2).bytes;
    QVERIFY(visit.harness.writer().noteOrders(account,
        {{{"u1", 0}, 0, ServerOrder::Kind::Get, {}, {}, {}},
            {{"u3", 0}, unwanted.size(), ServerOrder::Kind::DeleteAnyway, QStringLiteral("Sender 3"),
                QStringLiteral("Message 3"), shown ? store::headerHash(unwanted) : QByteArray()}},
        QDateTime::currentDateTimeUtc()));
    const CheckResult result =
        visit.harness.check(QStringLiteral("secret"), [](sync::MailCheck &check) { check.setOrdersOnly(); });
    QVERIFY(!result.error);
    QVERIFY(result.ordersOnly);
    QCOMPARE(result.stored, 1);
    QCOMPARE(result.deletedOnServer, 1);
    QCOMPARE(visit.server.record().retrieved, QByteArrayList{"u1"});
    QCOMPARE(visit.server.record().committed, QByteArrayList{"u3"});
    // Law 13: what is to go is looked at once more, and nothing else.
    QCOMPARE(visit.sent("TOP"), 1);
    QCOMPARE(visit.sent("TOP 3 0"), 1);
    const QList<store::Deletion> log = *visit.harness.writer().deletions(account);
    QCOMPARE(log.constFirst().subject, QStringLiteral("Message 3"));
    QCOMPARE(log.constFirst().sender, QStringLiteral("Sender 3"));
}

QTEST_GUILESS_MAIN(TestStubs)
#include "tst_stubs.moc"
