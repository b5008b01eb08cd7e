// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/replyparser.h"

#include <QByteArray>

#include <chrono>

namespace satchel::pop3 {

struct SessionOptions {
    std::chrono::milliseconds silence{std::chrono::seconds(90)}; ///< without a byte from the server, while one is due
    std::chrono::milliseconds slowSilence{
        std::chrono::minutes(5)}; ///< the same for PASS/AUTH, STAT, UIDL, LIST and QUIT (servers.md §3)
    /// The same within a message that stands at LF "." CRLF: then that was its end, and where the size is the one that
    /// LIST said, sooner (ReplyParser).
    std::chrono::milliseconds doubtfulEnd{std::chrono::seconds(5)};
    std::chrono::milliseconds expectedEnd{300};
    /// A server that is never silent but sends less than `trickleBytes` in this time, and ends no reply, holds us up.
    std::chrono::milliseconds trickle{std::chrono::minutes(10)};
    qint64 trickleBytes = 8 * 1024;
    /// A visit ends when the server has let us wait so much longer, in all, than what it sent was worth (Patience): as
    /// long as `slowest` takes for as many bytes, and each reply that came to its end `wholePerReply`.
    std::chrono::milliseconds whole{std::chrono::hours(1)};
    std::chrono::milliseconds wholePerReply{std::chrono::seconds(10)};
    /// Of one reply, as long as `slowest` takes for the size that LIST announced beyond this, and never above the
    /// other.
    std::chrono::milliseconds reply{std::chrono::hours(1)};
    std::chrono::milliseconds longestReply{std::chrono::hours(24)};
    qint64 slowest = 100; ///< bytes a second: 1,200 baud
    qint64 capabilities = 100 * 1024; ///< bytes of a reply to CAPA: before TLS anybody on the way may send it
    /// Without a command in a session that is logged in: then a NOOP says that we are still there (Q41). 0: never.
    std::chrono::milliseconds keepAlive{std::chrono::seconds(25)};
    qint64 windowBytes = 16 * 1024; ///< of commands sent and not answered, where the server pipelines
    bool pipelining = true; ///< false: remembered to be broken on this server (Q42)
    bool askCapabilities = true; ///< false: remembered that this server hangs up on CAPA (Q1)
    QByteArray
        language; ///< RFC 5646 tag of the person's language, for LANG where the server offers it; empty: never sent
    bool utf8 = true; ///< false: never send UTF8, though the server announces it (Q14)
    bool latin1Password = false; ///< remembered that this server wants the password in ISO 8859-1 (Q13)
    ParserLimits limits;
};

} // namespace satchel::pop3
