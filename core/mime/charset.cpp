// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/charset.h"

#include <QStringDecoder>

#include <algorithm>
#include <array>
#include <optional>

namespace satchel::mime {

namespace {

// 0x80 to 0x9f; what windows-1252 leaves open stays the control character of the same number.
constexpr std::array<char16_t, 32> windows1252 = {0x20ac, 0x0081, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
    0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008d, 0x017d, 0x008f, 0x0090, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x009d, 0x017e, 0x0178};

QString fromWindows1252(QByteArrayView bytes)
{
    QString text = QString::fromLatin1(bytes);
    for (QChar &c : text) {
        if (c.unicode() >= 0x80 && c.unicode() < 0xa0)
            c = QChar(windows1252[c.unicode() - 0x80]);
    }
    return text;
}

struct Alias {
    const char *name;
    const char *meaning;
};

// Names that mail uses for a larger set than the one they officially name, and misspellings that are common.
constexpr std::array<Alias, 29> aliases = {{
    {"ucs-2", "utf-16"},
    {"iso-10646-ucs-2", "utf-16"},
    {"csunicode", "utf-16"},
    {"unicode", "utf-16"},
    {"utf16", "utf-16"},
    {"gb2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601", "windows-949"},
    {"ksc5601", "windows-949"},
    {"euc-kr", "windows-949"},
    {"cp949", "windows-949"},
    {"shift_jis", "windows-31j"},
    {"shift-jis", "windows-31j"},
    {"sjis", "windows-31j"},
    {"x-sjis", "windows-31j"},
    {"cp932", "windows-31j"},
    {"iso-8859-8-i", "iso-8859-8"},
    {"iso-8859-9", "windows-1254"},
    {"tis-620", "windows-874"},
    {"utf8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"utf8mb4", "utf-8"},
    {"cp-850", "cp850"},
    {"x-mac-roman", "macintosh"},
    {"cp1251", "windows-1251"},
}};

QByteArray canonical(const QByteArray &charset)
{
    QByteArray name = charset.trimmed().toLower();
    while (name.startsWith('\'') || name.startsWith('"'))
        name = name.sliced(1);
    while (name.endsWith('\'') || name.endsWith('"') || name.endsWith(','))
        name.chop(1);
    if (const qsizetype star = name.indexOf('*'); star > 0) // RFC 2231: a language may follow
        name.truncate(star);
    if (name.size() > 40 || !isAscii(name))
        return {};
    for (const Alias &alias : aliases) {
        if (name == alias.name)
            return alias.meaning;
    }
    // The code pages of Windows have many names, the standard of Japan some parts that mail hardly uses.
    for (const char *page : {"win-125", "win125", "cp-125", "x-cp125", "x-windows-125", "windows125"}) {
        if (name.startsWith(page))
            return "windows-125" + name.sliced(qstrlen(page));
    }
    if (name == "iso-2022-jp-3" || name == "iso-2022-jp-2004" || name == "csiso2022jp")
        return "iso-2022-jp";
    return name;
}

bool isSilent(const QByteArray &name)
{
    static constexpr std::array<const char *, 7> silent = {
        "", "unknown", "x-unknown", "unknown-8bit", "default", "x-user-defined", "default_charset"};
    return std::ranges::any_of(silent, [&](const char *s) { return name == s; });
}

bool isUsAscii(const QByteArray &name)
{
    return name == "us-ascii" || name == "ascii" || name == "ansi_x3.4-1968" || name == "iso646-us"
        || name == "iso-646-us" || name == "646";
}

bool isLatin1(const QByteArray &name)
{
    return name == "iso-8859-1" || name == "latin1" || name == "iso8859-1" || name == "iso_8859-1"
        || name == "windows-1252" || name == "cp1252" || name == "ansi" || name == "iso-8859-1-windows-3.1-latin-1";
}

bool isUtf8(const QByteArray &name)
{
    return name == "utf-8";
}

// A message that was cut in the middle of a character is still UTF-8.
bool isNearlyUtf8(QByteArrayView bytes)
{
    if (bytes.isValidUtf8())
        return true;
    for (qsizetype cut = 1; cut < 4 && cut <= bytes.size(); ++cut) {
        const auto last = static_cast<uchar>(bytes[bytes.size() - cut]);
        if (last >= 0xc2 && last <= 0xf4)
            return bytes.chopped(cut).isValidUtf8();
        if (last < 0x80 || last > 0xbf)
            return false;
    }
    return false;
}

// Where nothing says so, one byte at the end is not the beginning of a character that was cut.
bool looksLikeUtf8(QByteArrayView bytes)
{
    constexpr qsizetype longestCut = 3;
    return bytes.isValidUtf8()
        || (isNearlyUtf8(bytes) && !isAscii(bytes.chopped(qMin(longestCut, bytes.size()))));
}

QByteArray metaCharset(QByteArrayView bytes)
{
    // The head of the document is enough, as it is for browsers.
    const QByteArray head = bytes.first(qMin<qsizetype>(bytes.size(), 4096)).toByteArray().toLower();
    qsizetype at = 0;
    while ((at = head.indexOf("<meta", at)) >= 0) {
        const qsizetype end = head.indexOf('>', at);
        const QByteArray tag = head.mid(at, end < 0 ? -1 : end - at);
        qsizetype value = tag.indexOf("charset");
        if (value >= 0) {
            value = tag.indexOf('=', value);
            QByteArray name;
            for (qsizetype i = value + 1; value >= 0 && i < tag.size() && name.size() < 40; ++i) {
                const char c = tag[i];
                if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':')
                    name.append(c);
                else if (!name.isEmpty())
                    break;
            }
            // A document that says so in bytes cannot be UTF-16.
            if (!name.isEmpty())
                return name.startsWith("utf-16") ? QByteArray("utf-8") : canonical(name);
        }
        at += 5;
    }
    return {};
}

/// UTF-16 or UTF-32 whose byte order neither its name nor a mark gives. It is big-endian (RFC 2781, 4.3), but programs
/// of Windows write the other order: the zero bytes of Latin text, blanks and line ends tell.
QByteArray withOrder(const QByteArray &name, QByteArrayView bytes)
{
    const bool wide = name == "utf-32";
    if (!wide && name != "utf-16")
        return name;
    if (bytes.startsWith("\xFF\xFE") || bytes.startsWith("\xFE\xFF")
        || bytes.startsWith(QByteArrayView("\0\0\xFE\xFF", 4)))
        return name;
    const qsizetype unit = wide ? 4 : 2;
    qsizetype first = 0;
    qsizetype last = 0;
    for (qsizetype i = 0; i + unit <= qMin<qsizetype>(bytes.size(), 4096); i += unit) {
        first += bytes[i] == 0 ? 1 : 0;
        last += bytes[i + unit - 1] == 0 ? 1 : 0;
    }
    return name + (last > first ? "le" : "be");
}

/// Where lines and encoded words are joined, one may end with the return to ASCII and the next begin with another set:
/// decoders take the first of two such sequences, which says nothing, for an attack and show a mark.
QByteArray withoutIdleEscapes(QByteArrayView bytes)
{
    // ESC ( F, ESC $ F, ESC $ ( F: sets for the letters that follow. Others announce, or are for one letter.
    const auto lengthAt = [&](qsizetype at) -> qsizetype {
        const QByteArrayView rest = bytes.sliced(at, qMin<qsizetype>(4, bytes.size() - at));
        if (rest.size() >= 4 && rest.startsWith("\x1b$("))
            return 4;
        const bool set = rest.size() >= 3
            && (rest.startsWith("\x1b(") || (rest.startsWith("\x1b$") && rest[2] >= '@' && rest[2] <= 'B'));
        return set ? 3 : 0;
    };
    QByteArray plain;
    plain.reserve(bytes.size());
    qsizetype at = 0;
    while (at < bytes.size()) {
        const qsizetype length = bytes[at] == '\x1b' ? lengthAt(at) : 0;
        const bool idle =
            length > 0 && at + length < bytes.size() && bytes[at + length] == '\x1b' && lengthAt(at + length) > 0;
        if (!idle)
            plain.append(bytes.sliced(at, qMax<qsizetype>(1, length)));
        at += qMax<qsizetype>(1, length);
    }
    return plain;
}

std::optional<QString> byMark(QByteArrayView bytes)
{
    if (bytes.startsWith("\xEF\xBB\xBF"))
        return QString::fromUtf8(bytes.sliced(3));
    return std::nullopt;
}

} // namespace

bool isAscii(QByteArrayView bytes)
{
    return std::ranges::none_of(bytes, [](char c) { return static_cast<uchar>(c) >= 0x80; });
}

bool decodeAs(const QByteArray &charset, QByteArrayView bytes, QString &text)
{
    const QByteArray name = canonical(charset);
    if (isLatin1(name) || isUsAscii(name)) {
        text = fromWindows1252(bytes);
        return true;
    }
    if (isUtf8(name)) {
        text = QString::fromUtf8(bytes);
        return true;
    }
    if (name.isEmpty())
        return false;
    QStringDecoder decoder(withOrder(name, bytes).constData());
    if (!decoder.isValid())
        return false;
    text = name.startsWith("iso-2022-jp") ? QString(decoder.decode(withoutIdleEscapes(bytes)))
                                          : QString(decoder.decode(bytes));
    return true;
}

QString decodeText(QByteArrayView bytes, const CharsetClues &clues)
{
    const QByteArray declared = canonical(clues.declared);
    QString text;
    if (std::optional<QString> marked = byMark(bytes); marked && (declared.isEmpty() || isUtf8(declared)))
        return *marked;

    // Escape sequences of ISO-2022 are ASCII too: what is silent about them is still read by them.
    if (isAscii(bytes) && (isSilent(declared) || isUsAscii(declared) || isUtf8(declared) || isLatin1(declared))) {
        if (isUtf8(declared) || isLatin1(declared) || (bytes.indexOf("\x1b$B") < 0 && bytes.indexOf("\x1b$@") < 0))
            return QString::fromLatin1(bytes);
        if (decodeAs("iso-2022-jp", bytes, text))
            return text;
        return QString::fromLatin1(bytes);
    }

    // Text of one byte a letter that says it has two: no real UTF-16 has ASCII alone, blanks among it, and no zero.
    if (declared.startsWith("utf-16") && isAscii(bytes) && !bytes.contains('\0') && bytes.contains(' '))
        return QString::fromLatin1(bytes);

    const bool choice = !canonical(clues.chosen).isEmpty();
    const QByteArray meta = clues.html ? metaCharset(bytes) : QByteArray();
    for (const QByteArray &name : {declared, meta}) {
        if (isSilent(name) || isUsAscii(name))
            continue;
        if (isUtf8(name)) {
            if (isNearlyUtf8(bytes))
                return QString::fromUtf8(bytes);
            continue; // wrong: try what comes below
        }
        // Latin-1 is what programs say that do not know: the person knows better.
        if (isLatin1(name) && choice)
            continue;
        if (decodeAs(name, bytes, text))
            return text;
    }
    if (looksLikeUtf8(bytes))
        return QString::fromUtf8(bytes);
    const QByteArray hint = canonical(choice ? clues.chosen : clues.likely);
    if (!isSilent(hint) && !isUtf8(hint) && decodeAs(hint, bytes, text))
        return text;
    if (isUtf8(declared) || isUtf8(meta) || isUtf8(hint)) {
        // Damaged UTF-8 is better shown with marks than turned into other letters, unless nothing in it is UTF-8.
        text = QString::fromUtf8(bytes);
        const qsizetype damaged = text.count(QChar(QChar::ReplacementCharacter));
        const auto good = std::ranges::count_if(text, [](QChar c) { return c.unicode() >= 0x80; }) - damaged;
        if (good > damaged)
            return text;
    }
    return fromWindows1252(bytes);
}

QString decodeRaw(QByteArrayView bytes, const QByteArray &bodyCharset)
{
    if (isAscii(bytes))
        return QString::fromLatin1(bytes);
    if (bytes.isValidUtf8())
        return QString::fromUtf8(bytes);
    QString text;
    const QByteArray name = canonical(bodyCharset);
    if (!isSilent(name) && !isUtf8(name) && decodeAs(name, bytes, text))
        return text;
    return fromWindows1252(bytes);
}

} // namespace satchel::mime
