// SPDX-License-Identifier: GPL-3.0-or-later
// The safety of the store as a person meets it.
#include "filledstore.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/notebar.h"
#include "ui/mainwindow.h"
#include "ui/settings/restoredialog.h"
#include "ui/settings/storagepage.h"

#include <QCheckBox>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;
using sync::CareTask;

namespace {

StorageState wholeState()
{
    StorageState state;
    state.facts = {u"/home/ada/mail.sqlite"_s, 5'000'000, 4'000'000, 1234,
        {{u"/home/ada/backups/mail-20260102-120000.sqlite"_s,
             QDateTime(QDate(2026, 1, 2), QTime(12, 0), QTimeZone::UTC), 4'500'000, false},
            {u"/home/ada/backups/mail-20260101-120000.sqlite"_s,
                QDateTime(QDate(2026, 1, 1), QTime(12, 0), QTimeZone::UTC), 4'400'000, false}}};
    return state;
}

QString allText(const QWidget &widget)
{
    QStringList texts;
    for (const QLabel *label : widget.findChildren<QLabel *>())
        texts.append(label->text());
    return texts.join(u'\n');
}

template <class T>
T *child(QObject &parent, const char *name)
{
    return parent.findChild<T *>(QLatin1StringView(name));
}

} // namespace

class TestStoragePage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhereTheMailIsAndHowItStands()
    {
        StoragePage page;
        page.show(wholeState());
        const QString text = allText(page);
        QVERIFY(text.contains(u"mail.sqlite"));
        QVERIFY(text.contains(QLocale().toString(1234)));
        QVERIFY(text.contains(u"never")); // checked
        StorageState checked = wholeState();
        checked.checkedAt = QDateTime(QDate(2026, 1, 3), QTime(9, 0), QTimeZone::UTC);
        checked.checkedWell = false;
        page.show(checked);
        QVERIFY(allText(page).contains(u"damage was found"));
    }

    void eachButtonWishesWhatItSays()
    {
        StoragePage page;
        page.show(wholeState());
        QSignalSpy wished(&page, &StoragePage::careWished);
        QTest::mouseClick(child<QPushButton>(page, "check"), Qt::LeftButton);
        QTest::mouseClick(child<QPushButton>(page, "backUp"), Qt::LeftButton);
        QCOMPARE(wished.size(), 2);
        QCOMPARE(wished.at(0).at(0).value<CareTask>(), CareTask::FullCheck);
        QCOMPARE(wished.at(1).at(0).value<CareTask>(), CareTask::BackUp);
    }

    void repairsOnlyAfterAQuestion()
    {
        StoragePage page;
        page.show(wholeState());
        QSignalSpy wished(&page, &StoragePage::careWished);
        child<QPushButton>(page, "repair")->click();
        auto *box = page.findChild<QMessageBox *>();
        QVERIFY(box);
        QTest::keyClick(box, Qt::Key_Return); // the default is Cancel
        QVERIFY(wished.isEmpty());
        child<QPushButton>(page, "repair")->click();
        const auto boxes = page.findChildren<QMessageBox *>();
        child<QPushButton>(*boxes.constLast(), "doIt")->click();
        QCOMPARE(wished.size(), 1);
        QCOMPARE(wished.at(0).at(0).value<CareTask>(), CareTask::Repair);
    }

    void restoresTheBackupThatIsChosen()
    {
        StoragePage page;
        page.show(wholeState());
        QSignalSpy wished(&page, &StoragePage::careWished);
        child<QPushButton>(page, "restore")->click();
        auto *dialog = page.findChild<RestoreDialog *>();
        QVERIFY(dialog);
        auto *list = child<QListWidget>(*dialog, "backups");
        QCOMPARE(list->count(), 2);
        QTest::keyClick(list, Qt::Key_Down);
        child<QPushButton>(*dialog, "doRestore")->click();
        QCOMPARE(wished.size(), 1);
        QCOMPARE(wished.at(0).at(0).value<CareTask>(), CareTask::Restore);
        QCOMPARE(wished.at(0).at(1).toString(), wholeState().facts.backups.at(1).file);
    }

    void changesTheScheduleAtOnceAndOnlyByThePerson()
    {
        StoragePage page;
        QSignalSpy wished(&page, &StoragePage::policyWished);
        page.show(wholeState());
        QVERIFY(wished.isEmpty());
        child<QSpinBox>(page, "keep")->setValue(7);
        QCOMPARE(wished.size(), 1);
        QCOMPARE(wished.at(0).at(0).value<BackupPolicy>().keep, 7);
        child<QCheckBox>(page, "automatic")->click();
        QVERIFY(!wished.constLast().at(0).value<BackupPolicy>().automatic);
    }

    void showsHowFarItIsAndStops()
    {
        StoragePage page;
        StorageState busy = wholeState();
        busy.running = CareTask::FullCheck;
        busy.percent = 40;
        page.show(busy);
        QVERIFY(!child<QPushButton>(page, "check")->isEnabled());
        QVERIFY(!child<QPushButton>(page, "restore")->isEnabled());
        QVERIFY(!child<QPushButton>(page, "stop")->isHidden());
        QSignalSpy stopped(&page, &StoragePage::stopWished);
        child<QPushButton>(page, "stop")->click();
        QCOMPARE(stopped.size(), 1);
        busy.running = CareTask::BackUp; // one that does not tell how far it is
        busy.percent = 0;
        page.show(busy);
        QVERIFY(child<QPushButton>(page, "stop")->isHidden());
        busy.percent = 3;
        page.show(busy);
        QVERIFY(!child<QPushButton>(page, "stop")->isHidden());
    }

    void offersRepairWhereTheFileCannotBeOpened()
    {
        test::FilledStore store;
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        MainWindow window(*store.library, settings);
        window.show();
        window.openFailed({ErrorKind::StoreDamaged, u"The file is damaged."_s, ErrorAction::RepairStore, {}, {}});
        auto *welcome = window.findChild<EmptyState *>();
        QVERIFY(welcome);
        QPushButton *offer = nullptr;
        for (EmptyState *page : window.findChildren<EmptyState *>()) {
            if (page->isVisible())
                offer = page->button();
        }
        QVERIFY(offer && offer->isVisible());
        QSignalSpy wished(&window, &MainWindow::careWished);
        offer->click();
        auto *page = window.findChild<StoragePage *>();
        QVERIFY(page);
        QVERIFY(!child<QPushButton>(*page, "check")->isEnabled());
        QVERIFY(child<QPushButton>(*page, "repair")->isEnabled());
        child<QPushButton>(*page, "repair")->click();
        child<QPushButton>(*page->findChild<QMessageBox *>(), "doIt")->click();
        QCOMPARE(wished.size(), 1);
        window.careFinished({CareTask::Repair, u"5 messages were saved."_s, std::nullopt});
        QVERIFY(allText(*page).contains(u"5 messages were saved."));
    }

    void goesOnOnlyWhenThePersonKnowsThatTheOtherComputerIsOff()
    {
        test::FilledStore store;
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        MainWindow window(*store.library, settings);
        window.show();
        QSignalSpy wished(&window, &MainWindow::takeOverWished);
        window.openFailed({ErrorKind::StoreLocked, u"Open on “attic”."_s, ErrorAction::TakeOverStore, {}, {}});
        for (EmptyState *page : window.findChildren<EmptyState *>()) {
            if (page->isVisible())
                page->button()->click();
        }
        auto *box = window.findChild<QMessageBox *>();
        QVERIFY(box);
        QVERIFY(box->text().contains(u"attic"));
        QVERIFY(wished.isEmpty());
        child<QPushButton>(*box, "doIt")->click();
        QCOMPARE(wished.size(), 1);
    }

    void saysNoLongerThatAFileIsDamagedWhichWasRepaired_data()
    {
        QTest::addColumn<CareTask>("task");
        QTest::newRow("repaired") << CareTask::Repair;
        QTest::newRow("restored") << CareTask::Restore;
    }

    void saysNoLongerThatAFileIsDamagedWhichWasRepaired()
    {
        QFETCH(CareTask, task);
        test::FilledStore store;
        store.addAccount(u"Work"_s);
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        MainWindow window(*store.library, settings);
        const Error damage{ErrorKind::StoreDamaged, u"The file is damaged."_s, ErrorAction::RepairStore, {}, {}};
        window.careFinished({CareTask::QuickCheck, damage.text, damage});
        window.failed({ErrorKind::StoreDamaged, u"A message cannot be read."_s, ErrorAction::RepairStore, {}, {}});
        window.failed({ErrorKind::KeychainUnavailable, u"Something else."_s, ErrorAction::None, {}, {}});
        auto *bar = window.findChild<MessageBar *>();
        window.careFinished({task, u"No room."_s, Error{ErrorKind::StoreFull, u"No room."_s, {}, {}, {}}});
        QCOMPARE(bar->count(), 4); // what failed has mended nothing
        window.careFinished({task, u"All is well."_s, std::nullopt});
        QCOMPARE(bar->count(), 2);
        QVERIFY(!bar->text().contains(u"damaged"));
    }

    void saysDamageInTheBarWithWhatToDo()
    {
        test::FilledStore store;
        store.addAccount(u"Work"_s);
        QTemporaryDir dir;
        QSettings settings(dir.filePath(u"s.ini"_s), QSettings::IniFormat);
        MainWindow window(*store.library, settings);
        store.connectTo(window);
        window.show();
        const Error damage{ErrorKind::StoreDamaged, u"The file is damaged."_s, ErrorAction::RepairStore, {}, {}};
        window.careFinished({CareTask::QuickCheck, damage.text, damage});
        auto *bar = window.findChild<MessageBar *>();
        QVERIFY(bar);
        QCOMPARE(bar->text(), damage.text);
        QVERIFY(bar->isVisible());
        bar->bar()->findChild<QPushButton *>()->click();
        QVERIFY(window.findChild<StoragePage *>());
        // A glance that found nothing says nothing.
        window.careFinished({CareTask::QuickCheck, u"all is well"_s, std::nullopt});
        QCOMPARE(bar->count(), 0);
    }
};

QTEST_MAIN(TestStoragePage)
#include "tst_storagepage.moc"
