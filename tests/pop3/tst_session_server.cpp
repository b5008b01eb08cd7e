// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "pop3/session.h"
#include "support/scriptedserver.h"

#include <QSignalSpy>
#include <QTest>

using namespace satchel;
using namespace satchel::pop3;
using namespace satchel::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// A session on a real connection, and what it said.
class Visit : public QObject
{
public:
    Visit(const ScriptedServer &server, Security security, SessionOptions options = {})
    {
        net::Endpoint endpoint;
        endpoint.host = u"localhost"_s;
        endpoint.port = security == Security::ImplicitTls ? server.tlsPort() : server.port();
        endpoint.security = security;
        session = std::make_unique<Session>(std::make_unique<net::TlsTransport>(endpoint), endpoint, options);
        connect(
            session.get(), &Session::ready, this, [this] { session->login({u"alice"_s, password, {}}, mechanism); });
        connect(session.get(), &Session::retrieved, this,
            [this](int number, const QByteArray &bytes) { messages.insert(number, bytes); });
        connect(session.get(), &Session::listed, this, [this](const auto &list) { listing = list; });
        connect(session.get(), &Session::failed, this, [this](const Error &error) { failure = error; });
        connect(session.get(), &Session::refused, this, [this](Verb, int, const Error &error) { refusal = error; });
    }

    bool logIn()
    {
        QSignalSpy loggedIn(session.get(), &Session::loggedIn);
        session->open();
        return QTest::qWaitFor([&] { return !loggedIn.isEmpty() || failure || refusal; }, 10000) && !loggedIn.isEmpty();
    }

    std::unique_ptr<Session> session;
    QString password = u"secret"_s;
    QString mechanism;
    QMap<int, QByteArray> messages;
    QList<ListedMessage> listing;
    std::optional<Error> failure;
    std::optional<Error> refusal;
};

} // namespace

class TestSessionServer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(testCertificates().isValid());
        trustTestAuthority();
    }

    void fetchesAndDeletesOverEveryKindOfConnection_data()
    {
        QTest::addColumn<Security>("security");
        QTest::newRow("TLS") << Security::ImplicitTls;
        QTest::newRow("STLS") << Security::StartTls;
        QTest::newRow("plain") << Security::Plain;
    }

    void fetchesAndDeletesOverEveryKindOfConnection()
    {
        QFETCH(Security, security);
        const auto mails = Maildrop::generated(50, 3000);
        ScriptedServer server(mails);
        QVERIFY(server.listen());
        Visit visit(server, security);
        QVERIFY(visit.logIn());
        QCOMPARE(visit.session->isEncrypted(), security != Security::Plain);
        visit.session->list();
        QTRY_COMPARE(visit.listing.size(), 50);
        for (const ListedMessage &message : visit.listing)
            visit.session->retr(message.number);
        QTRY_COMPARE(visit.messages.size(), 50);
        for (int i = 0; i < 50; ++i)
            QCOMPARE(visit.messages.value(i + 1), mails.at(i).bytes);
        QVERIFY2(server.record().mostInOneRead > 10, "pipelined");
        QSignalSpy deleted(visit.session.get(), &Session::deleted);
        visit.session->dele(3);
        visit.session->dele(5);
        QTRY_COMPARE(deleted.size(), 2);
        QCOMPARE(server.record().committed, QByteArrayList());
        QSignalSpy finished(visit.session.get(), &Session::finished);
        visit.session->quit();
        QTRY_COMPARE(finished.size(), 1);
        QCOMPARE(server.record().committed, (QByteArrayList{"u3", "u5"}));
        QVERIFY(!visit.failure);
    }

    void signsInWithEveryMechanismTheServerKnows_data()
    {
        QTest::addColumn<QString>("mechanism");
        for (const char *name : {"USER", "PLAIN", "LOGIN", "CRAM-MD5", "APOP"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void signsInWithEveryMechanismTheServerKnows()
    {
        QFETCH(QString, mechanism);
        ServerQuirks quirks;
        quirks.greeting = "+OK ready <1.2@example.test>";
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::ImplicitTls);
        visit.mechanism = mechanism;
        QVERIFY(visit.logIn());
        QCOMPARE(visit.session->mechanism(), mechanism.toLatin1());
    }

    void Q12_fallsToUserWhereSaslFails()
    {
        ServerQuirks quirks;
        quirks.answers = {{"AUTH PLAIN", "-ERR not for you"}};
        quirks.sasl = "PLAIN";
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::ImplicitTls);
        QVERIFY(visit.logIn());
        QCOMPARE(visit.session->mechanism(), "USER");
    }

    void Q11_Q18_aWrongPasswordIsTriedOnce_data()
    {
        QTest::addColumn<bool>("hangsUp");
        QTest::addColumn<bool>("silently");
        QTest::newRow("answers") << false << false;
        QTest::newRow("answers and hangs up, like popa3d") << true << false;
        QTest::newRow("hangs up") << true << true;
    }

    void Q11_Q18_aWrongPasswordIsTriedOnce()
    {
        QFETCH(bool, hangsUp);
        QFETCH(bool, silently);
        ServerQuirks quirks;
        quirks.hangsUpAfterBadPassword = hangsUp;
        quirks.hangsUpInsteadOfRefusing = silently;
        quirks.sasl.clear();
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::ImplicitTls);
        visit.password = u"wrong"_s;
        QVERIFY(!visit.logIn());
        QCOMPARE((visit.failure ? visit.failure : visit.refusal)->kind, ErrorKind::AuthenticationFailed);
        // Who says nothing is asked once more: the line may have been lost.
        QCOMPARE(server.record().failedLogins, silently ? 2 : 1);
    }

    void Q15_saysThatTheMailboxIsInUse()
    {
        ScriptedServer server;
        QVERIFY(server.listen());
        Visit first(server, Security::Plain);
        QVERIFY(first.logIn());
        Visit second(server, Security::Plain);
        QVERIFY(!second.logIn());
        QCOMPARE(second.refusal->kind, ErrorKind::MailboxInUse);
        QCOMPARE(server.record().failedLogins, 0);
    }

    void Q1_connectsAgainWithoutCapa()
    {
        ServerQuirks quirks;
        quirks.capaHangsUp = true;
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::ImplicitTls);
        QVERIFY(visit.logIn());
        QVERIFY(visit.session->hangsUpOnCapa());
        QCOMPARE(server.record().connections, 2);
    }

    void Q4_sec_injectionBehindStls()
    {
        ServerQuirks quirks;
        quirks.behindStls = "+OK injected\r\n";
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::StartTls);
        QVERIFY(!visit.logIn());
        QCOMPARE(visit.failure->kind, ErrorKind::TlsFailed);
        QCOMPARE(server.record().commands, (QByteArrayList{"CAPA", "STLS"}));
    }

    void sec_neverInClearWhereTlsIsRequired()
    {
        for (const bool announced : {true, false}) {
            ServerQuirks quirks;
            quirks.stls = announced;
            quirks.stlsRefused = true;
            ScriptedServer server({}, quirks);
            QVERIFY(server.listen());
            Visit visit(server, Security::StartTls);
            QVERIFY(!visit.logIn());
            QCOMPARE(visit.failure->kind, ErrorKind::EncryptionUnavailable);
            QVERIFY2(visit.failure->text.contains(u"offers no encryption"_s), qPrintable(visit.failure->text));
            for (const QByteArray &command : server.record().commands)
                QVERIFY(command == "CAPA" || command == "STLS");
        }
    }

    void sec_whatIsOfferedInClearIsNoReasonToDoWithoutStls()
    {
        ServerQuirks quirks;
        quirks.greeting = "+OK ready <1896.697170952@dbc.mtview.ca.us>"; // APOP, beside PLAIN and USER
        ScriptedServer server({}, quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::StartTls);
        QVERIFY(visit.logIn());
        const QByteArrayList commands = server.record().commands;
        QCOMPARE(commands.first(2), QByteArrayList({"CAPA", "STLS"}));
        QVERIFY(visit.session->isEncrypted());
    }

    void Q46_sec_aMessageThatIsCutIsNeverHandedOn_data()
    {
        QTest::addColumn<Security>("security");
        QTest::addColumn<bool>("reset");
        QTest::addColumn<bool>("truncates");
        QTest::newRow("TLS") << Security::ImplicitTls << false << false;
        QTest::newRow("TLS, reset") << Security::ImplicitTls << true << false;
        QTest::newRow("TLS, a FIN without close_notify") << Security::ImplicitTls << false << true;
        QTest::newRow("STLS, a FIN without close_notify") << Security::StartTls << false << true;
        QTest::newRow("plain") << Security::Plain << false << false;
    }

    void Q46_sec_aMessageThatIsCutIsNeverHandedOn()
    {
        QFETCH(Security, security);
        QFETCH(bool, reset);
        QFETCH(bool, truncates);
        ServerQuirks quirks;
        quirks.truncates = truncates;
        quirks.cutInMessage = 3;
        quirks.cutAfter = 1500;
        quirks.resets = reset;
        ScriptedServer server(Maildrop::generated(5, 3000), quirks);
        QVERIFY(server.listen());
        Visit visit(server, security);
        QVERIFY(visit.logIn());
        for (int i = 1; i <= 5; ++i)
            visit.session->retr(i);
        QTRY_VERIFY(visit.failure);
        QCOMPARE(visit.failure->kind, ErrorKind::ConnectionLost);
        QVERIFY(!visit.messages.contains(3));
        QVERIFY(visit.messages.size() <= 2);
    }

    void Q25_aServerThatDoesNotStuffDotsIsFoundOut()
    {
        ServerQuirks quirks;
        quirks.noDotStuffing = true;
        auto mails = Maildrop::generated(3);
        mails[1].bytes += "before\r\n.\r\nafter\r\n";
        ScriptedServer server(mails, quirks);
        QVERIFY(server.listen());
        for (const bool pipelining : {true, false}) {
            SessionOptions options;
            options.pipelining = pipelining;
            Visit visit(server, Security::Plain, options);
            QVERIFY(visit.logIn());
            for (int i = 1; i <= 3; ++i)
                visit.session->retr(i);
            QTRY_VERIFY(visit.failure);
            QCOMPARE(visit.failure->kind, ErrorKind::ProtocolError);
            QCOMPARE(visit.messages.keys(), QList<int>{1});
        }
    }

    void Q24_understandsServersThatEndLinesWithLf()
    {
        ServerQuirks quirks;
        quirks.bareLineFeeds = true;
        ScriptedServer server({{"u1", "a: b\r\n\r\n.\r\n..x\r\n"}}, quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::Plain);
        QVERIFY(visit.logIn());
        visit.session->retr(1);
        QTRY_COMPARE(visit.messages.value(1), "a: b\n\n.\n..x\n");
    }

    void Q48_saysHowQuitEnded_data()
    {
        QTest::addColumn<QuitBehaviour>("behaviour");
        QTest::addColumn<bool>("finished");
        QTest::newRow("commits") << QuitBehaviour::Commit << true;
        QTest::newRow("refuses") << QuitBehaviour::RefuseAndKeep << false;
        QTest::newRow("hangs up") << QuitBehaviour::CommitAndHangUp << false;
        QTest::newRow("stays silent") << QuitBehaviour::CommitAndStaySilent << false;
    }

    void Q48_saysHowQuitEnded()
    {
        QFETCH(QuitBehaviour, behaviour);
        QFETCH(bool, finished);
        ServerQuirks quirks;
        quirks.quit = behaviour;
        ScriptedServer server(Maildrop::generated(1), quirks);
        QVERIFY(server.listen());
        SessionOptions options;
        options.silence = options.slowSilence = 300ms;
        Visit visit(server, Security::ImplicitTls, options);
        QVERIFY(visit.logIn());
        QSignalSpy done(visit.session.get(), &Session::finished);
        visit.session->quit();
        QTRY_VERIFY(!done.isEmpty() || visit.refusal || visit.failure);
        QCOMPARE(done.size(), finished ? 1 : 0);
        QCOMPARE(visit.refusal.has_value(), !finished);
        QVERIFY(!visit.failure);
    }

    void law4_abortLeavesEverythingOnTheServer()
    {
        ScriptedServer server(Maildrop::generated(2));
        QVERIFY(server.listen());
        Visit visit(server, Security::Plain);
        QVERIFY(visit.logIn());
        QSignalSpy deleted(visit.session.get(), &Session::deleted);
        visit.session->dele(1);
        QTRY_COMPARE(deleted.size(), 1);
        visit.session->abort();
        Visit next(server, Security::Plain);
        QTRY_VERIFY(server.messages().size() == 2);
        QCOMPARE(server.record().committed, QByteArrayList());
    }

    void largeMessagesReportProgress()
    {
        ScriptedServer server(Maildrop::generated(1, 3'000'000));
        QVERIFY(server.listen());
        Visit visit(server, Security::ImplicitTls);
        QVERIFY(visit.logIn());
        QSignalSpy retrieving(visit.session.get(), &Session::retrieving);
        visit.session->retr(1);
        QTRY_COMPARE(visit.messages.size(), 1);
        QCOMPARE(visit.messages.value(1), server.messages().first().bytes);
        QVERIFY(retrieving.size() > 3);
    }

    void farAwayServersAreNotAskedOneByOne()
    {
        ServerQuirks quirks;
        quirks.latency = 100ms;
        ScriptedServer server(Maildrop::generated(300), quirks);
        QVERIFY(server.listen());
        Visit visit(server, Security::Plain);
        QVERIFY(visit.logIn());
        QElapsedTimer timer;
        timer.start();
        for (int i = 1; i <= 300; ++i)
            visit.session->retr(i);
        QTRY_COMPARE_WITH_TIMEOUT(visit.messages.size(), 300, 20000);
        QVERIFY2(timer.elapsed() < 10'000, "300 round trips take 30 s");
    }
};

QTEST_GUILESS_MAIN(TestSessionServer)
#include "tst_session_server.moc"
