// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace satchel::ui {

/// The words of a search that a row may hold, for highlighting: without operators ("from:") and without
/// what is excluded ("-word").
[[nodiscard]] QStringList searchWords(const QString &query);

} // namespace satchel::ui
