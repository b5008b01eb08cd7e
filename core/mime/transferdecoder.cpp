// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/transferdecoder.h"

#include "mime/uuencode.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace satchel::mime {

namespace {

consteval std::array<signed char, 256> base64Values()
{
    std::array<signed char, 256> values{};
    values.fill(-1);
    const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < 64; ++i)
        values[static_cast<uchar>(alphabet[i])] = static_cast<signed char>(i);
    return values;
}

constexpr std::array<signed char, 256> base64Value = base64Values();

int valueOf(char c)
{
    return base64Value[static_cast<uchar>(c)];
}

// "Hello", "list:", not "VGhl": as words are written, with a capital at the beginning at most.
bool isNaturalWord(QByteArrayView word)
{
    while (!word.isEmpty() && QByteArrayView(".,:;!?)\"'").contains(word.back()))
        word.chop(1);
    while (!word.isEmpty() && QByteArrayView("(\"'").contains(word.front()))
        word = word.sliced(1);
    if (word.size() < 2)
        return false;
    return std::ranges::all_of(word.sliced(1), [](char c) {
        const auto letter = static_cast<uchar>(c);
        return (letter >= 'a' && letter <= 'z') || letter >= 0x80;
    });
}

// Words with blanks between them, a ruler or an address are what a mailing list wrote under the data. Blanks alone are
// not: some programs write them among the letters of base64, and they count for nothing there (RFC 2045, 6.8).
bool looksLikeProse(QByteArrayView line)
{
    line = line.trimmed();
    if (line.startsWith("--") || line.startsWith("__") || line.startsWith("==") || line.indexOf("://") >= 0)
        return true;
    if (!line.contains(' '))
        return false;
    int words = 0;
    int natural = 0;
    qsizetype at = 0;
    while (at < line.size()) {
        qsizetype end = line.indexOf(' ', at);
        if (end < 0)
            end = line.size();
        if (end - at > 2) { // two letters may be anything
            ++words;
            natural += isNaturalWord(line.sliced(at, end - at)) ? 1 : 0;
        }
        at = end + 1;
    }
    return (words > 0 && natural * 2 >= words)
        || std::ranges::count_if(line, [](char c) { return static_cast<uchar>(c) >= 0x80; }) > 1;
}

// What may follow behind padding: a piece of its own, not a word. A few foreign characters count for nothing.
bool isFurtherPiece(QByteArrayView line)
{
    line = line.trimmed();
    if (looksLikeProse(line) || (line.size() > 2 && isNaturalWord(line)))
        return false;
    qsizetype letters = 0;
    qsizetype foreign = 0;
    for (const char c : line) {
        if (valueOf(c) >= 0 || c == '=')
            ++letters;
        else if (c != ' ' && c != '\t')
            ++foreign;
    }
    return letters > 0 && letters % 4 == 0 && foreign * 8 <= letters;
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return -1;
}

} // namespace

Decoded decodeBase64(QByteArrayView data, qsizetype limit)
{
    Decoded result;
    const qsizetype expected = data.size() / 4 * 3 + 3;
    result.bytes.reserve(qMin(expected, limit == noLimit ? expected : limit + 256));
    quint32 bits = 0;
    int sextets = 0;
    bool padded = false;
    const auto flush = [&] {
        if (sextets >= 2)
            result.bytes.append(static_cast<char>(bits >> (sextets == 2 ? 4 : 10)));
        if (sextets == 3)
            result.bytes.append(static_cast<char>((bits >> 2) & 0xff));
        bits = 0;
        sextets = 0;
    };

    qsizetype at = 0;
    while (at < data.size() && result.bytes.size() < limit) {
        qsizetype end = data.indexOf('\n', at);
        if (end < 0)
            end = data.size();
        const QByteArrayView line = data.sliced(at, end - at);
        const bool between = sextets == 0 && !result.bytes.isEmpty();
        if (between && looksLikeProse(line)) {
            result.tail = data.sliced(at).toByteArray();
            break;
        }
        if (padded && !line.trimmed().isEmpty() && !isFurtherPiece(line)) {
            result.tail = data.sliced(at).toByteArray();
            break;
        }
        for (const char c : line) {
            const int value = valueOf(c);
            if (value >= 0) {
                bits = (bits << 6) | static_cast<quint32>(value);
                if (++sextets == 4) {
                    const std::array<char, 3> bytes = {static_cast<char>(bits >> 16),
                        static_cast<char>((bits >> 8) & 0xff), static_cast<char>(bits & 0xff)};
                    result.bytes.append(bytes.data(), 3);
                    bits = 0;
                    sextets = 0;
                }
            } else if (c == '=' && sextets > 0) {
                flush();
                padded = true;
            }
        }
        at = end + 1;
    }
    flush();
    return result;
}

QByteArray decodeQuotedPrintable(QByteArrayView data, qsizetype limit)
{
    QByteArray bytes;
    bytes.reserve(qMin(data.size(), limit == noLimit ? data.size() : limit + 1024));
    qsizetype at = 0;
    while (at < data.size() && bytes.size() < limit) {
        qsizetype end = data.indexOf('\n', at);
        const bool broken = end >= 0;
        if (!broken)
            end = data.size();
        const qsizetype next = broken ? end + 1 : end;
        QByteArrayView line = data.sliced(at, end - at);
        const bool carriage = line.endsWith('\r');
        qsizetype length = line.size();
        while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t' || line[length - 1] == '\r'))
            --length;
        line = line.first(length);
        const bool soft = line.endsWith('=');
        if (soft)
            line.chop(1);

        qsizetype i = 0;
        while (i < line.size()) {
            const qsizetype escape = line.indexOf('=', i);
            if (escape < 0) {
                bytes.append(line.sliced(i));
                break;
            }
            bytes.append(line.sliced(i, escape - i));
            const int high = escape + 2 < line.size() ? hexValue(line[escape + 1]) : -1;
            const int low = escape + 2 < line.size() ? hexValue(line[escape + 2]) : -1;
            if (high >= 0 && low >= 0) {
                bytes.append(static_cast<char>(high * 16 + low));
                i = escape + 3;
            } else {
                bytes.append('=');
                i = escape + 1;
            }
        }
        if (!soft && broken)
            bytes.append(carriage ? QByteArrayView("\r\n") : QByteArrayView("\n"));
        at = next;
    }
    return bytes;
}

Decoded decodeTransfer(const QByteArray &encoding, QByteArrayView data, qsizetype limit)
{
    if (encoding == "base64")
        return decodeBase64(data, limit);
    if (encoding == "quoted-printable")
        return {decodeQuotedPrintable(data, limit), {}};
    if (isUuencodeName(encoding)) {
        const UuencodedFile file = firstUuencoded(data);
        if (file.end > 0)
            return {file.content, {}};
    }
    return {data.first(qMin(data.size(), limit)).toByteArray(), {}};
}

qint64 estimatedSize(const QByteArray &encoding, QByteArrayView data)
{
    if (encoding == "base64") {
        qint64 breaks = 0;
        if (const qsizetype line = data.indexOf('\n'); line > 0)
            breaks = data.size() / (line + 1) * (data[line - 1] == '\r' ? 2 : 1);
        qint64 padding = 0;
        const QByteArrayView end = data.last(qMin<qsizetype>(data.size(), 8)).trimmed();
        padding = end.endsWith("==") ? 2 : end.endsWith('=') ? 1 : 0;
        return qMax<qint64>(0, (data.size() - breaks) / 4 * 3 - padding);
    }
    if (isUuencodeName(encoding))
        return data.size() / 62 * 45;
    return data.size();
}

} // namespace satchel::mime
