// SPDX-License-Identifier: GPL-3.0-or-later
// From nothing to the first mail and beyond, and where the password is meanwhile: the whole program, driven by its
// wizard and dialogs, with a real Dovecot that a web server or a name server leads to, and with real keyrings.
#include "support/keyring/keyringcontrol.h"
#include "ui/bars/emptystate.h"
#include "ui/bars/messagebar.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistview.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/settingsdialog.h"
#include "ui/wizard/foundpage.h"
#include "ui/wizard/lastpage.h"
#include "ui/wizard/trialpage.h"
#include "ui/wizardharness.h"

#include <QApplication>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDirIterator>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSslConfiguration>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using namespace satchel::ui;

namespace {

enum class Found { ByWeb, ByDns };

/// What the tests of every keyring share: a person, a mailbox with three messages, and the way to it.
class FirstRun : public QObject
{
    Q_OBJECT

protected:
    void begin();
    void addAccount(Found found = Found::ByWeb, bool remember = true);
    void startAgain();
    void checkMail();
    void answer(const QString &password, bool remember);
    void changePassword(const QString &password);
    [[nodiscard]] MainWindow &window() { return m_newcomer->window(); }
    [[nodiscard]] PasswordDialog *question();
    [[nodiscard]] QString complaint() { return window().findChild<MessageBar *>()->text(); }
    [[nodiscard]] int shown() { return window().findChild<MessageListView *>()->model()->rowCount(); }
    [[nodiscard]] int logins();
    [[nodiscard]] AccountSettings account() { return window().accounts().value(0); }
    [[nodiscard]] bool isInAnyFile(const QString &password);

    std::unique_ptr<DovecotServer> m_server;
    QString m_user;
    std::unique_ptr<Newcomer> m_newcomer;
};

void FirstRun::begin()
{
    if (!m_server) {
        m_server = std::make_unique<DovecotServer>();
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.addCaCertificates(QSslCertificate::fromPath(m_server->authorityFile()));
        QSslConfiguration::setDefaultConfiguration(configuration);
    }
    m_newcomer = std::make_unique<Newcomer>();
    m_user = m_server->addUser();
    m_server->deliver(m_user, {mail(1), mail(2), mail(3)});
    m_server->clearLog();
}

/// As a person does it: three fields, and on.
void FirstRun::addAccount(Found found, bool remember)
{
    if (found == Found::ByWeb)
        m_newcomer->web().answer(configPlace, {.body = configFile("box7.example.org", "%EMAILLOCALPART%")});
    else
        m_newcomer->dns().addService("_pop3s._tcp.example.org", 0, 1, 995, "box7.example.org");
    // No guess would find it.
    m_newcomer->lead(u"box7.example.org"_s, 995, m_server->tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_user + u"@example.org"_s, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    m_newcomer->press(Qt::Key_Return);
    if (found == Found::ByDns) {
        // A name server knows nothing of user names: this one is not the whole address.
        TRY_PAGE(*m_newcomer, TrialPage);
        m_newcomer->click(m_newcomer->wizard()->manualButton());
        m_newcomer->type(u"User name"_s, m_user);
        m_newcomer->press(Qt::Key_Return);
    }
    TRY_PAGE(*m_newcomer, LastPage);
    auto *box = m_newcomer->seen<QCheckBox>(u"Remember the password in the keychain"_s);
    QVERIFY2(box, qPrintable(m_newcomer->allWords()));
    if (box->isChecked() != remember)
        QTest::keyClick(box, Qt::Key_Space);
    QCOMPARE(box->isChecked(), remember);
    m_newcomer->press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 3, patience);
    QVERIFY(!m_newcomer->wizard());
    QCOMPARE(m_server->messages(m_user).size(), 3); // for 14 days
}

/// What was counted begins anew; the profile and the keyring are as they were left.
void FirstRun::startAgain()
{
    m_newcomer->end();
    QTRY_VERIFY_WITH_TIMEOUT(m_server->log().count("Disconnected") >= m_server->log().count("Logged in"), patience);
    m_server->clearLog();
    m_newcomer->start();
    QTRY_COMPARE_WITH_TIMEOUT(window().accounts().size(), 1, patience);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 3, patience);
}

void FirstRun::checkMail()
{
    Q_EMIT window().checkMailWished({});
}

PasswordDialog *FirstRun::question()
{
    const auto all = window().findChildren<PasswordDialog *>();
    const auto open = std::ranges::find_if(all, &QWidget::isVisible);
    return open == all.end() ? nullptr : *open;
}

void FirstRun::answer(const QString &password, bool remember)
{
    auto *field = question()->findChild<QLineEdit *>();
    QTest::keyClicks(field, password);
    auto *box = question()->findChild<QCheckBox *>();
    if (box->isChecked() != remember)
        QTest::keyClick(box, Qt::Key_Space);
    QCOMPARE(box->isChecked(), remember);
    QTest::keyClick(field, Qt::Key_Return);
}

void FirstRun::changePassword(const QString &password)
{
    window().editAccount(account().id);
    auto *dialog = window().findChild<SettingsDialog *>();
    QTRY_VERIFY(dialog && dialog->isVisible());
    auto *field = seenIn<QLineEdit>(*dialog, u"Password"_s);
    QVERIFY(field);
    QTest::keyClicks(field, password);
    QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
    QTRY_VERIFY(!window().findChild<SettingsDialog *>());
}

int FirstRun::logins()
{
    return int(m_server->log().count("Logged in: user=<" + m_user.toLatin1() + '>'));
}

bool FirstRun::isInAnyFile(const QString &password)
{
    int files = 0;
    QDirIterator all(m_newcomer->profileFolder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (all.hasNext()) {
        QFile file(all.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        if (bytes.contains(password.toUtf8()) || bytes.contains(password.toUtf8().toBase64()))
            return true;
        ++files;
    }
    return files < 2; // then it looked in the wrong place
}

} // namespace

/// With a keyring that is open, or that somebody locks.
class TestFirstRun : public FirstRun
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void thePasswordOfAnAccountThatWasFoundIsInTheKeyring_data();
    void thePasswordOfAnAccountThatWasFoundIsInTheKeyring();
    void aPasswordThatIsNotToBeRememberedIsNowhere();
    void whileTheKeyringIsLockedThePasswordServesThisRunAndThatIsSaid();
    void aPasswordTypedInTheQuestionTakesThePlaceOfTheOneThatWasRefused();
    void theSettingsSaveANewPassword();
    void theSettingsForgetNothingWhileTheKeyringIsLocked();
    void anAccountThatIsRenamedInTheSettingsKeepsItsMailAndItsPassword();
    void removingAnAccountAsksWhatBecomesOfItsMail_data();
    void removingAnAccountAsksWhatBecomesOfItsMail();
    void thePasswordOfAGivenUpAccountLeavesALockedKeyringWhenThatIsOpen();

private:
    [[nodiscard]] QByteArrayList newSecrets() { return keyringSecrets().sliced(m_before); }

    qsizetype m_before = 0;
};

void TestFirstRun::init()
{
    m_before = keyringEntries();
    QCOMPARE(m_before, 0);
    begin();
}

void TestFirstRun::cleanup()
{
    m_newcomer.reset();
    QVERIFY(unlockKeyring());
    QVERIFY(emptyKeyring());
}

void TestFirstRun::thePasswordOfAnAccountThatWasFoundIsInTheKeyring_data()
{
    QTest::addColumn<bool>("byWeb");
    QTest::newRow("published by the domain") << true;
    QTest::newRow("named by DNS") << false;
}

void TestFirstRun::thePasswordOfAnAccountThatWasFoundIsInTheKeyring()
{
    QFETCH(bool, byWeb);
    addAccount(byWeb ? Found::ByWeb : Found::ByDns);
    QCOMPARE(m_newcomer->fields(), byWeb ? 3 : 4);
    QTRY_COMPARE_WITH_TIMEOUT(newSecrets(), QByteArrayList{DovecotServer::password().toUtf8()}, patience);
    QCOMPARE(complaint(), QString());
    startAgain();
    QVERIFY(!isInAnyFile(DovecotServer::password()));
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
    QVERIFY(!question());
    QCOMPARE(complaint(), QString());
}

void TestFirstRun::aPasswordThatIsNotToBeRememberedIsNowhere()
{
    addAccount(Found::ByWeb, false);
    QCOMPARE(complaint(), QString());
    startAgain();
    QCOMPARE(keyringEntries(), 0);
    QVERIFY(!isInAnyFile(DovecotServer::password()));
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(question(), patience);
    QVERIFY2(!wordsIn(*question()).contains(u"keyring"_s), qPrintable(wordsIn(*question())));
    answer(DovecotServer::password(), false);
    QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
    QCOMPARE(keyringEntries(), 0);
}

void TestFirstRun::whileTheKeyringIsLockedThePasswordServesThisRunAndThatIsSaid()
{
    QVERIFY(lockKeyring());
    addAccount();
    QTRY_VERIFY2_WITH_TIMEOUT(
        complaint().contains(u"The keyring is locked, so the password is kept only until Satchel is closed"_s),
        qPrintable(complaint()), patience);
    QCOMPARE(keyringEntries(), 0);
    // For this run, for as many checks as there are.
    const int before = logins();
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(logins() > before, patience);
    QVERIFY(!question());

    startAgain();
    QVERIFY(!isInAnyFile(DovecotServer::password()));
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(question(), patience);
    QVERIFY2(wordsIn(*question()).contains(u"The keyring is locked"_s), qPrintable(wordsIn(*question())));
    QCOMPARE(logins(), 0);
    // It can be unlocked while the question stands: then it saves what is typed.
    QVERIFY(unlockKeyring());
    answer(DovecotServer::password(), true);
    QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
    QTRY_COMPARE_WITH_TIMEOUT(newSecrets(), QByteArrayList{DovecotServer::password().toUtf8()}, patience);
}

void TestFirstRun::aPasswordTypedInTheQuestionTakesThePlaceOfTheOneThatWasRefused()
{
    addAccount();
    QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 1, patience);
    changePassword(u"mistyped"_s);
    QTRY_COMPARE_WITH_TIMEOUT(newSecrets(), QByteArrayList{"mistyped"}, patience);
    startAgain();
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(complaint().contains(u"did not accept"_s), patience);
    auto *button = seenIn<QPushButton>(*window().findChild<MessageBar *>(), u"Enter password…"_s);
    QVERIFY(button);
    m_newcomer->click(button);
    QTRY_VERIFY_WITH_TIMEOUT(question(), patience);
    answer(DovecotServer::password(), true);
    QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
    QTRY_COMPARE_WITH_TIMEOUT(newSecrets(), QByteArrayList{DovecotServer::password().toUtf8()}, patience);
    QTRY_COMPARE_WITH_TIMEOUT(complaint(), QString(), patience);
}

void TestFirstRun::theSettingsSaveANewPassword()
{
    addAccount();
    QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 1, patience);
    changePassword(u"the newer one"_s);
    QTRY_COMPARE_WITH_TIMEOUT(newSecrets(), QByteArrayList{"the newer one"}, patience);
    QCOMPARE(complaint(), QString());
    changePassword(DovecotServer::password());
    QTRY_COMPARE_WITH_TIMEOUT(newSecrets(), QByteArrayList{DovecotServer::password().toUtf8()}, patience);
    startAgain();
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
    QVERIFY(!question());
}

void TestFirstRun::theSettingsForgetNothingWhileTheKeyringIsLocked()
{
    addAccount();
    QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 1, patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_server->log().count("Disconnected") >= 2, patience);
    QVERIFY(lockKeyring());
    changePassword(u"the newer one"_s);
    QTRY_VERIFY2_WITH_TIMEOUT(complaint().contains(u"the password is kept only until Satchel is closed"_s),
        qPrintable(complaint()), patience);
    // It is the one of this run.
    const int before = logins();
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(m_server->log().contains("auth failed"), patience);
    QCOMPARE(logins(), before);
    QVERIFY(unlockKeyring());
    QCOMPARE(newSecrets(), QByteArrayList{DovecotServer::password().toUtf8()});
    startAgain();
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
    QVERIFY(!question());
}

void TestFirstRun::anAccountThatIsRenamedInTheSettingsKeepsItsMailAndItsPassword()
{
    addAccount();
    QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 1, patience);
    window().editAccount(account().id);
    auto *dialog = window().findChild<SettingsDialog *>();
    QTRY_VERIFY(dialog && dialog->isVisible());
    for (const auto &[name, text] : {std::pair(u"Name of the account"_s, u"The new name"_s),
             std::pair(u"Mail address"_s, u"somebody.else@example.org"_s)}) {
        auto *field = seenIn<QLineEdit>(*dialog, name);
        QVERIFY2(field, qPrintable(name));
        field->selectAll();
        QTest::keyClicks(field, text);
    }
    QTest::mouseClick(dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(account().name, u"The new name"_s, patience);
    QCOMPARE(account().address, u"somebody.else@example.org"_s);
    QCOMPARE(shown(), 3);
    QCOMPARE(keyringEntries(), 1);
    startAgain();
    QCOMPARE(account().name, u"The new name"_s);
    m_server->deliver(m_user, {mail(4)});
    checkMail();
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 4, patience);
    QVERIFY(!question());
    // It knew what it had: one was fetched.
    QTRY_VERIFY2_WITH_TIMEOUT(m_server->log().contains("retr=1/"), m_server->log().constData(), patience);
}

void TestFirstRun::removingAnAccountAsksWhatBecomesOfItsMail_data()
{
    QTest::addColumn<QString>("button");
    QTest::newRow("nothing") << u"Cancel"_s;
    QTest::newRow("it stays") << u"Keep its mail here"_s;
    QTest::newRow("it goes") << u"Delete its mail"_s;
}

void TestFirstRun::removingAnAccountAsksWhatBecomesOfItsMail()
{
    QFETCH(QString, button);
    addAccount();
    QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 1, patience);
    auto *folders = window().findChild<FolderPane *>();
    QTRY_COMPARE_WITH_TIMEOUT(folders->currentFolder().total, 3, patience);
    folders->askRemoveAccount(account().id);
    QMessageBox *box = nullptr;
    QTRY_VERIFY((box = window().findChild<QMessageBox *>()) && box->isVisible());
    QVERIFY2(box->informativeText().contains(u"3 message(s) of it are stored on this computer"_s),
        qPrintable(box->informativeText()));
    m_newcomer->click(seenIn<QPushButton>(*box, button));
    if (button == "Delete its mail"_L1) {
        QTRY_VERIFY_WITH_TIMEOUT(window().accounts().isEmpty(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 0, patience);
        QTRY_VERIFY(window().findChild<EmptyState *>()->isVisible());
        m_newcomer->end();
        m_newcomer->start();
        QTRY_VERIFY_WITH_TIMEOUT(window().findChild<EmptyState *>()->button()->isVisible(), patience);
        QVERIFY(window().accounts().isEmpty());
    } else if (button == "Keep its mail here"_L1) {
        QTRY_VERIFY_WITH_TIMEOUT(account().host.isEmpty(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 0, patience);
        QTRY_COMPARE_WITH_TIMEOUT(shown(), 3, patience);
        startAgain();
        checkMail();
        QCOMPARE(shown(), 3);
        QVERIFY(!question());
    } else {
        QTRY_VERIFY(!window().findChild<QMessageBox *>());
        startAgain();
        QCOMPARE(newSecrets(), QByteArrayList{DovecotServer::password().toUtf8()});
    }
    QCOMPARE(complaint(), QString());
    QCOMPARE(m_server->messages(m_user).size(), 3);
}

void TestFirstRun::thePasswordOfAGivenUpAccountLeavesALockedKeyringWhenThatIsOpen()
{
    addAccount();
    QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 1, patience);
    QVERIFY(lockKeyring());
    window().findChild<FolderPane *>()->askRemoveAccount(account().id);
    QMessageBox *box = nullptr;
    QTRY_VERIFY((box = window().findChild<QMessageBox *>()) && box->isVisible());
    m_newcomer->click(seenIn<QPushButton>(*box, u"Keep its mail here"_s));
    QTRY_VERIFY_WITH_TIMEOUT(complaint().contains(u"is still in it"_s), patience);
    QCOMPARE(keyringEntries(), 1);
    startAgain(); // and nothing is said of it again
    QCOMPARE(keyringEntries(), 1);
    QCOMPARE(complaint(), QString());
    QVERIFY(unlockKeyring());
    startAgain();
    QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), 0, patience);
    QCOMPARE(shown(), 3);
}

/// Where no keyring takes a password: nobody on the bus keeps secrets, or somebody who has no keyring yet and nobody to
/// ask for the password of a new one.
class TestFirstRunWithoutKeyring : public FirstRun
{
    Q_OBJECT

private Q_SLOTS:
    void init() { begin(); }
    void cleanup() { m_newcomer.reset(); }

    void thePasswordServesThisRunAndThatIsSaid();
    void theDialogsSayItAndOfferNothing();

private:
    [[nodiscard]] static bool isMissing() { return qEnvironmentVariable("SATCHEL_SITUATION") == "absent"_L1; }
    [[nodiscard]] static QString sentence()
    {
        return isMissing() ? u"No keyring runs on this computer, so passwords are kept only until Satchel is closed"_s
                           : u"The keyring of this computer does not work, so passwords are kept only until"_s;
    }
};

void TestFirstRunWithoutKeyring::thePasswordServesThisRunAndThatIsSaid()
{
    addAccount();
    QTRY_VERIFY2_WITH_TIMEOUT(complaint().contains(sentence()), qPrintable(complaint()), patience);
    const int before = logins();
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(logins() > before, patience);
    QVERIFY(!question());
    startAgain();
    QVERIFY(!isInAnyFile(DovecotServer::password()));
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(question(), patience);
    QCOMPARE(logins(), 0);
    answer(DovecotServer::password(), false);
    QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
    QVERIFY(!isInAnyFile(DovecotServer::password()));
}

void TestFirstRunWithoutKeyring::theDialogsSayItAndOfferNothing()
{
    addAccount();
    QTRY_VERIFY2_WITH_TIMEOUT(complaint().contains(sentence()), qPrintable(complaint()), patience);
    window().editAccount(account().id);
    auto *dialog = window().findChild<SettingsDialog *>();
    QTRY_VERIFY(dialog && dialog->isVisible());
    auto *box = seenIn<QCheckBox>(*dialog, u"Remember the password in the keychain"_s);
    QVERIFY(box);
    QVERIFY(!box->isEnabled() && !box->isChecked());
    QVERIFY2(wordsIn(*dialog).contains(sentence()), qPrintable(wordsIn(*dialog)));
    QTest::keyClick(dialog, Qt::Key_Escape);

    // In the next run it is known as soon as it was asked.
    startAgain();
    checkMail();
    QTRY_VERIFY_WITH_TIMEOUT(question(), patience);
    if (!isMissing())
        return; // reading says truly that there is none; that none can be kept shows when one is to be
    QVERIFY2(wordsIn(*question()).contains(sentence()), qPrintable(wordsIn(*question())));
    QVERIFY(!question()->findChild<QCheckBox *>()->isEnabled());
    QVERIFY(!question()->findChild<QCheckBox *>()->isChecked());
}

int main(int argc, char *argv[])
{
    if (!qEnvironmentVariableIsSet("SATCHEL_SITUATION")) {
        QCoreApplication application(argc, argv);
        int status = 0;
        for (const char *situation : {"unlocked", "absent", "started"}) {
            qputenv("SATCHEL_SITUATION", situation);
            status = qMax(status, runAgainWithKeyring(QString::fromLatin1(situation)));
        }
        return status;
    }
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    if (qEnvironmentVariable("SATCHEL_SITUATION") == "unlocked"_L1) {
        TestFirstRun tests;
        return QTest::qExec(&tests, argc, argv);
    }
    TestFirstRunWithoutKeyring tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_firstrun.moc"
