// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the store on synthetic mail, beside floors taken in the same run: bench_store [--messages N] [--batch N]
// [--file FILE] [--keep]. Figures go to standard output, one a line.
#include "bench/figures.h"
#include "bench/syntheticmail.h"
#include "store/reader.h"
#include "store/writer.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>

#include <algorithm>
#include <functional>
#include <vector>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::bench;
using namespace satchel::store;

namespace {

double medianMilliseconds(const std::function<void()> &work, int times = 9)
{
    std::vector<double> taken;
    for (int i = 0; i < times; ++i) {
        QElapsedTimer timer;
        timer.start();
        work();
        taken.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(taken.begin(), taken.end());
    return taken[taken.size() / 2];
}

qint64 fileSize(const QString &file)
{
    return QFileInfo(file).size();
}

/// What SQLite takes for the bytes alone: the same pages, the same commits.
class BlobFloor
{
public:
    explicit BlobFloor(const QString &file)
        : m_database(QSqlDatabase::addDatabase(u"QSQLITE"_s, u"floor"_s))
    {
        m_database.setDatabaseName(file);
        if (!m_database.open())
            qFatal("no floor");
        for (const QString &sql : {u"PRAGMA page_size = 8192"_s, u"PRAGMA journal_mode = WAL"_s,
                 u"PRAGMA synchronous = FULL"_s, u"CREATE TABLE blobs (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)"_s})
            QSqlQuery(m_database).exec(sql);
    }

    void append(const QList<AppendItem> &batch)
    {
        m_database.transaction();
        QSqlQuery insert(m_database);
        insert.prepare(u"INSERT INTO blobs (bytes) VALUES (?)"_s);
        for (const AppendItem &item : batch) {
            insert.bindValue(0, item.message.compressed);
            insert.exec();
        }
        insert.finish();
        m_database.commit();
    }

private:
    QSqlDatabase m_database;
};

void measureReading(const QString &file, const SyntheticMail &mail, FolderId inbox)
{
    const auto reader = orDie(Reader::open(file));
    const ListScope folder{inbox};
    const ListScope everything;
    const auto ids = orDie(reader->list(folder, {}));
    figure(u"list, folder by date"_s, medianMilliseconds([&] { orDie(reader->list(folder, {})); }, 5), u"ms"_s);
    figure(u"list, folder by sender"_s,
        medianMilliseconds([&] { orDie(reader->list(folder, {SortField::Sender})); }, 5), u"ms"_s);
    figure(u"list, folder by subject"_s,
        medianMilliseconds([&] { orDie(reader->list(folder, {SortField::Subject})); }, 5), u"ms"_s);
    figure(u"list, all Inboxes by date"_s,
        medianMilliseconds([&] { orDie(reader->list({.allInboxes = true}, {})); }, 5), u"ms"_s);
    figure(u"list, everything by date"_s, medianMilliseconds([&] { orDie(reader->list(everything, {})); }, 5), u"ms"_s);
    figure(u"list, unread by date"_s,
        medianMilliseconds([&] { orDie(reader->list({.folder = inbox, .unreadOnly = true}, {})); }, 5), u"ms"_s);
    figure(u"list, starred by sender"_s,
        medianMilliseconds(
            [&] { orDie(reader->list({.folder = inbox, .starredOnly = true}, {SortField::Sender})); }, 5),
        u"ms"_s);
    figure(u"list, with attachment by date"_s,
        medianMilliseconds([&] { orDie(reader->list({.folder = inbox, .withAttachmentOnly = true}, {})); }, 5),
        u"ms"_s);
    {
        QSqlDatabase floor = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"scan"_s);
        floor.setConnectOptions(u"QSQLITE_OPEN_READONLY"_s);
        floor.setDatabaseName(file);
        floor.open();
        figure(u"floor: ids of the table, unordered"_s,
            medianMilliseconds(
                [&] {
                    QSqlQuery query(floor);
                    query.setForwardOnly(true);
                    query.exec(u"SELECT id FROM messages"_s);
                    QList<qint64> all;
                    while (query.next())
                        all.append(query.value(0).toLongLong());
                },
                5),
            u"ms"_s);
    }
    qsizetype at = 0;
    figure(u"page of 128 summaries"_s,
        medianMilliseconds(
            [&] {
                at = (at + 7919 * 128) % qMax<qsizetype>(1, ids.size() - 128);
                orDie(reader->summaries(ids.sliced(at, qMin<qsizetype>(128, ids.size() - at))));
            },
            21),
        u"ms"_s);
    figure(u"bytes of a message"_s,
        medianMilliseconds(
            [&] {
                at = (at + 7919) % ids.size();
                orDie(reader->source(ids[at]));
            },
            101),
        u"ms"_s);
    const auto search = [&](const QString &name, const QString &query, const ListScope &scope, SortOrder order,
                            int limit) {
        const auto hits = orDie(reader->search(query, scope, order, limit)).size();
        figure(u"search, %1 (%2 hits)"_s.arg(name).arg(hits),
            medianMilliseconds([&] { orDie(reader->search(query, scope, order, limit)); }), u"ms"_s);
    };
    search(u"rare word, newest 50"_s, u"unicornword"_s, everything, {}, 50);
    search(u"common word, newest 50"_s, mail.common(), everything, {}, 50);
    search(
        u"phrase of common words, newest 50"_s, u'"' + mail.word(3) + u' ' + mail.word(5) + u'"', everything, {}, 50);
    search(u"two common words, newest 50"_s, mail.word(3) + u' ' + mail.word(7), everything, {}, 50);
    search(u"common word in a folder, newest 50"_s, mail.common(), folder, {}, 50);
    search(u"beginning of 1 letter, newest 50"_s, u"k"_s, everything, {}, 50);
    search(u"beginning of 2 letters, newest 50"_s, u"ka"_s, everything, {}, 50);
    search(u"beginning of 3 letters, newest 50"_s, u"kar"_s, everything, {}, 50);
    search(u"beginning of 6 letters, newest 50"_s, u"karomi"_s, everything, {}, 50);
    search(u"common word, all by date"_s, mail.common(), everything, {}, 0);
    search(u"common word, all by sender"_s, mail.common(), everything, {SortField::Sender}, 0);
    search(u"rare word, all by sender"_s, u"unicornword"_s, everything, {SortField::Sender}, 0);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    QCommandLineParser options;
    options.addHelpOption();
    options.addOptions(
        {{u"messages"_s, u"How many."_s, u"N"_s, u"100000"_s}, {u"batch"_s, u"Messages a commit."_s, u"N"_s, u"200"_s},
            {u"file"_s, u"The store; default: in a folder of its own."_s, u"FILE"_s},
            {u"read-only"_s, u"Measure reading of FILE only."_s}});
    options.process(app);
    const int count = options.value(u"messages"_s).toInt();
    const int batchSize = options.value(u"batch"_s).toInt();
    const QTemporaryDir folder;
    const QString file = options.isSet(u"file"_s) ? options.value(u"file"_s) : folder.filePath(u"mail.db"_s);
    SyntheticMail mail;

    auto writer = orDie(Writer::open(file));
    if (!options.isSet(u"read-only"_s)) {
        AccountSettings settings;
        settings.name = u"Bench"_s;
        const AccountId account = orDie(writer->addAccount(settings)).id;
        settings.name = u"Second"_s;
        const AccountId second = orDie(writer->addAccount(settings)).id;
        const FolderId inbox = orDie(writer->folder(account, FolderRole::Inbox));
        const FolderId secondInbox = orDie(writer->folder(second, FolderRole::Inbox));
        BlobFloor floor(folder.filePath(u"floor.db"_s));
        double prepareCpu = 0;
        double appendCpu = 0;
        double appendSeconds = 0;
        double floorSeconds = 0;
        double slowest = 0;
        qint64 rawBytes = 0;
        qint64 compressedBytes = 0;
        for (int done = 0; done < count;) {
            QList<SyntheticMail::Mail> mails;
            for (int i = 0; i < batchSize && done + i < count; ++i)
                mails.append(mail.next(done + i));
            double cpu = cpuSeconds();
            QList<AppendItem> batch;
            for (const auto &one : std::as_const(mails)) {
                const int number = done + int(batch.size());
                const bool other = number % 50 == 0;
                MessageFlags flags;
                flags.setFlag(MessageFlag::Read, number % 20 != 0);
                flags.setFlag(MessageFlag::Starred, number % 500 == 0);
                batch.append({other ? second : account, other ? secondInbox : inbox,
                    {"uidl-" + QByteArray::number(qHash(number)) + "-" + QByteArray::number(number), 0}, one.raw.size(),
                    QDateTime::fromSecsSinceEpoch(1'700'000'000 + number, QTimeZone::UTC), flags,
                    prepare(one.raw, one.envelope, one.words)});
                rawBytes += one.raw.size();
                compressedBytes += batch.last().message.compressed.size();
            }
            prepareCpu += cpuSeconds() - cpu;
            cpu = cpuSeconds();
            QElapsedTimer timer;
            timer.start();
            orDie(writer->append(batch));
            const double taken = double(timer.nsecsElapsed()) / 1e9;
            slowest = qMax(slowest, taken);
            appendSeconds += taken;
            appendCpu += cpuSeconds() - cpu;
            timer.start();
            floor.append(batch);
            floorSeconds += double(timer.nsecsElapsed()) / 1e9;
            done += int(batch.size());
        }
        figure(u"messages"_s, count, {});
        figure(u"raw mail"_s, double(rawBytes) / 1e6, u"MB"_s);
        figure(u"compressed"_s, double(compressedBytes) / 1e6, u"MB"_s);
        figure(u"prepare, CPU a message"_s, prepareCpu * 1000 / count, u"ms"_s);
        figure(u"prepare, CPU throughput"_s, double(rawBytes) / 1e6 / prepareCpu, u"MB/s"_s);
        figure(u"append, wall a message"_s, appendSeconds * 1000 / count, u"ms"_s);
        figure(u"append, CPU a message"_s, appendCpu * 1000 / count, u"ms"_s);
        figure(u"append, slowest batch"_s, slowest * 1000, u"ms"_s);
        figure(u"floor: bytes alone, wall a message"_s, floorSeconds * 1000 / count, u"ms"_s);
        figure(u"floor: file"_s, double(fileSize(folder.filePath(u"floor.db"_s))) / 1e6, u"MB"_s);
    }
    const auto accounts = orDie(writer->accounts());
    const FolderId inbox = orDie(writer->folder(accounts.first().id, FolderRole::Inbox));
    figure(u"store with index"_s, double(fileSize(file)) / 1e6, u"MB"_s);
    figure(u"write-ahead log"_s, double(fileSize(file + u"-wal"_s)) / 1e6, u"MB"_s);
    figure(u"ledger of the account"_s, medianMilliseconds([&] { orDie(writer->ledger(accounts.first().id)); }, 5),
        u"ms"_s);
    measureReading(file, mail, inbox);
    if (!options.isSet(u"read-only"_s)) {
        // What each DELE waits for: the bytes are read and held against their hash; and what a look at names alone
        // would be.
        const auto known = orDie(writer->ledger(accounts.first().id)).first(qMin<qsizetype>(10'000, count * 49 / 50));
        figure(u"prove 10000 by their bytes"_s,
            medianMilliseconds(
                [&] {
                    for (const LedgerEntry &entry : known)
                        (void)orDie(writer->isStored(accounts.first().id, entry.key));
                },
                3),
            u"ms"_s);
        figure(u"floor: their header hashes alone"_s,
            medianMilliseconds(
                [&] {
                    for (const LedgerEntry &entry : known)
                        (void)orDie(writer->headerHashOf(accounts.first().id, entry.key));
                },
                3),
            u"ms"_s);
        const auto ids = orDie(orDie(Reader::open(file))->list({inbox}, {}));
        const auto some = ids.first(qMin<qsizetype>(10'000, ids.size()));
        figure(u"mark 10000 read"_s,
            medianMilliseconds([&] { orDie(writer->setFlags(some, MessageFlag::Read, {})); }, 1), u"ms"_s);
        figure(u"mark 10000 unread"_s,
            medianMilliseconds([&] { orDie(writer->setFlags(some, {}, MessageFlag::Read)); }, 1), u"ms"_s);
        figure(u"mark one read"_s,
            medianMilliseconds([&] { orDie(writer->setFlags({some.first()}, MessageFlag::Read, {})); }, 1), u"ms"_s);
        figure(u"remove 10000"_s, medianMilliseconds([&] { orDie(writer->remove(some)); }, 1), u"ms"_s);
        figure(u"purge 10000"_s, medianMilliseconds([&] { orDie(writer->purge()); }, 1), u"ms"_s);
        figure(u"quick check"_s, medianMilliseconds([&] { orDie(writer->checkIntegrity()); }, 1), u"ms"_s);
    }
    writer.reset();
    return 0;
}
