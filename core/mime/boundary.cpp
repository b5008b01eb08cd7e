// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/boundary.h"

#include "mime/headerguard.h"

#include <QSet>

namespace satchel::mime {

namespace {

bool isFieldOfPart(QByteArrayView line)
{
    constexpr QByteArrayView begin("content-");
    const QByteArrayView name = fieldName(line);
    return name.first(qMin(name.size(), begin.size())).compare(begin, Qt::CaseInsensitive) == 0;
}

} // namespace

bool isDelimiter(QByteArrayView text, QByteArrayView boundary, bool loose, bool *last)
{
    if (!text.startsWith(boundary))
        return false;
    QByteArrayView rest = text.sliced(boundary.size());
    const bool closing = rest.startsWith("--");
    if (last != nullptr)
        *last = closing;
    if (closing)
        rest = rest.sliced(2);
    if (rest.isEmpty())
        return true;
    return loose && (rest[0] == ' ' || rest[0] == '\t');
}

QByteArray boundaryIn(QByteArrayView body)
{
    QSet<QByteArray> seen;
    qsizetype position = 0;
    while (position < body.size() && seen.size() < 64) {
        qsizetype next = body.indexOf('\n', position);
        next = next < 0 ? body.size() : next + 1;
        const QByteArrayView text = withoutTrailingBlanks(body.sliced(position, next - position));
        position = next;
        if (text.size() < 6 || text.size() > boundaryLimit || !text.startsWith("--"))
            continue;
        const qsizetype fieldEnd = body.indexOf('\n', position);
        const QByteArrayView following = body.sliced(position, (fieldEnd < 0 ? body.size() : fieldEnd) - position);
        // Only the fields of a part tell a boundary with blanks in it from the "--" above a name.
        if (text.contains(' ') && !seen.contains(text.sliced(2).chopped(2).toByteArray()) && !isFieldOfPart(following))
            continue;
        QByteArray boundary = text.sliced(2).toByteArray();
        if (boundary.endsWith("--") && seen.contains(boundary.chopped(2)))
            return boundary.chopped(2);
        if (seen.contains(boundary))
            return boundary;
        if (seen.isEmpty() && isFieldOfMail(fieldName(following)))
            return boundary;
        seen.insert(boundary);
    }
    return {};
}

bool isQuotedPrintable(QByteArrayView body)
{
    const auto isHex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
    qsizetype at = body.indexOf('=');
    if (at < 0)
        return false;
    for (; at >= 0; at = body.indexOf('=', at + 1)) {
        const QByteArrayView rest = body.sliced(at + 1);
        if (rest.size() >= 2 && isHex(rest[0]) && isHex(rest[1]))
            continue;
        qsizetype end = 0;
        while (end < rest.size() && (rest[end] == ' ' || rest[end] == '\t' || rest[end] == '\r'))
            ++end;
        if (end < rest.size() && rest[end] != '\n')
            return false;
    }
    return true;
}

bool isFieldOfMail(QByteArrayView name)
{
    static constexpr const char *known[] = {"from", "to", "cc", "bcc", "subject", "date", "received", "message-id",
        "return-path", "mime-version", "sender", "reply-to", "delivered-to", "in-reply-to", "references"};
    for (const char *k : known) {
        if (sameName(name, k))
            return true;
    }
    return name.first(qMin<qsizetype>(name.size(), 8)).compare("content-", Qt::CaseInsensitive) == 0
        || name.first(qMin<qsizetype>(name.size(), 2)).compare("x-", Qt::CaseInsensitive) == 0;
}

QByteArrayView withoutTrailingBlanks(QByteArrayView line)
{
    while (!line.isEmpty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r' || line.back() == '\n'))
        line.chop(1);
    return line;
}

} // namespace satchel::mime
