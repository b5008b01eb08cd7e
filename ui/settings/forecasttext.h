// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/types.h"

#include <QString>

namespace satchel::ui {

// What a forecast says, as sentences.

/// "Next check: deletes 12 messages, the oldest stored here on 3 May, frees 48 MB; 230 stay."
[[nodiscard]] QString forecastText(const sync::Forecast &forecast);
/// What stands before a change from keeping to deleting is made: the numbers, and what they mean.
[[nodiscard]] QString deletionQuestion(const sync::Forecast &forecast);

} // namespace satchel::ui
