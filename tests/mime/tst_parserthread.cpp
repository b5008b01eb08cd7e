// SPDX-License-Identifier: GPL-3.0-or-later
// The stack of the threads that parse, on a system that gives little of it.
#include "mime/parserthread.h"

#include <QTest>
#include <QThreadPool>

#include <atomic>
#include <pthread.h>

using namespace satchel;

namespace {

/// Needs some 64 kB of stack for each level.
int descend(int levels)
{
    volatile char room[64 * 1024];
    room[0] = char(levels);
    room[sizeof room - 1] = room[0];
    return levels == 0 ? 0 : descend(levels - 1) + (room[sizeof room - 1] == char(levels) ? 1 : 0);
}

} // namespace

class TestParserThread : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void p310_hasAStackForDeepMessagesWhereThreadsHaveLittle()
    {
        pthread_attr_t usual;
        QCOMPARE(::pthread_attr_init(&usual), 0);
        QCOMPARE(::pthread_attr_setstacksize(&usual, 512 * 1024), 0);
        QCOMPARE(::pthread_setattr_default_np(&usual), 0); // as macOS has it
        QThreadPool worker;
        mime::prepareForParsing(worker);
        QCOMPARE(worker.maxThreadCount(), 1);
        std::atomic_int reached = 0;
        worker.start([&reached] { reached = descend(100); }); // 6.4 MB
        worker.waitForDone();
        QCOMPARE(reached.load(), 100);
    }
};

QTEST_GUILESS_MAIN(TestParserThread)
#include "tst_parserthread.moc"
