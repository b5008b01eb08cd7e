// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/schedule.h"

#include "base/localaccount.h"

#include <array>

namespace satchel::sync {

bool isTransient(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Offline:
    case ErrorKind::HostNotFound:
    case ErrorKind::ConnectionRefused:
    case ErrorKind::ConnectionLost:
    case ErrorKind::Timeout:
    case ErrorKind::TlsFailed:
    case ErrorKind::TlsTooOld:
    case ErrorKind::ProtocolError:
    case ErrorKind::MailboxInUse:
    case ErrorKind::TryLater:
    case ErrorKind::TooSoon:
    case ErrorKind::StoreFull:
    case ErrorKind::TokenUnavailable:
        return true;
    default:
        return false;
    }
}

std::optional<QDateTime> earliestLogin(const CheckHistory &history, const QDateTime &now)
{
    if (history.loginDelay <= 0 || !history.loginAt.isValid())
        return std::nullopt;
    // Five seconds more than the server asks for: its clock and ours need not agree.
    const qint64 wait = qMin(history.loginDelay, longestLoginDelay) + 5LL;
    const QDateTime earliest = qMin(history.loginAt, now).addSecs(wait);
    return earliest > now ? std::optional(earliest) : std::nullopt;
}

std::optional<QDateTime> earliestWish(const CheckHistory &history, const QDateTime &now)
{
    constexpr int most = 900;
    if (history.loginDelay <= most)
        return earliestLogin(history, now);
    if (history.error != ErrorKind::TooSoon)
        return std::nullopt;
    CheckHistory shorter = history;
    shorter.loginDelay = most;
    return earliestLogin(shorter, now);
}

int learnedLoginDelay(int before)
{
    constexpr int first = 60;
    constexpr int most = 900;
    return before < first ? first : qMin(2 * before, most);
}

std::optional<QDateTime> nextCheck(const AccountSettings &account, const CheckHistory &history, const QDateTime &now)
{
    constexpr std::array<int, 3> inUseSeconds{15, 60, 300};
    constexpr std::array<int, 3> transientSeconds{60, 300, 900};

    if (!hasServer(account) || !account.enabled || account.checkEveryMinutes <= 0)
        return std::nullopt;
    const std::optional<QDateTime> earliest = earliestLogin(history, now);
    if (!history.finishedAt.isValid())
        return earliest.value_or(now);

    int seconds = account.checkEveryMinutes * 60;
    if (history.failures > 0 && history.error) {
        if (*history.error != ErrorKind::Cancelled && !isTransient(*history.error))
            return std::nullopt;
        const size_t step = size_t(qMin(history.failures, 3) - 1);
        if (*history.error == ErrorKind::MailboxInUse)
            seconds = qMin(seconds, inUseSeconds[step]);
        else if (*history.error != ErrorKind::Cancelled)
            seconds = qMin(seconds, transientSeconds[step]);
    }
    // Also where nothing is known of the last login, as after one that was refused.
    if (history.loginDelay > 0)
        seconds = qMax(seconds, qMin(history.loginDelay, longestLoginDelay) + 5);
    // A clock that was put back says nothing about the time since then; waiting for it could take years (Q52).
    if (history.finishedAt > now)
        return earliest.value_or(now);
    const QDateTime due = history.finishedAt.addSecs(seconds);
    return earliest ? qMax(due, *earliest) : due;
}

std::optional<QDateTime> occasionalCheck(
    const AccountSettings &account, const CheckHistory &history, const QDateTime &now)
{
    constexpr int afterSuccess = 120;
    constexpr int afterFailure = 30;

    const std::optional<QDateTime> regular = nextCheck(account, history, now);
    if (!regular || !history.finishedAt.isValid() || history.error == ErrorKind::TooSoon)
        return regular;
    const int pause = history.failures > 0 ? afterFailure : afterSuccess;
    const QDateTime due = qMax(qMin(history.finishedAt, now).addSecs(pause), earliestLogin(history, now).value_or(now));
    return qMin(*regular, qMax(due, now));
}

} // namespace satchel::sync
