// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QFile>
#include <QList>
#include <QString>

#include <array>
#include <optional>

namespace satchel::store {

/// SHA-256 of a message as it was received, which is its name in backups.
using MailHash = std::array<char, 32>;
[[nodiscard]] MailHash mailHash(const QByteArray &sha256); ///< zeros where it is not one

/// The compressed bytes of a message, with what proves them.
struct ArchivedMail {
    QByteArray sha256; ///< of what was received
    QByteArray contentHash;
    qint64 size = 0; ///< before compression
    QByteArray zstd;
};

/// Where a segment holds a message.
struct SegmentEntry {
    MailHash hash{};
    qint64 offset = 0; ///< of its record
    qint64 length = 0; ///< of its compressed bytes

    friend bool operator==(const SegmentEntry &, const SegmentEntry &) = default;
};

// A segment is a file of messages that is written once and never changed: a head, records, a directory, an end. Each
// record names its length and carries hashes of its own, so that a damaged directory is made anew from the records, and
// damage to one record leaves the others whole.

/// Writes a new segment under a name that ends in ".part"; what is not finished counts for nothing. One thread.
class SegmentWriter
{
public:
    explicit SegmentWriter(const QString &file);
    ~SegmentWriter(); ///< what was not finished is removed

    [[nodiscard]] Expected<void> add(const ArchivedMail &mail);
    [[nodiscard]] qint64 bytes() const { return m_at; }
    /// Writes the directory, reads everything again from the disk, and gives the file its name. Answers with what is in
    /// it.
    [[nodiscard]] Expected<QList<SegmentEntry>> finish();

private:
    [[nodiscard]] Expected<void> write(const QByteArray &bytes);

    const QString m_name;
    QFile m_file;
    QList<SegmentEntry> m_entries;
    QByteArray m_directory;
    qint64 m_at = 0;
    bool m_finished = false;
};

/// What a segment holds, by its directory; where that is damaged, by its records. Empty where it is no segment.
[[nodiscard]] QList<SegmentEntry> entriesOf(const QString &segment);
/// The message of \a entry; nullopt where its bytes are not what they were.
[[nodiscard]] std::optional<ArchivedMail> readMail(QFile &segment, const SegmentEntry &entry);

} // namespace satchel::store
