// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/bars/notebar.h"
#include "ui/folders/folderpane.h"
#include "ui/mailbox/mailboxmodel.h"
#include "ui/mailbox/mailboxpreview.h"
#include "ui/mailbox/mailboxwindow.h"
#include "ui/mailbox/mailboxwindows.h"
#include "ui/mainwindow.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;
using sync::ServerFate;
using sync::ServerMark;
using sync::ServerMessage;
using sync::ServerMessageState;
using sync::ServerWish;
using sync::VisitPhase;

namespace {

ServerMessage onServer(int id, ServerMessageState state, qint64 size = 1000)
{
    ServerMessage message;
    message.id = id;
    message.state = state;
    message.size = size;
    message.fetchedNext = state == ServerMessageState::New;
    message.provable = state == ServerMessageState::Stored;
    return message;
}

QList<sync::ServerHeader> headersFor(const QList<int> &ids)
{
    QList<sync::ServerHeader> headers;
    for (const int id : ids) {
        headers.append({id, false, {u"Sender %1"_s.arg(id), u"s%1@example.net"_s.arg(id)}, u"Subject %1"_s.arg(id),
            QDateTime(QDate(2026, 11, 1), QTime(8, 0), QTimeZone::UTC).addSecs(60LL * id)});
    }
    return headers;
}

QFuture<Expected<QList<MessageSummary>>> nothingStored(const QList<MessageId> &)
{
    return QtFuture::makeReadyValueFuture(Expected<QList<MessageSummary>>(QList<MessageSummary>()));
}

} // namespace

/// The mailbox on the server, as a person meets it. What the engine would say is said by the test.
class TestMailbox : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void theModelKeepsItsPromises();
    void wishesForHeadersOfTheRowsInSightAndNoOthers();
    void sortsByWhatIsKnownAndTheRestComesLast();
    void filtersByStateAndWords();
    void marksOnlyWhatMayBeMarked();
    void saysWhatWillHappen();
    void aNewListingKeepsMarksAndHeaders();
    void opensFromTheMenuByKeyAndFromTheFolderPane();
    void marksByKeyAndApplies();
    void asksBeforeSomethingIsLost();
    void takesBackWhatWasOrdered();
    void showsTheFirstLinesOfTheSelectedRow();
    void readsWhatIsStoredFromTheStore();
    void anErrorIsABarAndTheRowsStay();
    void saysWhyNothingCanBeDeleted();
    void asksBeforeMarksAreLost();
    void offersToLookAtAllWhereTheOrderIsIncomplete();
    void fiftyThousandRows();
    void namesEveryControl();

private:
    MailboxWindow *openWindow();
    [[nodiscard]] MailboxWindow *box() const { return m_main->mailboxes()->window(m_account.id); }
    [[nodiscard]] QTableView *table() const { return box()->table(); }
    [[nodiscard]] MailboxModel *model() const { return box()->model(); }
    void list(const QList<ServerMessage> &messages, const QString &whyNoDeletion = {});
    void select(const QList<int> &rows);
    [[nodiscard]] QString summaryText() const { return box()->findChild<QLabel *>(u"summary"_s)->text(); }
    [[nodiscard]] QPushButton *button(const QString &text) const;

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_main;
    AccountSettings m_account;
    MessageSummary m_stored;
};

void TestMailbox::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_stored = m_store->addPlain(m_account.id, {u"A stored one"_s}).constFirst();
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_main = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_main);
    m_main->show();
    QVERIFY(QTest::qWaitForWindowActive(m_main.get()));
    QTRY_VERIFY(m_main->findChild<FolderPane *>()->current().isValid());
}

void TestMailbox::cleanup()
{
    m_main.reset();
    m_settings.reset();
    m_store.reset();
}

MailboxWindow *TestMailbox::openWindow()
{
    m_main->showMailbox(m_account.id);
    box()->activateWindow();
    if (!QTest::qWaitFor([this] { return QApplication::activeWindow() == box(); }))
        qFatal("the window does not become active");
    return box();
}

void TestMailbox::list(const QList<ServerMessage> &messages, const QString &whyNoDeletion)
{
    sync::ServerListing listing;
    listing.account = m_account.id;
    listing.messages = messages;
    listing.at = QDateTime::currentDateTimeUtc();
    listing.whyNoDeletion = whyNoDeletion;
    m_main->mailboxes()->listed(listing);
    m_main->mailboxes()->phaseChanged(m_account.id, VisitPhase::Ready);
}

void TestMailbox::select(const QList<int> &rows)
{
    QItemSelection selection;
    for (const int row : rows)
        selection.select(model()->index(row, 0), model()->index(row, MailboxModel::Columns - 1));
    table()->selectionModel()->setCurrentIndex(model()->index(rows.constFirst(), 0), QItemSelectionModel::NoUpdate);
    table()->selectionModel()->select(selection, QItemSelectionModel::ClearAndSelect);
}

QPushButton *TestMailbox::button(const QString &text) const
{
    for (QPushButton *found : box()->findChildren<QPushButton *>()) {
        if (QString(found->text()).remove(u'&') == text)
            return found;
    }
    return nullptr;
}

void TestMailbox::theModelKeepsItsPromises()
{
    MailboxModel model(nothingStored);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    sync::ServerListing listing;
    for (int id = 0; id < 30; ++id)
        listing.messages.append(onServer(id, ServerMessageState(id % 7), 100 * id));
    model.setListing(listing);
    QCOMPARE(model.rowCount(), 30);
    QCOMPARE(model.message(0).id, 29); // the newest first
    model.addHeaders(headersFor({1, 5, 9}));
    for (int column = 0; column < MailboxModel::Columns; ++column) {
        model.sort(column, Qt::AscendingOrder);
        model.sort(column, Qt::DescendingOrder);
        QCOMPARE(model.rowCount(), 30);
    }
    model.setFilter(MailboxModel::Filter::NotHere, {});
    model.setMark({0, 1, 2}, ServerMark::Get);
    model.setFilter(MailboxModel::Filter::Marked, {});
    QCOMPARE(model.rowCount(), 3);
    listing.messages.resize(5);
    model.setListing(listing);
    model.setFilter(MailboxModel::Filter::All, {});
    QCOMPARE(model.rowCount(), 5);
    for (int row = 0; row < 5; ++row) {
        QCOMPARE(model.rowOf(model.message(row).id), row);
        QVERIFY(!model.index(row, 0).data(Qt::AccessibleTextRole).toString().isEmpty());
    }
    model.clearMarks();
    QVERIFY(model.orders().isEmpty());
}

void TestMailbox::wishesForHeadersOfTheRowsInSightAndNoOthers()
{
    MailboxModel model(nothingStored);
    QSignalSpy wished(&model, &MailboxModel::headersWished);
    sync::ServerListing listing;
    for (int id = 0; id < 1000; ++id)
        listing.messages.append(onServer(id, ServerMessageState::New));
    listing.messages[995].message = MessageId{7}; // stored: the server is not asked
    model.setListing(listing);
    QCOMPARE(wished.size(), 0);
    model.setVisibleRows(0, 9);
    QCOMPARE(wished.size(), 1);
    QCOMPARE(
        wished.constLast().constFirst().value<QList<int>>(), (QList<int>{999, 998, 997, 996, 994, 993, 992, 991, 990}));
    model.addHeaders(headersFor({999, 998, 997, 996, 994, 993, 992, 991, 990}));
    model.setVisibleRows(0, 9);
    QCOMPARE(wished.size(), 1); // kept
    QCOMPARE(model.index(0, MailboxModel::Subject).data().toString(), u"Subject 999"_s);
    model.lookAtAll();
    QCOMPARE(wished.constLast().constFirst().value<QList<int>>().size(), 990);
    // What scrolls into sight meanwhile comes first.
    model.setVisibleRows(500, 501);
    QCOMPARE(wished.constLast().constFirst().value<QList<int>>().first(2), (QList<int>{499, 498}));
}

void TestMailbox::sortsByWhatIsKnownAndTheRestComesLast()
{
    MailboxModel model(nothingStored);
    sync::ServerListing listing;
    for (int id = 0; id < 6; ++id)
        listing.messages.append(onServer(id, ServerMessageState::New, 100 - id));
    model.setListing(listing);
    model.addHeaders(headersFor({1, 3, 5}));
    const auto ids = [&model] {
        QList<int> shown;
        for (int row = 0; row < model.rowCount(); ++row)
            shown.append(model.message(row).id);
        return shown;
    };
    model.sort(MailboxModel::Subject, Qt::AscendingOrder);
    QCOMPARE(ids(), (QList<int>{1, 3, 5, 4, 2, 0}));
    model.sort(MailboxModel::Date, Qt::DescendingOrder);
    QCOMPARE(ids(), (QList<int>{5, 3, 1, 4, 2, 0}));
    model.sort(MailboxModel::Size, Qt::AscendingOrder);
    QCOMPARE(ids(), (QList<int>{5, 4, 3, 2, 1, 0}));
    model.sort(-1, Qt::AscendingOrder);
    QCOMPARE(ids(), (QList<int>{5, 4, 3, 2, 1, 0}));
}

void TestMailbox::filtersByStateAndWords()
{
    openWindow();
    list({onServer(0, ServerMessageState::New), onServer(1, ServerMessageState::Stored),
        onServer(2, ServerMessageState::TooLarge)});
    m_main->mailboxes()->headersKnown(m_account.id, headersFor({0, 1, 2}));
    QCOMPARE(model()->rowCount(), 3);
    QTest::keyClicks(box()->findChild<QLineEdit *>(), u"SUBJECT 2"_s);
    QTRY_COMPARE(model()->rowCount(), 1);
    QCOMPARE(model()->message(0).id, 2);
    QTest::keyClick(box(), Qt::Key_Escape); // clears the words, and closes nothing
    QTRY_COMPARE(model()->rowCount(), 3);
    QVERIFY(box()->isVisible());
    auto *filter = box()->findChild<QComboBox *>();
    filter->setCurrentIndex(int(MailboxModel::Filter::NotHere));
    QTRY_COMPARE(model()->rowCount(), 2);
    filter->setCurrentIndex(int(MailboxModel::Filter::Marked));
    QTRY_COMPARE(model()->rowCount(), 0);
    QVERIFY(box()->findChild<EmptyState *>()->isVisible());
}

void TestMailbox::marksOnlyWhatMayBeMarked()
{
    MailboxModel model(nothingStored);
    sync::ServerListing listing;
    listing.messages = {onServer(0, ServerMessageState::Stored), onServer(1, ServerMessageState::New)};
    listing.messages.append(onServer(2, ServerMessageState::New));
    listing.messages[2].deletable = false;
    model.setListing(listing);
    model.setMark({0, 1, 2}, ServerMark::Get);
    QCOMPARE(model.orders().get, 2); // what is stored here is not fetched again
    model.setMark({0, 1, 2}, ServerMark::Delete);
    QCOMPARE(model.orders().remove, 2);
    QCOMPARE(model.orders().lost, 1);
    QCOMPARE(model.mark(2), ServerMark::Get);
    listing.whyNoDeletion = u"Not here."_s;
    model.setListing(listing);
    QCOMPARE(model.orders().remove, 0);
}

void TestMailbox::saysWhatWillHappen()
{
    MailboxOrders orders;
    QVERIFY(orders.isEmpty());
    orders.get = 3;
    orders.getBytes = 4'000'000;
    orders.remove = 12;
    orders.lost = 2;
    const QString text = orders.text();
    QVERIFY2(text.contains(u"Get 3 message"_s), qPrintable(text));
    QVERIFY2(text.contains(u"Delete 12 message"_s), qPrintable(text));
    QVERIFY2(text.contains(u"of which 2"_s), qPrintable(text));
    QVERIFY2(text.contains(u"gone for good"_s), qPrintable(text));
    orders = {};
    orders.remove = orders.lost = 1;
    QVERIFY2(orders.text().contains(u"Delete 1 message"_s), qPrintable(orders.text()));
}

void TestMailbox::aNewListingKeepsMarksAndHeaders()
{
    openWindow();
    list({onServer(0, ServerMessageState::New), onServer(1, ServerMessageState::New),
        onServer(2, ServerMessageState::New)});
    m_main->mailboxes()->headersKnown(m_account.id, headersFor({0, 1, 2}));
    select({1});
    QTest::keyClick(table(), Qt::Key_G);
    list({onServer(1, ServerMessageState::New), onServer(2, ServerMessageState::Stored),
        onServer(3, ServerMessageState::New)});
    QCOMPARE(model()->orders().get, 1);
    QCOMPARE(model()->mark(1), ServerMark::Get);
    QVERIFY(model()->header(2).has_value());
    QCOMPARE(model()->message(table()->currentIndex().row()).id, 1); // and what is selected
    list({onServer(1, ServerMessageState::Stored)});
    QVERIFY(model()->orders().isEmpty()); // it came meanwhile
}

void TestMailbox::opensFromTheMenuByKeyAndFromTheFolderPane()
{
    QSignalSpy opened(m_main->mailboxes(), &MailboxWindows::openWished);
    QTest::keyClick(m_main.get(), Qt::Key_M, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(opened.size(), 1);
    QCOMPARE(opened.constFirst().constFirst().value<AccountId>(), m_account.id);
    QVERIFY(box());
    QVERIFY(box()->windowTitle().contains(u"Personal"_s));
    box()->activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), box());
    Q_EMIT m_main->findChild<FolderPane *>()->mailboxWished(m_account.id);
    QCOMPARE(opened.size(), 2); // the same window, listed anew
    QCOMPARE(m_main->findChildren<MailboxWindow *>().size(), 1);
    QSignalSpy closed(m_main->mailboxes(), &MailboxWindows::closeWished);
    QTest::keyClick(box(), Qt::Key_Escape);
    QCOMPARE(closed.size(), 1);
    QVERIFY(!box());
}

void TestMailbox::marksByKeyAndApplies()
{
    openWindow();
    QSignalSpy applied(m_main->mailboxes(), &MailboxWindows::applyWished);
    list({onServer(0, ServerMessageState::Stored), onServer(1, ServerMessageState::New, 4'000'000),
        onServer(2, ServerMessageState::TooLarge), onServer(3, ServerMessageState::New)});
    QVERIFY(!button(u"Apply"_s)->isEnabled());
    select({3}); // id 0
    QTest::keyClick(table(), Qt::Key_Delete);
    select({2}); // id 1
    QTest::keyClick(table(), Qt::Key_G);
    select({0, 1}); // ids 3 and 2
    QTest::keyClick(table(), Qt::Key_N);
    QCOMPARE(applied.size(), 0); // nothing is final
    QVERIFY2(summaryText().contains(u"Get 1 message"_s), qPrintable(summaryText()));
    QVERIFY(summaryText().contains(u"Never get 2 message"_s));
    QVERIFY(summaryText().contains(u"Delete 1 message"_s));
    QVERIFY(!summaryText().contains(u"gone for good"_s));
    select({0});
    QTest::keyClick(table(), Qt::Key_U);
    QVERIFY(summaryText().contains(u"Never get 1 message"_s));
    QTest::keyClick(table(), Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(applied.size(), 1);
    const auto wishes = applied.constFirst().at(1).value<QList<ServerWish>>();
    QCOMPARE(wishes.size(), 3);
    for (const ServerWish &wish : wishes) {
        QVERIFY(!wish.agreedToLose);
        QCOMPARE(wish.mark, wish.id == 0 ? ServerMark::Delete : wish.id == 1 ? ServerMark::Get : ServerMark::Skip);
    }
    QVERIFY(model()->orders().isEmpty());
    QVERIFY(!button(u"Apply"_s)->isEnabled());
}

void TestMailbox::asksBeforeSomethingIsLost()
{
    openWindow();
    QSignalSpy applied(m_main->mailboxes(), &MailboxWindows::applyWished);
    const auto question = [this] { return box()->findChild<QMessageBox *>(); };
    list({onServer(0, ServerMessageState::Stored), onServer(1, ServerMessageState::New)});
    m_main->mailboxes()->headersKnown(m_account.id, headersFor({1}));
    select({0, 1});
    QTest::keyClick(table(), Qt::Key_Delete);
    QVERIFY(summaryText().contains(u"gone for good"_s));
    QTest::mouseClick(button(u"Apply"_s), Qt::LeftButton);
    QVERIFY(question());
    QVERIFY(question()->informativeText().contains(u"Sender 1: Subject 1"_s));
    QTest::keyClick(question(), Qt::Key_Return); // the safe answer is the default
    QTRY_VERIFY(!question());
    QCOMPARE(applied.size(), 0);
    QCOMPARE(model()->orders().remove, 2);

    QTest::mouseClick(button(u"Apply"_s), Qt::LeftButton);
    QVERIFY(question());
    QTest::mouseClick(question()->findChild<QPushButton *>(u"theRestOnly"_s), Qt::LeftButton);
    QCOMPARE(applied.size(), 1);
    auto wishes = applied.constLast().at(1).value<QList<ServerWish>>();
    QCOMPARE(wishes.size(), 1);
    QCOMPARE(wishes.constFirst().id, 0);
    QVERIFY(!wishes.constFirst().agreedToLose);
    QTRY_VERIFY(!question());
    box()->activateWindow();
    QTRY_COMPARE(QApplication::activeWindow(), box());

    select({0, 1});
    QTest::keyClick(table(), Qt::Key_Delete);
    QTest::mouseClick(button(u"Apply"_s), Qt::LeftButton);
    QVERIFY(question());
    QTest::mouseClick(question()->findChild<QPushButton *>(u"deleteForGood"_s), Qt::LeftButton);
    QCOMPARE(applied.size(), 2);
    wishes = applied.constLast().at(1).value<QList<ServerWish>>();
    QCOMPARE(wishes.size(), 2);
    for (const ServerWish &wish : wishes)
        QCOMPARE(wish.agreedToLose, wish.id == 1);
    QCOMPARE(wishes.constLast().subject, u"Subject 1"_s);
}

void TestMailbox::takesBackWhatWasOrdered()
{
    openWindow();
    ServerMessage ordered = onServer(0, ServerMessageState::New);
    ordered.ordered = true;
    ordered.fate = ServerFate::GoesNext;
    list({ordered});
    QVERIFY(model()->index(0, MailboxModel::Fate).data().toString().contains(u"as ordered"_s));
    select({0});
    QTest::keyClick(table(), Qt::Key_U);
    QCOMPARE(model()->orders().keep, 1);
    QTest::keyClick(table(), Qt::Key_U);
    QCOMPARE(model()->orders().keep, 0);
}

void TestMailbox::showsTheFirstLinesOfTheSelectedRow()
{
    openWindow();
    QSignalSpy wished(m_main->mailboxes(), &MailboxWindows::previewWished);
    list({onServer(0, ServerMessageState::New), onServer(1, ServerMessageState::New)});
    QTRY_COMPARE(wished.size(), 1);
    QCOMPARE(wished.constFirst().at(1).toInt(), 1);
    auto *preview = box()->findChild<MailboxPreview *>();
    sync::ServerPreview given;
    given.header = headersFor({0}).constFirst();
    given.text = u"Of another row."_s;
    m_main->mailboxes()->previewed(m_account.id, given);
    QVERIFY(preview->text().isEmpty());
    given.header = headersFor({1}).constFirst();
    given.text = u"Hello from the server."_s;
    m_main->mailboxes()->previewed(m_account.id, given);
    QCOMPARE(preview->text(), u"Hello from the server."_s);
    QTest::keyClick(table(), Qt::Key_Down);
    QTRY_COMPARE(wished.size(), 2);
    QVERIFY(preview->text().isEmpty());
}

void TestMailbox::readsWhatIsStoredFromTheStore()
{
    openWindow();
    QSignalSpy headers(m_main->mailboxes(), &MailboxWindows::headersWished);
    QSignalSpy previews(m_main->mailboxes(), &MailboxWindows::previewWished);
    ServerMessage stored = onServer(0, ServerMessageState::Stored);
    stored.message = m_stored.id;
    list({stored});
    QTRY_COMPARE(model()->index(0, MailboxModel::Subject).data().toString(), u"A stored one"_s);
    QTRY_VERIFY(box()->findChild<MailboxPreview *>()->text().contains(u"The text of A stored one."_s));
    QCOMPARE(headers.size(), 0);
    QCOMPARE(previews.size(), 0);
}

void TestMailbox::anErrorIsABarAndTheRowsStay()
{
    openWindow();
    QSignalSpy opened(m_main->mailboxes(), &MailboxWindows::openWished);
    m_main->mailboxes()->failed(
        m_account.id, {ErrorKind::Timeout, u"The server fell silent."_s, ErrorAction::Retry, {}, {}});
    m_main->mailboxes()->phaseChanged(m_account.id, VisitPhase::Resting);
    auto *bar = box()->findChild<MessageBar *>();
    QVERIFY(bar->isVisible());
    QVERIFY(bar->text().contains(u"fell silent"_s));
    list({onServer(0, ServerMessageState::New)});
    QVERIFY(!bar->isVisible());
    m_main->mailboxes()->failed(
        m_account.id, {ErrorKind::Timeout, u"The server fell silent."_s, ErrorAction::Retry, {}, {}});
    QCOMPARE(model()->rowCount(), 1);
    QTest::keyClick(box(), Qt::Key_F5);
    QCOMPARE(opened.size(), 1);
    QSignalSpy action(m_main->mailboxes(), &MailboxWindows::problemActionWished);
    m_main->mailboxes()->failed(
        m_account.id, {ErrorKind::AuthenticationFailed, u"Wrong."_s, ErrorAction::EnterPassword, {}, {}});
    QTest::mouseClick(button(u"Enter password…"_s), Qt::LeftButton);
    QTRY_COMPARE(action.size(), 1);
}

void TestMailbox::saysWhyNothingCanBeDeleted()
{
    openWindow();
    list({onServer(0, ServerMessageState::Stored)}, u"Nothing is deleted here."_s);
    QVERIFY(box()->findChild<QLabel *>(u"status"_s)->text().contains(u"Nothing is deleted here."_s));
    select({0});
    QTest::keyClick(table(), Qt::Key_Delete);
    QVERIFY(model()->orders().isEmpty());
}

void TestMailbox::asksBeforeMarksAreLost()
{
    openWindow();
    QSignalSpy closed(m_main->mailboxes(), &MailboxWindows::closeWished);
    list({onServer(0, ServerMessageState::New)});
    select({0});
    QTest::keyClick(table(), Qt::Key_G);
    box()->close();
    QVERIFY(box() && box()->isVisible());
    QCOMPARE(closed.size(), 0);
    auto *question = box()->findChild<QMessageBox *>();
    QVERIFY(question);
    QTest::mouseClick(question->findChild<QPushButton *>(u"doIt"_s), Qt::LeftButton);
    QTRY_COMPARE(closed.size(), 1);
}

void TestMailbox::offersToLookAtAllWhereTheOrderIsIncomplete()
{
    openWindow();
    QList<ServerMessage> messages;
    for (int id = 0; id < 500; ++id)
        messages.append(onServer(id, ServerMessageState::New));
    list(messages);
    QPushButton *all = box()->findChild<QPushButton *>(u"lookAtAll"_s);
    QVERIFY(!all->isVisible());
    table()->horizontalHeader()->setSortIndicator(MailboxModel::Subject, Qt::AscendingOrder);
    QTRY_VERIFY(all->isVisible());
    QSignalSpy wished(m_main->mailboxes(), &MailboxWindows::headersWished);
    QTest::mouseClick(all, Qt::LeftButton);
    QVERIFY(wished.size() >= 1);
    QCOMPARE(wished.constLast().at(1).value<QList<int>>().size(), 500);
    QList<int> ids;
    for (int id = 0; id < 500; ++id)
        ids.append(id);
    m_main->mailboxes()->headersKnown(m_account.id, headersFor(ids));
    QTRY_VERIFY(!all->isVisible());
}

void TestMailbox::fiftyThousandRows()
{
    openWindow();
    constexpr int count = 50'000;
    QList<ServerMessage> messages;
    messages.reserve(count);
    for (int id = 0; id < count; ++id)
        messages.append(onServer(id, ServerMessageState(id % 7), 1000 + id % 977));
    QSignalSpy wished(m_main->mailboxes(), &MailboxWindows::headersWished);
    QElapsedTimer timer;
    timer.start();
    list(messages);
    qInfo("50,000 rows shown in %lld ms", timer.elapsed());
    QTRY_VERIFY(!wished.isEmpty());
    // The rows in sight, and no more.
    QVERIFY(wished.constLast().at(1).value<QList<int>>().size() < 100);
    timer.start();
    table()->horizontalHeader()->setSortIndicator(MailboxModel::Size, Qt::AscendingOrder);
    qInfo("sorted by size in %lld ms", timer.elapsed());
    QCOMPARE(model()->message(0).size, 1000);
    timer.start();
    table()->selectAll();
    QTest::keyClick(table(), Qt::Key_Delete);
    qInfo("all marked in %lld ms", timer.elapsed());
    QCOMPARE(model()->orders().remove, count);
    timer.start();
    table()->scrollToBottom();
    QTRY_VERIFY(wished.constLast().at(1).value<QList<int>>().size() < 100);
    box()->findChild<QComboBox *>()->setCurrentIndex(int(MailboxModel::Filter::New));
    QTRY_VERIFY(model()->rowCount() < count / 6);
    qInfo("filtered in %lld ms", timer.elapsed());
    model()->clearMarks();
}

void TestMailbox::namesEveryControl()
{
    openWindow();
    list({onServer(0, ServerMessageState::New)});
    for (QWidget *widget : box()->findChildren<QWidget *>()) {
        if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisible())
            continue;
        const bool named = !widget->accessibleName().isEmpty() || qobject_cast<QPushButton *>(widget)
            || widget->metaObject()->className() == QByteArray("QLineEditIconButton")
            || widget->parent()->inherits("QAbstractScrollArea") || widget->inherits("QSplitter");
        QVERIFY2(named, widget->metaObject()->className());
    }
    for (QAction *action : box()->findChildren<QAction *>()) {
        if (!action->text().isEmpty() && !action->icon().isNull() && action->parent() == box())
            QVERIFY2(!action->shortcut().isEmpty(), qPrintable(action->text()));
    }
}

QTEST_MAIN(TestMailbox)
#include "tst_mailbox.moc"
