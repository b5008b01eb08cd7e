// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/outofstep.h"

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

} // namespace satchel::sync
