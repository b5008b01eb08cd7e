// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that are never in memory as a whole: they come out as those that are.
#include "base/spoolfile.h"
#include "mime/abridged.h"
#include "mime/message.h"
#include "store/compression.h"
#include "store/storefixture.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRandomGenerator>
#include <QSqlDatabase>
#include <QSqlQuery>

using namespace Qt::StringLiterals;
using namespace satchel;
using namespace satchel::store;

namespace {

QByteArray noise(qsizetype lines, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray bytes;
    for (qsizetype line = 0; line < lines; ++line) {
        QByteArray one(48, Qt::Uninitialized);
        random.generate(reinterpret_cast<quint32 *>(one.data()), reinterpret_cast<quint32 *>(one.data() + one.size()));
        bytes += one.toBase64() + "\r\n";
    }
    return bytes;
}

/// Line ends, dots and replies where one would not like them.
QByteArray awkward(QRandomGenerator &random, int pieces)
{
    static const QByteArrayList words{"\r\n", "\n", "\r", ".", "..", "+OK", "-ERR", "a", "Received: x", "Status: RO",
        " ", "From x", "Subject: a long field that needs more than forty bytes to be told", "\r\n\r\n", "\n\n"};
    QByteArray bytes;
    for (int i = 0; i < pieces; ++i)
        bytes += words.at(random.bounded(words.size()));
    return bytes;
}

SpooledMessage spooled(const QTemporaryDir &folder, const QByteArray &bytes, qsizetype piece = 100'000)
{
    auto file = SpoolFile::create(folder.filePath(u"mail.spool-"_s));
    SpooledMessage message{*file, {}};
    for (qsizetype at = 0; at < bytes.size(); at += piece) {
        const QByteArray some = bytes.mid(at, piece);
        message.lines.add(some);
        if (!message.file->append(some))
            qFatal("cannot spool");
    }
    if (!message.file->close())
        qFatal("cannot spool");
    return message;
}

QByteArray contentOf(const SpoolFile &file)
{
    QByteArray all;
    const auto read = file.read([&all](QByteArrayView piece) {
        all += piece;
        return true;
    });
    return read ? all : QByteArray("(none)");
}

} // namespace

class TestLargeMessage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsTheSameInWhateverPiecesItComes();
    void isHashedAsIfItWereHeld();
    void itsFileIsPrivateAndGoesWithTheLastWhoKnowsIt();
    void whatAProgramLeftThatWasKilledIsRemoved();
    void changesAreMadeAcrossPieces();
    void isCompressedIntoOneFrame();
    void law9_comesBackByteForByte();
    void law1_isProvenByBytes();
    void anAbridgedMessageIsKnownAsTheWholeOne();
    void whatIsFedToAnAbridgmentStaysSmall();
};

void TestLargeMessage::countsTheSameInWhateverPiecesItComes()
{
    QRandomGenerator random(1);
    for (int round = 0; round < 3000; ++round) {
        const QByteArray bytes = awkward(random, random.bounded(1, 30));
        LineCounts counts;
        for (qsizetype at = 0; at < bytes.size();) {
            const qsizetype some = random.bounded(1, 7);
            counts.add(QByteArrayView(bytes).sliced(at, qMin(some, bytes.size() - at)));
            at += some;
        }
        QCOMPARE(counts.size(), bytes.size());
        QCOMPARE(counts.lineFeeds(), bytes.count('\n'));
        QCOMPARE(counts.bareLineFeeds(), bytes.count('\n') - bytes.count("\r\n"));
        QCOMPARE(counts.dotted(), bytes.count("\n."));
        QCOMPARE(counts.stuffed(), bytes.count("\n.."));
        const bool begins = bytes.startsWith("+OK") || bytes.startsWith("-ERR");
        QCOMPARE(counts.beginsAsReply(), begins);
        QCOMPARE(counts.holdsReply(), begins || bytes.contains("\n+OK") || bytes.contains("\n-ERR"));
    }
}

void TestLargeMessage::isHashedAsIfItWereHeld()
{
    const QTemporaryDir folder;
    QRandomGenerator random(2);
    for (int round = 0; round < 300; ++round) {
        const QByteArray bytes = awkward(random, random.bounded(1, 60)) + (round % 50 == 0 ? noise(9000, 3) : "")
            + awkward(random, random.bounded(0, 20));
        const PreparedMessage held = prepare(bytes, {}, {});
        const auto filed = prepare(spooled(folder, bytes), bytes, {}, {});
        VERIFY_OK(filed);
        QCOMPARE(filed->size, held.size);
        QCOMPARE(filed->sha256, held.sha256);
        QCOMPARE(filed->contentHash, held.contentHash);
        QCOMPARE(filed->headerHash, held.headerHash);
    }
}

void TestLargeMessage::itsFileIsPrivateAndGoesWithTheLastWhoKnowsIt()
{
    const QTemporaryDir folder;
    const auto files = [&folder] { return QDir(folder.path()).entryInfoList(QDir::Files); };
    {
        const SpooledMessage message = spooled(folder, "Subject: x\r\n\r\nx\r\n");
        const SpooledMessage other = message;
        QCOMPARE(files().size(), 1);
#ifdef Q_OS_UNIX
        QCOMPARE(files().constFirst().permissions()
                & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
            QFile::Permissions());
#endif
    }
    QCOMPARE(files().size(), 0);
}

void TestLargeMessage::whatAProgramLeftThatWasKilledIsRemoved()
{
    const QTemporaryDir folder;
    for (const QString &name : {u"mail.sqlite.spool-1-abcdef"_s, u"mail.sqlite.spool-12-abcdef"_s, u"mail.sqlite"_s}) {
        QFile file(folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    SpoolFile::removeLeftOvers(folder.filePath(u"mail.sqlite.spool-1-"_s));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files, QDir::Name),
        QStringList({u"mail.sqlite"_s, u"mail.sqlite.spool-12-abcdef"_s}));
}

void TestLargeMessage::changesAreMadeAcrossPieces()
{
    const QTemporaryDir folder;
    QByteArray bytes = "+OK\r\n";
    QByteArray unstuffed = bytes;
    for (int line = 0; line < 200'000; ++line) {
        bytes += line % 3 == 0 ? "..x\n" : "y\n";
        unstuffed += line % 3 == 0 ? ".x\n" : "y\n";
    }
    const SpooledMessage message = spooled(folder, bytes, 777);
    const auto changed = message.unstuffed();
    VERIFY_OK(changed);
    QCOMPARE(contentOf(*changed->file), unstuffed);
    QCOMPARE(changed->lines.stuffed(), 0);
    const auto shorter = message.withoutFirst(5);
    VERIFY_OK(shorter);
    QCOMPARE(contentOf(*shorter->file), bytes.sliced(5));
}

void TestLargeMessage::isCompressedIntoOneFrame()
{
    const QTemporaryDir folder;
    for (const QByteArray &bytes : {noise(50'000, 4), QByteArray(20'000'000, 'x'), QByteArray("x")}) {
        const auto frame = compress(*spooled(folder, bytes).file);
        VERIFY_OK(frame);
        const QByteArray content = contentOf(**frame);
        QCOMPARE(decompress(content, bytes.size()), bytes);
        QByteArray again;
        Decompression pieces([&again](QByteArrayView piece) { again += piece; });
        for (qsizetype at = 0; at < content.size(); at += 999)
            pieces.add(QByteArrayView(content).sliced(at, qMin(qsizetype(999), content.size() - at)));
        QVERIFY(pieces.isWhole(bytes.size()));
        QVERIFY(!pieces.isWhole(bytes.size() + 1));
        QCOMPARE(again, bytes);
        Decompression cut([](QByteArrayView) { });
        cut.add(QByteArrayView(content).chopped(1));
        QVERIFY(!cut.isWhole(bytes.size()));
        pieces.add("more");
        QVERIFY(!pieces.isWhole(bytes.size()));
    }
}

void TestLargeMessage::law9_comesBackByteForByte()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"mail.sqlite"_s);
    auto writer = Writer::open(file);
    VERIFY_OK(writer);
    AccountSettings account;
    account.name = u"A"_s;
    const auto added = (*writer)->addAccount(account);
    VERIFY_OK(added);
    const auto inbox = (*writer)->folder(added->id, FolderRole::Inbox);
    VERIFY_OK(inbox);
    const QByteArray bytes = "Subject: large\r\n\r\n" + noise(200'000, 5);
    const auto message = prepare(spooled(folder, bytes), bytes.first(100), {}, {});
    VERIFY_OK(message);
    AppendItem item;
    item.account = added->id;
    item.folder = *inbox;
    item.key = {"large", 0};
    item.message = *message;
    const auto outcome = (*writer)->append({item});
    VERIFY_OK(outcome);
    QCOMPARE(outcome->stored.size(), 1);
    const auto reader = Reader::open(file);
    VERIFY_OK(reader);
    const auto source = (*reader)->source(outcome->stored.constFirst().id);
    VERIFY_OK(source);
    QCOMPARE(*source, bytes);
    QVERIFY((*writer)->isStored(added->id, item.key).value_or(false));
    // Twice the same is stored once (law 2).
    item.key = {"again", 0};
    const auto twin = (*writer)->append({item});
    VERIFY_OK(twin);
    QVERIFY((*writer)->isStored(added->id, item.key).value_or(false));
}

void TestLargeMessage::law1_isProvenByBytes()
{
    const QTemporaryDir folder;
    const QString file = folder.filePath(u"mail.sqlite"_s);
    const QByteArray bytes = "Subject: large\r\n\r\n" + noise(200'000, 6);
    AppendItem item;
    {
        auto writer = Writer::open(file);
        VERIFY_OK(writer);
        AccountSettings account;
        account.name = u"A"_s;
        const auto added = (*writer)->addAccount(account);
        VERIFY_OK(added);
        const auto inbox = (*writer)->folder(added->id, FolderRole::Inbox);
        VERIFY_OK(inbox);
        const auto message = prepare(spooled(folder, bytes), bytes.first(100), {}, {});
        VERIFY_OK(message);
        item.account = added->id;
        item.folder = *inbox;
        item.key = {"large", 0};
        item.message = *message;
        VERIFY_OK((*writer)->append({item}));
    }
    // One byte of it, as a fault of the disk would change it.
    const QByteArray frame = contentOf(*item.message.compressedFile);
    QFile store(file);
    QVERIFY(store.open(QIODevice::ReadWrite));
    const QByteArray all = store.readAll();
    const qsizetype at = all.indexOf(frame.sliced(frame.size() / 2, 500));
    QVERIFY(at > 0);
    QVERIFY(store.seek(at + 10));
    QVERIFY(store.putChar(char(all.at(at + 10) ^ 1)));
    store.close();
    const auto writer = Writer::open(file);
    VERIFY_OK(writer);
    VERIFY_FAILS((*writer)->isStored(item.account, item.key), ErrorKind::StoreDamaged);
}

void TestLargeMessage::anAbridgedMessageIsKnownAsTheWholeOne()
{
    const QByteArray whole =
        "From: Ada <ada@example.org>\r\nTo: b@example.org\r\nSubject: The film\r\nDate: Mon, 30 Nov 2026 10:00:00 "
        "+0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=edge\r\n\r\n--edge\r\nContent-Type: "
        "text/plain\r\n\r\nThe harvest.\r\n--edge\r\nContent-Type: application/octet-stream; name=film.bin\r\n"
        "Content-Disposition: attachment; filename=film.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + noise(300'000, 7)
        + "--edge\r\nContent-Type: application/pdf; name=last.pdf\r\nContent-Disposition: attachment; "
          "filename=last.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + noise(20, 8) + "--edge--\r\n";
    for (const qsizetype piece : {qsizetype(1000), qsizetype(262'144), whole.size()}) {
        mime::Abridged abridged;
        for (qsizetype at = 0; at < whole.size(); at += piece)
            abridged.add(QByteArrayView(whole).sliced(at, qMin(piece, whole.size() - at)));
        const QByteArray kept = abridged.take();
        QVERIFY(kept.size() < whole.size() / 2);
        const mime::Indexed expected = mime::index(whole);
        const mime::Indexed indexed = mime::index(kept);
        QCOMPARE(indexed.envelope, expected.envelope);
        QCOMPARE(indexed.words, expected.words);
        QCOMPARE(indexed.envelope.attachments, 2);
    }
    QRandomGenerator random(9);
    for (int round = 0; round < 1000; ++round) {
        const QByteArray small = awkward(random, 30);
        mime::Abridged abridged;
        for (qsizetype at = 0; at < small.size();) {
            const qsizetype some = random.bounded(1, 5);
            abridged.add(QByteArrayView(small).sliced(at, qMin(some, small.size() - at)));
            at += some;
        }
        QCOMPARE(abridged.take(), small);
    }
}

void TestLargeMessage::whatIsFedToAnAbridgmentStaysSmall()
{
    for (const QByteArray &piece :
        {QByteArray(1'000'000, 'x'), QByteArray("--x\r\n").repeated(200'000), QByteArray("x\n").repeated(500'000),
            QByteArray("--x\r\n" + QByteArray(20'000, 'y') + "\r\n").repeated(50)}) {
        mime::Abridged abridged;
        for (int i = 0; i < 40; ++i)
            abridged.add(piece);
        QVERIFY(abridged.take().size() < 16 << 20);
    }
}

QTEST_GUILESS_MAIN(TestLargeMessage)
#include "tst_largemessage.moc"
