// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/address.h"
#include "mime/date.h"
#include "mime/encodedword.h"

#include <QTest>

using namespace satchel;
using namespace satchel::mime;
using namespace mails;

namespace {

QStringList written(const QList<Mailbox> &mailboxes)
{
    QStringList list;
    for (const Mailbox &mailbox : mailboxes)
        list.append(mailbox.name + u'|' + mailbox.address);
    return list;
}

QString utc(const QDateTime &date)
{
    return date.toUTC().toString(Qt::ISODate);
}

} // namespace

/// Who a message is from and when it was: senders and dates that were read wrong, each with its neighbours.
class TestFieldCases : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row3_whoTheMessagesAreFrom_data();
    void row3_whoTheMessagesAreFrom();
    void row3_anEncodedWordIsOneToken_data();
    void row3_anEncodedWordIsOneToken();
    void row3_commasOutsideQuotesPartNoName_data();
    void row3_commasOutsideQuotesPartNoName();
    void row3_warnsOfSeveralSendersOnlyForSeveralAddresses_data();
    void row3_warnsOfSeveralSendersOnlyForSeveralAddresses();
    void row3_theInnermostBracketsHoldTheAddress_data();
    void row3_theInnermostBracketsHoldTheAddress();
    void row3_commentsAndBlanksAreNoPartOfAnAddress_data();
    void row3_commentsAndBlanksAreNoPartOfAnAddress();
    void row3_aHeaderLineThatEndsWithinAWordGoesOn_data();
    void row3_aHeaderLineThatEndsWithinAWordGoesOn();
    void row3_aByteOrderMarkIsNoPartOfAField_data();
    void row3_aByteOrderMarkIsNoPartOfAField();
    void row4_datesThatWereReadWrong_data();
    void row4_datesThatWereReadWrong();
    void row4_zonesAsTheRulesHaveThem_data();
    void row4_zonesAsTheRulesHaveThem();
    void row4_brokenFormsOfDates_data();
    void row4_brokenFormsOfDates();
    void row4_sortsByTheDateThatCanBeTrue_data();
    void row4_sortsByTheDateThatCanBeTrue();
};

void TestFieldCases::row3_whoTheMessagesAreFrom_data()
{
    QTest::addColumn<QStringList>("from");
    QTest::addColumn<QStringList>("to");
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    const QString reader = s("Reader|reader@home.example");
    QTest::newRow("encoded-word-comma.eml")
        << QStringList{s("Café: Nord|cafe@example.org")} << QStringList{s("Rühl, Eva|eva@example.net")};
    QTest::newRow("from-comma-in-encoded-word.eml")
        << QStringList{s("Müller, Jana|jana@firma.example")} << QStringList{reader};
    QTest::newRow("from-colon-in-encoded-word.eml")
        << QStringList{s("Verein: Geschäftsstelle|buero@verein.example")} << QStringList{reader};
    QTest::newRow("from-commas-unquoted.eml")
        << QStringList{s("Brandt, Ole T - Kiel, SH|ole.brandt@werft.example")} << QStringList{reader};
    QTest::newRow("from-nested-angles.eml")
        << QStringList{s("Mara Holt|mara.holt@post.example")} << QStringList{reader};
    QTest::newRow("group-then-comment.eml")
        << QStringList{s("Ann Lee|ann@example.org")} << QStringList{s("hidden-list|")};
    QTest::newRow("address-comment-blanks.eml")
        << QStringList{s("Ann|ann@example.org")} << QStringList{s("|bo@example.net")};
    QTest::newRow("bom-before-from.eml") << QStringList{s("Anna Probst|anna@mail.example")} << QStringList{reader};
    QTest::newRow("bom-before-folded-received.eml")
        << QStringList{s("Anna Probst|anna@mail.example")} << QStringList{reader};
}

void TestFieldCases::row3_whoTheMessagesAreFrom()
{
    QFETCH(QStringList, from);
    QFETCH(QStringList, to);
    const QByteArray raw = file(QTest::currentDataTag());
    const Message message = parse(raw);
    QCOMPARE(written(message.from), from);
    QCOMPARE(written(message.to), to);
    QVERIFY(!message.warnings.contains(Warning::SeveralSenders));
    QVERIFY(!message.warnings.contains(Warning::Damaged));
    QVERIFY(!message.text.contains(QStringLiteral("Subject:")));
    QCOMPARE(written({index(raw).envelope.from}), from);
}

void TestFieldCases::row3_anEncodedWordIsOneToken_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QStringList>("mailboxes");
    const auto row = [](const char *name, const char *value, QStringList mailboxes) {
        QTest::newRow(name) << QByteArray(value) << mailboxes;
    };
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    row("semicolon", "=?utf-8?Q?B=C3=BCro;_Nord?= <a@b.example>", {s("Büro; Nord|a@b.example")});
    row("angles", "=?utf-8?Q?A_<B>_C?= <a@b.example>", {s("A <B> C|a@b.example")});
    row("quotes", "=?utf-8?Q?Jana_\"Jo\"_M?= <a@b.example>", {s("Jana \"Jo\" M|a@b.example")});
    row("one quote", "=?utf-8?Q?5\"_Rohr?= <a@b.example>, c@d.example", {s("5\" Rohr|a@b.example"), s("|c@d.example")});
    row("parentheses", "=?utf-8?Q?Jana_(Vertrieb?= <a@b.example>", {s("Jana (Vertrieb|a@b.example")});
    row("at sign", "=?utf-8?Q?jana@heim?= <a@b.example>", {s("jana@heim|a@b.example")});
    row("in a quoted string", "\"=?utf-8?Q?R=C3=BChl,_\"Eva\"?=\" <a@b.example>", {s("Rühl, \"Eva\"|a@b.example")});
    row("in a comment", "a@b.example (=?utf-8?Q?R=C3=BChl),_Eva?=)", {s("Rühl), Eva|a@b.example")});
    row("in the name of a group", "=?utf-8?Q?Team:_S=C3=BCd;?=:;", {s("Team: Süd;|")});
    row("in a group", "Team: =?utf-8?Q?R=C3=BChl;_Eva?= <a@b.example>, c@d.example;",
        {s("Rühl; Eva|a@b.example"), s("|c@d.example")});
    row("two words of one name", "=?utf-8?Q?M=C3=BCller,?= =?utf-8?Q?_Jana?= <a@b.example>",
        {s("Müller, Jana|a@b.example")});
    row("raw letters beside it", "=?utf-8?Q?M=C3=BCller, Jana?= J\xc3\xbcrgen <a@b.example>",
        {s("Müller, Jana Jürgen|a@b.example")});
    row("no end before the next", "=?utf-8?Q?Jana <a@b.example>, =?utf-8?Q?Eva?= <c@d.example>",
        {s("=?utf-8?Q?Jana|a@b.example"), s("Eva|c@d.example")});
    row("the whole mailbox in it", "=?utf-8?Q?J=C3=BCrgen_<j@b.example>?=", {s("Jürgen|j@b.example")});
    row("glued to the brackets", "=?utf-8?Q?Caf=C3=A9:_Nord?=<a@b.example>", {s("Café: Nord|a@b.example")});
}

void TestFieldCases::row3_anEncodedWordIsOneToken()
{
    QFETCH(QByteArray, value);
    QFETCH(QStringList, mailboxes);
    QCOMPARE(written(readAddresses(value, {}, 100)), mailboxes);
}

void TestFieldCases::row3_commasOutsideQuotesPartNoName_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QStringList>("mailboxes");
    const auto row = [](const char *name, const char *value, QStringList mailboxes) {
        QTest::newRow(name) << QByteArray(value) << mailboxes;
    };
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    row("surname first", "Brandt, Ole <ole@werft.example>", {s("Brandt, Ole|ole@werft.example")});
    row("two such", "Brandt, Ole <ole@werft.example>, Holt, Mara <mara@post.example>",
        {s("Brandt, Ole|ole@werft.example"), s("Holt, Mara|mara@post.example")});
    row("raw letters", "M\xc3\xbcller, J\xc3\xbcrgen <j@b.example>", {s("Müller, Jürgen|j@b.example")});
    row("an encoded first half", "=?utf-8?Q?M=C3=BCller?=, Jana <j@b.example>", {s("Müller, Jana|j@b.example")});
    row("a quoted first half", "\"Firma GmbH\", Kiel <i@b.example>", {s("Firma GmbH, Kiel|i@b.example")});
    row("behind an address", "a@b.example, Brandt, Ole <ole@werft.example>",
        {s("|a@b.example"), s("Brandt, Ole|ole@werft.example")});
    row("without brackets", "Brandt, Ole ole@werft.example", {s("Brandt, Ole|ole@werft.example")});
    row("behind the last address", "Ole <ole@werft.example>, Kiel Nord", {s("Ole|ole@werft.example"), s("Kiel Nord|")});
    row("names of accounts", "root, bob@example.org", {s("|root"), s("|bob@example.org")});
    row("names of accounts alone", "root, admin", {s("|root"), s("|admin")});
    row("a semicolon parts", "root; Bob <bob@example.org>", {s("|root"), s("Bob|bob@example.org")});
    row("a colon that names no group", "Verein: B\xc3\xbcro <b@v.example>", {s("Verein: Büro|b@v.example")});
}

void TestFieldCases::row3_commasOutsideQuotesPartNoName()
{
    QFETCH(QByteArray, value);
    QFETCH(QStringList, mailboxes);
    QCOMPARE(written(readAddresses(value, {}, 100)), mailboxes);
}

void TestFieldCases::row3_warnsOfSeveralSendersOnlyForSeveralAddresses_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("first");
    QTest::addColumn<bool>("several");
    const QString address = QStringLiteral("ole@werft.example");
    QTest::newRow("a name with a comma") << QByteArray("From: Brandt, Ole <ole@werft.example>\n") << address << false;
    QTest::newRow("a town behind it") << QByteArray("From: Ole <ole@werft.example>, Kiel\n") << address << false;
    QTest::newRow("a name before an address") << QByteArray("From: Brandt, ole@werft.example\n") << address << false;
    QTest::newRow("the same field twice")
        << QByteArray("From: Ole <ole@werft.example>\nFrom: Ole <OLE@werft.example>\n") << address << false;
    QTest::newRow("the address twice") << QByteArray("From: Ole <ole@werft.example> <ole@werft.example>\n") << address
                                       << false;
    QTest::newRow("two addresses") << QByteArray("From: Ole <ole@werft.example>, eve@evil.example\n") << address
                                   << true;
    QTest::newRow("two fields") << QByteArray("From: Ole <ole@werft.example>\nFrom: eve@evil.example\n") << address
                                << true;
}

void TestFieldCases::row3_warnsOfSeveralSendersOnlyForSeveralAddresses()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, first);
    QFETCH(bool, several);
    const Message message = parse(crlf(header + "\nx"));
    QCOMPARE(message.from.value(0).address, first);
    QCOMPARE(message.warnings.contains(Warning::SeveralSenders), several);
}

void TestFieldCases::row3_theInnermostBracketsHoldTheAddress_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QStringList>("mailboxes");
    const auto row = [](const char *name, const char *value, QStringList mailboxes) {
        QTest::newRow(name) << QByteArray(value) << mailboxes;
    };
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    row("doubled", "Ann <<ann@example.org>>", {s("Ann|ann@example.org")});
    row("the name within", "<Ann Lee <ann@example.org>>", {s("Ann Lee|ann@example.org")});
    row("the quoted name within", "<\"Lee, Ann\" <ann@example.org>>, bo@example.net",
        {s("Lee, Ann|ann@example.org"), s("|bo@example.net")});
    row("one bracket too many", "Ann <ann@example.org>>, bo@example.net",
        {s("Ann|ann@example.org"), s("|bo@example.net")});
    row("a name in brackets", "Ann <Vertrieb> <ann@example.org>", {s("Ann <Vertrieb>|ann@example.org")});
    row("a bracket in a quoted local part", "\"A\" <\"a>b\"@example.org>", {s("A|\"a>b\"@example.org")});
    row("a lone quote", "Ann <ann@example.org\">, \"Bo\" <bo@example.net>",
        {s("Ann|ann@example.org\""), s("Bo|bo@example.net")});
    row("not closed before the next", "Ann <ann@example.org, Bo <bo@example.net>",
        {s("Ann|ann@example.org"), s("Bo|bo@example.net")});
    row("mailto", "Ann <mailto:ann@example.org>", {s("Ann|ann@example.org")});
}

void TestFieldCases::row3_theInnermostBracketsHoldTheAddress()
{
    QFETCH(QByteArray, value);
    QFETCH(QStringList, mailboxes);
    QCOMPARE(written(readAddresses(value, {}, 100)), mailboxes);
}

void TestFieldCases::row3_commentsAndBlanksAreNoPartOfAnAddress_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QStringList>("mailboxes");
    const auto row = [](const char *name, const char *value, QStringList mailboxes) {
        QTest::newRow(name) << QByteArray(value) << mailboxes;
    };
    const auto s = [](const char *text) { return QString::fromUtf8(text); };
    row("a group with a comment", "Team (all of us): eva@example.net, Cy <cy@example.com>;",
        {s("|eva@example.net"), s("Cy|cy@example.com")});
    row("an empty group with a comment in it", "Nobody: (no one at all);", {s("Nobody|")});
    row("blanks at the at sign", "Bo <bo @ example.net>", {s("Bo|bo@example.net")});
    row("blanks at the dots", "ann . lee @ example . org, bo@example.net",
        {s("|ann.lee@example.org"), s("|bo@example.net")});
    row("a comment before the at sign", "ann(desk 4)@example.org", {s("|ann@example.org")});
    row("a comment with a bracket", "Ann <ann(>)@example.org>", {s("Ann|ann@example.org")});
    row("a comment in a comment", "ann@example.org (Ann (at work))", {s("Ann (at work)|ann@example.org")});
    row("a comment between two", "ann@example.org, (that was Ann) bo@example.net",
        {s("|ann@example.org"), s("that was Ann|bo@example.net")});
    row("a comment alone", "(nobody)", {s("nobody|")});
    row("an initial before the address", "John Q. jq@example.org", {s("John Q.|jq@example.org")});
}

void TestFieldCases::row3_commentsAndBlanksAreNoPartOfAnAddress()
{
    QFETCH(QByteArray, value);
    QFETCH(QStringList, mailboxes);
    QCOMPARE(written(readAddresses(value, {}, 100)), mailboxes);
}

void TestFieldCases::row3_aHeaderLineThatEndsWithinAWordGoesOn_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("subject");
    const auto row = [](const char *name, const char *subject, const char *text) {
        QTest::newRow(name)
            << withHeader(QByteArray("X-A: 1\nSubject: ") + subject + "\nX-B: 2\n").replace("Subject: Test\r\n", "")
            << QString::fromUtf8(text);
    };
    QTest::newRow("subject-soft-break-in-word.eml")
        << file("subject-soft-break-in-word.eml")
        << QString::fromUtf8("Karte von Uebermorgen - neuer Eintrag: Gemeinschaft Reyershof Solawi Stuttgart am "
                             "Nürtinger Weg");
    row("two soft breaks", "=?utf-8?Q?Sch=C3=B6ne =\n Gr=C3=BC=\n=C3=9Fe?=", "Schöne Grüße");
    row("a soft break and a fold", "=?utf-8?Q?Sch=C3=B6ne_Gr=\n =C3=BC=C3=9Fe?=", "Schöne Grüße");
    row("without the sign of a break", "=?utf-8?Q?Sch=C3=B6ne_Gr\n=C3=BC=C3=9Fe?=", "Schöne Grüße");
    row("folded in the middle of a word", "=?utf-8?Q?Sch=C3=B6ne_Gr\n =C3=BC=C3=9Fe?=", "Schöne Grüße");
    row("folded within an escape", "=?utf-8?Q?Sch=C3=\n B6ne_Gr=C\n 3=BC=C3=9Fe?=", "Schöne Grüße");
    row("folded at a blank that is meant", "=?utf-8?Q?Sch=C3=B6ne\n Gr=C3=BC=C3=9Fe?=", "Schöne Grüße");
    row("folded within base64", "=?utf-8?B?U2Now7ZuZSBH\n csO8w59l?=", "Schöne Grüße");
    row("base64 goes on without a blank", "=?utf-8?B?U2Now7ZuZSBH\ncsO8w59l?=", "Schöne Grüße");
    row("what follows looks like a field", "=?utf-8?Q?Sch=C3=B6ne=\nGr=C3=BC=C3=9Fe:_alle?=", "SchöneGrüße: alle");
    row("the next field is one", "=?utf-8?Q?abc", "=?utf-8?Q?abc");
}

void TestFieldCases::row3_aHeaderLineThatEndsWithinAWordGoesOn()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, subject);
    const Message message = parse(raw);
    QCOMPARE(message.subject, subject);
    QCOMPARE(index(raw).envelope.subject, subject);
    QVERIFY(!message.text.contains(u'=') && !message.text.contains(u':'));
    QVERIFY(!message.from.isEmpty());
}

void TestFieldCases::row3_aByteOrderMarkIsNoPartOfAField_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray mail = crlf("From: Anna <anna@mail.example>\nSubject: Parcel\n\nOn Friday.\n");
    const QByteArray folded = crlf("Received: from a\n by b; Mon, 24 Nov 2025 09:15:00 +0000\n") + mail;
    QTest::newRow("UTF-8") << "\xEF\xBB\xBF" + mail;
    QTest::newRow("UTF-8, a folded field") << "\xEF\xBB\xBF" + folded;
    QTest::newRow("twice") << "\xEF\xBB\xBF\xEF\xBB\xBF" + mail;
    QTest::newRow("encoded twice") << "\xC3\xAF\xC2\xBB\xC2\xBF" + mail;
    QTest::newRow("little-endian UTF-16") << "\xFF\xFE" + folded;
    QTest::newRow("big-endian UTF-16") << "\xFE\xFF" + mail;
    QTest::newRow("behind an empty line") << "\r\n\xEF\xBB\xBF" + mail;
    QTest::newRow("before the line of an mbox")
        << "\xEF\xBB\xBF" + crlf("From a@b Mon Nov 24 09:15:00 2025\n") + folded;
    QTest::newRow("a broken first line that is folded") << crlf("what is this\n and this\n") + mail;
}

void TestFieldCases::row3_aByteOrderMarkIsNoPartOfAField()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QCOMPARE(written(message.from), QStringList{QStringLiteral("Anna|anna@mail.example")});
    QCOMPARE(message.subject, QStringLiteral("Parcel"));
    QCOMPARE(message.text, QStringLiteral("On Friday."));
    QVERIFY(!message.warnings.contains(Warning::Damaged));
    QCOMPARE(index(raw).envelope.from.address, QStringLiteral("anna@mail.example"));
}

void TestFieldCases::row4_datesThatWereReadWrong_data()
{
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("sorted");
    QTest::newRow("date-in-2096.eml") << QStringLiteral("2096-03-17T05:32:00Z")
                                      << QStringLiteral("2026-11-30T17:44:25Z");
    for (const auto &[name, date] : {std::pair{"date-zone-cdt.eml", "2024-06-03T15:00:00Z"},
             std::pair{"date-zone-letter.eml", "2024-01-08T10:00:00Z"},
             std::pair{"date-gmt-plus-0200.eml", "2025-11-18T10:31:00Z"}})
        QTest::newRow(name) << QString::fromLatin1(date) << QString::fromLatin1(date);
}

void TestFieldCases::row4_datesThatWereReadWrong()
{
    QFETCH(QString, said);
    QFETCH(QString, sorted);
    const QByteArray raw = file(QTest::currentDataTag());
    QCOMPARE(utc(parse(raw).date), said);
    QCOMPARE(utc(index(raw).envelope.date), sorted);
}

void TestFieldCases::row4_zonesAsTheRulesHaveThem_data()
{
    QTest::addColumn<int>("hours");
    const auto row = [](const char *zone, int hours) { QTest::newRow(zone) << hours; };
    row("EST", -5);
    row("EDT", -4);
    row("CST", -6);
    row("CDT", -5);
    row("MST", -7);
    row("MDT", -6);
    row("PST", -8);
    row("PDT", -7);
    row("UT", 0);
    row("GMT", 0);
    row("Z", 0);
    row("z", 0);
    row("A", 0);
    row("K", 0);
    row("M", 0);
    row("N", 0);
    row("Y", 0);
    row("J", 0);
    row("cdt", -5);
    row("AKDT", -8);
    row("CDT (Central)", -5);
    row("-0500 (CDT)", -5);
    row("-0500 CDT", -5);
    row("(CDT)", -5);
    row("(GMT+02:00)", 2);
    row("(+0200)", 2);
    row("GMT+0200", 2);
    row("GMT+02:00", 2);
    row("GMT +0200", 2);
    row("UTC+2", 2);
    row("UTC-5", -5);
    row("UT+2", 2);
    row("0200", 2);
    row("02:00", 2);
    row("+ 0200", 2);
    row("+02", 2);
    row("+2", 2);
    row("\xe2\x88\x92"
        "0500",
        -5);
    row("+0200 CEST", 2);
    row("CEST", 2);
    row("Pacific Daylight Time", -7);
    row("Eastern Standard Time", -5);
    row("-0000", 0);
    row("+9999", 0);
    row("XYZ", 0);
}

void TestFieldCases::row4_zonesAsTheRulesHaveThem()
{
    QFETCH(int, hours);
    const QDateTime noon(QDate(2024, 6, 3), QTime(12, 0), QTimeZone::UTC);
    const QByteArray zone = QTest::currentDataTag();
    QCOMPARE(utc(readDate("Mon, 3 Jun 2024 12:00:00 " + zone)), utc(noon.addSecs(-3600 * hours)));
    QCOMPARE(utc(readDate("2024-06-03 12:00:00 " + zone)), utc(noon.addSecs(-3600 * hours)));
}

void TestFieldCases::row4_brokenFormsOfDates_data()
{
    QTest::addColumn<QString>("right");
    const auto row = [](const char *value, const char *right) { QTest::newRow(value) << QString::fromLatin1(right); };
    row("3 Jun 24 12:00 CDT", "2024-06-03T17:00:00Z");
    row("3 Jun 99 12:00 +0200", "1999-06-03T10:00:00Z");
    row("Mon,3 Jun 2024 12:00:00 +0200", "2024-06-03T10:00:00Z");
    row("Mon 3 Jun 2024 12:00 PDT", "2024-06-03T19:00:00Z");
    row("Monday, 03-Jun-24 12:00:00 GMT", "2024-06-03T12:00:00Z");
    row("Mon, 3-Jun-2024 12:00:00 CDT", "2024-06-03T17:00:00Z");
    row("3.Jun.2024 12:00:00 +0200", "2024-06-03T10:00:00Z");
    row("Jun-03-2024 12:00:00 +0200", "2024-06-03T10:00:00Z");
    row("03/Jun/2024:12:00:00 +0200", "2024-06-03T10:00:00Z");
    row("3Jun2024 12:00:00 +0200", "2024-06-03T10:00:00Z");
    row("June 3rd, 2024 12:00 PM EDT", "2024-06-03T16:00:00Z");
    row("Mon (Monday), 3 (third) Jun 2024 12:00:00 (noon) +0200 (CEST)", "2024-06-03T10:00:00Z");
    row("Mon, 3 Jun 2024 12:00:00+0200", "2024-06-03T10:00:00Z");
    row("Mon, 3 Jun 2024 12:00:00GMT", "2024-06-03T12:00:00Z");
    row("Mon Jun  3 12:00:00 CDT 2024", "2024-06-03T17:00:00Z");
    row("Mon Jun  3 12:00:00 GMT+0200 2024", "2024-06-03T10:00:00Z");
    row("Mon Jun  3 2024 12:00:00 GMT+0200 (CEST)", "2024-06-03T10:00:00Z");
    row("Mon Jun  3 12:00:00 2024 0200", "2024-06-03T10:00:00Z");
    row("2024-06-03T12:00:00.250-05:00", "2024-06-03T17:00:00Z");
    row("2024-06-03T12:00:00 EST", "2024-06-03T17:00:00Z");
    row("Mon, 3 Jun 2024 9:5:3 +0200", "2024-06-03T07:05:03Z");
}

void TestFieldCases::row4_brokenFormsOfDates()
{
    QFETCH(QString, right);
    const QDateTime date = readDate(QTest::currentDataTag());
    QVERIFY(date.isValid());
    QCOMPARE(date.toUTC().toString(Qt::ISODate).first(19) + u'Z', right);
}

void TestFieldCases::row4_sortsByTheDateThatCanBeTrue_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("sorted");
    const QString arrived = QStringLiteral("2026-11-30T17:44:25Z");
    const QByteArray received = "Received: by mx; Mon, 30 Nov 2026 17:44:25 +0000\n"
                                "Received: by out; Mon, 30 Nov 2020 17:44:20 +0000\n";
    const auto row = [&](const char *name, const char *date, const QString &sorted) {
        QTest::newRow(name) << received + "Date: " + date + "\n" << sorted;
    };
    row("two days ahead", "Wed, 2 Dec 2026 18:00:00 +0000", arrived);
    row("of 1970", "Thu, 1 Jan 1970 00:00:00 +0000", arrived);
    row("ten years behind", "Wed, 30 Nov 2016 17:44:25 +0000", arrived);
    row("years behind", "Sat, 30 Nov 2024 17:44:25 +0000", arrived);
    row("some hours ahead", "Tue, 1 Dec 2026 03:00:00 +0000", QStringLiteral("2026-12-01T03:00:00Z"));
    row("it waited for months", "Sun, 1 Mar 2026 10:00:00 +0000", QStringLiteral("2026-03-01T10:00:00Z"));
    QTest::newRow("no server said when") << QByteArray("Date: Thu, 1 Jan 2004 10:00:00 +0000\n")
                                         << QStringLiteral("2004-01-01T10:00:00Z");
    QTest::newRow("the top one cannot be read")
        << "Received: by mx; whenever\n" + received + "Date: Sat, 17 Mar 2096 05:32:00 +0000\n"
        << arrived;
}

void TestFieldCases::row4_sortsByTheDateThatCanBeTrue()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, sorted);
    const QByteArray raw = withHeader(header);
    QCOMPARE(utc(index(raw).envelope.date), sorted);
    QCOMPARE(utc(parse(raw).date), utc(readDate(header.sliced(header.indexOf("Date: ") + 6).trimmed())));
}

QTEST_GUILESS_MAIN(TestFieldCases)
#include "tst_fieldcases.moc"
