// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/servers/dovecotserver.h"
#include "support/servers/faultproxy.h"
#include "sync/faulttrial.h"
#include "sync/killloop.h"
#include "sync/maildropear.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;
using End = LineFaults::End;

namespace {

constexpr int mailsPerVisit = 8;
/// Of the watchdog. A server on this machine is never that long in answering, whatever else goes on.
constexpr std::chrono::milliseconds silence(1500);

/// What becomes of a visit whose line breaks there.
enum class Sequel {
    Ends, ///< with an error
    Again, ///< where the server hangs up on CAPA, the session connects once more and does without (Q1)
    Done, ///< all was said, the visit may call itself a success
};

struct Phase {
    const char *name;
    Security security;
    const char *clientText; ///< the line breaks after the client has said this ...
    const char *serverText; ///< ... and then the server this ...
    int bytes; ///< ... and so many bytes more
    bool deletes; ///< there is no such phase where nothing is deleted
    Sequel sequel;
};

// One command at a time, so that the phase is exact.
constexpr Phase phases[] = {
    {"before the greeting", Security::Plain, "", "", 0, false, Sequel::Ends},
    {"in the greeting", Security::Plain, "", "", 7, false, Sequel::Ends},
    {"before the capabilities", Security::Plain, "CAPA\r\n", "", 0, false, Sequel::Again},
    {"in the capabilities", Security::Plain, "CAPA\r\n", "", 30, false, Sequel::Again},
    {"before the answer to STLS", Security::StartTls, "STLS\r\n", "", 0, false, Sequel::Ends},
    {"in the answer to STLS", Security::StartTls, "STLS\r\n", "", 5, false, Sequel::Ends},
    {"in the TLS handshake", Security::StartTls, "STLS\r\n", "\r\n", 300, false, Sequel::Ends},
    {"before the challenge of the login", Security::Plain, "AUTH ", "", 0, false, Sequel::Ends},
    {"in the login", Security::Plain, "AUTH ", "+ ", 20, false, Sequel::Ends},
    {"before the answer to STAT", Security::Plain, "STAT\r\n", "", 0, false, Sequel::Ends},
    {"in the answer to STAT", Security::Plain, "STAT\r\n", "", 5, false, Sequel::Ends},
    {"before the answer to UIDL", Security::Plain, "UIDL\r\n", "", 0, false, Sequel::Ends},
    {"in the listing of UIDLs", Security::Plain, "UIDL\r\n", "", 60, false, Sequel::Ends},
    {"before the answer to LIST", Security::Plain, "LIST\r\n", "", 0, false, Sequel::Ends},
    {"in the listing of sizes", Security::Plain, "LIST\r\n", "", 30, false, Sequel::Ends},
    {"between two RETR", Security::Plain, "RETR 3\r\n", "", 0, false, Sequel::Ends},
    {"in the first bytes of RETR", Security::Plain, "RETR 3\r\n", "", 20, false, Sequel::Ends},
    {"in the midst of RETR", Security::Plain, "RETR 5\r\n", "", 400, false, Sequel::Ends},
    {"before the answer to the first DELE", Security::Plain, "DELE 1\r\n", "", 0, true, Sequel::Ends},
    {"in the midst of the DELEs", Security::Plain, "DELE 5\r\n", "", 8, true, Sequel::Ends},
    {"after the last DELE, before QUIT", Security::Plain, "DELE 8\r\n", "\r\n", 0, true, Sequel::Done},
    {"before the answer to QUIT", Security::Plain, "QUIT\r\n", "", 0, false, Sequel::Done},
    {"in the answer to QUIT", Security::Plain, "QUIT\r\n", "", 4, false, Sequel::Done},
};

constexpr int phasesBeforeListing = 9;

constexpr std::pair<End, const char *> ends[] = {{End::Close, "cut"}, {End::Reset, "reset"}, {End::Silence, "silent"}};

} // namespace

/// The line between the program and a real Dovecot is cut (FIN), reset (RST) or falls silent, in every phase.
class TestLineFaults : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void losesAndDoublesNothingInWhateverPhaseTheLineBreaks_data();
    void losesAndDoublesNothingInWhateverPhaseTheLineBreaks();
    void losesAndDoublesNothingAtWhateverByteTheLineBreaks_data();
    void losesAndDoublesNothingAtWhateverByteTheLineBreaks();
    void law3_afterDeleWithoutQuitTheNextVisitSendsDeleAgainAndFetchesNothing();

private:
    void useServer(CheckHarness &harness, const FaultProxy &proxy, Security security, Retention retention);
    [[nodiscard]] FaultTrial trial(CheckHarness &harness) const;
    void deliver(FaultTrial &trial, const QString &user);

    DovecotServer m_server;
    QRandomGenerator m_random;
};

void TestLineFaults::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
    m_random.seed(seedWanted());
}

void TestLineFaults::useServer(CheckHarness &harness, const FaultProxy &proxy, Security security, Retention retention)
{
    QVERIFY(proxy.isListening());
    harness.account().security = security;
    harness.account().port = proxy.port();
    harness.account().trustedCertificate = m_server.certificateSha256();
    harness.account().userName = m_server.addUser();
    harness.account().retention = retention;
}

FaultTrial TestLineFaults::trial(CheckHarness &harness) const
{
    const QString user = harness.account().userName;
    return {harness, DovecotServer::password(), [this, user] { return m_server.messages(user); }};
}

void TestLineFaults::deliver(FaultTrial &trial, const QString &user)
{
    const QByteArrayList mails = randomMails(mailsPerVisit, 3000, m_random);
    m_server.deliver(user, mails);
    trial.delivered(mails);
}

void TestLineFaults::losesAndDoublesNothingInWhateverPhaseTheLineBreaks_data()
{
    QTest::addColumn<int>("phase");
    QTest::addColumn<End>("end");
    QTest::addColumn<Retention>("retention");
    for (const auto &[end, how] : ends) {
        for (int i = 0; i < int(std::size(phases)); ++i) {
            QTest::addRow("%s %s, delete", how, phases[i].name) << i << end << Retention::DeleteAfterDownload;
            // Whoever waits for the watchdog before the login would do so for no policy of its own.
            const bool early = i < phasesBeforeListing && end == End::Silence;
            if (!phases[i].deletes && !early)
                QTest::addRow("%s %s, leave", how, phases[i].name) << i << end << Retention::Keep;
        }
    }
}

void TestLineFaults::losesAndDoublesNothingInWhateverPhaseTheLineBreaks()
{
    QFETCH(const int, phase);
    QFETCH(const End, end);
    QFETCH(const Retention, retention);
    const Phase &at = phases[phase];
    FaultProxy proxy(m_server.port());
    CheckHarness harness;
    useServer(harness, proxy, at.security, retention);
    const QString user = harness.account().userName;
    MaildropEar ear(harness.storeFile(), [this, user] { return m_server.messages(user); });
    proxy.setListener([&ear](int connection, const QByteArray &bytes) { ear.hear(connection, bytes); });
    FaultTrial trial = this->trial(harness);
    deliver(trial, user);

    LineFaults faults;
    faults.end = end;
    faults.clientText = at.clientText;
    faults.serverText = at.serverText;
    faults.afterServerBytes = at.bytes;
    faults.endings = 1;
    proxy.setFaults(faults);
    const pop3::SessionOptions patient = harness.options;
    harness.options.pipelining = false;
    if (end == End::Silence)
        harness.options.silence = harness.options.slowSilence = silence;
    trial.visit();
    harness.options.silence = patient.silence;
    harness.options.slowSilence = patient.slowSilence;
    QCOMPARE(proxy.faulted(), 1);
    const auto &error = trial.result().error;
    if (at.sequel == Sequel::Again && end != End::Silence) {
        QVERIFY2(!error, error ? qPrintable(error->text) : "");
        QCOMPARE(trial.stored(), mailsPerVisit);
    } else {
        QCOMPARE(error.has_value(), at.sequel != Sequel::Done);
        QCOMPARE(trial.deleted(), 0); // no QUIT was answered, so nothing counts as deleted
        if (error)
            QCOMPARE(error->kind == ErrorKind::Timeout, end == End::Silence);
        else
            QCOMPARE(trial.stored(), mailsPerVisit);
    }
    QCOMPARE(trial.brokenLaw(), QString());

    proxy.setFaults({});
    harness.account().security = Security::Plain; // the ear hears no DELE through TLS
    harness.reopen();
    QCOMPARE(trial.finish(), QString());
    QCOMPARE(trial.stored(), mailsPerVisit);
    QCOMPARE(ear.watch().unproven(), 0);
    QVERIFY(retention == Retention::Keep ? ear.watch().seen() == 0 : ear.watch().seen() >= mailsPerVisit);
}

void TestLineFaults::losesAndDoublesNothingAtWhateverByteTheLineBreaks_data()
{
    QTest::addColumn<Security>("security");
    QTest::addColumn<Retention>("retention");
    QTest::newRow("plain, delete") << Security::Plain << Retention::DeleteAfterDownload;
    QTest::newRow("plain, leave") << Security::Plain << Retention::Keep;
    QTest::newRow("STLS, delete") << Security::StartTls << Retention::DeleteAfterDownload;
    QTest::newRow("STLS, leave") << Security::StartTls << Retention::Keep;
}

void TestLineFaults::losesAndDoublesNothingAtWhateverByteTheLineBreaks()
{
    QFETCH(const Security, security);
    QFETCH(const Retention, retention);
    FaultProxy proxy(m_server.port());
    CheckHarness harness;
    useServer(harness, proxy, security, retention);
    const QString user = harness.account().userName;
    MaildropEar ear(harness.storeFile(), [this, user] { return m_server.messages(user); });
    if (security == Security::Plain) // it cannot hear through TLS
        proxy.setListener([&ear](int connection, const QByteArray &bytes) { ear.hear(connection, bytes); });
    FaultTrial trial = this->trial(harness);
    const pop3::SessionOptions patient = harness.options;

    deliver(trial, user);
    const qint64 before = proxy.bytesToClient();
    trial.visit();
    QVERIFY(!trial.result().error);
    const int whole = int(proxy.bytesToClient() - before);
    const int points = killsWanted(100) / 4;
    for (int i = 0; i < points; ++i) {
        deliver(trial, user);
        LineFaults faults;
        constexpr End turns[] = {End::Close, End::Reset, End::Close, End::Reset, End::Silence};
        faults.end = turns[i % std::size(turns)];
        // Now and then all comes through: mailboxes are not equally large.
        faults.afterServerBytes = m_random.bounded(whole);
        faults.largestPiece = i % 2 == 0 ? 64 * 1024 : 100;
        faults.endings = 1;
        proxy.setFaults(faults);
        if (faults.end == End::Silence)
            harness.options.silence = harness.options.slowSilence = silence;
        trial.visit();
        harness.options = patient;
        const QString told = QStringLiteral("point %1: the line ends like %2 after %3 bytes: ")
                                 .arg(i)
                                 .arg(int(faults.end))
                                 .arg(faults.afterServerBytes);
        QVERIFY2(trial.brokenLaw().isEmpty(), qPrintable(told + trial.brokenLaw()));
        proxy.setFaults({});
        if (i % 5 == 4)
            harness.reopen();
        const QString wrong = trial.finish();
        QVERIFY2(wrong.isEmpty(), qPrintable(told + wrong));
    }
    QCOMPARE(trial.stored(), (points + 1) * mailsPerVisit);
    QCOMPARE(ear.watch().unproven(), 0);
    qInfo("%d points, of which the line broke at %d; %d messages, %d deletions seen", points, proxy.faulted(),
        trial.stored(), ear.watch().seen());
    QVERIFY(proxy.faulted() > points / 2);
}

void TestLineFaults::law3_afterDeleWithoutQuitTheNextVisitSendsDeleAgainAndFetchesNothing()
{
    m_server.clearLog();
    FaultProxy proxy(m_server.port());
    CheckHarness harness;
    useServer(harness, proxy, Security::Plain, Retention::DeleteAfterDownload);
    FaultTrial trial = this->trial(harness);
    deliver(trial, harness.account().userName);
    LineFaults faults;
    faults.end = End::Reset;
    faults.clientText = "DELE 8\r\n";
    faults.serverText = "\r\n";
    faults.endings = 1;
    proxy.setFaults(faults);
    harness.options.pipelining = false;
    trial.visit();
    QCOMPARE(proxy.faulted(), 1);
    QCOMPARE(trial.stored(), mailsPerVisit);
    QCOMPARE(trial.deleted(), 0);
    QCOMPARE(m_server.messages(harness.account().userName).size(), mailsPerVisit);
    proxy.setFaults({});
    QVERIFY(QTest::qWaitFor(
        [&] {
            trial.visit();
            return !trial.result().error;
        },
        60'000));
    QCOMPARE(trial.result().stored, 0);
    QCOMPARE(trial.result().deletedOnServer, mailsPerVisit);
    // Dovecot tells at its end what a session did.
    QTRY_COMPARE_WITH_TIMEOUT(m_server.log().count("retr=0/0, del=8/"), 1, 20'000);
    QCOMPARE(trial.finish(), QString());
}

QTEST_GUILESS_MAIN(TestLineFaults)
#include "tst_linefaults.moc"
