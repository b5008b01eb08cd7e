// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/dnsrecords.h"
#include "support/dns/dnsserver.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace satchel;
using namespace satchel::autoconfig;
using namespace satchel::test;

/// SRV and MX records, from honest and from lying name servers.
class TestDnsRecords : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void findsTheServersOfADomain();
    void prefersTlsFromTheFirstByte();
    void neverMakesAPlainServerOfPop3();
    void keepsThePrioritiesOfTheDomain();
    void aTargetOfTheRootMeansNone();
    void aRootAmongOthersMeansNothing();
    void passesOverTargetsThatAreNoHostNames();
    void ordersTheServersThatReceiveMail();
    void asksForTheDomainAloneAndNothingElse();
    void nothingToFindIsAnAnswer();
    void failuresAreNoAnswer();
    void garbageIsNotBelieved();
    void silenceEnds();
    void abortedItSaysNothing();

private:
    [[nodiscard]] DiscoveryOptions options(std::chrono::milliseconds deadline = 10s) const;
    void look(DnsRecords &records);

    std::unique_ptr<DnsServer> m_server;
};

void TestDnsRecords::init()
{
    m_server = std::make_unique<DnsServer>();
    QVERIFY(m_server->start());
}

DiscoveryOptions TestDnsRecords::options(std::chrono::milliseconds deadline) const
{
    DiscoveryOptions options;
    options.nameserver = m_server->address();
    options.nameserverPort = m_server->port();
    options.lookUp = deadline;
    return options;
}

void TestDnsRecords::look(DnsRecords &records)
{
    QSignalSpy finished(&records, &DnsRecords::finished);
    records.start();
    QVERIFY(finished.size() == 1 || finished.wait(15'000));
    QCOMPARE(finished.size(), 1);
    QVERIFY(records.isFinished());
}

void TestDnsRecords::findsTheServersOfADomain()
{
    m_server->addService("_pop3s._tcp.example.org", 0, 1, 1995, "Pop.Example.org");
    m_server->addService("_submission._tcp.example.org", 0, 1, 587, "smtp.example.org");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QVERIFY(records.answered());
    QCOMPARE(records.pop3(), (MailServer{u"pop.example.org"_s, 1995, Security::ImplicitTls, {}}));
    QCOMPARE(records.submission(), (MailServer{u"smtp.example.org"_s, 587, Security::StartTls, {}}));
    QVERIFY(!records.saysNoPop3());
}

void TestDnsRecords::prefersTlsFromTheFirstByte()
{
    m_server->addService("_pop3._tcp.example.org", 0, 1, 110, "pop.example.org");
    m_server->addService("_pop3s._tcp.example.org", 9, 1, 995, "pops.example.org");
    m_server->addService("_submission._tcp.example.org", 0, 1, 587, "smtp.example.org");
    m_server->addService("_submissions._tcp.example.org", 9, 1, 465, "smtps.example.org");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QCOMPARE(records.pop3()->host, u"pops.example.org"_s);
    QCOMPARE(records.submission()->host, u"smtps.example.org"_s);
    QCOMPARE(records.submission()->security, Security::ImplicitTls);
}

void TestDnsRecords::neverMakesAPlainServerOfPop3()
{
    m_server->addService("_pop3._tcp.example.org", 0, 1, 110, "pop.example.org");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QCOMPARE(records.pop3()->security, Security::StartTls);
}

void TestDnsRecords::keepsThePrioritiesOfTheDomain()
{
    m_server->addService("_pop3s._tcp.example.org", 20, 1, 995, "second.example.org");
    m_server->addService("_pop3s._tcp.example.org", 10, 1, 995, "first.example.org");
    m_server->addService("_pop3s._tcp.example.org", 30, 1, 995, "third.example.org");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QCOMPARE(records.pop3()->host, u"first.example.org"_s);
}

void TestDnsRecords::aTargetOfTheRootMeansNone()
{
    m_server->addService("_pop3s._tcp.example.org", 0, 0, 0, ".");
    {
        DnsRecords records(u"example.org"_s, options());
        look(records);
        QVERIFY(!records.pop3());
        QVERIFY(!records.saysNoPop3()); // of the other service nothing is said
    }
    m_server->addService("_pop3._tcp.example.org", 0, 0, 0, ".");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QVERIFY(!records.pop3());
    QVERIFY(records.saysNoPop3());
}

void TestDnsRecords::aRootAmongOthersMeansNothing()
{
    m_server->addService("_pop3s._tcp.example.org", 0, 0, 0, ".");
    m_server->addService("_pop3s._tcp.example.org", 10, 0, 995, "pop.example.org");
    m_server->addService("_pop3._tcp.example.org", 0, 0, 0, ".");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QVERIFY(!records.saysNoPop3());
    QCOMPARE(records.pop3()->host, u"pop.example.org"_s);
}

void TestDnsRecords::passesOverTargetsThatAreNoHostNames()
{
    m_server->addService("_pop3s._tcp.example.org", 0, 0, 995, QByteArrayList{"pop\r\nDELE 1", "example", "org"});
    m_server->addService("_pop3s._tcp.example.org", 1, 0, 995, QByteArrayList{"pop example", "org"});
    m_server->addService("_pop3s._tcp.example.org", 2, 0, 995, QByteArrayList{"192", "0", "2", "1"});
    m_server->addService("_pop3s._tcp.example.org", 3, 0, 995, "localhost");
    m_server->addService("_pop3s._tcp.example.org", 4, 0, 0, "no-port.example.org");
    m_server->addService("_pop3s._tcp.example.org", 5, 0, 995, "good.example.org");
    m_server->addService("_pop3s._tcp.example.org", 6, 0, 995, "late.example.org");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QCOMPARE(records.pop3()->host, u"good.example.org"_s);
}

void TestDnsRecords::ordersTheServersThatReceiveMail()
{
    m_server->addMailExchange("example.org", 20, "alt.l.google.com");
    m_server->addMailExchange("example.org", 10, "aspmx.L.google.com");
    m_server->addMailExchange("example.org", 30, ".");
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QCOMPARE(records.mailExchanges(), (QStringList{u"aspmx.l.google.com"_s, u"alt.l.google.com"_s}));
}

void TestDnsRecords::asksForTheDomainAloneAndNothingElse()
{
    DnsRecords records(u"xn--bcher-kva.example"_s, options());
    QVERIFY(m_server->questions().isEmpty());
    look(records);
    QByteArrayList asked = m_server->questions();
    std::ranges::sort(asked);
    asked.erase(std::ranges::unique(asked).begin(), asked.end());
    QCOMPARE(asked,
        (QByteArrayList{"_pop3._tcp.xn--bcher-kva.example", "_pop3s._tcp.xn--bcher-kva.example",
            "_submission._tcp.xn--bcher-kva.example", "_submissions._tcp.xn--bcher-kva.example",
            "xn--bcher-kva.example"}));
}

void TestDnsRecords::nothingToFindIsAnAnswer()
{
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QVERIFY(records.answered());
    QVERIFY(!records.pop3() && !records.submission() && !records.saysNoPop3());
    QVERIFY(records.mailExchanges().isEmpty());
}

void TestDnsRecords::failuresAreNoAnswer()
{
    m_server->setMood(DnsServer::Mood::Failing);
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QVERIFY(!records.answered());
    QVERIFY(!records.pop3());
}

void TestDnsRecords::garbageIsNotBelieved()
{
    m_server->setMood(DnsServer::Mood::Garbled);
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QVERIFY(!records.pop3() && !records.submission() && !records.saysNoPop3());
    QVERIFY(records.mailExchanges().isEmpty());
}

void TestDnsRecords::silenceEnds()
{
    m_server->setMood(DnsServer::Mood::Silent);
    DnsRecords records(u"example.org"_s, options(300ms));
    QElapsedTimer clock;
    clock.start();
    look(records);
    QVERIFY(clock.elapsed() < 3000);
    QVERIFY(!records.answered());
}

void TestDnsRecords::abortedItSaysNothing()
{
    m_server->addService("_pop3s._tcp.example.org", 0, 1, 995, "pop.example.org");
    DnsRecords aborted(u"example.org"_s, options());
    QSignalSpy finished(&aborted, &DnsRecords::finished);
    aborted.start();
    aborted.abort();
    DnsRecords records(u"example.org"_s, options());
    look(records);
    QCOMPARE(finished.size(), 0);
    QVERIFY(!aborted.pop3());
}

QTEST_GUILESS_MAIN(TestDnsRecords)
#include "tst_dnsrecords.moc"
