// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/encodedword.h"

#include "mime/charset.h"
#include "mime/limits.h"
#include "mime/transferdecoder.h"

namespace satchel::mime {

namespace {

struct Word {
    qsizetype begin = 0;
    qsizetype end = 0; // 0: there is none
    QByteArray charset;
    bool base64 = false;
    QByteArrayView text;
};

// "charset?Q?" or "charset?B?"
bool isWordStart(QByteArrayView rest)
{
    const qsizetype charsetEnd = rest.first(qMin<qsizetype>(rest.size(), 64)).indexOf('?');
    return charsetEnd > 0 && charsetEnd + 2 < rest.size() && rest[charsetEnd + 2] == '?'
        && QByteArrayView("bBqQ").contains(rest[charsetEnd + 1]);
}

// A word that another one begins in, or base64 with signs of an address, has no end of its own.
bool mayBeText(QByteArrayView text, bool base64)
{
    for (qsizetype at = text.indexOf("=?"); at >= 0; at = text.indexOf("=?", at + 2)) {
        if (isWordStart(text.sliced(at + 2)))
            return false;
    }
    if (!base64)
        return true;
    for (const char c : text) {
        if (c == '<' || c == '>' || c == '@' || c == '"')
            return false;
    }
    return true;
}

bool isBlankOnly(QByteArrayView bytes)
{
    return bytes.trimmed().isEmpty();
}

// The next "=?charset?B?text?=" from \a from on. A real word is short; the look-ahead is bounded, so that a
// flood of "=?" costs linear time.
Word nextWord(QByteArrayView value, qsizetype from)
{
    constexpr qsizetype charsetLimit = 64;
    constexpr qsizetype textLimit = 16 * 1024;
    qsizetype at = from;
    while ((at = value.indexOf("=?", at)) >= 0) {
        const QByteArrayView rest = value.sliced(at + 2);
        const qsizetype charsetEnd = rest.first(qMin(rest.size(), charsetLimit)).indexOf('?');
        if (charsetEnd > 0 && charsetEnd + 2 < rest.size() && rest[charsetEnd + 2] == '?') {
            const char kind = rest[charsetEnd + 1];
            const qsizetype textBegin = charsetEnd + 3;
            if (kind == 'B' || kind == 'b' || kind == 'Q' || kind == 'q') {
                const QByteArrayView text = rest.sliced(textBegin, qMin(rest.size() - textBegin, textLimit));
                // "?=" may also be the mark of an unescaped "?" before "=XX"; prefer an end that a word can have.
                qsizetype end = text.indexOf("?=");
                const bool quoted = kind == 'Q' || kind == 'q';
                while (quoted && end >= 0 && end + 3 < text.size() && isxdigit(static_cast<uchar>(text[end + 2]))
                    && isxdigit(static_cast<uchar>(text[end + 3])) && text.indexOf("?=", end + 2) >= 0)
                    end = text.indexOf("?=", end + 2);
                if (end >= 0 && mayBeText(text.first(end), !quoted)) {
                    Word word;
                    word.begin = at;
                    word.end = at + 2 + textBegin + end + 2;
                    word.charset = rest.first(charsetEnd).toByteArray();
                    if (const qsizetype star = word.charset.indexOf('*'); star > 0)
                        word.charset.truncate(star);
                    word.charset = word.charset.toLower();
                    word.base64 = !quoted;
                    word.text = text.first(end);
                    return word;
                }
            }
        }
        at += 2;
    }
    return {};
}

QByteArray bytesOf(const Word &word)
{
    if (word.base64)
        return decodeBase64(word.text).bytes;
    QByteArray text = word.text.toByteArray();
    text.replace('_', ' ');
    // The decoder of bodies takes blanks from line ends; here they count.
    text.append('.');
    QByteArray bytes = decodeQuotedPrintable(text);
    bytes.chop(1);
    return bytes;
}

constexpr char32_t graphemeJoiner = 0x034f; // a mark that draws nothing
constexpr char16_t nonJoiner = 0x200c;
constexpr char16_t zeroWidthJoiner = 0x200d;

char32_t characterAt(QStringView text, qsizetype at)
{
    if (text[at].isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate())
        return QChar::surrogateToUcs4(text[at], text[at + 1]);
    return text[at].unicode();
}

// Of scripts whose spelling needs joiners. Between Latin letters they only make two words that look alike.
bool isJoiningLetter(char32_t c)
{
    if (QChar::isMark(c)) // not those of Latin letters, nor selectors of variants
        return !(c >= 0x0300 && c <= 0x036f) && !(c >= 0xfe00 && c <= 0xfe0f);
    if (!QChar::isLetter(c))
        return false;
    switch (QChar::script(c)) {
    case QChar::Script_Latin:
    case QChar::Script_Greek:
    case QChar::Script_Cyrillic:
    case QChar::Script_Armenian:
    case QChar::Script_Georgian:
    case QChar::Script_Hebrew:
    case QChar::Script_Common:
        return false;
    default:
        return true;
    }
}

bool isPictorial(char32_t c)
{
    constexpr char32_t emojiSelector = 0xfe0f;
    constexpr char32_t keycap = 0x20e3;
    return QChar::category(c) == QChar::Symbol_Other || c == emojiSelector || c == keycap
        || (c >= 0x1f000 && c < 0x1fb00); // tones of skin among them
}

bool joins(char32_t joiner, char32_t before, char32_t after)
{
    if (joiner != nonJoiner && joiner != zeroWidthJoiner)
        return false;
    if (isJoiningLetter(before) && isJoiningLetter(after))
        return true;
    return joiner == zeroWidthJoiner && isPictorial(before) && isPictorial(after);
}

// The flags of England, Scotland and Wales are a black flag and tags that draw nothing by themselves.
bool isFlagTag(char32_t c, char32_t before)
{
    constexpr char32_t blackFlag = 0x1f3f4;
    const auto isTag = [](char32_t tag) { return tag >= 0xe0020 && tag <= 0xe007f; };
    return isTag(c) && (before == blackFlag || isTag(before));
}

// Visits the value piece by piece: raw(view) for text as it stands, run(string) for decoded words.
template <class Raw, class Run>
void walk(QByteArrayView value, const QByteArray &bodyCharset, Raw raw, Run run)
{
    qsizetype at = 0;
    int count = 0;
    Word word = nextWord(value, 0);
    while (word.end > 0 && count < limits::encodedWords) {
        raw(value.sliced(at, word.begin - at));
        QString decoded;
        QByteArray bytes;
        QByteArray charset = word.charset;
        const auto flush = [&] {
            CharsetClues clues;
            clues.declared = charset;
            clues.likely = bodyCharset; // a word says itself what its letters are
            decoded += decodeText(bytes, clues);
            bytes.clear();
        };
        for (;;) {
            if (word.charset != charset) {
                flush();
                charset = word.charset;
            }
            bytes += bytesOf(word);
            at = word.end;
            ++count;
            const Word following = nextWord(value, at);
            const bool adjacent = following.end > 0 && isBlankOnly(value.sliced(at, following.begin - at));
            word = following;
            if (!adjacent || count >= limits::encodedWords)
                break;
        }
        flush();
        run(decoded);
    }
    raw(value.sliced(at));
}

// Some encode only the letters that need it: "H=?iso-8859-1?Q?=F6?=hn" is one word, unless it is an address.
bool isGlue(char c)
{
    return !QByteArrayView(" \t,;:<>()[]\"@=?\\").contains(c);
}

qsizetype gluedBehind(QByteArrayView raw)
{
    qsizetype end = 0;
    while (end < raw.size() && isGlue(raw[end]))
        ++end;
    return end < raw.size() && (raw[end] == '@' || raw[end] == '=') ? 0 : end;
}

qsizetype gluedBefore(QByteArrayView written)
{
    qsizetype begin = written.size();
    while (begin > 0 && isGlue(written[begin - 1]))
        --begin;
    return begin > 0 && QByteArrayView("@=?\\").contains(written[begin - 1]) ? 0 : written.size() - begin;
}

} // namespace

QString decodeWords(QByteArrayView value, const QByteArray &bodyCharset)
{
    if (value.indexOf("=?") < 0)
        return decodeRaw(value, bodyCharset);
    QString text;
    // Raw text is decoded by what the whole of it is, not piece by piece: one charset for one field.
    walk(
        value, bodyCharset, [&](QByteArrayView raw) { text += decodeRaw(raw, bodyCharset); },
        [&](const QString &run) { text += run; });
    return text;
}

QByteArray normalisedWords(QByteArrayView value, const QByteArray &bodyCharset)
{
    if (value.indexOf("=?") < 0)
        return value.toByteArray();
    QByteArray result;
    QString word;
    qsizetype wordBegin = -1; // of the word that result ends with
    const auto append = [&](const QString &run) {
        // Words are separated from their neighbours by blanks, or parsers do not see them.
        if (!result.isEmpty() && result.back() != ' ' && result.back() != '"' && result.back() != '(')
            result += ' ';
        word = run;
        wordBegin = result.size();
        result += "=?UTF-8?B?" + run.toUtf8().toBase64() + "?=";
    };
    walk(
        value, bodyCharset,
        [&](QByteArrayView raw) {
            if (const qsizetype letters = wordBegin < 0 ? 0 : gluedBehind(raw); letters > 0) {
                result.truncate(wordBegin);
                append(word + decodeRaw(raw.first(letters), bodyCharset));
                raw = raw.sliced(letters);
            } else if (wordBegin >= 0 && !raw.isEmpty() && isGlue(raw[0])) {
                result += ' '; // an address
            }
            if (!raw.isEmpty())
                wordBegin = -1;
            result += raw;
        },
        [&](const QString &run) {
            if (wordBegin >= 0) { // nothing but letters of one word stands between
                result.truncate(wordBegin);
                append(word + run);
                return;
            }
            const QByteArray letters = result.last(gluedBefore(result));
            result.chop(letters.size());
            append(decodeRaw(letters, bodyCharset) + run);
        });
    return result;
}

QString withoutFormatCharacters(QStringView text)
{
    QString shown;
    shown.reserve(text.size());
    char32_t before = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        const char32_t c = characterAt(text, at);
        at += QChar::requiresSurrogates(c) ? 2 : 1;
        if (QChar::category(c) == QChar::Other_Format || c == graphemeJoiner) {
            const char32_t after = at < text.size() ? characterAt(text, at) : 0;
            if (!joins(c, before, after) && !isFlagTag(c, before))
                continue;
        }
        shown.append(QChar::fromUcs4(c));
        before = c;
    }
    return shown;
}

QString presentable(QStringView text, qsizetype limit)
{
    const QString visible = withoutFormatCharacters(text);
    QString line;
    line.reserve(qMin(visible.size(), limit + 1));
    for (const QChar c : visible) {
        const bool blank = c.isSpace() || c.category() == QChar::Other_Control;
        if (blank && (line.isEmpty() || line.back() == u' '))
            continue;
        if (line.size() >= limit) {
            if (line.back().isHighSurrogate())
                line.chop(1);
            while (line.endsWith(QChar(nonJoiner)) || line.endsWith(QChar(zeroWidthJoiner)))
                line.chop(1); // what it joined is cut off
            line.append(QChar(0x2026));
            return line;
        }
        line.append(blank ? QChar(u' ') : c);
    }
    while (line.endsWith(u' '))
        line.chop(1);
    return line;
}

} // namespace satchel::mime
