// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bars/activitypanel.h"
#include "ui/bars/notebar.h"
#include "ui/dialogs/certificatedialog.h"
#include "ui/dialogs/logwindow.h"

#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;

class TestDialogs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void trustsACertificateOnlyWhenTold();
    void showsProgressAndStopsOneAccount();
    void showsTheLogOfOneAccount();
};

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

QTEST_MAIN(TestDialogs)
#include "tst_dialogs.moc"
