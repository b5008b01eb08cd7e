// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QDateTime>

#include <chrono>
#include <concepts>
#include <functional>
#include <type_traits>

namespace satchel {

/// How long a computer has been running, sleep included. Nobody sets this clock.
struct BootTime {
    std::chrono::milliseconds passed{0};
    QByteArray id; ///< of the start since which it counts: times of two starts must not be compared

    friend bool operator==(const BootTime &, const BootTime &) = default;
};

/// What the clocks show at one moment.
struct Moment {
    QDateTime wall; ///< UTC; a witness that can err: people, batteries and servers set it
    BootTime boot;
};

/// Where the current time comes from: given to whoever needs it, so that a test can turn it. Nothing else in core/ asks
/// the system for the time (tests/check_clock.py).
///
/// A value. May be asked on any thread, as long as its sources may.
class Clock
{
public:
    using Wall = std::function<QDateTime()>;
    using Boot = std::function<BootTime()>;

    /// Without sources: those of this computer.
    explicit Clock(Wall wall = {}, Boot boot = {});
    /// One whose wall clock alone is turned.
    template <std::invocable Source>
        requires std::convertible_to<std::invoke_result_t<Source>, QDateTime>
    Clock(Source wall) // NOLINT(google-explicit-constructor): wherever a clock is wanted, a source of its time will do
        : Clock(Wall(std::move(wall)))
    {
    }

    [[nodiscard]] QDateTime now() const { return m_wall(); } ///< of the wall, UTC
    [[nodiscard]] Moment moment() const { return {m_wall(), m_boot()}; }

private:
    Wall m_wall;
    Boot m_boot;
};

} // namespace satchel
