// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scriptedserver.h"
#include "sync/checkharness.h"

#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTest>

#include <csignal>
#include <sys/resource.h>

using namespace satchel;
using namespace satchel::test;
using sync::CheckResult;

namespace {

const QString password = QStringLiteral("secret");

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

QByteArrayList bytesOf(const QList<ServerMessage> &messages)
{
    QByteArrayList list;
    for (const ServerMessage &message : messages)
        list.append(message.bytes);
    return list;
}

QByteArrayList sorted(QByteArrayList list)
{
    std::sort(list.begin(), list.end());
    return list;
}

} // namespace

/// Visits to a server that goes wrong in every way, over real sockets.
class TestMailCheck : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void law1_storesDurablyBeforeEveryDele();
    void law1_deletesNothingWhereTheServerLiesAboutNumbers();
    void law2_storesNothingTwiceWhateverTheServerRepeats();
    void law3_whatTheServerDeletedIsLearnedFromTheListingAlone_data();
    void law3_whatTheServerDeletedIsLearnedFromTheListingAlone();
    void law4_Q49_aFullDiskEndsTheSessionWithoutQuitAndLosesNothing();
    void law8_neverSendsThePasswordWhereTlsWasTakenAway_data();
    void law8_neverSendsThePasswordWhereTlsWasTakenAway();
    void endsOnceWhereverTheServerHangsUp_data();
    void endsOnceWhereverTheServerHangsUp();
    void endsWithATimeoutWhereverTheServerFallsSilent_data();
    void endsWithATimeoutWhereverTheServerFallsSilent();
    void Q15_aMailboxInUseIsNotAWrongPassword();
    void Q16_aServerThatWantsToRestIsNotAWrongPassword();
    void Q21_believesNoSizes();
    void Q27_aServerWithoutUidlIsReadByHeaders();
    void Q27_aServerWithNeitherUidlNorTopIsLeftAlone();
    void Q29_aReusedUidlIsANewMessage();
    void Q29_aSizeThatOnlyLooksDifferentIsNoNewMessage();
    void Q30_aRebuiltServerIsRecognised();
    void Q52_manyDeletionsWaitForConsent();
    void everyDeletionOnTheServerLeavesALine();
    void Q28_fetchesMessagesThatShareAUidlAndDeletesNoneByGuess();
    void Q35_aPartialListingForgetsNothingAndDeletesNothing();
    void Q32_anEmptyMaildropForgetsNothing();
    void Q39_oneRefusedMessageDoesNotBlockTheOthers();
    void Q39_saysWhichMessageFailed();
    void Q39_aMessageThatCannotEvenBeDescribedHoldsUpNothing();
    void Q46_aCutMessageIsNotStored_data();
    void Q46_aCutMessageIsNotStored();
    void Q1_remembersThatTheServerHangsUpOnCapa();
    void Q42_goesOnOneByOneWhereThePipelineBroke();
    void Q46_whatBreaksTheConnectionAgainAndAgainIsFetchedLast();
    void Q47_aRefusedDeleDoesNotBlockTheOthers();
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
    const CheckResult result = harness.check(password);
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.deletedOnServer, 300);
    QCOMPARE(asked.load(), 300);
    QCOMPARE(unproven.load(), 0);
    QVERIFY(server.messages().isEmpty());
    QCOMPARE(harness.sources().size(), 300);
}

namespace {

/// A harness and a scripted server that know each other, without TLS.
struct Visit {
    explicit Visit(const QList<ServerMessage> &messages = Maildrop::generated(5), const ServerQuirks &quirks = {},
        Retention retention = Retention::DeleteAfterDownload)
        : server(messages, quirks)
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        harness.account().retention = retention;
    }

    CheckResult check() { return harness.check(password); }

    CheckHarness harness;
    ScriptedServer server;
};

} // namespace

void TestMailCheck::law1_deletesNothingWhereTheServerLiesAboutNumbers()
{
    ServerQuirks quirks;
    quirks.reversedUidl = true;
    quirks.wrongSizes = true;
    Visit visit(Maildrop::generated(20), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    QVERIFY(!visit.check().error);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
}

void TestMailCheck::law2_storesNothingTwiceWhateverTheServerRepeats()
{
    ServerQuirks quirks;
    quirks.quit = QuitBehaviour::RefuseAndKeep;
    Visit visit(Maildrop::generated(7), quirks);
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
    Visit visit(Maildrop::generated(6), quirks);
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
    Visit visit(Maildrop::generated(200, 20'000));
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
    Visit visit(Maildrop::generated(2), quirks);
    visit.harness.account().security = Security::StartTls;
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::EncryptionUnavailable);
    for (const QByteArray &command : visit.server.record().commands) {
        QVERIFY2(!command.contains("alice") && !command.contains("secret") && !command.startsWith("AUTH"),
            command.constData());
    }
}

void TestMailCheck::endsOnceWhereverTheServerHangsUp_data()
{
    QTest::addColumn<QByteArray>("verb");
    QTest::addColumn<bool>("ends");
    for (const char *verb : {"USER", "PASS", "AUTH", "STAT", "UIDL", "LIST", "RETR 3", "DELE 4"})
        QTest::newRow(verb) << QByteArray(verb) << true;
    // The session had all it wanted.
    QTest::newRow("QUIT") << QByteArray("QUIT") << false;
}

void TestMailCheck::endsOnceWhereverTheServerHangsUp()
{
    QFETCH(QByteArray, verb);
    QFETCH(bool, ends);
    ServerQuirks quirks;
    quirks.hangsUpAt = verb;
    if (verb == "USER" || verb == "PASS")
        quirks.sasl.clear();
    Visit visit(Maildrop::generated(5), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const CheckResult result = visit.check();
    QCOMPARE(result.error.has_value(), ends);
    QCOMPARE(visit.server.messages().size(), 5);
    visit.server.setQuirks({});
    const CheckResult next = visit.check();
    QVERIFY(!next.error);
    QCOMPARE(result.stored + next.stored, 5);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
    QVERIFY(visit.server.messages().isEmpty());
}

void TestMailCheck::endsWithATimeoutWhereverTheServerFallsSilent_data()
{
    QTest::addColumn<QByteArray>("verb");
    for (const char *verb : {"GREETING", "CAPA", "AUTH", "STAT", "UIDL", "LIST", "RETR 2", "DELE 2"})
        QTest::newRow(verb) << QByteArray(verb);
}

void TestMailCheck::endsWithATimeoutWhereverTheServerFallsSilent()
{
    QFETCH(QByteArray, verb);
    ServerQuirks quirks;
    quirks.silentAt = verb;
    quirks.pipelining = false; // or the answer to the next command would be taken for this one's
    Visit visit(Maildrop::generated(5), quirks);
    visit.harness.options.silence = visit.harness.options.slowSilence = std::chrono::milliseconds(300);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::Timeout);
    QCOMPARE(visit.server.messages().size(), 5);
    visit.server.setQuirks({});
    const CheckResult next = visit.check();
    QCOMPARE(result.stored + next.stored, 5);
}

void TestMailCheck::Q15_aMailboxInUseIsNotAWrongPassword()
{
    ServerQuirks quirks;
    quirks.inUse = true;
    Visit visit(Maildrop::generated(1), quirks);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::MailboxInUse);
    QVERIFY(result.error->action != ErrorAction::EnterPassword);
}

void TestMailCheck::Q16_aServerThatWantsToRestIsNotAWrongPassword()
{
    ServerQuirks quirks;
    quirks.loginDelay = 600;
    quirks.sasl.clear();
    Visit visit(Maildrop::generated(1), quirks);
    const CheckResult first = visit.check();
    QVERIFY(first.server);
    QCOMPARE(first.server->loginDelay, 600);
    quirks.answers.insert("PASS", "-ERR [LOGIN-DELAY] minimum time between mail checks violation");
    visit.server.setQuirks(quirks);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::TooSoon);
}

void TestMailCheck::Q21_believesNoSizes()
{
    ServerQuirks quirks;
    quirks.wrongSizes = true;
    Visit visit(Maildrop::generated(10, 5000), quirks, Retention::Keep);
    const QByteArrayList all = bytesOf(visit.server.messages());
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.harness.sources(), all);
}

void TestMailCheck::Q27_aServerWithoutUidlIsReadByHeaders()
{
    ServerQuirks quirks;
    quirks.uidl = false;
    Visit visit(Maildrop::generated(8), quirks, Retention::Keep);
    const QByteArrayList all = bytesOf(visit.server.messages());
    QCOMPARE(visit.check().stored, 8);
    visit.harness.reopen();
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QCOMPARE(visit.harness.sources(), all);
    // By a header alone nothing is deleted; what was downloaded in this very visit may be.
    visit.harness.account().retention = Retention::DeleteAfterDownload;
    QCOMPARE(visit.check().deletedOnServer, 0);
    ServerMessage fresh = Maildrop::generated(9).last();
    fresh.uidl = "fresh";
    visit.server.addMessages({fresh});
    const CheckResult result = visit.check();
    QCOMPARE(result.stored, 1);
    QCOMPARE(result.deletedOnServer, 1);
    QCOMPARE(visit.server.messages().size(), 8);
}

void TestMailCheck::Q27_aServerWithNeitherUidlNorTopIsLeftAlone()
{
    ServerQuirks quirks;
    quirks.uidl = false;
    quirks.top = false;
    Visit visit(Maildrop::generated(3), quirks);
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::ServerRefused);
    QCOMPARE(visit.server.messages().size(), 3);
}

namespace {

/// As if all that is stored had been stored days ago.
void age(CheckHarness &harness, int days)
{
    harness.reopen();
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("age"));
    database.setDatabaseName(harness.storeFile());
    if (!database.open())
        qFatal("the store cannot be opened");
    {
        QSqlQuery query(database);
        if (!query.exec(QStringLiteral("UPDATE uidls SET stored_at = stored_at - %1 * 86400000, "
                                       "first_seen = first_seen - %1 * 86400000")
                    .arg(days)))
            qFatal("%s", qPrintable(query.lastError().text()));
    }
    database.close();
    database = {};
    QSqlDatabase::removeDatabase(QStringLiteral("age"));
}

} // namespace

void TestMailCheck::Q29_aReusedUidlIsANewMessage()
{
    Visit visit(Maildrop::generated(5, 500), {}, Retention::Keep);
    QList<ServerMessage> messages = visit.server.messages();
    QByteArrayList all = bytesOf(messages);
    QCOMPARE(visit.check().stored, 5);
    age(visit.harness, 30);
    messages[2].bytes =
        "Subject: another one\r\nMessage-ID: <other@example.org>\r\n\r\n" + QByteArray(3000, 'x') + "\r\n";
    all.append(messages.at(2).bytes);
    visit.server.setMessages(messages);
    QCOMPARE(visit.check().stored, 1);
    QCOMPARE(visit.harness.sources(), all);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
}

void TestMailCheck::Q29_aSizeThatOnlyLooksDifferentIsNoNewMessage()
{
    Visit visit(Maildrop::generated(5, 500), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 5);
    age(visit.harness, 30);
    ServerQuirks quirks;
    quirks.wrongSizes = true;
    visit.server.setQuirks(quirks);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
    QCOMPARE(visit.harness.sources().size(), 5);
}

void TestMailCheck::Q30_aRebuiltServerIsRecognised()
{
    Visit visit(Maildrop::generated(1000), {}, Retention::KeepDays);
    QList<ServerMessage> messages = visit.server.messages();
    QCOMPARE(visit.check().stored, 1000);
    for (qsizetype i = 0; i < messages.size(); ++i) {
        messages[i].uidl = "moved-" + QByteArray::number(i);
        // Delivered anew by the new server.
        messages[i].bytes.prepend("Delivered-To: alice@new.example\r\n");
    }
    for (int i = 0; i < 3; ++i) {
        messages.append({"new-" + QByteArray::number(i),
            "Subject: new " + QByteArray::number(i) + "\r\n\r\n" + QByteArray(200, 'n') + "\r\n"});
    }
    visit.server.setMessages(messages);
    visit.server.clearRecord();
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QCOMPARE(result.recognised, 1000);
    QCOMPARE(result.stored, 3);
    QCOMPARE(visit.server.record().retrieved.size(), 3);
    QCOMPARE(visit.harness.sources().size(), 1003);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
}

void TestMailCheck::Q52_manyDeletionsWaitForConsent()
{
    Visit visit(Maildrop::generated(100), {}, Retention::KeepDays);
    QCOMPARE(visit.check().stored, 100);
    age(visit.harness, 400);
    const CheckResult held = visit.check();
    QVERIFY(!held.error);
    QCOMPARE(held.heldDeletions, 100);
    QCOMPARE(held.deletedOnServer, 0);
    QCOMPARE(visit.server.messages().size(), 100);
    const CheckResult agreed =
        visit.harness.check(password, [](sync::MailCheck &check) { check.setConsentedDeletions(100); });
    QCOMPARE(agreed.deletedOnServer, 100);
    QVERIFY(visit.server.messages().isEmpty());
}

void TestMailCheck::everyDeletionOnTheServerLeavesALine()
{
    Visit visit(Maildrop::generated(4));
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

void TestMailCheck::Q28_fetchesMessagesThatShareAUidlAndDeletesNoneByGuess()
{
    ServerQuirks quirks;
    quirks.duplicateUidls = true;
    Visit visit(Maildrop::generated(4), quirks, Retention::Keep);
    const QByteArrayList all = bytesOf(visit.server.messages());
    QCOMPARE(visit.check().stored, 4);
    QCOMPARE(visit.check().stored, 0);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
    visit.harness.account().retention = Retention::KeepDays;
    visit.harness.account().keepDays = 0;
    QCOMPARE(visit.check().deletedOnServer, 0);
    QCOMPARE(visit.server.messages().size(), 4);
}

void TestMailCheck::Q35_aPartialListingForgetsNothingAndDeletesNothing()
{
    Visit visit(Maildrop::generated(30), {}, Retention::Keep);
    QCOMPARE(visit.check().stored, 30);
    ServerQuirks partial;
    partial.listOnly = 10;
    visit.server.setQuirks(partial);
    QCOMPARE(visit.check().stored, 0);
    visit.server.setQuirks({});
    const CheckResult whole = visit.check();
    QCOMPARE(whole.stored, 0);
    QCOMPARE(visit.harness.sources().size(), 30);
    QCOMPARE(visit.server.messages().size(), 30);
}

void TestMailCheck::Q32_anEmptyMaildropForgetsNothing()
{
    Visit visit(Maildrop::generated(12), {}, Retention::Keep);
    const QList<ServerMessage> messages = visit.server.messages();
    QCOMPARE(visit.check().stored, 12);
    visit.server.setMessages({});
    QVERIFY(!visit.check().error);
    visit.server.setMessages(messages);
    visit.server.clearRecord();
    QCOMPARE(visit.check().stored, 0);
    QVERIFY(visit.server.record().retrieved.isEmpty());
}

void TestMailCheck::Q39_oneRefusedMessageDoesNotBlockTheOthers()
{
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR [SYS/TEMP] cannot read that one");
    Visit visit(Maildrop::generated(5), quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.stored, 4);
    QCOMPARE(result.failedMessages, 1);
    QCOMPARE(result.deletedOnServer, 4);
    QCOMPARE(visit.server.messages().size(), 1);
    // It rests, and is not lost sight of.
    const CheckResult next = visit.check();
    QCOMPARE(next.failedMessages, 0);
    QCOMPARE(next.leftOnServer, 1);
    // Unless the person wants it tried now.
    quirks.answers.insert("RETR 1", "-ERR [SYS/TEMP] still not");
    visit.server.setQuirks(quirks);
    QVERIFY(visit.harness.writer().forgiveFailures(visit.harness.account().id));
    QCOMPARE(visit.check().failedMessages, 1);
    visit.server.setQuirks({});
    QVERIFY(visit.harness.writer().forgiveFailures(visit.harness.account().id));
    QCOMPARE(visit.check().stored, 1);
    QVERIFY(visit.server.messages().isEmpty());
}

void TestMailCheck::Q39_saysWhichMessageFailed()
{
    QList<ServerMessage> messages = Maildrop::generated(3);
    messages[1].bytes = "From: Ada <ada@example.org>\r\nSubject: =?utf-8?q?Pl=C3=A4ne?=\r\n\r\nbody\r\n";
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR corrupt \x1b[31mindex");
    Visit visit(messages, quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.failed.size(), 1);
    QCOMPARE(result.failed.first().from, QStringLiteral("Ada"));
    QCOMPARE(result.failed.first().subject, QStringLiteral("Pl\u00e4ne"));
    QCOMPARE(result.failed.first().size, messages.at(1).bytes.size());
    QVERIFY(result.failed.first().reason.startsWith(QLatin1String("corrupt")));
    QVERIFY(!result.failed.first().reason.contains(u'\x1b'));
    QCOMPARE(result.deletedOnServer, 2);
}

void TestMailCheck::Q39_aMessageThatCannotEvenBeDescribedHoldsUpNothing()
{
    ServerQuirks quirks;
    quirks.answers.insert("RETR 2", "-ERR corrupt");
    quirks.answers.insert("TOP 2 0", "-ERR corrupt too");
    Visit visit(Maildrop::generated(3), quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.failed.size(), 1);
    QVERIFY(result.failed.first().subject.isEmpty());
    QCOMPARE(result.deletedOnServer, 2);
}

void TestMailCheck::Q46_aCutMessageIsNotStored_data()
{
    QTest::addColumn<qint64>("after");
    QTest::addColumn<bool>("resets");
    for (const qint64 after : {0, 1, 100, 4000, 5000}) {
        QTest::addRow("FIN after %lld bytes", static_cast<long long>(after)) << after << false;
        QTest::addRow("RST after %lld bytes", static_cast<long long>(after)) << after << true;
    }
}

void TestMailCheck::Q46_aCutMessageIsNotStored()
{
    QFETCH(qint64, after);
    QFETCH(bool, resets);
    ServerQuirks quirks;
    quirks.cutInMessage = 3;
    quirks.cutAfter = after;
    quirks.cuts = 1;
    quirks.resets = resets;
    Visit visit(Maildrop::generated(5, 5000), quirks);
    const QByteArrayList all = bytesOf(visit.server.messages());
    const CheckResult result = visit.check();
    QVERIFY(result.error);
    QVERIFY(result.stored <= 2);
    QCOMPARE(visit.server.messages().size(), 5);
    const CheckResult next = visit.check();
    QVERIFY(!next.error);
    QCOMPARE(result.stored + next.stored, 5);
    QCOMPARE(sorted(visit.harness.sources()), sorted(all));
}

void TestMailCheck::Q1_remembersThatTheServerHangsUpOnCapa()
{
    ServerQuirks quirks;
    quirks.capaHangsUp = true;
    Visit visit(Maildrop::generated(2), quirks);
    QVERIFY(!visit.check().error);
    const int connections = visit.server.record().connections;
    QVERIFY(connections > 1);
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.record().connections, connections + 1);
}

void TestMailCheck::Q42_goesOnOneByOneWhereThePipelineBroke()
{
    // Announces pipelining and hangs up on it.
    ServerQuirks quirks;
    quirks.hangsUpAt = "RETR 7";
    Visit visit(Maildrop::generated(20), quirks);
    QVERIFY(visit.check().error);
    visit.server.setQuirks({});
    visit.server.clearRecord();
    QVERIFY(!visit.check().error);
    QCOMPARE(visit.server.record().mostInOneRead, 1);
}

void TestMailCheck::Q46_whatBreaksTheConnectionAgainAndAgainIsFetchedLast()
{
    ServerQuirks quirks;
    quirks.cutInMessage = 3;
    quirks.cutAfter = 100;
    Visit visit(Maildrop::generated(10, 2000), quirks, Retention::Keep);
    for (int i = 0; i < 3; ++i)
        QVERIFY(visit.check().error);
    QCOMPARE(visit.harness.sources().size(), 2);
    // Now the others are not held up by it any more.
    QVERIFY(visit.check().error);
    QCOMPARE(visit.harness.sources().size(), 9);
    visit.server.setQuirks({});
    QCOMPARE(visit.check().stored, 1);
}

void TestMailCheck::Q47_aRefusedDeleDoesNotBlockTheOthers()
{
    ServerQuirks quirks;
    quirks.answers.insert("DELE 2", "-ERR not now");
    Visit visit(Maildrop::generated(5), quirks);
    const CheckResult result = visit.check();
    QVERIFY(!result.error);
    QCOMPARE(result.deletedOnServer, 4);
    QCOMPARE(result.leftOnServer, 1);
    visit.server.setQuirks({});
    const CheckResult next = visit.check();
    QCOMPARE(next.stored, 0);
    QCOMPARE(next.deletedOnServer, 1);
}

void TestMailCheck::reportsProgressUpToTheEnd()
{
    Visit visit(Maildrop::generated(50));
    QList<sync::CheckPhase> phases;
    int total = 0;
    visit.harness.check(password, [&](sync::MailCheck &check) {
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
