// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/dialogs/deletionlog.h"
#include "ui/dialogs/deletionmodel.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindow.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

/// The log of what left the servers: read through the Library, filtered, copied, followed to the message here.
class TestDeletionLog : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void listsWhatWasDeletedNewestFirst();
    void listsOneAccountOrAll();
    void filtersByWhatIsTyped();
    void saysWhereTheMessageIsNow();
    void showsTheMessageInItsFolder();
    void copiesTheSelectedLines();
    void saysThatThereIsNothing();
    void isInAMenu();

private:
    void noteDeletion(AccountId account, const MessageSummary &message, store::DeletionRule rule);
    DeletionLog *show(AccountId account = {});
    [[nodiscard]] static QString cell(const DeletionLog &log, int row, int column)
    {
        return log.table()->model()->index(row, column).data().toString();
    }

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    AccountSettings m_personal;
    AccountSettings m_work;
    QList<MessageSummary> m_messages;
    QDateTime m_clock;
};

void TestDeletionLog::noteDeletion(AccountId account, const MessageSummary &message, store::DeletionRule rule)
{
    m_clock = m_clock.addSecs(60);
    // The ledger row that the append of a check would have made.
    const QList<store::LedgerEntry> ledger = *m_store->writer->ledger(account);
    for (const store::LedgerEntry &entry : ledger) {
        if (entry.message == message.id) {
            store::Deletion deletion;
            deletion.key = entry.key;
            deletion.rule = rule;
            QVERIFY(m_store->writer->noteDeleteSent(account, {deletion}, m_clock));
            return;
        }
    }
    QFAIL("the message has no row in the ledger");
}

void TestDeletionLog::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_personal = m_store->addAccount(u"Personal"_s);
    m_work = m_store->addAccount(u"Work"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_clock = QDateTime(QDate(2026, 11, 1), QTime(8, 0), QTimeZone::UTC);
    m_messages = m_store->addPlain(m_personal.id, {u"Alpha"_s, u"Beta"_s});
    m_messages += m_store->addPlain(m_work.id, {u"<b>Gamma</b>"_s});
    noteDeletion(m_personal.id, m_messages.at(0), store::DeletionRule::Days);
    noteDeletion(m_personal.id, m_messages.at(1), store::DeletionRule::AfterDownload);
    noteDeletion(m_work.id, m_messages.at(2), store::DeletionRule::DeletedHere);
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    QTRY_VERIFY(m_window->findChild<FolderPane *>()->current().isValid());
}

void TestDeletionLog::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
}

DeletionLog *TestDeletionLog::show(AccountId account)
{
    m_window->showDeletionLog(account);
    auto *log = m_window->findChild<DeletionLog *>();
    [&] { QTRY_VERIFY(!log->isLoading()); }();
    return log;
}

void TestDeletionLog::listsWhatWasDeletedNewestFirst()
{
    const DeletionLog *log = show();
    const QAbstractItemModelTester tester(log->table()->model());
    QCOMPARE(log->table()->model()->rowCount(), 3);
    QCOMPARE(cell(*log, 0, DeletionModel::Subject), u"<b>Gamma</b>"_s);
    QCOMPARE(cell(*log, 0, DeletionModel::Account), u"Work"_s);
    QCOMPARE(cell(*log, 0, DeletionModel::Rule), ruleText(DeletionRule::DeletedHere));
    QCOMPARE(cell(*log, 1, DeletionModel::Subject), u"Beta"_s);
    QCOMPARE(cell(*log, 1, DeletionModel::Rule), ruleText(DeletionRule::AfterDownload));
    QCOMPARE(cell(*log, 2, DeletionModel::Subject), u"Alpha"_s);
    QCOMPARE(cell(*log, 2, DeletionModel::Sender), u"Bob Example"_s);
    QCOMPARE(cell(*log, 2, DeletionModel::Rule), ruleText(DeletionRule::Days));
    QVERIFY(!cell(*log, 2, DeletionModel::Uidl).isEmpty());
    log->table()->sortByColumn(DeletionModel::Subject, Qt::DescendingOrder);
    QCOMPARE(cell(*log, 0, DeletionModel::Subject), u"Beta"_s);
}

void TestDeletionLog::listsOneAccountOrAll()
{
    const DeletionLog *log = show(m_work.id);
    QCOMPARE(log->table()->model()->rowCount(), 1);
    QVERIFY(log->table()->isColumnHidden(DeletionModel::Account));
    auto *choice = log->findChild<QComboBox *>();
    choice->setCurrentIndex(choice->findText(u"Personal"_s));
    QTRY_COMPARE(log->table()->model()->rowCount(), 2);
    choice->setCurrentIndex(0);
    QTRY_COMPARE(log->table()->model()->rowCount(), 3);
    QVERIFY(!log->table()->isColumnHidden(DeletionModel::Account));
}

void TestDeletionLog::filtersByWhatIsTyped()
{
    const DeletionLog *log = show();
    QTest::keyClicks(log->findChild<QLineEdit *>(), u"alph"_s);
    QCOMPARE(log->table()->model()->rowCount(), 1);
    QCOMPARE(cell(*log, 0, DeletionModel::Subject), u"Alpha"_s);
    log->findChild<QLineEdit *>()->setText(u"deleted it here"_s);
    QCOMPARE(log->table()->model()->rowCount(), 1);
    QCOMPARE(cell(*log, 0, DeletionModel::Account), u"Work"_s);
    log->findChild<QLineEdit *>()->clear();
    QCOMPARE(log->table()->model()->rowCount(), 3);
}

void TestDeletionLog::saysWhereTheMessageIsNow()
{
    QVERIFY(m_store->writer->remove({m_messages.at(0).id}));
    const DeletionLog *log = show(m_personal.id);
    QCOMPARE(cell(*log, 0, DeletionModel::Here), u"Yes"_s);
    QCOMPARE(cell(*log, 1, DeletionModel::Here), u"Deleted here later"_s);
    QPushButton *showButton = nullptr;
    for (QPushButton *button : log->findChildren<QPushButton *>()) {
        if (button->text().contains(u"Show"_s))
            showButton = button;
    }
    QVERIFY(showButton && !showButton->isEnabled());
    log->table()->selectRow(1);
    QVERIFY(!showButton->isEnabled());
    log->table()->selectRow(0);
    QVERIFY(showButton->isEnabled());
    QVERIFY(m_store->writer->purge());
    const DeletionLog *again = show(m_personal.id);
    QCOMPARE(cell(*again, 1, DeletionModel::Here), u"Deleted here later"_s);
    QCOMPARE(cell(*again, 1, DeletionModel::Subject), u"Alpha"_s);
}

void TestDeletionLog::showsTheMessageInItsFolder()
{
    const DeletionLog *log = show();
    log->table()->selectRow(0);
    const QSignalSpy wished(log, &DeletionLog::messageWished);
    QTest::keyClick(log->table(), Qt::Key_Return);
    QCOMPARE(wished.size(), 1);
    const auto *list = m_window->findChild<MessageListPane *>();
    // All inboxes, where the window begins, may have chosen this message already: the place comes first.
    QTRY_COMPARE(list->place().folder, m_messages.at(2).folder);
    QTRY_COMPARE(list->view()->currentMessage(), m_messages.at(2).id);
}

void TestDeletionLog::copiesTheSelectedLines()
{
    DeletionLog *log = show();
    QVERIFY(QTest::qWaitForWindowActive(log));
    log->table()->selectAll();
    log->table()->setFocus();
    QTRY_VERIFY(log->table()->hasFocus());
    QTest::keySequence(log->table(), QKeySequence::Copy);
    const QStringList lines = QGuiApplication::clipboard()->text().split(u'\n');
    QCOMPARE(lines.size(), 3);
    QVERIFY(lines.at(0).contains(u"\t<b>Gamma</b>\t"_s));
    QCOMPARE(lines.at(2).count(u'\t'), int(DeletionModel::ColumnCount) - 1);
}

void TestDeletionLog::saysThatThereIsNothing()
{
    const AccountSettings empty = m_store->addAccount(u"Empty"_s);
    m_window->accountsChanged(*m_store->writer->accounts());
    const DeletionLog *log = show(empty.id);
    QCOMPARE(log->table()->model()->rowCount(), 0);
    bool said = false;
    for (const QLabel *label : log->findChildren<QLabel *>())
        said = said || label->text().contains(u"Nothing was deleted"_s);
    QVERIFY(said);
}

void TestDeletionLog::isInAMenu()
{
    QAction *found = nullptr;
    for (const QAction *menu : m_window->menuBar()->actions()) {
        for (QAction *action : menu->menu()->actions()) {
            if (action->objectName() == "deletions"_L1)
                found = action;
        }
    }
    QVERIFY(found);
    found->trigger();
    QVERIFY(m_window->findChild<DeletionLog *>()->isVisible());
}

QTEST_MAIN(TestDeletionLog)
#include "tst_deletionlog.moc"
