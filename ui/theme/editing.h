// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace satchel::ui {

/// "Copy" and "Select all" of a menu, for whatever text has the focus. False where there is none: then they are meant
/// for something else.
bool copyFocusedText();
bool selectFocusedText();

} // namespace satchel::ui
