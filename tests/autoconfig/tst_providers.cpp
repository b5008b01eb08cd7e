// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/hints.h"
#include "autoconfig/providers.h"

#include <QFile>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::autoconfig;

namespace {

QByteArray table(const QByteArray &entries)
{
    return R"({"format": 1, "providers": [)" + entries + "]}";
}

QByteArray entry(const QByteArray &changed = {}, const QByteArray &to = {})
{
    QByteArray text = R"({"name": "Example", "domains": ["example.org"],
        "pop3": [{"host": "pop.example.org", "port": 995, "security": "tls", "user": "address"}],
        "signIn": ["password"], "hints": ["app-password"]})";
    return changed.isEmpty() ? text : text.replace(changed, to);
}

Proposal preset(const QString &address)
{
    static const Providers providers = Providers::builtIn();
    const auto parsed = parseAddress(address);
    const Provider *provider = parsed ? providers.forDomain(parsed->domain) : nullptr;
    const auto made = provider ? fromProvider(*provider, Source::Preset, *parsed, u"Ada"_s) : std::nullopt;
    return made.value_or(Proposal());
}

} // namespace

/// Addresses, and the table of providers that comes with the program.
class TestProviders : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesAddressesApart_data();
    void takesAddressesApart();
    void refusesWhatIsNoAddress_data();
    void refusesWhatIsNoAddress();
    void tellsHostNamesFromOtherThings_data();
    void tellsHostNamesFromOtherThings();
    void aHostIsInsideItsDomainOnly();
    void fillsPlaceholdersInOnceOnly();

    void everyEntryOfTheTableIsValid();
    void everyHostOfTheTableIsAHostNameAfterFillingIn();
    void refusesATableWithABrokenEntry_data();
    void refusesATableWithABrokenEntry();
    void refusesADomainThatStandsThereTwice();
    void refusesWhatIsNoTable();

    void findsAProviderWhateverTheCaseOfTheDomain();
    void findsAnInternationalDomainInBothForms();
    void doesNotTakeASubdomainForItsDomain();
    void findsAProviderByTheServerThatReceivesItsMail();
    void presetsFillTheAccountAndTheSubmissionServer();
    void signsInWithTheLocalPartWhereTheProviderWantsIt();
    void putsTheDomainIntoTheHostWhereTheProviderWantsIt();
    void Q19_saysThatGmailNeedsPopSwitchedOnAndAnAppPassword();
    void saysThatOutlookRefusesPasswords();
    void saysThatICloudHasNoPop3();
    void saysThatQqWantsAnAuthorizationCode();
    void warnsOfAPresetWithoutEncryption();
    void knowsNoPop3ServerOfDaumButItsSubmissionServer();
    void aProviderOfAnotherDomainsMailGetsTheWholeAddressAndAConfirmation();
    void Q19_knowsAProviderByTheServerOfAnAccount_data();
    void Q19_knowsAProviderByTheServerOfAnAccount();
    void Q19_anAccountAtAnUnknownServerHasNoSteps();
};

void TestProviders::takesAddressesApart_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("local");
    QTest::addColumn<QString>("domain");
    QTest::newRow("plain") << u"ada@example.org"_s << u"ada"_s << u"example.org"_s;
    QTest::newRow("blanks around") << u"  ada@example.org\n"_s << u"ada"_s << u"example.org"_s;
    QTest::newRow("upper case") << u"Ada@EXAMPLE.Org"_s << u"Ada"_s << u"example.org"_s;
    QTest::newRow("two @") << u"\"a@b\"@example.org"_s << u"\"a@b\""_s << u"example.org"_s;
    QTest::newRow("international") << u"ada@bücher.example"_s << u"ada"_s << u"xn--bcher-kva.example"_s;
    QTest::newRow("ideographic full stop") << u"ada@例え。テスト"_s << u"ada"_s << u"xn--r8jz45g.xn--zckzah"_s;
}

void TestProviders::takesAddressesApart()
{
    QFETCH(QString, text);
    const auto address = parseAddress(text);
    QVERIFY(address);
    QCOMPARE(address->text, text.trimmed());
    QTEST(address->local, "local");
    QTEST(address->domain, "domain");
}

void TestProviders::refusesWhatIsNoAddress_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("no @") << u"example.org"_s;
    QTest::newRow("no local part") << u"@example.org"_s;
    QTest::newRow("no domain") << u"ada@"_s;
    QTest::newRow("one label") << u"ada@localhost"_s;
    QTest::newRow("address literal") << u"ada@[192.0.2.1]"_s;
    QTest::newRow("address number") << u"ada@192.0.2.1"_s;
    QTest::newRow("blank in the domain") << u"ada@exam ple.org"_s;
    QTest::newRow("blank in the local part") << u"ada b@example.org"_s;
    QTest::newRow("path in the domain") << u"ada@example.org/evil"_s;
    QTest::newRow("port in the domain") << u"ada@example.org:80"_s;
    QTest::newRow("CR LF in the local part") << u"ada\r\nDELE 1@example.org"_s;
    QTest::newRow("empty label") << u"ada@example..org"_s;
    QTest::newRow("underscore") << u"ada@exa_mple.org"_s;
    QTest::newRow("endless") << QString(400, u'a') + u"@example.org"_s;
}

void TestProviders::refusesWhatIsNoAddress()
{
    QFETCH(QString, text);
    const auto address = parseAddress(text);
    QVERIFY(!address);
    QCOMPARE(address.error().kind, ErrorKind::InvalidRequest);
    QVERIFY(!address.error().text.contains(u'\n'));
    QVERIFY(address.error().text.size() < 250);
}

void TestProviders::tellsHostNamesFromOtherThings_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("expected");
    QTest::newRow("plain") << u"Mail.Example.org"_s << u"mail.example.org"_s;
    QTest::newRow("international") << u"mail.bücher.example"_s << u"mail.xn--bcher-kva.example"_s;
    QTest::newRow("CR LF") << u"mail.example.org\r\nX"_s << QString();
    QTest::newRow("NUL") << u"mail.example.org"_s + QChar(0) << QString();
    QTest::newRow("IPv4") << u"127.0.0.1"_s << QString();
    QTest::newRow("IPv6") << u"::1"_s << QString();
    QTest::newRow("user") << u"a@mail.example.org"_s << QString();
    QTest::newRow("hyphen first") << u"-mail.example.org"_s << QString();
    QTest::newRow("placeholder") << u"%EMAILDOMAIN%"_s << QString();
    QTest::newRow("long label") << QString(64, u'a') + u".example.org"_s << QString();
    QTest::newRow("long name") << u"a."_s.repeated(130) + u"org"_s << QString();
}

void TestProviders::tellsHostNamesFromOtherThings()
{
    QFETCH(QString, name);
    QTEST(hostName(name), "expected");
}

void TestProviders::aHostIsInsideItsDomainOnly()
{
    QVERIFY(isInside(u"example.org"_s, u"example.org"_s));
    QVERIFY(isInside(u"a.b.example.org"_s, u"example.org"_s));
    QVERIFY(!isInside(u"badexample.org"_s, u"example.org"_s));
    QVERIFY(!isInside(u"example.org.evil.test"_s, u"example.org"_s));
    QVERIFY(!isInside(u"org"_s, u"example.org"_s));
}

void TestProviders::fillsPlaceholdersInOnceOnly()
{
    const MailAddress address{u"%EMAILDOMAIN%@example.org"_s, u"%EMAILDOMAIN%"_s, u"example.org"_s};
    QCOMPARE(filledIn(u"%EMAILADDRESS%"_s, address), u"%EMAILDOMAIN%@example.org"_s);
    QCOMPARE(filledIn(u"<%EMAILLOCALPART%>%EMAILDOMAIN%!"_s, address), u"<%EMAILDOMAIN%>example.org!"_s);
    QCOMPARE(filledIn(u"%%EMAILDOMAIN%%OTHER%"_s, address), u"%example.org%OTHER%"_s);
}

void TestProviders::everyEntryOfTheTableIsValid()
{
    QFile file(QStringLiteral(SATCHEL_SOURCE_DIR "/resources/providers/providers.json"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto providers = Providers::fromJson(file.readAll());
    QVERIFY2(providers, providers ? "" : qPrintable(providers.error().detail));
    QCOMPARE(providers->all().size(), 57);
    QCOMPARE(Providers::builtIn().all().size(), 57);
}

void TestProviders::everyHostOfTheTableIsAHostNameAfterFillingIn()
{
    const Providers providers = Providers::builtIn();
    for (const Provider &provider : providers.all()) {
        for (const QString &domain : provider.domains) {
            const Proposal made = preset(u"ada@"_s + domain);
            if (provider.hasNoPop3 || provider.pop3.isEmpty())
                continue;
            QCOMPARE(hostName(made.account.host), made.account.host);
            const QStringList names{u"ada"_s, u"ada@"_s + domain};
            QVERIFY2(names.contains(made.account.userName), qPrintable(domain));
            QVERIFY2(made.submission && hostName(made.submission->host) == made.submission->host, qPrintable(domain));
            QVERIFY2(!made.hints.contains(QString()), qPrintable(domain));
        }
    }
}

void TestProviders::refusesATableWithABrokenEntry_data()
{
    QTest::addColumn<QByteArray>("changed");
    QTest::addColumn<QByteArray>("to");
    using B = QByteArray;
    QTest::newRow("no name") << B("\"Example\"") << B("\"\"");
    QTest::newRow("no domain") << B("[\"example.org\"]") << B("[]");
    QTest::newRow("domain in upper case") << B("\"example.org\"") << B("\"Example.org\"");
    QTest::newRow("domain not in ASCII") << B("\"example.org\"")
                                         << B("\"b\xc3\xbc"
                                              "cher.example\"");
    QTest::newRow("host with CR LF") << B("pop.example.org") << B("pop.example.org\\r\\nX");
    QTest::newRow("host is a number") << B("pop.example.org") << B("192.0.2.1");
    QTest::newRow("host with another placeholder") << B("pop.example.org") << B("%EMAILLOCALPART%.example.org");
    QTest::newRow("port 0") << B("995") << B("0");
    QTest::newRow("port too large") << B("995") << B("65536");
    QTest::newRow("port is text") << B("995") << B("\"995\"");
    QTest::newRow("unknown security") << B("\"tls\"") << B("\"ssl\"");
    QTest::newRow("unknown user form") << B("\"address\"") << B("\"name\"");
    QTest::newRow("unknown sign-in") << B("[\"password\"]") << B("[\"card\"]");
    QTest::newRow("no sign-in") << B("[\"password\"]") << B("[]");
    QTest::newRow("unknown hint") << B("app-password") << B("be-lucky");
    QTest::newRow("no POP3 and yet a server") << B("app-password") << B("no-pop3");
    QTest::newRow("misspelt key") << B("\"hints\"") << B("\"hint\"");
    QTest::newRow("no server") << B("\"none\"") << B("[]");
    QTest::newRow("key of a server missing") << B(", \"user\": \"address\"") << B("");
}

void TestProviders::refusesATableWithABrokenEntry()
{
    QFETCH(QByteArray, changed);
    QFETCH(QByteArray, to);
    QVERIFY(Providers::fromJson(table(entry())));
    QByteArray broken = entry(changed, to);
    if (changed == "\"none\"")
        broken = entry(R"([{"host": "pop.example.org", "port": 995, "security": "tls", "user": "address"}])", to);
    QVERIFY(broken != entry());
    const auto providers = Providers::fromJson(table(entry().replace("example.org", "example.net") + ',' + broken));
    QVERIFY(!providers);
    QCOMPARE(providers.error().kind, ErrorKind::FileUnreadable);
}

void TestProviders::refusesADomainThatStandsThereTwice()
{
    QVERIFY(!Providers::fromJson(table(entry() + ',' + entry())));
    QVERIFY(!Providers::fromJson(table(entry(R"(["example.org"])", R"(["example.org", "example.org"])"))));
}

void TestProviders::refusesWhatIsNoTable()
{
    QVERIFY(!Providers::fromJson(QByteArray()));
    QVERIFY(!Providers::fromJson("{"));
    QVERIFY(!Providers::fromJson("[]"));
    QVERIFY(!Providers::fromJson(R"({"format": 2, "providers": []})"));
}

void TestProviders::findsAProviderWhateverTheCaseOfTheDomain()
{
    QCOMPARE(preset(u"Ada@GMail.COM"_s).account.host, u"pop.gmail.com"_s);
}

void TestProviders::findsAnInternationalDomainInBothForms()
{
    const auto providers = Providers::fromJson(table(entry(R"(["example.org"])", R"(["xn--bcher-kva.example"])")));
    QVERIFY(providers);
    for (const QString &text : {u"ada@bücher.example"_s, u"ada@BÜCHER.example"_s, u"ada@xn--bcher-kva.example"_s}) {
        const auto address = parseAddress(text);
        QVERIFY(address);
        QVERIFY2(providers->forDomain(address->domain), qPrintable(text));
    }
}

void TestProviders::doesNotTakeASubdomainForItsDomain()
{
    const Providers providers = Providers::builtIn();
    QVERIFY(providers.forDomain(u"gmail.com"_s));
    QVERIFY(!providers.forDomain(u"mail.gmail.com"_s));
    QVERIFY(!providers.forDomain(u"notgmail.com"_s));
}

void TestProviders::findsAProviderByTheServerThatReceivesItsMail()
{
    const Providers providers = Providers::builtIn();
    const auto name = [&providers](const QString &exchange) {
        const Provider *provider = providers.forMailExchange(exchange);
        return provider ? provider->name : QString();
    };
    QCOMPARE(name(u"aspmx.l.google.com"_s), u"Gmail"_s);
    QCOMPARE(name(u"in1-smtp.messagingengine.com"_s), u"Fastmail"_s);
    QCOMPARE(name(u"example-org.mail.protection.outlook.com"_s), u"Microsoft 365"_s);
    QCOMPARE(name(u"mx1.mail.ovh.net"_s), u"OVHcloud"_s);
    QCOMPARE(name(u"spool.mail.gandi.net"_s), u"Gandi"_s);
    QCOMPARE(name(u"mx01.mail.icloud.com"_s), u"iCloud"_s);
    QCOMPARE(name(u"evilgoogle.com"_s), QString());
    QCOMPARE(name(u"google.com.evil.test"_s), QString());
}

void TestProviders::presetsFillTheAccountAndTheSubmissionServer()
{
    const Proposal made = preset(u"ada@gmx.de"_s);
    QCOMPARE(made.source, Source::Preset);
    QCOMPARE(made.provider, u"GMX"_s);
    QCOMPARE(made.account.name, u"ada@gmx.de"_s);
    QCOMPARE(made.account.personName, u"Ada"_s);
    QCOMPARE(made.account.address, u"ada@gmx.de"_s);
    QCOMPARE(made.account.host, u"pop.gmx.net"_s);
    QCOMPARE(made.account.port, 995);
    QCOMPARE(made.account.security, Security::ImplicitTls);
    QCOMPARE(made.account.userName, u"ada@gmx.de"_s);
    QCOMPARE(made.account.retention, Retention::KeepDays);
    QCOMPARE(made.account.keepDays, 14);
    QCOMPARE(made.submission, (MailServer{u"mail.gmx.net"_s, 465, Security::ImplicitTls, u"ada@gmx.de"_s}));
    QVERIFY(!made.insecure && !made.needsConfirmation && !made.noPop3);
}

void TestProviders::signsInWithTheLocalPartWhereTheProviderWantsIt()
{
    QCOMPARE(preset(u"ada@web.de"_s).account.userName, u"ada"_s);
    QCOMPARE(preset(u"ada@web.de"_s).submission->userName, u"ada"_s);
    QCOMPARE(preset(u"ada@posteo.de"_s).account.userName, u"ada@posteo.de"_s);
}

void TestProviders::putsTheDomainIntoTheHostWhereTheProviderWantsIt()
{
    QCOMPARE(preset(u"ada@inbox.lt"_s).account.host, u"mail.inbox.lt"_s);
}

void TestProviders::Q19_saysThatGmailNeedsPopSwitchedOnAndAnAppPassword()
{
    const Proposal made = preset(u"ada@gmail.com"_s);
    QCOMPARE(made.signIn, SignIn::AppPassword);
    QCOMPARE(made.hints.size(), 3);
    QVERIFY(made.hints.at(0).contains(u"Enable POP for all mail"_s));
    QVERIFY(made.hints.at(1).contains(u"app password"_s));
    QVERIFY(made.hints.at(2).contains(u"two-step"_s));
}

void TestProviders::saysThatOutlookRefusesPasswords()
{
    for (const QString &address : {u"ada@hotmail.com"_s, u"ada@outlook.com"_s, u"ada@live.com"_s}) {
        const Proposal made = preset(address);
        QCOMPARE(made.signIn, SignIn::OAuth);
        QCOMPARE(made.account.host, u"outlook.office365.com"_s);
        QVERIFY(made.hints.contains(*hint(u"oauth-only"_s, u"Outlook.com"_s)));
    }
}

void TestProviders::saysThatICloudHasNoPop3()
{
    const Proposal made = preset(u"ada@icloud.com"_s);
    QVERIFY(made.noPop3);
    QVERIFY(made.account.host.isEmpty());
    QCOMPARE(made.account.address, u"ada@icloud.com"_s);
    QCOMPARE(made.hints, QStringList{*hint(u"no-pop3"_s, u"iCloud"_s)});
    QCOMPARE(made.submission->host, u"smtp.mail.me.com"_s);
}

void TestProviders::saysThatQqWantsAnAuthorizationCode()
{
    const Proposal made = preset(u"12345@qq.com"_s);
    QCOMPARE(made.signIn, SignIn::AuthorizationCode);
    QVERIFY(made.hints.contains(*hint(u"authorization-code"_s, u"QQ Mail"_s)));
}

void TestProviders::warnsOfAPresetWithoutEncryption()
{
    const Proposal made = preset(u"ada@nifty.com"_s);
    QCOMPARE(made.account.security, Security::Plain);
    QVERIFY(made.insecure);
    QVERIFY(made.needsConfirmation);
    QVERIFY(made.hints.contains(hintNotEncrypted(u"pop.nifty.com"_s)));
}

void TestProviders::knowsNoPop3ServerOfDaumButItsSubmissionServer()
{
    const Providers providers = Providers::builtIn();
    const Provider *daum = providers.forDomain(u"daum.net"_s);
    QVERIFY(daum);
    const auto address = parseAddress(u"ada@daum.net"_s);
    QVERIFY(!fromProvider(*daum, Source::Preset, *address, QString()));
    QCOMPARE(submissionOf(*daum, Source::Preset, *address)->host, u"smtp.daum.net"_s);
}

void TestProviders::aProviderOfAnotherDomainsMailGetsTheWholeAddressAndAConfirmation()
{
    const Providers providers = Providers::builtIn();
    const auto address = parseAddress(u"ada@club.example"_s);
    const auto made = fromProvider(*providers.forDomain(u"web.de"_s), Source::Mx, *address, QString());
    QVERIFY(made);
    QCOMPARE(made->account.userName, u"ada@club.example"_s);
    QCOMPARE(made->account.host, u"pop3.web.de"_s);
    QVERIFY(made->needsConfirmation);
    QVERIFY(made->hints.contains(hintOutsideDomain(u"pop3.web.de"_s, u"club.example"_s)));
}

void TestProviders::Q19_knowsAProviderByTheServerOfAnAccount_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("provider");
    QTest::addColumn<QString>("key");
    QTest::newRow("Gmail") << u"ada@gmail.com"_s << u"pop.gmail.com"_s << u"Gmail"_s << u"gmail-pop-off"_s;
    QTest::newRow("a domain of one's own")
        << u"ada@own.example"_s << u"POP.gmail.com"_s << u"Gmail"_s << u"gmail-pop-off"_s;
    QTest::newRow("no address") << QString() << u"pop.gmx.net"_s << u"GMX"_s << u"pop-off-by-default"_s;
    QTest::newRow("a server that two share")
        << u"ada@verizon.net"_s << u"pop.aol.com"_s << u"Verizon"_s << u"app-password"_s;
}

void TestProviders::Q19_knowsAProviderByTheServerOfAnAccount()
{
    QFETCH(QString, address);
    QFETCH(QString, host);
    QFETCH(QString, provider);
    QFETCH(QString, key);
    AccountSettings account;
    account.address = address;
    account.host = host;
    const auto known = Providers::builtIn().forServerOf(account);
    QVERIFY(known);
    QCOMPARE(known->provider, provider);
    QCOMPARE(known->account.host, host);
    QVERIFY(known->hints.contains(*hint(key, provider)));
}

void TestProviders::Q19_anAccountAtAnUnknownServerHasNoSteps()
{
    AccountSettings account;
    account.address = u"ada@gmail.com"_s; // forwarded to a server of one's own
    account.host = u"mail.own.example"_s;
    QVERIFY(!Providers::builtIn().forServerOf(account));
    account.host.clear();
    QVERIFY(!Providers::builtIn().forServerOf(account));
}

QTEST_GUILESS_MAIN(TestProviders)
#include "tst_providers.moc"
