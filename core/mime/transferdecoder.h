// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <limits>

namespace satchel::mime {

inline constexpr qsizetype noLimit = std::numeric_limits<qsizetype>::max();

/// Decoded bytes and, for base64, readable lines that stand after the data (a mailing list's footer).
struct Decoded {
    QByteArray bytes;
    QByteArray tail;
};

/// Tolerant: junk is skipped, data that goes on after padding is joined, nothing fails.
[[nodiscard]] Decoded decodeBase64(QByteArrayView data, qsizetype limit = noLimit);

/// Tolerant: what is not an escape stays as it is; blanks at line ends go.
[[nodiscard]] QByteArray decodeQuotedPrintable(QByteArrayView data, qsizetype limit = noLimit);

/// By the name in Content-Transfer-Encoding; unknown ones are taken as they are. At least \a limit bytes come
/// out when there are that many; decoding stops soon after.
[[nodiscard]] Decoded decodeTransfer(const QByteArray &encoding, QByteArrayView data, qsizetype limit = noLimit);

/// The decoded size, without decoding.
[[nodiscard]] qint64 estimatedSize(const QByteArray &encoding, QByteArrayView data);

} // namespace satchel::mime
