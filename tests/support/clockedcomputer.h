// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"

#include <QTimeZone>

#include <chrono>

namespace satchel::test {

/// The clocks of a computer that a test sleeps, starts and sets. Outlives what was given its clock().
class ClockedComputer
{
public:
    using Duration = std::chrono::milliseconds;

    explicit ClockedComputer(const QDateTime &truth = QDateTime(QDate(2026, 11, 30), QTime(9, 0), QTimeZone::UTC))
        : m_truth(truth)
    {
        start();
    }

    [[nodiscard]] Clock clock() const
    {
        return Clock([this] { return moment().wall; }, [this] { return moment().boot; });
    }
    [[nodiscard]] Moment moment() const
    {
        return {m_truth.addMSecs(m_error.count()), {m_hasBootClock ? m_sinceBoot : Duration(0), m_boot}};
    }
    [[nodiscard]] QDateTime truth() const { return m_truth; }
    [[nodiscard]] Duration error() const { return m_error; }

    void pass(Duration time) ///< awake or asleep
    {
        m_truth = m_truth.addMSecs(time.count());
        m_sinceBoot += time;
    }
    void turnOff(Duration time) ///< and on again
    {
        pass(time);
        start();
    }
    void set(Duration error) { m_error = error; } ///< by how much the wall clock is wrong
    void setTo(const QDateTime &wall) { m_error = Duration(m_truth.msecsTo(wall)); }
    void loseBootClock() { m_hasBootClock = false, m_boot.clear(); }

private:
    void start()
    {
        m_sinceBoot = std::chrono::seconds(30);
        if (m_hasBootClock)
            m_boot =
                "boot-" + QByteArray::number(reinterpret_cast<quintptr>(this)) + '-' + QByteArray::number(++m_boots);
    }

    QDateTime m_truth;
    Duration m_error{0};
    Duration m_sinceBoot{0};
    QByteArray m_boot;
    int m_boots = 0;
    bool m_hasBootClock = true;
};

} // namespace satchel::test
