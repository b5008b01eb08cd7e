// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/guesses.h"
#include "autoconfig/loopback.h"
#include "support/scriptedserver.h"

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

/// Knocking at the usual names: who is found, and what is never sent.
class TestGuesses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void findsTheServerUnderAnyUsualName_data();
    void findsTheServerUnderAnyUsualName();
    void prefersTheLikelierNameThoughItIsSlower();
    void waitsOnlyAWhileForALikelierNameThatIsSilent();
    void tlsWinsThoughPlainAnswersFaster();
    void findsStartTlsWhereThereIsNoPort995();
    void findsStartTlsOfAServerWithoutCapa();
    void Q5_aServerWithoutEncryptionComesLastAndIsSaidToBe_data();
    void Q5_aServerWithoutEncryptionComesLastAndIsSaidToBe();
    void aServerThatProvesItselfComesBeforeOneThatCannot_data();
    void aServerThatProvesItselfComesBeforeOneThatCannot();
    void anUntrustedServerComesBeforeOneWithoutEncryption();
    void anUntrustedCertificateBehindStartTlsIsSeenToo();
    void whatIsNoPop3ServerIsNotFound_data();
    void whatIsNoPop3ServerIsNotFound();
    void bytesBehindTheAnswerToStlsAreAnInjection();
    void neverSendsACredentialOrAName();
    void silentServersAreGivenUp();
    void nobodyThereEndsAtOnce();
    void abortedItSaysNothing();

private:
    [[nodiscard]] std::optional<Guesses::Found> search(const DiscoveryOptions &options);
    [[nodiscard]] std::optional<Guesses::Found> search() { return search(m_net->options()); }

    std::unique_ptr<Loopback> m_net;
};

void TestGuesses::initTestCase()
{
    QVERIFY(testCertificates().isValid());
}

void TestGuesses::init()
{
    m_net = std::make_unique<Loopback>();
    QVERIFY(m_net->start());
}

std::optional<Guesses::Found> TestGuesses::search(const DiscoveryOptions &options)
{
    Guesses guesses(u"example.org"_s, options);
    QSignalSpy finished(&guesses, &Guesses::finished);
    guesses.start();
    if (!finished.wait(10'000) || finished.size() != 1)
        qFatal("no end");
    return guesses.best();
}

void TestGuesses::findsTheServerUnderAnyUsualName_data()
{
    QTest::addColumn<QString>("host");
    for (const QString &host : {u"pop.example.org"_s, u"pop3.example.org"_s, u"mail.example.org"_s, u"example.org"_s})
        QTest::newRow(qPrintable(host)) << host;
}

void TestGuesses::findsTheServerUnderAnyUsualName()
{
    QFETCH(QString, host);
    ScriptedServer server;
    QVERIFY(server.listen());
    m_net->lead(host, 995, server.tlsPort());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.host, host);
    QCOMPARE(found->endpoint.port, 995);
    QCOMPARE(found->endpoint.security, Security::ImplicitTls);
    QVERIFY(found->trusted);
}

void TestGuesses::prefersTheLikelierNameThoughItIsSlower()
{
    ServerQuirks slow;
    slow.latency = 150ms;
    ScriptedServer pop({}, slow), mail;
    QVERIFY(pop.listen() && mail.listen());
    m_net->lead(u"pop.example.org"_s, 995, pop.tlsPort());
    m_net->lead(u"mail.example.org"_s, 995, mail.tlsPort());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.host, u"pop.example.org"_s);
}

void TestGuesses::waitsOnlyAWhileForALikelierNameThatIsSilent()
{
    ServerQuirks silent;
    silent.silentAt = "GREETING";
    ScriptedServer pop({}, silent), mail;
    QVERIFY(pop.listen() && mail.listen());
    m_net->lead(u"pop.example.org"_s, 995, pop.tlsPort());
    m_net->lead(u"mail.example.org"_s, 995, mail.tlsPort());
    DiscoveryOptions options = m_net->options();
    options.grace = 100ms;
    options.probe = 60s;
    const auto found = search(options);
    QVERIFY(found);
    QCOMPARE(found->endpoint.host, u"mail.example.org"_s);
}

void TestGuesses::tlsWinsThoughPlainAnswersFaster()
{
    ServerQuirks slow;
    slow.latency = 150ms;
    ScriptedServer tls({}, slow), fast;
    QVERIFY(tls.listen() && fast.listen());
    m_net->lead(u"example.org"_s, 995, tls.tlsPort());
    m_net->lead(u"pop.example.org"_s, 110, fast.port());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.security, Security::ImplicitTls);
    QCOMPARE(fast.record().connections, 0);
}

void TestGuesses::findsStartTlsWhereThereIsNoPort995()
{
    ScriptedServer server;
    QVERIFY(server.listen());
    m_net->lead(u"mail.example.org"_s, 110, server.port());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.host, u"mail.example.org"_s);
    QCOMPARE(found->endpoint.port, 110);
    QCOMPARE(found->endpoint.security, Security::StartTls);
    QVERIFY(found->trusted);
}

void TestGuesses::findsStartTlsOfAServerWithoutCapa()
{
    ServerQuirks quirks;
    quirks.capa = false;
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    m_net->lead(u"pop.example.org"_s, 110, server.port());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.security, Security::StartTls);
}

void TestGuesses::Q5_aServerWithoutEncryptionComesLastAndIsSaidToBe_data()
{
    QTest::addColumn<bool>("announced");
    QTest::newRow("STLS is not announced") << false;
    QTest::newRow("STLS is announced and refused") << true;
}

void TestGuesses::Q5_aServerWithoutEncryptionComesLastAndIsSaidToBe()
{
    QFETCH(bool, announced);
    ServerQuirks bare;
    bare.stls = announced;
    bare.stlsRefused = announced;
    ScriptedServer plain({}, bare), startTls;
    QVERIFY(plain.listen() && startTls.listen());
    m_net->lead(u"pop.example.org"_s, 110, plain.port());
    const auto alone = search();
    QVERIFY(alone);
    QCOMPARE(alone->endpoint.security, Security::Plain);
    QVERIFY(!alone->trusted);

    m_net->lead(u"example.org"_s, 110, startTls.port());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.host, u"example.org"_s);
    QCOMPARE(found->endpoint.security, Security::StartTls);
}

void TestGuesses::aServerThatProvesItselfComesBeforeOneThatCannot_data()
{
    QTest::addColumn<CertificateKind>("kind");
    QTest::newRow("of another host") << CertificateKind::WrongHost;
    QTest::newRow("with a common name only") << CertificateKind::NoNames;
    QTest::newRow("expired") << CertificateKind::Expired;
    QTest::newRow("self-signed") << CertificateKind::SelfSigned;
}

void TestGuesses::aServerThatProvesItselfComesBeforeOneThatCannot()
{
    QFETCH(CertificateKind, kind);
    ServerQuirks quirks;
    quirks.certificate = kind;
    ScriptedServer doubtful({}, quirks), good;
    QVERIFY(doubtful.listen() && good.listen());
    m_net->lead(u"pop.example.org"_s, 995, doubtful.tlsPort());
    const auto alone = search();
    QVERIFY(alone);
    QCOMPARE(alone->endpoint.host, u"pop.example.org"_s);
    QVERIFY(!alone->trusted);

    m_net->lead(u"example.org"_s, 110, good.port());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.host, u"example.org"_s);
    QCOMPARE(found->endpoint.security, Security::StartTls);
    QVERIFY(found->trusted);
    QVERIFY(doubtful.record().commands.isEmpty());
}

void TestGuesses::anUntrustedServerComesBeforeOneWithoutEncryption()
{
    ServerQuirks selfSigned;
    selfSigned.certificate = CertificateKind::SelfSigned;
    ServerQuirks bare;
    bare.stls = false;
    ScriptedServer doubtful({}, selfSigned), plain({}, bare);
    QVERIFY(doubtful.listen() && plain.listen());
    m_net->lead(u"example.org"_s, 995, doubtful.tlsPort());
    m_net->lead(u"pop.example.org"_s, 110, plain.port());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.security, Security::ImplicitTls);
    QVERIFY(!found->trusted);
}

void TestGuesses::anUntrustedCertificateBehindStartTlsIsSeenToo()
{
    ServerQuirks expired;
    expired.certificate = CertificateKind::Expired;
    ScriptedServer server({}, expired);
    QVERIFY(server.listen());
    m_net->lead(u"pop.example.org"_s, 110, server.port());
    const auto found = search();
    QVERIFY(found);
    QCOMPARE(found->endpoint.security, Security::StartTls);
    QVERIFY(!found->trusted);
}

void TestGuesses::whatIsNoPop3ServerIsNotFound_data()
{
    QTest::addColumn<QByteArray>("greeting");
    QTest::newRow("IMAP") << QByteArray("* OK IMAP4rev1 ready");
    QTest::newRow("SMTP") << QByteArray("220 mail.example.org ESMTP");
    QTest::newRow("web") << QByteArray("HTTP/1.1 400 Bad Request");
    QTest::newRow("refuses") << QByteArray("-ERR come back later");
    QTest::newRow("nearly") << QByteArray("+Okay");
    QTest::newRow("nothing in the line") << QByteArray("");
    QTest::newRow("endless") << "+OK " + QByteArray(100'000, 'x');
}

void TestGuesses::whatIsNoPop3ServerIsNotFound()
{
    QFETCH(QByteArray, greeting);
    ServerQuirks quirks;
    quirks.greeting = greeting;
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    m_net->lead(u"pop.example.org"_s, 995, server.tlsPort());
    m_net->lead(u"mail.example.org"_s, 110, server.port());
    QVERIFY(!search());
}

void TestGuesses::bytesBehindTheAnswerToStlsAreAnInjection()
{
    ServerQuirks quirks;
    quirks.behindStls = "+OK you are logged in\r\n";
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    m_net->lead(u"pop.example.org"_s, 110, server.port());
    QVERIFY(!search());
}

void TestGuesses::neverSendsACredentialOrAName()
{
    ServerQuirks bare;
    bare.stls = false;
    ScriptedServer doubtful({}, bare), good;
    QVERIFY(doubtful.listen() && good.listen());
    m_net->lead(u"pop.example.org"_s, 110, doubtful.port());
    m_net->lead(u"mail.example.org"_s, 110, good.port());
    QVERIFY(search());
    m_net->lead(u"pop.example.org"_s, 995, good.tlsPort());
    QVERIFY(search());
    QTRY_COMPARE(good.record().connections, 2);
    for (const ScriptedServer *server : {&doubtful, &good}) {
        const QByteArrayList commands = server->record().commands;
        for (const QByteArray &command : commands)
            QVERIFY2(command == "CAPA" || command == "STLS" || command == "QUIT", command.constData());
        QCOMPARE(server->record().logins + server->record().failedLogins, 0);
    }
}

void TestGuesses::silentServersAreGivenUp()
{
    QTcpServer silent; // takes the connection and says nothing
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    ServerQuirks mute;
    mute.silentAt = "CAPA";
    ScriptedServer server({}, mute);
    QVERIFY(server.listen());
    for (const QString &host : {u"pop.example.org"_s, u"pop3.example.org"_s})
        m_net->lead(host, 995, silent.serverPort());
    m_net->lead(u"mail.example.org"_s, 110, server.port());
    m_net->lead(u"example.org"_s, 110, silent.serverPort());
    DiscoveryOptions options = m_net->options();
    options.probe = 200ms;
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!search(options));
    QVERIFY(clock.elapsed() < 3000);
}

void TestGuesses::nobodyThereEndsAtOnce()
{
    QElapsedTimer clock;
    clock.start();
    QVERIFY(!search());
    QVERIFY(clock.elapsed() < 3000);
    QCOMPARE(m_net->knocked().size(), 8);
    QVERIFY(std::ranges::all_of(m_net->knocked().first(4), [](const QString &at) { return at.endsWith(u":995"_s); }));
}

void TestGuesses::abortedItSaysNothing()
{
    ScriptedServer server;
    QVERIFY(server.listen());
    m_net->lead(u"pop.example.org"_s, 995, server.tlsPort());
    Guesses aborted(u"example.org"_s, m_net->options());
    QSignalSpy finished(&aborted, &Guesses::finished);
    aborted.start();
    aborted.abort();
    QVERIFY(search());
    QCOMPARE(finished.size(), 0);
    QVERIFY(!aborted.best());
}

QTEST_GUILESS_MAIN(TestGuesses)
#include "tst_guesses.moc"
