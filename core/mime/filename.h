// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace satchel::mime {

/// A name that can be given to a file on every platform and does not leave its folder (mime.md, "Saving
/// attachments"): at most 200 bytes of UTF-8; \a fallback when nothing is left.
[[nodiscard]] QString safeFileName(const QString &name, const QString &fallback);

/// True for kinds that run when opened, and for double extensions such as "a.pdf.exe".
[[nodiscard]] bool isExecutableName(const QString &name);

} // namespace satchel::mime
