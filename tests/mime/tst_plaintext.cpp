// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/plaintext.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::mime;
using namespace mails;

/// Links and columns of plain text.
class TestPlainText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row7_findsTheLinksOfText();
    void row7_whatBelongsToAnAddress_data();
    void row7_whatBelongsToAnAddress();
    void row7_anAddressInBracketsRunsOverLineEnds_data();
    void row7_anAddressInBracketsRunsOverLineEnds();
    void row7_findsLinksInFloodsInTime();
    void row7_tellsColumnsFromProse_data();
    void row7_tellsColumnsFromProse();
};

namespace {

QStringList targets(const QString &text)
{
    QStringList list;
    const QList<TextLink> links = linksIn(text);
    for (const TextLink &link : links)
        list.append(link.target);
    return list;
}

} // namespace

void TestPlainText::row7_findsTheLinksOfText()
{
    const QString text = parse(file("plain-text-links.eml")).text;
    const QString wrapped =
        u"https://shop.example/reset?token=abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnop&user=7"_s;
    QCOMPARE(targets(text),
        QStringList({u"https://de.wikipedia.example/wiki/Merkur_(Planet)"_s, u"https://bugs.example/6754"_s,
            u"http://www.garden.example/plan.html"_s, u"mailto:anna@mail.example"_s, wrapped, wrapped,
            u"https://bücher.example/straße"_s, u"https://shop.example/a_b*c"_s, u"https://x.example/y"_s,
            u"https://x.example/z,more"_s}));
}

void TestPlainText::row7_whatBelongsToAnAddress_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("links");
    const auto row = [](const char *name, const char16_t *text, QStringList links) {
        QTest::newRow(name) << QString(text) << links;
    };
    row("brackets that pair", u"(see https://w.example/a_(b)_(c))", {u"https://w.example/a_(b)_(c)"_s});
    row("square ones", u"[https://w.example/a[1]]", {u"https://w.example/a[1]"_s});
    row("a sentence in brackets", u"(https://w.example/a.)", {u"https://w.example/a"_s});
    row("quotes", u"\u201ehttps://w.example/a\u201c, \"https://w.example/b\"",
        {u"https://w.example/a"_s, u"https://w.example/b"_s});
    row("stars around it", u"*https://w.example/a*", {u"https://w.example/a"_s});
    row("a question", u"Did you see www.w.example/?q=1?", {u"http://www.w.example/?q=1"_s});
    row("www at the end", u"Go to www.w.example.", {u"http://www.w.example"_s});
    row("www alone", u"the www. is old, awww.w.example too", {});
    row("people", u"Write to a.b+c@w.example, or <d@w.example>; not to @w or x@localhost",
        {u"mailto:a.b+c@w.example"_s, u"mailto:d@w.example"_s});
    row("an address with a name in it", u"https://user@w.example/x", {u"https://user@w.example/x"_s});
    row("mailto", u"mailto:a@w.example?subject=x.", {u"mailto:a@w.example?subject=x"_s});
    row("no more than a scheme", u"write https:// before it", {});
    row("other schemes", u"ftp://w.example/x javascript:alert(1) tel:+49123", {});
    row("two in a line", u"https://w.example/a https://w.example/b",
        {u"https://w.example/a"_s, u"https://w.example/b"_s});
}

void TestPlainText::row7_whatBelongsToAnAddress()
{
    QFETCH(QString, text);
    QFETCH(QStringList, links);
    QCOMPARE(targets(text), links);
}

void TestPlainText::row7_anAddressInBracketsRunsOverLineEnds_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("target");
    QTest::addColumn<QStringList>("pieces");
    const auto row = [](const char *name, const char16_t *text, const char16_t *target, QStringList pieces) {
        QTest::newRow(name) << QString(text) << QString(target) << pieces;
    };
    row("two lines", u"x <https://w.example/a\nb> y", u"https://w.example/ab", {u"https://w.example/a"_s, u"b"_s});
    row("three lines", u"<https://w.example/a\r\nb\r\n  c>", u"https://w.example/abc",
        {u"https://w.example/a"_s, u"b"_s, u"c"_s});
    row("URL:", u"<URL:https://w.example/a\nb>", u"https://w.example/ab", {u"https://w.example/a"_s, u"b"_s});
    row("in a quotation", u"> <https://w.example/a\n> b> y", u"https://w.example/ab",
        {u"https://w.example/a"_s, u"b"_s});
    row("one line", u"<https://w.example/a.>", u"https://w.example/a.", {u"https://w.example/a."_s});
    row("words in it", u"<https://w.example/a and\nb>", u"https://w.example/a", {u"https://w.example/a"_s});
    row("never closed", u"<https://w.example/a\n\nb>", u"https://w.example/a", {u"https://w.example/a"_s});
}

void TestPlainText::row7_anAddressInBracketsRunsOverLineEnds()
{
    QFETCH(QString, text);
    QFETCH(QString, target);
    QFETCH(QStringList, pieces);
    QStringList found;
    const QList<TextLink> links = linksIn(text);
    for (const TextLink &link : links) {
        QCOMPARE(link.target, target);
        found.append(text.sliced(link.begin, link.length));
    }
    QCOMPARE(found, pieces);
}

void TestPlainText::row7_findsLinksInFloodsInTime()
{
    QElapsedTimer timer;
    timer.start();
    for (const QString &flood :
        {u"<https://"_s, u"www.a"_s, u"a@b."_s, u"https://x("_s, u"(((("_s, u"a."_s, u"<https://a\n"_s})
        QVERIFY(linksIn(flood.repeated(100'000)).size() < 300'000);
    QVERIFY(!hasColumns(u"a  b"_s.repeated(1'000'000)));
    QVERIFY2(timer.elapsed() < 10'000, qPrintable(QString::number(timer.elapsed())));
}

void TestPlainText::row7_tellsColumnsFromProse_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("columns");
    QTest::newRow("plain-text-table.eml") << parse(file("plain-text-table.eml")).text << true;
    QTest::newRow("runs of blanks") << u"Item        Price\nPlan A       3.50\nPlan B      12.00\n"_s << true;
    QTest::newRow("left-aligned") << u"name      where\nAnna      Kiel\nBo        Bonn\n"_s << true;
    QTest::newRow("tabs") << u"a\tb\nc\td\ne\tf"_s << true;
    QTest::newRow("boxes") << u"┌───┬───┐\n│ a │ b │\n└───┴───┘"_s << true;
    QTest::newRow("bars") << u"a | b | c\nd | e | f\ng | h | i\n"_s << true;
    QTest::newRow("below a letter")
        << u"Dear Anna,\n\nhere it is:\n\nItem       Price\nPlan A      3.50\nPlan B     12.00\n\nBye\n"_s << true;
    QTest::newRow("quoted") << u"> a    b\n> c    d\n> e    f\n"_s << true;
    QTest::newRow("prose") << u"Dear Anna,\nthis is a letter.  It has two blanks.  They stand behind sentences.\n"
                              "Another line.  It has them, too.\nAnd one more.  The last.\n"_s
                           << false;
    QTest::newRow("rulers") << u"News\n──────────\nOne\n----------\nTwo\n==========\nThree\n"_s << false;
    QTest::newRow("a list") << u"  * one\n  * two\n  * three\n    and more\n"_s << false;
    QTest::newRow("a line of links") << u"Home | About | Contact\n\nUnsubscribe | Terms\n"_s << false;
    QTest::newRow("a signature") << u"-- \nAnna\nTel:  123\n"_s << false;
    QTest::newRow("nothing") << QString() << false;
}

void TestPlainText::row7_tellsColumnsFromProse()
{
    QFETCH(QString, text);
    QFETCH(bool, columns);
    QCOMPARE(hasColumns(text), columns);
}

QTEST_GUILESS_MAIN(TestPlainText)
#include "tst_plaintext.moc"
