// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "pop3/recording.h"
#include "support/scriptedserver.h"
#include "support/transcript.h"
#include "support/transcriptrun.h"
#include "sync/checkharness.h"
#include "sync/parrot.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;
using namespace Qt::StringLiterals;

namespace {

/// All that leaves the program of one visit, but mail.
struct Outside {
    QByteArray recording;
    QByteArray log;
    QByteArray errors;
    QByteArray announcement;

    [[nodiscard]] QByteArray all() const { return recording + log + errors + announcement; }
};

void append(QByteArray &text, const std::optional<Error> &error)
{
    if (error)
        text += (error->text + u'\n' + error->detail + u'\n').toUtf8();
}

/// A visit with a transport from \a connectTo, recorded and logged.
Outside visit(CheckHarness &harness, const net::Credentials &credentials,
    const std::function<std::unique_ptr<net::Transport>(const net::Endpoint &)> &connectTo)
{
    Outside outside;
    const auto recorded = [&outside, &connectTo](const net::Endpoint &endpoint) {
        return std::make_unique<pop3::RecordingTransport>(
            connectTo(endpoint), endpoint, [&outside]() -> pop3::TranscriptWriter::Sink {
                return [&outside](const QByteArray &text) { outside.recording += text; };
            });
    };
    (void)harness.writer().updateAccount(harness.account());
    pop3::SessionOptions options;
    sync::MailCheck check(harness.account(), credentials, harness.writer(), recorded, options);
    QObject::connect(&check, &sync::MailCheck::wire, &check,
        [&outside](const net::WireLine &line) { outside.log += line.bytes + '\n'; });
    bool finished = false;
    QObject::connect(&check, &sync::MailCheck::finished, &check, [&](const sync::CheckResult &result) {
        append(outside.errors, result.error);
        for (const auto &message : result.failed)
            outside.errors += message.reason.toUtf8() + '\n';
        if (result.server)
            outside.announcement = (result.server->implementation + result.server->capabilities.join(u'\n')).toUtf8();
        finished = true;
    });
    check.start();
    if (!finished)
        (void)QTest::qWaitFor([&finished] { return finished; }, 60'000);
    if (!finished)
        outside.errors += "THE VISIT DID NOT END";
    return outside;
}

} // namespace

/// Nothing that leaves the program holds what signs in, whatever a server repeats of it and wherever (F02, F10).
class TestLeaks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F02_F10_aServerThatRepeatsSecretsIsNotRepeated_data();
    void F02_F10_aServerThatRepeatsSecretsIsNotRepeated();
    void F02_F10_noFormOfASecretLeavesTheProgram();
    void F02_aSignInAnsweredByOkPlaysAgain_data();
    void F02_aSignInAnsweredByOkPlaysAgain();
    void F02_aMessageLineThatLooksLikeAReplyIsNotWritten_data();
    void F02_aMessageLineThatLooksLikeAReplyIsNotWritten();
};

void TestLeaks::F02_F10_aServerThatRepeatsSecretsIsNotRepeated_data()
{
    QTest::addColumn<QByteArray>("sasl");
    QTest::addColumn<QByteArray>("greeting");
    QTest::addColumn<QByteArray>("at"); ///< the command that is answered so
    QTest::addColumn<QByteArray>("answer");
    const QByteArray password = "Geheim-7Qx-pass";
    const QByteArray plain = QByteArray("\0robin@example.org\0Geheim-7Qx-pass", 34).toBase64();
    QTest::newRow("an address in the greeting")
        << QByteArray() << QByteArray("+OK hello robin@example.org") << QByteArray() << QByteArray();
    QTest::newRow("another host in the greeting")
        << QByteArray() << QByteArray("+OK pop42.example.org ready") << QByteArray() << QByteArray();
    QTest::newRow("a greeting in small letters")
        << QByteArray("PLAIN") << QByteArray("+ok ready") << QByteArray() << QByteArray();
    for (const char *sasl : {"", "PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"}) {
        const QByteArray name = *sasl ? sasl : "USER";
        const QByteArray at = *sasl ? "STAT" : "PASS";
        QTest::newRow(name + ": the password") << QByteArray(sasl) << QByteArray() << at << "-ERR no: " + password;
        QTest::newRow(name + ": in capitals")
            << QByteArray(sasl) << QByteArray() << at << "-ERR NO: " + password.toUpper();
        QTest::newRow(name + ": in base64") << QByteArray(sasl) << QByteArray() << at << "-ERR no: " + plain;
        QTest::newRow(name + ": in a response code")
            << QByteArray(sasl) << QByteArray() << at << "-ERR [" + password + "] no";
        QTest::newRow(name + ": the user later") << QByteArray(sasl) << QByteArray() << QByteArray("STAT")
                                                 << QByteArray("+OK 2 300 in the mailbox of robin");
        QTest::newRow(name + ": among capabilities") << QByteArray(sasl) << QByteArray() << QByteArray("CAPA")
                                                     << "+OK\r\nUSER\r\nSASL " + QByteArray(*sasl ? sasl : "PLAIN")
                + "\r\nIMPLEMENTATION " + password + "\r\nX-robin\r\n.";
        QTest::newRow(name + ": as a UIDL") << QByteArray(sasl) << QByteArray() << QByteArray("UIDL")
                                            << "+OK\r\n1 " + password + "\r\n2 robin." + plain + "\r\n.";
        QTest::newRow(name + ": when a message is asked for") << QByteArray(
            sasl) << QByteArray() << QByteArray("RETR 1") << "-ERR robin may not, nor " + password.toHex();
    }
}

void TestLeaks::F02_F10_aServerThatRepeatsSecretsIsNotRepeated()
{
    QFETCH(const QByteArray, sasl);
    QFETCH(const QByteArray, greeting);
    QFETCH(const QByteArray, at);
    QFETCH(const QByteArray, answer);
    ServerQuirks quirks;
    quirks.user = "robin@example.org";
    quirks.password = "Geheim-7Qx-pass";
    quirks.token = "Geheim-7Qx-pass";
    quirks.sasl = sasl;
    if (!greeting.isEmpty())
        quirks.greeting = greeting;
    if (!at.isEmpty())
        quirks.answers.insert(at, answer);
    ScriptedServer server({{"one", "Subject: x\r\n\r\nhello\r\n"}, {"two", "Subject: y\r\n\r\nhello\r\n"}}, quirks);
    QVERIFY(server.listen());
    CheckHarness harness;
    harness.account().security = Security::Plain;
    harness.account().port = server.port();
    harness.account().userName = QString::fromUtf8(quirks.user);
    harness.account().mechanism = sasl == "XOAUTH2" ? u"XOAUTH2"_s : QString();
    net::Credentials credentials{harness.account().userName, QString::fromUtf8(quirks.password), {}};
    if (sasl == "XOAUTH2")
        credentials.accessToken = std::exchange(credentials.password, {});
    const Outside outside = visit(harness, credentials,
        [](const net::Endpoint &endpoint) { return std::make_unique<net::TlsTransport>(endpoint); });
    const QByteArray all = outside.all().toLower();
    for (const QByteArray &word : {QByteArray("geheim"), QByteArray("7qx"), QByteArray("robin"),
             QByteArray("example.org"), QByteArray("R2VoZWlt").toLower(), QByteArray("47656865696d")})
        QVERIFY2(!all.contains(word), word + " in\n" + outside.all());
    const auto transcript = parseTranscript(outside.recording);
    QVERIFY2(transcript, qPrintable(transcript.error()));
}

void TestLeaks::F02_F10_noFormOfASecretLeavesTheProgram()
{
    bool isNumber = false;
    const int given = qEnvironmentVariableIntValue("SATCHEL_SEED", &isNumber);
    const quint32 first = isNumber ? quint32(given) : QRandomGenerator::global()->bounded(1'000'000);
    bool isMany = false;
    const int many = qEnvironmentVariableIntValue("SATCHEL_LEAKS", &isMany);
    const int rounds = isMany ? many : 150;
    qInfo("seed %u", first);
    const QByteArrayList mechanisms{
        "", "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256", "XOAUTH2", "OAUTHBEARER", "DIGEST-MD5"};
    const QStringList passwords{u"Geheim-7Qx-pass"_s, u"Grün-Straße 9"_s, u"a\"quoted\" 'one'\\here"_s,
        u"пароль-котик"_s, u"qX7-"_s, u"49-7135551234"_s};
    const QStringList users{u"robin.quiet@example.org"_s, u"robinquiet"_s, u"jörg-peter"_s};
    qsizetype forms = 0;
    for (int round = 0; round < rounds; ++round) {
        auto parrot = std::make_shared<Parrot>();
        parrot->random.seed(first + quint32(round));
        parrot->sasl = mechanisms.at(round % mechanisms.size());
        parrot->accepts = !parrot->chance(3);
        parrot->credentials.userName = users.at(parrot->random.bounded(users.size()));
        const QString password = passwords.at(parrot->random.bounded(passwords.size()));
        const bool isToken = parrot->sasl == "XOAUTH2" || parrot->sasl == "OAUTHBEARER";
        (isToken ? parrot->credentials.accessToken : parrot->credentials.password) = password;
        parrot->credentials.certificatePassphrase = parrot->chance(2) ? u"Schlüssel-zum-Bund"_s : QString();
        CheckHarness harness;
        const bool startTls = parrot->chance(2);
        harness.account().security = startTls ? Security::StartTls : Security::ImplicitTls;
        harness.account().userName = parrot->credentials.userName;
        harness.account().address = parrot->credentials.userName;
        const Outside outside = visit(harness, parrot->credentials,
            [&parrot, startTls](const net::Endpoint &) { return std::make_unique<ParrotTransport>(parrot, startTls); });
        QVERIFY2(!outside.errors.contains("THE VISIT DID NOT END"), QByteArray::number(first + quint32(round)));

        const QByteArray all = outside.all().toLower();
        QByteArrayList never = parrot->repeated;
        never += {password.toUtf8(), password.toUpper().toUtf8(), parrot->credentials.userName.toUtf8()};
        forms += parrot->repeated.size();
        for (const QByteArray &form : std::as_const(never)) {
            constexpr qsizetype telling = 4;
            if (form.size() >= telling && all.contains(form.toLower()))
                QFAIL("seed " + QByteArray::number(first + quint32(round)) + ": " + form + " in\n" + outside.all());
        }
        const auto transcript = parseTranscript(outside.recording);
        QVERIFY2(transcript, qPrintable(transcript.error()));
    }
    QVERIFY(forms > rounds);
    qInfo("%lld forms in %d visits", qlonglong(forms), rounds);
}

void TestLeaks::F02_aSignInAnsweredByOkPlaysAgain_data()
{
    QTest::addColumn<QByteArray>("sasl");
    QTest::addColumn<QByteArray>("challenge");
    QTest::newRow("PLAIN") << QByteArray("PLAIN") << QByteArray("+OK go");
    QTest::newRow("PLAIN, nothing behind it") << QByteArray("PLAIN") << QByteArray("+OK");
    QTest::newRow("LOGIN") << QByteArray("LOGIN") << "+OK " + QByteArray("User name").toBase64();
    QTest::newRow("CRAM-MD5") << QByteArray("CRAM-MD5") << "+OK " + QByteArray("<1.2@host.example>").toBase64();
}

void TestLeaks::F02_aSignInAnsweredByOkPlaysAgain()
{
    QFETCH(const QByteArray, sasl);
    QFETCH(const QByteArray, challenge);
    const QByteArray hello = "S: +ok ready\nC: CAPA\nS: +OK\nS: SASL " + sasl + "\nS: UIDL\nS: .\n";
    const QByteArray second = sasl == "LOGIN" ? "S: + UGFzc3dvcmQ6\nC: R2VoZWltLTdReA==\n" : "";
    const QByteArray answer = sasl == "PLAIN" ? "AHJvYmluAEdlaGVpbS03UXg=" : sasl == "LOGIN" ? "cm9iaW4=" : "…";
    const auto script = parseTranscript("# security: tls\n# events: any\n" + hello + "D: login robin Geheim-7Qx " + sasl
        + "\nC: AUTH " + sasl + "\nS: " + challenge + "\nC: " + answer + "\n" + second
        + "S: +OK in, robin\nC: CAPA\nS: +OK\nS: SASL " + sasl
        + "\nS: UIDL\nS: .\nD: quit\nC: QUIT\nS: +OK bye robin\nX\n");
    QVERIFY2(script, qPrintable(script.error()));
    QByteArray recording;
    {
        auto conversation = std::make_shared<Conversation>();
        conversation->transcript = *script;
        net::Endpoint endpoint;
        endpoint.host = u"mail.example.test"_s;
        endpoint.security = Security::ImplicitTls;
        pop3::Session session(
            std::make_unique<pop3::RecordingTransport>(std::make_unique<MemoryTransport>(conversation), endpoint,
                [&recording] { return [&recording](const QByteArray &text) { recording += text; }; }),
            endpoint);
        bool finished = false;
        connect(&session, &pop3::Session::ready, this,
            [&session, sasl] { session.login({u"robin"_s, u"Geheim-7Qx"_s, {}}, QString::fromLatin1(sasl)); });
        connect(&session, &pop3::Session::loggedIn, this, [&session] { session.quit(); });
        connect(&session, &pop3::Session::finished, this, [&finished] { finished = true; });
        session.open();
        QTRY_VERIFY(finished);
        QCOMPARE(conversation->problems.value(0), "");
    }
    QVERIFY2(
        !recording.contains("robin") && !recording.contains("Geheim") && !recording.contains("AHJvYmlu"), recording);
    const auto again = parseTranscript(recording);
    QVERIFY2(again, qPrintable(again.error()));
    TranscriptRun run(*again, {}, again->client);
    run.play();
    QVERIFY2(run.complaint().isEmpty(), run.complaint() + " in\n" + recording);
    QVERIFY(run.events().contains("loggedIn " + sasl));
    QVERIFY(run.events().contains("finished"));
}

void TestLeaks::F02_aMessageLineThatLooksLikeAReplyIsNotWritten_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("-ERR") << QByteArray("before\n.\r\n-ERR meet me at noon\r\n");
    QTest::newRow("+OK") << QByteArray("before\n.\r\n+OK meet me at noon\r\n+OK and again at noon\r\n");
    QTest::newRow("a list") << QByteArray("before\n.\r\n+OK\r\n1 noon\r\n.noon\r\n");
}

void TestLeaks::F02_aMessageLineThatLooksLikeAReplyIsNotWritten()
{
    QFETCH(const QByteArray, body);
    for (const bool stuffing : {true, false}) {
        ServerQuirks quirks;
        quirks.noDotStuffing = !stuffing;
        ScriptedServer server({{"one", "Subject: x\r\n\r\n" + body}, {"two", "Subject: noon\r\n\r\nnoon\r\n"}}, quirks);
        QVERIFY(server.listen());
        CheckHarness harness;
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = u"alice"_s;
        const Outside outside = visit(harness, {u"alice"_s, u"secret"_s, {}},
            [](const net::Endpoint &endpoint) { return std::make_unique<net::TlsTransport>(endpoint); });
        QVERIFY2(!outside.recording.contains("noon"), outside.recording);
        QVERIFY2(!outside.recording.contains("meet"), outside.recording);
        QVERIFY(parseTranscript(outside.recording));
    }
}

QTEST_GUILESS_MAIN(TestLeaks)
#include "tst_leaks.moc"
