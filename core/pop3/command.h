// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/replyparser.h"
#include "pop3/types.h"

#include <QByteArray>

#include <functional>

namespace satchel::pop3 {

/// One line to the server, and what is to be done with its answer.
struct Command {
    Verb verb = Verb::Noop;
    int number = 0; ///< of the message, for verbs that name one
    QByteArray line; ///< without its line end
    ReplyShape shape = ReplyShape::Status;
    qint64 expected = 0; ///< of ReplyShape::Message (ReplyParser::next)
    std::function<qint64()> announced; ///< bytes of a listing at most, asked while it comes: STAT may go just before it
    bool windowed = false; ///< may be on the wire together with others
    bool secret = false; ///< a credential line: the log shows its verb alone (law 6)
    std::function<void(Reply &&)> answered; ///< may keep what it is given, or let go of it
};

} // namespace satchel::pop3
