// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/clock.h"
#include "store/ledger.h"
#include "store/writer.h"
#include "sync/types.h"

#include <QByteArray>
#include <QDateTime>
#include <QList>

#include <optional>

namespace satchel::sync {

// How it is known that days have passed. The wall clock is a witness that can err, and a clock that is wrong once must
// not delete mail: so ages are told by a line of our own. It begins with the wall clock's time at the first visit, and
// goes on by what the boot clock has measured since the visit before. What only the wall clock says (the computer was
// off, and has started anew) is added as well, but stays in doubt until something else agrees. What is in doubt makes
// nothing old enough to be deleted.

/// A stretch of the line that only the wall clock has seen.
struct DoubtedTime {
    qint64 at = 0; ///< where on the line; all in ms
    qint64 length = 0;
    qint64 wall = 0; ///< what the wall showed where it begins
    qint64 counted = 0; ///< ClockRecord::counted when it was met
    int boots = 0; ///< later starts of the computer that have agreed with it
    QByteArray boot; ///< the last of these
    qint64 behind =
        -1; ///< by how much at most the wall was behind the truth where it begins, as mail showed; -1: unknown
};

/// What one visit of an account leaves to the next of what the clocks showed. A value; kept with the account.
struct ClockRecord {
    /// One start of one computer: several may share a profile.
    struct Boot {
        QByteArray id;
        qint64 passed = 0;
        qint64 line = 0; ///< what the line showed then
        qint64 counted = 0; ///< the same of ClockRecord::counted
        qint64 begin = 0; ///< where on the line the first visit of this start was
        qint64 fallen = 0; ///< by how much the wall clock was behind then
    };
    /// A wall clock that showed less than it should.
    struct Low {
        qint64 counted = 0;
        qint64 wall = 0;
        int boots = 0;
        QByteArray boot;
    };

    qint64 line = 0; ///< 0: no visit yet
    qint64 counted = 0; ///< what of it is beyond doubt, since the first visit
    qint64 wall = 0; ///< at the last visit
    qint64 wallBefore = 0; ///< and at the one before; 0: none, or the clock was set since
    qint64 since = -1; ///< how long before, by the boot clock; -1: it does not say
    // The wall clock that later ones are measured by.
    qint64 trustedWall = 0;
    qint64 trustedLine = 0;
    qint64 behind = -1; ///< by how much at most, as mail has shown; -1: unknown
    qint64 fallen = 0; ///< by how much it was put back of late: what it gains again is no time that passed
    bool refuted = false; ///< mail has shown it to be wrong: nothing is claimed by it
    std::optional<Low> low;
    qint64 stepped = 0; ///< ahead, within the last day that was counted: a person may still be told
    qint64 steppedCounted = 0;
    QList<Boot> boots; ///< the latest first
    QList<DoubtedTime> doubted; ///< in the order of the line
};

/// How old things are at the time of one visit. A value; the plan and the forecast ask it alike.
class CountedTime
{
public:
    /// All of it is beyond doubt.
    CountedTime(const QDateTime &now); // NOLINT(google-explicit-constructor): where nothing is in doubt, a time will do
    explicit CountedTime(const ClockRecord &record);

    [[nodiscard]] QDateTime now() const; ///< on the line: ledger rows are noted by it
    [[nodiscard]] QDateTime wall() const; ///< what a person reads
    [[nodiscard]] ClockDoubt doubt() const; ///< worth a word to a person

    /// Whether so many days have passed since \a noted (a time on the line), beyond doubt.
    [[nodiscard]] bool havePassed(int days, const QDateTime &noted) const;
    /// Whether they seem to have, to somebody who believes the wall clock.
    [[nodiscard]] bool seemToHavePassed(int days, const QDateTime &noted) const;
    /// A time on the line as the wall clock has it.
    [[nodiscard]] QDateTime onTheWall(const QDateTime &noted) const;
    /// When the wall clock will show that the days have passed.
    [[nodiscard]] QDateTime endOf(int days, const QDateTime &noted) const;

private:
    [[nodiscard]] qint64 doubtedSince(qint64 noted) const;

    qint64 m_line;
    qint64 m_wall;
    qint64 m_stepped = 0;
    QList<DoubtedTime> m_doubted;
};

/// Another visit of the account begins.
struct ClockAdvance {
    ClockRecord record;
    CountedTime time;
    /// Doubted stretches that turned out to be none: what was noted before them is that much younger.
    QList<store::LineShift> shifts;
    bool future = false; ///< the ledger has times that are to come, which cannot be
};

/// Pure.
///
/// Within one start of the computer the boot clock measures, whatever the wall clock does. Across starts the wall clock
/// is asked: what it claims goes on the line in doubt, and becomes certain when mail that came since was received (by
/// the server's clock) as late as that, when a day was counted in which the wall clock did not go back, or three more
/// starts over three days agree. A wall clock that falls behind is not measured by until it stayed there for as long;
/// then what an earlier one claimed is refuted. More than 400 days are never believed: then counting begins anew.
///
/// \a newest: on the line, when the last message was stored, ms; 0: none was. Asked for where needsNewest() says so.
[[nodiscard]] ClockAdvance advance(const ClockRecord &record, const Moment &now, qint64 newest = 0);
/// Within one start of the computer the line is known without the ledger.
[[nodiscard]] bool needsNewest(const ClockRecord &record, const BootTime &boot);

/// When the mail of one visit was received, as the server's clock noted it.
struct ReceivedTimes {
    qint64 newest = 0; ///< ms; 0: no mail said it; of those that are not to come
    int past = 0;
    int future = 0; ///< more than a day ahead of the wall clock

    void add(const QDateTime &received, const QDateTime &wall);
};

/// Pure: what mail that was new in this visit tells of the clocks. It cannot have come before it was received.
[[nodiscard]] ClockRecord witnessed(const ClockRecord &record, const ReceivedTimes &mail);

[[nodiscard]] QByteArray packed(const ClockRecord &record);
/// One that knows nothing when \a bytes were not made by packed().
[[nodiscard]] ClockRecord unpackedClock(const QByteArray &bytes);

// For the mail thread
/// advance(), and kept before anything is planned by it.
Expected<CountedTime> beginVisit(store::Writer &writer, AccountId account, const Moment &now);
/// What a visit would count that began now; nothing is kept. For a forecast.
[[nodiscard]] Expected<CountedTime> timeOf(const store::Writer &writer, AccountId account, const Moment &now);
Expected<void> noteReceived(store::Writer &writer, AccountId account, const ReceivedTimes &mail);

} // namespace satchel::sync
