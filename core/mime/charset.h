// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

namespace satchel::mime {

/// What is known of how a text is encoded.
struct CharsetClues {
    QByteArray declared; ///< by the part; may be empty, wrong or unknown
    QByteArray chosen; ///< by the person, where the message is wrong or silent
    QByteArray likely; ///< of what stands around it, where it is silent itself and nothing was chosen
    bool html = false; ///< look for a <meta> too
};

/// The ladder: declared, <meta>, UTF-8 if valid, the person's choice or what is likely, windows-1252. us-ascii and
/// iso-8859-1 are read as windows-1252. Never fails: what cannot be read shows as U+FFFD.
[[nodiscard]] QString decodeText(QByteArrayView bytes, const CharsetClues &clues);

/// Raw 8-bit text in a header: UTF-8 if valid, else \a bodyCharset, else windows-1252.
[[nodiscard]] QString decodeRaw(QByteArrayView bytes, const QByteArray &bodyCharset);

/// Decodes with the named charset; false when it is not known here.
[[nodiscard]] bool decodeAs(const QByteArray &charset, QByteArrayView bytes, QString &text);

[[nodiscard]] bool isAscii(QByteArrayView bytes);

} // namespace satchel::mime
