// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

namespace satchel::net {

/// The one struct a secret passes through (law 6). Never logged, never stored by us.
struct Credentials {
    QString userName;
    QString password;
    QString accessToken; ///< OAuth 2 bearer token; empty where a password is used
    /// Opens the account's own certificate on this computer; never sent to anybody.
    QString certificatePassphrase = {};
};

/// InvalidRequest for a user name, password or token with CR, LF or NUL: these end a command, so that the
/// rest would be a command of somebody else's choice (Q13). Asked before anything is sent.
[[nodiscard]] Expected<void> checkCredentials(const Credentials &credentials);

} // namespace satchel::net
