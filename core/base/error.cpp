// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/error.h"

namespace satchel {

QString sanitised(QStringView words, qsizetype limit)
{
    QString safe;
    safe.reserve(qMin(words.size(), limit + 1));
    bool blank = true; // no leading blanks
    for (const QChar c : words) {
        if (c.category() == QChar::Other_Format)
            continue;
        const bool space = c.isSpace() || c.category() == QChar::Other_Control;
        if (space && blank)
            continue;
        if (safe.size() >= limit) {
            if (safe.back().isHighSurrogate())
                safe.chop(1);
            safe.append(QChar(0x2026));
            return safe;
        }
        safe.append(space ? QChar(u' ') : c);
        blank = space;
    }
    while (safe.endsWith(u' '))
        safe.chop(1);
    return safe;
}

} // namespace satchel
