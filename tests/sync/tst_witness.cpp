// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/witnessstory.h"

#include <QTest>

using namespace satchel;
using namespace satchel::test;

namespace {

int sessionsWanted(int standard)
{
    bool given = false;
    const int sessions = qEnvironmentVariableIntValue("SATCHEL_SESSIONS", &given);
    return given ? sessions : standard;
}

quint32 firstSeed()
{
    bool given = false;
    const quint32 asked = qEnvironmentVariable("SATCHEL_SEED").toUInt(&given);
    return given ? asked : QRandomGenerator::global()->generate();
}

} // namespace

/// A server that misbehaves at random, under a witness that knows the bytes of each message. The first story of a run
/// has the seed that is printed, the next one the number after it: SATCHEL_SEED with the seed of a story and
/// SATCHEL_SESSIONS=1 tell that story again, SATCHEL_TELL line by line while it happens.
class TestWitness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingIsLostAtAServerThatMisbehavesAtRandom();
};

void TestWitness::nothingIsLostAtAServerThatMisbehavesAtRandom()
{
    const int wanted = sessionsWanted(400);
    const quint32 first = firstSeed();
    qInfo("SATCHEL_SEED=%u", first);
    const bool keepsOn = qEnvironmentVariableIsSet("SATCHEL_KEEP_ON");
    WitnessFigures all;
    QByteArrayList bad;
    for (quint32 seed = first; all.sessions < wanted; ++seed) {
        WitnessStory story(seed);
        const WitnessFigures figures = story.run();
        all += figures;
        if (figures.isGood())
            continue;
        bad.append(QByteArray::number(seed));
        if (keepsOn && wanted > 1) {
            qWarning("SATCHEL_SEED=%u: %s", seed, figures.text().constData());
            continue;
        }
        qWarning("SATCHEL_SEED=%u went wrong, and is told in short soon:\n%s", seed, story.told().constData());
        const Whims::Set needed = WitnessStory::needed(seed);
        WitnessStory shorter(seed, ~needed);
        (void)shorter.run();
        qWarning("SATCHEL_SEED=%u needs: %s\n%s", seed, Whims::names(needed).constData(), shorter.told().constData());
        break;
    }
    qInfo("%s", all.text().constData());
    QVERIFY2(all.isGood(), "the stories of these seeds went wrong: " + bad.join(' '));
}

QTEST_GUILESS_MAIN(TestWitness)

#include "tst_witness.moc"
