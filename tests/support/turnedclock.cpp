// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/turnedclock.h"

#include <atomic>
#include <cstdint>
#include <ctime>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

namespace satchel::test {

namespace {

std::atomic<std::int64_t> wallAhead = 0;
std::atomic<std::int64_t> bootAhead = 0;

} // namespace

void turnClocks(const TurnedClocks &ahead)
{
    wallAhead = ahead.wall.count();
    bootAhead = ahead.boot.count();
}

TurnedClocks turnedClocks()
{
    return {std::chrono::seconds(wallAhead), std::chrono::seconds(bootAhead)};
}

void letPass(std::chrono::seconds time)
{
    wallAhead += time.count();
    bootAhead += time.count();
}

} // namespace satchel::test

extern "C" {

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, timespec *time) noexcept
{
    const auto result = int(::syscall(SYS_clock_gettime, clock, time));
    if (result != 0)
        return result;
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
        time->tv_sec += satchel::test::wallAhead;
    else if (clock == CLOCK_BOOTTIME)
        time->tv_sec += satchel::test::bootAhead;
    return result;
}

__attribute__((visibility("default"))) int gettimeofday(timeval *time, void *) noexcept
{
    timespec now{};
    const int result = clock_gettime(CLOCK_REALTIME, &now);
    time->tv_sec = now.tv_sec;
    time->tv_usec = now.tv_nsec / 1000;
    return result;
}

__attribute__((visibility("default"))) time_t time(time_t *time) noexcept
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    if (time)
        *time = now.tv_sec;
    return now.tv_sec;
}

} // extern "C"
