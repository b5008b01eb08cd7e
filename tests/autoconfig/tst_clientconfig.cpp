// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/clientconfig.h"

#include <QElapsedTimer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::autoconfig;

namespace {

const MailAddress ada{u"Ada@example.org"_s, u"Ada"_s, u"example.org"_s};

QByteArray server(const QByteArray &type, const QByteArray &host, const QByteArray &port, const QByteArray &socket,
    const QByteArray &user = "%EMAILADDRESS%", const QByteArray &authentication = "password-cleartext")
{
    const QByteArray element = type == "smtp" ? "outgoingServer" : "incomingServer";
    return '<' + element + " type=\"" + type + "\"><hostname>" + host + "</hostname><port>" + port
        + "</port><socketType>" + socket + "</socketType><username>" + user + "</username><authentication>"
        + authentication + "</authentication></" + element + '>';
}

QByteArray file(const QByteArray &servers)
{
    return "<?xml version=\"1.0\"?>\n<clientConfig version=\"1.1\">\n<!-- made by hand -->"
           "<emailProvider id=\"example.org\"><domain>example.org</domain><displayName>Example Mail</displayName>"
        + servers
        + "<documentation url=\"http://example.org/help\"><descr lang=\"en\">Help</descr></documentation>"
          "</emailProvider><clientConfigUpdate url=\"http://example.org/again\"/></clientConfig>";
}

} // namespace

/// config-v1.1.xml, from honest and from hostile servers.
class TestClientConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheServersOfAFile();
    void prefersTlsToStartTlsToPlain();
    void keepsTheOrderOfTheFileAmongEquals();
    void prefersAServerThatTakesAPassword();
    void saysWhereAPasswordIsRefused();
    void readsAFileWithoutPop3();
    void fillsInTheAddress_data();
    void fillsInTheAddress();
    void passesOverAServerThatCannotBeOne_data();
    void passesOverAServerThatCannotBeOne();
    void refusesWhatIsNoConfiguration_data();
    void refusesWhatIsNoConfiguration();
    void aBillionLaughsAreRefusedAtOnce();
    void manyNestedElementsDoNoHarm();
    void makesTheNameOfTheProviderFitToShow();
};

void TestClientConfig::readsTheServersOfAFile()
{
    const auto config = parseClientConfig(
        file(server("imap", "imap.example.org", "993", "SSL") + server("pop3", "Pop.Example.org", "995", "SSL")
            + server("smtp", "smtp.example.org", "587", "STARTTLS", "%EMAILLOCALPART%")),
        ada);
    QVERIFY(config);
    QCOMPARE(config->provider, u"Example Mail"_s);
    QCOMPARE(config->pop3, (MailServer{u"pop.example.org"_s, 995, Security::ImplicitTls, u"Ada@example.org"_s}));
    QCOMPARE(config->submission, (MailServer{u"smtp.example.org"_s, 587, Security::StartTls, u"Ada"_s}));
    QVERIFY(!config->passwordRefused);
}

void TestClientConfig::prefersTlsToStartTlsToPlain()
{
    const QByteArray plain = server("pop3", "plain.example.org", "110", "plain");
    const QByteArray startTls = server("pop3", "starttls.example.org", "110", "STARTTLS");
    const QByteArray tls = server("pop3", "tls.example.org", "995", "SSL");
    QCOMPARE(parseClientConfig(file(plain), ada)->pop3->security, Security::Plain);
    QCOMPARE(parseClientConfig(file(plain + startTls), ada)->pop3->security, Security::StartTls);
    QCOMPARE(parseClientConfig(file(plain + startTls + tls), ada)->pop3->security, Security::ImplicitTls);
    QCOMPARE(parseClientConfig(file(tls + startTls + plain), ada)->pop3->host, u"tls.example.org"_s);
}

void TestClientConfig::keepsTheOrderOfTheFileAmongEquals()
{
    const auto config = parseClientConfig(
        file(server("pop3", "first.example.org", "995", "SSL") + server("pop3", "second.example.org", "995", "SSL")),
        ada);
    QCOMPARE(config->pop3->host, u"first.example.org"_s);
}

void TestClientConfig::prefersAServerThatTakesAPassword()
{
    const auto config =
        parseClientConfig(file(server("pop3", "oauth.example.org", "995", "SSL", "%EMAILADDRESS%", "OAuth2")
                              + server("pop3", "password.example.org", "110", "STARTTLS")),
            ada);
    QCOMPARE(config->pop3->host, u"password.example.org"_s);
    QVERIFY(!config->passwordRefused);
}

void TestClientConfig::saysWhereAPasswordIsRefused()
{
    const auto config =
        parseClientConfig(file(server("pop3", "oauth.example.org", "995", "SSL", "%EMAILADDRESS%", "OAuth2")), ada);
    QVERIFY(config->passwordRefused);
    const auto both = parseClientConfig(file(server("pop3", "both.example.org", "995", "SSL", "%EMAILADDRESS%",
                                            "OAuth2</authentication><authentication>password-cleartext")),
        ada);
    QVERIFY(!both->passwordRefused);
}

void TestClientConfig::readsAFileWithoutPop3()
{
    const auto config = parseClientConfig(
        file(server("imap", "imap.example.org", "993", "SSL") + server("smtp", "smtp.example.org", "465", "SSL")), ada);
    QVERIFY(config);
    QVERIFY(!config->pop3);
    QVERIFY(config->submission);
}

void TestClientConfig::fillsInTheAddress_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<QString>("expectedHost");
    QTest::addColumn<QString>("expectedUser");
    QTest::newRow("address") << QByteArray("mail.%EMAILDOMAIN%") << QByteArray("%EMAILADDRESS%")
                             << u"mail.example.org"_s << u"Ada@example.org"_s;
    QTest::newRow("local part") << QByteArray("mail.example.org") << QByteArray("%EMAILLOCALPART%")
                                << u"mail.example.org"_s << u"Ada"_s;
    QTest::newRow("built") << QByteArray("%EMAILLOCALPART%.mail.%EMAILDOMAIN%")
                           << QByteArray("%EMAILLOCALPART%+%EMAILDOMAIN%") << u"ada.mail.example.org"_s
                           << u"Ada+example.org"_s;
    QTest::newRow("blanks") << QByteArray("\n  mail.example.org\n") << QByteArray(" %EMAILLOCALPART% ")
                            << u"mail.example.org"_s << u"Ada"_s;
}

void TestClientConfig::fillsInTheAddress()
{
    QFETCH(QByteArray, host);
    QFETCH(QByteArray, user);
    const auto config = parseClientConfig(file(server("pop3", host, "995", "SSL", user)), ada);
    QVERIFY(config && config->pop3);
    QTEST(config->pop3->host, "expectedHost");
    QTEST(config->pop3->userName, "expectedUser");
}

void TestClientConfig::passesOverAServerThatCannotBeOne_data()
{
    QTest::addColumn<QByteArray>("bad");
    QTest::newRow("CR LF in the host") << server("pop3", "evil.example.org&#13;&#10;QUIT", "995", "SSL");
    QTest::newRow("underscore in the host") << server("pop3", "evil_.example.org", "995", "SSL");
    QTest::newRow("no host") << server("pop3", "", "995", "SSL");
    QTest::newRow("host is a number") << server("pop3", "127.0.0.1", "995", "SSL");
    QTest::newRow("host is this machine") << server("pop3", "localhost", "995", "SSL");
    QTest::newRow("host with a user") << server("pop3", "a@evil.example.org", "995", "SSL");
    QTest::newRow("host with a port") << server("pop3", "evil.example.org:25", "995", "SSL");
    QTest::newRow("port 0") << server("pop3", "evil.example.org", "0", "SSL");
    QTest::newRow("port too large") << server("pop3", "evil.example.org", "65536", "SSL");
    QTest::newRow("port below nothing") << server("pop3", "evil.example.org", "-995", "SSL");
    QTest::newRow("port is no number") << server("pop3", "evil.example.org", "99S", "SSL");
    QTest::newRow("unknown encryption") << server("pop3", "evil.example.org", "995", "TLSv9");
    QTest::newRow("CR LF in the user") << server("pop3", "evil.example.org", "995", "SSL", "ada&#13;&#10;DELE 1");
    QTest::newRow("endless user") << server("pop3", "evil.example.org", "995", "SSL", QByteArray(5000, 'a'));
    QTest::newRow("wrong type") << server("smtp", "evil.example.org", "995", "SSL").replace("outgoing", "incoming");
    QTest::newRow("nothing in it") << QByteArray("<incomingServer type=\"pop3\"/>");
}

void TestClientConfig::passesOverAServerThatCannotBeOne()
{
    QFETCH(QByteArray, bad);
    const auto alone = parseClientConfig(file(bad), ada);
    QVERIFY(alone);
    QVERIFY(!alone->pop3);
    QVERIFY(!alone->submission);
    const auto beside = parseClientConfig(file(bad + server("pop3", "good.example.org", "110", "plain")), ada);
    QVERIFY(beside);
    QCOMPARE(beside->pop3->host, u"good.example.org"_s);
}

void TestClientConfig::refusesWhatIsNoConfiguration_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const QByteArray good = file(server("pop3", "pop.example.org", "995", "SSL"));
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a web page") << QByteArray("<!DOCTYPE html><html><body>Welcome</body></html>");
    QTest::newRow("another root")
        << QByteArray(good).replace("clientConfig ", "serverConfig ").replace("/clientConfig>", "/serverConfig>");
    QTest::newRow("cut") << good.first(good.size() - 20);
    QTest::newRow("more behind it") << good + "<clientConfig/>";
    QTest::newRow("binary") << QByteArray(1000, '\0');
    QTest::newRow("not UTF-8") << QByteArray(good).replace("Example Mail", "Ex\xff\xfe");
    QTest::newRow("entity nobody knows") << QByteArray(good).replace("Example Mail", "&who;");
    QTest::newRow("external entity") << QByteArray(good).replace(
        "<clientConfig ", "<!DOCTYPE c [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><clientConfig ");
    QTest::newRow("harmless document type") << QByteArray(good).replace("<clientConfig ", "<!DOCTYPE c><clientConfig ");
    QTest::newRow("too large") << QByteArray(good).replace(
        "<!-- made by hand -->", "<!--" + QByteArray(LargestClientConfig, 'x') + "-->");
}

void TestClientConfig::refusesWhatIsNoConfiguration()
{
    QFETCH(QByteArray, bytes);
    const auto config = parseClientConfig(bytes, ada);
    QVERIFY(!config);
    QCOMPARE(config.error().kind, ErrorKind::ProtocolError);
    QVERIFY(config.error().text.contains(u"example.org"_s));
    QVERIFY(config.error().detail.size() <= 201);
}

void TestClientConfig::aBillionLaughsAreRefusedAtOnce()
{
    QByteArray laughs = "<?xml version=\"1.0\"?><!DOCTYPE clientConfig [<!ENTITY l0 \"ha\">";
    for (int i = 1; i < 30; ++i) {
        laughs += "<!ENTITY l" + QByteArray::number(i) + " \""
            + QByteArray("&l" + QByteArray::number(i - 1) + ';').repeated(10) + "\">";
    }
    laughs += "]><clientConfig><emailProvider><displayName>&l29;</displayName></emailProvider></clientConfig>";
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!parseClientConfig(laughs, ada));
    QVERIFY(clock.elapsed() < 2000);
}

void TestClientConfig::manyNestedElementsDoNoHarm()
{
    const int depth = 20'000;
    const QByteArray deep = QByteArray("<a>").repeated(depth) + QByteArray("</a>").repeated(depth);
    QVERIFY(deep.size() < LargestClientConfig);
    const auto config = parseClientConfig(file(deep + server("pop3", "pop.example.org", "995", "SSL")), ada);
    // Either is right; what counts is that it comes back.
    QVERIFY(!config || config->pop3);
}

void TestClientConfig::makesTheNameOfTheProviderFitToShow()
{
    const auto config =
        parseClientConfig(file({}).replace("Example Mail", "Good\u202E Bank\n\n" + QByteArray(500, 'x')), ada);
    QVERIFY(config);
    QVERIFY(config->provider.startsWith(u"Good Bank x"_s));
    QVERIFY(config->provider.size() <= 61);
}

QTEST_GUILESS_MAIN(TestClientConfig)
#include "tst_clientconfig.moc"
