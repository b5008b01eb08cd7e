// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"

#include <QDateTime>

#include <chrono>
#include <optional>

namespace satchel::sync {

/// How the last checks of an account ended.
struct CheckHistory {
    QDateTime finishedAt; ///< UTC; invalid: never in this run
    int failures = 0; ///< in a row
    std::optional<ErrorKind> error; ///< of the last one
    int loginDelay = 0; ///< seconds the server wants between logins (LOGIN-DELAY, Q16)
    QDateTime loginAt = {}; ///< UTC, of the last login that was let in, also of an earlier run; invalid: not known
    QDateTime tooSoonAt = {}; ///< UTC, when a login was refused as too soon; invalid: not since one was let in
};

/// When the next check is due by itself, as remedyFor() says of what ended the last one; nullopt: not by the clock, a
/// person must act first (a wrong password is not tried again, so that no provider blocks the account: Q18). Pure.
///
/// Never later than the account's own interval, never before earliestLogin(). A clock that was put back does not let an
/// account wait longer than its interval.
[[nodiscard]] std::optional<QDateTime> nextCheck(
    const AccountSettings &account, const CheckHistory &history, const QDateTime &now);

/// When a check is due because something happened that makes one worth while: the network is back, the computer woke
/// up. nullopt: not at all. At once, but not within two minutes of a check that went well, nor within half a minute of
/// one that did not: a network that comes and goes must not become a storm of logins.
///
/// What a person alone can change may have changed too, so that it is looked at again, but only now and never by the
/// clock: an hour after it failed, then two, four, a day at most, whatever the network does meanwhile. Pure.
[[nodiscard]] std::optional<QDateTime> occasionalCheck(
    const AccountSettings &account, const CheckHistory &history, const QDateTime &now);

/// Seconds of LOGIN-DELAY that are believed: a server that counts in other units, or means ill, locks nobody out.
constexpr int longestLoginDelay = 3600;

/// Before which nobody may log in again by itself (Q16); nullopt: no such time. Pure.
[[nodiscard]] std::optional<QDateTime> earliestLogin(const CheckHistory &history, const QDateTime &now);

/// The same for what a person asks for: it is tried at once, whatever the server announced. Only where it has refused a
/// login as too soon, it is left alone for as long as it wants, a quarter of an hour at most. Pure.
[[nodiscard]] std::optional<QDateTime> earliestWish(const CheckHistory &history, const QDateTime &now);

/// The delay to keep after the server refused a login as too soon without having said how long it wants: a minute, then
/// twice as long each time, a quarter of an hour at most.
[[nodiscard]] int learnedLoginDelay(int before);

/// How long to wait after so many failures in a row until it is tried again; nullopt: not by the clock. Pure.
[[nodiscard]] std::optional<std::chrono::seconds> retryPause(ErrorKind kind, int failures);

} // namespace satchel::sync
