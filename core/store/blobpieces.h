// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QSqlDatabase>

#include <expected>
#include <functional>
#include <memory>

namespace satchel::store {

/// SQLite's way into one value piece by piece, which Qt's driver does not hand on: a value of hundreds of megabytes
/// would be in memory twice otherwise. It is there only where the driver uses the SQLite of the system, which is proven
/// for each connection when it is opened: SQLite itself tells of it. Elsewhere the values are handled as a whole.
/// Lives on the thread of its connection.
class BlobPieces
{
public:
    /// To be called before a connection is opened on this thread, so that SQLite can tell of it.
    static void listen();
    /// Nothing where there is no such way to \a database, which was opened last on this thread.
    static BlobPieces of(const QSqlDatabase &database);

    [[nodiscard]] bool isUsable() const { return m_connection != nullptr; }

    struct Place {
        QByteArray table;
        QByteArray column;
        qint64 row = 0;
    };
    using Result = std::expected<void, int>; ///< a result code of SQLite

    /// One value while it is written or read, from its first byte on.
    class Value
    {
    public:
        /// Over the bytes that are there, behind what was written before.
        [[nodiscard]] Result write(QByteArrayView bytes);
        [[nodiscard]] Result read(const std::function<void(QByteArrayView)> &take);
        [[nodiscard]] Result close(); ///< only then what was written is known to be

    private:
        friend class BlobPieces;
        std::unique_ptr<void, int (*)(void *)> m_blob{nullptr, nullptr};
        int m_at = 0;
    };
    [[nodiscard]] std::expected<Value, int> open(const Place &place, bool forWriting) const;

private:
    void *m_connection = nullptr;
};

} // namespace satchel::store
