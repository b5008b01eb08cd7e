// SPDX-License-Identifier: GPL-3.0-or-later
#include "openedwindow.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/notebar.h"
#include "ui/bars/undobar.h"
#include "ui/dialogs/failedmessagesdialog.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindow.h"
#include "ui/message/bodyview.h"
#include "ui/message/headerblock.h"
#include "ui/message/messageview.h"
#include "ui/theme/appearance.h"
#include "ui/theme/text.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSplitter>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;
using satchel::test::OpenedWindow;

/// The window as its user has it: a real store, keys and clicks, what the window wishes for and what it shows.
class TestMainWindow : public OpenedWindow
{
    Q_OBJECT

private Q_SLOTS:
    void showsTheInboxAndReadsAMessage();
    void deletesByKeyMovesOnAndUndoes();
    void starsAndMarksByKey();
    void marksReadAfterAWhileWithoutAnUndoStep();
    void keepsTheSelectionWhenMailArrives();
    void goesToTheNextUnread();
    void searchesWhileTypingAndComesBack();
    void showsTheFolderThatIsChosenDuringASearch();
    void comesBackFromASearchToTheMessage();
    void opensTheMenuOfAMessageByKey();
    void dropsMessagesOnAFolder();
    void keepsToTheRulesOfModelsInTheFolderPane();
    void showsHostileSubjectsAsText();
    void welcomesWithoutAnAccount();
    void showsThatItWorksOffline();
    void remembersOrderLayoutAndSelection();
    void row4_sortsByArrivalAndShowsIt();
    void hasNoTwoMnemonicsAlikeInAMenu();
    void namesEveryControl();
    void mirrorsForRightToLeft();
    void startsInTheDarkWhenItWasLeftThere();
    void keepsTheUndoBarReadableInEveryLook();
};

void TestMainWindow::showsTheInboxAndReadsAMessage()
{
    m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s, u"Three"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QTest::keyClick(view(), Qt::Key_Home);
    QTRY_VERIFY(message()->showsMessage());
    QCOMPARE(message()->header()->subject(), u"Three"_s);
    QCOMPARE(message()->header()->from(), u"Bob Example <bob@example.net>"_s);
    QVERIFY(message()->body()->toPlainText().contains(u"The text of Three."));
}

void TestMainWindow::deletesByKeyMovesOnAndUndoes()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s, u"Three"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QVERIFY(view()->selectMessage(rows.at(1).id));
    QSignalSpy wished(m_window.get(), &MainWindow::deleteMessagesWished);
    QTest::keyClick(view(), Qt::Key_Delete);
    QCOMPARE(wished.size(), 1);
    QCOMPARE(wished.constFirst().constFirst().value<QList<MessageId>>(), QList{rows.at(1).id});
    QCOMPARE(list()->messages()->rowCount(), 2);
    QCOMPARE(view()->selectedMessages(), QList{rows.at(0).id});
    QTRY_COMPARE(message()->header()->subject(), u"One"_s);
    QCOMPARE(m_store->summary(rows.at(1).id).folder, m_store->folder(m_account.id, FolderRole::Trash));
    auto *bar = m_window->findChild<UndoBar *>();
    QVERIFY2(bar->text().contains(u"Trash"), qPrintable(bar->text()));
    QTest::keyClick(view(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QCOMPARE(m_store->summary(rows.at(1).id).folder, m_store->folder(m_account.id, FolderRole::Inbox));
    QCOMPARE(view()->selectedMessages(), QList{rows.at(0).id});
}

void TestMainWindow::starsAndMarksByKey()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QTRY_VERIFY(list()->messages()->summaryAt(1));
    view()->selectAll();
    QTest::keyClick(view(), Qt::Key_S);
    QVERIFY(m_store->summary(rows.at(0).id).flags.testFlag(MessageFlag::Starred));
    QTRY_VERIFY(list()->messages()->summary(rows.at(1).id)->flags.testFlag(MessageFlag::Starred));
    QTest::keyClick(view(), Qt::Key_S);
    QVERIFY(!m_store->summary(rows.at(0).id).flags.testFlag(MessageFlag::Starred));
    QTest::keyClick(view(), Qt::Key_M);
    QVERIFY(m_store->summary(rows.at(1).id).flags.testFlag(MessageFlag::Read));
    QSignalSpy moved(m_window.get(), &MainWindow::moveToRoleWished);
    QTest::keyClick(view(), Qt::Key_A);
    QCOMPARE(moved.size(), 1);
    QCOMPARE(moved.constFirst().at(1).value<FolderRole>(), FolderRole::Archive);
    QCOMPARE(list()->messages()->rowCount(), 0);
}

void TestMainWindow::marksReadAfterAWhileWithoutAnUndoStep()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QVERIFY(view()->selectMessage(rows.at(0).id));
    QTest::keyClick(view(), Qt::Key_Delete);
    QTRY_COMPARE(message()->source().id(), rows.at(1).id);
    QTRY_VERIFY(m_store->summary(rows.at(1).id).flags.testFlag(MessageFlag::Read));
    // Undo brings the deleted message back; that the other one was read is no step.
    QTest::keyClick(view(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_store->summary(rows.at(0).id).folder, m_store->folder(m_account.id, FolderRole::Inbox));
    QVERIFY(m_store->summary(rows.at(1).id).flags.testFlag(MessageFlag::Read));
}

void TestMainWindow::keepsTheSelectionWhenMailArrives()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QVERIFY(view()->selectMessage(rows.at(0).id));
    QTRY_VERIFY(message()->showsMessage());
    m_window->arrived(m_store->addPlain(m_account.id, {u"Three"_s, u"Four"_s}));
    QTRY_COMPARE(list()->messages()->rowCount(), 4);
    QCOMPARE(view()->selectedMessages(), QList{rows.at(0).id});
    QCOMPARE(message()->header()->subject(), u"One"_s);
    QTRY_COMPARE(folders()->currentFolder().total, 4);
}

void TestMainWindow::goesToTheNextUnread()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s, u"Three"_s});
    QVERIFY(m_store->writer->setFlags({rows.at(1).id}, MessageFlag::Read, {}));
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    view()->selectRow(0);
    QTest::keyClick(view(), Qt::Key_N);
    QTRY_COMPARE(view()->selectedMessages(), QList{rows.at(0).id});
    // A short message has nothing to scroll: Space goes on as well.
    QTRY_VERIFY(message()->showsMessage());
    QTest::keyClick(view(), Qt::Key_Space);
    QTRY_COMPARE(view()->selectedMessages(), QList{rows.at(2).id});
}

void TestMainWindow::searchesWhileTypingAndComesBack()
{
    m_store->addPlain(m_account.id, {u"A bridge"_s, u"A tunnel"_s, u"Another bridge"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    auto *field = m_window->findChild<QLineEdit *>(u"search"_s);
    QTest::keyClick(view(), Qt::Key_K, Qt::ControlModifier);
    QVERIFY(field->hasFocus());
    QTest::keyClicks(field, u"bridge"_s);
    QTRY_VERIFY(list()->isSearching());
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QTRY_COMPARE(list()->messages()->folderNameAt(0), u"Inbox"_s);
    QTest::keyClicks(field, u"xyz"_s);
    QTRY_COMPARE(list()->messages()->rowCount(), 0);
    QTest::keyClick(field, Qt::Key_Escape);
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QVERIFY(!list()->isSearching());
    QVERIFY(view()->hasFocus());
}

void TestMainWindow::showsTheFolderThatIsChosenDuringASearch()
{
    m_store->addPlain(m_account.id, {u"A bridge"_s, u"A tunnel"_s, u"Another bridge"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    auto *field = m_window->findChild<QLineEdit *>(u"search"_s);
    const auto searchFor = [&](const QString &word) {
        field->setFocus();
        QTest::keyClicks(field, word);
        QTRY_VERIFY(list()->isSearching() && !list()->isListing());
    };
    const auto click = [&](FolderRole role) {
        const QModelIndex at = folders()->folders()->indexOf(Place{.folder = m_store->folder(m_account.id, role)});
        QTest::mouseClick(folders()->viewport(), Qt::LeftButton, {}, folders()->visualRect(at).center());
    };
    // The one that was shown before as well, which is chosen already.
    searchFor(u"bridge"_s);
    click(FolderRole::Inbox);
    QVERIFY(!list()->isSearching());
    QCOMPARE(field->text(), QString());
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    searchFor(u"bridge"_s);
    click(FolderRole::Archive);
    QVERIFY(!list()->isSearching());
    QTRY_COMPARE(list()->messages()->rowCount(), 0);
    QVERIFY2(m_window->windowTitle().contains(u"Archive"), qPrintable(m_window->windowTitle()));
    // A search in one folder goes on in the other.
    searchFor(u"bridge"_s);
    list()->setSearchesHereOnly(true);
    click(FolderRole::Inbox);
    QVERIFY(list()->isSearching());
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
}

void TestMainWindow::comesBackFromASearchToTheMessage()
{
    const QList<MessageSummary> rows =
        m_store->addPlain(m_account.id, {u"A bridge"_s, u"A tunnel"_s, u"Another bridge"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QVERIFY(view()->selectMessage(rows.at(1).id));
    auto *field = m_window->findChild<QLineEdit *>(u"search"_s);
    field->setFocus();
    QTest::keyClicks(field, u"xylophone"_s);
    QTRY_VERIFY(list()->isSearching() && list()->messages()->rowCount() == 0);
    QTest::keyClick(field, Qt::Key_Escape);
    QTRY_COMPARE(view()->selectedMessages(), QList{rows.at(1).id});
    QTRY_COMPARE(message()->header()->subject(), u"A tunnel"_s);
    // What was found is here too: then the search has led there.
    field->setFocus();
    QTest::keyClicks(field, u"bridge"_s);
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QTRY_VERIFY(list()->messages()->summaryAt(1));
    QVERIFY(view()->selectMessage(rows.at(0).id));
    QTRY_COMPARE(message()->header()->subject(), u"A bridge"_s);
    QTest::keyClick(view(), Qt::Key_Escape);
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QTRY_COMPARE(view()->selectedMessages(), QList{rows.at(0).id});
    QCOMPARE(message()->header()->subject(), u"A bridge"_s);
}

void TestMainWindow::opensTheMenuOfAMessageByKey()
{
    m_store->addPlain(m_account.id, {u"One"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 1);
    view()->selectRow(0);
    QTest::keyClick(view(), Qt::Key_F10, Qt::ShiftModifier);
    QTRY_VERIFY(QApplication::activePopupWidget());
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QVERIFY(menu->actions().contains(m_window->findChild<QAction *>(u"archive"_s)));
    menu->close();
}

void TestMainWindow::dropsMessagesOnAFolder()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 1);
    FolderModel *model = folders()->folders();
    const QModelIndex archive = model->indexOf(Place{.folder = m_store->folder(m_account.id, FolderRole::Archive)});
    const std::unique_ptr<QMimeData> data(list()->messages()->mimeData({list()->messages()->index(0, 0)}));
    QVERIFY(!model->canDropMimeData(data.get(), Qt::MoveAction, -1, -1, model->indexOf(m_account.id)));
    QVERIFY(model->canDropMimeData(data.get(), Qt::MoveAction, -1, -1, archive));
    QVERIFY(model->dropMimeData(data.get(), Qt::MoveAction, -1, -1, archive));
    QCOMPARE(m_store->summary(rows.at(0).id).folder, m_store->folder(m_account.id, FolderRole::Archive));
}

void TestMainWindow::keepsToTheRulesOfModelsInTheFolderPane()
{
    FolderModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    AccountSettings other = m_account;
    other.id = AccountId{m_account.id.value + 1};
    const FolderInfo inbox{.id = {1},
        .account = m_account.id,
        .parent = {},
        .role = FolderRole::Inbox,
        .name = {},
        .total = 5,
        .unread = 2};
    const FolderInfo own{.id = {2},
        .account = m_account.id,
        .parent = {},
        .role = FolderRole::Own,
        .name = u"Work"_s,
        .total = 1,
        .unread = 0};
    const FolderInfo nested{.id = {3},
        .account = m_account.id,
        .parent = {2},
        .role = FolderRole::Own,
        .name = u"Deep"_s,
        .total = 0,
        .unread = 0};
    QVERIFY(model.setContent({m_account}, {own, nested, inbox}));
    QCOMPARE(model.rowCount(), 1);
    QCOMPARE(model.index(0, 0, model.index(0, 0)).data().toString(), u"Inbox"_s);
    QCOMPARE(model.path({3}), u"Work / Deep"_s);
    FolderInfo read = inbox;
    read.unread = 0;
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
    QVERIFY(!model.setContent({m_account}, {own, nested, read}));
    QCOMPARE(reset.size(), 0);
    QCOMPARE(changed.size(), 1);
    QVERIFY(model.setContent({m_account, other}, {own, nested, read}));
    QCOMPARE(model.kind(model.index(0, 0)), FolderModel::Kind::AllInboxes);
    QVERIFY(model.setContent({}, {}));
}

void TestMainWindow::showsHostileSubjectsAsText()
{
    const QString hostile = u"<img src=http://tracker.example/x> & <b>bold</b>"_s;
    m_store->addPlain(m_account.id, {hostile});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 1);
    view()->selectRow(0);
    QTRY_VERIFY(message()->showsMessage());
    QCOMPARE(message()->header()->subject(), hostile);
    for (const QLabel *label : m_window->findChildren<QLabel *>()) {
        QVERIFY2(label->textFormat() == Qt::PlainText || label->text().isEmpty(), qPrintable(label->text()));
        QVERIFY2(!label->toolTip().contains(u"<img"), qPrintable(label->toolTip()));
    }
    m_window->failed(fail(ErrorKind::ServerRefused, hostile, ErrorAction::None, hostile).error());
    auto *bar = m_window->findChild<MessageBar *>()->bar();
    QCOMPARE(bar->text(), hostile);
    for (const QLabel *label : bar->findChildren<QLabel *>())
        QVERIFY(!label->toolTip().contains(u"<img"));
}

void TestMainWindow::welcomesWithoutAnAccount()
{
    QVERIFY(m_store->writer->removeAccount(m_account.id));
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    bool offered = false;
    for (const QPushButton *button : m_window->findChildren<QPushButton *>())
        offered = offered || (button->isVisible() && button->text().contains(u"account"));
    QVERIFY(offered);
    QVERIFY(!view()->isVisible());
}

void TestMainWindow::showsThatItWorksOffline()
{
    open();
    QSignalSpy wished(m_window.get(), &MainWindow::offlineWished);
    m_window->setOffline(true);
    QCOMPARE(wished.size(), 0);
    QVERIFY(m_window->windowTitle().contains(u"offline"));
    m_window->setOffline(false);
    QVERIFY(!m_window->windowTitle().contains(u"offline"));
}

void TestMainWindow::row4_sortsByArrivalAndShowsIt()
{
    const auto dated = [&](const QByteArray &date) {
        return m_store->add(m_account.id, "From: a@b.example\r\nSubject: x\r\nDate: " + date + "\r\n\r\nx\r\n");
    };
    const MessageSummary ahead = dated("Sat, 17 Mar 2096 05:32:00 +0000");
    const MessageSummary old = dated("Mon, 5 May 2003 10:00:00 +0000");
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QCOMPARE(list()->messages()->messages(), QList({ahead.id, old.id}));
    QCOMPARE(ahead.date, ahead.stored);
    auto *action = m_window->findChild<QAction *>(u"sortByArrival"_s);
    QVERIFY(action);
    action->trigger();
    QTRY_VERIFY(!list()->isListing());
    QTRY_COMPARE(list()->messages()->messages(), QList({old.id, ahead.id}));
    QCOMPARE(list()->messages()->shownDate(old), old.stored);
    QVERIFY(m_window->close());
    m_window.reset();

    open();
    QTRY_COMPARE(list()->order(), (SortOrder{.field = SortField::Arrived, .direction = Qt::DescendingOrder}));
    m_window->findChild<QAction *>(u"sortByDate"_s)->trigger();
    QTRY_COMPARE(list()->messages()->messages(), QList({ahead.id, old.id}));
    QCOMPARE(list()->messages()->shownDate(old), old.date);
}

void TestMainWindow::remembersOrderLayoutAndSelection()
{
    const QList<MessageSummary> rows = m_store->addPlain(m_account.id, {u"One"_s, u"Two"_s, u"Three"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    list()->setOrder({.field = SortField::Subject, .direction = Qt::AscendingOrder});
    QTRY_VERIFY(!list()->isListing());
    QVERIFY(view()->selectMessage(rows.at(1).id));
    for (QAction *action : m_window->findChildren<QAction *>()) {
        if (action->shortcut() == QKeySequence(Qt::CTRL | Qt::Key_2))
            action->trigger();
    }
    m_window->resize(760, 560);
    QVERIFY(m_window->close());
    m_window.reset();

    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 3);
    QCOMPARE(list()->order(), (SortOrder{.field = SortField::Subject, .direction = Qt::AscendingOrder}));
    QTRY_COMPARE(view()->selectedMessages(), QList{rows.at(1).id});
    QCOMPARE(m_window->size(), QSize(760, 560));
    bool tall = false;
    for (const QSplitter *splitter : m_window->findChildren<QSplitter *>())
        tall = tall || splitter->orientation() == Qt::Vertical;
    QVERIFY(tall);
}

void TestMainWindow::hasNoTwoMnemonicsAlikeInAMenu()
{
    open();
    QList<QMenu *> menus;
    QSet<QString> seen;
    const auto check = [&seen](const QList<QAction *> &actions, const QString &menu) {
        seen.clear();
        for (const QAction *action : actions) {
            if (action->isSeparator() || !action->isVisible())
                continue;
            const QString key = QKeySequence::mnemonic(action->text()).toString();
            QVERIFY2(!key.isEmpty(), qPrintable(menu + u" "_s + action->text()));
            QVERIFY2(!seen.contains(key), qPrintable(menu + u" "_s + action->text()));
            seen.insert(key);
        }
    };
    check(m_window->menuBar()->actions(), u"menu bar"_s);
    for (const QAction *action : m_window->menuBar()->actions())
        menus.append(action->menu());
    while (!menus.isEmpty()) {
        QMenu *menu = menus.takeLast();
        if (menu->title().contains(u"Move"))
            continue; // names of folders
        check(menu->actions(), menu->title());
        for (const QAction *action : menu->actions()) {
            if (action->menu())
                menus.append(action->menu());
        }
    }
}

void TestMainWindow::namesEveryControl()
{
    m_store->addPlain(m_account.id, {u"One"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 1);
    view()->selectRow(0);
    QTRY_VERIFY(message()->showsMessage());
    for (const QWidget *widget : m_window->findChildren<QWidget *>()) {
        if (!widget->isVisible() || widget->focusPolicy() == Qt::NoFocus || widget->focusProxy())
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const bool named = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty())
            || qobject_cast<const QMenuBar *>(widget);
        QVERIFY2(
            named, qPrintable(QString::fromLatin1(widget->metaObject()->className()) + u' ' + widget->objectName()));
    }
}

void TestMainWindow::mirrorsForRightToLeft()
{
    QApplication::setLayoutDirection(Qt::RightToLeft);
    m_store->addPlain(m_account.id, {u"שלום"_s, u"One"_s});
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QTRY_VERIFY(list()->messages()->summaryAt(0));
    view()->selectRow(1);
    QTRY_VERIFY(message()->showsMessage());
    // Folders at the right of the list, the list at the right of the message.
    QVERIFY(folders()->mapTo(m_window.get(), QPoint()).x() > view()->mapTo(m_window.get(), QPoint()).x());
    QVERIFY(view()->mapTo(m_window.get(), QPoint()).x() > message()->mapTo(m_window.get(), QPoint()).x());
    const QImage picture = view()->grab().toImage();
    QVERIFY(!picture.isNull());
}

void TestMainWindow::startsInTheDarkWhenItWasLeftThere()
{
    m_store->addPlain(m_account.id, {u"One"_s});
    m_settings->setValue("window/appearance"_L1, int(Appearance::Dark));
    open();
    QTRY_COMPARE(list()->messages()->rowCount(), 1);
    view()->selectRow(0);
    QTRY_VERIFY(message()->showsMessage());
    for (const QWidget *widget : {static_cast<QWidget *>(view()), static_cast<QWidget *>(folders()),
             static_cast<QWidget *>(message()->body()), static_cast<QWidget *>(message()->header())})
        QTRY_VERIFY2(isDark(widget->palette()), widget->metaObject()->className());
    applyAppearance(Appearance::Light);
    for (const QWidget *widget : {static_cast<QWidget *>(view()), static_cast<QWidget *>(message()->body())})
        QTRY_VERIFY2(!isDark(widget->palette()), widget->metaObject()->className());
}

void TestMainWindow::keepsTheUndoBarReadableInEveryLook()
{
    open();
    auto *bar = m_window->findChild<UndoBar *>();
    bar->offer(u"The message was deleted."_s);
    const auto *words = bar->findChild<QLabel *>();
    for (const auto look : {Appearance::Dark, Appearance::Light, Appearance::Dark}) {
        applyAppearance(look);
        // The bar is the other way round than the window.
        const bool dark = look == Appearance::Dark;
        QTRY_COMPARE(isDark(list()->palette()), dark);
        QTRY_COMPARE(words->palette().color(QPalette::WindowText).lightnessF() < 0.5F, dark);
        QTRY_COMPARE(bar->grab().toImage().pixelColor(bar->width() / 2, 3).lightnessF() > 0.5F, dark);
    }
    applyAppearance(Appearance::Light);
}

QTEST_MAIN(TestMainWindow)
#include "tst_mainwindow.moc"
