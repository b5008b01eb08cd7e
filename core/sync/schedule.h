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
    QDateTime loginAt = {}; ///< UTC, of the last login that was let in, also of an earlier run; invalid: not known
};

/// When the next check is due by itself; nullopt: never, a person must act first (a wrong password is not tried
/// again, so that no provider blocks the account: Q18). Pure.
///
/// A mailbox that is in use is tried again after 15 s, 1 and 5 minutes (Q15); what the network did, after 1, 5 and
/// 15 minutes; both never later than the account's own interval. Never before earliestLogin(). A clock that was put
/// back does not let an account wait longer than its interval.
[[nodiscard]] std::optional<QDateTime> nextCheck(
    const AccountSettings &account, const CheckHistory &history, const QDateTime &now);

/// When a check is due because something happened that makes one worth while: the network is back, the computer woke
/// up. nullopt: not at all. At once, but not within two minutes of a check that went well, nor within half a minute of
/// one that did not: a network that comes and goes must not become a storm of logins. Pure.
[[nodiscard]] std::optional<QDateTime> occasionalCheck(
    const AccountSettings &account, const CheckHistory &history, const QDateTime &now);

/// Seconds of LOGIN-DELAY that are believed: a server that counts in other units, or means ill, locks nobody out.
constexpr int longestLoginDelay = 3600;

/// Before which nobody may log in again by itself (Q16); nullopt: no such time. Pure.
[[nodiscard]] std::optional<QDateTime> earliestLogin(const CheckHistory &history, const QDateTime &now);

/// The same for what a person asks for: it waits a quarter of an hour at most. A server that says more is asked, and
/// only where it has refused, it is left alone for that quarter. Pure.
[[nodiscard]] std::optional<QDateTime> earliestWish(const CheckHistory &history, const QDateTime &now);

/// The delay to keep after the server refused a login as too soon without having said how long it wants: a minute, then
/// twice as long each time, a quarter of an hour at most.
[[nodiscard]] int learnedLoginDelay(int before);

/// Whether \a kind goes away by itself.
[[nodiscard]] bool isTransient(ErrorKind kind);

} // namespace satchel::sync
