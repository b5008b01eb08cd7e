// SPDX-License-Identifier: GPL-3.0-or-later
// The part scanner and everything that makes a message ready to show.
#include "mime/message.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray raw(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const satchel::mime::Message message = satchel::mime::parse(raw);
    int number = 0;
    for (const satchel::mime::Part &part : message.parts) {
        // Parts are numbered without gaps, and every parent stands before its children.
        if (part.index != number || part.parent >= part.index)
            std::abort();
        ++number;
    }
    if (number > 0)
        static_cast<void>(satchel::mime::partContent(raw, number - 1));
    return 0;
}
