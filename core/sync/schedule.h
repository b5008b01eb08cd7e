// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"

#include <QDateTime>

#include <optional>

namespace satchel::sync {

/// How the last checks of an account ended.
struct CheckHistory {
    QDateTime finishedAt; ///< UTC; invalid: never in this run
    int failures = 0; ///< in a row
    std::optional<ErrorKind> error; ///< of the last one
    int loginDelay = 0; ///< seconds the server wants between logins (LOGIN-DELAY, Q16)
};

/// When the next check is due by itself; nullopt: never, a person must act first (a wrong password is not tried
/// again, so that no provider blocks the account: Q18). Pure.
///
/// A mailbox that is in use is tried again after 15 s, 1 and 5 minutes (Q15); what the network did, after 1, 5 and
/// 15 minutes; both never later than the account's own interval.
[[nodiscard]] std::optional<QDateTime> nextCheck(const AccountSettings &account, const CheckHistory &history,
                                                 const QDateTime &now);

/// Whether \a kind goes away by itself.
[[nodiscard]] bool isTransient(ErrorKind kind);

} // namespace satchel::sync
