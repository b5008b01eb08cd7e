// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/discovery.h"
#include "autoconfig/loopback.h"
#include "support/servers/dovecotserver.h"

#include <QSignalSpy>
#include <QSslConfiguration>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::autoconfig;
using namespace satchel::test;

/// Guessing, with a real Dovecot to be found.
class TestDiscoveryDovecot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void findsDovecotOnPort995();
    void findsDovecotByStlsAndDoesNotLogIn();
    void doesNotTrustTheCertificateOfAnotherHost();

private:
    [[nodiscard]] Proposal find();

    DovecotServer m_server;
    std::unique_ptr<Loopback> m_net;
};

void TestDiscoveryDovecot::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.addCaCertificates(QSslCertificate::fromPath(m_server.authorityFile()));
    QSslConfiguration::setDefaultConfiguration(configuration);
}

void TestDiscoveryDovecot::init()
{
    m_net = std::make_unique<Loopback>();
    QVERIFY(m_net->start());
    m_server.clearLog();
}

Proposal TestDiscoveryDovecot::find()
{
    Discovery discovery(m_net->options(), Providers::builtIn());
    QSignalSpy found(&discovery, &Discovery::found);
    discovery.find(u"robin@example.org"_s, u"Robin"_s);
    if (!found.wait(20'000))
        return {};
    return found.first().first().value<Proposal>();
}

void TestDiscoveryDovecot::findsDovecotOnPort995()
{
    m_net->lead(u"mail.example.org"_s, 995, m_server.tlsPort());
    m_net->lead(u"pop.example.org"_s, 110, m_server.port());
    const Proposal made = find();
    QCOMPARE(made.source, Source::Guess);
    QCOMPARE(made.account.host, u"mail.example.org"_s);
    QCOMPARE(made.account.security, Security::ImplicitTls);
    QVERIFY(!made.needsConfirmation);
}

void TestDiscoveryDovecot::findsDovecotByStlsAndDoesNotLogIn()
{
    m_net->lead(u"pop3.example.org"_s, 110, m_server.port());
    const Proposal made = find();
    QCOMPARE(made.account.host, u"pop3.example.org"_s);
    QCOMPARE(made.account.security, Security::StartTls);
    QVERIFY(!made.needsConfirmation);
    QTRY_VERIFY2(m_server.log().contains("no auth attempts"), m_server.log().constData());
    QVERIFY(!m_server.log().contains("Logged in"));
}

void TestDiscoveryDovecot::doesNotTrustTheCertificateOfAnotherHost()
{
    DovecotServer wrong({.certificate = u"wrong"_s});
    QVERIFY2(wrong.start(), qPrintable(wrong.problem()));
    m_net->lead(u"pop.example.org"_s, 995, wrong.tlsPort());
    QVERIFY(find().needsConfirmation);
    m_net->lead(u"example.org"_s, 995, m_server.tlsPort());
    const Proposal made = find();
    QCOMPARE(made.account.host, u"example.org"_s);
    QVERIFY(!made.needsConfirmation);
}

QTEST_GUILESS_MAIN(TestDiscoveryDovecot)
#include "tst_discoverydovecot.moc"
