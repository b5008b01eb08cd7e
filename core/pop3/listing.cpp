// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/listing.h"

#include <QCryptographicHash>
#include <QHash>
#include <QSet>

#include <limits>

namespace satchel::pop3 {

namespace {

constexpr qsizetype LongestUidl = 1024;

struct Line {
    int number = 0;
    QByteArrayView rest; ///< without the blanks around it
};

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// "number <run of blanks> rest <blanks>" (Q23).
std::optional<Line> split(QByteArrayView line)
{
    while (!line.isEmpty() && isBlank(line.front()))
        line = line.sliced(1);
    while (!line.isEmpty() && (isBlank(line.back()) || line.back() == '\r'))
        line.chop(1);
    qsizetype end = 0;
    while (end < line.size() && !isBlank(line.at(end)))
        ++end;
    const auto number = messageNumber(line.first(end));
    if (!number)
        return std::nullopt;
    while (end < line.size() && isBlank(line.at(end)))
        ++end;
    return Line{*number, line.sliced(end)};
}

/// Longer ones than the store keeps are known by their digest: still one name for one message.
QByteArray keptUidl(QByteArrayView uidl)
{
    if (uidl.size() <= LongestUidl)
        return uidl.toByteArray();
    return "sha256:" + QCryptographicHash::hash(uidl, QCryptographicHash::Sha256).toHex();
}

} // namespace

std::optional<int> messageNumber(QByteArrayView word)
{
    constexpr qsizetype MostDigits = 10;
    if (word.isEmpty() || word.size() > MostDigits)
        return std::nullopt;
    qint64 value = 0;
    for (const char c : word) {
        if (c < '0' || c > '9')
            return std::nullopt;
        value = value * 10 + (c - '0');
    }
    if (value < 1 || value > std::numeric_limits<int>::max())
        return std::nullopt;
    return static_cast<int>(value);
}

qint64 advisorySize(QByteArrayView word)
{
    if (word.isEmpty() || word.front() < '0' || word.front() > '9')
        return 0;
    bool ok = false;
    const qint64 size = word.toLongLong(&ok);
    return ok ? size : 0;
}

QList<ListedMessage> joinListing(const QByteArrayList &uidl, const QByteArrayList &list)
{
    QHash<int, qint64> sizes;
    sizes.reserve(list.size());
    for (const QByteArray &text : list) {
        const auto line = split(text);
        if (line && !sizes.contains(line->number))
            sizes.insert(line->number, advisorySize(line->rest));
    }
    QList<ListedMessage> messages;
    messages.reserve(uidl.size());
    QSet<int> seen;
    seen.reserve(uidl.size());
    for (const QByteArray &text : uidl) {
        const auto line = split(text);
        if (!line || seen.contains(line->number))
            continue;
        seen.insert(line->number);
        messages.append({line->number, keptUidl(line->rest), sizes.value(line->number)});
    }
    return messages;
}

QList<ListedMessage> plainListing(const QByteArrayList &list)
{
    QList<ListedMessage> messages;
    messages.reserve(list.size());
    QSet<int> seen;
    for (const QByteArray &text : list) {
        const auto line = split(text);
        if (!line || seen.contains(line->number))
            continue;
        seen.insert(line->number);
        messages.append({line->number, {}, advisorySize(line->rest)});
    }
    return messages;
}

} // namespace satchel::pop3
