// SPDX-License-Identifier: GPL-3.0-or-later
#include "filledstore.h"
#include "ui/bars/messagebar.h"
#include "ui/dialogs/passworddialog.h"
#include "ui/dialogs/signinhelp.h"
#include "ui/mainwindow.h"

#include <QPushButton>
#include <QSettings>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;
using autoconfig::Proposal;
using autoconfig::SignIn;

/// What a person is told where a provider refuses the login of an ordinary check.
class TestSignInHelp : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void Q19_aRefusedLoginLeadsToTheStepsOfTheProvider_data();
    void Q19_aRefusedLoginLeadsToTheStepsOfTheProvider();
    void Q19_stepsThatWereReadAreStillAtHand();
    void Q19_noPasswordIsAskedForWhereNoneIsAccepted();
    void aServerOfNobodyInTheTableAsksForThePassword();
    void aRefusalAfterTheLoginIsNotThatOfTheDoor();

private:
    [[nodiscard]] MessageBar *bar() const { return m_window->findChild<MessageBar *>(); }
    [[nodiscard]] SignInHelp *help() const { return m_window->findChild<SignInHelp *>(); }
    [[nodiscard]] QPushButton *action() const { return bar()->findChild<QPushButton *>(); }
    [[nodiscard]] Proposal provider(SignIn signIn) const;
    [[nodiscard]] sync::CheckResult refused(ErrorKind kind, ErrorAction action) const;

    std::unique_ptr<test::FilledStore> m_store;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<MainWindow> m_window;
    AccountSettings m_account;
};

void TestSignInHelp::init()
{
    m_store = std::make_unique<test::FilledStore>();
    m_account = m_store->addAccount(u"Personal"_s);
    m_settings = std::make_unique<QSettings>(m_store->dir.filePath(u"settings.ini"_s), QSettings::IniFormat);
    m_window = std::make_unique<MainWindow>(*m_store->library, *m_settings);
    m_store->connectTo(*m_window);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    const auto accounts = m_window->accounts();
    QVERIFY(!accounts.isEmpty());
    m_account = accounts.constFirst();
}

void TestSignInHelp::cleanup()
{
    m_window.reset();
    m_settings.reset();
    m_store.reset();
}

Proposal TestSignInHelp::provider(SignIn signIn) const
{
    Proposal made;
    made.provider = u"Example Mail"_s;
    made.account = m_account;
    made.signIn = signIn;
    made.hints = {u"Switch POP3 on in webmail."_s, u"Make an app password."_s};
    return made;
}

sync::CheckResult TestSignInHelp::refused(ErrorKind kind, ErrorAction action) const
{
    sync::CheckResult result;
    result.account = m_account.id;
    result.error =
        Error{kind, u"The bare refusal."_s, action, u"Your account is not enabled for POP access"_s, {}, true};
    return result;
}

void TestSignInHelp::Q19_aRefusedLoginLeadsToTheStepsOfTheProvider_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<ErrorAction>("bareAction");
    QTest::addColumn<QString>("sentence");
    QTest::newRow("the password is refused: [AUTH], or no code")
        << ErrorKind::AuthenticationFailed << ErrorAction::EnterPassword << u"It wants an app password"_s;
    QTest::newRow("the account is refused: [SYS/PERM]")
        << ErrorKind::ServerRefused << ErrorAction::ShowLog << u"refused to let you in"_s;
}

void TestSignInHelp::Q19_aRefusedLoginLeadsToTheStepsOfTheProvider()
{
    QFETCH(ErrorKind, kind);
    QFETCH(ErrorAction, bareAction);
    QFETCH(QString, sentence);
    m_window->providersKnown({{m_account.id, provider(SignIn::AppPassword)}});
    m_window->checked(refused(kind, bareAction));
    QVERIFY(bar()->isVisible());
    QVERIFY2(bar()->text().contains(sentence), qPrintable(bar()->text()));
    QVERIFY(!bar()->text().contains(u"The bare refusal."_s));
    QCOMPARE(bar()->findChildren<QPushButton *>().size(), 1);
    QCOMPARE(action()->text(), u"&What to do…"_s);

    QTest::mouseClick(action(), Qt::LeftButton);
    QTRY_VERIFY(help() && help()->isVisible());
    for (const QString &step : provider(SignIn::AppPassword).hints)
        QVERIFY2(help()->text().contains(step), qPrintable(help()->text()));
    QVERIFY2(help()->text().contains(u"Your account is not enabled for POP access"_s), "the server's own words");
    QVERIFY(help()->passwordButton()->isVisible());
    QTest::mouseClick(help()->passwordButton(), Qt::LeftButton);
    QTRY_VERIFY(m_window->findChild<PasswordDialog *>());
    QTRY_VERIFY(!help());
    QVERIFY(!bar()->isVisible());
}

void TestSignInHelp::Q19_stepsThatWereReadAreStillAtHand()
{
    m_window->providersKnown({{m_account.id, provider(SignIn::Password)}});
    m_window->checked(refused(ErrorKind::AuthenticationFailed, ErrorAction::EnterPassword));
    QTest::mouseClick(action(), Qt::LeftButton);
    QTRY_VERIFY(help() && help()->isVisible());
    QTest::keyClick(help(), Qt::Key_Escape);
    QTRY_VERIFY(!help());
    QVERIFY(bar()->isVisible());
    QCOMPARE(action()->text(), u"&What to do…"_s);
    // A check that goes well ends it.
    sync::CheckResult well;
    well.account = m_account.id;
    m_window->checked(well);
    QVERIFY(!bar()->isVisible());
}

void TestSignInHelp::Q19_noPasswordIsAskedForWhereNoneIsAccepted()
{
    m_window->providersKnown({{m_account.id, provider(SignIn::OAuth)}});
    m_window->checked(refused(ErrorKind::AuthenticationFailed, ErrorAction::EnterPassword));
    QTest::mouseClick(action(), Qt::LeftButton);
    QTRY_VERIFY(help() && help()->isVisible());
    QVERIFY(!help()->passwordButton()->isVisible());
    QVERIFY(help()->settingsButton()->isVisible());
}

void TestSignInHelp::aServerOfNobodyInTheTableAsksForThePassword()
{
    m_window->providersKnown({});
    m_window->checked(refused(ErrorKind::AuthenticationFailed, ErrorAction::EnterPassword));
    QVERIFY(bar()->text().contains(u"The bare refusal."_s));
    QCOMPARE(action()->text(), u"&Enter password…"_s);
}

void TestSignInHelp::aRefusalAfterTheLoginIsNotThatOfTheDoor()
{
    m_window->providersKnown({{m_account.id, provider(SignIn::AppPassword)}});
    sync::CheckResult result = refused(ErrorKind::ServerRefused, ErrorAction::Retry);
    result.server = sync::ServerAnnouncement(); // it let us in
    m_window->checked(result);
    QVERIFY(bar()->text().contains(u"The bare refusal."_s));
    QCOMPARE(action()->text(), u"&Try again"_s);
}

QTEST_MAIN(TestSignInHelp)
#include "tst_signinhelp.moc"
