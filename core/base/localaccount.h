// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QLatin1StringView>

namespace satchel {

/// Of the account that holds the sample mail: nobody can have this address (RFC 2606).
inline constexpr QLatin1StringView sampleAddress{"sample-mail@satchel.invalid"};

/// Without a server a mailbox is kept on this computer only: it is never checked.
[[nodiscard]] inline bool hasServer(const AccountSettings &account)
{
    return !account.host.isEmpty();
}

/// Whether it holds the mail that comes with the program.
[[nodiscard]] inline bool isSample(const AccountSettings &account)
{
    return !hasServer(account) && account.address == sampleAddress;
}

} // namespace satchel
