// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/discovery.h"
#include "autoconfig/hints.h"
#include "autoconfig/loopback.h"
#include "support/scriptedserver.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace satchel;
using namespace satchel::autoconfig;
using namespace satchel::test;

namespace {

const QByteArray published = "autoconfig.example.org/mail/config-v1.1.xml";

QByteArray config(const QByteArray &type, const QByteArray &socket = "SSL", const QByteArray &authentication = {})
{
    return "<clientConfig version=\"1.1\"><emailProvider id=\"example.org\"><displayName>Example Mail</displayName>"
           "<incomingServer type=\""
        + type
        + "\"><hostname>published.example.net</hostname><port>2995</port>"
          "<socketType>"
        + socket + "</socketType><authentication>" + authentication
        + "</authentication><username>%EMAILLOCALPART%</username></incomingServer><outgoingServer type=\"smtp\">"
          "<hostname>smtp.example.net</hostname><port>465</port><socketType>SSL</socketType>"
          "<username>%EMAILADDRESS%</username></outgoingServer></emailProvider></clientConfig>";
}

/// What a search came to.
struct Answer {
    std::optional<Proposal> proposal;
    std::optional<Error> error;
};

} // namespace

/// The search as a whole: which way wins, what it says, and what leaves the machine.
class TestDiscovery : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void presetsAnswerAtOnceWithoutAnyNetwork();
    void thePresetWinsOverWhatTheDomainPublishes();
    void refusesWhatIsNoAddress();
    void findsWhatTheDomainPublishes();
    void thePublishedFileWinsOverDns();
    void saysWhereThePublishedServerRefusesPasswords();
    void warnsWhereThePublishedServerHasNoEncryption();
    void findsServersByDns();
    void aServerOutsideTheDomainNeedsAConfirmation();
    void believesADomainThatSaysItHasNoPop3();
    void findsTheProviderThatReceivesTheMailOfTheDomain();
    void srvWinsOverMx();
    void mxAtAProviderWithoutPop3IsSaid();
    void guessesWhereNothingIsPublished();
    void keepsTheSubmissionServerLearnedOnTheWay();
    void aGuessThatCannotProveItselfNeedsAConfirmation();
    void aGuessWithoutEncryptionIsInsecureAndNeedsAConfirmation();
    void knowsThatThereIsImapOnly();
    void aProviderWhosePop3IsNotKnownIsSearchedFor();
    void saysWhatToDoWhenNothingIsFound();
    void aHostileFileDoesNotStopTheSearch_data();
    void aHostileFileDoesNotStopTheSearch();
    void offlineItFailsFastAndSaysSo();
    void silenceEverywhereEnds();
    void neverTellsThePersonsNameOrAddress();
    void nothingLeavesBeforeFindAndAfterCancel();
    void aNewSearchReplacesTheOld();
    void canBeAskedAgainFromItsOwnAnswer();
    void canBeDeletedInTheMiddle();

private:
    [[nodiscard]] Answer find(const QString &address, const DiscoveryOptions &options);
    [[nodiscard]] Answer find(const QString &address = u"Ada@example.org"_s) { return find(address, m_net->options()); }

    std::unique_ptr<Loopback> m_net;
};

void TestDiscovery::initTestCase()
{
    QVERIFY(testCertificates().isValid());
}

void TestDiscovery::init()
{
    m_net = std::make_unique<Loopback>();
    QVERIFY(m_net->start());
}

Answer TestDiscovery::find(const QString &address, const DiscoveryOptions &options)
{
    Discovery discovery(options, Providers::builtIn());
    Answer answer;
    connect(&discovery, &Discovery::found, this, [&](const Proposal &proposal) { answer.proposal = proposal; });
    connect(&discovery, &Discovery::notFound, this, [&](const Error &error) { answer.error = error; });
    discovery.find(address, u"Ada Lovelace"_s);
    if (answer.proposal || answer.error)
        qFatal("answered before find() returned");
    if (!QTest::qWaitFor([&] { return answer.proposal || answer.error; }, 20'000))
        qFatal("no answer");
    if (discovery.isSearching())
        qFatal("answered and still searching");
    return answer;
}

void TestDiscovery::presetsAnswerAtOnceWithoutAnyNetwork()
{
    m_net->pullThePlug();
    QElapsedTimer clock;
    clock.start();
    const Answer answer = find(u" ada@GMX.de "_s);
    QVERIFY(clock.elapsed() < 500);
    QVERIFY(answer.proposal);
    QCOMPARE(answer.proposal->source, Source::Preset);
    QCOMPARE(answer.proposal->account.host, u"pop.gmx.net"_s);
    QCOMPARE(answer.proposal->account.personName, u"Ada Lovelace"_s);
    QVERIFY(m_net->dns().questions().isEmpty());
    QCOMPARE(m_net->web().connections(), 0);
    QVERIFY(m_net->knocked().isEmpty());
}

void TestDiscovery::thePresetWinsOverWhatTheDomainPublishes()
{
    m_net->web().answer("autoconfig.gmx.de/mail/config-v1.1.xml", {.body = config("pop3")});
    const Answer answer = find(u"ada@gmx.de"_s);
    QCOMPARE(answer.proposal->account.host, u"pop.gmx.net"_s);
    QCOMPARE(m_net->web().connections(), 0);
}

void TestDiscovery::refusesWhatIsNoAddress()
{
    const Answer answer = find(u"ada"_s);
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, ErrorKind::InvalidRequest);
    QVERIFY(m_net->dns().questions().isEmpty());
}

void TestDiscovery::findsWhatTheDomainPublishes()
{
    m_net->web().answer(published, {.body = config("pop3")});
    const Answer answer = find();
    QVERIFY(answer.proposal);
    const Proposal &made = *answer.proposal;
    QCOMPARE(made.source, Source::Autoconfig);
    QCOMPARE(made.provider, u"Example Mail"_s);
    QCOMPARE(made.account.address, u"Ada@example.org"_s);
    QCOMPARE(made.account.name, u"Ada@example.org"_s);
    QCOMPARE(made.account.personName, u"Ada Lovelace"_s);
    QCOMPARE(made.account.host, u"published.example.net"_s);
    QCOMPARE(made.account.port, 2995);
    QCOMPARE(made.account.userName, u"Ada"_s);
    QCOMPARE(made.submission, (MailServer{u"smtp.example.net"_s, 465, Security::ImplicitTls, u"Ada@example.org"_s}));
    QVERIFY(made.hints.isEmpty());
    QVERIFY(!made.insecure && !made.needsConfirmation && !made.noPop3);
    QVERIFY(m_net->knocked().isEmpty());
}

void TestDiscovery::thePublishedFileWinsOverDns()
{
    m_net->web().answer(published, {.body = config("pop3")});
    m_net->dns().addService("_pop3s._tcp.example.org", 0, 0, 995, "pop.example.org");
    QCOMPARE(find().proposal->source, Source::Autoconfig);
}

void TestDiscovery::saysWhereThePublishedServerRefusesPasswords()
{
    m_net->web().answer(published, {.body = config("pop3", "SSL", "OAuth2")});
    const Answer answer = find();
    QCOMPARE(answer.proposal->signIn, SignIn::OAuth);
    QCOMPARE(answer.proposal->hints, QStringList{*hint(u"oauth-only"_s, u"Example Mail"_s)});
}

void TestDiscovery::warnsWhereThePublishedServerHasNoEncryption()
{
    m_net->web().answer(published, {.body = config("pop3", "plain")});
    const Answer answer = find();
    QVERIFY(answer.proposal->insecure);
    QVERIFY(answer.proposal->needsConfirmation);
    QCOMPARE(answer.proposal->hints, QStringList{hintNotEncrypted(u"published.example.net"_s)});
}

void TestDiscovery::findsServersByDns()
{
    m_net->dns().addService("_pop3s._tcp.example.org", 0, 0, 1995, "pop.example.org");
    m_net->dns().addService("_submissions._tcp.example.org", 0, 0, 465, "smtp.example.org");
    const Answer answer = find();
    QVERIFY(answer.proposal);
    QCOMPARE(answer.proposal->source, Source::Dns);
    QCOMPARE(answer.proposal->account.host, u"pop.example.org"_s);
    QCOMPARE(answer.proposal->account.port, 1995);
    QCOMPARE(answer.proposal->account.userName, u"Ada@example.org"_s);
    QCOMPARE(answer.proposal->submission->host, u"smtp.example.org"_s);
    QCOMPARE(answer.proposal->submission->userName, u"Ada@example.org"_s);
    QVERIFY(!answer.proposal->needsConfirmation);
    QVERIFY(m_net->knocked().isEmpty());
}

void TestDiscovery::aServerOutsideTheDomainNeedsAConfirmation()
{
    for (const char *host : {"pop.evil.test", "example.org.evil.test", "notexample.org"}) {
        init();
        m_net->dns().addService("_pop3s._tcp.example.org", 0, 0, 995, host);
        const Answer answer = find();
        QVERIFY(answer.proposal);
        QVERIFY2(answer.proposal->needsConfirmation, host);
        QCOMPARE(answer.proposal->hints, QStringList{hintOutsideDomain(QString::fromLatin1(host), u"example.org"_s)});
    }
}

void TestDiscovery::believesADomainThatSaysItHasNoPop3()
{
    m_net->dns().addService("_pop3s._tcp.example.org", 0, 0, 0, ".");
    m_net->dns().addService("_pop3._tcp.example.org", 0, 0, 0, ".");
    const Answer answer = find();
    QVERIFY(answer.proposal);
    QVERIFY(answer.proposal->noPop3);
    QCOMPARE(answer.proposal->source, Source::Dns);
    QVERIFY(answer.proposal->account.host.isEmpty());
    QCOMPARE(answer.proposal->hints, QStringList{hintNamesNoPop3(u"example.org"_s)});
    QVERIFY(m_net->knocked().isEmpty());
}

void TestDiscovery::findsTheProviderThatReceivesTheMailOfTheDomain()
{
    m_net->dns().addMailExchange("example.org", 10, "filter.example.net");
    m_net->dns().addMailExchange("example.org", 20, "aspmx.l.google.com");
    const Answer answer = find();
    QVERIFY(answer.proposal);
    QCOMPARE(answer.proposal->source, Source::Mx);
    QCOMPARE(answer.proposal->provider, u"Gmail"_s);
    QCOMPARE(answer.proposal->account.host, u"pop.gmail.com"_s);
    QCOMPARE(answer.proposal->account.userName, u"Ada@example.org"_s);
    QCOMPARE(answer.proposal->signIn, SignIn::AppPassword);
    QVERIFY(answer.proposal->needsConfirmation);
}

void TestDiscovery::srvWinsOverMx()
{
    m_net->dns().addMailExchange("example.org", 10, "aspmx.l.google.com");
    m_net->dns().addService("_pop3._tcp.example.org", 0, 0, 110, "pop.example.org");
    const Answer answer = find();
    QCOMPARE(answer.proposal->source, Source::Dns);
    QCOMPARE(answer.proposal->account.security, Security::StartTls);
}

void TestDiscovery::mxAtAProviderWithoutPop3IsSaid()
{
    m_net->dns().addMailExchange("example.org", 10, "mx01.mail.icloud.com");
    const Answer answer = find();
    QVERIFY(answer.proposal->noPop3);
    QCOMPARE(answer.proposal->provider, u"iCloud"_s);
    QVERIFY(!answer.proposal->needsConfirmation); // there is nothing to connect to
}

void TestDiscovery::guessesWhereNothingIsPublished()
{
    ScriptedServer server;
    QVERIFY(server.listen());
    m_net->lead(u"mail.example.org"_s, 995, server.tlsPort());
    const Answer answer = find();
    QVERIFY(answer.proposal);
    QCOMPARE(answer.proposal->source, Source::Guess);
    QCOMPARE(answer.proposal->account.host, u"mail.example.org"_s);
    QCOMPARE(answer.proposal->account.port, 995);
    QCOMPARE(answer.proposal->account.security, Security::ImplicitTls);
    QCOMPARE(answer.proposal->account.userName, u"Ada@example.org"_s);
    QVERIFY(answer.proposal->hints.isEmpty());
    QVERIFY(!answer.proposal->insecure && !answer.proposal->needsConfirmation);
}

void TestDiscovery::keepsTheSubmissionServerLearnedOnTheWay()
{
    ScriptedServer server;
    QVERIFY(server.listen());
    m_net->lead(u"mail.example.org"_s, 995, server.tlsPort());
    m_net->web().answer(published, {.body = config("imap")});
    const Answer answer = find();
    QCOMPARE(answer.proposal->source, Source::Guess);
    QCOMPARE(answer.proposal->submission->host, u"smtp.example.net"_s);
}

void TestDiscovery::aGuessThatCannotProveItselfNeedsAConfirmation()
{
    ServerQuirks quirks;
    quirks.certificate = CertificateKind::SelfSigned;
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    m_net->lead(u"pop.example.org"_s, 995, server.tlsPort());
    const Answer answer = find();
    QVERIFY(answer.proposal->needsConfirmation);
    QVERIFY(!answer.proposal->insecure);
    QVERIFY(answer.proposal->account.trustedCertificate.isEmpty());
    QCOMPARE(answer.proposal->hints, QStringList{hintUntrustedCertificate(u"pop.example.org"_s)});
}

void TestDiscovery::aGuessWithoutEncryptionIsInsecureAndNeedsAConfirmation()
{
    ServerQuirks quirks;
    quirks.stls = false;
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    m_net->lead(u"pop.example.org"_s, 110, server.port());
    const Answer answer = find();
    QCOMPARE(answer.proposal->account.security, Security::Plain);
    QVERIFY(answer.proposal->insecure && answer.proposal->needsConfirmation);
    QCOMPARE(answer.proposal->hints, QStringList{hintNotEncrypted(u"pop.example.org"_s)});
}

void TestDiscovery::knowsThatThereIsImapOnly()
{
    m_net->web().answer(published, {.body = config("imap")});
    const Answer answer = find();
    QVERIFY(answer.proposal);
    QVERIFY(answer.proposal->noPop3);
    QCOMPARE(answer.proposal->source, Source::Autoconfig);
    QCOMPARE(answer.proposal->submission->host, u"smtp.example.net"_s);
    QCOMPARE(m_net->knocked().size(), 8); // not believed before it was tried
}

void TestDiscovery::aProviderWhosePop3IsNotKnownIsSearchedFor()
{
    ScriptedServer server;
    QVERIFY(server.listen());
    m_net->lead(u"pop.daum.net"_s, 995, server.tlsPort());
    const Answer answer = find(u"ada@daum.net"_s);
    QCOMPARE(answer.proposal->source, Source::Guess);
    QCOMPARE(answer.proposal->account.host, u"pop.daum.net"_s);
    QCOMPARE(answer.proposal->submission->host, u"smtp.daum.net"_s);
}

void TestDiscovery::saysWhatToDoWhenNothingIsFound()
{
    const Answer answer = find();
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, ErrorKind::NotFound);
    QCOMPARE(answer.error->action, ErrorAction::EditAccount);
    QVERIFY(answer.error->text.contains(u"example.org"_s));
}

void TestDiscovery::aHostileFileDoesNotStopTheSearch_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("entities") << QByteArray("<!DOCTYPE c [<!ENTITY a \"aaaa\">]>") + config("pop3");
    QTest::newRow("too large") << config("pop3") + QByteArray(300 * 1024, ' ');
    QTest::newRow("host with CR LF") << config("pop3").replace("published.example.net", "a.example.net&#13;&#10;b");
    QTest::newRow("a web page") << QByteArray("<html></html>");
}

void TestDiscovery::aHostileFileDoesNotStopTheSearch()
{
    QFETCH(QByteArray, body);
    m_net->web().answer(published, {.body = body});
    m_net->dns().addService("_pop3s._tcp.example.org", 0, 0, 995, "pop.example.org");
    const Answer answer = find();
    QVERIFY(answer.proposal);
    QCOMPARE(answer.proposal->source, Source::Dns);
}

void TestDiscovery::offlineItFailsFastAndSaysSo()
{
    m_net->pullThePlug();
    QElapsedTimer clock;
    clock.start();
    const Answer answer = find();
    QVERIFY(clock.elapsed() < 3000);
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, ErrorKind::Offline);
    QCOMPARE(answer.error->action, ErrorAction::Retry);
    QVERIFY(m_net->knocked().isEmpty());
}

void TestDiscovery::silenceEverywhereEnds()
{
    m_net->dns().setMood(DnsServer::Mood::Silent);
    m_net->web().answer(published, {.silent = true});
    m_net->web().answer("example.org/.well-known/autoconfig/mail/config-v1.1.xml", {.silent = true});
    DiscoveryOptions hasty = m_net->options();
    hasty.lookUp = 300ms;
    const Answer answer = find(u"ada@example.org"_s, hasty);
    QVERIFY(answer.error);
    QCOMPARE(answer.error->kind, ErrorKind::Offline);
}

void TestDiscovery::neverTellsThePersonsNameOrAddress()
{
    ScriptedServer server;
    QVERIFY(server.listen());
    m_net->lead(u"mail.example.org"_s, 110, server.port());
    m_net->web().answer(published, {.status = 400});
    QVERIFY(find(u"lovelace@example.org"_s).proposal);
    QVERIFY(!m_net->web().requests().isEmpty());
    for (const WebRequest &request : m_net->web().requests())
        QVERIFY(!(request.line + request.headers.join()).toLower().contains("lovelace"));
    for (const QByteArray &question : m_net->dns().questions())
        QVERIFY(!question.contains("lovelace"));
    QVERIFY(!server.record().commands.isEmpty());
    for (const QByteArray &command : server.record().commands)
        QVERIFY2(command == "CAPA" || command == "STLS" || command == "QUIT", command.constData());
}

void TestDiscovery::nothingLeavesBeforeFindAndAfterCancel()
{
    Discovery discovery(m_net->options(), Providers::builtIn());
    QSignalSpy found(&discovery, &Discovery::found);
    QSignalSpy notFound(&discovery, &Discovery::notFound);
    QSignalSpy progressed(&discovery, &Discovery::progressed);
    discovery.find(u"ada@cancelled.example"_s, {});
    QVERIFY(discovery.isSearching());
    discovery.cancel();
    QVERIFY(!discovery.isSearching());
    QVERIFY(find().error); // long enough for the other to have gone on
    QCOMPARE(found.size() + notFound.size() + progressed.size(), 0);
    for (const QByteArray &question : m_net->dns().questions())
        QVERIFY(!question.contains("cancelled"));

    m_net->web().answer("autoconfig.cancelled.example/mail/config-v1.1.xml", {.silent = true});
    discovery.find(u"ada@cancelled.example"_s, {});
    QVERIFY(progressed.wait());
    discovery.cancel();
    QVERIFY(find().error);
    QCOMPARE(found.size() + notFound.size(), 0);
}

void TestDiscovery::aNewSearchReplacesTheOld()
{
    m_net->web().answer(published, {.body = config("pop3")});
    Discovery discovery(m_net->options(), Providers::builtIn());
    QSignalSpy found(&discovery, &Discovery::found);
    QSignalSpy notFound(&discovery, &Discovery::notFound);
    discovery.find(u"bob@other.example"_s, {});
    discovery.find(u"ada@gmx.de"_s, {});
    discovery.find(u"ada@example.org"_s, {});
    QVERIFY(found.wait());
    QCOMPARE(found.size(), 1);
    QCOMPARE(found.first().first().value<Proposal>().account.address, u"ada@example.org"_s);
    QCOMPARE(notFound.size(), 0);
}

void TestDiscovery::canBeAskedAgainFromItsOwnAnswer()
{
    m_net->web().answer(published, {.body = config("pop3")});
    Discovery discovery(m_net->options(), Providers::builtIn());
    QStringList hosts;
    QObject::connect(&discovery, &Discovery::found, this, [&](const Proposal &proposal) {
        hosts.append(proposal.account.host);
        if (hosts.size() < 3)
            discovery.find(hosts.size() == 1 ? u"ada@example.org"_s : u"ada@gmx.de"_s, {});
    });
    discovery.find(u"ada@example.org"_s, {});
    QTRY_COMPARE(hosts, (QStringList{u"published.example.net"_s, u"published.example.net"_s, u"pop.gmx.net"_s}));
}

void TestDiscovery::canBeDeletedInTheMiddle()
{
    auto *discovery = new Discovery(m_net->options(), Providers::builtIn());
    QSignalSpy progressed(discovery, &Discovery::progressed);
    discovery->find(u"ada@example.org"_s, {});
    QTRY_COMPARE(progressed.size(), 2); // now it guesses
    delete discovery;
    QVERIFY(find().error);
}

QTEST_GUILESS_MAIN(TestDiscovery)
#include "tst_discovery.moc"
