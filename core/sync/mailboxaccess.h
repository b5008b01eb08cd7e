// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "net/credentials.h"
#include "net/transport.h"

namespace satchel::sync {

// How an account's settings reach its server: the same for whoever opens a session.

[[nodiscard]] net::Endpoint endpointOf(const AccountSettings &account);

/// With "recent:" before the user name where the account wants to see what other devices have fetched (Q37).
[[nodiscard]] net::Credentials credentialsFor(const AccountSettings &account, net::Credentials credentials);

/// Gmail's server, whatever name it was given.
[[nodiscard]] bool isGmail(const QString &host, const QByteArray &greeting);

} // namespace satchel::sync
