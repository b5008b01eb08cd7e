// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QCache>
#include <QFile>
#include <QHash>
#include <QString>

#include <optional>
#include <utility>
#include <vector>

namespace satchel::store {

/// The pages of a SQLite file as they are on the disk (sqlite.org/fileformat2.html), the write-ahead log laid over
/// them, without SQLite: where that gives up, this goes on. Reads by copies, never by mapping, so that a bad sector is
/// a page that cannot be read and not the end of the program. Nothing is written. Any one thread.
class PageFile
{
public:
    /// What the pointer map says a page is. Ours always have one (auto_vacuum), and it is a second witness for each
    /// page.
    enum class Use { Unknown = 0, Root = 1, Free = 2, FirstOverflow = 3, Overflow = 4, Tree = 5 };
    struct Pointer {
        Use use = Use::Unknown;
        quint32 parent = 0;
    };

    /// False when there is nothing to read at all.
    bool open(const QString &file);

    [[nodiscard]] quint32 count() const { return m_count; }
    [[nodiscard]] int usable() const { return m_size; }
    /// Always of one page's size: what is missing at the end of the file is zero. Empty when it cannot be read.
    [[nodiscard]] QByteArray page(quint32 number);
    [[nodiscard]] bool isPointerMap(quint32 number) const { return number >= 2 && mapPageOf(number) == number; }
    [[nodiscard]] Pointer pointer(quint32 number);
    [[nodiscard]] bool isInFreeList(quint32 number);

    /// The pages that the pointer map names as following \a page: as first overflow page of a cell on it, or as next
    /// one.
    [[nodiscard]] QList<quint32> followers(quint32 page, bool ofCell);

private:
    [[nodiscard]] quint32 mapPageOf(quint32 number) const;
    void readLog(const QString &file);
    void readFollowers();

    QFile m_file;
    QFile m_log;
    int m_size = 8192;
    quint32 m_count = 0;
    QHash<quint32, qint64> m_logged; ///< page to its place in the log
    QCache<quint32, QByteArray> m_cache{512};
    std::optional<std::vector<bool>> m_free;
    using Follower = std::pair<quint32, quint32>; ///< parent, page
    std::optional<std::vector<Follower>> m_firsts;
    std::vector<Follower> m_nexts;
};

} // namespace satchel::store
