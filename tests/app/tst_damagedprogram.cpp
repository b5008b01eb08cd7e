// SPDX-License-Identifier: GPL-3.0-or-later
// The program itself on stores whose bytes were overwritten, or that were cut off: it never crashes, and --repair saves
// every message whose bytes are whole. The quick run damages a few copies of a small store; SATCHEL_DAMAGE=full 200
// copies of one with 2,000 messages at one place and at 200 places each, and 50 truncated ones. SATCHEL_SEED repeats.
#include "store/checksum.h"
#include "store/damage.h"
#include "store/writer.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

namespace {

/// How a process ended: its status, or -1 where a signal did it, or where it did not end.
struct Ending {
    int status = -1;
    QString said;
};

QString beside(const QString &program)
{
    return QCoreApplication::applicationDirPath() + u'/' + program;
}

Ending run(const QString &program, const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.remove(u"DISPLAY"_s);
    environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
    environment.insert(u"SATCHEL_DEMO_PASSWORD"_s, u"secret"_s);
    environment.remove(u"DBUS_SESSION_BUS_ADDRESS"_s);
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardInputFile(QProcess::nullDevice());
    process.start(program, arguments);
    if (!process.waitForFinished(300'000)) {
        process.kill();
        process.waitForFinished();
        return {-1, u"it did not end"_s};
    }
    const QString said = QString::fromUtf8(process.readAll());
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, said};
}

struct Counts {
    qint64 copies = 0;
    qint64 hurt = 0; ///< messages whose bytes were hit or cut off
    qint64 intact = 0;
    qint64 salvaged = 0; ///< of these
    qint64 noticed = 0; ///< copies in which --check found damage
    qint64 used = 0; ///< copies that were used before they were repaired
    qint64 fetchedInto = 0; ///< among these, where new mail could be stored
    qint64 overwrittenByUse = 0; ///< messages that were whole until a damaged file was written to
};

} // namespace

class TestDamagedProgram : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void survivesOnePlace();
    void survivesManyPlaces();
    void survivesATruncatedFile();

private:
    void makeStore(int count);
    void startServer();
    void trial(const QByteArray &damaged, bool use, Counts &counts);
    void repairAtOnce(const QByteArray &damaged, Counts &counts);
    void useThenRepair(const QByteArray &damaged, Counts &counts);
    void tell(const char *what, const Counts &counts) const;
    [[nodiscard]] quint32 seed(quint32 row) const { return m_seed + row; }

    const bool m_full = qEnvironmentVariable("SATCHEL_DAMAGE") == "full"_L1;
    quint32 m_seed = 0;
    QByteArray m_file;
    QByteArrayList m_mails;
    QByteArrayList m_news; ///< what the server has
    std::unique_ptr<DamageOracle> m_oracle;
    QTemporaryDir m_work;
    QProcess m_server;
};

void TestDamagedProgram::initTestCase()
{
    m_seed = qEnvironmentVariableIntValue("SATCHEL_SEED") > 0 ? quint32(qEnvironmentVariableIntValue("SATCHEL_SEED"))
                                                              : QRandomGenerator::global()->bounded(1U, 1'000'000'000U);
    qInfo("SATCHEL_SEED=%u", m_seed);
    startServer();
    makeStore(m_full ? 2000 : 200);
}

void TestDamagedProgram::cleanupTestCase()
{
    m_server.kill();
    m_server.waitForFinished();
}

void TestDamagedProgram::startServer()
{
    QDir().mkpath(m_work.filePath(u"news"_s));
    QRandomGenerator random(77);
    for (int i = 0; i < 5; ++i) {
        m_news.append(mailOfAnySize(5000 + i, random));
        writeFile(m_work.filePath(u"news/%1.eml"_s.arg(i)), m_news.constLast());
    }
    m_server.start(beside(u"satchel-test-pop3d"_s),
        {u"--messages"_s, m_work.filePath(u"news"_s), u"--log"_s, m_work.filePath(u"log"_s), u"--max-seconds"_s,
            u"86400"_s});
    QVERIFY(m_server.waitForReadyRead(60'000));
}

void TestDamagedProgram::makeStore(int count)
{
    const QString name = m_work.filePath(u"whole.sqlite"_s);
    const quint16 port = m_server.readAllStandardOutput().simplified().split(' ').constFirst().toUShort();
    // The account as it is in the store; with it comes a password for one run.
    writeFile(m_work.filePath(u"account.json"_s),
        R"({"address": "alice@example.org", "host": "127.0.0.1", "user": "alice", "security": "plain", "keep": "forever", "port": )"
            + QByteArray::number(port) + "}");
    {
        const auto writer = *store::Writer::open(name);
        AccountSettings settings;
        settings.name = u"Work"_s;
        settings.address = u"alice@example.org"_s;
        settings.host = u"127.0.0.1"_s;
        settings.port = port;
        settings.security = Security::Plain;
        settings.userName = u"alice"_s;
        settings.retention = Retention::Keep;
        settings.checkEveryMinutes = 0;
        const AccountId account = writer->addAccount(settings)->id;
        const FolderId inbox = *writer->folder(account, FolderRole::Inbox);
        QRandomGenerator random(7);
        QList<store::AppendItem> batch;
        for (int i = 0; i < count; ++i) {
            m_mails.append(mailOfAnySize(i, random));
            Envelope envelope;
            envelope.from = {u"A"_s, u"a@example.org"_s};
            envelope.subject = u"mail w%1"_s.arg(i);
            envelope.date = QDateTime::currentDateTimeUtc().addSecs(i - 100'000);
            envelope.preview = u"A line of words"_s;
            batch.append({account, inbox, {"uid-" + QByteArray::number(i), 0}, m_mails.constLast().size(),
                QDateTime::currentDateTimeUtc(), {},
                store::prepare(m_mails.constLast(), envelope,
                    {envelope.from.name, {}, envelope.subject, u"line of words %1"_s.arg(i), {}})});
            if (batch.size() == 100 || i + 1 == count) {
                QVERIFY(writer->append(batch).has_value());
                batch.clear();
            }
        }
    }
    m_file = readFile(name);
    m_oracle = std::make_unique<DamageOracle>(m_file);
    for (const QByteArray &raw : std::as_const(m_mails))
        QVERIFY(m_oracle->place(raw));
    QCOMPARE(m_oracle->intact(m_file).size(), m_mails.size());
}

void TestDamagedProgram::repairAtOnce(const QByteArray &damaged, Counts &counts)
{
    const QTemporaryDir profile;
    const QString store = profile.filePath(u"mail.sqlite"_s);
    writeFile(store, damaged);
    const Ending checked = run(beside(u"satchel"_s), {u"--profile"_s, profile.path(), u"--check"_s});
    QVERIFY2(checked.status == 0 || checked.status == 3, qPrintable(checked.said));
    QCOMPARE(readFile(store), damaged); // it only looks
    const Ending repaired = run(beside(u"satchel"_s), {u"--profile"_s, profile.path(), u"--repair"_s});
    QVERIFY2(repaired.status == 0, qPrintable(repaired.said));
    const QList<QByteArray> intact = m_oracle->intact(damaged);
    const QSet<QByteArray> found = hashesIn(store);
    for (const QByteArray &raw : intact)
        QVERIFY2(found.contains(store::sha256(raw)), raw.first(60).constData());
    const QStringList aside = QDir(profile.path()).entryList({u"mail.sqlite.damaged-*"_s}, QDir::Files);
    QCOMPARE(aside.size(), 1);
    QCOMPARE(readFile(profile.filePath(aside.constFirst())), damaged);
    const Ending again = run(beside(u"satchel"_s), {u"--profile"_s, profile.path(), u"--check"_s});
    QVERIFY2(again.status == 0, qPrintable(again.said));
    ++counts.copies;
    counts.noticed += checked.status == 3 ? 1 : 0;
    counts.intact += intact.size();
    counts.hurt += m_mails.size() - intact.size();
    counts.salvaged += intact.size();
}

void TestDamagedProgram::useThenRepair(const QByteArray &damaged, Counts &counts)
{
    const QTemporaryDir profile;
    const QString store = profile.filePath(u"mail.sqlite"_s);
    writeFile(store, damaged);
    writeFile(profile.filePath(u"satchel.ini"_s), "[backup]\nautomatic=false\n");
    const Ending window = run(beside(u"satchel-test-window"_s), {profile.path()});
    QVERIFY2(window.status == 0, qPrintable(window.said));
    const Ending fetched = run(beside(u"satchel"_s),
        {u"--profile"_s, profile.path(), u"--account-file"_s, m_work.filePath(u"account.json"_s), u"--fetch"_s});
    QVERIFY2(fetched.status >= 0 && fetched.status <= 3, qPrintable(fetched.said));
    const QByteArray used = readFile(store);
    const Ending repaired = run(beside(u"satchel"_s), {u"--profile"_s, profile.path(), u"--repair"_s});
    QVERIFY2(repaired.status == 0, qPrintable(repaired.said));
    const QSet<QByteArray> found = hashesIn(store);
    DamageOracle after(used);
    const QList<QByteArray> intact = m_oracle->intact(damaged);
    for (const QByteArray &raw : intact) {
        const bool whole = after.place(raw);
        QVERIFY2(!whole || found.contains(store::sha256(raw)), raw.first(60).constData());
        counts.overwrittenByUse += found.contains(store::sha256(raw)) ? 0 : 1;
    }
    // What it says it has fetched is there.
    if (fetched.status == 0) {
        ++counts.fetchedInto;
        for (const QByteArray &raw : std::as_const(m_news))
            QVERIFY2(found.contains(store::sha256(raw)), qPrintable(fetched.said));
    }
    QVERIFY(!readFile(m_work.filePath(u"log"_s)).contains("DELE"));
    ++counts.used;
}

void TestDamagedProgram::trial(const QByteArray &damaged, bool use, Counts &counts)
{
    repairAtOnce(damaged, counts);
    if (use && !QTest::currentTestFailed())
        useThenRepair(damaged, counts);
    if (QTest::currentTestFailed()) {
        const QString kept =
            QDir::temp().filePath(u"satchel-damaged-%1.sqlite"_s.arg(QCoreApplication::applicationPid()));
        writeFile(kept, damaged);
        qInfo("the copy was kept as %s", qPrintable(kept));
    }
}

void TestDamagedProgram::tell(const char *what, const Counts &counts) const
{
    qInfo("%s: %lld copies, noticed in %lld; %lld messages intact, %lld of them salvaged, %lld hurt; %lld copies were "
          "used "
          "before, new mail fetched into %lld, %lld messages overwritten by that",
        what, counts.copies, counts.noticed, counts.intact, counts.salvaged, counts.hurt, counts.used,
        counts.fetchedInto, counts.overwrittenByUse);
}

void TestDamagedProgram::survivesOnePlace()
{
    Counts counts;
    QRandomGenerator random(seed(1));
    const int copies = m_full ? 200 : 3;
    for (int i = 0; i < copies && !QTest::currentTestFailed(); ++i) {
        QByteArray bytes = m_file;
        overwrite(bytes, random);
        trial(bytes, i % 5 == 0, counts);
        if (m_full && i % 10 == 9)
            tell("so far", counts);
    }
    tell("one place", counts);
}

void TestDamagedProgram::survivesManyPlaces()
{
    Counts counts;
    QRandomGenerator random(seed(2));
    const int copies = m_full ? 200 : 3;
    for (int i = 0; i < copies && !QTest::currentTestFailed(); ++i) {
        QByteArray bytes = m_file;
        for (int hit = 0; hit < (m_full ? 200 : 40); ++hit)
            overwrite(bytes, random);
        trial(bytes, i % 5 == 0, counts);
        if (m_full && i % 10 == 9)
            tell("so far", counts);
    }
    tell("many places", counts);
}

void TestDamagedProgram::survivesATruncatedFile()
{
    Counts counts;
    QRandomGenerator random(seed(3));
    const int copies = m_full ? 50 : 1;
    for (int i = 0; i < copies && !QTest::currentTestFailed(); ++i) {
        QByteArray bytes = m_file;
        bytes.truncate(qsizetype(random.bounded(quint32(bytes.size()))));
        trial(bytes, i % 5 == 0, counts);
    }
    tell("truncated", counts);
}

int main(int argc, char *argv[])
{
    // The long run takes hours; CTest has a limit of its own for the short one.
    qputenv("QTEST_FUNCTION_TIMEOUT", "100000000");
    QCoreApplication application(argc, argv);
    TestDamagedProgram tests;
    return QTest::qExec(&tests, argc, argv);
}

#include "tst_damagedprogram.moc"
