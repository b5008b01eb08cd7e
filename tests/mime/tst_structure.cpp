// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/limits.h"
#include "mime/partscanner.h"

#include <QElapsedTimer>
#include <QTest>

using namespace satchel::mime;
using namespace mails;

/// Where one part ends and the next begins (mime.md, points 1 to 3), and what hostile structures may cost.
class TestStructure : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsBoundariesThatBeginAlikeApart();
    void readsQuotedEscapedAndExtendedBoundaries_data();
    void readsQuotedEscapedAndExtendedBoundaries();
    void findsTheBoundaryWhenNoneIsNamed();
    void findsTheBoundaryWhenAWrongOneIsNamed();
    void showsTheTextOfAMultipartWithoutAnyBoundaryLine();
    void copesWithNestedPartsOfTheSameBoundary();
    void readsPartsWhenTheClosingLineIsMissing_data();
    void readsPartsWhenTheClosingLineIsMissing();
    void showsPartsThatFollowTheClosingLine();
    void acceptsBlanksBehindABoundary();
    void opensEncodedMessages_data();
    void opensEncodedMessages();
    void takesDigestPartsForMessages();
    void readsInternationalMessages();
    void showsAMessageWithoutAnyHeader();
    void keepsTheBodyBehindABrokenHeaderLine_data();
    void keepsTheBodyBehindABrokenHeaderLine();
    void skipsTheSeparatorOfAnMbox();
    void readsMessagesWithLoneCarriageReturns();
    void numbersPartsInDocumentOrder();
    void takesTheFirstOfDuplicateContentFields();
    void readsContentTypesThatAreOnlyAWord();
    void showsTheFirstPartWhenItEndsWithinItsHeader();
    void keepsDeepPartsAsAttachments_data();
    void keepsDeepPartsAsAttachments();
    void survivesAMillionBoundaryLines();
    void survivesAMillionEmptyParts();
    void survivesHugeHeaders();
    void isCalmAboutNothingAtAll_data();
    void isCalmAboutNothingAtAll();
};

void TestStructure::tellsBoundariesThatBeginAlikeApart()
{
    // Eudora: the inner boundary is the outer one with ".REL" behind it.
    const QByteArray raw = withHeader("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"X\"\n",
        part("X", "Content-Type: multipart/related; boundary=\"X.REL\"\n",
            part("X.REL", "Content-Type: text/plain\n", "inner text")
                + part("X.REL", "Content-Type: image/png; name=a.png\n", "PNG") + "--X.REL--")
            + part("X", "Content-Type: application/pdf; name=b.pdf\n", "PDF") + "--X--\n");
    const Message message = parse(raw);
    QCOMPARE(message.text, QStringLiteral("inner text"));
    QCOMPARE(names(message.attachments()), QStringList({QStringLiteral("a.png"), QStringLiteral("b.pdf")}));
}

void TestStructure::readsQuotedEscapedAndExtendedBoundaries_data()
{
    QTest::addColumn<QByteArray>("parameter");
    QTest::addColumn<QByteArray>("boundary");
    QTest::newRow("plain") << QByteArray("boundary=abc") << QByteArray("abc");
    QTest::newRow("quoted") << QByteArray("boundary=\"a b=c?\"") << QByteArray("a b=c?");
    QTest::newRow("escaped") << QByteArray("boundary=\"a\\\"b\\\\c\"") << QByteArray("a\"b\\c");
    QTest::newRow("unquoted specials") << QByteArray("boundary=----=_Part_1:2/3") << QByteArray("----=_Part_1:2/3");
    QTest::newRow("rfc 2231") << QByteArray("boundary*0=ab;\n boundary*1=\"cd\"") << QByteArray("abcd");
    QTest::newRow("rfc 2231 escaped") << QByteArray("boundary*=us-ascii'en'a%62c") << QByteArray("abc");
    QTest::newRow("upper case name") << QByteArray("BOUNDARY=\"Abc\"") << QByteArray("Abc");
    QTest::newRow("comment before") << QByteArray("(a comment; boundary=no) boundary=abc") << QByteArray("abc");
    QTest::newRow("trailing semicolon") << QByteArray("boundary=\"abc\";") << QByteArray("abc");
    QTest::newRow("no closing quote") << QByteArray("boundary=\"abc") << QByteArray("abc");
}

void TestStructure::readsQuotedEscapedAndExtendedBoundaries()
{
    QFETCH(QByteArray, parameter);
    QFETCH(QByteArray, boundary);
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; " + parameter + "\n",
        part(boundary, "Content-Type: text/plain\n", "one") + part(boundary, "Content-Type: text/plain\n", "two") + "--"
            + boundary + "--\n");
    const Message message = parse(raw);
    QCOMPARE(message.parts.size(), 3);
    QCOMPARE(message.text, QStringLiteral("one\n\ntwo"));
}

void TestStructure::findsTheBoundaryWhenNoneIsNamed()
{
    const Message message = parse(withHeader("Content-Type: multipart/alternative\n",
        part("sep-1", "Content-Type: text/plain\n", "plain") + part("sep-1", "Content-Type: text/html\n", "<b>rich</b>")
            + "--sep-1--\n"));
    QCOMPARE(message.text, QStringLiteral("plain"));
    QCOMPARE(message.parts.size(), 3);
}

void TestStructure::findsTheBoundaryWhenAWrongOneIsNamed()
{
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=other\n",
        part("real-one", "Content-Type: text/plain\n", "seen") + "--real-one--\n"));
    QCOMPARE(message.text, QStringLiteral("seen"));
}

void TestStructure::showsTheTextOfAMultipartWithoutAnyBoundaryLine()
{
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n", "Only words.\n"));
    QCOMPARE(message.text, QStringLiteral("Only words."));
}

void TestStructure::copesWithNestedPartsOfTheSameBoundary()
{
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n",
        "--b\nContent-Type: multipart/alternative; boundary=b\n\n" + part("b", "Content-Type: text/plain\n", "inner")
            + "--b--\n" + part("b", "Content-Type: application/pdf; name=outer.pdf\n", "PDF") + "--b--\n"));
    QCOMPARE(message.text, QStringLiteral("inner"));
    QCOMPARE(names(message.attachments()), QStringList{QStringLiteral("outer.pdf")});
}

void TestStructure::readsPartsWhenTheClosingLineIsMissing_data()
{
    QTest::addColumn<QByteArray>("end");
    QTest::newRow("missing") << QByteArray("");
    QTest::newRow("half") << QByteArray("--b-");
    QTest::newRow("cut") << QByteArray("--");
    QTest::newRow("without line end") << QByteArray("--b--");
}

void TestStructure::readsPartsWhenTheClosingLineIsMissing()
{
    QFETCH(QByteArray, end);
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "text")
            + part("b", "Content-Type: application/pdf; name=x.pdf\n", "PDF") + end));
    QVERIFY(message.text.startsWith(QStringLiteral("text")));
    QCOMPARE(message.attachments().size(), 1);
}

void TestStructure::showsPartsThatFollowTheClosingLine()
{
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "\n", "first") + "--b--\n" + part("b", "\n", "second") + "--b--\n"));
    QVERIFY(message.text.contains(QStringLiteral("first")));
    QVERIFY(message.text.contains(QStringLiteral("second")));
}

void TestStructure::acceptsBlanksBehindABoundary()
{
    const Message message = parse(withHeader(
        "Content-Type: multipart/mixed; boundary=b\n", "--b \t\nContent-Type: text/plain\n\ntext\n--b-- \n"));
    QCOMPARE(message.text, QStringLiteral("text"));
}

void TestStructure::opensEncodedMessages_data()
{
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("content");
    const QByteArray inner = crlf("From: Bob <bob@example.org>\nSubject: Inner=20one\nContent-Type: text/plain\n\n"
                                  "Inner text\n");
    QTest::newRow("base64") << QByteArray("base64") << inner.toBase64();
    QByteArray quoted = inner;
    quoted.replace("=", "=3D");
    QTest::newRow("quoted-printable") << QByteArray("quoted-printable") << quoted;
    QTest::newRow("as it is") << QByteArray("8bit") << inner;
}

void TestStructure::opensEncodedMessages()
{
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, content);
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "outer")
            + part("b", "Content-Type: message/rfc822\nContent-Transfer-Encoding: " + encoding + "\n", content)
            + "--b--\n");
    const Message message = parse(raw);
    QVERIFY(message.text.startsWith(QStringLiteral("outer\n")));
    QVERIFY(message.text.endsWith(QStringLiteral("\n\nInner text")));
    QCOMPARE(message.parts.size(), 4);
    QCOMPARE(message.parts.at(2).mimeType, QByteArray("message/rfc822"));
    QVERIFY(message.parts.at(2).attachment);
    QVERIFY(!message.parts.at(3).attachment);
    QVERIFY(partContent(raw, 3).startsWith("Inner text"));
    QVERIFY(partContent(raw, 2).contains("Subject: Inner=20one"));
}

void TestStructure::takesDigestPartsForMessages()
{
    const QByteArray raw = withHeader("Content-Type: multipart/digest; boundary=b\n",
        part("b", "", "From: one@example.org\nSubject: One\n\nfirst text")
            + part("b", "", "From: two@example.org\nSubject: Two\n\nsecond text") + "--b--\n");
    const Message message = parse(raw);
    QCOMPARE(message.parts.at(1).mimeType, QByteArray("message/rfc822"));
    QCOMPARE(message.parts.at(1).fileName, QStringLiteral("One.eml"));
    QVERIFY(message.text.contains(QStringLiteral("first text")));
    QVERIFY(message.text.contains(QStringLiteral("second text")));
}

void TestStructure::readsInternationalMessages()
{
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: message/global\nContent-Transfer-Encoding: base64\n",
            QByteArray("From: \xc3\xa4nn@ex\xc3\xa4mple.org\r\n\r\ngr\xc3\xbc\xc3\x9f\x65").toBase64())
            + "--b--\n");
    QVERIFY(parse(raw).text.endsWith(QString::fromUtf8("\n\ngr\xc3\xbc\xc3\x9f\x65")));
}

void TestStructure::showsAMessageWithoutAnyHeader()
{
    const Message message = parse("Just a line\r\nand another one, with: a colon\r\n\r\nThe end\r\n");
    QVERIFY(message.text.contains(QStringLiteral("Just a line")));
    QVERIFY(message.text.contains(QStringLiteral("The end")));
    QVERIFY(message.warnings.contains(Warning::Damaged));
}

void TestStructure::keepsTheBodyBehindABrokenHeaderLine_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::newRow("the header goes on") << QByteArray(
        "Subject: S\nthis is no field\nFrom: a@example.org\n\nThe body\n");
    QTest::newRow("first line") << QByteArray("garbage here\nSubject: S\nFrom: a@example.org\n\nThe body\n");
    QTest::newRow("the body begins without a blank line") << QByteArray("From: a@example.org\nSubject: S\nThe body\n");
    QTest::newRow("NUL in a name") << QByteArray("From\0: a@example.org\nSubject: S\n\nThe body\n", 42);
}

void TestStructure::keepsTheBodyBehindABrokenHeaderLine()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(crlf(raw));
    QCOMPARE(message.text, QStringLiteral("The body"));
    QCOMPARE(message.subject, QStringLiteral("S"));
    QCOMPARE(message.from.value(0).address, QStringLiteral("a@example.org"));
}

void TestStructure::skipsTheSeparatorOfAnMbox()
{
    const Message message = parse("From ann@example.org Mon Jan  1 10:00:00 2024\nSubject: S\n\nbody\n");
    QCOMPARE(message.subject, QStringLiteral("S"));
    QCOMPARE(message.text, QStringLiteral("body"));
}

void TestStructure::readsMessagesWithLoneCarriageReturns()
{
    const Message message = parse("From: a@example.org\rSubject: Old Mac\r\rFirst\rSecond\r");
    QCOMPARE(message.subject, QStringLiteral("Old Mac"));
    QCOMPARE(message.text, QStringLiteral("First\nSecond"));
}

void TestStructure::numbersPartsInDocumentOrder()
{
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; boundary=a\n",
        part("a", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n",
            crlf("Content-Type: multipart/mixed; boundary=b\n\n" + part("b", "", "deep") + "--b--\n").toBase64())
            + part("a", "Content-Type: text/plain\n", "last") + "--a--\n");
    const Message message = parse(raw);
    QCOMPARE(message.parts.size(), 5);
    QList<int> parents;
    for (int i = 0; i < message.parts.size(); ++i) {
        QCOMPARE(message.parts.at(i).index, i);
        parents.append(message.parts.at(i).parent);
    }
    QCOMPARE(parents, QList<int>({-1, 0, 1, 2, 0}));
    QCOMPARE(partContent(raw, 3), QByteArray("deep"));
    QCOMPARE(partContent(raw, 4), QByteArray("last"));
    QVERIFY(partContent(raw, 5).isEmpty());
    QVERIFY(partContent(raw, -1).isEmpty());
}

void TestStructure::takesTheFirstOfDuplicateContentFields()
{
    const Message message = parse(withHeader("Content-Type: text/plain\nContent-Type: text/html\n"
                                             "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: base64\n",
        "a <b> c\n"));
    QCOMPARE(message.text, QStringLiteral("a <b> c"));
    QVERIFY(message.html.isEmpty());
}

void TestStructure::readsContentTypesThatAreOnlyAWord()
{
    QCOMPARE(parse(withHeader("Content-Type: text\n", "words\n")).text, QStringLiteral("words"));
    QVERIFY(!parse(withHeader("Content-Type: html\n", "<b>words</b>\n")).html.isEmpty());
    QCOMPARE(parse(withHeader("Content-Type: ; charset=utf-8\n", "words\n")).text, QStringLiteral("words"));
}

void TestStructure::showsTheFirstPartWhenItEndsWithinItsHeader()
{
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n",
        "--b\nContent-Type: application/pdf; name=x.pdf\n--b\n\ntext\n--b--\n"));
    QCOMPARE(message.text, QStringLiteral("text"));
    QCOMPARE(names(message.attachments()), QStringList{QStringLiteral("x.pdf")});
}

void TestStructure::keepsDeepPartsAsAttachments_data()
{
    QTest::addColumn<QByteArray>("raw");
    QByteArray multiparts = "From: a@example.org\n";
    QByteArray messages = "From: a@example.org\n";
    for (int i = 0; i < 10000; ++i) {
        const QByteArray b = "b" + QByteArray::number(i);
        multiparts += "Content-Type: multipart/mixed; boundary=" + b + "\n\n--" + b + "\n";
        messages += "Content-Type: message/rfc822\n\n";
    }
    QTest::newRow("10000 multiparts") << crlf(multiparts + "\ntext\n");
    QTest::newRow("10000 messages") << crlf(messages + "\ntext\n");
    QByteArray deeper = "Content-Type: text/plain\n\nthe innermost\n";
    for (int i = 0; i < 100; ++i)
        deeper = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n"
            + deeper.replace("=", "=3D");
    QTest::newRow("100 encoded messages") << deeper;
}

void TestStructure::keepsDeepPartsAsAttachments()
{
    QFETCH(QByteArray, raw);
    QElapsedTimer timer;
    timer.start();
    const Message message = parse(raw);
    QVERIFY(message.warnings.contains(Warning::TooDeep));
    QVERIFY(message.parts.size() <= limits::partDepth + 1);
    QVERIFY(!message.attachments().isEmpty());
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void TestStructure::survivesAMillionBoundaryLines()
{
    QByteArray body;
    for (int i = 0; i < 1000000; ++i)
        body += "--bx\n";
    QElapsedTimer timer;
    timer.start();
    const Structure structure = scan("Content-Type: multipart/mixed; boundary=b\n\n" + body);
    QVERIFY(structure.entities.size() <= static_cast<size_t>(limits::parts));
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void TestStructure::survivesAMillionEmptyParts()
{
    QByteArray body;
    for (int i = 0; i < 1000000; ++i)
        body += "--b\n\n";
    QElapsedTimer timer;
    timer.start();
    const Message message = parse("Content-Type: multipart/mixed; boundary=b\n\n" + body);
    QCOMPARE(message.parts.size(), limits::parts);
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void TestStructure::survivesHugeHeaders()
{
    QElapsedTimer timer;
    timer.start();
    const QByteArray line(10 * 1024 * 1024, 'x');
    QCOMPARE(parse("Subject: " + line + "\n\nbody\n").text, QStringLiteral("body"));
    QByteArray fields;
    for (int i = 0; i < 1000000; ++i)
        fields += "A: b\n";
    const Message message = parse(fields + "\nbody\n");
    QCOMPARE(message.text, QStringLiteral("body"));
    QVERIFY(message.headers.size() <= limits::headerFields);
    QByteArray recipients = "To: ";
    for (int i = 0; i < 200000; ++i)
        recipients += "a@example.org,";
    QVERIFY(parse(recipients + "\n\nbody\n").to.size() <= limits::addresses);
    QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
}

void TestStructure::isCalmAboutNothingAtAll_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("a line end") << QByteArray("\r\n");
    QTest::newRow("a NUL") << QByteArray("\0", 1);
    QTest::newRow("a field only") << QByteArray("Subject: x");
    QTest::newRow("a multipart without body") << QByteArray("Content-Type: multipart/mixed; boundary=b");
    QTest::newRow("a boundary only") << QByteArray("Content-Type: multipart/mixed; boundary=b\n\n--b");
    QTest::newRow("an encoded message without body")
        << QByteArray("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n");
}

void TestStructure::isCalmAboutNothingAtAll()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QVERIFY(!message.parts.isEmpty());
    QVERIFY(message.from.isEmpty());
    QVERIFY(index(raw).envelope.from.address.isEmpty());
}

QTEST_GUILESS_MAIN(TestStructure)
#include "tst_structure.moc"
