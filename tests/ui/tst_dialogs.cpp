// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/activitypanel.h"
#include "ui/bars/notebar.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/connectionpage.h"
#include "ui/dialogs/failedmessagesdialog.h"
#include "ui/dialogs/logwindow.h"
#include "ui/dialogs/servernotes.h"

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>
#include <QTreeWidget>

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
    void trustsACertificateOnlyWhenTold();
    void showsProgressAndStopsOneAccount();
    void showsTheLogOfOneAccount();
    void Q38_warnsWhereTheServerKeepsNothing();
    void Q38_saysHowLongTheServerKeepsMessages();
    void Q16_saysHowOftenTheServerLetsSomebodyIn();
    void offersEveryWayToSignInAndWarnsOfBrokenOnes();
    void warnsBeforeOldEncryption();
    void Q37_offersRecentModeForGmailAloneAndThenNoDeletion();
    void offersTheWayBackFromWhatOtherProgramsHave();
    void aBugReportHoldsNothingOfThePerson();
    void Q39_namesTheMessagesThatFailedAndOffersToTryAgain();
};

void TestDialogs::trustsACertificateOnlyWhenTold()
{
    CertificateProblem problem;
    problem.host = u"pop.example.org"_s;
    problem.subject = u"<b>pop</b>"_s;
    problem.sha256 = QByteArray::fromHex("5f3a9d0c417be28866d1c0f4a95e72b31c84d6ef902a7b5540cd13e8f7a69b21");
    problem.reasons = {u"Signed by its own owner."_s};
    problem.issuer = u"Example Mail Authority"_s;
    problem.notBefore = QDateTime(QDate(2025, 1, 2), QTime(12, 0), QTimeZone::UTC);
    problem.notAfter = QDateTime(QDate(2027, 3, 4), QTime(12, 0), QTimeZone::UTC);
    QCOMPARE(fingerprintText(problem.sha256).count(u':'), 30);
    auto *refusing = new CertificateDialog(u"Work"_s, problem);
    QSignalSpy refused(refusing, &CertificateDialog::trusted);
    refusing->show();
    QString shown;
    for (const QLabel *label : refusing->findChildren<QLabel *>()) {
        if (label->isVisible()) {
            QVERIFY2(
                label->text() != problem.subject || label->textFormat() == Qt::PlainText, "its own words are text");
            shown += label->text() + u'\n';
        }
    }
    const QLocale locale;
    for (const QString &fact : {problem.host, problem.subject, problem.issuer, problem.reasons.constFirst(),
             locale.toString(problem.notBefore.date(), QLocale::LongFormat),
             locale.toString(problem.notAfter.date(), QLocale::LongFormat), fingerprintText(problem.sha256)})
        QVERIFY2(shown.contains(fact), qPrintable(fact));
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
    panel.findChild<QAbstractButton *>()->click();
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

void TestDialogs::Q38_warnsWhereTheServerKeepsNothing()
{
    sync::ServerAnnouncement server;
    server.expireDays = 0;
    AccountSettings settings;
    settings.retention = Retention::KeepDays;
    QCOMPARE(serverWarnings(settings, server).size(), 1);
    QVERIFY(serverWarnings(settings, server).first().contains(u"as soon as"_s));
    settings.retention = Retention::DeleteAfterDownload; // which is what happens anyhow
    QVERIFY(serverWarnings(settings, server).isEmpty());
    server.expireDays = sync::ServerAnnouncement::never;
    settings.retention = Retention::Keep;
    QVERIFY(serverWarnings(settings, server).isEmpty());
}

void TestDialogs::Q38_saysHowLongTheServerKeepsMessages()
{
    sync::ServerAnnouncement server;
    server.expireDays = 7;
    AccountSettings settings;
    settings.retention = Retention::KeepDays;
    settings.keepDays = 14;
    QCOMPARE(serverWarnings(settings, server).size(), 1);
    QVERIFY(serverWarnings(settings, server).first().contains(u"7"_s));
    settings.keepDays = 5;
    QVERIFY(serverWarnings(settings, server).isEmpty());
    settings.retention = Retention::Keep;
    QCOMPARE(serverWarnings(settings, server).size(), 1);

    ConnectionPage dialog;
    dialog.setServer(server);
    dialog.warnFor(settings);
    QStringList bars;
    for (const NoteBar *bar : dialog.findChildren<NoteBar *>()) {
        if (!bar->isHidden())
            bars.append(bar->text());
    }
    QVERIFY(bars.contains(serverWarnings(settings, server).first()));
}

void TestDialogs::Q16_saysHowOftenTheServerLetsSomebodyIn()
{
    sync::ServerAnnouncement server;
    server.loginDelay = 1800;
    AccountSettings settings;
    settings.checkEveryMinutes = 15;
    QCOMPARE(serverWarnings(settings, server).size(), 1);
    QVERIFY(serverWarnings(settings, server).first().contains(durationText(1800)));
    settings.checkEveryMinutes = 60;
    QVERIFY(serverWarnings(settings, server).isEmpty());
}

void TestDialogs::Q37_offersRecentModeForGmailAloneAndThenNoDeletion()
{
    AccountSettings settings;
    settings.host = u"pop.gmail.com"_s;
    ConnectionPage page;
    page.setAccount(settings);
    page.warnFor(settings);
    QCheckBox *recent = nullptr;
    for (QCheckBox *box : page.findChildren<QCheckBox *>()) {
        if (box->text().contains(u"recent"_s))
            recent = box;
    }
    QVERIFY(recent);
    QVERIFY(!recent->isHidden());
    recent->setChecked(true);
    page.apply(settings);
    QVERIFY(settings.recentMode);
    recent->setChecked(false);
    settings.host = u"pop.example.org"_s;
    page.warnFor(settings);
    QVERIFY(recent->isHidden());
}

void TestDialogs::offersTheWayBackFromWhatOtherProgramsHave()
{
    ConnectionPage dialog;
    dialog.setElsewhere(1240);
    QSignalSpy wished(&dialog, &ConnectionPage::fetchElsewhereWished);
    for (NoteBar *bar : dialog.findChildren<NoteBar *>()) {
        if (bar->text().contains(u"another program"_s)) {
            QVERIFY(!bar->isHidden());
            bar->findChildren<QPushButton *>().constLast()->click();
            QVERIFY(bar->isHidden());
        }
    }
    QCOMPARE(wished.size(), 1);
}

void TestDialogs::offersEveryWayToSignInAndWarnsOfBrokenOnes()
{
    ConnectionPage dialog;
    dialog.setAccount({});
    const auto settings = [&dialog] {
        AccountSettings applied;
        dialog.apply(applied);
        return applied;
    };
    auto *choice = field<QComboBox>(dialog, u"Way to sign in"_s);
    QVERIFY(choice);
    QCOMPARE(settings().mechanism, QString());
    for (const char *name :
        {"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN", "USER", "CRAM-MD5", "DIGEST-MD5", "APOP"}) {
        const int index = choice->findData(QString::fromLatin1(name));
        QVERIFY2(index >= 0, name);
        choice->setCurrentIndex(index);
        QCOMPARE(settings().mechanism, QString::fromLatin1(name));
        const bool broken = QByteArray(name).endsWith("MD5") || QByteArray(name) == "APOP";
        const auto bars = choice->parentWidget()->findChildren<NoteBar *>();
        QVERIFY(!bars.isEmpty());
        QCOMPARE(!bars.first()->isHidden(), broken);
    }
    // Nothing brings an access token or a certificate for them (tst_waystosignin).
    for (const char *name : {"XOAUTH2", "OAUTHBEARER", "EXTERNAL"})
        QCOMPARE(choice->findData(QString::fromLatin1(name)), -1);
}

void TestDialogs::warnsBeforeOldEncryption()
{
    ConnectionPage dialog;
    dialog.setAccount({});
    const auto settings = [&dialog] {
        AccountSettings applied;
        dialog.apply(applied);
        return applied;
    };
    QCheckBox *old = nullptr;
    for (QCheckBox *box : dialog.findChildren<QCheckBox *>()) {
        if (box->text().contains(u"TLS 1.0"_s))
            old = box;
    }
    QVERIFY(old);
    QVERIFY(!old->isChecked());
    const auto warning = [&dialog]() -> NoteBar * {
        for (NoteBar *bar : dialog.findChildren<NoteBar *>()) {
            if (bar->text().contains(u"TLS 1.2"_s))
                return bar;
        }
        return nullptr;
    };
    QVERIFY(warning());
    QVERIFY(warning()->isHidden());
    old->setChecked(true);
    QVERIFY(!warning()->isHidden());
    QVERIFY(settings().oldTls);
}

void TestDialogs::aBugReportHoldsNothingOfThePerson()
{
    AccountSettings account;
    account.id = AccountId{3};
    account.name = u"Private"_s;
    account.personName = u"Ada Lovelace"_s;
    account.address = u"ada.l@example.org"_s;
    account.userName = u"ada.l"_s;
    account.host = u"pop.example.net"_s;
    sync::ServerAnnouncement server;
    server.account = account.id;
    server.loginAt = QDateTime::currentDateTimeUtc();
    server.capabilities = {u"PIPELINING"_s, u"IMPLEMENTATION Cyrus 3.10"_s};
    LogWindow window;
    window.setAccounts({account});
    window.setServers({server});
    window.add(account.id, {QDateTime::currentDateTimeUtc(), net::WireLine::From::Client, "USER ada.l"});
    window.add(account.id,
        {QDateTime::currentDateTimeUtc(), net::WireLine::From::Server, "+OK hello Ada.L@example.org (Ada Lovelace)"});
    window.showAccount(account.id);
    const QString report = window.report();
    for (const QString &word : {account.personName, account.address, account.userName, account.name})
        QVERIFY2(!report.contains(word, Qt::CaseInsensitive), qPrintable(report));
    QVERIFY(report.contains(QString::fromLatin1(qVersion())));
    QVERIFY(report.contains(u"CAPA: IMPLEMENTATION Cyrus 3.10"_s));
    QVERIFY(report.contains(u"pop.example.net"_s));
    QVERIFY(report.contains(u"USER ‹user›"_s));
    QVERIFY(report.startsWith(u"User names, addresses and passwords were struck out"_s));
    for (QPushButton *button : window.findChildren<QPushButton *>()) {
        if (button->text().contains(u"bug report"_s))
            button->click();
    }
    QCOMPARE(QGuiApplication::clipboard()->text(), report);
}

void TestDialogs::Q39_namesTheMessagesThatFailedAndOffersToTryAgain()
{
    FailedMessagesDialog dialog(
        u"Work"_s, {{u"Ada"_s, u"<b>plans</b>"_s, 2048, u"corrupt index"_s}, {{}, {}, 0, u"no"_s}});
    auto *list = dialog.findChild<QTreeWidget *>();
    QVERIFY(list);
    QCOMPARE(list->topLevelItemCount(), 2);
    QCOMPARE(list->topLevelItem(0)->text(1), u"<b>plans</b>"_s);
    QVERIFY(!list->topLevelItem(0)->toolTip(1).contains(u"<b>"_s));
    QVERIFY(!list->topLevelItem(1)->text(0).isEmpty());
    QSignalSpy retry(&dialog, &FailedMessagesDialog::retryWished);
    for (QPushButton *button : dialog.findChildren<QPushButton *>()) {
        if (button->text().contains(u"ry again"_s))
            button->click();
    }
    QCOMPARE(retry.size(), 1);
}

QTEST_MAIN(TestDialogs)
#include "tst_dialogs.moc"
