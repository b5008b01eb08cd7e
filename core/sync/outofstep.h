// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/spoolfile.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QSet>

namespace satchel::sync {

// Whether a message is the one that was asked for, as far as its size and its lines tell. Sizes are advisory (Q21): one
// that does not fit is a reason to look at the header, never proof. Pure; any thread.

/// Whether \a message may be what LIST said is \a listed bytes long: in bytes, with line ends counted as one, or with
/// dots that were stuffed. True where LIST did not say.
[[nodiscard]] bool fitsListedSize(qint64 listed, const QByteArray &message);

[[nodiscard]] bool fitsListedSize(qint64 listed, const LineCounts &message);

[[nodiscard]] bool beginsAsReply(const QByteArray &message);
/// Whether a line begins as a reply does. Within one message that is odd; where its size does not fit either, it is
/// two.
[[nodiscard]] bool holdsReply(const QByteArray &message);

/// Without a second "+OK" line in front of the header, where LIST says that it does not belong to the message.
[[nodiscard]] QByteArray withoutStrayReply(const QByteArray &message, qint64 listed);
[[nodiscard]] Expected<SpooledMessage> withoutStrayReply(const SpooledMessage &message, qint64 listed);

/// Watches over the answers of one visit: whether each message is the one that was asked for. A value.
class StepWatch
{
public:
    enum class Verdict {
        Taken,
        Misfit, ///< taken, but its size is not the one that LIST said: doubted
        OutOfStep, ///< the answer to another command than it was taken for
        FetchAgain, ///< it may have lost a part on its way
    };

    void noteRequested(int number, qint64 listedSize); ///< in this order
    /// \a pipelining: where one command goes at a time, nothing else can have been answered.
    [[nodiscard]] Verdict judge(int number, const QByteArray &message, bool pipelining);
    /// Where a file cannot be read, that is told by whoever reads it next.
    [[nodiscard]] Verdict judge(int number, const SpooledMessage &message, bool pipelining);
    [[nodiscard]] bool sawMisfits() const { return m_misfits > 0; }
    /// No size tells this message from those before and after it: had an answer been left out, nobody would have seen.
    [[nodiscard]] bool isLikeNeighbour(int number) const { return m_alike.contains(number); }

private:
    template <class Message>
    [[nodiscard]] Verdict judged(int number, const Message &message, bool pipelining);
    template <class Message>
    [[nodiscard]] bool fitsAt(qsizetype place, const Message &message) const;

    QList<qint64> m_sizes; ///< in the order in which they were requested
    QHash<int, qsizetype> m_places; ///< by message number
    QHash<int, QByteArray> m_before; ///< of those that are fetched once more: the hash of what came at first
    QSet<int> m_alike; ///< message numbers
    int m_fits = 0;
    int m_misfits = 0;
    int m_miscounted = 0; ///< of these, what came the same a second time
};

} // namespace satchel::sync
