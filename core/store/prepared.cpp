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

/// The hash of what copies of one message have in common on all servers (Q45): no mbox line, none of the fields that
/// deliveries put on top, no state fields, LF line ends, no blank lines at the end. Of bytes in pieces of any size.
class NormalisedHash
{
public:
    void add(QByteArrayView bytes)
    {
        const char *from = bytes.data();
        const char *const end = from + bytes.size();
        while (from < end) {
            const char *newline = static_cast<const char *>(std::memchr(from, '\n', size_t(end - from)));
            const char *const stop = newline ? newline : end;
            addWithinLine(QByteArrayView(from, stop - from), newline != nullptr);
            if (newline)
                endLine();
            from = newline ? newline + 1 : end;
        }
    }

    QByteArray result()
    {
        if (m_header && !m_decided && !m_start.isEmpty())
            decide();
        flush();
        return m_hash.result();
    }

private:
    static constexpr qsizetype enough = 40; ///< of a line, to tell its field
    static constexpr qsizetype bufferSize = 64 * 1024;

    void addWithinLine(QByteArrayView text, bool isEnd)
    {
        if (m_header && !m_decided) {
            const QByteArrayView head = text.first(qMin(text.size(), enough - m_start.size()));
            m_start += head;
            if (m_start.size() < enough && !isEnd)
                return;
            decide();
            text = text.sliced(head.size());
        }
        if (!m_dropped)
            write(text);
    }

    void decide()
    {
        m_decided = true;
        QByteArrayView line(m_start);
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.isEmpty()) {
            m_header = false;
            m_dropped = false;
        } else if (!line.startsWith(' ') && !line.startsWith('\t')) {
            const bool delivery = isDeliveryField(line);
            m_top = m_top && (delivery || (m_first && line.startsWith("From ")));
            m_dropped = m_top || isStateField(line);
        }
        m_first = false;
        if (!m_dropped)
            write(m_start);
        m_start.clear();
    }

    void endLine()
    {
        m_return = false; // it belonged to the line end
        m_decided = false;
        if (!m_dropped)
            ++m_newlines;
    }

    void write(QByteArrayView text)
    {
        const bool isReturned = text.endsWith('\r');
        if (isReturned)
            text.chop(1);
        if (text.isEmpty() && !(isReturned && m_return)) {
            m_return |= isReturned;
            return;
        }
        for (; m_newlines > 0; --m_newlines)
            put("\n");
        if (m_return)
            put("\r");
        m_return = isReturned;
        put(text);
    }

    void put(QByteArrayView text)
    {
        if (text.size() >= bufferSize) {
            flush();
            m_hash.addData(text);
            return;
        }
        if (m_used + text.size() > bufferSize)
            flush();
        std::memcpy(m_buffer.data() + m_used, text.data(), size_t(text.size()));
        m_used += text.size();
    }

    void flush()
    {
        m_hash.addData(QByteArrayView(m_buffer).first(m_used));
        m_used = 0;
    }

    QCryptographicHash m_hash{QCryptographicHash::Blake2b_256};
    QByteArray m_buffer = QByteArray(bufferSize, Qt::Uninitialized);
    qsizetype m_used = 0;
    QByteArray m_start; ///< of a line of the header that is not decided yet
    qint64 m_newlines = 0; ///< to be written when something follows
    bool m_return = false; ///< the same; within a line
    bool m_header = true;
    bool m_decided = false;
    bool m_top = true; ///< still within the fields that deliveries added
    bool m_dropped = false; ///< the field of which the next lines may be a continuation
    bool m_first = true;
};

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
    NormalisedHash hash;
    hash.add(QByteArrayView(rawOrTop).first(end));
    return hash.result().first(bytes);
}

qint64 stateFieldBytes(const QByteArray &rawOrTop)
{
    qint64 bytes = 0;
    bool counts = false;
    for (qsizetype begin = 0; begin < rawOrTop.size();) {
        const qsizetype newline = rawOrTop.indexOf('\n', begin);
        const qsizetype next = newline < 0 ? rawOrTop.size() : newline + 1;
        const QByteArrayView line = QByteArrayView(rawOrTop).sliced(begin, next - begin);
        if (line.trimmed().isEmpty())
            break;
        if (!line.startsWith(' ') && !line.startsWith('\t'))
            counts = isStateField(line);
        if (counts)
            bytes += line.size();
        begin = next;
    }
    return bytes;
}

QByteArray contentHash(const QByteArray &raw)
{
    NormalisedHash hash;
    hash.add(raw);
    return hash.result();
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

Expected<PreparedMessage> prepare(
    const SpooledMessage &raw, const QByteArray &beginning, const Envelope &envelope, const SearchText &words)
{
    PreparedMessage message = prepareRow(envelope, words);
    message.size = raw.size();
    message.headerHash = store::headerHash(beginning);
    Sha256 sha256;
    NormalisedHash content;
    const auto read = raw.file->read([&](QByteArrayView piece) {
        sha256.add(piece);
        content.add(piece);
        return true;
    });
    if (!read)
        return std::unexpected(read.error());
    message.sha256 = sha256.result();
    message.contentHash = content.result();
    auto frame = compress(*raw.file);
    if (!frame)
        return std::unexpected(frame.error());
    message.compressedFile = *std::move(frame);
    return message;
}

} // namespace satchel::store
