// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/checkharness.h"
#include "sync/storewitness.h"
#include "sync/wildserver.h"

#include <QByteArrayList>
#include <QHash>
#include <QSet>

#include <chrono>

namespace satchel::test {

/// What a witness counts in one story or in many.
struct WitnessFigures {
    int stories = 0;
    int sessions = 0;
    int messages = 0; ///< brought to the server
    int deletions = 0; ///< DELE seen
    int unread = 0; ///< DELE of what is not stored byte for byte
    int lost = 0; ///< gone from the server by DELE, and not here in the end
    int misnamed = 0; ///< ledger rows that name another message than the server did, in a visit in step
    int doubled = 0; ///< here more often than it was brought
    int doubledUnseen =
        0; ///< the same, where replies had come out of step, or names moved between messages of one size
    int missed = 0; ///< still on the server in the end, and not here
    int mistaken = 0; ///< the same, of what took over the name of another message of its size
    int errors = 0; ///< visits that ended with an error

    WitnessFigures &operator+=(const WitnessFigures &other);
    [[nodiscard]] bool isGood() const
    {
        return unread == 0 && lost == 0 && misnamed == 0 && doubled == 0 && missed == 0;
    }
    [[nodiscard]] QByteArray text() const;
};

/// Some weeks of one account at a WildServer: visits, days between, what the person and other programs do meanwhile;
/// and at each DELE, after each visit and in the end the questions of the first promise.
class WitnessStory
{
public:
    explicit WitnessStory(quint32 seed, Whims::Set without = {});
    ~WitnessStory();

    [[nodiscard]] WitnessFigures run();
    [[nodiscard]] QByteArray told() const; ///< all that happened, faults included
    [[nodiscard]] const Whims::Set &whims() const { return m_whims.struck(); }

    /// The whims that a story with this seed cannot do without and still be bad.
    [[nodiscard]] static Whims::Set needed(quint32 seed);

private:
    void choosePolicy();
    void visit();
    void passDays(int days);
    void actLocally();
    void orderByHand();
    void watchDelete(const Shown &shown);
    void noteWhatCannotBeTold();
    void look(); ///< at what is stored now, so that it is known to have been
    void checkNames();
    void checkEnd();
    void fault(int WitnessFigures::*figure, const QByteArray &text);

    Whims m_whims;
    QRandomGenerator m_random;
    WildServer m_server;
    CheckHarness m_harness;
    StoreWitness m_witness;
    WitnessFigures m_figures;
    std::chrono::milliseconds m_passed{0};
    QSet<QByteArray> m_givenUp; ///< hashes of what the person deleted for good
    QSet<int> m_orderedAnyway; ///< deliveries
    QSet<int> m_notWanted; ///< deliveries that are not to be fetched
    QHash<QByteArray, QByteArray> m_rows; ///< uidl and occurrence, and the hash that was stored by them
    QHash<QByteArray, Shown> m_names; ///< as the last visit in step listed them
    QSet<int> m_mistaken; ///< deliveries that no name and no size tells from another
    bool m_everOutOfStep = false;
    bool m_everLimited = false; ///< by size, so that there are beginnings
};

} // namespace satchel::test
