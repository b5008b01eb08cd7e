// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/profile.h"
#include "sync/care.h"

namespace satchel {

/// --check and --repair: the care of the store without a window. Answers with the exit status: 0 all is well, or was
/// done; 3 the store is damaged or cannot be used.
[[nodiscard]] int runCare(const Profile &profile, sync::CareTask task);

} // namespace satchel
