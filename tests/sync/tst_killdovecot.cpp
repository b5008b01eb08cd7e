// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/servers/dovecotserver.h"
#include "support/servers/faultproxy.h"
#include "sync/killloop.h"
#include "sync/maildropear.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel::test;

/// The program is killed at random moments in visits to a real Dovecot and started again until it is done. The proxy
/// between them only listens: law 1 is asked of the store file before Dovecot gets the DELE.
class TestKillDovecot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyMessageIsStoredOnceAndNoneDeletedBefore_data();
    void everyMessageIsStoredOnceAndNoneDeletedBefore();

private:
    /// One store and one mailbox for so many kills; what came of it is added to the figures.
    void killAndAsk(const QString &keep, int kills, QRandomGenerator &random, KillFigures &figures);

    // As it is by default. Its lock of a mailbox stays for five minutes when the client dies at the wrong moment.
    DovecotServer m_server{{.lockSession = false}};
};

void TestKillDovecot::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
}

void TestKillDovecot::everyMessageIsStoredOnceAndNoneDeletedBefore_data()
{
    QTest::addColumn<QString>("keep");
    QTest::newRow("delete after download") << u"delete"_s;
    QTest::newRow("leave on the server") << u"forever"_s;
}

void TestKillDovecot::everyMessageIsStoredOnceAndNoneDeletedBefore()
{
    QFETCH(QString, keep);
    QRandomGenerator random(seedWanted());
    KillFigures figures;
    for (int left = killsWanted(120) / 2; left > 0; left -= killsPerStore) {
        killAndAsk(keep, qMin(left, killsPerStore), random, figures);
        if (QTest::currentTestFailed())
            return;
    }
    qInfo("%s", figures.text().constData());
}

void TestKillDovecot::killAndAsk(const QString &keep, int kills, QRandomGenerator &random, KillFigures &figures)
{
    const QTemporaryDir folder;
    const QString accountFile = folder.filePath(u"account.json"_s);
    const QString store = folder.filePath(u"profile/mail.sqlite"_s);
    DoomedProgram program(folder.filePath(u"profile"_s), accountFile, DovecotServer::password());
    const QString user = m_server.addUser();
    MaildropEar ear(store, [this, user] { return m_server.messages(user); });
    ear.onLine = [&program](const QByteArray &line) { program.commandSeen(line); };
    FaultProxy proxy(m_server.port());
    QVERIFY(proxy.isListening());
    proxy.setListener([&ear](int connection, const QByteArray &bytes) { ear.hear(connection, bytes); });
    writeAccountFile(accountFile, proxy.port(), user, keep);

    QSet<QByteArray> expected;
    const auto deliver = [&] {
        const QByteArrayList mails = randomMails(40, 8000, random);
        for (const QByteArray &mail : mails)
            expected.insert(hashOf(mail));
        m_server.deliver(user, mails);
    };
    QVERIFY(KillLoop(program, deliver, random, figures).run(kills));

    const Outcome outcome = StoreWitness(store).outcome(expected);
    figures.messages += int(expected.size());
    figures.lost += outcome.lost;
    figures.doubled += outcome.doubled;
    figures.strange += outcome.strange;
    figures.unproven += ear.watch().unproven();
    figures.deletionsSeen += ear.watch().seen();
    QVERIFY2(figures.isGood(), figures.text());
    QCOMPARE(outcome.messages, int(expected.size()));
    QCOMPARE(m_server.messages(user).size(), keep == "delete"_L1 ? 0 : expected.size());
    QVERIFY(keep != "delete"_L1 || ear.watch().seen() >= expected.size());
}

QTEST_GUILESS_MAIN(TestKillDovecot)
#include "tst_killdovecot.moc"
