// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/pagecells.h"

#include <QHash>

#include <functional>

namespace satchel::store {

/// The bytes of one message, found in a damaged file.
struct FoundSource {
    qint64 id = 0; ///< as the file knows it; 0: that was not to be read
    QByteArray bytes;
    QByteArray sha256; ///< of `bytes`
    bool proven = false; ///< a hash that the file keeps says that these are the bytes as they were received
};

/// Finds the bytes of messages on the pages of a damaged file: by the rows of `sources` where they can be read, else by
/// looking for compressed frames on the page itself. One thread.
class SourceFinder
{
public:
    explicit SourceFinder(PageFile &file)
        : m_file(file)
        , m_cells(file)
    {
    }

    [[nodiscard]] static bool isSource(const RawCell &cell);

    /// A page of the index by hash: asked where a row has lost its id or its hash.
    void noteIndexPage(quint32 page) { m_indexPages.append(page); }

    using Found = std::function<void(const FoundSource &source)>;
    /// All that is on a page. \a thorough: also beside its rows.
    void findOn(quint32 page, bool thorough, const Found &found);

private:
    bool takeRow(const RawCell &cell, const Found &found);
    void takeFrames(quint32 number, const QByteArray &page, const Found &found);
    bool takeFrame(const QByteArray &page, qsizetype at, const QByteArray &frames, const Found &found);
    [[nodiscard]] qint64 idOf(const QByteArray &sha256);

    PageFile &m_file;
    PageCells m_cells;
    QList<quint32> m_indexPages;
    QHash<QByteArray, qint64> m_ids;
};

} // namespace satchel::store
