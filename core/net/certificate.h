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

/// What a window needs to show of a certificate that is not trusted. The reasons of \a errors become one
/// sentence each; \a trusted is the fingerprint of the account's present exception, if there is one.
[[nodiscard]] CertificateProblem certificateProblem(
    const QSslCertificate &certificate, const QList<QSslError> &errors, const QString &host, const QByteArray &trusted);

} // namespace satchel::net
