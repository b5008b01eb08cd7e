// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/clock.h"

#include <QFile>
#include <QSysInfo>
#include <QUuid>

#include <optional>

#ifdef Q_OS_WIN
#include <QSettings>

#include <windows.h>
#elif defined(Q_OS_MACOS)
#include <mach/mach_time.h>
#endif

namespace satchel {

namespace {

#ifdef Q_OS_WIN

std::optional<std::chrono::milliseconds> sinceBoot()
{
    return std::chrono::milliseconds(GetTickCount64()); // goes on in sleep and hibernation
}

QByteArray bootName()
{
    const QSettings memory(QStringLiteral("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\"
                                          "Memory Management\\PrefetchParameters"),
        QSettings::NativeFormat);
    const QByteArray count = memory.value(QStringLiteral("BootId")).toByteArray();
    return count.isEmpty() ? QByteArray() : QSysInfo::machineUniqueId() + '-' + count;
}

#elif defined(Q_OS_MACOS)

std::optional<std::chrono::milliseconds> sinceBoot()
{
    mach_timebase_info_data_t base{};
    if (mach_timebase_info(&base) != KERN_SUCCESS || base.denom == 0)
        return std::nullopt;
    const long double nanoseconds = static_cast<long double>(mach_continuous_time()) * base.numer / base.denom;
    return std::chrono::milliseconds(qint64(nanoseconds / 1'000'000));
}

QByteArray bootName()
{
    return QSysInfo::bootUniqueId();
}

#else

std::optional<std::chrono::milliseconds> sinceBoot()
{
    // CLOCK_BOOTTIME as the kernel writes it: what turns the clocks of a single program (faketime and its like) stands
    // between it and the C library, and turns that one too.
    QFile uptime(QStringLiteral("/proc/uptime"));
    if (!uptime.open(QIODevice::ReadOnly))
        return std::nullopt;
    const QByteArray line = uptime.readLine();
    bool ok = false;
    const double seconds = line.left(line.indexOf(' ')).toDouble(&ok);
    return ok ? std::optional(std::chrono::milliseconds(qint64(seconds * 1000))) : std::nullopt;
}

QByteArray bootName()
{
    return QSysInfo::bootUniqueId();
}

#endif

/// Where a system does not tell one start from another, only what this run of the program has seen is counted.
BootTime bootOfThisComputer()
{
    static const QByteArray boot = bootName();
    if (const auto passed = sinceBoot(); passed && !boot.isEmpty())
        return {*passed, boot};
    static const QByteArray run = "run-" + QUuid::createUuid().toByteArray(QUuid::WithoutBraces);
    return {std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch()),
        run};
}

} // namespace

Clock::Clock(Wall wall, Boot boot)
    : m_wall(wall ? std::move(wall) : [] { return QDateTime::currentDateTimeUtc(); })
    , m_boot(boot ? std::move(boot) : bootOfThisComputer)
{
}

} // namespace satchel
