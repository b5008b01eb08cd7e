// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QChar>
#include <QString>
#include <QStringView>

namespace satchel {

// Text looked at character by character: a QChar beyond U+FFFF is half a character, and of no category that says
// anything. Pure.

/// The character that begins at \a at, which is moved behind it. A lone surrogate is one by itself.
[[nodiscard]] inline char32_t nextCodePoint(QStringView text, qsizetype &at)
{
    const QChar first = text[at++];
    if (first.isHighSurrogate() && at < text.size() && text[at].isLowSurrogate())
        return QChar::surrogateToUcs4(first, text[at++]);
    return first.unicode();
}

/// Draws nothing, so that words may differ and look alike: the "format" characters (bidirectional controls, zero-width
/// ones, tags), and what Unicode calls default-ignorable beside them (variation selectors, fillers).
[[nodiscard]] inline bool isUnseen(char32_t point)
{
    if (QChar::category(point) == QChar::Other_Format)
        return true;
    const auto within = [point](char32_t from, char32_t to) { return point >= from && point <= to; };
    return point == 0x034f || within(0x115f, 0x1160) || within(0x17b4, 0x17b5) || within(0x180b, 0x180f)
        || within(0x2060, 0x206f) || point == 0x3164 || within(0xfe00, 0xfe0f) || point == 0xffa0
        || within(0xfff0, 0xfff8) || within(0x1d173, 0x1d17a) || within(0xe0000, 0xe0fff);
}

/// As it is read by who only sees it.
[[nodiscard]] inline QString withoutUnseen(QStringView text)
{
    QString seen;
    seen.reserve(text.size());
    for (qsizetype at = 0; at < text.size();) {
        const qsizetype from = at;
        if (!isUnseen(nextCodePoint(text, at)))
            seen += text.sliced(from, at - from);
    }
    return seen;
}

} // namespace satchel
