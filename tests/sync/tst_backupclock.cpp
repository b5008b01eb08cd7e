// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storefiles.h"
#include "support/clockedcomputer.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/storecare.h"

#include <QFileInfo>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using namespace std::chrono_literals;
using sync::CareTask;
using sync::StoreCare;

namespace {

/// A store with some mail, and a computer whose clock makes its backups.
struct House {
    House()
        : server(Maildrop::generated(3))
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = QStringLiteral("alice");
        change();
    }

    void change()
    {
        server.addMessages({{"mail-" + QByteArray::number(++changes), "Subject: one more\r\n\r\nmail\r\n"}});
        if (harness.check(QStringLiteral("secret")).stored == 0)
            qFatal("nothing was stored");
    }
    /// Answers with the file; empty: none was made.
    QString backUp(CareTask task)
    {
        const sync::CareResult result =
            sync::takeCare(harness.storeFile(), task, {}, {}, [](int) { return true; }, computer.clock());
        if (result.error)
            qFatal("%s", qPrintable(result.error->text));
        if (result.text.isEmpty())
            return {};
        const QList<BackupFile> all = store::backups(harness.storeFile());
        return all.isEmpty() ? QString() : all.constFirst().file;
    }
    void setYear(int year) { computer.setTo(QDateTime(QDate(year, 5, 6), QTime(7, 8), QTimeZone::UTC)); }

    ClockedComputer computer{QDateTime::currentDateTimeUtc()}; // as the times of files
    CheckHarness harness;
    ScriptedServer server;
    int changes = 0;
};

} // namespace

/// F14: backups made by a clock that is wrong.
class TestBackupClock : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F14_aBackupOfAClockThatWasWrongStopsNoLaterOne_data();
    void F14_aBackupOfAClockThatWasWrongStopsNoLaterOne();
    void F14_aTrueBackupIsKeptThoughThreeOfTheFutureExist();
    void F14_backupsMadeIn1970PushOutNoMoreThanOthersWould();
    void F14_whichIsTheNewestIsNotToldByDates();
    void F14_withoutTheOrderTheDatesCount();
};

void TestBackupClock::F14_aBackupOfAClockThatWasWrongStopsNoLaterOne_data()
{
    QTest::addColumn<int>("year");
    for (const int year : {1970, 2020, 2039, 2040})
        QTest::addRow("%d", year) << year;
}

void TestBackupClock::F14_aBackupOfAClockThatWasWrongStopsNoLaterOne()
{
    QFETCH(const int, year);
    House house;
    house.setYear(year);
    const QString wrong = house.backUp(CareTask::BackUpIfDue);
    QVERIFY(!wrong.isEmpty());
    house.change();
    house.computer.set(0h);
    house.computer.pass(1min);
    const QString right = house.backUp(CareTask::BackUpIfDue);
    QVERIFY(!right.isEmpty());
    QVERIFY(right != wrong);
    QVERIFY(QFileInfo::exists(right) && QFileInfo::exists(wrong));
    // From then on one a day again.
    house.change();
    house.computer.pass(1h);
    QVERIFY(house.backUp(CareTask::BackUpIfDue).isEmpty());
}

void TestBackupClock::F14_aTrueBackupIsKeptThoughThreeOfTheFutureExist()
{
    House house;
    house.setYear(2040);
    for (int i = 0; i < 3; ++i) {
        QVERIFY(!house.backUp(CareTask::BackUp).isEmpty());
        house.computer.pass(25h);
    }
    house.computer.set(0h);
    QStringList made;
    for (int i = 0; i < 3; ++i) {
        house.change();
        made.append(house.backUp(CareTask::BackUp));
        QVERIFY(QFileInfo::exists(made.constLast()));
        house.computer.pass(25h);
    }
    for (const QString &file : std::as_const(made))
        QVERIFY2(QFileInfo::exists(file), qPrintable(file));
    QVERIFY(made.constLast().contains(QString::number(house.computer.truth().date().year())));
}

void TestBackupClock::F14_backupsMadeIn1970PushOutNoMoreThanOthersWould()
{
    House house;
    QStringList made;
    for (int i = 0; i < 2; ++i) {
        made.append(house.backUp(CareTask::BackUp));
        house.computer.pass(25h);
    }
    house.setYear(1970);
    made.append(house.backUp(CareTask::BackUp));
    // The three that were made last.
    for (const QString &file : std::as_const(made))
        QVERIFY2(QFileInfo::exists(file), qPrintable(file));
    QCOMPARE(store::backups(house.harness.storeFile()).constFirst().file, made.constLast());
}

void TestBackupClock::F14_whichIsTheNewestIsNotToldByDates()
{
    const QDateTime now(QDate(2026, 11, 30), QTime(12, 0), QTimeZone::UTC);
    StoreFacts facts{.file = {}, .messages = 5, .backups = {}};
    facts.backups = {
        {QStringLiteral("right"), now.addSecs(-3600), 1, false}, {QStringLiteral("ahead"), now.addYears(14), 1, false}};
    QVERIFY(!StoreCare::isBackUpDue(facts, true, now));
    QVERIFY(StoreCare::isBackUpDue(facts, true, now.addDays(1)));
    std::swap(facts.backups[0], facts.backups[1]);
    QVERIFY(StoreCare::isBackUpDue(facts, true, now));
    QVERIFY(!StoreCare::isBackUpDue(facts, false, now));
    // Summertime that was set by hand.
    facts.backups[0].madeAt = now.addSecs(3000);
    QVERIFY(!StoreCare::isBackUpDue(facts, true, now));
    // A copy made before an upgrade is none of these.
    facts.backups[0] = {QStringLiteral("upgrade"), now, 1, true};
    facts.backups[1].madeAt = now.addDays(-2);
    QVERIFY(StoreCare::isBackUpDue(facts, true, now));
}

void TestBackupClock::F14_withoutTheOrderTheDatesCount()
{
    House house;
    const QString first = house.backUp(CareTask::BackUp);
    house.computer.pass(25h);
    const QString second = house.backUp(CareTask::BackUp);
    QVERIFY(QFile::remove(QFileInfo(first).absolutePath() + QStringLiteral("/.order")));
    const QList<BackupFile> all = store::backups(house.harness.storeFile());
    QCOMPARE(all.size(), 2);
    QCOMPARE(all.at(0).file, second);
    QCOMPARE(all.at(1).file, first);
}

QTEST_GUILESS_MAIN(TestBackupClock)
#include "tst_backupclock.moc"
