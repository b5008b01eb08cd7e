// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "pop3/session.h"
#include "support/servers/dovecotserver.h"
#include "support/servers/faultproxy.h"
#include "sync/checkharness.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;

namespace {

QByteArray mail(int number, qsizetype size = 0)
{
    return "From: Ada <ada@example.org>\r\nTo: robin@example.org\r\nSubject: Number " + QByteArray::number(number)
        + "\r\nMessage-ID: <" + QByteArray::number(number)
        + "@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\n" + "Hello " + QByteArray::number(number)
        + "\r\n.\r\n..\r\n" + QByteArray(size, 'x') + "\r\n";
}

QByteArrayList mails(int count, qsizetype size = 0)
{
    QByteArrayList list;
    for (int i = 1; i <= count; ++i)
        list.append(mail(i, size));
    return list;
}

} // namespace

/// Whole checks against a real Dovecot: what a person's mail goes through.
class TestDovecotCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void fetchesEverythingByteForByte_data();
    void fetchesEverythingByteForByte();
    void fetchesNothingTwice();
    void deletesAfterDownloadOnlyWhatIsStored();
    void leavesOnTheServerWhatIsToBeLeft();
    void deletesOnTheServerWhatWasDeletedHere();
    void aCertificateThatIsNotTrustedEndsTheCheckBeforeThePassword_data();
    void aCertificateThatIsNotTrustedEndsTheCheckBeforeThePassword();
    void acceptsTheOneCertificateThatThePersonTrusts();
    void aWrongPasswordIsSaidAndNothingElseChanges();
    void Q46_aConnectionCutInMidMessageLosesNothingAndDoublesNothing();
    void aSecondProgramInTheMailboxIsNotAWrongPassword();
    void cancelEndsTheCheckAndTheNextOneGoesOn();
    void whatAnotherProgramDeletedStaysHere();

private:
    void useServer(CheckHarness &harness, Security security);

    DovecotServer m_server;
};

void TestDovecotCheck::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
}

void TestDovecotCheck::useServer(CheckHarness &harness, Security security)
{
    harness.account().security = security;
    harness.account().port = security == Security::ImplicitTls ? m_server.tlsPort() : m_server.port();
    harness.account().trustedCertificate = m_server.certificateSha256();
    harness.account().userName = m_server.addUser();
}

void TestDovecotCheck::fetchesEverythingByteForByte_data()
{
    QTest::addColumn<Security>("security");
    QTest::newRow("TLS from the first byte") << Security::ImplicitTls;
    QTest::newRow("STLS") << Security::StartTls;
    QTest::newRow("plain") << Security::Plain;
}

void TestDovecotCheck::fetchesEverythingByteForByte()
{
    QFETCH(Security, security);
    CheckHarness harness;
    useServer(harness, security);
    QByteArrayList sent = mails(30);
    sent.append(QByteArray("Subject: NUL\r\n\r\nbefore\0after\r\n", 30));
    sent.append("Subject: lone CR\r\n\r\none\rtwo\r\n");
    sent.append("Subject: 8 bit \xfc\r\n\r\nf\xfcr\r\n");
    sent.append("no header at all\r\n");
    sent.append(mail(99, 300'000));
    m_server.deliver(harness.account().userName, sent);

    const sync::CheckResult result = harness.check(DovecotServer::password());
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text + result.error->detail) : "");
    QCOMPARE(result.stored, int(sent.size()));
    QCOMPARE(result.leftOnServer, int(sent.size()));
    QCOMPARE(harness.sources(), sent);
    QCOMPARE(m_server.messages(harness.account().userName).size(), sent.size());
}

void TestDovecotCheck::fetchesNothingTwice()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    m_server.deliver(harness.account().userName, mails(20));
    QCOMPARE(harness.check(DovecotServer::password()).stored, 20);
    harness.reopen();
    QCOMPARE(harness.check(DovecotServer::password()).stored, 0);
    m_server.deliver(harness.account().userName, {mail(21)});
    QCOMPARE(harness.check(DovecotServer::password()).stored, 1);
    QCOMPARE(harness.sources(), mails(21));
}

void TestDovecotCheck::deletesAfterDownloadOnlyWhatIsStored()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    harness.account().retention = Retention::DeleteAfterDownload;
    m_server.deliver(harness.account().userName, mails(50));
    const sync::CheckResult result = harness.check(DovecotServer::password());
    QCOMPARE(result.stored, 50);
    QCOMPARE(result.deletedOnServer, 50);
    QCOMPARE(result.leftOnServer, 0);
    QCOMPARE(m_server.messages(harness.account().userName).size(), 0);
    QCOMPARE(harness.sources(), mails(50));

    const sync::CheckResult next = harness.check(DovecotServer::password());
    QVERIFY(!next.error);
    QCOMPARE(next.stored, 0);
    const QList<store::LedgerEntry> ledger = harness.ledger();
    QCOMPARE(ledger.size(), 50);
    for (const store::LedgerEntry &entry : ledger)
        QCOMPARE(entry.state, store::ServerState::Absent);
}

void TestDovecotCheck::leavesOnTheServerWhatIsToBeLeft()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    harness.account().retention = Retention::KeepDays;
    harness.account().keepDays = 14;
    harness.account().sizeLimit = 100'000;
    m_server.deliver(harness.account().userName, {mail(1), mail(2, 200'000), mail(3)});
    const sync::CheckResult result = harness.check(DovecotServer::password());
    QCOMPARE(result.stored, 3);
    QCOMPARE(result.beginnings, 1); // the large one: only its beginning is here
    QCOMPARE(result.skippedTooLarge, 0);
    QCOMPARE(result.deletedOnServer, 0);
    QCOMPARE(m_server.messages(harness.account().userName).size(), 3);
    // The limit goes, and so must the rest of it come.
    harness.account().sizeLimit = 0;
    QCOMPARE(harness.check(DovecotServer::password()).completed, 1);
    // The days have passed.
    harness.account().keepDays = 0;
    QCOMPARE(harness.check(DovecotServer::password()).deletedOnServer, 3);
    QCOMPARE(m_server.messages(harness.account().userName).size(), 0);
    QCOMPARE(harness.sources().size(), 3);
}

void TestDovecotCheck::deletesOnTheServerWhatWasDeletedHere()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    harness.account().deleteWhenDeletedHere = true;
    m_server.deliver(harness.account().userName, mails(3));
    QCOMPARE(harness.check(DovecotServer::password()).stored, 3);
    const Expected<QList<MessageId>> ids = harness.reader().list({}, {SortField::Date, Qt::AscendingOrder});
    QVERIFY(ids);
    QVERIFY(harness.writer().remove({ids->first()}));
    QVERIFY(harness.writer().purge());
    const sync::CheckResult result = harness.check(DovecotServer::password());
    QCOMPARE(result.deletedOnServer, 1);
    QCOMPARE(result.stored, 0);
    QCOMPARE(m_server.messages(harness.account().userName).size(), 2);
}

void TestDovecotCheck::aCertificateThatIsNotTrustedEndsTheCheckBeforeThePassword_data()
{
    QTest::addColumn<QString>("certificate");
    QTest::addColumn<Security>("security");
    for (const char *kind : {"server", "wrong", "expired", "selfsigned"}) {
        QTest::addRow("%s, TLS", kind) << QString::fromLatin1(kind) << Security::ImplicitTls;
        QTest::addRow("%s, STLS", kind) << QString::fromLatin1(kind) << Security::StartTls;
    }
}

void TestDovecotCheck::aCertificateThatIsNotTrustedEndsTheCheckBeforeThePassword()
{
    QFETCH(QString, certificate);
    QFETCH(Security, security);
    DovecotOptions options;
    options.certificate = certificate;
    DovecotServer server(options);
    QVERIFY2(server.start(), qPrintable(server.problem()));
    CheckHarness harness;
    harness.account().security = security;
    harness.account().port = security == Security::ImplicitTls ? server.tlsPort() : server.port();
    harness.account().userName = server.addUser();
    server.deliver(harness.account().userName, mails(1));

    const sync::CheckResult result = harness.check(DovecotServer::password());
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::CertificateUntrusted);
    QCOMPARE(result.error->action, ErrorAction::ReviewCertificate);
    QVERIFY(result.error->certificate);
    QCOMPARE(result.error->certificate->sha256, server.certificateSha256());
    QVERIFY(!result.error->certificate->reasons.isEmpty());
    QCOMPARE(result.stored, 0);
    QVERIFY(!server.log().contains("Logged in"));

    // The exception is for this one certificate.
    harness.account().trustedCertificate = result.error->certificate->sha256;
    QCOMPARE(harness.check(DovecotServer::password()).stored, 1);
    harness.account().trustedCertificate = QByteArray(32, 'x');
    const sync::CheckResult other = harness.check(DovecotServer::password());
    QVERIFY(other.error && other.error->certificate);
    QVERIFY(other.error->certificate->changed);
}

void TestDovecotCheck::acceptsTheOneCertificateThatThePersonTrusts()
{
    CheckHarness harness;
    useServer(harness, Security::StartTls);
    m_server.deliver(harness.account().userName, mails(2));
    QCOMPARE(harness.check(DovecotServer::password()).stored, 2);
}

void TestDovecotCheck::aWrongPasswordIsSaidAndNothingElseChanges()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    m_server.deliver(harness.account().userName, mails(2));
    const sync::CheckResult result = harness.check(QStringLiteral("not the password"));
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::AuthenticationFailed);
    QCOMPARE(result.error->action, ErrorAction::EnterPassword);
    QCOMPARE(result.stored, 0);
    QVERIFY(harness.ledger().isEmpty());
    QCOMPARE(harness.check(DovecotServer::password()).stored, 2);
}

void TestDovecotCheck::Q46_aConnectionCutInMidMessageLosesNothingAndDoublesNothing()
{
    CheckHarness harness;
    useServer(harness, Security::Plain);
    harness.account().retention = Retention::DeleteAfterDownload;
    const QByteArrayList sent = mails(40, 20'000);
    m_server.deliver(harness.account().userName, sent);
    FaultProxy proxy(m_server.port());
    QVERIFY(proxy.isListening());
    harness.account().port = proxy.port();
    int stored = 0;
    for (const qint64 cutAfter : {1000, 60'000, 200'000, 300'001}) {
        LineFaults faults;
        faults.end = LineFaults::End::Close;
        faults.afterServerBytes = cutAfter;
        proxy.setFaults(faults);
        const sync::CheckResult result = harness.check(DovecotServer::password());
        QVERIFY(result.error);
        QCOMPARE(result.error->kind, ErrorKind::ConnectionLost);
        QCOMPARE(result.deletedOnServer, 0);
        stored += result.stored;
        QCOMPARE(m_server.messages(harness.account().userName).size(), sent.size());
    }
    QVERIFY(stored > 0);
    proxy.setFaults({});
    const sync::CheckResult rest = harness.check(DovecotServer::password());
    QVERIFY(!rest.error);
    QCOMPARE(stored + rest.stored, 40);
    QByteArrayList all = harness.sources();
    QByteArrayList expected = sent;
    std::sort(all.begin(), all.end());
    std::sort(expected.begin(), expected.end());
    QCOMPARE(all, expected);
    QCOMPARE(m_server.messages(harness.account().userName).size(), 0);
}

void TestDovecotCheck::aSecondProgramInTheMailboxIsNotAWrongPassword()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    m_server.deliver(harness.account().userName, mails(3));
    // Another program is inside.
    net::Endpoint endpoint;
    endpoint.host = harness.account().host;
    endpoint.port = harness.account().port;
    endpoint.trustedCertificate = harness.account().trustedCertificate;
    pop3::Session other(std::make_unique<net::TlsTransport>(endpoint), endpoint);
    bool inside = false;
    connect(&other, &pop3::Session::ready, this, [&] {
        net::Credentials credentials;
        credentials.userName = harness.account().userName;
        credentials.password = DovecotServer::password();
        other.login(credentials);
    });
    connect(&other, &pop3::Session::loggedIn, this, [&] { inside = true; });
    other.open();
    QTRY_VERIFY_WITH_TIMEOUT(inside, 20'000);
    const sync::CheckResult result = harness.check(DovecotServer::password());
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::MailboxInUse);
    other.abort();
}

void TestDovecotCheck::cancelEndsTheCheckAndTheNextOneGoesOn()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    const QByteArrayList sent = mails(400, 5'000);
    m_server.deliver(harness.account().userName, sent);
    const sync::CheckResult cancelled = harness.check(DovecotServer::password(), [](sync::MailCheck &check) {
        QObject::connect(&check, &sync::MailCheck::arrived, &check, &sync::MailCheck::cancel);
    });
    QVERIFY(cancelled.error);
    QCOMPARE(cancelled.error->kind, ErrorKind::Cancelled);
    QVERIFY(cancelled.stored > 0);
    const sync::CheckResult rest = harness.check(DovecotServer::password());
    QVERIFY(!rest.error);
    QCOMPARE(cancelled.stored + rest.stored, 400);
    QCOMPARE(harness.sources().size(), 400);
}

void TestDovecotCheck::whatAnotherProgramDeletedStaysHere()
{
    CheckHarness harness;
    useServer(harness, Security::ImplicitTls);
    m_server.deliver(harness.account().userName, mails(4));
    QCOMPARE(harness.check(DovecotServer::password()).stored, 4);
    m_server.removeBehindTheBack(harness.account().userName, {1, 2});
    QVERIFY(!harness.check(DovecotServer::password()).error);
    QCOMPARE(harness.sources(), mails(4));
    int absent = 0;
    for (const store::LedgerEntry &entry : harness.ledger())
        absent += entry.state == store::ServerState::Absent;
    QCOMPARE(absent, 2);
}

QTEST_GUILESS_MAIN(TestDovecotCheck)
#include "tst_dovecotcheck.moc"
