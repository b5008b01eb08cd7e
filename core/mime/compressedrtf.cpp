// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/compressedrtf.h"

#include "mime/limits.h"

#include <QtEndian>

#include <array>

namespace satchel::mime {

namespace {

constexpr quint32 compressed = 0x75465a4c; // "LZFu"
constexpr quint32 stored = 0x414c454d; // "MELA"
constexpr qsizetype headerSize = 16;
constexpr qsizetype windowSize = 4096;

// What both sides have in their window before the first byte, as the format says.
constexpr char usualStart[] = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
                              "\\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0"
                              "\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

quint32 checksum(QByteArrayView bytes)
{
    quint32 sum = 0;
    for (const char byte : bytes) {
        sum ^= static_cast<uchar>(byte);
        for (int bit = 0; bit < 8; ++bit)
            sum = (sum & 1U) != 0 ? (sum >> 1) ^ 0xedb88320U : sum >> 1;
    }
    return sum;
}

QByteArray unpacked(QByteArrayView packed, qsizetype size)
{
    std::array<char, windowSize> window{};
    qsizetype at = sizeof(usualStart) - 1;
    std::copy_n(usualStart, at, window.begin());
    QByteArray bytes;
    bytes.reserve(qMin(size, packed.size() * 4));
    const auto put = [&](char byte) {
        bytes.append(byte);
        window[static_cast<size_t>(at)] = byte;
        at = (at + 1) % windowSize;
    };
    qsizetype in = 0;
    while (in < packed.size()) {
        const auto control = static_cast<uchar>(packed[in++]);
        for (int bit = 0; bit < 8 && in < packed.size(); ++bit) {
            if (bytes.size() >= size)
                return bytes;
            if ((control & (1U << bit)) == 0) {
                put(packed[in++]);
                continue;
            }
            if (packed.size() - in < 2)
                return bytes;
            const auto reference = qFromBigEndian<quint16>(packed.data() + in);
            in += 2;
            const qsizetype from = reference >> 4;
            if (from == at)
                return bytes; // the end mark
            const int length = (reference & 0xf) + 2;
            for (int i = 0; i < length; ++i)
                put(window[static_cast<size_t>((from + i) % windowSize)]);
        }
    }
    return bytes;
}

} // namespace

DecompressedRtf decompressRtf(QByteArrayView data)
{
    if (data.size() < headerSize)
        return {};
    const auto field = [data](int number) { return qFromLittleEndian<quint32>(data.data() + qsizetype(number) * 4); };
    // The first length counts what follows it.
    const qsizetype there = qBound<qsizetype>(0, qsizetype(field(0)) + 4 - headerSize, data.size() - headerSize);
    const qsizetype size = qMin(qsizetype(field(1)), limits::rtf);
    const QByteArrayView body = data.sliced(headerSize, there);
    switch (field(2)) {
    case stored:
        return {body.first(qMin(size, body.size())).toByteArray(), true};
    case compressed:
        return {unpacked(body, size), checksum(body) == field(3)};
    default:
        return {};
    }
}

} // namespace satchel::mime
