// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLockFile>

namespace satchel::store {

/// Takes the lock that keeps a second program out of a store (law 2), once: it does not wait. Only a dead owner makes
/// a lock stale, not its age. A lock without a name in it belongs to a program that died in the moment it made it; it
/// is taken when nobody can be about to write it any more.
[[nodiscard]] bool takeLock(QLockFile &lock);

} // namespace satchel::store
