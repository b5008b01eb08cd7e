// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/bars/notebar.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainactions.h"
#include "ui/mainwindow.h"
#include "ui/message/messagewindow.h"
#include "ui/settings/settingsdialog.h"
#include "ui/settings/shortcutspage.h"

#include <QDialogButtonBox>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

/// Keys: chosen, told apart, kept, and back to what they were.
class TestShortcuts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void knowsEveryActionByAName();
    void noTwoActionsHaveOneKey();
    void everyActionHasAKey();
    void p316_noStandardKeyIsAltGrOfAnotherKeyboard();
    void aChosenKeyActsAtOnceAndAfterARestart();
    void anActionCanBeLeftWithoutAKey();
    void tellsWhoHasAKeyAndHandsItOver();
    void goesBackToTheStandard();
    void findsActionsByNameAndByKey();
    void toolTipsNameTheKeysThatAre();
    void windowsOfMessagesFollow();

private:
    void open();
    ShortcutsPage *page();
    void press(QDialogButtonBox::StandardButton button);
    void select(const QString &action);
    void type(const QKeySequence &keys);
    [[nodiscard]] QList<QAction *> keyed() const
    {
        return m_window->findChild<MainActions *>()->keyedActions()
            + m_window->findChild<MessageListPane *>()->keyedActions();
    }
    [[nodiscard]] QString keysOf(const QString &action);
    [[nodiscard]] QAction *action(const char *name) const
    {
        return m_window->findChild<QAction *>(QLatin1StringView(name));
    }
    template <class Widget>
    Widget *control(const QString &name);

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    AccountSettings m_account;
};

void TestShortcuts::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    open();
}

void TestShortcuts::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
}

void TestShortcuts::open()
{
    m_window.reset();
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY(m_window->findChild<FolderPane *>()->current().isValid());
}

ShortcutsPage *TestShortcuts::page()
{
    m_window->openSettings();
    auto *dialog = m_window->findChild<SettingsDialog *>();
    dialog->showPage(SettingsDialog::Page::Shortcuts);
    return dialog->findChild<ShortcutsPage *>();
}

void TestShortcuts::press(QDialogButtonBox::StandardButton button)
{
    page()->window()->findChild<QDialogButtonBox *>()->button(button)->click();
}

template <class Widget>
Widget *TestShortcuts::control(const QString &name)
{
    for (Widget *widget : page()->template findChildren<Widget *>()) {
        if (widget->accessibleName() == name || widget->property("text").toString().remove(u'&') == name)
            return widget;
    }
    return nullptr;
}

void TestShortcuts::select(const QString &name)
{
    auto *list = control<QTreeWidget>(u"Actions and their keys"_s);
    const QList<QTreeWidgetItem *> found = list->findItems(name, Qt::MatchExactly);
    QVERIFY2(!found.isEmpty(), qPrintable(name));
    list->setCurrentItem(found.constFirst());
}

void TestShortcuts::type(const QKeySequence &keys)
{
    auto *edit = control<QKeySequenceEdit>(u"Keys of the selected action"_s);
    edit->setFocus();
    edit->setKeySequence(keys);
}

QString TestShortcuts::keysOf(const QString &name)
{
    const QList<QTreeWidgetItem *> found =
        control<QTreeWidget>(u"Actions and their keys"_s)->findItems(name, Qt::MatchExactly);
    return found.isEmpty() ? QString() : found.constFirst()->text(1);
}

void TestShortcuts::knowsEveryActionByAName()
{
    const auto *actions = m_window->findChild<MainActions *>();
    QVERIFY(actions);
    QStringList names;
    for (const QAction *each : actions->findChildren<QAction *>(Qt::FindDirectChildrenOnly)) {
        QVERIFY2(!each->objectName().isEmpty(), qPrintable(each->text()));
        QVERIFY2(!names.contains(each->objectName()), qPrintable(each->objectName()));
        names += each->objectName();
    }
    // One is of the menu "Move to", the others of the list.
    QCOMPARE(actions->keyedActions().size(), names.size() + 1);
    for (const QAction *each : keyed()) {
        QVERIFY2(!each->objectName().isEmpty(), qPrintable(each->text()));
        if (!names.contains(each->objectName()))
            names += each->objectName();
    }
    QCOMPARE(keyed().size(), names.size());
    QCOMPARE(control<QTreeWidget>(u"Actions and their keys"_s)->topLevelItemCount(), names.size());
}

void TestShortcuts::p316_noStandardKeyIsAltGrOfAnotherKeyboard()
{
    constexpr Qt::KeyboardModifiers altGr = Qt::ControlModifier | Qt::AltModifier;
    QList<QAction *> all = keyed();
    MessageWindow *window = m_window->showFile("Subject: x\r\n\r\nx\r\n", u"x.eml"_s);
    all += window->findChildren<QAction *>();
    QVERIFY(all.size() > 50);
    for (const QAction *each : std::as_const(all)) {
        for (const QKeySequence &keys : each->shortcuts()) {
            for (int i = 0; i < keys.count(); ++i)
                QVERIFY2((keys[uint(i)].keyboardModifiers() & altGr) != altGr, qPrintable(each->text()));
        }
    }
    delete window;
}

void TestShortcuts::everyActionHasAKey()
{
    for (const QAction *one : keyed())
        QVERIFY2(!one->shortcut().isEmpty(), qPrintable(one->objectName()));
}

void TestShortcuts::noTwoActionsHaveOneKey()
{
    QHash<QString, QString> owners;
    for (const QAction *each : keyed()) {
        for (const QKeySequence &keys : each->shortcuts()) {
            QVERIFY2(!owners.contains(keys.toString()), qPrintable(each->objectName() + owners.value(keys.toString())));
            owners.insert(keys.toString(), each->objectName());
        }
    }
}

void TestShortcuts::aChosenKeyActsAtOnceAndAfterARestart()
{
    const QKeySequence wanted(Qt::CTRL | Qt::Key_G);
    select(u"Get mail"_s);
    type(wanted);
    QCOMPARE(keysOf(u"Get mail"_s), wanted.toString(QKeySequence::NativeText));
    QVERIFY(action("getMail")->shortcut() != wanted);
    press(QDialogButtonBox::Ok);
    for (int run = 0; run < 2; ++run) {
        QCOMPARE(action("getMail")->shortcuts(), QList{wanted});
        m_window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
        const QSignalSpy wished(m_window.get(), &MainWindow::checkMailWished);
        QTest::keySequence(m_window.get(), wanted);
        QCOMPARE(wished.size(), 1);
        QTest::keyClick(m_window.get(), Qt::Key_F5);
        QCOMPARE(wished.size(), 1);
        m_settings->sync();
        open();
    }
}

void TestShortcuts::anActionCanBeLeftWithoutAKey()
{
    select(u"Get mail"_s);
    control<QPushButton>(u"No key"_s)->click();
    press(QDialogButtonBox::Ok);
    QVERIFY(action("getMail")->shortcuts().isEmpty());
    open();
    QVERIFY(action("getMail")->shortcuts().isEmpty());
}

void TestShortcuts::tellsWhoHasAKeyAndHandsItOver()
{
    select(u"Connection log"_s);
    type(QKeySequence(Qt::Key_F5));
    auto *note = page()->findChild<NoteBar *>();
    QVERIFY(note->isVisible());
    QVERIFY(note->text().contains(u"Get mail"_s) && note->text().contains(u"F5"_s));
    QVERIFY(keysOf(u"Connection log"_s) != u"F5"_s);
    QVERIFY(!page()->isChanged());
    note->findChild<QPushButton *>()->click();
    QVERIFY(!note->isVisible());
    QCOMPARE(keysOf(u"Connection log"_s), u"F5"_s);
    QCOMPARE(keysOf(u"Get mail"_s), QString());
    press(QDialogButtonBox::Apply);
    QCOMPARE(action("log")->shortcut(), QKeySequence(Qt::Key_F5));
    QVERIFY(action("getMail")->shortcuts().isEmpty());
    // Its standard key belongs to another now: it does not come back twice.
    select(u"Get mail"_s);
    control<QPushButton>(u"Standard"_s)->click();
    QCOMPARE(keysOf(u"Get mail"_s), QString());
}

void TestShortcuts::goesBackToTheStandard()
{
    const QList<QKeySequence> standard = action("search")->shortcuts();
    QVERIFY(standard.size() > 1);
    select(u"Search all mail"_s);
    type(QKeySequence(Qt::CTRL | Qt::Key_J));
    select(u"Get mail"_s);
    type(QKeySequence(Qt::CTRL | Qt::Key_G));
    press(QDialogButtonBox::Apply);
    QVERIFY(m_settings->contains("shortcuts/search"_L1) && m_settings->contains("shortcuts/getMail"_L1));
    select(u"Search all mail"_s);
    control<QPushButton>(u"Standard"_s)->click();
    press(QDialogButtonBox::Apply);
    QCOMPARE(action("search")->shortcuts(), standard);
    QVERIFY(!m_settings->contains("shortcuts/search"_L1));
    control<QPushButton>(u"All to standard"_s)->click();
    press(QDialogButtonBox::Apply);
    QCOMPARE(action("getMail")->shortcut(), QKeySequence(Qt::Key_F5));
    m_settings->beginGroup("shortcuts"_L1);
    QCOMPARE(m_settings->allKeys(), QStringList());
    m_settings->endGroup();
}

void TestShortcuts::findsActionsByNameAndByKey()
{
    auto *list = control<QTreeWidget>(u"Actions and their keys"_s);
    auto *filter = control<QLineEdit>(u"Find an action or a key"_s);
    filter->setText(u"archive"_s);
    QCOMPARE(list->topLevelItemCount(), 1);
    QCOMPARE(list->currentItem()->text(0), u"Archive"_s);
    filter->setText(u"f5"_s); // with Shift and with Ctrl too
    QCOMPARE(list->topLevelItemCount(), 3);
    filter->setText(u"nothing like this"_s);
    QCOMPARE(list->topLevelItemCount(), 0);
    QVERIFY(!control<QKeySequenceEdit>(u"Keys of the selected action"_s)->isEnabled());
}

void TestShortcuts::toolTipsNameTheKeysThatAre()
{
    QVERIFY(action("getMail")->toolTip().contains(u"(F5)"_s));
    select(u"Get mail"_s);
    type(QKeySequence(Qt::CTRL | Qt::Key_G));
    select(u"Junk"_s);
    type(QKeySequence(Qt::CTRL | Qt::Key_J));
    press(QDialogButtonBox::Ok);
    QVERIFY(!action("getMail")->toolTip().contains(u"F5"_s));
    QVERIFY(
        action("getMail")->toolTip().contains(QKeySequence(Qt::CTRL | Qt::Key_G).toString(QKeySequence::NativeText)));
    QVERIFY(action("junk")->toolTip().contains(QKeySequence(Qt::CTRL | Qt::Key_J).toString(QKeySequence::NativeText)));
    QVERIFY(!action("junk")->toolTip().contains(u"(J)"_s));
}

void TestShortcuts::windowsOfMessagesFollow()
{
    select(u"Archive"_s);
    type(QKeySequence(Qt::Key_E));
    press(QDialogButtonBox::Ok);
    const MessageWindow window(*m_store->library, *m_settings);
    int found = 0;
    for (const QAction *each : window.findChildren<QAction *>()) {
        QVERIFY(each->shortcut() != QKeySequence(Qt::Key_A));
        found += each->shortcut() == QKeySequence(Qt::Key_E);
    }
    QCOMPARE(found, 1);
}

QTEST_MAIN(TestShortcuts)
#include "tst_shortcuts.moc"
