// SPDX-License-Identifier: GPL-3.0-or-later
// The header guard, the fields, and what storing needs.
#include "base/codepoint.h"
#include "mime/message.h"

#include <QList>

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

namespace {

constexpr char32_t blackFlag = 0x1f3f4;
constexpr char32_t nonJoiner = 0x200c;
constexpr char32_t zeroWidthJoiner = 0x200d;

bool isTag(char32_t c)
{
    return c >= 0xe0020 && c <= 0xe007f;
}

// What a joiner may stand beside: no blank, no second joiner, and no letter that it would only make look like another.
bool mayBeJoined(char32_t c)
{
    if (c < 0x80)
        return false;
    if (QChar::isMark(c) || QChar::category(c) == QChar::Symbol_Other || (c >= 0x1f000 && c < 0x1fb00))
        return true;
    const QChar::Script script = QChar::script(c);
    return QChar::isLetter(c) && script != QChar::Script_Latin && script != QChar::Script_Greek
        && script != QChar::Script_Cyrillic && script != QChar::Script_Common;
}

// On one line, with nothing that draws nothing but what letters and emoji are spelled with.
void checkShown(const QString &text)
{
    const QList<uint> points = text.toUcs4();
    for (qsizetype i = 0; i < points.size(); ++i) {
        const char32_t c = points[i];
        if (QChar::category(c) == QChar::Other_Control)
            std::abort();
        if (QChar::category(c) != QChar::Other_Format)
            continue;
        const char32_t before = points.value(i - 1);
        const bool joins =
            (c == nonJoiner || c == zeroWidthJoiner) && mayBeJoined(before) && mayBeJoined(points.value(i + 1));
        if (!joins && !(isTag(c) && (before == blackFlag || isTag(before))))
            std::abort();
    }
}

// Two that look alike are the same.
void checkAddress(const QString &text)
{
    if (satchel::withoutUnseen(text) != text)
        std::abort();
    checkShown(text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const satchel::mime::Indexed indexed =
        satchel::mime::index(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    checkShown(indexed.envelope.subject);
    checkShown(indexed.envelope.from.name);
    checkAddress(indexed.envelope.from.address);
    return 0;
}
