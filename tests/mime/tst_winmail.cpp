// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/compressedrtf.h"
#include "mime/rtftext.h"
#include "mime/tnef.h"

#include <QElapsedTimer>
#include <QTest>
#include <QtEndian>

using namespace satchel::mime;
using namespace mails;
using namespace Qt::StringLiterals;

namespace {

template <class Number>
QByteArray le(Number number)
{
    const Number little = qToLittleEndian(number);
    return {reinterpret_cast<const char *>(&little), sizeof little};
}

QByteArray attribute(quint8 level, quint32 id, const QByteArray &value)
{
    return le(level) + le(id) + le(static_cast<quint32>(value.size())) + value + le<quint16>(0);
}

QByteArray binary(quint16 id, quint16 type, QByteArray value)
{
    const auto size = static_cast<quint32>(value.size());
    value += QByteArray((4 - value.size() % 4) % 4, '\0');
    return le(type) + le(id) + le<quint32>(1) + le(size) + value;
}

QByteArray number(quint16 id, quint32 value)
{
    return le<quint16>(3) + le(id) + le(value);
}

QByteArray properties(const QList<QByteArray> &list)
{
    return le(static_cast<quint32>(list.size())) + list.join();
}

QByteArray stream(const QByteArray &attributes)
{
    return le<quint32>(0x223e9f78) + le<quint16>(1) + attributes;
}

QByteArray stored(const QByteArray &rtf)
{
    return le(static_cast<quint32>(rtf.size() + 12)) + le(static_cast<quint32>(rtf.size())) + "MELA" + le<quint32>(0)
        + rtf;
}

QByteArray withRtf(const QByteArray &rtf)
{
    return stream(attribute(1, 0x00069003, properties({binary(0x1009, 0x0102, stored(rtf))})));
}

QByteArray enclosing(const QByteArray &inner, const QByteArray &name)
{
    const QByteArray object = QByteArray::fromHex("0703020000000000c000000000000046") + inner;
    return attribute(2, 0x00069002, QByteArray(14, '\0')) + attribute(2, 0x0006800f, "only a stand-in")
        + attribute(2, 0x00069005, properties({binary(0x3001, 0x001e, name + '\0'), binary(0x3701, 0x000d, object)}));
}

QByteArray mail(const QByteArray &tnef)
{
    return withHeader(
        "MIME-Version: 1.0\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n",
        tnef.toBase64() + "\n");
}

} // namespace

/// What Outlook packs into winmail.dat: text in RTF, other code pages, messages within.
class TestWinmail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row1_tnefRtfOnly();
    void row1_tnefEnclosedMessage();
    void row1_tnefHtmlCodepage();
    void row1_unpacksRtf_data();
    void row1_unpacksRtf();
    void row1_damagedRtfIsTheLastResort();
    void row1_readsRtf_data();
    void row1_readsRtf();
    void row1_takesTheHtmlOutOfRtf();
    void row1_hostileRtfCostsLittle();
    void row1_messagesWithinMessagesInWinmail();
    void row1_enclosedMessagesKeepWhoAndWhen();
    void row1_theSameTextIsShownOnce();
};

void TestWinmail::row1_tnefRtfOnly()
{
    const QByteArray raw = file("tnef-rtf-only.eml");
    const Message message = parse(raw);
    QCOMPARE(message.text.trimmed(), u"Only here are these words."_s);
    QVERIFY(message.attachments().isEmpty());
    QVERIFY(index(raw).words.body.contains(u"these words"_s));
}

void TestWinmail::row1_tnefEnclosedMessage()
{
    const QByteArray raw = file("tnef-enclosed-message.eml");
    const Message message = parse(raw);
    QVERIFY(message.text.startsWith(u"Hello Bo\n"_s));
    QVERIFY(message.text.contains(u"Subject: Older letter\n\nWords of the enclosed message."_s));
    QCOMPARE(names(message.attachments()), (QStringList{u"Older letter.eml"_s, u"list.txt"_s}));
    const QByteArray letter = partContent(raw, message.attachments().first().index);
    QVERIFY(parse(letter).text.contains(u"Words of the enclosed message."_s));
    QCOMPARE(names(parse(letter).attachments()), QStringList{u"list.txt"_s});
    QCOMPARE(partContent(raw, message.attachments().last().index).trimmed(), QByteArray("one,two,three"));
    QVERIFY(index(raw).words.body.contains(u"enclosed message"_s));
    QVERIFY(index(raw).words.attachmentNames.contains(u"list.txt"_s));
}

void TestWinmail::row1_tnefHtmlCodepage()
{
    const QByteArray raw = file("tnef-html-codepage.eml");
    QVERIFY(parse(raw).html.contains(u"\u041f\u0440\u0438\u0432\u0435\u0442"_s));
    QVERIFY(index(raw).words.body.contains(u"\u0410\u043d\u043d\u0430"_s));
    // Without a code page of its own it is that of the message; one that UTF-8 is told of is UTF-8.
    const QByteArray html = "<p>\xcf\xf0\xe8\xe2\xe5\xf2</p>";
    const QByteArray oem = stream(attribute(1, 0x00069007, le<quint32>(1251) + le<quint32>(0))
        + attribute(1, 0x00069003, properties({binary(0x1013, 0x0102, html)})));
    QVERIFY(parse(mail(oem)).html.contains(u"\u041f\u0440\u0438\u0432\u0435\u0442"_s));
    const QByteArray utf8 = stream(attribute(1, 0x00069003,
        properties({binary(0x1013, 0x0102, QString(u"<p>\u041f\u0440\u0438</p>"_s).toUtf8()), number(0x3fde, 65001)})));
    QVERIFY(parse(mail(utf8)).html.contains(u"\u041f\u0440\u0438"_s));
    const QByteArray japanese = stream(
        attribute(1, 0x00069003, properties({number(0x3fde, 932), binary(0x1013, 0x0102, "<p>\x93\xfa\x96\x7b</p>")})));
    QVERIFY(parse(mail(japanese)).html.contains(u"\u65e5\u672c"_s));
}

void TestWinmail::row1_unpacksRtf_data()
{
    QTest::addColumn<QByteArray>("packed");
    QTest::addColumn<QByteArray>("rtf");
    // Both examples of MS-OXRTFCP.
    QTest::newRow("hello world") << QByteArray::fromHex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af320"
        "68656c090020627705b06c647d0a800fa0")
                                 << QByteArray("{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
    QTest::newRow("into itself") << QByteArray::fromHex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
                                 << QByteArray("{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
    QTest::newRow("stored") << stored("{\\rtf1 x}") << QByteArray("{\\rtf1 x}");
    QTest::newRow("lengths that lie") << le<quint32>(0xffffffffU) + le<quint32>(0xffffffffU) + "MELA" + le<quint32>(0)
            + "{\\rtf1 x}" << QByteArray("{\\rtf1 x}");
    QTest::newRow("too short") << QByteArray("\x01\x02") << QByteArray();
    QTest::newRow("unknown") << QByteArray(40, 'x') << QByteArray();
}

void TestWinmail::row1_unpacksRtf()
{
    QFETCH(QByteArray, packed);
    QFETCH(QByteArray, rtf);
    const DecompressedRtf unpacked = decompressRtf(packed);
    QCOMPARE(unpacked.bytes, rtf);
    QCOMPARE(unpacked.intact, !rtf.isEmpty());
    for (qsizetype size = 0; size < packed.size(); ++size)
        QVERIFY(decompressRtf(packed.first(size)).bytes.size() <= 1000);
}

void TestWinmail::row1_damagedRtfIsTheLastResort()
{
    QByteArray packed = QByteArray::fromHex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0");
    packed[12] = 'x'; // the checksum
    QVERIFY(!decompressRtf(packed).intact);
    const QByteArray property = binary(0x1009, 0x0102, packed);
    QCOMPARE(parse(mail(stream(attribute(1, 0x00069003, properties({property}))))).text.trimmed(), u"hello world"_s);
    const QByteArray both =
        stream(attribute(1, 0x0002800c, "The plain text.") + attribute(1, 0x00069003, properties({property})));
    QCOMPARE(parse(mail(both)).text.trimmed(), u"The plain text."_s);
}

void TestWinmail::row1_readsRtf_data()
{
    QTest::addColumn<QByteArray>("rtf");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QByteArray &rtf, const QString &text) {
        QTest::newRow(name) << rtf << text;
    };
    row("paragraphs", "{\\rtf1 one\\par two\\line three\\tab four}", u"one\ntwo\nthree\tfour"_s);
    row("line ends of the source", "{\\rtf1 on\r\ne\r\n\\par\r\ntwo}", u"one\ntwo"_s);
    row("code page", "{\\rtf1\\ansi\\ansicpg1251 \\'cf\\'f0\\'e8}", u"\u041f\u0440\u0438"_s);
    row("letters of two bytes", "{\\rtf1\\ansi\\ansicpg932 \\'93\\'fa\\'96{}\\'7b}{", u"\u65e5"_s);
    row("font of another code page",
        "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}}\\f0 \\'e4 \\f1 \\'cf}",
        u"\u00e4 \u041f"_s);
    row("unicode", "{\\rtf1\\uc1 \\u1055?\\u-10179?\\u-8704?}", u"\u041f\U0001f600"_s);
    row("unicode with two stand-ins", "{\\rtf1{\\uc2 \\u8364\\'80\\'80}x\\u228?y}", u"\u20acx\u00e4y"_s);
    row("escapes", "{\\rtf1 \\{a\\}\\\\b\\~c\\_d\\-e}", u"{a}\\b\u00a0c\u2011de"_s);
    row("what is not text",
        "{\\rtf1{\\stylesheet{\\s0 Normal;}}{\\info{\\author Ann}}{\\*\\generator Riched20}{\\colortbl;\\red0;}text"
        "{\\pict\\bin6 a}b}c}{\\object x}}",
        u"text"_s);
    row("a link", "{\\rtf1{\\field{\\*\\fldinst HYPERLINK \"http://a.example\"}{\\fldrslt the page}}}", u"the page"_s);
    row("zeros behind it", QByteArray("{\\rtf1 text}\0\0\0", 15), u"text"_s);
    row("cut off", "{\\rtf1 tex", u"tex"_s);
    row("no rtf", "plain", QString());
}

void TestWinmail::row1_readsRtf()
{
    QFETCH(QByteArray, rtf);
    QFETCH(QString, text);
    const RtfContent content = readRtf(rtf);
    QVERIFY(content.html.isEmpty());
    if (QByteArray(QTest::currentDataTag()) == "letters of two bytes")
        QVERIFY(content.text.startsWith(text));
    else
        QCOMPARE(content.text.trimmed(), text);
}

void TestWinmail::row1_takesTheHtmlOutOfRtf()
{
    const QByteArray rtf =
        "{\\rtf1\\ansi\\ansicpg1251\\fromhtml1 \\deff0{\\fonttbl{\\f0 Arial;}}{\\*\\htmltag19 <html>}"
        "{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 \\'cf\\'f0\\'e8 a{\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0 b"
        "\\htmlrtf\\par}\\htmlrtf0\r\n{\\*\\htmltag72 </p>}{\\*\\mhtmltag72 <no>}{\\*\\htmltag84 <br>}\\htmlrtf "
        "\\line\\htmlrtf0"
        "{\\*\\htmltag27 </html>}}";
    const RtfContent content = readRtf(rtf);
    QCOMPARE(content.html, u"<html><p>\u041f\u0440\u0438 a&lt;b</p><br></html>"_s);
    const Message message = parse(mail(withRtf(rtf)));
    QVERIFY(message.html.contains(u"\u041f\u0440\u0438 a&lt;b"_s));
    QCOMPARE(message.text, u"\u041f\u0440\u0438 a<b"_s);
    QVERIFY(index(mail(withRtf(rtf))).words.body.contains(u"\u041f\u0440\u0438"_s));
    // What was plain text before is that again.
    QCOMPARE(readRtf("{\\rtf1\\ansi\\fromtext \\pard a <b>\\par c}").text, u"a <b>\nc"_s);
}

void TestWinmail::row1_hostileRtfCostsLittle()
{
    QElapsedTimer timer;
    timer.start();
    static_cast<void>(readRtf("{\\rtf1" + QByteArray(4'000'000, '{')));
    static_cast<void>(readRtf("{\\rtf1" + QByteArray("\\f1 x").repeated(1'000'000)));
    static_cast<void>(readRtf("{\\rtf1\\bin2147483647 " + QByteArray(1000, 'x')));
    static_cast<void>(readRtf("{\\rtf1\\u99999999999999999999 \\'g\\'"));
    static_cast<void>(readRtf("{\\rtf1" + QByteArray("}").repeated(1000)));
    // 2 bytes that stand for 17, on and on.
    QByteArray packed = "MELA";
    packed = le<quint32>(0x7fffffffU) + le<quint32>(0x7fffffffU) + "LZFu" + le<quint32>(0)
        + QByteArray("\xff\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f\x00\x0f", 17).repeated(500'000);
    QVERIFY(decompressRtf(packed).bytes.size() <= 20 * 1024 * 1024);
    QVERIFY2(timer.elapsed() < 8000, qPrintable(QString::number(timer.elapsed())));
}

void TestWinmail::row1_messagesWithinMessagesInWinmail()
{
    QByteArray inner = attribute(1, 0x0002800c, "The innermost words.");
    for (int level = 1; level <= 20; ++level)
        inner = attribute(1, 0x0002800c, "Words of level " + QByteArray::number(level))
            + enclosing(stream(inner), "Letter");
    QElapsedTimer timer;
    timer.start();
    const Message message = parse(mail(stream(inner)));
    QVERIFY(message.text.contains(u"Words of level 20"_s));
    QVERIFY(message.text.contains(u"Words of level 15"_s));
    QVERIFY(timer.elapsed() < 5000);
    for (qsizetype size = 0; size < 400; ++size)
        QVERIFY(!parse(mail(stream(inner).first(size))).parts.isEmpty());
}

void TestWinmail::row1_enclosedMessagesKeepWhoAndWhen()
{
    const QByteArray inner =
        stream(attribute(1, 0x00069003,
                   properties({binary(0x0037, 0x001e, "Gr\xfc\xdf\x65\0"), binary(0x0c1a, 0x001e, "J\xfcrgen\0"),
                       binary(0x5d01, 0x001e, QByteArray("juergen@example.org\0", 20)), binary(0x0e04, 0x001e, "Ann\0"),
                       binary(0x1000, 0x001e, "The words.\0")}))
            + attribute(1, 0x00038005,
                le<quint16>(2024) + le<quint16>(3) + le<quint16>(1) + le<quint16>(10) + le<quint16>(0) + le<quint16>(0)
                    + le<quint16>(5)));
    const QByteArray raw = mail(stream(attribute(1, 0x0002800c, "Outside.") + enclosing(inner, "x")));
    const Message message = parse(raw);
    const QList<Part> parts = message.attachments();
    QCOMPARE(parts.size(), 1);
    const Message letter = parse(partContent(raw, parts.first().index));
    QCOMPARE(letter.subject, u"Gr\u00fc\u00dfe"_s);
    QCOMPARE(letter.from.value(0).name, u"J\u00fcrgen"_s);
    QCOMPARE(letter.from.value(0).address, u"juergen@example.org"_s);
    QCOMPARE(letter.date.toUTC().toString(Qt::ISODate), u"2024-03-01T10:00:00Z"_s);
    QCOMPARE(letter.text, u"The words."_s);
    QVERIFY(message.text.contains(u"J\u00fcrgen <juergen@example.org>"_s));
}

void TestWinmail::row1_theSameTextIsShownOnce()
{
    const auto both = [](const QByteArray &rtf) {
        return withHeader("Content-Type: multipart/mixed; boundary=m\n",
            part("m", "Content-Type: text/plain\n", "The offer for\nthe attic window.")
                + part("m", "Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n",
                    withRtf(rtf).toBase64())
                + "--m--\n");
    };
    const QByteArray same = both("{\\rtf1 The offer for the attic window.\\par}");
    QCOMPARE(parse(same).text, u"The offer for\nthe attic window."_s);
    QVERIFY(!index(same).words.body.trimmed().contains(u"window.\nThe"_s));
    QVERIFY(parse(both("{\\rtf1 Another text.}")).text.endsWith(u"Another text."_s));
}

QTEST_GUILESS_MAIN(TestWinmail)
#include "tst_winmail.moc"
