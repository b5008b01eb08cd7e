// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/uuencode.h"

#include "mime/limits.h"

namespace satchel::mime {

namespace {

QByteArrayView lineAt(QByteArrayView text, qsizetype at, qsizetype &next)
{
    qsizetype end = text.indexOf('\n', at);
    next = end < 0 ? text.size() : end + 1;
    if (end < 0)
        end = text.size();
    QByteArrayView line = text.sliced(at, end - at);
    if (line.endsWith('\r'))
        line.chop(1);
    return line;
}

// "begin 644 name": three or four octal digits, then a name.
QByteArrayView nameIn(QByteArrayView line)
{
    if (!line.startsWith("begin "))
        return {};
    qsizetype i = 6;
    while (i < line.size() && line[i] >= '0' && line[i] <= '7')
        ++i;
    const qsizetype digits = i - 6;
    if (digits < 3 || digits > 4 || i >= line.size() || line[i] != ' ')
        return {};
    return line.sliced(i).trimmed();
}

int sixBits(QByteArrayView line, qsizetype i)
{
    return i < line.size() ? (static_cast<uchar>(line[i]) - 32) & 63 : 0; // trailing blanks get lost on the way
}

// Appends the bytes of one line; false when it is not one.
bool decodeLine(QByteArrayView line, QByteArray &content)
{
    if (line.isEmpty())
        return false;
    for (const char c : line) {
        if (c < 32 || c > 96)
            return false;
    }
    const int count = sixBits(line, 0);
    // Encoders may pad or add a check character; a line that is much too short or long is prose.
    const qsizetype expected = (count + 2) / 3 * 4;
    if (line.size() - 1 > expected + 4 || line.size() - 1 < count)
        return false;
    const qsizetype wanted = content.size() + count;
    for (qsizetype i = 1; content.size() < wanted; i += 4) {
        const int a = sixBits(line, i);
        const int b = sixBits(line, i + 1);
        const int c = sixBits(line, i + 2);
        const int d = sixBits(line, i + 3);
        content.append(static_cast<char>((a << 2) | (b >> 4)));
        content.append(static_cast<char>(((b & 15) << 4) | (c >> 2)));
        content.append(static_cast<char>(((c & 3) << 6) | d));
    }
    content.truncate(wanted);
    return true;
}

} // namespace

bool isUuencodeName(const QByteArray &transferEncoding)
{
    return transferEncoding == "x-uuencode" || transferEncoding == "uuencode" || transferEncoding == "x-uue"
        || transferEncoding == "uue";
}

UuencodedFile firstUuencoded(QByteArrayView text, qsizetype from)
{
    UuencodedFile file;
    qsizetype at = from;
    while (at < text.size()) {
        // Most texts hold none: look for the word before looking at lines.
        const qsizetype found = text.indexOf("begin ", at);
        if (found < 0)
            return file;
        if (found > 0 && text[found - 1] != '\n') {
            at = found + 6;
            continue;
        }
        qsizetype next = 0;
        const QByteArrayView name = nameIn(lineAt(text, found, next));
        at = next;
        if (name.isEmpty())
            continue;
        file.content.clear();
        qsizetype lines = 0;
        qsizetype position = next;
        bool ended = false;
        while (position < text.size()) {
            const QByteArrayView line = lineAt(text, position, next);
            if (line == "end") {
                ended = true;
                position = next;
                break;
            }
            if (line.isEmpty() || line == "`") { // some leave out the zero-length line, some write it empty
                position = next;
                continue;
            }
            if (!decodeLine(line, file.content))
                break;
            ++lines;
            position = next;
        }
        // Cut off in transit counts when there was data; prose never has a line that decodes first.
        if (lines > 0 || ended) {
            file.begin = found;
            file.end = position;
            file.name = name.toByteArray();
            return file;
        }
    }
    return file;
}

QList<UuencodedFile> uuencodedFiles(QByteArrayView text)
{
    QList<UuencodedFile> files;
    qsizetype from = 0;
    while (files.size() < limits::carriedFiles) {
        UuencodedFile file = firstUuencoded(text, from);
        if (file.end == 0)
            break;
        from = file.end;
        files.append(std::move(file));
    }
    return files;
}

} // namespace satchel::mime
