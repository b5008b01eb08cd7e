// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkvisit.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <algorithm>

namespace satchel::test {

CheckVisit::CheckVisit(const QList<ServerMessage> &messages, const ServerQuirks &quirks, Retention retention)
    : server(messages, quirks)
{
    if (!server.listen())
        qFatal("the scripted server does not listen");
    harness.account().security = Security::Plain;
    harness.account().port = server.port();
    harness.account().userName = QStringLiteral("alice");
    harness.account().retention = retention;
}

void CheckVisit::age(int days)
{
    alter(QStringLiteral(
        "UPDATE uidls SET stored_at = stored_at - %1 * 86400000, first_seen = first_seen - %1 * 86400000")
            .arg(days));
}

void CheckVisit::alter(const QString &statement)
{
    harness.reopen();
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("alter"));
    database.setDatabaseName(harness.storeFile());
    if (!database.open())
        qFatal("the store cannot be opened");
    {
        QSqlQuery query(database);
        if (!query.exec(statement))
            qFatal("%s", qPrintable(query.lastError().text()));
    }
    database.close();
    database = {};
    QSqlDatabase::removeDatabase(QStringLiteral("alter"));
}

QByteArrayList bytesOf(const QList<ServerMessage> &messages)
{
    QByteArrayList list;
    for (const ServerMessage &message : messages)
        list.append(message.bytes);
    return list;
}

QByteArrayList sorted(QByteArrayList list)
{
    std::sort(list.begin(), list.end());
    return list;
}

} // namespace satchel::test
