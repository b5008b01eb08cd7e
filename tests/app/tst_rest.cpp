// SPDX-License-Identifier: GPL-3.0-or-later
// At rest nothing runs: the whole program, and how often each of its threads wakes up where there is nothing to do.
// Linux tells that of every thread, so that nothing can hide: whoever sleeps and wakes up is counted.
#include "app/running.h"
#include "store/writer.h"
#include "support/scriptedserver.h"
#include "sync/checkqueue.h"

#include <QApplication>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QMap>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

namespace {

constexpr int patience = 60'000;
constexpr std::chrono::milliseconds stretch{2000};
// A cursor blinks, a line that waits is looked at now and then.
constexpr int mostWakeUps = 16;

/// Of each thread of this process, with its name, how often it has gone to sleep until now.
QMap<QByteArray, qint64> sleeps()
{
    QMap<QByteArray, qint64> all;
    const QDir threads(u"/proc/self/task"_s);
    for (const QString &thread : threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile status(threads.filePath(thread + u"/status"_s));
        if (!status.open(QIODevice::ReadOnly))
            continue; // it ended meanwhile
        QByteArray name;
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith("Name:"))
                name = line.mid(5).trimmed() + ' ' + thread.toLatin1();
            else if (line.startsWith("voluntary_ctxt_switches:"))
                all.insert(name, line.mid(24).trimmed().toLongLong());
        }
    }
    return all;
}

/// The threads that woke up most often during the stretch, with how often that was; empty where none did too often.
QByteArray whoIsRestless()
{
    const QMap<QByteArray, qint64> before = sleeps();
    // What is measured is a stretch of time.
    QEventLoop loop;
    QTimer::singleShot(stretch, &loop, &QEventLoop::quit);
    loop.exec();
    QByteArray restless;
    const QMap<QByteArray, qint64> after = sleeps();
    for (auto thread = after.cbegin(); thread != after.cend(); ++thread) {
        const qint64 count = thread.value() - before.value(thread.key(), thread.value());
        if (count > mostWakeUps)
            restless += thread.key() + ": " + QByteArray::number(count) + "; ";
    }
    return restless;
}

enum class Then { Well, Silent, Refused, Offline };

} // namespace

class TestRest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p301_nothingWakesUpWithoutAReason_data();
    void p301_nothingWakesUpWithoutAReason();
};

void TestRest::p301_nothingWakesUpWithoutAReason_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<int>("then");
    const QList<std::pair<QByteArray, Then>> states{{"checked well", Then::Well}, {"silent servers", Then::Silent},
        {"after an error", Then::Refused}, {"offline", Then::Offline}};
    for (const auto &[name, then] : states) {
        for (const int count : {1, 7, 20})
            QTest::addRow("%d accounts, %s", count, name.constData()) << count << int(then);
    }
}

void TestRest::p301_nothingWakesUpWithoutAReason()
{
    QFETCH(int, count);
    QFETCH(int, then);
    const auto state = Then(then);
    const QTemporaryDir folder;
    std::vector<std::unique_ptr<ScriptedServer>> servers;
    {
        const auto writer = *store::Writer::open(Profile::open(folder.path())->storeFile());
        for (int i = 0; i < count; ++i) {
            ServerQuirks quirks;
            quirks.user = "user" + QByteArray::number(i);
            if (state == Then::Silent)
                quirks.silentAt = "GREETING";
            if (state == Then::Refused)
                quirks.greeting = "-ERR [SYS/TEMP] maintenance";
            servers.push_back(std::make_unique<ScriptedServer>(Maildrop::generated(3), quirks));
            QVERIFY(servers.back()->listen());
            AccountSettings account;
            account.name = u"Account %1"_s.arg(i);
            account.address = u"user%1@example.org"_s.arg(i);
            account.host = u"127.0.0.1"_s;
            account.port = servers.back()->port();
            account.security = Security::Plain;
            account.userName = QString::fromUtf8(quirks.user);
            account.checkEveryMinutes = 30;
            account.position = i;
            QVERIFY(writer->addAccount(account).has_value());
        }
    }
    const auto visited = [&servers] {
        return int(std::ranges::count_if(servers, [](const auto &server) { return server->record().connections > 0; }));
    };
    CommandLine line;
    line.offline = state == Then::Offline;
    Running running(folder.path(), {}, line);
    QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().size(), count, patience);
    // One that was begun by itself may have ended without a password before.
    QSet<AccountId> ended;
    connect(running.application().engine(), &sync::Engine::checked, this,
        [&ended, isRefused = state == Then::Refused](const sync::CheckResult &result) {
            if (isRefused ? result.error && result.error->kind == ErrorKind::TryLater : !result.error)
                ended.insert(result.account);
        });
    for (const AccountSettings &account : running.window().accounts())
        Q_EMIT running.window().passwordGiven(account.id, u"secret"_s, false, state != Then::Offline);
    switch (state) {
    case Then::Well:
    case Then::Refused:
        QTRY_COMPARE_WITH_TIMEOUT(ended.size(), count, patience);
        break;
    case Then::Silent:
        QTRY_COMPARE_WITH_TIMEOUT(visited(), qMin(count, sync::CheckQueue::mostAtOnce), patience);
        break;
    case Then::Offline:
        break;
    }
    // A backup, a glance at the store: all that has an end may come to it.
    QByteArray restless = whoIsRestless();
    for (int stretches = 1; stretches < 6 && !restless.isEmpty(); ++stretches)
        restless = whoIsRestless();
    QVERIFY2(restless.isEmpty(), restless.constData());
    QCOMPARE(visited(),
        state == Then::Offline      ? 0
            : state == Then::Silent ? qMin(count, sync::CheckQueue::mostAtOnce)
                                    : count);
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestRest tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_rest.moc"
