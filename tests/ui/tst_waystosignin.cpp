// SPDX-License-Identifier: GPL-3.0-or-later
// What a person can choose to sign in by, and what of it is wished for.
#include "filledstore.h"
#include "ui/bars/messagebar.h"
#include "ui/dialogs/connectionpage.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/mainwindow.h"
#include "ui/settings/accounteditor.h"
#include "ui/settings/settingsdialog.h"
#include "ui/shortcuts.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

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

const QString showsCertificate = u"Show the server a certificate of yours"_s;
const QString certificateFile = u"File of the certificate"_s;
const QString passphraseField = u"Passphrase of the certificate"_s;
const QString takesToken = u"Sign in by an access token that a program gives"_s;
const QString tokenProgram = u"Program that gives the access token"_s;
const QString way = u"Way to sign in"_s;

} // namespace

class TestWaysToSignIn : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<QSettings>(m_folder->filePath(u"settings.ini"_s), QSettings::IniFormat);
        m_account = {};
        m_account.id = AccountId{1};
        m_account.name = m_account.address = u"ada@example.org"_s;
        m_account.host = u"pop.example.org"_s;
        m_account.userName = u"ada"_s;
    }

    void aCertificateIsNoMoreThanATickUntilItIsWanted()
    {
        ConnectionPage page;
        page.setAccount({});
        page.show();
        auto *tick = control<QCheckBox>(page, showsCertificate);
        QVERIFY(tick && tick->isVisible() && !tick->isChecked());
        QVERIFY(!control<QLineEdit>(page, certificateFile)->isVisible());
        QVERIFY(!control<QLineEdit>(page, passphraseField)->isVisible());
        auto *ways = control<QComboBox>(page, way);
        QCOMPARE(ways->findData(u"EXTERNAL"_s), -1);
        QVERIFY(!page.fault().field);

        tick->setChecked(true);
        QVERIFY(control<QLineEdit>(page, certificateFile)->isVisible());
        QCOMPARE(control<QLineEdit>(page, passphraseField)->echoMode(), QLineEdit::Password);
        QVERIFY(ways->findData(u"EXTERNAL"_s) > 0);
        QCOMPARE(ways->currentData().toString(), QString()); // nothing is fixed by that
        QCOMPARE(page.fault().field, control<QLineEdit>(page, certificateFile));
    }

    void aCertificateThatIsTakenBackLeavesNoWayFixed()
    {
        m_account.certificateFile = u"/home/ada/own.p12"_s;
        m_account.mechanism = u"EXTERNAL"_s;
        ConnectionPage page;
        page.setAccount(m_account);
        AccountSettings applied = m_account;
        page.apply(applied);
        QCOMPARE(applied, m_account);

        control<QCheckBox>(page, showsCertificate)->setChecked(false);
        page.apply(applied);
        QCOMPARE(applied.mechanism, QString());
        QCOMPARE(applied.certificateFile, QString());
        QCOMPARE(page.passphrase(), QString());
        // Nor does one that was typed before the tick was taken away go anywhere.
        control<QLineEdit>(page, passphraseField)->setText(u"typed"_s);
        QCOMPARE(page.passphrase(), QString());
    }

    void aTokenTakesThePlaceOfThePassword()
    {
        m_account.mechanism = u"PLAIN"_s;
        ConnectionPage page;
        page.setAccount(m_account);
        page.show();
        auto *ways = control<QComboBox>(page, way);
        auto *tick = control<QCheckBox>(page, takesToken);
        QVERIFY(tick && !tick->isChecked());
        QVERIFY(!control<QLineEdit>(page, tokenProgram)->isVisible());
        for (const char *name : {"XOAUTH2", "OAUTHBEARER"})
            QCOMPARE(ways->findData(QString::fromLatin1(name)), -1);

        tick->setChecked(true);
        QVERIFY(control<QLineEdit>(page, tokenProgram)->isVisible());
        QCOMPARE(page.fault().field, control<QLineEdit>(page, tokenProgram));
        control<QLineEdit>(page, tokenProgram)->setText(u" oama access ada@example.org "_s);
        QVERIFY(!page.fault().field);
        for (const char *name : {"XOAUTH2", "OAUTHBEARER"})
            QVERIFY(ways->findData(QString::fromLatin1(name)) > 0);
        for (const char *name : {"PLAIN", "USER", "SCRAM-SHA-256", "EXTERNAL"})
            QCOMPARE(ways->findData(QString::fromLatin1(name)), -1);
        AccountSettings applied = m_account;
        page.apply(applied);
        QCOMPARE(applied.tokenProgram, u"oama access ada@example.org"_s);
        QCOMPARE(applied.mechanism, QString()); // the password's way went with it

        ways->setCurrentIndex(ways->findData(u"XOAUTH2"_s));
        page.apply(applied);
        QCOMPARE(applied.mechanism, u"XOAUTH2"_s);
        tick->setChecked(false);
        page.apply(applied);
        QCOMPARE(applied.mechanism, QString());
        QCOMPARE(applied.tokenProgram, QString());
    }

    void anotherWayThatIsChosenStaysWhenACertificateComesAndGoes()
    {
        m_account.mechanism = u"SCRAM-SHA-256"_s;
        ConnectionPage page;
        page.setAccount(m_account);
        AccountSettings applied = m_account;
        for (const bool on : {true, false}) {
            control<QCheckBox>(page, showsCertificate)->setChecked(on);
            page.apply(applied);
            QCOMPARE(applied.mechanism, u"SCRAM-SHA-256"_s);
        }
    }

    void aWayThatWasFixedByOtherMeansIsShownUntilItIsChanged()
    {
        m_account.mechanism = u"EXTERNAL"_s; // and no certificate
        ConnectionPage page;
        page.setAccount(m_account);
        AccountSettings applied = m_account;
        page.apply(applied);
        QCOMPARE(applied, m_account);
        auto *ways = control<QComboBox>(page, way);
        QCOMPARE(ways->currentData().toString(), u"EXTERNAL"_s);
        ways->setCurrentIndex(0);
        page.apply(applied);
        QCOMPARE(applied.mechanism, QString());
    }

    void theFileIsChosenInADialogThatBlocksNothing()
    {
        ConnectionPage page;
        page.setAccount({});
        control<QCheckBox>(page, showsCertificate)->setChecked(true);
        QFile own(m_folder->filePath(u"own.p12"_s));
        QVERIFY(own.open(QIODevice::WriteOnly));
        QSignalSpy edited(&page, &ConnectionPage::edited);
        control<QPushButton>(page, u"Browse…"_s)->click();
        auto *dialog = page.findChild<QFileDialog *>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(own.fileName());
        dialog->reject();
        AccountSettings applied;
        page.apply(applied);
        QCOMPARE(applied.certificateFile, own.fileName());
        QVERIFY(!edited.isEmpty());
    }

    void thePassphraseGoesOutApartFromThePassword()
    {
        Shortcuts shortcuts(*m_settings);
        SettingsDialog dialog(*m_settings, shortcuts);
        dialog.setAccounts({m_account});
        AccountEditor *editor = dialog.editor(m_account.id);
        QSignalSpy updated(&dialog, &SettingsDialog::updateAccountWished);
        QSignalSpy password(&dialog, &SettingsDialog::passwordGiven);
        QSignalSpy passphrase(&dialog, &SettingsDialog::passphraseGiven);
        QVERIFY(!editor->isChanged());
        control<QCheckBox>(*editor, showsCertificate)->setChecked(true);
        control<QLineEdit>(*editor, certificateFile)->setText(u"/home/ada/own.p12"_s);
        control<QLineEdit>(*editor, passphraseField)->setText(u"open sesame"_s);
        dialog.accept();
        QCOMPARE(updated.size(), 1);
        QCOMPARE(updated.first().first().value<AccountSettings>().certificateFile, u"/home/ada/own.p12"_s);
        QCOMPARE(passphrase.size(), 1);
        QCOMPARE(passphrase.first().at(1).toString(), u"open sesame"_s);
        QCOMPARE(passphrase.first().at(2).toBool(), true);
        QCOMPARE(password.size(), 0);
        QCOMPARE(control<QLineEdit>(*editor, passphraseField)->text(), QString());
        QVERIFY(!editor->isChanged());
        m_settings->sync();
        for (const QString &key : m_settings->allKeys())
            QVERIFY(!m_settings->value(key).toString().contains(u"sesame"));
    }

    void anotherFileWithoutAPassphraseSaysSo()
    {
        m_account.certificateFile = u"/home/ada/own.p12"_s;
        Shortcuts shortcuts(*m_settings);
        SettingsDialog dialog(*m_settings, shortcuts);
        dialog.setAccounts({m_account});
        AccountEditor *editor = dialog.editor(m_account.id);
        QSignalSpy passphrase(&dialog, &SettingsDialog::passphraseGiven);
        control<QLineEdit>(*editor, u"Name of the account"_s)->setText(u"Ada"_s);
        dialog.accept();
        QCOMPARE(passphrase.size(), 0); // that of the file as it is stays
        control<QLineEdit>(*editor, certificateFile)->setText(u"/home/ada/new.p12"_s);
        dialog.accept();
        QCOMPARE(passphrase.size(), 1);
        QCOMPARE(passphrase.first().at(1).toString(), QString());
    }

    void whatIsMissingIsSaidOnItsTab()
    {
        Shortcuts shortcuts(*m_settings);
        SettingsDialog dialog(*m_settings, shortcuts);
        dialog.setAccounts({m_account});
        dialog.show();
        AccountEditor *editor = dialog.editor(m_account.id);
        QSignalSpy updated(&dialog, &SettingsDialog::updateAccountWished);
        control<QCheckBox>(*editor, showsCertificate)->setChecked(true);
        dialog.accept();
        QCOMPARE(updated.size(), 0);
        QCOMPARE(editor->currentIndex(), 3);
        QVERIFY(control<QLineEdit>(*editor, certificateFile)->isVisible());
        control<QLineEdit>(*editor, certificateFile)->setText(u"own.p12"_s);
        dialog.accept();
        QCOMPARE(updated.size(), 0); // not to be found from everywhere
        control<QLineEdit>(*editor, certificateFile)->setText(u"/own.p12"_s);
        dialog.accept();
        QCOMPARE(updated.size(), 1);
    }

    void saysInTimeThatTheCertificateEnds()
    {
        test::FilledStore store;
        const AccountSettings account = store.addAccount(u"Personal"_s);
        MainWindow window(*store.library, *m_settings);
        window.opened({account});
        sync::CheckResult result;
        result.account = account.id;
        result.finishedAt = QDateTime::currentDateTimeUtc();
        result.certificateEnds = QDateTime(QDate(2026, 12, 9), QTime(12, 0), QTimeZone::UTC);
        window.checked(result);
        const auto *bar = window.findChild<MessageBar *>();
        const QString day = QLocale().toString(result.certificateEnds.toLocalTime().date(), QLocale::LongFormat);
        QVERIFY2(bar->text().contains(u"ends on "_s + day), qPrintable(bar->text()));
        result.certificateEnds = {};
        window.checked(result);
        QCOMPARE(bar->count(), 0);
    }

    void aPassphraseIsAskedForWithoutBlocking()
    {
        test::FilledStore store;
        const AccountSettings account = store.addAccount(u"Personal"_s);
        MainWindow window(*store.library, *m_settings);
        window.opened({account});
        QSignalSpy password(&window, &MainWindow::passwordGiven);
        QSignalSpy passphrase(&window, &MainWindow::passphraseGiven);
        window.askPassphrase(account.id);
        window.askPassphrase(account.id);
        window.askPassword(account.id);
        QCOMPARE(window.findChildren<PasswordDialog *>().size(), 2); // one for each
        PasswordDialog *dialog = window.findChild<PasswordDialog *>();
        QVERIFY(!dialog->isModal());
        QTest::keyClicks(dialog->field(), u"sesame"_s);
        QTest::keyClick(dialog->field(), Qt::Key_Return);
        QCOMPARE(passphrase.size(), 1);
        QCOMPARE(passphrase.first().at(1).toString(), u"sesame"_s);
        QCOMPARE(passphrase.first().at(3).toBool(), true);
        QCOMPARE(password.size(), 0);
    }

    void theQuestionForAPassphraseNamesTheFile()
    {
        m_account.certificateFile = u"/home/ada/own.p12"_s;
        PasswordDialog dialog(PasswordDialog::Secret::Passphrase, m_account, true, {});
        QVERIFY(dialog.windowTitle().contains(u"Passphrase"_s));
        bool names = false;
        for (const QLabel *label : dialog.findChildren<QLabel *>())
            names = names || label->text().contains(u"own.p12"_s);
        QVERIFY(names);
        QCOMPARE(dialog.field()->echoMode(), QLineEdit::Password);
    }

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    AccountSettings m_account;
};

QTEST_MAIN(TestWaysToSignIn)
#include "tst_waystosignin.moc"
