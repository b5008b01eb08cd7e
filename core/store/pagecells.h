// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/pagefile.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <optional>

namespace satchel::store {

/// A value of a row as SQLite writes it.
struct RawValue {
    enum class Kind { Null, Integer, Real, Text, Blob };

    Kind kind = Kind::Null;
    qint64 integer = 0;
    QByteArray bytes;

    [[nodiscard]] bool isInteger() const { return kind == Kind::Integer; }
};

/// What the header of a row says of its values: enough to tell of which table it is.
struct RawShape {
    QList<quint64> types; ///< serial types
    qsizetype headerSize = 0;

    [[nodiscard]] qsizetype columns() const { return types.size(); }
    [[nodiscard]] bool isNull(qsizetype column) const { return types.at(column) == 0; }
    [[nodiscard]] bool isInteger(qsizetype column) const;
    [[nodiscard]] bool isBlob(qsizetype column) const { return types.at(column) >= 12 && types.at(column) % 2 == 0; }
    [[nodiscard]] bool isBlob(qsizetype column, qsizetype size) const
    {
        return types.at(column) == quint64(size * 2 + 12);
    }
    [[nodiscard]] bool isText(qsizetype column) const { return types.at(column) >= 13 && types.at(column) % 2 == 1; }
};

/// One cell of a page: the beginning of a row, and where the rest of it is.
struct RawCell {
    quint32 page = 0;
    qint64 rowid = 0;
    quint64 payload = 0; ///< bytes of the whole row
    QByteArray local; ///< those that stand on the page
    quint32 overflow = 0; ///< page that holds the next ones
    RawShape shape;
};

struct RawCells {
    bool isTable = false; ///< leaf of a table with row ids; else a page of an index, or of a table without them
    QList<RawCell> cells; ///< those that make sense
    bool clean = false; ///< every byte of the page is accounted for
};

/// Rows out of pages that may be damaged: each is read on its own, and what makes no sense is left out. One thread.
class PageCells
{
public:
    explicit PageCells(PageFile &file)
        : m_file(file)
    {
    }

    /// nullopt: not a page that holds rows.
    [[nodiscard]] std::optional<RawCells> read(quint32 page);

    using Accept = std::function<bool(const QByteArray &payload)>;
    /// The bytes of the row, by the chain of its pages. Where a link is broken, the pointer map and the page next by
    /// number are tried, until \a accept is content. Empty when it never is.
    [[nodiscard]] QByteArray whole(const RawCell &cell, const Accept &accept);

    /// Bytes from \a start on, followed by those of the chain that begins at \a first.
    [[nodiscard]] QByteArray chained(const QByteArray &start, quint32 first, qsizetype longest);

    /// The values of a row; nullopt when the bytes are not one.
    [[nodiscard]] static std::optional<QList<RawValue>> values(const QByteArray &payload);
    [[nodiscard]] static std::optional<RawShape> shapeOf(const QByteArray &local, quint64 payload);

private:
    struct Cell {
        RawCell cell;
        qsizetype begin = 0;
        qsizetype end = 0;
    };
    std::optional<Cell> readCell(const QByteArray &page, qsizetype at, quint8 type);
    QList<quint32> links(quint32 page, bool ofCell, quint32 written);

    PageFile &m_file;
};

} // namespace satchel::store
