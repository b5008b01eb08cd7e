// SPDX-License-Identifier: GPL-3.0-or-later
// What is done to the store goes one after the other, also where one task replaces its file after another did; and what
// is known of its damage is not forgotten.
#include "app/running.h"
#include "store/checksum.h"
#include "store/writer.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

namespace {

constexpr int patience = 60'000;
constexpr int mails = 40;

QByteArray mail(int number)
{
    QByteArray raw = "Subject: Number " + QByteArray::number(number) + "\r\n\r\n";
    QByteArray noise = QByteArray::number(number);
    for (int i = 0; i < 40; ++i) {
        noise = store::sha256(noise);
        raw += noise.toHex() + "\r\n";
    }
    return raw;
}

} // namespace

class TestStoreKeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();

    void p315_whatReplacesTheStoreWaitsUntilItIsOpenAgain();
    void p321_damageThatAFullCheckFoundHoldsDeletionsAlsoAfterARestart();
    void F15_whatCouldNotBeReadIsCheckedBeforeItIsCalledDamage();

private:
    [[nodiscard]] QString storeFile() const { return m_profile->filePath(u"mail.sqlite"_s); }
    [[nodiscard]] QStringList aside() const
    {
        return QDir(m_profile->path()).entryList({u"mail.sqlite.damaged-*"_s}, QDir::Files);
    }

    std::unique_ptr<QTemporaryDir> m_profile;
};

void TestStoreKeeper::init()
{
    m_profile = std::make_unique<QTemporaryDir>();
    QSettings settings(Profile::open(m_profile->path())->settingsFile(), QSettings::IniFormat);
    settings.setValue(u"backup/automatic"_s, false);
    const auto writer = *store::Writer::open(storeFile());
    AccountSettings account;
    account.name = u"Work"_s;
    account.address = u"robin@example.org"_s;
    account.enabled = false;
    account.id = writer->addAccount(account)->id;
    QList<store::AppendItem> items;
    for (int i = 0; i < mails; ++i) {
        Envelope envelope;
        envelope.subject = u"Number %1"_s.arg(i);
        envelope.date = QDateTime::currentDateTimeUtc().addSecs(i - 10'000);
        items.append({account.id, *writer->folder(account.id, FolderRole::Inbox), {QByteArray::number(i), 0},
            mail(i).size(), QDateTime::currentDateTimeUtc(), {}, store::prepare(mail(i), envelope, {})});
    }
    QVERIFY(writer->append(items).has_value());
}

void TestStoreKeeper::p315_whatReplacesTheStoreWaitsUntilItIsOpenAgain()
{
    Running running(m_profile->path());
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), mails, patience);
    // How the tasks and the store take turns, as the mail thread has it.
    QStringList turns;
    const sync::Engine *engine = running.application().engine();
    connect(engine, &sync::Engine::released, this, [&turns] { turns.append(u"released"_s); });
    connect(engine, &sync::Engine::opened, this, [&turns] { turns.append(u"opened"_s); });
    connect(engine, &sync::Engine::openFailed, this, [&turns] { turns.append(u"not opened"_s); });
    for (int i = 0; i < 4; ++i)
        Q_EMIT running.window().careWished(sync::CareTask::Repair, {});
    QTRY_COMPARE_WITH_TIMEOUT(turns.size(), 8, patience);
    for (int i = 0; i < 4; ++i)
        QCOMPARE(turns.mid(2 * i, 2), (QStringList{u"released"_s, u"opened"_s}));
    QCOMPARE(running.complaint(), QString());
    QCOMPARE(aside().size(), 4);
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), mails, patience);
}

void TestStoreKeeper::p321_damageThatAFullCheckFoundHoldsDeletionsAlsoAfterARestart()
{
    // One message of many, which a glance need not meet.
    const QByteArray frame = store::prepare(mail(3), {}, {}).compressed;
    QFile file(storeFile());
    QVERIFY(file.open(QIODevice::ReadWrite));
    const qsizetype at = file.readAll().indexOf(frame.sliced(frame.size() / 4, 40));
    QVERIFY(at > 0 && file.seek(at) && file.write(QByteArray(40, '\x55')) == 40);
    file.close();
    const auto knows = [this](bool damaged) {
        const QSettings settings(Profile::open(m_profile->path())->settingsFile(), QSettings::IniFormat);
        return settings.value(u"care/checkedWell"_s, true).toBool() != damaged;
    };
    {
        Running running(m_profile->path());
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), mails, patience);
        Q_EMIT running.window().careWished(sync::CareTask::FullCheck, {});
        QTRY_VERIFY_WITH_TIMEOUT(knows(true), patience); // the glance at the start keeps what it found to itself
        QVERIFY(running.complaint().contains(u"is damaged"_s));
    }
    QVERIFY(knows(true));
    {
        Running again(m_profile->path());
        QTRY_VERIFY_WITH_TIMEOUT(again.complaint().contains(u"is damaged"_s), patience);
        // A glance that finds nothing does not undo that; a repair does.
        Q_EMIT again.window().careWished(sync::CareTask::QuickCheck, {});
        Q_EMIT again.window().careWished(sync::CareTask::Repair, {});
        QTRY_COMPARE_WITH_TIMEOUT(aside().size(), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(again.complaint(), QString(), patience);
    }
    QVERIFY(knows(false));
}

void TestStoreKeeper::F15_whatCouldNotBeReadIsCheckedBeforeItIsCalledDamage()
{
    Running running(m_profile->path());
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), mails, patience);
    QSettings settings(Profile::open(m_profile->path())->settingsFile(), QSettings::IniFormat);
    QVERIFY(!settings.contains(u"care/checkedAt"_s));
    // As a reader tells it whose disk did not answer.
    Q_EMIT running.application().library().failed(
        {ErrorKind::StoreUnreadable, u"A part could not be read."_s, ErrorAction::Retry, {}, {}});
    const auto wasChecked = [&settings] {
        settings.sync();
        return settings.contains(u"care/checkedAt"_s);
    };
    QTRY_VERIFY_WITH_TIMEOUT(wasChecked(), patience);
    QVERIFY(settings.value(u"care/checkedWell"_s).toBool());
    QCOMPARE(running.complaint(), QString()); // nothing is wrong with it
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestStoreKeeper tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_storekeeper.moc"
