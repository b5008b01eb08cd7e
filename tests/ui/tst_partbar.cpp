// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "mime/message.h"
#include "ui/list/messagelistmodel.h"
#include "ui/list/messagelistpane.h"
#include "ui/list/messagelistview.h"
#include "ui/mainwindow.h"
#include "ui/message/attachmentbar.h"
#include "ui/message/bodyview.h"
#include "ui/message/messageview.h"
#include "ui/message/messagewindow.h"
#include "ui/message/partbar.h"
#include "ui/theme/text.h"

#include <QApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

const QByteArray beginning = "From: Carol <carol@example.net>\r\nTo: me@example.net\r\nSubject: Holiday photos\r\n"
                             "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
                             "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n"
                             "The first lines.\r\n--b\r\nContent-Type: image/png; name=photo.png\r\n"
                             "Content-Disposition: attachment; filename=photo.png\r\n"
                             "Content-Transfer-Encoding: base64\r\n\r\naGVsbG8g\r\n";
const QByteArray whole =
    beginning + "d29ybGQ=\r\n--b\r\nContent-Type: text/plain\r\n\r\nAnd the last ones.\r\n--b--\r\n";

} // namespace

/// A message of which only the beginning is here, as a person meets it.
class TestPartBar : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void saysWhatIsHereAndOffersTheRest();
    void getsTheWholeByKeyAndShowsItWhenItComes();
    void asksBeforeTheRestIsLost();
    void saysWhenTheRestIsGone();
    void aWindowOfItsOwnFollows();

private:
    [[nodiscard]] MessageListPane *list() const { return m_window->findChild<MessageListPane *>(); }
    [[nodiscard]] MessageView *view() const { return m_window->findChild<MessageView *>(); }
    [[nodiscard]] PartBar *bar() const { return view()->partBar(); }
    void completeIt();

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    AccountSettings m_account;
    MessageId m_part;
};

void TestPartBar::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_store->addPlain(m_account.id, {u"One"_s});
    store::AppendItem item;
    item.account = m_account.id;
    item.folder = m_store->folder(m_account.id, FolderRole::Inbox);
    item.key = {"big", 0};
    item.serverSize = 23'400'000;
    item.stub = true;
    const mime::Indexed indexed = mime::index(beginning);
    item.message = store::prepare(beginning, indexed.envelope, indexed.words);
    m_part = m_store->writer->append({item})->stored.constFirst().id;

    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_COMPARE(list()->messages()->rowCount(), 2);
    QTRY_VERIFY(list()->view()->selectMessage(m_part));
    QTRY_COMPARE(view()->source().id(), m_part);
    QTRY_VERIFY(view()->showsMessage() && !view()->isLoading());
    QTRY_VERIFY(bar()->isVisible());
}

void TestPartBar::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
}

void TestPartBar::completeIt()
{
    store::AppendItem item;
    item.account = m_account.id;
    item.folder = m_store->folder(m_account.id, FolderRole::Inbox);
    item.key = {"big", 0};
    const mime::Indexed indexed = mime::index(whole);
    item.message = store::prepare(whole, indexed.envelope, indexed.words);
    QCOMPARE(m_store->writer->append({item})->completed.size(), 1);
    sync::StoreChange change;
    change.updated = {m_part};
    m_window->changed(change);
}

void TestPartBar::saysWhatIsHereAndOffersTheRest()
{
    QVERIFY(bar()->text().contains(fileSize(23'400'000)));
    QVERIFY(view()->body()->toPlainText().contains(u"The first lines."_s));
    // An attachment that is cut off is none to open.
    QVERIFY(view()->attachmentBar()->attachments().isEmpty());
    QVERIFY(view()->attachmentBar()->isHidden());
    const int row = list()->messages()->rowOf(m_part);
    const QString spoken = list()->messages()->index(row, 0).data(Qt::AccessibleTextRole).toString();
    QVERIFY2(spoken.contains(u"only the beginning is here"_s), qPrintable(spoken));

    QSignalSpy refused(m_window.get(), &MainWindow::refuseRestWished);
    QTest::mouseClick(bar()->findChild<QPushButton *>(u"refuseRest"_s), Qt::LeftButton);
    QCOMPARE(refused.size(), 1);
    QCOMPARE(refused.constFirst().at(1).toBool(), false);
    QTRY_VERIFY(bar()->text().contains(u"not wanted"_s));
    // One may think again.
    QVERIFY(m_store->summary(m_part).flags.testFlag(MessageFlag::RestRefused));
    QTest::mouseClick(bar()->findChild<QPushButton *>(u"getWhole"_s), Qt::LeftButton);
    QTRY_VERIFY(bar()->text().contains(u"next check"_s));
    QVERIFY(m_store->summary(m_part).flags.testFlag(MessageFlag::RestWished));
    QVERIFY(!m_store->summary(m_part).flags.testFlag(MessageFlag::RestRefused));
    // A message that is whole has no such bar.
    list()->view()->selectRow(list()->messages()->rowOf(m_part) == 0 ? 1 : 0);
    QTRY_VERIFY(view()->showsMessage() && !(view()->source().id() == m_part));
    QTRY_VERIFY(bar()->isHidden());
}

void TestPartBar::getsTheWholeByKeyAndShowsItWhenItComes()
{
    QSignalSpy wished(m_window.get(), &MainWindow::getWholeWished);
    QTest::keyClick(m_window.get(), Qt::Key_G, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(wished.size(), 1);
    QCOMPARE(wished.constFirst().constFirst().value<QList<MessageId>>(), QList{m_part});
    completeIt();
    QTRY_VERIFY(bar()->isHidden());
    QTRY_VERIFY(view()->body()->toPlainText().contains(u"And the last ones."_s));
    QCOMPARE(view()->attachmentBar()->attachments().size(), 1);
    QCOMPARE(list()->messages()->rowCount(), 2);
    QCOMPARE(list()->view()->selectedMessages(), QList{m_part});
}

void TestPartBar::asksBeforeTheRestIsLost()
{
    QSignalSpy refused(m_window.get(), &MainWindow::refuseRestWished);
    const auto box = [this] { return m_window->findChild<QMessageBox *>(); };
    QTest::mouseClick(bar()->findChild<QPushButton *>(u"deleteRest"_s), Qt::LeftButton);
    QVERIFY(box());
    QVERIFY(box()->informativeText().contains(u"lost"_s));
    QTest::keyClick(box(), Qt::Key_Return); // the safe answer is the default
    QTRY_VERIFY(!box());
    QCOMPARE(refused.size(), 0);
    QTest::mouseClick(bar()->findChild<QPushButton *>(u"deleteRest"_s), Qt::LeftButton);
    QVERIFY(box());
    QTest::mouseClick(box()->findChild<QPushButton *>(u"doIt"_s), Qt::LeftButton);
    QCOMPARE(refused.size(), 1);
    QCOMPARE(refused.constFirst().at(1).toBool(), true);
    QVERIFY(*m_store->writer->mayDelete(m_account.id, {"big", 0}));
}

void TestPartBar::saysWhenTheRestIsGone()
{
    QVERIFY(m_store->writer->noteListing(m_account.id, {}, {{"big", 0}}, QDateTime::currentDateTimeUtc()));
    sync::StoreChange change;
    change.updated = {m_part};
    m_window->changed(change);
    QTRY_VERIFY(bar()->text().contains(u"no longer on the server"_s));
    QVERIFY(bar()->isVisible());
    QTRY_VERIFY(!bar()->findChild<QPushButton *>(u"getWhole"_s));
}

void TestPartBar::aWindowOfItsOwnFollows()
{
    QTest::keyClick(list()->view(), Qt::Key_Return, Qt::ControlModifier);
    MessageWindow *window = nullptr;
    QTRY_VERIFY(([&] {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (auto *found = qobject_cast<MessageWindow *>(widget))
                window = found;
        }
        return window != nullptr;
    }()));
    PartBar *part = window->view()->partBar();
    QTRY_VERIFY(part->isVisible());
    QTRY_VERIFY(window->view()->showsMessage());
    QSignalSpy wished(m_window.get(), &MainWindow::getWholeWished);
    QTest::mouseClick(part->findChild<QPushButton *>(u"getWhole"_s), Qt::LeftButton);
    QCOMPARE(wished.size(), 1);
    QTRY_VERIFY(part->text().contains(u"next check"_s));
    completeIt();
    QTRY_VERIFY(part->isHidden());
    QTRY_VERIFY(window->view()->body()->toPlainText().contains(u"And the last ones."_s));
    window->close();
}

QTEST_MAIN(TestPartBar)
#include "tst_partbar.moc"
