// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/datapicture.h"

#include "mime/headerguard.h"
#include "mime/transferdecoder.h"

namespace satchel::mime {

namespace {

constexpr qsizetype longestLead = 200; ///< of kind and parameters, before the comma

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

bool equals(QByteArrayView text, qsizetype at, QByteArrayView word)
{
    return at >= 0 && at + word.size() <= text.size() && sameName(text.sliced(at, word.size()), word);
}

bool endsWith(QByteArrayView text, qsizetype at, QByteArrayView word)
{
    return equals(text, at - word.size(), word);
}

// Where the address that begins at \a begin ends is said by what stands in front of it; -1: it is no address.
qsizetype addressEnd(QByteArrayView html, qsizetype begin)
{
    qsizetype before = begin;
    while (before > 0 && begin - before < 64 && isSpace(html[before - 1]))
        --before;
    if (before == 0)
        return -1;
    const char sign = html[before - 1];
    const auto until = [&](QByteArrayView end) {
        const qsizetype at = html.indexOf(end, begin);
        return at < 0 ? html.size() : at;
    };
    if (sign == '"' || sign == '\'')
        return until(QByteArrayView(&sign, 1));
    if (sign == '(')
        return until(")");
    if (sign == '=') {
        qsizetype end = begin;
        while (end < html.size() && !isSpace(html[end]) && html[end] != '>')
            ++end;
        return end;
    }
    for (const char *quote : {"&quot;", "&#34;", "&#39;", "&apos;", "&#x22;", "&#x27;"}) {
        if (endsWith(html, before, quote))
            return until(quote);
    }
    return -1;
}

// Where the comma stands behind kind and parameters; -1: prose about such addresses is none.
qsizetype leadLength(QByteArrayView rest)
{
    const QByteArrayView start = rest.first(qMin(rest.size(), longestLead));
    const qsizetype comma = start.indexOf(',');
    return comma > 0 && start.first(comma).indexOf('<') < 0 ? comma : -1;
}

// Character references that stand for one sign of ASCII; an address has no others.
QByteArray withoutReferences(QByteArrayView text)
{
    QByteArray plain;
    plain.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == '&') {
            const qsizetype end = text.sliced(i, qMin<qsizetype>(12, text.size() - i)).indexOf(';');
            const QByteArrayView name = end > 1 ? text.sliced(i + 1, end - 1) : QByteArrayView();
            int code = -1;
            bool known = false;
            if (name.startsWith("#x") || name.startsWith("#X"))
                code = name.sliced(2).toInt(&known, 16);
            else if (name.startsWith('#'))
                code = name.sliced(1).toInt(&known);
            else if (sameName(name, "amp"))
                code = '&';
            else if (sameName(name, "quot"))
                code = '"';
            else if (sameName(name, "lt"))
                code = '<';
            else if (sameName(name, "gt"))
                code = '>';
            if (code >= 0 && code < 0x80) {
                plain.append(static_cast<char>(code));
                i += end;
                continue;
            }
        }
        plain.append(text[i]);
    }
    return plain;
}

} // namespace

QList<DataAddress> dataAddresses(QByteArrayView html)
{
    QList<DataAddress> found;
    qsizetype at = 0;
    while ((at = html.indexOf(':', at)) >= 0) {
        const qsizetype begin = at - 4;
        ++at;
        if (!equals(html, begin, "data"))
            continue;
        qsizetype kind = at;
        while (kind < html.size() && kind - at < 64 && isSpace(html[kind]))
            ++kind;
        // Looked at first, because the end may be far away.
        const qsizetype comma = equals(html, kind, "image/") ? leadLength(html.sliced(at)) : -1;
        const qsizetype end = comma < 0 ? -1 : addressEnd(html, begin);
        if (end <= at + comma)
            continue;
        found.append({begin, end});
        at = end;
    }
    return found;
}

DataPicture dataPicture(QByteArrayView address)
{
    DataPicture picture;
    const qsizetype colon = address.indexOf(':');
    const qsizetype comma = address.indexOf(',');
    if (colon < 0 || comma < colon || comma - colon > longestLead)
        return picture;
    const QByteArray lead = withoutReferences(address.sliced(colon + 1, comma - colon - 1)).toLower();
    const QList<QByteArray> words = lead.split(';');
    picture.mimeType = words.first().trimmed();
    bool base64 = false;
    for (const QByteArray &word : words)
        base64 = base64 || word.trimmed() == "base64";
    QByteArrayView data = address.sliced(comma + 1);
    QByteArray plain;
    if (data.contains('&')) {
        plain = withoutReferences(data);
        data = plain;
    }
    QByteArray unescaped;
    if (data.contains('%')) {
        unescaped = QByteArray::fromPercentEncoding(data.toByteArray());
        data = unescaped;
    }
    picture.bytes = data.toByteArray();
    if (base64) {
        // Behind a line that is short, mail has no more of it; here blanks mean nothing.
        picture.bytes.removeIf(isSpace);
        picture.bytes = decodeBase64(picture.bytes).bytes;
    }
    return picture;
}

bool mayHoldDataPictures(QByteArrayView encoded, const QByteArray &encoding)
{
    if (encoding == "base64")
        return true;
    const auto holds = [encoded](QByteArrayView word) {
        qsizetype at = 0;
        while ((at = encoded.indexOf(word.back(), at)) >= 0) {
            ++at;
            if (endsWith(encoded, at, word))
                return true;
        }
        return false;
    };
    // A soft line break may cut one of the two words, and never both.
    return holds("data:") || (encoding == "quoted-printable" && (holds("image/") || holds("data=3a")));
}

} // namespace satchel::mime
