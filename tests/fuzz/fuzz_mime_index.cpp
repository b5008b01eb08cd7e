// SPDX-License-Identifier: GPL-3.0-or-later
// The header guard, the fields, and what storing needs.
#include "mime/message.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const satchel::mime::Indexed indexed =
        satchel::mime::index(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    for (const QString &text : {indexed.envelope.subject, indexed.envelope.from.name, indexed.envelope.from.address}) {
        for (const QChar c : text) {
            if (c.category() == QChar::Other_Control || c.category() == QChar::Other_Format)
                std::abort();
        }
    }
    return 0;
}
