// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/date.h"

#include "mime/charset.h"
#include "mime/encodedword.h"

#include <QStringList>
#include <QTimeZone>

#include <KMime/Headers>

#include <array>
#include <optional>

namespace satchel::mime {

namespace {

// The beginnings of month names, folded to lower case without marks: English, German, French, Spanish,
// Italian, Portuguese, Dutch, Polish, Swedish, Norwegian.
struct Month {
    const char16_t *begin;
    int number;
};
constexpr std::array<Month, 52> months = {{
    {u"jan", 1},
    {u"jän", 1},
    {u"ene", 1},
    {u"gen", 1},
    {u"sty", 1},
    {u"feb", 2},
    {u"fév", 2},
    {u"fev", 2},
    {u"lut", 2},
    {u"mar", 3},
    {u"mär", 3},
    {u"mrz", 3},
    {u"mrt", 3},
    {u"maa", 3},
    {u"apr", 4},
    {u"avr", 4},
    {u"abr", 4},
    {u"kwi", 4},
    {u"may", 5},
    {u"mai", 5},
    {u"maj", 5},
    {u"mei", 5},
    {u"mag", 5},
    {u"juin", 6},
    {u"jun", 6},
    {u"giu", 6},
    {u"cze", 6},
    {u"juil", 7},
    {u"jul", 7},
    {u"lug", 7},
    {u"lip", 7},
    {u"aug", 8},
    {u"aoû", 8},
    {u"aou", 8},
    {u"ago", 8},
    {u"sie", 8},
    {u"sep", 9},
    {u"set", 9},
    {u"wrz", 9},
    {u"oct", 10},
    {u"okt", 10},
    {u"out", 10},
    {u"ott", 10},
    {u"paź", 10},
    {u"nov", 11},
    {u"lis", 11},
    {u"dec", 12},
    {u"dez", 12},
    {u"dic", 12},
    {u"déc", 12},
    {u"des", 12},
    {u"gru", 12},
}};

int monthOf(const QString &word)
{
    const QString lower = word.toLower();
    for (const Month &month : months) {
        if (lower.startsWith(QStringView(month.begin)))
            return month.number;
    }
    return 0;
}

struct Zone {
    const char *name;
    int minutes;
};
constexpr std::array<Zone, 30> zones = {
    {{"UT", 0}, {"UTC", 0}, {"GMT", 0}, {"Z", 0}, {"WET", 0}, {"EST", -300}, {"EDT", -240}, {"CST", -360},
        {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540}, {"HST", -600},
        {"AST", -240}, {"ADT", -180}, {"BST", 60}, {"WEST", 60}, {"CET", 60}, {"MET", 60}, {"MEZ", 60}, {"CEST", 120},
        {"MEST", 120}, {"MESZ", 120}, {"EET", 120}, {"EEST", 180}, {"MSK", 180}, {"IST", 330}, {"JST", 540}}};

std::optional<int> zoneOf(const QString &word)
{
    const QByteArray name = word.toUpper().toLatin1();
    for (const Zone &zone : zones) {
        if (name == zone.name)
            return zone.minutes;
    }
    return std::nullopt;
}

std::optional<int> offsetOf(QStringView word)
{
    if (word.size() < 2 || (word[0] != u'+' && word[0] != u'-'))
        return std::nullopt;
    QString digits;
    for (const QChar c : word.sliced(1)) {
        if (c.unicode() >= u'0' && c.unicode() <= u'9')
            digits += c;
        else if (c != u':')
            return std::nullopt;
    }
    if (digits.isEmpty() || digits.size() > 4)
        return std::nullopt;
    const int number = digits.toInt();
    const int minutes = digits.size() <= 2 ? number * 60 : number / 100 * 60 + number % 100;
    if (minutes > 14 * 60)
        return 0; // nonsense such as -2300: the time is taken as UTC
    return word[0] == u'-' ? -minutes : minutes;
}

int fullYear(int year, qsizetype digits)
{
    if (digits <= 2)
        return year < 50 ? year + 2000 : year + 1900;
    if (digits == 3) // years since 1900, a bug of the year 2000
        return year + 1900;
    return year;
}

QDateTime made(QDate date, QTime time, int offsetMinutes)
{
    if (!date.isValid() || date.year() < 1900 || date.year() > 9999)
        return {};
    if (!time.isValid())
        time = QTime(0, 0);
    return QDateTime(date, time, QTimeZone::fromSecondsAheadOfUtc(offsetMinutes * 60));
}

std::optional<QTime> timeOf(const QString &word)
{
    const QStringList numbers = word.split(word.contains(u':') ? u':' : u'.');
    if (numbers.size() < 2 || numbers.size() > 4)
        return std::nullopt;
    bool ok = true;
    const auto number = [&](qsizetype i) {
        bool good = i < numbers.size();
        const int n = good ? numbers.at(i).section(u'.', 0, 0).section(u',', 0, 0).toInt(&good) : 0;
        ok = ok && (good || i >= numbers.size());
        return n;
    };
    const int hours = number(0);
    const int minutes = number(1);
    int seconds = number(2);
    if (seconds == 60) // a leap second
        seconds = 59;
    const QTime time(hours, minutes, seconds);
    if (!ok || !time.isValid())
        return std::nullopt;
    return time;
}

// ISO 8601 and its relatives: 2024-03-01T10:00:00+01:00, 2024-03-01 10:00, 2024/03/01 10:00:00
QDateTime isoDate(const QString &text)
{
    if (text.size() < 8 || !text[0].isDigit() || !text[3].isDigit() || (text[4] != u'-' && text[4] != u'/'))
        return {};
    QString rest = text;
    rest.replace(u'T', u' ');
    const QStringList words = rest.simplified().split(u' ');
    QStringList numbers = words.first().split(text[4]);
    if (numbers.size() != 3)
        return {};
    const QDate date(numbers.at(0).toInt(), numbers.at(1).toInt(), numbers.at(2).toInt());
    QTime time;
    int offset = 0;
    for (qsizetype i = 1; i < words.size(); ++i) {
        QString word = words.at(i);
        if (const auto alone = offsetOf(word)) {
            offset = *alone;
            continue;
        }
        if (const auto zone = zoneOf(word)) {
            offset = *zone;
            continue;
        }
        const qsizetype sign = qMax(word.indexOf(u'+'), word.indexOf(u'-'));
        if (sign > 0) {
            offset = offsetOf(QStringView(word).sliced(sign)).value_or(0);
            word.truncate(sign);
        }
        if (word.endsWith(u'Z'))
            word.chop(1);
        if (const auto t = timeOf(word))
            time = *t;
    }
    return made(date, time, offset);
}

QString withoutComments(const QString &text)
{
    QString plain;
    int depth = 0;
    for (const QChar c : text) {
        if (c == u'(')
            ++depth;
        else if (c == u')')
            depth = qMax(0, depth - 1);
        else if (depth == 0)
            plain += c;
    }
    return plain;
}

// Day, month, year, time and zone in whatever order, as long as each can be told from the others.
QDateTime looseDate(const QString &text)
{
    QString spaced = text;
    spaced.replace(u',', u' ');
    int day = 0;
    int month = 0;
    int year = -1;
    int offset = 0;
    bool afternoon = false;
    bool morning = false;
    QTime time;
    const QStringList words = spaced.simplified().split(u' ').mid(0, 20);
    for (const QString &word : words) {
        if (const auto minutes = time.isValid() ? offsetOf(word) : std::nullopt) {
            offset = *minutes;
        } else if (word.contains(u':') || (month > 0 && !time.isValid() && word.count(u'.') == 2)) {
            QString clock = word;
            const qsizetype sign = qMax(clock.indexOf(u'+'), clock.indexOf(u'-'));
            if (sign > 0) {
                offset = offsetOf(QStringView(clock).sliced(sign)).value_or(0);
                clock.truncate(sign);
            }
            if (const auto t = timeOf(clock))
                time = *t;
        } else if (word.compare(QStringLiteral("pm"), Qt::CaseInsensitive) == 0) {
            afternoon = true;
        } else if (word.compare(QStringLiteral("am"), Qt::CaseInsensitive) == 0) {
            morning = true;
        } else if (const QStringList dashed = word.split(u'-'); dashed.size() == 3 && monthOf(dashed.at(1)) > 0) {
            day = dashed.at(0).toInt();
            month = monthOf(dashed.at(1));
            year = fullYear(dashed.at(2).toInt(), dashed.at(2).size());
        } else if (const QStringList dotted = word.split(u'.'); dotted.size() == 3 && dotted.at(2).size() >= 2) {
            day = dotted.at(0).toInt();
            month = dotted.at(1).toInt();
            year = fullYear(dotted.at(2).toInt(), dotted.at(2).size());
        } else if (const QStringList slashed = word.split(u'/'); slashed.size() == 3 && slashed.at(2).size() >= 2) {
            month = slashed.at(0).toInt();
            day = slashed.at(1).toInt();
            if (month > 12)
                std::swap(day, month);
            year = fullYear(slashed.at(2).toInt(), slashed.at(2).size());
        } else {
            QString digits = word;
            while (digits.endsWith(u'.'))
                digits.chop(1);
            bool isNumber = false;
            const int number = digits.toInt(&isNumber);
            if (isNumber && number >= 0) {
                if (day == 0 && number >= 1 && number <= 31 && digits.size() <= 2)
                    day = number;
                else if (year < 0)
                    year = fullYear(number, digits.size());
            } else if (const auto zone = time.isValid() ? zoneOf(word) : std::nullopt) {
                offset = *zone;
            } else if (const int named = word.size() >= 3 ? monthOf(word) : 0; named > 0) {
                month = named; // a weekday may begin like a month ("mar." is Tuesday); the month stands last
            }
        }
    }
    if (day == 0 || month == 0 || year < 0)
        return {};
    if (time.isValid() && afternoon && time.hour() < 12)
        time = time.addSecs(12 * 3600);
    if (time.isValid() && morning && time.hour() == 12)
        time = time.addSecs(-12 * 3600);
    return made(QDate(year, month, day), time, offset);
}

// KMime takes zones that are not in RFC 5322 for UTC.
bool endsWithLocalZone(QByteArrayView value)
{
    qsizetype begin = value.size();
    while (begin > 0 && isalpha(static_cast<uchar>(value[begin - 1])))
        --begin;
    const QString word = QString::fromLatin1(value.sliced(begin));
    static constexpr std::array<const char *, 11> known = {
        "UT", "UTC", "GMT", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT"};
    for (const char *name : known) {
        if (word.compare(QLatin1StringView(name), Qt::CaseInsensitive) == 0)
            return false;
    }
    return word.size() > 1 && zoneOf(word).has_value();
}

} // namespace

QDateTime readDate(QByteArrayView guardedValue)
{
    const QByteArray value = guardedValue.first(qMin<qsizetype>(guardedValue.size(), 200)).trimmed().toByteArray();
    if (value.isEmpty())
        return {};
    if (isAscii(value) && !endsWithLocalZone(value)) {
        KMime::Headers::Date field;
        field.from7BitString(value);
        const QDateTime date = field.dateTime();
        // A year before mail was: KMime has read something else as the year.
        if (date.isValid() && date.date().year() >= 1970 && date.date().year() <= 9999)
            return date;
    }
    const QString text = withoutComments(presentable(decodeWords(value))).trimmed();
    if (const QDateTime date = isoDate(text); date.isValid())
        return date;
    return looseDate(text);
}

QDateTime messageDate(const HeaderBlock &header)
{
    for (const QByteArray &value : header.all("date")) {
        if (const QDateTime date = readDate(value); date.isValid())
            return date;
    }
    const QList<QByteArray> received = header.all("received");
    for (const QByteArray &value : received) {
        const qsizetype semicolon = value.lastIndexOf(';');
        if (semicolon < 0)
            continue;
        if (const QDateTime date = readDate(QByteArrayView(value).sliced(semicolon + 1)); date.isValid())
            return date;
    }
    return {};
}

} // namespace satchel::mime
