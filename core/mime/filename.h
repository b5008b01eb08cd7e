// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace satchel::mime {

/// A name that can be given to a file on every platform and does not leave its folder (mime.md, "Saving
/// attachments"): at most 200 bytes of UTF-8; \a fallback when nothing is left.
[[nodiscard]] QString safeFileName(const QString &name, const QString &fallback);

/// \a name with the ending that files of this type have, where it has none: "Rechnung 2025" and application/pdf make
/// "Rechnung 2025.pdf". What only looks like an ending ("v1.2 notes", "Brief 3.12") is none; a second is never added.
[[nodiscard]] QString namedByType(const QString &name, const QByteArray &mimeType);

/// True for kinds that run when opened, and for double extensions such as "a.pdf.exe".
[[nodiscard]] bool isExecutableName(const QString &name);

} // namespace satchel::mime
