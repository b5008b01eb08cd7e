// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/segment.h"

#include "store/checksum.h"
#include "store/connection.h"
#include "store/filesafety.h"

#include <QDir>
#include <QtEndian>

#include <algorithm>
#include <cstring>

#ifdef Q_OS_LINUX
#include <fcntl.h>
#endif

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr QByteArrayView head("Satchel messages 1\n\0\0\0\0\0", 24);
constexpr QByteArrayView recordMark("\x89"
                                    "Mail\r\n\x1a",
    8);
constexpr QByteArrayView endMark("\x89"
                                 "MEnd\r\n\x1a",
    8);
constexpr qsizetype hashSize = 32;
constexpr qsizetype recordHead = 8 + 8 + 8 + 3 * hashSize; // mark, length, size, and the three hashes
constexpr qsizetype directoryLine = 8 + 8 + hashSize; // offset, length, hash
constexpr qsizetype endSize = 8 + 8 + hashSize; // mark, lines, hash of the directory
constexpr qint64 longestMail = 1LL << 31;

QByteArray number(qint64 value)
{
    QByteArray bytes(8, Qt::Uninitialized);
    qToLittleEndian(value, bytes.data());
    return bytes;
}

qint64 number(const char *bytes)
{
    return qFromLittleEndian<qint64>(bytes);
}

struct RecordHead {
    qint64 length = 0;
    qint64 size = 0;
    QByteArray sha256;
    QByteArray contentHash;
    QByteArray check; ///< of the compressed bytes and of all before it
};

std::optional<RecordHead> parseHead(const char *bytes)
{
    if (std::memcmp(bytes, recordMark.data(), size_t(recordMark.size())) != 0)
        return std::nullopt;
    RecordHead record{number(bytes + 8), number(bytes + 16), QByteArray(bytes + 24, hashSize),
        QByteArray(bytes + 24 + hashSize, hashSize), QByteArray(bytes + 24 + 2 * hashSize, hashSize)};
    if (record.length < 0 || record.length > longestMail || record.size < 0)
        return std::nullopt;
    return record;
}

/// A record without the check, which is made of it.
QByteArray uncheckedHead(const ArchivedMail &mail)
{
    return recordMark.toByteArray() + number(mail.zstd.size()) + number(mail.size) + mail.sha256
        + mail.contentHash.leftJustified(hashSize, '\0', true);
}

QByteArray checkOf(const QByteArray &unchecked, const QByteArray &zstd)
{
    return sha256(unchecked + zstd);
}

std::optional<QList<SegmentEntry>> fromDirectory(QFile &file)
{
    const qint64 size = file.size();
    if (size < head.size() + endSize || !file.seek(size - endSize))
        return std::nullopt;
    const QByteArray end = file.read(endSize);
    if (end.size() != endSize || !end.startsWith(endMark))
        return std::nullopt;
    const qint64 lines = number(end.constData() + 8);
    if (lines < 0 || lines > (size - endSize - head.size()) / directoryLine)
        return std::nullopt;
    const qint64 start = size - endSize - lines * directoryLine;
    if (!file.seek(start))
        return std::nullopt;
    const QByteArray directory = file.read(lines * directoryLine);
    if (directory.size() != lines * directoryLine || sha256(directory) != end.sliced(16))
        return std::nullopt;
    QList<SegmentEntry> entries;
    entries.reserve(lines);
    for (const char *line = directory.constData(); line != directory.constData() + directory.size();
        line += directoryLine) {
        SegmentEntry entry{{}, number(line), number(line + 8)};
        std::memcpy(entry.hash.data(), line + 16, hashSize);
        entries.append(entry);
    }
    return entries;
}

QList<SegmentEntry> fromRecords(QFile &file)
{
    if (!file.seek(0))
        return {};
    const QByteArray all = file.readAll();
    QList<SegmentEntry> entries;
    qsizetype at = 0;
    for (;;) {
        at = all.indexOf(recordMark, at);
        if (at < 0 || at + recordHead > all.size())
            return entries;
        const auto record = parseHead(all.constData() + at);
        if (!record || at + recordHead + record->length > all.size()) {
            ++at;
            continue;
        }
        entries.append({mailHash(record->sha256), at, record->length});
        at += recordHead + record->length;
    }
}

/// What is read next comes from the disk, not from memory; and what is read once is not kept there.
void forgetCached(const QFile &file)
{
#ifdef Q_OS_LINUX
    (void)::posix_fadvise(file.handle(), 0, 0, POSIX_FADV_DONTNEED);
#else
    Q_UNUSED(file)
#endif
}

} // namespace

MailHash mailHash(const QByteArray &sha256)
{
    MailHash hash{};
    if (sha256.size() == hashSize)
        std::ranges::copy(sha256, hash.begin());
    return hash;
}

SegmentWriter::SegmentWriter(const QString &file)
    : m_name(file)
    , m_file(file + u".part"_s)
{
}

SegmentWriter::~SegmentWriter()
{
    if (!m_finished)
        m_file.remove();
}

Expected<void> SegmentWriter::write(const QByteArray &bytes)
{
    if (!m_file.isOpen()) {
        const bool opened = createPrivate(m_file.fileName()) && m_file.open(QIODevice::WriteOnly | QIODevice::Truncate);
        if (!opened || m_file.write(head.data(), head.size()) != head.size()) {
            return fail(ErrorKind::FileUnwritable,
                StoreText::tr("The backup could not be written (%1). Check that there is room and that you may write "
                              "there.")
                    .arg(QDir::toNativeSeparators(m_name)),
                ErrorAction::Retry, sanitised(m_file.errorString()));
        }
        m_at = head.size();
    }
    if (m_file.write(bytes) != bytes.size()) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr(
                "The backup could not be written (%1). Check that there is room and that you may write there.")
                .arg(QDir::toNativeSeparators(m_name)),
            ErrorAction::Retry, sanitised(m_file.errorString()));
    }
    m_at += bytes.size();
    return {};
}

Expected<void> SegmentWriter::add(const ArchivedMail &mail)
{
    if (!m_file.isOpen()) {
        if (auto begun = write({}); !begun)
            return begun;
    }
    const qint64 offset = m_at;
    const QByteArray unchecked = uncheckedHead(mail);
    if (auto written = write(unchecked + checkOf(unchecked, mail.zstd) + mail.zstd); !written)
        return written;
    m_entries.append({mailHash(mail.sha256), offset, mail.zstd.size()});
    m_directory += number(offset) + number(mail.zstd.size()) + mail.sha256;
    return {};
}

Expected<QList<SegmentEntry>> SegmentWriter::finish()
{
    if (auto written = write(m_directory + endMark.toByteArray() + number(m_entries.size()) + sha256(m_directory));
        !written)
        return std::unexpected(written.error());
    const bool flushed = m_file.flush();
    m_file.close();
    if (auto synced = syncFile(m_file.fileName()); !synced || !flushed)
        return std::unexpected(synced ? fail(ErrorKind::FileUnwritable, m_file.errorString()).error() : synced.error());
    // Some disks tell of their trouble when they are read, not when they are written.
    QFile written(m_file.fileName());
    bool whole = written.open(QIODevice::ReadOnly);
    if (whole)
        forgetCached(written);
    whole = whole && fromDirectory(written) == std::optional(m_entries);
    for (qsizetype i = 0; whole && i < m_entries.size(); ++i)
        whole = readMail(written, m_entries.at(i)).has_value();
    if (whole)
        forgetCached(written);
    written.close();
    if (!whole) {
        return fail(ErrorKind::FileUnwritable,
            StoreText::tr("The disk does not give back what was written to it (%1), so no backup was made. Check the "
                          "disk.")
                .arg(QDir::toNativeSeparators(m_name)),
            ErrorAction::Retry);
    }
    if (auto named = renameDurably(m_file.fileName(), m_name); !named)
        return std::unexpected(named.error());
    m_finished = true;
    return m_entries;
}

QList<SegmentEntry> entriesOf(const QString &segment)
{
    QFile file(segment);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    if (auto entries = fromDirectory(file))
        return *entries;
    return fromRecords(file);
}

std::optional<ArchivedMail> readMail(QFile &segment, const SegmentEntry &entry)
{
    if (entry.offset < 0 || entry.length < 0 || entry.length > longestMail || !segment.seek(entry.offset))
        return std::nullopt;
    const QByteArray bytes = segment.read(recordHead + entry.length);
    if (bytes.size() != recordHead + entry.length)
        return std::nullopt;
    const auto record = parseHead(bytes.constData());
    if (!record || record->length != entry.length || mailHash(record->sha256) != entry.hash)
        return std::nullopt;
    ArchivedMail mail{record->sha256, record->contentHash, record->size, bytes.sliced(recordHead)};
    if (checkOf(bytes.first(recordHead - hashSize), mail.zstd) != record->check)
        return std::nullopt;
    return mail;
}

} // namespace satchel::store
