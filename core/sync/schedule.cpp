// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/schedule.h"

#include "base/localaccount.h"
#include "base/remedy.h"

#include <array>

namespace satchel::sync {

namespace {

bool isLeftToPerson(const CheckHistory &history)
{
    return history.failures > 0 && history.error && remedyFor(*history.error).again == Again::ByPerson;
}

qint64 personPause(int failures)
{
    constexpr qint64 hour = 3600;
    return qMin(hour << qBound(0, failures - 1, 5), 24 * hour);
}

} // namespace

std::optional<std::chrono::seconds> retryPause(ErrorKind kind, int failures)
{
    using namespace std::chrono_literals;
    constexpr std::array<std::chrono::seconds, 3> soon{15s, 1min, 5min};
    constexpr std::array<std::chrono::seconds, 3> later{1min, 5min, 15min};
    const auto step = size_t(qBound(1, failures, 3) - 1);
    switch (remedyFor(kind).again) {
    case Again::Soon:
        return soon[step];
    case Again::Later:
        return later[step];
    case Again::AtInterval:
        return std::chrono::seconds::max();
    case Again::ByPerson:
        break;
    }
    return std::nullopt;
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
    if (!history.tooSoonAt.isValid())
        return std::nullopt;
    CheckHistory shorter = history;
    shorter.loginDelay = qMin(history.loginDelay, most);
    // Where its delay was over by then, it counts from what it refused.
    if (!history.loginAt.isValid() || history.loginAt.addSecs(shorter.loginDelay) <= history.tooSoonAt)
        shorter.loginAt = history.tooSoonAt;
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
    if (!hasServer(account) || !account.enabled || account.checkEveryMinutes <= 0)
        return std::nullopt;
    const std::optional<QDateTime> earliest = earliestLogin(history, now);
    if (!history.finishedAt.isValid())
        return earliest.value_or(now);

    qint64 seconds = account.checkEveryMinutes * 60LL;
    if (history.failures > 0 && history.error) {
        const std::optional<std::chrono::seconds> pause = retryPause(*history.error, history.failures);
        if (!pause)
            return std::nullopt;
        seconds = qMin(seconds, qint64(pause->count()));
    }
    // Also where nothing is known of the last login, as after one that was refused.
    if (history.loginDelay > 0)
        seconds = qMax(seconds, qMin(history.loginDelay, longestLoginDelay) + 5LL);
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

    if (isLeftToPerson(history) && hasServer(account) && account.enabled && account.checkEveryMinutes > 0) {
        const QDateTime due = history.finishedAt.addSecs(personPause(history.failures));
        return due <= now ? std::optional(earliestLogin(history, now).value_or(now)) : std::nullopt;
    }
    const std::optional<QDateTime> regular = nextCheck(account, history, now);
    if (!regular || !history.finishedAt.isValid() || history.error == ErrorKind::TooSoon)
        return regular;
    const int pause = history.failures > 0 ? afterFailure : afterSuccess;
    const QDateTime due = qMax(qMin(history.finishedAt, now).addSecs(pause), earliestLogin(history, now).value_or(now));
    return qMin(*regular, qMax(due, now));
}

} // namespace satchel::sync
