// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "pop3/replyparser.h"
#include "pop3/types.h"

#include <QString>

#include <functional>
#include <optional>

namespace satchel::pop3 {

class Channel;

struct ListingAnswer {
    QList<ListedMessage> messages;
    bool uidlSupported = true;
    bool uidlProven = false;
    std::optional<Error> error;
    Verb refused = Verb::List; ///< where there is an error
};

/// Asks a server what it holds, and makes sense of what comes (Q3, Q20, Q31). Part of a Session, on its thread.
class ListingQuery
{
public:
    /// \a capabilities: of the session; they may change until an answer comes.
    ListingQuery(QString host, const Capabilities &capabilities, std::function<void(const ListingAnswer &)> answered);

    void noteStated(int count) { m_stated = count; } ///< by STAT, in this session
    void ask(Channel &channel); ///< UIDL and LIST
    void askNames(Channel &channel); ///< UIDL alone; LIST where that is refused
    void askSizes(Channel &channel); ///< LIST, to be joined with the names that were answered

private:
    void sendUidl(Channel &channel, std::function<void()> answered);
    void uidlAnswered(Reply &&reply);
    void listAnswered(const Reply &reply);

    const QString m_host;
    const Capabilities &m_capabilities;
    const std::function<void(const ListingAnswer &)> m_answered;
    std::optional<QList<ListedMessage>> m_named; ///< without sizes
    Reply m_uidlRefusal;
    int m_stated = 0;
};

} // namespace satchel::pop3
