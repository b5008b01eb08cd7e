// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/spoolfile.h"

#include <QByteArray>

#include <functional>
#include <memory>
#include <optional>

namespace satchel::store {

/// One zstd frame that names the size of its content. Any thread.
[[nodiscard]] QByteArray compress(const QByteArray &bytes);

/// nullopt when \a frame is not one, or does not hold exactly \a size bytes.
[[nodiscard]] std::optional<QByteArray> decompress(const QByteArray &frame, qint64 size);

// The same for what is too large to be held.

/// The frame that \a bytes become, in a file of its own.
[[nodiscard]] Expected<std::shared_ptr<SpoolFile>> compress(const SpoolFile &bytes);

/// A frame that comes in pieces.
class Decompression
{
public:
    explicit Decompression(std::function<void(QByteArrayView)> take);
    ~Decompression();
    Q_DISABLE_COPY_MOVE(Decompression)

    void add(QByteArrayView piece);
    /// At the end: whether it was one whole frame of exactly \a size bytes.
    [[nodiscard]] bool isWhole(qint64 size) const;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// What a frame says of itself; nullopt when it is none.
[[nodiscard]] std::optional<qint64> contentSize(const QByteArray &frame);
/// How long the frame is that \a bytes begin with.
[[nodiscard]] std::optional<qsizetype> frameSize(const QByteArray &bytes);

} // namespace satchel::store
