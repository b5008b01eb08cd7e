// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/activitypanel.h"
#include "ui/bars/notebar.h"
#include "ui/dialogs/accountdialog.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/logwindow.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

namespace {

template <class Widget>
Widget *field(const QWidget &dialog, const QString &accessibleName)
{
    for (Widget *widget : dialog.findChildren<Widget *>()) {
        if (widget->accessibleName() == accessibleName)
            return widget;
    }
    return nullptr;
}

} // namespace

class TestDialogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void guessesServerAndUserFromTheAddress();
    void leavesWhatWasTypedAlone();
    void saysWhatIsWrongOnTheSpot();
    void refusesLineBreaksInCredentials();
    void warnsBeforeNoEncryption();
    void changesThePortWithTheSecurity();
    void keepsAnAccountAsItWas();
    void forgetsAnExceptionForAnotherServer();
    void offersNoKeychainWhereThereIsNone();
    void trustsACertificateOnlyWhenTold();
    void showsProgressAndStopsOneAccount();
    void showsTheLogOfOneAccount();
};

void TestDialogs::guessesServerAndUserFromTheAddress()
{
    AccountDialog dialog({}, true, {});
    QTest::keyClicks(field<QLineEdit>(dialog, u"Mail address"_s), u"ada@example.org"_s);
    const AccountSettings settings = dialog.settings();
    QCOMPARE(settings.host, u"pop.example.org"_s);
    QCOMPARE(settings.userName, u"ada@example.org"_s);
    QCOMPARE(settings.name, u"ada@example.org"_s);
    QCOMPARE(settings.port, quint16(995));
    QCOMPARE(settings.security, Security::ImplicitTls);
    QCOMPARE(settings.retention, Retention::KeepDays);
    QCOMPARE(settings.keepDays, 14);
    QCOMPARE(dialog.problem(), QString());
}

void TestDialogs::leavesWhatWasTypedAlone()
{
    AccountDialog dialog({}, true, {});
    QTest::keyClicks(field<QLineEdit>(dialog, u"POP3 server"_s), u"mail.own.example"_s);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Mail address"_s), u"ada@example.org"_s);
    QCOMPARE(dialog.settings().host, u"mail.own.example"_s);
}

void TestDialogs::saysWhatIsWrongOnTheSpot()
{
    AccountDialog dialog({}, true, {});
    QSignalSpy accepted(&dialog, &QDialog::accepted);
    dialog.show();
    dialog.accept();
    QCOMPARE(accepted.size(), 0);
    bool said = false;
    for (const NoteBar *bar : dialog.findChildren<NoteBar *>())
        said = said || (bar->isVisible() && bar->text() == dialog.problem() && !bar->text().isEmpty());
    QVERIFY(said);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Mail address"_s), u"ada@example.org"_s);
    field<QLineEdit>(dialog, u"POP3 server"_s)->setText(u"http://pop.example.org/"_s);
    QVERIFY(!dialog.problem().isEmpty());
    field<QLineEdit>(dialog, u"POP3 server"_s)->setText(u"pop.example.org"_s);
    dialog.accept();
    QCOMPARE(accepted.size(), 1);
}

void TestDialogs::refusesLineBreaksInCredentials()
{
    AccountSettings settings;
    settings.address = u"ada@example.org"_s;
    settings.host = u"pop.example.org"_s;
    settings.userName = u"ada"_s;
    AccountDialog dialog(settings, true, {});
    QCOMPARE(dialog.problem(), QString());
    field<QLineEdit>(dialog, u"User name"_s)->setText(u"ada\r\nDELE 1"_s);
    QVERIFY(!dialog.problem().isEmpty() || !dialog.settings().userName.contains(u'\n'));
    field<QLineEdit>(dialog, u"User name"_s)->setText(u"ada"_s);
    field<QLineEdit>(dialog, u"Password"_s)->setText(QString(u"a"_s) + QChar(u'\0') + u'b');
    QVERIFY(!dialog.problem().isEmpty() || !dialog.password().contains(QChar(u'\0')));
}

void TestDialogs::warnsBeforeNoEncryption()
{
    AccountDialog dialog({}, true, {});
    dialog.show();
    auto *security = field<QComboBox>(dialog, u"Connection security"_s);
    const auto warned = [&dialog] {
        for (const NoteBar *bar : dialog.findChildren<NoteBar *>()) {
            if (bar->isVisible())
                return true;
        }
        return false;
    };
    QVERIFY(!warned());
    security->setCurrentIndex(security->findData(int(Security::Plain)));
    QVERIFY(warned());
    QCOMPARE(dialog.settings().security, Security::Plain);
}

void TestDialogs::changesThePortWithTheSecurity()
{
    AccountDialog dialog({}, true, {});
    auto *security = field<QComboBox>(dialog, u"Connection security"_s);
    auto *port = field<QSpinBox>(dialog, u"Port"_s);
    security->setCurrentIndex(security->findData(int(Security::StartTls)));
    QCOMPARE(port->value(), 110);
    port->setValue(1110);
    security->setCurrentIndex(security->findData(int(Security::ImplicitTls)));
    QVERIFY(port->value() == 995 || port->value() == 1110);
}

void TestDialogs::keepsAnAccountAsItWas()
{
    AccountSettings settings;
    settings.id = AccountId{7};
    settings.name = u"Work"_s;
    settings.personName = u"Ada"_s;
    settings.address = u"ada@example.org"_s;
    settings.host = u"pop.example.org"_s;
    settings.port = 2110;
    settings.security = Security::StartTls;
    settings.userName = u"ada"_s;
    settings.mechanism = u"APOP"_s;
    settings.retention = Retention::Keep;
    settings.keepDays = 30;
    settings.deleteWhenDeletedHere = true;
    settings.sizeLimit = 10 * 1024 * 1024;
    settings.checkEveryMinutes = 0;
    settings.enabled = false;
    settings.trustedCertificate = QByteArray(32, 'x');
    settings.position = 3;
    for (const Retention retention : {Retention::Keep, Retention::DeleteAfterDownload, Retention::KeepDays,
             Retention::KeepCount, Retention::KeepSize}) {
        settings.retention = retention;
        settings.keepCount = 77;
        settings.keepMegabytes = 88;
        const AccountDialog dialog(settings, true, {});
        QCOMPARE(dialog.settings(), settings);
        QCOMPARE(dialog.password(), QString());
    }
}

void TestDialogs::forgetsAnExceptionForAnotherServer()
{
    AccountSettings settings;
    settings.id = AccountId{7};
    settings.host = u"pop.example.org"_s;
    settings.trustedCertificate = QByteArray(32, 'x');
    const AccountDialog dialog(settings, true, {});
    field<QLineEdit>(dialog, u"POP3 server"_s)->setText(u"pop.other.example"_s);
    QVERIFY(dialog.settings().trustedCertificate.isEmpty());
}

void TestDialogs::offersNoKeychainWhereThereIsNone()
{
    const AccountDialog dialog({}, false, u"No keyring runs."_s);
    QVERIFY(!dialog.remembersPassword());
}

void TestDialogs::trustsACertificateOnlyWhenTold()
{
    CertificateProblem problem;
    problem.host = u"pop.example.org"_s;
    problem.subject = u"<b>pop</b>"_s;
    problem.sha256 = QByteArray::fromHex("5f3a9d0c417be28866d1c0f4a95e72b31c84d6ef902a7b5540cd13e8f7a69b21");
    problem.reasons = {u"Signed by its own owner."_s};
    QCOMPARE(fingerprintText(problem.sha256).count(u':'), 30);
    auto *refusing = new CertificateDialog(u"Work"_s, problem);
    QSignalSpy refused(refusing, &CertificateDialog::trusted);
    refusing->show();
    QVERIFY(refusing->refuseButton()->isDefault());
    QTest::keyClick(refusing, Qt::Key_Return);
    QVERIFY(!refusing->isVisible());
    QCOMPARE(refused.size(), 0);
    auto *trusting = new CertificateDialog(u"Work"_s, problem);
    QSignalSpy trusted(trusting, &CertificateDialog::trusted);
    trusting->trustButton()->click();
    QCOMPARE(trusted.size(), 1);
    QCOMPARE(trusted.constFirst().constFirst().toByteArray(), problem.sha256);
}

void TestDialogs::showsProgressAndStopsOneAccount()
{
    ActivityPanel panel;
    AccountSettings work;
    work.id = AccountId{1};
    work.name = u"Work"_s;
    panel.setAccounts({work});
    QVERIFY(!panel.isActive());
    panel.started(work.id);
    panel.progressed({.account = work.id,
        .phase = sync::CheckPhase::Receiving,
        .messagesDone = 12,
        .messagesTotal = 340,
        .bytesDone = 9999,
        .bytesTotal = 100});
    QVERIFY(panel.text(work.id).contains(u"12") && panel.text(work.id).contains(u"340"));
    QSignalSpy cancelled(&panel, &ActivityPanel::cancelWished);
    panel.findChild<QAbstractButton *>(u"stopOne"_s)->click();
    QCOMPARE(cancelled.size(), 1);
    panel.finished(work.id);
    QVERIFY(!panel.isActive() && panel.isHidden());
}

void TestDialogs::showsTheLogOfOneAccount()
{
    LogWindow window;
    AccountSettings work;
    work.id = AccountId{1};
    work.name = u"Work"_s;
    AccountSettings home = work;
    home.id = AccountId{2};
    home.name = u"Home"_s;
    window.setAccounts({work, home});
    const QDateTime at(QDate(2026, 1, 1), QTime(12, 0), QTimeZone::UTC);
    window.add(work.id, {.at = at, .from = net::WireLine::From::Client, .bytes = "STAT"});
    window.add(home.id, {.at = at, .from = net::WireLine::From::Server, .bytes = "+OK \x01 <b>hi</b>"});
    window.showAccount({});
    QVERIFY(window.text().contains(u"STAT") && window.text().contains(u"<b>hi</b>"));
    QVERIFY(!window.text().contains(QChar(1)));
    window.showAccount(work.id);
    QVERIFY(window.text().contains(u"STAT") && !window.text().contains(u"+OK"));
}

QTEST_MAIN(TestDialogs)
#include "tst_dialogs.moc"
