// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sourcefinder.h"

#include "store/checksum.h"
#include "store/compression.h"
#include "store/prepared.h"

#include <QtEndian>

#include <array>

namespace satchel::store {

namespace {

constexpr qsizetype hashSize = 32;
constexpr char magic[] = "\x28\xb5\x2f\xfd";
constexpr qsizetype longestMessage = 1LL << 30;

/// What a frame says that it holds; -1 where that is more than so few bytes can say.
qint64 believableSize(const QByteArray &frame)
{
    constexpr qint64 bestRatio = 40'000;
    const qint64 size = contentSize(frame).value_or(-1);
    return size <= qMin<qint64>(longestMessage, frame.size() * bestRatio) ? size : -1;
}

/// A row of `sources`, its bytes where they stand in the payload.
struct SourceRow {
    QByteArray sha256;
    QByteArray contentHash;
    QByteArray frame;
};

std::optional<SourceRow> sourceRow(const QByteArray &payload, const RawShape &shape)
{
    constexpr std::array<qsizetype, 10> integers{0, 1, 2, 3, 4, 6, 8, 8, 0, 0};
    const qsizetype number = integers.at(size_t(shape.types.at(3)));
    const qsizetype frame = shape.headerSize + 2 * hashSize + number;
    if (frame > payload.size())
        return std::nullopt;
    return SourceRow{payload.mid(shape.headerSize, hashSize), payload.mid(shape.headerSize + hashSize, hashSize),
        payload.sliced(frame)};
}

} // namespace

bool SourceFinder::isSource(const RawCell &cell)
{
    const RawShape &shape = cell.shape;
    return shape.columns() == 5 && shape.isNull(0) && shape.isBlob(1, hashSize) && shape.isBlob(2, hashSize)
        && shape.isInteger(3) && shape.isBlob(4);
}

void SourceFinder::findOn(quint32 number, bool thorough, const Found &found)
{
    const QByteArray page = m_file.page(number);
    bool all = true;
    if (const auto cells = m_cells.read(number); cells && cells->isTable) {
        for (const RawCell &cell : cells->cells) {
            if (isSource(cell))
                all = takeRow(cell, found) && all;
        }
    }
    if (thorough || !all)
        takeFrames(number, page, found);
}

bool SourceFinder::takeRow(const RawCell &cell, const Found &found)
{
    FoundSource source;
    source.id = cell.rowid;
    (void)m_cells.whole(cell, [&](const QByteArray &payload) {
        const auto row = sourceRow(payload, cell.shape);
        if (!row)
            return false;
        const auto bytes = decompress(row->frame, believableSize(row->frame));
        if (!bytes)
            return false;
        source.bytes = *bytes;
        source.sha256 = sha256(*bytes);
        source.proven =
            source.sha256 == row->sha256 || contentHash(*bytes) == row->contentHash || idOf(source.sha256) > 0;
        return source.proven;
    });
    if (!source.sha256.isEmpty())
        found(source);
    return source.proven;
}

void SourceFinder::takeFrames(quint32 number, const QByteArray &page, const Found &found)
{
    const QList<quint32> chains = m_file.followers(number, true);
    for (qsizetype at = page.indexOf(magic); at >= 0; at = page.indexOf(magic, at + 1)) {
        if (takeFrame(page, at, page.sliced(at), found))
            continue;
        for (const quint32 first : chains) {
            // The number of the first overflow page stands right behind the bytes that are on this one.
            char link[4];
            qToBigEndian(first, link);
            const qsizetype end = page.indexOf(QByteArrayView(link, 4), at);
            // Where that number is lost, the frame itself tells soon enough that the bytes do not fit.
            if (end >= 0
                && takeFrame(page, at, m_cells.chained(page.sliced(at, end - at), first, longestMessage), found))
                break;
        }
    }
}

bool SourceFinder::takeFrame(const QByteArray &page, qsizetype at, const QByteArray &frames, const Found &found)
{
    const auto size = frameSize(frames);
    if (!size)
        return false;
    const auto bytes = decompress(frames.first(*size), believableSize(frames.first(*size)));
    if (!bytes)
        return false;
    FoundSource source;
    source.bytes = *bytes;
    source.sha256 = sha256(*bytes);
    source.id = idOf(source.sha256);
    source.proven = source.id > 0;
    for (const qsizetype number : {0, 1, 2, 3, 4, 6, 8}) {
        const qsizetype hashes = at - number - 2 * hashSize;
        if (source.proven || hashes < 0)
            break;
        source.proven = page.sliced(hashes, hashSize) == source.sha256
            || page.sliced(hashes + hashSize, hashSize) == contentHash(*bytes);
    }
    found(source);
    return true;
}

qint64 SourceFinder::idOf(const QByteArray &hash)
{
    if (!m_indexPages.isEmpty()) {
        for (const quint32 number : std::as_const(m_indexPages)) {
            const auto cells = m_cells.read(number);
            for (const RawCell &cell : cells ? cells->cells : QList<RawCell>()) {
                const auto row = PageCells::values(cell.local);
                if (row && row->size() == 2 && row->at(0).bytes.size() == hashSize)
                    m_ids.insert(row->at(0).bytes, row->at(1).integer);
            }
        }
        m_indexPages.clear();
    }
    return m_ids.value(hash);
}

} // namespace satchel::store
