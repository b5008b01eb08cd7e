// SPDX-License-Identifier: GPL-3.0-or-later
// Many accounts at once: how many sessions, what is said of each, and how they are stopped.
#include "net/tlstransport.h"
#include "store/writer.h"
#include "support/scriptedserver.h"
#include "sync/checkqueue.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using sync::AccountState;
using sync::CheckQueue;
using sync::CheckResult;

namespace {

/// Twenty mailboxes on as many servers.
class Twenty
{
public:
    explicit Twenty(int count = 20)
        : writer(*store::Writer::open(dir.filePath(u"mail.sqlite"_s)))
    {
        for (int i = 0; i < count; ++i) {
            ServerQuirks quirks;
            quirks.user = "user" + QByteArray::number(i);
            servers.push_back(std::make_unique<ScriptedServer>(Maildrop::generated(3), quirks));
            if (!servers.back()->listen())
                qFatal("no port");
            AccountSettings settings;
            settings.name = u"Account %1"_s.arg(i);
            settings.host = u"127.0.0.1"_s;
            settings.port = servers.back()->port();
            settings.security = Security::Plain;
            settings.userName = u"user%1"_s.arg(i);
            settings.retention = Retention::Keep;
            settings.position = i + 1;
            accounts.append(*writer->addAccount(settings));
        }
        queue = std::make_unique<CheckQueue>(
            *writer, [](const net::Endpoint &endpoint) { return std::make_unique<net::TlsTransport>(endpoint); },
            [this] {
                ++clockReads;
                return QDateTime::currentDateTimeUtc();
            });
        queue->setAccounts(accounts);
        QObject::connect(queue.get(), &CheckQueue::stateChanged, queue.get(),
            [this](const AccountState &state) { states.insert(state.account, state); });
        QObject::connect(
            queue.get(), &CheckQueue::progressed, queue.get(), [this](const sync::CheckProgress &progress) {
                if (progress.phase != sync::CheckPhase::Waiting)
                    active.insert(progress.account);
                most = qMax(most, active.size());
            });
        QObject::connect(queue.get(), &CheckQueue::checked, queue.get(), [this](const CheckResult &result) {
            active.remove(result.account);
            results.append(result);
        });
    }

    void giveCredentials()
    {
        for (const AccountSettings &account : std::as_const(accounts))
            queue->setCredentials(
                account.id, {.userName = account.userName, .password = u"secret"_s, .accessToken = {}});
    }

    QTemporaryDir dir;
    std::unique_ptr<store::Writer> writer;
    std::vector<std::unique_ptr<ScriptedServer>> servers;
    QList<AccountSettings> accounts;
    std::unique_ptr<CheckQueue> queue;
    QHash<AccountId, AccountState> states;
    QSet<AccountId> active;
    qsizetype most = 0;
    QList<CheckResult> results;
    int clockReads = 0;
};

} // namespace

class TestManyAccounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void checksTwentyAccountsAFewAtATime()
    {
        Twenty twenty;
        QSignalSpy started(twenty.queue.get(), &CheckQueue::started);
        twenty.giveCredentials();
        twenty.queue->check({});
        QCOMPARE(started.size(), 20); // all are seen at once, running or waiting
        QTRY_COMPARE_WITH_TIMEOUT(twenty.results.size(), 20, 60'000);
        QCOMPARE(started.size(), 20);
        QVERIFY(twenty.most <= CheckQueue::mostAtOnce);
        QVERIFY(twenty.most > 1);
        for (const CheckResult &result : std::as_const(twenty.results)) {
            QVERIFY(!result.error);
            QCOMPARE(result.stored, 3);
        }
        for (const AccountState &state : std::as_const(twenty.states)) {
            QVERIFY(!state.running);
            QVERIFY(state.checkedAt.isValid());
            QVERIFY(!state.error);
            QVERIFY(!state.nextAt.isValid()); // nothing starts by itself here
        }
    }

    void p301_nothingTurnsWhileAnAccountWaitsForAnotherToEnd_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {1, 6, 7, 20})
            QTest::addRow("%d accounts", count) << count;
    }

    void p301_nothingTurnsWhileAnAccountWaitsForAnotherToEnd()
    {
        QFETCH(int, count);
        Twenty many(count);
        for (const auto &server : many.servers) {
            ServerQuirks quirks = server->quirks();
            quirks.silentAt = "GREETING";
            server->setQuirks(quirks);
        }
        many.giveCredentials();
        many.queue->setScheduled(true);
        many.queue->check({});
        const auto connected = [&many] {
            return std::ranges::count_if(many.servers, [](const auto &server) { return server->record().connections; });
        };
        QTRY_COMPARE(connected(), qMin(count, CheckQueue::mostAtOnce));
        // All that has begun is waited for: the clock has nothing to say until somebody answers.
        many.clockReads = 0;
        int rounds = 0;
        QTimer round;
        connect(&round, &QTimer::timeout, this, [&rounds] { ++rounds; });
        round.start(std::chrono::milliseconds(20));
        QTRY_VERIFY(rounds >= 20);
        QVERIFY2(many.clockReads < 3, qPrintable(QString::number(many.clockReads)));
        // Who waits has its turn when one ends.
        for (const auto &server : many.servers) {
            ServerQuirks quirks = server->quirks();
            quirks.silentAt.clear();
            server->setQuirks(quirks);
            server->dropConnections();
        }
        QTRY_COMPARE_WITH_TIMEOUT(many.results.size(), count, 60'000);
    }

    void stopsAllOfThemAtOnce()
    {
        Twenty twenty;
        twenty.giveCredentials();
        twenty.queue->check({});
        twenty.queue->cancel({});
        QTRY_COMPARE_WITH_TIMEOUT(twenty.results.size(), 20, 60'000);
        for (const CheckResult &result : std::as_const(twenty.results)) {
            QVERIFY(result.error);
            QCOMPARE(result.error->kind, ErrorKind::Cancelled);
        }
        QVERIFY(!twenty.queue->isRunning());
        for (const AccountState &state : std::as_const(twenty.states)) {
            QVERIFY(!state.running);
            QVERIFY(!state.error); // the person's wish is no trouble
        }
        int logins = 0;
        for (const auto &server : twenty.servers)
            logins += server->record().logins;
        QVERIFY(logins <= CheckQueue::mostAtOnce);
    }

    void stopsOneThatWaits()
    {
        Twenty twenty;
        twenty.giveCredentials();
        twenty.queue->check({});
        const AccountId last = twenty.accounts.constLast().id;
        twenty.queue->cancel(last);
        QCOMPARE(twenty.results.size(), 1);
        QCOMPARE(twenty.results.constFirst().account, last);
        QTRY_COMPARE_WITH_TIMEOUT(twenty.results.size(), 20, 60'000);
        QCOMPARE(twenty.servers.back()->record().logins, 0);
    }

    void tellsWhenTheNextCheckIsDueAndWhatWentWrong()
    {
        Twenty two(2);
        two.queue->setCredentials(
            two.accounts.at(0).id, {.userName = u"user0"_s, .password = u"secret"_s, .accessToken = {}});
        two.queue->setCredentials(
            two.accounts.at(1).id, {.userName = u"user1"_s, .password = u"wrong"_s, .accessToken = {}});
        two.queue->check({});
        QTRY_COMPARE_WITH_TIMEOUT(two.results.size(), 2, 60'000);
        two.queue->setScheduled(true);
        const AccountState good = two.states.value(two.accounts.at(0).id);
        const AccountState bad = two.states.value(two.accounts.at(1).id);
        QVERIFY(good.nextAt > QDateTime::currentDateTimeUtc().addSecs(60));
        QVERIFY(bad.error);
        QCOMPARE(bad.error->kind, ErrorKind::AuthenticationFailed);
        QVERIFY(!bad.nextAt.isValid()); // a person must act first
        QVERIFY(bad.checkedAt.isValid());
    }

    void remembersTheLastCheckAcrossStarts()
    {
        Twenty one(1);
        one.giveCredentials();
        one.queue->check({});
        QTRY_COMPARE_WITH_TIMEOUT(one.results.size(), 1, 60'000);
        const QDateTime checked = one.results.constFirst().finishedAt;
        CheckQueue again(*one.writer, {});
        QSignalSpy told(&again, &CheckQueue::stateChanged);
        again.setAccounts(one.accounts);
        QCOMPARE(told.size(), 1);
        const QDateTime remembered = told.constFirst().constFirst().value<AccountState>().checkedAt;
        QVERIFY(qAbs(remembered.secsTo(checked)) <= 1);
    }

    void asksForNoMailOfAnAccountWithoutAServer()
    {
        Twenty one(1);
        one.accounts[0].host.clear();
        one.queue->setAccounts(one.accounts);
        QSignalSpy needed(one.queue.get(), &CheckQueue::credentialsNeeded);
        one.queue->setScheduled(true);
        one.queue->check({one.accounts.at(0).id});
        one.queue->check({});
        one.queue->carryOutOrders(one.accounts.at(0).id); // of a beginning whose account was given up
        QVERIFY(needed.isEmpty());
        QVERIFY(!one.queue->isRunning());
    }

    void goesOnWithACheckWhenTheAccountIsOnlyRenamed()
    {
        Twenty one(1);
        one.giveCredentials();
        one.queue->check({});
        QVERIFY(one.queue->isRunning());
        one.accounts[0].name = u"Another name"_s;
        one.accounts[0].colour = 4;
        QVERIFY(one.queue->hasOnlyNewLooks(one.accounts.at(0)));
        one.queue->setAccounts(one.accounts);
        QTRY_COMPARE_WITH_TIMEOUT(one.results.size(), 1, 60'000);
        QVERIFY(!one.results.constFirst().error);
        one.accounts[0].host = u"elsewhere.example"_s;
        QVERIFY(!one.queue->hasOnlyNewLooks(one.accounts.at(0)));
    }
};

QTEST_GUILESS_MAIN(TestManyAccounts)
#include "tst_manyaccounts.moc"
