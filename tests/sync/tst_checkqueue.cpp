// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/tlstransport.h"
#include "sync/queuehouse.h"

#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using sync::CheckQueue;
using sync::CheckResult;
using sync::ServerAnnouncement;

using House = QueueHouse;

namespace {

/// A file with a key and a certificate that is valid for so many days from now.
QString ownCertificate(const QTemporaryDir &folder, const QString &days)
{
    const QString file = folder.filePath(QStringLiteral("own.pem"));
    if (QProcess::execute(QStringLiteral("openssl"),
            {QStringLiteral("req"), QStringLiteral("-x509"), QStringLiteral("-newkey"), QStringLiteral("rsa:2048"),
                QStringLiteral("-nodes"), QStringLiteral("-subj"), QStringLiteral("/CN=alice"), QStringLiteral("-days"),
                days, QStringLiteral("-keyout"), file, QStringLiteral("-out"), file + QStringLiteral(".crt")})
        != 0)
        qFatal("openssl made no certificate");
    QFile certificate(file + QStringLiteral(".crt"));
    QFile both(file);
    if (!certificate.open(QIODevice::ReadOnly) || !both.open(QIODevice::Append))
        qFatal("the certificate is not there");
    both.write(certificate.readAll());
    return file;
}

} // namespace

/// When mailboxes are visited, and how often.
class TestCheckQueue : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void secretsThatHaveChangedAreAskedForAgain()
    {
        House house(Maildrop::generated(1, 1000));
        QCOMPARE(house.check().stored, 1);
        QSignalSpy needed(house.queue.get(), &CheckQueue::credentialsNeeded);
        QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
        house.queue->forgetCredentials(house.id());
        QCOMPARE(needed.size(), 0); // nothing waits for them
        house.queue->check({house.id()});
        QCOMPARE(needed.size(), 1);
        // They change once more while the check waits.
        house.queue->forgetCredentials(house.id());
        QCOMPARE(needed.size(), 2);
        net::Credentials credentials;
        credentials.password = QString::fromUtf8(house.server.quirks().password);
        house.queue->setCredentials(house.id(), credentials); // the user name is the account's
        QTRY_COMPARE(checked.size(), 1);
        QVERIFY(!checked.first().first().value<CheckResult>().error);
    }

    void anotherWayToSignInAsksForItsSecrets()
    {
        House house(Maildrop::generated(1, 1000));
        QCOMPARE(house.check().stored, 1);
        QSignalSpy needed(house.queue.get(), &CheckQueue::credentialsNeeded);
        AccountSettings changed = house.harness.account();
        changed.name = QStringLiteral("Another name");
        house.queue->setAccounts({changed});
        QVERIFY(house.queue->credentials(house.id()));
        changed.certificateFile = QStringLiteral("/own.p12");
        house.queue->setAccounts({changed});
        QVERIFY(!house.queue->credentials(house.id()));
        house.queue->check({house.id()});
        QCOMPARE(needed.size(), 1);
    }

    // Three weeks are enough to get another one.
    void saysInTimeThatTheCertificateEnds_data()
    {
        QTest::addColumn<QString>("days");
        QTest::addColumn<bool>("says");
        QTest::newRow("soon") << QStringLiteral("10") << true;
        QTest::newRow("later") << QStringLiteral("60") << false;
    }

    void saysInTimeThatTheCertificateEnds()
    {
        QFETCH(QString, days);
        QFETCH(bool, says);
        const QTemporaryDir folder;
        const QString file = ownCertificate(folder, days);
        House house(Maildrop::generated(1, 1000));
        const std::optional<net::Credentials> known = house.queue->credentials(house.id());
        AccountSettings changed = house.harness.account();
        changed.certificateFile = file;
        house.queue->setAccounts({changed});
        house.queue->setCredentials(house.id(), *known);
        const CheckResult result = house.check();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
        QCOMPARE(result.certificateEnds.isValid(), says);
    }

    // A battery is dead, or a date was set by mistake: nothing else tells that the certificate holds.
    void F14_aCertificateThatOnlyAWrongClockCallsUselessIsTriedAgain_data()
    {
        QTest::addColumn<int>("days");
        QTest::newRow("in 1970") << -56 * 365;
        QTest::newRow("the day before") << -2;
        QTest::newRow("in ten years") << 3650;
    }

    void F14_aCertificateThatOnlyAWrongClockCallsUselessIsTriedAgain()
    {
        QFETCH(int, days);
        const QTemporaryDir folder;
        House house(Maildrop::generated(2, 1000));
        const std::optional<net::Credentials> known = house.queue->credentials(house.id());
        house.ahead = qint64(days) * 24 * 3600;
        AccountSettings changed = house.harness.account();
        changed.certificateFile = ownCertificate(folder, QStringLiteral("60"));
        house.queue->setAccounts({changed});
        house.queue->setCredentials(house.id(), *known);
        house.queue->setScheduled(true);
        QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
        QTRY_COMPARE(checked.size(), 1);
        QCOMPARE(checked.takeFirst().first().value<CheckResult>().error.value_or(Error()).kind,
            ErrorKind::CertificateUnusable);
        // The network sets the clock, some minutes later.
        house.ahead = 120;
        house.queue->setScheduled(true); // looks at the clock again
        house.queue->noteNetworkReturned();
        QTRY_COMPARE(checked.size(), 1);
        const CheckResult result = checked.first().first().value<CheckResult>();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
        QCOMPARE(result.stored, 2);
    }

    void aCheckThatWaitsForATokenIsSeenAndEndsWithTheReason()
    {
        House house(Maildrop::generated(1, 1000));
        AccountSettings changed = house.harness.account();
        changed.tokenProgram = QStringLiteral("gives-tokens");
        house.queue->setAccounts({changed});
        QSignalSpy needed(house.queue.get(), &CheckQueue::credentialsNeeded);
        QSignalSpy started(house.queue.get(), &CheckQueue::started);
        QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
        house.queue->check({house.id()});
        QCOMPARE(needed.size(), 1);
        QCOMPARE(started.size(), 1);
        house.queue->refuseCredentials(house.id()); // nobody said why: it goes on waiting
        QCOMPARE(checked.size(), 0);
        const Error reason{ErrorKind::TokenUnavailable, QStringLiteral("No token."), ErrorAction::EditAccount, {}, {}};
        house.queue->refuseCredentials(house.id(), reason);
        QCOMPARE(checked.size(), 1);
        QCOMPARE(checked.takeFirst().first().value<CheckResult>().error, reason);
        house.queue->refuseCredentials(house.id(), reason); // nothing waits any more
        QCOMPARE(checked.size(), 0);

        house.queue->check({house.id()});
        QCOMPARE(needed.size(), 2);
        house.queue->cancel(house.id());
        QCOMPARE(checked.size(), 1);
        QCOMPARE(checked.takeFirst().first().value<CheckResult>().error->kind, ErrorKind::Cancelled);

        house.queue->check({house.id()});
        QCOMPARE(needed.size(), 3);
        net::Credentials credentials;
        credentials.password = QString::fromUtf8(house.server.quirks().password); // the server knows no tokens
        house.queue->setCredentials(house.id(), credentials);
        QTRY_COMPARE(checked.size(), 1);
        QVERIFY(!checked.first().first().value<CheckResult>().error);
        QCOMPARE(started.size(), 3); // once for each check
    }

    void aCertificateThatCannotBeReadEndsTheCheckBeforeAnyConnection()
    {
        House house(Maildrop::generated(1, 1000));
        AccountSettings changed = house.harness.account();
        changed.certificateFile = QStringLiteral("/nowhere/own.p12");
        house.queue->setAccounts({changed});
        house.queue->setCredentials(house.id(), {.userName = changed.userName, .password = {}, .accessToken = {}});
        const CheckResult result = house.check();
        QVERIFY(result.error);
        QCOMPARE(result.error->kind, ErrorKind::FileUnreadable);
        QCOMPARE(result.error->action, ErrorAction::EditAccount);
        QCOMPARE(house.server.record().connections, 0);
    }

    void checksWhenTheScheduleBegins();
    void Q36_readsAMailboxThatComesInPortionsToItsEnd();
    void aPasswordGivenDuringACheckWithTheOldOneIsTriedNext();
    void p308_addsUpWhatSeveralVisitsDid();
    void Q37_asksForRecentMailAndDeletesNothing();
    void Q37_whatThePersonSentGoesToSent();
    void Q38_saysWhatTheServerAnnounces();
    void aNetworkThatComesAndGoesIsOneOccasion();
    void aNetworkThatIsBackIsNoReasonToAskAgainAtOnce();
    void aCheckThatSleptIsGivenUp();
    void afterSleepThereIsACheck();
};

void TestCheckQueue::checksWhenTheScheduleBegins()
{
    House house(Maildrop::generated(3));
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    house.queue->setScheduled(true);
    QTRY_COMPARE(checked.size(), 1);
    QCOMPARE(checked.first().first().value<CheckResult>().stored, 3);
}

void TestCheckQueue::Q36_readsAMailboxThatComesInPortionsToItsEnd()
{
    ServerQuirks quirks;
    quirks.greeting = "+OK Gpop ready for requests from 127.0.0.1";
    quirks.portion = 10;
    House house(Maildrop::generated(35), quirks);
    QSignalSpy started(house.queue.get(), &CheckQueue::started);
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    const CheckResult result = house.check();
    QVERIFY(!result.error);
    QCOMPARE(result.stored, 35);
    QCOMPARE(started.size(), 1); // one check for the person ...
    QCOMPARE(checked.size(), 1);
    QCOMPARE(house.server.record().logins, 5); // ... of visits until one brings nothing
    QCOMPARE(house.harness.sources().size(), 35);
    QVERIFY(house.server.record().deleted.isEmpty());
    QVERIFY(!house.queue->isRunning());
}

void TestCheckQueue::aPasswordGivenDuringACheckWithTheOldOneIsTriedNext()
{
    House house(Maildrop::generated(2));
    const net::Credentials right = *house.queue->credentials(house.id());
    net::Credentials mistyped = right;
    mistyped.password = QStringLiteral("mistyped");
    house.queue->setCredentials(house.id(), mistyped);
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    connect(house.queue.get(), &CheckQueue::credentialsNeeded, house.queue.get(),
        [&](AccountId account) { house.queue->setCredentials(account, right); });
    house.queue->check({house.id()});
    QVERIFY(house.queue->isRunning());
    house.queue->forgetCredentials(house.id());
    house.queue->check({house.id()});
    QTRY_COMPARE(checked.size(), 2);
    QVERIFY(checked.first().first().value<CheckResult>().error);
    QVERIFY(!checked.last().first().value<CheckResult>().error);
    QCOMPARE(checked.last().first().value<CheckResult>().stored, 2);
    // A wish during a check that signs in by what is right is that check.
    house.queue->check({house.id()});
    house.queue->check({house.id()});
    QTRY_COMPARE(checked.size(), 3);
    QVERIFY(!house.queue->isRunning());
}

void TestCheckQueue::p308_addsUpWhatSeveralVisitsDid()
{
    CheckResult first;
    first.stored = 1;
    first.deletedOnServer = 2;
    first.recognised = 4;
    first.beginnings = 8;
    first.completed = 16;
    first.failedMessages = 32;
    first.failed = {{}};
    first.leftOnServer = first.heldDeletions = first.waitingDeletions = first.skippedTooLarge = first.elsewhere = 64;
    first.mayHoldMore = true;
    CheckResult last = first;
    last.leftOnServer = last.heldDeletions = last.waitingDeletions = last.skippedTooLarge = last.elsewhere = 100;
    last.mayHoldMore = false;
    const CheckResult both = sync::together(first, last);
    QCOMPARE(both.stored, 2);
    QCOMPARE(both.deletedOnServer, 4);
    QCOMPARE(both.recognised, 8);
    QCOMPARE(both.beginnings, 16);
    QCOMPARE(both.completed, 32);
    QCOMPARE(both.failedMessages, 64);
    QCOMPARE(both.failed.size(), 2);
    // What is there now, the last one saw.
    QCOMPARE(both.leftOnServer, 100);
    QCOMPARE(both.heldDeletions, 100);
    QCOMPARE(both.waitingDeletions, 100);
    QCOMPARE(both.skippedTooLarge, 100);
    QCOMPARE(both.elsewhere, 100);
    QVERIFY(!both.mayHoldMore);
}

void TestCheckQueue::Q37_asksForRecentMailAndDeletesNothing()
{
    ServerQuirks quirks;
    quirks.user = "recent:alice";
    House house(Maildrop::generated(30), quirks);
    house.harness.account().userName = QStringLiteral("alice");
    house.harness.account().recentMode = true;
    house.harness.account().retention = Retention::DeleteAfterDownload;
    QVERIFY(house.harness.writer().updateAccount(house.harness.account()));
    house.restart();
    const CheckResult result = house.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.stored, 30);
    QCOMPARE(house.check().stored, 0);
    QVERIFY(house.server.record().deleted.isEmpty());
}

void TestCheckQueue::Q37_whatThePersonSentGoesToSent()
{
    const QByteArray body = "\r\nSubject: s\r\nMessage-ID: <%1@example.org>\r\n\r\nmail\r\n";
    const auto mail = [&body](const QByteArray &uidl, const QByteArray &header) {
        return ServerMessage{uidl, header + QByteArray(body).replace("%1", uidl)};
    };
    const QList<ServerMessage> messages{mail("sent", "From: Alice <Alice@Example.org>\r\nTo: bob@example.net"),
        mail("received", "Delivered-To: alice@example.org\r\nFrom: bob@example.net\r\nTo: alice@example.org"),
        mail("note to self", "From: alice@example.org\r\nTo: alice@example.org"),
        mail("forged", "Delivered-To: alice@example.org\r\nFrom: alice@example.org\r\nTo: undisclosed:;")};
    ServerQuirks quirks;
    quirks.user = "recent:alice";
    House house(messages, quirks);
    house.harness.account().userName = QStringLiteral("alice");
    house.harness.account().address = QStringLiteral("alice@example.org");
    house.harness.account().recentMode = true;
    QVERIFY(house.harness.writer().updateAccount(house.harness.account()));
    house.restart();
    QCOMPARE(house.check().stored, 4);
    const FolderId sent = *house.harness.writer().folder(house.id(), FolderRole::Sent);
    const Expected<QList<MessageId>> ids = house.harness.reader().list({}, {});
    QVERIFY(ids);
    const Expected<QList<MessageSummary>> rows = house.harness.reader().summaries(*ids);
    QVERIFY(rows);
    QCOMPARE(rows->size(), 4);
    for (const MessageSummary &row : *rows) {
        const bool isSent = row.recipients.contains(u"bob@example.net");
        QCOMPARE(row.folder == sent, isSent);
        QCOMPARE(row.flags.testFlag(MessageFlag::Read), isSent);
    }
    QCOMPARE(house.check().stored, 0);

    // Another server does not hand out what was sent: there, the same header is somebody's who pretends.
    House other({messages.first()});
    other.harness.account().address = QStringLiteral("alice@example.org");
    QVERIFY(other.harness.writer().updateAccount(other.harness.account()));
    other.restart();
    QCOMPARE(other.check().stored, 1);
    QCOMPARE((*other.harness.reader().summaries({MessageId{1}})).first().folder,
        *other.harness.writer().folder(other.id(), FolderRole::Inbox));
}

void TestCheckQueue::Q38_saysWhatTheServerAnnounces()
{
    ServerQuirks quirks;
    quirks.capabilitiesAfterLogin = "EXPIRE 0\nIMPLEMENTATION Test \x1b[31mserver";
    House house(Maildrop::generated(1), quirks);
    QVERIFY(!house.check().error);
    house.restart();
    QSignalSpy announced(house.queue.get(), &CheckQueue::announced);
    house.queue->announceAll();
    QCOMPARE(announced.size(), 1);
    const auto server = announced.first().first().value<ServerAnnouncement>();
    QCOMPARE(server.account, house.id());
    QCOMPARE(server.expireDays, std::optional(0));
    QVERIFY(server.implementation.startsWith(QLatin1String("Test ")));
    QVERIFY(!server.implementation.contains(u'\x1b'));
    QVERIFY(!server.mechanism.isEmpty());
    QVERIFY(!server.encrypted);
}

void TestCheckQueue::aNetworkThatComesAndGoesIsOneOccasion()
{
    House house(Maildrop::generated(1));
    QVERIFY(!house.check().error);
    house.queue->setScheduled(true);
    house.ahead = 180;
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    for (int i = 0; i < 20; ++i)
        house.queue->noteNetworkReturned();
    QTRY_COMPARE(checked.size(), 1);
    QCOMPARE(house.server.record().logins, 2);
}

void TestCheckQueue::aNetworkThatIsBackIsNoReasonToAskAgainAtOnce()
{
    House house(Maildrop::generated(1));
    QVERIFY(!house.check().error);
    house.queue->setScheduled(true);
    QSignalSpy started(house.queue.get(), &CheckQueue::started);
    house.queue->noteNetworkReturned();
    // The occasion was taken once this has fired, which was started after it.
    bool later = false;
    QTimer::singleShot(std::chrono::milliseconds(200), this, [&later] { later = true; });
    QTRY_VERIFY(later);
    QCOMPARE(started.size(), 0);
}

void TestCheckQueue::aCheckThatSleptIsGivenUp()
{
    ServerQuirks quirks;
    quirks.silentAt = "LIST";
    House house(Maildrop::generated(1), quirks);
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    house.queue->check({house.id()});
    QTRY_VERIFY(house.server.record().commands.contains("LIST"));
    house.queue->noteSlept();
    QCOMPARE(checked.size(), 1);
    QCOMPARE(checked.first().first().value<CheckResult>().error->kind, ErrorKind::ConnectionLost);
    QVERIFY(!house.server.record().commands.contains("QUIT"));
}

void TestCheckQueue::afterSleepThereIsACheck()
{
    House house(Maildrop::generated(1));
    QVERIFY(!house.check().error);
    house.queue->setScheduled(true);
    house.ahead = 180; // less than the interval of fifteen minutes
    QSignalSpy checked(house.queue.get(), &CheckQueue::checked);
    house.queue->noteSlept();
    QTRY_COMPARE(checked.size(), 1);
}

QTEST_GUILESS_MAIN(TestCheckQueue)
#include "tst_checkqueue.moc"
