// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <optional>

namespace satchel::net {

// The forms in which one word may come back from a server: what Secrets looks for. Pure.

struct Decoded {
    QByteArray bytes;
    qsizetype length = 0; ///< of what stood for them
};
/// What the beginning of a text stands for, if it is encoded; the text is not empty.
using Decoder = std::optional<Decoded> (*)(QByteArrayView);

/// Percent-encoding, quoted-printable, backslashes, character references, and signs that are not seen.
[[nodiscard]] QList<Decoder> decoders();

[[nodiscard]] int hexDigit(char c); ///< -1: none
[[nodiscard]] int base64Digit(char c); ///< of both alphabets; -1: none
/// Two hexadecimal digits behind \a prefix signs.
[[nodiscard]] std::optional<Decoded> hexAfter(QByteArrayView text, qsizetype prefix);
/// The characters of base64 that \a bytes alone decide, where \a before bytes stand in front of them.
[[nodiscard]] QByteArray innerBase64(const QByteArray &bytes, qsizetype before);
/// What people and servers may make of one word, before any encoding: other cases, compositions and character sets.
[[nodiscard]] QByteArrayList spellings(const QString &word);

} // namespace satchel::net
