// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/certificates.h"

#include <QCryptographicHash>
#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslConfiguration>

namespace satchel::test {

namespace {

QString fileName(CertificateKind kind)
{
    switch (kind) {
    case CertificateKind::Good:
        return QStringLiteral("server");
    case CertificateKind::WrongHost:
        return QStringLiteral("wrong");
    case CertificateKind::NoNames:
        return QStringLiteral("no-names");
    case CertificateKind::Expired:
        return QStringLiteral("expired");
    case CertificateKind::NotYetValid:
        return QStringLiteral("not-yet");
    case CertificateKind::UnknownRoot:
        return QStringLiteral("unknown");
    case CertificateKind::SelfSigned:
        return QStringLiteral("selfsigned");
    case CertificateKind::Issuing:
        return QStringLiteral("issuing");
    case CertificateKind::Home:
        return QStringLiteral("home");
    case CertificateKind::Client:
        return QStringLiteral("client");
    }
    return {};
}

} // namespace

TestCertificates::TestCertificates()
{
    QProcess maker;
    maker.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    maker.start(QStringLiteral("sh"), {QStringLiteral(SATCHEL_CERTIFICATE_SCRIPT), m_directory.path()});
    m_valid = maker.waitForFinished() && maker.exitStatus() == QProcess::NormalExit && maker.exitCode() == 0;
    if (!m_valid)
        qWarning("The test certificates could not be made: is the openssl command there?");
}

QByteArray TestCertificates::read(const QString &name) const
{
    QFile file(m_directory.filePath(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray TestCertificates::certificate(CertificateKind kind) const
{
    return read(fileName(kind) + QStringLiteral(".pem"));
}

QByteArray TestCertificates::key(CertificateKind kind) const
{
    return read(fileName(kind) + QStringLiteral(".key"));
}

QByteArray TestCertificates::authority() const
{
    return read(QStringLiteral("ca.pem"));
}

QString TestCertificates::issuer(CertificateKind kind) const
{
    return QSslCertificate(certificate(kind)).issuerInfo(QSslCertificate::CommonName).value(0);
}

QByteArray TestCertificates::sha256(CertificateKind kind) const
{
    return QSslCertificate(certificate(kind)).digest(QCryptographicHash::Sha256);
}

const TestCertificates &testCertificates()
{
    static const TestCertificates certificates;
    return certificates;
}

void trustTestAuthority()
{
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.addCaCertificates(QSslCertificate::fromData(testCertificates().authority()));
    QSslConfiguration::setDefaultConfiguration(configuration);
}

} // namespace satchel::test
