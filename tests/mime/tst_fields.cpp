// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/address.h"
#include "mime/contentfields.h"
#include "mime/date.h"
#include "mime/encodedword.h"
#include "mime/headerguard.h"
#include "mime/limits.h"

#include <QElapsedTimer>
#include <QTest>

using namespace satchel;
using namespace satchel::mime;
using namespace mails;

/// The fields of the header (mime.md, points 4 to 8 and 12, and the guard before KMime).
class TestFields : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsAddresses_data();
    void readsAddresses();
    void showsTheRealAddressOfASpoofedSender();
    void warnsOfSeveralSenders_data();
    void warnsOfSeveralSenders();
    void warnsWhenAReplyGoesElsewhere();
    void stripsCharactersThatDeceive();
    void decodesEncodedWords_data();
    void decodesEncodedWords();
    void decodesRawHeaders_data();
    void decodesRawHeaders();
    void readsFileNames_data();
    void readsFileNames();
    void readsDates_data();
    void readsDates();
    void fallsBackToReceivedForTheDate();
    void keepsTheSendersOffset();
    void Q55_readsWhereAMessageWasDelivered_data();
    void Q55_readsWhereAMessageWasDelivered();
    void Q55_findsAMessageByTheAddressItWasDeliveredTo();
    void readsReferencesInOrder();
    void survivesControlCharactersInHeaders_data();
    void survivesControlCharactersInHeaders();
    void survivesFloods_data();
    void survivesFloods();
};

void TestFields::readsAddresses_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QStringList>("mailboxes"); // "name|address"
    const auto row = [](const char *name, const char *value, QStringList mailboxes) {
        QTest::newRow(name) << QByteArray(value) << mailboxes;
    };
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    row("name and address", "Ann Smith <ann@example.org>", {s("Ann Smith|ann@example.org")});
    row("address only", "ann@example.org", {s("|ann@example.org")});
    row("angle only", "<ann@example.org>", {s("|ann@example.org")});
    row("comment", "ann@example.org (Ann Smith)", {s("Ann Smith|ann@example.org")});
    row("quoted", "\"Smith, Ann\" <ann@example.org>, bob@example.org",
        {s("Smith, Ann|ann@example.org"), s("|bob@example.org")});
    row("escaped quotes", "\"Ann \\\"A\\\" Smith\" <ann@example.org>", {s("Ann \"A\" Smith|ann@example.org")});
    row("without domain", "root (Cron Daemon)", {s("Cron Daemon|root")});
    row("without domain in angles", "Cron Daemon <root>", {s("Cron Daemon|root")});
    row("a word", "MAILER-DAEMON", {s("|MAILER-DAEMON")});
    row("a name only", "Ann Smith", {s("Ann Smith|")});
    row("group", "Friends: ann@example.org, Bob <bob@example.org>;", {s("|ann@example.org"), s("Bob|bob@example.org")});
    row("empty group", "undisclosed-recipients:;", {s("undisclosed-recipients|")});
    row("group and more", "A: a@example.org; , b@example.org", {s("|a@example.org"), s("|b@example.org")});
    row("route", "<@relay.example,@other.example:ann@example.org>", {s("|ann@example.org")});
    row("unquoted address as name", "potus@whitehouse.gov <attacker@evil.example>",
        {s("potus@whitehouse.gov|attacker@evil.example")});
    row("two without comma", "a@example.org b@example.org", {s("|a@example.org"), s("|b@example.org")});
    row("two angles", "Ann <a@example.org> <b@example.org>", {s("Ann|a@example.org"), s("|b@example.org")});
    row("quoted local part", "\"john doe\"@example.org", {s("|\"johndoe\"@example.org")});
    row("dots in the name", "John Q. Public <jq@example.org>", {s("John Q. Public|jq@example.org")});
    row("unclosed angle", "Ann <ann@example.org", {s("Ann|ann@example.org")});
    row("unclosed quote", "\"Ann <ann@example.org>", {s("\"Ann|ann@example.org")});
    row("apostrophes", "'Ann' <ann@example.org>", {s("Ann|ann@example.org")});
    row("empty items", ",, a@example.org,,", {s("|a@example.org")});
    row("encoded", "=?utf-8?Q?J=C3=BCrgen?= <j@example.org>", {s("J\u00fcrgen|j@example.org")});
    row("encoded in quotes", "\"=?utf-8?Q?J=C3=BCrgen?=\" <j@example.org>", {s("J\u00fcrgen|j@example.org")});
    row("encoded comma", "=?utf-8?Q?Smith=2C_Ann?= <a@example.org>, b@example.org",
        {s("Smith, Ann|a@example.org"), s("|b@example.org")});
    row("cut character", "=?utf-8?B?SsO?= =?utf-8?B?vHJnZW4=?= <j@example.org>", {s("J\u00fcrgen|j@example.org")});
    row("raw utf-8", "J\xc3\xbcrgen <j@example.org>", {s("J\u00fcrgen|j@example.org")});
    row("raw latin-1", "J\xfcrgen <j@example.org>", {s("J\u00fcrgen|j@example.org")});
    row("international", "ann@ex\xc3\xa4mple.org", {s("|ann@ex\u00e4mple.org")});
    row("nothing", "", {});
    row("only blanks and commas", " , ", {});
}

void TestFields::readsAddresses()
{
    QFETCH(QByteArray, value);
    QFETCH(QStringList, mailboxes);
    QStringList read;
    const QList<Mailbox> list = readAddresses(value, {}, 100);
    for (const Mailbox &mailbox : list)
        read.append(mailbox.name + u'|' + mailbox.address);
    QCOMPARE(read, mailboxes);
}

void TestFields::showsTheRealAddressOfASpoofedSender()
{
    for (const char *from :
        {"potus@whitehouse.gov <attacker@evil.example>", "\"potus@whitehouse.gov\" <attacker@evil.example>"}) {
        const Message message = parse("From: " + QByteArray(from) + "\r\n\r\nx");
        QCOMPARE(message.from.size(), 1);
        QCOMPARE(message.from.first().address, QStringLiteral("attacker@evil.example"));
        QVERIFY(message.warnings.contains(Warning::SenderNameHoldsAddress));
        QVERIFY(!message.warnings.contains(Warning::SeveralSenders));
    }
    QVERIFY(
        !parse("From: \"a@example.org\" <a@example.org>\r\n\r\nx").warnings.contains(Warning::SenderNameHoldsAddress));
}

void TestFields::warnsOfSeveralSenders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("two fields") << QByteArray("From: a@example.org\nFrom: b@example.org\n");
    QTest::newRow("two mailboxes") << QByteArray("From: a@example.org, b@example.org\n");
}

void TestFields::warnsOfSeveralSenders()
{
    QFETCH(QByteArray, header);
    const Message message = parse(crlf(header + "\nx"));
    QCOMPARE(message.from.size(), 2);
    QVERIFY(message.warnings.contains(Warning::SeveralSenders));
}

void TestFields::warnsWhenAReplyGoesElsewhere()
{
    QVERIFY(
        parse("From: a@bank.example\nReply-To: a@evil.example\n\nx").warnings.contains(Warning::ReplyToOtherDomain));
    QVERIFY(
        !parse("From: a@bank.example\nReply-To: b@BANK.example\n\nx").warnings.contains(Warning::ReplyToOtherDomain));
}

void TestFields::stripsCharactersThatDeceive()
{
    const Message message = parse(QByteArray("From: =?utf-8?Q?An=00n=0D=0A_X=E2=80=AE_Y=E2=80=8B?= <a@example.org>\r\n"
                                             "Subject: =?utf-8?Q?a=0D=0ABcc:_x=E2=81=A6=00b?=\r\n\r\nx"));
    QCOMPARE(message.from.value(0).name, QStringLiteral("An n X Y"));
    QCOMPARE(message.subject, QStringLiteral("a Bcc: x b"));
}

void TestFields::decodesEncodedWords_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *value, const char *text) {
        QTest::newRow(name) << QByteArray(value) << QString::fromUtf8(text);
    };
    row("q", "=?iso-8859-1?Q?Gr=FC=DFe_an_alle?=", "Gr\u00fc\u00dfe an alle");
    row("b", "=?UTF-8?B?R3LDvMOfZQ==?=", "Gr\u00fc\u00dfe");
    row("two words", "=?utf-8?Q?a?= =?utf-8?Q?b?= c", "ab c");
    row("folded", "=?utf-8?Q?a?=\t =?utf-8?Q?b?=", "ab");
    row("cut character", "=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Gr\u00fc\u00dfe");
    row("cut character in base64", "=?utf-8?B?R3LD?= =?utf-8?B?vMOfZQ==?=", "Gr\u00fc\u00dfe");
    row("two charsets", "=?utf-8?Q?=C3=BC?= =?iso-8859-2?Q?=B1?=", "\u00fc\u0105");
    row("unknown charset", "=?x-no-such?Q?hello?=", "hello");
    row("unknown charset, 8 bits", "=?x-no-such?Q?Gr=C3=BC=C3=9Fe?=", "Gr\u00fc\u00dfe");
    row("language", "=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Gr\u00fc\u00dfe");
    row("in the middle of a word", "a=?utf-8?Q?b?=c", "abc");
    row("blanks inside", "=?utf-8?Q?a b?=", "a b");
    row("no end", "=?utf-8?Q?abc", "=?utf-8?Q?abc");
    row("no encoded word", "a =? b ?=", "a =? b ?=");
    row("question mark inside",
        "=?utf-8?Q?Why?"
        "?=",
        "Why?");
    row("iso-2022-jp", "=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\u65e5\u672c");
    row("gb2312 for gbk", "=?gb2312?B?xOO6w4Y=?=", "\u4f60\u597d\ufffd");
    row("wrong padding", "=?utf-8?B?YWI?=", "ab");
    row("latin-1 is windows-1252", "=?iso-8859-1?Q?=80_=93x=94?=", "\u20ac \u201cx\u201d");
}

void TestFields::decodesEncodedWords()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, text);
    if (text.endsWith(QChar(QChar::ReplacementCharacter)))
        QVERIFY(decodeWords(value).startsWith(text.chopped(1)));
    else
        QCOMPARE(decodeWords(value), text);
}

void TestFields::decodesRawHeaders_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("subject");
    QTest::newRow("utf-8") << QByteArray("Subject: Gr\xc3\xbc\xc3\x9f\x65\n\nx") << QStringLiteral("Gr\u00fc\u00dfe");
    QTest::newRow("by the body") << QByteArray(
        "Subject: \xcf\xf0\xe8\xe2\xe5\xf2\nContent-Type: text/plain; charset=windows-1251\n\nx")
                                 << QStringLiteral("\u041f\u0440\u0438\u0432\u0435\u0442");
    QTest::newRow("by a part") << QByteArray(
        "Subject: \xcf\xf0\xe8\xe2\xe5\xf2\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        "Content-Type: text/html; charset=windows-1251\n\nx\n--b--\n")
                               << QStringLiteral("\u041f\u0440\u0438\u0432\u0435\u0442");
    QTest::newRow("windows-1252") << QByteArray("Subject: \x93Gr\xfc\xdf\x65\x94\n\nx")
                                  << QStringLiteral("\u201cGr\u00fc\u00dfe\u201d");
    QTest::newRow("utf-8 although the body says latin-1")
        << QByteArray("Subject: Gr\xc3\xbc\xc3\x9f\x65\nContent-Type: text/plain; charset=iso-8859-1\n\nx")
        << QStringLiteral("Gr\u00fc\u00dfe");
}

void TestFields::decodesRawHeaders()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, subject);
    QCOMPARE(parse(raw).subject, subject);
    QCOMPARE(index(raw).envelope.subject, subject);
}

void TestFields::readsFileNames_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QString>("name");
    const auto row = [](const char *name, const char *fields, const char *fileName) {
        QTest::newRow(name) << QByteArray(fields) << QString::fromUtf8(fileName);
    };
    const char *pdf = "Content-Type: application/pdf";
    const auto with = [&](const char *rest) { return QByteArray(pdf) + rest; };
    row("disposition", with("\nContent-Disposition: attachment; filename=\"a b.pdf\"\n"), "a b.pdf");
    row("type", with("; name=a.pdf\n"), "a.pdf");
    row("both", with("; name=b.pdf\nContent-Disposition: attachment; filename=a.pdf\n"), "a.pdf");
    row("unquoted blanks", with("\nContent-Disposition: attachment; filename=My big report.pdf; size=3\n"),
        "My big report.pdf");
    row("rfc 2231", with("\nContent-Disposition: attachment; filename*=utf-8'de'Gr%C3%BC%C3%9Fe.pdf\n"),
        "Gr\u00fc\u00dfe.pdf");
    row("rfc 2231 empty charset", with("\nContent-Disposition: attachment; filename*=''Gr%C3%BC%C3%9Fe.pdf\n"),
        "Gr\u00fc\u00dfe.pdf");
    row("rfc 2231 parts",
        with("\nContent-Disposition: attachment; filename*0*=utf-8''Gr%C3%BC;\n filename*1*=%C3%9Fe;\n "
             "filename*2=\".pdf\"\n"),
        "Gr\u00fc\u00dfe.pdf");
    row("rfc 2231 parts out of order", with("\nContent-Disposition: attachment; filename*1=b.pdf; filename*0=a\n"),
        "ab.pdf");
    row("rfc 2231 wins", with("\nContent-Disposition: attachment; filename=\"x.pdf\"; filename*=utf-8''%C3%BC.pdf\n"),
        "\u00fc.pdf");
    row("encoded word", with("; name=\"=?utf-8?Q?Gr=C3=BC=C3=9Fe.pdf?=\"\n"), "Gr\u00fc\u00dfe.pdf");
    row("encoded words in parts", with("; name=\"=?utf-8?Q?Gr=C3=BC?=\n =?utf-8?Q?=C3=9Fe.pdf?=\"\n"),
        "Gr\u00fc\u00dfe.pdf");
    row("raw utf-8", with("; name=\"Gr\xc3\xbc\xc3\x9f\x65.pdf\"\n"), "Gr\u00fc\u00dfe.pdf");
    row("raw latin-1", with("; name=\"Gr\xfc\xdf\x65.pdf\"\n"), "Gr\u00fc\u00dfe.pdf");
    row("path", with("; name=\"C:\\\\temp\\\\a.pdf\"\n"), "a.pdf");
    row("windows path unescaped", with("; name=\"C:\\temp\\a.pdf\"\n"), "a.pdf");
    row("semicolon inside", with("; name=\"a;b.pdf\"\n"), "a;b.pdf");
}

void TestFields::readsFileNames()
{
    QFETCH(QByteArray, fields);
    QFETCH(QString, name);
    const QByteArray raw = withHeader("Content-Type: multipart/mixed; boundary=b\n",
        part("b", "Content-Type: text/plain\n", "x") + part("b", fields, "PDF") + "--b--\n");
    QCOMPARE(names(parse(raw).attachments()), QStringList{name});
    QCOMPARE(index(raw).words.attachmentNames, name);
}

void TestFields::readsDates_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("utc");
    const auto row = [](const char *value, const char *utc) {
        QTest::newRow(value) << QByteArray(value) << QString::fromLatin1(utc);
    };
    row("Fri, 1 Mar 2024 10:00:00 +0100", "2024-03-01T09:00:00Z");
    row("1 Mar 2024 10:00 +0100", "2024-03-01T09:00:00Z");
    row("Fri, 01 Mar 2024 10:00:00 GMT", "2024-03-01T10:00:00Z");
    row("Fri, 1 Mar 2024 10:00:00 EST", "2024-03-01T15:00:00Z");
    row("Fri, 1 Mar 2024 10:00:00 PDT (Pacific)", "2024-03-01T17:00:00Z");
    row("Fri, 1 Mar 2024 10:00:00 CEST", "2024-03-01T08:00:00Z");
    row("Fri, 1 Mar 2024 10:00:00 MEZ", "2024-03-01T09:00:00Z");
    row("Fri Mar  1 10:00:00 2024", "2024-03-01T10:00:00Z");
    row("Fri Mar  1 10:00:00 EST 2024", "2024-03-01T15:00:00Z");
    row("1 Mar 99 10:00:00 +0000", "1999-03-01T10:00:00Z");
    row("1 Mar 05 10:00:00 +0000", "2005-03-01T10:00:00Z");
    row("1 Mar 104 10:00:00 +0000", "2004-03-01T10:00:00Z");
    row("2024-03-01T10:00:00+01:00", "2024-03-01T09:00:00Z");
    row("2024-03-01T10:00:00Z", "2024-03-01T10:00:00Z");
    row("2024-03-01 10:00:00 +0100", "2024-03-01T09:00:00Z");
    row("2024-03-01 10:00", "2024-03-01T10:00:00Z");
    row("2024/03/01 10:00:00", "2024-03-01T10:00:00Z");
    row("Fr, 1 M\xc3\xa4r 2024 10:00:00 +0100", "2024-03-01T09:00:00Z");
    row("Mo, 06 Mai 2024 10:00:00 +0200", "2024-05-06T08:00:00Z");
    row("Mi, 4 Dez 2024 10:00:00 +0100", "2024-12-04T09:00:00Z");
    row("mar., 5 d\xc3\xa9"
        "c. 2023 10:00:00 +0100",
        "2023-12-05T09:00:00Z");
    row("lun, 15 ene 2024 10:00:00 +0100", "2024-01-15T09:00:00Z");
    row("Fri, 1 Mar 2024 10:00:00", "2024-03-01T10:00:00Z");
    row("Friday, March 1, 2024 10:00 PM", "2024-03-01T22:00:00Z");
    row("3/1/2024 10:00:00 AM", "2024-03-01T10:00:00Z");
    row("01.03.2024 10:00:00", "2024-03-01T10:00:00Z");
    row("Fri, 1-Mar-2024 10:00:00 +0000", "2024-03-01T10:00:00Z");
    row("Fri, 1 Mar 2024 10:00:60 +0000", "2024-03-01T10:00:59Z");
    row("Fri, 1 Mar 2024 10.00.00 +0000", "2024-03-01T10:00:00Z");
    row("nonsense", "");
    row("", "");
    row("32 Foo 2024 99:99:99 +9999", "");
}

void TestFields::readsDates()
{
    QFETCH(QByteArray, value);
    QFETCH(QString, utc);
    const QDateTime date = readDate(value);
    QCOMPARE(date.isValid() ? date.toUTC().toString(Qt::ISODate) : QString(), utc);
}

void TestFields::fallsBackToReceivedForTheDate()
{
    const QByteArray raw = crlf("Received: from a by b; Fri, 1 Mar 2024 10:00:00 +0000 (UTC)\n"
                                "Received: from c by a; Fri, 1 Mar 2024 09:00:00 +0000\nDate: whenever\n\nx");
    QCOMPARE(index(raw).envelope.date.toString(Qt::ISODate), QStringLiteral("2024-03-01T10:00:00Z"));
    QVERIFY(!index("Subject: x\n\ny").envelope.date.isValid());
}

void TestFields::keepsTheSendersOffset()
{
    const QDateTime date = parse("Date: Fri, 1 Mar 2024 10:00:00 +0530\n\nx").date;
    QCOMPARE(date.offsetFromUtc(), 19800);
    QCOMPARE(date.time(), QTime(10, 0));
}

void TestFields::Q55_readsWhereAMessageWasDelivered_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QStringList>("addresses");
    const QString shop = QStringLiteral("shop@robin.example");
    const QString robin = QStringLiteral("robin@robin.example");
    QTest::newRow("Postfix") << QByteArray("X-Original-To: shop@robin.example\r\nDelivered-To: robin@robin.example\r\n")
                             << QStringList{shop, robin};
    QTest::newRow("Exim") << QByteArray("Delivered-To: robin@robin.example\r\nEnvelope-To: <shop@robin.example>\r\n")
                          << QStringList{shop, robin};
    QTest::newRow("both the same") << QByteArray(
        "Delivered-To: robin@robin.example\r\nX-Original-To: Robin@robin.example\r\n")
                                   << QStringList{QStringLiteral("Robin@robin.example")};
    QTest::newRow("forwarded: the last server alone")
        << QByteArray("Delivered-To: robin@robin.example\r\nReceived: by b\r\nDelivered-To: old@isp.example\r\n")
        << QStringList{robin};
    QTest::newRow("several at once: for one message only")
        << QByteArray("Envelope-To: a@x.example, b@x.example\r\n") << QStringList();
    QTest::newRow("a user, not an address") << QByteArray("Delivered-To: robin\r\n") << QStringList();
    QTest::newRow("of a list") << QByteArray("Delivered-To: mailing list club@lists.example\r\n") << QStringList();
    QTest::newRow("none") << QByteArray() << QStringList();
    QTest::newRow("hostile") << QByteArray("X-Original-To: shop@robin.example\xe2\x80\xae\x1b[2J\r\n") << QStringList();
    QTest::newRow("direction marks") << QByteArray("X-Original-To: shop\xe2\x80\xae@robin.example\r\n")
                                     << QStringList{shop};
}

void TestFields::Q55_readsWhereAMessageWasDelivered()
{
    QFETCH(QByteArray, header);
    QFETCH(QStringList, addresses);
    QCOMPARE(parse(header + "From: a@b.example\r\n\r\nx").deliveredTo, addresses);
}

void TestFields::Q55_findsAMessageByTheAddressItWasDeliveredTo()
{
    const Indexed indexed = index("X-Original-To: shop@robin.example\r\nDelivered-To: robin@robin.example\r\n"
                                  "From: a@b.example\r\nTo: Robin <robin@robin.example>\r\n\r\nx");
    QCOMPARE(indexed.words.recipients, QStringLiteral("Robin robin@robin.example shop@robin.example"));
}

void TestFields::readsReferencesInOrder()
{
    const Envelope envelope =
        index(crlf("Message-ID: <c@x>\nReferences: <a@x>\n <b@x> <a@x>\nIn-Reply-To: <b@x>\n\nx")).envelope;
    QCOMPARE(envelope.messageId, QByteArray("c@x"));
    QCOMPARE(envelope.references, QList<QByteArray>({"a@x", "b@x"}));
    QCOMPARE(index("Message-ID: bare@x\n\nx").envelope.messageId, QByteArray("bare@x"));
}

void TestFields::survivesControlCharactersInHeaders_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::newRow("NUL in From") << QByteArray("From\0:a@b\n\nx", 12);
    QTest::newRow("NUL in Content-Type") << QByteArray("Content-Type\0: text/plain\n\nx", 28);
    QTest::newRow("NUL in Content-Disposition") << QByteArray("Content-Disposition\0: inline\n\nx", 31);
    QTest::newRow("VT in Newsgroups") << QByteArray("Newsgroups: a\vb\nFollowup-To: \f\n\nx");
    QTest::newRow("controls in values") << QByteArray(
        "From: \x01\x02<a@b\x03>\nTo: \x0b\x0c\nDate: \x1b\nContent-Type: \x7f\n\nx");
    QTest::newRow("NUL in a value") << QByteArray("Subject: a\0b\n\nx", 15);
    QTest::newRow("yEnc with a lying size")
        << QByteArray("Subject: y\n\n=ybegin line=128 size=4294967295 name=x\nabc\n=yend size=4294967295\nx");
}

void TestFields::survivesControlCharactersInHeaders()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QVERIFY(message.text.endsWith(u'x'));
    for (const Header &header : message.headers) {
        for (const QChar c : header.value)
            QVERIFY(c.category() != QChar::Other_Control);
    }
}

void TestFields::survivesFloods_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::newRow("=?") << QByteArray("Subject: " + QByteArray("=?").repeated(1000000));
    QTest::newRow("encoded words") << QByteArray("Subject: " + QByteArray("=?utf-8?Q?a?= ").repeated(100000));
    QTest::newRow("words without an end") << QByteArray("Subject: " + QByteArray("=?utf-8?Q?").repeated(100000));
    QTest::newRow("folds") << QByteArray("Subject: a" + QByteArray("\n a").repeated(200000));
    QTest::newRow("quotes") << QByteArray("To: " + QByteArray("\"a,").repeated(300000));
    QTest::newRow("comments") << QByteArray("To: " + QByteArray("(").repeated(500000));
    QTest::newRow("angles") << QByteArray("From: " + QByteArray("<").repeated(500000));
    QTest::newRow("groups") << QByteArray("From: " + QByteArray("a:").repeated(300000));
    QTest::newRow("encoded addresses") << QByteArray("To: " + QByteArray("=?utf-8?Q?a?= <a@b.c>, ").repeated(5000));
    QTest::newRow("parameters") << QByteArray("Content-Type: text/plain" + QByteArray("; a=b").repeated(200000));
    QTest::newRow("continuations") << QByteArray("Content-Type: text/plain" + QByteArray("; a*1=b").repeated(200000));
    QTest::newRow("dates") << QByteArray("Date: " + QByteArray("Mon ").repeated(200000));
    QTest::newRow("references") << QByteArray("References: " + QByteArray("<a@b> <").repeated(100000));
    QByteArray many;
    for (int i = 0; i < 5000; ++i)
        many += "To: \"a\" <a" + QByteArray::number(i) + "@example.org>, (b) c@example.org\nReceived: x; y\n";
    QTest::newRow("fields") << many;
}

void TestFields::survivesFloods()
{
    QFETCH(QByteArray, header);
    QElapsedTimer timer;
    timer.start();
    const Message message = parse(header + "\n\nbody");
    QVERIFY(message.text.endsWith(QStringLiteral("body")));
    QVERIFY(index(header + "\n\nbody").words.body.endsWith(QStringLiteral("body")));
    QVERIFY2(timer.elapsed() < 4000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestFields)
#include "tst_fields.moc"
