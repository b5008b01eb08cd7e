// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/bodywriter.h"
#include "mime/date.h"
#include "mime/htmlinput.h"

#include <QByteArrayList>
#include <QElapsedTimer>
#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::mime;
using namespace mails;

/// Shapes that large collections of real mail have, each with its neighbours.
class TestRealMail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row1_theMessagesAreShownAsTheyWereMeant_data();
    void row1_theMessagesAreShownAsTheyWereMeant();
    void row1_textThatHtmlSwallowedIsShown_data();
    void row1_textThatHtmlSwallowedIsShown();
    void row1_swallowedTextYieldsToAnotherForm();
    void row1_floodsOfOpenCommentsCostLittle_data();
    void row1_floodsOfOpenCommentsCostLittle();
    void row1_boundariesWithBlanksAreGuessed_data();
    void row1_boundariesWithBlanksAreGuessed();
    void row1_aTextThatNamesItsLinksIsTheSame();
    void row1_theOnlyTextIsReadWhateverItCallsItself_data();
    void row1_theOnlyTextIsReadWhateverItCallsItself();
    void row2_picturesThatAreNamedOtherwise_data();
    void row2_picturesThatAreNamedOtherwise();
    void row2_picturesWithoutAWordAreThePage_data();
    void row2_picturesWithoutAWordAreThePage();
    void row3_aMarkBelowTheFieldsOfServers();
    void row3_aWordSaysItselfWhatItsLettersAre_data();
    void row3_aWordSaysItselfWhatItsLettersAre();
    void row3_wordsGluedToLettersAreOneName_data();
    void row3_wordsGluedToLettersAreOneName();
    void row4_yearsAndZonesOfOldPrograms_data();
    void row4_yearsAndZonesOfOldPrograms();
    void row6_namesOfCharsetsAndEncodings_data();
    void row6_namesOfCharsetsAndEncodings();
    void row6_japaneseThatIsCutIntoWords_data();
    void row6_japaneseThatIsCutIntoWords();
};

void TestRealMail::row1_theMessagesAreShownAsTheyWereMeant_data()
{
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("subject");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("files");
    const auto row = [](const char *name, const char16_t *from, const char16_t *subject, const char16_t *text,
                         int files = 0) {
        QTest::newRow(name) << QString(from) << QString(subject) << QString(text) << files;
    };
    row("html-comment-never-closed.eml", u"Shop", u"Autumn", u"All lamps are cheaper this week.");
    row("html-frames.eml", u"Shop", u"Our page", u"Our page is at shop.example.");
    row("boundary-with-blanks.eml", u"Ann", u"Two forms", u"The hedge is cut.");
    row("word-in-another-charset-than-the-body.eml", u"Mika H\u00e4rk\u00f6nen", u"T\u00e4n\u00e4\u00e4n",
        u"T\u00e4n\u00e4\u00e4n.");
    row("word-glued-to-letters.eml", u"Jan H\u00f6per", u"Hello", u"Hello.");
    row("subject-japanese-in-two-words.eml", u"Reader", u"\u4f1a\u8b70\u306e\u65e5\u7a0b\u306b\u3064\u3044\u3066",
        u"OK");
    row("date-year-0125.eml", u"Ann", u"Old clock", u"Hello.");
    row("pictures-without-a-word.eml", u"Ann", u"Photos", u"", 2);
    row("bom-below-received.eml", u"Anna Probst", u"Parcel", u"On Friday.");
    row("text-that-is-attached.eml", u"Scanner", u"Scan", u"What the scanner read.", 1);
}

void TestRealMail::row1_theMessagesAreShownAsTheyWereMeant()
{
    QFETCH(QString, from);
    QFETCH(QString, subject);
    QFETCH(QString, text);
    QFETCH(int, files);
    const QByteArray raw = file(QTest::currentDataTag());
    QVERIFY(!raw.isEmpty());
    const Message message = parse(raw);
    QCOMPARE(message.from.value(0).name, from);
    QCOMPARE(message.subject, subject);
    QCOMPARE(message.date.toUTC().toString(Qt::ISODate), u"2025-11-24T08:15:00Z"_s);
    QVERIFY2(text.isEmpty() || message.text.startsWith(text), qPrintable(message.text));
    QVERIFY(!message.text.contains(u"Content-Type"_s));
    QCOMPARE(message.attachments().size(), files);
    const Indexed indexed = index(raw);
    QVERIFY(indexed.words.body.contains(text));
    QCOMPARE(indexed.envelope.attachments, files);
    QCOMPARE(indexed.envelope.date.toString(Qt::ISODate), u"2025-11-24T08:15:00Z"_s);
}

void TestRealMail::row1_textThatHtmlSwallowedIsShown_data()
{
    QTest::addColumn<QByteArray>("html");
    const QByteArray text = "<p>Words that were written</p>";
    QTest::newRow("a comment nobody closed") << "<html><body><!--#rotate>" + text;
    QTest::newRow("closed by half") << "<html><body><!-- header --!" + QByteArray(" >") + text + "</body></html>";
    QTest::newRow("two of them") << "<!-- a > <!-- b >" + text;
    QTest::newRow("a title") << "<html><head><title>Offer</head><body>" + text + "</body></html>";
    QTest::newRow("a text field") << "<form><textarea>" + text;
    QTest::newRow("a sheet") << "<html><head><style>p { color: red }</head><body>" + text + "</body></html>";
    QTest::newRow("a script") << "<html><head><script>run(1)</head><BODY>" + text + "</body></html>";
    QTest::newRow("words for those without frames")
        << "<html><frameset rows=\"1,*\"><frame src=\"http://a.example/\"><noframes><body>" + text
            + "</body></noframes></frameset></html>";
    QTest::newRow("words for those without frames inside")
        << "<html><body><iframe src=\"http://a.example/\"></iframe><noframes>" + text + "</noframes></body></html>";
    QTest::newRow("words for those without scripts") << "<html><body><noscript>" + text + "</noscript></body></html>";
}

void TestRealMail::row1_textThatHtmlSwallowedIsShown()
{
    QFETCH(QByteArray, html);
    const QByteArray raw = withHeader("Content-Type: text/html; charset=utf-8\n", html + "\n");
    const Message message = parse(raw);
    QVERIFY2(message.html.contains(u"Words that were written"_s), qPrintable(message.html));
    QVERIFY(message.text.contains(u"Words that were written"_s));
    QVERIFY(!message.text.contains(u"color"_s) && !message.text.contains(u"run(1)"_s));
    QVERIFY(message.blockedRemote <= 1);
    const Indexed indexed = index(raw);
    QVERIFY2(indexed.words.body.contains(u"Words that were written"_s), qPrintable(indexed.words.body));
    QVERIFY(indexed.envelope.preview.contains(u"Words that were written"_s));
}

void TestRealMail::row1_swallowedTextYieldsToAnotherForm()
{
    const QByteArray raw = withHeader("Content-Type: multipart/alternative; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "The plain words")
            + part("b", "Content-Type: text/html\n", "<html><!-- <p>Leftovers</p>") + "--b--\n");
    const Message message = parse(raw);
    QCOMPARE(message.text, u"The plain words"_s);
    QVERIFY(!message.html.contains(u"Leftovers"_s));
    QVERIFY(!index(raw).words.body.contains(u"Leftovers"_s));
}

void TestRealMail::row1_floodsOfOpenCommentsCostLittle_data()
{
    QTest::addColumn<QString>("piece");
    QTest::newRow("comments") << u"<!-- >"_s;
    QTest::newRow("titles") << u"<title>"_s;
    QTest::newRow("sheets") << u"<style>"_s;
    QTest::newRow("text fields") << u"<textarea>"_s;
}

void TestRealMail::row1_floodsOfOpenCommentsCostLittle()
{
    QFETCH(QString, piece);
    // Twice as much takes about twice as long, not four times: the ratio is that of the same run.
    const auto time = [&](qsizetype pieces) {
        const QString html = piece.repeated(pieces);
        qint64 best = std::numeric_limits<qint64>::max();
        for (int i = 0; i < 5; ++i) {
            QElapsedTimer passed;
            passed.start();
            const QString loose = loosenedHtml(html);
            best = qMin(best, passed.nsecsElapsed() + qint64(loose.isNull()));
        }
        return best;
    };
    const qint64 once = time(20'000);
    const qint64 eightTimes = time(160'000);
    QVERIFY2(eightTimes < once * 32 + 20'000'000, qPrintable(u"%1 %2"_s.arg(once).arg(eightTimes)));
}

void TestRealMail::row1_boundariesWithBlanksAreGuessed_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("boundary");
    QTest::newRow("a blank was lost") << QByteArray("multipart/alternative; boundary=\"=Part 0925\"")
                                      << QByteArray("= Part 0925");
    QTest::newRow("not quoted") << QByteArray("multipart/alternative; boundary=Next Part 7")
                                << QByteArray("Next Part 7");
    QTest::newRow("folded within it") << QByteArray("multipart/alternative; boundary=\"Next\n Part 7\"")
                                      << QByteArray("Next  Part 7");
    QTest::newRow("none is named") << QByteArray("multipart/alternative") << QByteArray("= Part 0925 =");
}

void TestRealMail::row1_boundariesWithBlanksAreGuessed()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, boundary);
    const QByteArray raw = withHeader("MIME-Version: 1.0\nContent-Type: " + type + "\n",
        "A message of several parts\n-- Ann Lee\n"
            + part(boundary, "Content-Type: text/plain\n", "The plain words\n-- \nAnn")
            + part(boundary, "Content-Type: text/html\n", "<p>The rich words</p>") + "--" + boundary + "--\n");
    const Message message = parse(raw);
    QCOMPARE(message.text, u"The plain words\n-- \nAnn"_s);
    QVERIFY(message.html.contains(u"The rich words"_s));
    QVERIFY(!message.html.contains(u"Content-Type"_s));
}

void TestRealMail::row1_aTextThatNamesItsLinksIsTheSame()
{
    const QString text = u"Look at www.a.example, and write to me. Best regards"_s;
    QVERIFY(repeats(text, u"Look at www.a.example\n<http://www.a.example>, and write\nto me.\nBest regards\n"_s));
    QVERIFY(repeats(text, u"Look at www.a.example (https://www.a.example/x), and write to me. Best regards"_s));
    QVERIFY(repeats(text, u"Look at www.a.example, and write to me <mailto:me@a.example>. Best regards"_s));
    QVERIFY(!repeats(text, u"Look at www.b.example <http://www.a.example>, and write to me. Best regards"_s));
    QVERIFY(!repeats(u"Look at this (https://www.a.example/x) page"_s, u"Look at that page"_s));
}

void TestRealMail::row1_theOnlyTextIsReadWhateverItCallsItself_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<int>("files");
    const QByteArray text = "Words that were written\n";
    const QByteArray inner = "From: Ben <ben@other.example>\nSubject: Inner\n\n" + text;
    QTest::newRow("an attachment") << withHeader(
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=scan.txt\n", text)
                                   << 1;
    QTest::newRow("an attachment of HTML") << withHeader(
        "Content-Type: text/html\nContent-Disposition: attachment; filename=scan.html\n", "<p>" + text + "</p>")
                                           << 1;
    QTest::newRow("an attachment without a name")
        << withHeader("Content-Type: text/plain\nContent-Disposition: attachment\n", text) << 0;
    QTest::newRow("the first of pieces") << withHeader("Content-Type: message/partial; id=\"a@b\"; number=1; total=2\n",
        inner) << 0;
    QTest::newRow("an article of news in a list's wrapping") << withHeader(
        "Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: message/news\n", inner) + part("b", "Content-Type: text/plain\n", "footer")
            + "--b--\n") << 0;
    QTest::newRow("of another international kind") << withHeader("Content-Type: message/global\n", inner) << 0;
}

void TestRealMail::row1_theOnlyTextIsReadWhateverItCallsItself()
{
    QFETCH(QByteArray, raw);
    QFETCH(int, files);
    const Message message = parse(raw);
    QVERIFY2(message.text.contains(u"Words that were written"_s), qPrintable(message.text));
    const Indexed indexed = index(raw);
    QVERIFY(indexed.words.body.contains(u"Words that were written"_s));
    QCOMPARE(indexed.envelope.attachments, int(message.attachments().size()));
    if (files > 0)
        QCOMPARE(message.attachments().size(), files);
}

void TestRealMail::row2_picturesThatAreNamedOtherwise_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::newRow("for fine screens alone") << QByteArray("<img srcset=\"cid:p1 2x\">");
    QTest::newRow("for both") << QByteArray("<img src=\"\" srcset=\"https://a.example/x.png 1x, cid:p1 2x\">");
    QTest::newRow("a button") << QByteArray("<form><input type=image src=\"cid:p1\"></form>");
    QTest::newRow("embedded") << QByteArray("<embed src=\"cid:p1\">");
}

void TestRealMail::row2_picturesThatAreNamedOtherwise()
{
    QFETCH(QByteArray, html);
    const QByteArray gif = "R0lGODlhBAAEAIAAAP8AAAAAACwAAAAABAAEAAACBISPCQUAOw==";
    const QByteArray raw = withHeader("Content-Type: multipart/related; boundary=b\n",
        part("b", "Content-Type: text/html\n", "<p>" + html + "</p>")
            + part(
                "b", "Content-Type: image/gif; name=p.gif\nContent-ID: <p1>\nContent-Transfer-Encoding: base64\n", gif)
            + "--b--\n");
    const Message message = parse(raw, {{}, u"x"_s, true, {}});
    QVERIFY2(message.html.contains(u"<img src=\"satchel-cid:x/2\""_s), qPrintable(message.html));
    QVERIFY(message.attachments().isEmpty());
    QCOMPARE(index(raw).envelope.attachments, 0);
}

void TestRealMail::row2_picturesWithoutAWordAreThePage_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<int>("pictures");
    const QByteArray picture = "Content-Type: image/gif; name=p.gif\nContent-Transfer-Encoding: base64\n";
    const QByteArray gif = "R0lGODlhBAAEAIAAAP8AAAAAACwAAAAABAAEAAACBISPCQUAOw==";
    const auto mixed = [](const QByteArray &parts) {
        return withHeader("Content-Type: multipart/mixed; boundary=b\n", parts + "--b--\n");
    };
    QTest::newRow("the message is one") << withHeader(picture, gif + "\n") << 1;
    QTest::newRow("two of a camera") << mixed(part("b", picture, gif) + part("b", picture, gif)) << 2;
    QTest::newRow("attached") << mixed(part("b", picture + "Content-Disposition: attachment\n", gif)) << 1;
    QTest::newRow("beside an empty text")
        << mixed(part("b", "Content-Type: text/plain\n", " \n") + part("b", picture, gif)) << 1;
    QTest::newRow("beside HTML that says nothing")
        << mixed(part("b", "Content-Type: text/html\n", "<p>&nbsp;</p>") + part("b", picture, gif)) << 1;
    QTest::newRow("beside a text") << mixed(part("b", "Content-Type: text/plain\n", "See") + part("b", picture, gif))
                                   << 0;
    QTest::newRow("an empty one") << mixed(part("b", picture, "")) << 0;
}

void TestRealMail::row2_picturesWithoutAWordAreThePage()
{
    QFETCH(QByteArray, raw);
    QFETCH(int, pictures);
    const Message message = parse(raw, {{}, u"x"_s, true, {}});
    QCOMPARE(message.html.count(u"<img src=\"satchel-cid:x/"_s), pictures);
    // They can be saved as before.
    QCOMPARE(message.attachments().size(), qMax(1, pictures));
    QCOMPARE(index(raw).envelope.attachments, qMax(1, pictures));
}

void TestRealMail::row3_aMarkBelowTheFieldsOfServers()
{
    for (const QByteArray &mark : {QByteArray("\xEF\xBB\xBF"), QByteArray("\xC3\xAF\xC2\xBB\xC2\xBF")}) {
        const QByteArray raw = crlf("Received: from a\n by b; Mon, 24 Nov 2025 09:15:00 +0000\n" + mark
            + "From: Anna <anna@mail.example>\nSubject: Parcel\n\nOn Friday.\n");
        const Message message = parse(raw);
        QCOMPARE(message.from.size(), 1);
        QCOMPARE(message.from.first().name, u"Anna"_s);
        QCOMPARE(message.from.first().address, u"anna@mail.example"_s);
        QCOMPARE(message.subject, u"Parcel"_s);
        QCOMPARE(message.text, u"On Friday."_s);
        QCOMPARE(index(raw).envelope.from.address, u"anna@mail.example"_s);
    }
}

void TestRealMail::row6_namesOfCharsetsAndEncodings_data()
{
    QTest::addColumn<QByteArray>("charset");
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<QByteArray>("body");
    const QByteArray russian = "\xcf\xf0\xe8\xe2\xe5\xf2";
    for (const char *name : {"win-1251", "cp1251", "cp-1251", "x-cp1251", "Windows1251", "windows-1251"})
        QTest::newRow(name) << QByteArray(name) << QByteArray("8bit") << russian;
    for (const char *name : {"base-64", "BASE64", "base64;", "\"base64\"", "base64 (all of it)"})
        QTest::newRow(name) << QByteArray("windows-1251") << QByteArray(name) << russian.toBase64();
    for (const char *name : {"quoted printable", "quotedprintable", "Quoted-Printable;", "quoted_printable"})
        QTest::newRow(name) << QByteArray("windows-1251") << QByteArray(name) << QByteArray("=CF=F0=E8=E2=E5=F2");
}

void TestRealMail::row6_namesOfCharsetsAndEncodings()
{
    QFETCH(QByteArray, charset);
    QFETCH(QByteArray, encoding);
    QFETCH(QByteArray, body);
    const Message message = parse(
        withHeader("Content-Type: text/plain; charset=" + charset + "\nContent-Transfer-Encoding: " + encoding + "\n",
            body + "\n"));
    QCOMPARE(message.text.trimmed(), u"\u041f\u0440\u0438\u0432\u0435\u0442"_s);
}

void TestRealMail::row3_aWordSaysItselfWhatItsLettersAre_data()
{
    QTest::addColumn<QByteArray>("body"); // its charset
    QTest::addColumn<QByteArray>("word");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *body, const char *word, const char16_t *name) {
        QTest::addRow("%s in a message of %s", word, body) << QByteArray(body) << QByteArray(word) << QString(name);
    };
    row("utf-8", "=?ISO-8859-1?Q?Skytt=E4?=", u"Skytt\u00e4");
    row("utf-8", "=?iso-8859-1?B?U2t5dHTk?=", u"Skytt\u00e4");
    row("utf-8", "=?windows-1252?Q?Skytt=E4?=", u"Skytt\u00e4");
    row("koi8-r", "=?iso-8859-1?Q?Skytt=E4?=", u"Skytt\u00e4");
    row("iso-2022-jp", "=?iso-8859-1?Q?Skytt=E4?=", u"Skytt\u00e4");
    row("iso-8859-2", "=?iso-8859-1?Q?Ko=E8?=", u"Ko\u00e8");
    row("iso-8859-1", "=?iso-8859-2?Q?Ko=E8?=", u"Ko\u010d");
    row("utf-8", "=?iso-8859-2?Q?Ko=E8?=", u"Ko\u010d");
    row("utf-8", "=?us-ascii?Q?Skytt=E4?=", u"Skytt\u00e4");
    row("us-ascii", "=?utf-8?Q?Ko=C4=8D?=", u"Ko\u010d");
    // A word that says nothing is read by what stands around it.
    row("koi8-r", "=?unknown-8bit?Q?=E9=D7=C1=CE?=", u"\u0418\u0432\u0430\u043d");
    row("koi8-r", "=?us-ascii?Q?=E9=D7=C1=CE?=", u"\u0418\u0432\u0430\u043d");
}

void TestRealMail::row3_aWordSaysItselfWhatItsLettersAre()
{
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, word);
    QFETCH(QString, name);
    const QByteArray raw =
        crlf("From: " + word + " <ville@mail.example>\nTo: Bo " + word + " <bo@mail.example>\nSubject: " + word
            + "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=" + body + "\n\nHello\n");
    const Message message = parse(raw);
    const Indexed indexed = index(raw);
    QCOMPARE(message.from.value(0).name, name);
    QCOMPARE(message.to.value(0).name, u"Bo "_s + name);
    QCOMPARE(message.subject, name);
    QCOMPARE(indexed.envelope.from.name, name);
    QCOMPARE(indexed.envelope.subject, name);
}

void TestRealMail::row3_wordsGluedToLettersAreOneName_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("address");
    const auto row = [](const char *from, const char16_t *name, const char *address) {
        QTest::newRow(from) << QByteArray(from) << QString(name) << QString::fromLatin1(address);
    };
    const char address[] = "dh@mail.example";
    row("David H=?ISO-8859-1?B?9g==?=hn <dh@mail.example>", u"David H\u00f6hn", address);
    row("\"David H=?ISO-8859-1?B?9g==?=hn\" <dh@mail.example>", u"David H\u00f6hn", address);
    row("dh@mail.example (David H=?ISO-8859-1?Q?=F6?=hn)", u"David H\u00f6hn", address);
    row("H=?ISO-8859-1?Q?=F6?=n=?ISO-8859-1?Q?=DF?=ner <dh@mail.example>", u"H\u00f6n\u00dfner", address);
    row("=?ISO-8859-1?Q?=D6?=rn <dh@mail.example>", u"\u00d6rn", address);
    row("H=?ISO-8859-1?Q?=F6?= =?ISO-8859-1?Q?=DF?=ner <dh@mail.example>", u"H\u00f6\u00dfner", address);
    row("=?ISO-8859-1?Q?J=F6rg?=-Uwe Rahn <dh@mail.example>", u"J\u00f6rg-Uwe Rahn", address);
    row("=?ISO-8859-1?Q?J=F6rg?= Rahn <dh@mail.example>", u"J\u00f6rg Rahn", address);
    row("=?ISO-8859-1?Q?J=F6rg?=<dh@mail.example>", u"J\u00f6rg", address);
    row("=?ISO-8859-1?Q?J=F6rg?=dh@mail.example", u"J\u00f6rg", address);
    row("=?iso-2022-jp?B?MTIx?=@mail.example", u"", "121@mail.example");
}

void TestRealMail::row3_wordsGluedToLettersAreOneName()
{
    QFETCH(QByteArray, from);
    QFETCH(QString, name);
    QFETCH(QString, address);
    const Message message = parse(crlf("From: " + from + "\nSubject: x\n\nHello\n"));
    QCOMPARE(message.from.size(), 1);
    QCOMPARE(message.from.first(), (Mailbox{name, address}));
    QVERIFY(!message.warnings.contains(Warning::SeveralSenders));
}

void TestRealMail::row4_yearsAndZonesOfOldPrograms_data()
{
    QTest::addColumn<QByteArray>("date");
    QTest::addColumn<QDateTime>("utc");
    const auto row = [](const char *date, const char *utc) {
        QTest::newRow(date) << QByteArray(date) << QDateTime::fromString(QLatin1StringView(utc), Qt::ISODate);
    };
    row("Thu, 22 Aug 0102 12:07:35 +0800", "2002-08-22T04:07:35Z");
    row("Thu, 22 Aug 102 12:07:35 +0800", "2002-08-22T04:07:35Z");
    row("Wed, 14 Jul 0099 12:00:00 GMT", "1999-07-14T12:00:00Z");
    row("Sun, 14 Jul 0002 12:00:00 GMT", "2002-07-14T12:00:00Z");
    row("14-Jul-0102 12:00:00 GMT", "2002-07-14T12:00:00Z");
    row("Fri, 21 Nov 0125 12:00:00 +0100", "2025-11-21T11:00:00Z");
    // A clock that is a day behind, in a zone that makes up for it.
    row("Wed, 21 Aug 2002 20:31:57 -1600", "2002-08-22T12:31:57Z");
    row("Wed, 21 Aug 2002 20:31:57 -1530", "2002-08-22T12:01:57Z");
    row("Wed, 21 Aug 2002 20:31:57 +1500", "2002-08-21T05:31:57Z");
    row("Wed, 21 Aug 2002 20:31:57 -2300", "2002-08-21T20:31:57Z");
    // Words behind a date are none of it.
    row("Fri, 19 Jul 2002 23:45:08 +0700 MAILTO_TO_ADDR version=2.40", "2002-07-19T16:45:08Z");
    row("Fri, 19 Jul 2002 23:45:08 +0700 sent by Marta", "2002-07-19T16:45:08Z");
    row("Fri, 19 Jul 2002 23:45:08 +0700 Octopus", "2002-07-19T16:45:08Z");
    // As other programs and other countries write it.
    row("20251124T091500Z", "2025-11-24T09:15:00Z");
    row("20251124T091500+0100", "2025-11-24T08:15:00Z");
    row("1763975700", "2025-11-24T09:15:00Z");
    row("1763975700123", "2025-11-24T09:15:00Z");
    row("Mon, 24 Nov 2025 09:15:00 p.m. +0100", "2025-11-24T20:15:00Z");
    row("Mon, 24 Nov 2025 09:15:00 a.m. +0100", "2025-11-24T08:15:00Z");
    row("Mon, 24 Nov 2025 09:15:00 EST5EDT", "2025-11-24T14:15:00Z");
    row("Mon, 24 Nov 2025 09:15:00 CET/MEZ", "2025-11-24T08:15:00Z");
    row("Mon, 24 Nov 2025 09:15:00 ACDT", "2025-11-23T22:45:00Z");
    row("Mon, 24 Nov 2025 09:15:00 W. Europe Standard Time", "2025-11-24T08:15:00Z");
    row("Mon, 24 Nov 2025 09:15:00 Tokyo Standard Time", "2025-11-24T00:15:00Z");
    row("\xd0\x9f\xd0\xbd, 24 \xd0\xbd\xd0\xbe\xd1\x8f 2025 09:15:00 +0300", "2025-11-24T06:15:00Z");
    row("2025\xe5\xb9\xb4"
        "11\xe6\x9c\x88"
        "24\xe6\x97\xa5 09:15:00 +0900",
        "2025-11-24T00:15:00Z");
    row("mar. 19 nov. 2024 12:00:00 +0100", "2024-11-19T11:00:00Z");
    row("Mar 19 12:00:00 2024", "2024-03-19T12:00:00Z");
}

void TestRealMail::row4_yearsAndZonesOfOldPrograms()
{
    QFETCH(QByteArray, date);
    QFETCH(QDateTime, utc);
    QVERIFY(utc.isValid());
    const QDateTime read = readDate(date);
    QCOMPARE(read.toUTC().toString(Qt::ISODate), utc.toString(Qt::ISODate));
}

void TestRealMail::row6_japaneseThatIsCutIntoWords_data()
{
    QTest::addColumn<QByteArray>("subject");
    const auto row = [](const char *name, const QByteArrayList &words, const QByteArray &charset) {
        QByteArray subject;
        for (const QByteArray &word : words)
            subject += (subject.isEmpty() ? "" : "\n ") + QByteArray("=?") + charset + "?B?" + word.toBase64() + "?=";
        QTest::newRow(name) << subject;
    };
    row("one word", {"\x1b$BF|K\\8l\x1b(B"}, "iso-2022-jp");
    row("two words", {"\x1b$BF|K\\\x1b(B", "\x1b$B8l\x1b(B"}, "iso-2022-jp");
    row("of the old set", {"\x1b$@F|K\\\x1b(J", "\x1b$@8l\x1b(J"}, "iso-2022-jp");
    row("a set for each letter", {"\x1b$BF|\x1b(B\x1b$BK\\\x1b(B\x1b$B8l\x1b(B"}, "iso-2022-jp");
    row("three returns", {"\x1b$BF|K\\\x1b(B\x1b(J\x1b(B", "\x1b$B8l\x1b(B"}, "iso-2022-jp");
    row("without a return", {"\x1b$BF|K\\8l"}, "iso-2022-jp");
}

void TestRealMail::row6_japaneseThatIsCutIntoWords()
{
    QFETCH(QByteArray, subject);
    const QByteArray raw = crlf("From: " + subject + " <bo@mail.example>\nSubject: " + subject
        + "\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$BF|K\\\x1b(B\x1b$B8l\x1b(B\n");
    const Message message = parse(raw);
    const QString japanese = u"\u65e5\u672c\u8a9e"_s;
    QCOMPARE(message.subject, japanese);
    QCOMPARE(message.from.value(0).name, japanese);
    QCOMPARE(message.text.trimmed(), japanese);
    QCOMPARE(index(raw).envelope.subject, japanese);
}

QTEST_APPLESS_MAIN(TestRealMail)
#include "tst_realmail.moc"
