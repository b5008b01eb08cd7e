// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/charset.h"
#include "mime/flowedtext.h"
#include "mime/limits.h"
#include "mime/tnef.h"
#include "mime/transferdecoder.h"
#include "mime/uuencode.h"

#include <QElapsedTimer>
#include <QTest>
#include <QtEndian>

using namespace satchel::mime;
using namespace mails;

namespace {

template <class Number>
void put(QByteArray &bytes, Number number)
{
    const Number little = qToLittleEndian(number);
    bytes.append(reinterpret_cast<const char *>(&little), sizeof little);
}

void putAttribute(QByteArray &bytes, quint8 level, quint32 id, const QByteArray &value)
{
    put(bytes, level);
    put(bytes, id);
    put(bytes, static_cast<quint32>(value.size()));
    bytes += value;
    put<quint16>(bytes, 0);
}

QByteArray tnef()
{
    QByteArray bytes;
    put<quint32>(bytes, 0x223e9f78);
    put<quint16>(bytes, 1);
    putAttribute(bytes, 1, 0x0002800c, QByteArray("The text\0", 9));
    putAttribute(bytes, 2, 0x00069002, QByteArray(14, '\0'));
    putAttribute(bytes, 2, 0x00018010, QByteArray("SHORT~1.DOC\0", 12));
    putAttribute(bytes, 2, 0x0006800f, QByteArray("CONTENT"));
    QByteArray properties;
    put<quint32>(properties, 1);
    put<quint16>(properties, 0x001f);
    put<quint16>(properties, 0x3707);
    put<quint32>(properties, 1);
    const QString name = QStringLiteral("Long n\u00e4me.doc");
    put<quint32>(properties, static_cast<quint32>(name.size() * 2 + 2));
    for (const QChar c : name)
        put<quint16>(properties, c.unicode());
    put<quint16>(properties, 0);
    putAttribute(bytes, 2, 0x00069005, properties);
    return bytes;
}

} // namespace

/// What a body holds: charsets, transfer encodings, carried files, and what is shown or listed
/// (mime.md, points 6 and 9 to 13).
class TestBody : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void choosesTheCharset_data();
    void choosesTheCharset();
    void decodesBase64_data();
    void decodesBase64();
    void showsAFooterBehindBase64();
    void decodesQuotedPrintable_data();
    void decodesQuotedPrintable();
    void readsFoldedTransferEncodings();
    void joinsFlowedLines_data();
    void joinsFlowedLines();
    void takesUuencodedFilesOutOfTheText();
    void readsAWholeBodyInUuencode();
    void leavesProseThatBeginsAlike();
    void opensWinmailDat();
    void survivesLyingTnef_data();
    void survivesLyingTnef();
    void listsWhatIsNotShown_data();
    void listsWhatIsNotShown();
    void hidesPicturesThatTheHtmlShows();
    void showsPicturesThatWereFetched();
    void showsTheBestAlternativeAndKeepsThePlainOne();
    void showsAllTextsOfAMixedMessage();
    void readsHtmlOnlyMessagesAsText();
    void neverLoadsExternalBodies();
    void marksProgramsAmongAttachments();
    void estimatesSizes();
    void indexesWhatAPersonReads();
    void indexesOnlySoMuchOfALongText();
    void indexesFast();
};

void TestBody::choosesTheCharset_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("chosen");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *type, const QByteArray &body, const char *chosen,
                         const char *text) {
        QTest::newRow(name) << QByteArray(type) << body << QByteArray(chosen) << QString::fromUtf8(text);
    };
    const char *cyrillic = "\u041f\u0440\u0438\u0432\u0435\u0442";
    const QByteArray cp1251 = "\xcf\xf0\xe8\xe2\xe5\xf2";
    row("declared", "text/plain; charset=windows-1251", cp1251, "", cyrillic);
    row("declared beats choice", "text/plain; charset=windows-1251", cp1251, "koi8-r", cyrillic);
    row("koi8-r", "text/plain; charset=KOI8-R", "\xf0\xd2\xc9\xd7\xc5\xd4", "", cyrillic);
    row("latin-1 is windows-1252", "text/plain; charset=iso-8859-1", "\x80\x93x\x94", "", "\u20ac\u201cx\u201d");
    row("us-ascii is windows-1252", "text/plain; charset=us-ascii", "\x80", "", "\u20ac");
    row("us-ascii that is utf-8", "text/plain; charset=us-ascii", "\xc3\xbc", "", "\u00fc");
    row("silent utf-8", "text/plain", "\xc3\xbc", "", "\u00fc");
    row("silent windows-1252", "text/plain", "\xfc", "", "\u00fc");
    row("silent, chosen", "text/plain", cp1251, "windows-1251", cyrillic);
    row("wrong latin-1, chosen", "text/plain; charset=iso-8859-1", cp1251, "windows-1251", cyrillic);
    row("unknown, chosen", "text/plain; charset=x-foo", cp1251, "windows-1251", cyrillic);
    row("unknown utf-8", "text/plain; charset=x-foo", "\xc3\xbc", "", "\u00fc");
    row("declared utf-8 is not", "text/plain; charset=utf-8", "Gr\xfc\xdf\x65", "", "Gr\u00fc\u00dfe");
    row("declared utf-8 that was cut", "text/plain; charset=utf-8", "a\u00fc\xc3", "", "a\u00fc\ufffd");
    row("gb2312", "text/plain; charset=gb2312", "\xc4\xe3\xba\xc3", "", "\u4f60\u597d");
    row("shift_jis", "text/plain; charset=shift_jis", "\x93\xfa\x96\x7b", "", "\u65e5\u672c");
    row("iso-2022-jp", "text/plain; charset=iso-2022-jp", "\x1b$BF|K\\\x1b(B", "", "\u65e5\u672c");
    row("silent iso-2022-jp", "text/plain", "\x1b$BF|K\\\x1b(B", "", "\u65e5\u672c");
    row("ks_c_5601-1987", "text/plain; charset=ks_c_5601-1987", "\xc7\xd1\xb1\xdb", "", "\ud55c\uae00");
    row("byte order mark", "text/plain", "\xef\xbb\xbfx", "", "x");
    row("meta", "text/html", "<meta charset=windows-1251>" + cp1251, "", cyrillic);
    row("meta by http-equiv", "text/html",
        "<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\">" + cp1251, "", cyrillic);
    row("declared beats meta", "text/html; charset=utf-8", "<meta charset=windows-1251>\xc3\xbc", "", "\u00fc");
    row("quoted charset", "text/plain; charset=\"utf-8\"", "\xc3\xbc", "", "\u00fc");
}

void TestBody::choosesTheCharset()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, chosen);
    QFETCH(QString, text);
    ParseOptions options;
    options.charset = chosen;
    QCOMPARE(parse(withHeader("Content-Type: " + type + "\n", body), options).text, text);
}

void TestBody::decodesBase64_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("plain") << QByteArray("SGVsbG8=") << QByteArray("Hello");
    QTest::newRow("lines") << QByteArray("SGVs\r\nbG8=\r\n") << QByteArray("Hello");
    QTest::newRow("junk") << QByteArray("SG*Vs!bG8=") << QByteArray("Hello");
    QTest::newRow("no padding") << QByteArray("SGVsbG8") << QByteArray("Hello");
    QTest::newRow("goes on after padding") << QByteArray("SGVsbG8=\nIHlvdQ==\n") << QByteArray("Hello you");
    QTest::newRow("odd cuts") << QByteArray("SGV\nsbG\n8=") << QByteArray("Hello");
    QTest::newRow("one letter") << QByteArray("S") << QByteArray();
    QTest::newRow("nothing") << QByteArray("") << QByteArray();
    QTest::newRow("footer") << QByteArray("SGVsbG8=\n___________\nA list of all\n") << QByteArray("Hello");
    QTest::newRow("footer without padding") << QByteArray("SGVsbG8h\n-- \nA list of all\n") << QByteArray("Hello!");
}

void TestBody::decodesBase64()
{
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, bytes);
    QCOMPARE(decodeBase64(data).bytes, bytes);
}

void TestBody::showsAFooterBehindBase64()
{
    const Message message = parse(withHeader(
        "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n", "SGVsbG8=\n___________\nThe list\n"));
    QVERIFY(message.text.startsWith(QStringLiteral("Hello\n")));
    QVERIFY(message.text.endsWith(QStringLiteral("The list")));
}

void TestBody::decodesQuotedPrintable_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("escapes") << QByteArray("=C3=bc=3D") << QByteArray("\xc3\xbc=");
    QTest::newRow("soft break") << QByteArray("a=\r\nb= \t\r\nc") << QByteArray("abc");
    QTest::newRow("blanks at line ends") << QByteArray("a  \r\nb") << QByteArray("a\r\nb");
    QTest::newRow("bad escape") << QByteArray("a=ZZ b=4") << QByteArray("a=ZZ b=4");
    QTest::newRow("tail") << QByteArray("abc=") << QByteArray("abc");
    QTest::newRow("LF only") << QByteArray("a\nb=\nc\n") << QByteArray("a\nbc\n");
    QTest::newRow("8 bits") << QByteArray("\xfc=FC") << QByteArray("\xfc\xfc");
    QTest::newRow("escape at the end") << QByteArray("x=41") << QByteArray("xA");
}

void TestBody::decodesQuotedPrintable()
{
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, bytes);
    QCOMPARE(decodeQuotedPrintable(data), bytes);
}

void TestBody::readsFoldedTransferEncodings()
{
    for (const char *field : {"Content-Transfer-Encoding:\n base64\n", "Content-Transfer-Encoding: BASE64 (really)\n",
             "content-transfer-encoding:base64;\n"})
        QCOMPARE(parse(withHeader(field, "SGVsbG8=\n")).text, QStringLiteral("Hello"));
}

void TestBody::joinsFlowedLines_data()
{
    QTest::addColumn<QString>("flowed");
    QTest::addColumn<bool>("deleteSpace");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *flowed, bool deleteSpace, const char *text) {
        QTest::newRow(name) << QString::fromUtf8(flowed) << deleteSpace << QString::fromUtf8(text);
    };
    row("paragraph", "one \ntwo \nthree\nfour\n", false, "one two three\nfour\n");
    row("delsp", "\u65e5 \n\u672c\n", true, "\u65e5\u672c\n");
    row("stuffed", " >no quote\n  two\n", false, ">no quote\n two\n");
    row("quotes", "> one \n> two\n>> three \n>> four\nend\n", false, "> one two\n>> three four\nend\n");
    row("quote depth changes", "> one \n>> two\n", false, "> one \n>> two\n");
    row("signature", "text \n-- \nme\n", false, "text \n-- \nme\n");
    row("cut", "one \ntwo ", false, "one two ");
}

void TestBody::joinsFlowedLines()
{
    QFETCH(QString, flowed);
    QFETCH(bool, deleteSpace);
    QFETCH(QString, text);
    QCOMPARE(joinFlowed(flowed, deleteSpace), text);
    const QByteArray type = deleteSpace ? "; delsp=yes" : "";
    const Message message =
        parse(withHeader("Content-Type: text/plain; charset=utf-8; format=flowed" + type + "\n", flowed.toUtf8()));
    while (text.endsWith(u'\n'))
        text.chop(1);
    QCOMPARE(message.text, text);
}

void TestBody::takesUuencodedFilesOutOfTheText()
{
    const QByteArray raw =
        withHeader("", "Before\nbegin 644 hello.txt\n%2&5L;&\\\n`\nend\nAfter\nbegin 755 b.sh\n#86)C\n`\nend\n");
    const Message message = parse(raw);
    QCOMPARE(message.text, QStringLiteral("Before\nAfter"));
    QCOMPARE(names(message.attachments()), QStringList({QStringLiteral("hello.txt"), QStringLiteral("b.sh")}));
    QCOMPARE(partContent(raw, 1), QByteArray("Hello"));
    QCOMPARE(partContent(raw, 2), QByteArray("abc"));
    QVERIFY(message.attachments().at(1).executable);
    QCOMPARE(index(raw).envelope.attachments, 2);
    QCOMPARE(index(raw).words.body.trimmed(), QStringLiteral("Before\nAfter"));
}

void TestBody::readsAWholeBodyInUuencode()
{
    const QByteArray raw =
        withHeader("Content-Type: application/octet-stream; name=h.bin\nContent-Transfer-Encoding: x-uuencode\n",
            "begin 644 h\n%2&5L;&\\\n`\nend\n");
    QCOMPARE(partContent(raw, 0), QByteArray("Hello"));
    QCOMPARE(parse(raw).attachments().size(), 1);
}

void TestBody::leavesProseThatBeginsAlike()
{
    for (const char *prose :
        {"begin 644 things you should know\nwhich is a long list\n", "begin with this\n", "begin 99 x\n"})
        QCOMPARE(parse(withHeader("", prose)).text, QString::fromLatin1(prose).trimmed());
}

void TestBody::opensWinmailDat()
{
    const QByteArray raw =
        withHeader("Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n",
            tnef().toBase64() + "\n");
    const Message message = parse(raw);
    QCOMPARE(message.text, QStringLiteral("The text"));
    QCOMPARE(names(message.attachments()), QStringList{QStringLiteral("Long n\u00e4me.doc")});
    QCOMPARE(partContent(raw, message.attachments().first().index), QByteArray("CONTENT"));
    QCOMPARE(index(raw).envelope.attachments, 1);
}

void TestBody::survivesLyingTnef_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray good = tnef();
    for (qsizetype size = 0; size < good.size(); size += 7)
        QTest::addRow("cut at %lld", static_cast<long long>(size)) << good.first(size);
    QByteArray lying;
    put<quint32>(lying, 0x223e9f78);
    put<quint16>(lying, 1);
    for (const quint32 count : {0xffffffffU, 0x7fffffffU}) {
        QByteArray properties;
        put<quint32>(properties, count);
        put<quint16>(properties, 0x1003);
        put<quint16>(properties, 0x8001);
        properties += QByteArray(20, '\0');
        put<quint32>(properties, 0);
        put<quint32>(properties, count);
        QByteArray bytes = lying;
        putAttribute(bytes, 1, 0x00069003, properties);
        putAttribute(bytes, 2, 0x00069005, properties);
        QTest::addRow("%u properties", count) << bytes;
    }
    put<quint8>(lying, 1);
    put<quint32>(lying, 0x0006800f);
    put<quint32>(lying, 0xffffffffU);
    QTest::newRow("size") << lying;
}

void TestBody::survivesLyingTnef()
{
    QFETCH(QByteArray, bytes);
    QElapsedTimer timer;
    timer.start();
    const TnefContent content = readTnef(bytes);
    QVERIFY(content.files.size() <= 1);
    QVERIFY(timer.elapsed() < 1000);
    // What cannot be opened is still there to be saved.
    const QByteArray raw =
        withHeader("Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n", bytes.toBase64());
    QVERIFY(!parse(raw).parts.isEmpty());
    if (content.files.isEmpty() && content.text.isEmpty())
        QCOMPARE(parse(raw).attachments().size(), 1);
}

void TestBody::listsWhatIsNotShown_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("attachments");
    QTest::addColumn<bool>("shown");
    QTest::newRow("inline text") << QByteArray("Content-Type: text/plain\nContent-Disposition: inline\n") << 0 << true;
    QTest::newRow("attached text") << QByteArray(
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=a.txt\n")
                                   << 1 << false;
    QTest::newRow("named text") << QByteArray("Content-Type: text/plain; name=a.txt\n") << 1 << false;
    QTest::newRow("calendar") << QByteArray("Content-Type: text/calendar\n") << 1 << false;
    QTest::newRow("picture") << QByteArray("Content-Type: image/png\nContent-Disposition: inline\n") << 1 << false;
    QTest::newRow("picture with an id that nobody uses")
        << QByteArray("Content-Type: image/png\nContent-ID: <a@b>\n") << 1 << false;
    QTest::newRow("unknown") << QByteArray("Content-Type: application/x-foo\n") << 1 << false;
    QTest::newRow("signature") << QByteArray("Content-Type: application/pgp-signature; name=s.asc\n") << 1 << false;
    QTest::newRow("message") << QByteArray("Content-Type: message/rfc822\n") << 1 << false;
}

void TestBody::listsWhatIsNotShown()
{
    QFETCH(QByteArray, header);
    QFETCH(int, attachments);
    QFETCH(bool, shown);
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "body") + part("b", header, "OTHER") + "--b--\n");
    const Message message = parse(raw);
    QCOMPARE(message.attachments().size(), attachments);
    QCOMPARE(message.text.contains(QStringLiteral("OTHER")), shown);
    QVERIFY(message.text.startsWith(QStringLiteral("body")));
    QCOMPARE(index(raw).envelope.attachments, attachments);
}

void TestBody::hidesPicturesThatTheHtmlShows()
{
    const QByteArray raw = withHeader("Content-Type: multipart/related; boundary=b\n",
        part("b", "Content-Type: text/html\n", "<img src=\"cid:a%40x\"><img src=logo.png>")
            + part("b", "Content-Type: image/png; name=a.png\nContent-ID: <a@x>\n", "PNG")
            + part("b", "Content-Type: image/png; name=c.png\nContent-ID: <c@x>\n", "PNG")
            + part("b", "Content-Type: image/png; name=logo.png\nContent-Location: logo.png\n", "PNG") + "--b--\n");
    ParseOptions options;
    options.cidPrefix = QStringLiteral("m7");
    const Message message = parse(raw, options);
    QCOMPARE(names(message.attachments()), QStringList{QStringLiteral("c.png")});
    QVERIFY(message.html.contains(QStringLiteral("satchel-cid:m7/2")));
    QVERIFY(message.html.contains(QStringLiteral("satchel-cid:m7/4")));
    QCOMPARE(index(raw).envelope.attachments, 1);
}

void TestBody::showsPicturesThatWereFetched()
{
    const QByteArray raw = withHeader("Content-Type: text/html\n", "<img src=https://a.example/1.png>");
    QCOMPARE(parse(raw).remoteImages, QStringList{QStringLiteral("https://a.example/1.png")});
    ParseOptions options;
    options.cidPrefix = QStringLiteral("m7");
    options.fetchedImages = {{"https://a.example/1.png", 5000}};
    const Message message = parse(raw, options);
    QVERIFY(message.html.contains(QStringLiteral("satchel-cid:m7/5000")));
    QCOMPARE(message.blockedRemote, 0);
}

void TestBody::showsTheBestAlternativeAndKeepsThePlainOne()
{
    const Message message = parse(withHeader("Content-Type: multipart/alternative; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "plain words") + part("b", "Content-Type: text/x-amp-html\n", "<amp>")
            + part("b", "Content-Type: text/html\n", "<p>rich words</p>")
            + part("b", "Content-Type: text/calendar; name=i.ics\n", "BEGIN") + "--b--\n"));
    QCOMPARE(message.text, QStringLiteral("plain words"));
    QVERIFY(message.html.contains(QStringLiteral("rich words")));
    QVERIFY(!message.html.contains(QStringLiteral("plain words")));
    QCOMPARE(names(message.attachments()), QStringList{QStringLiteral("i.ics")});
}

void TestBody::showsAllTextsOfAMixedMessage()
{
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/html\n", "<p>one</p>") + part("b", "Content-Type: image/png; name=p.png\n", "PNG")
            + part("b", "Content-Type: text/plain\n", "<two>") + "--b--\n"));
    QCOMPARE(message.text, QStringLiteral("one\n\n<two>"));
    QVERIFY(message.html.contains(QStringLiteral("<p>one</p>")));
    QVERIFY(message.html.contains(QStringLiteral("&lt;two&gt;")));
}

void TestBody::readsHtmlOnlyMessagesAsText()
{
    const QByteArray raw = withHeader("Content-Type: text/html\n", "<style>p{}</style><p>Hi <b>you</b></p><p>bye</p>");
    QCOMPARE(parse(raw).text, QStringLiteral("Hi you\n\nbye"));
    QCOMPARE(index(raw).words.body, QStringLiteral("Hi you\n\nbye"));
    QCOMPARE(index(raw).envelope.preview, QStringLiteral("Hi you bye"));
}

void TestBody::neverLoadsExternalBodies()
{
    const Message message =
        parse(withHeader("Content-Type: message/external-body; access-type=URL; URL=\"http://evil.example/\"\n",
            "Content-Type: text/html\n\n<b>x\n"));
    QVERIFY(!message.html.contains(QStringLiteral("evil")));
    QCOMPARE(message.attachments().size(), 1);
}

void TestBody::marksProgramsAmongAttachments()
{
    const Message message = parse(withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "", "x") + part("b", "Content-Type: application/pdf; name=\"invoice.pdf.exe\"\n", "MZ")
            + part("b", "Content-Type: application/x-msdownload; name=\"a\"\n", "MZ")
            + part("b", "Content-Type: application/pdf; name=\"fine.pdf\"\n", "PDF") + "--b--\n"));
    const QList<Part> parts = message.attachments();
    QCOMPARE(parts.size(), 3);
    QVERIFY(parts.at(0).executable);
    QVERIFY(parts.at(1).executable);
    QVERIFY(!parts.at(2).executable);
}

void TestBody::estimatesSizes()
{
    const QByteArray content(100000, 'x');
    QByteArray lines;
    const QByteArray encoded = content.toBase64();
    for (qsizetype i = 0; i < encoded.size(); i += 76)
        lines += encoded.mid(i, 76) + "\n";
    const Message message =
        parse(withHeader("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n", lines));
    QVERIFY(qAbs(message.parts.first().size - content.size()) < 100);
}

void TestBody::indexesWhatAPersonReads()
{
    const QByteArray raw =
        crlf("From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>\nTo: Ann <ann@example.org>\nCc: bob@example.org\n"
             "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\nDate: Fri, 1 Mar 2024 10:00:00 +0100\n"
             "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
             "Sch=C3=B6ne\n\n  Tage\n");
    const Indexed indexed = index(raw);
    QCOMPARE(indexed.envelope.from.name, QStringLiteral("J\u00fcrgen"));
    QCOMPARE(indexed.envelope.to.size(), 2);
    QCOMPARE(indexed.envelope.subject, QStringLiteral("Gr\u00fc\u00dfe"));
    QCOMPARE(indexed.envelope.date.toString(Qt::ISODate), QStringLiteral("2024-03-01T09:00:00Z"));
    QCOMPARE(indexed.envelope.preview, QStringLiteral("Sch\u00f6ne Tage"));
    QCOMPARE(indexed.envelope.attachments, 0);
    QCOMPARE(indexed.words.from, QStringLiteral("J\u00fcrgen j@example.org"));
    QCOMPARE(indexed.words.recipients, QStringLiteral("Ann ann@example.org bob@example.org"));
    QVERIFY(indexed.words.body.contains(QStringLiteral("Sch\u00f6ne")));
}

void TestBody::indexesOnlySoMuchOfALongText()
{
    const QByteArray raw = withHeader("", QByteArray("words and more words\n").repeated(1000000));
    QElapsedTimer timer;
    timer.start();
    const Indexed indexed = index(raw);
    QVERIFY(indexed.words.body.size() <= limits::searchText);
    QVERIFY(indexed.words.body.size() > limits::searchText / 2);
    QVERIFY(timer.elapsed() < 1000);
}

void TestBody::indexesFast()
{
    // A big attachment must not be decoded to make a list row.
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "text")
            + part("b", "Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n",
                (QByteArray(76, 'A') + "\n").repeated(400000))
            + "--b--\n");
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 10; ++i)
        QCOMPARE(index(raw).envelope.attachments, 1);
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestBody)
#include "tst_body.moc"
