// SPDX-License-Identifier: GPL-3.0-or-later
// Repair and restore as a person meets them: the whole program on a store whose bytes were overwritten, from the notice
// at the start to the mail in the window.
#include "app/running.h"
#include "store/backup.h"
#include "store/checksum.h"
#include "store/reader.h"
#include "store/writer.h"
#include "support/servers/dovecotserver.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/notebar.h"
#include "ui/message/bodyview.h"
#include "ui/message/messageview.h"
#include "ui/settings/restoredialog.h"
#include "ui/settings/settingsdialog.h"
#include "ui/settings/storagepage.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QListWidget>
#include <QMessageBox>
#include <QPushButton>
#include <QRandomGenerator>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using namespace satchel::ui;

namespace {

constexpr int patience = 60'000;

/// Cannot be compressed much, so that its bytes are found in the file, and so that each has some length.
QByteArray mail(int number)
{
    QRandomGenerator random(quint32(number + 1));
    QByteArray noise(1500, Qt::Uninitialized);
    random.generate(noise.begin(), noise.end());
    const QByteArray base64 = noise.toBase64();
    QByteArray raw = "From: Ada <ada@example.org>\r\nTo: robin@example.org\r\nSubject: Number "
        + QByteArray::number(number) + "\r\nMessage-ID: <" + QByteArray::number(number)
        + "@example.org>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n\r\nHello " + QByteArray::number(number) + "\r\n";
    for (qsizetype i = 0; i < base64.size(); i += 76)
        raw += base64.mid(i, 76) + "\r\n";
    return raw;
}

QByteArray contentOf(const QString &name)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Overwrites a stretch of the compressed bytes of a message where they stand in the file.
bool hurt(const QString &store, const QByteArray &raw)
{
    const QByteArray frame = store::prepare(raw, {}, {}).compressed;
    const QByteArray content = contentOf(store);
    const qsizetype at = content.indexOf(frame.sliced(frame.size() / 4, 40));
    QFile file(store);
    return at > 0 && file.open(QIODevice::ReadWrite) && file.seek(at) && file.write(QByteArray(40, '\x55')) == 40;
}

/// The program, and what a person does with it.
class Careful : public Running
{
public:
    using Running::Running;

    [[nodiscard]] QString said() { return page() ? page()->findChild<QLabel *>(u"doing"_s)->text() : QString(); }
    [[nodiscard]] StoragePage *page() { return window().findChild<StoragePage *>(); }
    [[nodiscard]] bool pageSays(const QString &words)
    {
        const QList<QLabel *> labels = page()->findChildren<QLabel *>();
        return std::ranges::any_of(labels, [&words](const QLabel *label) { return label->text().contains(words); });
    }
    [[nodiscard]] int counted(FolderRole role) { return folder(window().accounts().value(0).id, role).total; }

    /// A button of the page on storage, and of what that asks.
    void press(const QString &name)
    {
        QTRY_VERIFY_WITH_TIMEOUT(page() && page()->isVisible(), patience);
        auto *button = page()->findChild<QPushButton *>(name);
        QVERIFY(button);
        QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), patience);
        QTest::mouseClick(button, Qt::LeftButton);
    }
};

} // namespace

class TestStoreSafety : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanupTestCase() { m_server.reset(); }

    void aRepairSavesAllThatIsWholeAndTheRestIsFetchedAgain();
    void aStoreThatCannotBeOpenedIsRepairedFromItsPage();
    void aRestoreShowsTheOldStateAndKeepsThePresentOne();
    void nothingIsReplacedUnlessThePersonSaysSo();
    void p317_aStoreThatIsGoneBringsItsBackupsAndNoWelcome_data();
    void p317_aStoreThatIsGoneBringsItsBackupsAndNoWelcome();

private:
    void fill(int count);
    [[nodiscard]] QString storeFile() const { return m_profile->filePath(u"mail.sqlite"_s); }
    [[nodiscard]] QStringList aside(const QString &what) const
    {
        return QDir(m_profile->path()).entryList({u"mail.sqlite."_s + what + u"-*"_s}, QDir::Files);
    }

    std::unique_ptr<DovecotServer> m_server;
    std::unique_ptr<QTemporaryDir> m_profile;
};

void TestStoreSafety::init()
{
    m_profile = std::make_unique<QTemporaryDir>();
    // Each test asks for what it wants, when it wants it.
    QSettings settings(Profile::open(m_profile->path())->settingsFile(), QSettings::IniFormat);
    settings.setValue(u"backup/automatic"_s, false);
}

/// Mail of an account whose server is away, as after a long time.
void TestStoreSafety::fill(int count)
{
    const auto writer = *store::Writer::open(storeFile());
    AccountSettings settings;
    settings.name = u"Work"_s;
    settings.address = u"robin@example.org"_s;
    settings.checkEveryMinutes = 0;
    settings.enabled = false;
    const AccountId account = writer->addAccount(settings)->id;
    QList<store::AppendItem> items;
    for (int i = 0; i < count; ++i) {
        Envelope envelope;
        envelope.subject = u"Number %1"_s.arg(i);
        envelope.date = QDateTime::currentDateTimeUtc().addSecs(i - 10'000);
        items.append({account, *writer->folder(account, FolderRole::Inbox), {"uidl-" + QByteArray::number(i), 0},
            mail(i).size(), QDateTime::currentDateTimeUtc(), {}, store::prepare(mail(i), envelope, {})});
    }
    QVERIFY(writer->append(items).has_value());
}

void TestStoreSafety::aRepairSavesAllThatIsWholeAndTheRestIsFetchedAgain()
{
    m_server = std::make_unique<DovecotServer>();
    QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
    const QString user = m_server->addUser();
    QByteArrayList all;
    for (int i = 0; i < 60; ++i)
        all.append(mail(i));
    m_server->deliver(user, all);
    {
        Careful first(m_profile->path());
        AccountSettings account;
        account.name = u"Work"_s;
        account.address = u"robin@example.org"_s;
        account.host = u"127.0.0.1"_s;
        account.port = m_server->port();
        account.security = Security::Plain;
        account.userName = user;
        account.checkEveryMinutes = 0;
        Q_EMIT first.window().addAccountWished(account, DovecotServer::password(), false);
        QTRY_COMPARE_WITH_TIMEOUT(first.window().accounts().size(), 1, patience);
        Q_EMIT first.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(first.shown(), 60, patience);
    }
    // What was written last is looked at in every start.
    for (const int number : {20, 55, 58})
        QVERIFY(hurt(storeFile(), mail(number)));
    const QByteArray damaged = contentOf(storeFile());

    Careful running(m_profile->path());
    QTRY_VERIFY2_WITH_TIMEOUT(running.complaint().contains(u"The file that holds your mail is damaged"_s),
        qPrintable(running.complaint()), patience);
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 60, patience); // it can be read meanwhile
    auto *bar = running.window().findChild<MessageBar *>();
    QTest::mouseClick(bar->bar()->findChild<QPushButton *>(), Qt::LeftButton);
    running.press(u"repair"_s);
    auto *question = running.page()->findChild<QMessageBox *>();
    QVERIFY(question && question->isVisible());
    QTest::mouseClick(question->findChild<QPushButton *>(u"doIt"_s), Qt::LeftButton);
    QTRY_VERIFY2_WITH_TIMEOUT(
        running.said().contains(u"57 message(s) were saved."_s), qPrintable(running.said()), patience);
    QVERIFY2(
        running.said().contains(u"The damaged file was kept as mail.sqlite.damaged-"_s), qPrintable(running.said()));
    QTRY_VERIFY_WITH_TIMEOUT(running.pageSays(u" of mail, "_s), patience);
    QTRY_COMPARE_WITH_TIMEOUT(running.counted(FolderRole::Inbox), 57, patience);
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 57, patience);
    QCOMPARE(running.complaint(), QString()); // it is over
    QCOMPARE(aside(u"damaged"_s).size(), 1);
    const QByteArray kept = contentOf(m_profile->filePath(aside(u"damaged"_s).constFirst()));
    QVERIFY(kept.size() >= damaged.size());
    QVERIFY(kept.contains(QByteArray(40, '\x55')));

    // The window reads the new file.
    MessageListView *list = running.list();
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(0, 0)).center());
    auto *view = running.window().findChild<MessageView *>();
    QTRY_VERIFY_WITH_TIMEOUT(view->showsMessage() && !view->isLoading(), patience);
    QTRY_VERIFY(view->body()->toPlainText().contains(u"Hello"_s));

    // What was lost here is on the server still: it comes again, and it alone.
    m_server->clearLog();
    Q_EMIT running.window().passwordGiven(
        running.window().accounts().first().id, DovecotServer::password(), false, true);
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 60, patience);
    QTRY_VERIFY2_WITH_TIMEOUT(m_server->log().contains("retr=3/"), m_server->log().constData(), patience);
    QCOMPARE(m_server->messages(user), all);
    QCOMPARE(running.complaint(), QString());
    running.press(u"check"_s);
    QTRY_COMPARE_WITH_TIMEOUT(running.said(), u"Every message was read, and all is well."_s, patience);
}

void TestStoreSafety::aStoreThatCannotBeOpenedIsRepairedFromItsPage()
{
    fill(80);
    QFile file(storeFile());
    QVERIFY(file.open(QIODevice::ReadWrite));
    file.write(QByteArray(3000, '\x22')); // the header, and the table of tables
    file.close();

    Careful running(m_profile->path());
    auto *welcome = running.window().findChild<EmptyState *>();
    QTRY_VERIFY_WITH_TIMEOUT(welcome->isVisible() && welcome->button()->isVisible(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(welcome->button()->text().remove(u'&'), u"Repair or restore…"_s, patience);
    QTest::mouseClick(welcome->button(), Qt::LeftButton);
    running.press(u"repair"_s);
    QTest::mouseClick(running.page()->findChild<QPushButton *>(u"doIt"_s), Qt::LeftButton);
    QTRY_VERIFY2_WITH_TIMEOUT(
        running.said().contains(u"80 message(s) were saved."_s), qPrintable(running.said()), patience);
    QTRY_COMPARE_WITH_TIMEOUT(running.counted(FolderRole::Inbox), 80, patience);
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 80, patience);
    QVERIFY(!welcome->isVisible());
    QCOMPARE(running.complaint(), QString());
    QVERIFY(contentOf(m_profile->filePath(aside(u"damaged"_s).value(0))).startsWith(QByteArray(3000, '\x22')));
}

void TestStoreSafety::aRestoreShowsTheOldStateAndKeepsThePresentOne()
{
    fill(12);
    {
        Careful running(m_profile->path());
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 12, patience);
        running.window().openSettings();
        running.window().findChild<SettingsDialog *>()->showPage(SettingsDialog::Page::Storage);
        running.press(u"backUp"_s);
        QTRY_VERIFY2_WITH_TIMEOUT(
            running.said().contains(u"A backup was made"_s), qPrintable(running.said()), patience);

        // Afterwards something goes, and the account has another name.
        QTest::keyClick(running.window().findChild<SettingsDialog *>(), Qt::Key_Escape);
        QTRY_VERIFY(!running.window().findChild<SettingsDialog *>());
        running.window().activateWindow();
        running.list()->setFocus();
        QTRY_VERIFY(running.list()->hasFocus());
        for (int i = 0; i < 5; ++i) {
            running.list()->setCurrentIndex(running.list()->model()->index(0, 0));
            QTest::keyClick(running.list(), Qt::Key_Delete);
            QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 11 - i, patience);
        }
        AccountSettings account = running.window().accounts().first();
        account.name = u"Office"_s;
        Q_EMIT running.window().updateAccountWished(account);
        QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().first().name, u"Office"_s, patience);

        running.window().openSettings();
        running.window().findChild<SettingsDialog *>()->showPage(SettingsDialog::Page::Storage);
        running.press(u"restore"_s);
        auto *dialog = running.page()->findChild<RestoreDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        QCOMPARE(dialog->findChild<QListWidget *>(u"backups"_s)->count(), 1);
        QTest::mouseClick(dialog->findChild<QPushButton *>(u"doRestore"_s), Qt::LeftButton);
        QTRY_VERIFY2_WITH_TIMEOUT(
            running.said().contains(u"Your mail is as it was in the backup"_s), qPrintable(running.said()), patience);
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 12, patience);
        QTRY_COMPARE_WITH_TIMEOUT(running.counted(FolderRole::Inbox), 12, patience);
        QCOMPARE(running.window().accounts().first().name, u"Office"_s); // settings are those of now
        QCOMPARE(running.complaint(), QString());
        // It can be worked with at once.
        QTest::keyClick(running.window().findChild<SettingsDialog *>(), Qt::Key_Escape);
        running.window().activateWindow();
        running.list()->setFocus();
        QTRY_VERIFY(running.list()->hasFocus());
        running.list()->setCurrentIndex(running.list()->model()->index(0, 0));
        QTest::keyClick(running.list(), Qt::Key_Delete);
        QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 11, patience);
    }
    QCOMPARE(aside(u"before-restore"_s).size(), 1);
    const auto present = store::Reader::open(m_profile->filePath(aside(u"before-restore"_s).constFirst()));
    QVERIFY(present.has_value());
    const QList<FolderInfo> folders = *(*present)->folders();
    const auto inbox = std::ranges::find(folders, FolderRole::Inbox, &FolderInfo::role);
    const auto trash = std::ranges::find(folders, FolderRole::Trash, &FolderInfo::role);
    QCOMPARE(inbox->total, 7);
    QCOMPARE(trash->total, 5);
}

void TestStoreSafety::p317_aStoreThatIsGoneBringsItsBackupsAndNoWelcome_data()
{
    QTest::addColumn<bool>("isEmpty");
    QTest::newRow("gone") << false;
    QTest::newRow("of 0 bytes") << true;
}

void TestStoreSafety::p317_aStoreThatIsGoneBringsItsBackupsAndNoWelcome()
{
    QFETCH(const bool, isEmpty);
    fill(12);
    QVERIFY(store::backUp(storeFile(), {}, QDateTime::currentDateTimeUtc()).has_value());
    for (const QString &end : {QString(), u"-wal"_s, u"-shm"_s})
        QFile::remove(storeFile() + end);
    if (isEmpty)
        QVERIFY(QFile(storeFile()).open(QIODevice::WriteOnly));

    Careful running(m_profile->path());
    auto *welcome = running.window().findChild<EmptyState *>();
    QTRY_VERIFY_WITH_TIMEOUT(welcome->isVisible() && welcome->button()->isVisible(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(welcome->button()->text().remove(u'&'), u"Repair or restore…"_s, patience);
    QTest::mouseClick(welcome->button(), Qt::LeftButton);
    running.press(u"restore"_s);
    auto *dialog = running.page()->findChild<RestoreDialog *>();
    QVERIFY(dialog && dialog->isVisible());
    QCOMPARE(dialog->findChild<QListWidget *>(u"backups"_s)->count(), 1);
    QTest::mouseClick(dialog->findChild<QPushButton *>(u"doRestore"_s), Qt::LeftButton);
    QTRY_VERIFY2_WITH_TIMEOUT(
        running.said().contains(u"Your mail is as it was in the backup"_s), qPrintable(running.said()), patience);
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 12, patience);
    QCOMPARE(running.complaint(), QString());
}

void TestStoreSafety::nothingIsReplacedUnlessThePersonSaysSo()
{
    fill(30);
    Careful running(m_profile->path());
    QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 30, patience);
    running.window().openSettings();
    running.window().findChild<SettingsDialog *>()->showPage(SettingsDialog::Page::Storage);
    running.press(u"backUp"_s);
    QTRY_VERIFY_WITH_TIMEOUT(running.said().contains(u"A backup was made"_s), patience);
    running.press(u"repair"_s);
    QTest::keyClick(running.page()->findChild<QMessageBox *>(), Qt::Key_Return);
    QTRY_VERIFY(!running.page()->findChild<QMessageBox *>());
    running.press(u"restore"_s);
    QTest::keyClick(running.page()->findChild<RestoreDialog *>(), Qt::Key_Escape);
    QTRY_VERIFY(!running.page()->findChild<RestoreDialog *>());
    // What the page asks for goes one after the other: had there been more, it would come before this.
    running.press(u"check"_s);
    QTRY_COMPARE_WITH_TIMEOUT(running.said(), u"Every message was read, and all is well."_s, patience);
    QCOMPARE(running.shown(), 30);
    QCOMPARE(aside(u"*"_s), QStringList());
}

int main(int argc, char *argv[])
{
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestStoreSafety tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_storesafety.moc"
