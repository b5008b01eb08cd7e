// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/compression.h"

#include <memory>
#include <zstd.h>

namespace satchel::store {

namespace {

constexpr int level = 3;

struct Free {
    void operator()(ZSTD_CCtx *context) const { ZSTD_freeCCtx(context); }
    void operator()(ZSTD_DCtx *context) const { ZSTD_freeDCtx(context); }
};

} // namespace

QByteArray compress(const QByteArray &bytes)
{
    // Making a context costs more than a small message; each thread keeps its own.
    thread_local const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
    thread_local QByteArray buffer;
    const size_t bound = ZSTD_compressBound(size_t(bytes.size()));
    if (buffer.size() < qsizetype(bound))
        buffer.resize(qsizetype(bound));
    const size_t size =
        ZSTD_compressCCtx(context.get(), buffer.data(), bound, bytes.constData(), size_t(bytes.size()), level);
    QByteArray frame;
    if (ZSTD_isError(size) == 0)
        frame = QByteArray(buffer.constData(), qsizetype(size));
    if (buffer.size() > (4 << 20))
        buffer = {};
    return frame;
}

std::optional<QByteArray> decompress(const QByteArray &frame, qint64 size)
{
    thread_local const std::unique_ptr<ZSTD_DCtx, Free> context(ZSTD_createDCtx());
    const unsigned long long claimed = ZSTD_getFrameContentSize(frame.constData(), size_t(frame.size()));
    if (size < 0 || claimed != static_cast<unsigned long long>(size))
        return std::nullopt;
    QByteArray bytes(qsizetype(size), Qt::Uninitialized);
    const size_t got =
        ZSTD_decompressDCtx(context.get(), bytes.data(), size_t(size), frame.constData(), size_t(frame.size()));
    if (ZSTD_isError(got) != 0 || got != size_t(size))
        return std::nullopt;
    return bytes;
}

std::optional<qint64> contentSize(const QByteArray &frame)
{
    const unsigned long long size = ZSTD_getFrameContentSize(frame.constData(), size_t(frame.size()));
    if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > (1ULL << 62))
        return std::nullopt;
    return qint64(size);
}

std::optional<qsizetype> frameSize(const QByteArray &bytes)
{
    const size_t size = ZSTD_findFrameCompressedSize(bytes.constData(), size_t(bytes.size()));
    if (ZSTD_isError(size) != 0)
        return std::nullopt;
    return qsizetype(size);
}

} // namespace satchel::store
