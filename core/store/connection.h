// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/ids.h"
#include "base/spoolfile.h"
#include "store/blobpieces.h"

#include <QByteArray>
#include <QCoreApplication>
#include <QDateTime>
#include <QHash>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace satchel::store {

/// The sentences of this room, for translators.
struct StoreText {
    Q_DECLARE_TR_FUNCTIONS(satchel::store)
};

/// One SQLite connection with its prepared statements. Lives on the thread that opened it.
class Connection
{
public:
    enum class Mode {
        ReadWrite,
        ReadOnly,
        Alone, ///< reads the file without its log, as if nobody had it open; it must not change meanwhile
    };

    static Expected<std::unique_ptr<Connection>> open(const QString &file, Mode mode);
    ~Connection();
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    /// Runs one statement that is not worth keeping.
    Expected<void> run(const QString &sql);
    /// The first column of the first row; invalid when there is none.
    Expected<QVariant> ask(const QString &sql);
    /// Another file beside this one, under \a name, for reading only.
    Expected<void> attach(const QString &file, const QString &name);

    /// Values that are too large to be held: the bytes of \a from go into \a place, which holds as many (zeroblob), and
    /// come from there piece by piece. Only where handlesPieces().
    [[nodiscard]] bool handlesPieces() const { return m_pieces.isUsable(); }
    Expected<void> writePieces(const BlobPieces::Place &place, const SpoolFile &from);
    Expected<void> readPieces(const BlobPieces::Place &place, const std::function<void(QByteArrayView)> &take);

    [[nodiscard]] QString file() const { return m_file; }

    /// Asked before each statement outside of a transaction, before a transaction begins, before it is committed, and
    /// once more before that is believed: an error of it is the error of the statement. Empty: nobody is asked.
    using Guard = std::function<Expected<void>()>;
    void setGuard(Guard guard) { m_guard = std::move(guard); }
    /// Called when a transaction is committed, with about so many bytes that were given to statements since the last.
    void setCommitted(std::function<void(qint64 bytes)> committed) { m_committed = std::move(committed); }

    // For inTransaction().
    Expected<void> begin();
    Expected<void> commit();
    void rollBack();

private:
    friend class Statement;
    Connection(const QString &file, const QString &name);
    QSqlQuery &prepared(const QString &sql);
    Expected<void> execute(const QString &sql);
    [[nodiscard]] Expected<void> guarded() const { return m_guard && !m_inTransaction ? m_guard() : Expected<void>(); }

    QString m_file;
    QString m_name;
    QSqlDatabase m_database;
    BlobPieces m_pieces;
    QHash<QString, std::shared_ptr<QSqlQuery>> m_prepared;
    Guard m_guard;
    std::function<void(qint64 bytes)> m_committed;
    qint64 m_bytesBound = 0;
    bool m_inTransaction = false;
};

/// A use of a prepared statement: values are bound in order, it is finished when it goes out of scope, so
/// that no reader pins the write-ahead log. One use of the same text at a time.
class Statement
{
public:
    Statement(Connection &connection, const QString &sql);
    ~Statement();
    Statement(const Statement &) = delete;
    Statement &operator=(const Statement &) = delete;

    Statement &bind(qint64 value);
    Statement &bind(int value) { return bind(qint64(value)); }
    Statement &bind(bool value) { return bind(qint64(value ? 1 : 0)); }
    Statement &bind(const QString &value);
    Statement &bind(const QByteArray &value);
    Statement &bind(const QDateTime &value) { return bind(value.isValid() ? value.toMSecsSinceEpoch() : qint64(0)); }
    template <class Tag>
    Statement &bind(Id<Tag> id)
    {
        return bind(id.value);
    }
    Statement &bindNull();

    Expected<void> exec();
    /// True while there is a row. At the end, or on an error, false: then ask outcome().
    bool next() { return m_query.next(); }
    [[nodiscard]] Expected<void> outcome() const;

    [[nodiscard]] qint64 integer(int column) const { return m_query.value(column).toLongLong(); }
    [[nodiscard]] bool boolean(int column) const { return integer(column) != 0; }
    [[nodiscard]] QString text(int column) const { return m_query.value(column).toString(); }
    [[nodiscard]] QByteArray bytes(int column) const { return m_query.value(column).toByteArray(); }
    [[nodiscard]] QDateTime time(int column) const;
    template <class AnyId>
    [[nodiscard]] AnyId id(int column) const
    {
        return AnyId{integer(column)};
    }
    [[nodiscard]] qint64 insertedId() const { return m_query.lastInsertId().toLongLong(); }
    [[nodiscard]] int changedRows() const { return m_query.numRowsAffected(); }

private:
    Connection &m_connection;
    QSqlQuery &m_query;
    std::optional<Error> m_unprepared; ///< exec() would hide why prepare() failed
    int m_bound = 0;
};

/// Runs \a work between BEGIN IMMEDIATE and COMMIT; whatever fails, nothing has changed.
template <class Work>
auto inTransaction(Connection &connection, Work &&work) -> decltype(work())
{
    if (auto begun = connection.begin(); !begun)
        return std::unexpected(begun.error());
    auto result = work();
    if (result) {
        auto committed = connection.commit();
        if (committed)
            return result;
        result = std::unexpected(committed.error());
    }
    connection.rollBack();
    return result;
}

} // namespace satchel::store
