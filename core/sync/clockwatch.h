// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <QObject>
#include <QTimer>

#include <chrono>

namespace satchel::sync {

/// Notices that the computer slept: a timer that ticks every few seconds finds that much more time has passed than it
/// waited, by the clock that nobody sets. Where somebody sets the wall clock, nothing slept, but the schedule goes by
/// it. Lives on the mail thread.
class ClockWatch : public QObject
{
    Q_OBJECT

public:
    explicit ClockWatch(const Clock &clock = Clock(), std::chrono::milliseconds every = std::chrono::seconds(20),
        QObject *parent = nullptr);

Q_SIGNALS:
    void slept();
    void stepped(); ///< the wall clock was set

private:
    void tick();

    const Clock m_clock;
    QTimer m_timer;
    Moment m_last;
};

} // namespace satchel::sync
