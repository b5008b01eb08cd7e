// SPDX-License-Identifier: GPL-3.0-or-later
// Access tokens of an identity provider (OAuth 2) in place of passwords, with a real Dovecot that asks the provider.
#include "live/visit.h"
#include "support/servers/dovecotserver.h"
#include "support/web/identityprovider.h"
#include "sync/engine.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using satchel::sync::CheckResult;
using satchel::sync::Engine;
using satchel::test::DovecotServer;
using satchel::test::IdentityProvider;
using satchel::test::Visit;

namespace {

constexpr int patience = Visit::patience;

/// A visit that signs in with a token, and what the server said in it.
class TokenVisit : public Visit
{
public:
    TokenVisit(const DovecotServer &server, Security security)
        : Visit(security == Security::ImplicitTls ? server.tlsPort() : server.port(), security,
              server.certificateSha256())
    {
        QObject::connect(&session(), &pop3::Session::wire, &session(), [this](const net::WireLine &line) {
            lines << (line.from == net::WireLine::From::Client ? "C: " : "S: ") + line.bytes.trimmed();
        });
    }

    bool signIn(const QString &user, const QByteArray &token, const QString &mechanism)
    {
        if (!open())
            return false;
        lines.clear();
        session().login({.userName = user, .password = {}, .accessToken = QString::fromLatin1(token)}, mechanism);
        return QTest::qWaitFor([this] { return loggedIn || isOver(); }, patience) && loggedIn;
    }

    QByteArrayList lines;
};

/// The refresh token's purpose: as a program at the token endpoint does it. Empty where the provider refuses.
QByteArray renewed(const IdentityProvider &provider, const QByteArray &refreshToken)
{
    QNetworkAccessManager network;
    QNetworkRequest request(provider.url().resolved(QUrl(u"/token"_s)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/x-www-form-urlencoded"_s);
    const std::unique_ptr<QNetworkReply> reply(
        network.post(request, "grant_type=refresh_token&client_id=mail&refresh_token=" + refreshToken));
    QSignalSpy finished(reply.get(), &QNetworkReply::finished);
    if (!reply->isFinished() && !finished.wait(patience))
        return {};
    return QJsonDocument::fromJson(reply->readAll()).object().value("access_token"_L1).toString().toLatin1();
}

} // namespace

class TestTokens : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_provider.start());
        m_server =
            std::make_unique<DovecotServer>(test::DovecotOptions{.identityProvider = m_provider.url().toString()});
        QVERIFY2(m_server->start(), qPrintable(m_server->problem()));
    }

    void signsInWithAFreshTokenAndWithARenewedOne_data() { eachMechanism(true); }

    void signsInWithAFreshTokenAndWithARenewedOne()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        const QString user = m_server->addUser();
        m_server->deliver(user, {"Subject: one\n\n1\n"});
        const IdentityProvider::Grant grant = m_provider.signIn(user);
        TokenVisit first(*m_server, security);
        QVERIFY2(first.signIn(user, grant.accessToken, mechanism), first.trouble());
        if (!mechanism.isEmpty())
            QCOMPARE(first.session().mechanism(), mechanism.toLatin1());
        QVERIFY2(first.list() && first.listing->size() == 1 && first.quit(), first.trouble());

        m_provider.expire(grant.accessToken);
        TokenVisit expired(*m_server, security);
        QVERIFY(!expired.signIn(user, grant.accessToken, mechanism));

        const QByteArray token = renewed(m_provider, grant.refreshToken);
        QVERIFY(!token.isEmpty() && token != grant.accessToken);
        TokenVisit later(*m_server, security);
        QVERIFY2(later.signIn(user, token, mechanism), later.trouble());
        QVERIFY2(later.quit(), later.trouble());
    }

    void Q9_aWrongTokenIsRefusedBehindTheJson_data() { eachMechanism(false); }

    void Q9_aWrongTokenIsRefusedBehindTheJson()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        const QString user = m_server->addUser();
        TokenVisit visit(*m_server, security);
        QVERIFY(!visit.signIn(user, "nobody-gave-this-token", mechanism));
        QCOMPARE(visit.refusals.size(), 1);
        QCOMPARE(visit.refusals.first().kind, ErrorKind::AuthenticationFailed);
        QVERIFY2(visit.refusals.first().text.contains("sign in again"_L1), qPrintable(visit.refusals.first().text));
        QVERIFY(visit.refusals.first().action != ErrorAction::EnterPassword);
        // AUTH, prompt, token, JSON, answer, -ERR
        QCOMPARE(visit.lines.size(), 6);
        QVERIFY(visit.lines.at(1).startsWith("S: +"));
        QCOMPARE(visit.lines.at(3), "S: + ****"); // struck out, as all that is said while signing in
        QVERIFY2(visit.lines.at(5).startsWith("S: -ERR [AUTH]"), visit.lines.at(5));
    }

    // This form of a refusal comes at once, without JSON.
    void aTokenOfAnotherUserIsRefused_data() { eachMechanism(false); }

    void aTokenOfAnotherUserIsRefused()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        const QString user = m_server->addUser();
        const QString other = m_server->addUser();
        TokenVisit visit(*m_server, security);
        QVERIFY(!visit.signIn(user, m_provider.signIn(other).accessToken, mechanism));
        QCOMPARE(visit.refusals.size(), 1);
        QCOMPARE(visit.refusals.first().kind, ErrorKind::AuthenticationFailed);
        QCOMPARE(visit.lines.size(), 4);
        QVERIFY2(visit.lines.at(3).startsWith("S: -ERR [AUTH]"), visit.lines.at(3));
    }

    void Q8_aLongTokenGoesOnALineOfItsOwn_data() { eachMechanism(false); }

    void Q8_aLongTokenGoesOnALineOfItsOwn()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        const QString user = m_server->addUser();
        const QByteArray token = m_provider.signIn(user, 3000).accessToken;
        QVERIFY(token.size() > 2048);
        TokenVisit visit(*m_server, security);
        QVERIFY2(visit.signIn(user, token, mechanism), visit.trouble());
        QCOMPARE(visit.lines.value(0), "C: AUTH " + mechanism.toLatin1());
        QVERIFY2(visit.quit(), visit.trouble());
    }

    void noLineOfTheLogHoldsAToken_data() { eachMechanism(false); }

    void noLineOfTheLogHoldsAToken()
    {
        QFETCH(Security, security);
        QFETCH(QString, mechanism);
        const QString user = m_server->addUser();
        const QByteArray token = m_provider.signIn(user).accessToken;
        TokenVisit visit(*m_server, security);
        QVERIFY2(visit.signIn(user, token, mechanism) && visit.quit(), visit.trouble());
        for (const QByteArray &line : std::as_const(visit.lines)) {
            QVERIFY2(!line.contains(token), line);
            QVERIFY2(!QByteArray::fromBase64(line.sliced(3)).contains(token), line);
        }
    }

    void Q9_aCheckRenewsARefusedTokenOnceAndGoesOn()
    {
        Person person(*this);
        m_provider.expire(person.grant.accessToken);
        connect(
            &person.engine, &Engine::tokenRefused, &person.engine,
            [&](AccountId account) { person.give(account, renewed(m_provider, person.grant.refreshToken)); },
            Qt::QueuedConnection);
        person.engine.checkMail({});
        QTRY_COMPARE_WITH_TIMEOUT(person.checked.size(), 1, patience);
        const auto result = person.checked.first().first().value<CheckResult>();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
        QCOMPARE(result.stored, 2);
        QCOMPARE(person.refused->size(), 1);
        QCOMPARE(person.needed.size(), 0);
        // The next check has a good one from the start, and may renew it once more.
        person.engine.checkMail({});
        QTRY_COMPARE_WITH_TIMEOUT(person.checked.size(), 2, patience);
        QCOMPARE(person.refused->size(), 1);
    }

    void Q9_aCheckWhoseRenewedTokenIsRefusedTooEndsWithThat()
    {
        Person person(*this);
        m_provider.expire(person.grant.accessToken);
        connect(
            &person.engine, &Engine::tokenRefused, &person.engine,
            [&](AccountId account) { person.give(account, "no-better"); }, Qt::QueuedConnection);
        person.engine.checkMail({});
        QTRY_COMPARE_WITH_TIMEOUT(person.checked.size(), 1, patience);
        const auto result = person.checked.first().first().value<CheckResult>();
        QVERIFY(result.error);
        QCOMPARE(result.error->kind, ErrorKind::AuthenticationFailed);
        QCOMPARE(person.refused->size(), 1);
    }

    void aCheckSaysWhyNoNewerTokenCouldBeHad()
    {
        Person person(*this);
        m_provider.expire(person.grant.accessToken);
        m_provider.revoke(person.grant.refreshToken);
        connect(
            &person.engine, &Engine::tokenRefused, &person.engine,
            [&](AccountId account) {
                QVERIFY(renewed(m_provider, person.grant.refreshToken).isEmpty());
                person.engine.refuseCredentials(
                    account, {ErrorKind::AuthenticationFailed, u"The provider asks to sign in anew."_s, {}, {}, {}});
            },
            Qt::QueuedConnection);
        person.engine.checkMail({});
        QTRY_COMPARE_WITH_TIMEOUT(person.checked.size(), 1, patience);
        const auto result = person.checked.first().first().value<CheckResult>();
        QVERIFY(result.error);
        QCOMPARE(result.error->text, u"The provider asks to sign in anew."_s);
    }

    void aCheckThatNobodyCanGiveANewerTokenEndsWithTheRefusal()
    {
        Person person(*this, false);
        m_provider.expire(person.grant.accessToken);
        person.engine.checkMail({});
        QTRY_COMPARE_WITH_TIMEOUT(person.checked.size(), 1, patience);
        const auto result = person.checked.first().first().value<CheckResult>();
        QVERIFY(result.error);
        QVERIFY2(result.error->text.contains("sign in again"_L1), qPrintable(result.error->text));
    }

    void aCheckThatWaitsForANewerTokenCanBeCancelled()
    {
        Person person(*this);
        m_provider.expire(person.grant.accessToken);
        person.engine.checkMail({});
        QTRY_COMPARE_WITH_TIMEOUT(person.refused->size(), 1, patience);
        QCOMPARE(person.checked.size(), 0);
        person.engine.cancelCheck({});
        QCOMPARE(person.checked.size(), 1);
        QCOMPARE(person.checked.first().first().value<CheckResult>().error->kind, ErrorKind::Cancelled);
    }

private:
    /// Somebody with an account that signs in with tokens, and two messages on the server.
    struct Person {
        explicit Person(TestTokens &test, bool mayRenew = true)
            : user(test.m_server->addUser())
            , grant(test.m_provider.signIn(user))
            , engine(folder.filePath(u"mail.sqlite"_s))
            , checked(&engine, &Engine::checked)
            , needed(&engine, &Engine::credentialsNeeded)
        {
            if (mayRenew)
                refused = std::make_unique<QSignalSpy>(&engine, &Engine::tokenRefused);
            test.m_server->deliver(user, {"Subject: one\n\n1\n", "Subject: two\n\n2\n"});
            AccountSettings account;
            account.name = u"Account"_s;
            account.address = user + u"@example.org"_s;
            account.host = u"127.0.0.1"_s;
            account.port = test.m_server->tlsPort();
            account.trustedCertificate = test.m_server->certificateSha256();
            account.userName = user;
            engine.open();
            engine.addAccount(
                account, {.userName = user, .password = {}, .accessToken = QString::fromLatin1(grant.accessToken)});
        }
        ~Person() { engine.close(); }
        Q_DISABLE_COPY_MOVE(Person)

        void give(AccountId account, const QByteArray &token)
        {
            engine.setCredentials(
                account, {.userName = user, .password = {}, .accessToken = QString::fromLatin1(token)});
        }

        QTemporaryDir folder;
        QString user;
        IdentityProvider::Grant grant;
        Engine engine;
        QSignalSpy checked;
        QSignalSpy needed;
        std::unique_ptr<QSignalSpy> refused; ///< nothing where nobody listens
    };

    static void eachMechanism(bool ownChoice)
    {
        QTest::addColumn<Security>("security");
        QTest::addColumn<QString>("mechanism");
        for (const Security security : {Security::StartTls, Security::ImplicitTls}) {
            const char *name = security == Security::StartTls ? "STLS" : "TLS";
            for (const char *mechanism : {"XOAUTH2", "OAUTHBEARER"})
                QTest::addRow("%s, %s", mechanism, name) << security << QString::fromLatin1(mechanism);
            if (ownChoice)
                QTest::addRow("the client's choice, %s", name) << security << QString();
        }
    }

    IdentityProvider m_provider;
    std::unique_ptr<DovecotServer> m_server;
};

QTEST_GUILESS_MAIN(TestTokens)
#include "tst_tokens.moc"
