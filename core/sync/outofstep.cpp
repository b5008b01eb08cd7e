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

void StepWatch::noteRequested(int number, qint64 listedSize)
{
    m_places.insert(number, m_sizes.size());
    m_sizes.append(listedSize);
}

bool StepWatch::fitsAt(qsizetype place, const QByteArray &message) const
{
    return place >= 0 && place < m_sizes.size() && m_sizes.at(place) > 0 && fitsListedSize(m_sizes.at(place), message);
}

StepWatch::Verdict StepWatch::judge(int number, const QByteArray &message, bool pipelining)
{
    const qsizetype place = m_places.value(number, -1);
    const qint64 listed = m_sizes.value(place);
    if (fitsListedSize(listed, message) && !beginsAsReply(message)) {
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
        m_before.insert(number, store::sha256(message));
        return Verdict::FetchAgain;
    }
    if (before != m_before.constEnd() && *before == store::sha256(message))
        ++m_miscounted;
    ++m_misfits;
    return Verdict::Misfit;
}

} // namespace satchel::sync
