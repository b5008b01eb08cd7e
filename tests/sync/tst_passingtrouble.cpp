// SPDX-License-Identifier: GPL-3.0-or-later
// What passes by itself is tried again by itself, and refused again as long as it is wrong: a disk that fails, a
// program that holds the store, the portal of a hotel, a night of maintenance. The clock is set ahead; the rest is
// real.
#include "net/tlstransport.h"
#include "store/storecheck.h"
#include "support/faultydisk.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/checkqueue.h"
#include "sync/engine.h"
#include "sync/storecare.h"

#include <QFileInfo>
#include <QProcess>
#include <QSignalSpy>
#include <QTest>

#include <functional>
#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using sync::AccountState;
using sync::CheckQueue;
using sync::CheckResult;

namespace {

constexpr int patience = 60'000;
constexpr int ladder[] = {60, 300, 900}; // seconds

ServerMessage mail(int number)
{
    const QByteArray name = QByteArray::number(number);
    return {"uidl-" + name, "Subject: " + name + "\r\n\r\nHello " + name + "\r\n"};
}

/// A mailbox that was read well once, and what becomes of it.
class Place
{
public:
    explicit Place(bool tls = false)
        : server({mail(1)})
    {
        if (!server.listen())
            qFatal("no port for the test server");
        AccountSettings &account = harness.account();
        account.host = u"127.0.0.1"_s;
        account.security = tls ? Security::ImplicitTls : Security::Plain;
        account.port = tls ? server.tlsPort() : server.port();
        account.userName = u"alice"_s;
        account.retention = Retention::Keep;
        account.checkEveryMinutes = 30;
        if (tls)
            account.trustedCertificate = testCertificates().sha256(CertificateKind::Good);
        if (!harness.writer().updateAccount(account))
            qFatal("the account could not be kept");
        restart();
        check();
        if (results.size() != 1 || results.takeFirst().error)
            qFatal("the first check did not go well");
    }

    /// As after the program was started again: nothing of the file is in memory.
    void restart()
    {
        queue.reset();
        harness.reopen();
        queue = std::make_unique<CheckQueue>(
            harness.writer(), harness.connectTo, [this] { return QDateTime::currentDateTimeUtc().addSecs(ahead); });
        queue->setSessionOptions(harness.options);
        queue->setOccasionDelay(std::chrono::milliseconds(10));
        queue->setAccounts({harness.account()});
        queue->waitForIntervals();
        queue->setCredentials(harness.account().id, {u"alice"_s, u"secret"_s, {}});
        queue->setScheduled(true);
        QObject::connect(queue.get(), &CheckQueue::stateChanged, queue.get(),
            [this](const AccountState &changed) { state = changed; });
        QObject::connect(queue.get(), &CheckQueue::checked, queue.get(),
            [this](const CheckResult &result) { results.append(result); });
    }

    /// One that the person asks for.
    void check()
    {
        QSignalSpy checked(queue.get(), &CheckQueue::checked);
        queue->check({harness.account().id});
        if (checked.isEmpty() && !checked.wait(patience))
            qFatal("the check did not end");
    }

    void pass(int seconds)
    {
        ahead += seconds;
        queue->setScheduled(true); // looks at the clock
    }

    CheckHarness harness;
    ScriptedServer server;
    qint64 ahead = 0;
    std::unique_ptr<CheckQueue> queue;
    QList<CheckResult> results;
    AccountState state;
};

/// Another program, which holds the store's write lock until it is told to end.
class Holder
{
public:
    explicit Holder(const QString &file)
    {
        m_process.start(u"python3"_s,
            {u"-c"_s,
                u"import sqlite3, sys\n"
                "store = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
                "store.execute('BEGIN IMMEDIATE')\n"
                "print('held', flush=True)\n"
                "sys.stdin.read()\n"_s,
                file});
        if (!m_process.waitForReadyRead(patience))
            qFatal("the store could not be held");
    }
    ~Holder()
    {
        m_process.closeWriteChannel();
        m_process.waitForFinished();
    }

private:
    QProcess m_process;
};

struct Trouble {
    std::function<void(Place &)> begins;
    std::function<void(Place &)> ends;
    QList<ErrorKind> kinds; ///< as one of which it is told
    bool tls = false;
};

Trouble disk(DiskFault fault, const QList<ErrorKind> &kinds)
{
    return {[fault](Place &place) {
                place.restart();
                setDiskFault(QFileInfo(place.harness.storeFile()).absoluteFilePath(), fault);
            },
        [](Place &) { setDiskFault({}, DiskFault::None); }, kinds};
}

Trouble answers(const QHash<QByteArray, QByteArray> &instead, const QByteArray &greeting, ErrorKind kind)
{
    return {[instead, greeting](Place &place) {
                ServerQuirks quirks;
                quirks.answers = instead;
                if (!greeting.isEmpty())
                    quirks.greeting = greeting;
                place.server.setQuirks(quirks);
            },
        [](Place &place) { place.server.setQuirks({}); }, {kind}};
}

QMap<QByteArray, Trouble> troubles()
{
    auto holder = std::make_shared<std::unique_ptr<Holder>>();
    return {
        {"F15 the disk fails to write", disk(DiskFault::Write, {ErrorKind::StoreFailed})},
        {"F15 the disk fails to sync", disk(DiskFault::Sync, {ErrorKind::StoreFailed})},
        {"F15 the disk fails to read", disk(DiskFault::Read, {ErrorKind::StoreFailed, ErrorKind::StoreUnreadable})},
        {"F15 another program holds the store",
            {[holder](Place &place) { *holder = std::make_unique<Holder>(place.harness.storeFile()); },
                [holder](Place &) { holder->reset(); }, {ErrorKind::StoreLocked}}},
        {"F15 a portal shows its own certificate",
            {[](Place &place) {
                 ServerQuirks quirks;
                 quirks.certificate = CertificateKind::WrongHost;
                 place.server.setQuirks(quirks);
             },
                [](Place &place) { place.server.setQuirks({}); }, {ErrorKind::CertificateUntrusted}, true}},
        {"F04 a greeting that refuses",
            answers({}, "-ERR maintenance, back in five minutes", ErrorKind::ServerRefused)},
        {"F15 a portal answers in HTTP",
            answers({}, "HTTP/1.1 302 Found\r\nLocation: http://portal.example/", ErrorKind::NetworkSignIn)},
        {"F04 nothing is listed",
            answers({{"UIDL", "-ERR internal error"}, {"LIST", "-ERR internal error"}, {"STAT", "-ERR internal error"}},
                {}, ErrorKind::ServerRefused)},
        {"F04 a message that is too large",
            {[](Place &place) {
                 place.server.addMessages({{"huge", QByteArray(QByteArray(70, 'x') + "\r\n").repeated(100'000)}});
                 place.queue->setSessionOptions([&place] {
                     pop3::SessionOptions options = place.harness.options;
                     options.limits.message = 2'000'000;
                     return options;
                 }());
             },
                [](Place &place) { place.queue->setSessionOptions(place.harness.options); },
                {ErrorKind::MessageTooLarge}}},
    };
}

} // namespace

class TestPassingTrouble : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup() { setDiskFault({}, DiskFault::None); }

    void isTriedAgainByItself_data();
    void isTriedAgainByItself();
    void isTriedAgainWhenTheNetworkChanges_data() { isTriedAgainByItself_data(); }
    void isTriedAgainWhenTheNetworkChanges();
    void F15_aRefusedPasswordIsNotHammered();
    void F15_aDiskThatCannotBeReadIsNotCalledDamage_data();
    void F15_aDiskThatCannotBeReadIsNotCalledDamage();
    void F15_aStoreThatCannotBeOpenedIsTriedAgainByItself();
};

void TestPassingTrouble::isTriedAgainByItself_data()
{
    QTest::addColumn<QByteArray>("name");
    for (const QByteArray &name : troubles().keys())
        QTest::newRow(name.constData()) << name;
}

void TestPassingTrouble::isTriedAgainByItself()
{
    QFETCH(QByteArray, name);
    const Trouble trouble = troubles().value(name);
    Place place(trouble.tls);
    place.server.addMessages({mail(2)});
    trouble.begins(place);
    place.check();
    for (const int seconds : ladder) {
        const CheckResult result = place.results.takeFirst();
        // One message is no reason to stop: the next visit finds that it rests.
        if (trouble.kinds.constFirst() == ErrorKind::MessageTooLarge && !result.error)
            break;
        QVERIFY(result.error);
        QVERIFY2(trouble.kinds.contains(result.error->kind), qPrintable(result.error->text + result.error->detail));
        QCOMPARE(place.state.error, result.error);
        QCOMPARE(result.finishedAt.secsTo(place.state.nextAt), seconds);
        place.pass(seconds + 1);
        QTRY_COMPARE_WITH_TIMEOUT(place.results.size(), 1, patience);
    }
    trouble.ends(place);
    place.results.clear();
    place.pass(1801);
    QTRY_COMPARE_WITH_TIMEOUT(place.results.size(), 1, patience);
    QVERIFY2(!place.results.first().error, qPrintable(place.results.first().error->text));
    QVERIFY(!place.state.error);
    QVERIFY(place.harness.sources().contains(mail(2).bytes));
    QCOMPARE(place.harness.sources().count(mail(2).bytes), 1);
}

void TestPassingTrouble::isTriedAgainWhenTheNetworkChanges()
{
    QFETCH(QByteArray, name);
    const Trouble trouble = troubles().value(name);
    Place place(trouble.tls);
    place.server.addMessages({mail(2)});
    trouble.begins(place);
    place.check();
    QVERIFY(place.results.takeFirst().error);
    trouble.ends(place);
    place.ahead += 31;
    place.queue->noteNetworkReturned();
    QTRY_COMPARE_WITH_TIMEOUT(place.results.size(), 1, patience);
    QVERIFY2(!place.results.first().error, qPrintable(place.results.first().error->text));
    QVERIFY(place.harness.sources().contains(mail(2).bytes));
}

void TestPassingTrouble::F15_aRefusedPasswordIsNotHammered()
{
    Place place;
    ServerQuirks quirks;
    quirks.password = "another";
    place.server.setQuirks(quirks);
    place.server.clearRecord();
    place.check();
    QCOMPARE(place.results.takeFirst().error->kind, ErrorKind::AuthenticationFailed);
    QVERIFY(!place.state.nextAt.isValid());
    int connections = place.server.record().connections;
    // A day in trains: the network changes every ten minutes.
    int checks = 0;
    for (int minutes = 0; minutes < 24 * 60; minutes += 10) {
        place.ahead += 600;
        place.queue->noteNetworkReturned();
        const bool isDue = minutes + 10 == 60 || minutes + 10 == 180 || minutes + 10 == 420 || minutes + 10 == 900;
        if (isDue) {
            ++checks;
            QTRY_COMPARE_WITH_TIMEOUT(place.results.size(), checks, patience);
            QVERIFY(place.server.record().connections > connections);
            connections = place.server.record().connections;
        } else {
            // The occasion passes: what would begin would have begun.
            QSignalSpy started(place.queue.get(), &CheckQueue::started);
            QVERIFY(!QTest::qWaitFor([&started] { return !started.isEmpty(); }, 30));
        }
    }
    QCOMPARE(checks, 4);
    // When the provider has the right one again, it is noticed.
    place.server.setQuirks({});
    place.ahead += 24 * 3600;
    place.queue->noteNetworkReturned();
    QTRY_COMPARE_WITH_TIMEOUT(place.results.size(), checks + 1, patience);
    QVERIFY(!place.results.constLast().error);
}

void TestPassingTrouble::F15_aDiskThatCannotBeReadIsNotCalledDamage_data()
{
    QTest::addColumn<sync::CareTask>("task");
    QTest::newRow("a glance") << sync::CareTask::QuickCheck;
    QTest::newRow("all of it") << sync::CareTask::FullCheck;
}

void TestPassingTrouble::F15_aDiskThatCannotBeReadIsNotCalledDamage()
{
    QFETCH(sync::CareTask, task);
    Place place;
    const QString store = place.harness.storeFile();
    place.queue.reset();
    place.harness.close();
    setDiskFault(store, DiskFault::Read);
    const sync::CareResult result = sync::takeCare(store, task, {}, {}, {});
    QVERIFY(diskFaultsMet() > 0);
    QVERIFY(result.error);
    QCOMPARE(result.error->kind, ErrorKind::StoreFailed);
    QVERIFY2(result.text.contains(u"The disk reports an error"_s), qPrintable(result.text));
    setDiskFault({}, DiskFault::None);
    QVERIFY(!sync::takeCare(store, task, {}, {}, {}).error);
}

void TestPassingTrouble::F15_aStoreThatCannotBeOpenedIsTriedAgainByItself()
{
    Place place;
    const QString store = place.harness.storeFile();
    place.queue.reset();
    place.harness.close();
    setDiskFault(store, DiskFault::Read);
    sync::Engine engine(store);
    QSignalSpy failed(&engine, &sync::Engine::openFailed);
    QSignalSpy opened(&engine, &sync::Engine::opened);
    engine.open();
    QCOMPARE(failed.size(), 1);
    QVERIFY(failed.first().first().value<Error>().kind != ErrorKind::StoreDamaged);
    engine.noteNetworkReturned(); // or in a minute
    QCOMPARE(failed.size(), 2);
    setDiskFault({}, DiskFault::None);
    engine.noteNetworkReturned();
    QCOMPARE(opened.size(), 1);
    engine.noteNetworkReturned();
    QCOMPARE(opened.size(), 1);
}

QTEST_GUILESS_MAIN(TestPassingTrouble)
#include "tst_passingtrouble.moc"
