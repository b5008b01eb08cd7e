// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/clockedcomputer.h"
#include "sync/countedtime.h"

#include <algorithm>

namespace satchel::test {

inline constexpr int keepDays = 14;

/// An account whose mail stays 14 days, and computers that visit it. What was stored, and when in truth.
class CountedMailbox
{
public:
    struct Stored {
        qint64 line = 0; ///< as the ledger has it
        QDateTime truth;
    };

    /// \a arrived: when the server received mail that is new in this visit; invalid: nothing new.
    sync::CountedTime visit(const ClockedComputer &computer, const QDateTime &arrived = {}, int arrivals = 1)
    {
        qint64 newest = 0;
        for (const Stored &message : std::as_const(messages))
            newest = qMax(newest, message.line);
        const sync::ClockRecord before = sync::unpackedClock(sync::packed(record));
        const sync::ClockAdvance next =
            sync::advance(before, computer.moment(), sync::needsNewest(before, computer.moment().boot) ? newest : 0);
        for (const store::LineShift &shift : next.shifts) {
            for (Stored &message : messages)
                message.line += message.line <= shift.until ? shift.by : 0;
        }
        if (next.future) {
            for (Stored &message : messages)
                message.line = qMin(message.line, next.record.line);
        }
        record = next.record;
        if (arrived.isValid()) {
            sync::ReceivedTimes times;
            for (int i = 0; i < arrivals; ++i) {
                times.add(arrived, computer.moment().wall);
                messages.append({record.line, computer.truth()});
            }
            record = sync::witnessed(record, times);
        }
        return next.time;
    }

    [[nodiscard]] static QDateTime noted(const Stored &message)
    {
        return QDateTime::fromMSecsSinceEpoch(message.line, QTimeZone::UTC);
    }
    /// How many of the first \a count are due, and stay due.
    [[nodiscard]] int due(const sync::CountedTime &time) const
    {
        return int(std::ranges::count_if(
            messages, [&](const Stored &message) { return time.havePassed(keepDays, noted(message)); }));
    }
    [[nodiscard]] int seemDue(const sync::CountedTime &time) const
    {
        return int(std::ranges::count_if(
            messages, [&](const Stored &message) { return time.seemToHavePassed(keepDays, noted(message)); }));
    }

    sync::ClockRecord record;
    QList<Stored> messages;
};

} // namespace satchel::test
