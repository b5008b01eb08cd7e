// SPDX-License-Identifier: GPL-3.0-or-later
// The HTML sanitiser: whatever goes in, what comes out refers to nothing outside the message.
#include "mime/html.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QString html = QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    satchel::mime::SanitiseOptions options;
    options.cidPrefix = QStringLiteral("p");
    options.contentIds = {{"a@b", 1}};
    for (const bool simple : {true, false}) {
        options.simpleHtml = simple;
        const QString result = satchel::mime::sanitise(html, options).html;
        // Every tag is read as a browser would: what loads may only name a part or hold a picture.
        qsizetype at = 0;
        while ((at = result.indexOf(QStringLiteral("src=\""), at)) >= 0) {
            const qsizetype open = result.lastIndexOf(u'<', at);
            const qsizetype close = result.lastIndexOf(u'>', at);
            at += 5;
            if (open < close || result.mid(open, at - 5 - open).count(u'"') % 2 == 1)
                continue; // words of the text, or inside another value
            const QStringView value = QStringView(result).sliced(at);
            if (!value.startsWith(u"satchel-cid:p/") && !value.startsWith(u"data:image/", Qt::CaseInsensitive))
                std::abort();
        }
        if (result.contains(QStringLiteral("<script"), Qt::CaseInsensitive)
            || result.contains(QStringLiteral("<iframe")) || result.contains(QStringLiteral("<svg"))
            || result.contains(QStringLiteral("<link")))
            std::abort();
    }
    return 0;
}
