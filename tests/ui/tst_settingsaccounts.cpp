// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "sync/forecast.h"
#include "ui/bars/notebar.h"
#include "ui/dialogs/deletionlog.h"
#include "ui/dialogs/servernotes.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistpane.h"
#include "ui/mainwindow.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/forecasttext.h"
#include "ui/settings/retentionpage.h"
#include "ui/settings/schedulepage.h"
#include "ui/settings/settingsdialog.h"
#include "ui/settings/sizebar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTimeZone>
#include <QTreeWidget>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

template <class Widget>
Widget *control(const QObject &where, const QString &name)
{
    for (Widget *widget : where.findChildren<Widget *>()) {
        const QString text = widget->property("text").toString().remove(u'&');
        if (widget->accessibleName() == name || text == name)
            return widget;
    }
    return nullptr;
}

} // namespace

/// Accounts in the settings dialog: what the person edits, what is wished for, what the forecast says, what is asked.
class TestSettingsAccounts : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void listsAccountsInTheirOrderAndMovesThem();
    void opensAtTheAccountThatIsMeant();
    void wishesForNoMoreThanWasEdited();
    void saysWhatIsWrongAndSavesNothing();
    void deletesOnTheServerWithTrashWhereThatIsChosen();
    void asksForNoServerWhereMailIsOnlyKeptHere();
    void handsOnANewPasswordAndKeepsNoneOfIt();
    void editsOutliveWhatChangesMeanwhile();
    void anAccountThatIsRemovedTakesItsPageAlong();
    void asksBeforeAnAccountIsRemoved();
    void theForecastFollowsTheEdits();
    void theForecastSaysWhatItDoesNotKnow();
    void asksOnceWithTheNumbersBeforeMailLeavesTheServer();
    void keepsEverythingWhenTheAnswerIsNo();
    void asksNothingWhereNothingStartsToLeave();
    void theLogOfDeletionsIsOneClickAway();
    void Q38_saysBesideTheChoiceThatTheServerDeletesByItself();
    void Q16_saysBesideTheIntervalHowOftenTheServerLetsSomebodyIn();
    void forgetsExceptionsForCertificates();
    void saysForecastsInSentences();

private:
    void open();
    SettingsDialog *dialog();
    void press(QDialogButtonBox::StandardButton button);
    AccountEditor *editor() { return dialog()->editor(m_account.id); }
    void fillServer(int old, int recent);

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    AccountSettings m_account;
    sync::LastListing m_listing; ///< of m_account
    bool m_answersForecasts = true;
};

void TestSettingsAccounts::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_account.retention = Retention::Keep;
    m_account.host = u"pop.example.org"_s;
    m_account.address = u"ada@example.org"_s;
    m_account.userName = u"ada"_s;
    QVERIFY(m_store->writer->updateAccount(m_account));
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_listing = {};
    m_answersForecasts = true;
}

void TestSettingsAccounts::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
}

/// Messages on the server that are stored here: some for forty days, some for two.
void TestSettingsAccounts::fillServer(int old, int recent)
{
    const FolderId inbox = m_store->folder(m_account.id, FolderRole::Inbox);
    for (int i = 0; i < old + recent; ++i) {
        const QByteArray raw = "From: bob@example.net\r\nSubject: " + QByteArray::number(i) + "\r\n\r\ntext\r\n";
        store::AppendItem item;
        item.account = m_account.id;
        item.folder = inbox;
        item.key = {"u" + QByteArray::number(i), 0};
        item.serverSize = 1'048'576;
        item.storedAt = QDateTime::currentDateTimeUtc().addDays(i < old ? -40 : -2);
        item.message = store::prepare(raw, {}, {});
        QVERIFY(m_store->writer->append({item}));
        m_listing.messages.append({i + 1, item.key.uidl, item.serverSize});
    }
}

void TestSettingsAccounts::open()
{
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    MainWindow *window = m_window.get();
    connect(window, &MainWindow::updateAccountWished, window, [this, window](const AccountSettings &settings) {
        QVERIFY(m_store->writer->updateAccount(settings));
        window->accountsChanged(*m_store->writer->accounts());
    });
    // As the engine does: on its thread, so never before the question has been put.
    connect(
        window, &MainWindow::forecastWished, window,
        [this, window](const AccountSettings &settings, quint64 question) {
            if (!m_answersForecasts)
                return;
            sync::Forecast forecast;
            forecast.account = settings.id;
            if (!m_listing.messages.isEmpty())
                forecast = sync::forecastOf(
                    m_listing, *m_store->writer->ledger(settings.id), settings, QDateTime::currentDateTimeUtc());
            forecast.question = question;
            window->forecastMade(forecast);
        },
        Qt::QueuedConnection);
    m_store->connectTo(*m_window);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    QTRY_VERIFY(m_window->findChild<FolderPane *>()->current().isValid());
}

SettingsDialog *TestSettingsAccounts::dialog()
{
    m_window->openSettings();
    return m_window->findChild<SettingsDialog *>();
}

void TestSettingsAccounts::press(QDialogButtonBox::StandardButton button)
{
    QTest::mouseClick(dialog()->findChild<QDialogButtonBox *>()->button(button), Qt::LeftButton);
}

void TestSettingsAccounts::listsAccountsInTheirOrderAndMovesThem()
{
    m_store->addAccount(u"Work"_s);
    m_store->addAccount(u"Club"_s);
    open();
    auto *list = control<QListWidget>(*dialog(), u"Accounts"_s);
    const auto names = [&] {
        QStringList shown;
        for (int row = 0; row < list->count(); ++row)
            shown += list->item(row)->text().section(u" – "_s, 0, 0);
        return shown;
    };
    const QStringList before = names();
    QCOMPARE(before.size(), 3);
    QVERIFY(!control<QPushButton>(*dialog(), u"Move up"_s)->isEnabled());
    list->setCurrentRow(2);
    QVERIFY(!control<QPushButton>(*dialog(), u"Move down"_s)->isEnabled());
    control<QPushButton>(*dialog(), u"Move up"_s)->click();
    control<QPushButton>(*dialog(), u"Move up"_s)->click();
    const QStringList wanted{before.at(2), before.at(0), before.at(1)};
    QCOMPARE(names(), wanted);
    press(QDialogButtonBox::Apply);
    QStringList stored;
    const QList<AccountSettings> accounts = *m_store->writer->accounts();
    for (const AccountSettings &account : accounts)
        stored += account.name;
    QCOMPARE(stored, wanted);
    QCOMPARE(names(), wanted);
    auto *pages = control<QTreeWidget>(*dialog(), u"Pages of the settings"_s);
    QStringList children;
    for (int i = 0; i < 3; ++i)
        children += pages->topLevelItem(0)->child(i)->text(0);
    QCOMPARE(children, wanted);
    QVERIFY(!dialog()->isChanged());
}

void TestSettingsAccounts::opensAtTheAccountThatIsMeant()
{
    const AccountSettings work = m_store->addAccount(u"Work"_s);
    open();
    m_window->editAccount(work.id);
    QVERIFY(dialog()->editor(work.id)->isVisible());
    m_window->editAccount(m_account.id);
    QVERIFY(editor()->isVisible());
    QVERIFY(!dialog()->editor(work.id)->isVisible());
    QCOMPARE(m_window->findChildren<SettingsDialog *>().size(), 1);
}

void TestSettingsAccounts::wishesForNoMoreThanWasEdited()
{
    m_store->addAccount(u"Work"_s);
    open();
    const QSignalSpy wished(m_window.get(), &MainWindow::updateAccountWished);
    dialog()->showAccount(m_account.id);
    control<QLineEdit>(*editor(), u"Name of the account"_s)->setText(u"Home"_s);
    control<QSpinBox>(*editor(), u"Minutes between checks"_s)->setValue(42);
    QVERIFY(dialog()->isChanged());
    press(QDialogButtonBox::Ok);
    QCOMPARE(wished.size(), 1);
    AccountSettings expected = m_account;
    expected.name = u"Home"_s;
    expected.checkEveryMinutes = 42;
    QCOMPARE(wished.constFirst().constFirst().value<AccountSettings>(), expected);
    QTRY_COMPARE(m_window->findChildren<SettingsDialog *>().size(), 0);
}

void TestSettingsAccounts::deletesOnTheServerWithTrashWhereThatIsChosen()
{
    open();
    dialog()->showRetention(m_account.id);
    auto *there = control<QCheckBox>(*editor(), u"Delete on the server what is deleted here for good"_s);
    auto *atOnce = control<QCheckBox>(*editor(), u"Already when it is moved to Trash"_s);
    QVERIFY(!there->isChecked());
    QVERIFY(!atOnce->isEnabled());
    there->click();
    QVERIFY(atOnce->isEnabled());
    atOnce->click();
    const AccountSettings edited = editor()->settings();
    QVERIFY(edited.deleteWhenDeletedHere);
    QVERIFY(edited.deleteAtOnce);
    there->click();
    QVERIFY(!atOnce->isEnabled());
}

void TestSettingsAccounts::asksForNoServerWhereMailIsOnlyKeptHere()
{
    AccountSettings local = m_store->addAccount(u"Old mail"_s);
    local.host.clear();
    local.userName.clear();
    local.address = u"old@example.org"_s;
    QVERIFY(m_store->writer->updateAccount(local));
    open();
    const QSignalSpy wished(m_window.get(), &MainWindow::updateAccountWished);
    dialog()->showAccount(local.id);
    control<QLineEdit>(*dialog()->editor(local.id), u"Name of the account"_s)->setText(u"Letters"_s);
    QCOMPARE(dialog()->editor(local.id)->problem(), QString());
    press(QDialogButtonBox::Ok);
    QCOMPARE(wished.size(), 1);
    local.name = u"Letters"_s;
    QCOMPARE(wished.constFirst().constFirst().value<AccountSettings>(), local);
}

void TestSettingsAccounts::saysWhatIsWrongAndSavesNothing()
{
    open();
    const QSignalSpy wished(m_window.get(), &MainWindow::updateAccountWished);
    control<QLineEdit>(*editor(), u"POP3 server"_s)->setText(u"http://pop.example.org/"_s);
    dialog()->showPage(SettingsDialog::Page::Reading);
    press(QDialogButtonBox::Ok);
    QCOMPARE(wished.size(), 0);
    QVERIFY(dialog()->isVisible() && editor()->isVisible());
    bool said = false;
    for (const NoteBar *bar : dialog()->findChildren<NoteBar *>())
        said = said || (bar->isVisible() && bar->text() == editor()->problem());
    QVERIFY(said);
    control<QLineEdit>(*editor(), u"POP3 server"_s)->setText(u"pop.other.example"_s);
    press(QDialogButtonBox::Ok);
    QCOMPARE(wished.size(), 1);
}

void TestSettingsAccounts::handsOnANewPasswordAndKeepsNoneOfIt()
{
    open();
    const QSignalSpy given(m_window.get(), &MainWindow::passwordGiven);
    auto *field = control<QLineEdit>(*editor(), u"Password"_s);
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    QTest::keyClicks(field, u"s3cret"_s);
    press(QDialogButtonBox::Apply);
    QCOMPARE(given.size(), 1);
    QCOMPARE(given.constFirst().at(0).value<AccountId>(), m_account.id);
    QCOMPARE(given.constFirst().at(1).toString(), u"s3cret"_s);
    QCOMPARE(field->text(), QString());
    QVERIFY(!dialog()->isChanged());
    press(QDialogButtonBox::Ok);
    QCOMPARE(given.size(), 1);
    m_settings->sync();
    for (const QString &key : m_settings->allKeys())
        QVERIFY(!m_settings->value(key).toString().contains(u"s3cret"));
}

void TestSettingsAccounts::editsOutliveWhatChangesMeanwhile()
{
    open();
    control<QLineEdit>(*editor(), u"Name of the account"_s)->setText(u"Home"_s);
    AccountSettings trusted = m_account;
    trusted.trustedCertificate = QByteArray(32, 'x');
    QVERIFY(m_store->writer->updateAccount(trusted));
    m_window->accountsChanged(*m_store->writer->accounts());
    QCOMPARE(control<QLineEdit>(*editor(), u"Name of the account"_s)->text(), u"Home"_s);
    press(QDialogButtonBox::Ok);
    const AccountSettings after = m_store->writer->accounts()->constFirst();
    QCOMPARE(after.name, u"Home"_s);
    QCOMPARE(after.trustedCertificate, trusted.trustedCertificate);
}

void TestSettingsAccounts::anAccountThatIsRemovedTakesItsPageAlong()
{
    const AccountSettings work = m_store->addAccount(u"Work"_s);
    open();
    m_window->editAccount(work.id);
    control<QLineEdit>(*dialog()->editor(work.id), u"Name of the account"_s)->setText(u"Edited"_s);
    QVERIFY(m_store->writer->removeAccount(work.id));
    m_window->accountsChanged(*m_store->writer->accounts());
    QVERIFY(!dialog()->editor(work.id));
    QVERIFY(!dialog()->isChanged());
    QCOMPARE(control<QListWidget>(*dialog(), u"Accounts"_s)->count(), 1);
    const QSignalSpy wished(m_window.get(), &MainWindow::updateAccountWished);
    press(QDialogButtonBox::Ok);
    QCOMPARE(wished.size(), 0);
}

void TestSettingsAccounts::asksBeforeAnAccountIsRemoved()
{
    open();
    const QSignalSpy removed(m_window.get(), &MainWindow::removeAccountWished);
    control<QPushButton>(*dialog(), u"Remove…"_s)->click();
    QCOMPARE(removed.size(), 0);
    QVERIFY(QApplication::activeModalWidget());
    QApplication::activeModalWidget()->close();
    QCOMPARE(removed.size(), 0);
}

void TestSettingsAccounts::theForecastFollowsTheEdits()
{
    fillServer(3, 9);
    open();
    dialog()->showRetention(m_account.id);
    const auto *page = editor()->findChild<RetentionPage *>();
    const auto *bar = editor()->findChild<SizeBar *>();
    QTRY_VERIFY(page->forecastSentence().contains(u"deletes nothing"_s));
    QVERIFY(page->forecastSentence().contains(u"12"_s));
    QCOMPARE(bar->shareThatLeaves(), 0.0);
    control<QRadioButton>(*editor(), u"Delete it from the server after"_s)->click();
    QTRY_VERIFY(page->forecastSentence().contains(u"deletes 3 "_s));
    QVERIFY2(page->forecastSentence().contains(u"9 "_s), qPrintable(page->forecastSentence()));
    QVERIFY(bar->isVisible());
    QCOMPARE(bar->shareThatLeaves(), 0.25);
    auto *days = control<QSpinBox>(*editor(), u"Days a message is kept on the server"_s);
    days->setFocus();
    days->setValue(1);
    QTRY_VERIFY(page->forecastSentence().contains(u"deletes 12 "_s));
    days->setValue(3650);
    QTRY_VERIFY(page->forecastSentence().contains(u"deletes nothing"_s));
    QVERIFY2(page->forecastSentence().contains(u"The first of them leaves on"_s), qPrintable(page->forecastSentence()));
    control<QRadioButton>(*editor(), u"Keep only the newest there, at most"_s)->click();
    control<QSpinBox>(*editor(), u"Messages kept on the server"_s)->setValue(10);
    QTRY_VERIFY(page->forecastSentence().contains(u"deletes 2 "_s));
}

void TestSettingsAccounts::theForecastSaysWhatItDoesNotKnow()
{
    open();
    dialog()->showRetention(m_account.id);
    const auto *page = editor()->findChild<RetentionPage *>();
    QTRY_VERIFY(page->forecastSentence().contains(u"once the mailbox was visited"_s));
    QVERIFY(!editor()->findChild<SizeBar *>()->isVisible());
}

void TestSettingsAccounts::asksOnceWithTheNumbersBeforeMailLeavesTheServer()
{
    fillServer(30, 9);
    open();
    QStringList order;
    connect(m_window.get(), &MainWindow::updateAccountWished, this, [&order] { order += u"update"_s; });
    connect(m_window.get(), &MainWindow::consentToDeletionsWished, this, [&order] { order += u"consent"_s; });
    const QSignalSpy consented(m_window.get(), &MainWindow::consentToDeletionsWished);
    dialog()->showRetention(m_account.id);
    control<QRadioButton>(*editor(), u"Delete it from the server after"_s)->click();
    // At once, before the forecast for this choice has come.
    press(QDialogButtonBox::Ok);
    QTRY_VERIFY(m_window->findChild<QMessageBox *>());
    auto *box = m_window->findChild<QMessageBox *>();
    QVERIFY(order.isEmpty());
    QVERIFY2(box->informativeText().contains(u"30 "_s) && box->informativeText().contains(u"9 "_s)
            && box->informativeText().contains(u"30.0 MB"_s),
        qPrintable(box->informativeText()));
    QVERIFY(box->defaultButton()->text().contains(u"Keep"_s));
    control<QPushButton>(*box, u"Delete on the server"_s)->click();
    QCOMPARE(order, (QStringList{u"update"_s, u"consent"_s}));
    QCOMPARE(consented.constFirst().at(0).value<AccountId>(), m_account.id);
    QCOMPARE(consented.constFirst().at(1).toInt(), 30);
    QTRY_COMPARE(m_window->findChildren<SettingsDialog *>().size(), 0);
    QCOMPARE(m_store->writer->accounts()->constFirst().retention, Retention::KeepDays);
    // Once: from one way of deleting to another is no new question.
    control<QRadioButton>(*editor(), u"Delete it from the server at once"_s)->click();
    press(QDialogButtonBox::Ok);
    QTRY_COMPARE(m_store->writer->accounts()->constFirst().retention, Retention::DeleteAfterDownload);
    QVERIFY(!m_window->findChild<QMessageBox *>());
}

void TestSettingsAccounts::keepsEverythingWhenTheAnswerIsNo()
{
    fillServer(3, 3);
    open();
    const QSignalSpy wished(m_window.get(), &MainWindow::updateAccountWished);
    const QSignalSpy consented(m_window.get(), &MainWindow::consentToDeletionsWished);
    control<QRadioButton>(*editor(), u"Delete it from the server at once"_s)->click();
    press(QDialogButtonBox::Apply);
    QTRY_VERIFY(m_window->findChild<QMessageBox *>());
    QTest::keyClick(m_window->findChild<QMessageBox *>(), Qt::Key_Escape);
    QTRY_VERIFY(!m_window->findChild<QMessageBox *>());
    QCOMPARE(wished.size(), 0);
    QCOMPARE(consented.size(), 0);
    QVERIFY(dialog()->isVisible() && dialog()->isChanged());
    // The question comes again with the next try, and a forecast that never comes can be left by Cancel.
    m_answersForecasts = false;
    control<QRadioButton>(*editor(), u"Delete it from the server after"_s)->click();
    press(QDialogButtonBox::Apply);
    QVERIFY(!m_window->findChild<QMessageBox *>());
    press(QDialogButtonBox::Cancel);
    QTRY_COMPARE(m_window->findChildren<SettingsDialog *>().size(), 0);
    QCOMPARE(wished.size(), 0);
}

void TestSettingsAccounts::asksNothingWhereNothingStartsToLeave()
{
    m_account.retention = Retention::KeepDays;
    QVERIFY(m_store->writer->updateAccount(m_account));
    fillServer(3, 3);
    open();
    const QSignalSpy wished(m_window.get(), &MainWindow::updateAccountWished);
    control<QRadioButton>(*editor(), u"Keep it on the server"_s)->click();
    press(QDialogButtonBox::Apply);
    QCOMPARE(wished.size(), 1);
    QVERIFY(!m_window->findChild<QMessageBox *>());
    // What is deleted here leaves the server: that starts something too.
    control<QCheckBox>(*editor(), u"Delete on the server what is deleted here for good"_s)->click();
    press(QDialogButtonBox::Apply);
    QTRY_VERIFY(m_window->findChild<QMessageBox *>());
}

void TestSettingsAccounts::theLogOfDeletionsIsOneClickAway()
{
    open();
    dialog()->showRetention(m_account.id);
    QTest::mouseClick(control<QPushButton>(*editor(), u"What was deleted on the server so far…"_s), Qt::LeftButton);
    auto *log = m_window->findChild<DeletionLog *>();
    QVERIFY(log && log->isVisible());
    QCOMPARE(control<QComboBox>(*log, u"Account"_s)->currentText(), u"Personal"_s);
}

void TestSettingsAccounts::forgetsExceptionsForCertificates()
{
    m_account.trustedCertificate = QByteArray(32, 'x');
    QVERIFY(m_store->writer->updateAccount(m_account));
    open();
    dialog()->showPage(SettingsDialog::Page::Privacy);
    auto *forget = control<QPushButton>(*dialog(), u"Forget these exceptions"_s);
    QVERIFY(forget->isVisible());
    forget->click();
    QVERIFY(!forget->isVisible());
    QCOMPARE(m_store->writer->accounts()->constFirst().trustedCertificate, m_account.trustedCertificate);
    press(QDialogButtonBox::Ok);
    QVERIFY(m_store->writer->accounts()->constFirst().trustedCertificate.isEmpty());
}

void TestSettingsAccounts::saysForecastsInSentences()
{
    sync::Forecast forecast;
    forecast.isKnown = true;
    forecast.deletes = 12;
    forecast.freedBytes = 48 * 1024 * 1024;
    forecast.oldestDeleted = QDateTime(QDate(2026, 5, 3), QTime(12, 0), QTimeZone::UTC);
    forecast.stays = 230;
    const QString text = forecastText(forecast);
    QVERIFY2(text.contains(u"deletes 12 message"_s) && text.contains(u"48.0 MB"_s) && text.contains(u"230"_s)
            && text.contains(QLocale().toString(QDate(2026, 5, 3), QLocale::ShortFormat)),
        qPrintable(text));
    forecast.held = 12;
    forecast.deletes = 0;
    QVERIFY(forecastText(forecast).contains(u"asked first"_s));
    QVERIFY(deletionQuestion(forecast).contains(u"deletes 12 "_s));
    QVERIFY(deletionQuestion(forecast).contains(u"218"_s));
    QVERIFY(deletionQuestion({}).contains(u"only after the mailbox was visited"_s));
    forecast = {};
    forecast.isKnown = true;
    QVERIFY(deletionQuestion(forecast).contains(u"Nothing is due yet"_s));
}

namespace {

QStringList warningsOn(const QWidget *page)
{
    QStringList shown;
    for (const NoteBar *bar : page->findChildren<NoteBar *>()) {
        if (bar->isVisible())
            shown.append(bar->text());
    }
    return shown;
}

} // namespace

void TestSettingsAccounts::Q38_saysBesideTheChoiceThatTheServerDeletesByItself()
{
    open();
    sync::ServerAnnouncement server;
    server.account = m_account.id;
    server.expireDays = 7;
    m_window->serverAnnounced(server);
    dialog()->showAccount(m_account.id);
    editor()->showRetention();
    const auto *page = editor()->findChild<RetentionPage *>();
    QTRY_VERIFY(page->isVisible());
    // It is kept for ever, says the account; the server knows better.
    QCOMPARE(warningsOn(page).size(), 1);
    QVERIFY2(warningsOn(page).constFirst().contains(u"deletes messages by itself after 7 day"_s),
        qPrintable(warningsOn(page).constFirst()));
    auto *days = control<QSpinBox>(*page, u"Days a message is kept on the server"_s);
    control<QRadioButton>(*page, u"Delete it from the server after"_s)->click();
    days->setValue(7);
    QVERIFY(warningsOn(page).isEmpty());
    days->setValue(8);
    QCOMPARE(warningsOn(page).size(), 1);
    control<QRadioButton>(*page, u"Keep only the newest there, at most"_s)->click();
    QCOMPARE(warningsOn(page).size(), 1);
    control<QRadioButton>(*page, u"Delete it from the server at once"_s)->click();
    QVERIFY(warningsOn(page).isEmpty());
    server.expireDays = 0;
    m_window->serverAnnounced(server);
    control<QRadioButton>(*page, u"Keep it on the server"_s)->click();
    editor()->setServer(server, 0);
    QVERIFY2(warningsOn(page).value(0).contains(u"nothing can be left there"_s), "EXPIRE 0");
    server.expireDays = sync::ServerAnnouncement::never;
    editor()->setServer(server, 0);
    QVERIFY(warningsOn(page).isEmpty());
}

void TestSettingsAccounts::Q16_saysBesideTheIntervalHowOftenTheServerLetsSomebodyIn()
{
    open();
    sync::ServerAnnouncement server;
    server.account = m_account.id;
    server.loginDelay = 1800;
    m_window->serverAnnounced(server);
    dialog()->showAccount(m_account.id);
    const auto *page = editor()->findChild<SchedulePage *>();
    editor()->setCurrentIndex(2);
    QTRY_VERIFY(page->isVisible());
    auto *minutes = control<QSpinBox>(*page, u"Minutes between checks"_s);
    minutes->setValue(29);
    QCOMPARE(warningsOn(page).size(), 1);
    QVERIFY2(warningsOn(page).constFirst().contains(durationText(1800)), qPrintable(warningsOn(page).constFirst()));
    minutes->setValue(30);
    QVERIFY(warningsOn(page).isEmpty());
}

QTEST_MAIN(TestSettingsAccounts)
#include "tst_settingsaccounts.moc"
