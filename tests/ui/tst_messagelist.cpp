// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/messagedelegate.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistview.h"
#include "ui/list/searchwords.h"
#include "ui/theme/text.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QPromise>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

QList<MessageId> ids(qint64 first, qint64 last)
{
    QList<MessageId> list;
    list.reserve(last - first + 1);
    for (qint64 i = first; i <= last; ++i)
        list.append(MessageId{i});
    return list;
}

/// Answers at once, and counts what was asked.
struct Source {
    qsizetype asked = 0;
    qsizetype largest = 0;
    MessageFlags flags;

    MessageListModel::Fetch fetch()
    {
        return [this](const QList<MessageId> &wanted) {
            asked += wanted.size();
            largest = qMax(largest, wanted.size());
            QList<MessageSummary> rows;
            for (const MessageId id : wanted) {
                MessageSummary row;
                row.id = id;
                row.from = {u"Sender %1"_s.arg(id.value), u"s%1@example.org"_s.arg(id.value)};
                row.subject = u"Subject %1"_s.arg(id.value);
                row.date = QDateTime::currentDateTimeUtc();
                row.flags = flags;
                rows.append(row);
            }
            return QtFuture::makeReadyValueFuture(Expected<QList<MessageSummary>>(rows));
        };
    }
};

} // namespace

class TestMessageList : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void obeysTheRulesOfModelsWhileRowsComeAndGo();
    void givesTheListAsItIsAfterAnyUpdate_data();
    void givesTheListAsItIsAfterAnyUpdate();
    void fetchesAMillionRowsOnlyWhereTheyAreSeen();
    void keepsTheSelectionWhenMailArrives();
    void keepsThePlaceWhenMailArrivesAboveIt();
    void p319_staysWhereOneReadsThoughTheSelectedMessageIsElsewhere();
    void selectsTheNextRowAfterADeletion();
    void selectsTheRowBeforeWhenTheLastIsDeleted();
    void keepsTheSelectionThroughAReset();
    void showsOldFlagsUntilNewOnesAreFetched();
    void namesARowForScreenReaders();
    void goesToBothEndsByKeyboard();
    void takesAllOfAMillionFromRanges();
    void opensByEnterAndStarsByClick();
    void findsTheWordsOfAQuery();
    void writesDatesAsTheyAreRead();
};

void TestMessageList::obeysTheRulesOfModelsWhileRowsComeAndGo()
{
    Source source;
    MessageListModel model(source.fetch());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setMessages(ids(1, 300));
    model.setVisibleRows(0, 20);
    QTRY_VERIFY(model.summaryAt(20));
    model.updateMessages(ids(1, 310));
    model.updateMessages(ids(5, 305));
    model.removeMessages({MessageId{7}, MessageId{9}, MessageId{10}, MessageId{305}});
    model.updateMessages({MessageId{400}, MessageId{6}, MessageId{401}, MessageId{8}});
    model.updateMessages({});
    QCOMPARE(model.rowCount(), 0);
}

void TestMessageList::givesTheListAsItIsAfterAnyUpdate_data()
{
    QTest::addColumn<QList<MessageId>>("before");
    QTest::addColumn<QList<MessageId>>("after");
    QTest::newRow("at the top") << ids(5, 9) << ids(1, 9);
    QTest::newRow("at the end") << ids(1, 5) << ids(1, 9);
    QTest::newRow("in the middle") << QList{MessageId{1}, MessageId{9}} << ids(1, 9);
    QTest::newRow("some went, some came")
        << ids(1, 9) << QList{MessageId{20}, MessageId{2}, MessageId{21}, MessageId{9}};
    QTest::newRow("another order") << ids(1, 3) << QList{MessageId{3}, MessageId{1}, MessageId{2}};
    QTest::newRow("all went") << ids(1, 9) << QList<MessageId>();
    QTest::newRow("the first came") << QList<MessageId>() << ids(1, 9);
}

void TestMessageList::givesTheListAsItIsAfterAnyUpdate()
{
    QFETCH(QList<MessageId>, before);
    QFETCH(QList<MessageId>, after);
    Source source;
    MessageListModel model(source.fetch());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setMessages(before);
    model.updateMessages(after);
    QCOMPARE(model.messages(), after);
}

void TestMessageList::fetchesAMillionRowsOnlyWhereTheyAreSeen()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    view.resize(400, 600);
    view.show();
    model.setMessages(ids(1, 1'000'000));
    QTRY_VERIFY(model.summaryAt(0));
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum());
    QTRY_VERIFY(model.summaryAt(999'999));
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum() / 2);
    const int middle = view.rowAt(10);
    QVERIFY(middle > 400'000 && middle < 600'000);
    QTRY_VERIFY(model.summaryAt(middle));
    QVERIFY2(source.asked < 1000, qPrintable(QString::number(source.asked)));
    QVERIFY(source.largest <= MessageListModel::pageSize);
    QVERIFY(!model.summaryAt(250'000));
}

void TestMessageList::keepsTheSelectionWhenMailArrives()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    view.resize(400, 300);
    view.show();
    model.setMessages(ids(100, 200));
    QVERIFY(view.selectMessage(MessageId{150}));
    model.updateMessages(ids(90, 200));
    QCOMPARE(view.selectedMessages(), QList{MessageId{150}});
    QCOMPARE(view.currentMessage(), MessageId{150});
}

void TestMessageList::keepsThePlaceWhenMailArrivesAboveIt()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    view.resize(400, 300);
    view.show();
    model.setMessages(ids(100, 300));
    QTRY_VERIFY(view.verticalScrollBar()->maximum() > 0);
    view.verticalScrollBar()->setValue(view.verticalHeader()->defaultSectionSize() * 50 + 7);
    const MessageId top = model.messageAt(view.rowAt(0));
    const int offset = view.rowViewportPosition(view.rowAt(0));
    model.updateMessages(ids(80, 300));
    QCOMPARE(model.messageAt(view.rowAt(0)), top);
    QCOMPARE(view.rowViewportPosition(view.rowAt(0)), offset);
    // At the top the new mail is what one wants to see.
    view.scrollToTop();
    QCOMPARE(view.rowAt(0), 0);
    model.updateMessages(ids(70, 300));
    QCOMPARE(view.rowAt(0), 0);
}

void TestMessageList::p319_staysWhereOneReadsThoughTheSelectedMessageIsElsewhere()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    view.resize(400, 300);
    view.show();
    model.setMessages(ids(100, 300));
    QVERIFY(view.selectMessage(MessageId{101}));
    view.setFocus();
    QTRY_VERIFY(view.hasFocus());
    view.verticalScrollBar()->setValue(view.verticalHeader()->defaultSectionSize() * 120);
    const MessageId top = model.messageAt(view.rowAt(0));
    model.updateMessages(ids(80, 300)); // mail arrives
    QCOMPARE(model.messageAt(view.rowAt(0)), top);
    model.updateMessages(ids(80, 290)); // mail goes
    QCOMPARE(model.messageAt(view.rowAt(0)), top);
    QCOMPARE(view.currentMessage(), MessageId{101});
    // In sight, it stays in sight.
    view.scrollTo(view.currentIndex());
    model.updateMessages(ids(70, 290));
    QVERIFY(view.viewport()->rect().intersects(view.visualRect(view.currentIndex())));
}

void TestMessageList::selectsTheNextRowAfterADeletion()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    model.setMessages(ids(1, 10));
    view.selectRow(3);
    model.removeMessages({MessageId{4}});
    QCOMPARE(view.selectedMessages(), QList{MessageId{5}});
    model.removeMessages({MessageId{5}, MessageId{6}, MessageId{7}});
    QCOMPARE(view.selectedMessages(), QList{MessageId{8}});
}

void TestMessageList::selectsTheRowBeforeWhenTheLastIsDeleted()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    model.setMessages(ids(1, 3));
    view.selectRow(2);
    model.removeMessages({MessageId{3}});
    QCOMPARE(view.selectedMessages(), QList{MessageId{2}});
    model.removeMessages({MessageId{1}, MessageId{2}});
    QVERIFY(view.selectedMessages().isEmpty());
}

void TestMessageList::keepsTheSelectionThroughAReset()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    model.setMessages(ids(1, 5));
    view.selectRow(1);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.updateMessages({MessageId{5}, MessageId{4}, MessageId{2}, MessageId{1}, MessageId{3}});
    QCOMPARE(reset.size(), 1);
    QCOMPARE(view.selectedMessages(), QList{MessageId{2}});
}

void TestMessageList::showsOldFlagsUntilNewOnesAreFetched()
{
    Source source;
    MessageListModel model(source.fetch());
    model.setMessages(ids(1, 5));
    model.setVisibleRows(0, 4);
    QTRY_VERIFY(model.summaryAt(0));
    QVERIFY(!model.summaryAt(0)->flags.testFlag(MessageFlag::Starred));
    source.flags = MessageFlag::Starred;
    model.refresh({MessageId{1}});
    QVERIFY(model.summaryAt(0));
    QTRY_VERIFY(model.summaryAt(0)->flags.testFlag(MessageFlag::Starred));
    QVERIFY(!model.summaryAt(1)->flags.testFlag(MessageFlag::Starred));
}

void TestMessageList::namesARowForScreenReaders()
{
    Source source;
    MessageListModel model(source.fetch());
    model.setMessages(ids(1, 1));
    model.setVisibleRows(0, 0);
    QTRY_VERIFY(model.summaryAt(0));
    const QString text = model.index(0, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(text.contains(u"unread") && text.contains(u"Sender 1") && text.contains(u"Subject 1"), qPrintable(text));
}

void TestMessageList::goesToBothEndsByKeyboard()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    view.resize(400, 300);
    view.show();
    model.setMessages(ids(1, 100));
    // Nothing is selected yet: the first key selects, it does not pass over the first row.
    view.setFocus();
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.selectedMessages(), QList{MessageId{1}});
    view.selectRow(10);
    QTest::keyClick(&view, Qt::Key_End);
    QCOMPARE(view.selectedMessages(), QList{MessageId{100}});
    QTest::keyClick(&view, Qt::Key_Home);
    QCOMPARE(view.selectedMessages(), QList{MessageId{1}});
    QTest::keyClick(&view, Qt::Key_Down);
    QCOMPARE(view.selectedMessages(), QList{MessageId{2}});
    QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(view.selectedMessages(), (QList{MessageId{2}, MessageId{3}}));
}

void TestMessageList::takesAllOfAMillionFromRanges()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    view.resize(400, 300);
    view.show();
    model.setMessages(ids(1, 1'000'000));
    view.selectAll();
    QCOMPARE(view.selectedCount(), 1'000'000);
    QCOMPARE(view.selectionModel()->selection().size(), 1);
    QCOMPARE(view.selectedMessages().size(), 1'000'000);
}

void TestMessageList::opensByEnterAndStarsByClick()
{
    Source source;
    MessageListModel model(source.fetch());
    MessageListView view(&model);
    view.resize(400, 300);
    view.show();
    model.setMessages(ids(1, 20));
    view.selectRow(0);
    QSignalSpy opened(&view, &MessageListView::opened);
    QSignalSpy starred(&view, &MessageListView::starClicked);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(opened.size(), 1);
    const QRect row = view.visualRect(model.index(2, 0));
    QTest::mouseClick(
        view.viewport(), Qt::LeftButton, {}, view.messageDelegate()->starRect(row, view.layoutDirection()).center());
    QCOMPARE(starred.size(), 1);
    QCOMPARE(starred.constFirst().constFirst().value<MessageId>(), MessageId{3});
    // A star is not a selection.
    QCOMPARE(view.selectedMessages(), QList{MessageId{1}});
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, row.center());
    QCOMPARE(opened.size(), 2);
}

void TestMessageList::findsTheWordsOfAQuery()
{
    QCOMPARE(searchWords(u"anna from:bob \"two words\" -never subject:\"a b\" "_s),
        QStringList({u"anna"_s, u"bob"_s, u"two words"_s, u"a b"_s}));
    QCOMPARE(searchWords(u"-from:x from: \""_s), QStringList());
}

void TestMessageList::writesDatesAsTheyAreRead()
{
    const QLocale english(QLocale::English, QLocale::UnitedKingdom);
    const QDateTime now(QDate(2026, 11, 23), QTime(18, 0));
    QCOMPARE(shortDate(QDateTime(QDate(2026, 11, 23), QTime(14, 5)), now, english), u"14:05"_s);
    QCOMPARE(shortDate(QDateTime(QDate(2026, 11, 20), QTime(14, 5)), now, english), u"Fri"_s);
    QCOMPARE(shortDate(QDateTime(QDate(2026, 5, 3), QTime(14, 5)), now, english), u"3 May"_s);
    QCOMPARE(shortDate(QDateTime(QDate(2024, 5, 3), QTime(14, 5)), now, english), u"2024-05-03"_s);
    QCOMPARE(shortDate({}, now, english), QString());
    QCOMPARE(senderText({u"service@bank.example"_s, u"x@evil.example"_s}), u"x@evil.example"_s);
    QCOMPARE(senderText({u"Ada"_s, u"ada@example.org"_s}), u"Ada"_s);
}

QTEST_MAIN(TestMessageList)
#include "tst_messagelist.moc"
