// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace satchel::mime {

/// Decodes the encoded words (RFC 2047) and the raw 8-bit text of one guarded field. Neighbouring words of one
/// charset are joined before they are decoded, because many programs cut characters in two.
[[nodiscard]] QString decodeWords(QByteArrayView value, const QByteArray &bodyCharset = {});

/// The same value with every run of encoded words written as words in UTF-8 and base64, so that a parser that splits
/// by syntax sees each as the one token that it is (RFC 2047, 2), whatever signs it held.
[[nodiscard]] QByteArray normalisedWords(QByteArrayView value, const QByteArray &bodyCharset = {});

/// As a person may see it on one line: control, bidirectional and zero-width characters are gone (mime.md, 5), but
/// for the joiners that letters of joining scripts and emoji are spelled with.
[[nodiscard]] QString presentable(QStringView text, qsizetype limit = 2000);

/// \a text without format characters (soft hyphens, zero-width and bidirectional marks), but for those joiners.
[[nodiscard]] QString withoutFormatCharacters(QStringView text);

} // namespace satchel::mime
