// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/sasl.h"
#include "net/saslprep.h"

#include <QTest>

using namespace satchel;
using namespace satchel::net;
using namespace Qt::StringLiterals;

class TestSasl : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainSendsWhatRfc4616Shows()
    {
        const auto plain = makeSaslMechanism("plain", {u"tim"_s, u"tanstaaftanstaaf"_s, {}}, {});
        QCOMPARE(plain->initialResponse().value(), QByteArray("\0tim\0tanstaaftanstaaf", 21));
    }

    void loginAnswersInOrderWhateverItIsAsked()
    {
        const auto login = makeSaslMechanism("LOGIN", {u"tim"_s, u"secret"_s, {}}, {});
        QVERIFY(!login->initialResponse());
        QCOMPARE(login->respond("User Name").value(), "tim");
        QCOMPARE(login->respond("whatever").value(), "secret");
        QVERIFY(!login->respond("more"));
    }

    void cramMd5SendsWhatRfc2195Shows()
    {
        const auto cram = makeSaslMechanism("CRAM-MD5", {u"tim"_s, u"tanstaaftanstaaf"_s, {}}, {});
        QVERIFY(!cram->mayFinish());
        QCOMPARE(cram->respond("<1896.697170952@postoffice.reston.mci.net>").value(),
            "tim b913a602c7eda7a495b4e6e7334d3890");
        QVERIFY(cram->mayFinish());
        QVERIFY(!makeSaslMechanism("CRAM-MD5", {u"tim"_s, u"x"_s, {}}, {})->respond(""));
    }

    void digestMd5SendsWhatRfc2831Shows()
    {
        SaslContext context;
        context.service = u"imap"_s;
        context.host = u"elwood.innosoft.com"_s;
        context.nonce = [] { return QByteArray("OA6MHXh6VqTrRk"); };
        const auto digest = makeSaslMechanism("DIGEST-MD5", {u"chris"_s, u"secret"_s, {}}, context);
        const auto response = digest->respond("realm=\"elwood.innosoft.com\",nonce=\"OA6MG9tEQGm2hh\",qop=\"auth\","
                                              "algorithm=md5-sess,charset=utf-8");
        QVERIFY(response);
        QVERIFY(response->contains(",response=d388dad90d4bbd760a152321f2143af7,"));
        QVERIFY(response->contains("charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\""));
        QVERIFY(!digest->mayFinish());
        QVERIFY(digest->respond("rspauth=ea40f60335c427b5527b84dbabcdfffd"));
        QVERIFY(digest->mayFinish());
    }

    void digestMd5DoesNotBelieveAServerThatDoesNotKnowThePassword()
    {
        const auto digest = makeSaslMechanism("DIGEST-MD5", {u"chris"_s, u"secret"_s, {}}, {});
        QVERIFY(digest->respond("nonce=\"a\",qop=\"auth\",algorithm=md5-sess"));
        const auto answer = digest->respond("rspauth=00000000000000000000000000000000");
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::AuthenticationFailed);
        QVERIFY(!digest->mayFinish());
    }

    void scramSendsAndChecksWhatTheRfcsShow_data()
    {
        QTest::addColumn<QByteArray>("mechanism");
        QTest::addColumn<QByteArray>("clientNonce");
        QTest::addColumn<QByteArray>("serverFirst");
        QTest::addColumn<QByteArray>("clientFinal");
        QTest::addColumn<QByteArray>("serverFinal");
        QTest::newRow("RFC 5802")
            << QByteArray("SCRAM-SHA-1") << QByteArray("fyko+d2lbbFgONRv9qkxdawL")
            << QByteArray("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096")
            << QByteArray("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")
            << QByteArray("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
        QTest::newRow("RFC 7677")
            << QByteArray("SCRAM-SHA-256") << QByteArray("rOprNGfwEbeRWgbNEkqO")
            << QByteArray("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
            << QByteArray("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                          "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")
            << QByteArray("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        // No RFC has a vector; computed with Python's hashlib from RFC 5802's formulas.
        QTest::newRow("SHA-512")
            << QByteArray("SCRAM-SHA-512") << QByteArray("rOprNGfwEbeRWgbNEkqO")
            << QByteArray("r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")
            << QByteArray("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=gMGXRcevScNtxZ6/"
                          "8lQYpGtnsNAc3mGcmNomv+xnoOMw+3R2xNJdMNnzMlTN8PPC6wdp6dybEmDYXYTxwnYPJQ==")
            << QByteArray("v=ZQnYEgWQMFmmsM8aQMF0nDDCy/AgCzkwk8CmMZYcMg0vSVlKDanekLtifDSeVGT4+5ZxXnJq199RVG2rR7N7Zw==");
    }

    void scramSendsAndChecksWhatTheRfcsShow()
    {
        QFETCH(QByteArray, mechanism);
        QFETCH(QByteArray, clientNonce);
        QFETCH(QByteArray, serverFirst);
        QFETCH(QByteArray, clientFinal);
        QFETCH(QByteArray, serverFinal);
        SaslContext context;
        context.nonce = [clientNonce] { return clientNonce; };
        const auto scram = makeSaslMechanism(mechanism, {u"user"_s, u"pencil"_s, {}}, context);
        QCOMPARE(scram->name(), mechanism);
        QCOMPARE(scram->initialResponse().value(), "n,,n=user,r=" + clientNonce);
        QCOMPARE(scram->respond(serverFirst).value(), clientFinal);
        QVERIFY(!scram->mayFinish());
        QCOMPARE(scram->respond(serverFinal).value(), "");
        QVERIFY(scram->mayFinish());
    }

    void scramRefusesAServerThatCheats_data()
    {
        QTest::addColumn<QByteArray>("serverFirst");
        QTest::newRow("nonce that is not ours") << QByteArray("r=abc3rfcNHYJY,s=QSXCR+Q6sek8bf92,i=4096");
        QTest::newRow("nonce without a part of the server") << QByteArray("r=fyko,s=QSXCR+Q6sek8bf92,i=4096");
        QTest::newRow("few iterations") << QByteArray("r=fykoX,s=QSXCR+Q6sek8bf92,i=1");
        QTest::newRow("endless iterations") << QByteArray("r=fykoX,s=QSXCR+Q6sek8bf92,i=2000000001");
        QTest::newRow("no salt") << QByteArray("r=fykoX,s=,i=4096");
        QTest::newRow("extension that must be understood") << QByteArray("m=x,r=fykoX,s=QSXCR+Q6sek8bf92,i=4096");
        QTest::newRow("nothing") << QByteArray();
    }

    void scramRefusesAServerThatCheats()
    {
        QFETCH(QByteArray, serverFirst);
        SaslContext context;
        context.nonce = [] { return QByteArray("fyko"); };
        const auto scram = makeSaslMechanism("SCRAM-SHA-1", {u"user"_s, u"pencil"_s, {}}, context);
        QVERIFY(!scram->respond(serverFirst));
        QVERIFY(!scram->mayFinish());
    }

    void scramDoesNotBelieveAWrongServerSignature()
    {
        SaslContext context;
        context.nonce = [] { return QByteArray("fyko+d2lbbFgONRv9qkxdawL"); };
        const auto scram = makeSaslMechanism("SCRAM-SHA-1", {u"user"_s, u"pencil"_s, {}}, context);
        QVERIFY(scram->respond("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096"));
        const auto answer = scram->respond("v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, ErrorKind::AuthenticationFailed);
        QVERIFY(!scram->mayFinish());
    }

    void scramWritesCommaAndEqualsInANameAsRfc5802Says()
    {
        SaslContext context;
        context.nonce = [] { return QByteArray("n"); };
        const auto scram = makeSaslMechanism("SCRAM-SHA-1", {u"a=b,c"_s, u"x"_s, {}}, context);
        QCOMPARE(scram->initialResponse().value(), "n,,n=a=3Db=2Cc,r=n");
    }

    void Q9_xoauth2FetchesTheErrorBehindTheJson()
    {
        const auto mechanism = makeSaslMechanism(
            "XOAUTH2", {u"someuser@example.com"_s, {}, u"vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg=="_s}, {});
        QCOMPARE(mechanism->initialResponse()->toBase64(),
            "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB2RjlkZnQ0cW1UYzJOdmIzUmxja0JoZEhSaGRtbHpkR0V1WTI5dENnPT"
            "0BAQ==");
        QCOMPARE(mechanism->respond(R"({"status":"401"})").value(), "");
        QVERIFY(!mechanism->mayFinish());
        QVERIFY(!mechanism->respond("again"));
    }

    void oauthBearerSendsWhatRfc7628Shows()
    {
        SaslContext context;
        context.host = u"server.example.com"_s;
        context.port = 143;
        const auto mechanism = makeSaslMechanism(
            "OAUTHBEARER", {u"user@example.com"_s, {}, u"vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="_s}, context);
        QCOMPARE(mechanism->initialResponse()->toBase64(),
            "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk"
            "52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB");
        QCOMPARE(mechanism->respond("{}").value(), "\x01");
    }

    void externalNamesTheUser()
    {
        QCOMPARE(makeSaslMechanism("EXTERNAL", {u"alice"_s, {}, {}}, {})->initialResponse().value(), "alice");
    }

    void prepsAsRfc4013Shows()
    {
        QCOMPARE(saslPrepared(u"I\u00ADX"_s).value(), u"IX"_s);
        QCOMPARE(saslPrepared(u"user"_s).value(), u"user"_s);
        QCOMPARE(saslPrepared(u"USER"_s).value(), u"USER"_s);
        QCOMPARE(saslPrepared(u"\u00AA"_s).value(), u"a"_s);
        QCOMPARE(saslPrepared(u"\u2168"_s).value(), u"IX"_s);
        QCOMPARE(saslPrepared(u"a\u00A0b"_s).value(), u"a b"_s);
        QVERIFY(!saslPrepared(u"\u0007"_s));
        QVERIFY(!saslPrepared(u"\u0627\u0031"_s));
        QVERIFY(saslPrepared(u"\u0627\u0031\u0628"_s));
        QVERIFY(!saslPrepared(u"\uE000"_s));
        QVERIFY(saslPrepared(QString()).has_value());
    }

    void Q13_sec_refusesLineEndsAndNulInCredentials_data()
    {
        QTest::addColumn<QString>("bad");
        QTest::newRow("CR") << u"a\rDELE 1"_s;
        QTest::newRow("LF") << u"a\nDELE 1"_s;
        QTest::newRow("NUL") << u"a"_s + QChar(u'\0') + u"b"_s;
    }

    void Q13_sec_refusesLineEndsAndNulInCredentials()
    {
        QFETCH(QString, bad);
        QCOMPARE(checkCredentials({bad, u"x"_s, {}}).error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(checkCredentials({u"x"_s, bad, {}}).error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(checkCredentials({u"x"_s, {}, bad}).error().kind, ErrorKind::InvalidRequest);
        QVERIFY(checkCredentials({u"jörg"_s, u"päss wörd\t!"_s, {}}));
    }

    void Q7_choosesTheBestOfWhatIsOfferedWithoutRegardToCase()
    {
        const Credentials password{u"u"_s, u"p"_s, {}};
        const Credentials token{u"u"_s, {}, u"t"_s};
        const QByteArrayList all{"plain", "Login", "CRAM-MD5", "DIGEST-MD5", "scram-sha-1", "SCRAM-SHA-256",
            "SCRAM-SHA-512", "SCRAM-SHA-256-PLUS", "XOAUTH2", "OAUTHBEARER", "EXTERNAL", "ANONYMOUS"};
        QCOMPARE(usableSaslMechanisms(all, password, true, false),
            (QByteArrayList{"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN", "LOGIN", "CRAM-MD5"}));
        QCOMPARE(usableSaslMechanisms(all, password, false, false),
            (QByteArrayList{"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1", "CRAM-MD5"}));
        QCOMPARE(usableSaslMechanisms({"PLAIN", "DIGEST-MD5"}, password, false, true),
            (QByteArrayList{"DIGEST-MD5", "PLAIN"}));
        QCOMPARE(usableSaslMechanisms({"PLAIN", "DIGEST-MD5"}, password, true, false), QByteArrayList{"PLAIN"});
        QCOMPARE(usableSaslMechanisms({"DIGEST-MD5"}, password, true, false), QByteArrayList{"DIGEST-MD5"});
        QCOMPARE(usableSaslMechanisms({"PLAIN", "LOGIN"}, password, false, false), QByteArrayList());
        QCOMPARE(usableSaslMechanisms(all, token, true, false), (QByteArrayList{"OAUTHBEARER", "XOAUTH2"}));
        QCOMPARE(usableSaslMechanisms(all, token, false, false), QByteArrayList());
        QCOMPARE(usableSaslMechanisms({"EXTERNAL", "PLAIN"}, password, true, false, true),
            (QByteArrayList{"EXTERNAL", "PLAIN"}));
    }

    void aCertificateComesFirstAndOnlyInsideTls()
    {
        const Credentials password{u"u"_s, u"p"_s, {}};
        const Credentials token{u"u"_s, {}, u"t"_s};
        const Credentials nothing{u"u"_s, {}, {}};
        const QByteArrayList all{"EXTERNAL", "SCRAM-SHA-256", "PLAIN", "DIGEST-MD5", "XOAUTH2"};
        QCOMPARE(usableSaslMechanisms(all, password, true, false, true),
            (QByteArrayList{"EXTERNAL", "SCRAM-SHA-256", "PLAIN"}));
        QCOMPARE(usableSaslMechanisms(all, token, true, false, true), (QByteArrayList{"EXTERNAL", "XOAUTH2"}));
        // Without a password, nothing that would send an empty one.
        QCOMPARE(usableSaslMechanisms(all, nothing, true, false, true), QByteArrayList{"EXTERNAL"});
        QCOMPARE(usableSaslMechanisms({"PLAIN"}, nothing, true, false, true), QByteArrayList());
        QCOMPARE(usableSaslMechanisms({"EXTERNAL", "DIGEST-MD5"}, password, true, false, true),
            (QByteArrayList{"EXTERNAL", "DIGEST-MD5"}));
        for (const bool plainAllowed : {false, true}) {
            QVERIFY(!usableSaslMechanisms(all, password, false, plainAllowed, true).contains("EXTERNAL"));
            QVERIFY(!usableSaslMechanisms(all, token, false, plainAllowed, true).contains("EXTERNAL"));
        }
        QVERIFY(!usableSaslMechanisms(all, password, true, false, false).contains("EXTERNAL"));
    }

    void doesNotKnowWhatItCannotDo()
    {
        QVERIFY(!makeSaslMechanism("SCRAM-SHA-256-PLUS", {}, {}));
        QVERIFY(!makeSaslMechanism("ANONYMOUS", {}, {}));
    }
};

QTEST_GUILESS_MAIN(TestSasl)
#include "tst_sasl.moc"
