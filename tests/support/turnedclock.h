// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>

namespace satchel::test {

/// How far the clocks of this program are ahead of those of the machine. A program that links this stands between the
/// libraries and the system's clocks (Linux); timers go by the monotonic clock, which nobody turns.
struct TurnedClocks {
    std::chrono::seconds wall{0};
    std::chrono::seconds boot{0}; ///< counts on while the computer sleeps; a wall clock that is set does not move it
};

void turnClocks(const TurnedClocks &ahead);
[[nodiscard]] TurnedClocks turnedClocks();
/// Time goes by for both.
void letPass(std::chrono::seconds time);

} // namespace satchel::test
