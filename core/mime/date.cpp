// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/date.h"

#include "mime/encodedword.h"

#include <QStringList>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <optional>

namespace satchel::mime {

using namespace Qt::StringLiterals;

namespace {

// The beginnings of month names, folded to lower case without marks: English, German, French, Spanish,
// Italian, Portuguese, Dutch, Polish, Swedish, Norwegian, Russian.
struct Month {
    const char16_t *begin;
    int number;
};
constexpr std::array<Month, 65> months = {{
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
    {u"янв", 1},
    {u"фев", 2},
    {u"мар", 3},
    {u"апр", 4},
    {u"май", 5},
    {u"мая", 5},
    {u"июн", 6},
    {u"июл", 7},
    {u"авг", 8},
    {u"сен", 9},
    {u"окт", 10},
    {u"ноя", 11},
    {u"дек", 12},
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
constexpr auto zones = std::to_array<Zone>({{"UT", 0}, {"UTC", 0}, {"GMT", 0}, {"Z", 0}, {"WET", 0}, {"EST", -300},
    {"EDT", -240}, {"CST", -360}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420},
    {"AKST", -540}, {"AKDT", -480}, {"HST", -600}, {"HAST", -600}, {"HDT", -540}, {"HADT", -540}, {"AST", -240},
    {"ADT", -180}, {"NST", -210}, {"NDT", -150}, {"BST", 60}, {"WEST", 60}, {"CET", 60}, {"MET", 60}, {"MEZ", 60},
    {"CEST", 120}, {"MEST", 120}, {"MESZ", 120}, {"EET", 120}, {"EEST", 180}, {"MSK", 180}, {"IST", 330}, {"JST", 540},
    {"KST", 540}, {"HKT", 480}, {"SGT", 480}, {"AWST", 480}, {"ACST", 570}, {"ACDT", 630}, {"AEST", 600}, {"AEDT", 660},
    {"NZST", 720}, {"NZDT", 780}, {"BRT", -180}, {"ART", -180}, {"SAST", 120}, {"PKT", 300}, {"WIB", 420}});

// "Pacific Daylight Time"; the hour of summer is added to it.
constexpr auto regions = std::to_array<Zone>(
    {{"ATLANTIC", -240}, {"EASTERN", -300}, {"CENTRAL", -360}, {"MOUNTAIN", -420}, {"PACIFIC", -480}, {"ALASKA", -540},
        {"ALASKAN", -540}, {"HAWAII", -600}, {"HAWAIIAN", -600}, {"EUROPE", 60}, {"EUROPEAN", 60}, {"ROMANCE", 60},
        {"FLE", 120}, {"GTB", 120}, {"RUSSIAN", 180}, {"INDIA", 330}, {"CHINA", 480}, {"TOKYO", 540}, {"KOREA", 540}});

std::optional<int> zoneOf(const QString &word)
{
    const QByteArray name = word.toUpper().toLatin1();
    for (const Zone &zone : zones) {
        if (name == zone.name)
            return zone.minutes;
    }
    // Letters of the military were read with both signs: nobody knows what they mean (RFC 5322, 4.3).
    if (word.size() == 1 && name[0] >= 'A' && name[0] <= 'Z')
        return 0;
    return std::nullopt;
}

std::optional<int> regionOf(const QString &word)
{
    const QByteArray name = word.toUpper().toLatin1();
    for (const Zone &region : regions) {
        if (name == region.name)
            return region.minutes;
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
    // Clocks that are a day wrong have zones beyond those of the earth, and such a zone makes up for it: -1600.
    if (minutes * 60 > QTimeZone::MaxUtcOffsetSecs)
        return 0; // nonsense such as -2300: the time is taken as UTC
    return word[0] == u'-' ? -minutes : minutes;
}

int fullYear(int year, qsizetype digits)
{
    if (digits == 3 || (year >= 100 && year < 200)) // years since 1900, a bug of the year 2000: 102, and 0102
        return year + 1900;
    if (year >= 100)
        return year;
    return year < 50 ? year + 2000 : year + 1900;
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

// A comment parts words, and what it says may be all that is known of the zone.
QString withoutComments(const QString &text, QString *comments)
{
    QString plain;
    int depth = 0;
    for (const QChar c : text) {
        if (c == u'(') {
            ++depth;
            plain += u' ';
        } else if (c == u')') {
            depth = qMax(0, depth - 1);
            *comments += u' ';
        } else {
            (depth == 0 ? plain : *comments) += c;
        }
    }
    return plain;
}

/// Day, month, year, time and zone in whatever order, as long as each can be told from the others.
class LooseDate
{
public:
    explicit LooseDate(const QString &text, QDate known = {})
        : m_day(known.isValid() ? known.day() : 0)
        , m_month(known.isValid() ? known.month() : 0)
        , m_year(known.isValid() ? known.year() : -1)
    {
        QString spaced = text;
        spaced.replace(u',', u' ');
        for (const char16_t dash : u"\u2010\u2011\u2012\u2013\u2212") {
            if (dash != 0)
                spaced.replace(QChar(dash), u'-');
        }
        m_words = spaced.simplified().split(u' ').mid(0, 20);
    }

    QDateTime read(const QString &comments)
    {
        for (m_at = 0; m_at < m_words.size(); ++m_at)
            take(m_words.at(m_at));
        if (m_day == 0 || m_month == 0 || m_year < 0)
            return {};
        if (m_time.isValid() && m_afternoon && m_time.hour() < 12)
            m_time = m_time.addSecs(12 * 3600);
        if (m_time.isValid() && m_morning && m_time.hour() == 12)
            m_time = m_time.addSecs(-12 * 3600);
        return made(QDate(m_year, m_month, m_day), m_time, offset(comments));
    }

private:
    static bool isName(QStringView word)
    {
        constexpr qsizetype longest = 12;
        while (word.endsWith(u'.'))
            word.chop(1);
        return word.size() >= 3 && word.size() <= longest
            && std::ranges::all_of(word, [](QChar c) { return c.isLetter() || c.isMark(); });
    }

    int offset(const QString &comments) const
    {
        if (m_offset)
            return *m_offset;
        if (m_zone)
            return *m_zone;
        const QStringList words = comments.simplified().split(u' ');
        for (const QString &word : words) {
            if (const auto zone = word.size() > 1 ? zoneOf(word) : std::nullopt)
                return *zone;
            const qsizetype sign = qMax(word.indexOf(u'+'), word.indexOf(u'-'));
            if (sign < 0 || (sign > 0 && !zoneOf(word.first(sign))))
                continue;
            if (const auto minutes = offsetOf(QStringView(word).sliced(sign)))
                return *minutes;
        }
        return 0;
    }

    void take(const QString &word)
    {
        if (m_time.isValid() && (takeOffset(word) || takeZone(word)))
            return;
        if (takeTime(word) || takeDate(word) || takeNumber(word))
            return;
        // A weekday may begin like a month ("mar." is Tuesday); the month stands last. What follows a whole date is
        // none.
        const bool whole = m_month > 0 && m_year >= 0 && m_day > 0;
        if (const int named = !whole && isName(word) ? monthOf(word) : 0; named > 0)
            m_month = named;
        else if (isHalf(word, u"pm"))
            m_afternoon = true;
        else if (isHalf(word, u"am"))
            m_morning = true;
    }

    static bool isHalf(QString word, QStringView half)
    {
        return word.remove(u'.').compare(half, Qt::CaseInsensitive) == 0; // "p.m.", too
    }

    // "+0200", "+ 0200", "+02:00", and without its sign "0200" and "02:00".
    bool takeOffset(const QString &word)
    {
        if ((word == u"+" || word == u"-") && m_at + 1 < m_words.size()) {
            if (const auto minutes = offsetOf(word + m_words.at(m_at + 1))) {
                m_offset = minutes;
                ++m_at;
                return true;
            }
        }
        if (const auto minutes = offsetOf(word)) {
            if (!m_offset)
                m_offset = minutes;
            return true;
        }
        const bool clock = word.size() == 5 && word[2] == u':';
        const bool digits = word.size() == 4 && (m_year >= 0 || word[0] == u'0');
        if (m_offset || m_zone || (!clock && !digits))
            return false;
        const auto minutes = offsetOf(QString(u'+' + word));
        if (!minutes || (*minutes == 0 && QStringView(word).count(u'0') < 4))
            return false;
        m_offset = minutes;
        return true;
    }

    // A name, a name and an offset from it, the name of a region.
    bool takeZone(const QString &word)
    {
        if (const qsizetype sign = qMax(word.indexOf(u'+'), word.indexOf(u'-')); sign > 0) {
            const auto minutes = offsetOf(QStringView(word).sliced(sign));
            if (!minutes || !zoneOf(word.first(sign)))
                return false;
            if (!m_offset)
                m_offset = minutes;
            return true;
        }
        if (const auto region = regionOf(word); region && m_at + 1 < m_words.size()) {
            const QString kind = m_words.at(m_at + 1).toLower();
            if (kind != u"standard" && kind != u"daylight" && kind != u"time")
                return false;
            m_zone = *region + (kind == u"daylight" ? 60 : 0);
            ++m_at;
            return true;
        }
        // "CET/MEZ" is one zone in two languages, "EST5EDT" one with the rule of its summer.
        qsizetype end = 0;
        while (end < word.size() && word[end].isLetter())
            ++end;
        const bool two = end > 1 && end < word.size() && (word[end] == u'/' || word[end].isDigit());
        if (const auto zone = zoneOf(two ? word.first(end) : word)) {
            if (!m_zone)
                m_zone = zone;
            return true;
        }
        return false;
    }

    bool takeTime(const QString &word)
    {
        if (!word.contains(u':') && (m_month == 0 || m_time.isValid() || word.count(u'.') != 2))
            return false;
        QString clock = word;
        // Of a web server's log: 18/Nov/2025:12:31:00
        if (const qsizetype colon = clock.indexOf(u':'); clock.left(colon).count(u'/') == 2) {
            if (!takeDate(clock.first(colon)))
                return false;
            clock = clock.sliced(colon + 1);
        }
        if (const qsizetype sign = qMax(clock.indexOf(u'+'), clock.indexOf(u'-')); sign > 0) {
            m_offset = offsetOf(QStringView(clock).sliced(sign));
            clock.truncate(sign);
        }
        qsizetype digits = clock.size();
        while (digits > 0 && clock[digits - 1].isLetter())
            --digits;
        const QString letters = clock.sliced(digits);
        clock.truncate(digits);
        if (letters.compare(QStringLiteral("pm"), Qt::CaseInsensitive) == 0)
            m_afternoon = true;
        else if (letters.compare(QStringLiteral("am"), Qt::CaseInsensitive) == 0)
            m_morning = true;
        else if (!letters.isEmpty())
            m_zone = zoneOf(letters);
        if (const auto time = timeOf(clock))
            m_time = *time;
        return true;
    }

    // 1-Mar-2024, 01.03.2024, 3/1/2024, Nov-18-2025, 18.Nov.2025, 2025-Nov-18
    bool takeDate(const QString &word)
    {
        for (const QChar separator : {u'-', u'.', u'/'}) {
            const QStringList pieces = word.split(separator);
            if (pieces.size() != 3 || pieces.contains(QString()))
                continue;
            QString year = pieces.at(2);
            QString day = pieces.at(0);
            int month = 0;
            if (const int second = monthOf(pieces.at(1)); second > 0) {
                month = second;
                if (day.size() == 4)
                    std::swap(day, year);
            } else if (const int first = monthOf(pieces.at(0)); first > 0) {
                month = first;
                day = pieces.at(1);
            } else if (separator != u'-' && year.size() >= 2) {
                month = pieces.at(1).toInt();
                if (separator == u'/') {
                    day = QString::number(month);
                    month = pieces.at(0).toInt();
                    if (month > 12) {
                        day = pieces.at(0);
                        month = pieces.at(1).toInt();
                    }
                }
            }
            bool isNumber = false;
            const int number = year.toInt(&isNumber);
            if (month == 0 || !isNumber)
                continue;
            m_month = month;
            m_day = day.toInt();
            m_year = fullYear(number, year.size());
            return true;
        }
        return false;
    }

    // A day or a year, alone or grown together with the month: 18Nov2025
    bool takeNumber(const QString &word)
    {
        QString digits = word;
        while (digits.endsWith(u'.'))
            digits.chop(1);
        bool isNumber = false;
        const int number = digits.toInt(&isNumber);
        if (isNumber && number >= 0 && digits[0].isDigit()) {
            if (m_day == 0 && number >= 1 && number <= 31 && digits.size() <= 2)
                m_day = number;
            else if (m_year < 0)
                m_year = fullYear(number, digits.size());
            return true;
        }
        qsizetype letters = 0;
        while (letters < digits.size() && digits[letters].isDigit())
            ++letters;
        if (letters == 0 || letters > 2)
            return false;
        qsizetype end = letters;
        while (end < digits.size() && digits[end].isLetter())
            ++end;
        const QString middle = digits.sliced(letters, end - letters);
        const int month = middle.size() >= 3 ? monthOf(middle) : 0;
        const QString last = digits.sliced(end);
        const int year = last.toInt(&isNumber);
        if (month == 0 || (!last.isEmpty() && !isNumber)) {
            // The 1st, 2nd, 3rd and 4th of a month.
            if (m_day == 0 && middle.size() == 2 && last.isEmpty())
                m_day = digits.first(letters).toInt();
            return m_day > 0;
        }
        m_day = digits.first(letters).toInt();
        m_month = month;
        if (!last.isEmpty())
            m_year = fullYear(year, last.size());
        return true;
    }

    QStringList m_words;
    qsizetype m_at = 0;
    int m_day;
    int m_month;
    int m_year;
    QTime m_time;
    std::optional<int> m_offset; ///< minutes, as a number: what it says counts more than a name beside it
    std::optional<int> m_zone; ///< minutes, by a name
    bool m_afternoon = false;
    bool m_morning = false;
};

// ISO 8601 and its relatives: 2024-03-01T10:00:00+01:00, 2024-03-01 10:00 EST, 2024/03/01 10:00:00
QDateTime isoDate(const QString &text, const QString &comments)
{
    if (text.size() < 8 || !text[0].isDigit() || !text[3].isDigit() || (text[4] != u'-' && text[4] != u'/'))
        return {};
    qsizetype end = 5;
    while (end < text.size() && (text[end].isDigit() || text[end] == text[4]))
        ++end;
    const QStringList numbers = text.first(end).split(text[4]);
    const QDate date =
        numbers.size() != 3 ? QDate() : QDate(numbers.at(0).toInt(), numbers.at(1).toInt(), numbers.at(2).toInt());
    if (!date.isValid())
        return {};
    if (end < text.size() && text[end].toUpper() == u'T')
        ++end;
    return LooseDate(text.sliced(end), date).read(comments);
}

// Years, months and days as Japanese, Chinese and Korean name them, and ISO 8601 without its signs.
QString plainlyWritten(QString text)
{
    const QString before = text;
    for (const char16_t year : u"\u5e74\u6708\ub144\uc6d4") {
        if (year != 0)
            text.replace(QChar(year), u'-');
    }
    for (const char16_t day : u"\u65e5\uc77c") {
        if (day != 0)
            text.replace(QChar(day), u' ');
    }
    if (text != before)
        text.replace(u"- "_s, u"-"_s);
    const auto digits = [&text](qsizetype from, qsizetype count) {
        return from + count <= text.size()
            && std::ranges::all_of(QStringView(text).sliced(from, count), [](QChar c) { return c.isDigit(); });
    };
    if (digits(0, 8) && text.size() >= 15 && text[8].toUpper() == u'T' && digits(9, 6))
        text = u"%1-%2-%3T%4:%5:%6"_s.arg(text.first(4), text.sliced(4, 2), text.sliced(6, 2), text.sliced(9, 2),
                   text.sliced(11, 2), text.sliced(13, 2))
            + text.sliced(15);
    return text;
}

// Seconds, or thousandths of them, since 1970.
QDateTime unixDate(const QString &text)
{
    bool number = false;
    const qint64 count = text.toLongLong(&number);
    const bool seconds = text.size() == 9 || text.size() == 10;
    if (!number || count <= 0 || (!seconds && text.size() != 13))
        return {};
    return QDateTime::fromMSecsSinceEpoch(seconds ? count * 1000 : count, QTimeZone::UTC);
}

} // namespace

QDateTime readDate(QByteArrayView guardedValue)
{
    const QByteArray value = guardedValue.first(qMin<qsizetype>(guardedValue.size(), 200)).trimmed().toByteArray();
    if (value.isEmpty())
        return {};
    QString comments;
    const QString text = plainlyWritten(withoutComments(presentable(decodeWords(value)), &comments).trimmed());
    if (const QDateTime date = unixDate(text); date.isValid())
        return date;
    if (const QDateTime date = isoDate(text, comments); date.isValid())
        return date;
    return LooseDate(text).read(comments);
}

QDateTime topReceived(const HeaderBlock &header)
{
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

QDateTime messageDate(const HeaderBlock &header)
{
    for (const QByteArray &value : header.all("date")) {
        if (const QDateTime date = readDate(value); date.isValid())
            return date;
    }
    return topReceived(header);
}

QDateTime credibleDate(const QDateTime &date, const HeaderBlock &header)
{
    const QDateTime received = date.isValid() ? topReceived(header) : QDateTime();
    if (!received.isValid())
        return date;
    return date > received.addDays(1) || date < received.addYears(-1) ? received : date;
}

} // namespace satchel::mime
