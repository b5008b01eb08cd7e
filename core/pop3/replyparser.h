// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <optional>

namespace satchel::pop3 {

/// What the parser is to expect next.
enum class ReplyShape {
    Status, ///< +OK or -ERR, one line
    Lines, ///< a status line; after +OK, lines up to the terminator
    Message, ///< a status line; after +OK, a message up to the terminator, dot-unstuffed, otherwise untouched
    Sasl, ///< a status line or a continuation "+ ..."
};

struct Reply {
    enum class Status { Ok, Err, Continue };
    Status status = Status::Ok;
    QByteArray text; ///< after the status, without the response code
    QByteArray code; ///< upper case, "IN-USE"; only of -ERR (RFC 2449 §8)
    QByteArrayList lines; ///< of ReplyShape::Lines, without line ends
    QByteArray message; ///< of ReplyShape::Message
};

struct ParserLimits {
    qint64 line = 8 * 1024; ///< bytes of a reply line
    qint64 message = 512LL * 1024 * 1024; ///< bytes of one message
    qint64 lines = 5'000'000; ///< of a listing
};

enum class ParseError { NotAReply, LineTooLong, MessageTooLarge, TooManyLines };

/// Turns bytes into replies. Pure and incremental: the same bytes cut in any way give the same replies.
///
/// End of data as Q24 says: `.CRLF` at a line start; `.LF` only where this server ends its status lines with
/// a bare LF. The caller says with expect() which shape comes next, before feed() may go past it.
class ReplyParser
{
public:
    explicit ReplyParser(ParserLimits limits = {});

    void feed(QByteArrayView bytes);
    /// The next whole reply of this shape, or nullopt when bytes are missing or error() is set.
    [[nodiscard]] std::optional<Reply> next(ReplyShape shape);
    [[nodiscard]] std::optional<ParseError> error() const { return m_error; }
    /// Bytes that no reply has used yet.
    [[nodiscard]] qsizetype pending() const;
    /// Bytes of the message that is being received (progress).
    [[nodiscard]] qint64 received() const;
    void clear(); ///< forgets everything that was fed (Q4)

private:
    // The implementation decides.
    ParserLimits m_limits;
    std::optional<ParseError> m_error;
};

} // namespace satchel::pop3
