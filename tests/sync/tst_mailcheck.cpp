// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkvisit.h"

#include <QRandomGenerator>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <sys/resource.h>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

namespace {

/// No file of this process may grow beyond a size, for as long as this lives: a disk that is full.
class FullDisk
{
public:
    explicit FullDisk(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit full = m_before;
        full.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &full);
    }
    ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    Q_DISABLE_COPY_MOVE(FullDisk)

private:
    rlimit m_before{};
};

} // namespace

/// The laws, in visits to a server that goes wrong in every way, over real sockets.
class TestMailCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void law1_storesDurablyBeforeEveryDele();
    void law1_deletesNothingWhereTheServerLiesAboutNumbers();
    void law1_numbersThatAreNoneAreNeverAsked();
    void law1_deletesNothingWhereTheStoredBytesAreNotWhatCame_data();
    void law1_deletesNothingWhereTheStoredBytesAreNotWhatCame();
    void p321_deletesNothingWhileTheStoreIsDamaged();
    void law1_deletesWhatThePersonDeletedForGood();
    void law2_storesNothingTwiceWhateverTheServerRepeats();
    void law3_whatTheServerDeletedIsLearnedFromTheListingAlone_data();
    void law3_whatTheServerDeletedIsLearnedFromTheListingAlone();
    void law4_Q49_aFullDiskEndsTheSessionWithoutQuitAndLosesNothing();
    void law8_neverSendsThePasswordWhereTlsWasTakenAway_data();
    void law8_neverSendsThePasswordWhereTlsWasTakenAway();
    void Q52_manyDeletionsWaitForConsent();
    void everyDeletionOnTheServerLeavesALine();
    void reportsProgressUpToTheEnd();
};

void TestMailCheck::law1_storesDurablyBeforeEveryDele()
{
    CheckHarness harness;
    ScriptedServer server(Maildrop::generated(300));
    QVERIFY(server.listen());
    // Asked in the server's thread, of the file itself: what is durable, not what the client believes.
    const QString file = harness.storeFile();
    std::atomic_int asked = 0;
    std::atomic_int unproven = 0;
    server.setDeleHook([&](const QByteArray &uidl) {
        ++asked;
        Expected<std::unique_ptr<store::Reader>> reader = store::Reader::open(file);
        const Expected<QList<MessageId>> found =
            reader ? (*reader)->list({}, {}) : Expected<QList<MessageId>>(std::unexpected(reader.error()));
        QByteArray stored;
        if (found) {
            for (const MessageId id : *found) {
                if (id.value == uidl.mid(1).toLongLong())
                    stored = (*reader)->source(id).value_or(QByteArray());
            }
        }
        if (stored.isEmpty())
            ++unproven;
    });
    harness.account().security = Security::Plain;
    harness.account().port = server.port();
    harness.account().userName = QStringLiteral("alice");
    harness.account().retention = Retention::DeleteAfterDownload;
    const CheckResult result = harness.check(CheckVisit::password());
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.deletedOnServer, 300);
    QCOMPARE(asked.load(), 300);
    QCOMPARE(unproven.load(), 0);
    QVERIFY(server.messages().isEmpty());
    QCOMPARE(harness.sources().size(), 300);
}

namespace {

/// Counts DELE commands for messages whose bytes are not in the file then: asked in the server's thread, of the file
/// itself.
class Witness
{
public:
    explicit Witness(CheckVisit &visit)
    {
        for (const ServerMessage &message : visit.server.messages())
            m_bytes.insert(message.uidl, message.bytes);
        visit.server.setDeleHook([this, file = visit.harness.storeFile()](const QByteArray &uidl) {
            ++asked;
            const auto reader = store::Reader::open(file);
            const auto found = reader ? (*reader)->list({}, {}) : Expected<QList<MessageId>>(QList<MessageId>());
            const bool isThere = std::ranges::any_of(found.value_or(QList<MessageId>()),
                [&](MessageId id) { return (*reader)->source(id).value_or(QByteArray()) == m_bytes.value(uidl); });
            if (!isThere)
                ++unproven;
        });
    }

    std::atomic_int asked = 0;
    std::atomic_int unproven = 0;

private:
    QHash<QByteArray, QByteArray> m_bytes;
};

} // namespace

void TestMailCheck::law1_deletesNothingWhereTheServerLiesAboutNumbers()
{
    ServerQuirks quirks;
    quirks.reversedUidl = true;
    quirks.wrongSizes = true;
    CheckVisit visit(Maildrop::generated(20), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const Witness witness(visit);
    QVERIFY(!visit.check().error);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
    QCOMPARE(witness.asked.load(), 20);
    QCOMPARE(witness.unproven.load(), 0);
}

void TestMailCheck::law1_numbersThatAreNoneAreNeverAsked()
{
    ServerQuirks quirks;
    quirks.answers.insert("STAT", "+OK -3 99999999999999999999");
    quirks.answers.insert("UIDL",
        "+OK\r\n-1 a\r\n+2 b\r\n0 c\r\n4294967298 d\r\n99999999999999999999 e\r\n1 u1\r\n3 u3\r\n3 f\r\n700 g\r\n.");
    quirks.answers.insert("LIST", "+OK\r\n1 -5\r\n2 +7\r\n3 99999999999999999999\r\n3 1\r\n2147483648 1\r\n.");
    CheckVisit visit(Maildrop::generated(4), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const Witness witness(visit);
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(sorted(visit.harness.sources()), sorted({all.at(0), all.at(2)}));
    QCOMPARE(result.failedMessages, 1); // the server does not have number 700
    QCOMPARE(witness.asked.load(), 2);
    QCOMPARE(witness.unproven.load(), 0);
    QCOMPARE(visit.server.messages().size(), 2);
    for (const QByteArray &command : visit.server.record().commands) {
        if (command.startsWith("RETR") || command.startsWith("DELE"))
            QVERIFY2(QByteArrayList({"1", "3", "700"}).contains(command.split(' ').last()), command.constData());
    }
}

void TestMailCheck::law1_deletesNothingWhereTheStoredBytesAreNotWhatCame_data()
{
    QTest::addColumn<QString>("fault");
    QTest::newRow("a byte is another") << QStringLiteral("UPDATE sources SET zstd = CAST(substr(zstd, 1, length(zstd) "
                                                         "- 8) || x'00' || substr(zstd, -7) AS BLOB) WHERE id = 3");
    QTest::newRow("bytes of another message, with its hash")
        << QStringLiteral("UPDATE sources SET (size, sha256, zstd) = (SELECT size, randomblob(32), zstd FROM sources "
                          "WHERE id = 2) WHERE id = 3");
    QTest::newRow("the bytes are gone") << QStringLiteral("UPDATE sources SET zstd = x'' WHERE id = 3");
    QTest::newRow("the row of the bytes is gone") << QStringLiteral("DELETE FROM sources WHERE id = 3");
    QTest::newRow("the row of the message is gone") << QStringLiteral("DELETE FROM messages WHERE id = 3");
}

void TestMailCheck::law1_deletesNothingWhereTheStoredBytesAreNotWhatCame()
{
    QFETCH(QString, fault);
    CheckVisit visit(Maildrop::generated(10), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 10);
    visit.alter(fault);
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    visit.server.addMessages({Maildrop::generated(11).last()});
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::StoreDamaged);
    QCOMPARE(result.error->action, ErrorAction::RepairStore);
    // What is new is here all the same; without QUIT not one deletion happened.
    QCOMPARE(result.stored, 1);
    QCOMPARE(result.deletedOnServer, 0);
    QCOMPARE(visit.server.messages().size(), 11);
}

void TestMailCheck::p321_deletesNothingWhileTheStoreIsDamaged()
{
    CheckVisit visit(Maildrop::generated(6), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 6);
    // What was stored before, and what has only just come.
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    visit.server.addMessages({Maildrop::generated(7).last()});
    visit.server.clearRecord();
    const CheckResult held =
        visit.harness.check(CheckVisit::password(), [](sync::MailCheck &check) { check.holdDeletions(true); });
    QVERIFY(!held.error);
    QCOMPARE(held.stored, 1);
    QCOMPARE(held.waitingDeletions, 7);
    QCOMPARE(held.deletedOnServer, 0);
    QCOMPARE(held.leftOnServer, 7);
    QCOMPARE(visit.server.messages().size(), 7);
    // When it is mended, they go.
    const CheckResult mended = visit.check();
    QVERIFY(!mended.error);
    QCOMPARE(mended.waitingDeletions, 0);
    QCOMPARE(mended.deletedOnServer, 7);
    QVERIFY(visit.server.messages().isEmpty());
}

void TestMailCheck::law1_deletesWhatThePersonDeletedForGood()
{
    CheckVisit visit(Maildrop::generated(3), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 3);
    store::Writer &writer = visit.harness.writer();
    QVERIFY(writer.remove({MessageId{2}}));
    QCOMPARE(writer.purge(), 1);
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    QCOMPARE(visit.check().deletedOnServer, 3);
}

void TestMailCheck::law2_storesNothingTwiceWhateverTheServerRepeats()
{
    ServerQuirks quirks;
    quirks.quit = QuitBehaviour::RefuseAndKeep;
    CheckVisit visit(Maildrop::generated(7), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    for (int i = 0; i < 4; ++i) {
        visit.check();
        visit.harness.reopen();
        QCOMPARE(visit.harness.sources(), all);
    }
    QCOMPARE(visit.server.record().retrieved.size(), 7);
}

void TestMailCheck::law3_whatTheServerDeletedIsLearnedFromTheListingAlone_data()
{
    QTest::addColumn<QuitBehaviour>("quit");
    QTest::addColumn<bool>("kept");
    QTest::newRow("Q48 refused and kept") << QuitBehaviour::RefuseAndKeep << true;
    QTest::newRow("Q48 refused and deleted") << QuitBehaviour::RefuseAndCommit << false;
    QTest::newRow("Q48 deleted without an answer") << QuitBehaviour::CommitAndHangUp << false;
    QTest::newRow("Q48 kept without an answer") << QuitBehaviour::KeepAndHangUp << true;
    QTest::newRow("Q48 deleted and silent") << QuitBehaviour::CommitAndStaySilent << false;
}

void TestMailCheck::law3_whatTheServerDeletedIsLearnedFromTheListingAlone()
{
    QFETCH(QuitBehaviour, quit);
    QFETCH(bool, kept);
    ServerQuirks quirks;
    quirks.quit = quit;
    CheckVisit visit(Maildrop::generated(6), quirks);
    visit.harness.options.silence = visit.harness.options.slowSilence = std::chrono::milliseconds(300);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const CheckResult first = visit.check();
    QCOMPARE(first.stored, 6);
    QCOMPARE(first.deletedOnServer, 0);
    for (const store::LedgerEntry &entry : visit.harness.ledger())
        QCOMPARE(entry.state, store::ServerState::DeleteSent);

    visit.server.setQuirks({});
    visit.server.clearRecord();
    const CheckResult second = visit.check();
    QVERIFY(!second.error);
    QCOMPARE(second.stored, 0);
    QCOMPARE(second.deletedOnServer, kept ? 6 : 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QVERIFY(visit.server.messages().isEmpty());
    QCOMPARE(visit.harness.sources(), all);
}

void TestMailCheck::law4_Q49_aFullDiskEndsTheSessionWithoutQuitAndLosesNothing()
{
    CheckVisit visit(Maildrop::generated(200, 20'000));
    const QByteArrayList all = bytesOf(visit.server.messages());
    // Bytes that cannot be compressed, or the disk would not fill.
    QList<ServerMessage> messages = visit.server.messages();
    QRandomGenerator random(7);
    for (ServerMessage &message : messages) {
        QByteArray noise(15'000, Qt::Uninitialized);
        random.fillRange(reinterpret_cast<quint32 *>(noise.data()), noise.size() / 4);
        message.bytes += noise.toBase64() + "\r\n";
    }
    visit.server.setMessages(messages);
    CheckResult result;
    {
        const FullDisk full(1'500'000);
        result = visit.check();
    }
    QVERIFY(result.error);
    QVERIFY2(result.error->kind == ErrorKind::StoreFull || result.error->kind == ErrorKind::StoreFailed,
        qPrintable(result.error->text + result.error->detail));
    QVERIFY(result.stored < 200);
    QVERIFY(!visit.server.record().commands.contains("QUIT"));
    QCOMPARE(visit.server.messages().size(), 200);

    visit.harness.reopen();
    const CheckResult rest = visit.check();
    QVERIFY2(!rest.error, rest.error ? qPrintable(rest.error->text) : "");
    QCOMPARE(result.stored + rest.stored, 200);
    QCOMPARE(sorted(visit.harness.sources()), sorted(bytesOf(messages)));
    QVERIFY(visit.server.messages().isEmpty());
}

void TestMailCheck::law8_neverSendsThePasswordWhereTlsWasTakenAway_data()
{
    QTest::addColumn<bool>("announced");
    QTest::addColumn<bool>("capa");
    QTest::newRow("STLS is not announced") << false << true;
    QTest::newRow("STLS is refused") << true << true;
    QTest::newRow("CAPA and STLS are refused") << false << false;
}

void TestMailCheck::law8_neverSendsThePasswordWhereTlsWasTakenAway()
{
    QFETCH(bool, announced);
    QFETCH(bool, capa);
    ServerQuirks quirks;
    quirks.stls = announced;
    quirks.stlsRefused = true;
    quirks.capa = capa;
    CheckVisit visit(Maildrop::generated(2), quirks);
    visit.harness.account().security = Security::StartTls;
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::EncryptionUnavailable);
    for (const QByteArray &command : visit.server.record().commands) {
        QVERIFY2(!command.contains("alice") && !command.contains("secret") && !command.startsWith("AUTH"),
            command.constData());
    }
}

void TestMailCheck::Q52_manyDeletionsWaitForConsent()
{
    CheckVisit visit(Maildrop::generated(100), {}, Retention::KeepDays);
    QCOMPARE(visit.check().stored, 100);
    visit.age(400);
    const CheckResult held = visit.check();
    QVERIFY(!held.error);
    QCOMPARE(held.heldDeletions, 100);
    QCOMPARE(held.deletedOnServer, 0);
    QCOMPARE(visit.server.messages().size(), 100);
    const CheckResult agreed =
        visit.harness.check(CheckVisit::password(), [](sync::MailCheck &check) { check.setConsentedDeletions(100); });
    QCOMPARE(agreed.deletedOnServer, 100);
    QVERIFY(visit.server.messages().isEmpty());
}

void TestMailCheck::everyDeletionOnTheServerLeavesALine()
{
    CheckVisit visit(Maildrop::generated(4));
    QCOMPARE(visit.check().deletedOnServer, 4);
    const Expected<QList<store::Deletion>> log = visit.harness.writer().deletions(visit.harness.account().id);
    QVERIFY(log);
    QCOMPARE(log->size(), 4);
    QSet<QByteArray> uidls;
    for (const store::Deletion &deletion : *log) {
        uidls.insert(deletion.key.uidl);
        QCOMPARE(deletion.rule, store::DeletionRule::AfterDownload);
        QVERIFY(deletion.at.isValid());
        QVERIFY(!deletion.subject.isEmpty());
        QVERIFY(visit.harness.reader().source(deletion.message));
    }
    QCOMPARE(uidls.size(), 4);
}

void TestMailCheck::reportsProgressUpToTheEnd()
{
    CheckVisit visit(Maildrop::generated(50));
    QList<sync::CheckPhase> phases;
    int total = 0;
    visit.harness.check(CheckVisit::password(), [&](sync::MailCheck &check) {
        QObject::connect(&check, &sync::MailCheck::progressed, &check, [&](const sync::CheckProgress &progress) {
            if (phases.isEmpty() || phases.last() != progress.phase)
                phases.append(progress.phase);
            total = qMax(total, progress.messagesTotal);
        });
    });
    using enum sync::CheckPhase;
    QCOMPARE(phases, (QList<sync::CheckPhase>{Connecting, LoggingIn, Listing, Receiving, Deleting, Finishing}));
    QCOMPARE(total, 50);
}

QTEST_GUILESS_MAIN(TestMailCheck)
#include "tst_mailcheck.moc"
