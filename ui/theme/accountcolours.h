// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QColor>
#include <QIcon>
#include <QPalette>

namespace satchel::ui {

// The colours that tell accounts apart: a few, each in a shade for light and one for dark windows, so that they stand
// out from the ground of both (3:1 at least). Never the only thing that tells something.

inline constexpr int accountColourCount = 8;

/// AccountSettings::colour, or the one that its place gives it.
[[nodiscard]] int accountColourNumber(const AccountSettings &account);
[[nodiscard]] QColor accountColour(int number, const QPalette &palette);
[[nodiscard]] QString accountColourName(int number);
[[nodiscard]] QIcon accountColourIcon(int number, const QPalette &palette);

} // namespace satchel::ui
