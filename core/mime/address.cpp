// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/address.h"

#include "mime/encodedword.h"
#include "mime/limits.h"
#include "mime/looseaddress.h"

#include <KMime/Headers>

namespace satchel::mime {

namespace {

// One mailbox of the forms `name <address>` and `address (name)`, as RFC 5322 has it.
bool isWellFormedMailbox(QByteArrayView piece)
{
    piece = piece.trimmed();
    if (piece.endsWith('>')) {
        const qsizetype open = piece.lastIndexOf('<');
        return open >= 0 && isPlainAddress(piece.sliced(open + 1).chopped(1));
    }
    const qsizetype comment = piece.indexOf('(');
    return isPlainAddress(comment > 0 ? piece.first(comment).trimmed() : piece);
}

// What KMime can be trusted with: ASCII, balanced, and no address outside its place.
bool isWellFormed(QByteArrayView value)
{
    bool quoted = false;
    int comment = 0;
    bool angle = false;
    bool signOutside = false;
    qsizetype begin = 0;
    for (qsizetype i = 0; i <= value.size(); ++i) {
        const char c = i < value.size() ? value[i] : ',';
        if (static_cast<uchar>(c) >= 0x80 || c == '\r' || c == '\n')
            return false;
        if ((quoted || comment > 0) && c == '\\') {
            ++i;
        } else if (quoted) {
            quoted = c != '"';
        } else if (comment > 0) {
            comment += c == '(' ? 1 : c == ')' ? -1 : 0;
        } else if (c == '"') {
            if (angle)
                return false;
            quoted = true;
        } else if (c == '(') {
            comment = 1;
        } else if (c == '<') {
            if (angle || signOutside)
                return false;
            angle = true;
        } else if (c == '>') {
            if (!angle)
                return false;
            angle = false;
        } else if (c == '@') {
            signOutside = signOutside || !angle;
        } else if (c == ':' || c == ';' || c == ')') {
            return false;
        } else if (c == ',') {
            if (angle || !isWellFormedMailbox(value.sliced(begin, i - begin)))
                return false;
            begin = i + 1;
            signOutside = false;
        }
    }
    return !quoted && comment == 0;
}

} // namespace

QList<Mailbox> readAddresses(QByteArrayView value, const QByteArray &bodyCharset, qsizetype limit)
{
    if (limit <= 0)
        return {};
    // Encoded words first: what signs they hold is no syntax (RFC 2047, 2).
    const QByteArray tokens = normalisedWords(value.trimmed(), bodyCharset);
    if (tokens.isEmpty())
        return {};
    // A word that begins and has no end would take what follows it.
    const bool wordsEnd = tokens.count("=?") == tokens.count("=?UTF-8?B?");
    if (wordsEnd && isWellFormed(tokens)) {
        KMime::Headers::To field;
        field.from7BitString(tokens);
        QList<Mailbox> mailboxes;
        bool whole = true;
        const auto boxes = field.mailboxes();
        for (const KMime::Types::Mailbox &box : boxes) {
            if (mailboxes.size() >= limit)
                break;
            // Some servers take a word that stands alone for the name of an account here.
            const QString address = box.addrSpec().asString();
            whole = whole && box.hasAddress() && !address.contains(QStringLiteral("=?"));
            mailboxes.append({presentableName(box.name()), presentableAddress(address)});
        }
        if (whole && !mailboxes.isEmpty())
            return mailboxes;
    }
    return readLooseAddresses(tokens, bodyCharset, limit);
}

QList<QByteArray> readMessageIds(QByteArrayView value)
{
    QList<QByteArray> ids;
    qsizetype at = 0;
    while (ids.size() < limits::references) {
        const qsizetype begin = value.indexOf('<', at);
        if (begin < 0)
            break;
        const qsizetype end = value.indexOf('>', begin);
        if (end < 0)
            break;
        QByteArray id = value.sliced(begin + 1, end - begin - 1).toByteArray();
        id.replace(' ', QByteArray());
        id.replace('\t', QByteArray());
        if (!id.isEmpty() && id.size() <= 1000 && !ids.contains(id))
            ids.append(id);
        at = end + 1;
    }
    return ids;
}

} // namespace satchel::mime
