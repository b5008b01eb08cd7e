// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"
#include "store/prepared.h"
#include "store/reader.h"
#include "store/writer.h"
#include "sync/engine.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace Qt::StringLiterals;
using namespace satchel;

/// What an older program stored is found and shown as what is stored today.
class TestRowRenewal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void row5_oldMailIsFoundAsNewMailIs();
    void row5_goesOnWhereAnEarlierRunEnded();
    void row5_nothingRunsWhereNothingIsOld();

private:
    // Rows as an older program made them: a soft hyphen parted words, and a picture in a comment was no attachment.
    void storeAsOf(int messages);
    [[nodiscard]] int below() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_file;
    QList<MessageId> m_ids;
};

void TestRowRenewal::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->filePath(u"mail.sqlite"_s);
    m_ids.clear();
}

void TestRowRenewal::storeAsOf(int messages)
{
    auto writer = store::Writer::open(m_file);
    QVERIFY(writer);
    AccountSettings settings;
    settings.name = u"Work"_s;
    const auto account = (*writer)->addAccount(settings);
    QVERIFY(account);
    const FolderId inbox = *(*writer)->folder(account->id, FolderRole::Inbox);
    for (int i = 0; i < messages; ++i) {
        const QByteArray raw = "From: =?utf-8?Q?M=C3=BCller, Jana?= <jana@firma.example>\r\nSubject: Number "
            + QByteArray::number(i)
            + "\r\nDate: Sat, 17 Mar 2096 05:32:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n\r\nDie Rech\xC2\xADnungs\xC2\xADnummer\r\n--b\r\n"
              "Content-Type: application/pdf; name=plan\r\n\r\nx\r\n--b--\r\n";
        Envelope envelope;
        envelope.from = {u"Jana?="_s, u"jana@firma.example"_s};
        envelope.subject = u"Number"_s;
        store::AppendItem item;
        item.account = account->id;
        item.folder = inbox;
        item.flags = MessageFlag::Starred;
        item.storedAt = QDateTime(QDate(2026, 11, 30), QTime(18, 0), QTimeZone::UTC);
        item.message = store::prepare(raw, envelope, {u"Jana"_s, {}, u"Number"_s, u"Die Rech nungs nummer"_s, {}});
        const auto outcome = (*writer)->append({item});
        QVERIFY(outcome);
        m_ids.append(outcome->stored.constFirst().id);
    }
    writer->reset();
    const auto connection = store::Connection::open(m_file, store::Connection::Mode::ReadWrite);
    QVERIFY(connection);
    QVERIFY((*connection)->run(u"UPDATE renewal SET below = %1"_s.arg(m_ids.constLast().value + 1)));
}

int TestRowRenewal::below() const
{
    const auto connection = store::Connection::open(m_file, store::Connection::Mode::ReadOnly);
    return connection ? (*connection)->ask(u"SELECT below FROM renewal"_s)->toInt() : -1;
}

void TestRowRenewal::row5_oldMailIsFoundAsNewMailIs()
{
    storeAsOf(120);
    QVERIFY(!m_ids.isEmpty());
    sync::Engine engine(m_file);
    QSignalSpy changed(&engine, &sync::Engine::changed);
    engine.open();
    const auto reader = store::Reader::open(m_file);
    QVERIFY(reader);
    const auto found = [&](const QString &query) {
        return (*reader)->search(query, {}, {}).value_or(QList<MessageId>()).size();
    };
    QCOMPARE(found(u"Rechnungsnummer"_s), 0);
    QTRY_COMPARE_WITH_TIMEOUT(found(u"Rechnungsnummer"_s), m_ids.size(), 30000);
    QCOMPARE(found(u"nungs"_s), 0);
    QCOMPARE(found(u"file:plan.pdf"_s), m_ids.size());
    QVERIFY(changed.size() > 1); // a few at a time
    QCOMPARE(changed.constLast().constFirst().value<sync::StoreChange>().updated.constLast(), m_ids.constFirst());
    const auto rows = (*reader)->summaries({m_ids.constFirst()});
    QVERIFY(rows);
    const MessageSummary row = rows->constFirst();
    QCOMPARE(row.from.name, u"Müller, Jana"_s);
    QCOMPARE(row.date, row.stored);
    QVERIFY(row.flags.testFlag(MessageFlag::HasAttachment));
    QVERIFY(row.flags.testFlag(MessageFlag::Starred));
    QTRY_COMPARE(below(), int(m_ids.constFirst().value));
    engine.close();
}

void TestRowRenewal::row5_goesOnWhereAnEarlierRunEnded()
{
    storeAsOf(120);
    QVERIFY(!m_ids.isEmpty());
    {
        sync::Engine engine(m_file);
        QSignalSpy changed(&engine, &sync::Engine::changed);
        engine.open();
        QTRY_COMPARE(changed.size(), 1);
        engine.close();
    }
    QVERIFY(below() > m_ids.constFirst().value && below() <= m_ids.constLast().value);
    sync::Engine engine(m_file);
    engine.open();
    QTRY_COMPARE_WITH_TIMEOUT(below(), int(m_ids.constFirst().value), 30000);
    engine.close();
}

void TestRowRenewal::row5_nothingRunsWhereNothingIsOld()
{
    {
        const auto writer = store::Writer::open(m_file);
        QVERIFY(writer);
    }
    QCOMPARE(below(), 0);
    sync::Engine engine(m_file);
    engine.open();
    const auto reader = store::Reader::open(m_file);
    QVERIFY(reader);
    QCOMPARE((*reader)->stale(10).value_or(QList{MessageId{1}}), QList<MessageId>());
    engine.close();
    QVERIFY(!QFile::exists(m_file + u".renewing-mark"_s)); // the worker that parses never ran
}

QTEST_GUILESS_MAIN(TestRowRenewal)
#include "tst_rowrenewal.moc"
