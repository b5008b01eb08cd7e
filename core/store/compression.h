// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <optional>

namespace satchel::store {

/// One zstd frame that names the size of its content. Any thread.
[[nodiscard]] QByteArray compress(const QByteArray &bytes);

/// nullopt when \a frame is not one, or does not hold exactly \a size bytes.
[[nodiscard]] std::optional<QByteArray> decompress(const QByteArray &frame, qint64 size);

/// What a frame says of itself; nullopt when it is none.
[[nodiscard]] std::optional<qint64> contentSize(const QByteArray &frame);
/// How long the frame is that \a bytes begin with.
[[nodiscard]] std::optional<qsizetype> frameSize(const QByteArray &bytes);

} // namespace satchel::store
