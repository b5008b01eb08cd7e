// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"
#include "store/schema.h"
#include "storefixture.h"

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

namespace {

QDateTime utc(const char *iso)
{
    return QDateTime::fromString(QString::fromLatin1(iso), Qt::ISODate).toUTC();
}

} // namespace

/// By which date mail is listed when the message, the server and the clock here do not agree.
class TestListedDates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void row4_listsByTheDateThatCanBeTrue_data()
    {
        QTest::addColumn<QDateTime>("date");
        QTest::addColumn<QDateTime>("received");
        QTest::addColumn<QDateTime>("arrived");
        QTest::addColumn<QDateTime>("listed");
        const QDateTime arrived = utc("2026-11-30T18:00:00Z");
        const QDateTime none;
        const auto row = [](const char *name, const QDateTime &date, const QDateTime &received, const QDateTime &here,
                             const QDateTime &listed) { QTest::newRow(name) << date << received << here << listed; };
        row("no date", none, none, arrived, arrived);
        row("seventy years ahead", utc("2096-03-17T05:32:00Z"), none, arrived, arrived);
        row("two days ahead", utc("2026-12-02T19:00:00Z"), none, arrived, arrived);
        row("hours ahead", utc("2026-12-01T06:00:00Z"), none, arrived, utc("2026-12-01T06:00:00Z"));
        row("of a dead battery", utc("1970-01-01T00:00:10Z"), none, arrived, arrived);
        row("of 1980", utc("1980-01-04T00:00:00Z"), none, arrived, arrived);
        row("old mail from an old mailbox", utc("2003-05-05T10:00:00Z"), none, arrived, utc("2003-05-05T10:00:00Z"));
        row("the last server is ahead, too", utc("2096-03-17T05:32:00Z"), utc("2096-03-17T05:32:00Z"), arrived,
            arrived);
        row("the clock here stands in 1970", utc("2026-11-30T17:59:00Z"), utc("2026-11-30T17:59:30Z"),
            utc("1970-01-01T00:05:00Z"), utc("2026-11-30T17:59:00Z"));
    }

    void row4_listsByTheDateThatCanBeTrue()
    {
        QFETCH(QDateTime, date);
        QFETCH(QDateTime, received);
        QFETCH(QDateTime, arrived);
        QFETCH(QDateTime, listed);
        StoreFixture store;
        AppendItem item = store.item({}, "a");
        item.message.envelope.date = date;
        item.message.envelope.received = received;
        item.storedAt = arrived;
        const auto outcome = store.writer->append({item});
        VERIFY_OK(outcome);
        QCOMPARE(outcome->stored.constFirst().date, listed);
        const auto rows = store.reader()->summaries({outcome->stored.constFirst().id});
        VERIFY_OK(rows);
        QCOMPARE(rows->constFirst().date, listed);
        QCOMPARE(rows->constFirst().stored, arrived);
    }

    void row4_listsByArrival()
    {
        StoreFixture store;
        QList<AppendItem> items;
        for (int i = 0; i < 3; ++i) {
            AppendItem item =
                store.item({.subject = u"Number %1"_s.arg(i), .date = utc("2024-05-17T12:00:00Z").addDays(-i)},
                    QByteArray::number(i));
            item.storedAt = utc("2026-11-30T18:00:00Z").addSecs(60 * (i == 1 ? 9 : i)); // the second came last
            items.append(item);
        }
        const auto outcome = store.writer->append(items);
        VERIFY_OK(outcome);
        const auto id = [&](int i) { return outcome->stored.at(i).id; };
        const auto reader = store.reader();
        const SortOrder newest{.field = SortField::Arrived, .direction = Qt::DescendingOrder};
        const SortOrder oldest{.field = SortField::Arrived, .direction = Qt::AscendingOrder};
        QCOMPARE(*reader->list({store.inbox}, newest), QList({id(1), id(2), id(0)}));
        QCOMPARE(*reader->list({store.inbox}, oldest), QList({id(0), id(2), id(1)}));
        QCOMPARE(*reader->list({}, newest), QList({id(1), id(2), id(0)}));
        QCOMPARE(*reader->search(u"number"_s, {}, newest, 0), QList({id(1), id(2), id(0)}));
        QCOMPARE(*reader->search(u"number"_s, {}, newest, 2), QList({id(1), id(2)}));
        QCOMPARE(*reader->list({store.inbox}, {}), QList({id(0), id(1), id(2)}));
    }

    void row4_aStoreOfOldLosesItsDatesOfTheFuture()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        {
            const auto connection = Connection::open(file, Connection::Mode::ReadWrite);
            VERIFY_OK(connection);
            VERIFY_OK(migrate(**connection, 2));
            VERIFY_OK((*connection)
                    ->run(u"INSERT INTO accounts (id, name, person_name, address, host, port, security, user_name, "
                          "mechanism, retention, keep_days, delete_when_deleted_here, size_limit, "
                          "check_every_minutes, enabled, trusted_certificate, position) VALUES (1, 'W', '', "
                          "'', '', 0, 0, '', '', 0, 0, 0, 0, 0, 1, x'', 0)"_s));
            VERIFY_OK((*connection)->run(u"INSERT INTO folders (id, account_id, role, name) VALUES (1, 1, 1, '')"_s));
            VERIFY_OK((*connection)
                    ->run(
                        u"INSERT INTO sources (id, sha256, content_hash, size, zstd) VALUES (1, x'01', x'', 0, x'')"_s));
            const qint64 stored = utc("2026-11-30T18:00:00Z").toMSecsSinceEpoch();
            for (const QDateTime &date :
                {utc("2096-03-17T05:32:00Z"), utc("2003-05-05T10:00:00Z"), utc("1970-01-01T00:00:10Z")}) {
                VERIFY_OK((*connection)
                        ->run(u"INSERT INTO messages (folder_id, source_id, flags, date, stored, size, "
                              "sender_key, subject_key) VALUES (1, 1, 0, %1, %2, 0, '', '')"_s
                                  .arg(date.toMSecsSinceEpoch())
                                  .arg(stored)));
            }
        }
        VERIFY_OK(Writer::open(file));
        const auto reader = Reader::open(file);
        VERIFY_OK(reader);
        QCOMPARE(*(*reader)->list({FolderId{1}}, {}), QList({MessageId{3}, MessageId{1}, MessageId{2}}));
    }
};

QTEST_GUILESS_MAIN(TestListedDates)
#include "tst_listeddates.moc"
