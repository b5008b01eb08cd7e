// SPDX-License-Identifier: GPL-3.0-or-later
// What may be wrong with the file, its folder or its disk.
#include "store/connection.h"
#include "store/schema.h"
#include "store/storefiles.h"
#include "storefixture.h"

#include <QFile>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#ifdef Q_OS_UNIX
#include <csignal>
#include <sys/resource.h>
#include <unistd.h>
#endif

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

class TestStoreFile : public QObject
{
    Q_OBJECT

private:
    /// Another program's doing: no writer of ours is open.
    static QVariant tamper(const QString &file, const QString &sql)
    {
        QVariant answer;
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(u"QSQLITE"_s, u"tamper"_s);
            database.setDatabaseName(file);
            if (!database.open())
                qFatal("cannot open");
            QSqlQuery query(database);
            if (!query.exec(sql))
                qFatal("%s", qPrintable(query.lastError().text()));
            if (query.next())
                answer = query.value(0);
        }
        QSqlDatabase::removeDatabase(u"tamper"_s);
        return answer;
    }

    static TestMail noisyMail(int number, int size)
    {
        QByteArray raw = "Subject: x\r\n\r\n";
        QRandomGenerator random(quint32(number) + 1);
        for (int i = 0; i < size; ++i)
            raw.append(char(random.generate()));
        return {.subject = u"mail w%1"_s.arg(number), .raw = raw};
    }

private Q_SLOTS:
    void opensASchemaOneStoreOfOldAndFindsAllInIt()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        QVERIFY(QFile::copy(QStringLiteral(SATCHEL_TEST_DATA "/../stores/schema-1.db"), file));
        QVERIFY(QFile::setPermissions(file, QFile::ReadOwner | QFile::WriteOwner));
        const auto opened = Writer::open(file);
        VERIFY_OK(opened);
        Writer &writer = **opened;
        const auto accounts = *writer.accounts();
        QCOMPARE(accounts.size(), 2);
        QCOMPARE(accounts.first().name, u"Ada"_s);
        QCOMPARE(accounts.first().security, Security::StartTls);
        QCOMPARE(accounts.first().trustedCertificate, QByteArray("\x01\x02\x00\x03", 4));
        const FolderId inbox = *writer.folder(accounts.first().id, FolderRole::Inbox);
        const auto reader = *Reader::open(file);
        const auto ids = *reader->list({inbox}, {});
        QCOMPARE(ids.size(), 2);
        QCOMPARE(reader->summaries(ids)->first().subject, u"Größe"_s);
        QCOMPARE(
            *reader->source(ids.first()), QByteArray("Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=\r\n\r\n\0bytes\r\r\n", 49));
        QCOMPARE(*reader->search(u"grosse"_s, {}, {}), QList{ids.first()});
        QCOMPARE(writer.ledger(accounts.first().id)->size(), 3);
        QCOMPARE(*writer.accountFact(accounts.first().id, u"pipelining"_s), "broken");
        QVERIFY(*writer.isStored(accounts.first().id, {"uid-2", 1}));
        QCOMPARE(*writer.checkIntegrity(true), {});
    }

    void leavesAStoreOfANewerProgramAlone()
    {
        StoreFixture store;
        store.closeWriter();
        tamper(store.file(), u"PRAGMA user_version = 99"_s);
        VERIFY_FAILS(Writer::open(store.file()), ErrorKind::StoreTooNew);
        VERIFY_FAILS(Reader::open(store.file()), ErrorKind::StoreTooNew);
        QCOMPARE(tamper(store.file(), u"PRAGMA user_version"_s).toInt(), 99);
    }

    void leavesFilesOfOtherProgramsAlone()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        tamper(file, u"CREATE TABLE theirs (x)"_s);
        VERIFY_FAILS(Writer::open(file), ErrorKind::StoreDamaged);
        VERIFY_FAILS(Reader::open(file), ErrorKind::StoreDamaged);
        QCOMPARE(tamper(file, u"SELECT count(*) FROM sqlite_schema"_s).toInt(), 1);
        QCOMPARE(tamper(file, u"PRAGMA journal_mode"_s).toString(), u"delete"_s);
    }

    void saysThatAFileIsNoStore()
    {
        const QTemporaryDir dir;
        const QString name = dir.filePath(u"mail.db"_s);
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray("This is no database at all. ").repeated(1000));
        file.close();
        VERIFY_FAILS(Writer::open(name), ErrorKind::StoreDamaged);
        VERIFY_FAILS(Reader::open(name), ErrorKind::StoreDamaged);
    }

    void reportsDamageInsteadOfCrashing()
    {
        StoreFixture store;
        for (int i = 0; i < 60; ++i)
            store.add(noisyMail(i, 5'000), QByteArray::number(i));
        store.closeWriter();
        const QByteArray whole = [&] {
            QFile file(store.file());
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }();
        QRandomGenerator random(5);
        for (int round = 0; round < 60; ++round) {
            QByteArray bytes = whole;
            for (int hit = 0; hit < 200; ++hit)
                bytes[qsizetype(random.bounded(quint32(bytes.size() - 4096))) + 4096] = char(random.generate());
            if (round % 5 == 0)
                bytes.truncate(bytes.size() / 2);
            QFile file(store.file());
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes);
            file.close();
            QFile::remove(store.file() + u"-wal"_s);
            QFile::remove(store.file() + u"-shm"_s);
            // Whatever the answer is, it is an answer.
            const auto opened = Writer::open(store.file());
            if (opened) {
                Writer &writer = **opened;
                const auto findings = writer.checkIntegrity(true);
                QVERIFY(!findings || !findings->isEmpty());
                (void)writer.ledger(store.account);
                (void)writer.append({store.item(noisyMail(1000 + round, 100), "new")});
                (void)writer.setFlags({MessageId{1}, MessageId{30}}, MessageFlag::Read, {});
                (void)writer.remove({MessageId{2}});
                (void)writer.purge();
            }
            if (const auto reader = Reader::open(store.file())) {
                (void)(*reader)->folders();
                (void)(*reader)->list({}, {});
                (void)(*reader)->search(u"mail"_s, {}, {SortField::Sender});
                for (qint64 id = 1; id <= 60; id += 7) {
                    (void)(*reader)->summaries({MessageId{id}});
                    const auto source = (*reader)->source(MessageId{id});
                    QVERIFY(!source || *source == noisyMail(int(id) - 1, 5'000).raw);
                }
            }
        }
    }

    void tellsDamagedBytesOfAMessage()
    {
        StoreFixture store;
        const MessageId a = store.add(noisyMail(1, 500), "a");
        const MessageId b = store.add(noisyMail(2, 500), "b");
        store.closeWriter();
        tamper(store.file(), u"UPDATE sources SET zstd = (SELECT zstd FROM sources WHERE id = 2) WHERE id = 1"_s);
        VERIFY_FAILS(store.reader()->source(a), ErrorKind::StoreDamaged);
        QCOMPARE(*store.reader()->source(b), noisyMail(2, 500).raw);
        tamper(store.file(), u"UPDATE sources SET zstd = x'00' WHERE id = 1"_s);
        VERIFY_FAILS(store.reader()->source(a), ErrorKind::StoreDamaged);
        tamper(store.file(), u"UPDATE sources SET size = 1 << 60 WHERE id = 1"_s);
        VERIFY_FAILS(store.reader()->source(a), ErrorKind::StoreDamaged);
    }

    // Law 4 begins here: an error, and nothing changed.
    void changesNothingWhenTheDiskIsFull()
    {
#ifndef Q_OS_UNIX
        QSKIP("needs a limit on the size of files");
#else
        StoreFixture store;
        store.add(noisyMail(0, 1000), "first");
        std::signal(SIGXFSZ, SIG_IGN);
        rlimit unlimited{};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &unlimited), 0);
        rlimit limited = unlimited;
        limited.rlim_cur = 3'000'000;
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &limited), 0);
        std::optional<Error> error;
        int stored = 1;
        for (int i = 1; i < 100 && !error; ++i) {
            const auto outcome = store.writer->append({store.item(noisyMail(i, 100'000), QByteArray::number(i)),
                store.item(noisyMail(1000 + i, 100'000), QByteArray::number(1000 + i))});
            if (outcome)
                stored += 2;
            else
                error = outcome.error();
        }
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &unlimited), 0);
        QVERIFY(error);
        QVERIFY(error->kind == ErrorKind::StoreFull || error->kind == ErrorKind::StoreFailed);
        QCOMPARE(store.info(store.inbox).total, stored);
        QCOMPARE(store.writer->ledger(store.account)->size(), stored);
        QCOMPARE(store.reader()->search(u"mail"_s, {}, {})->size(), stored);
        QVERIFY(store.add(noisyMail(5000, 100'000), "after").isValid()); // there is room again
        QCOMPARE(*store.writer->checkIntegrity(true), {});
#endif
    }

    void saysWhenThereIsNoRoomLeft()
    {
        const QTemporaryDir dir;
        const auto connection = Connection::open(dir.filePath(u"mail.db"_s), Connection::Mode::ReadWrite);
        VERIFY_OK(connection);
        Connection &database = **connection;
        VERIFY_OK(migrate(database));
        VERIFY_OK(database.run(u"PRAGMA max_page_count = %1"_s.arg(database.ask(u"PRAGMA page_count"_s)->toInt() + 2)));
        const auto filled = inTransaction(database, [&]() -> Expected<void> {
            for (int i = 0; i < 100; ++i) {
                Statement insert(database,
                    u"INSERT INTO sources (sha256, content_hash, size, zstd) VALUES (?, x'', 1, zeroblob(5000))"_s);
                if (auto run = insert.bind(QByteArray::number(i)).exec(); !run)
                    return run;
            }
            return {};
        });
        VERIFY_FAILS(filled, ErrorKind::StoreFull);
        QCOMPARE(filled.error().action, ErrorAction::Retry);
        QCOMPARE(database.ask(u"SELECT count(*) FROM sources"_s)->toInt(), 0);
    }

    void saysThatAFolderCannotBeWritten()
    {
#ifndef Q_OS_UNIX
        QSKIP("needs Unix permissions");
#else
        if (geteuid() == 0) {
            // Permissions do not bind root; what is no folder binds all.
            VERIFY_FAILS(Writer::open(u"/proc/satchel/mail.db"_s), ErrorKind::StoreFailed);
            VERIFY_FAILS(Writer::open(u"/dev/null/mail.db"_s), ErrorKind::StoreFailed);
            VERIFY_FAILS(Writer::open(u"/proc/mail.db"_s), ErrorKind::StoreFailed);
            return;
        }
        const QTemporaryDir dir;
        QVERIFY(QFile::setPermissions(dir.path(), QFile::ReadOwner | QFile::ExeOwner));
        VERIFY_FAILS(Writer::open(dir.filePath(u"mail.db"_s)), ErrorKind::StoreFailed);
        VERIFY_FAILS(Writer::open(dir.filePath(u"below/mail.db"_s)), ErrorKind::StoreFailed);
        QVERIFY(QFile::setPermissions(dir.path(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
#endif
    }

    void saysThatTheStoreIsAFolder()
    {
        const QTemporaryDir dir;
        VERIFY_FAILS(Writer::open(dir.path()), ErrorKind::StoreFailed);
    }

    void givesSpaceBackWhenMuchIsDeleted()
    {
        StoreFixture store;
        QList<MessageId> ids;
        for (int i = 0; i < 100; ++i)
            ids.append(store.add(noisyMail(i, 100'000), QByteArray::number(i)));
        const MessageId kept = ids.takeFirst();
        VERIFY_OK(store.writer->remove(ids));
        QCOMPARE(*store.writer->purge(), 99);
        store.closeWriter(); // writes the log back
        QVERIFY(QFileInfo(store.file()).size() < 1'000'000);
        QCOMPARE(*store.reader()->source(kept), noisyMail(0, 100'000).raw);
        store.openWriter();
        QCOMPARE(*store.writer->checkIntegrity(true), {});
    }

    void indexesTheWordsOfABatchTogether()
    {
        StoreFixture store;
        QList<AppendItem> batch;
        for (int i = 0; i < 50; ++i)
            batch.append(store.item({.subject = QString::number(i)}, QByteArray::number(i)));
        VERIFY_OK(store.writer->append(batch));
        store.closeWriter();
        QCOMPARE(tamper(store.file(), u"SELECT count(DISTINCT segid) FROM search_idx"_s).toInt(), 1);
    }

    void purgesAsFarAsTimeAllowsAndTheRestLater()
    {
        StoreFixture store;
        QList<AppendItem> batch;
        for (int i = 0; i < 500; ++i)
            batch.append(store.item({.subject = u"number %1"_s.arg(i)}, QByteArray::number(i)));
        const auto appended = store.writer->append(batch);
        VERIFY_OK(appended);
        QList<MessageId> ids;
        for (const MessageSummary &summary : appended->stored)
            ids.append(summary.id);
        const MessageId kept = ids.takeLast();
        VERIFY_OK(store.writer->remove(ids));
        QCOMPARE(*store.writer->purge(QDeadlineTimer(0)), 0);
        QCOMPARE(store.writer->removed()->size(), 499);
        QCOMPARE(*store.writer->purge({ids.first(), kept}), 1); // not what is not in Removed
        QCOMPARE(*store.writer->purge(), 498);
        QCOMPARE(*store.writer->removed(), {});
        QCOMPARE(*store.reader()->search(u"number"_s, {}, {}), QList{kept});
        QCOMPARE(*store.writer->checkIntegrity(true), {});
    }

    void makesAWorkingCopy()
    {
        StoreFixture store;
        const MessageId id = store.add(noisyMail(1, 500), "a");
        const QString copy = store.dir.filePath(u"it's a copy.db"_s);
        VERIFY_OK(copyStore(store.file(), copy));
        VERIFY_FAILS(copyStore(store.file(), copy), ErrorKind::FileUnwritable);
        VERIFY_FAILS(copyStore(store.file(), store.dir.filePath(u"no/such/folder.db"_s)), ErrorKind::FileUnwritable);
        const auto writer = Writer::open(copy);
        VERIFY_OK(writer);
        QCOMPARE(*(*writer)->checkIntegrity(true), {});
        const auto reader = *Reader::open(copy);
        QCOMPARE(*reader->source(id), noisyMail(1, 500).raw);
        QCOMPARE(*reader->search(u"mail"_s, {}, {}), QList{id});
    }

    // Law 6: the keychain knows passwords by the number of the account, and one of another would go to the wrong
    // server.
    void aRestoredStoreGivesTheNumberOfNoAccountToAnother()
    {
        StoreFixture store;
        const QString backup = store.dir.filePath(u"backup.db"_s);
        VERIFY_OK(copyStore(store.file(), backup));
        AccountSettings settings;
        settings.name = u"Added later"_s;
        const AccountId later = store.writer->addAccount(settings)->id;
        store.closeWriter();
        VERIFY_OK(restore(store.file(), backup, QDateTime::currentDateTimeUtc()));
        store.openWriter();
        QCOMPARE(store.writer->accounts()->size(), 1);
        settings.name = u"Another"_s;
        QVERIFY(store.writer->addAccount(settings)->id > later);
        QVERIFY(!QFileInfo::exists(store.file() + u".restoring"_s));
        QVERIFY(!QFileInfo::exists(store.file() + u".restoring-wal"_s));
    }

    void copiesAStoreBeforeItsSchemaChanges()
    {
        // A program that knows one step more than the file has: here the file has none of the steps, and a table.
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        const auto connection = Connection::open(file, Connection::Mode::ReadWrite);
        VERIFY_OK(connection);
        VERIFY_OK((*connection)->run(u"CREATE TABLE older (x)"_s));
        VERIFY_OK((*connection)->run(u"INSERT INTO older VALUES (42)"_s));
        VERIFY_OK((*connection)->run(u"PRAGMA application_id = %1"_s.arg(0x53746368)));
        VERIFY_OK(migrate(**connection));
        QCOMPARE((*connection)->ask(u"PRAGMA user_version"_s)->toInt(), knownSchema());
        const QString copy = file + u".before-schema-1"_s;
        QVERIFY(QFile::exists(copy));
        QCOMPARE(tamper(copy, u"SELECT x FROM older"_s).toInt(), 42);
        QCOMPARE(tamper(copy, u"PRAGMA user_version"_s).toInt(), 0);
    }

    void makesNoCopyOfANewFile()
    {
        const StoreFixture store;
        QCOMPARE(QDir(store.dir.path()).entryList({u"*before*"_s}), {});
    }

    void takesBackAStepThatFails()
    {
        const QTemporaryDir dir;
        const auto connection = Connection::open(dir.filePath(u"mail.db"_s), Connection::Mode::ReadWrite);
        VERIFY_OK(connection);
        VERIFY_OK((*connection)->run(u"CREATE TABLE messages (in_the_way)"_s));
        VERIFY_OK((*connection)->run(u"PRAGMA application_id = %1"_s.arg(0x53746368)));
        VERIFY_FAILS(migrate(**connection), ErrorKind::StoreFailed);
        QCOMPARE((*connection)->ask(u"PRAGMA user_version"_s)->toInt(), 0);
        QCOMPARE((*connection)->ask(u"SELECT count(*) FROM sqlite_schema"_s)->toInt(), 1);
    }

    void keepsTheHouseRulesOfTheFile()
    {
        StoreFixture store;
        QCOMPARE(tamper(store.file(), u"PRAGMA journal_mode"_s).toString(), u"wal"_s);
        QCOMPARE(tamper(store.file(), u"PRAGMA application_id"_s).toInt(), 0x53746368);
        QCOMPARE(tamper(store.file(),
                     u"SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
                     "AND NOT strict AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'search%'"_s)
                     .toInt(),
            0);
        qsizetype created = 0;
        for (const char *step : {"001-store.sql", "002-server-mail.sql", "003-store-facts.sql", "004-arrived.sql"}) {
            QFile schema(QStringLiteral(SATCHEL_SOURCE_DIR "/core/store/schema/") + QLatin1StringView(step));
            QVERIFY(schema.open(QIODevice::ReadOnly));
            created += statementsOf(QString::fromUtf8(schema.readAll())).filter(u"CREATE"_s).size();
        }
        QCOMPARE(created,
            tamper(store.file(),
                u"SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'search\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"_s)
                .toInt());
    }

    void letsReadersWaitForTheFirstWriter()
    {
        const QTemporaryDir dir;
        const QString file = dir.filePath(u"mail.db"_s);
        VERIFY_FAILS(Reader::open(file), ErrorKind::StoreFailed);
        QVERIFY(!QFile::exists(file));
        tamper(file, u"PRAGMA user_version = 0"_s);
        VERIFY_FAILS(Reader::open(file), ErrorKind::StoreFailed);
        VERIFY_OK(Writer::open(file));
        VERIFY_OK(Reader::open(file));
    }

    // A reader that outlives the writer only reads: it would leave what was written last in the log.
    void leavesAllInOneFileThoughSomebodyStillReads()
    {
        StoreFixture store;
        const auto reader = store.reader();
        for (int i = 0; i < 20; ++i)
            store.add(noisyMail(i, 5000));
        QCOMPARE(reader->list({store.inbox}, {})->size(), 20);
        QVERIFY(QFileInfo(store.file() + u"-wal"_s).size() > 100'000);
        store.closeWriter();
        QCOMPARE(reader->list({store.inbox}, {})->size(), 20);
        QCOMPARE(QFileInfo(store.file() + u"-wal"_s).size(), 0);
        // As a person does who takes it along.
        const QString copy = store.dir.filePath(u"copy.db"_s);
        QVERIFY(QFile::copy(store.file(), copy));
        QCOMPARE((*Reader::open(copy))->list({}, {})->size(), 20);
    }

    void doesNotPinTheLog()
    {
        StoreFixture store;
        for (int i = 0; i < 20; ++i)
            store.add(noisyMail(i, 100), QByteArray::number(i));
        const auto reader = store.reader();
        VERIFY_OK(reader->search(u"mail"_s, {}, {}, 3));
        VERIFY_OK(reader->list({}, {}));
        VERIFY_OK(reader->source(MessageId{1}));
        VERIFY_OK(reader->summaries({MessageId{1}, MessageId{2}}));
        VERIFY_FAILS(reader->list({}, {}, [] { return true; }), ErrorKind::Cancelled);
        QCOMPARE(tamper(store.file(), u"PRAGMA wal_checkpoint(TRUNCATE)"_s).toInt(), 0); // 1 would be: busy
    }
};

QTEST_GUILESS_MAIN(TestStoreFile)
#include "tst_storefile.moc"
