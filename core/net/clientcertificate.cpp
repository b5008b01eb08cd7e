// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/clientcertificate.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace satchel::net {

namespace {

constexpr qint64 largestFile = 1024 * 1024;

struct OwnCertificate {
    Q_DECLARE_TR_FUNCTIONS(satchel::net::OwnCertificate)
};

/// A certificate, the others of its chain, and the key.
struct Found {
    QList<QSslCertificate> certificates;
    QSslKey key;
};

std::unexpected<Error> unusable(const QString &text, const QString &detail = {})
{
    return fail(ErrorKind::CertificateUnusable, text, ErrorAction::EditAccount, detail);
}

std::unexpected<Error> noCertificate(const QString &name)
{
    return unusable(OwnCertificate::tr("The file %1 holds no certificate; choose a file of the kind .p12, .pfx or .pem "
                                       "in the account's settings.")
            .arg(name));
}

std::unexpected<Error> noKey(const QString &name)
{
    return unusable(OwnCertificate::tr("The file %1 holds a certificate without a key that fits into this program; "
                                       "export the certificate together with its private key (RSA or EC).")
            .arg(name));
}

std::unexpected<Error> locked(const QString &name, const QString &passphrase)
{
    if (passphrase.isEmpty())
        return fail(ErrorKind::PassphraseMissing,
            OwnCertificate::tr("The certificate in %1 is locked; enter its passphrase.").arg(name),
            ErrorAction::EnterPassphrase);
    return fail(ErrorKind::PassphraseWrong,
        OwnCertificate::tr("The passphrase does not open the certificate in %1; enter it again.").arg(name),
        ErrorAction::EnterPassphrase);
}

Expected<QByteArray> contentOf(const QString &file)
{
    const QFileInfo info(file);
    const QString name = info.fileName();
    if (!info.exists())
        return fail(ErrorKind::FileUnreadable,
            OwnCertificate::tr("The file %1 with the certificate of the account is not there any more; choose it again "
                               "in the account's settings.")
                .arg(name),
            ErrorAction::EditAccount);
    // Reading from what is no file might never end.
    if (!info.isFile() || info.size() > largestFile)
        return noCertificate(name);
    QFile source(file);
    if (!source.open(QIODevice::ReadOnly))
        return fail(ErrorKind::FileUnreadable,
            OwnCertificate::tr("The file %1 with the certificate of the account cannot be read; see whether you may "
                               "read it.")
                .arg(name),
            ErrorAction::EditAccount);
    return source.read(largestFile);
}

/// The beginning of a PFX (RFC 7292 §4): a SEQUENCE with the INTEGER 3 in front. Lengths may be of any form.
bool isPkcs12(QByteArrayView bytes)
{
    return bytes.startsWith('\x30') && bytes.first(qMin<qsizetype>(bytes.size(), 12)).contains("\x02\x01\x03"_ba);
}

/// Whether an object identifier of PKCS#12, below 1.2.840.113549.1.12, stands in \a bytes.
bool names(const QByteArray &bytes, QByteArrayView rest)
{
    const QByteArray pkcs12 = QByteArray::fromHex("2a864886f70d010c");
    return bytes.contains(pkcs12 + rest.toByteArray());
}

Expected<Found> readPkcs12(const QString &name, const QByteArray &bytes, const QString &passphrase)
{
    if (QSslSocket::activeBackend() != "openssl"_L1)
        return unusable(OwnCertificate::tr("Files like %1 (PKCS#12) cannot be read on this system; convert it to PEM "
                                           "with its private key.")
                .arg(name));
    Found found;
    QSslCertificate own;
    // One that needs none may have come after one that did.
    for (const QByteArray &secret : {passphrase.toUtf8(), QByteArray()}) {
        QBuffer buffer;
        buffer.setData(bytes);
        buffer.open(QIODevice::ReadOnly);
        if (QSslCertificate::importPkcs12(&buffer, &found.key, &own, &found.certificates, secret)) {
            found.certificates.prepend(own);
            return found;
        }
    }
    // pbeWithSHAAnd40BitRC2-CBC and its like: what programs wrote for twenty years.
    constexpr std::array<const char *, 4> oldCiphers{"\x01\x01", "\x01\x02", "\x01\x05", "\x01\x06"};
    if (std::ranges::any_of(oldCiphers, [&](const char *cipher) { return names(bytes, cipher); }))
        return unusable(OwnCertificate::tr("The file %1 is locked by a cipher that is too old to be trusted (RC2 or "
                                           "RC4); export the certificate anew with AES.")
                .arg(name));
    // keyBag and pkcs8ShroudedKeyBag stand in clear; certificates need not.
    if (!names(bytes, "\x0a\x01\x01") && !names(bytes, "\x0a\x01\x02"))
        return noKey(name);
    return locked(name, passphrase);
}

QSslKey keyOf(const QByteArray &pem, const QString &passphrase)
{
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Ec, QSsl::Rsa}) {
        QSslKey key(pem, algorithm, QSsl::Pem, QSsl::PrivateKey, passphrase.toUtf8());
        if (!key.isNull())
            return key;
    }
    return {};
}

Expected<Found> readPem(const QString &name, const QByteArray &bytes, const QString &passphrase)
{
    Found found;
    found.certificates = QSslCertificate::fromData(bytes, QSsl::Pem);
    if (found.certificates.isEmpty())
        found.certificates = QSslCertificate::fromData(bytes, QSsl::Der);
    if (found.certificates.isEmpty())
        return noCertificate(name);
    found.key = keyOf(bytes, passphrase);
    if (!found.key.isNull())
        return found;
    if (bytes.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || bytes.contains("Proc-Type: 4,ENCRYPTED"))
        return locked(name, passphrase);
    return noKey(name);
}

/// Takes the tag and the length of a DER element away from the beginning of \a der; the length, or -1 where another tag
/// stands there or the element is cut.
qsizetype enter(QByteArrayView &der, char tag)
{
    if (der.size() < 2 || der.front() != tag)
        return -1;
    const auto first = quint8(der.at(1));
    der = der.sliced(2);
    qsizetype length = first;
    if (first >= 0x80) {
        const qsizetype bytes = first & 0x7f;
        if (bytes > qsizetype(sizeof(quint32)) || der.size() < bytes)
            return -1;
        length = 0;
        for (const char byte : der.first(bytes))
            length = (length << 8) | quint8(byte);
        der = der.sliced(bytes);
    }
    return length <= der.size() ? length : -1;
}

/// The first INTEGER but one: the modulus of an RSA key (RFC 8017, A.1.2).
QByteArray modulusOf(const QByteArray &key)
{
    QByteArrayView der = key;
    if (enter(der, '\x30') < 0)
        return {};
    const qsizetype version = enter(der, '\x02');
    if (version < 0)
        return {};
    der = der.sliced(version);
    const qsizetype size = enter(der, '\x02');
    return size > 0 ? der.first(size).toByteArray() : QByteArray();
}

/// Whether \a key is the private half of what \a certificate shows. A private key holds the public one too: the modulus
/// of RSA, the point at the end of an elliptic one (RFC 5915). QSslCertificate::publicKey() is not asked: Qt 6.8 dies
/// of a certificate whose key is damaged.
bool belongTogether(const QSslCertificate &certificate, const QSslKey &key)
{
    const QByteArray secret = key.toDer();
    const qsizetype point = 2 * ((qsizetype(key.length()) + 7) / 8);
    const QByteArray open = key.algorithm() == QSsl::Rsa ? modulusOf(secret) : secret.last(qMin(secret.size(), point));
    return !open.isEmpty() && certificate.toDer().contains(open);
}

QString day(const QDateTime &time)
{
    return QLocale().toString(time.toLocalTime().date(), QLocale::LongFormat);
}

} // namespace

Expected<ClientCertificate> readClientCertificate(const QString &file, const QString &passphrase, const QDateTime &now)
{
    const QString name = QFileInfo(file).fileName();
    const Expected<QByteArray> bytes = contentOf(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    Expected<Found> found = isPkcs12(*bytes) ? readPkcs12(name, *bytes, passphrase) : readPem(name, *bytes, passphrase);
    if (!found)
        return std::unexpected(found.error());
    const auto own = std::ranges::find_if(found->certificates,
        [&found](const QSslCertificate &certificate) { return belongTogether(certificate, found->key); });
    if (own == found->certificates.end())
        return unusable(OwnCertificate::tr("The key in %1 belongs to another certificate; export the certificate "
                                           "together with its own private key.")
                .arg(name));
    std::rotate(found->certificates.begin(), own, std::next(own));
    const QSslCertificate &certificate = found->certificates.constFirst();
    if (certificate.expiryDate() < now)
        return unusable(OwnCertificate::tr("The certificate in %1 expired on %2; get a new one and choose it in the "
                                           "account's settings.")
                .arg(name, day(certificate.expiryDate())));
    if (certificate.effectiveDate() > now)
        return unusable(OwnCertificate::tr("The certificate in %1 is valid from %2 on only; see whether the clock of "
                                           "this computer is right.")
                .arg(name, day(certificate.effectiveDate())));
    ClientCertificate result;
    for (const QSslCertificate &one : std::as_const(found->certificates))
        result.pem += one.toPem();
    result.pem += found->key.toPem();
    result.validUntil = certificate.expiryDate().toUTC();
    return result;
}

} // namespace satchel::net
