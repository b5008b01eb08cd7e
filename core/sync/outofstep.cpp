// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/outofstep.h"

#include "store/checksum.h"
#include "sync/retrievalplan.h"

namespace satchel::sync {

bool fitsListedSize(qint64 listed, const QByteArray &message)
{
    if (listed <= 0 || similarSizes(listed, message.size()))
        return true;
    if (listed < message.size())
        return similarSizes(listed, message.size() - message.count('\n'));
    // A server that keeps bare line feeds may count the line ends that it sends; one that stuffs, the dots.
    const qsizetype bare = message.count('\n') - message.count("\r\n");
    return similarSizes(listed, message.size() + bare) || similarSizes(listed, message.size() + message.count("\n."));
}

bool fitsListedSize(qint64 listed, const LineCounts &message)
{
    if (listed <= 0 || similarSizes(listed, message.size()))
        return true;
    if (listed < message.size())
        return similarSizes(listed, message.size() - message.lineFeeds());
    return similarSizes(listed, message.size() + message.bareLineFeeds())
        || similarSizes(listed, message.size() + message.dotted());
}

bool beginsAsReply(const QByteArray &message)
{
    return message.startsWith("+OK") || message.startsWith("-ERR");
}

bool holdsReply(const QByteArray &message)
{
    return beginsAsReply(message) || message.contains("\n+OK") || message.contains("\n-ERR");
}

QByteArray withoutStrayReply(const QByteArray &message, qint64 listed)
{
    if (listed <= 0 || message.size() == listed || !message.startsWith("+OK"))
        return message;
    const qsizetype end = message.indexOf('\n') + 1;
    return end > 0 && message.size() - end == listed ? message.sliced(end) : message;
}

Expected<SpooledMessage> withoutStrayReply(const SpooledMessage &message, qint64 listed)
{
    if (listed <= 0 || message.size() == listed || !message.lines.beginsAsReply())
        return message;
    qint64 end = 0;
    const auto read = message.file->read([&end](QByteArrayView piece) {
        end = piece.startsWith("+OK") ? piece.indexOf('\n') + 1 : 0;
        return false;
    });
    if (!read)
        return std::unexpected(read.error());
    return end > 0 && message.size() - end == listed ? message.withoutFirst(end) : message;
}

namespace {

// One way to ask both, what is held and what is in a file.

bool fits(qint64 listed, const QByteArray &message)
{
    return fitsListedSize(listed, message);
}

bool fits(qint64 listed, const SpooledMessage &message)
{
    return fitsListedSize(listed, message.lines);
}

bool beginsAsReply(const SpooledMessage &message)
{
    return message.lines.beginsAsReply();
}

bool holdsReply(const SpooledMessage &message)
{
    return message.lines.holdsReply();
}

QByteArray hashOf(const QByteArray &message)
{
    return store::sha256(message);
}

QByteArray hashOf(const SpooledMessage &message)
{
    store::Sha256 hash;
    const auto read = message.file->read([&hash](QByteArrayView piece) {
        hash.add(piece);
        return true;
    });
    return read ? hash.result() : QByteArray();
}

} // namespace

void StepWatch::noteRequested(int number, qint64 listedSize)
{
    m_places.insert(number, m_sizes.size());
    m_sizes.append(listedSize);
}

template <class Message>
bool StepWatch::fitsAt(qsizetype place, const Message &message) const
{
    return place >= 0 && place < m_sizes.size() && m_sizes.at(place) > 0 && fits(m_sizes.at(place), message);
}

StepWatch::Verdict StepWatch::judge(int number, const QByteArray &message, bool pipelining)
{
    return judged(number, message, pipelining);
}

StepWatch::Verdict StepWatch::judge(int number, const SpooledMessage &message, bool pipelining)
{
    return judged(number, message, pipelining);
}

template <class Message>
StepWatch::Verdict StepWatch::judged(int number, const Message &message, bool pipelining)
{
    const qsizetype place = m_places.value(number, -1);
    const qint64 listed = m_sizes.value(place);
    if (pipelining && (listed <= 0 || fitsAt(place - 1, message) || fitsAt(place + 1, message)))
        m_alike.insert(number);
    if (fits(listed, message) && !beginsAsReply(message)) {
        ++m_fits;
        return Verdict::Taken;
    }
    if (pipelining && (holdsReply(message) || fitsAt(place - 1, message) || fitsAt(place + 1, message)))
        return Verdict::OutOfStep;
    // Where other sizes fit, a part may be missing. What comes the same again is only counted wrong by the server.
    constexpr int enough = 2;
    const bool sizesTell = m_miscounted < enough || m_miscounted * 4 <= m_fits;
    const auto before = m_before.constFind(number);
    if (before == m_before.constEnd() && sizesTell) {
        m_before.insert(number, hashOf(message));
        return Verdict::FetchAgain;
    }
    if (before != m_before.constEnd() && *before == hashOf(message))
        ++m_miscounted;
    ++m_misfits;
    return Verdict::Misfit;
}

} // namespace satchel::sync
