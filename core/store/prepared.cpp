// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/prepared.h"

#include "store/checksum.h"
#include "store/compression.h"
#include "store/fold.h"

#include <QByteArrayView>
#include <QCryptographicHash>

#include <cstring>

namespace satchel::store {

namespace {

constexpr qsizetype longestKey = 100;

bool isField(QByteArrayView line, QByteArrayView name)
{
    return line.size() > name.size() && line[name.size()] == ':'
        && line.first(name.size()).compare(name, Qt::CaseInsensitive) == 0;
}

bool isDeliveryField(QByteArrayView line)
{
    return isField(line, "Received") || isField(line, "Delivered-To") || isField(line, "Return-Path")
        || isField(line, "X-Original-To") || isField(line, "Envelope-To");
}

bool isStateField(QByteArrayView line)
{
    return isField(line, "Status") || isField(line, "X-Status") || isField(line, "X-UIDL");
}

/// What copies of one message have in common on all servers (Q45): no mbox line, none of the fields that deliveries put
/// on top, no state fields, LF line ends, no blank lines at the end.
QByteArray normalised(const QByteArray &raw)
{
    QByteArray out(raw.size(), Qt::Uninitialized);
    char *to = out.data();
    const char *from = raw.constData();
    const char *const end = from + raw.size();
    bool header = true;
    bool top = true; // still within the fields that deliveries added
    bool dropped = false; // the field of which the next lines may be a continuation
    bool first = true;
    while (from < end) {
        const char *newline = static_cast<const char *>(std::memchr(from, '\n', size_t(end - from)));
        const char *next = newline ? newline + 1 : end;
        const char *stop = newline ? newline : end;
        if (stop > from && stop[-1] == '\r')
            --stop;
        if (header) {
            const QByteArrayView line(from, stop - from);
            if (line.isEmpty()) {
                header = false;
            } else if (!line.startsWith(' ') && !line.startsWith('\t')) {
                const bool delivery = isDeliveryField(line);
                top = top && (delivery || (first && line.startsWith("From ")));
                dropped = top || isStateField(line);
            }
            first = false;
            if (header && dropped) {
                from = next;
                continue;
            }
        }
        std::memcpy(to, from, size_t(stop - from));
        to += stop - from;
        if (newline)
            *to++ = '\n';
        from = next;
    }
    while (to > out.data() && to[-1] == '\n')
        --to;
    out.truncate(to - out.data());
    return out;
}

} // namespace

QByteArray headerHash(const QByteArray &rawOrTop)
{
    qsizetype end = 0;
    while (end < rawOrTop.size()) {
        const char first = rawOrTop.at(end);
        if (first == '\n' || (first == '\r' && end + 1 < rawOrTop.size() && rawOrTop.at(end + 1) == '\n'))
            break;
        const qsizetype newline = rawOrTop.indexOf('\n', end);
        end = newline < 0 ? rawOrTop.size() : newline + 1;
    }
    constexpr qsizetype bytes = 16;
    return QCryptographicHash::hash(normalised(rawOrTop.first(end)), QCryptographicHash::Blake2b_256).first(bytes);
}

QByteArray contentHash(const QByteArray &raw)
{
    return QCryptographicHash::hash(normalised(raw), QCryptographicHash::Blake2b_256);
}

PreparedMessage prepareRow(const Envelope &envelope, const SearchText &words)
{
    PreparedMessage message;
    message.envelope = envelope;
    message.senderKey =
        foldForSorting(envelope.from.name.isEmpty() ? envelope.from.address : envelope.from.name).left(longestKey);
    message.subjectKey = foldForSorting(withoutReplyPrefixes(envelope.subject)).left(longestKey);
    message.folded = {foldForSearch(words.from), foldForSearch(words.recipients), foldForSearch(words.subject),
        foldForSearch(words.body), foldForSearch(words.attachmentNames)};
    return message;
}

PreparedMessage prepare(const QByteArray &raw, const Envelope &envelope, const SearchText &words)
{
    PreparedMessage message = prepareRow(envelope, words);
    message.size = raw.size();
    message.sha256 = store::sha256(raw);
    message.contentHash = store::contentHash(raw);
    message.headerHash = store::headerHash(raw);
    message.compressed = compress(raw);
    return message;
}

} // namespace satchel::store
