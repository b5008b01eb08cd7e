// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/inlinepicture.h"

#include <QBuffer>
#include <QImageReader>

namespace satchel::ui {

namespace {

constexpr qint64 mostBytes = 64 * 1024 * 1024;
constexpr qint64 mostPixels = 40'000'000;
constexpr int longestEdge = 2400; ///< more than any message view shows: larger ones are scaled while decoding

} // namespace

QImage decodePicture(const QByteArray &bytes)
{
    if (bytes.isEmpty() || bytes.size() > mostBytes)
        return {};
    QBuffer buffer;
    buffer.setData(bytes);
    if (!buffer.open(QIODevice::ReadOnly))
        return {};
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    static const QList<QByteArray> kinds{
        "png", "jpeg", "jpg", "gif", "webp", "bmp", "tiff", "tif", "avif", "avifs", "heif", "heic", "jxl"};
    if (!kinds.contains(reader.format()))
        return {};
    QSize size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > mostPixels)
        return {};
    if (size.width() > longestEdge || size.height() > longestEdge)
        reader.setScaledSize(size.scaled(longestEdge, longestEdge, Qt::KeepAspectRatio));
    return reader.read();
}

} // namespace satchel::ui
