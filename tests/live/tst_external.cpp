// SPDX-License-Identifier: GPL-3.0-or-later
// SASL EXTERNAL (RFC 4422, appendix A): signing in to a real Dovecot with a client certificate.
#include "net/tlstransport.h"
#include "pop3/session.h"
#include "support/servers/dovecotserver.h"

#include <QSignalSpy>
#include <QSslConfiguration>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using satchel::test::DovecotServer;

namespace {

constexpr int patience = 20'000;

/// One session, up to what came of the login.
class Visit
{
public:
    Visit(const DovecotServer &server, Security security, const QByteArray &clientCertificate)
        : m_endpoint(endpoint(server, security, clientCertificate))
        , session(std::make_unique<net::TlsTransport>(m_endpoint), m_endpoint)
    {
        QObject::connect(&session, &pop3::Session::wire, &session, [this](const net::WireLine &line) {
            if (line.from == net::WireLine::From::Client)
                said << line.bytes;
        });
    }

    void logIn(const QString &user, const QString &password, const QString &mechanism = {})
    {
        session.open();
        if (QTest::qWaitFor([this] { return !ready.isEmpty() || !failed.isEmpty(); }, patience) && failed.isEmpty()) {
            offered = session.capabilities().sasl; // what is announced after the login is not the same
            session.login({.userName = user, .password = password, .accessToken = {}}, mechanism);
            static_cast<void>(QTest::qWaitFor(
                [this] { return !loggedIn.isEmpty() || !refused.isEmpty() || !failed.isEmpty(); }, patience));
        }
    }
    /// The one error that the visit ended with, or none.
    [[nodiscard]] Error error() const
    {
        if (!refused.isEmpty())
            return refused.first().at(2).value<Error>();
        return failed.isEmpty() ? Error() : failed.first().at(0).value<Error>();
    }
    [[nodiscard]] QByteArray trouble() const { return (error().text + u" ("_s + error().detail + u')').toUtf8(); }

private:
    static net::Endpoint endpoint(const DovecotServer &server, Security security, const QByteArray &clientCertificate)
    {
        net::Endpoint endpoint;
        endpoint.host = u"127.0.0.1"_s;
        endpoint.port = security == Security::ImplicitTls ? server.tlsPort() : server.port();
        endpoint.security = security;
        endpoint.clientCertificate = clientCertificate;
        return endpoint;
    }

    net::Endpoint m_endpoint;

public:
    pop3::Session session;
    QSignalSpy ready{&session, &pop3::Session::ready};
    QSignalSpy loggedIn{&session, &pop3::Session::loggedIn};
    QSignalSpy refused{&session, &pop3::Session::refused};
    QSignalSpy failed{&session, &pop3::Session::failed};
    QSignalSpy finished{&session, &pop3::Session::finished};
    QByteArrayList offered;
    QByteArrayList said;
};

} // namespace

class TestExternal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
        QVERIFY(m_server.clientCertificate().contains("PRIVATE KEY"));
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.addCaCertificates(m_server.authorityFile());
        QSslConfiguration::setDefaultConfiguration(trusting);
    }

    void init() { m_server.clearLog(); }

    void signsInWithACertificateAndSendsNoPassword_data()
    {
        QTest::addColumn<Security>("security");
        QTest::addColumn<QString>("mechanism");
        QTest::newRow("implicit TLS") << Security::ImplicitTls << QString();
        QTest::newRow("STLS") << Security::StartTls << QString();
        QTest::newRow("implicit TLS, EXTERNAL is asked for") << Security::ImplicitTls << u"EXTERNAL"_s;
    }

    void signsInWithACertificateAndSendsNoPassword()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        Visit visit(m_server, security, m_server.clientCertificate());
        visit.logIn(u"robin"_s, u"not to be sent"_s, mechanism);
        QVERIFY2(!visit.loggedIn.isEmpty(), visit.trouble());
        QCOMPARE(visit.session.mechanism(), "EXTERNAL");
        QVERIFY(visit.session.isEncrypted());
        QCOMPARE(visit.said.count("AUTH EXTERNAL"), 1);
        visit.session.quit();
        QTRY_COMPARE_WITH_TIMEOUT(visit.finished.size(), 1, patience);
        QTRY_VERIFY2(m_server.log().contains("Logged in: user=<robin>, method=EXTERNAL"), m_server.log());
    }

    void noCertificateMeansNoExternal()
    {
        // -PLUS is announced, and nothing can be bound to the channel: it has to be left alone.
        const QString user = m_server.addUser();
        Visit visit(m_server, Security::ImplicitTls, {});
        visit.logIn(user, DovecotServer::password());
        QVERIFY2(!visit.loggedIn.isEmpty(), visit.trouble());
        QVERIFY(visit.offered.contains("SCRAM-SHA-256-PLUS"));
        QCOMPARE(visit.session.mechanism(), "SCRAM-SHA-256");
        QVERIFY(!visit.said.contains("AUTH EXTERNAL"));
    }

    void externalWithoutACertificateIsNotTried()
    {
        Visit visit(m_server, Security::ImplicitTls, {});
        visit.logIn(u"robin"_s, {}, u"EXTERNAL"_s);
        QVERIFY(visit.loggedIn.isEmpty());
        QCOMPARE(visit.refused.size(), 1);
        QCOMPARE(visit.error().kind, ErrorKind::SignInUnavailable);
        QCOMPARE(visit.error().action, ErrorAction::EditAccount);
        QVERIFY(!visit.said.contains("AUTH EXTERNAL"));
    }

    void sec_externalWithoutEncryptionIsNeverTried()
    {
        Visit visit(m_server, Security::Plain, m_server.clientCertificate());
        visit.logIn(u"robin"_s, {}, u"EXTERNAL"_s);
        QVERIFY(visit.loggedIn.isEmpty());
        QCOMPARE(visit.error().kind, ErrorKind::SignInUnavailable);
        Visit automatic(m_server, Security::Plain, m_server.clientCertificate());
        automatic.logIn(u"robin"_s, {});
        QVERIFY(automatic.loggedIn.isEmpty());
        for (const QByteArray &line : visit.said + automatic.said)
            QVERIFY2(!line.startsWith("AUTH") && !line.startsWith("USER"), line);
    }

    void aCertificateOfAnotherAuthorityIsRefused()
    {
        DovecotServer stranger({.clientCertificates = true});
        QVERIFY2(stranger.start(), qPrintable(stranger.problem()));
        Visit visit(m_server, Security::ImplicitTls, stranger.clientCertificate());
        visit.logIn(u"robin"_s, {}, u"EXTERNAL"_s);
        QVERIFY(visit.loggedIn.isEmpty());
        QCOMPARE(visit.refused.size() + visit.failed.size(), 1);
        QVERIFY(!visit.error().text.isEmpty());
        QVERIFY2(!m_server.log().contains("Logged in"), m_server.log());
    }

    void aCertificateThatCannotBeReadIsNoCertificate()
    {
        Visit visit(m_server, Security::ImplicitTls, "-----BEGIN CERTIFICATE-----\nnonsense\n");
        visit.logIn(u"robin"_s, {}, u"EXTERNAL"_s);
        QVERIFY(visit.loggedIn.isEmpty());
        QCOMPARE(visit.refused.size() + visit.failed.size(), 1);
        QVERIFY(!visit.error().text.isEmpty());
    }

private:
    DovecotServer m_server{{.clientCertificates = true}};
};

QTEST_GUILESS_MAIN(TestExternal)
#include "tst_external.moc"
