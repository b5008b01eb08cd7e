// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/clockwatch.h"

namespace satchel::sync {

namespace {

// A busy processor delays a tick, too, but not by so much.
constexpr std::chrono::milliseconds tolerance = std::chrono::seconds(45);

} // namespace

ClockWatch::ClockWatch(const Clock &clock, std::chrono::milliseconds every, QObject *parent)
    : QObject(parent)
    , m_clock(clock)
    , m_last(m_clock.moment())
{
    connect(&m_timer, &QTimer::timeout, this, &ClockWatch::tick);
    m_timer.start(every);
}

void ClockWatch::tick()
{
    const Moment before = m_last;
    m_last = m_clock.moment();
    const auto passed = m_last.boot.passed - before.boot.passed;
    const std::chrono::milliseconds shown(before.wall.msecsTo(m_last.wall));
    if (passed > m_timer.intervalAsDuration() + tolerance)
        Q_EMIT slept();
    else if (shown > passed + tolerance || shown < passed - tolerance)
        Q_EMIT stepped();
}

} // namespace satchel::sync
