// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

#include "base/codepoint.h"

#include <utility>

namespace satchel {

namespace {

/// Whether a symbol before it is drawn as text or in colours: nothing else is to be told apart by that.
bool choosesStyle(char32_t point, char32_t before)
{
    return (point == 0xfe0e || point == 0xfe0f) && QChar::category(before) == QChar::Symbol_Other;
}

} // namespace

QString sanitised(QStringView words, qsizetype limit)
{
    QString safe;
    safe.reserve(qMin(words.size(), limit + 1));
    bool blank = true; // no leading blanks
    char32_t point = 0;
    for (qsizetype at = 0; at < words.size();) {
        const char32_t before = std::exchange(point, nextCodePoint(words, at));
        if (isUnseen(point) && !choosesStyle(point, before))
            continue;
        const bool space = QChar::isSpace(point) || QChar::category(point) == QChar::Other_Control;
        if (space && blank)
            continue;
        if (safe.size() >= limit) {
            safe.append(QChar(0x2026));
            return safe;
        }
        if (space)
            safe.append(u' ');
        else if (QChar::isSurrogate(point))
            safe.append(QChar(QChar::ReplacementCharacter));
        else if (const QString drawn = QString::fromUcs4(&point, 1); safe.size() + drawn.size() <= limit)
            safe.append(drawn);
        else
            return safe + QChar(0x2026);
        blank = space;
    }
    while (safe.endsWith(u' '))
        safe.chop(1);
    return safe;
}

} // namespace satchel
