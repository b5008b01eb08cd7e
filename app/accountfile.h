// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"

#include <QString>

namespace satchel {

/// Reads an account from a JSON file: name, personName, address, host, port, security ("tls", "starttls" or
/// "plain"), user, certificate (SHA-256 in hex that is trusted), keep ("forever", "delete" or a number of days).
/// A password is not among it (law 6). Errors: FileUnreadable, InvalidRequest.
[[nodiscard]] Expected<AccountSettings> readAccountFile(const QString &file);

} // namespace satchel
