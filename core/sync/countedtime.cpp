// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/countedtime.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimeZone>

#include <algorithm>
#include <limits>
#include <utility>

using namespace Qt::StringLiterals;

namespace satchel::sync {

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 day = 24 * 60 * minute;
constexpr qint64 tolerance = minute; // clocks are set by a little all the time
constexpr qint64 longestOff = 400 * day;
constexpr qint64 longestVisit = 7 * day;
constexpr qint64 worthSaying = 3 * day / 2; // a night and a morning are no jump
constexpr int agreeingBoots = 3;
constexpr qint64 agreeingDays = 3 * day;
constexpr qint64 freshMail = 2 * day;
constexpr qint64 hour = 60 * minute;
constexpr qsizetype mostBoots = 4;
constexpr qsizetype mostDoubted = 32;

QString factName()
{
    return u"clock"_s;
}

QDateTime toTime(qint64 ms)
{
    return QDateTime::fromMSecsSinceEpoch(ms, QTimeZone::UTC);
}

/// Long enough after \a counted, or in so many starts on so many days, for what the wall clock says to be believed.
bool hasLasted(const ClockRecord &record, qint64 counted, int boots, qint64 sinceWall)
{
    return record.counted - counted >= day || (boots >= agreeingBoots && record.wall - sinceWall >= agreeingDays);
}

void trust(ClockRecord &record, qint64 behind)
{
    record.trustedWall = record.wall;
    record.trustedLine = record.line;
    record.behind = behind;
    record.refuted = false;
    record.low.reset();
}

/// All that lies before \a at on the line moves.
void moveBefore(ClockRecord &record, qint64 at, qint64 by, qsizetype doubted, QList<store::LineShift> &shifts)
{
    shifts.append({at, by});
    const auto shift = [at, by](qint64 &time) {
        if (time <= at)
            time += by;
    };
    for (ClockRecord::Boot &boot : record.boots) {
        shift(boot.line);
        shift(boot.begin);
    }
    for (qsizetype i = 0; i < doubted; ++i)
        shift(record.doubted[i].at);
}

/// So much of a stretch was not there.
void refute(ClockRecord &record, qsizetype index, qint64 length, QList<store::LineShift> &shifts)
{
    moveBefore(record, record.doubted.at(index).at, length, index, shifts);
}

/// A wall clock that was set by so much, while nothing else noticed, proves no shorter claim.
void refuteUpTo(ClockRecord &record, qint64 longest, QList<store::LineShift> &shifts)
{
    for (qsizetype i = record.doubted.size() - 1; i >= 0; --i) {
        if (const qint64 length = record.doubted.at(i).length; length <= longest) {
            refute(record, i, length, shifts);
            record.doubted.removeAt(i);
        }
    }
}

QList<ClockRecord::Boot>::const_iterator sameBoot(const ClockRecord &record, const BootTime &boot)
{
    // One that went back is that of another machine, or of one that was restored.
    return std::ranges::find_if(record.boots, [&boot](const ClockRecord::Boot &other) {
        return !boot.id.isEmpty() && other.id == boot.id && other.passed <= boot.passed.count();
    });
}

/// What the boot clock has measured since a visit in the same start of the computer. Answers with what is known of it.
ClockRecord::Boot count(ClockRecord &record, const BootTime &boot, QList<store::LineShift> &shifts)
{
    ClockRecord::Boot now{boot.id, boot.passed.count(), 0, 0, 0, 0};
    record.since = -1;
    if (const auto known = sameBoot(record, boot); known != record.boots.cend()) {
        const qint64 since = known->line;
        const qint64 measured = since + boot.passed.count() - known->passed;
        record.counted = qMax(record.counted, known->counted + boot.passed.count() - known->passed);
        if (known == record.boots.cbegin())
            record.since = boot.passed.count() - known->passed;
        // Another computer that shares the profile may have been asked meanwhile: this one has measured that time, too.
        qint64 excess = record.line - measured;
        while (!record.doubted.isEmpty() && record.doubted.constLast().at >= since) {
            if (const qint64 cut = qMin(excess, record.doubted.constLast().length); cut > 0) {
                refute(record, record.doubted.size() - 1, cut, shifts);
                excess -= cut;
            }
            record.doubted.removeLast();
        }
        record.line = qMax(record.line, measured);
        now = *sameBoot(record, boot); // it may have moved
    } else {
        now.begin = ++record.line; // nothing of another start is noted there
    }
    record.boots.removeIf([&boot](const ClockRecord::Boot &other) { return other.id == boot.id; });
    return now;
}

void noteBoot(ClockRecord &record, ClockRecord::Boot boot, const BootTime &now)
{
    if (boot.id.isEmpty())
        return;
    boot.passed = now.passed.count();
    boot.line = record.line;
    boot.counted = record.counted;
    record.boots.prepend(boot);
    record.boots.resize(qMin(record.boots.size(), mostBoots));
}

/// Before \a boot began, time has passed that only the wall clock has seen.
void doubt(ClockRecord &record, qint64 length, ClockRecord::Boot &boot, QList<store::LineShift> &shifts)
{
    qint64 at = boot.begin - 1;
    const qint64 wall = record.trustedWall + at - record.trustedLine;
    if (boot.line == 0) { // its first visit: nothing was noted in this start yet
        record.line += length;
        boot.begin = record.line;
    } else {
        moveBefore(record, at, -length, record.doubted.size(), shifts);
        at -= length;
    }
    record.doubted.append({at, length, wall, record.counted, 0, boot.id, record.behind});
    if (record.doubted.size() > mostDoubted) {
        // As one that has to prove itself as long as the later of them: nothing gets older by that.
        DoubtedTime last = record.doubted.takeLast();
        last.length += record.doubted.constLast().length;
        last.wall -= record.doubted.constLast().length;
        last.behind = -1;
        record.doubted.last() = last;
    }
}

/// What was claimed has to prove itself anew.
void doubtAgain(ClockRecord &record, qint64 longest)
{
    for (DoubtedTime &doubted : record.doubted) {
        if (doubted.length > longest)
            continue;
        doubted.counted = record.counted;
        doubted.boots = 0;
        doubted.behind = -1;
    }
}

/// The wall clock shows less than it should: it is wrong now, or was wrong before.
void fallBehind(ClockRecord &record, qint64 by, const QByteArray &boot, QList<store::LineShift> &shifts)
{
    // One that fell by years is that of a dead battery, and says nothing of the one before.
    if (by <= longestOff)
        doubtAgain(record, 2 * by);
    if (!record.low) {
        record.low = {record.counted, record.wall, 0, boot};
        return;
    }
    if (boot.isEmpty() || record.low->boot != boot) {
        record.low->boot = boot;
        ++record.low->boots;
    }
    if (!hasLasted(record, record.low->counted, record.low->boots, record.low->wall))
        return;
    for (; !record.doubted.isEmpty(); record.doubted.removeLast())
        refute(record, record.doubted.size() - 1, record.doubted.constLast().length, shifts);
    record.fallen += by;
    trust(record, -1);
}

void step(ClockRecord &record, qint64 by)
{
    record.stepped = qMax<qint64>(record.stepped + by, 0);
    record.steppedCounted = record.counted;
}

void settleDoubt(ClockRecord &record, const QByteArray &boot)
{
    if (record.counted - record.steppedCounted >= day)
        record.stepped = 0;
    if (record.low)
        return;
    for (DoubtedTime &doubted : record.doubted) {
        if (boot.isEmpty() || doubted.boot != boot) {
            doubted.boot = boot;
            ++doubted.boots;
        }
    }
    record.doubted.removeIf([&record](const DoubtedTime &doubted) {
        return hasLasted(record, doubted.counted, doubted.boots, doubted.wall + doubted.length);
    });
}

Expected<ClockRecord> keptClock(const store::Writer &writer, AccountId account)
{
    const Expected<QByteArray> bytes = writer.accountFact(account, factName());
    if (!bytes)
        return std::unexpected(bytes.error());
    return unpackedClock(*bytes);
}

Expected<ClockAdvance> nextVisit(const store::Writer &writer, AccountId account, const Moment &now)
{
    const Expected<ClockRecord> before = keptClock(writer, account);
    if (!before)
        return std::unexpected(before.error());
    if (!needsNewest(*before, now.boot))
        return advance(*before, now);
    const Expected<QDateTime> newest = writer.newestStored(account);
    if (!newest)
        return std::unexpected(newest.error());
    return advance(*before, now, newest->isValid() ? newest->toMSecsSinceEpoch() : 0);
}

} // namespace

CountedTime::CountedTime(const QDateTime &now)
    : m_line(now.toMSecsSinceEpoch())
    , m_wall(m_line)
{
}

CountedTime::CountedTime(const ClockRecord &record)
    : m_line(record.line)
    , m_wall(record.wall)
    , m_stepped(record.stepped)
    , m_doubted(record.doubted)
{
}

ClockDoubt CountedTime::doubt() const
{
    if (m_stepped > worthSaying)
        return ClockDoubt::Stepped;
    const bool off =
        std::ranges::any_of(m_doubted, [](const DoubtedTime &doubted) { return doubted.length > worthSaying; });
    return off ? ClockDoubt::Unconfirmed : ClockDoubt::None;
}

QDateTime CountedTime::now() const
{
    return toTime(m_line);
}

QDateTime CountedTime::wall() const
{
    return toTime(m_wall);
}

qint64 CountedTime::doubtedSince(qint64 noted) const
{
    qint64 sum = 0;
    for (const DoubtedTime &doubted : m_doubted) {
        if (noted <= doubted.at)
            sum += doubted.length;
    }
    return sum;
}

bool CountedTime::havePassed(int days, const QDateTime &noted) const
{
    const qint64 since = noted.toMSecsSinceEpoch();
    return m_line - since - doubtedSince(since) >= qMax(days, 0) * day;
}

bool CountedTime::seemToHavePassed(int days, const QDateTime &noted) const
{
    return m_line - noted.toMSecsSinceEpoch() + m_stepped >= qMax(days, 0) * day;
}

QDateTime CountedTime::onTheWall(const QDateTime &noted) const
{
    return noted.isValid() ? toTime(m_wall - (m_line - noted.toMSecsSinceEpoch())) : QDateTime();
}

QDateTime CountedTime::endOf(int days, const QDateTime &noted) const
{
    const qint64 since = noted.toMSecsSinceEpoch();
    return toTime(m_wall + qMax(days, 0) * day - (m_line - since - doubtedSince(since)));
}

bool needsNewest(const ClockRecord &record, const BootTime &boot)
{
    return sameBoot(record, boot) == record.boots.cend();
}

ClockAdvance advance(const ClockRecord &before, const Moment &now, qint64 newest)
{
    ClockRecord record = before;
    QList<store::LineShift> shifts;
    const QByteArray &boot = now.boot.id;
    record.wallBefore = std::exchange(record.wall, now.wall.toMSecsSinceEpoch());
    if (record.line == 0) {
        // What was stored before anything was counted is as old as the wall clock says, but that is in doubt.
        record.line = newest != 0 ? qMin(newest, record.wall) : record.wall;
        record.trustedWall = record.trustedLine = record.line;
    } else if (newest > record.line && newest - record.line < longestVisit) {
        record.line = newest; // the last visit went on until then
    }
    const bool future = newest > record.line;
    ClockRecord::Boot known = count(record, now.boot, shifts);
    qint64 claim = record.wall - (record.trustedWall + record.line - record.trustedLine);
    if (record.fallen > 0 && (claim > worthSaying || claim >= record.fallen)) {
        // It gains what it had lost.
        const qint64 regained = qMin(claim, record.fallen);
        record.fallen -= regained;
        record.trustedWall += regained;
        claim -= regained;
    }
    // In this very start it was behind, and not as far as a dead battery leaves it: it was set since.
    const bool wasBehind = known.fallen > 0 && known.fallen <= longestOff;
    if (wasBehind && claim >= -tolerance)
        refuteUpTo(record, 2 * (known.fallen + claim), shifts);
    const bool measured = record.trustedLine >= known.begin || (wasBehind && claim > 0);
    known.fallen = claim < -tolerance ? -claim : 0;
    if (qAbs(claim) <= tolerance) {
        const bool refuted = record.refuted && measured;
        if (!measured && claim > 0)
            record.line += claim;
        trust(record, record.behind);
        record.refuted = refuted;
    } else if (claim > 0 && !measured && !record.refuted && claim <= longestOff) {
        doubt(record, claim, known, shifts);
        trust(record, -1);
    } else {
        record.wallBefore = 0;
        if (claim > 0 || !record.low)
            step(record, claim);
        if (claim > 0)
            refuteUpTo(record, 2 * claim, shifts);
        else if (record.refuted)
            record.fallen -= claim;
        if (claim > 0 || record.refuted)
            trust(record, -1);
        else
            fallBehind(record, -claim, boot, shifts);
    }
    settleDoubt(record, boot);
    noteBoot(record, known, now.boot);
    return {record, CountedTime(record), shifts, future};
}

void ReceivedTimes::add(const QDateTime &received, const QDateTime &wall)
{
    if (!received.isValid())
        return;
    const qint64 time = received.toMSecsSinceEpoch();
    if (time > wall.toMSecsSinceEpoch() + day) {
        ++future;
    } else {
        ++past;
        newest = qMax(newest, time);
    }
}

ClockRecord witnessed(const ClockRecord &before, const ReceivedTimes &mail)
{
    ClockRecord record = before;
    const bool trusted = record.trustedWall == record.wall && record.trustedLine == record.line;
    if (mail.future > 0 && mail.future >= mail.past) {
        // Of a computer that wakes in 1970, mail says that it is later.
        if (trusted) {
            record.refuted = true;
            record.behind = -1;
        }
        if (record.low) {
            record.low = {record.counted, record.wall, 0, record.low->boot};
            if (!record.boots.isEmpty())
                record.boots.first().fallen = longestOff + 1;
        }
        return record;
    }
    if (mail.newest == 0)
        return record;
    if (record.wallBefore != 0 && mail.newest < record.wallBefore - day) {
        // What was not there at the visit before has come since: either the clock is ahead, or old mail was moved.
        doubtAgain(record, std::numeric_limits<qint64>::max());
        record.behind = -1;
        return record;
    }
    // What has come since the visit before was received since then: so it is known how late it can be at the most.
    if (trusted && record.since >= 0 && mail.newest >= record.wall - freshMail) {
        if (const qint64 behind = qMax<qint64>(mail.newest + record.since - record.wall, 0); behind < freshMail) {
            record.behind = behind;
            record.fallen = behind < hour ? 0 : record.fallen;
        }
    }
    for (DoubtedTime &doubted : record.doubted) {
        const qint64 afterwards = record.line - doubted.at - doubted.length;
        const qint64 shown = qMin(mail.newest, record.wall) - doubted.wall - doubted.behind - afterwards;
        if (doubted.behind < 0 || shown <= 0)
            continue;
        const qint64 certain = qMin(shown, doubted.length);
        doubted.length -= certain;
        doubted.at += certain;
        doubted.wall += certain;
    }
    record.doubted.removeIf([](const DoubtedTime &doubted) { return doubted.length <= tolerance; });
    return record;
}

QByteArray packed(const ClockRecord &record)
{
    QJsonArray boots;
    for (const ClockRecord::Boot &boot : record.boots)
        boots.append(
            QJsonArray{QString::fromLatin1(boot.id), boot.passed, boot.line, boot.counted, boot.begin, boot.fallen});
    QJsonArray doubts;
    for (const DoubtedTime &doubted : record.doubted) {
        doubts.append(QJsonArray{doubted.at, doubted.length, doubted.wall, doubted.counted, doubted.boots,
            QString::fromLatin1(doubted.boot), doubted.behind});
    }
    QJsonObject object{{u"stepped"_s, QJsonArray{record.stepped, record.steppedCounted}}, {u"line"_s, record.line},
        {u"counted"_s, record.counted}, {u"wall"_s, record.wall},
        {u"wall-before"_s, QJsonArray{record.wallBefore, record.since}}, {u"boots"_s, boots}, {u"doubted"_s, doubts},
        {u"trusted"_s,
            QJsonArray{record.trustedWall, record.trustedLine, record.behind, record.refuted, record.fallen}}};
    if (record.low) {
        object.insert(u"low"_s,
            QJsonArray{
                record.low->counted, record.low->wall, record.low->boots, QString::fromLatin1(record.low->boot)});
    }
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

ClockRecord unpackedClock(const QByteArray &bytes)
{
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    ClockRecord record;
    record.line = object.value("line"_L1).toInteger();
    record.counted = object.value("counted"_L1).toInteger();
    record.wall = object.value("wall"_L1).toInteger();
    const QJsonArray before = object.value("wall-before"_L1).toArray();
    record.wallBefore = before.at(0).toInteger();
    record.since = before.at(1).toInteger(-1);
    const QJsonArray stepped = object.value("stepped"_L1).toArray();
    record.stepped = stepped.at(0).toInteger();
    record.steppedCounted = stepped.at(1).toInteger();
    const QJsonArray trusted = object.value("trusted"_L1).toArray();
    record.trustedWall = trusted.at(0).toInteger();
    record.trustedLine = trusted.at(1).toInteger();
    record.behind = trusted.at(2).toInteger(-1);
    record.refuted = trusted.at(3).toBool();
    record.fallen = trusted.at(4).toInteger();
    if (const QJsonArray low = object.value("low"_L1).toArray(); !low.isEmpty())
        record.low = {low.at(0).toInteger(), low.at(1).toInteger(), low.at(2).toInt(), low.at(3).toString().toLatin1()};
    for (const QJsonValue &value : object.value("boots"_L1).toArray()) {
        const QJsonArray boot = value.toArray();
        record.boots.append({boot.at(0).toString().toLatin1(), boot.at(1).toInteger(), boot.at(2).toInteger(),
            boot.at(3).toInteger(), boot.at(4).toInteger(), boot.at(5).toInteger()});
    }
    for (const QJsonValue &value : object.value("doubted"_L1).toArray()) {
        const QJsonArray doubted = value.toArray();
        record.doubted.append(
            {doubted.at(0).toInteger(), doubted.at(1).toInteger(), doubted.at(2).toInteger(), doubted.at(3).toInteger(),
                doubted.at(4).toInt(), doubted.at(5).toString().toLatin1(), doubted.at(6).toInteger(-1)});
    }
    return record;
}

Expected<CountedTime> beginVisit(store::Writer &writer, AccountId account, const Moment &now)
{
    const Expected<ClockAdvance> next = nextVisit(writer, account, now);
    if (!next)
        return std::unexpected(next.error());
    const Expected<void> kept = writer.keepClock(
        account, factName(), packed(next->record), next->shifts, next->future ? next->time.now() : QDateTime());
    if (!kept)
        return std::unexpected(kept.error());
    return next->time;
}

Expected<CountedTime> timeOf(const store::Writer &writer, AccountId account, const Moment &now)
{
    const Expected<ClockAdvance> next = nextVisit(writer, account, now);
    if (!next)
        return std::unexpected(next.error());
    return next->time;
}

Expected<void> noteReceived(store::Writer &writer, AccountId account, const ReceivedTimes &mail)
{
    if (mail.past == 0 && mail.future == 0)
        return {};
    const Expected<ClockRecord> before = keptClock(writer, account);
    if (!before)
        return std::unexpected(before.error());
    const QByteArray after = packed(witnessed(*before, mail));
    return after == packed(*before) ? Expected<void>() : writer.setAccountFact(account, factName(), after);
}

} // namespace satchel::sync
