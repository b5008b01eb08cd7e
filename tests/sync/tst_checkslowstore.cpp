// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/checkvisit.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <sys/syscall.h>
#include <unistd.h>

using namespace satchel;
using namespace satchel::test;
using namespace std::chrono_literals;
using sync::CheckResult;

namespace {

std::array<int, 2> gate{-1, -1};

extern "C" void waitAtTheGate(int)
{
    char token = 0;
    while (::read(gate[0], &token, 1) < 0 && errno == EINTR) { }
}

/// Stops the thread that makes received messages ready, wherever it is, until it is let go: storing that takes its
/// time.
class SlowStore
{
public:
    SlowStore()
    {
        if (::pipe(gate.data()) != 0 || std::signal(SIGUSR1, waitAtTheGate) == SIG_ERR)
            qFatal("no thread can be stopped here");
    }
    ~SlowStore()
    {
        letGo();
        std::signal(SIGUSR1, SIG_IGN);
        ::close(gate[0]);
        ::close(gate[1]);
    }
    Q_DISABLE_COPY_MOVE(SlowStore)

    void hold()
    {
        const QDir threads(QStringLiteral("/proc/self/task"));
        for (const QString &thread : threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            QFile name(threads.filePath(thread + QStringLiteral("/comm")));
            if (name.open(QIODevice::ReadOnly) && name.readAll().startsWith("Thread (pooled)")
                && ::syscall(SYS_tgkill, ::getpid(), thread.toInt(), SIGUSR1) == 0)
                ++m_held;
        }
    }
    void letGo()
    {
        for (; m_held > 0; --m_held)
            (void)!::write(gate[1], "x", 1);
    }
    [[nodiscard]] int held() const { return m_held; }

private:
    std::atomic_int m_held = 0;
};

/// So large that making it ready outlasts a NOOP by far.
ServerMessage largeMessage()
{
    QByteArray line;
    for (int i = 0; i < 76; ++i)
        line += char('A' + i % 26);
    return {"large", "Subject: large\r\n\r\n" + (line + "\r\n").repeated(64 * 1024 * 1024 / 78)};
}

} // namespace

/// Servers hang up on clients that are busy with storing and say nothing meanwhile.
class TestCheckSlowStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void Q41_theTestServerHangsUpOnAClientThatSaysNothing();
    void Q41_noopKeepsTheSessionWhileAMessageIsStoredSlowly();
};

void TestCheckSlowStore::Q41_theTestServerHangsUpOnAClientThatSaysNothing()
{
    ServerQuirks quirks;
    quirks.patience = 50ms;
    ScriptedServer server({}, quirks);
    QVERIFY(server.listen());
    QTcpSocket client;
    QSignalSpy disconnected(&client, &QTcpSocket::disconnected);
    client.connectToHost(QStringLiteral("127.0.0.1"), server.port());
    QTRY_COMPARE(disconnected.size(), 1);
}

void TestCheckSlowStore::Q41_noopKeepsTheSessionWhileAMessageIsStoredSlowly()
{
    ServerQuirks quirks;
    quirks.patience = 3s;
    CheckVisit visit({largeMessage()}, quirks);
    visit.harness.options.keepAlive = 20ms;
    SlowStore store;
    QElapsedTimer held; // of the server's thread, like all below
    std::atomic_int noops = 0;
    std::atomic_int noopsWhileHeld = 0;
    visit.server.setCommandHook([&](const QByteArray &line) {
        if (line != "NOOP")
            return;
        // The first proves the message whole (Q25); from the second on, nothing but storing is under way.
        if (++noops == 2) {
            store.hold();
            held.start();
        } else if (store.held() > 0) {
            ++noopsWhileHeld;
            if (held.durationElapsed() > quirks.patience + 1s)
                store.letGo();
        }
    });
    const CheckResult result = visit.check();
    QVERIFY2(!result.error, result.error ? qPrintable(result.error->text) : "");
    QVERIFY2(held.isValid() && held.durationElapsed() > quirks.patience, "it was stored before it could be held up");
    QVERIFY(noopsWhileHeld >= 2);
    QCOMPARE(result.stored, 1);
    QCOMPARE(result.deletedOnServer, 1);
    QVERIFY(visit.server.messages().isEmpty());
    QCOMPARE(visit.server.record().connections, 1);
}

QTEST_GUILESS_MAIN(TestCheckSlowStore)
#include "tst_checkslowstore.moc"
