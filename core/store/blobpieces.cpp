// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/blobpieces.h"

#include <QByteArray>
#include <QLibrary>
#include <QSqlDriver>
#include <QVariant>

#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

// Of SQLite's C interface, which is stable (sqlite.org/c3ref/blob_open.html, .../auto_extension.html).
constexpr int okay = 0;
constexpr int pieceSize = 256 * 1024;

struct Functions {
    int (*autoExtension)(void (*entryPoint)()) = nullptr;
    int (*open)(void *, const char *, const char *, const char *, long long, int, void **) = nullptr;
    int (*bytes)(void *) = nullptr;
    int (*read)(void *, void *, int, int) = nullptr;
    int (*write)(void *, const void *, int, int) = nullptr;
    int (*close)(void *) = nullptr;
};

/// The connection that was opened last on this thread, as the SQLite of the system saw it.
thread_local void *opened = nullptr;

int noteOpened(void *connection, char **, const void *)
{
    opened = connection;
    return okay;
}

template <class Function>
bool resolve(QLibrary &library, const char *name, Function &function)
{
    function = reinterpret_cast<Function>(library.resolve(name));
    return function != nullptr;
}

Functions systemFunctions()
{
    Functions found;
    QLibrary library(u"sqlite3"_s, 0);
    const bool whole = resolve(library, "sqlite3_auto_extension", found.autoExtension)
        && resolve(library, "sqlite3_blob_open", found.open) && resolve(library, "sqlite3_blob_bytes", found.bytes)
        && resolve(library, "sqlite3_blob_read", found.read) && resolve(library, "sqlite3_blob_write", found.write)
        && resolve(library, "sqlite3_blob_close", found.close);
    if (!whole || found.autoExtension(reinterpret_cast<void (*)()>(&noteOpened)) != okay)
        return {};
    return found;
}

const Functions &functions()
{
    static const Functions found = systemFunctions();
    return found;
}

} // namespace

void BlobPieces::listen()
{
    (void)functions();
    opened = nullptr;
}

BlobPieces BlobPieces::of(const QSqlDatabase &database)
{
    BlobPieces pieces;
    const QVariant handle = database.driver()->handle();
    if (qstrcmp(handle.typeName(), "sqlite3*") == 0) {
        void *const connection = *static_cast<void *const *>(handle.constData());
        if (connection == std::exchange(opened, nullptr))
            pieces.m_connection = connection;
    }
    return pieces;
}

std::expected<BlobPieces::Value, int> BlobPieces::open(const Place &place, bool forWriting) const
{
    void *blob = nullptr;
    const int code = functions().open(
        m_connection, "main", place.table.constData(), place.column.constData(), place.row, forWriting ? 1 : 0, &blob);
    Value value;
    value.m_blob = {blob, functions().close};
    if (code != okay)
        return std::unexpected(code);
    return value;
}

BlobPieces::Result BlobPieces::Value::write(QByteArrayView bytes)
{
    if (const int code = functions().write(m_blob.get(), bytes.data(), int(bytes.size()), m_at); code != okay)
        return std::unexpected(code);
    m_at += int(bytes.size());
    return {};
}

BlobPieces::Result BlobPieces::Value::read(const std::function<void(QByteArrayView)> &take)
{
    const int size = functions().bytes(m_blob.get());
    QByteArray piece(pieceSize, Qt::Uninitialized);
    while (m_at < size) {
        const int some = qMin(pieceSize, size - m_at);
        if (const int code = functions().read(m_blob.get(), piece.data(), some, m_at); code != okay)
            return std::unexpected(code);
        take(QByteArrayView(piece.constData(), some));
        m_at += some;
    }
    return {};
}

BlobPieces::Result BlobPieces::Value::close()
{
    if (const int code = functions().close(m_blob.release()); code != okay)
        return std::unexpected(code);
    return {};
}

} // namespace satchel::store
