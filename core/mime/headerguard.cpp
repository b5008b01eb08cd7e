// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/headerguard.h"

#include "mime/limits.h"

namespace satchel::mime {

namespace {

bool isControl(char c)
{
    const auto u = static_cast<uchar>(c);
    return u < 0x20 || u == 0x7f;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

bool isHex(char c)
{
    return isxdigit(static_cast<uchar>(c)) != 0;
}

constexpr qsizetype longestOpenWord = 1000; // looked back and ahead for; real words have 75 characters

/// The encoded word that \a text ends in, if it has no end yet.
struct OpenWord {
    bool open = false;
    bool quoted = false;
    QByteArrayView text; ///< behind the third question mark
};

OpenWord openWordOf(QByteArrayView value)
{
    value = value.last(qMin(value.size(), longestOpenWord));
    const qsizetype begin = value.lastIndexOf("=?");
    if (begin < 0)
        return {};
    const QByteArrayView rest = value.sliced(begin + 2);
    const qsizetype charsetEnd = rest.indexOf('?');
    if (charsetEnd <= 0 || charsetEnd + 2 >= rest.size() || rest[charsetEnd + 2] != '?')
        return {};
    const char kind = static_cast<char>(rest[charsetEnd + 1] | 0x20);
    if (kind != 'b' && kind != 'q')
        return {};
    const QByteArrayView text = rest.sliced(charsetEnd + 3);
    if (text.indexOf("?=") >= 0 || text.endsWith('?'))
        return {};
    return {true, kind == 'q', text};
}

bool isLeadByte(QByteArrayView escape)
{
    bool good = false;
    const uint byte = escape.toByteArray().toUInt(&good, 16);
    return good && byte >= 0xc2 && byte <= 0xf4;
}

/// What a fold within a word of quoted-printable stands for.
enum class Fold { SoftBreak, Nothing, Blank };

Fold foldWithin(QByteArrayView text, QByteArrayView following)
{
    const bool hexFollows = !following.isEmpty() && isHex(following[0]);
    if (text.endsWith('=')) {
        // An escape that was cut in two, or the sign of a soft break: only within a character it can be the first.
        const bool cut = following.size() > 1 && hexFollows && isHex(following[1]) && text.size() >= 4
            && text[text.size() - 4] == '=' && isLeadByte(text.last(3).first(2));
        return cut ? Fold::Nothing : Fold::SoftBreak;
    }
    if (text.size() > 1 && text[text.size() - 2] == '=' && isHex(text.back()) && hexFollows)
        return Fold::Nothing;
    // Who writes blanks as "_" has none that he means.
    const bool blanksWritten = text.contains('_') || text.indexOf("=20") >= 0;
    return blanksWritten && !text.contains(' ') ? Fold::Nothing : Fold::Blank;
}

} // namespace

qsizetype markLength(QByteArrayView block)
{
    // UTF-8, the same taken for Latin-1 and encoded again, UTF-16.
    static constexpr QByteArrayView marks[] = {"\xEF\xBB\xBF", "\xC3\xAF\xC2\xBB\xC2\xBF", "\xFF\xFE", "\xFE\xFF"};
    qsizetype length = 0;
    for (bool found = true; found && length < 64;) {
        found = false;
        for (const QByteArrayView mark : marks) {
            if (block.sliced(length).startsWith(mark)) {
                length += mark.size();
                found = true;
            }
        }
    }
    return length;
}

bool wordGoesOn(QByteArrayView field, QByteArrayView rest)
{
    while (!field.isEmpty() && (field.back() == '\n' || field.back() == '\r'))
        field.chop(1);
    if (!openWordOf(field).open)
        return false;
    rest = rest.first(qMin(rest.size(), longestOpenWord));
    const qsizetype end = rest.indexOf("?=");
    const qsizetype other = rest.indexOf("=?");
    if (end < 0 || (other >= 0 && other < end - 1))
        return false;
    bool soft = field.endsWith('=');
    qsizetype at = 0;
    while (at <= end) {
        qsizetype next = rest.indexOf('\n', at);
        next = next < 0 ? rest.size() : next + 1;
        const QByteArrayView line = rest.sliced(at, next - at).trimmed();
        // A line that may be a field is one, unless the sign of a soft break stands before it.
        if (line.isEmpty() || (!soft && !fieldName(line).isEmpty()))
            return false;
        soft = line.endsWith('=');
        at = next;
    }
    return true;
}

bool sameName(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && a.compare(b, Qt::CaseInsensitive) == 0;
}

QByteArrayView fieldName(QByteArrayView line)
{
    qsizetype end = 0;
    while (end < line.size() && line[end] > 0x20 && line[end] < 0x7f && line[end] != ':')
        ++end;
    if (end == 0 || end > 255)
        return {};
    qsizetype colon = end;
    // A NUL or a blank before the colon is not part of the name.
    while (colon < line.size() && line[colon] != '\n' && (isBlank(line[colon]) || isControl(line[colon])))
        ++colon;
    if (colon >= line.size() || line[colon] != ':')
        return {};
    return line.first(end);
}

HeaderBlock::HeaderBlock(QByteArrayView block)
{
    block = block.first(qMin(block.size(), limits::headerBlock));
    block = block.sliced(markLength(block));
    // Mail from old Macintoshes: CR alone ends a line.
    const char newline = block.contains('\n') ? '\n' : '\r';
    qsizetype at = 0;
    while (at < block.size()) {
        qsizetype end = block.indexOf(newline, at);
        if (end < 0)
            end = block.size();
        const QByteArrayView line = block.sliced(at, end - at);
        const qsizetype next = qMin(end + 1, block.size());
        const bool goesOn = !line.isEmpty() && !isBlank(line[0]) && !m_fields.isEmpty()
            && wordGoesOn(m_fields.last().value, block.sliced(at));
        if (goesOn || (!line.isEmpty() && isBlank(line[0]))) {
            if (!m_fields.isEmpty()) {
                QByteArrayView &value = m_fields.last().value;
                // An invalid line in between ends the field before it.
                if (value.data() + value.size() + 1 == line.data())
                    value = QByteArrayView(value.data(), line.data() + line.size());
            }
        } else {
            // A mark before the first field stands further down when servers have written theirs above it.
            const QByteArrayView field = line.sliced(markLength(line));
            if (const QByteArrayView name = fieldName(field); !name.isEmpty()) {
                if (m_fields.size() >= limits::headerFields)
                    return;
                m_fields.append({name, field.sliced(field.indexOf(':', name.size()) + 1)});
            }
        }
        at = next;
    }
}

QByteArray HeaderBlock::first(QByteArrayView name) const
{
    for (const RawField &field : m_fields) {
        if (sameName(field.name, name))
            return guarded(field.value);
    }
    return {};
}

QList<QByteArray> HeaderBlock::all(QByteArrayView name) const
{
    QList<QByteArray> values;
    for (const RawField &field : m_fields) {
        if (sameName(field.name, name))
            values.append(guarded(field.value));
    }
    return values;
}

bool HeaderBlock::contains(QByteArrayView name) const
{
    for (const RawField &field : m_fields) {
        if (sameName(field.name, name))
            return true;
    }
    return false;
}

QByteArray guarded(QByteArrayView folded)
{
    folded = folded.first(qMin(folded.size(), limits::headerField)).trimmed();
    QByteArray value;
    value.reserve(folded.size());
    for (qsizetype i = 0; i < folded.size(); ++i) {
        const char c = folded[i];
        if (c == '\r' && i + 1 < folded.size() && (folded[i + 1] == '\n' || folded[i + 1] == '\r'))
            continue;
        if (c == '\n') {
            qsizetype following = i + 1;
            while (following < folded.size() && isBlank(folded[following]))
                ++following;
            const OpenWord word = openWordOf(value);
            const Fold fold = !word.open ? Fold::Blank
                : word.quoted            ? foldWithin(word.text, folded.sliced(following))
                                         : Fold::Nothing;
            if (fold == Fold::SoftBreak)
                value.chop(1);
            if (fold != Fold::Blank)
                i = following - 1;
            else if (following == i + 1 && !word.open)
                value.append(' ');
            continue; // else the blank that follows stands for the fold
        }
        value.append(c != '\t' && isControl(c) ? ' ' : c);
    }
    return value;
}

} // namespace satchel::mime
