// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/flowedtext.h"

namespace satchel::mime {

QString joinFlowed(const QString &text, bool deleteSpace)
{
    QString joined;
    joined.reserve(text.size());
    bool open = false; // the line before flows on
    qsizetype openDepth = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        qsizetype end = text.indexOf(u'\n', at);
        const bool broken = end >= 0;
        if (!broken)
            end = text.size();
        QStringView line = QStringView(text).sliced(at, end - at);
        at = broken ? end + 1 : end;

        qsizetype depth = 0;
        while (depth < line.size() && line[depth] == u'>')
            ++depth;
        line = line.sliced(depth);
        if (line.startsWith(u' ')) // space-stuffed
            line = line.sliced(1);
        const bool signature = line == u"-- ";
        bool flows = line.endsWith(u' ') && !signature;

        if (open && (depth != openDepth || signature)) {
            joined += u'\n';
            open = false;
        }
        if (!open && depth > 0) {
            joined += QString(depth, u'>');
            joined += u' ';
        }
        if (flows && deleteSpace)
            line.chop(1);
        joined += line;
        open = flows && broken;
        openDepth = depth;
        if (!open && broken)
            joined += u'\n';
    }
    return joined;
}

} // namespace satchel::mime
