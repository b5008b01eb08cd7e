// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/countedmailbox.h"

#include <QRandomGenerator>
#include <QTest>

using namespace satchel;
using namespace satchel::test;
using namespace satchel::sync;
using namespace std::chrono_literals;

/// F14 against clocks that do anything at random.
class TestRandomClocks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void F14_nothingIsDueBeforeItsDaysWhateverTheClocksDo_data();
    void F14_nothingIsDueBeforeItsDaysWhateverTheClocksDo();
};

void TestRandomClocks::F14_nothingIsDueBeforeItsDaysWhateverTheClocksDo_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 40; ++seed)
        QTest::addRow("%u", seed) << seed;
}

/// Months of a computer whose owner travels, whose battery dies and whose clock is set to anything, under a witness
/// that knows the true time; then weeks in which the clock is right: everything must go then.
void TestRandomClocks::F14_nothingIsDueBeforeItsDaysWhateverTheClocksDo()
{
    QFETCH(const quint32, seed);
    QRandomGenerator random(seed);
    int deleted = 0;
    for (int run = 0; run < 50; ++run) {
        ClockedComputer computer;
        CountedMailbox mailbox;
        const auto wrong = [&]() -> ClockedComputer::Duration {
            switch (random.bounded(6)) {
            case 0:
                return ClockedComputer::Duration(
                    computer.truth().msecsTo(QDateTime(QDate(1970, 1, 1), QTime(0, 0, 5), QTimeZone::UTC)));
            case 1:
                return ClockedComputer::Duration(
                    computer.truth().msecsTo(QDateTime(QDate(2020, 1, 1), QTime(0, 0), QTimeZone::UTC)));
            case 2:
                return ClockedComputer::Duration(
                    computer.truth().msecsTo(QDateTime(QDate(2040, 1, 1), QTime(0, 0), QTimeZone::UTC)));
            case 3:
                return std::chrono::hours(random.bounded(-24, 25));
            default:
                return std::chrono::hours(24 * random.bounded(-60, 61));
            }
        };
        QDateTime last = computer.truth();
        bool early = false;
        const auto visit = [&](bool mail) {
            // What is new has come since the visit before.
            const QDateTime received = qBound(last, computer.truth().addSecs(-random.bounded(3600)), computer.truth());
            last = computer.truth();
            const CountedTime time = mailbox.visit(computer, mail ? received : QDateTime());
            mailbox.messages.removeIf([&](const CountedMailbox::Stored &message) {
                if (!time.havePassed(keepDays, CountedMailbox::noted(message)))
                    return false;
                ++deleted;
                // A clock that was put back by some hours for days, and is right after a start, is found out by nobody.
                early = early || message.truth.addSecs(-25 * 3600).addDays(keepDays) > computer.truth();
                return true;
            });
        };
        for (int i = 0; i < 300; ++i) {
            switch (random.bounded(10)) {
            case 0: // off, and wrong when it starts, until the network has set the clock within some hours
                computer.turnOff(std::chrono::minutes(random.bounded(1, 5 * 24 * 60)));
                if (random.bounded(2) == 0) {
                    computer.set(wrong());
                    for (int visits = random.bounded(5); visits > 0; --visits) {
                        visit(random.bounded(2) == 0);
                        computer.pass(std::chrono::minutes(random.bounded(120)));
                    }
                }
                computer.set(0h);
                break;
            case 1: // set while it runs, and set right later
                computer.set(computer.error() == 0ms ? wrong() : 0ms);
                break;
            case 2: // asleep
                computer.pass(std::chrono::hours(random.bounded(300)));
                break;
            case 3: // off, and right afterwards
                computer.turnOff(std::chrono::hours(random.bounded(1, 14)));
                computer.set(0h);
                break;
            default:
                computer.pass(std::chrono::minutes(random.bounded(1, 600)));
            }
            visit(random.bounded(3) == 0);
        }
        computer.set(0h);
        for (int i = 0; i < keepDays + 5; ++i) {
            for (int hour = 0; hour < 10; ++hour) {
                computer.pass(1h);
                visit(false);
            }
            computer.turnOff(14h);
        }
        visit(false);
        QCOMPARE(mailbox.messages.size(), 0);
        QVERIFY2(!early, qPrintable(QStringLiteral("story %1").arg(run)));
    }
    QVERIFY(deleted > 1000);
}

QTEST_GUILESS_MAIN(TestRandomClocks)
#include "tst_randomclocks.moc"
