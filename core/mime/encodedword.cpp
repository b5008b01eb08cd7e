// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/encodedword.h"

#include "base/error.h"
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
                if (end >= 0) {
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
            clues.chosen = bodyCharset;
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

QByteArray normalisedWords(QByteArrayView value)
{
    if (value.indexOf("=?") < 0)
        return value.toByteArray();
    QByteArray result;
    walk(
        value, {}, [&](QByteArrayView raw) { result += raw; },
        [&](const QString &run) {
            // Words are separated from their neighbours by blanks, or parsers do not see them.
            if (!result.isEmpty() && result.back() != ' ' && result.back() != '"' && result.back() != '(')
                result += ' ';
            result += "=?UTF-8?B?" + run.toUtf8().toBase64() + "?=";
        });
    return result;
}

QString presentable(const QString &text)
{
    return sanitised(text, 2000);
}

} // namespace satchel::mime
