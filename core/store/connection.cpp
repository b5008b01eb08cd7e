// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"

#include <QDir>
#include <QFileInfo>
#include <QSqlError>
#include <QStorageInfo>
#include <QTimeZone>
#include <QUrl>
#include <QUuid>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

// Primary result codes of SQLite (sqlite.org/rescode.html); the driver gives the extended ones.
enum SqliteCode {
    Permission = 3,
    Busy = 5,
    Locked = 6,
    ReadOnly = 8,
    IoError = 10,
    Corrupt = 11,
    Full = 13,
    CantOpen = 14,
    TooBig = 18,
    NotADatabase = 26
};

Error typedError(const QSqlError &error, const QString &file)
{
    const QString native = QDir::toNativeSeparators(file);
    const QString detail = sanitised(error.driverText() + u": "_s + error.databaseText());
    const auto made = [&](ErrorKind kind, const QString &text, ErrorAction action = ErrorAction::None) {
        return Error{kind, text, action, detail, std::nullopt};
    };
    int code = error.nativeErrorCode().toInt() & 0xff;
    // Where there is no room for the file that readers and writer share, SQLite speaks of the disk.
    constexpr qint64 leastRoom = 1024 * 1024;
    if (code == IoError) {
        const QStorageInfo disk(QFileInfo(file).absolutePath());
        if (disk.isValid() && disk.bytesAvailable() < leastRoom)
            code = Full;
    }
    switch (code) {
    case Full:
        return made(ErrorKind::StoreFull,
            StoreText::tr("There is no room left on the disk that holds your mail (%1). Make room there and try again; "
                          "nothing was lost.")
                .arg(native),
            ErrorAction::Retry);
    case Corrupt:
        // Also said where the disk could not read a page, so that it proves nothing yet.
        return made(ErrorKind::StoreUnreadable,
            StoreText::tr("A part of the file that holds your mail could not be read (%1). Try again; if it happens "
                          "again, have the file checked in the settings, under Storage.")
                .arg(native),
            ErrorAction::Retry);
    case NotADatabase:
        return made(ErrorKind::StoreDamaged,
            StoreText::tr("The file that holds your mail is damaged (%1); repair it, or restore a backup.").arg(native),
            ErrorAction::RepairStore);
    case Busy:
    case Locked:
        return made(ErrorKind::StoreLocked,
            StoreText::tr("Another program is using the file that holds your mail (%1). Close it and try again.")
                .arg(native),
            ErrorAction::Retry);
    case ReadOnly:
    case Permission:
        return made(ErrorKind::StoreFailed,
            StoreText::tr("The file that holds your mail cannot be written (%1). Check the permissions of the file and "
                          "of its folder.")
                .arg(native),
            ErrorAction::Retry);
    case CantOpen:
        return made(ErrorKind::StoreFailed,
            StoreText::tr("The file that holds your mail cannot be opened (%1). Check that its folder exists and that "
                          "you may write there.")
                .arg(native),
            ErrorAction::Retry);
    case IoError:
        return made(ErrorKind::StoreFailed,
            StoreText::tr("The disk reports an error on the file that holds your mail (%1). Check the disk and try "
                          "again.")
                .arg(native),
            ErrorAction::Retry);
    case TooBig:
        return made(ErrorKind::StoreFailed, StoreText::tr("A message is too large to be stored."));
    default:
        return made(ErrorKind::StoreFailed,
            StoreText::tr("The file that holds your mail could not be read or changed (%1). Try again; if it happens "
                          "again, restart the program.")
                .arg(native),
            ErrorAction::Retry);
    }
}

/// What the driver would say of a result code.
QSqlError errorOf(int code)
{
    return {{}, {}, QSqlError::StatementError, QString::number(code)};
}

QString uriOf(const QString &file, const QString &how)
{
    return QString::fromLatin1(QUrl::fromLocalFile(QFileInfo(file).absoluteFilePath()).toEncoded()) + u'?' + how;
}

} // namespace

Connection::Connection(const QString &file, const QString &name)
    : m_file(file)
    , m_name(name)
    , m_database(QSqlDatabase::addDatabase(u"QSQLITE"_s, name))
{
}

Connection::~Connection()
{
    m_prepared.clear();
    m_database.close();
    m_database = QSqlDatabase();
    QSqlDatabase::removeDatabase(m_name);
}

Expected<std::unique_ptr<Connection>> Connection::open(const QString &file, Mode mode)
{
    const QString name = u"satchel-store-"_s + QUuid::createUuid().toString(QUuid::WithoutBraces);
    std::unique_ptr<Connection> connection(new Connection(file, name));
    QSqlDatabase &database = connection->m_database;
    if (!database.isValid()) {
        return fail(ErrorKind::StoreFailed,
            StoreText::tr(
                "The SQLite driver of Qt is missing, so mail cannot be stored. Install the Qt SQLite plugin."));
    }
    QString options = u"QSQLITE_BUSY_TIMEOUT=5000;QSQLITE_OPEN_URI"_s;
    if (mode != Mode::ReadWrite)
        options += u";QSQLITE_OPEN_READONLY"_s;
    database.setConnectOptions(options);
    database.setDatabaseName(mode == Mode::Alone ? uriOf(file, u"mode=ro&immutable=1"_s) : file);
    BlobPieces::listen();
    if (!database.open())
        return std::unexpected(typedError(database.lastError(), file));
    connection->m_pieces = BlobPieces::of(database);
    return connection;
}

Expected<void> Connection::run(const QString &sql)
{
    if (auto allowed = guarded(); !allowed)
        return allowed;
    return execute(sql);
}

Expected<void> Connection::begin()
{
    if (auto allowed = guarded(); !allowed)
        return allowed;
    auto begun = execute(u"BEGIN IMMEDIATE"_s);
    m_inTransaction = begun.has_value();
    return begun;
}

Expected<void> Connection::commit()
{
    if (m_guard) {
        if (auto allowed = m_guard(); !allowed)
            return allowed;
    }
    if (auto committed = execute(u"COMMIT"_s); !committed)
        return committed;
    m_inTransaction = false;
    // What was written while the file became somebody else's is not relied upon.
    if (auto stillOurs = guarded(); !stillOurs)
        return stillOurs;
    if (m_committed)
        m_committed(std::exchange(m_bytesBound, 0));
    return {};
}

void Connection::rollBack()
{
    // SQLite may have rolled back by itself: then this one fails, which is as good.
    if (std::exchange(m_inTransaction, false))
        (void)execute(u"ROLLBACK"_s);
}

Expected<void> Connection::execute(const QString &sql)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return std::unexpected(typedError(query.lastError(), m_file));
    return {};
}

Expected<QVariant> Connection::ask(const QString &sql)
{
    QSqlQuery query(m_database);
    query.setForwardOnly(true);
    if (!query.exec(sql))
        return std::unexpected(typedError(query.lastError(), m_file));
    if (query.next())
        return query.value(0);
    if (query.lastError().isValid())
        return std::unexpected(typedError(query.lastError(), m_file));
    return QVariant();
}

Expected<void> Connection::attach(const QString &file, const QString &name)
{
    return run(u"ATTACH '%1' AS %2"_s.arg(uriOf(file, u"mode=ro"_s).replace(u'\'', u"''"_s), name));
}

Expected<void> Connection::writePieces(const BlobPieces::Place &place, const SpoolFile &from)
{
    if (auto allowed = guarded(); !allowed)
        return allowed;
    auto value = m_pieces.open(place, true);
    if (!value)
        return std::unexpected(typedError(errorOf(value.error()), m_file));
    BlobPieces::Result written;
    const auto read = from.read([&](QByteArrayView piece) {
        written = value->write(piece);
        return written.has_value();
    });
    if (!read)
        return read;
    if (written)
        written = value->close();
    if (!written)
        return std::unexpected(typedError(errorOf(written.error()), m_file));
    m_bytesBound += from.size();
    return {};
}

Expected<void> Connection::readPieces(const BlobPieces::Place &place, const std::function<void(QByteArrayView)> &take)
{
    if (auto allowed = guarded(); !allowed)
        return allowed;
    auto value = m_pieces.open(place, false);
    if (!value)
        return std::unexpected(typedError(errorOf(value.error()), m_file));
    if (const auto read = value->read(take); !read)
        return std::unexpected(typedError(errorOf(read.error()), m_file));
    return {};
}

QSqlQuery &Connection::prepared(const QString &sql)
{
    std::shared_ptr<QSqlQuery> &query = m_prepared[sql];
    // One that could not be prepared (a lock, a damaged page) is tried again.
    if (!query || query->lastError().isValid()) {
        query = std::make_shared<QSqlQuery>(m_database);
        query->setForwardOnly(true);
        query->prepare(sql);
    }
    return *query;
}

Statement::Statement(Connection &connection, const QString &sql)
    : m_connection(connection)
    , m_query(connection.prepared(sql))
{
    if (m_query.lastError().isValid())
        m_unprepared = typedError(m_query.lastError(), connection.m_file);
}

Statement::~Statement()
{
    m_query.finish();
}

Statement &Statement::bind(qint64 value)
{
    m_query.bindValue(m_bound++, value);
    return *this;
}

Statement &Statement::bind(const QString &value)
{
    m_connection.m_bytesBound += value.size();
    // The driver would bind a null string as NULL.
    m_query.bindValue(m_bound++, value.isNull() ? u""_s : value);
    return *this;
}

Statement &Statement::bind(const QByteArray &value)
{
    m_connection.m_bytesBound += value.size();
    m_query.bindValue(m_bound++, value.isNull() ? QByteArray("") : value);
    return *this;
}

Statement &Statement::bindNull()
{
    m_query.bindValue(m_bound++, QVariant());
    return *this;
}

Expected<void> Statement::exec()
{
    m_bound = 0;
    if (m_unprepared)
        return std::unexpected(*m_unprepared);
    if (auto allowed = m_connection.guarded(); !allowed)
        return allowed;
    if (m_query.exec())
        return {};
    return std::unexpected(typedError(m_query.lastError(), m_connection.m_file));
}

Expected<void> Statement::outcome() const
{
    const QSqlError error = m_query.lastError();
    if (!error.isValid())
        return {};
    return std::unexpected(typedError(error, m_connection.m_file));
}

QDateTime Statement::time(int column) const
{
    const qint64 milliseconds = integer(column);
    return milliseconds == 0 ? QDateTime() : QDateTime::fromMSecsSinceEpoch(milliseconds, QTimeZone::UTC);
}

} // namespace satchel::store
