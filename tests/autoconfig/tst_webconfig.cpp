// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/configfetch.h"
#include "autoconfig/webconfig.h"
#include "support/certificates.h"
#include "support/web/webserver.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace satchel;
using namespace satchel::autoconfig;
using namespace satchel::test;

namespace {

const MailAddress ada{u"ada@example.org"_s, u"ada"_s, u"example.org"_s};
const QUrl file(u"https://autoconfig.example.org/mail/config-v1.1.xml"_s);
const QByteArray firstPlace = "autoconfig.example.org/mail/config-v1.1.xml";
const QByteArray secondPlace = "example.org/.well-known/autoconfig/mail/config-v1.1.xml";

QByteArray config(const QByteArray &host, const QByteArray &user = "%EMAILADDRESS%", const QByteArray &type = "pop3")
{
    return "<clientConfig version=\"1.1\"><emailProvider id=\"x\"><incomingServer type=\"" + type + "\"><hostname>"
        + host + "</hostname><port>995</port><socketType>SSL</socketType><username>" + user
        + "</username></incomingServer></emailProvider></clientConfig>";
}

/// A port of this machine where nobody listens.
quint16 closedPort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 1;
}

} // namespace

/// Files over https, from honest and from hostile servers.
class TestWebConfig : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fetchesAFile();
    void sendsNothingThatTellsWhoAsks();
    void keepsNoCookieForTheNextRequest();
    void followsARedirectToAnotherHttpsPlace();
    void refusesARedirectThatIsNotSafe_data();
    void refusesARedirectThatIsNotSafe();
    void refusesACertificateThatIsNotInOrder_data();
    void refusesACertificateThatIsNotInOrder();
    void refusesACertificateWithoutTheAuthority();
    void refusesAFileThatIsTooLarge();
    void refusesAFileThatNeverEnds();
    void givesUpASilentServer();
    void givesUpAServerThatIsSilentInTheHandshake();
    void saysWhenNobodyListens();
    void answersTypedErrors_data();
    void answersTypedErrors();
    void abortedItSaysNothing();

    void asksBothPlacesAndNeverForTheAddress();
    void takesTheSecondPlaceWhereTheFirstHasNone();
    void prefersTheFirstPlace();
    void prefersAFileWithPop3();
    void asksAsPostmasterWhereAnAddressIsWanted();
    void aWebPageIsNoFile();
    void knowsWhetherSomebodyAnswered();

private:
    void startServer(CertificateKind kind = CertificateKind::Good);
    [[nodiscard]] DiscoveryOptions options() const;
    [[nodiscard]] Expected<QByteArray> fetched(const DiscoveryOptions &with);
    [[nodiscard]] std::optional<ClientConfig> found();

    std::unique_ptr<WebServer> m_server;
};

void TestWebConfig::initTestCase()
{
    QVERIFY(testCertificates().isValid());
}

void TestWebConfig::startServer(CertificateKind kind)
{
    m_server = std::make_unique<WebServer>();
    QVERIFY(m_server->start(testCertificates().certificate(kind), testCertificates().key(kind)));
}

DiscoveryOptions TestWebConfig::options() const
{
    DiscoveryOptions options;
    options.authorities = QSslCertificate::fromData(testCertificates().authority());
    options.fetched = [server = m_server.get()](const QUrl &url) { return server->mapped(url); };
    return options;
}

Expected<QByteArray> TestWebConfig::fetched(const DiscoveryOptions &with)
{
    ConfigFetch fetch(file, with);
    QSignalSpy finished(&fetch, &ConfigFetch::finished);
    fetch.start();
    if (!finished.wait(8000))
        qWarning("no end");
    return fetch.result();
}

std::optional<ClientConfig> TestWebConfig::found()
{
    WebConfig web(ada, options());
    QSignalSpy finished(&web, &WebConfig::finished);
    web.start();
    if (!finished.wait(8000))
        qWarning("no end");
    return web.config();
}

void TestWebConfig::fetchesAFile()
{
    startServer();
    m_server->answer(firstPlace, {.body = "<a/>"});
    const auto body = fetched(options());
    QVERIFY2(body, body ? "" : qPrintable(body.error().text + body.error().detail));
    QCOMPARE(*body, "<a/>");
}

void TestWebConfig::sendsNothingThatTellsWhoAsks()
{
    startServer();
    m_server->answer(firstPlace, {.body = "<a/>"});
    QVERIFY(fetched(options()));
    QCOMPARE(m_server->requests().size(), 1);
    const WebRequest request = m_server->requests().first();
    QCOMPARE(request.line, "GET /" + firstPlace + " HTTP/1.1");
    for (const char *name : {"Cookie", "Referer", "Authorization", "From", "Origin"})
        QVERIFY2(request.header(name).isNull(), name);
    QCOMPARE(request.header("User-Agent"), "Satchel");
    QCOMPARE(request.header("Accept-Language"), "*");
}

void TestWebConfig::keepsNoCookieForTheNextRequest()
{
    startServer();
    m_server->answer(firstPlace, {.status = 302, .headers = {"Location: /again", "Set-Cookie: who=ada; Path=/"}});
    m_server->answer("autoconfig.example.org/again", {.body = "<a/>"});
    QVERIFY(fetched(options()));
    QCOMPARE(m_server->requests().size(), 2);
    QVERIFY(m_server->requests().at(1).header("Cookie").isNull());
    QVERIFY(m_server->requests().at(1).header("Referer").isNull());
}

void TestWebConfig::followsARedirectToAnotherHttpsPlace()
{
    startServer();
    m_server->answer(
        firstPlace, {.status = 301, .headers = {"Location: https://hoster.example.net/conf?d=example.org"}});
    m_server->answer("hoster.example.net/conf?d=example.org", {.body = "<b/>"});
    const auto body = fetched(options());
    QVERIFY(body);
    QCOMPARE(*body, "<b/>");
}

void TestWebConfig::refusesARedirectThatIsNotSafe_data()
{
    QTest::addColumn<QByteArray>("location");
    QTest::newRow("http") << QByteArray("http://autoconfig.example.org/mail/config-v1.1.xml");
    QTest::newRow("file") << QByteArray("file:///etc/passwd");
    QTest::newRow("data") << QByteArray("data:text/xml,<clientConfig/>");
    QTest::newRow("ftp") << QByteArray("ftp://example.org/x");
    QTest::newRow("user and password") << QByteArray("https://ada:secret@example.org/x");
    QTest::newRow("this machine") << QByteArray("https://localhost/x");
    QTest::newRow("an address of the house") << QByteArray("https://192.168.0.1/x");
    QTest::newRow("IPv6") << QByteArray("https://[::1]/x");
    QTest::newRow("nowhere") << QByteArray();
    QTest::newRow("in circles") << QByteArray("/mail/config-v1.1.xml");
}

void TestWebConfig::refusesARedirectThatIsNotSafe()
{
    QFETCH(QByteArray, location);
    startServer();
    m_server->answer(firstPlace, {.status = 302, .headers = {"Location: " + location}});
    const auto body = fetched(options());
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::ServerRefused);
    const auto requests = m_server->requests();
    QVERIFY(requests.size() <= 6);
    QVERIFY(std::ranges::all_of(requests, [](const WebRequest &r) { return r.path() == '/' + firstPlace; }));
}

void TestWebConfig::refusesACertificateThatIsNotInOrder_data()
{
    QTest::addColumn<CertificateKind>("kind");
    QTest::newRow("of another host") << CertificateKind::WrongHost;
    QTest::newRow("with a common name only") << CertificateKind::NoNames;
    QTest::newRow("expired") << CertificateKind::Expired;
    QTest::newRow("self-signed") << CertificateKind::SelfSigned;
}

void TestWebConfig::refusesACertificateThatIsNotInOrder()
{
    QFETCH(CertificateKind, kind);
    startServer(kind);
    m_server->answer(firstPlace, {.body = "<a/>"});
    const auto body = fetched(options());
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::CertificateUntrusted);
    QVERIFY(m_server->requests().isEmpty());
}

void TestWebConfig::refusesACertificateWithoutTheAuthority()
{
    startServer();
    m_server->answer(firstPlace, {.body = "<a/>"});
    DiscoveryOptions strangers = options();
    strangers.authorities.clear();
    const auto body = fetched(strangers);
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::CertificateUntrusted);
    QVERIFY(m_server->requests().isEmpty());
}

void TestWebConfig::refusesAFileThatIsTooLarge()
{
    startServer();
    m_server->answer(firstPlace, {.body = QByteArray(LargestClientConfig, 'x')});
    QVERIFY(fetched(options()));
    m_server->answer(firstPlace, {.body = QByteArray(LargestClientConfig + 1, 'x')});
    const auto body = fetched(options());
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::ProtocolError);
}

void TestWebConfig::refusesAFileThatNeverEnds()
{
    startServer();
    m_server->answer(firstPlace, {.body = QByteArray(16 * 1024, 'x'), .endless = true});
    const auto body = fetched(options());
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::ProtocolError);
}

void TestWebConfig::givesUpASilentServer()
{
    startServer();
    m_server->answer(firstPlace, {.silent = true});
    DiscoveryOptions hasty = options();
    hasty.lookUp = 300ms;
    const auto body = fetched(hasty);
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::Timeout);
    QCOMPARE(m_server->requests().size(), 1);
}

void TestWebConfig::givesUpAServerThatIsSilentInTheHandshake()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    startServer();
    DiscoveryOptions hasty = options();
    hasty.lookUp = 300ms;
    hasty.fetched = [port = silent.serverPort()](const QUrl &) { return QUrl(u"https://localhost:%1/x"_s.arg(port)); };
    const auto body = fetched(hasty);
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::Timeout);
}

void TestWebConfig::saysWhenNobodyListens()
{
    startServer();
    DiscoveryOptions nobody = options();
    nobody.fetched = [port = closedPort()](const QUrl &) { return QUrl(u"https://localhost:%1/x"_s.arg(port)); };
    const auto body = fetched(nobody);
    QVERIFY(!body);
    QCOMPARE(body.error().kind, ErrorKind::ConnectionRefused);
}

void TestWebConfig::answersTypedErrors_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<ErrorKind>("kind");
    QTest::newRow("404") << 404 << ErrorKind::NotFound;
    QTest::newRow("410") << 410 << ErrorKind::NotFound;
    QTest::newRow("401") << 401 << ErrorKind::ServerRefused;
    QTest::newRow("403") << 403 << ErrorKind::ServerRefused;
    QTest::newRow("500") << 500 << ErrorKind::ServerRefused;
    QTest::newRow("204") << 204 << ErrorKind::ServerRefused;
}

void TestWebConfig::answersTypedErrors()
{
    QFETCH(int, status);
    startServer();
    m_server->answer(firstPlace, {.status = status, .body = {}, .headers = {"WWW-Authenticate: Basic realm=\"mail\""}});
    const auto body = fetched(options());
    QVERIFY(!body);
    QTEST(body.error().kind, "kind");
    QVERIFY(!body.error().text.isEmpty());
}

void TestWebConfig::abortedItSaysNothing()
{
    startServer();
    m_server->answer(firstPlace, {.body = "<a/>"});
    ConfigFetch fetch(file, options());
    QSignalSpy finished(&fetch, &ConfigFetch::finished);
    fetch.start();
    fetch.abort();
    ConfigFetch after(file, options());
    QSignalSpy afterFinished(&after, &ConfigFetch::finished);
    after.start();
    QVERIFY(afterFinished.wait());
    QCOMPARE(finished.size(), 0);
    QCOMPARE(m_server->requests().size(), 1);
}

void TestWebConfig::asksBothPlacesAndNeverForTheAddress()
{
    startServer();
    QVERIFY(!found());
    QCOMPARE(m_server->requests().size(), 2);
    QByteArrayList paths;
    for (const WebRequest &request : m_server->requests()) {
        paths.append(request.path());
        QVERIFY(!request.line.contains("ada"));
        QVERIFY(!request.headers.join().contains("ada"));
    }
    std::ranges::sort(paths);
    QCOMPARE(paths, (QByteArrayList{'/' + firstPlace, '/' + secondPlace}));
}

void TestWebConfig::takesTheSecondPlaceWhereTheFirstHasNone()
{
    startServer();
    m_server->answer(secondPlace, {.body = config("second.example.org")});
    const auto config = found();
    QVERIFY(config);
    QCOMPARE(config->pop3->host, u"second.example.org"_s);
}

void TestWebConfig::prefersTheFirstPlace()
{
    startServer();
    m_server->answer(firstPlace, {.body = config("first.example.org")});
    m_server->answer(secondPlace, {.body = config("second.example.org")});
    const auto config = found();
    QVERIFY(config);
    QCOMPARE(config->pop3->host, u"first.example.org"_s);
}

void TestWebConfig::prefersAFileWithPop3()
{
    startServer();
    m_server->answer(firstPlace, {.body = config("imap.example.org", "%EMAILADDRESS%", "imap")});
    m_server->answer(secondPlace, {.body = config("second.example.org")});
    const auto both = found();
    QVERIFY(both && both->pop3);
    m_server->answer(secondPlace, {.status = 404});
    const auto imapOnly = found();
    QVERIFY(imapOnly);
    QVERIFY(!imapOnly->pop3);
}

void TestWebConfig::asksAsPostmasterWhereAnAddressIsWanted()
{
    const QByteArray asked = firstPlace + "?emailaddress=postmaster@example.org";
    for (const auto &[user, expected] :
        {std::pair("postmaster@example.org", u"ada@example.org"_s), std::pair("postmaster", u"ada"_s),
            std::pair("%EMAILLOCALPART%", u"ada"_s), std::pair("box17", u"box17"_s)}) {
        startServer();
        m_server->answer(firstPlace, {.status = 400});
        m_server->answer(asked, {.body = config("pop.example.org", user)});
        const auto config = found();
        QVERIFY2(config, user);
        QCOMPARE(config->pop3->userName, expected);
        for (const WebRequest &request : m_server->requests())
            QVERIFY(!request.line.contains("ada"));
    }
}

void TestWebConfig::aWebPageIsNoFile()
{
    startServer();
    m_server->answer(firstPlace, {.body = "<!DOCTYPE html><html><body>For sale!</body></html>"});
    m_server->answer(secondPlace, {.body = "<html><body>Hello</body></html>"});
    QVERIFY(!found());
}

void TestWebConfig::knowsWhetherSomebodyAnswered()
{
    startServer();
    WebConfig refused(ada, options());
    QSignalSpy refusedFinished(&refused, &WebConfig::finished);
    refused.start();
    QVERIFY(refusedFinished.wait());
    QVERIFY(refused.answered());
    QCOMPARE(refused.error().kind, ErrorKind::NotFound);

    m_server->answer(firstPlace, {.silent = true});
    m_server->answer(secondPlace, {.silent = true});
    DiscoveryOptions hasty = options();
    hasty.lookUp = 200ms;
    WebConfig silent(ada, hasty);
    QSignalSpy silentFinished(&silent, &WebConfig::finished);
    silent.start();
    QVERIFY(silentFinished.wait());
    QVERIFY(!silent.answered());
    QCOMPARE(silent.error().kind, ErrorKind::Timeout);
}

QTEST_GUILESS_MAIN(TestWebConfig)
#include "tst_webconfig.moc"
