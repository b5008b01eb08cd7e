// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scriptedserver.h"
#include "sync/killloop.h"
#include "sync/storewitness.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel::test;

/// The program is killed at random moments in visits to the scripted server and started again until it is done.
class TestKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMessageIsStoredOnceAndNoneDeletedBefore_data();
    void everyMessageIsStoredOnceAndNoneDeletedBefore();

private:
    /// One store and one server for so many kills; what came of it is added to the figures.
    void killAndAsk(const QString &keep, int kills, QRandomGenerator &random, KillFigures &figures);
};

void TestKill::everyMessageIsStoredOnceAndNoneDeletedBefore_data()
{
    QTest::addColumn<QString>("keep");
    QTest::newRow("delete after download") << u"delete"_s;
    QTest::newRow("leave on the server") << u"forever"_s;
}

void TestKill::everyMessageIsStoredOnceAndNoneDeletedBefore()
{
    QFETCH(QString, keep);
    QRandomGenerator random(seedWanted());
    KillFigures figures;
    for (int left = killsWanted(320) / 2; left > 0; left -= killsPerStore) {
        killAndAsk(keep, qMin(left, killsPerStore), random, figures);
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%s", figures.text().constData());
}

void TestKill::killAndAsk(const QString &keep, int kills, QRandomGenerator &random, KillFigures &figures)
{
    const QTemporaryDir folder;
    const QString accountFile = folder.filePath(u"account.json"_s);
    const QString store = folder.filePath(u"profile/mail.sqlite"_s);
    DoomedProgram program(folder.filePath(u"profile"_s), accountFile, u"secret"_s);
    DeleteWatch watch(store);
    // A server that answers at once and one that takes its time die in different places.
    ServerQuirks quirks;
    quirks.latency = std::chrono::milliseconds(random.bounded(3));
    quirks.exclusive = false; // a dead client is no second reader
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    server.setDeleHook([&watch](const QByteArray &uidl) { watch.deleteSeen(QByteArray::fromHex(uidl)); });
    server.setCommandHook([&program](const QByteArray &line) { program.commandSeen(line); });
    writeAccountFile(accountFile, server.port(), u"alice"_s, keep);

    QSet<QByteArray> expected;
    const auto deliver = [&] {
        QList<ServerMessage> messages;
        for (const QByteArray &mail : randomMails(40, 8000, random)) {
            const QByteArray hash = hashOf(mail);
            messages.append({hash.toHex(), mail});
            expected.insert(hash);
        }
        server.addMessages(messages);
    };
    QVERIFY(KillLoop(program, deliver, random, figures).run(kills));

    const Outcome outcome = StoreWitness(store).outcome(expected);
    figures.messages += int(expected.size());
    figures.lost += outcome.lost;
    figures.doubled += outcome.doubled;
    figures.strange += outcome.strange;
    figures.unproven += watch.unproven();
    figures.deletionsSeen += watch.seen();
    QVERIFY2(figures.isGood(), figures.text());
    QCOMPARE(outcome.messages, int(expected.size()));
    QCOMPARE(server.messages().size(), keep == "delete"_L1 ? 0 : expected.size());
    QVERIFY(keep != "delete"_L1 || watch.seen() >= expected.size());
}

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
