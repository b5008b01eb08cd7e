// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/clockwatch.h"

namespace satchel::sync {

namespace {

// A busy processor delays a tick, too, but not by so much.
constexpr std::chrono::milliseconds tolerance = std::chrono::seconds(45);

} // namespace

ClockWatch::ClockWatch(std::function<QDateTime()> now, std::chrono::milliseconds every, QObject *parent)
    : QObject(parent)
    , m_now(now ? std::move(now) : [] { return QDateTime::currentDateTimeUtc(); })
    , m_last(m_now())
{
    connect(&m_timer, &QTimer::timeout, this, &ClockWatch::tick);
    m_timer.start(every);
}

void ClockWatch::tick()
{
    const QDateTime now = m_now();
    const auto passed = std::chrono::milliseconds(m_last.msecsTo(now));
    m_last = now;
    if (passed > m_timer.intervalAsDuration() + tolerance)
        Q_EMIT slept();
}

} // namespace satchel::sync
