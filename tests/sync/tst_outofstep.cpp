// SPDX-License-Identifier: GPL-3.0-or-later
// Replies that are not the answers to what was asked, and messages whose end is not where it should be.
#include "sync/checkvisit.h"
#include "sync/outofstep.h"

#include <QTest>

#include <algorithm>
#include <atomic>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

namespace {

ServerMessage letter(int number, qsizetype size, const QByteArray &lineEnd = "\r\n")
{
    const QByteArray name = QByteArray::number(number);
    QByteArray bytes = "From: A" + name + " <a" + name + "@example.org>" + lineEnd + "Subject: " + name + lineEnd
        + "Message-ID: <m" + name + "@example.org>" + lineEnd + lineEnd;
    while (bytes.size() < size)
        bytes += "line of " + name + lineEnd;
    return {"Xo" + QByteArray::number(number * 3), bytes};
}

/// A quirk's answer gets CRLF behind it.
QByteArray asAnswer(const QByteArray &text)
{
    return "+OK\r\n" + text + '.';
}

} // namespace

class TestOutOfStep : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void F03_nothingIsLostByRepliesOutOfStep_data();
    void F03_nothingIsLostByRepliesOutOfStep();
    void F03_whatDoesNotFitItsSizeIsFetchedOnceMore();
    void F03_aServerThatMiscountsAllCostsFewSecondLooks();
    void F03_tellsWhatASizeTellsFromItsNeighbours();
    void F03_tellsWhetherASizeFits_data();
    void F03_tellsWhetherASizeFits();
    void F05_bodiesOfBareLineFeedsArrive_data();
    void F05_bodiesOfBareLineFeedsArrive();
    void row8_messagesWithoutAUsableNameAreKnownByTheirHeaders_data();
    void row8_messagesWithoutAUsableNameAreKnownByTheirHeaders();
};

/// All of it with messages in memory, and with messages that are too large for that.
void TestOutOfStep::initTestCase_data()
{
    QTest::addColumn<qint64>("held");
    QTest::newRow("held") << pop3::ParserLimits().held;
    QTest::newRow("spooled") << 100LL; // less than a message, more than a header
}

void TestOutOfStep::F03_nothingIsLostByRepliesOutOfStep_data()
{
    QTest::addColumn<QByteArray>("answer"); // to RETR 2
    QTest::addColumn<bool>("pipelining");
    QTest::addColumn<Retention>("retention");
    const QByteArray second = letter(2, 3433).bytes;
    struct Fault {
        const char *name;
        QByteArray answer;
    };
    const QList<Fault> faults{
        {"an -ERR, and the message all the same", "-ERR server busy\r\n" + asAnswer(second)},
        {"the message twice", asAnswer(second) + "\r\n" + asAnswer(second)},
        {"cut without an end", "+OK\r\n" + second.first(second.lastIndexOf("\r\n", 300))},
        {"cut within a line, without an end", "+OK\r\n" + second.first(300)},
        {"one +OK too many", "+OK\r\n" + asAnswer(second)},
        {"one +OK with words too many", "+OK 3433 octets\r\n" + asAnswer(second)},
        {"one +OK too many behind it", asAnswer(second) + "\r\n+OK"},
        {"one -ERR too many behind it", asAnswer(second) + "\r\n-ERR busy"},
    };
    for (const Fault &fault : faults) {
        for (const bool pipelining : {true, false}) {
            for (const Retention retention : {Retention::DeleteAfterDownload, Retention::Keep}) {
                QTest::addRow("%s, %s, %s", fault.name, pipelining ? "pipelining" : "one by one",
                    retention == Retention::Keep ? "kept" : "deleted")
                    << fault.answer << pipelining << retention;
            }
        }
    }
}

void TestOutOfStep::F03_nothingIsLostByRepliesOutOfStep()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, pipelining);
    QFETCH(Retention, retention);
    QFETCH_GLOBAL(qint64, held);
    const QList<ServerMessage> messages{
        letter(1, 243), letter(2, 3433), letter(3, 33133), letter(4, 793), letter(5, 16633)};
    ServerQuirks quirks;
    quirks.pipelining = pipelining;
    quirks.answers.insert("RETR 2", answer);
    CheckVisit visit(messages, quirks, retention);
    visit.harness.options.limits.held = held;
    visit.harness.options.silence = std::chrono::milliseconds(700);
    std::atomic_int unread = 0;
    QHash<QByteArray, QByteArray> bytes;
    for (const ServerMessage &message : messages)
        bytes.insert(message.uidl, message.bytes);
    visit.server.setDeleHook([&, file = visit.harness.storeFile()](const QByteArray &uidl) {
        const auto reader = store::Reader::open(file);
        const auto found = reader ? (*reader)->list({}, {}) : Expected<QList<MessageId>>(QList<MessageId>());
        if (std::ranges::none_of(found.value_or(QList<MessageId>()),
                [&](MessageId id) { return (*reader)->source(id).value_or(QByteArray()) == bytes.value(uidl); }))
            ++unread;
    });
    (void)visit.check();
    visit.server.setQuirks({});
    for (int i = 0; i < 3; ++i) {
        const Expected<void> forgiven = visit.harness.writer().forgiveFailures(visit.harness.account().id);
        QVERIFY(forgiven);
        (void)visit.check();
    }
    QCOMPARE(unread.load(), 0);
    const QByteArrayList stored = visit.harness.sources();
    for (const ServerMessage &message : messages)
        QVERIFY2(stored.contains(message.bytes), message.uidl.constData());
    QCOMPARE(visit.server.messages().size(), retention == Retention::Keep ? 5 : 0);
    // And it comes to rest.
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
}

void TestOutOfStep::F03_whatDoesNotFitItsSizeIsFetchedOnceMore()
{
    const QList<ServerMessage> messages{letter(1, 5000), letter(2, 5000), letter(3, 5000)};
    CheckVisit visit(messages);
    ServerQuirks quirks;
    quirks.answers.insert(
        "RETR 2", asAnswer(messages.at(1).bytes.first(messages.at(1).bytes.indexOf("\r\n", 4000) + 2)));
    visit.server.setQuirks(quirks);
    std::atomic_int times = 0;
    visit.server.setCommandHook([&](const QByteArray &line) {
        if (line == "RETR 2")
            ++times;
    });
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(times.load(), 2);
    // Twice the same is all that there is of it.
    QCOMPARE(result.stored, 3);
}

void TestOutOfStep::F03_aServerThatMiscountsAllCostsFewSecondLooks()
{
    ServerQuirks quirks;
    quirks.wrongSizes = true;
    CheckVisit visit(Maildrop::generated(40, 4000), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.stored, 40);
    QCOMPARE(result.deletedOnServer, 40);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
}

void TestOutOfStep::F03_tellsWhetherASizeFits_data()
{
    QTest::addColumn<qint64>("listed");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<bool>("fits");
    const QByteArray lines = QByteArray("a line of text\r\n").repeated(1000);
    const QByteArray bare = QByteArray("a line of text\n").repeated(1000);
    QTest::newRow("as it came") << 16000LL << lines << true;
    QTest::newRow("not said") << 0LL << lines << true;
    QTest::newRow("line ends counted as one byte") << 15000LL << lines << true;
    QTest::newRow("bare line feeds counted as CRLF") << 16000LL << bare << true;
    QTest::newRow("a field was added") << 15950LL << lines << true;
    QTest::newRow("a part is missing") << 17000LL << lines << false;
    QTest::newRow("more than was listed") << 12000LL << lines << false;
    QTest::newRow("another message") << 300LL << lines << false;
}

void TestOutOfStep::F03_tellsWhetherASizeFits()
{
    QFETCH(qint64, listed);
    QFETCH(QByteArray, message);
    QTEST(sync::fitsListedSize(listed, message), "fits");
}

void TestOutOfStep::F03_tellsWhatASizeTellsFromItsNeighbours()
{
    sync::StepWatch step;
    const QList<qint64> sizes{1500, 1502, 4000, 0, 9000};
    for (qsizetype i = 0; i < sizes.size(); ++i)
        step.noteRequested(int(i) + 1, sizes.at(i));
    for (const int number : {1, 2, 3, 4, 5}) {
        const qint64 size = sizes.at(number - 1) > 0 ? sizes.at(number - 1) : 700;
        (void)step.judge(number, letter(number, size).bytes.first(size), true);
    }
    QVERIFY(step.isLikeNeighbour(1));
    QVERIFY(step.isLikeNeighbour(2));
    QVERIFY(!step.isLikeNeighbour(3));
    QVERIFY2(step.isLikeNeighbour(4), "LIST does not say how large it is");
    QVERIFY(!step.isLikeNeighbour(5));
    sync::StepWatch oneByOne;
    oneByOne.noteRequested(1, 1500);
    oneByOne.noteRequested(2, 1500);
    (void)oneByOne.judge(1, letter(1, 1500).bytes.first(1500), false);
    QVERIFY2(!oneByOne.isLikeNeighbour(1), "nothing else can have been answered");
}

void TestOutOfStep::F05_bodiesOfBareLineFeedsArrive_data()
{
    QTest::addColumn<QList<int>>("bare"); // numbers of the messages that are so
    QTest::addColumn<bool>("pipelining");
    QTest::addColumn<bool>("sizeKnown");
    for (const bool pipelining : {true, false}) {
        for (const bool sizeKnown : {true, false}) {
            const char *how = pipelining ? "pipelining" : "one by one";
            const char *size = sizeKnown ? "" : ", wrong size";
            QTest::addRow("m01 all, %s%s", how, size) << QList{1, 2, 3} << pipelining << sizeKnown;
            QTest::addRow("m03 the first, %s%s", how, size) << QList{1} << pipelining << sizeKnown;
            QTest::addRow("m04 the second, %s%s", how, size) << QList{2} << pipelining << sizeKnown;
            QTest::addRow("m05 the last, %s%s", how, size) << QList{3} << pipelining << sizeKnown;
        }
    }
}

void TestOutOfStep::F05_bodiesOfBareLineFeedsArrive()
{
    QFETCH(QList<int>, bare);
    QFETCH(bool, pipelining);
    QFETCH(bool, sizeKnown);
    QFETCH_GLOBAL(qint64, held);
    QList<ServerMessage> messages;
    ServerQuirks quirks;
    quirks.pipelining = pipelining;
    for (int i = 1; i <= 3; ++i) {
        messages.append(letter(i, 150, bare.contains(i) ? "\n" : "\r\n"));
        if (!bare.contains(i))
            continue;
        const QByteArray &bytes = messages.last().bytes;
        quirks.answers.insert("RETR " + QByteArray::number(i), asAnswer(bytes));
        quirks.answers.insert("TOP " + QByteArray::number(i) + " 0", asAnswer(bytes.first(bytes.indexOf("\n\n") + 2)));
    }
    if (!sizeKnown)
        quirks.answers.insert("LIST", "+OK\r\n1 900\r\n2 1900\r\n3 2900\r\n.");
    CheckVisit visit(messages, quirks);
    visit.harness.options.limits.held = held;
    visit.harness.options.silence = std::chrono::milliseconds(1500);
    visit.harness.options.doubtfulEnd = std::chrono::milliseconds(200);
    visit.harness.options.expectedEnd = std::chrono::milliseconds(100);
    // Where the size is no help, two run into one at first; then they come one at a time.
    for (int i = 0; i < 4; ++i) {
        QVERIFY(visit.harness.writer().forgiveFailures(visit.harness.account().id));
        const CheckResult result = visit.check();
        if (sizeKnown)
            QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    }
    QCOMPARE(sorted(visit.harness.sources()), sorted(bytesOf(messages)));
    QVERIFY(visit.server.messages().isEmpty());
}

void TestOutOfStep::row8_messagesWithoutAUsableNameAreKnownByTheirHeaders_data()
{
    QTest::addColumn<QByteArray>("uidl");
    QTest::newRow("abc def, 2 u-2, 3") << QByteArray("+OK\r\nabc def\r\n2 u-2\r\n3\r\n.");
    QTest::newRow("lines are missing") << QByteArray("+OK\r\n2 u-2\r\n.");
    QTest::newRow("none is usable") << QByteArray("+OK\r\nabc\r\n\r\n3 \r\n.");
    QTest::newRow("none at all") << QByteArray("+OK\r\n.");
}

void TestOutOfStep::row8_messagesWithoutAUsableNameAreKnownByTheirHeaders()
{
    QFETCH(QByteArray, uidl);
    ServerQuirks quirks;
    quirks.answers.insert("UIDL", uidl);
    CheckVisit visit({letter(1, 300), letter(2, 400), letter(3, 500)}, quirks, Retention::Keep);
    const CheckResult first = visit.check();
    QVERIFY2(!first.error, first.error ? qPrintable(first.error->text) : "");
    QCOMPARE(first.stored, 3);
    QCOMPARE(first.leftOnServer, 3);
    visit.server.clearRecord();
    const CheckResult second = visit.check();
    QCOMPARE(second.stored, 0);
    QCOMPARE(second.leftOnServer, 3);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QCOMPARE(visit.harness.sources().size(), 3);
}

QTEST_GUILESS_MAIN(TestOutOfStep)
#include "tst_outofstep.moc"
