// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/compression.h"

#include "store/connection.h"

#include <utility>
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

Expected<std::shared_ptr<SpoolFile>> compress(const SpoolFile &bytes)
{
    const std::unique_ptr<ZSTD_CCtx, Free> context(ZSTD_createCCtx());
    auto frame = SpoolFile::create(bytes.place());
    if (!frame)
        return frame;
    (void)ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, level);
    (void)ZSTD_CCtx_setPledgedSrcSize(context.get(), static_cast<unsigned long long>(bytes.size()));
    QByteArray out(qsizetype(ZSTD_CStreamOutSize()), Qt::Uninitialized);
    Expected<void> written;
    qint64 left = bytes.size();
    const auto read = bytes.read([&](QByteArrayView piece) {
        left -= piece.size();
        ZSTD_inBuffer in{piece.data(), size_t(piece.size()), 0};
        const ZSTD_EndDirective mode = left == 0 ? ZSTD_e_end : ZSTD_e_continue;
        for (bool isDone = false; !isDone && written;) {
            ZSTD_outBuffer to{out.data(), size_t(out.size()), 0};
            const size_t toCome = ZSTD_compressStream2(context.get(), &to, &in, mode);
            if (ZSTD_isError(toCome) != 0) {
                written = fail(ErrorKind::StoreFailed,
                    StoreText::tr("A message could not be made ready to be stored; there may be too little memory."));
                break;
            }
            written = (*frame)->append(QByteArrayView(out.constData(), qsizetype(to.pos)));
            isDone = mode == ZSTD_e_end ? toCome == 0 : in.pos == in.size;
        }
        return written.has_value();
    });
    if (read && written)
        written = (*frame)->close();
    if (!read || !written)
        return std::unexpected(read ? written.error() : read.error());
    return frame;
}

struct Decompression::Private {
    std::function<void(QByteArrayView)> take;
    std::unique_ptr<ZSTD_DCtx, Free> context{ZSTD_createDCtx()};
    QByteArray out = QByteArray(qsizetype(ZSTD_DStreamOutSize()), Qt::Uninitialized);
    QByteArray head; ///< enough of the frame to know what it claims
    qint64 size = 0;
    bool failed = false;
    bool ended = false;
};

Decompression::Decompression(std::function<void(QByteArrayView)> take)
    : d(std::make_unique<Private>())
{
    d->take = std::move(take);
}

Decompression::~Decompression() = default;

void Decompression::add(QByteArrayView piece)
{
    constexpr qsizetype longestHead = 18; // ZSTD_FRAMEHEADERSIZE_MAX
    if (d->head.size() < longestHead)
        d->head += piece.first(qMin(piece.size(), longestHead - d->head.size()));
    ZSTD_inBuffer in{piece.data(), size_t(piece.size()), 0};
    while (!d->failed && (in.pos < in.size || !d->ended)) {
        if (d->ended) { // bytes behind the frame
            d->failed = true;
            break;
        }
        ZSTD_outBuffer to{d->out.data(), size_t(d->out.size()), 0};
        const size_t before = in.pos;
        const size_t hint = ZSTD_decompressStream(d->context.get(), &to, &in);
        d->failed = ZSTD_isError(hint) != 0;
        d->ended = hint == 0;
        d->size += qint64(to.pos);
        if (!d->failed && to.pos > 0)
            d->take(QByteArrayView(d->out.constData(), qsizetype(to.pos)));
        if (to.pos == 0 && in.pos == before)
            break; // it wants more
    }
}

bool Decompression::isWhole(qint64 size) const
{
    return !d->failed && d->ended && d->size == size
        && ZSTD_getFrameContentSize(d->head.constData(), size_t(d->head.size()))
        == static_cast<unsigned long long>(size);
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
