// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/segment.h"

#include <QHash>
#include <QList>
#include <QString>

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace satchel::store {

/// The bytes of messages that all backups of a folder share: a message is written once, whatever number of backups it
/// is in, and leaves when none of them needs it. A folder of segments (store/segment.h), found by hash; so it may be
/// copied elsewhere together with the backups. Lives on the thread that cares for the store.
class MailArchive
{
public:
    explicit MailArchive(QString folder);
    ~MailArchive();
    MailArchive(const MailArchive &) = delete;
    MailArchive &operator=(const MailArchive &) = delete;

    /// Finds out what is there, of backups that were cut short too.
    void read();
    [[nodiscard]] bool holds(const MailHash &hash) const { return !placesOf(hash).empty(); }
    /// Nothing where no whole copy of it is there.
    [[nodiscard]] std::optional<ArchivedMail> find(const MailHash &hash);

    [[nodiscard]] Expected<void> add(const ArchivedMail &mail);
    /// All that was added is on the disk and was read from there again.
    [[nodiscard]] Expected<void> flush();
    /// Reads one part of \a parts of all segments; what is not whole any more is forgotten, so that it is added anew.
    void prove(int part, int parts);

    /// Removes what is not among \a needed (sorted). A segment that holds both is written anew without the rest, and
    /// small ones become one; the old go when the new are on the disk.
    [[nodiscard]] Expected<void> keepOnly(const std::vector<MailHash> &needed);

private:
    struct Place {
        MailHash hash{};
        int segment = 0;
        qint64 offset = 0;
        qint64 length = 0;
    };
    using Places = std::vector<Place>;

    [[nodiscard]] QString nameOf(int segment) const;
    [[nodiscard]] std::span<const Place> placesOf(const MailHash &hash) const;
    [[nodiscard]] QFile *opened(int segment);
    [[nodiscard]] bool isWhole(const Place &place);
    [[nodiscard]] QHash<int, QList<Place>> staying(const std::vector<MailHash> &needed);
    void sortPlaces();

    const QString m_folder;
    Places m_places; ///< sorted by hash
    Places m_fresh; ///< of segments that were finished since
    QList<int> m_segments;
    Places m_doubtful; ///< found not to be whole
    int m_next = 1;
    std::unique_ptr<SegmentWriter> m_writer;
    int m_open = 0; ///< the segment that m_file is
    std::unique_ptr<QFile> m_file;
};

} // namespace satchel::store
