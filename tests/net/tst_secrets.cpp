// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/secrets.h"

#include <QCryptographicHash>
#include <QTest>

using namespace satchel;
using namespace satchel::net;
using namespace Qt::StringLiterals;

namespace {

Secrets secretsOf(const QString &user, const QString &password, const QString &token = {})
{
    Secrets secrets;
    secrets.add({user, password, token});
    return secrets;
}

const QString password = u"Geheim-7Qx-pass"_s;

} // namespace

/// What signs in is found in whatever form a server repeats it.
class TestSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F02_findsASecretInEveryForm_data()
    {
        QTest::addColumn<QByteArray>("form");
        const QByteArray raw = password.toUtf8();
        QTest::newRow("as it is") << raw;
        QTest::newRow("in capitals") << raw.toUpper();
        QTest::newRow("in small letters") << raw.toLower();
        QTest::newRow("base64") << raw.toBase64();
        QTest::newRow("base64 for addresses") << (raw + "\xff\xff").toBase64(QByteArray::Base64UrlEncoding);
        QTest::newRow("base64 of PLAIN") << QByteArray("\0robin\0" + raw).toBase64();
        QTest::newRow("base64, shifted by one") << ("x" + raw).toBase64();
        QTest::newRow("base64, shifted by two") << ("xy" + raw + "z").toBase64();
        QTest::newRow("base64 behind a letter") << 'Q' + raw.toBase64();
        QTest::newRow("base64 in capitals") << raw.toBase64().toUpper();
        QTest::newRow("base64 of base64") << raw.toBase64().toBase64();
        QTest::newRow("hexadecimal") << raw.toHex();
        QTest::newRow("hexadecimal in capitals") << raw.toHex().toUpper();
        QTest::newRow("hexadecimal with colons") << raw.toHex(':');
        QTest::newRow("hexadecimal with blanks") << raw.toHex(' ');
        QTest::newRow("bytes as in C") << "0x" + raw.toHex(' ').replace(" ", ", 0x");
        QTest::newRow("percent-encoded") << raw.toPercentEncoding({}, "abcdefGhi-7");
        QTest::newRow("quoted-printable") << QByteArray("Geheim=2D7Qx=2Dpass");
        QTest::newRow("backslashes") << QByteArray("Geheim\\x2d7Qx\\055pass");
        QTest::newRow("backslashes in capitals") << QByteArray("GEHEIM\\X2D7QX\\X2DPASS");
        QTest::newRow("as JSON") << QByteArray("\"Geheim\\u002d7Qx-pass\"");
        QTest::newRow("as HTML") << QByteArray("Geheim&#45;7Qx&#x2d;pass");
        QTest::newRow("with signs that draw nothing") << QByteArray("Geheim\xe2\x80\x8b-7Qx\xc2\xad-p\xf3\xa0\x81\x81"
                                                                    "ass");
        QTest::newRow("with a control character") << QByteArray("Geheim-7Qx\x01-pass");
        QTest::newRow("without its end") << raw.chopped(4);
        QTest::newRow("without its beginning") << raw.sliced(4);
        QTest::newRow("its MD5") << QCryptographicHash::hash(raw, QCryptographicHash::Md5).toHex();
        QTest::newRow("its SHA-256 in base64") << QCryptographicHash::hash(raw, QCryptographicHash::Sha256).toBase64();
    }

    void F02_findsASecretInEveryForm()
    {
        QFETCH(const QByteArray, form);
        const Secrets secrets = secretsOf(u"robin"_s, password);
        for (const QByteArray &line : {form, "wrong password " + form, form + " is wrong", "(" + form + ")",
                 "<" + form + "@host>", "user=" + form + ";"}) {
            const QByteArray struck = secrets.struckOut(line);
            QVERIFY2(secrets.isIn(line), line);
            QVERIFY2(struck.contains("****"), struck);
            QVERIFY2(!struck.contains(form), struck);
            QVERIFY2(!struck.toLower().contains(password.toUtf8().toLower().first(10)), struck);
        }
    }

    void F02_findsWhatWasCutOff()
    {
        const Secrets secrets = secretsOf(u"robin"_s, password);
        QCOMPARE(secrets.struckOut(QByteArray("wrong password Gehe")), "wrong password ****");
        QCOMPARE(secrets.struckOut(u"wrong password Gehei…"_s), u"wrong password ****"_s);
        const QByteArray cut = QByteArray("\0robin\0Geheim-7Qx-pass", 22).toBase64().first(16);
        QCOMPARE(secrets.struckOut("what is " + cut), "what is ****");
    }

    void F02_findsLettersBeyondAsciiInBothCharacterSets()
    {
        const QString word = u"Grün-Straße 9"_s;
        const Secrets secrets = secretsOf(u"jürgen@example.org"_s, word);
        const QByteArray twice = QString::fromLatin1(word.toUtf8()).toUtf8();
        for (const QByteArray &form : {word.toUtf8(), word.toLatin1(), word.toUpper().toUtf8(), twice,
                 word.normalized(QString::NormalizationForm_D).toUtf8(), word.toUtf8().toBase64(),
                 word.toLatin1().toBase64(), word.toLatin1().toHex(), word.toUtf8().toPercentEncoding(),
                 word.toLatin1().toPercentEncoding(),
                 QByteArray("Gr\xc3\xbcn-Stra\xc3\x9f"
                            "e+9")}) {
            QVERIFY2(secrets.isIn("no: " + form), form);
            QVERIFY2(!secrets.struckOut("no: " + form).contains(form), form);
        }
        QVERIFY(secrets.isIn("mailbox of J\xc3\x9cRGEN"));
        QVERIFY(secrets.isIn("mailbox of j\xfcrgen"));
    }

    void F02_findsANameAndItsParts()
    {
        const Secrets secrets = secretsOf(u"recent:robin.quiet@example.org"_s, password);
        QCOMPARE(secrets.struckOut(QByteArray("mailbox of robin.quiet is locked")), "mailbox of **** is locked");
        QCOMPARE(secrets.struckOut(QByteArray("domain EXAMPLE.ORG")), "domain ****");
        QCOMPARE(secrets.struckOut("AUTH " + QByteArray("robin.quiet").toBase64()), "AUTH ****");
        QCOMPARE(secrets.struckOut(QByteArray("nothing of it")), "nothing of it");
    }

    void F02_findsShortOnesAmongOtherSignsOnly()
    {
        const Secrets secrets = secretsOf(u"al"_s, u"x9"_s);
        QCOMPARE(secrets.struckOut(QByteArray("also al, and x9!")), "also ****, and ****!");
        QCOMPARE(secrets.struckOut(QByteArray("\0al\0x9", 6).toBase64()), "****");
        QCOMPARE(secrets.struckOut(QByteArray("portal x90")), "portal x90");
    }

    void F02_findsTokensAndWhatWasComputed()
    {
        Secrets secrets = secretsOf(u"robin"_s, {}, u"ya29.A0ARrdaM-k9_longer than a line 0123456789"_s);
        QVERIFY(secrets.isIn("bearer ya29.A0ARrdaM-k9_lo..."));
        QVERIFY(secrets.isIn(QByteArray("user=robin\1auth=Bearer ya29.A0ARrdaM-k9_longer").toBase64()));
        const QByteArray digest = "9e95aee09c40af2b84a0c2b3bbae786e";
        secrets.addSent(("robin " + digest).toBase64()); // CRAM-MD5
        QVERIFY(secrets.isIn("not " + digest.toUpper()));
        QVERIFY(secrets.isIn("not " + QByteArray::fromHex(digest).toBase64()));
        const QByteArray proof = QByteArray::fromHex("0123456789abcdef00ff00ff1234567890abcdef").toBase64();
        secrets.addSent(("c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=" + proof).toBase64());
        QVERIFY(secrets.isIn("proof " + proof));
        QVERIFY(secrets.isIn("proof 0123456789abcdef00ff00ff1234567890abcdef"));
        secrets.addSent("c4c9334bac560ecc979e58001b3e22fb"); // APOP
        QVERIFY(secrets.isIn("C4C9334BAC560ECC979E58001B3E22FB does not match"));
    }

    void leavesEverythingElseAsItIs()
    {
        const Secrets secrets = secretsOf(u"robin"_s, password);
        for (const char *line :
            {"", "+OK Dovecot ready.", "-ERR [AUTH] Authentication failed.", "SASL PLAIN LOGIN SCRAM-SHA-256",
                "1 000000054a1b2c3d", "+OK 2 320", "RETR 12", "%s %n %", "\\", "&amp", "=", "0x", "====", "a=b&c;"})
            QCOMPARE(secrets.struckOut(QByteArray(line)), line);
        QVERIFY(!Secrets().isIn("anything"));
        QVERIFY(!secretsOf({}, {}).isIn("anything at all"));
    }

    void staysQuickOverLongLinesAndTokens()
    {
        const QString token = QString::fromLatin1(QByteArray(3000, 'k').toBase64());
        const Secrets secrets = secretsOf(u"robin"_s, password, token);
        const QByteArray line =
            QByteArray(48 * 1024, 'Q') + " " + QByteArray(8 * 1024, '%') + QByteArray(8 * 1024, '\\');
        QCOMPARE(secrets.struckOut(line), line);
    }
};

QTEST_APPLESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
