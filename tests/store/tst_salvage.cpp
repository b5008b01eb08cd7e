// SPDX-License-Identifier: GPL-3.0-or-later
// What a repair takes out of a file that is damaged in every way. The quick run damages some copies of a small store;
// SATCHEL_DAMAGE=full 200 copies of one with 2,000 messages, at one place and at 200 places each, and truncated ones.
#include "store/checksum.h"
#include "store/damage.h"
#include "store/salvage.h"
#include "storefixture.h"

#include <QFile>
#include <QRandomGenerator>
#include <QSet>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;
using namespace satchel::test;

namespace {

constexpr qsizetype pageSize = 8192;

/// As much of a parser as these mails need.
PreparedMessage makeReady(const QByteArray &raw)
{
    Envelope envelope;
    const qsizetype at = raw.indexOf("Subject: ");
    if (at >= 0)
        envelope.subject = QString::fromUtf8(raw.mid(at + 9, raw.indexOf('\r', at) - at - 9));
    return prepare(raw, envelope, {{}, {}, envelope.subject, {}, {}});
}

struct Counts {
    qint64 copies = 0;
    qint64 hurt = 0; ///< messages whose bytes were hit or cut off
    qint64 intact = 0;
    qint64 salvaged = 0;
    qint64 asDamaged = 0;
    qint64 homeless = 0;
};

} // namespace

class TestSalvage : public QObject
{
    Q_OBJECT

private:
    const bool m_full = qEnvironmentVariable("SATCHEL_DAMAGE") == "full"_L1;
    QByteArray m_file;
    QList<QByteArray> m_mails;
    std::unique_ptr<DamageOracle> m_oracle;

    /// Repairs the copy and asks that all which is whole is there, byte for byte, and that the ledger is honest.
    void repair(const QByteArray &damaged, Counts &counts, bool *good)
    {
        *good = false;
        const QTemporaryDir dir;
        const QString hurt = dir.filePath(u"hurt.db"_s);
        const QString fresh = dir.filePath(u"fresh.db"_s);
        writeFile(hurt, damaged);
        const auto report = salvage(hurt, fresh, makeReady);
        VERIFY_OK(report);
        QCOMPARE(readFile(hurt), damaged);
        const QSet<QByteArray> found = hashesIn(fresh);
        const QList<QByteArray> intact = m_oracle->intact(damaged);
        for (const QByteArray &raw : intact)
            QVERIFY2(found.contains(sha256(raw)), raw.first(60).constData());
        ++counts.copies;
        counts.intact += intact.size();
        counts.hurt += m_mails.size() - intact.size();
        counts.salvaged += report->messages;
        counts.asDamaged += report->damaged;
        counts.homeless += report->homeless;
        const auto writer = Writer::open(fresh);
        VERIFY_OK(writer);
        QCOMPARE(*(*writer)->checkIntegrity(true), {});
        const QList<AccountSettings> accounts = *(*writer)->accounts();
        for (const AccountSettings &account : accounts) {
            const QList<LedgerEntry> ledger = *(*writer)->ledger(account.id);
            for (const LedgerEntry &entry : ledger) {
                if (entry.wasStored())
                    QVERIFY(found.contains(entry.sha256));
                QVERIFY(entry.doubted);
            }
        }
        *good = true;
    }

private Q_SLOTS:
    void initTestCase()
    {
        StoreFixture store;
        QRandomGenerator random(7);
        QList<AppendItem> batch;
        const int count = m_full ? 2000 : 200;
        for (int i = 0; i < count; ++i) {
            m_mails.append(mailOfAnySize(i, random));
            batch.append(store.item(
                {.subject = u"mail w%1"_s.arg(i), .raw = m_mails.constLast()}, "uid-" + QByteArray::number(i)));
            if (batch.size() == 100) {
                VERIFY_OK(store.writer->append(batch));
                batch.clear();
            }
        }
        VERIFY_OK(store.writer->append(batch));
        store.closeWriter();
        m_file = readFile(store.file());
        m_oracle = std::make_unique<DamageOracle>(m_file);
        for (const QByteArray &raw : std::as_const(m_mails))
            QVERIFY(m_oracle->place(raw));
        QCOMPARE(m_oracle->intact(m_file).size(), m_mails.size());
    }

    void takesAllOutOfAHealthyFile()
    {
        StoreFixture store;
        AccountSettings second;
        second.name = u"Home"_s;
        second.retention = Retention::DeleteAfterDownload;
        second.colour = 3;
        const AccountId home = store.writer->addAccount(second)->id;
        const FolderInfo own = *store.writer->addFolder(store.account, u"Projects"_s);
        const FolderInfo inner = *store.writer->addFolder(store.account, u"Bridge"_s, own.id);
        QRandomGenerator random(11);
        const MessageId a =
            store.add({.subject = u"mail w1"_s, .raw = mailOfAnySize(1, random)}, "a", MessageFlag::Starred);
        const MessageId b =
            store.add({.subject = u"mail w2"_s, .raw = mailOfAnySize(2, random)}, "b", MessageFlag::Read, inner.id);
        const QByteArray twice = mailOfAnySize(3, random);
        const MessageId c = store.add({.subject = u"mail w3"_s, .raw = twice}, {}, {});
        const MessageId d = store.add({.subject = u"mail w3"_s, .raw = twice}, {}, MessageFlag::Answered, own.id);
        const MessageId gone = store.add({.subject = u"mail w4"_s, .raw = mailOfAnySize(4, random)}, "gone");
        VERIFY_OK(store.writer->remove({gone}));
        QCOMPARE(*store.writer->purge(), 1);
        VERIFY_OK(store.writer->setSkipped(store.account, {"never", 0}, true));
        VERIFY_OK(store.writer->setAccountFact(home, u"fact"_s, "value"));
        const auto before = *store.reader()->summaries({a, b, c, d});
        const auto ledger = *store.writer->ledger(store.account);
        store.closeWriter();

        const QString fresh = store.dir.filePath(u"fresh.db"_s);
        const auto report = salvage(store.file(), fresh, makeReady);
        VERIFY_OK(report);
        QCOMPARE(report->messages, 4);
        QCOMPARE(report->homeless + report->damaged + report->lost + report->forgotten, 0);
        const auto writer = *Writer::open(fresh);
        const auto reader = *Reader::open(fresh);
        const auto after = *reader->summaries({a, b, c, d});
        QCOMPARE(after.size(), 4);
        for (qsizetype i = 0; i < 4; ++i) {
            QCOMPARE(after.at(i).folder, before.at(i).folder);
            QCOMPARE(after.at(i).flags, before.at(i).flags);
            QCOMPARE(after.at(i).date, before.at(i).date);
            QCOMPARE(after.at(i).stored, before.at(i).stored);
            QCOMPARE(after.at(i).subject, before.at(i).subject);
        }
        QCOMPARE(*reader->source(d), twice);
        QCOMPARE(*reader->search(u"w2"_s, {}, {}), QList{b});
        QCOMPARE(writer->accounts()->at(1).retention, Retention::DeleteAfterDownload);
        QCOMPARE(writer->accounts()->at(1).colour, 3);
        QCOMPARE(*writer->accountFact(home, u"fact"_s), "value");
        const auto folders = *reader->folders();
        const auto bridge = std::ranges::find(folders, inner.id, &FolderInfo::id);
        QVERIFY(bridge != folders.end());
        QCOMPARE(bridge->parent, own.id);
        QCOMPARE(bridge->total, 1);
        const auto ledgerAfter = *writer->ledger(store.account);
        QCOMPARE(ledgerAfter.size(), ledger.size());
        for (qsizetype i = 0; i < ledger.size(); ++i) {
            QCOMPARE(ledgerAfter.at(i).key, ledger.at(i).key);
            QCOMPARE(ledgerAfter.at(i).message, ledger.at(i).message);
            QCOMPARE(ledgerAfter.at(i).wasStored(), ledger.at(i).wasStored());
            QCOMPARE(ledgerAfter.at(i).skipped, ledger.at(i).skipped);
        }
        QCOMPARE(*writer->checkIntegrity(true), {});
        // What was deleted stays deleted, and its id is not given out again.
        const auto added = writer->append({store.account.isValid()
                ? AppendItem{store.account, *writer->folder(store.account, FolderRole::Inbox), {"new", 0}, 10,
                      QDateTime::currentDateTimeUtc(), {}, makeReady("Subject: new\r\n\r\n")}
                : AppendItem{}});
        VERIFY_OK(added);
        QVERIFY(added->stored.first().id > gone);
    }

    void readsTheLogOfAProgramThatDied()
    {
        StoreFixture store;
        QRandomGenerator random(3);
        QList<QByteArray> mails;
        for (int i = 0; i < 30; ++i) {
            mails.append(mailOfAnySize(i, random));
            store.add({.raw = mails.constLast()}, QByteArray::number(i));
        }
        // As it is on the disk while the program runs.
        const QString copy = store.dir.filePath(u"copy.db"_s);
        writeFile(copy, readFile(store.file()));
        const QByteArray log = readFile(store.file() + u"-wal"_s);
        QVERIFY(log.size() > 100'000);
        writeFile(copy + u"-wal"_s, log);
        const QString fresh = store.dir.filePath(u"fresh.db"_s);
        const auto report = salvage(copy, fresh, makeReady);
        VERIFY_OK(report);
        QCOMPARE(report->messages, 30);
        const QSet<QByteArray> found = hashesIn(fresh);
        for (const QByteArray &raw : std::as_const(mails))
            QVERIFY(found.contains(sha256(raw)));
    }

    // Law 1: else it would be deleted on the server, and never fetched again.
    void neverSaysStoredOfWhatItDidNotFind()
    {
        StoreFixture store;
        QRandomGenerator random(5);
        const QByteArray lost = mailOfAnySize(10, random);
        const QByteArray kept = mailOfAnySize(20, random);
        store.add({.raw = lost}, "lost");
        store.add({.raw = kept}, "kept");
        store.closeWriter();
        QByteArray bytes = readFile(store.file());
        const QByteArray frame = prepare(lost, {}, {}).compressed;
        const qsizetype at = bytes.indexOf(frame.sliced(20'000, 500));
        QVERIFY(at > 0);
        for (int i = 0; i < 400; ++i)
            bytes[at + i] = char(~quint8(bytes.at(at + i)));
        writeFile(store.file(), bytes);
        const QString fresh = store.dir.filePath(u"fresh.db"_s);
        const auto report = salvage(store.file(), fresh, makeReady);
        VERIFY_OK(report);
        QCOMPARE(report->messages, 1);
        QCOMPARE(report->damaged + report->lost, 1);
        QCOMPARE(report->forgotten, 1);
        const auto writer = *Writer::open(fresh);
        QVERIFY(!*writer->isStored(store.account, {"lost", 0}));
        QVERIFY(*writer->isStored(store.account, {"kept", 0}));
    }

    void takesEveryIntactMessageWhereOnePlaceIsOverwritten()
    {
        Counts counts;
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seeds 1 and %u", seed);
        for (const quint32 start : {1U, seed}) {
            QRandomGenerator random(start);
            for (int round = 0; round < (m_full ? 100 : 12); ++round) {
                QByteArray bytes = m_file;
                overwrite(bytes, random);
                bool good = false;
                repair(bytes, counts, &good);
                if (!good)
                    return;
            }
        }
        qInfo("one place: %lld copies, %lld messages intact, %lld hurt; salvaged %lld, of these %lld without their "
              "place; %lld as damaged",
            counts.copies, counts.intact, counts.hurt, counts.salvaged, counts.homeless, counts.asDamaged);
    }

    void takesEveryIntactMessageWhereTwoHundredPlacesAreOverwritten()
    {
        Counts counts;
        const quint32 seed = QRandomGenerator::global()->generate();
        qInfo("seeds 2 and %u", seed);
        for (const quint32 start : {2U, seed}) {
            QRandomGenerator random(start);
            for (int round = 0; round < (m_full ? 100 : 4); ++round) {
                QByteArray bytes = m_file;
                for (int hit = 0; hit < (m_full ? 200 : 40); ++hit)
                    overwrite(bytes, random);
                bool good = false;
                repair(bytes, counts, &good);
                if (!good)
                    return;
            }
        }
        qInfo("many places: %lld copies, %lld messages intact, %lld hurt; salvaged %lld, of these %lld without their "
              "place; %lld as damaged",
            counts.copies, counts.intact, counts.hurt, counts.salvaged, counts.homeless, counts.asDamaged);
    }

    void takesEveryIntactMessageOfATruncatedFile()
    {
        Counts counts;
        QRandomGenerator random(4);
        for (int round = 0; round < (m_full ? 50 : 5); ++round) {
            QByteArray bytes = m_file;
            bytes.truncate(qsizetype(random.bounded(quint32(bytes.size()))));
            bool good = false;
            repair(bytes, counts, &good);
            if (!good)
                return;
        }
        qInfo("truncated: %lld copies, %lld messages intact, %lld hurt; salvaged %lld, of these %lld without their "
              "place; %lld as damaged",
            counts.copies, counts.intact, counts.hurt, counts.salvaged, counts.homeless, counts.asDamaged);
    }

    void survivesWhatIsNoStoreAtAll()
    {
        QRandomGenerator random(9);
        const QTemporaryDir dir;
        int number = 0;
        QByteArray noise(3 * pageSize + 100, Qt::Uninitialized);
        for (char &byte : noise)
            byte = char(random.generate());
        for (const QByteArray &bytes :
            {noise, QByteArray("short"), m_file.first(100), m_file.first(pageSize) + noise}) {
            const QString hurt = dir.filePath(u"hurt%1"_s.arg(++number));
            writeFile(hurt, bytes);
            const auto report = salvage(hurt, hurt + u".fresh"_s, makeReady);
            VERIFY_OK(report);
            QCOMPARE(report->messages, 0);
            QCOMPARE(report->accounts, 1); // a store that can be opened, at least
            VERIFY_OK(Writer::open(hurt + u".fresh"_s));
        }
        VERIFY_FAILS(
            salvage(dir.filePath(u"missing"_s), dir.filePath(u"fresh"_s), makeReady), ErrorKind::FileUnreadable);
    }

    void stopsWhenAsked()
    {
        const QTemporaryDir dir;
        writeFile(dir.filePath(u"hurt"_s), m_file);
        VERIFY_FAILS(salvage(dir.filePath(u"hurt"_s), dir.filePath(u"fresh"_s), makeReady,
                         [](int percent) { return percent < 50; }),
            ErrorKind::Cancelled);
    }
};

QTEST_GUILESS_MAIN(TestSalvage)
#include "tst_salvage.moc"
