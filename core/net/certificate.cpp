// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/certificate.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QHostAddress>
#include <QLocale>
#include <QSslCertificateExtension>
#include <QUrl>

#include <algorithm>

namespace satchel::net {

namespace {

struct Certificate {
    Q_DECLARE_TR_FUNCTIONS(satchel::net::Certificate)
};

QString name(const QStringList &organization, const QStringList &common)
{
    QStringList parts = common;
    for (const QString &part : organization) {
        if (!parts.contains(part))
            parts.append(part);
    }
    return sanitised(parts.join(QStringLiteral(", ")));
}

bool matchesName(const QString &pattern, const QString &host)
{
    if (pattern.compare(host, Qt::CaseInsensitive) == 0)
        return true;
    if (!pattern.startsWith(QLatin1String("*.")) || pattern.indexOf(u'*', 1) != -1)
        return false;
    const qsizetype dot = host.indexOf(u'.');
    // A wildcard below a top-level domain ("*.com") would be anybody's.
    if (dot <= 0 || pattern.indexOf(u'.', 2) == -1)
        return false;
    return QStringView(pattern).sliced(1).compare(QStringView(host).sliced(dot), Qt::CaseInsensitive) == 0;
}

QString day(const QDateTime &time)
{
    return QLocale().toString(time.toLocalTime().date(), QLocale::LongFormat);
}

QString sentence(const QSslError &error, const QSslCertificate &certificate, const QString &host)
{
    switch (error.error()) {
    case QSslError::SelfSignedCertificate:
        return Certificate::tr("The server made this certificate itself: nobody else vouches for it.");
    case QSslError::SelfSignedCertificateInChain:
    case QSslError::UnableToGetIssuerCertificate:
    case QSslError::UnableToGetLocalIssuerCertificate:
    case QSslError::UnableToVerifyFirstCertificate:
    case QSslError::CertificateUntrusted:
        return Certificate::tr("This computer does not know the authority that issued the certificate.");
    case QSslError::CertificateExpired:
        return Certificate::tr("The certificate expired on %1.").arg(day(certificate.expiryDate()));
    case QSslError::CertificateNotYetValid:
        return Certificate::tr("The certificate is valid from %1 on only; the clock of this computer may be wrong.")
            .arg(day(certificate.effectiveDate()));
    case QSslError::HostNameMismatch:
        return Certificate::tr("The certificate belongs to another server, not to %1.").arg(host);
    case QSslError::CertificateRevoked:
        return Certificate::tr("The authority that issued the certificate has withdrawn it.");
    case QSslError::CertificateBlacklisted:
        return Certificate::tr("The certificate is known to have been stolen or forged.");
    case QSslError::InvalidPurpose:
    case QSslError::InvalidCaCertificate:
    case QSslError::PathLengthExceeded:
    case QSslError::CertificateRejected:
        return Certificate::tr("The certificate was not made for a server like this one.");
    case QSslError::NoPeerCertificate:
        return Certificate::tr("The server showed no certificate.");
    default:
        return Certificate::tr("The certificate could not be checked: %1").arg(sanitised(error.errorString()));
    }
}

} // namespace

bool isFor(const QSslCertificate &certificate, const QString &host)
{
    const auto names = certificate.subjectAlternativeNames();
    const QHostAddress address(host);
    if (!address.isNull()) {
        for (auto it = names.cbegin(); it != names.cend(); ++it) {
            if (it.key() == QSsl::IpAddressEntry
                && QHostAddress(it.value()).isEqual(address, QHostAddress::StrictConversion))
                return true;
        }
        return false;
    }
    QString ascii = QString::fromLatin1(QUrl::toAce(host));
    if (ascii.isEmpty())
        ascii = host;
    if (ascii.endsWith(u'.'))
        ascii.chop(1);
    for (auto it = names.cbegin(); it != names.cend(); ++it) {
        if (it.key() == QSsl::DnsEntry && matchesName(it.value(), ascii))
            return true;
    }
    return false;
}

bool isAuthority(const QSslCertificate &certificate)
{
    const auto extensions = certificate.extensions();
    return std::ranges::any_of(extensions, [](const QSslCertificateExtension &extension) {
        return extension.oid() == QLatin1String("2.5.29.19")
            && extension.value().toMap().value(QStringLiteral("ca")).toBool();
    });
}

CertificateProblem certificateProblem(
    const QSslCertificate &certificate, const QList<QSslError> &errors, const QString &host, const QByteArray &trusted)
{
    CertificateProblem problem;
    problem.host = host;
    problem.subject = name(
        certificate.subjectInfo(QSslCertificate::Organization), certificate.subjectInfo(QSslCertificate::CommonName));
    problem.issuer = name(
        certificate.issuerInfo(QSslCertificate::Organization), certificate.issuerInfo(QSslCertificate::CommonName));
    problem.notBefore = certificate.effectiveDate();
    problem.notAfter = certificate.expiryDate();
    if (!certificate.isNull())
        problem.sha256 = certificate.digest(QCryptographicHash::Sha256);
    for (const QSslError &error : errors) {
        const QString reason = error.error() == QSslError::InvalidPurpose && isAuthority(certificate)
            ? Certificate::tr("The certificate is one by which others are issued, and not one of a server.")
            : sentence(error, certificate, host);
        if (!problem.reasons.contains(reason))
            problem.reasons.append(reason);
    }
    problem.changed = !trusted.isEmpty() && trusted != problem.sha256;
    return problem;
}

} // namespace satchel::net
