// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QTemporaryDir>

namespace satchel::test {

enum class CertificateKind {
    Good,
    WrongHost,
    NoNames,
    Expired,
    NotYetValid,
    UnknownRoot,
    SelfSigned,
    Issuing,
    Home,
    Client
};

/// Certificates made by servers/certificates.sh for this process; gone with it.
class TestCertificates
{
public:
    TestCertificates();

    [[nodiscard]] bool isValid() const { return m_valid; }
    [[nodiscard]] QByteArray certificate(CertificateKind kind) const; ///< PEM
    [[nodiscard]] QByteArray key(CertificateKind kind) const; ///< PEM
    [[nodiscard]] QByteArray authority() const; ///< PEM
    [[nodiscard]] QString issuer(CertificateKind kind) const; ///< its common name
    [[nodiscard]] QByteArray sha256(CertificateKind kind) const;

private:
    [[nodiscard]] QByteArray read(const QString &name) const;

    QTemporaryDir m_directory;
    bool m_valid = false;
};

/// The one set of a test process, made at its first use.
[[nodiscard]] const TestCertificates &testCertificates();

/// From here on, this process trusts the test authority for TLS.
void trustTestAuthority();

} // namespace satchel::test
