// SPDX-License-Identifier: GPL-3.0-or-later
// Backups, restoring, checks and repair of the store as a whole, and what a server meets afterwards.
#include "store/storecheck.h"
#include "store/storefiles.h"
#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/storecare.h"

#include <QDir>
#include <QFile>
#include <QRandomGenerator>
#include <QSysInfo>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;
using sync::CareResult;
using sync::CareTask;
using sync::StoreCare;

namespace {

const QString password = QStringLiteral("secret");

struct Place {
    explicit Place(const QList<ServerMessage> &messages = Maildrop::generated(5))
        : server(messages)
    {
        if (!server.listen())
            qFatal("the scripted server does not listen");
        harness.account().security = Security::Plain;
        harness.account().port = server.port();
        harness.account().userName = u"alice"_s;
        harness.account().retention = Retention::Keep;
    }

    sync::CheckResult check() { return harness.check(password); }
    CareResult care(CareTask task, const QString &file = {})
    {
        return sync::takeCare(harness.storeFile(), task, file, {}, {});
    }
    [[nodiscard]] QString folder() const { return QFileInfo(harness.storeFile()).absolutePath(); }

    CheckHarness harness;
    ScriptedServer server;
};

/// Mails that cannot be compressed much, so that each has bytes of its own.
QList<ServerMessage> noisy(int count)
{
    QList<ServerMessage> messages;
    QRandomGenerator random(5);
    for (int i = 0; i < count; ++i) {
        QByteArray bytes = "Subject: noisy " + QByteArray::number(i) + "\r\n\r\n";
        for (int line = 0; line < 60; ++line) {
            QByteArray noise(48, Qt::Uninitialized);
            random.generate(noise.begin(), noise.end());
            bytes += noise.toBase64() + "\r\n";
        }
        messages.append({"n" + QByteArray::number(i), bytes});
    }
    return messages;
}

void overwrite(const QString &name, qsizetype at, qsizetype count)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadWrite) || !file.seek(at))
        qFatal("cannot open");
    file.write(QByteArray(count, '\x5a'));
}

qsizetype find(const QString &name, const QByteArray &bytes)
{
    QFile file(name);
    return file.open(QIODevice::ReadOnly) ? file.readAll().indexOf(bytes) : -1;
}

} // namespace

class TestStoreCare : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void makesABackupWhileMailArrives()
    {
        Place place(Maildrop::generated(300, 20'000));
        QVERIFY(!place.check().error);
        StoreCare care(place.harness.storeFile());
        const QFuture<CareResult> backup = care.start(CareTask::BackUp);
        place.server.addMessages({{"later", "Subject: later\r\n\r\nx\r\n"}});
        QCOMPARE(place.check().stored, 1); // whether or not the copy is made by now
        const CareResult result = backup.result();
        QVERIFY2(!result.error, qPrintable(result.text));
        // Every start asks how it stands: that reads no mail.
        QCOMPARE(care.facts(false).result().mailBytes, 0);
        QCOMPARE(care.facts(false).result().messages, 301);
        const StoreFacts facts = care.facts(true).result();
        QCOMPARE(facts.messages, 301);
        QVERIFY(facts.mailBytes > 0 && facts.mailBytes < facts.fileBytes);
        QCOMPARE(facts.backups.size(), 1);
        QCOMPARE(*store::fullCheck(facts.backups.constFirst().file, {}), QStringList());
        const auto reader = *store::Reader::open(facts.backups.constFirst().file);
        QVERIFY(reader->list({}, {})->size() >= 300);
    }

    void makesABackupOnlyWhenSomethingHasChanged()
    {
        Place place;
        QVERIFY(!place.check().error);
        QVERIFY(!place.care(CareTask::BackUpIfDue).text.isEmpty());
        QVERIFY(place.care(CareTask::BackUpIfDue).text.isEmpty()); // one a day
        const auto fact = [](int hours) {
            const QDateTime now = QDateTime::currentDateTimeUtc();
            return StoreFacts{.file = {}, .messages = 5, .backups = {{u"a"_s, now.addSecs(-3600LL * hours), 1, false}}};
        };
        const QDateTime now = QDateTime::currentDateTimeUtc();
        QVERIFY(StoreCare::isBackUpDue(fact(25), true, now));
        QVERIFY(!StoreCare::isBackUpDue(fact(25), false, now));
        QVERIFY(!StoreCare::isBackUpDue(fact(3), true, now));
        QVERIFY(!StoreCare::isBackUpDue(StoreFacts{}, true, now)); // nothing in it yet
        QVERIFY(!store::changedSince(place.harness.storeFile(), now.addDays(1)));
        QVERIFY(store::changedSince(place.harness.storeFile(), now.addDays(-1)));
    }

    void keepsTheLatestAndOneOfEachWeekBefore()
    {
        QList<BackupFile> all;
        const QDateTime newest(QDate(2026, 3, 20), QTime(12, 0), QTimeZone::UTC); // a Friday
        for (int day = 0; day < 30; ++day)
            all.append({QString::number(day), newest.addDays(-day), 1, false});
        all.append({u"upgrade"_s, newest.addDays(-100), 1, true});
        QStringList kept;
        const QStringList gone = store::outdated(all, {.automatic = true, .keep = 3, .weeks = 2});
        for (const BackupFile &backup : std::as_const(all)) {
            if (!gone.contains(backup.file))
                kept.append(backup.file);
        }
        // Friday to Wednesday, the Sunday before, and the Sunday before that.
        QCOMPARE(kept, (QStringList{u"0"_s, u"1"_s, u"2"_s, u"5"_s, u"12"_s, u"upgrade"_s}));
        QCOMPARE(store::outdated(all, {.automatic = true, .keep = 30, .weeks = 0}), QStringList());
    }

    void neverFillsTheDisk()
    {
        const QTemporaryDir dir;
        QVERIFY(store::checkRoom(dir.path(), 1000).has_value());
        const auto refused = store::checkRoom(dir.path(), 1LL << 60);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::StoreFull);
    }

    void writesABackupToAFileInPlaceOfAnOlderOne()
    {
        Place place;
        QVERIFY(!place.check().error);
        const QString file = place.folder() + u"/my backup.sqlite"_s;
        QVERIFY(!place.care(CareTask::BackUpTo, file).error);
        place.server.addMessages({{"later", "Subject: later\r\n\r\nx\r\n"}});
        QVERIFY(!place.check().error);
        QVERIFY(!place.care(CareTask::BackUpTo, file).error);
        const auto reader = *store::Reader::open(file);
        QCOMPARE(reader->list({}, {})->size(), 6);
        QVERIFY(!QFile::exists(file + u".new"_s));
    }

    void refusesToReplaceAFileThatIsOpen()
    {
        Place place;
        QVERIFY(!place.check().error);
        QVERIFY(!place.care(CareTask::BackUp).error);
        const QString backup = store::backups(place.harness.storeFile()).constFirst().file;
        for (const CareTask task : {CareTask::Restore, CareTask::Repair}) {
            const CareResult refused = place.care(task, backup);
            QVERIFY(refused.error);
            QCOMPARE(refused.error->kind, ErrorKind::StoreLocked);
        }
    }

    void restoresAndKeepsAsideWhatWasThere()
    {
        Place place;
        QVERIFY(!place.check().error);
        const MessageId inTrash = place.harness.reader().list({}, {})->constFirst();
        (void)*place.harness.writer().remove({inTrash}); // waits to be purged
        QVERIFY(!place.care(CareTask::BackUp).error);
        const QString backup = store::backups(place.harness.storeFile()).constFirst().file;
        place.server.addMessages({{"later", "Subject: later\r\n\r\nx\r\n"}});
        place.harness.account().name = u"Renamed since"_s;
        QCOMPARE(place.check().stored, 1);
        place.harness.close();

        const CareResult result = place.care(CareTask::Restore, backup);
        QVERIFY2(!result.error, qPrintable(result.text));
        const QStringList aside = QDir(place.folder()).entryList({u"*.before-restore-*"_s}, QDir::Files);
        QCOMPARE(aside.size(), 1);
        QVERIFY(QFile::exists(backup));
        {
            const auto before = *store::Reader::open(place.folder() + u'/' + aside.constFirst());
            QCOMPARE(before->list({}, {})->size(), 5); // four, and the later one
        }
        place.harness.reopen();
        // What was deleted then and not purged yet is not lost by going back.
        QCOMPARE(place.harness.reader().list({}, {})->size(), 5);
        QCOMPARE(place.harness.writer().accounts()->constFirst().name, u"Renamed since"_s);
        QCOMPARE(place.check().stored, 1); // the later one, still on the server
        QCOMPARE(place.harness.sources().size(), 6);
        QCOMPARE(*place.harness.writer().checkIntegrity(true), QStringList());
        QCOMPARE(QDir(place.folder()).entryList({u"*restoring*"_s, u"*.ready"_s}), QStringList());
    }

    // The server was rebuilt after the backup, and gave a known UIDL to another message of the same size.
    void deletesNothingOnTheServerThatAnOldLedgerMistakesForKnown()
    {
        Place place;
        QCOMPARE(place.check().stored, 5);
        QVERIFY(!place.care(CareTask::BackUp).error);
        const QString backup = store::backups(place.harness.storeFile()).constFirst().file;
        QList<ServerMessage> messages = place.server.messages();
        const QByteArray known = messages.at(2).bytes;
        messages[2].bytes = "Subject: quite another\r\n\r\n";
        messages[2].bytes += QByteArray(known.size() - messages.at(2).bytes.size() - 2, 'y') + "\r\n";
        QCOMPARE(messages.at(2).bytes.size(), known.size());
        place.server.setMessages(messages);
        place.harness.close();
        QVERIFY(!place.care(CareTask::Restore, backup).error);
        place.harness.reopen();

        place.harness.account().retention = Retention::DeleteAfterDownload;
        place.server.clearRecord();
        const sync::CheckResult result = place.check();
        QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
        QCOMPARE(place.server.record().retrieved, QByteArrayList{messages.at(2).uidl});
        QVERIFY(place.harness.sources().contains(messages.at(2).bytes));
        QVERIFY(place.harness.sources().contains(known));
        // The others were proven by their headers, and leave.
        QByteArrayList deleted = place.server.record().deleted;
        deleted.removeAll(messages.at(2).uidl);
        std::ranges::sort(deleted);
        QCOMPARE(deleted, (QByteArrayList{"u1", "u2", "u4", "u5"}));
    }

    void deletesNothingOnTheServerOnAnOldWishThatWasTakenBack()
    {
        Place place;
        place.harness.account().deleteWhenDeletedHere = true;
        QCOMPARE(place.check().stored, 5);
        const MessageId message = place.harness.reader().list({}, {})->constFirst();
        (void)*place.harness.writer().remove({message});
        QVERIFY(!place.care(CareTask::BackUp).error);
        const QString backup = store::backups(place.harness.storeFile()).constFirst().file;
        place.harness.close();
        QVERIFY(!place.care(CareTask::Restore, backup).error);
        place.harness.reopen();
        QVERIFY(!place.check().error);
        QCOMPARE(place.server.record().deleted, QByteArrayList());
        QCOMPARE(place.harness.sources().size(), 5);
    }

    void doubtsUntilTheHeaderWasSeenAndNoLonger()
    {
        Place place;
        QCOMPARE(place.check().stored, 5);
        QVERIFY(place.harness.writer().doubtLedger().has_value());
        QVERIFY(std::ranges::all_of(place.harness.ledger(), &store::LedgerEntry::doubted));
        place.server.clearRecord();
        QVERIFY(!place.check().error);
        QVERIFY(place.server.record().retrieved.isEmpty());
        QVERIFY(std::ranges::none_of(place.harness.ledger(), &store::LedgerEntry::doubted));
        place.server.clearRecord();
        QVERIFY(!place.check().error);
        const QByteArrayList commands = place.server.record().commands;
        QVERIFY(std::ranges::none_of(commands, [](const QByteArray &line) { return line.startsWith("TOP"); }));
    }

    void findsDamageAndRepairsIt()
    {
        Place place(noisy(40));
        QCOMPARE(place.check().stored, 40);
        const QByteArrayList all = place.harness.sources();
        place.harness.close();
        QVERIFY(!place.care(CareTask::FullCheck).error);
        QVERIFY(!place.care(CareTask::QuickCheck).error);
        const QByteArray frame = store::prepare(all.at(35), {}, {}).compressed;
        const qsizetype at = find(place.harness.storeFile(), frame.sliced(30, 40));
        QVERIFY(at > 0);
        overwrite(place.harness.storeFile(), at, 40);
        const CareResult found = place.care(CareTask::FullCheck);
        QVERIFY(found.error);
        QCOMPARE(found.error->kind, ErrorKind::StoreDamaged);
        QCOMPARE(found.error->action, ErrorAction::RepairStore);
        QVERIFY(place.care(CareTask::QuickCheck).error); // it looks at the newest twenty in any case

        const CareResult repaired = place.care(CareTask::Repair);
        QVERIFY2(!repaired.error, qPrintable(repaired.text));
        QCOMPARE(QDir(place.folder()).entryList({u"*.damaged-*"_s}, QDir::Files).size(), 1);
        place.harness.reopen();
        const QByteArrayList saved = place.harness.sources();
        for (const QByteArray &raw : all)
            QCOMPARE(saved.contains(raw), raw != all.at(35));
        // Law 1: what was lost here is fetched again, and nothing else is.
        place.server.clearRecord();
        QCOMPARE(place.check().stored, 1);
        QCOMPARE(place.server.record().retrieved.size(), 1);
        QVERIFY(place.harness.sources().contains(all.at(35)));
        QVERIFY(!place.care(CareTask::FullCheck).error);
    }

    void findsAFileThatWasCutOff()
    {
        Place place(Maildrop::generated(40, 3000));
        QCOMPARE(place.check().stored, 40);
        place.harness.close();
        QFile file(place.harness.storeFile());
        QVERIFY(file.resize(file.size() / 2));
        const CareResult found = place.care(CareTask::QuickCheck);
        QVERIFY(found.error);
        QCOMPARE(found.error->kind, ErrorKind::StoreDamaged);
    }

    void stopsACheckWhenAsked()
    {
        Place place(Maildrop::generated(100, 3000));
        QVERIFY(!place.check().error);
        const auto stopped = store::fullCheck(place.harness.storeFile(), [](int percent) { return percent < 20; });
        QVERIFY(!stopped);
        QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    }

    void refusesADamagedBackup()
    {
        Place place(Maildrop::generated(40, 3000));
        QVERIFY(!place.check().error);
        QVERIFY(!place.care(CareTask::BackUp).error);
        const QString backup = store::backups(place.harness.storeFile()).constFirst().file;
        QFile file(backup);
        QVERIFY(file.resize(file.size() / 2));
        place.harness.close();
        QVERIFY(place.care(CareTask::Restore, backup).error);
        place.harness.reopen();
        QCOMPARE(place.harness.sources().size(), 40);
        QCOMPARE(
            QDir(place.folder()).entryList({u"*restoring*"_s, u"*.ready"_s, u"*before-restore*"_s}), QStringList());
    }

    // Between "the old file is aside" and "the new one has its name".
    void finishesWhatAProgramThatDiedBegan()
    {
        Place place;
        QVERIFY(!place.check().error);
        place.harness.close();
        const QString file = place.harness.storeFile();
        QVERIFY(QFile::copy(file, file + u".ready"_s));
        QVERIFY(QFile::rename(file, file + u".damaged-1"_s));
        place.harness.reopen();
        QCOMPARE(place.harness.sources().size(), 5);
        QVERIFY(!QFile::exists(file + u".ready"_s));
    }

    void refusesAStoreThatIsOpenOnAnotherComputer()
    {
        Place place;
        QVERIFY(!place.check().error);
        place.harness.close();
        QFile lock(place.harness.storeFile() + u".lock"_s);
        QVERIFY(lock.open(QIODevice::WriteOnly));
        lock.write("4711\nsatchel\nsomewhere-else\n\n\n");
        lock.close();
        const auto refused = store::Writer::open(place.harness.storeFile());
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::StoreLocked);
        QCOMPARE(refused.error().action, ErrorAction::TakeOverStore);
        QVERIFY(refused.error().text.contains(u"somewhere-else"));
        QVERIFY(store::Writer::open(place.harness.storeFile(), true).has_value());
        QVERIFY(store::Writer::open(place.harness.storeFile()).has_value());
    }

    void takesOverFromAProgramThatDiedOnThisComputer()
    {
        Place place;
        place.harness.close();
        QFile lock(place.harness.storeFile() + u".lock"_s);
        QVERIFY(lock.open(QIODevice::WriteOnly));
        lock.write("99999999\nsatchel\n" + QSysInfo::machineHostName().toUtf8() + "\n" + QSysInfo::machineUniqueId()
            + "\n" + QSysInfo::bootUniqueId() + "\n");
        lock.close();
        QVERIFY(store::Writer::open(place.harness.storeFile()).has_value());
    }

    void saysThatItIsStillAtWork()
    {
        Place place;
        const QString lock = place.harness.storeFile() + u".lock"_s;
        {
            QFile file(lock);
            QVERIFY(file.open(QIODevice::ReadWrite));
            QVERIFY(file.setFileTime(QDateTime::currentDateTimeUtc().addDays(-1), QFileDevice::FileModificationTime));
        }
        place.harness.writer().touchLock();
        QVERIFY(QFileInfo(lock).lastModified().addSecs(600) > QDateTime::currentDateTime());
    }
};

QTEST_GUILESS_MAIN(TestStoreCare)
#include "tst_storecare.moc"
