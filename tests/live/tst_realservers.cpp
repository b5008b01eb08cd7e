// SPDX-License-Identifier: GPL-3.0-or-later
// pop3::Session and whole checks against the POP3 servers beside Dovecot: tst_realservers NAME [options of Qt Test],
// NAME as PopServer::named() knows it. Where servers cannot run it says why and ends with 77, which CTest shows.
#include "live/visit.h"
#include "support/servers/faultproxy.h"
#include "support/servers/popserver.h"
#include "sync/checkharness.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <vector>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using DeletedByAnother = PopServerTraits::DeletedByAnother;

namespace {

constexpr int patience = Visit::patience;
constexpr int notHere = 77;

/// Complete enough that no server adds a field of its own accord.
QByteArray mail(int number, const QByteArray &body = "Hello\n.\n..\n")
{
    return "From: Ada <ada@example.org>\nSubject: Number " + QByteArray::number(number) + "\nMessage-ID: <"
        + QByteArray::number(number) + "@example.org>\nDate: Fri, 20 Nov 2026 10:00:00 +0000\n\n" + body;
}

QByteArrayList mails(int count, qsizetype size = 10)
{
    QByteArrayList list;
    for (int i = 1; i <= count; ++i)
        list << mail(i, (QByteArray(72, 'x') + '\n').repeated(size / 73 + 1));
    return list;
}

const char *nameOf(Security security)
{
    return security == Security::Plain ? "plain" : security == Security::StartTls ? "STLS" : "TLS";
}

} // namespace

class TestRealServers : public QObject
{
    Q_OBJECT

public:
    explicit TestRealServers(PopServer &server)
        : m_server(server)
    {
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY2(m_server.start(), qPrintable(m_server.problem())); }

    void offersWhatItIsKnownToOffer_data() { eachProtection(); }

    void offersWhatItIsKnownToOffer()
    {
        QFETCH(Security, security);
        auto visit = open(security);
        QVERIFY(visit);
        QCOMPARE(visit->session().isEncrypted(), security != Security::Plain);
        const pop3::Capabilities capabilities = visit->session().capabilities();
        QCOMPARE(capabilities.known, traits().capabilities);
        QCOMPARE(sorted(capabilities.sasl), sorted(security == Security::Plain ? traits().sasl : traits().saslInTls));
        if (traits().capabilities) {
            QVERIFY(capabilities.uidl && capabilities.top && capabilities.user && capabilities.pipelining);
            QCOMPARE(capabilities.stls, security == Security::Plain);
        }
        QVERIFY2(visit->quit(), visit->trouble());
    }

    void signsInByEveryMechanism_data() { eachMechanism(); }

    void signsInByEveryMechanism()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        const QString user = m_server.addUser();
        m_server.deliver(user, mails(2));
        auto visit = open(security);
        QVERIFY(visit);
        QVERIFY2(visit->logIn(user, mechanism), visit->trouble());
        if (!mechanism.isEmpty())
            QCOMPARE(visit->session().mechanism(), mechanism.toLatin1());
        QVERIFY2(visit->list(), visit->trouble());
        QCOMPARE(visit->listing->size(), 2);
        QVERIFY2(visit->quit(), visit->trouble());
        for (const QByteArray &line : std::as_const(visit->said)) {
            QVERIFY(!line.contains(PopServer::password().toLatin1()));
            QVERIFY(!line.contains(PopServer::password().toLatin1().toBase64()));
        }
    }

    void aWrongPasswordIsRefusedAndTheRightOneThenTaken()
    {
        struct Attempt {
            Security security;
            QString mechanism;
            std::unique_ptr<Visit> wrong;
            [[nodiscard]] QByteArray name() const { return mechanism.toLatin1() + ", " + nameOf(security); }
        };
        const QString user = m_server.addUser();
        // All at once: some servers take many seconds to answer.
        std::vector<Attempt> attempts;
        for (const Security security : protections()) {
            for (const QString &mechanism : mechanisms(security)) {
                auto visit = open(security);
                QVERIFY(visit);
                visit->session().login(
                    {.userName = user, .password = u"not the right one"_s, .accessToken = {}}, mechanism);
                attempts.push_back({security, mechanism, std::move(visit)});
            }
        }
        for (const Attempt &attempt : attempts) {
            QTRY_VERIFY_WITH_TIMEOUT(attempt.wrong->isOver() || attempt.wrong->loggedIn, 2 * patience);
            QVERIFY2(!attempt.wrong->loggedIn, attempt.name());
            // Some close the connection after their answer, some instead of it.
            const Error error = (attempt.wrong->refusals + attempt.wrong->failures).first();
            QCOMPARE_LE(attempt.wrong->refusals.size(), 1);
            QVERIFY2(error.kind == ErrorKind::AuthenticationFailed, attempt.wrong->trouble() + " by " + attempt.name());
            QCOMPARE(error.action, ErrorAction::EnterPassword);
            QVERIFY(!error.text.isEmpty());
        }
        for (const Attempt &attempt : attempts) {
            auto right = open(attempt.security);
            QVERIFY(right);
            QVERIFY2(right->logIn(user, attempt.mechanism), right->trouble() + " by " + attempt.name());
            QVERIFY2(right->quit(), right->trouble());
        }
    }

    void oddMessagesComeByteForByte()
    {
        QByteArrayList odd{
            mail(1, ".\n..\n...\n.leading\nmid.dle\n.\nend\n"),
            mail(2, QByteArray(20'000, 'x') + "\nend\n"),
            mail(3, "last line without newline"),
            mail(4, "+OK\n-ERR no\n.\n+OK 3 messages\n"),
            mail(5, "\n\n\nempty lines\n"),
            "From: J\xc3\xb6rg <j@example.test>\nSubject: UTF-8 \xc3\xa4\xc3\xb6\xc3\xbc\nMessage-ID: <8@example.org>\n"
            "Date: Fri, 20 Nov 2026 10:00:00 +0000\n\nbody \xc3\xa4\n",
            "From: J\xf6rg <j@example.test>\nSubject: Latin-1 \xe4\xf6\xfc\nMessage-ID: <9@example.org>\n"
            "Date: Fri, 20 Nov 2026 10:00:00 +0000\n\nbody \xe4 \xff\n",
        };
        if (traits().keepsLoneCr)
            odd << mail(10, "before\rafter\n\r\rtwo\nend\n");
        if (traits().keepsNul)
            odd << mail(11, QByteArray("before\0after\n\0\nend\n", 19));
        const QString user = m_server.addUser();
        m_server.deliver(user, odd);
        auto visit = open(traits().tls ? Security::StartTls : Security::Plain);
        QVERIFY(visit);
        QVERIFY2(visit->logIn(user) && visit->list(), visit->trouble());
        QCOMPARE(visit->listing->size(), odd.size());
        for (int number = 1; number <= odd.size(); ++number)
            visit->session().retr(number);
        QVERIFY2(visit->quit(), visit->trouble());
        for (int number = 1; number <= odd.size(); ++number) {
            const QByteArray came = visit->messages.value(number);
            QCOMPARE(m_server.withoutAdditions(came), PopServer::asSent(odd.at(number - 1)));
            QVERIFY(!visit->listing->at(number - 1).uidl.isEmpty());
        }
        QCOMPARE(m_server.count(user), odd.size());
    }

    void sizesAreWhatComes()
    {
        const QString user = m_server.addUser();
        const QByteArrayList sent = mails(3, 2000);
        m_server.deliver(user, sent);
        auto visit = open(Security::Plain);
        QVERIFY(visit);
        QVERIFY2(visit->logIn(user) && visit->list(), visit->trouble());
        for (int number = 1; number <= 3; ++number)
            visit->session().retr(number);
        QVERIFY2(visit->quit(), visit->trouble());
        for (int number = 1; number <= 3; ++number) {
            const qint64 came = visit->messages.value(number).size();
            QVERIFY(came > 2000);
            QCOMPARE(visit->listing->at(number - 1).size, came);
        }
    }

    void Q28_equalMessagesHaveEqualUidlsWhereTheyAreMadeOfTheContent()
    {
        const QString user = m_server.addUser();
        m_server.deliver(user, {mail(1), mail(1), mail(2)});
        auto visit = open(Security::Plain);
        QVERIFY(visit);
        QVERIFY2(visit->logIn(user) && visit->list(), visit->trouble());
        QCOMPARE(visit->listing->at(0).uidl == visit->listing->at(1).uidl, traits().equalUidls);
        QVERIFY(visit->listing->at(0).uidl != visit->listing->at(2).uidl);
        QVERIFY2(visit->quit(), visit->trouble());
    }

    void threeHundredMessagesComeInOrder()
    {
        const QByteArrayList sent = mails(300, 3000);
        const QString user = m_server.addUser();
        m_server.deliver(user, sent);
        auto visit = open(traits().tls ? Security::ImplicitTls : Security::Plain);
        QVERIFY(visit);
        QVERIFY2(visit->logIn(user) && visit->list(), visit->trouble());
        QCOMPARE(visit->listing->size(), sent.size());
        for (int number = 1; number <= sent.size(); ++number)
            visit->session().retr(number);
        QTRY_COMPARE_WITH_TIMEOUT(visit->messages.size(), sent.size(), 60'000);
        QVERIFY(std::ranges::is_sorted(visit->order));
        for (int number = 1; number <= sent.size(); ++number)
            QCOMPARE(m_server.withoutAdditions(visit->messages.value(number)), PopServer::asSent(sent.at(number - 1)));
        QVERIFY2(visit->quit(), visit->trouble());
    }

    void whatIsDeletedGoesWithQuitOnly()
    {
        const QString user = m_server.addUser();
        m_server.deliver(user, mails(3));
        auto dropped = open(Security::Plain);
        QVERIFY(dropped);
        QVERIFY2(dropped->logIn(user), dropped->trouble());
        dropped->session().dele(1);
        dropped->session().dele(2);
        QTRY_COMPARE_WITH_TIMEOUT(dropped->deleted, QList<int>({1, 2}), patience);
        dropped->session().abort();
        dropped.reset();
        // A server that locks its mailboxes may need a moment to see that we have gone.
        std::unique_ptr<Visit> visit;
        QTRY_VERIFY_WITH_TIMEOUT((visit = open(Security::Plain)) && visit->logIn(user), patience);
        QVERIFY2(visit->list(), visit->trouble());
        QCOMPARE(visit->listing->size(), 3);
        visit->session().dele(2);
        QVERIFY2(visit->quit(), visit->trouble());
        QCOMPARE(visit->deleted, QList<int>({2}));
        QTRY_COMPARE_WITH_TIMEOUT(m_server.count(user), 2, patience);
    }

    void aSecondSessionIsLetInOrToldThatTheMailboxIsInUse()
    {
        const QString user = m_server.addUser();
        m_server.deliver(user, mails(2));
        auto first = open(Security::Plain);
        QVERIFY(first);
        QVERIFY2(first->logIn(user), first->trouble());
        auto second = open(Security::Plain);
        QVERIFY(second);
        if (traits().deletedByAnother == DeletedByAnother::Locked) {
            QVERIFY(!second->logIn(user));
            QCOMPARE((second->refusals + second->failures).value(0).kind, ErrorKind::MailboxInUse);
        } else {
            QVERIFY2(second->logIn(user), second->trouble());
            QVERIFY2(second->quit(), second->trouble());
        }
        QVERIFY2(first->quit(), first->trouble());
    }

    void aMessageThatAnotherDeletedIsNeverTakenForAnotherMessage()
    {
        if (traits().deletedByAnother == DeletedByAnother::Locked)
            return; // no second session comes in, as the test before this one says
        const QString user = m_server.addUser();
        const QByteArrayList sent = mails(3);
        m_server.deliver(user, sent);
        auto visit = open(Security::Plain);
        QVERIFY(visit);
        QVERIFY2(visit->logIn(user) && visit->list(), visit->trouble());
        m_server.deleteByAnother(user, 1);
        visit->session().retr(1);
        QTRY_VERIFY_WITH_TIMEOUT(visit->isOver() || visit->messages.contains(1), patience);
        switch (traits().deletedByAnother) {
        case DeletedByAnother::Refused:
            QCOMPARE(visit->refusals.size(), 1);
            QCOMPARE(visit->refusals.first().kind, ErrorKind::ServerRefused);
            visit->refusals.clear();
            visit->session().retr(2);
            QTRY_VERIFY_WITH_TIMEOUT(visit->messages.contains(2), patience);
            QCOMPARE(m_server.withoutAdditions(visit->messages.value(2)), PopServer::asSent(sent.at(1)));
            break;
        case DeletedByAnother::Delivered:
            QCOMPARE(m_server.withoutAdditions(visit->messages.value(1)), PopServer::asSent(sent.at(0)));
            break;
        case DeletedByAnother::ConnectionLost:
            QCOMPARE(visit->failures.size(), 1);
            QCOMPARE(visit->failures.first().kind, ErrorKind::ConnectionLost);
            QVERIFY(visit->messages.isEmpty());
            break;
        case DeletedByAnother::Locked:
            break;
        }
        visit->session().abort();
        visit.reset();
        QTRY_COMPARE_WITH_TIMEOUT(m_server.count(user), 2, patience);
    }

    void keepsWholeMessagesWhenTheServerDiesMidRetr()
    {
        // More than the buffers between the two hold: the server dies while it sends.
        const QByteArrayList sent = mails(10, 3'000'000);
        const QString user = m_server.addUser();
        m_server.deliver(user, sent);
        Visit visit(m_server.port(), Security::Plain);
        QVERIFY2(visit.open() && visit.logIn(user), visit.trouble());
        QObject::connect(&visit.session(), &pop3::Session::retrieved, this, [this](int number) {
            if (number == 2)
                m_server.kill();
        });
        for (int number = 1; number <= sent.size(); ++number)
            visit.session().retr(number);
        QTRY_COMPARE_WITH_TIMEOUT(visit.failures.size(), 1, patience);
        QCOMPARE(visit.failures.first().kind, ErrorKind::ConnectionLost);
        QVERIFY(visit.messages.size() >= 2 && visit.messages.size() < sent.size());
        for (const auto &[number, message] : visit.messages.asKeyValueRange())
            QCOMPARE(m_server.withoutAdditions(message), PopServer::asSent(sent.at(number - 1)));
        QVERIFY2(m_server.restart(), qPrintable(m_server.problem()));
        QCOMPARE(m_server.count(user), sent.size());
    }

    void aCheckFetchesEverythingOnce_data() { eachProtection(); }

    void aCheckFetchesEverythingOnce()
    {
        QFETCH(Security, security);
        CheckHarness harness;
        use(harness, security);
        const QByteArrayList sent = mails(25, 2000);
        m_server.deliver(harness.account().userName, sent);
        const sync::CheckResult first = harness.check(PopServer::password());
        QVERIFY2(!first.error, first.error ? qPrintable(first.error->text + first.error->detail) : "");
        QCOMPARE(first.stored, 25);
        QCOMPARE(stored(harness), delivered(sent));
        harness.reopen();
        const sync::CheckResult second = harness.check(PopServer::password());
        QVERIFY(!second.error);
        QCOMPARE(second.stored, 0);
        m_server.deliver(harness.account().userName, {mail(99)});
        QCOMPARE(harness.check(PopServer::password()).stored, 1);
        QCOMPARE(stored(harness), delivered(sent + QByteArrayList{mail(99)}));
        QCOMPARE(m_server.count(harness.account().userName), 26);
    }

    void aCheckDeletesAfterDownload()
    {
        CheckHarness harness;
        use(harness, traits().tls ? Security::ImplicitTls : Security::Plain);
        harness.account().retention = Retention::DeleteAfterDownload;
        const QByteArrayList sent = mails(30, 500);
        m_server.deliver(harness.account().userName, sent);
        const sync::CheckResult result = harness.check(PopServer::password());
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text + result.error->detail) : "");
        QCOMPARE(result.stored, 30);
        QCOMPARE(result.deletedOnServer, 30);
        QCOMPARE(stored(harness), delivered(sent));
        QCOMPARE(m_server.count(harness.account().userName), 0);
        QCOMPARE(harness.check(PopServer::password()).stored, 0);
    }

    // Equal bytes under one UIDL are one message, stored once; under several they are as many.
    void Q28_aCheckStoresEqualMessagesOnceForEachUidl()
    {
        CheckHarness harness;
        use(harness, Security::Plain);
        const QByteArrayList sent{mail(1), mail(1), mail(2), mail(1)};
        m_server.deliver(harness.account().userName, sent);
        const QByteArrayList kept = traits().equalUidls ? QByteArrayList{mail(1), mail(2)} : sent;
        QCOMPARE(harness.check(PopServer::password()).stored, kept.size());
        QCOMPARE(harness.check(PopServer::password()).stored, 0);
        QCOMPARE(stored(harness), delivered(kept));
        m_server.deliver(harness.account().userName, {mail(1), mail(3)});
        QCOMPARE(harness.check(PopServer::password()).stored, traits().equalUidls ? 1 : 2);
    }

    // All of them leave the server, not one for each that is stored.
    void Q28_aCheckDeletesEachOfSeveralEqualMessages()
    {
        CheckHarness harness;
        use(harness, Security::Plain);
        harness.account().retention = Retention::DeleteAfterDownload;
        m_server.deliver(harness.account().userName, {mail(1), mail(1), mail(2), mail(1)});
        const sync::CheckResult result = harness.check(PopServer::password());
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text + result.error->detail) : "");
        QCOMPARE(result.deletedOnServer, 4);
        QCOMPARE(m_server.count(harness.account().userName), 0);
        QCOMPARE(harness.sources().size(), traits().equalUidls ? 2 : 4);
    }

    void aCheckThatIsCutLosesNothingAndDoublesNothing()
    {
        CheckHarness harness;
        use(harness, Security::Plain);
        harness.account().retention = Retention::DeleteAfterDownload;
        const QByteArrayList sent = mails(20, 20'000);
        m_server.deliver(harness.account().userName, sent);
        FaultProxy line(m_server.port());
        harness.account().port = line.port();
        int kept = 0;
        for (const qint64 cutAfter : {1500, 100'001, 200'000}) {
            line.setFaults({.end = LineFaults::End::Close, .afterServerBytes = cutAfter});
            const sync::CheckResult result = harness.check(PopServer::password());
            QVERIFY(result.error);
            QCOMPARE(result.deletedOnServer, 0);
            kept += result.stored;
            QCOMPARE(m_server.count(harness.account().userName), sent.size());
        }
        QVERIFY(kept > 0);
        line.setFaults({});
        const sync::CheckResult rest = harness.check(PopServer::password());
        QVERIFY2(!rest.error, rest.error ? qPrintable(rest.error->text + rest.error->detail) : "");
        QCOMPARE(kept + rest.stored, sent.size());
        QCOMPARE(stored(harness), delivered(sent));
        QCOMPARE(m_server.count(harness.account().userName), 0);
    }

    void aCheckSaysThatThePasswordIsWrongAndGoesOnWithTheRightOne()
    {
        CheckHarness harness;
        use(harness, traits().tls ? Security::StartTls : Security::Plain);
        m_server.deliver(harness.account().userName, mails(2));
        const sync::CheckResult wrong = harness.check(u"not the right one"_s);
        QVERIFY(wrong.error);
        QCOMPARE(wrong.error->kind, ErrorKind::AuthenticationFailed);
        QCOMPARE(wrong.error->action, ErrorAction::EnterPassword);
        QVERIFY(harness.ledger().isEmpty());
        QCOMPARE(harness.check(PopServer::password()).stored, 2);
    }

private:
    [[nodiscard]] const PopServerTraits &traits() const { return m_server.traits(); }

    [[nodiscard]] quint16 portFor(Security security) const
    {
        return security == Security::ImplicitTls ? m_server.tlsPort() : m_server.port();
    }

    /// nullptr when there was no greeting or no encryption.
    [[nodiscard]] std::unique_ptr<Visit> open(Security security)
    {
        auto visit = std::make_unique<Visit>(
            portFor(security), security, security == Security::Plain ? QByteArray() : m_server.certificateSha256());
        if (visit->open())
            return visit;
        qWarning("%s", visit->trouble().constData());
        return nullptr;
    }

    [[nodiscard]] QList<Security> protections() const
    {
        if (!traits().tls)
            return {Security::Plain};
        return {Security::Plain, Security::StartTls, Security::ImplicitTls};
    }

    void eachProtection() const
    {
        QTest::addColumn<Security>("security");
        for (const Security security : protections())
            QTest::newRow(nameOf(security)) << security;
    }

    /// All that the server offers and the client knows, and the client's own choice.
    void eachMechanism() const
    {
        QTest::addColumn<Security>("security");
        QTest::addColumn<QString>("mechanism");
        for (const Security security : protections()) {
            if (security == Security::StartTls)
                continue; // the same is offered as in TLS from the first byte
            for (const QString &mechanism : mechanisms(security))
                QTest::addRow(
                    "%s, %s", mechanism.isEmpty() ? "the client's choice" : qPrintable(mechanism), nameOf(security))
                    << security << mechanism;
        }
    }

    [[nodiscard]] QStringList mechanisms(Security security) const
    {
        const QByteArrayList known{"PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"};
        QStringList names{QString(), u"USER"_s};
        if (traits().apop)
            names << u"APOP"_s;
        for (const QByteArray &mechanism : security == Security::Plain ? traits().sasl : traits().saslInTls) {
            if (known.contains(mechanism))
                names << QString::fromLatin1(mechanism);
        }
        return names;
    }

    void use(CheckHarness &harness, Security security)
    {
        harness.account().security = security;
        harness.account().port = portFor(security);
        harness.account().trustedCertificate = m_server.certificateSha256();
        harness.account().userName = m_server.addUser();
    }

    [[nodiscard]] static QByteArrayList sorted(QByteArrayList list)
    {
        std::ranges::sort(list);
        return list;
    }

    [[nodiscard]] QByteArrayList stored(CheckHarness &harness) const
    {
        QByteArrayList sources;
        for (const QByteArray &source : harness.sources())
            sources << m_server.withoutAdditions(source);
        return sorted(sources);
    }

    [[nodiscard]] static QByteArrayList delivered(const QByteArrayList &messages)
    {
        QByteArrayList sent;
        for (const QByteArray &message : messages)
            sent << PopServer::asSent(message);
        return sorted(sent);
    }

    PopServer &m_server;
};

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    QStringList arguments = QCoreApplication::arguments();
    const std::unique_ptr<PopServer> server = PopServer::named(arguments.size() > 1 ? arguments.takeAt(1) : QString());
    if (!server) {
        std::fprintf(stderr, "usage: tst_realservers courier|cyrus|mailutils|popa3d|solid [OPTIONS]\n");
        return 2;
    }
    if (const QString obstacle = PopServer::obstacle(); !obstacle.isEmpty()) {
        std::printf("NOT TESTED: %s\n", qPrintable(obstacle));
        return notHere;
    }
    TestRealServers tests(*server);
    return QTest::qExec(&tests, arguments);
}

#include "tst_realservers.moc"
