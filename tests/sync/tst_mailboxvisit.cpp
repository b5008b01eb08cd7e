// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/reader.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/engine.h"
#include "sync/mailboxvisit.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace satchel;
using namespace satchel::test;
using namespace std::chrono_literals;
using sync::Engine;
using sync::ServerFate;
using sync::ServerMark;
using Listed = sync::ServerMessage;
using sync::ServerMessageState;
using sync::VisitPhase;

namespace {

constexpr int patience = 60'000;

net::Credentials credentials()
{
    net::Credentials known;
    known.userName = QStringLiteral("alice");
    known.password = QStringLiteral("secret");
    return known;
}

/// An engine with one account at a scripted server, and what it says of the mailbox.
class Look
{
public:
    explicit Look(const QList<ServerMessage> &messages, const ServerQuirks &quirks = {},
        const std::function<void(AccountSettings &)> &change = {})
        : server(messages, quirks)
        , engine(dir.filePath(QStringLiteral("mail.sqlite")))
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        QObject::connect(&engine, &Engine::mailboxListed, &engine, [this](const sync::ServerListing &listing) {
            last = listing;
            ++listings;
        });
        QObject::connect(
            &engine, &Engine::mailboxHeadersKnown, &engine, [this](AccountId, const QList<sync::ServerHeader> &known) {
                for (const sync::ServerHeader &header : known)
                    headers.insert(header.id, header);
            });
        QObject::connect(&engine, &Engine::mailboxPreviewed, &engine,
            [this](AccountId, const sync::ServerPreview &preview) { previews.append(preview); });
        QObject::connect(
            &engine, &Engine::mailboxFailed, &engine, [this](AccountId, const Error &error) { errors.append(error); });
        QObject::connect(&engine, &Engine::mailboxPhaseChanged, &engine,
            [this](AccountId, VisitPhase phase) { phases.append(phase); });
        QObject::connect(&engine, &Engine::checked, &engine, [this](const sync::CheckResult &result) {
            lastCheck = result;
            ++checks;
        });
        QObject::connect(
            &engine, &Engine::accountAdded, &engine, [this](const AccountSettings &added) { account = added; });
        engine.open();
        account.name = QStringLiteral("Test");
        account.host = QStringLiteral("127.0.0.1");
        account.port = server.port();
        account.security = Security::Plain;
        account.userName = QStringLiteral("alice");
        account.retention = Retention::KeepDays;
        account.keepDays = 14;
        if (change)
            change(account);
        engine.addAccount(account, credentials());
    }

    bool check()
    {
        const int before = checks;
        engine.checkMail({account.id});
        return QTest::qWaitFor([&] { return checks > before; }, patience);
    }

    bool list()
    {
        const int before = listings;
        engine.openMailbox(account.id);
        return QTest::qWaitFor([&] { return listings > before || !errors.isEmpty(); }, patience) && errors.isEmpty();
    }

    bool apply(const QList<sync::ServerWish> &wishes)
    {
        const int before = listings;
        engine.applyToMailbox(account.id, wishes);
        return QTest::qWaitFor([&] { return listings > before || !errors.isEmpty(); }, patience) && errors.isEmpty();
    }

    [[nodiscard]] QList<ServerMessageState> states() const
    {
        QList<ServerMessageState> states;
        for (const Listed &message : last.messages)
            states.append(message.state);
        return states;
    }

    [[nodiscard]] int sent(const QByteArray &verb) const
    {
        const QByteArrayList commands = server.record().commands;
        return int(std::ranges::count_if(commands, [&verb](const QByteArray &line) { return line.startsWith(verb); }));
    }

    [[nodiscard]] QByteArrayList stored() const
    {
        const auto reader = *store::Reader::open(dir.filePath(QStringLiteral("mail.sqlite")));
        QByteArrayList sources;
        const QList<MessageId> ids = *reader->list({}, {});
        for (const MessageId id : ids)
            sources.append(*reader->source(id));
        return sources;
    }

    QTemporaryDir dir;
    ScriptedServer server;
    Engine engine;
    AccountSettings account;
    sync::ServerListing last;
    int listings = 0;
    QHash<int, sync::ServerHeader> headers;
    QList<sync::ServerPreview> previews;
    QList<Error> errors;
    QList<VisitPhase> phases;
    sync::CheckResult lastCheck;
    int checks = 0;
};

} // namespace

/// The look at a mailbox and what is ordered there, through the Engine, at a scripted server.
class TestMailboxVisit : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void listsWhatIsThereWithItsStateAndItsFate();
    void tellsWhatAnotherProgramHasFetchedFromWhatIsNew();
    void asksForTheHeadersInSightAloneAndTogether();
    void showsTheFirstLines();
    void Q33_findsMessagesAgainByTheirUidl();
    void whatWasAskedForWhenTheConnectionBrokeComesAllTheSame();
    void Q41_keepsTheConnectionAliveAndGivesItUpWhenNobodyLooks();
    void doesWhatWasOrderedAndNothingElse();
    void law1_deletesNothingUnstoredWithoutAgreement();
    void fetchesAgainWhatWasDeletedHere();
    void Q53_aCheckGoesOnWithTheSessionOfTheLook();
    void Q53_waitsForACheckThatRuns();
    void Q40_withoutTopTheHeadersAreRefusedOnce();
    void Q37_andQ27_sayWhyNothingIsDeleted_data();
    void Q37_andQ27_sayWhyNothingIsDeleted();
    void Q28_messagesThatShareANameCannotBeDeleted();
    void saysWhatWentWrongAndListsWhenAskedAgain();
    void waitsForThePassword();
    void closingTakesLeave();
    void fiftyThousandMessages();
};

void TestMailboxVisit::listsWhatIsThereWithItsStateAndItsFate()
{
    QList<ServerMessage> messages = Maildrop::generated(4);
    messages[3] = Maildrop::generated(4, 40'000).last();
    Look look(messages, {}, [](AccountSettings &account) { account.sizeLimit = 20'000; });
    QVERIFY(look.check());
    QList<ServerMessage> more = Maildrop::generated(6);
    look.server.addMessages({more.at(4), more.at(5)});
    QVERIFY(look.list());
    using enum ServerMessageState;
    QCOMPARE(look.states(), (QList<ServerMessageState>{Stored, Stored, Stored, Beginning, New, New}));
    QVERIFY(look.last.whyNoDeletion.isEmpty());
    const Listed stored = look.last.messages.at(0);
    QVERIFY(stored.message.isValid() && stored.provable && !stored.fetchedNext);
    QCOMPARE(stored.fate, ServerFate::GoesOn);
    QVERIFY(qAbs(stored.goesOn.secsTo(QDateTime::currentDateTimeUtc().addDays(14))) < 600);
    QCOMPARE(stored.size, messages.at(0).bytes.size());
    const Listed beginning = look.last.messages.at(3);
    QVERIFY(beginning.message.isValid() && !beginning.provable && !beginning.fetchedNext);
    QCOMPARE(beginning.fate, ServerFate::Stays);
    const Listed fresh = look.last.messages.at(4);
    QVERIFY(!fresh.message.isValid() && !fresh.provable && fresh.fetchedNext);
    QCOMPARE(look.sent("TOP"), 1); // for the beginning; the look asked for no header by itself
}

void TestMailboxVisit::tellsWhatAnotherProgramHasFetchedFromWhatIsNew()
{
    const QList<ServerMessage> messages = Maildrop::generated(3);
    Look look(messages);
    QTRY_VERIFY_WITH_TIMEOUT(look.account.id.isValid(), patience);
    AccountSettings second = look.account;
    second.id = {};
    FetchedElsewhere fetched;
    fetched.program = QStringLiteral("Another");
    fetched.uidls = {messages.at(0).uidl, messages.at(2).uidl};
    look.engine.addAccountKnowing(second, credentials(), {fetched});
    QTRY_VERIFY_WITH_TIMEOUT(look.account.id != AccountId{1}, patience);
    QVERIFY(look.list());
    using enum ServerMessageState;
    QCOMPARE(look.states(), (QList<ServerMessageState>{Elsewhere, New, Elsewhere}));
    for (const int row : {0, 2}) {
        const Listed left = look.last.messages.at(row);
        QVERIFY(!left.message.isValid() && !left.provable && !left.fetchedNext);
        QCOMPARE(left.fate, ServerFate::Stays);
    }
    QVERIFY(look.last.messages.at(1).fetchedNext);
    // Wished for all the same, it becomes one like the others.
    QVERIFY(look.apply({{look.last.messages.at(0).id, ServerMark::Get, false, {}, {}}}));
    QVERIFY(look.check());
    QVERIFY(look.list());
    QCOMPARE(look.states(), (QList<ServerMessageState>{Stored, Stored, Elsewhere}));
}

void TestMailboxVisit::asksForTheHeadersInSightAloneAndTogether()
{
    Look look(Maildrop::generated(300));
    QVERIFY(look.list());
    look.server.clearRecord();
    QList<int> sight;
    for (int id = 100; id < 140; ++id)
        sight.append(id);
    look.engine.wantHeaders(look.account.id, sight);
    QTRY_COMPARE_WITH_TIMEOUT(look.headers.size(), 40, patience);
    QCOMPARE(look.sent("TOP"), 40);
    QVERIFY(look.server.record().mostInOneRead > 5);
    for (const int id : sight) {
        QCOMPARE(look.headers.value(id).subject, QStringLiteral("Message %1").arg(id + 1));
        QCOMPARE(look.headers.value(id).from.address, QStringLiteral("sender%1@example.test").arg(id + 1));
        QVERIFY(look.headers.value(id).date.isValid());
    }
    // What scrolled away before it was asked for is forgotten.
    QList<int> all;
    for (int id = 0; id < 300; ++id)
        all.append(id);
    look.engine.wantHeaders(look.account.id, all);
    look.engine.wantHeaders(look.account.id, {299});
    QTRY_VERIFY_WITH_TIMEOUT(look.headers.contains(299), patience);
    QVERIFY(look.sent("TOP") < 200);
}

void TestMailboxVisit::showsTheFirstLines()
{
    QList<ServerMessage> messages = Maildrop::generated(2);
    messages[1] = Maildrop::generated(2, 30'000).last();
    Look look(messages);
    QVERIFY(look.list());
    look.engine.wantPreview(look.account.id, 1);
    QTRY_COMPARE_WITH_TIMEOUT(look.previews.size(), 1, patience);
    QCOMPARE(look.previews.constFirst().header.subject, QStringLiteral("Message 2"));
    QVERIFY(look.previews.constFirst().text.contains(QStringLiteral("line after line")));
    QVERIFY(!look.previews.constFirst().whole);
    look.engine.wantPreview(look.account.id, 0);
    QTRY_COMPARE_WITH_TIMEOUT(look.previews.size(), 2, patience);
    QVERIFY(look.previews.constLast().whole);
    QVERIFY(look.stored().isEmpty()); // looking stores nothing
}

void TestMailboxVisit::Q33_findsMessagesAgainByTheirUidl()
{
    Look look(Maildrop::generated(5));
    QVERIFY(look.list());
    const QList<ServerMessage> before = look.server.messages();
    look.server.dropConnections();
    look.server.setMessages({before.at(2), before.at(3), before.at(4)}); // every number has changed
    look.engine.wantHeaders(look.account.id, {4, 0});
    QTRY_COMPARE_WITH_TIMEOUT(look.headers.size(), 2, patience);
    QCOMPARE(look.headers.value(4).subject, QStringLiteral("Message 5"));
    QVERIFY(look.headers.value(0).refused); // it is gone
    QCOMPARE(look.listings, 2);
    QList<int> ids;
    for (const Listed &message : look.last.messages)
        ids.append(message.id);
    QCOMPARE(ids, (QList<int>{2, 3, 4}));
    QVERIFY(look.errors.isEmpty());
}

void TestMailboxVisit::whatWasAskedForWhenTheConnectionBrokeComesAllTheSame()
{
    ServerQuirks quirks;
    quirks.silentAt = "TOP 3 0";
    Look look(Maildrop::generated(5), quirks);
    QVERIFY(look.list());
    look.engine.wantHeaders(look.account.id, {0, 1, 2});
    QTRY_VERIFY_WITH_TIMEOUT(look.server.record().commands.contains("TOP 3 0"), patience);
    QVERIFY(!look.headers.contains(2));
    look.server.setQuirks({});
    look.server.dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(look.headers.size(), 3, patience);
    for (int id = 0; id < 3; ++id)
        QCOMPARE(look.headers.value(id).subject, QStringLiteral("Message %1").arg(id + 1));
}

void TestMailboxVisit::Q41_keepsTheConnectionAliveAndGivesItUpWhenNobodyLooks()
{
    CheckHarness harness;
    ScriptedServer server(Maildrop::generated(3));
    QVERIFY(server.listen());
    harness.account().security = Security::Plain;
    harness.account().port = server.port();
    harness.account().userName = QStringLiteral("alice");
    sync::MailboxVisit visit(harness.account(), credentials(), harness.writer(), harness.connectTo);
    visit.setPatience(20ms, 24h);
    QObject::connect(&visit, &sync::MailboxVisit::connectionWanted, &visit, &sync::MailboxVisit::connectNow);
    QSignalSpy listed(&visit, &sync::MailboxVisit::listed);
    visit.list();
    QTRY_COMPARE_WITH_TIMEOUT(listed.size(), 1, patience);
    QTRY_VERIFY_WITH_TIMEOUT(server.record().commands.count("NOOP") >= 3, patience);
    QVERIFY(!server.record().commands.contains("QUIT"));
    visit.setPatience(20ms, 1ms);
    QTRY_VERIFY_WITH_TIMEOUT(server.record().commands.contains("QUIT"), patience);
    QVERIFY(!visit.isConnected());
    QCOMPARE(server.record().connections, 1);
    // The next wish connects again.
    visit.setPatience(20ms, 24h);
    QSignalSpy headers(&visit, &sync::MailboxVisit::headersKnown);
    visit.wantHeaders({2});
    QTRY_COMPARE_WITH_TIMEOUT(headers.size(), 1, patience);
    QCOMPARE(server.record().connections, 2);
    QCOMPARE(server.messages().size(), 3);
}

void TestMailboxVisit::doesWhatWasOrderedAndNothingElse()
{
    Look look(Maildrop::generated(4), {}, [](AccountSettings &account) {
        account.retention = Retention::Keep;
        account.sizeLimit = 20'000;
    });
    QVERIFY(look.check());
    QList<ServerMessage> more = Maildrop::generated(8);
    more[6] = Maildrop::generated(7, 50'000).last();
    look.server.addMessages({more.at(4), more.at(5), more.at(6), more.at(7)});
    QVERIFY(look.list());
    look.server.clearRecord();
    const auto id = [&look](int place) { return look.last.messages.at(place).id; };
    QVERIFY(look.apply({{id(6), ServerMark::Get, false, {}, {}}, {id(0), ServerMark::Delete, false, {}, {}},
        {id(4), ServerMark::Delete, true, QStringLiteral("Sender 5"), QStringLiteral("Message 5")},
        {id(5), ServerMark::Skip, false, {}, {}}}));
    QVERIFY(look.lastCheck.ordersOnly);
    QCOMPARE(look.server.record().retrieved, QByteArrayList{"u7"});
    QByteArrayList committed = look.server.record().committed;
    std::ranges::sort(committed);
    QCOMPARE(committed, (QByteArrayList{"u1", "u5"}));
    QVERIFY(look.stored().contains(more.at(6).bytes));
    QVERIFY(look.stored().contains(more.at(0).bytes));
    QCOMPARE(look.stored().size(), 5);
    using enum ServerMessageState;
    QCOMPARE(look.states(), (QList<ServerMessageState>{Stored, Stored, Stored, Skipped, Stored, New}));
    // u8 was left alone; the next check fetches it, and not what is skipped.
    QVERIFY(look.check());
    QCOMPARE(look.stored().size(), 6);
    QVERIFY(!look.stored().contains(more.at(5).bytes));
    look.engine.close();
    const auto writer = *store::Writer::open(look.dir.filePath(QStringLiteral("mail.sqlite")));
    const QList<store::Deletion> log = *writer->deletions(look.account.id);
    QCOMPARE(log.size(), 2);
    for (const store::Deletion &deletion : log) {
        QCOMPARE(deletion.rule, store::DeletionRule::ByHand);
        QCOMPARE(
            deletion.subject, deletion.key.uidl == "u5" ? QStringLiteral("Message 5") : QStringLiteral("Message 1"));
        QCOMPARE(deletion.message.isValid(), deletion.key.uidl == "u1");
    }
}

void TestMailboxVisit::law1_deletesNothingUnstoredWithoutAgreement()
{
    Look look(Maildrop::generated(3));
    QVERIFY(look.list());
    QVERIFY(look.apply({{0, ServerMark::Delete, false, {}, {}}, {1, ServerMark::Delete, true, {}, {}},
        {99, ServerMark::Delete, true, {}, {}}}));
    QCOMPARE(look.server.record().committed, QByteArrayList{"u2"});
    QCOMPARE(look.server.messages().size(), 2);
    QVERIFY(look.check());
    QCOMPARE(look.stored().size(), 2);
}

void TestMailboxVisit::fetchesAgainWhatWasDeletedHere()
{
    Look look(Maildrop::generated(2), {}, [](AccountSettings &account) { account.retention = Retention::Keep; });
    QVERIFY(look.check());
    QVERIFY(look.list());
    const MessageId message = look.last.messages.constFirst().message;
    look.engine.deleteMessages({message});
    look.engine.deleteMessages({message}); // from Trash, for good
    look.engine.closeMailbox(look.account.id);
    QTRY_COMPARE_WITH_TIMEOUT(look.sent("QUIT"), 2, patience);
    look.engine.close();
    look.engine.open();
    look.engine.setCredentials(look.account.id, credentials());
    QVERIFY(look.list());
    QCOMPARE(look.last.messages.constFirst().state, ServerMessageState::DeletedHere);
    QVERIFY(!look.last.messages.constFirst().provable);
    QVERIFY(look.apply({{look.last.messages.constFirst().id, ServerMark::Get, false, {}, {}}}));
    QCOMPARE(look.last.messages.constFirst().state, ServerMessageState::Stored);
    QCOMPARE(look.stored().size(), 2);
}

void TestMailboxVisit::Q53_aCheckGoesOnWithTheSessionOfTheLook()
{
    Look look(Maildrop::generated(3)); // the server lets one session in at a time
    QVERIFY(look.list());
    QCOMPARE(look.server.record().logins, 1);
    const int listings = look.listings;
    QVERIFY(look.check());
    QVERIFY2(!look.lastCheck.error, look.lastCheck.error ? qPrintable(look.lastCheck.error->text) : "");
    QCOMPARE(look.lastCheck.stored, 3);
    QTRY_VERIFY_WITH_TIMEOUT(look.listings > listings, patience);
    QCOMPARE(look.server.record().logins, 2); // the check had none of its own
    QCOMPARE(look.server.record().failedLogins, 0);
    QCOMPARE(look.last.messages.constFirst().state, ServerMessageState::Stored);
    QVERIFY(look.errors.isEmpty());
}

void TestMailboxVisit::Q53_waitsForACheckThatRuns()
{
    ServerQuirks quirks;
    quirks.latency = 20ms;
    Look look(Maildrop::generated(5), quirks);
    look.engine.checkMail({look.account.id});
    QVERIFY(look.list());
    QVERIFY(look.phases.contains(VisitPhase::Waiting));
    QCOMPARE(look.checks, 1);
    QVERIFY(!look.lastCheck.error);
    QCOMPARE(look.server.record().failedLogins, 0);
}

void TestMailboxVisit::Q40_withoutTopTheHeadersAreRefusedOnce()
{
    ServerQuirks quirks;
    quirks.top = false;
    Look look(Maildrop::generated(100), quirks);
    QVERIFY(look.list());
    QList<int> all;
    for (int id = 0; id < 100; ++id)
        all.append(id);
    look.engine.wantHeaders(look.account.id, all);
    look.engine.wantPreview(look.account.id, 7);
    QTRY_COMPARE_WITH_TIMEOUT(look.headers.size(), 100, patience);
    QVERIFY(std::ranges::all_of(look.headers, [](const sync::ServerHeader &header) { return header.refused; }));
    QTRY_COMPARE_WITH_TIMEOUT(look.previews.size(), 1, patience);
    QVERIFY(look.previews.constFirst().header.refused);
    QVERIFY(look.sent("TOP") <= 2);
    QVERIFY(look.errors.isEmpty());
    QVERIFY(look.check()); // everything else works
    QCOMPARE(look.stored().size(), 100);
}

void TestMailboxVisit::Q37_andQ27_sayWhyNothingIsDeleted_data()
{
    QTest::addColumn<bool>("recent");
    QTest::newRow("Q37 recent mode") << true;
    QTest::newRow("Q27 no UIDL") << false;
}

void TestMailboxVisit::Q37_andQ27_sayWhyNothingIsDeleted()
{
    QFETCH(bool, recent);
    ServerQuirks quirks;
    quirks.uidl = recent;
    quirks.user = recent ? "recent:alice" : "alice";
    Look look(Maildrop::generated(3), quirks, [recent](AccountSettings &account) {
        account.recentMode = recent;
        if (recent)
            account.userName = QStringLiteral("recent:alice");
    });
    net::Credentials known = credentials();
    known.userName = look.account.userName;
    look.engine.setCredentials(look.account.id, known);
    QVERIFY(look.list());
    QVERIFY(!look.last.whyNoDeletion.isEmpty());
    QVERIFY(look.apply({{0, ServerMark::Delete, true, {}, {}}}));
    QVERIFY(look.check());
    QCOMPARE(look.server.messages().size(), 3);
    QCOMPARE(look.sent("DELE"), 0);
}

void TestMailboxVisit::Q28_messagesThatShareANameCannotBeDeleted()
{
    ServerQuirks quirks;
    quirks.duplicateUidls = true;
    Look look(Maildrop::generated(3), quirks);
    QVERIFY(look.check());
    QVERIFY(look.list());
    for (const Listed &message : look.last.messages)
        QVERIFY(!message.deletable && !message.provable);
    QVERIFY(look.apply({{0, ServerMark::Delete, true, {}, {}}}));
    QCOMPARE(look.server.messages().size(), 3);
}

void TestMailboxVisit::saysWhatWentWrongAndListsWhenAskedAgain()
{
    ServerQuirks quirks;
    quirks.hangsUpAt = "UIDL";
    Look look(Maildrop::generated(3), quirks);
    look.engine.openMailbox(look.account.id);
    QTRY_COMPARE_WITH_TIMEOUT(look.errors.size(), 1, patience);
    QCOMPARE(look.errors.constFirst().kind, ErrorKind::ConnectionLost);
    QCOMPARE(look.phases.constLast(), VisitPhase::Resting);
    look.errors.clear();
    look.server.setQuirks({});
    QVERIFY(look.list());
    QCOMPARE(look.last.messages.size(), 3);
}

void TestMailboxVisit::waitsForThePassword()
{
    Look look(Maildrop::generated(3));
    look.engine.close();
    look.engine.open();
    QSignalSpy needed(&look.engine, &Engine::credentialsNeeded);
    look.engine.openMailbox(look.account.id);
    QCOMPARE(needed.size(), 1);
    QCOMPARE(look.phases.constLast(), VisitPhase::Waiting);
    look.engine.setCredentials(look.account.id, credentials());
    QTRY_COMPARE_WITH_TIMEOUT(look.last.messages.size(), 3, patience);
}

void TestMailboxVisit::closingTakesLeave()
{
    Look look(Maildrop::generated(3));
    QVERIFY(look.list());
    look.engine.closeMailbox(look.account.id);
    QTRY_VERIFY_WITH_TIMEOUT(look.server.record().commands.contains("QUIT"), patience);
    QVERIFY(look.check());
    QVERIFY(!look.lastCheck.error);
    QCOMPARE(look.listings, 1);
}

void TestMailboxVisit::fiftyThousandMessages()
{
    constexpr int count = 50'000;
    Look look(Maildrop::generated(count, 20));
    QElapsedTimer timer;
    timer.start();
    QVERIFY(look.list());
    qInfo("listed 50,000 messages in %lld ms", timer.elapsed());
    QCOMPARE(look.last.messages.size(), count);
    QCOMPARE(look.sent("TOP"), 0);
    QList<int> sight;
    for (int id = count - 60; id < count; ++id)
        sight.append(id);
    timer.start();
    look.engine.wantHeaders(look.account.id, sight);
    QTRY_COMPARE_WITH_TIMEOUT(look.headers.size(), 60, patience);
    qInfo("60 headers in %lld ms", timer.elapsed());
    QCOMPARE(look.sent("TOP"), 60);
}

QTEST_GUILESS_MAIN(TestMailboxVisit)
#include "tst_mailboxvisit.moc"
