// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "net/credentials.h"
#include "net/transport.h"

#include <QDateTime>
#include <QStringList>

namespace satchel::sync {

// How an account's settings reach its server: the same for whoever opens a session.

struct Access {
    net::Endpoint endpoint; ///< holds the account's own certificate, where it has one
    QDateTime certificateEnds; ///< UTC; invalid: there is none
};

/// The file of the account's own certificate is read anew each time, and opened by the passphrase in \a credentials;
/// the error is of net::readClientCertificate(), which may go by a clock that is wrong: so it is tried again.
[[nodiscard]] Expected<Access> accessTo(
    const AccountSettings &account, const net::Credentials &credentials, const QDateTime &now = Clock().now());

/// Whether a certificate that ends then is to be renewed soon.
[[nodiscard]] bool endsSoon(const QDateTime &certificateEnds, const QDateTime &now);

/// The user name is the account's, whenever the secrets were given; with "recent:" before it where the account wants to
/// see what other devices have fetched (Q37).
[[nodiscard]] net::Credentials credentialsFor(const AccountSettings &account, net::Credentials credentials);

/// Of the person and the mailbox, which a log or a recording does not tell.
[[nodiscard]] QStringList namesOf(const AccountSettings &account);

/// Gmail's server, whatever name it was given.
[[nodiscard]] bool isGmail(const QString &host, const QByteArray &greeting);

} // namespace satchel::sync
