// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/calendartext.h"

#include "mime/encodedword.h"
#include "mime/transferdecoder.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHash>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>
#include <QTimeZone>

#include <optional>

namespace satchel::mime {

namespace {

using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::mime::Calendar)
};

constexpr qsizetype entriesAtMost = 20;
constexpr qsizetype propertiesAtMost = 500; ///< of one entry
constexpr qsizetype longestDescription = 20000;

struct Property {
    QHash<QString, QString> parameters; ///< names in upper case
    QString value; ///< as it is written
};

struct Entry {
    QString kind; ///< VEVENT, VTODO, VJOURNAL
    QHash<QString, QList<Property>> properties;
    qsizetype count = 0;

    [[nodiscard]] Property first(const QString &name) const { return properties.value(name).value(0); }
    [[nodiscard]] bool has(const QString &name) const { return properties.contains(name); }
};

struct Calendar {
    QString method;
    QString zone; ///< of times that name none
    QList<Entry> entries;
};

Property readProperty(QStringView line, QString &name)
{
    Property property;
    qsizetype at = 0;
    while (at < line.size() && line[at] != u':' && line[at] != u';')
        ++at;
    name = line.first(at).trimmed().toString().toUpper();
    while (at < line.size() && line[at] == u';') {
        const qsizetype begin = ++at;
        while (at < line.size() && line[at] != u'=' && line[at] != u':' && line[at] != u';')
            ++at;
        const QString key = line.sliced(begin, at - begin).trimmed().toString().toUpper();
        QString value;
        if (at < line.size() && line[at] == u'=') {
            ++at;
            bool quoted = false;
            for (; at < line.size() && (quoted || (line[at] != u':' && line[at] != u';')); ++at) {
                if (line[at] == u'"')
                    quoted = !quoted;
                else
                    value += line[at];
            }
        }
        if (property.parameters.size() < 50)
            property.parameters.insert(key, value);
    }
    if (at < line.size())
        property.value = line.sliced(at + 1).toString();
    if (property.parameters.value(u"ENCODING"_s).compare(u"QUOTED-PRINTABLE"_s, Qt::CaseInsensitive) == 0)
        property.value = QString::fromUtf8(decodeQuotedPrintable(property.value.toUtf8()));
    return property;
}

Calendar readCalendar(QString text)
{
    text.replace(u"\r\n"_s, u"\n"_s).replace(u'\r', u'\n');
    // A line that begins with a blank goes on the one before it.
    text.replace(u"\n "_s, QString()).replace(u"\n\t"_s, QString());
    Calendar calendar;
    QStringList open;
    for (const QStringView line : QStringView(text).tokenize(u'\n', Qt::SkipEmptyParts)) {
        QString name;
        const Property property = readProperty(line, name);
        const QString what = property.value.trimmed().toUpper();
        if (name == "BEGIN"_L1) {
            const bool entry = what == "VEVENT"_L1 || what == "VTODO"_L1 || what == "VJOURNAL"_L1;
            if (entry && calendar.entries.size() == entriesAtMost)
                break;
            if (open.size() < 16)
                open.append(what);
            if (entry && open.size() <= 2)
                calendar.entries.append(Entry{what, {}, 0});
        } else if (name == "END"_L1) {
            if (!open.isEmpty() && open.last() == what)
                open.removeLast();
        } else if (open.size() == 1 && name == "METHOD"_L1) {
            calendar.method = what;
        } else if (open.size() == 1 && name == "X-WR-TIMEZONE"_L1) {
            calendar.zone = property.value.trimmed();
        } else if (!open.isEmpty() && !calendar.entries.isEmpty() && open.last() == calendar.entries.last().kind) {
            Entry &entry = calendar.entries.last();
            if (++entry.count <= propertiesAtMost)
                entry.properties[name].append(property);
        }
    }
    return calendar;
}

QString unescaped(const QString &value)
{
    QString text;
    text.reserve(value.size());
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value[i] == u'\\' && i + 1 < value.size()) {
            const QChar next = value[++i];
            text += next == u'n' || next == u'N' ? QChar(u'\n') : next;
        } else {
            text += value[i];
        }
    }
    return text.trimmed();
}

QString onOneLine(const Property &property)
{
    return presentable(unescaped(property.value)).simplified().left(1000);
}

/// A moment as it is written, and where its clock stands.
struct Moment {
    QDateTime time; ///< with a zone, or in local time where it names none
    bool day = false; ///< without a time
    QString zone; ///< to be shown; empty: the reader's own
    bool unknownZone = false;
};

QTimeZone zoneNamed(const QString &name)
{
    const QByteArray id = name.toUtf8();
    if (id.isEmpty() || id.size() > 200)
        return QTimeZone(QTimeZone::LocalTime);
    if (QTimeZone::isTimeZoneIdAvailable(id))
        return QTimeZone(id);
    if (const QByteArray known = QTimeZone::windowsIdToDefaultIanaId(id); !known.isEmpty())
        return QTimeZone(known);
    // "/example.org/20250101/Europe/Berlin"
    const QByteArray end = name.section(u'/', -2).toUtf8();
    return end != id && QTimeZone::isTimeZoneIdAvailable(end) ? QTimeZone(end) : QTimeZone(QTimeZone::LocalTime);
}

std::optional<Moment> readMoment(const Property &property, const QString &calendarZone)
{
    const QString value = property.value.trimmed().remove(u'-').remove(u':');
    const QDate date = QDate::fromString(value.left(8), u"yyyyMMdd"_s);
    if (!date.isValid())
        return std::nullopt;
    Moment moment;
    if (value.size() < 13 || value[8].toUpper() != u'T') {
        moment.day = true;
        moment.time = date.startOfDay();
        return moment;
    }
    const QTime time(value.mid(9, 2).toInt(), value.mid(11, 2).toInt(), qMin(59, value.mid(13, 2).toInt()));
    if (value.endsWith(u'Z', Qt::CaseInsensitive)) {
        moment.time = QDateTime(date, time, QTimeZone::UTC).toLocalTime();
        return moment;
    }
    QString name = property.parameters.value(u"TZID"_s);
    if (name.isEmpty())
        name = calendarZone;
    const QTimeZone zone = zoneNamed(name);
    moment.time = QDateTime(date, time, zone);
    moment.unknownZone = zone.timeSpec() == Qt::LocalTime && !name.isEmpty();
    moment.zone = zone.timeSpec() == Qt::LocalTime ? presentable(name).left(100) : QString::fromUtf8(zone.id());
    return moment;
}

// "P1DT2H30M": seconds; -1 when it is none.
qint64 readDuration(const QString &text)
{
    static const QRegularExpression form(
        u"^\\s*\\+?P(?:(\\d{1,4})W)?(?:(\\d{1,5})D)?(?:T(?:(\\d{1,5})H)?(?:(\\d{1,6})M)?(?:(\\d{1,8})S)?)?\\s*$"_s);
    const QRegularExpressionMatch match = form.match(text.left(100));
    if (!match.hasMatch())
        return -1;
    const auto number = [&match](int group) { return match.captured(group).toLongLong(); };
    return ((number(1) * 7 + number(2)) * 24 + number(3)) * 3600 + number(4) * 60 + number(5);
}

QString dayText(const QDate &date)
{
    return QLocale().toString(date, QLocale::LongFormat);
}

QString timeText(const QTime &time)
{
    return QLocale().toString(time, QLocale::ShortFormat);
}

QString span(const QDateTime &from, const QDateTime &to)
{
    if (!to.isValid() || to <= from)
        return Words::tr("%1, %2", "day, time").arg(dayText(from.date()), timeText(from.time()));
    if (from.date() == to.date())
        return Words::tr("%1, %2 to %3", "day, time, time")
            .arg(dayText(from.date()), timeText(from.time()), timeText(to.time()));
    return Words::tr("%1, %2 to %3, %4", "day, time, day, time")
        .arg(dayText(from.date()), timeText(from.time()), dayText(to.date()), timeText(to.time()));
}

QString whenText(const Entry &entry, const QString &calendarZone)
{
    const auto from = readMoment(entry.first(u"DTSTART"_s), calendarZone);
    if (!from) {
        const auto due = readMoment(entry.first(u"DUE"_s), calendarZone);
        return due ? Words::tr("until %1").arg(due->day ? dayText(due->time.date()) : span(due->time, {})) : QString();
    }
    auto to = readMoment(entry.first(entry.has(u"DTEND"_s) ? u"DTEND"_s : u"DUE"_s), calendarZone);
    const qint64 duration = readDuration(entry.first(u"DURATION"_s).value);
    if (from->day) {
        // The day named as the end is the first one behind it.
        QDate last = to ? to->time.date().addDays(-1) : from->time.date();
        if (!to && duration > 0)
            last = from->time.date().addDays(duration / 86400 - 1);
        if (last <= from->time.date())
            return Words::tr("%1, all day").arg(dayText(from->time.date()));
        return Words::tr("%1 to %2, all day").arg(dayText(from->time.date()), dayText(last));
    }
    QDateTime end = to && !to->day ? to->time : QDateTime();
    if (!end.isValid() && duration > 0)
        end = from->time.addSecs(duration);
    if (end.isValid())
        end = end.toTimeZone(from->time.timeRepresentation());
    QString text = span(from->time, end);
    if (from->zone.isEmpty())
        return text;
    text = Words::tr("%1 (%2)", "times, time zone").arg(text, from->zone);
    if (from->unknownZone || from->time.offsetFromUtc() == from->time.toLocalTime().offsetFromUtc())
        return text;
    return Words::tr("%1; here that is %2").arg(text, span(from->time.toLocalTime(), end.toLocalTime()));
}

QString personText(const Property &property)
{
    QString address = property.value.trimmed();
    if (address.startsWith("mailto:"_L1, Qt::CaseInsensitive))
        address.remove(0, 7);
    address = presentable(address).left(300);
    const QString name = presentable(property.parameters.value(u"CN"_s)).simplified().left(300);
    if (name.isEmpty() || name == address)
        return address;
    return address.isEmpty() ? name : u"%1 <%2>"_s.arg(name, address);
}

QString answerText(const Entry &entry, const QString &summary)
{
    const Property attendee = entry.first(u"ATTENDEE"_s);
    const QString who = personText(attendee);
    const QString answer = attendee.parameters.value(u"PARTSTAT"_s).toUpper();
    if (answer == "ACCEPTED"_L1)
        return Words::tr("%1 accepts: %2", "person, event").arg(who, summary);
    if (answer == "DECLINED"_L1)
        return Words::tr("%1 declines: %2", "person, event").arg(who, summary);
    if (answer == "TENTATIVE"_L1)
        return Words::tr("%1 will perhaps come: %2", "person, event").arg(who, summary);
    if (answer == "DELEGATED"_L1)
        return Words::tr("%1 sends somebody else: %2", "person, event").arg(who, summary);
    return Words::tr("Answer to an invitation: %1").arg(summary);
}

QString headline(const Entry &entry, const QString &method)
{
    QString summary = onOneLine(entry.first(u"SUMMARY"_s));
    if (summary.isEmpty())
        summary = Words::tr("(without a title)");
    if (method == "CANCEL"_L1 || entry.first(u"STATUS"_s).value.trimmed().toUpper() == "CANCELLED"_L1)
        return Words::tr("Cancelled: %1").arg(summary);
    if (method == "REPLY"_L1)
        return answerText(entry, summary);
    if (method == "COUNTER"_L1)
        return Words::tr("Another time is proposed: %1").arg(summary);
    if (method == "DECLINECOUNTER"_L1)
        return Words::tr("The other time is declined: %1").arg(summary);
    if (entry.kind == "VTODO"_L1)
        return Words::tr("Task: %1").arg(summary);
    if (method == "REQUEST"_L1 || method == "ADD"_L1)
        return Words::tr("Invitation: %1").arg(summary);
    return Words::tr("Event: %1").arg(summary);
}

QString repeatText(const Entry &entry)
{
    const QString rule = entry.first(u"RRULE"_s).value.toUpper();
    static const QRegularExpression form(u"(?:^|;)FREQ=([A-Z]{1,20})"_s);
    static const QRegularExpression interval(u"(?:^|;)INTERVAL=(\\d{1,9})"_s);
    const QString often = form.match(rule.left(2000)).captured(1);
    const QRegularExpressionMatch every = interval.match(rule.left(2000));
    if (!every.hasMatch() || every.captured(1).toInt() <= 1) {
        if (often == "DAILY"_L1)
            return Words::tr("This repeats every day.");
        if (often == "WEEKLY"_L1)
            return Words::tr("This repeats every week.");
        if (often == "MONTHLY"_L1)
            return Words::tr("This repeats every month.");
        if (often == "YEARLY"_L1)
            return Words::tr("This repeats every year.");
    }
    return Words::tr("This repeats.");
}

QString entryText(const Entry &entry, const Calendar &calendar, const QString &method)
{
    QStringList lines{headline(entry, method)};
    if (const QString when = whenText(entry, calendar.zone); !when.isEmpty())
        lines.append(Words::tr("When: %1").arg(when));
    if (entry.has(u"RRULE"_s) || entry.has(u"RDATE"_s))
        lines.append(repeatText(entry));
    else if (entry.has(u"RECURRENCE-ID"_s))
        lines.append(Words::tr("This is one of several dates."));
    if (const QString where = onOneLine(entry.first(u"LOCATION"_s)); !where.isEmpty())
        lines.append(Words::tr("Where: %1").arg(where));
    if (const QString who = personText(entry.first(u"ORGANIZER"_s)); !who.isEmpty())
        lines.append(Words::tr("Organizer: %1").arg(who));
    if (const QString link = onOneLine(entry.first(u"URL"_s)); !link.isEmpty())
        lines.append(Words::tr("Link: %1").arg(link));
    QString text = lines.join(u'\n');
    for (const QString &name : {u"COMMENT"_s, u"DESCRIPTION"_s}) {
        if (const QString words = unescaped(entry.first(name).value).left(longestDescription); !words.isEmpty())
            text += u"\n\n"_s + words;
    }
    return text;
}

} // namespace

QString calendarInWords(const QString &calendar, const QByteArray &method)
{
    const Calendar read = readCalendar(calendar);
    const QString what = read.method.isEmpty() ? QString::fromLatin1(method).toUpper() : read.method;
    QStringList texts;
    for (const Entry &entry : read.entries)
        texts.append(entryText(entry, read, what));
    return texts.join(u"\n\n"_s);
}

} // namespace satchel::mime
