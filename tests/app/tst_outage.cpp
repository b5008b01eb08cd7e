// SPDX-License-Identifier: GPL-3.0-or-later
// A server that goes away and comes back, a network that returns, and work without either: the whole program with a
// real Dovecot. The times are those of the program: this takes a minute and a half.
#include "app/running.h"
#include "net/tlstransport.h"
#include "store/writer.h"
#include "support/servers/dovecotserver.h"
#include "ui/settings/preferences.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using namespace satchel::ui;
using Reachability = QNetworkInformation::Reachability;

namespace {

constexpr int patience = 60'000;
constexpr int backOff = 180'000; ///< a minute, and room for a computer that has much to do

QByteArray mail(int number)
{
    return "From: Ada <ada@example.org>\r\nSubject: Number " + QByteArray::number(number)
        + "\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nHello\r\n";
}

} // namespace

class TestOutage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanupTestCase() { m_server.reset(); }

    void startsOfflineWhereThatIsChosenAndGetsMailWhenItIsOver();
    void staysOfflineWhateverTheNetworkDoes();
    void getsMailWhenTheNetworkReturnsOrByItselfWhereThatIsNotWanted();

private:
    /// A profile with an account that was never checked.
    struct Place {
        QTemporaryDir folder;
        QString user;
        std::shared_ptr<std::atomic_int> connections = std::make_shared<std::atomic_int>(0);
    };
    std::unique_ptr<Place> makePlace(const std::function<void(Preferences &)> &choose);
    std::unique_ptr<Running> start(Place &place, bool password = true);

    std::unique_ptr<DovecotServer> m_server;
};

void TestOutage::initTestCase()
{
    m_server = std::make_unique<DovecotServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
}

void TestOutage::init()
{
    m_server->clearLog();
}

std::unique_ptr<TestOutage::Place> TestOutage::makePlace(const std::function<void(Preferences &)> &choose)
{
    auto place = std::make_unique<Place>();
    place->user = m_server->addUser();
    m_server->deliver(place->user, {mail(1), mail(2)});
    const auto profile = *Profile::open(place->folder.path());
    {
        const auto writer = *store::Writer::open(profile.storeFile());
        AccountSettings account;
        account.name = u"Work"_s;
        account.address = u"robin@example.org"_s;
        account.host = u"127.0.0.1"_s;
        account.port = m_server->port();
        account.security = Security::Plain;
        account.userName = place->user;
        account.checkEveryMinutes = 30;
        (void)writer->addAccount(account);
    }
    QSettings settings(profile.settingsFile(), QSettings::IniFormat);
    const Preferences before = Preferences::load(settings);
    Preferences chosen = before;
    choose(chosen);
    chosen.save(settings, before);
    return place;
}

std::unique_ptr<Running> TestOutage::start(Place &place, bool password)
{
    Ways ways;
    // Called on the mail thread.
    ways.connectTo = [count = place.connections](const net::Endpoint &endpoint) -> std::unique_ptr<net::Transport> {
        ++*count;
        return std::make_unique<net::TlsTransport>(endpoint);
    };
    auto running = std::make_unique<Running>(place.folder.path(), ways);
    const auto known = [&running] { return running->window().accounts().size() == 1; };
    if (password && QTest::qWaitFor(known, patience))
        Q_EMIT running->window().passwordGiven(
            running->window().accounts().constFirst().id, DovecotServer::password(), false, false);
    return running;
}

void TestOutage::startsOfflineWhereThatIsChosenAndGetsMailWhenItIsOver()
{
    const auto place = makePlace([](Preferences &preferences) { preferences.startsOffline = true; });
    const auto running = start(*place);
    QCOMPARE(running->window().accounts().size(), 1);
    QVERIFY(running->window().windowTitle().contains(u"(offline)"_s));
    auto actions = running->window().findChildren<QAction *>();
    const auto offline = std::ranges::find_if(
        actions, [](const QAction *action) { return action->text().contains(u"orking offline"_s); });
    QVERIFY(offline != actions.end());
    QVERIFY((*offline)->isChecked());
    // Asked for by another start of the program (--fetch), which finds this one: it waits too.
    CommandLine fetch;
    fetch.fetch = fetch.fetchAtStart = true;
    running->application().obey(fetch);
    // The mail thread does one after the other: when it did this, it could have begun that.
    AccountSettings account = running->window().accounts().constFirst();
    account.name = u"Office"_s;
    Q_EMIT running->window().updateAccountWished(account);
    QTRY_COMPARE_WITH_TIMEOUT(running->window().accounts().constFirst().name, u"Office"_s, patience);
    QCOMPARE(place->connections->load(), 0);
    QCOMPARE(running->complaint(), QString());

    (*offline)->trigger();
    QVERIFY(!running->window().windowTitle().contains(u"(offline)"_s));
    QTRY_COMPARE_WITH_TIMEOUT(running->shown(), 2, patience);
    QVERIFY(place->connections->load() > 0);
}

void TestOutage::staysOfflineWhateverTheNetworkDoes()
{
    const auto place = makePlace([](Preferences &preferences) {
        preferences.startsOffline = true;
        preferences.checksWhenOnline = true;
    });
    const auto running = start(*place);
    // What the preference says is for the start; what the person says holds from then on.
    running->application().network().note(Reachability::Disconnected);
    running->application().network().note(Reachability::Online);
    Q_EMIT running->window().careWished(sync::CareTask::Repair, {}); // the store is opened anew
    QTRY_VERIFY_WITH_TIMEOUT(QDir(place->folder.path()).entryList({u"mail.sqlite.damaged-*"_s}).size() == 1, patience);
    AccountSettings account = running->window().accounts().constFirst();
    account.name = u"Office"_s;
    const auto renamed = [&] {
        Q_EMIT running->window().updateAccountWished(account);
        return QTest::qWaitFor([&] { return running->window().accounts().value(0).name == "Office"_L1; }, 500);
    };
    QTRY_VERIFY_WITH_TIMEOUT(renamed(), patience);
    QVERIFY(running->window().windowTitle().contains(u"(offline)"_s));
    // Nothing is in the way but that the person is offline.
    Q_EMIT running->window().passwordGiven(account.id, DovecotServer::password(), false, true);
    account.name = u"Club"_s;
    Q_EMIT running->window().updateAccountWished(account);
    QTRY_COMPARE_WITH_TIMEOUT(running->window().accounts().value(0).name, u"Club"_s, patience);
    QCOMPARE(place->connections->load(), 0);
    Q_EMIT running->window().offlineWished(false);
    QTRY_COMPARE_WITH_TIMEOUT(running->shown(), 2, patience);
}

void TestOutage::getsMailWhenTheNetworkReturnsOrByItselfWhereThatIsNotWanted()
{
    const auto eager = makePlace([](Preferences &preferences) { preferences.checksWhenOnline = true; });
    const auto patient = makePlace([](Preferences &preferences) { preferences.checksWhenOnline = false; });
    const auto first = start(*eager);
    const auto second = start(*patient);
    QTRY_COMPARE_WITH_TIMEOUT(first->shown(), 2, patience);
    QTRY_COMPARE_WITH_TIMEOUT(second->shown(), 2, patience);

    // The server goes, and a check of both finds that out.
    m_server->stop();
    for (Running *running : {first.get(), second.get()})
        Q_EMIT running->window().checkMailWished({});
    for (Running *running : {first.get(), second.get()})
        QTRY_VERIFY_WITH_TIMEOUT(!running->complaint().isEmpty(), patience);
    QCOMPARE(first->shown(), 2);

    // It is back with new mail, and so is the network of this computer.
    QVERIFY2(m_server->restart(), qPrintable(m_server->problem()));
    m_server->deliver(eager->user, {mail(3)});
    m_server->deliver(patient->user, {mail(3)});
    for (Running *running : {first.get(), second.get()}) {
        running->application().network().note(Reachability::Disconnected);
        running->application().network().note(Reachability::Online);
    }
    QTRY_COMPARE_WITH_TIMEOUT(first->shown(), 3, backOff);
    QCOMPARE(second->shown(), 2); // it waits as it would have
    QTRY_COMPARE_WITH_TIMEOUT(second->shown(), 3, backOff);
    // What was wrong is over, and is not said any longer.
    for (Running *running : {first.get(), second.get()})
        QTRY_COMPARE_WITH_TIMEOUT(running->complaint(), QString(), patience);
    QCOMPARE(m_server->messages(eager->user).size(), 3);
    QCOMPARE(m_server->messages(patient->user).size(), 3);
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestOutage tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_outage.moc"
