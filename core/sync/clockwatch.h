// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>

namespace satchel::sync {

/// Notices that the computer slept: a timer that ticks every few seconds finds that much more time has passed on the
/// wall than it waited. Works alike on every system, and also where somebody sets the clock ahead, which is as good a
/// reason to look at the schedule again. Lives on the mail thread.
class ClockWatch : public QObject
{
    Q_OBJECT

public:
    /// \a now: the wall clock; tests have one of their own.
    explicit ClockWatch(std::function<QDateTime()> now = {}, std::chrono::milliseconds every = std::chrono::seconds(20),
        QObject *parent = nullptr);

Q_SIGNALS:
    void slept();

private:
    void tick();

    const std::function<QDateTime()> m_now;
    QTimer m_timer;
    QDateTime m_last;
};

} // namespace satchel::sync
