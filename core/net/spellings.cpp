// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/spellings.h"

#include "base/codepoint.h"
#include "net/saslprep.h"

#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

namespace satchel::net {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<Decoded> hexAfter(QByteArrayView text, qsizetype prefix)
{
    if (text.size() < prefix + 2)
        return std::nullopt;
    const int high = hexDigit(text[prefix]);
    const int low = hexDigit(text[prefix + 1]);
    if (high < 0 || low < 0)
        return std::nullopt;
    return Decoded{QByteArray(1, static_cast<char>(high * 16 + low)), prefix + 2};
}

namespace {

std::optional<Decoded> percent(QByteArrayView text)
{
    return text.front() == '%' ? hexAfter(text, 1) : std::nullopt;
}

std::optional<Decoded> quotedPrintable(QByteArrayView text)
{
    return text.front() == '=' ? hexAfter(text, 1) : std::nullopt;
}

Decoded character(uint code, qsizetype length)
{
    const auto point = static_cast<char32_t>(code);
    return {QString::fromUcs4(&point, 1).toUtf8(), length};
}

std::optional<Decoded> backslash(QByteArrayView text)
{
    if (text.front() != '\\' || text.size() < 2)
        return std::nullopt;
    if (text[1] == 'x' || text[1] == 'X')
        return hexAfter(text, 2);
    bool isNumber = false;
    if ((text[1] == 'u' || text[1] == 'U') && text.size() >= 6) {
        const uint code = text.sliced(2, 4).toByteArray().toUInt(&isNumber, 16);
        if (isNumber)
            return character(code, 6);
    }
    if (text[1] >= '0' && text[1] <= '3' && text.size() >= 4) {
        const uint code = text.sliced(1, 3).toByteArray().toUInt(&isNumber, 8);
        if (isNumber)
            return Decoded{QByteArray(1, static_cast<char>(code)), 4};
    }
    return Decoded{text.sliced(1, 1).toByteArray(), 2};
}

std::optional<Decoded> reference(QByteArrayView text)
{
    constexpr qsizetype longest = 10;
    const qsizetype end = text.front() == '&' ? text.first(qMin(longest, text.size())).indexOf(';') : -1;
    if (end < 2)
        return std::nullopt;
    const QByteArray name = text.sliced(1, end - 1).toByteArray().toLower();
    if (name.startsWith('#')) {
        const bool isHex = name.size() > 1 && name.at(1) == 'x';
        bool isNumber = false;
        const uint code = name.sliced(isHex ? 2 : 1).toUInt(&isNumber, isHex ? 16 : 10);
        return isNumber && code <= 0x10ffff ? std::optional(character(code, end + 1)) : std::nullopt;
    }
    static constexpr std::array<std::pair<const char *, char>, 5> known{
        {{"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}}};
    const auto found = std::ranges::find_if(known, [&name](const auto &one) { return name == one.first; });
    return found == known.end() ? std::nullopt : std::optional(Decoded{QByteArray(1, found->second), end + 1});
}

/// What draws nothing, and would hide a word from who looks for it but not from who reads it.
std::optional<Decoded> unseen(QByteArrayView text)
{
    const auto byte = static_cast<unsigned char>(text.front());
    if (byte < 0x20 || byte == 0x7f)
        return Decoded{{}, 1};
    const qsizetype length = byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
    if (length == 0 || text.size() < length || !text.first(length).isValidUtf8())
        return std::nullopt;
    const QString character = QString::fromUtf8(text.first(length));
    qsizetype at = 0;
    const char32_t point = nextCodePoint(character, at);
    return isUnseen(point) || QChar::category(point) == QChar::Other_Control ? std::optional(Decoded{{}, length})
                                                                             : std::nullopt;
}

} // namespace

int base64Digit(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

QByteArray innerBase64(const QByteArray &bytes, qsizetype before)
{
    const QByteArray all = (QByteArray(before, '\0') + bytes).toBase64(QByteArray::OmitTrailingEquals);
    const qsizetype from = (8 * before + 5) / 6;
    const qsizetype to = 8 * (before + bytes.size()) / 6;
    return to > from ? all.sliced(from, to - from) : QByteArray();
}

QList<Decoder> decoders()
{
    return {percent, quotedPrintable, backslash, reference, unseen};
}

QByteArrayList spellings(const QString &word)
{
    QStringList forms{word, word.normalized(QString::NormalizationForm_C),
        word.normalized(QString::NormalizationForm_D), word.normalized(QString::NormalizationForm_KC),
        saslPrepared(word).value_or(word)};
    const QList<std::pair<QString, QString>> changes{{QStringLiteral(" "), QStringLiteral("+")},
        {QStringLiteral("\""), QStringLiteral("\"\"")}, {QStringLiteral("'"), QStringLiteral("''")}};
    for (const auto &[from, to] : changes) {
        QString changed = word;
        forms.append(changed.replace(from, to));
    }
    QByteArrayList bytes;
    for (const QString &form : std::as_const(forms)) {
        for (const QString &cased : {form, form.toLower(), form.toUpper()}) {
            bytes.append(cased.toUtf8());
            bytes.append(QString::fromLatin1(cased.toUtf8()).toUtf8());
            if (std::ranges::all_of(cased, [](QChar c) { return c.unicode() < 0x100; }))
                bytes.append(cased.toLatin1());
        }
    }
    return bytes;
}

} // namespace satchel::net
