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

/// What the window says of checks, and what it asks because of them.
class TestSaidOfChecks : public OpenedWindow
{
    Q_OBJECT

private Q_SLOTS:
    void saysOneErrorAtATimeWithOneAction();
    void p303_saysAllThatACheckHasToSayOfAnAccount();
    void p303_theTroubleOfACheckTakesThePlaceOfTheLast();
    void F15_whatWasSaidOfTheStoreGoesWhenACheckWentWell();
    void p321_saysThatDeletionsWaitForTheRepair();
    void Q52_asksBeforeManyMessagesLeaveTheServer();
    void Q39_saysWhichMessagesFailedAndTriesAgain();
    void Q16_saysWhenAPostponedCheckIsDone();
    void asksWhetherToLeaveWhatAnotherProgramHas();
    void asksForAPasswordWithoutBlocking();
};

void TestSaidOfChecks::saysOneErrorAtATimeWithOneAction()
{
    open();
    auto *bar = m_window->findChild<MessageBar *>();
    QVERIFY(bar->isHidden());
    sync::CheckResult result;
    result.account = m_account.id;
    result.error = fail(ErrorKind::ConnectionRefused, u"The server does not answer."_s, ErrorAction::Retry).error();
    m_window->checked(result);
    QVERIFY(bar->isVisible());
    QVERIFY(bar->text().contains(u"Personal") && bar->text().contains(u"does not answer"));
    m_window->failed(fail(ErrorKind::StoreFull, u"The disk is full."_s).error());
    QCOMPARE(bar->count(), 2);
    QVERIFY(bar->text().contains(u"disk is full"));
    bar->closeLatest();
    QSignalSpy wished(m_window.get(), &MainWindow::checkMailWished);
    auto *button = bar->findChild<QPushButton *>();
    QVERIFY(button);
    QTest::mouseClick(bar->bar()->findChildren<QPushButton *>().constLast(), Qt::LeftButton);
    QCOMPARE(wished.size(), 1);
    QCOMPARE(wished.constFirst().constFirst().value<QList<AccountId>>(), QList{m_account.id});
    QVERIFY(bar->isHidden());
    m_window->checked(result);
    result.error.reset();
    m_window->checked(result);
    QVERIFY(bar->isHidden());
}

void TestSaidOfChecks::p303_saysAllThatACheckHasToSayOfAnAccount()
{
    open();
    sync::CheckResult result;
    result.account = m_account.id;
    result.finishedAt = QDateTime::currentDateTimeUtc();
    result.certificateEnds = result.finishedAt.addDays(5);
    result.failedMessages = 2;
    result.failed = {{u"Ada"_s, u"Plans"_s, 10, u"corrupt"_s}, {}};
    result.heldDeletions = 250;
    auto *bar = m_window->findChild<MessageBar *>();
    for (int check = 0; check < 2; ++check) {
        m_window->checked(result);
        QCOMPARE(bar->count(), 3); // and not six
    }
    // Trouble of another kind stands beside them.
    sync::CheckResult failed;
    failed.account = m_account.id;
    failed.error = fail(ErrorKind::Timeout, u"No answer."_s, ErrorAction::Retry).error();
    m_window->checked(failed);
    QCOMPARE(bar->count(), 4);
    QVERIFY(bar->text().contains(u"No answer."_s) && bar->text().contains(u"and 3 more"_s));
    bar->closeLatest();
    QVERIFY(bar->text().contains(u"250"_s));
    bar->closeLatest();
    QVERIFY(bar->text().contains(u"could not be fetched"_s));
    bar->closeLatest();
    QVERIFY(bar->text().contains(u"certificate"_s));
    // What the next check does not say any more is over.
    m_window->checked(result);
    result.failed.clear();
    result.failedMessages = 0;
    result.heldDeletions = 0;
    m_window->checked(result);
    QCOMPARE(bar->count(), 1);
    QVERIFY(bar->text().contains(u"certificate"_s));
}

void TestSaidOfChecks::p303_theTroubleOfACheckTakesThePlaceOfTheLast()
{
    open();
    auto *bar = m_window->findChild<MessageBar *>();
    sync::CheckResult failed;
    failed.account = m_account.id;
    for (const ErrorKind kind : {ErrorKind::Timeout, ErrorKind::NameLookupFailed, ErrorKind::CertificateUntrusted}) {
        failed.error = fail(kind, u"Trouble %1."_s.arg(int(kind))).error();
        m_window->checked(failed);
        QCOMPARE(bar->count(), 1);
        QVERIFY(bar->text().contains(failed.error->text));
    }
    // Another account has its own.
    failed.account = AccountId{m_account.id.value + 1};
    m_window->checked(failed);
    QCOMPARE(bar->count(), 2);
}

void TestSaidOfChecks::F15_whatWasSaidOfTheStoreGoesWhenACheckWentWell()
{
    open();
    auto *bar = m_window->findChild<MessageBar *>();
    for (const ErrorKind kind : {ErrorKind::StoreFailed, ErrorKind::StoreFull, ErrorKind::StoreLocked,
             ErrorKind::StoreUnreadable, ErrorKind::StoreDamaged})
        m_window->failed(fail(kind, u"Trouble %1."_s.arg(int(kind))).error());
    QCOMPARE(bar->count(), 5);
    sync::CheckResult well;
    well.account = m_account.id;
    well.finishedAt = QDateTime::currentDateTimeUtc();
    m_window->checked(well);
    QCOMPARE(bar->count(), 1); // of damage that was found, until it is mended
    m_window->careFinished({sync::CareTask::QuickCheck, {}, std::nullopt});
    QCOMPARE(bar->count(), 1);
    m_window->careFinished({sync::CareTask::FullCheck, u"All is well."_s, std::nullopt});
    QCOMPARE(bar->count(), 0);
}

void TestSaidOfChecks::p321_saysThatDeletionsWaitForTheRepair()
{
    open();
    auto *bar = m_window->findChild<MessageBar *>();
    sync::CheckResult result;
    result.account = m_account.id;
    result.finishedAt = QDateTime::currentDateTimeUtc();
    result.waitingDeletions = 7;
    m_window->checked(result);
    QCOMPARE(bar->count(), 1);
    QVERIFY2(bar->text().contains(u"7"_s) && bar->text().contains(u"repaired"_s), qPrintable(bar->text()));
    m_window->careFinished({sync::CareTask::Repair, u"Done."_s, std::nullopt});
    QCOMPARE(bar->count(), 0);
}

void TestSaidOfChecks::Q52_asksBeforeManyMessagesLeaveTheServer()
{
    open();
    sync::CheckResult result;
    result.account = m_account.id;
    result.finishedAt = QDateTime::currentDateTimeUtc();
    result.heldDeletions = 250;
    m_window->checked(result);
    auto *bar = m_window->findChild<MessageBar *>();
    QVERIFY(bar->text().contains(u"250"_s));
    const QSignalSpy wish(m_window.get(), &MainWindow::deleteHeldBackWished);
    QPushButton *agree = nullptr;
    for (QPushButton *button : bar->findChildren<QPushButton *>()) {
        if (button->text().contains(u"Delete"_s))
            agree = button;
    }
    QVERIFY(agree);
    QTest::mouseClick(agree, Qt::LeftButton);
    QCOMPARE(wish.count(), 1);
    QCOMPARE(wish.first().at(0).value<AccountId>(), result.account);
    QCOMPARE(wish.first().at(1).toInt(), 250);
    // The next check that holds nothing back takes the question away.
    result.heldDeletions = 0;
    m_window->checked(result);
    QCOMPARE(bar->count(), 0);
}

void TestSaidOfChecks::Q39_saysWhichMessagesFailedAndTriesAgain()
{
    open();
    sync::CheckResult result;
    result.account = m_account.id;
    result.finishedAt = QDateTime::currentDateTimeUtc();
    result.failedMessages = 2;
    result.failed = {{u"Ada"_s, u"Plans"_s, 10, u"corrupt"_s}, {}};
    m_window->checked(result);
    auto *bar = m_window->findChild<MessageBar *>();
    QCOMPARE(bar->count(), 1);
    for (QPushButton *button : bar->findChildren<QPushButton *>()) {
        if (button->text().contains(u"Show"_s))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    auto *dialog = m_window->findChild<FailedMessagesDialog *>();
    QVERIFY(dialog);
    const QSignalSpy wish(m_window.get(), &MainWindow::retryFailedWished);
    for (QPushButton *button : dialog->findChildren<QPushButton *>()) {
        if (button->text().contains(u"ry again"_s))
            QTest::mouseClick(button, Qt::LeftButton);
    }
    QCOMPARE(wish.count(), 1);
    QCOMPARE(wish.first().at(0).value<AccountId>(), m_account.id);
}

void TestSaidOfChecks::Q16_saysWhenAPostponedCheckIsDone()
{
    open();
    sync::ServerAnnouncement server;
    server.account = m_account.id;
    server.loginDelay = 600;
    m_window->serverAnnounced(server);
    m_window->checkPostponed(m_account.id, QDateTime(QDate(2026, 11, 20), QTime(14, 32)));
    bool said = false;
    for (const QLabel *label : m_window->findChildren<QLabel *>())
        said = said || (label->text().contains(u"10"_s) && label->text().contains(shortTime(QTime(14, 32))));
    QVERIFY(said);
}

void TestSaidOfChecks::asksWhetherToLeaveWhatAnotherProgramHas()
{
    open();
    QSignalSpy answered(m_window.get(), &MainWindow::elsewhereAnswered);
    for (const bool leave : {true, false}) {
        m_window->askElsewhere(m_account, u"Thunderbird"_s, 1240);
        auto *box = m_window->findChild<QMessageBox *>();
        QVERIFY(box);
        QVERIFY(box->text().contains(u"Thunderbird"_s));
        QCOMPARE(box->textFormat(), Qt::PlainText);
        if (leave)
            box->defaultButton()->click();
        else
            box->reject(); // Esc: all is fetched, so that nothing can be missed
        QCOMPARE(answered.size(), 1);
        QCOMPARE(answered.first().at(0).value<AccountSettings>(), m_account);
        QCOMPARE(answered.takeFirst().at(1).toBool(), leave);
        QTRY_VERIFY(!m_window->findChild<QMessageBox *>());
    }
}

void TestSaidOfChecks::asksForAPasswordWithoutBlocking()
{
    open();
    m_window->setKeychainAvailable(false, u"No keyring runs."_s);
    m_window->askPassword(m_account.id);
    m_window->askPassword(m_account.id);
    const auto dialogs = m_window->findChildren<PasswordDialog *>();
    QCOMPARE(dialogs.size(), 1);
    PasswordDialog *dialog = dialogs.constFirst();
    QVERIFY(!dialog->isModal());
    QVERIFY(!dialog->rememberBox()->isEnabled());
    QCOMPARE(dialog->field()->echoMode(), QLineEdit::Password);
    QSignalSpy given(m_window.get(), &MainWindow::passwordGiven);
    QTest::keyClicks(dialog->field(), u"s3cret"_s);
    QTest::keyClick(dialog->field(), Qt::Key_Return);
    QCOMPARE(given.size(), 1);
    QCOMPARE(given.constFirst().at(1).toString(), u"s3cret"_s);
    QCOMPARE(given.constFirst().at(2).toBool(), false);
    m_settings->sync();
    for (const QString &key : m_settings->allKeys())
        QVERIFY(!m_settings->value(key).toString().contains(u"s3cret"));
}

QTEST_MAIN(TestSaidOfChecks)
#include "tst_saidofchecks.moc"
