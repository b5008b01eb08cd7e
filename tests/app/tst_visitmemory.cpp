// SPDX-License-Identifier: GPL-3.0-or-later
// How much memory a visit takes, whatever a server sends: that of the whole program, as the system counts it.
#include "app/floodserver.h"
#include "store/reader.h"
#include "sync/killloop.h"

#include <QCryptographicHash>
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <sys/resource.h>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::test;

namespace {

constexpr qint64 megabyte = 1'000'000;
constexpr qint64 mostOfAVisit = 150 * megabyte;

const QByteArray mailHead = "From: Ada <ada@example.org>\r\nTo: alice@example.org\r\nSubject: The film\r\n"
                            "Date: Mon, 30 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
                            "Content-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\n"
                            "Content-Type: text/plain\r\n\r\nSee the harvest.\r\n--edge\r\n"
                            "Content-Type: application/octet-stream; name=film.bin\r\n"
                            "Content-Disposition: attachment; filename=film.bin\r\n"
                            "Content-Transfer-Encoding: base64\r\n\r\n";

struct Fetch {
    int status = -1;
    QString said;
};

Fetch fetch(const QString &folder, quint16 port, const QString &keep)
{
    const QString file = folder + u"/account.json"_s;
    writeAccountFile(file, port, u"alice"_s, keep);
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"SATCHEL_DEMO_PASSWORD"_s, u"secret"_s);
    environment.insert(u"LC_ALL"_s, u"C.UTF-8"_s);
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.start(QStringLiteral(SATCHEL_PROGRAM),
        {u"--profile"_s, folder + u"/profile"_s, u"--account-file"_s, file, u"--fetch"_s});
    if (!program.waitForFinished(200'000))
        return {};
    return {program.exitCode(), QString::fromUtf8(program.readAll())};
}

/// The most that any of the programs took that have ended.
qint64 mostMemory()
{
    rusage usage{};
    getrusage(RUSAGE_CHILDREN, &usage);
    return qint64(usage.ru_maxrss) * 1024;
}

void capabilities(FloodServer &server)
{
    server.answer("CAPA", [] { return text("+OK\r\nTOP\r\nUSER\r\nUIDL\r\nPIPELINING\r\n.\r\n"); });
}

void holds(FloodServer &server, int count, qint64 listedSize)
{
    capabilities(server);
    server.answer("STAT", [=] { return text("+OK " + QByteArray::number(count) + " 1000\r\n"); });
    server.answer("UIDL", [=] { return listing(count, [](int i) { return "name" + QByteArray::number(i * 7919); }); });
    server.answer("LIST", [=] { return listing(count, [=](int) { return QByteArray::number(listedSize); }); });
}

} // namespace

class TestVisitMemory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F04_aMessageAboveTheLimitIsRefusedInLittleMemory();
    void F04_messagesLargerThanListedAreStoredInLittleMemory();
    void F04_aServerThatAnswersTopWithEverythingTakesLittleMemory();
    // The last: the system knows the largest of all, and counts for a child what its parent held when it was started.
    void F04_aLargeMessageIsStoredWholeInLittleMemory();
};

void TestVisitMemory::F04_aLargeMessageIsStoredWholeInLittleMemory()
{
    constexpr qint64 size = 120 * megabyte;
    const QTemporaryDir folder;
    FloodServer server;
    qint64 whole = 0;
    const FloodServer::Source counted = mail(mailHead, size);
    for (QByteArray piece = counted(); !piece.isEmpty(); piece = counted())
        whole += piece.size();
    holds(server, 1, whole - qint64(sizeof("+OK\r\n.\r\n") - 1));
    server.answer("RETR", [] { return mail(mailHead, size); });
    const quint16 port = server.start();
    const Fetch fetched = fetch(folder.path(), port, u"delete"_s);
    QVERIFY2(fetched.status == 0, qPrintable(fetched.said));
    QVERIFY(server.commands().contains("DELE 1"));

    QCryptographicHash sent(QCryptographicHash::Sha256);
    const FloodServer::Source source = mail(mailHead, size);
    QByteArrayList pieces;
    for (QByteArray piece = source(); !piece.isEmpty(); piece = source())
        pieces.append(piece);
    pieces.removeLast();
    QByteArray first = pieces.takeFirst();
    sent.addData(first.remove(0, 5)); // the status line
    for (const QByteArray &piece : std::as_const(pieces))
        sent.addData(piece);
    pieces.clear();
    const auto reader = store::Reader::open(folder.filePath(u"profile/mail.sqlite"_s));
    QVERIFY(reader);
    const auto stored = (*reader)->source(MessageId{1});
    QVERIFY(stored);
    QCOMPARE(QCryptographicHash::hash(*stored, QCryptographicHash::Sha256), sent.result());
    QCOMPARE(QDir(folder.filePath(u"profile"_s)).entryList({u"*.spool*"_s}, QDir::Files), QStringList());
    QVERIFY2(mostMemory() < mostOfAVisit, qPrintable(QString::number(mostMemory())));
}

void TestVisitMemory::F04_aMessageAboveTheLimitIsRefusedInLittleMemory()
{
    const QTemporaryDir folder;
    FloodServer server;
    holds(server, 1, 1000);
    server.answer("RETR", [] { return mail(mailHead, 600 * megabyte); });
    const Fetch fetched = fetch(folder.path(), server.start(), u"delete"_s);
    QVERIFY2(fetched.said.contains(u"larger than Satchel can keep"_s), qPrintable(fetched.said));
    QVERIFY(!server.commands().contains("DELE 1"));
    QCOMPARE(QDir(folder.filePath(u"profile"_s)).entryList({u"*.spool*"_s}, QDir::Files), QStringList());
    QVERIFY2(mostMemory() < mostOfAVisit, qPrintable(QString::number(mostMemory())));
}

void TestVisitMemory::F04_messagesLargerThanListedAreStoredInLittleMemory()
{
    const QTemporaryDir folder;
    FloodServer server;
    holds(server, 40, 300);
    for (int i = 1; i <= 40; ++i)
        server.answer("RETR " + QByteArray::number(i),
            [i] { return mail("Subject: " + QByteArray::number(i) + "\r\n" + mailHead, 7 * megabyte); });
    const Fetch fetched = fetch(folder.path(), server.start(), u"forever"_s);
    QVERIFY2(mostMemory() < mostOfAVisit, qPrintable(QString::number(mostMemory()) + fetched.said));
}

void TestVisitMemory::F04_aServerThatAnswersTopWithEverythingTakesLittleMemory()
{
    const QTemporaryDir folder;
    std::atomic_bool isChanged = false;
    FloodServer server;
    holds(server, 1, 20'000);
    server.answer("LIST", [&isChanged] {
        const qint64 size = isChanged ? 250 * megabyte : 20'000;
        return listing(1, [size](int) { return QByteArray::number(size); });
    });
    server.answer("TOP", [] { return mail(mailHead, 250 * megabyte); });
    server.answer("RETR", [] { return mail(mailHead, 20'000); });
    const quint16 port = server.start();
    QCOMPARE(fetch(folder.path(), port, u"forever"_s).status, 0);
    // Another size: what is there is looked at.
    isChanged = true;
    (void)fetch(folder.path(), port, u"forever"_s);
    QVERIFY(server.commands().contains("TOP 1 0"));
    QVERIFY2(mostMemory() < mostOfAVisit, qPrintable(QString::number(mostMemory())));
}

QTEST_GUILESS_MAIN(TestVisitMemory)
#include "tst_visitmemory.moc"
