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
    case ErrorKind::ProtocolError:
    case ErrorKind::MailboxInUse:
    case ErrorKind::TryLater:
    case ErrorKind::StoreFull:
        return true;
    default:
        return false;
    }
}

std::optional<QDateTime> nextCheck(const AccountSettings &account, const CheckHistory &history, const QDateTime &now)
{
    constexpr std::array<int, 3> inUseSeconds{15, 60, 300};
    constexpr std::array<int, 3> transientSeconds{60, 300, 900};

    if (!hasServer(account) || !account.enabled || account.checkEveryMinutes <= 0)
        return std::nullopt;
    if (!history.finishedAt.isValid())
        return now;

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
    // Five seconds more than the server asks for: its clock and ours need not agree (Q16).
    if (history.loginDelay > 0)
        seconds = qMax(seconds, history.loginDelay + 5);
    // A clock that was put back says nothing about the time since then; waiting for it could take years (Q52).
    if (history.finishedAt > now)
        return now;
    return history.finishedAt.addSecs(seconds);
}

} // namespace satchel::sync
