// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace satchel::net {

/// The one struct a secret passes through (law 6). Never logged, never stored by us.
struct Credentials {
    QString userName;
    QString password;
    QString accessToken; ///< OAuth 2 bearer token; empty where a password is used
};

} // namespace satchel::net
