// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace satchel::mime {

/// Joins the lines of format=flowed text (RFC 3676) as they were written, quotes kept apart by their depth.
/// \a deleteSpace: the blank at a line's end is not part of the text (languages without blanks).
[[nodiscard]] QString joinFlowed(const QString &text, bool deleteSpace);

} // namespace satchel::mime
