// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"

#include <QElapsedTimer>
#include <QTest>

using namespace satchel::mime;
using namespace mails;
using namespace Qt::StringLiterals;

namespace {

QByteArray mixed(const QByteArray &parts)
{
    return withHeader("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n", parts + "--m--\n");
}

QByteArray alternative(const QByteArray &parts)
{
    return withHeader("MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=a\n", parts + "--a--\n");
}

} // namespace

/// What a person is shown of a message, and what is searched of it, is all that was written: the cases of row 1, and
/// others of their kind.
class TestShownParts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row1_listWrappedMessage();
    void row1_messagesWithinMessages();
    void row1_attachedAndReturnedMessagesStayAttachments();
    void row1_bodyWithNameAndFooter();
    void row1_alternativeHtmlOnlyRemotePicture();
    void row1_anAlternativeWithNothingToSeeYields_data();
    void row1_anAlternativeWithNothingToSeeYields();
    void row1_mailmanMimeDigest();
    void row1_multipartWholeBase64();
    void row1_multipartsThatAreEncoded_data();
    void row1_multipartsThatAreEncoded();
    void row1_nestedEncodedMultipartsCostLittle();
    void row1_messageThatOnlySaysToBeBase64();
    void row1_alternativeMixedInside();
    void row1_alternativeTwoPlain();
    void row1_theLastFormThatCanBeShown_data();
    void row1_theLastFormThatCanBeShown();
    void row1_theTextOfBothFormsIsKeptApart();
    void row1_headerRunsIntoBoundary();
    void row1_headersThatRunIntoTheirBoundary_data();
    void row1_headersThatRunIntoTheirBoundary();
    void row1_boundaryTrailingText();
    void row1_boundariesWithWordsBehindThem();
    void row1_calendarOnly();
    void row1_invitationsInWords_data();
    void row1_invitationsInWords();
    void row1_anInvitationBesideATextIsAFile();
    void row1_parametersOfEnrichedTextAreNoText();
};

void TestShownParts::row1_listWrappedMessage()
{
    const QByteArray raw = file("list-wrapped-message.eml");
    const Message message = parse(raw);
    QVERIFY(message.text.contains(u"From: Ben Ortega <ben@other.example>\n"_s));
    QVERIFY(message.text.contains(u"Subject: Hedge cutting\n\nWe cut the hedge on Saturday at ten."_s));
    QVERIFY(message.text.indexOf(u"Garden mailing list"_s) > message.text.indexOf(u"Bring gloves"_s));
    QVERIFY(message.attachments().isEmpty());
    const Indexed indexed = index(raw);
    QVERIFY(indexed.words.body.contains(u"We cut the hedge"_s));
    QVERIFY(indexed.words.body.contains(u"Ben Ortega ben@other.example"_s)
        || indexed.words.body.contains(u"Ben Ortega <ben@other.example>"_s));
    QVERIFY(indexed.words.body.contains(u"lists.example/garden"_s));
    QVERIFY(indexed.envelope.preview.startsWith(u"We cut the hedge"_s));
    QCOMPARE(indexed.envelope.attachments, 0);
}

void TestShownParts::row1_messagesWithinMessages()
{
    // Deeper than anybody writes; all of it is there, and the innermost as a file.
    QByteArray inner = "From: deep@example.org\nSubject: Level 0\n\nThe innermost words.\n";
    for (int level = 1; level <= 12; ++level) {
        const QByteArray boundary = "level" + QByteArray::number(level);
        inner = "From: ann@example.org\nSubject: Level " + QByteArray::number(level)
            + "\nContent-Type: multipart/mixed; boundary=" + boundary + "\n\n"
            + part(boundary, "Content-Type: text/plain\n", "Words of level " + QByteArray::number(level) + ".")
            + part(boundary, "Content-Type: message/rfc822\nContent-Disposition: inline\n", inner) + "--" + boundary
            + "--\n";
    }
    const Message message = parse(crlf(inner));
    QVERIFY(message.text.contains(u"Words of level 12."_s));
    QVERIFY(message.text.contains(u"Subject: Level 11\n\nWords of level 11."_s));
    QVERIFY(message.text.contains(u"Words of level 5."_s));
    QCOMPARE(message.attachments().size(), 1);
    QCOMPARE(message.attachments().first().mimeType, QByteArray("message/rfc822"));

    // HTML in one of them brings the page with all the others.
    const Message page = parse(mixed(part("m", "Content-Type: text/plain\n", "Above <all>")
        + part("m", "Content-Type: message/rfc822\n",
            "From: b@example.org\nSubject: <b>\nContent-Type: text/html\n\n<p>In <i>it</i></p>")));
    QVERIFY(page.html.contains(u"Above &lt;all&gt;"_s));
    QVERIFY(page.html.contains(u"<b>Subject:</b> &lt;b&gt;"_s));
    QVERIFY(page.html.contains(u"<i>it</i>"_s));
}

void TestShownParts::row1_attachedAndReturnedMessagesStayAttachments()
{
    const QByteArray letter = "From: b@example.org\nSubject: Old\n\nold words";
    const Message attached = parse(mixed(part("m", "Content-Type: text/plain\n", "See the letter.")
        + part("m", "Content-Type: message/rfc822\nContent-Disposition: attachment; filename=old.eml\n", letter)));
    QCOMPARE(attached.text, u"See the letter."_s);
    QCOMPARE(names(attached.attachments()), QStringList{u"old.eml"_s});

    const QByteArray report = withHeader("Content-Type: multipart/report; report-type=delivery-status; boundary=m\n",
        part("m", "Content-Type: text/plain\n", "It could not be delivered.")
            + part("m", "Content-Type: message/delivery-status\n", "Action: failed")
            + part("m", "Content-Type: message/rfc822\n", letter) + "--m--\n");
    QCOMPARE(parse(report).text, u"It could not be delivered."_s);
    QCOMPARE(parse(report).attachments().size(), 2);
}

void TestShownParts::row1_bodyWithNameAndFooter()
{
    const QByteArray raw = file("body-with-name-and-footer.eml");
    const Message message = parse(raw);
    QVERIFY(message.text.startsWith(u"This is what I wrote to the list"_s));
    QVERIFY(message.text.contains(u"Garden mailing list"_s));
    QVERIFY(message.attachments().isEmpty());
    QVERIFY(index(raw).envelope.preview.startsWith(u"This is what I wrote"_s));

    // HTML with a name, a picture in front of it, and a second text with a name, which is a file.
    const Message html = parse(mixed(part("m", "Content-Type: image/png; name=logo.png\n", "PNG")
        + part("m", "Content-Type: text/html; name=\"mail.html\"\n", "<p>What was written</p>")
        + part("m", "Content-Type: text/plain; name=\"list.txt\"\n", "one\ntwo")));
    QVERIFY(html.text.startsWith(u"What was written"_s));
    QCOMPARE(names(html.attachments()), (QStringList{u"logo.png"_s, u"list.txt"_s}));
    const Message attached =
        parse(mixed(part("m", "Content-Type: text/plain; name=\"a.txt\"\nContent-Disposition: attachment\n", "a file")
            + part("m", "Content-Type: text/plain\n", "the text")));
    QCOMPARE(attached.text, u"the text"_s);
    QCOMPARE(names(attached.attachments()), QStringList{u"a.txt"_s});
    // A kind of text that nobody knows is text.
    QVERIFY(parse(mixed(part("m", "Content-Type: text/x-unknown\n", "strange words")
                      + part("m", "Content-Type: text/plain\n", "a footer")))
            .text.startsWith(u"strange words"_s));
}

void TestShownParts::row1_alternativeHtmlOnlyRemotePicture()
{
    const QByteArray raw = file("alternative-html-only-remote-picture.eml");
    const Message message = parse(raw);
    QVERIFY(message.html.isEmpty());
    QVERIFY(message.text.startsWith(u"Dear members"_s));
    QCOMPARE(message.remoteImages, QStringList{u"https://club.example/feast.jpg"_s});
    QVERIFY(index(raw).words.body.contains(u"summer feast"_s));
    // Once the picture is there, it is what was meant.
    ParseOptions options;
    options.fetchedImages = {{"https://club.example/feast.jpg", 5000}};
    QVERIFY(parse(raw, options).html.contains(u"/5000"_s));
}

void TestShownParts::row1_anAlternativeWithNothingToSeeYields_data()
{
    QTest::addColumn<QByteArray>("html");
    QTest::addColumn<bool>("yields");
    QTest::newRow("remote picture with words for it")
        << QByteArray("<img src=https://a.example/1.jpg alt=\"Feast\">") << true;
    QTest::newRow("tracking pixel") << QByteArray("<img src=https://a.example/t.gif width=1 height=1>") << true;
    QTest::newRow("pixel that came along")
        << QByteArray("<img src=\"data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==\">")
        << true;
    QTest::newRow("hidden text") << QByteArray("<div style=\"display:none\">preheader</div>") << true;
    QTest::newRow("hidden by a sheet") << QByteArray("<style>.p{display:none}</style><p class=p>preheader</p>") << true;
    QTest::newRow("signs that draw nothing") << QByteArray("<p>&nbsp;&zwnj;&#8203;&shy;</p><br>") << true;
    QTest::newRow("nothing") << QByteArray("<html><head><title>x</title></head><body></body></html>") << true;
    QTest::newRow("empty") << QByteArray() << true;
    QTest::newRow("a word") << QByteArray("<p>x</p>") << false;
    QTest::newRow("a face") << QByteArray("<p>&#128512;</p>") << false;
    QTest::newRow("a picture that came along")
        << QByteArray("<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAHgAAAA8CAIAAAAiz+n/\">") << false;
}

void TestShownParts::row1_anAlternativeWithNothingToSeeYields()
{
    QFETCH(QByteArray, html);
    QFETCH(bool, yields);
    const QByteArray raw = alternative(part("a", "Content-Type: text/plain\n", "all is said here")
        + part("a", "Content-Type: text/html; charset=utf-8\n", html));
    const Message message = parse(raw);
    QCOMPARE(message.text, u"all is said here"_s);
    QCOMPARE(message.html.isEmpty(), yields);
    QVERIFY(message.attachments().isEmpty());
    // Where the text says nothing, there is nothing to yield to.
    const Message only = parse(alternative(
        part("a", "Content-Type: text/plain\n", " ") + part("a", "Content-Type: text/html; charset=utf-8\n", html)));
    QVERIFY(!only.html.isEmpty());
}

void TestShownParts::row1_mailmanMimeDigest()
{
    const QByteArray raw = file("mailman-mime-digest.eml");
    const Message message = parse(raw);
    qsizetype at = -1;
    for (const QString &words :
        {u"Send submissions"_s, u"Topics: 1. Apples"_s, u"From: Ute <ute@a.example>"_s, u"Subject: Apples"_s,
            u"says the quokka"_s, u"From: Max <max@a.example>"_s, u"The pears not yet."_s, u"Garden list"_s}) {
        const qsizetype next = message.text.indexOf(words, at + 1);
        QVERIFY2(next > at, qPrintable(words));
        at = next;
    }
    QVERIFY(message.attachments().isEmpty());
    QVERIFY(index(raw).words.body.contains(u"quokka"_s));
    QVERIFY(index(raw).words.body.contains(u"max@a.example"_s));
    QCOMPARE(index(raw).envelope.attachments, 0);
}

void TestShownParts::row1_multipartWholeBase64()
{
    const QByteArray raw = file("multipart-whole-base64.eml");
    const Message message = parse(raw);
    QCOMPARE(message.text, u"Purchase order 4711 is attached."_s);
    QCOMPARE(names(message.attachments()), QStringList{u"po.pdf"_s});
    QVERIFY(partContent(raw, message.attachments().first().index).startsWith("%PDF-1.4"));
    QVERIFY(index(raw).words.body.contains(u"4711"_s));
    QCOMPARE(index(raw).words.attachmentNames, u"po.pdf"_s);
}

void TestShownParts::row1_multipartsThatAreEncoded_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray parts =
        part("edge-x", "Content-Type: text/plain; charset=utf-8\n", "Gr\xc3\xbc\xc3\x9f\x65 = \xc3\xbc")
        + part("edge-x", "Content-Type: application/pdf; name=po.pdf\nContent-Transfer-Encoding: base64\n", "JVBERg==")
        + "--edge-x--\n";
    QByteArray quoted = parts;
    quoted.replace("=", "=3D").replace("\xc3", "=C3").replace("\xbc", "=BC").replace("\x9f", "=9F");
    const auto whole = [](const QByteArray &encoding, const QByteArray &type, const QByteArray &body) {
        return withHeader(
            "MIME-Version: 1.0\nContent-Type: " + type + "\nContent-Transfer-Encoding: " + encoding + "\n", body);
    };
    QTest::newRow("base64") << whole("base64", "multipart/mixed; boundary=edge-x", crlf(parts).toBase64());
    QTest::newRow("quoted-printable") << whole("quoted-printable", "multipart/mixed; boundary=edge-x", quoted);
    QTest::newRow("base64, no boundary named") << whole("base64", "multipart/mixed", crlf(parts).toBase64());
    QTest::newRow("base64 is not true") << whole("base64", "multipart/mixed; boundary=edge-x", parts);
    QTest::newRow("quoted-printable is not true")
        << whole("quoted-printable", "multipart/mixed; boundary=edge-x", parts);
    QTest::newRow("within another") << mixed(
        part("m", "Content-Type: multipart/related; boundary=edge-x\nContent-Transfer-Encoding: base64\n",
            crlf(parts).toBase64()));
    QTest::newRow("in an encoded message") << mixed(
        part("m", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\nContent-Disposition: inline\n",
            crlf("From: b@example.org\nContent-Type: multipart/mixed; boundary=edge-x\n\n" + parts).toBase64()));
}

void TestShownParts::row1_multipartsThatAreEncoded()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QVERIFY2(message.text.endsWith(u"Gr\u00fc\u00dfe = \u00fc"_s), qPrintable(message.text));
    QCOMPARE(names(message.attachments()), QStringList{u"po.pdf"_s});
    QCOMPARE(partContent(raw, message.attachments().first().index), QByteArray("%PDF"));
    // Every part stands behind the one that it is in.
    for (const Part &one : message.parts)
        QVERIFY(one.parent < one.index);
}

void TestShownParts::row1_nestedEncodedMultipartsCostLittle()
{
    QByteArray body = part("b0", "Content-Type: text/plain\n", QByteArray("=3D words ").repeated(20000)) + "--b0--\n";
    for (int level = 1; level < 60; ++level) {
        const QByteArray boundary = "b" + QByteArray::number(level);
        body = part(boundary,
                   "Content-Type: multipart/mixed; boundary=b" + QByteArray::number(level - 1)
                       + "\nContent-Transfer-Encoding: quoted-printable\n",
                   body.replace("=", "=3D"))
            + "--" + boundary + "--\n";
        if (body.size() > 4'000'000)
            break;
    }
    QElapsedTimer timer;
    timer.start();
    const Message message = parse(
        withHeader("Content-Type: multipart/mixed; boundary=b59\nContent-Transfer-Encoding: quoted-printable\n", body));
    QVERIFY(!message.text.isEmpty());
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

void TestShownParts::row1_messageThatOnlySaysToBeBase64()
{
    const Message message = parse(mixed(
        part("m", "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\nContent-Disposition: inline\n",
            "From: b@example.org\nSubject: Plain\n\nreadable words")));
    QVERIFY(message.text.endsWith(u"Subject: Plain\n\nreadable words"_s));
}

void TestShownParts::row1_alternativeMixedInside()
{
    const QByteArray raw = file("alternative-mixed-inside.eml");
    const Message message = parse(raw);
    QVERIFY(message.html.contains(u"<p>Words behind the picture</p>"_s));
    QCOMPARE(message.text, u"Words before the picture\n\nWords behind the picture"_s);
    for (const Part &attached : message.attachments())
        QVERIFY(!attached.mimeType.startsWith("text/"));
    QVERIFY(index(raw).words.body.contains(u"behind"_s));
}

void TestShownParts::row1_alternativeTwoPlain()
{
    const QByteArray raw = file("alternative-two-plain.eml");
    const Message message = parse(raw);
    QCOMPARE(message.text, u"Gr\u00fc\u00dfe aus K\u00f6ln (best form)"_s);
    QVERIFY(message.attachments().isEmpty());
    QVERIFY(index(raw).words.body.contains(u"best form"_s));
    QCOMPARE(index(raw).envelope.attachments, 0);
}

void TestShownParts::row1_theLastFormThatCanBeShown_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<int>("attachments");
    const auto form = [](const char *type, const char *text) {
        return part("a", QByteArray("Content-Type: ") + type + "\n", text);
    };
    QTest::newRow("enriched behind plain")
        << alternative(form("text/plain", "poor") + form("text/enriched", "<bold>rich</bold>")) << u"rich"_s << 0;
    QTest::newRow("unknown behind plain")
        << alternative(form("text/plain", "known") + form("text/x-unknown", "%%odd")) << u"known"_s << 0;
    QTest::newRow("unknown alone") << alternative(form("text/x-unknown", "odd")) << u"odd"_s << 0;
    QTest::newRow("three plain") << alternative(
        form("text/plain", "1") + form("text/plain", "2") + form("text/plain", "3"))
                                 << u"3"_s << 0;
    QTest::newRow("last is blank") << alternative(form("text/plain", "good") + form("text/plain", "  ")) << u"good"_s
                                   << 0;
    QTest::newRow("calendar behind plain")
        << alternative(form("text/plain", "Come!") + form("text/calendar", "BEGIN:VCALENDAR")) << u"Come!"_s << 1;
    QTest::newRow("picture behind plain")
        << alternative(form("text/plain", "words") + form("image/png", "PNG")) << u"words"_s << 1;
    QTest::newRow("a file beside plain") << alternative(
        form("text/plain", "words") + form("text/plain; name=log.txt", "log"))
                                         << u"words"_s << 1;
    QTest::newRow("related in alternative in mixed")
        << mixed(part("m", "Content-Type: multipart/alternative; boundary=a\n",
                     form("text/plain", "plain")
                         + part("a", "Content-Type: multipart/related; boundary=r\n",
                             part("r", "Content-Type: text/html\n", "<p>rich <img src=cid:p></p>")
                                 + part("r", "Content-Type: image/png; name=p.png\nContent-ID: <p>\n", "PNG") + "--r--")
                         + "--a--")
               + part("m", "Content-Type: application/pdf; name=a.pdf\n", "PDF"))
        << u"plain"_s << 1;
    QTest::newRow("alternative in related") << withHeader("Content-Type: multipart/related; boundary=r\n",
        part("r", "Content-Type: multipart/alternative; boundary=a\n",
            form("text/plain", "plain") + form("text/html", "<p>rich <img src=cid:p></p>") + "--a--")
            + part("r", "Content-Type: image/png; name=p.png\nContent-ID: <p>\n", "PNG") + "--r--\n")
                                            << u"plain"_s << 0;
    QTest::newRow("signed text") << withHeader(
        "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; boundary=a\n",
        form("text/plain", "signed words") + form("application/pgp-signature; name=signature.asc", "PGP") + "--a--\n")
                                 << u"signed words"_s << 1;
    QTest::newRow("PGP in the text") << withHeader(
        "Content-Type: text/plain\n", "-----BEGIN PGP SIGNED MESSAGE-----\n\nwords\n")
                                     << u"-----BEGIN PGP SIGNED MESSAGE-----\n\nwords"_s << 0;
}

void TestShownParts::row1_theLastFormThatCanBeShown()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, shown);
    QFETCH(int, attachments);
    const Message message = parse(raw);
    QCOMPARE(message.text, shown);
    QCOMPARE(message.attachments().size(), attachments);
    QCOMPARE(index(raw).words.body.trimmed(), shown);
    QCOMPARE(index(raw).envelope.attachments, attachments);
}

void TestShownParts::row1_theTextOfBothFormsIsKeptApart()
{
    // HTML, a file and HTML again are one form; the plain one beside it says the same.
    const Message message = parse(alternative(part("a", "Content-Type: text/plain\n", "one two")
        + part("a", "Content-Type: multipart/mixed; boundary=m\n",
            part("m", "Content-Type: text/html\n", "<p>one</p>")
                + part("m", "Content-Type: application/pdf; name=f.pdf\n", "PDF")
                + part("m", "Content-Type: text/html\n", "<p>two</p>") + "--m--")));
    QCOMPARE(message.text, u"one two"_s);
    QVERIFY(message.html.contains(u"<p>one</p>"_s));
    QVERIFY(message.html.contains(u"<p>two</p>"_s));
    QCOMPARE(names(message.attachments()), QStringList{u"f.pdf"_s});
}

void TestShownParts::row1_headerRunsIntoBoundary()
{
    const QByteArray raw = file("header-runs-into-boundary.eml");
    const Message message = parse(raw);
    QCOMPARE(message.text, u"Gr\u00fc\u00dfe aus K\u00f6ln."_s);
    QCOMPARE(names(message.attachments()), QStringList{u"plan.bin"_s});
    QCOMPARE(message.subject, u"No blank line before the first boundary"_s);
    QCOMPARE(partContent(raw, message.attachments().first().index), QByteArray("Plan"));
}

void TestShownParts::row1_headersThatRunIntoTheirBoundary_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray parts = part("x", "Content-Type: text/plain\n", "Hello")
        + part("x", "Content-Type: application/pdf; name=f.pdf\n", "PDF") + "--x--\n";
    QTest::newRow("folded") << crlf("From: a@example.org\nContent-Type: multipart/mixed;\n\tboundary=\"x\"\n" + parts);
    QTest::newRow("another field last") << crlf(
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\nX-Last: 1\n" + parts);
    QTest::newRow("bare line feeds") << QByteArray(
        "From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n" + parts);
    QTest::newRow("within another") << mixed("--m\nContent-Type: multipart/related; boundary=x\n" + parts);
    QTest::newRow("in a message") << mixed(
        "--m\nContent-Type: message/rfc822\nContent-Disposition: inline\n\nContent-Type: multipart/mixed; boundary=x\n"
        + parts);
    QTest::newRow("with words behind it")
        << crlf("From: a@example.org\nContent-Type: multipart/mixed; boundary=x\n--x (1)\n" + parts.sliced(4));
}

void TestShownParts::row1_headersThatRunIntoTheirBoundary()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QVERIFY2(message.text.endsWith(u"Hello"_s), qPrintable(message.text));
    QVERIFY(names(message.attachments()).contains(u"f.pdf"_s));
}

void TestShownParts::row1_boundaryTrailingText()
{
    const QByteArray raw = file("boundary-trailing-text.eml");
    const Message message = parse(raw);
    QCOMPARE(message.text, u"Hello Bo"_s);
    QCOMPARE(names(message.attachments()), QStringList{u"plan.bin"_s});
    QCOMPARE(partContent(raw, message.attachments().first().index), QByteArray("Plan"));
}

void TestShownParts::row1_boundariesWithWordsBehindThem()
{
    // The exact one is meant where there is one: "m" holds "m 2".
    const Message nested = parse(mixed(part("m", "Content-Type: multipart/mixed; boundary=\"m 2\"\n",
                                           part("m 2", "Content-Type: text/plain\n", "inner") + "--m 2--")
        + part("m", "Content-Type: text/plain\n", "outer")));
    QCOMPARE(nested.text, u"inner\n\nouter"_s);
    QCOMPARE(nested.parts.size(), 4);
    // Behind a tab; and a longer boundary is another one still.
    const Message tab = parse(mixed(
        "--m\tfirst\nContent-Type: text/plain\n\nHello\n--mm\nmore\n--m\tsecond\nContent-Type: image/png\n\nPNG\n"));
    QCOMPARE(tab.text, u"Hello\n--mm\nmore"_s);
    QCOMPARE(tab.attachments().size(), 1);
    // Nothing that follows the closing line with words is of the last part.
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; boundary=m\n",
        part("m", "Content-Type: text/plain\n", "Hello") + "--m-- end\nnoise of a gateway\n");
    QCOMPARE(parse(raw).text, u"Hello"_s);
}

void TestShownParts::row1_calendarOnly()
{
    const QByteArray raw = file("calendar-only.eml");
    const Message message = parse(raw);
    QVERIFY2(message.text.startsWith(u"Invitation: Elternabend\nWhen: "_s), qPrintable(message.text));
    QVERIFY(message.text.contains(u"28"_s) && message.text.contains(u"2025"_s)
        && message.text.contains(u"Europe/Berlin"_s));
    QVERIFY(message.text.contains(u"Where: Schule, Raum 12\n"_s));
    QVERIFY(message.text.contains(u"Anna <anna@mail.example>"_s));
    QVERIFY(message.text.contains(u"Bitte kommen.\nTagesordnung folgt. Link: https://meet.example/abc"_s));
    QVERIFY(!message.text.contains(u"BEGIN:VCALENDAR"_s));
    QCOMPARE(message.attachments().size(), 1);
    QCOMPARE(message.attachments().first().mimeType, QByteArray("text/calendar"));
    QVERIFY(partContent(raw, message.attachments().first().index).startsWith("BEGIN:VCALENDAR"));
    const Indexed indexed = index(raw);
    QVERIFY(indexed.words.body.contains(u"Elternabend"_s));
    QVERIFY(indexed.envelope.preview.startsWith(u"Invitation: Elternabend"_s));
    QCOMPARE(indexed.envelope.attachments, 1);
}

void TestShownParts::row1_invitationsInWords_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("entry");
    QTest::addColumn<QStringList>("words");
    const QByteArray event = "BEGIN:VEVENT\nSUMMARY:Choir\n";
    const QByteArray calendar = "text/calendar";
    QTest::newRow("cancelled") << calendar << "METHOD:CANCEL\n" + event + "DTSTART:20251128T130000Z\nEND:VEVENT\n"
                               << QStringList{u"Cancelled: Choir"_s};
    QTest::newRow("method of the part") << QByteArray("text/calendar; method=CANCEL")
                                        << event + "DTSTART:20251128T130000Z\nEND:VEVENT\n"
                                        << QStringList{u"Cancelled: Choir"_s};
    QTest::newRow("accepted") << calendar
                              << "METHOD:REPLY\n" + event
            + "ATTENDEE;PARTSTAT=ACCEPTED;CN=Ben:mailto:ben@example.org\nDTSTART:20251128T130000Z\nEND:VEVENT\n"
                              << QStringList{u"Ben <ben@example.org> accepts: Choir"_s};
    QTest::newRow("declined") << calendar
                              << "METHOD:REPLY\n" + event
            + "ATTENDEE;PARTSTAT=DECLINED:mailto:ben@example.org\nEND:VEVENT\n"
                              << QStringList{u"ben@example.org declines: Choir"_s};
    QTest::newRow("every week") << calendar
                                << event
            + "DTSTART;TZID=\"W. Europe Standard Time\":20251128T140000\nRRULE:FREQ=WEEKLY;BYDAY=FR\nEND:VEVENT\n"
                                << QStringList{u"Event: Choir"_s, u"This repeats every week."_s, u"(Europe/Berlin)"_s};
    QTest::newRow("every second month") << calendar
                                        << event
            + "DTSTART:20251128T140000\nRRULE:FREQ=MONTHLY;INTERVAL=2\nEND:VEVENT\n"
                                        << QStringList{u"This repeats."_s};
    QTest::newRow("all day") << calendar
                             << event + "DTSTART;VALUE=DATE:20251128\nDTEND;VALUE=DATE:20251129\nEND:VEVENT\n"
                             << QStringList{u", all day"_s};
    QTest::newRow("unknown zone") << calendar << event + "DTSTART;TZID=Somewhere:20251128T140000\nEND:VEVENT\n"
                                  << QStringList{u"(Somewhere)"_s};
    QTest::newRow("an alarm is none of it")
        << calendar
        << event + "BEGIN:VALARM\nDESCRIPTION:Reminder\nEND:VALARM\nDESCRIPTION:Bring\\, the\\nscore\nEND:VEVENT\n"
        << QStringList{u"Bring, the\nscore"_s};
    QTest::newRow("by its file type") << QByteArray("application/ics; name=invite.ics") << event + "END:VEVENT\n"
                                      << QStringList{u"Event: Choir"_s};
    QTest::newRow("nothing in it") << calendar << QByteArray("METHOD:REQUEST\n") << QStringList{u"BEGIN:VCALENDAR"_s};
}

void TestShownParts::row1_invitationsInWords()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, entry);
    QFETCH(QStringList, words);
    const Message message = parse(withHeader("MIME-Version: 1.0\nContent-Type: " + type + "\n",
        "BEGIN:VCALENDAR\nVERSION:2.0\n" + entry + "END:VCALENDAR\n"));
    for (const QString &word : std::as_const(words))
        QVERIFY2(message.text.contains(word), qPrintable(message.text));
    QVERIFY(!message.text.contains(u"Reminder"_s));
    QCOMPARE(message.attachments().size(), 1);
}

void TestShownParts::row1_anInvitationBesideATextIsAFile()
{
    const QByteArray invitation = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Choir\nEND:VEVENT\nEND:VCALENDAR";
    const Message message = parse(mixed(part("m", "Content-Type: text/plain\n", "Please come.")
        + part("m", "Content-Type: text/calendar; name=choir.ics\n", invitation)));
    QCOMPARE(message.text, u"Please come."_s);
    QCOMPARE(names(message.attachments()), QStringList{u"choir.ics"_s});
    // But where the text says nothing, the invitation is what there is to read.
    const Message blank = parse(
        mixed(part("m", "Content-Type: text/plain\n", "") + part("m", "Content-Type: text/calendar\n", invitation)));
    QVERIFY(blank.text.contains(u"Event: Choir"_s));
    QCOMPARE(blank.attachments().size(), 1);
}

void TestShownParts::row1_parametersOfEnrichedTextAreNoText()
{
    const Message message = parse(withHeader(
        "Content-Type: text/enriched\n", "<bold>Now</bold> is <color><param>red</param>the</color> time, a << b"));
    QCOMPARE(message.text, u"Now is the time, a < b"_s);
    QElapsedTimer timer;
    timer.start();
    static_cast<void>(parse(withHeader("Content-Type: text/enriched\n", QByteArray("< ").repeated(2'000'000))));
    QVERIFY(timer.elapsed() < 5000);
}

QTEST_GUILESS_MAIN(TestShownParts)
#include "tst_shownparts.moc"
