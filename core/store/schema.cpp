// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schema.h"

#include "store/connection.h"
#include "store/filesafety.h"

#include <QDir>
#include <QFile>
#include <QVariant>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qint64 applicationId = 0x53746368; // "Stch"

QString folderOfSteps()
{
    return u":/satchel/store/schema"_s;
}

QStringList steps()
{
    return QDir(folderOfSteps()).entryList({u"*.sql"_s}, QDir::Files, QDir::Name);
}

struct Version {
    qint64 application = 0;
    int schema = 0;
    bool empty = true;
};

Expected<Version> versionOf(Connection &connection)
{
    const auto application = connection.ask(u"PRAGMA application_id"_s);
    if (!application)
        return std::unexpected(application.error());
    const auto schema = connection.ask(u"PRAGMA user_version"_s);
    if (!schema)
        return std::unexpected(schema.error());
    const auto objects = connection.ask(u"SELECT count(*) FROM sqlite_schema"_s);
    if (!objects)
        return std::unexpected(objects.error());
    const Version version{application->toLongLong(), schema->toInt(), objects->toLongLong() == 0};
    if (!version.empty && version.application != applicationId) {
        return fail(ErrorKind::StoreDamaged,
            StoreText::tr("%1 is not a mail store of Satchel. Choose another folder, or move this file away.")
                .arg(QDir::toNativeSeparators(connection.file())));
    }
    if (version.schema > knownSchema()) {
        return fail(ErrorKind::StoreTooNew,
            StoreText::tr("Your mail was last used by a newer version of Satchel (%1). Install that version "
                          "again; nothing was changed.")
                .arg(QDir::toNativeSeparators(connection.file())));
    }
    return version;
}

Expected<void> copyBefore(Connection &connection, int schema)
{
    const QString copy = connection.file() + u".before-schema-%1"_s.arg(schema + 1);
    const QString part = copy + u".part"_s;
    QFile::remove(part);
    (void)createPrivate(part);
    if (auto made = connection.run(u"VACUUM INTO '%1'"_s.arg(QString(part).replace(u'\'', u"''"_s))); !made) {
        QFile::remove(part);
        return made;
    }
    auto synced = syncFile(part);
    if (synced)
        synced = renameDurably(part, copy);
    if (!synced) {
        return fail(ErrorKind::StoreFailed,
            StoreText::tr("The copy of your mail that is made before an upgrade could not be written (%1). "
                          "Check that its folder can be written.")
                .arg(QDir::toNativeSeparators(copy)),
            ErrorAction::Retry, synced.error().detail);
    }
    return {};
}

} // namespace

int knownSchema()
{
    return int(steps().size());
}

QStringList statementsOf(const QString &sql)
{
    QStringList statements;
    for (const QString &block : QString(sql).remove(u'\r').split(u"\n\n"_s, Qt::SkipEmptyParts)) {
        QStringList lines;
        for (const QString &line : block.split(u'\n')) {
            if (!line.trimmed().isEmpty() && !line.startsWith(u"--"))
                lines.append(line);
        }
        if (!lines.isEmpty())
            statements.append(lines.join(u'\n'));
    }
    return statements;
}

Expected<int> schemaOf(Connection &connection)
{
    const auto version = versionOf(connection);
    return version ? Expected<int>(version->schema) : std::unexpected(version.error());
}

qint64 storeApplicationId()
{
    return applicationId;
}

Expected<void> migrate(
    Connection &connection, int target, bool isSafe, const std::function<void(int percent)> &progress)
{
    const auto version = versionOf(connection);
    if (!version)
        return std::unexpected(version.error());
    if (!isSafe && !version->empty && version->schema < target) {
        if (auto copied = copyBefore(connection, version->schema); !copied)
            return copied;
    }
    const QStringList files = steps();
    QList<QStringList> due;
    qsizetype all = 0;
    for (int step = version->schema; step < target; ++step) {
        QFile file(folderOfSteps() + u'/' + files.at(step));
        if (!file.open(QIODevice::ReadOnly))
            return fail(ErrorKind::StoreFailed, StoreText::tr("The program is incomplete. Install it again."));
        due.append(statementsOf(QString::fromUtf8(file.readAll())));
        all += due.constLast().size();
    }
    qsizetype count = 0;
    for (int step = version->schema; step < target; ++step) {
        auto done = inTransaction(connection, [&]() -> Expected<void> {
            for (const QString &statement : due.at(step - version->schema)) {
                if (auto run = connection.run(statement); !run)
                    return run;
                ++count;
                if (progress && !version->empty)
                    progress(int(count * 100 / all));
            }
            if (auto run = connection.run(u"PRAGMA application_id = %1"_s.arg(applicationId)); !run)
                return run;
            return connection.run(u"PRAGMA user_version = %1"_s.arg(step + 1));
        });
        if (!done)
            return done;
    }
    return {};
}

Expected<void> checkReadable(Connection &connection)
{
    const auto version = versionOf(connection);
    if (!version)
        return std::unexpected(version.error());
    if (version->schema < knownSchema()) {
        return fail(ErrorKind::StoreFailed, StoreText::tr("Your mail is being made ready. Try again in a moment."),
            ErrorAction::Retry);
    }
    return {};
}

} // namespace satchel::store
