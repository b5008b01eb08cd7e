// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/replyparser.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

using namespace satchel::pop3;

namespace {

/// All replies of these shapes, the bytes fed in pieces of this size.
QList<Reply> parsed(const QByteArray &bytes, const QList<ReplyShape> &shapes, qsizetype piece, ReplyParser &parser)
{
    QList<Reply> replies;
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        parser.feed(QByteArrayView(bytes).sliced(at, qMin(piece, bytes.size() - at)));
        while (replies.size() < shapes.size()) {
            auto reply = parser.next(shapes.at(replies.size()));
            if (!reply)
                break;
            replies.append(*reply);
        }
    }
    return replies;
}

QByteArray messageOf(const QByteArray &bytes, qsizetype piece)
{
    ReplyParser parser;
    const auto replies = parsed(bytes, {ReplyShape::Message}, piece, parser);
    return replies.isEmpty() ? QByteArray("(none)") : replies.first().message;
}

constexpr qsizetype Pieces[] = {1, 2, 3, 5, 7, 1'000'000};

} // namespace

class TestReplyParser : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsStatusLines_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<bool>("ok");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("ok") << QByteArray("+OK ready") << true << QByteArray("ready") << QByteArray();
        QTest::newRow("ok alone") << QByteArray("+OK") << true << QByteArray() << QByteArray();
        QTest::newRow("Q23 lower case, blanks")
            << QByteArray("+ok \t two  words  ") << true << QByteArray("two  words") << QByteArray();
        QTest::newRow("err") << QByteArray("-ERR no") << false << QByteArray("no") << QByteArray();
        QTest::newRow("err alone") << QByteArray("-ERR") << false << QByteArray() << QByteArray();
        QTest::newRow("code") << QByteArray("-ERR [in-use] locked") << false << QByteArray("locked")
                              << QByteArray("IN-USE");
        QTest::newRow("code with level") << QByteArray("-ERR [SYS/TEMP] x") << false << QByteArray("x")
                                         << QByteArray("SYS/TEMP");
        QTest::newRow("no end of code") << QByteArray("-ERR [oops") << false << QByteArray("[oops") << QByteArray();
        QTest::newRow("sec: a code counts only on -ERR")
            << QByteArray("+OK [IN-USE] x") << true << QByteArray("[IN-USE] x") << QByteArray();
        QTest::newRow("two CR") << QByteArray("+OK x\r") << true << QByteArray("x") << QByteArray();
    }

    void readsStatusLines()
    {
        QFETCH(QByteArray, line);
        for (const qsizetype piece : Pieces) {
            ReplyParser parser;
            const auto replies = parsed(line + "\r\n", {ReplyShape::Status}, piece, parser);
            QCOMPARE(replies.size(), 1);
            QTEST(replies.first().status == Reply::Status::Ok, "ok");
            QTEST(replies.first().text, "text");
            QTEST(replies.first().code, "code");
            QCOMPARE(parser.pending(), 0);
        }
    }

    void sec_takesNothingElseForAReply_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line :
            {"+Do you mind?", "+Okay", "OK", "1 120", "", " +OK", "-ERROR", "* OK", "+", "\x1b[2J+OK"})
            QTest::newRow(line) << QByteArray(line);
    }

    void sec_takesNothingElseForAReply()
    {
        QFETCH(QByteArray, line);
        ReplyParser parser;
        parser.feed(line + "\r\n");
        QVERIFY(!parser.next(ReplyShape::Status));
        QCOMPARE(parser.error(), ParseError::NotAReply);
        parser.feed("+OK\r\n");
        QVERIFY2(!parser.next(ReplyShape::Status), "an error stays");
    }

    void Q10_readsContinuationsAsServersWriteThem()
    {
        const QByteArray bytes =
            "+\r\n+ \r\n+ UGFzcw==\r\n+UGFzcw==\r\n+ go on please\r\n+OK done\r\n-ERR [AUTH] no\r\n";
        for (const qsizetype piece : Pieces) {
            ReplyParser parser;
            const auto replies = parsed(bytes, QList<ReplyShape>(7, ReplyShape::Sasl), piece, parser);
            QCOMPARE(replies.size(), 7);
            for (int i = 0; i < 5; ++i)
                QCOMPARE(replies.at(i).status, Reply::Status::Continue);
            QCOMPARE(replies.at(0).text, "");
            QCOMPARE(replies.at(1).text, "");
            QCOMPARE(replies.at(2).text, "UGFzcw==");
            QCOMPARE(replies.at(3).text, "UGFzcw==");
            QCOMPARE(replies.at(4).text, "go on please");
            QCOMPARE(replies.at(5).status, Reply::Status::Ok);
            QCOMPARE(replies.at(6).code, "AUTH");
        }
        ReplyParser parser;
        parser.feed("+\r\n");
        QVERIFY2(!parser.next(ReplyShape::Status), "only where SASL is under way");
        QCOMPARE(parser.error(), ParseError::NotAReply);
    }

    void readsListings()
    {
        const QByteArray bytes = "+OK\r\n1 120\r\n2  x y \r\n..3\r\n\r\n.\r\n-ERR no\r\n+OK\r\n.\r\n";
        for (const qsizetype piece : Pieces) {
            ReplyParser parser;
            const auto replies = parsed(bytes, QList<ReplyShape>(3, ReplyShape::Lines), piece, parser);
            QCOMPARE(replies.size(), 3);
            QCOMPARE(replies.at(0).lines, (QByteArrayList{"1 120", "2  x y ", ".3", ""}));
            QCOMPARE(replies.at(1).status, Reply::Status::Err);
            QVERIFY(replies.at(2).lines.isEmpty());
            ReplyParser together;
            const auto listings = parsed(bytes, QList<ReplyShape>(3, ReplyShape::Listing), piece, together);
            QCOMPARE(listings.at(0).listing, "1 120\n2  x y \n.3\n\n");
            QCOMPARE(listings.at(1).status, Reply::Status::Err);
            QCOMPARE(listings.at(2).listing, "");
        }
    }

    void readsMessages_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char *name, const QByteArray &wire, const QByteArray &message) {
            QTest::newRow(name) << "+OK\r\n" + wire << message;
        };
        row("simple", "a\r\nb\r\n.\r\n", "a\r\nb\r\n");
        row("empty", ".\r\n", "");
        row("one empty line", "\r\n.\r\n", "\r\n");
        row("stuffed", "..a\r\n...\r\n..\r\nx.y\r\n.\r\n", ".a\r\n..\r\n.\r\nx.y\r\n");
        row("stuffed, from servers that stuff with any dot", ".a\r\n.\r\n", "a\r\n");
        row("Q44 NUL, bare CR, 8 bits", QByteArray("a\0b\rc\xff\r\r\n\r.\r\n.\r\n", 16),
            QByteArray("a\0b\rc\xff\r\r\n\r.\r\n", 13));
        row("Q24 a dot between bare line feeds is data", "a\n.\nb\n..c\r\n.\r\n", "a\n.\nb\n..c\r\n");
        row("Q24 a dot after a bare line feed, then CRLF, is data", "a\n.\r\nb\r\n.\r\n", "a\n.\r\nb\r\n");
        row("Q24 a dot after CRLF that ends in a bare line feed ends nothing", "a\r\n.\nb\r\n.\r\n", "a\r\n\nb\r\n");
        row("dot and CR, and no LF", "a\r\n.\rb\r\n.\r\n", "a\r\n\rb\r\n");
        row("Q44 a long line", QByteArray(100'000, 'x') + "\r\n.\r\n", QByteArray(100'000, 'x') + "\r\n");
        QTest::newRow("Q24 acceptsALoneDotLfOnlyFromServersThatEndLinesWithLf")
            << QByteArray("+OK\na\n..b\n.\n") << QByteArray("a\n.b\n");
        QTest::newRow("Q24 LF server, message with CRLF")
            << QByteArray("+OK\na\r\n..b\r\n.\r\n") << QByteArray("a\r\n.b\r\n");
    }

    void readsMessages()
    {
        QFETCH(QByteArray, wire);
        QFETCH(QByteArray, message);
        for (const qsizetype piece : Pieces)
            QCOMPARE(messageOf(wire, piece), message);
    }

    void F05_takesABareEndWhereTheSizeAndTheNextReplySaySo_data()
    {
        QTest::addColumn<QByteArray>("wire");
        QTest::addColumn<qint64>("expected");
        QTest::addColumn<QByteArray>("message");
        const QByteArray two = "+OK\r\na\nb\n.\r\n+OK\r\nsecond\r\n.\r\n";
        QTest::newRow("the size fits") << two << 4LL << QByteArray("a\nb\n");
        QTest::newRow("the size counts CRLF") << two << 6LL << QByteArray("a\nb\n");
        QTest::newRow("dots were stuffed behind bare line feeds")
            << QByteArray("+OK\r\na\n..b\n.\r\n+OK\r\n") << 5LL << QByteArray("a\n.b\n");
        QTest::newRow("another size") << two << 90LL << QByteArray("a\nb\n.\r\n+OK\r\nsecond\r\n");
        QTest::newRow("no size") << two << 0LL << QByteArray("a\nb\n.\r\n+OK\r\nsecond\r\n");
        QTest::newRow("a refusal follows")
            << QByteArray("+OK\r\na\nb\n.\r\n-ERR no\r\n") << 4LL << QByteArray("a\nb\n");
        QTest::newRow("no reply follows")
            << QByteArray("+OK\r\na\nb\n.\r\n+O no\r\n.\r\n") << 4LL << QByteArray("a\nb\n.\r\n+O no\r\n");
        QTest::newRow("within a message that ends as it should")
            << QByteArray("+OK\r\na\n.\r\n+OK\r\nb\r\n.\r\n") << 12LL << QByteArray("a\n.\r\n+OK\r\nb\r\n");
        QTest::newRow("a header alone") << QByteArray("+OK\r\nA: b\n\n.\r\n+OK\r\n") << qint64(ReplyParser::headerOnly)
                                        << QByteArray("A: b\n\n");
    }

    void F05_takesABareEndWhereTheSizeAndTheNextReplySaySo()
    {
        QFETCH(QByteArray, wire);
        QFETCH(qint64, expected);
        QFETCH(QByteArray, message);
        for (const qsizetype piece : Pieces) {
            ReplyParser parser;
            std::optional<Reply> reply;
            for (qsizetype at = 0; at < wire.size() && !reply; at += piece) {
                parser.feed(wire.sliced(at, qMin(piece, wire.size() - at)));
                reply = parser.next(ReplyShape::Message, expected);
            }
            QVERIFY(reply);
            QCOMPARE(reply->message, message);
        }
    }

    void F04_whatIsTooLargeToBeHeldIsTheSameInItsFile_data()
    {
        F05_takesABareEndWhereTheSizeAndTheNextReplySaySo_data();
        QTest::newRow("dots and CRLF") << QByteArray("+OK\r\n..a\r\nb\r\n..\r\n.\r\n") << 10LL
                                       << QByteArray(".a\r\nb\r\n.\r\n");
    }

    void F04_whatIsTooLargeToBeHeldIsTheSameInItsFile()
    {
        QFETCH(QByteArray, wire);
        QFETCH(qint64, expected);
        QFETCH(QByteArray, message);
        if (expected == ReplyParser::headerOnly)
            return; // is never in a file
        const QTemporaryDir folder;
        ParserLimits limits;
        limits.held = 1;
        limits.spool = folder.filePath(QStringLiteral("spool-"));
        for (const qsizetype piece : Pieces) {
            ReplyParser parser(limits);
            std::optional<Reply> reply;
            for (qsizetype at = 0; at < wire.size() && !reply; at += piece) {
                parser.feed(wire.sliced(at, qMin(piece, wire.size() - at)));
                reply = parser.next(ReplyShape::Message, expected);
            }
            QVERIFY(reply && reply->spooled);
            QVERIFY(reply->message.isEmpty());
            QByteArray filed;
            QVERIFY(reply->spooled->file->read([&filed](QByteArrayView bytes) {
                filed += bytes;
                return true;
            }));
            QCOMPARE(filed, message);
            QCOMPARE(reply->spooled->size(), message.size());
        }
    }

    void F04_ofABeginningNoMoreIsKeptThanMayBeHeld()
    {
        ParserLimits limits;
        limits.held = 10;
        for (const qsizetype piece : Pieces) {
            ReplyParser parser(limits);
            const QByteArray wire = "+OK\r\n0123456789abcdef\r\nmore\r\n.\r\n";
            std::optional<Reply> reply;
            for (qsizetype at = 0; at < wire.size(); at += piece) {
                parser.feed(wire.sliced(at, qMin(piece, wire.size() - at)));
                reply = parser.next(ReplyShape::Message, ReplyParser::beginning);
            }
            QVERIFY(reply);
            QCOMPARE(reply->message, "0123456789");
            QCOMPARE(parser.pending(), 0);
        }
    }

    void F04_aDiskThatCannotTakeItIsTheDisksError()
    {
        ParserLimits limits;
        limits.held = 1;
        limits.spool = QStringLiteral("/nowhere/spool-");
        ReplyParser parser(limits);
        parser.feed("+OK\r\nabc\r\n");
        QVERIFY(!parser.next(ReplyShape::Message));
        QVERIFY(parser.error() == ParseError::NotSpooled);
        QCOMPARE(parser.spoolError().kind, satchel::ErrorKind::StoreFailed);
        QVERIFY(!parser.spoolError().text.isEmpty());
    }

    void F05_aBareEndIsTakenWhereNothingFollows()
    {
        for (const qsizetype piece : Pieces) {
            ReplyParser parser;
            const QByteArray wire = "+OK\r\na\nb\n.\r\n";
            for (qsizetype at = 0; at < wire.size(); at += piece) {
                QVERIFY(!parser.standsAtDoubtfulEnd());
                parser.feed(wire.sliced(at, qMin(piece, wire.size() - at)));
                QVERIFY(!parser.next(ReplyShape::Message, 4));
            }
            QVERIFY(parser.standsAtDoubtfulEnd());
            QVERIFY(parser.standsAtExpectedEnd());
            parser.endHere();
            const std::optional<Reply> reply = parser.next(ReplyShape::Message, 4);
            QVERIFY(reply);
            QCOMPARE(reply->message, "a\nb\n");
            QCOMPARE(parser.pending(), 0);
            QVERIFY(!parser.standsAtDoubtfulEnd());
        }
        // More that comes says that it was none.
        ReplyParser parser;
        parser.feed("+OK\r\na\n.\r\n");
        QVERIFY(!parser.next(ReplyShape::Message, 100));
        QVERIFY(parser.standsAtDoubtfulEnd());
        QVERIFY(!parser.standsAtExpectedEnd());
        parser.feed("b\r\n.\r\n");
        const std::optional<Reply> whole = parser.next(ReplyShape::Message, 100);
        QVERIFY(whole);
        QCOMPARE(whole->message, "a\n.\r\nb\r\n");
    }

    void Q24_goesByTheStatusLineOfTheSameReply()
    {
        for (const qsizetype piece : Pieces) {
            ReplyParser parser;
            const auto replies = parsed("+OK\n+OK\r\na\n.\nb\r\n.\r\n+OK\nc\n.\n",
                {ReplyShape::Status, ReplyShape::Message, ReplyShape::Message}, piece, parser);
            QCOMPARE(replies.size(), 3);
            QCOMPARE(replies.at(1).message, "a\n.\nb\r\n");
            QCOMPARE(replies.at(2).message, "c\n");
        }
    }

    void saysHowMuchOfAMessageHasCome()
    {
        ReplyParser parser;
        parser.feed("+O");
        QVERIFY(!parser.next(ReplyShape::Message));
        QVERIFY(!parser.hasBegun());
        parser.feed("K\r\n0123456789\r\n");
        QVERIFY(!parser.next(ReplyShape::Message));
        QVERIFY(parser.hasBegun());
        QCOMPARE(parser.received(), 12);
        parser.feed(".\r\n+O");
        QVERIFY(parser.next(ReplyShape::Message));
        QVERIFY(!parser.hasBegun());
        QCOMPARE(parser.received(), 0);
        QCOMPARE(parser.pending(), 2);
    }

    void sec_keepsItsLimits_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<ReplyShape>("shape");
        QTest::addColumn<ParseError>("error");
        QTest::newRow("status line without an end")
            << QByteArray(200, 'x') << ReplyShape::Status << ParseError::LineTooLong;
        QTest::newRow("long status line") << "+OK " + QByteArray(200, 'x') + "\r\n"
                                          << ReplyShape::Status << ParseError::LineTooLong;
        QTest::newRow("listing line without an end")
            << "+OK\r\n" + QByteArray(400, '1') << ReplyShape::Lines << ParseError::LineTooLong;
        QTest::newRow("listing without an end")
            << "+OK\r\n" + QByteArray("1 1\r\n").repeated(11) << ReplyShape::Lines << ParseError::TooManyLines;
        QTest::newRow("large message") << "+OK\r\n" + QByteArray("xxxxxxxx\r\n").repeated(101) << ReplyShape::Message
                                       << ParseError::MessageTooLarge;
        QTest::newRow("many lines that stay together")
            << "+OK\r\n" + QByteArray("1 1\r\n").repeated(11) << ReplyShape::Listing << ParseError::TooManyLines;
        QTest::newRow("large message of one line")
            << "+OK\r\n" + QByteArray(1001, 'x') << ReplyShape::Message << ParseError::MessageTooLarge;
    }

    void sec_keepsItsLimits()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(ReplyShape, shape);
        for (const qsizetype piece : Pieces) {
            ParserLimits limits;
            limits.line = 100;
            limits.listingLine = 300;
            limits.lines = 10;
            limits.message = 1000;
            ReplyParser parser(limits);
            QVERIFY(parsed(bytes, {shape}, piece, parser).isEmpty());
            QTEST(parser.error().value_or(ParseError::NotAReply), "error");
        }
    }

    void sec_theLimitsAreThoseOfThePromise()
    {
        QCOMPARE(ParserLimits().line, 8 * 1024);
        ReplyParser parser;
        parser.feed("+OK " + QByteArray(8 * 1024 - 10, 'x'));
        QVERIFY(!parser.next(ReplyShape::Status) && !parser.error());
        parser.feed(QByteArray(20, 'x'));
        QVERIFY(!parser.next(ReplyShape::Status));
        QCOMPARE(parser.error(), ParseError::LineTooLong);
        QVERIFY(ParserLimits().message < 1LL << 30);
        QVERIFY(ParserLimits().lines <= 5'000'000);
    }

    void Q4_forgetsWhatItWasFed()
    {
        ReplyParser parser;
        parser.feed("+OK\r\nhalf a mess");
        QVERIFY(!parser.next(ReplyShape::Message));
        parser.clear();
        parser.feed("+OK clean\r\n");
        QCOMPARE(parser.next(ReplyShape::Status)->text, "clean");
    }

    void isFastAndNeverQuadratic()
    {
        QByteArray body;
        for (int i = 0; i < 340'000; ++i)
            body += "VGhpcyBpcyBhIGxpbmUgb2YgYmFzZTY0IGluIGFuIGF0dGFjaG1lbnQgb2YgNzYgY2hhcmFjdGVy\r\n";
        const QByteArray bytes = "+OK\r\n" + body + ".\r\n";
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(messageOf(bytes, 64 * 1024), body);
        const double seconds = static_cast<double>(timer.nsecsElapsed()) / 1e9;
        qInfo("%.0f MB/s in pieces of 64 KiB", static_cast<double>(bytes.size()) / 1e6 / seconds);
        QVERIFY2(seconds < 5, "some hundred times slower than it should be");
        timer.start();
        const QByteArray part = body.first(50'000 * (body.size() / 340'000));
        QCOMPARE(messageOf("+OK\r\n" + part + ".\r\n", 1), part);
        qInfo("%.1f s for 4 MB byte by byte", static_cast<double>(timer.nsecsElapsed()) / 1e9);
        QVERIFY2(timer.elapsed() < 20'000, "quadratic");
    }

    void Q22_readsAListingOfManyLinesInLinearTime()
    {
        QByteArray bytes = "+OK\r\n";
        for (int i = 1; i <= 300'000; ++i)
            bytes += QByteArray::number(i) + " 0000000000000000\r\n";
        bytes += ".\r\n";
        QElapsedTimer timer;
        timer.start();
        ReplyParser parser;
        QCOMPARE(parsed(bytes, {ReplyShape::Listing}, 16 * 1024, parser).first().listing.count('\n'), 300'000);
        QVERIFY2(timer.elapsed() < 10'000, "quadratic");
    }
};

QTEST_GUILESS_MAIN(TestReplyParser)
#include "tst_replyparser.moc"
