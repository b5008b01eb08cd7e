// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of the password of an account: the whole program, window and mail thread, with a real keyring and
// Dovecot.
#include "app/running.h"
#include "support/keyring/keyringcontrol.h"
#include "support/servers/dovecotserver.h"
#include "ui/dialogs/passworddialog.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QDialogButtonBox>
#include <QDirIterator>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using satchel::ui::PasswordDialog;

namespace {

constexpr int patience = 30'000;

/// The program, and the question for a password in it.
class Asking : public Running
{
public:
    using Running::Running;

    [[nodiscard]] PasswordDialog *question() { return window().findChild<PasswordDialog *>(); }

    void answer(const QString &password, bool remember)
    {
        auto *field = question()->findChild<QLineEdit *>();
        field->clear();
        QTest::keyClicks(field, password);
        question()->findChild<QCheckBox *>()->setChecked(remember);
        QTest::mouseClick(question()->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
    }
};

} // namespace

class TestAccountSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<DovecotServer>();
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
    }

    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_user = m_server->addUser();
        m_before = keyringEntries();
        m_server->clearLog();
    }

    void cleanup() { QVERIFY(unlockKeyring()); }

    void cleanupTestCase() { m_server.reset(); }

    void aPasswordThatIsRememberedIsNeverAskedForAgain()
    {
        addAccount(true);
        QCOMPARE(keyringEntries(), m_before + 1);
        Asking later(m_profile->path());
        checkMail(later);
        QTRY_COMPARE_WITH_TIMEOUT(logins(), 1, patience);
        QVERIFY(!later.question());
    }

    void aPasswordThatIsNotToBeRememberedIsAskedForInTheNextRun()
    {
        addAccount(false);
        QCOMPARE(keyringEntries(), m_before);
        Asking later(m_profile->path());
        checkMail(later);
        QTRY_VERIFY_WITH_TIMEOUT(later.question(), patience);
        // Nothing is wrong with the keyring, and nothing is said of it.
        for (const QLabel *label : later.question()->findChildren<QLabel *>())
            QVERIFY2(label->isHidden() || !label->text().contains("keyring"_L1), qPrintable(label->text()));
        QVERIFY(later.question()->findChild<QCheckBox *>()->isEnabled());
        QCOMPARE(logins(), 0);
        later.answer(DovecotServer::password(), true);
        QTRY_COMPARE_WITH_TIMEOUT(logins(), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 1, patience);
    }

    void p321_untickingRememberForgetsTheOldPassword()
    {
        addAccount(true);
        {
            Asking running(m_profile->path());
            QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().size(), 1, patience);
            running.window().askPassword(running.window().accounts().first().id);
            QTRY_VERIFY(running.question());
            running.answer(DovecotServer::password(), false);
            QTRY_COMPARE_WITH_TIMEOUT(logins(), 1, patience);
            QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
            QCOMPARE(running.complaint(), QString());
        }
        Asking later(m_profile->path());
        checkMail(later);
        QTRY_VERIFY_WITH_TIMEOUT(later.question(), patience);
        QCOMPARE(keyringEntries(), m_before);
    }

    void p321_whatALockedKeyringKeepsAgainstThePersonsWishGoesWhenItIsUnlocked()
    {
        addAccount(true);
        QVERIFY(lockKeyring());
        {
            Asking running(m_profile->path());
            checkMail(running);
            QTRY_VERIFY_WITH_TIMEOUT(running.question(), patience);
            running.answer(DovecotServer::password(), false);
            QTRY_COMPARE_WITH_TIMEOUT(logins(), 1, patience);
            QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("is still in it"_L1), patience);
        }
        QCOMPARE(keyringEntries(), m_before + 1);
        QVERIFY(unlockKeyring());
        Asking later(m_profile->path());
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
        // One that is to be kept again is kept.
        checkMail(later);
        QTRY_VERIFY_WITH_TIMEOUT(later.question(), patience);
        later.answer(DovecotServer::password(), true);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 1, patience);
    }

    void anAccountThatIsCalledOtherwiseKeepsItsPassword()
    {
        addAccount(true);
        {
            Asking running(m_profile->path());
            QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().size(), 1, patience);
            AccountSettings account = running.window().accounts().first();
            account.name = u"Another name"_s;
            account.address = u"somebody.else@example.org"_s;
            account.host = u"localhost"_s;
            Q_EMIT running.window().updateAccountWished(account);
            QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().first().host, u"localhost"_s, patience);
        }
        QCOMPARE(keyringEntries(), m_before + 1);
        Asking later(m_profile->path());
        checkMail(later);
        QTRY_COMPARE_WITH_TIMEOUT(logins(), 1, patience);
        QVERIFY(!later.question());
    }

    void thePasswordGoesWithItsAccount()
    {
        addAccount(true);
        {
            Asking running(m_profile->path());
            removeAccount(running);
            QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
            QCOMPARE(running.complaint(), QString());
        }
    }

    void aLockedKeyringIsSaidToBeLockedAndForgetsNothing()
    {
        addAccount(true);
        QVERIFY(lockKeyring());
        Asking later(m_profile->path());
        checkMail(later);
        QTRY_VERIFY_WITH_TIMEOUT(later.question(), patience);
        QVERIFY(says(*later.question(), u"The keyring is locked"_s));
        QVERIFY(later.question()->findChild<QCheckBox *>()->isEnabled());
        QCOMPARE(logins(), 0);
        QCOMPARE(keyringEntries(), m_before + 1);

        // "Unlock it and get mail again."
        QVERIFY(unlockKeyring());
        Q_EMIT later.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(logins(), 1, patience);
        QTRY_VERIFY_WITH_TIMEOUT(!later.question(), patience);
    }

    void aPasswordTypedWhileTheKeyringIsLockedServesThisRunAndItIsSaidThatItWasNotSaved()
    {
        addAccount(true);
        QVERIFY(lockKeyring());
        {
            Asking later(m_profile->path());
            checkMail(later);
            QTRY_VERIFY_WITH_TIMEOUT(later.question(), patience);
            later.answer(DovecotServer::password(), true);
            QTRY_COMPARE_WITH_TIMEOUT(logins(), 1, patience);
            QTRY_VERIFY_WITH_TIMEOUT(later.complaint().contains("kept only until Satchel is closed"_L1), patience);
        }
        QVERIFY(unlockKeyring());
        Asking last(m_profile->path());
        checkMail(last);
        QTRY_COMPARE_WITH_TIMEOUT(logins(), 2, patience);
        QVERIFY(!last.question());
    }

    void whatALockedKeyringKeepsOfARemovedAccountIsDeletedWhenItIsUnlocked()
    {
        addAccount(true);
        QVERIFY(lockKeyring());
        {
            Asking running(m_profile->path());
            removeAccount(running);
            QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("is still in it"_L1), patience);
            QCOMPARE(keyringEntries(), m_before + 1);
        }
        {
            // It stays quiet about what was said before.
            Asking stillLocked(m_profile->path());
            QTRY_VERIFY_WITH_TIMEOUT(stillLocked.window().isVisible(), patience);
        }
        QCOMPARE(keyringEntries(), m_before + 1);
        QVERIFY(unlockKeyring());
        Asking later(m_profile->path());
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
    }

    // As when the desktop unlocks it while Satchel starts. Whenever that happens, before, between or after the
    // questions.
    void aKeyringThatIsUnlockedMeanwhileLeadsToNoFalseAnswer()
    {
        Keychain keychain(u"unlocked meanwhile"_s);
        const AccountId account{7};
        for (int delay = 0; delay < 20; ++delay) {
            QSignalSpy written(&keychain, &Keychain::written);
            keychain.write(account, Secret::Password, u"secret"_s);
            QTRY_COMPARE_WITH_TIMEOUT(written.size(), 1, patience);
            for (const bool removes : {false, true}) {
                QVERIFY(lockKeyring());
                QSignalSpy found(&keychain, &Keychain::found);
                QSignalSpy notFound(&keychain, &Keychain::notFound);
                QSignalSpy unreadable(&keychain, &Keychain::unreadable);
                QSignalSpy removed(&keychain, &Keychain::removed);
                QSignalSpy notRemoved(&keychain, &Keychain::notRemoved);
                bool unlocked = false;
                QTimer::singleShot(delay / 2, &keychain, [&unlocked] { unlocked = unlockKeyring(); });
                if (removes)
                    keychain.remove(account, Secret::Password);
                else
                    keychain.read(account, Secret::Password);
                QTRY_VERIFY_WITH_TIMEOUT(
                    found.size() + unreadable.size() + removed.size() + notRemoved.size() + notFound.size() == 1,
                    patience);
                QTRY_VERIFY_WITH_TIMEOUT(unlocked, patience);
                QCOMPARE(notFound.size(), 0);
                QCOMPARE(keyringEntries(), m_before + (removed.isEmpty() ? 1 : 0));
            }
            if (keyringEntries() > m_before) {
                QSignalSpy removed(&keychain, &Keychain::removed);
                keychain.remove(account, Secret::Password);
                QTRY_COMPARE_WITH_TIMEOUT(removed.size(), 1, patience);
            }
            QCOMPARE(keyringEntries(), m_before);
        }
    }

    void noFileOfTheProfileHoldsThePassword()
    {
        addAccount(true);
        int files = 0;
        QDirIterator all(m_profile->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            QFile file(all.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            QVERIFY2(!bytes.contains(DovecotServer::password().toUtf8()), qPrintable(file.fileName()));
            QVERIFY2(!bytes.contains(DovecotServer::password().toUtf8().toBase64()), qPrintable(file.fileName()));
            ++files;
        }
        QVERIFY(files >= 2);
    }

private:
    /// The first run of a profile: the account is added and checked once, which is not counted by logins().
    void addAccount(bool remember)
    {
        Asking first(m_profile->path());
        AccountSettings account;
        account.name = u"Account"_s;
        account.address = m_user + u"@example.org"_s;
        account.host = u"127.0.0.1"_s;
        account.port = m_server->port();
        account.security = Security::Plain;
        account.userName = m_user;
        account.checkEveryMinutes = 0;
        Q_EMIT first.window().addAccountWished(account, DovecotServer::password(), remember);
        QTRY_COMPARE_WITH_TIMEOUT(first.window().accounts().size(), 1, patience);
        Q_EMIT first.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(logins() > 0, patience);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + (remember ? 1 : 0), patience);
        QCOMPARE(first.complaint(), QString());
        QTRY_VERIFY_WITH_TIMEOUT(m_server->log().count("Disconnected") >= logins(), patience);
        m_server->clearLog();
    }

    void checkMail(Asking &running)
    {
        QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().size(), 1, patience);
        Q_EMIT running.window().checkMailWished({});
    }

    void removeAccount(Asking &running)
    {
        QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().size(), 1, patience);
        Q_EMIT running.window().removeAccountWished(running.window().accounts().first().id);
        QTRY_VERIFY_WITH_TIMEOUT(running.window().accounts().isEmpty(), patience);
    }

    [[nodiscard]] int logins() const
    {
        return int(m_server->log().count("Logged in: user=<" + m_user.toLatin1() + '>'));
    }

    [[nodiscard]] static bool says(const PasswordDialog &question, const QString &text)
    {
        const auto labels = question.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(),
            [&text](const QLabel *label) { return !label->isHidden() && label->text().contains(text); });
    }

    std::unique_ptr<DovecotServer> m_server;
    std::unique_ptr<QTemporaryDir> m_profile;
    QString m_user;
    qsizetype m_before = 0;
};

int main(int argc, char *argv[])
{
    if (!qEnvironmentVariableIsSet("KEYRING_PASSWORD")) {
        QCoreApplication application(argc, argv);
        return runAgainWithKeyring(u"unlocked"_s);
    }
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestAccountSecrets tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_accountsecrets.moc"
