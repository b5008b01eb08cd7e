// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "support/servers/dovecotserver.h"
#include "sync/trialvisit.h"

#include <QSignalSpy>
#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

/// Trying settings out, against a real Dovecot.
class TestTrialVisit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void countsAndChangesNothing_data();
    void countsAndChangesNothing();
    void saysThatThePasswordIsWrong();
    void saysWhatIsWrongWithTheAccountsOwnCertificate();
    void sendsNoPasswordToACertificateThatIsNotTrusted();
    void saysThatNobodyListens();
    void endsAtOnceWhenCancelled();

private:
    [[nodiscard]] AccountSettings account(Security security, const QString &user) const;
    static sync::TrialResult tryOut(const AccountSettings &account, const QString &password);

    DovecotServer m_server;
};

void TestTrialVisit::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
}

AccountSettings TestTrialVisit::account(Security security, const QString &user) const
{
    AccountSettings settings;
    settings.host = u"localhost"_s;
    settings.port = security == Security::ImplicitTls ? m_server.tlsPort() : m_server.port();
    settings.security = security;
    settings.userName = user;
    settings.trustedCertificate = m_server.certificateSha256();
    settings.retention = Retention::DeleteAfterDownload;
    return settings;
}

sync::TrialResult TestTrialVisit::tryOut(const AccountSettings &account, const QString &password)
{
    sync::TrialVisit visit(account, {account.userName, password, {}},
        [](const net::Endpoint &endpoint) { return std::make_unique<net::TlsTransport>(endpoint); });
    QSignalSpy finished(&visit, &sync::TrialVisit::finished);
    visit.start();
    if (!finished.wait(60'000))
        qFatal("the trial did not end");
    return finished.first().first().value<sync::TrialResult>();
}

void TestTrialVisit::countsAndChangesNothing_data()
{
    QTest::addColumn<Security>("security");
    QTest::newRow("TLS") << Security::ImplicitTls;
    QTest::newRow("STLS") << Security::StartTls;
    QTest::newRow("plain") << Security::Plain;
}

void TestTrialVisit::countsAndChangesNothing()
{
    QFETCH(Security, security);
    const QString user = m_server.addUser();
    const QByteArrayList mails{"Subject: one\r\n\r\n1\r\n", "Subject: two\r\n\r\n22\r\n"};
    m_server.deliver(user, mails);
    m_server.clearLog();
    const sync::TrialResult result = tryOut(account(security, user), DovecotServer::password());
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text + result.error->detail) : "");
    QCOMPARE(result.messages, 2);
    QCOMPARE(result.bytes, mails.join().size());
    QCOMPARE(result.encrypted, security != Security::Plain);
    QCOMPARE(m_server.messages(user), mails);
    QTRY_VERIFY(m_server.log().contains("Logged out"));
    QTRY_VERIFY2(m_server.log().contains("retr=0/0"), m_server.log().constData());
    QVERIFY2(m_server.log().contains("del=0/"), m_server.log().constData());
}

void TestTrialVisit::saysThatThePasswordIsWrong()
{
    const sync::TrialResult result = tryOut(account(Security::ImplicitTls, m_server.addUser()), u"no"_s);
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::AuthenticationFailed);
}

void TestTrialVisit::saysWhatIsWrongWithTheAccountsOwnCertificate()
{
    AccountSettings settings = account(Security::ImplicitTls, m_server.addUser());
    settings.certificateFile = u"/nowhere/own.p12"_s;
    m_server.clearLog();
    const sync::TrialResult result = tryOut(settings, DovecotServer::password());
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::FileUnreadable);
    QCOMPARE(m_server.log(), QByteArray());
}

void TestTrialVisit::sendsNoPasswordToACertificateThatIsNotTrusted()
{
    AccountSettings settings = account(Security::StartTls, m_server.addUser());
    settings.trustedCertificate.clear();
    m_server.clearLog();
    const sync::TrialResult result = tryOut(settings, DovecotServer::password());
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::CertificateUntrusted);
    QVERIFY(result.error->certificate);
    QCOMPARE(result.error->certificate->sha256, m_server.certificateSha256());
    QVERIFY(!m_server.log().contains("Logged in"));
}

void TestTrialVisit::saysThatNobodyListens()
{
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost));
    AccountSettings settings = account(Security::ImplicitTls, u"robin"_s);
    settings.port = closed.serverPort();
    closed.close();
    const sync::TrialResult result = tryOut(settings, DovecotServer::password());
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::ConnectionRefused);
}

void TestTrialVisit::endsAtOnceWhenCancelled()
{
    QTcpServer mute;
    QVERIFY(mute.listen(QHostAddress::LocalHost));
    AccountSettings settings = account(Security::Plain, u"robin"_s);
    settings.port = mute.serverPort();
    sync::TrialVisit visit(settings, {settings.userName, u"secret"_s, {}},
        [](const net::Endpoint &endpoint) { return std::make_unique<net::TlsTransport>(endpoint); });
    QSignalSpy finished(&visit, &sync::TrialVisit::finished);
    visit.start();
    QTRY_VERIFY_WITH_TIMEOUT(mute.hasPendingConnections(), 10'000); // the name is looked up in the event loop
    QCOMPARE(finished.size(), 0);
    visit.cancel();
    QCOMPARE(finished.size(), 1);
    QCOMPARE(finished.first().first().value<sync::TrialResult>().error->kind, ErrorKind::Cancelled);
    visit.cancel();
    QCOMPARE(finished.size(), 1);
}

QTEST_GUILESS_MAIN(TestTrialVisit)
#include "tst_trialvisit.moc"
