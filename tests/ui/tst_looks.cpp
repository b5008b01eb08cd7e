// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "looks.h"
#include "ui/mainwindow.h"
#include "ui/screenshots.h"
#include "ui/theme/pseudotranslator.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;
using namespace satchel;

/// Every view of which the program takes a picture is walked over, widget by widget: no word is cut, every control has
/// a name, the Tab key goes the way one reads, and no letter stands under two controls.
class TestLooks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void seesWhatIsWrong();
    void everyViewIsWholeAndCanBeUsedByKeyboard_data();
    void everyViewIsWholeAndCanBeUsedByKeyboard();
};

void TestLooks::seesWhatIsWrong()
{
    QWidget window;
    auto *column = new QVBoxLayout(&window);
    auto *label = new QLabel(u"A sentence that is long enough to be cut"_s);
    auto *first = new QPushButton(u"&First of the two"_s);
    auto *second = new QPushButton(u"&Far below the first"_s);
    auto *choice = new QComboBox;
    choice->addItem(u"An item that says more than fits"_s);
    choice->setAccessibleName(u"Choice"_s);
    auto *field = new QLineEdit;
    for (QWidget *widget : std::initializer_list<QWidget *>{label, first, second, choice, field})
        column->addWidget(widget);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCOMPARE(test::cutTexts(window), QStringList());
    QCOMPARE(test::backwardSteps(window), QStringList());
    QCOMPARE(test::namelessControls(window).size(), 1);
    field->setAccessibleName(u"Field"_s);
    QCOMPARE(test::namelessControls(window), QStringList());
    QCOMPARE(test::doubleLetters(window).size(), 1);
    second->setText(u"F&ar below the first"_s);
    QCOMPARE(test::doubleLetters(window), QStringList());

    label->setFixedWidth(60);
    QCOMPARE(test::cutTexts(window).size(), 1);
    label->setWordWrap(true);
    label->setFixedHeight(20);
    QTRY_COMPARE(label->height(), 20);
    QCOMPARE(test::cutTexts(window).size(), 1);
    first->setMaximumWidth(30);
    QTRY_COMPARE(first->width(), 30);
    QCOMPARE(test::cutTexts(window).size(), 2);
    choice->setMaximumWidth(60);
    QTRY_COMPARE(choice->width(), 60);
    QCOMPARE(test::cutTexts(window).size(), 3);
    QWidget::setTabOrder(choice, first);
    QWidget::setTabOrder(first, second);
    QVERIFY(!test::backwardSteps(window).isEmpty());
}

void TestLooks::everyViewIsWholeAndCanBeUsedByKeyboard_data()
{
    QTest::addColumn<bool>("pseudo");
    QTest::addColumn<bool>("smallest");
    QTest::newRow("as it opens") << false << false;
    QTest::newRow("as small as it gets") << false << true;
    QTest::newRow("40 % longer words") << true << false;
    QTest::newRow("40 % longer words, as small as it gets") << true << true;
}

void TestLooks::everyViewIsWholeAndCanBeUsedByKeyboard()
{
    QFETCH(bool, pseudo);
    QFETCH(bool, smallest);
    ui::PseudoTranslator translator;
    if (pseudo)
        QCoreApplication::installTranslator(&translator);
    test::FilledStore store;
    const AccountSettings account = store.addAccount(u"Personal"_s);
    QVERIFY(store.addSamples(account.id) > 20);
    QSettings settings(store.dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    ui::MainWindow window(*store.library, settings);
    store.connectTo(window);
    store.answerForecasts(window);
    ui::Screenshots views(window, {});
    views.setSmallest(smallest);
    QStringList seen;
    QMap<QString, QStringList> faults; // each with the views that have it
    connect(&views, &ui::Screenshots::shown, this, [&](const QString &name) {
        seen += name;
        for (const QWidget *shown : QApplication::topLevelWidgets()) {
            if (!shown->isVisible() || (shown->windowType() != Qt::Window && shown->windowType() != Qt::Dialog))
                continue;
            // What stands behind a dialog is another view's matter.
            if (shown == &window && QApplication::activeModalWidget())
                continue;
            for (const QString &fault : test::cutTexts(*shown) + test::namelessControls(*shown)
                    + test::doubleLetters(*shown) + test::backwardSteps(*shown))
                faults[fault] += name;
        }
    });
    QSignalSpy finished(&views, &ui::Screenshots::finished);
    QSignalSpy failed(&views, &ui::Screenshots::failed);
    views.start();
    QTRY_VERIFY_WITH_TIMEOUT(!finished.isEmpty() || !failed.isEmpty(), 240000);
    QVERIFY2(failed.isEmpty(), failed.isEmpty() ? "" : qPrintable(failed.constFirst().constFirst().toString()));
    QVERIFY(seen.size() > 120);
    for (const auto &[fault, where] : faults.asKeyValueRange())
        qWarning("%s: in %s", qPrintable(fault), qPrintable(where.join(u", ")));
    QCOMPARE(faults.size(), 0);
}

QTEST_MAIN(TestLooks)
#include "tst_looks.moc"
