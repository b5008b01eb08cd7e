// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/patience.h"
#include "support/transcriptrun.h"

#include <QTest>

#include <limits>

using namespace satchel;
using namespace satchel::pop3;
using namespace satchel::test;
using namespace std::chrono_literals;

namespace {

/// For how long a server is waited for that sends so many bytes, and so many ends of replies, every \a interval.
std::chrono::seconds enduredFor(
    std::chrono::seconds interval, qint64 bytes, int replies, std::chrono::seconds atMost, qint64 announced = 0)
{
    Patience patience{SessionOptions()};
    std::chrono::seconds passed = 0s;
    while (!patience.isExhausted() && passed < atMost) {
        patience.waited(interval);
        passed += interval;
        patience.heard(bytes);
        patience.expect(announced);
        for (int i = 0; i < replies; ++i)
            patience.heardReply();
    }
    return passed;
}

constexpr std::chrono::hours month = 30 * 24h;

} // namespace

/// The deadline on a whole visit: pure with the usual limits, and in sessions with limits that a test can wait for.
class TestPatience : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sec_endsAVisitWhoseEveryReplyComesJustInTime();
    void sec_nothingIsSavedUpForLater();
    void lastsAsLongAsSlowLinesBringSomething_data();
    void lastsAsLongAsSlowLinesBringSomething();
    void F09_aDripNeverHoldsAVisitForEver_data();
    void F09_aDripNeverHoldsAVisitForEver();
    void F09_aReplyOfHoursMustHaveBeenAnnounced();
    void F09_aMessageThatDripsEndsTheSession();
    void F09_aLongListingOverASlowLineIsNotGivenUp_data();
    void F09_aLongListingOverASlowLineIsNotGivenUp();
    void sec_repliesThatComeJustInTimeEndTheSession();
    void aLongDownloadOverASlowLineIsNotEnded();
    void theTimeInWhichNothingIsDueDoesNotCount();
};

void TestPatience::sec_endsAVisitWhoseEveryReplyComesJustInTime()
{
    // Just before it would count as silent; "+OK\r\n" and "-ERR\r\n".
    const auto interval = std::chrono::duration_cast<std::chrono::seconds>(SessionOptions().silence) - 1s;
    QVERIFY(enduredFor(interval, 6, 1, month) < 90min);
    // A byte a minute ends no reply, and sooner than that.
    QVERIFY(enduredFor(60s, 1, 0, month) < 65min);
}

void TestPatience::sec_nothingIsSavedUpForLater()
{
    Patience patience{SessionOptions()};
    patience.heard(1LL << 40);
    patience.waited(SessionOptions().whole);
    QVERIFY(patience.isExhausted());
    patience.heard(1);
    QVERIFY(!patience.isExhausted());
}

void TestPatience::lastsAsLongAsSlowLinesBringSomething_data()
{
    QTest::addColumn<int>("seconds");
    QTest::addColumn<int>("bytes");
    QTest::addColumn<int>("replies");
    QTest::newRow("1,200 baud, one message of a size that was announced") << 1 << 120 << 0;
    QTest::newRow("a satellite: one DELE after the other, two seconds each") << 2 << 5 << 1;
    QTest::newRow("a virus scanner that keeps each message for half a minute") << 30 << 3000 << 1;
}

void TestPatience::lastsAsLongAsSlowLinesBringSomething()
{
    QFETCH(int, seconds);
    QFETCH(int, bytes);
    QFETCH(int, replies);
    QVERIFY(
        enduredFor(std::chrono::seconds(seconds), bytes, replies, month, 500'000'000) >= (replies > 0 ? month : 24h));
}

void TestPatience::F09_aDripNeverHoldsAVisitForEver_data()
{
    QTest::addColumn<int>("bytes"); // a second
    QTest::addColumn<qint64>("announced");
    for (const int bytes : {1, 14, 20, 50}) {
        for (const qint64 announced :
            {qint64(0), qint64(26'000), qint64(512) * 1024 * 1024, std::numeric_limits<qint64>::max()})
            QTest::addRow("%d bytes a second of %lld", bytes, qlonglong(announced)) << bytes << announced;
    }
    // Fast enough for every visit, but no reply has a right to the whole day.
    QTest::newRow("120 bytes a second of nobody knows") << 120 << qint64(0);
    QTest::newRow("4,000 bytes a second of nobody knows") << 4000 << qint64(0);
    QTest::newRow("120 bytes a second of ever so much") << 120 << std::numeric_limits<qint64>::max();
}

void TestPatience::F09_aDripNeverHoldsAVisitForEver()
{
    QFETCH(const int, bytes);
    QFETCH(const qint64, announced);
    const std::chrono::seconds most = bytes < 100 ? 150min : announced == 0 ? 61min : 24h + 1s;
    QVERIFY(enduredFor(1s, bytes, 0, month, announced) <= most);
}

void TestPatience::F09_aReplyOfHoursMustHaveBeenAnnounced()
{
    // 10 MB at 1,000 bytes a second take three hours.
    QVERIFY(enduredFor(1s, 1000, 0, 3h, 10'000'000) >= 3h);
    QVERIFY(enduredFor(1s, 1000, 0, 3h) <= 61min);
    // What was announced of one reply is nothing for the next.
    Patience patience{SessionOptions()};
    patience.expect(100'000'000);
    patience.heardReply();
    for (int minute = 0; minute < 62; ++minute) {
        patience.waited(60s);
        patience.heard(1'000'000);
    }
    QVERIFY(patience.isExhausted());
}

namespace {

const QByteArray LoggedIn = "S: +OK ready\nC: CAPA\nS: -ERR\nE: ready\nD: login alice secret\nC: USER alice\nS: +OK\n"
                            "C: PASS secret\nS: +OK\nE: loggedIn USER\n";

/// Silence and a trickle would never end it.
SessionOptions endlessButForTheWhole()
{
    SessionOptions options;
    options.silence = options.slowSilence = 100s;
    options.trickle = 1000s;
    options.trickleBytes = 1'000'000;
    options.keepAlive = 0s;
    options.whole = 200ms;
    options.wholePerReply = 5ms;
    options.slowest = 1'000; // a byte is worth a millisecond
    return options;
}

} // namespace

void TestPatience::sec_repliesThatComeJustInTimeEndTheSession()
{
    QByteArray text = LoggedIn;
    for (int i = 0; i < 100; ++i)
        text += "D: rset\nC: RSET\nW 30\nS: +OK\nE: reset\n";
    const auto transcript = parseTranscript(text);
    QVERIFY(transcript);
    TranscriptRun run(*transcript, {}, endlessButForTheWhole());
    run.play();
    QCOMPARE(run.events().last(), "failed Timeout");
    QVERIFY2(run.events().count("reset") < 100, "it ended before the server had its way");
}

void TestPatience::aLongDownloadOverASlowLineIsNotEnded()
{
    // 30 times 30 ms is more than the 200 ms of the whole, but each time something comes that is worth it.
    QByteArray text = LoggedIn + "D: retr 1\nC: RETR 1\nS: +OK\n";
    for (int i = 0; i < 30; ++i)
        text += "W 30\nS: " + QByteArray(100, 'x') + '\n';
    text += "S: .\nC: NOOP\nS: +OK\nD: quit\nC: QUIT\nS: +OK\nX\n";
    const auto transcript = parseTranscript(text);
    QVERIFY(transcript);
    SessionOptions options = endlessButForTheWhole();
    options.slowest = 1; // a byte is worth a second
    TranscriptRun run(*transcript, {}, options);
    run.play();
    QCOMPARE(run.events().last(), "finished");
    QVERIFY2(run.events().contains("loggedIn USER"), run.events().join('\n').constData());
}

void TestPatience::F09_aMessageThatDripsEndsTheSession()
{
    QByteArray text = LoggedIn + "D: retr 1\nC: RETR 1\nS: +OK\n";
    for (int i = 0; i < 200; ++i)
        text += "W 10\nS: " + QByteArray(100, 'x') + '\n';
    const auto transcript = parseTranscript(text);
    QVERIFY(transcript);
    SessionOptions options = endlessButForTheWhole();
    options.slowest = 1; // each byte is worth more than it took
    options.reply = 300ms;
    TranscriptRun run(*transcript, {}, options);
    run.play();
    QCOMPARE(run.events().last(), "failed Timeout");
    QVERIFY(run.messages().isEmpty());
}

void TestPatience::F09_aLongListingOverASlowLineIsNotGivenUp_data()
{
    QTest::addColumn<int>("stated");
    QTest::addColumn<QByteArray>("last");
    QTest::newRow("of as many messages as STAT said") << 60 << QByteArray("finished");
    QTest::newRow("of a server that said that there are few") << 1 << QByteArray("failed Timeout");
}

void TestPatience::F09_aLongListingOverASlowLineIsNotGivenUp()
{
    QFETCH(const int, stated);
    QFETCH(const QByteArray, last);
    QByteArray text =
        LoggedIn + "D: stat\nC: STAT\nS: +OK " + QByteArray::number(stated) + " 6000\nD: list\nC: UIDL\nS: +OK\n";
    for (int i = 1; i <= 60; ++i)
        text += "W 10\nS: " + QByteArray::number(i) + ' ' + QByteArray(70, 'u').append(QByteArray::number(i)).last(70)
            + '\n';
    text += "S: .\nC: LIST\nS: +OK\n";
    for (int i = 1; i <= 60; ++i)
        text += "W 10\nS: " + QByteArray::number(i) + " 100\n";
    text += "S: .\nD: quit\nC: QUIT\nS: +OK\nX\n";
    const auto transcript = parseTranscript(text);
    QVERIFY(transcript);
    SessionOptions options = endlessButForTheWhole();
    options.slowest = 500; // bytes a second: sixty lines may take longer than they do, one may not
    options.reply = 300ms;
    TranscriptRun run(*transcript, {}, options);
    run.play();
    QCOMPARE(run.events().last(), last);
}

void TestPatience::theTimeInWhichNothingIsDueDoesNotCount()
{
    QByteArray text = LoggedIn;
    for (int i = 0; i < 20; ++i)
        text += "W 100\nD: noop\nC: NOOP\nS: +OK\nE: idled\n";
    const auto transcript = parseTranscript(text + "D: quit\nC: QUIT\nS: +OK\nX\nE: finished\n");
    QVERIFY(transcript);
    SessionOptions options = endlessButForTheWhole();
    options.whole = 1500ms;
    TranscriptRun run(*transcript, {}, options);
    run.play();
    QCOMPARE(run.complaint(), "");
}

QTEST_GUILESS_MAIN(TestPatience)
#include "tst_patience.moc"
