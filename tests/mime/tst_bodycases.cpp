// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/charset.h"
#include "mime/contentfields.h"
#include "mime/encodedword.h"
#include "mime/filename.h"
#include "mime/transferdecoder.h"

#include <QTest>

using namespace satchel;
using namespace satchel::mime;
using namespace mails;

namespace {

QByteArray utf16(const QString &text, bool littleEndian)
{
    QByteArray bytes;
    for (const QChar c : text) {
        const char high = static_cast<char>(c.unicode() >> 8);
        const char low = static_cast<char>(c.unicode() & 0xff);
        bytes += littleEndian ? low : high;
        bytes += littleEndian ? high : low;
    }
    return bytes;
}

} // namespace

/// What a message holds: attachments that two places told differently, characters that draw nothing, decoders that gave
/// up early; each with its neighbours.
class TestBodyCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row5_theListAndThePageAgreeOnAttachments_data();
    void row5_theListAndThePageAgreeOnAttachments();
    void row5_joinersStayWhereTheyJoin_data();
    void row5_joinersStayWhereTheyJoin();
    void row5_aCutLeavesNoJoinerBehind();
    void row5_subjectsNamesAndPreviewsKeepTheirJoiners();
    void row6_anEncodedMultipartKeepsItsHeader_data();
    void row6_anEncodedMultipartKeepsItsHeader();
    void row6_decodersThatGaveUpEarly_data();
    void row6_decodersThatGaveUpEarly();
    void row6_foreignCharactersInBase64CountForNothing_data();
    void row6_foreignCharactersInBase64CountForNothing();
    void row6_whatFollowsBase64IsStillText_data();
    void row6_whatFollowsBase64IsStillText();
    void row6_twoReturnsAndALineFeedAreOneBreak_data();
    void row6_twoReturnsAndALineFeedAreOneBreak();
    void row6_utf16WithoutAMark_data();
    void row6_utf16WithoutAMark();
    void row6_parametersWithoutSemicolons_data();
    void row6_parametersWithoutSemicolons();
    void row6_blanksInTypes_data();
    void row6_blanksInTypes();
    void row6_theEndingFollowsFromTheType_data();
    void row6_theEndingFollowsFromTheType();
    void row6_filesWithoutEndingsAreNamed();
};

void TestBodyCases::row5_theListAndThePageAgreeOnAttachments_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QStringList>("files");
    const QStringList photo{QStringLiteral("photo.png")};
    QTest::newRow("paperclip-apple-attachment-tag.eml") << file("paperclip-apple-attachment-tag.eml") << photo;
    QTest::newRow("paperclip-cid-in-comment.eml") << file("paperclip-cid-in-comment.eml") << photo;
    const auto row = [](const char *name, const QByteArray &html, const QByteArray &fields, const QStringList &files) {
        QTest::newRow(name) << withHeader("Content-Type: multipart/related; boundary=b\n",
            part("b", "Content-Type: text/html; charset=utf-8\n", html)
                + part("b", fields + "Content-Transfer-Encoding: base64\n", "iVBORw0KGgo=") + "--b--\n")
                            << files;
    };
    const QByteArray png = "Content-Type: image/png; name=photo.png\nContent-ID: <Ph1@x>\n";
    const QByteArray inlined = png + "Content-Disposition: inline; filename=photo.png\n";
    row("shown", "<p>a<img src=\"cid:Ph1@x\"></p>", png, {});
    row("shown, inline with a name", "<p>a<img src=\"cid:Ph1@x\"></p>", inlined, {});
    row("other cases", "<p>a<img src=\"CID:ph1@X\"></p>", png, {});
    row("percent-encoded", "<p>a<img src=\"cid:Ph1%40x\"></p>", png, {});
    row("between brackets", "<p>a<img src=\"cid:%3CPh1@x%3E\"></p>", png, {});
    row("the part is percent-encoded", "<p>a<img src=\"cid:a%40b\"></p>",
        "Content-Type: image/png; name=photo.png\nContent-ID: <a%40b>\n", {});
    row("in a script", "<p>a</p><script>show('cid:Ph1@x')</script>", png, photo);
    row("in words", "<p>a cid:Ph1@x</p>", png, photo);
    row("in a link", "<p><a href=\"cid:Ph1@x\">a</a></p>", png, photo);
    row("in an attribute nobody reads", "<p data-src=\"cid:Ph1@x\">a</p>", png, photo);
    row("its beginning alone", "<p>a<img src=\"cid:Ph1@xyz\"></p>", png, photo);
    row("inline, not named", "<p>a</p>", inlined, photo);
    row("a document cannot be drawn", "<p>a<img src=\"cid:Ph1@x\"></p>",
        "Content-Type: application/pdf; name=plan.pdf\nContent-ID: <Ph1@x>\n", {QStringLiteral("plan.pdf")});
    row("a picture called some bytes", "<p>a<img src=\"cid:Ph1@x\"></p>",
        "Content-Type: application/octet-stream; name=photo.png\nContent-ID: <Ph1@x>\n", {});
    row("by its location", "<p>a<img src=\"photo.png\"></p>",
        "Content-Type: image/png; name=photo.png\nContent-Location: photo.png\n", {});
    row("its location in words", "<p>a photo.png</p>",
        "Content-Type: image/png; name=photo.png\nContent-Location: photo.png\n", photo);
    QTest::newRow("a signature") << withHeader("Content-Type: multipart/signed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "a")
            + part("b", "Content-Type: application/pgp-signature; name=signature.asc\n", "x") + "--b--\n")
                                 << QStringList{QStringLiteral("signature.asc")};
    QTest::newRow("an S/MIME signature") << withHeader("Content-Type: multipart/signed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "a")
            + part("b", "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\n", "x") + "--b--\n")
                                         << QStringList{QStringLiteral("smime.p7s")};
    QTest::newRow("an invitation") << withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "a")
            + part("b", "Content-Type: text/calendar; name=\"meeting\"\n", "BEGIN:VCALENDAR\nEND:VCALENDAR")
            + "--b--\n") << QStringList{QStringLiteral("meeting.ics")};
    QTest::newRow("what winmail.dat holds") << file("winmail.eml") << names(parse(file("winmail.eml")).attachments());
}

void TestBodyCases::row5_theListAndThePageAgreeOnAttachments()
{
    QFETCH(QByteArray, raw);
    QFETCH(QStringList, files);
    const Indexed indexed = index(raw);
    QStringList shown = names(parse(raw).attachments());
    shown.sort();
    QCOMPARE(shown, files);
    QCOMPARE(indexed.envelope.attachments, int(files.size()));
    QCOMPARE(indexed.words.attachmentNames, files.join(u'\n'));
}

void TestBodyCases::row5_joinersStayWhereTheyJoin_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char *name, const char16_t *text, const char16_t *shown) {
        QTest::newRow(name) << QString(text) << QString(shown);
    };
    row("a family", u"\U0001F468\u200D\U0001F469\u200D\U0001F467", u"\U0001F468\u200D\U0001F469\u200D\U0001F467");
    row("a flag of colours", u"\U0001F3F3\uFE0F\u200D\U0001F308", u"\U0001F3F3\uFE0F\u200D\U0001F308");
    row("a skin and a trade", u"\U0001F469\U0001F3FD\u200D\U0001F4BB", u"\U0001F469\U0001F3FD\u200D\U0001F4BB");
    row("Persian", u"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
        u"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645");
    row("Devanagari", u"\u0915\u094D\u200D\u0937", u"\u0915\u094D\u200D\u0937");
    row("a flag of tags", u"\U0001F3F4\U000E0067\U000E0062\U000E007F", u"\U0001F3F4\U000E0067\U000E0062\U000E007F");
    row("tags alone", u"a\U000E0067\U000E0062b", u"ab");
    row("between Latin letters", u"pay\u200Dp\u200Cal", u"paypal");
    row("at the end of a word", u"\u0645\u06CC\u200C \u062E", u"\u0645\u06CC \u062E");
    row("doubled", u"\u0645\u200C\u200C\u062E", u"\u0645\u200C\u062E");
    row("between signs of the keyboard", u"^\u200D`", u"^`");
    row("a soft hyphen", u"Rech\u00ADnung", u"Rechnung");
    row("marks of direction", u"\u202Eabc\u202C \u2067\u0645\u200F\u2069", u"abc \u0645");
    row("nothing at all", u"a\u200Bb\uFEFFc\u2060d\u034Fe", u"abcde");
    row("the filling of newsletters", u"a\u034F\u200C\u034F\u200C \u034F\u200C b", u"a b");
}

void TestBodyCases::row5_joinersStayWhereTheyJoin()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(presentable(text), shown);
}

void TestBodyCases::row5_aCutLeavesNoJoinerBehind()
{
    const QString text = QStringLiteral(u"\u0645\u200C\u062E \U0001F468\u200D\U0001F469");
    QCOMPARE(presentable(text, 2), QStringLiteral(u"\u0645\u2026"));
    QCOMPARE(presentable(text, 3), QStringLiteral(u"\u0645\u200C\u062E\u2026"));
    QCOMPARE(presentable(text, 7), QStringLiteral(u"\u0645\u200C\u062E \U0001F468\u2026"));
    QCOMPARE(presentable(text, 8), QStringLiteral(u"\u0645\u200C\u062E \U0001F468\u2026"));
    QCOMPARE(presentable(text, 9), text);
}

void TestBodyCases::row5_subjectsNamesAndPreviewsKeepTheirJoiners()
{
    const QByteArray raw = file("subject-joiners.eml");
    const QString family = QStringLiteral(u"\U0001F468\u200D\U0001F469\u200D\U0001F467");
    const QString persian = QStringLiteral(u"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645");
    const Message message = parse(raw);
    const Indexed indexed = index(raw);
    QCOMPARE(indexed.envelope.subject, message.subject);
    QVERIFY(message.subject.contains(family) && message.subject.contains(persian));
    QVERIFY(message.subject.contains(QStringLiteral(u"\U0001F3F3\uFE0F\u200D\U0001F308 \u0915\u094D\u200D\u0937")));
    QCOMPARE(
        message.from.value(0).name, QStringLiteral(u"\u0639\u0644\u06CC \u200C\u0631\u0636\u0627").remove(u'\u200C'));
    QVERIFY(indexed.envelope.preview.contains(family) && indexed.envelope.preview.contains(persian));
}

void TestBodyCases::row6_anEncodedMultipartKeepsItsHeader_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("from the first byte") << QByteArray();
    QTest::newRow("behind a mark") << QByteArray("\xef\xbb\xbf");
    QTest::newRow("behind a blank line") << QByteArray("\r\n");
}

void TestBodyCases::row6_anEncodedMultipartKeepsItsHeader()
{
    QFETCH(QByteArray, before);
    const QByteArray body = "--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b--\r\n";
    const QByteArray raw = before
        + "Subject: encoded\r\nFrom: bo@mail.example\r\nMIME-Version: 1.0\r\n"
          "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + body.toBase64() + "\r\n";
    const Indexed indexed = index(raw);
    QCOMPARE(indexed.envelope.subject, QStringLiteral("encoded"));
    QCOMPARE(indexed.envelope.from.address, QStringLiteral("bo@mail.example"));
    QCOMPARE(indexed.envelope.preview, QStringLiteral("Hello"));
    QCOMPARE(parse(raw).subject, QStringLiteral("encoded"));
}

void TestBodyCases::row6_decodersThatGaveUpEarly_data()
{
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *text) { QTest::newRow(name) << QString::fromUtf8(text); };
    row("base64-blanks-inside.eml",
        "The first line stands here.\nThe second line stands here.\nThe third line stands here.");
    row("qp-0d-before-line-end.eml", "Hallo,\ndanke für die Bestellung.\nSie kommt morgen.\nGruß");
    row("utf16-without-mark.eml", "Grüße");
    row("missing-semicolon-charset.eml", "Zażółć gęślą jaźń, to jest ciąg dalszy.");
    row("type-blanks.eml", "Hello Bo");
}

void TestBodyCases::row6_decodersThatGaveUpEarly()
{
    QFETCH(QString, text);
    const QByteArray raw = file(QTest::currentDataTag());
    QCOMPARE(parse(raw).text, text);
    QCOMPARE(index(raw).words.body.trimmed(), text);
}

void TestBodyCases::row6_foreignCharactersInBase64CountForNothing_data()
{
    QTest::addColumn<QByteArray>("data");
    const QByteArray good = QByteArray("The first line stands here. And more of it follows in this one.").toBase64();
    const auto spread = [&](const QByteArray &between, qsizetype every) {
        QByteArray data;
        for (qsizetype i = 0; i < good.size(); i += every)
            data += good.mid(i, every) + between;
        return data;
    };
    QTest::newRow("blanks after four") << spread(" ", 4);
    QTest::newRow("blanks after three") << spread(" ", 3);
    QTest::newRow("tabs after eight") << spread("\t", 8);
    QTest::newRow("lines with blanks at both ends") << spread(" \r\n ", 8);
    QTest::newRow("lines of words") << spread(" ", 8).insert(45, "\r\n");
    QTest::newRow("exclamation marks") << spread("!\r\n", 16);
    QTest::newRow("letters of eight bits") << spread("\xa0", 12);
    QTest::newRow("every sign that is none") << spread("*", 4).insert(20, "#%&");
}

void TestBodyCases::row6_foreignCharactersInBase64CountForNothing()
{
    QFETCH(QByteArray, data);
    const Decoded decoded = decodeBase64(data);
    QCOMPARE(decoded.bytes, QByteArray("The first line stands here. And more of it follows in this one."));
    QCOMPARE(decoded.tail, QByteArray());
}

void TestBodyCases::row6_whatFollowsBase64IsStillText_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("tail");
    const auto row = [](const char *name, const char *data, const char *bytes, const char *tail) {
        QTest::newRow(name) << QByteArray(data) << QByteArray(bytes) << QByteArray(tail);
    };
    row("words behind whole data", "SGVsbG8h\nThis is the list of all\n", "Hello!", "This is the list of all\n");
    row("an address", "SGVsbG8h\nhttps://lists.example/x\n", "Hello!", "https://lists.example/x\n");
    row("a word behind padding", "SGVsbG8=\nMailingliste\n", "Hello", "Mailingliste\n");
    row("a piece behind padding", "SGVsbG8=\nIHlv dQ==\n", "Hello you", "");
    row("pieces in one line", "SGVsbG8=IHlvdQ==", "Hello you", "");
    row("three pieces", "SGVsbG8=\nLA==\nIHlvdQ==", "Hello, you", "");
}

void TestBodyCases::row6_whatFollowsBase64IsStillText()
{
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, tail);
    const Decoded decoded = decodeBase64(data);
    QCOMPARE(decoded.bytes, bytes);
    QCOMPARE(decoded.tail, tail);
}

void TestBodyCases::row6_twoReturnsAndALineFeedAreOneBreak_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray head = "From: a@b.example\r\nSubject: x\r\nContent-Transfer-Encoding: ";
    QTest::newRow("8bit") << head + "8bit\r\n\r\none\r\r\ntwo\r\r\n\r\r\nthree\r\r\n";
    QTest::newRow("quoted-printable, written") << head + "quoted-printable\r\n\r\none\r\r\ntwo\r\r\n\r\r\nthree";
    QTest::newRow("quoted-printable, encoded") << head + "quoted-printable\r\n\r\none=0D\r\ntwo=0D\r\n=0D\r\nthree=0D";
    QTest::newRow("quoted-printable, three") << head + "quoted-printable\r\n\r\none=0D=0D=0Atwo=0D=0D=0A=0D=0D=0Athree";
    QTest::newRow("base64") << head + "base64\r\n\r\n" + QByteArray("one\r\r\ntwo\r\r\n\r\r\nthree\r\r\n").toBase64();
    QTest::newRow("the whole message")
        << QByteArray("From: a@b.example\nSubject: x\n\none\ntwo\n\nthree\n").replace("\n", "\r\r\n");
}

void TestBodyCases::row6_twoReturnsAndALineFeedAreOneBreak()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QCOMPARE(message.text, QStringLiteral("one\ntwo\n\nthree"));
    QCOMPARE(message.subject, QStringLiteral("x"));
    QCOMPARE(message.from.value(0).address, QStringLiteral("a@b.example"));
}

void TestBodyCases::row6_utf16WithoutAMark_data()
{
    QTest::addColumn<QByteArray>("charset");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("text");
    const QString latin = QStringLiteral("Gr\u00f6\u00dfe 5");
    const QString chinese = QStringLiteral("\u4f60\u597d\u4e16\u754c");
    const QByteArray mark = utf16(QStringLiteral(u"\ufeff"), true);
    QTest::newRow("big-endian") << QByteArray("utf-16") << utf16(latin, false) << latin;
    QTest::newRow("of Windows") << QByteArray("utf-16") << utf16(latin, true) << latin;
    QTest::newRow("little-endian by its mark") << QByteArray("UTF-16") << mark + utf16(latin, true) << latin;
    QTest::newRow("little-endian by its name") << QByteArray("utf-16le") << utf16(latin, true) << latin;
    QTest::newRow("no zeros: by the rule") << QByteArray("utf-16") << utf16(chinese, false) << chinese;
    QTest::newRow("ucs-2") << QByteArray("iso-10646-ucs-2") << utf16(latin, false) << latin;
    QTest::newRow("not UTF-16 at all") << QByteArray("utf-16") << QByteArray("plain words")
                                       << QStringLiteral("plain words");
}

void TestBodyCases::row6_utf16WithoutAMark()
{
    QFETCH(QByteArray, charset);
    QFETCH(QByteArray, bytes);
    QFETCH(QString, text);
    CharsetClues clues;
    clues.declared = charset;
    QCOMPARE(decodeText(bytes, clues), text);
}

void TestBodyCases::row6_parametersWithoutSemicolons_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("value");
    const auto row = [](const char *field, const char *name, const char *value) {
        QTest::addRow("%s: %s", field, name) << QByteArray(field) << QByteArray(name) << QByteArray(value);
    };
    row("text/plain; charset=iso-8859-2 format=flowed", "charset", "iso-8859-2");
    row("text/plain; charset=iso-8859-2 format=flowed", "format", "flowed");
    row("text/plain; charset=utf-8, format=flowed; delsp=yes", "charset", "utf-8");
    row("text/plain; charset=utf-8, format=flowed; delsp=yes", "format", "flowed");
    row("text/plain charset=utf-8", "charset", "utf-8");
    row("text/plain; charset=\"utf-8\" format=\"flowed\"", "format", "flowed");
    row("multipart/mixed; boundary=a_b=c charset=utf-8", "boundary", "a_b=c");
    row("attachment; filename=My big plan.pdf size=3", "filename", "My big plan.pdf");
    row("attachment; filename=My big plan.pdf size=3", "size", "3");
    row("attachment; filename=a b=c d.pdf", "filename", "a b=c d.pdf");
    row("application/pdf; name=Plan charset=x.pdf", "name", "Plan");
    row("text/plain; charset = utf-8 format = flowed", "charset", "utf-8");
}

void TestBodyCases::row6_parametersWithoutSemicolons()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, value);
    QCOMPARE(ParametrizedField(field).bytes(name), value);
}

void TestBodyCases::row6_blanksInTypes_data()
{
    QTest::addColumn<QByteArray>("type");
    const auto row = [](const char *field, const char *type) { QTest::newRow(field) << QByteArray(type); };
    row("text / html; charset=utf-8", "text/html");
    row("text/ html", "text/html");
    row("text /html", "text/html");
    row("text\t/\thtml;charset=utf-8", "text/html");
    row("text (what) / (comes) html (now); charset=utf-8", "text/html");
    row("multipart / mixed; boundary=b", "multipart/mixed");
    row("TEXT / HTML", "text/html");
    row("text/html charset=utf-8", "text/html");
    row("text/html, charset=utf-8", "text/html");
    row("attachment; filename=a/b", "attachment");
    row("text", "text");
    row("", "");
}

void TestBodyCases::row6_blanksInTypes()
{
    QFETCH(QByteArray, type);
    QCOMPARE(ParametrizedField(QByteArray(QTest::currentDataTag())).value(), type);
}

void TestBodyCases::row6_theEndingFollowsFromTheType_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QString>("named");
    const auto row = [](const char *name, const char *type, const char *named) {
        QTest::addRow("%s %s", name, type) << QByteArray(type) << QString::fromUtf8(named);
    };
    const char *pdf = "application/pdf";
    row("Rechnung 2025", pdf, "Rechnung 2025.pdf");
    row("Brief 3.12", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Brief 3.12.docx");
    row("v1.2 notes", pdf, "v1.2 notes.pdf");
    row("Dr.Meier", pdf, "Dr.Meier.pdf");
    row("Rechnung shop.com", pdf, "Rechnung shop.com.pdf");
    row("Stand 24.11.2025", "image/jpeg", "Stand 24.11.2025.jpg");
    row("Plan.", pdf, "Plan.pdf");
    row("notes", "text/plain", "notes.txt");
    row("meeting", "text/calendar", "meeting.ics");
    row("Rechnung.pdf", pdf, "Rechnung.pdf");
    row("Rechnung.PDF", pdf, "Rechnung.PDF");
    row("photo.jpeg", "image/jpeg", "photo.jpeg");
    row("photo.png", "image/jpeg", "photo.png");
    row("run.exe", pdf, "run.exe");
    row("list.conf", "text/plain", "list.conf");
    row("archive.tar.gz", "application/gzip", "archive.tar.gz");
    row("anything", "application/octet-stream", "anything");
    row("anything", "x-no/such", "anything");
    row("", pdf, "");
}

void TestBodyCases::row6_theEndingFollowsFromTheType()
{
    QFETCH(QByteArray, type);
    QFETCH(QString, named);
    const QString name = QString::fromLatin1(QTest::currentDataTag()).chopped(type.size() + 1);
    QCOMPARE(namedByType(name, type), named);
    QCOMPARE(namedByType(named, type), named);
}

void TestBodyCases::row6_filesWithoutEndingsAreNamed()
{
    const QByteArray raw = file("attachment-names-without-ending.eml");
    QCOMPARE(names(parse(raw).attachments()),
        QStringList({QStringLiteral("Rechnung 2025.pdf"), QString(), QStringLiteral("Brief 3.12.docx")}));
    QCOMPARE(index(raw).words.attachmentNames, QStringLiteral("Brief 3.12.docx\nRechnung 2025.pdf"));
    const Message wide = parse(file("utf16-without-mark.eml"));
    QCOMPARE(names(wide.attachments()), QStringList{QStringLiteral("plan.pdf")});
}

QTEST_GUILESS_MAIN(TestBodyCases)
#include "tst_bodycases.moc"
