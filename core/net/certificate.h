// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QList>
#include <QSslCertificate>
#include <QSslError>
#include <QString>

namespace satchel::net {

/// Whether one of the certificate's subject alternative names is \a host (RFC 9525): the common name does
/// not count, a wildcard stands for one whole leftmost label, an address is compared with addresses only.
[[nodiscard]] bool isFor(const QSslCertificate &certificate, const QString &host);

/// Whether it says that others are issued by it: the certificate of an authority is none of a server (RFC 5280).
[[nodiscard]] bool isAuthority(const QSslCertificate &certificate);

/// What a window needs to show of a certificate that is not trusted. The reasons of \a errors become one
/// sentence each; \a trusted is the fingerprint of the account's present exception, if there is one.
[[nodiscard]] CertificateProblem certificateProblem(
    const QSslCertificate &certificate, const QList<QSslError> &errors, const QString &host, const QByteArray &trusted);

} // namespace satchel::net
