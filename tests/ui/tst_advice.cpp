// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/wizard/advice.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::ui;
using autoconfig::Proposal;
using autoconfig::SignIn;

/// What is said when settings did not work: pure, one kind of error after the other.
class TestAdvice : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyErrorHasASentence_data();
    void everyErrorHasASentence();
    void Q19_aRefusalNamesWhatTheProviderIsKnownFor();
    void hintsOfAProviderDoNotFollowToAnotherServer();
    void knowsThatAServerOfTheTableExists();
    void keepsOnlyWhatMayWellBeRight_data();
    void keepsOnlyWhatMayWellBeRight();

private:
    static AccountSettings account();
    static Proposal proposal(SignIn signIn);
};

AccountSettings TestAdvice::account()
{
    AccountSettings settings;
    settings.host = u"pop.example.org"_s;
    settings.userName = u"robin@example.org"_s;
    return settings;
}

Proposal TestAdvice::proposal(SignIn signIn)
{
    Proposal made;
    made.provider = u"Example Mail"_s;
    made.account = account();
    made.signIn = signIn;
    made.hints = {u"Switch POP3 on in webmail."_s};
    return made;
}

void TestAdvice::everyErrorHasASentence_data()
{
    QTest::addColumn<ErrorKind>("kind");
    const QList<ErrorKind> kinds{ErrorKind::Offline, ErrorKind::HostNotFound, ErrorKind::ConnectionRefused,
        ErrorKind::ConnectionLost, ErrorKind::Timeout, ErrorKind::TlsFailed, ErrorKind::TlsTooOld,
        ErrorKind::CertificateUntrusted, ErrorKind::EncryptionUnavailable, ErrorKind::ProtocolError,
        ErrorKind::AuthenticationFailed, ErrorKind::MailboxInUse, ErrorKind::TryLater, ErrorKind::ServerRefused,
        ErrorKind::InvalidRequest, ErrorKind::NameLookupFailed, ErrorKind::NetworkSignIn};
    for (const ErrorKind kind : kinds)
        QTest::addRow("%d", int(kind)) << kind;
}

void TestAdvice::everyErrorHasASentence()
{
    QFETCH(ErrorKind, kind);
    Error error{kind, u"What happened, in the words of the session."_s, ErrorAction::None, u"ERR 7"_s, {}, true};
    if (kind == ErrorKind::CertificateUntrusted)
        error.certificate = CertificateProblem();
    for (const auto &known : {std::optional<Proposal>(), std::optional(proposal(SignIn::Password))}) {
        const Advice advice = adviceFor(error, account(), known);
        QVERIFY(advice.sentence.size() > 20);
        QVERIFY(!advice.steps.contains(QString()));
        // Where nothing can be repaired here, there is at least something to do.
        QVERIFY(!advice.steps.isEmpty());
        QCOMPARE(advice.reviewsCertificate, kind == ErrorKind::CertificateUntrusted);
    }
}

void TestAdvice::Q19_aRefusalNamesWhatTheProviderIsKnownFor()
{
    const Error refused{ErrorKind::AuthenticationFailed, u"no"_s, ErrorAction::EnterPassword, u"Go away"_s, {}, true};
    const Advice usual = adviceFor(refused, account(), proposal(SignIn::Password));
    QVERIFY(usual.asksPassword);
    QVERIFY(usual.steps.contains(u"Switch POP3 on in webmail."_s));
    QVERIFY(usual.steps.join(u'\n').contains(u"Go away"_s));
    const Advice app = adviceFor(refused, account(), proposal(SignIn::AppPassword));
    QVERIFY2(app.sentence.contains(u"app password"_s), qPrintable(app.sentence));
    QVERIFY(app.steps.contains(u"Switch POP3 on in webmail."_s));
    QVERIFY(adviceFor(refused, account(), proposal(SignIn::AuthorizationCode)).sentence.contains(u"code"_s));
    const Error serverRefused{ErrorKind::ServerRefused, u"no"_s, ErrorAction::None, u"POP3 is disabled"_s, {}, true};
    const Advice off = adviceFor(serverRefused, account(), proposal(SignIn::Password));
    QVERIFY(off.steps.contains(u"Switch POP3 on in webmail."_s));
    QVERIFY(off.steps.join(u'\n').contains(u"POP3 is disabled"_s));
}

void TestAdvice::hintsOfAProviderDoNotFollowToAnotherServer()
{
    AccountSettings own = account();
    own.host = u"mail.own.example"_s;
    const Error refused{ErrorKind::AuthenticationFailed, u"no"_s, ErrorAction::EnterPassword, {}, {}};
    const Advice advice = adviceFor(refused, own, proposal(SignIn::AppPassword));
    QVERIFY(!advice.steps.contains(u"Switch POP3 on in webmail."_s));
    QVERIFY(!advice.sentence.contains(u"Example Mail"_s));
}

void TestAdvice::knowsThatAServerOfTheTableExists()
{
    const Error lost{ErrorKind::HostNotFound, u"no"_s, ErrorAction::None, {}, {}};
    QVERIFY(adviceFor(lost, account(), proposal(SignIn::Password)).sentence.contains(u"internet"_s));
    const Advice typed = adviceFor(lost, account(), std::nullopt);
    QVERIFY(typed.sentence.contains(u"pop.example.org"_s));
    QVERIFY(typed.steps.constFirst().contains(u"typing error"_s));
}

void TestAdvice::keepsOnlyWhatMayWellBeRight_data()
{
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<bool>("keeps");
    QTest::newRow("no network") << ErrorKind::Offline << true;
    QTest::newRow("no answer") << ErrorKind::Timeout << true;
    QTest::newRow("in use") << ErrorKind::MailboxInUse << true;
    QTest::newRow("wrong password") << ErrorKind::AuthenticationFailed << false;
    QTest::newRow("certificate") << ErrorKind::CertificateUntrusted << false;
    QTest::newRow("old encryption") << ErrorKind::TlsTooOld << true;
    QTest::newRow("no encryption") << ErrorKind::EncryptionUnavailable << false;
    QTest::newRow("not POP3") << ErrorKind::ProtocolError << false;
}

void TestAdvice::keepsOnlyWhatMayWellBeRight()
{
    QFETCH(ErrorKind, kind);
    QTEST(
        adviceFor({kind, u"It did not work."_s, ErrorAction::None, {}, {}}, account(), std::nullopt).mayKeep, "keeps");
}

QTEST_GUILESS_MAIN(TestAdvice)
#include "tst_advice.moc"
