// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace satchel::mime {

/// Decodes the encoded words (RFC 2047) and the raw 8-bit text of one guarded field. Neighbouring words of one
/// charset are joined before they are decoded, because many programs cut characters in two.
[[nodiscard]] QString decodeWords(QByteArrayView value, const QByteArray &bodyCharset = {});

/// The same value with every run of encoded words written as words in UTF-8, so that a parser that splits by
/// syntax first decodes them right.
[[nodiscard]] QByteArray normalisedWords(QByteArrayView value);

/// As a person may see it on one line: control, bidirectional and zero-width characters are gone (mime.md, 5).
[[nodiscard]] QString presentable(const QString &text);

} // namespace satchel::mime
