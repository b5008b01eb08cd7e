// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/localaccount.h"
#include "support/web/identityprovider.h"
#include "ui/bars/emptystate.h"
#include "ui/folders/folderpane.h"
#include "ui/list/messagelistview.h"
#include "ui/message/bodyview.h"
#include "ui/message/messageview.h"
#include "ui/wizard/foundpage.h"
#include "ui/wizard/identitypage.h"
#include "ui/wizard/lastpage.h"
#include "ui/wizard/manualpage.h"
#include "ui/wizard/trialpage.h"
#include "ui/wizardharness.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFile>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QSslConfiguration>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using namespace satchel::ui;

/// The first run, driven as a person would, with the whole program: against a real Dovecot, a web server and a name
/// server on loopback.
class TestWizard : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();

    void fromNothingToTheFirstMailRead();
    void opensByItselfOnceAndNeverStandsInTheWay();
    void findsWhatTheDomainPublishes();
    void findsByDnsAndAsksBeforeAServerOutsideTheDomain();
    void findsStlsByGuessing();
    void saysThatThePasswordIsWrongAndTakesAnother();
    void asksBeforeACertificateThatIsNotTrusted();
    void typedSettingsAreTriedToo();
    void keepsSettingsWhenThereIsNoNetwork();
    void testsNothingWhileWorkingOffline();
    void saysThatAProviderHasNoPop3();
    void saysThatAProviderTakesNoPasswords();
    void addsAMailboxThatTakesAccessTokensOnly();
    void asksForAnAppPasswordAndShowsTheSteps();
    void canBeStoppedAtAnyPoint();
    void changesHowLongMailStaysOnTheServer();
    void looksAroundWithSampleMail();
    void saysWhatIsMissingInPlace();
    void everyFieldHasANameAndNoLetterStandsTwice();

private:
    void expectMail(qsizetype count);
    void checkLetters();

    static DovecotOptions asking(IdentityProvider &provider)
    {
        if (!provider.start())
            qFatal("the identity provider did not start");
        return {.identityProvider = provider.url().toString()};
    }

    IdentityProvider m_provider;
    DovecotServer m_server{asking(m_provider)};
    QString m_user;
    QString m_address;
    std::unique_ptr<Newcomer> m_newcomer;
};

void TestWizard::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.problem()));
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.addCaCertificates(QSslCertificate::fromPath(m_server.authorityFile()));
    QSslConfiguration::setDefaultConfiguration(configuration);
}

void TestWizard::init()
{
    m_newcomer = std::make_unique<Newcomer>();
    m_user = m_server.addUser();
    m_address = m_user + u"@example.org"_s;
    m_server.deliver(m_user, {mail(1), mail(2), mail(3)});
    m_server.clearLog();
}

void TestWizard::cleanup()
{
    m_newcomer.reset();
}

void TestWizard::expectMail(qsizetype count)
{
    auto *list = m_newcomer->window().findChild<MessageListView *>();
    QVERIFY(list);
    QTRY_COMPARE_WITH_TIMEOUT(list->model()->rowCount(), int(count), patience);
}

void TestWizard::fromNothingToTheFirstMailRead()
{
    m_newcomer->web().answer(configPlace, {.body = configFile("mail.example.org", "%EMAILLOCALPART%")});
    m_newcomer->lead(u"mail.example.org"_s, 995, m_server.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    // Nothing was sent there yet: it is shown first.
    QVERIFY(!m_server.log().contains("Logged in"));
    const QString shown = m_newcomer->allWords();
    for (const QString &part : {u"mail.example.org, port 995"_s, u"TLS"_s, m_user, u"Example Mail"_s})
        QVERIFY2(shown.contains(part), qPrintable(shown));
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, LastPage);
    QTRY_VERIFY_WITH_TIMEOUT(m_server.log().contains("retr=0/0"), patience);
    QVERIFY2(m_newcomer->allWords().contains(u"14 day"_s), qPrintable(m_newcomer->allWords()));
    QVERIFY2(m_newcomer->allWords().contains(u"3 message"_s), qPrintable(m_newcomer->allWords()));
    m_newcomer->press(Qt::Key_Return);
    expectMail(3);
    QVERIFY(!m_newcomer->wizard());
    auto *list = m_newcomer->window().findChild<MessageListView *>();
    QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->visualRect(list->model()->index(0, 0)).center());
    auto *view = m_newcomer->window().findChild<MessageView *>();
    QTRY_VERIFY_WITH_TIMEOUT(view->showsMessage() && !view->isLoading(), patience);
    QTRY_VERIFY(view->body()->toPlainText().contains(u"Hello"_s));
    QCOMPARE(m_newcomer->fields(), 3);
    QCOMPARE(m_newcomer->clicks() + 1, 4); // three times on, and the message
    const AccountSettings account = m_newcomer->window().accounts().constFirst();
    QCOMPARE(account.retention, Retention::KeepDays);
    QCOMPARE(account.keepDays, 14);
    QCOMPARE(account.personName, u"Robin Fields"_s);
    QCOMPARE(m_server.messages(m_user).size(), 3);
}

void TestWizard::opensByItselfOnceAndNeverStandsInTheWay()
{
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->press(Qt::Key_Escape);
    QTRY_VERIFY(!m_newcomer->wizard());
    auto *welcome = m_newcomer->window().findChild<EmptyState *>();
    QTRY_VERIFY(welcome->button()->isVisible() && welcome->secondButton()->isVisible());
    m_newcomer->click(welcome->button());
    QTRY_VERIFY(m_newcomer->wizard());
    m_newcomer->end();
    m_newcomer->start();
    QTRY_VERIFY(m_newcomer->window().findChild<EmptyState *>()->button()->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->window().findChild<EmptyState *>()->isVisible(), patience);
    QVERIFY(!m_newcomer->wizard());
}

void TestWizard::findsWhatTheDomainPublishes()
{
    m_newcomer->web().answer(configPlace, {.body = configFile("pop.example.org", "%EMAILADDRESS%")});
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, u"secret"_s);
    m_newcomer->click(m_newcomer->wizard()->nextButton());
    TRY_PAGE(*m_newcomer, FoundPage);
    QVERIFY(m_newcomer->allWords().contains(u"pop.example.org, port 995"_s));
    QVERIFY(m_newcomer->allWords().contains(m_address));
    // No name, address or password left the machine for it.
    for (const WebRequest &request : m_newcomer->web().requests()) {
        QVERIFY2(!request.line.contains(m_user.toUtf8()), request.line.constData());
        QVERIFY(!request.line.contains("secret"));
    }
}

void TestWizard::findsByDnsAndAsksBeforeAServerOutsideTheDomain()
{
    m_newcomer->dns().addService("_pop3s._tcp.example.org", 0, 1, 995, "mail.elsewhere.example");
    m_newcomer->lead(u"mail.elsewhere.example"_s, 995, m_server.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    QTRY_VERIFY2_WITH_TIMEOUT(
        m_newcomer->seen<QCheckBox>(u"Use this server all the same"_s), qPrintable(m_newcomer->allWords()), patience);
    QVERIFY(m_newcomer->allWords().contains(u"mail.elsewhere.example"_s));
    QVERIFY(!m_newcomer->wizard()->nextButton()->isEnabled());
    m_newcomer->press(Qt::Key_Space); // the box has the focus
    QTRY_VERIFY(m_newcomer->wizard()->nextButton()->isEnabled());
}

void TestWizard::findsStlsByGuessing()
{
    m_newcomer->lead(u"pop3.example.org"_s, 110, m_server.port());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    QVERIFY2(m_newcomer->allWords().contains(u"STARTTLS"_s), qPrintable(m_newcomer->allWords()));
    m_newcomer->press(Qt::Key_Return);
    // Dovecot wants the user name without the domain: the trial says what may be wrong.
    QTRY_VERIFY_WITH_TIMEOUT(qobject_cast<TrialPage *>(m_newcomer->wizard()->page())
            && !static_cast<TrialPage *>(m_newcomer->wizard()->page())->isRunning(),
        patience);
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->allWords().contains(u"before the @"_s), patience);
    m_newcomer->click(m_newcomer->wizard()->manualButton());
    QCOMPARE(m_newcomer->seen<QLineEdit>(u"POP3 server"_s)->text(), u"pop3.example.org"_s);
    m_newcomer->type(u"User name"_s, m_user);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, LastPage);
    m_newcomer->press(Qt::Key_Return);
    expectMail(3);
    QCOMPARE(m_newcomer->window().accounts().constFirst().security, Security::StartTls);
}

void TestWizard::saysThatThePasswordIsWrongAndTakesAnother()
{
    m_newcomer->web().answer(configPlace, {.body = configFile("mail.example.org", "%EMAILLOCALPART%")});
    m_newcomer->lead(u"mail.example.org"_s, 995, m_server.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, u"wrong"_s);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, TrialPage);
    QVERIFY2(m_newcomer->allWords().contains(u"did not accept the user name or the password"_s),
        qPrintable(m_newcomer->allWords()));
    QVERIFY(m_newcomer->window().accounts().isEmpty());
    // The field that needs another answer has the focus.
    QCOMPARE(m_newcomer->wizard()->focusWidget(), m_newcomer->seen<QLineEdit>(u"Password"_s));
    m_newcomer->type(u"Password"_s, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, LastPage);
    m_newcomer->press(Qt::Key_Return);
    expectMail(3);
}

void TestWizard::asksBeforeACertificateThatIsNotTrusted()
{
    DovecotServer stranger({.certificate = u"selfsigned"_s});
    QVERIFY2(stranger.start(), qPrintable(stranger.problem()));
    const QString user = stranger.addUser();
    stranger.deliver(user, {mail(1)});
    m_newcomer->web().answer(configPlace, {.body = configFile("mail.example.org", "%EMAILLOCALPART%")});
    m_newcomer->lead(u"mail.example.org"_s, 995, stranger.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(user + u"@example.org"_s, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, TrialPage);
    QVERIFY2(m_newcomer->allWords().contains(u"password was not sent"_s), qPrintable(m_newcomer->allWords()));
    QVERIFY(!stranger.log().contains("Logged in"));
    m_newcomer->click(m_newcomer->seen<QPushButton>(u"Review certificate…"_s));
    QPushButton *trust = nullptr;
    QTRY_VERIFY((trust = m_newcomer->seen<QPushButton>(u"Trust this certificate"_s)));
    m_newcomer->click(trust);
    TRY_PAGE(*m_newcomer, LastPage);
    m_newcomer->press(Qt::Key_Return);
    expectMail(1);
    QCOMPARE(m_newcomer->window().accounts().constFirst().trustedCertificate, stranger.certificateSha256());
}

void TestWizard::typedSettingsAreTriedToo()
{
    m_newcomer->lead(u"mail.own.example"_s, 2110, m_server.port());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->click(m_newcomer->wizard()->manualButton());
    QTRY_VERIFY(isAt<ManualPage>(*m_newcomer));
    m_newcomer->type(u"POP3 server"_s, u"mail own"_s);
    m_newcomer->press(Qt::Key_Return);
    QVERIFY(m_newcomer->allWords().contains(u"Enter the name of the POP3 server"_s));
    m_newcomer->type(u"POP3 server"_s, u"mail.own.example"_s);
    m_newcomer->seen<QComboBox>(u"Connection security"_s)->setCurrentIndex(1);
    m_newcomer->seen<QSpinBox>(u"Port"_s)->setValue(2110);
    m_newcomer->type(u"User name"_s, m_user);
    auto *mechanism = m_newcomer->seen<QComboBox>(u"Way to sign in"_s);
    mechanism->setCurrentIndex(mechanism->findData(u"PLAIN"_s));
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, LastPage);
    QTRY_VERIFY_WITH_TIMEOUT(m_server.log().contains("method=PLAIN"), patience);
    m_newcomer->press(Qt::Key_Return);
    expectMail(3);
    const AccountSettings account = m_newcomer->window().accounts().constFirst();
    QCOMPARE(account.host, u"mail.own.example"_s);
    QCOMPARE(account.port, quint16(2110));
    QCOMPARE(account.security, Security::StartTls);
    QCOMPARE(account.mechanism, u"PLAIN"_s);
}

void TestWizard::keepsSettingsWhenThereIsNoNetwork()
{
    m_newcomer->pullThePlug();
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    QVERIFY2(m_newcomer->allWords().contains(u"no connection"_s), qPrintable(m_newcomer->allWords()));
    m_newcomer->click(m_newcomer->wizard()->manualButton());
    m_newcomer->type(u"POP3 server"_s, u"mail.example.org"_s);
    m_newcomer->type(u"User name"_s, m_user);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, TrialPage);
    m_newcomer->click(m_newcomer->seen<QPushButton>(u"Keep the settings untested"_s));
    TRY_PAGE(*m_newcomer, LastPage);
    QVERIFY2(m_newcomer->allWords().contains(u"not tested"_s), qPrintable(m_newcomer->allWords()));
    m_newcomer->press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m_newcomer->window().accounts().size(), 1, patience);
    QVERIFY(m_newcomer->window().accounts().constFirst().enabled);
    QCOMPARE(m_newcomer->window().accounts().constFirst().host, u"mail.example.org"_s);
}

void TestWizard::testsNothingWhileWorkingOffline()
{
    m_newcomer->web().answer(configPlace, {.body = configFile("mail.example.org", "%EMAILLOCALPART%")});
    m_newcomer->lead(u"mail.example.org"_s, 995, m_server.tlsPort());
    m_newcomer->start(true);
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    QVERIFY2(m_newcomer->allWords().contains(u"working offline"_s), qPrintable(m_newcomer->allWords()));
    m_newcomer->click(m_newcomer->wizard()->manualButton());
    m_newcomer->type(u"POP3 server"_s, u"mail.example.org"_s);
    m_newcomer->type(u"User name"_s, m_user);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, LastPage);
    m_newcomer->press(Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m_newcomer->window().accounts().size(), 1, patience);
    QCOMPARE(m_newcomer->web().connections(), 0);
    QVERIFY2(m_server.log().isEmpty(), m_server.log().constData());
    // Back on the network, the account is checked by itself.
    m_newcomer->window().setOffline(false);
    Q_EMIT m_newcomer->window().offlineWished(false);
    expectMail(3);
}

void TestWizard::saysThatAProviderHasNoPop3()
{
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(u"robin@icloud.com"_s, u"secret"_s);
    m_newcomer->press(Qt::Key_Return);
    QTRY_VERIFY2_WITH_TIMEOUT(
        m_newcomer->allWords().contains(u"iCloud does not offer POP3"_s), qPrintable(m_newcomer->allWords()), patience);
    QVERIFY(!m_newcomer->wizard()->nextButton()->isEnabled());
    QVERIFY(m_newcomer->wizard()->manualButton()->isEnabled());
}

void TestWizard::saysThatAProviderTakesNoPasswords()
{
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(u"robin@outlook.com"_s, u"secret"_s);
    m_newcomer->press(Qt::Key_Return);
    QTRY_VERIFY2_WITH_TIMEOUT(m_newcomer->allWords().contains(u"Satchel cannot sign in that way by itself"_s),
        qPrintable(m_newcomer->allWords()), patience);
    QVERIFY(!m_newcomer->wizard()->nextButton()->isEnabled());
    QVERIFY(m_newcomer->wizard()->manualButton()->isEnabled());
}

void TestWizard::addsAMailboxThatTakesAccessTokensOnly()
{
    QByteArray config = configFile("mail.example.org", "%EMAILLOCALPART%");
    config.replace("password-cleartext", "OAuth2");
    m_newcomer->web().answer(configPlace, {.body = config});
    m_newcomer->lead(u"mail.example.org"_s, 995, m_server.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, u"never sent"_s);
    m_newcomer->press(Qt::Key_Return);
    const QString field = u"Program that gives the access token"_s;
    QTRY_VERIFY2_WITH_TIMEOUT(m_newcomer->seen<QLineEdit>(field), qPrintable(m_newcomer->allWords()), patience);
    QVERIFY(!m_newcomer->wizard()->nextButton()->isEnabled());

    const QTemporaryDir folder;
    QFile program(folder.filePath(u"token"_s));
    QVERIFY(program.open(QIODevice::WriteOnly));
    program.write("#!/bin/sh\n[ \"$1\" = now ] && echo " + m_provider.signIn(m_user).accessToken
        + " || { echo not now >&2; exit 6; }\n");
    program.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    program.close();
    m_newcomer->type(field, program.fileName() + u" later"_s);
    m_newcomer->press(Qt::Key_Return);
    QTRY_VERIFY2_WITH_TIMEOUT(
        m_newcomer->allWords().contains(u"exit status 6"_s), qPrintable(m_newcomer->allWords()), patience);
    QVERIFY(m_newcomer->allWords().contains(u"It said: not now"_s));
    m_newcomer->click(m_newcomer->wizard()->backButton());
    m_newcomer->type(field, program.fileName() + u" now"_s);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, LastPage);
    QVERIFY(!m_newcomer->seen<QCheckBox>(u"Remember the password in the keychain"_s));
    m_newcomer->press(Qt::Key_Return);
    expectMail(3);
    QCOMPARE(m_newcomer->window().accounts().constFirst().tokenProgram, program.fileName() + u" now"_s);
    QVERIFY2(m_server.log().contains("method=OAUTHBEARER"), m_server.log());
    QVERIFY(!m_server.log().contains("auth failed"));
}

void TestWizard::asksForAnAppPasswordAndShowsTheSteps()
{
    m_newcomer->lead(u"pop.gmail.com"_s, 995, m_server.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(u"robin@gmail.com"_s, u"my usual password"_s);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    QVERIFY2(m_newcomer->allWords().contains(u"Enable POP for all mail"_s), qPrintable(m_newcomer->allWords()));
    QVERIFY(m_newcomer->seen<QLineEdit>(u"Password for mail programs"_s));
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, TrialPage);
    QVERIFY2(m_newcomer->allWords().contains(u"It wants an app password"_s), qPrintable(m_newcomer->allWords()));
    QVERIFY(m_newcomer->allWords().contains(u"Enable POP for all mail"_s));
}

void TestWizard::canBeStoppedAtAnyPoint()
{
    QTcpServer mute;
    QVERIFY(mute.listen(QHostAddress::LocalHost));
    m_newcomer->web().answer(configPlace, {.body = configFile("mail.example.org", "%EMAILLOCALPART%")});
    m_newcomer->lead(u"mail.example.org"_s, 995, mute.serverPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    m_newcomer->press(Qt::Key_Return);
    QTRY_VERIFY(qobject_cast<TrialPage *>(m_newcomer->wizard()->page()));
    QTRY_VERIFY_WITH_TIMEOUT(mute.hasPendingConnections(), patience);
    QTcpSocket *line = mute.nextPendingConnection();
    m_newcomer->click(m_newcomer->wizard()->backButton());
    QVERIFY(isAt<FoundPage>(*m_newcomer));
    QTRY_COMPARE_WITH_TIMEOUT(line->state(), QAbstractSocket::UnconnectedState, patience);
    m_newcomer->press(Qt::Key_Return);
    QTRY_VERIFY_WITH_TIMEOUT(mute.hasPendingConnections(), patience);
    line = mute.nextPendingConnection();
    m_newcomer->press(Qt::Key_Escape);
    QTRY_VERIFY(!m_newcomer->wizard());
    QTRY_COMPARE_WITH_TIMEOUT(line->state(), QAbstractSocket::UnconnectedState, patience);
    QVERIFY(m_newcomer->window().accounts().isEmpty());
}

void TestWizard::changesHowLongMailStaysOnTheServer()
{
    m_newcomer->web().answer(configPlace, {.body = configFile("mail.example.org", "%EMAILLOCALPART%")});
    m_newcomer->lead(u"mail.example.org"_s, 995, m_server.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->identify(m_address, DovecotServer::password());
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, LastPage);
    m_newcomer->click(m_newcomer->seen<QPushButton>(u"Change…"_s));
    QTRY_COMPARE(m_newcomer->wizard()->findChildren<QRadioButton *>().size(), 5);
    auto *keep = m_newcomer->seen<QRadioButton>(u"Keep it on the server"_s);
    QVERIFY(keep);
    QTest::keyClick(keep, Qt::Key_Space);
    QVERIFY2(m_newcomer->allWords().contains(u"for good"_s), qPrintable(m_newcomer->allWords()));
    m_newcomer->click(m_newcomer->wizard()->nextButton());
    QTRY_COMPARE_WITH_TIMEOUT(m_newcomer->window().accounts().size(), 1, patience);
    QCOMPARE(m_newcomer->window().accounts().constFirst().retention, Retention::Keep);
}

void TestWizard::looksAroundWithSampleMail()
{
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->click(m_newcomer->wizard()->sampleButton());
    auto *list = m_newcomer->window().findChild<MessageListView *>();
    QTRY_VERIFY_WITH_TIMEOUT(list->model()->rowCount() > 40, patience);
    QVERIFY(!m_newcomer->wizard());
    QCOMPARE(m_newcomer->clicks(), 1);
    QCOMPARE(m_newcomer->window().accounts().size(), 1);
    QVERIFY(isSample(m_newcomer->window().accounts().constFirst()));
    // Said so, and gone by one click and one answer.
    QPushButton *remove = nullptr;
    const auto findRemove = [&] {
        for (auto *button : m_newcomer->window().findChildren<QPushButton *>()) {
            if (button->isVisible() && button->text().contains(u"emove sample mail"_s))
                remove = button;
        }
        return remove != nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(findRemove(), patience);
    m_newcomer->click(remove);
    QMessageBox *question = nullptr;
    QTRY_VERIFY((question = m_newcomer->window().findChild<QMessageBox *>()) && question->isVisible());
    QPushButton *yes = nullptr;
    for (QAbstractButton *button : question->buttons()) {
        if (question->buttonRole(button) == QMessageBox::AcceptRole
            || question->buttonRole(button) == QMessageBox::DestructiveRole)
            yes = qobject_cast<QPushButton *>(button);
    }
    QVERIFY(yes);
    m_newcomer->click(yes);
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->window().accounts().isEmpty(), patience);
    QTRY_VERIFY(m_newcomer->window().findChild<EmptyState *>()->isVisible());
}

void TestWizard::saysWhatIsMissingInPlace()
{
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    m_newcomer->press(Qt::Key_Return);
    QVERIFY(m_newcomer->allWords().contains(u"Enter your whole mail address"_s));
    QCOMPARE(m_newcomer->wizard()->focusWidget(), m_newcomer->seen<QLineEdit>(u"Mail address"_s));
    m_newcomer->type(u"Mail address"_s, u"robin@example.org"_s);
    QVERIFY(!m_newcomer->allWords().contains(u"Enter your whole mail address"_s));
    m_newcomer->press(Qt::Key_Return);
    QVERIFY(m_newcomer->allWords().contains(u"Enter the password"_s));
    QCOMPARE(m_newcomer->wizard()->focusWidget(), m_newcomer->seen<QLineEdit>(u"Password"_s));
}

void TestWizard::checkLetters()
{
    QHash<QChar, QString> letters;
    const AccountWizard *wizard = m_newcomer->wizard();
    for (const QWidget *widget : wizard->findChildren<QWidget *>()) {
        if (!widget->isVisible())
            continue;
        const bool takesFocus = widget->isEnabled() && (widget->focusPolicy() & Qt::TabFocus) != 0;
        const QString text = widget->property("text").toString();
        // The field inside a spin box is heard by the name of the box.
        const bool isPart = widget->parentWidget() && widget->parentWidget()->inherits("QAbstractSpinBox");
        if (takesFocus && !isPart && !widget->inherits("QScrollArea")) {
            QVERIFY2(!widget->accessibleName().isEmpty() || (widget->inherits("QAbstractButton") && !text.isEmpty()),
                widget->metaObject()->className());
        }
        const qsizetype at = text.indexOf(u'&');
        if (at < 0 || at + 1 >= text.size() || !(widget->inherits("QLabel") || widget->inherits("QAbstractButton")))
            continue;
        const QChar letter = text.at(at + 1).toLower();
        QVERIFY2(!letters.contains(letter), qPrintable(text + u" | "_s + letters.value(letter)));
        letters.insert(letter, text);
    }
    QVERIFY(!letters.isEmpty());
}

void TestWizard::everyFieldHasANameAndNoLetterStandsTwice()
{
    m_newcomer->lead(u"pop.gmail.com"_s, 995, m_server.tlsPort());
    m_newcomer->start();
    QTRY_VERIFY_WITH_TIMEOUT(m_newcomer->wizard(), patience);
    checkLetters();
    m_newcomer->identify(u"robin@gmail.com"_s, u"secret"_s);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, FoundPage);
    checkLetters();
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, TrialPage);
    checkLetters();
    m_newcomer->click(m_newcomer->wizard()->manualButton());
    checkLetters();
    m_newcomer->type(u"POP3 server"_s, u"pop.nowhere.example"_s);
    m_newcomer->press(Qt::Key_Return);
    TRY_PAGE(*m_newcomer, TrialPage);
    checkLetters();
    m_newcomer->click(m_newcomer->seen<QPushButton>(u"Keep the settings untested"_s));
    TRY_PAGE(*m_newcomer, LastPage);
    checkLetters();
    m_newcomer->click(m_newcomer->seen<QPushButton>(u"Change…"_s));
    checkLetters();
}

QTEST_MAIN(TestWizard)
#include "tst_wizard.moc"
