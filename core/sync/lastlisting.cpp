// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/lastlisting.h"

#include "store/compression.h"
#include "sync/learned.h"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

namespace satchel::sync {

namespace {

const QString factName = u"last-listing"_s;
constexpr char version = '1';
constexpr qsizetype hashBytes = 20;

/// A line for each message: number, size, UIDL. No UIDL holds a line break.
QByteArray linesOf(const LastListing &listing)
{
    QByteArray lines;
    lines.reserve(listing.messages.size() * 32);
    if (listing.numbered)
        lines += "numbered\n";
    else
        lines += listing.nameless ? "nameless\n" : "named\n";
    for (const pop3::ListedMessage &message : listing.messages) {
        lines += QByteArray::number(message.number);
        lines += ' ';
        lines += QByteArray::number(message.size);
        lines += ' ';
        lines += message.uidl;
        lines += '\n';
    }
    return lines;
}

QByteArray headOf(const QByteArray &lines)
{
    return version + QCryptographicHash::hash(lines, QCryptographicHash::Sha1) + QByteArray::number(lines.size())
        + '\n';
}

} // namespace

QByteArray packed(const LastListing &listing)
{
    const QByteArray lines = linesOf(listing);
    return headOf(lines) + store::compress(lines);
}

std::optional<LastListing> unpackedListing(const QByteArray &bytes)
{
    const qsizetype endOfHead = bytes.indexOf('\n', 1 + hashBytes);
    if (endOfHead < 0 || bytes.front() != version)
        return std::nullopt;
    bool ok = false;
    const qint64 size = bytes.mid(1 + hashBytes, endOfHead - 1 - hashBytes).toLongLong(&ok);
    const std::optional<QByteArray> lines = ok ? store::decompress(bytes.mid(endOfHead + 1), size) : std::nullopt;
    if (!lines || headOf(*lines) != bytes.left(endOfHead + 1))
        return std::nullopt;
    LastListing listing;
    qsizetype at = lines->indexOf('\n') + 1;
    listing.nameless = lines->startsWith("nameless");
    listing.numbered = lines->startsWith("numbered");
    while (at < lines->size()) {
        const qsizetype end = lines->indexOf('\n', at);
        const qsizetype afterNumber = lines->indexOf(' ', at);
        const qsizetype afterSize = lines->indexOf(' ', afterNumber + 1);
        pop3::ListedMessage &message = listing.messages.emplaceBack();
        message.number = QByteArrayView(*lines).sliced(at, afterNumber - at).toInt();
        message.size = QByteArrayView(*lines).sliced(afterNumber + 1, afterSize - afterNumber - 1).toLongLong();
        message.uidl = lines->sliced(afterSize + 1, end - afterSize - 1);
        at = end + 1;
    }
    return listing;
}

Expected<void> keepLastListing(store::Writer &writer, const AccountSettings &account, const LastListing &listing)
{
    const Expected<QByteArray> before = learned(writer, account.id, mailboxOf(account), factName);
    if (!before)
        return std::unexpected(before.error());
    const QByteArray lines = linesOf(listing);
    const QByteArray head = headOf(lines);
    // Most visits find what the one before left: then there is nothing to compress, and nothing to write.
    if (before->startsWith(head))
        return {};
    return keepLearned(writer, account.id, mailboxOf(account), factName, head + store::compress(lines));
}

Expected<std::optional<LastListing>> lastListing(const store::Writer &writer, const AccountSettings &account)
{
    const Expected<QByteArray> bytes = learned(writer, account.id, mailboxOf(account), factName);
    if (!bytes)
        return std::unexpected(bytes.error());
    return unpackedListing(*bytes);
}

} // namespace satchel::sync
