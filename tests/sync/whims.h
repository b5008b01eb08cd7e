// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMetaEnum>
#include <QRandomGenerator>

#include <bitset>
#include <vector>

namespace satchel::test {

Q_NAMESPACE

/// The ways in which a WildServer, its mail and its mailbox go wrong.
enum class Whim : quint8 {
    // How it names messages
    NumbersAsNames, ///< by their place in the listing
    CounterStartsAnew,
    NamesUsedAgain, ///< once the message is gone
    NamesByChance, ///< all of them new at times, as after a rebuild
    NamesMove, ///< from one message to another
    OneNameForAll,
    NoNames, ///< UIDL is refused
    EmptyNames, ///< some
    // What it is
    SizesOfLines, ///< line ends counted as one byte
    SizesByChance,
    AlikeInSize, ///< so that no size tells one message from another
    NoTop,
    TopRefused, ///< at times
    TopChanged, ///< with a line more
    NoPipelining,
    BareLineFeeds, ///< and LF "." CRLF at the end
    NoDotStuffing,
    Portions,
    DeletesAtOnce, ///< without QUIT
    // What happens to its listing
    UidlMalformed,
    UidlShort,
    UidlTwice, ///< one number with two names
    ListShort,
    NamesBehind, ///< RETR and DELE know another order than UIDL
    DeliveredBetween, ///< UIDL and LIST
    StatWrong,
    Hidden, ///< some messages, for a visit
    Restored, ///< what was deleted is back
    TakenElsewhere, ///< another program deletes
    // What happens to a reply
    Doubled,
    Missing,
    Swapped,
    ExtraErr,
    ExtraOk,
    CutWithoutEnd,
    NoEnd,
    CutClean,
    Late,
    Silent,
    Lost, ///< the connection
    DeleRefused,
    DeleForgotten, ///< accepted, and not done
    QuitRefused,
    QuitLost,
    // The mail
    ManyMessages, ///< at once
    WordsOfTheProtocol, ///< in the text
    SameHeader,
    SameBytes,
    NoHeader,
    // The person
    DeletedHere,
    OrderedByHand,
    PolicyChanged,
    DaysPass,
    Restarted,
    Last
};
Q_ENUM_NS(Whim)

/// Chance that can be repeated: each whim has a row of numbers of its own, so that one can be taken out of a story and
/// the others stay as they were.
class Whims
{
public:
    using Set = std::bitset<std::size_t(Whim::Last)>;

    explicit Whims(quint32 seed, Set without = {});

    [[nodiscard]] bool strikes(Whim whim, double probability);
    [[nodiscard]] int below(Whim whim, int limit); ///< 0 to limit - 1; for what a whim needs to know beside
    [[nodiscard]] const Set &struck() const { return m_struck; }

    [[nodiscard]] static QByteArray names(const Set &whims);

private:
    std::vector<QRandomGenerator> m_rows;
    Set m_without;
    Set m_struck;
};

} // namespace satchel::test
