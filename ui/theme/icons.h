// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QLatin1StringView>

namespace satchel::ui {

/// One of our own line icons (resources/icons), drawn in the palette's text colour at the moment of painting:
/// the same set on every platform, right in light and dark.
[[nodiscard]] QIcon icon(QLatin1StringView name);
/// The same in a colour that does not follow the palette.
[[nodiscard]] QIcon icon(QLatin1StringView name, const QColor &colour);
/// The program's own icon, in its own colours.
[[nodiscard]] QIcon applicationIcon();

} // namespace satchel::ui
