// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/localaccount.h"
#include "store/reader.h"
#include "store/writer.h"
#include "sync/engine.h"
#include "sync/samplemail.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;

class TestSampleMail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void fillsAMailboxWithoutAServer();
    void addsNothingTwiceAndBringsNothingBack();
    void goesWithItsAccount();
    void isNeverChecked();

private:
    [[nodiscard]] static qsizetype sampleCount();

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
};

void TestSampleMail::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(u"mail.sqlite"_s);
}

qsizetype TestSampleMail::sampleCount()
{
    return QDir(QStringLiteral(SATCHEL_SOURCE_DIR "/resources/sample")).entryList({u"*.eml"_s}).size();
}

void TestSampleMail::fillsAMailboxWithoutAServer()
{
    auto writer = store::Writer::open(m_file);
    QVERIFY(writer);
    const auto made = sync::addSampleMail(**writer, 0);
    QVERIFY2(made, made ? "" : qPrintable(made.error().text));
    QVERIFY(made->accountAdded);
    QVERIFY(isSample(made->account));
    QVERIFY(!hasServer(made->account));
    QCOMPARE(made->stored.size(), sampleCount());
    QVERIFY(made->stored.size() > 40);
    qsizetype unread = 0;
    for (const MessageSummary &row : made->stored) {
        unread += row.flags.testFlag(MessageFlag::Read) ? 0 : 1;
        QVERIFY(!row.from.address.isEmpty() || !row.from.name.isEmpty() || row.flags.testFlag(MessageFlag::Damaged)
            || !row.subject.isEmpty());
    }
    QVERIFY(unread > 0 && unread < made->stored.size() / 2);
}

void TestSampleMail::addsNothingTwiceAndBringsNothingBack()
{
    auto writer = store::Writer::open(m_file);
    QVERIFY(writer);
    const auto first = sync::addSampleMail(**writer, 0);
    QVERIFY(first);
    QVERIFY((*writer)->remove({first->stored.constFirst().id}));
    QVERIFY((*writer)->purge());
    const auto second = sync::addSampleMail(**writer, 0);
    QVERIFY(second);
    QVERIFY(!second->accountAdded);
    QCOMPARE(second->account.id, first->account.id);
    QCOMPARE(second->stored.size(), 0);
    QCOMPARE((*writer)->accounts()->size(), 1);
}

void TestSampleMail::goesWithItsAccount()
{
    auto writer = store::Writer::open(m_file);
    QVERIFY(writer);
    const auto made = sync::addSampleMail(**writer, 0);
    QVERIFY(made);
    QVERIFY((*writer)->removeAccount(made->account.id));
    QVERIFY((*writer)->accounts()->isEmpty());
    QVERIFY((*writer)->folders()->isEmpty());
    const auto again = sync::addSampleMail(**writer, 0);
    QVERIFY(again);
    QCOMPARE(again->stored.size(), sampleCount());
}

void TestSampleMail::isNeverChecked()
{
    int connections = 0;
    sync::Engine engine(m_file, [&connections](const net::Endpoint &) -> std::unique_ptr<net::Transport> {
        ++connections;
        return nullptr;
    });
    QSignalSpy added(&engine, &sync::Engine::accountAdded);
    QSignalSpy started(&engine, &sync::Engine::checkStarted);
    QSignalSpy asked(&engine, &sync::Engine::credentialsNeeded);
    engine.open();
    engine.addSampleMail();
    QCOMPARE(added.size(), 1);
    AccountSettings account = added.first().first().value<AccountSettings>();
    // However it was switched on, there is no server to go to.
    account.enabled = true;
    account.checkEveryMinutes = 1;
    engine.updateAccount(account);
    engine.setCredentials(account.id, {u"robin"_s, u"secret"_s, {}});
    engine.setScheduled(true);
    engine.checkMail({});
    engine.checkMail({account.id});
    QCOMPARE(started.size(), 0);
    QCOMPARE(asked.size(), 0);
    QCOMPARE(connections, 0);
    engine.close();
}

QTEST_GUILESS_MAIN(TestSampleMail)
#include "tst_samplemail.moc"
