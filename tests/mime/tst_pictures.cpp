// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/datapicture.h"
#include "mime/htmlinput.h"
#include "mime/limits.h"

#include <QElapsedTimer>
#include <QTest>

using namespace satchel::mime;
using namespace mails;
using namespace Qt::StringLiterals;

namespace {

const char gif[] = "R0lGODlhBAAEAIAAAP8AAAAAACwAAAAABAAEAAACBISPCQUAOw==";

QByteArray html(const QByteArray &source, const QByteArray &fields = {})
{
    return withHeader("MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n" + fields, source + "\n");
}

ParseOptions named()
{
    ParseOptions options;
    options.cidPrefix = u"m7"_s;
    return options;
}

QByteArray letters(qsizetype count)
{
    QByteArray text;
    for (qsizetype i = 0; i < count; ++i)
        text += "<p>word" + QByteArray::number(i) + " and more</p>\n";
    return text;
}

} // namespace

/// Pictures and long HTML (row 2): nothing vanishes without a trace.
class TestPictures : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row2_htmlDataPictureSmall();
    void row2_picturesInTheHtmlAreParts_data();
    void row2_picturesInTheHtmlAreParts();
    void row2_picturesInTheHtmlDoNotCountAsHtml();
    void row2_onePictureIsOnePart();
    void row2_proseAboutDataAddressesStays();
    void row2_manyPicturesCostLittle();
    void row2_inlineWebpTiffAvifHeic();
    void row2_htmlOverTheLimitIsSearchedAndKeepsItsLinks();
    void row2_saysWhereSearchEnds();
    void p302_theKeyOfASenderDoesNotDependOnTheEncoding();
};

void TestPictures::row2_htmlDataPictureSmall()
{
    const QByteArray raw = file("html-data-picture-small.eml");
    const Message message = parse(raw, named());
    QVERIFY(message.html.contains(u"<img src=\"satchel-cid:m7/1\" alt=\"red bar\""_s));
    QVERIFY(!message.html.contains(u"data:"_s));
    QCOMPARE(message.parts.size(), 2);
    QCOMPARE(message.parts.at(1).mimeType, QByteArray("image/png"));
    QCOMPARE(message.parts.at(1).fileName, u"Picture 1.png"_s);
    QVERIFY(message.parts.at(1).inHtml);
    QVERIFY(partContent(raw, 1).startsWith("\x89PNG\r\n"));
    QVERIFY(message.attachments().isEmpty());
    QCOMPARE(index(raw).envelope.attachments, 0);
    QVERIFY(!index(raw).words.body.contains(u"base64"_s));
}

void TestPictures::row2_picturesInTheHtmlAreParts_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray content = QByteArray::fromBase64(gif);
    QByteArray escaped;
    for (const char c : content)
        escaped += '%' + QByteArray(1, c).toHex();
    const auto image = [](const QByteArray &address) { return html("<p>x</p><img src=\"" + address + "\">"); };
    const QByteArray base64 = QByteArray("data:image/gif;base64,") + gif;
    QTest::newRow("base64") << image(base64);
    QTest::newRow("upper case") << image(QByteArray("DATA:IMAGE/GIF;BASE64,") + gif);
    QTest::newRow("escaped") << image("data:image/gif," + escaped);
    QTest::newRow("base64, escaped") << image("data:image/gif;base64," + QByteArray(gif).replace("=", "%3D"));
    QTest::newRow("with a parameter") << image(QByteArray("data:image/gif;name=a.gif;base64,") + gif);
    QTest::newRow("blanks and line ends")
        << image(QByteArray("data:image/gif;base64,\n ") + QByteArray(gif).insert(20, "\n\t ").insert(40, ' '));
    QTest::newRow("blank in front") << image(" \n" + base64);
    QTest::newRow("references") << image(
        QByteArray("data&#58;image/gif;base64,").replace("&#58;", ":") + QByteArray(gif).replace("=", "&#61;"));
    QTest::newRow("single quotes") << html("<img src='" + base64 + "'>");
    QTest::newRow("no quotes") << html("<img src=" + base64 + ">");
    QTest::newRow("in a style") << html(
        "<table><tr><td style=\"background-image:url(" + base64 + ")\">x</td></tr></table>");
    QTest::newRow("quoted in a style") << html(
        "<table><tr><td style=\"background-image:url('" + base64 + "')\">x</td></tr></table>");
    QTest::newRow("quoted by references")
        << html("<table><tr><td style=\"background-image:url(&quot;" + base64 + "&quot;)\">x</td></tr></table>");
    QTest::newRow("in a sheet") << html(
        "<style>td{background-image:url(\"" + base64 + "\")}</style><table><tr><td>x</td></tr></table>");
    QTest::newRow("in encoded html") << html(
        ("<img src=\"" + base64 + "\">").toBase64(), "Content-Transfer-Encoding: base64\n");
    QTest::newRow("cut by quoted-printable")
        << html("<img src=3D\"da=\nta:image/gif;base64," + QByteArray(gif).replace("=", "=3D") + "\">",
               "Content-Transfer-Encoding: quoted-printable\n");
}

void TestPictures::row2_picturesInTheHtmlAreParts()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw, named());
    QCOMPARE(message.parts.size(), 2);
    QCOMPARE(partContent(raw, 1), QByteArray::fromBase64(gif));
    QVERIFY2(message.html.contains(u"satchel-cid:m7/1"_s), qPrintable(message.html));
    QVERIFY(message.parts.at(1).inHtml);
    QVERIFY(message.attachments().isEmpty());
    QCOMPARE(message.blockedRemote, 0);
    // The part that holds it is still what came.
    QVERIFY(partContent(raw, 0).toLower().contains("data:image"));
}

void TestPictures::row2_picturesInTheHtmlDoNotCountAsHtml()
{
    const QByteArray picture = QByteArray::fromBase64(gif) + QByteArray(3 * limits::htmlSimple, 'x');
    const QByteArray raw = html("<p>Above <a href=https://a.example/>it</a></p><img src=\"data:image/gif;base64,"
        + picture.toBase64() + "\"><p>below</p>");
    const Message message = parse(raw, named());
    QVERIFY(!message.warnings.contains(Warning::HtmlOverLimit));
    QVERIFY(message.html.contains(u"satchel-cid:m7/1"_s));
    QVERIFY(message.html.contains(u"<p>below</p>"_s));
    QCOMPARE(partContent(raw, 1), picture);
    QVERIFY(index(raw).words.body.contains(u"below"_s));
    // A mail of nothing else is not blank.
    const Message only = parse(withHeader("Content-Type: multipart/alternative; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "see the picture")
            + part("b", "Content-Type: text/html\n", QByteArray("<img src=\"data:image/gif;base64,") + gif + "\">")
            + "--b--\n"));
    QVERIFY(!only.html.isEmpty());
}

void TestPictures::row2_onePictureIsOnePart()
{
    const QByteArray image = QByteArray("<img src=\"data:image/gif;base64,") + gif + "\">";
    const Message message = parse(html(image.repeated(300)), named());
    QCOMPARE(message.parts.size(), 2);
    QCOMPARE(message.html.count(u"satchel-cid:m7/1"_s), 300);
    // What an attached page holds belongs to that page.
    const Message attached = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "x")
            + part("b", "Content-Type: text/html\nContent-Disposition: attachment; filename=page.html\n", image)
            + "--b--\n"));
    QCOMPARE(names(attached.attachments()), QStringList{u"page.html"_s});
    QCOMPARE(attached.parts.size(), 3);
}

void TestPictures::row2_proseAboutDataAddressesStays()
{
    const Message message = parse(html("<p>Write \"data:image/png\" or (data:image/gif), as one \"data:image/x\" "
                                       "does.</p><img src=\"data:text/html,x\">"));
    QCOMPARE(message.text, u"Write \"data:image/png\" or (data:image/gif), as one \"data:image/x\" does."_s);
    QCOMPARE(message.parts.size(), 1);
    // Where nothing else names the picture, the set of its sources does.
    QVERIFY(parse(html(QByteArray("<img srcset=\"data:image/gif;base64,") + gif + " 2x\" alt=x>"), named())
            .html.contains(u"satchel-cid"_s));
}

void TestPictures::row2_manyPicturesCostLittle()
{
    QByteArray source;
    for (int i = 0; i < 20000; ++i)
        source += "<img src=\"data:image/gif;base64," + QByteArray::number(i).toBase64() + "\">";
    QElapsedTimer timer;
    timer.start();
    const Message message = parse(html(source));
    QVERIFY(message.parts.size() <= limits::dataPictures + 1);
    static_cast<void>(parse(html(QByteArray("=data:image/x").repeated(200'000))));
    static_cast<void>(parse(html(QByteArray("\"data:image/x,").repeated(200'000))));
    static_cast<void>(parse(html(QByteArray("&quot;data:image/x,").repeated(200'000))));
    QVERIFY2(timer.elapsed() < 20000, qPrintable(QString::number(timer.elapsed())));
}

void TestPictures::row2_inlineWebpTiffAvifHeic()
{
    const QByteArray raw = file("inline-webp-tiff-avif-heic.eml");
    const Message message = parse(raw, named());
    QCOMPARE(message.html.count(u"satchel-cid:m7/"_s), 6);
    QCOMPARE(message.html.count(u" alt=\""_s), 6);
    QVERIFY(message.attachments().isEmpty());
    int shown = 0;
    for (const Part &picture : message.parts)
        shown += picture.inHtml ? 1 : 0;
    QCOMPARE(shown, 6);
}

void TestPictures::row2_htmlOverTheLimitIsSearchedAndKeepsItsLinks()
{
    const QByteArray raw = html("<p>See <a href=\"https://a.example/?x=1&amp;y=2\">the <b>page</b></a> and "
                                "<a href='https://b.example/'>b.example</a>.</p>"
        + letters(60000) + "<p>quokka</p>");
    const Message message = parse(raw);
    QVERIFY(message.warnings.contains(Warning::HtmlOverLimit));
    QVERIFY(message.text.startsWith(u"See the page (https://a.example/?x=1&y=2) and b.example."_s));
    QVERIFY(message.text.endsWith(u"quokka"_s));
    QVERIFY(!message.warnings.contains(Warning::SearchedInPart));
    const Indexed indexed = index(raw);
    QVERIFY(indexed.words.body.contains(u"word59999"_s));
    QVERIFY(indexed.words.body.contains(u"quokka"_s));
    QVERIFY(indexed.words.body.contains(u"a.example"_s));
    // Links that are not closed, and what is none.
    QCOMPARE(
        strippedHtml(u"<a href=https://c.example/>one<a href=https://d.example/>two</a> <a name=x>three</a>"_s, 1000),
        u"one (https://c.example/)two (https://d.example/) three"_s);
    QCOMPARE(strippedHtml(u"<a href=\"javascript:x()\">four</a>"_s, 1000), u"four"_s);
}

void TestPictures::row2_saysWhereSearchEnds()
{
    const QByteArray raw = withHeader(
        "Content-Type: text/plain\n", QByteArray("many words in a line\n").repeated(limits::searchText / 20));
    QVERIFY(parse(raw).warnings.contains(Warning::SearchedInPart));
    QVERIFY(index(raw).words.body.size() <= limits::searchText);
    QVERIFY(!parse(withHeader("", "short\n")).warnings.contains(Warning::SearchedInPart));
}

void TestPictures::p302_theKeyOfASenderDoesNotDependOnTheEncoding()
{
    const auto read = [](const QByteArray &from, const QByteArray &charset) {
        ParseOptions options;
        options.charset = charset;
        return parse(crlf("From: " + from + "\nSubject: x\n\nx\n"), options);
    };
    const QByteArray raw = "\xc0\xed\xed\xe0 <\xe0\xed\xed\xe0@example.org>";
    QVERIFY(read(raw, "koi8-r").from.value(0).address != read(raw, "windows-1251").from.value(0).address);
    QCOMPARE(read(raw, "koi8-r").senderKey, read(raw, "windows-1251").senderKey);
    QCOMPARE(read(raw, "koi8-r").senderKey, read(raw, {}).senderKey);
    QVERIFY(!read(raw, {}).senderKey.isEmpty());
    QCOMPARE(read("Ann <ann@example.org>", "koi8-r").senderKey, u"ann@example.org"_s);
    QCOMPARE(parse(crlf("Sender: bob@example.org\nSubject: x\n\nx\n")).senderKey, u"bob@example.org"_s);
}

QTEST_GUILESS_MAIN(TestPictures)
#include "tst_pictures.moc"
