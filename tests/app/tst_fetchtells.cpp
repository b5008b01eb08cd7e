// SPDX-License-Identifier: GPL-3.0-or-later
// What `satchel --fetch` says of a visit that did not go well: whose words it tells, and how much is still there.
#include "support/scriptedserver.h"
#include "sync/killloop.h"
#include "sync/smalldisk.h"

#include <QCoreApplication>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <cstdio>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

namespace {

struct Fetch {
    int status = -1;
    QString said;
};

Fetch fetch(const QString &folder, const ScriptedServer &server)
{
    const QString file = folder + u"/account.json"_s;
    writeAccountFile(file, server.port(), u"alice"_s, u"forever"_s);
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SATCHEL_DEMO_PASSWORD"_s, u"secret"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.start(QStringLiteral(SATCHEL_PROGRAM),
        {u"--profile"_s, folder + u"/profile"_s, u"--account-file"_s, file, u"--fetch"_s});
    if (!program.waitForFinished(60'000))
        return {};
    return {program.exitCode(), QString::fromUtf8(program.readAll())};
}

} // namespace

class TestFetchTells : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p320_countsAllThatIsStillOnTheServerWhereTheFetchStopped();
    void p320_aFullDiskIsNotSaidToBeTheServersWord();
    void p320_theServersWordsAreSaidToBeItsOwn();
    void F04_whatIsTriedLaterNeedsNoPerson();
};

void TestFetchTells::p320_countsAllThatIsStillOnTheServerWhereTheFetchStopped()
{
    const QTemporaryDir folder;
    ServerQuirks quirks;
    quirks.pipelining = false;
    quirks.cutInMessage = 13;
    quirks.cutAfter = 10;
    ScriptedServer server(Maildrop::generated(200), quirks);
    QVERIFY(server.listen());
    const Fetch fetched = fetch(folder.path(), server);
    QVERIFY2(fetched.said.contains(u"12 new messages, 200 left on the server."_s), qPrintable(fetched.said));
    QCOMPARE(fetched.status, 1);
}

void TestFetchTells::p320_aFullDiskIsNotSaidToBeTheServersWord()
{
    SmallDisk disk(12);
    ScriptedServer server(Maildrop::generated(3));
    QVERIFY(server.listen());
    QCOMPARE(fetch(disk.path(), server).status, 0);
    QList<ServerMessage> large;
    for (int i = 0; i < 40; ++i) {
        QRandomGenerator random(quint32(i + 1));
        QByteArray noise(100'000, Qt::Uninitialized);
        random.generate(noise.begin(), noise.end());
        large.append({"large-" + QByteArray::number(i), "Subject: large\r\n\r\n" + noise.toHex() + "\r\n"});
    }
    server.addMessages(large);
    disk.leaveFree(300'000);
    const Fetch fetched = fetch(disk.path(), server);
    QVERIFY2(fetched.said.contains(u"There is no room left on the disk"_s), qPrintable(fetched.said));
    QVERIFY2(!fetched.said.contains(u"server said"_s), qPrintable(fetched.said));
    QCOMPARE(fetched.status, 1);
}

void TestFetchTells::p320_theServersWordsAreSaidToBeItsOwn()
{
    const QTemporaryDir folder;
    ServerQuirks quirks;
    quirks.greeting = "-ERR back at noon";
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    const Fetch fetched = fetch(folder.path(), server);
    QVERIFY2(fetched.said.contains(u"The server said: back at noon"_s), qPrintable(fetched.said));
}

void TestFetchTells::F04_whatIsTriedLaterNeedsNoPerson()
{
    const QTemporaryDir folder;
    ServerQuirks quirks;
    quirks.greeting = "-ERR maintenance, back in five minutes";
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    QCOMPARE(fetch(folder.path(), server).status, 1);
    quirks = {};
    quirks.answers = {{"UIDL", "-ERR no"}, {"LIST", "-ERR no"}, {"STAT", "-ERR no"}};
    server.setQuirks(quirks);
    QCOMPARE(fetch(folder.path(), server).status, 1);
    quirks = {};
    quirks.password = "another";
    server.setQuirks(quirks);
    QCOMPARE(fetch(folder.path(), server).status, 2);
}

int main(int argc, char **argv)
{
    if (!SmallDisk::enterOwnMounts()) {
        std::fputs("tst_fetchtells: neither root nor a user namespace may mount a small file system here\n", stderr);
        return 77;
    }
    QCoreApplication application(argc, argv);
    TestFetchTells test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_fetchtells.moc"
