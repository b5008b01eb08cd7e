// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "base/error.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

namespace satchel::net {

/// A certificate of the account's own, by which it shows the server who it is.
struct ClientCertificate {
    QByteArray pem; ///< with its key, in clear: for Endpoint::clientCertificate, in memory only (law 6)
    QDateTime validUntil; ///< UTC
};

/// Reads a certificate and its key from \a file: PKCS#12, or PEM whose key may be locked. Nothing is written anywhere.
///
/// Errors are sentences for the person: PassphraseMissing where \a passphrase is empty and the file wants one,
/// PassphraseWrong, FileUnreadable, else CertificateUnusable: no certificate in it, no key, a key of another
/// certificate, an old format that OpenSSL 3 refuses, or not valid at \a now. Takes some 100 ms where the passphrase
/// was made hard to guess; any thread.
[[nodiscard]] Expected<ClientCertificate> readClientCertificate(
    const QString &file, const QString &passphrase, const QDateTime &now = Clock().now());

} // namespace satchel::net
