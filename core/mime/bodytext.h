// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/partscanner.h"

#include <QString>

namespace satchel::mime {

/// The text of a plain part as it is read: decoded, without uuencoded files, flowed lines joined, LF line ends.
[[nodiscard]] QString plainText(
    const Structure &structure, int index, const QByteArray &chosenCharset, qsizetype limit);

/// The same, and a calendar in words.
[[nodiscard]] QString visibleText(
    const Structure &structure, int index, const QByteArray &chosenCharset, qsizetype limit);

/// The source of an HTML part, decoded; the pictures that it holds in itself are named like those of other parts.
[[nodiscard]] QString htmlSource(
    const Structure &structure, int index, const QByteArray &chosenCharset, qsizetype limit);

} // namespace satchel::mime
