// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/filename.h"
#include "mime/link.h"

#include <QTest>

using namespace satchel::mime;

/// Where a link leads, and under what name a file is saved (security.md "Links", mime.md "Saving attachments").
class TestLink : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void warnsOfLinksThatDeceive_data();
    void warnsOfLinksThatDeceive();
    void saysNothingOfHonestLinks_data();
    void saysNothingOfHonestLinks();
    void showsPunycodeWhereLettersDeceive();
    void showsLettersWhereTheyDoNot();
    void makesFileNamesSafe_data();
    void makesFileNamesSafe();
    void keepsNamesShort();
    void knowsProgramsByTheirName_data();
    void knowsProgramsByTheirName();
};

void TestLink::warnsOfLinksThatDeceive_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("href");
    QTest::addColumn<LinkRisk>("risk");
    const auto row = [](const char *name, const char *text, const char *href, LinkRisk risk) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(href) << risk;
    };
    row("other host", "https://bank.example/login", "https://evil.example/", LinkRisk::OtherHost);
    row("other host without scheme", "www.bank.example", "https://evil.example/", LinkRisk::OtherHost);
    row("host as a subdomain", "bank.example", "https://bank.example.evil.example/", LinkRisk::OtherHost);
    row("host in the path", "bank.example", "https://evil.example/bank.example/", LinkRisk::OtherHost);
    row("zero-width in the text", "ba\u200bnk.example", "https://evil.example/", LinkRisk::OtherHost);
    row("words behind", "bank.example (secure)", "https://evil.example/", LinkRisk::OtherHost);
    row("user info", "Log in", "https://bank.example@evil.example/", LinkRisk::UserInfo);
    row("user info with password", "Log in", "https://bank.example:443@evil.example/", LinkRisk::UserInfo);
    row("mixed scripts", "Log in", "https://p\u0430ypal.example/", LinkRisk::LookAlike);
    row("mixed scripts in punycode", "Log in", "https://xn--pypal-4ve.example/", LinkRisk::LookAlike);
    row("whole word in cyrillic", "Log in", "https://\u0430\u0440\u0440\u04cf\u0435.example/", LinkRisk::LookAlike);
    row("number", "Log in", "http://192.0.2.7/", LinkRisk::Address);
    row("javascript", "x", "javascript:alert(1)", LinkRisk::NotOpened);
    row("data", "x", "data:text/html,x", LinkRisk::NotOpened);
    row("file", "x", "file:///etc/passwd", LinkRisk::NotOpened);
    row("vbscript", "x", "VBScript:x", LinkRisk::NotOpened);
    row("nothing", "x", "", LinkRisk::NotOpened);
}

void TestLink::warnsOfLinksThatDeceive()
{
    QFETCH(QString, text);
    QFETCH(QString, href);
    QFETCH(LinkRisk, risk);
    QVERIFY(checkLink(text, href).risks.contains(risk));
    QVERIFY(!linkWarning(text, href).isEmpty());
}

void TestLink::saysNothingOfHonestLinks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("href");
    const auto row = [](const char *name, const char *text, const char *href) {
        QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(href);
    };
    row("words", "Read more", "https://news.example/1");
    row("same", "https://news.example/1", "https://news.example/1");
    row("same without scheme", "news.example/1", "https://www.news.example/1");
    row("a subdomain of what is named", "news.example", "https://mail.news.example/");
    row("mailto", "ann@example.org", "mailto:ann@example.org");
    row("version", "Qt 6.8", "https://qt.example/");
    row("a file", "report.pdf", "https://files.example/report.pdf");
    row("german letters", "B\u00fccher", "https://b\u00fccher.example/");
    row("japanese", "x", "https://\u65e5\u672c\u3054.example/");
    row("a sentence", "See e.g. this.", "https://news.example/");
    row("same in letters and punycode", "b\u00fccher.example", "https://xn--bcher-kva.example/");
}

void TestLink::saysNothingOfHonestLinks()
{
    QFETCH(QString, text);
    QFETCH(QString, href);
    QCOMPARE(linkWarning(text, href), QString());
}

void TestLink::showsPunycodeWhereLettersDeceive()
{
    const LinkCheck check = checkLink(QStringLiteral("x"), QStringLiteral("https://p\u0430ypal.example/a"));
    QCOMPARE(check.host, QStringLiteral("xn--pypal-4ve.example"));
    QCOMPARE(check.target, QStringLiteral("https://xn--pypal-4ve.example/a"));
}

void TestLink::showsLettersWhereTheyDoNot()
{
    const LinkCheck check = checkLink(QStringLiteral("x"), QStringLiteral("https://xn--bcher-kva.example/a"));
    QCOMPARE(check.host, QStringLiteral("b\u00fccher.example"));
    QCOMPARE(check.target, QStringLiteral("https://b\u00fccher.example/a"));
}

void TestLink::makesFileNamesSafe_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("safe");
    const auto row = [](const char *name, const QString &safe) {
        QTest::newRow(name) << QString::fromUtf8(name) << safe;
    };
    const QString fallback = QStringLiteral("file");
    row("report.pdf", QStringLiteral("report.pdf"));
    row("../../etc/passwd", QStringLiteral("passwd"));
    row("..\\..\\boot.ini", QStringLiteral("boot.ini"));
    row("/etc/passwd", QStringLiteral("passwd"));
    row("C:\\x\\y.txt", QStringLiteral("y.txt"));
    row("C:y.txt", QStringLiteral("C_y.txt"));
    row("~/.bashrc", QStringLiteral("bashrc"));
    row(".bashrc", QStringLiteral("bashrc"));
    row("~root", QStringLiteral("root"));
    row("--help", QStringLiteral("help"));
    row("a.txt. . ", QStringLiteral("a.txt"));
    row("a\nb\tc.txt", QStringLiteral("abc.txt"));
    row("exe.\u202efdp.scr", QStringLiteral("exe.fdp.scr"));
    row("a\u2066b\u200b.txt", QStringLiteral("ab.txt"));
    row("file.txt:stream", QStringLiteral("file.txt_stream"));
    row("a<b>|c?*\".txt", QStringLiteral("a_b__c___.txt"));
    row("CON", QStringLiteral("_CON"));
    row("com1.txt", QStringLiteral("_com1.txt"));
    row("lpt9 .log", QStringLiteral("_lpt9 .log"));
    row("Gr\u00fc\u00dfe \U0001f600.txt", QString::fromUtf8("Gr\u00fc\u00dfe \U0001f600.txt"));
    row("", fallback);
    row("...", fallback);
    row("/", fallback);
    row("\u202e", fallback);
    QTest::newRow("NUL") << QString(u'a' + QString(QChar(0)) + QStringLiteral("b.txt")) << QStringLiteral("ab.txt");
    QTest::newRow("lone surrogate") << QString(QStringLiteral("a") + QChar(0xd800) + QStringLiteral("b"))
                                    << QStringLiteral("ab");
}

void TestLink::makesFileNamesSafe()
{
    QFETCH(QString, name);
    QFETCH(QString, safe);
    QCOMPARE(safeFileName(name, QStringLiteral("file")), safe);
    QCOMPARE(safeFileName(safe, QStringLiteral("file")), safe);
}

void TestLink::keepsNamesShort()
{
    const QString name = safeFileName(QString(500, QChar(0x3042)) + QStringLiteral(".docx"), QStringLiteral("file"));
    QVERIFY(name.toUtf8().size() <= 200);
    QVERIFY(name.endsWith(QStringLiteral(".docx")));
    QVERIFY(safeFileName(QString(100000, u'a'), {}).size() <= 200);
    QVERIFY(safeFileName(QString::fromUtf8("\U0001f600").repeated(100), {}).isValidUtf16());
}

void TestLink::knowsProgramsByTheirName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("program");
    for (const char *name : {"a.exe", "a.pdf.exe", "A.SCR", "a.lnk", "a.js ", "a.sh", "a.desktop", "a.exe.",
             "a.e\u200bxe", "x.docm", "a.pdf                         .bat", "a.html"})
        QTest::newRow(name) << QString::fromUtf8(name) << true;
    for (const char *name : {"a.pdf", "a.exe.pdf", "exe", "a.jpg", "a.docx", "", "a.txt"})
        QTest::newRow(qPrintable(QStringLiteral("not ") + QString::fromUtf8(name))) << QString::fromUtf8(name) << false;
}

void TestLink::knowsProgramsByTheirName()
{
    QFETCH(QString, name);
    QFETCH(bool, program);
    QCOMPARE(isExecutableName(name), program);
}

QTEST_GUILESS_MAIN(TestLink)
#include "tst_link.moc"
