// SPDX-License-Identifier: GPL-3.0-or-later
// Certificate files as people have them: made by the openssl command, in every form, locked and open, whole and broken.
#include "net/clientcertificate.h"
#include "support/certificates.h"

#include <QFile>
#include <QLoggingCategory>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using net::ClientCertificate;
using net::readClientCertificate;

class TestClientCertificate : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(testCertificates().isValid());
        QLoggingCategory::setFilterRules(u"qt.tlsbackend.ossl=false"_s); // it complains of each broken file
        write(u"client.pem"_s, testCertificates().certificate(CertificateKind::Client));
        write(u"client.key"_s, testCertificates().key(CertificateKind::Client));
        write(u"ca.pem"_s, testCertificates().authority());
        QVERIFY(openssl({u"req"_s, u"-x509"_s, u"-newkey"_s, u"rsa:2048"_s, u"-nodes"_s, u"-subj"_s, u"/CN=robin"_s,
            u"-days"_s, u"30"_s, u"-keyout"_s, u"rsa.key"_s, u"-out"_s, u"rsa.pem"_s}));
    }

    void readsEveryForm_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<QString>("owner");
        const QString client = u"client"_s;
        const QString rsa = u"rsa"_s;
        QTest::newRow("PEM, open") << pem(client, u"open.pem"_s, {}) << QString() << client;
        QTest::newRow("PEM, open, with a passphrase that is not needed")
            << pem(client, u"open-too.pem"_s, {}) << u"whatever"_s << client;
        QTest::newRow("PEM, RSA") << pem(rsa, u"rsa-open.pem"_s, {}) << QString() << rsa;
        QTest::newRow("PEM, key locked (PKCS#8)")
            << pem(client, u"locked.pem"_s, m_passphrase) << m_passphrase << client;
        QTest::newRow("PEM, RSA key locked as OpenSSL used to") << traditional(u"old.pem"_s) << m_passphrase << rsa;
        QTest::newRow("PEM, the key comes first") << keyFirst(u"first.pem"_s) << QString() << client;
        QTest::newRow("PEM, the certificate of the authority comes first")
            << authorityFirst(u"chain.pem"_s) << QString() << client;
        QTest::newRow("PKCS#12") << pkcs12(client, u"locked.p12"_s, m_passphrase, {}) << m_passphrase << client;
        QTest::newRow("PKCS#12, RSA") << pkcs12(rsa, u"rsa.p12"_s, m_passphrase, {}) << m_passphrase << rsa;
        QTest::newRow("PKCS#12 with the authority")
            << pkcs12(client, u"chain.p12"_s, m_passphrase, {u"-certfile"_s, u"ca.pem"_s}) << m_passphrase << client;
        QTest::newRow("PKCS#12 without a passphrase") << pkcs12(client, u"open.p12"_s, {}, {}) << QString() << client;
        QTest::newRow("PKCS#12 without a passphrase, the one of another file is known")
            << pkcs12(client, u"open-too.p12"_s, {}, {}) << u"of another"_s << client;
        QTest::newRow("PKCS#12 locked by 3DES, as Windows and macOS do") << pkcs12(rsa, u"3des.p12"_s, m_passphrase,
            {u"-keypbe"_s, u"PBE-SHA1-3DES"_s, u"-certpbe"_s, u"PBE-SHA1-3DES"_s, u"-macalg"_s, u"sha1"_s})
                                                                         << m_passphrase << rsa;
    }

    void readsEveryForm()
    {
        QFETCH(QString, file);
        QFETCH(QString, passphrase);
        QFETCH(QString, owner);
        QVERIFY2(QFile::exists(file), "the openssl command did not make it");
        const Expected<ClientCertificate> read = readClientCertificate(file, passphrase);
        QVERIFY2(read, read ? "" : qPrintable(read.error().text));
        const QSslCertificate expected = QSslCertificate::fromPath(path(owner + u".pem"_s)).constFirst();
        // The own one leads: the handshake takes the first for it.
        QCOMPARE(QSslCertificate::fromData(read->pem).constFirst(), expected);
        QCOMPARE(read->validUntil, expected.expiryDate().toUTC());
        const QSsl::KeyAlgorithm algorithm = owner == "rsa"_L1 ? QSsl::Rsa : QSsl::Ec;
        QFile key(path(owner + u".key"_s));
        QVERIFY(key.open(QIODevice::ReadOnly));
        QCOMPARE(QSslKey(read->pem, algorithm).toDer(), QSslKey(key.readAll(), algorithm).toDer());
    }

    void theChainOfAFileIsShownToo()
    {
        const QString file = pkcs12(u"client"_s, u"with-chain.p12"_s, m_passphrase, {u"-certfile"_s, u"ca.pem"_s});
        const Expected<ClientCertificate> read = readClientCertificate(file, m_passphrase);
        QVERIFY(read);
        QCOMPARE(QSslCertificate::fromData(read->pem).size(), 2);
    }

    void saysWhatIsWrongAndWhatToDo_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<ErrorKind>("kind");
        QTest::addColumn<QString>("words");
        const QString client = u"client"_s;
        QTest::newRow("gone") << path(u"gone.p12"_s) << QString() << ErrorKind::FileUnreadable
                              << u"not there any more"_s;
        QTest::newRow("a folder") << m_folder.path() << QString() << ErrorKind::CertificateUnusable
                                  << u"holds no certificate"_s;
        QTest::newRow("no file at all") << u"/dev/zero"_s << QString() << ErrorKind::CertificateUnusable
                                        << u"holds no certificate"_s;
        QTest::newRow("empty") << write(u"empty.pem"_s, {}) << QString() << ErrorKind::CertificateUnusable
                               << u"holds no certificate"_s;
        QTest::newRow("another kind of file") << write(u"letter.txt"_s, "Dear Robin,\n") << QString()
                                              << ErrorKind::CertificateUnusable << u"holds no certificate"_s;
        QTest::newRow("a key alone") << path(u"client.key"_s) << QString() << ErrorKind::CertificateUnusable
                                     << u"holds no certificate"_s;
        QTest::newRow("PEM without a key")
            << path(u"client.pem"_s) << QString() << ErrorKind::CertificateUnusable << u"without a key"_s;
        QTest::newRow("DER without a key")
            << der(u"client.crt"_s) << QString() << ErrorKind::CertificateUnusable << u"without a key"_s;
        QTest::newRow("PKCS#12 without a key") << pkcs12(client, u"nokey.p12"_s, m_passphrase, {u"-nokeys"_s})
                                               << m_passphrase << ErrorKind::CertificateUnusable << u"without a key"_s;
        QTest::newRow("PKCS#12, no passphrase") << pkcs12(client, u"a.p12"_s, m_passphrase, {}) << QString()
                                                << ErrorKind::PassphraseMissing << u"enter its passphrase"_s;
        QTest::newRow("PKCS#12, wrong passphrase") << pkcs12(client, u"b.p12"_s, m_passphrase, {}) << u"other"_s
                                                   << ErrorKind::PassphraseWrong << u"does not open"_s;
        QTest::newRow("PEM, no passphrase") << pem(client, u"a.pem"_s, m_passphrase) << QString()
                                            << ErrorKind::PassphraseMissing << u"enter its passphrase"_s;
        QTest::newRow("PEM, wrong passphrase")
            << pem(client, u"b.pem"_s, m_passphrase) << u"other"_s << ErrorKind::PassphraseWrong << u"does not open"_s;
        QTest::newRow("old PEM, no passphrase")
            << traditional(u"c.pem"_s) << QString() << ErrorKind::PassphraseMissing << u"enter its passphrase"_s;
        QTest::newRow("PKCS#12 locked by RC2") << pkcs12(u"rsa"_s, u"rc2.p12"_s, m_passphrase, {u"-legacy"_s})
                                               << m_passphrase << ErrorKind::CertificateUnusable << u"too old"_s;
        QTest::newRow("the key of another") << strangersKey(u"mixed.pem"_s) << QString()
                                            << ErrorKind::CertificateUnusable << u"belongs to another certificate"_s;
        QTest::newRow("the RSA key of another")
            << strangersRsaKey(u"mixed-rsa.pem"_s) << QString() << ErrorKind::CertificateUnusable
            << u"belongs to another certificate"_s;
        QTest::newRow("expired") << made(CertificateKind::Expired, u"expired.pem"_s) << QString()
                                 << ErrorKind::CertificateUnusable << u"expired on"_s;
        QTest::newRow("not yet valid") << made(CertificateKind::NotYetValid, u"not-yet.pem"_s) << QString()
                                       << ErrorKind::CertificateUnusable << u"is valid from"_s;
    }

    void saysWhatIsWrongAndWhatToDo()
    {
        QFETCH(QString, file);
        QFETCH(QString, passphrase);
        QFETCH(ErrorKind, kind);
        QFETCH(QString, words);
        const Expected<ClientCertificate> read = readClientCertificate(file, passphrase);
        QVERIFY(!read);
        QVERIFY2(read.error().text.contains(words), qPrintable(read.error().text));
        QCOMPARE(read.error().kind, kind);
        QVERIFY(read.error().action == ErrorAction::EditAccount || read.error().action == ErrorAction::EnterPassphrase);
        QVERIFY(passphrase.isEmpty() || !read.error().text.contains(passphrase));
    }

    void aFileThatIsCutNeverGivesACertificate()
    {
        const QString whole = pkcs12(u"client"_s, u"whole.p12"_s, m_passphrase, {});
        QFile source(whole);
        QVERIFY(source.open(QIODevice::ReadOnly));
        const QByteArray bytes = source.readAll();
        for (qsizetype size = 0; size < bytes.size(); size += 37) {
            const Expected<ClientCertificate> read =
                readClientCertificate(write(u"cut.p12"_s, bytes.first(size)), m_passphrase);
            QVERIFY(!read);
            QVERIFY(!read.error().text.isEmpty());
        }
    }

    // Qt's own look at the key of such a certificate ends the program.
    void whateverIsDamagedIsSurvived_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("RSA") << pem(u"rsa"_s, u"rsa-whole.pem"_s, {});
        QTest::newRow("EC") << pem(u"client"_s, u"client-whole.pem"_s, {});
    }

    void whateverIsDamagedIsSurvived()
    {
        QFETCH(QString, file);
        QFile source(file);
        QVERIFY(source.open(QIODevice::ReadOnly));
        const QByteArray bytes = source.readAll();
        for (qsizetype at = 30; at < bytes.size(); at += 11) {
            QByteArray damaged = bytes;
            damaged[at] = damaged.at(at) == 'A' ? 'B' : 'A';
            const Expected<ClientCertificate> read = readClientCertificate(write(u"damaged.pem"_s, damaged), {});
            QVERIFY(read ? read->pem.contains("PRIVATE KEY") : !read.error().text.isEmpty());
        }
    }

private:
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

    QString write(const QString &name, const QByteArray &bytes)
    {
        QFile file(path(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write");
        return path(name);
    }

    [[nodiscard]] QByteArray content(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    bool openssl(const QStringList &arguments)
    {
        QProcess process;
        process.setWorkingDirectory(m_folder.path());
        process.start(u"openssl"_s, arguments);
        const bool done = process.waitForFinished() && process.exitCode() == 0;
        if (!done)
            qWarning("%s", process.readAllStandardError().constData());
        return done;
    }

    QString pem(const QString &owner, const QString &name, const QString &passphrase)
    {
        QByteArray key = content(owner + u".key"_s);
        if (!passphrase.isEmpty()) {
            openssl({u"pkcs8"_s, u"-topk8"_s, u"-in"_s, owner + u".key"_s, u"-out"_s, u"locked.key"_s, u"-passout"_s,
                u"pass:"_s + passphrase});
            key = content(u"locked.key"_s);
        }
        return write(name, content(owner + u".pem"_s) + key);
    }

    QString traditional(const QString &name)
    {
        openssl({u"rsa"_s, u"-in"_s, u"rsa.key"_s, u"-traditional"_s, u"-aes128"_s, u"-passout"_s,
            u"pass:"_s + m_passphrase, u"-out"_s, u"traditional.key"_s});
        if (!content(u"traditional.key"_s).contains("Proc-Type"))
            qFatal("not the form that was asked for");
        return write(name, content(u"rsa.pem"_s) + content(u"traditional.key"_s));
    }

    QString keyFirst(const QString &name) { return write(name, content(u"client.key"_s) + content(u"client.pem"_s)); }

    QString authorityFirst(const QString &name)
    {
        return write(name, content(u"ca.pem"_s) + content(u"client.pem"_s) + content(u"client.key"_s));
    }

    QString pkcs12(const QString &owner, const QString &name, const QString &passphrase, const QStringList &further)
    {
        QStringList arguments{u"pkcs12"_s, u"-export"_s, u"-in"_s, owner + u".pem"_s, u"-out"_s, name, u"-passout"_s,
            u"pass:"_s + passphrase};
        if (!further.contains(u"-nokeys"_s))
            arguments += {u"-inkey"_s, owner + u".key"_s};
        openssl(arguments + further);
        return path(name);
    }

    QString der(const QString &name)
    {
        openssl({u"x509"_s, u"-in"_s, u"client.pem"_s, u"-outform"_s, u"der"_s, u"-out"_s, name});
        return path(name);
    }

    QString strangersKey(const QString &name)
    {
        return write(name, content(u"client.pem"_s) + testCertificates().key(CertificateKind::Good));
    }

    QString strangersRsaKey(const QString &name)
    {
        openssl({u"genrsa"_s, u"-out"_s, u"stranger.key"_s, u"2048"_s});
        return write(name, content(u"rsa.pem"_s) + content(u"stranger.key"_s));
    }

    QString made(CertificateKind kind, const QString &name)
    {
        return write(name, testCertificates().certificate(kind) + testCertificates().key(kind));
    }

    QTemporaryDir m_folder;
    const QString m_passphrase = u"grüner Zweig"_s;
};

QTEST_GUILESS_MAIN(TestClientCertificate)
#include "tst_clientcertificate.moc"
