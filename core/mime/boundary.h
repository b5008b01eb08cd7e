// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace satchel::mime {

inline constexpr qsizetype boundaryLimit = 1024; ///< bytes

/// True where \a text (a line without its "--" and without blanks at its end) is \a boundary, or the last one with "--"
/// behind it. \a loose: words behind a blank do not matter, by which it is told from a longer boundary.
[[nodiscard]] bool isDelimiter(QByteArrayView text, QByteArrayView boundary, bool loose, bool *last = nullptr);

/// For a multipart that names no boundary, or a wrong one: the first line that looks like one and comes again.
[[nodiscard]] QByteArray boundaryIn(QByteArrayView body);

/// True when every "=" is an escape or a soft line break, and there is one.
[[nodiscard]] bool isQuotedPrintable(QByteArrayView body);

/// The name of a field that mail has, so that a line which begins with it is taken for the start of a header.
[[nodiscard]] bool isFieldOfMail(QByteArrayView name);

[[nodiscard]] QByteArrayView withoutTrailingBlanks(QByteArrayView line);

} // namespace satchel::mime
