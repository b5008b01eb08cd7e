// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/storelock.h"

namespace satchel::store {

bool takeLock(QLockFile &lock)
{
    using namespace std::chrono_literals;
    constexpr std::chrono::milliseconds never = 0ms;
    constexpr std::chrono::milliseconds writingItsName = 5s;

    lock.setStaleLockTime(never);
    if (lock.tryLock())
        return true;
    qint64 process = 0;
    QString host;
    QString program;
    if (lock.error() != QLockFile::LockFailedError || lock.getLockInfo(&process, &host, &program))
        return false;
    lock.setStaleLockTime(writingItsName);
    const bool taken = lock.tryLock();
    lock.setStaleLockTime(never);
    return taken;
}

} // namespace satchel::store
