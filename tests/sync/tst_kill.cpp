// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/reader.h"
#include "store/writer.h"
#include "support/scriptedserver.h"

#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>

#include <memory>

using namespace satchel;
using namespace satchel::test;

namespace {

constexpr int messagesPerMailbox = 120;

/// Messages unlike any other of this run, of a few hundred bytes to some twenty thousand.
QList<ServerMessage> mailbox(int generation, QRandomGenerator &random)
{
    QList<ServerMessage> messages;
    for (int i = 0; i < messagesPerMailbox; ++i) {
        const QByteArray name = QByteArray::number(generation) + '-' + QByteArray::number(i);
        QByteArray noise(random.bounded(100, 15'000), 'x');
        for (char &c : noise)
            c = char('a' + random.bounded(26));
        for (qsizetype at = 70; at < noise.size(); at += 72)
            noise.replace(at, 2, "\r\n");
        messages.append({"uidl-" + name,
                         "From: a@example.org\r\nSubject: " + name + "\r\nMessage-ID: <" + name
                             + "@example.org>\r\n\r\n.dot\r\n" + noise + "\r\n"});
    }
    return messages;
}

/// What a store file holds, read while another process may write it.
struct Contents {
    QHash<QByteArray, int> copies; ///< by SHA-256 of the bytes
    int count = 0;
};

Contents contentsOf(const QString &file)
{
    Contents contents;
    const Expected<std::unique_ptr<store::Reader>> reader = store::Reader::open(file);
    if (!reader)
        return contents;
    const Expected<QList<MessageId>> ids = (*reader)->list({}, {});
    if (!ids)
        return contents;
    for (const MessageId id : *ids) {
        const Expected<QByteArray> source = (*reader)->source(id);
        if (!source)
            qFatal("a stored message cannot be read: %s", qPrintable(source.error().text));
        ++contents.copies[QCryptographicHash::hash(*source, QCryptographicHash::Sha256)];
        ++contents.count;
    }
    return contents;
}

} // namespace

/// The program itself (`satchel --fetch`) is killed with SIGKILL at random moments and started again until it is done.
/// SATCHEL_KILLS says how often it is killed; SATCHEL_SEED repeats a run.
class TestKill : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyMessageIsStoredOnceAndNoneDeletedBefore_data();
    void everyMessageIsStoredOnceAndNoneDeletedBefore();

private:
    /// Runs the program; kills it after \a killAfterMs unless that is negative. True when it ended by itself, well.
    bool fetch(const QString &profile, const QString &accountFile, int killAfterMs);
};

bool TestKill::fetch(const QString &profile, const QString &accountFile, int killAfterMs)
{
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("SATCHEL_DEMO_PASSWORD"), QStringLiteral("secret"));
    program.setProcessEnvironment(environment);
    program.setProcessChannelMode(QProcess::MergedChannels);
    QTimer executioner;
    executioner.setSingleShot(true);
    executioner.setTimerType(Qt::PreciseTimer);
    QObject::connect(&executioner, &QTimer::timeout, &program, &QProcess::kill);
    QEventLoop loop;
    QObject::connect(&program, &QProcess::finished, &loop, &QEventLoop::quit);
    program.start(QStringLiteral(SATCHEL_PROGRAM), {QStringLiteral("--profile"), profile, QStringLiteral("--account-file"),
                                                    accountFile, QStringLiteral("--fetch")});
    if (!program.waitForStarted())
        qFatal("%s cannot be started", SATCHEL_PROGRAM);
    if (killAfterMs >= 0)
        executioner.start(killAfterMs);
    if (program.state() != QProcess::NotRunning)
        loop.exec();
    if (program.exitStatus() == QProcess::NormalExit && program.exitCode() != 0)
        qWarning("the program said: %s", program.readAll().constData());
    return program.exitStatus() == QProcess::NormalExit && program.exitCode() == 0;
}

void TestKill::everyMessageIsStoredOnceAndNoneDeletedBefore_data()
{
    QTest::addColumn<QString>("keep");
    QTest::newRow("delete after download") << QStringLiteral("delete");
    QTest::newRow("leave on the server") << QStringLiteral("forever");
}

void TestKill::everyMessageIsStoredOnceAndNoneDeletedBefore()
{
    QFETCH(QString, keep);
    bool given = false;
    int kills = qEnvironmentVariableIntValue("SATCHEL_KILLS", &given);
    if (!given)
        kills = 200;
    kills /= 2; // two rows
    const quint32 seed = qEnvironmentVariableIsSet("SATCHEL_SEED") ? quint32(qEnvironmentVariableIntValue("SATCHEL_SEED"))
                                                                   : QRandomGenerator::global()->generate();
    QRandomGenerator random(seed);
    qInfo("SATCHEL_SEED=%u", seed);

    const QTemporaryDir folder;
    const QString store = folder.filePath(QStringLiteral("profile/mail.sqlite"));
    ScriptedServer server;
    QVERIFY(server.listen());
    // Law 1, asked of the file when the server sees DELE; what was seen stored stays stored.
    QHash<QByteArray, QByteArray> hashes; // UIDL to SHA-256; read by the hook while this thread waits for a process
    auto known = std::make_shared<QSet<QByteArray>>();
    std::atomic_int unproven = 0;
    server.setDeleHook([&hashes, known, &unproven, store](const QByteArray &uidl) {
        const QByteArray hash = hashes.value(uidl);
        if (known->contains(hash))
            return;
        const Contents contents = contentsOf(store);
        *known = QSet<QByteArray>(contents.copies.keyBegin(), contents.copies.keyEnd());
        if (!known->contains(hash))
            ++unproven;
    });

    const QString accountFile = folder.filePath(QStringLiteral("account.json"));
    QFile json(accountFile);
    QVERIFY(json.open(QIODevice::WriteOnly));
    json.write(QJsonDocument(QJsonObject{{QStringLiteral("address"), QStringLiteral("alice@example.org")},
                                         {QStringLiteral("user"), QStringLiteral("alice")},
                                         {QStringLiteral("host"), QStringLiteral("127.0.0.1")},
                                         {QStringLiteral("port"), server.port()},
                                         {QStringLiteral("security"), QStringLiteral("plain")},
                                         {QStringLiteral("keep"), keep}})
                   .toJson());
    json.close();

    QSet<QByteArray> expected;
    int generation = 0;
    const auto deliver = [&] {
        const QList<ServerMessage> messages = mailbox(++generation, random);
        for (const ServerMessage &message : messages) {
            const QByteArray hash = QCryptographicHash::hash(message.bytes, QCryptographicHash::Sha256);
            hashes.insert(message.uidl, hash);
            expected.insert(hash);
        }
        server.addMessages(messages);
    };
    const QString profile = folder.filePath(QStringLiteral("profile"));

    // How long an undisturbed visit takes says when to kill.
    deliver();
    QElapsedTimer clock;
    clock.start();
    QVERIFY(fetch(profile, accountFile, -1));
    int whole = int(clock.elapsed());

    int killed = 0;
    int undisturbed = 0;
    deliver();
    while (killed < kills) {
        if (fetch(profile, accountFile, random.bounded(whole / 10, whole + 1))) {
            // It was faster than its executioner. A new mailbox, and on.
            ++undisturbed;
            deliver();
        } else {
            ++killed;
        }
        // On a machine that does other things too, the measure drifts.
        if (undisturbed > 2 * killed + 5)
            whole = qMax(20, whole * 4 / 5);
    }
    QVERIFY(fetch(profile, accountFile, -1));

    QCOMPARE(unproven.load(), 0);
    const Contents contents = contentsOf(store);
    int lost = 0;
    int doubled = 0;
    for (const QByteArray &hash : std::as_const(expected)) {
        lost += !contents.copies.contains(hash);
        doubled += contents.copies.value(hash) > 1;
    }
    qInfo("killed %d times, %d visits undisturbed, %lld messages: %d lost, %d doubled, %d deleted before stored", killed,
          undisturbed, static_cast<long long>(expected.size()), lost, doubled, unproven.load());
    QCOMPARE(lost, 0);
    QCOMPARE(doubled, 0);
    QCOMPARE(contents.count, int(expected.size()));
    QCOMPARE(server.messages().size(), keep == QLatin1String("delete") ? 0 : expected.size());
}

QTEST_GUILESS_MAIN(TestKill)
#include "tst_kill.moc"
