// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>

namespace satchel::ui {

/// Decodes an inline picture within limits: the kind is told from the content (PNG, JPEG, GIF, WebP, BMP,
/// TIFF, AVIF, HEIC, JPEG XL, as far as this system has decoders for them; no SVG), the pixels are counted before any
/// is decoded. A null image for everything else. Thread-safe.
[[nodiscard]] QImage decodePicture(const QByteArray &bytes);

} // namespace satchel::ui
