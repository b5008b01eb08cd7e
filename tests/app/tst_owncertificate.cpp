// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in by a certificate, from the settings dialog to a real Dovecot: the whole program, with a real keyring.
#include "app/fetchcommand.h"
#include "app/running.h"
#include "support/keyring/keyringcontrol.h"
#include "support/servers/dovecotserver.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/certificatechoice.h"
#include "ui/settings/settingsdialog.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDirIterator>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using ui::PasswordDialog;

namespace {

constexpr int patience = 30'000;

const QString user = u"robin"_s; // as the certificate says

/// The program, and what is done in its windows.
class Signing : public Running
{
public:
    using Running::Running;

    [[nodiscard]] PasswordDialog *question() { return window().findChild<PasswordDialog *>(); }
    [[nodiscard]] AccountSettings account() { return window().accounts().value(0); }

    void answer(const QString &secret)
    {
        question()->findChild<QLineEdit *>()->setText(secret);
        QTest::mouseClick(question()->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Ok), Qt::LeftButton);
    }

    /// As a person does it: the tick, the file, the passphrase, the way to sign in, OK.
    void chooseCertificate(const QString &file, const QString &passphrase, const QString &mechanism)
    {
        window().editAccount(account().id);
        auto *dialog = window().findChild<ui::SettingsDialog *>();
        auto *choice = dialog->editor(account().id)->findChild<ui::CertificateChoice *>();
        field<QCheckBox>(choice, {})->setChecked(!file.isEmpty());
        if (!file.isEmpty())
            field<QLineEdit>(choice, u"File of the certificate"_s)->setText(file);
        field<QLineEdit>(choice, u"Passphrase of the certificate"_s)->setText(passphrase);
        auto *ways = field<QComboBox>(dialog->editor(account().id), u"Way to sign in"_s);
        if (!mechanism.isEmpty())
            ways->setCurrentIndex(ways->findData(mechanism));
        dialog->accept();
    }

    template <class Field>
    static Field *field(QWidget *parent, const QString &name)
    {
        for (Field *one : parent->findChildren<Field *>()) {
            if (name.isEmpty() || one->accessibleName() == name)
                return one;
        }
        return nullptr;
    }
};

} // namespace

class TestOwnCertificate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_server = std::make_unique<DovecotServer>(DovecotOptions{.clientCertificates = true});
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
        QFile pem(m_folder.filePath(u"client.pem"_s));
        QVERIFY(pem.open(QIODevice::WriteOnly));
        pem.write(m_server->clientCertificate());
        pem.close();
        QProcess openssl;
        openssl.setWorkingDirectory(m_folder.path());
        openssl.start(u"openssl"_s,
            {u"pkcs12"_s, u"-export"_s, u"-in"_s, u"client.pem"_s, u"-out"_s, u"client.p12"_s, u"-passout"_s,
                u"pass:"_s + m_passphrase});
        QVERIFY(openssl.waitForFinished());
        QCOMPARE(openssl.exitCode(), 0);
    }

    void init()
    {
        m_profile = std::make_unique<QTemporaryDir>();
        m_before = keyringEntries();
        m_server->clearLog();
        m_server->resetMailbox(user);
        m_server->deliver(user, {"Subject: one\n\n1\n", "Subject: two\n\n2\n"});
    }

    void cleanup() { QVERIFY(unlockKeyring()); }

    void cleanupTestCase() { m_server.reset(); }

    void aCertificateFromTheSettingsSignsInAndNobodyIsAskedForAPassword_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<QString>("mechanism");
        QTest::newRow("PKCS#12, EXTERNAL is chosen") << locked() << m_passphrase << u"EXTERNAL"_s;
        QTest::newRow("PKCS#12, automatic") << locked() << m_passphrase << QString();
        QTest::newRow("PEM without a passphrase") << m_folder.filePath(u"client.pem"_s) << QString() << u"EXTERNAL"_s;
    }

    void aCertificateFromTheSettingsSignsInAndNobodyIsAskedForAPassword()
    {
        QFETCH(QString, file);
        QFETCH(QString, passphrase);
        QFETCH(QString, mechanism);
        {
            Signing first(m_profile->path());
            addAccount(first);
            first.chooseCertificate(file, passphrase, mechanism);
            QTRY_COMPARE_WITH_TIMEOUT(first.account().certificateFile, file, patience);
            QCOMPARE(first.account().mechanism, mechanism);
            Q_EMIT first.window().checkMailWished({});
            QTRY_COMPARE_WITH_TIMEOUT(logins("EXTERNAL"), 1, patience);
            QTRY_COMPARE_WITH_TIMEOUT(first.shown(), 2, patience);
            QVERIFY(!first.question());
            QCOMPARE(first.complaint(), QString());
            QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + (passphrase.isEmpty() ? 0 : 1), patience);
        }
        Signing later(m_profile->path());
        QTRY_COMPARE_WITH_TIMEOUT(later.window().accounts().size(), 1, patience);
        Q_EMIT later.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(logins("EXTERNAL"), 2, patience);
        QVERIFY(!later.question());
        Q_EMIT later.window().removeAccountWished(later.account().id);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
    }

    void aPassphraseThatIsMissingOrWrongIsAskedFor()
    {
        Signing running(m_profile->path());
        addAccount(running);
        running.chooseCertificate(locked(), {}, u"EXTERNAL"_s);
        QTRY_COMPARE_WITH_TIMEOUT(running.account().certificateFile, locked(), patience);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.question(), patience);
        QVERIFY(running.question()->windowTitle().contains("Passphrase"_L1));
        running.answer(u"wrong"_s);
        QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("does not open"_L1), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!running.question(), patience);
        QVERIFY2(!m_server->log().contains("Logged in"), m_server->log());

        for (QPushButton *button : running.window().findChild<ui::MessageBar *>()->findChildren<QPushButton *>()) {
            if (button->text().contains("passphrase"_L1))
                button->click();
        }
        QTRY_VERIFY_WITH_TIMEOUT(running.question(), patience);
        running.answer(m_passphrase);
        QTRY_COMPARE_WITH_TIMEOUT(logins("EXTERNAL"), 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 1, patience);
        QTRY_COMPARE_WITH_TIMEOUT(running.complaint(), QString(), patience);
    }

    void aCertificateThatIsTakenBackTakesItsPassphraseAndItsWayToSignInAlong()
    {
        Signing running(m_profile->path());
        addAccount(running);
        running.chooseCertificate(locked(), m_passphrase, u"EXTERNAL"_s);
        QTRY_COMPARE_WITH_TIMEOUT(running.account().certificateFile, locked(), patience);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 1, patience);
        Q_EMIT running.window().checkMailWished({});
        QTRY_COMPARE_WITH_TIMEOUT(logins("EXTERNAL"), 1, patience);

        running.chooseCertificate({}, {}, {});
        QTRY_COMPARE_WITH_TIMEOUT(running.account().certificateFile, QString(), patience);
        QCOMPARE(running.account().mechanism, QString());
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.question(), patience);
        QVERIFY(running.question()->windowTitle().contains("Password"_L1));
    }

    void whatALockedKeyringKeepsOfATakenBackCertificateIsDeletedWhenItIsUnlocked()
    {
        {
            Signing running(m_profile->path());
            addAccount(running);
            running.chooseCertificate(locked(), m_passphrase, u"EXTERNAL"_s);
            QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 1, patience);
            QVERIFY(lockKeyring());
            running.chooseCertificate({}, {}, {});
            QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("is still in it"_L1), patience);
            QCOMPARE(keyringEntries(), m_before + 1);
        }
        QVERIFY(unlockKeyring());
        Signing later(m_profile->path());
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
    }

    void whatALockedKeyringKeepsOfAnAccountThatIsGivenUpIsDeletedToo()
    {
        {
            Signing running(m_profile->path());
            addAccount(running);
            running.chooseCertificate(locked(), m_passphrase, u"EXTERNAL"_s);
            QTRY_COMPARE_WITH_TIMEOUT(running.account().certificateFile, locked(), patience);
            QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 1, patience);
            QVERIFY(lockKeyring());
            Q_EMIT running.window().retireAccountWished(running.account().id);
            QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("is still in it"_L1), patience);
            QCOMPARE(running.account().host, QString());
            QCOMPARE(running.account().certificateFile, QString());
            QCOMPARE(keyringEntries(), m_before + 1);
        }
        QVERIFY(unlockKeyring());
        Signing later(m_profile->path());
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
    }

    // Some servers demand both.
    void theCertificateIsShownWhereAPasswordSignsInToo()
    {
        DovecotServer strict({.certificatesDemanded = true});
        QVERIFY2(strict.start(), qPrintable(strict.problem()));
        strict.resetMailbox(user);
        QFile pem(m_folder.filePath(u"strict.pem"_s));
        QVERIFY(pem.open(QIODevice::WriteOnly));
        pem.write(strict.clientCertificate()); // of its own authority
        pem.close();
        Signing running(m_profile->path());
        addAccount(running, user, &strict);
        running.chooseCertificate({}, {}, u"SCRAM-SHA-256"_s);
        QTRY_COMPARE_WITH_TIMEOUT(running.account().mechanism, u"SCRAM-SHA-256"_s, patience);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.question(), patience);
        running.answer(DovecotServer::password());
        QTRY_VERIFY_WITH_TIMEOUT(!running.complaint().isEmpty(), patience);
        QVERIFY2(!strict.log().contains("Logged in"), strict.log());

        running.chooseCertificate(pem.fileName(), u"is not needed"_s, u"SCRAM-SHA-256"_s);
        QTRY_COMPARE_WITH_TIMEOUT(running.account().certificateFile, pem.fileName(), patience);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(strict.log().contains("Logged in: user=<robin>, method=SCRAM-SHA-256"), patience);
        // The passphrase under its own name, and the password under its own.
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 2, patience);
        Q_EMIT running.window().removeAccountWished(running.account().id);
        QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before, patience);
    }

    void aServerThatDoesNotTakeACertificateSaysSoAndAsksForThePassword()
    {
        DovecotServer other;
        QVERIFY2(other.start(), qPrintable(other.problem()));
        const QString name = other.addUser();
        Signing running(m_profile->path());
        addAccount(running, name, &other);
        running.chooseCertificate(locked(), m_passphrase, u"EXTERNAL"_s);
        QTRY_COMPARE_WITH_TIMEOUT(running.account().certificateFile, locked(), patience);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("does not offer"_L1), patience);
        QVERIFY2(running.complaint().contains("EXTERNAL"_L1), qPrintable(running.complaint()));

        AccountSettings automatic = running.account();
        automatic.mechanism.clear();
        Q_EMIT running.window().updateAccountWished(automatic);
        Q_EMIT running.window().checkMailWished({});
        QTRY_VERIFY_WITH_TIMEOUT(running.complaint().contains("by a certificate alone"_L1), patience);
        QVERIFY2(!other.log().contains("auth failed"), other.log());
    }

    void theCommandSignsInByTheCertificateToo()
    {
        {
            Signing first(m_profile->path());
            addAccount(first);
            first.chooseCertificate(locked(), m_passphrase, u"EXTERNAL"_s);
            QTRY_COMPARE_WITH_TIMEOUT(keyringEntries(), m_before + 1, patience);
            QTRY_COMPARE_WITH_TIMEOUT(first.account().certificateFile, locked(), patience);
        }
        FetchCommand command(*Profile::open(m_profile->path()), {}, {}, {});
        QSignalSpy finished(&command, &FetchCommand::finished);
        command.start();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patience);
        QCOMPARE(finished.first().first().toInt(), int(FetchCommand::Success));
        QCOMPARE(logins("EXTERNAL"), 1);
    }

    void noFileOfTheProfileHoldsThePassphrase()
    {
        {
            Signing running(m_profile->path());
            addAccount(running);
            running.chooseCertificate(locked(), m_passphrase, u"EXTERNAL"_s);
            QTRY_COMPARE_WITH_TIMEOUT(running.account().certificateFile, locked(), patience);
            Q_EMIT running.window().checkMailWished({});
            QTRY_COMPARE_WITH_TIMEOUT(running.shown(), 2, patience);
        }
        int files = 0;
        QDirIterator all(m_profile->path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (all.hasNext()) {
            QFile file(all.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QByteArray bytes = file.readAll();
            QVERIFY2(!bytes.contains(m_passphrase.toUtf8()), qPrintable(file.fileName()));
            QVERIFY2(!bytes.contains("PRIVATE KEY"), qPrintable(file.fileName()));
            ++files;
        }
        QVERIFY(files >= 2);
        QVERIFY(!m_server->log().contains(m_passphrase.toUtf8()));
    }

private:
    [[nodiscard]] QString locked() const { return m_folder.filePath(u"client.p12"_s); }

    void addAccount(Signing &running, const QString &name = user, DovecotServer *server = nullptr)
    {
        if (!server)
            server = m_server.get();
        AccountSettings account;
        account.name = u"Account"_s;
        account.address = name + u"@example.org"_s;
        account.host = u"127.0.0.1"_s;
        account.port = server->tlsPort();
        account.trustedCertificate = server->certificateSha256();
        account.userName = name;
        account.checkEveryMinutes = 0;
        QTRY_VERIFY_WITH_TIMEOUT(running.window().isVisible(), patience);
        Q_EMIT running.window().addAccountWished(account, {}, false);
        QTRY_COMPARE_WITH_TIMEOUT(running.window().accounts().size(), 1, patience);
    }

    [[nodiscard]] int logins(const QByteArray &method) const
    {
        return int(m_server->log().count("Logged in: user=<" + user.toLatin1() + ">, method=" + method));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<DovecotServer> m_server;
    std::unique_ptr<QTemporaryDir> m_profile;
    const QString m_passphrase = u"nur für die Datei"_s;
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
    TestOwnCertificate tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_owncertificate.moc"
