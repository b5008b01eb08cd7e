// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/listing.h"

#include <QCryptographicHash>
#include <QSet>

#include <algorithm>
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

struct Size {
    int number = 0;
    qint64 size = 0;
};

bool byNumber(const Size &one, const Size &other)
{
    return one.number < other.number;
}

/// What \a entryOf makes of each line that makes sense, but for numbers that come a second time.
template <class EntryOf>
auto listingOf(QByteArrayView lines, const EntryOf &entryOf)
{
    QList<decltype(entryOf(Line()))> entries;
    entries.reserve(std::count(lines.begin(), lines.end(), '\n'));
    QSet<int> seen; // filled only when the numbers do not ascend
    int highest = 0;
    for (qsizetype at = 0; at < lines.size();) {
        const qsizetype lineFeed = lines.indexOf('\n', at);
        const qsizetype end = lineFeed < 0 ? lines.size() : lineFeed;
        const auto line = split(lines.sliced(at, end - at));
        at = end + 1;
        if (!line)
            continue;
        if (line->number <= highest) {
            if (seen.isEmpty()) {
                for (const auto &entry : std::as_const(entries))
                    seen.insert(entry.number);
            }
            if (seen.contains(line->number))
                continue;
        }
        highest = qMax(highest, line->number);
        if (!seen.isEmpty())
            seen.insert(line->number);
        entries.append(entryOf(*line));
    }
    return entries;
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

QList<ListedMessage> namedListing(QByteArrayView uidl)
{
    return listingOf(uidl, [](const Line &line) { return ListedMessage{line.number, keptUidl(line.rest), 0}; });
}

void takeSizes(QList<ListedMessage> &messages, QByteArrayView list)
{
    const QList<Size> sizes =
        listingOf(list, [](const Line &line) { return Size{line.number, advisorySize(line.rest)}; });
    // Nearly always in order, and the same numbers.
    QList<const Size *> order;
    if (!std::is_sorted(sizes.cbegin(), sizes.cend(), byNumber)) {
        order.reserve(sizes.size());
        for (const Size &size : sizes)
            order.append(&size);
        std::sort(
            order.begin(), order.end(), [](const Size *one, const Size *other) { return byNumber(*one, *other); });
    }
    const auto at = [&](qsizetype i) -> const Size & { return order.isEmpty() ? sizes.at(i) : *order.at(i); };
    qsizetype next = 0;
    for (ListedMessage &message : messages) {
        if (next >= sizes.size() || at(next).number != message.number) {
            qsizetype low = 0;
            for (qsizetype high = sizes.size(); low < high;) {
                const qsizetype middle = low + (high - low) / 2;
                if (at(middle).number < message.number)
                    low = middle + 1;
                else
                    high = middle;
            }
            next = low;
        }
        const bool isListed = next < sizes.size() && at(next).number == message.number;
        message.size = isListed ? at(next++).size : 0;
    }
}

void addUnnamed(QList<ListedMessage> &messages, QByteArrayView list, int stated)
{
    if (messages.size() >= stated)
        return;
    QSet<int> named;
    for (const ListedMessage &message : std::as_const(messages))
        named.insert(message.number);
    const QList<ListedMessage> plain = plainListing(list);
    for (const ListedMessage &message : plain) {
        if (message.number <= stated && !named.contains(message.number))
            messages.append(message);
    }
}

QList<ListedMessage> plainListing(QByteArrayView list)
{
    return listingOf(list, [](const Line &line) { return ListedMessage{line.number, {}, advisorySize(line.rest)}; });
}

} // namespace satchel::pop3
