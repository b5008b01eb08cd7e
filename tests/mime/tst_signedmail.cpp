// SPDX-License-Identifier: GPL-3.0-or-later
#include "mails.h"

#include <QElapsedTimer>
#include <QTest>

using namespace satchel::mime;
using namespace mails;
using namespace Qt::StringLiterals;

namespace {

QByteArray mixed(const QByteArray &parts)
{
    return withHeader("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n", parts + "--m--\n");
}

/// An element of BER; with \a open its length is not told, and a mark ends it.
QByteArray ber(int tag, const QByteArray &content, bool open = false)
{
    QByteArray bytes(1, static_cast<char>(tag));
    if (open)
        return bytes + '\x80' + content + QByteArray(2, '\0');
    if (content.size() < 0x80)
        return bytes + static_cast<char>(content.size()) + content;
    return bytes + '\x83' + static_cast<char>(content.size() >> 16) + static_cast<char>(content.size() >> 8)
        + static_cast<char>(content.size()) + content;
}

QByteArray dataId()
{
    return ber(0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01");
}

QByteArray cms(char kind, const QByteArray &content, bool open = false)
{
    return ber(0x30, ber(0x06, QByteArray("\x2a\x86\x48\x86\xf7\x0d\x01\x07") + kind) + ber(0xa0, content, open), open);
}

QByteArray signedData(const QByteArray &octets, bool open = false)
{
    const QByteArray info = ber(0x30, dataId() + ber(0xa0, octets, open), open);
    const QByteArray algorithms =
        ber(0x31, ber(0x30, ber(0x06, "\x2b\x0e\x03\x02\x1a") + QByteArray("\x05\x00", 2)), open);
    return cms(2, ber(0x30, QByteArray("\x02\x01\x01") + algorithms + info + ber(0x31, {}), open), open);
}

QByteArray smime(const QByteArray &type, const QByteArray &content)
{
    return withHeader("MIME-Version: 1.0\nContent-Type: " + type + "\nContent-Transfer-Encoding: base64\n",
        content.toBase64() + "\n");
}

bool warns(const Message &message, Warning warning)
{
    return message.warnings.contains(warning);
}

} // namespace

/// S/MIME: what was signed is shown and searched, what was encrypted is said to be.
class TestSignedMail : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row1_smimeOpaqueSigned();
    void row1_signedDataInAllItsForms_data();
    void row1_signedDataInAllItsForms();
    void row1_signedFilesStayFiles();
    void row1_encryptedMailSaysSo_data();
    void row1_encryptedMailSaysSo();
    void row1_damagedSignedDataIsSurvived();
};

void TestSignedMail::row1_smimeOpaqueSigned()
{
    const QByteArray raw = file("smime-opaque-signed.eml");
    const Message message = parse(raw);
    QCOMPARE(message.text, u"Die Entscheidung \u00fcber Ihren Antrag liegt bei."_s);
    QCOMPARE(names(message.attachments()), QStringList{u"bescheid.pdf"_s});
    QVERIFY(partContent(raw, message.attachments().first().index).startsWith("%PDF"));
    QVERIFY(warns(message, Warning::SignedNotChecked));
    QVERIFY(!warns(message, Warning::Encrypted));
    QVERIFY(index(raw).words.body.contains(u"Antrag"_s));
    QCOMPARE(index(raw).words.attachmentNames, u"bescheid.pdf"_s);
}

void TestSignedMail::row1_signedDataInAllItsForms_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray content = "Content-Type: text/plain; charset=utf-8\r\n\r\nWords that were signed.\r\n";
    const QByteArray whole = ber(0x04, content);
    const QByteArray pieces = ber(0x04, content.first(20)) + ber(0x04, content.sliced(20));
    const QByteArray type = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m";
    QTest::newRow("der") << smime(type, signedData(whole));
    QTest::newRow("lengths not told") << smime(type, signedData(whole, true));
    QTest::newRow("in pieces") << smime(type, signedData(ber(0x24, pieces)));
    QTest::newRow("in pieces, lengths not told") << smime(type, signedData(ber(0x24, pieces, true), true));
    QTest::newRow("pieces in pieces") << smime(type, signedData(ber(0x24, ber(0x24, pieces, true), true), true));
    QTest::newRow("old name") << smime("application/x-pkcs7-mime; name=smime.p7m", signedData(whole));
    QTest::newRow("kind not named") << smime("application/pkcs7-mime", signedData(whole));
    QTest::newRow("kind named wrong") << smime("application/pkcs7-mime; smime-type=enveloped-data", signedData(whole));
    QTest::newRow("by its name alone") << smime("application/octet-stream; name=\"SMIME.P7M\"", signedData(whole));
    QTest::newRow("as pem") << smime(
        type, "-----BEGIN PKCS7-----\n" + signedData(whole).toBase64() + "\n-----END PKCS7-----\n");
    QTest::newRow("cut off behind the words") << smime(type, signedData(whole).chopped(2));
    QTest::newRow("signed twice") << smime(type,
        signedData(ber(0x04,
            "Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + signedData(whole).toBase64())));
    QTest::newRow("in a list's wrapping") << mixed(
        part("m", "Content-Type: " + type + "\nContent-Transfer-Encoding: base64\n", signedData(whole).toBase64())
        + part("m", "Content-Type: text/plain\n", "a footer"));
}

void TestSignedMail::row1_signedDataInAllItsForms()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QVERIFY2(message.text.startsWith(u"Words that were signed."_s), qPrintable(message.text));
    QVERIFY(warns(message, Warning::SignedNotChecked));
    QVERIFY(message.attachments().isEmpty());
    QVERIFY(index(raw).words.body.contains(u"signed"_s));
}

void TestSignedMail::row1_signedFilesStayFiles()
{
    const QByteArray content = signedData(ber(0x04, QByteArray("%PDF-1.4\n\0binary", 16)));
    const Message message = parse(mixed(part("m", "Content-Type: text/plain\n", "The contract.")
        + part("m",
            "Content-Type: application/pkcs7-mime; name=contract.pdf.p7m\nContent-Transfer-Encoding: base64\n"
            "Content-Disposition: attachment; filename=contract.pdf.p7m\n",
            content.toBase64())));
    QCOMPARE(message.text, u"The contract."_s);
    QCOMPARE(names(message.attachments()), QStringList{u"contract.pdf.p7m"_s});
    QVERIFY(!warns(message, Warning::SignedNotChecked));
    // Certificates alone sign nothing.
    const QByteArray certificates = cms(2, ber(0x30, QByteArray("\x02\x01\x01") + ber(0x31, {}) + ber(0x30, dataId())));
    QCOMPARE(parse(smime("application/pkcs7-mime; smime-type=certs-only; name=smime.p7c", certificates))
                 .attachments()
                 .size(),
        1);
}

void TestSignedMail::row1_encryptedMailSaysSo_data()
{
    QTest::addColumn<QByteArray>("raw");
    const QByteArray enveloped = cms(3, ber(0x30, QByteArray("\x02\x01\x00")));
    QTest::newRow("enveloped") << smime("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", enveloped);
    QTest::newRow("kind not named") << smime("application/x-pkcs7-mime; name=smime.p7m", enveloped);
    QTest::newRow("authenticated") << smime("application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m",
        ber(0x30, ber(0x06, "\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17") + ber(0xa0, ber(0x30, {}))));
    QTest::newRow("signed, then encrypted, then signed") << smime("application/pkcs7-mime; smime-type=signed-data",
        signedData(ber(0x04,
            "Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                + enveloped.toBase64())));
    QTest::newRow("PGP/MIME") << withHeader(
        "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=m\n",
        part("m", "Content-Type: application/pgp-encrypted\n", "Version: 1")
            + part("m", "Content-Type: application/octet-stream; name=encrypted.asc\n", "-----BEGIN PGP MESSAGE-----")
            + "--m--\n");
}

void TestSignedMail::row1_encryptedMailSaysSo()
{
    QFETCH(QByteArray, raw);
    const Message message = parse(raw);
    QVERIFY(warns(message, Warning::Encrypted));
    QVERIFY(!message.attachments().isEmpty());
}

void TestSignedMail::row1_damagedSignedDataIsSurvived()
{
    const QByteArray good = signedData(ber(0x24, ber(0x04, "Content-Type: text/plain\r\n\r\nWords"), true), true);
    for (qsizetype size = 0; size < good.size(); ++size) {
        QVERIFY(!parse(smime("application/pkcs7-mime", good.first(size))).parts.isEmpty());
        for (const char bad : {'\0', '\x24', '\x80', '\x84', '\xff'}) {
            QByteArray changed = good;
            changed[size] = bad;
            QVERIFY(!parse(smime("application/pkcs7-mime", changed)).parts.isEmpty());
        }
    }
    // Open and open and open.
    QElapsedTimer timer;
    timer.start();
    QVERIFY(!parse(smime("application/pkcs7-mime", QByteArray("\x30\x80").repeated(2'000'000))).parts.isEmpty());
    QVERIFY(!parse(smime("application/pkcs7-mime", signedData(QByteArray("\x24\x80").repeated(2'000'000))))
            .parts.isEmpty());
    QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestSignedMail)
#include "tst_signedmail.moc"
