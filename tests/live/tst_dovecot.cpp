// SPDX-License-Identifier: GPL-3.0-or-later
// pop3::Session against a real Dovecot: what is agreed on paper has to work with the server that most people have.
#include "live/visit.h"
#include "support/servers/dovecotserver.h"
#include "support/servers/faultproxy.h"

#include <QElapsedTimer>
#include <QScopeGuard>
#include <QSslConfiguration>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace satchel;
using satchel::test::DovecotServer;
using satchel::test::FaultProxy;
using satchel::test::LineFaults;
using satchel::test::Visit;

namespace {

constexpr int patience = 20'000;

/// What POP3 makes of a file: every line ends in CRLF, the last one too (Dovecot adds it); nothing else changes.
QByteArray asSent(QByteArray file)
{
    QByteArray sent;
    for (qsizetype i = 0; i < file.size(); ++i) {
        if (file.at(i) == '\n' && (i == 0 || file.at(i - 1) != '\r'))
            sent += '\r';
        sent += file.at(i);
    }
    if (!sent.endsWith("\r\n"))
        sent += "\r\n";
    return sent;
}

} // namespace

class TestDovecot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.addCaCertificates(m_server.authorityFile());
        QSslConfiguration::setDefaultConfiguration(trusting);
    }

    void signsInUnderEveryProtection_data()
    {
        QTest::addColumn<Security>("security");
        QTest::addColumn<QByteArray>("logged");
        QTest::newRow("plain") << Security::Plain << QByteArray("Logged in: user=<%1>, method=SCRAM-SHA-256");
        QTest::newRow("STLS") << Security::StartTls << QByteArray("Logged in: user=<%1>, method=SCRAM-SHA-256");
        QTest::newRow("implicit TLS") << Security::ImplicitTls
                                      << QByteArray("Logged in: user=<%1>, method=SCRAM-SHA-256");
    }

    void signsInUnderEveryProtection()
    {
        QFETCH(Security, security);
        QFETCH(QByteArray, logged);
        const QString user = m_server.addUser();
        m_server.deliver(user, {"Subject: one\n\nfirst\n", "Subject: two\n\nsecond\n"});
        Visit visit(portFor(security), security);
        QVERIFY2(visit.open(), visit.trouble());
        QCOMPARE(visit.session().isEncrypted(), security != Security::Plain);
        QVERIFY(visit.session().greeting().contains("Dovecot"));
        QVERIFY2(visit.logIn(user), visit.trouble());
        QVERIFY(visit.session().capabilities().pipelining);
        QVERIFY2(visit.list(), visit.trouble());
        QCOMPARE(visit.listing->size(), 2);
        QCOMPARE(visit.listing->at(1).size, asSent("Subject: two\n\nsecond\n").size());
        QVERIFY(!visit.listing->at(0).uidl.isEmpty());
        visit.session().retr(2);
        QTRY_COMPARE_WITH_TIMEOUT(visit.messages.value(2), "Subject: two\r\n\r\nsecond\r\n", patience);
        QVERIFY2(visit.quit(), visit.trouble());
        QTRY_VERIFY(m_server.log().contains(logged.replace("%1", user.toLatin1())));
        QCOMPARE(m_server.messages(user).size(), 2);
    }

    void signsInByEveryMechanism_data()
    {
        QTest::addColumn<Security>("security");
        QTest::addColumn<QString>("mechanism");
        for (const QString &mechanism : {u"PLAIN"_s, u"LOGIN"_s, u"CRAM-MD5"_s, u"DIGEST-MD5"_s, u"SCRAM-SHA-1"_s,
                 u"SCRAM-SHA-256"_s, u"APOP"_s, u"USER"_s}) {
            QTest::addRow("%s, plain", qPrintable(mechanism)) << Security::Plain << mechanism;
            QTest::addRow("%s, TLS", qPrintable(mechanism)) << Security::ImplicitTls << mechanism;
        }
    }

    void signsInByEveryMechanism()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        const QString user = m_server.addUser();
        Visit visit(portFor(security), security);
        QVERIFY2(visit.open(), visit.trouble());
        QVERIFY2(visit.logIn(user, mechanism), visit.trouble());
        QCOMPARE(visit.session().mechanism(), mechanism.toLatin1());
        QVERIFY2(visit.quit(), visit.trouble());
        // USER and PASS are the mechanism PLAIN to Dovecot.
        const QByteArray method = mechanism == "USER"_L1 ? QByteArray("PLAIN") : mechanism.toLatin1();
        QTRY_VERIFY(m_server.log().contains("Logged in: user=<" + user.toLatin1() + ">, method=" + method + ','));
        for (const QByteArray &line : std::as_const(visit.said)) {
            QVERIFY(!line.contains(DovecotServer::password().toLatin1()));
            QVERIFY(!line.contains(DovecotServer::password().toLatin1().toBase64()));
        }
    }

    void aWrongPasswordIsRefused_data()
    {
        QTest::addColumn<QString>("mechanism");
        for (const char *mechanism :
            {"", "PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256", "APOP", "USER"})
            QTest::newRow(*mechanism ? mechanism : "any") << QString::fromLatin1(mechanism);
    }

    void aWrongPasswordIsRefused()
    {
        QFETCH(QString, mechanism);
        const QString user = m_server.addUser();
        Visit visit(m_server.tlsPort(), Security::ImplicitTls);
        QVERIFY2(visit.open(), visit.trouble());
        QVERIFY(!visit.logIn(user, mechanism, u"not the right one"_s));
        QCOMPARE(visit.refusals.size() + visit.failures.size(), 1);
        const Error error = (visit.refusals + visit.failures).first();
        QCOMPARE(error.kind, ErrorKind::AuthenticationFailed);
        QCOMPARE(error.action, ErrorAction::EnterPassword);
        QVERIFY(!error.text.isEmpty());
        QVERIFY(!m_server.log().contains("Logged in: user=<" + user.toLatin1() + '>'));
    }

    void aBadCertificateEndsItBeforeAnySecret_data()
    {
        QTest::addColumn<QString>("certificate");
        QTest::addColumn<Security>("security");
        for (const QString &certificate : {u"wrong"_s, u"expired"_s, u"selfsigned"_s}) {
            QTest::addRow("%s, TLS", qPrintable(certificate)) << certificate << Security::ImplicitTls;
            QTest::addRow("%s, STLS", qPrintable(certificate)) << certificate << Security::StartTls;
        }
    }

    void aBadCertificateEndsItBeforeAnySecret()
    {
        QFETCH(QString, certificate);
        QFETCH(Security, security);
        DovecotServer server({.certificate = certificate});
        QVERIFY2(server.start(), qPrintable(server.problem()));
        // Its own authority is trusted too: what is wrong is only what the name of the row says.
        const QSslConfiguration before = QSslConfiguration::defaultConfiguration();
        QSslConfiguration trusting = before;
        trusting.addCaCertificates(server.authorityFile());
        QSslConfiguration::setDefaultConfiguration(trusting);
        const auto restore = qScopeGuard([&before] { QSslConfiguration::setDefaultConfiguration(before); });
        const QString user = server.addUser();
        const quint16 port = security == Security::ImplicitTls ? server.tlsPort() : server.port();

        Visit visit(port, security);
        QVERIFY(!visit.open());
        QCOMPARE(visit.failures.size(), 1);
        QCOMPARE(visit.failures.first().kind, ErrorKind::CertificateUntrusted);
        QCOMPARE(visit.failures.first().action, ErrorAction::ReviewCertificate);
        QVERIFY(visit.failures.first().certificate.has_value());
        const CertificateProblem problem = *visit.failures.first().certificate;
        QCOMPARE(problem.sha256, server.certificateSha256());
        QVERIFY(!problem.reasons.isEmpty());
        QVERIFY(!problem.changed);
        for (const QByteArray &line : std::as_const(visit.said))
            QVERIFY2(line == "CAPA" || line == "STLS", line.constData());
        QTRY_VERIFY(server.log().contains("Login aborted"));
        QVERIFY(!server.log().contains(user.toLatin1()));
        QVERIFY(!server.log().contains("auth failed"));

        // With the user's exception for just this certificate it works.
        Visit excepted(port, security, server.certificateSha256());
        QVERIFY2(excepted.open(), excepted.trouble());
        QVERIFY2(excepted.logIn(user), excepted.trouble());
        QVERIFY2(excepted.quit(), excepted.trouble());

        // With an exception for another one it does not, and the window can say that it has changed.
        Visit changed(port, security, QByteArray(32, 'x'));
        QVERIFY(!changed.open());
        QCOMPARE(changed.failures.value(0).kind, ErrorKind::CertificateUntrusted);
        QVERIFY(changed.failures.first().certificate->changed);
    }

    void anUnknownAuthorityIsNotTrusted()
    {
        DovecotServer stranger;
        QVERIFY2(stranger.start(), qPrintable(stranger.problem()));
        Visit visit(stranger.tlsPort(), Security::ImplicitTls);
        QVERIFY(!visit.open());
        QCOMPARE(visit.failures.value(0).kind, ErrorKind::CertificateUntrusted);
    }

    void aMailboxInUseSaysSo()
    {
        const QString user = m_server.addUser();
        Visit first(m_server.port(), Security::Plain);
        QVERIFY2(first.open() && first.logIn(user), first.trouble());
        Visit second(m_server.port(), Security::Plain);
        QVERIFY2(second.open(), second.trouble());
        QVERIFY(!second.logIn(user));
        QCOMPARE((second.refusals + second.failures).value(0).kind, ErrorKind::MailboxInUse);
        QVERIFY2(first.quit(), first.trouble());
    }

    void oddMessagesComeByteForByte()
    {
        const QByteArrayList odd{
            "Subject: dots\n\n.\n..\n...\n.leading\nmid.dle\n.\nend\n",
            "Subject: crlf on disk\r\n\r\nline1\r\nline2\r\n",
            "Subject: lone CR\n\nbefore\rafter\n\r\rtwo\nend\n",
            "Subject: no final newline\n\nlast line without newline",
            "Subject: ends in a dot\n\n.",
            QByteArray("Subject: NUL\n\nbefore\0after\n\0\nend\n", 34),
            "From: J\xf6rg <j@example.test>\nSubject: 8 bit \xe4\xf6\xfc \xc3\xa4\n\nbody \xe4 \xff\n",
            "Subject: long\n\n" + QByteArray(20'000, 'x') + "\nend\n",
            "Subject: no body\n",
            "\nbody only\n",
            "From here on\nSubject: From line\n\nFrom here on\n>From there\nend\n",
            "Subject: looks like replies\n\n+OK\n-ERR no\n.\n+OK 3 messages\n",
            "Subject: empty lines\n\n\n\n\n\n",
            "x",
        };
        const QString user = m_server.addUser();
        m_server.deliver(user, odd);
        QCOMPARE(m_server.messages(user), odd);
        Visit visit(m_server.tlsPort(), Security::ImplicitTls);
        QVERIFY2(visit.open() && visit.logIn(user), visit.trouble());
        for (int number = 1; number <= odd.size(); ++number)
            visit.session().retr(number);
        QVERIFY2(visit.quit(), visit.trouble());
        for (int number = 1; number <= odd.size(); ++number)
            QCOMPARE(visit.messages.value(number), asSent(odd.at(number - 1)));
        QCOMPARE(m_server.messages(user), odd);
    }

    void aThousandMessagesComeInOrderOverASlowLine()
    {
        constexpr int count = 1000;
        QByteArrayList mail;
        for (int i = 0; i < count; ++i)
            mail << "Subject: number " + QByteArray::number(i) + "\n\n" + QByteArray(i * 7 % 9000, 'a') + "\n.\n";
        const QString user = m_server.addUser();
        m_server.deliver(user, mail);
        const FaultProxy line(m_server.port(), {.delayToServer = 100ms, .delayToClient = 100ms});
        Visit visit(line.port(), Security::StartTls);
        QVERIFY2(visit.open() && visit.logIn(user) && visit.list(), visit.trouble());
        QCOMPARE(visit.listing->size(), count);
        QElapsedTimer timer;
        timer.start();
        for (const pop3::ListedMessage &message : std::as_const(*visit.listing))
            visit.session().retr(message.number);
        QTRY_COMPARE_WITH_TIMEOUT(visit.messages.size(), count, 100'000);
        // One after the other they would take 200 seconds.
        QVERIFY2(timer.elapsed() < 60'000, qPrintable(QString::number(timer.elapsed())));
        QVERIFY(std::ranges::is_sorted(visit.order));
        for (int number = 1; number <= count; ++number)
            QCOMPARE(visit.messages.value(number), asSent(mail.at(number - 1)));
        QVERIFY2(visit.quit(), visit.trouble());
    }

    void keepsWholeMessagesWhenTheLineDropsMidRetr_data()
    {
        QTest::addColumn<LineFaults::End>("end");
        QTest::newRow("FIN") << LineFaults::End::Close;
        QTest::newRow("RST") << LineFaults::End::Reset;
    }

    void keepsWholeMessagesWhenTheLineDropsMidRetr()
    {
        QFETCH(LineFaults::End, end);
        QByteArrayList mail;
        for (int i = 0; i < 20; ++i)
            mail << "Subject: " + QByteArray::number(i) + "\n\n" + QByteArray(10'000, char('a' + i)) + '\n';
        const QString user = m_server.addUser();
        m_server.deliver(user, mail);
        const FaultProxy line(m_server.port(), {.end = end, .clientText = "RETR 1\r\n", .afterServerBytes = 75'000});
        Visit visit(line.port(), Security::Plain);
        QVERIFY2(visit.open() && visit.logIn(user), visit.trouble());
        for (int number = 1; number <= mail.size(); ++number)
            visit.session().retr(number);
        QTRY_COMPARE_WITH_TIMEOUT(visit.failures.size(), 1, patience);
        QCOMPARE(visit.failures.first().kind, ErrorKind::ConnectionLost);
        QCOMPARE(visit.messages.size(), 7);
        for (const auto &[number, message] : visit.messages.asKeyValueRange())
            QCOMPARE(message, asSent(mail.at(number - 1)));
        QCOMPARE(visit.session().interruptedMessage(), 8);
        QVERIFY(visit.refusals.isEmpty());
        QVERIFY(!visit.finished);
        QCOMPARE(m_server.messages(user), mail);
    }

    void whatIsDeletedGoesWithQuitOnly()
    {
        const QString user = m_server.addUser();
        const QByteArrayList mail{"Subject: a\n\n", "Subject: b\n\n", "Subject: c\n\n"};
        m_server.deliver(user, mail);
        {
            Visit visit(m_server.tlsPort(), Security::ImplicitTls);
            QVERIFY2(visit.open() && visit.logIn(user), visit.trouble());
            visit.session().dele(1);
            visit.session().dele(2);
            QTRY_COMPARE_WITH_TIMEOUT(visit.deleted, QList<int>({1, 2}), patience);
            visit.session().abort();
        }
        Visit visit(m_server.tlsPort(), Security::ImplicitTls);
        QVERIFY2(visit.open() && visit.logIn(user) && visit.list(), visit.trouble());
        QCOMPARE(visit.listing->size(), 3);
        QCOMPARE(m_server.messages(user), mail);
        visit.session().dele(2);
        QVERIFY2(visit.quit(), visit.trouble());
        QCOMPARE(visit.deleted, QList<int>({2}));
        QCOMPARE(m_server.messages(user), QByteArrayList({mail.at(0), mail.at(2)}));
    }

private:
    [[nodiscard]] quint16 portFor(Security security) const
    {
        return security == Security::ImplicitTls ? m_server.tlsPort() : m_server.port();
    }

    DovecotServer m_server;
};

QTEST_GUILESS_MAIN(TestDovecot)
#include "tst_dovecot.moc"
