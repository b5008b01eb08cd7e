// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/spoolfile.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QByteArrayView>

#include <optional>

namespace satchel::pop3 {

/// What the parser is to expect next.
enum class ReplyShape {
    Status, ///< +OK or -ERR, one line
    Lines, ///< a status line; after +OK, lines up to the terminator
    Listing, ///< the same, and the lines stay together: there may be hundreds of thousands
    Message, ///< a status line; after +OK, a message up to the terminator, dot-unstuffed, otherwise untouched
    Sasl, ///< a status line or a continuation: "+", "+ words" or, from careless servers, "+words" (Q10)
};

struct Reply {
    enum class Status { Ok, Err, Continue };
    Status status = Status::Ok;
    QByteArray text; ///< after the status, without the response code
    QByteArray code; ///< upper case, "IN-USE"; only of -ERR (RFC 2449 §8)
    QByteArrayList lines; ///< of ReplyShape::Lines, without line ends
    QByteArray listing; ///< of ReplyShape::Listing: each line with a line feed behind it
    QByteArray message; ///< of ReplyShape::Message
    std::optional<SpooledMessage> spooled; ///< in its place, where it is too large to be held
};

struct ParserLimits {
    qint64 line = 8 * 1024; ///< bytes of a reply line
    qint64 listingLine = 64 * 1024; ///< bytes of a line within a listing: a UIDL of 10 kB is odd, not an attack
    qint64 message = 512LL * 1024 * 1024; ///< bytes of one message, or of one listing
    qint64 lines = 5'000'000; ///< of a listing
    qint64 held = 8LL * 1024 * 1024; ///< of one message, in memory; what is larger goes to a file ...
    QString spool; ///< ... whose path begins so (SpoolFile); empty: nothing does
};

enum class ParseError { NotAReply, LineTooLong, MessageTooLarge, TooManyLines, NotSpooled };

/// Turns bytes into replies. Incremental: the same bytes cut in any way give the same replies. Touches nothing but the
/// file of a message that is too large to be held.
///
/// End of data as Q24 says: `.CRLF` at a line start; `.LF` only where the status line of this reply ended in
/// a bare LF too. In a stream of CRLF a line starts after CRLF alone, so that a "." between bare LFs is data.
/// Careless servers send bodies of bare LF as they are and write "." CRLF behind them: LF "." CRLF is an end only where
/// that is the more likely: a reply follows, and the size is the one that LIST said; or nothing follows at all, which
/// the caller sees by its clock (standsAtDoubtfulEnd(), endHere()).
/// The caller says with next() which shape comes next.
class ReplyParser
{
public:
    explicit ReplyParser(ParserLimits limits = {});

    // Of these no more is kept than may be held: servers that know no TOP send everything.
    static constexpr qint64 headerOnly = -1;
    static constexpr qint64 beginning = -2;

    void feed(QByteArrayView bytes);
    /// The next whole reply of this shape, or nullopt when bytes are missing or error() is set. \a expected: bytes of
    /// the message as LIST said, or headerOnly as TOP n 0 gives it, or a beginning; 0: not known. Advisory (Q21).
    [[nodiscard]] std::optional<Reply> next(ReplyShape shape, qint64 expected = 0);
    /// The message that is being received ends in LF "." CRLF so far.
    [[nodiscard]] bool standsAtDoubtfulEnd() const { return m_doubtfulEnd; }
    /// The same, and its size is the one that was expected.
    [[nodiscard]] bool standsAtExpectedEnd() const { return m_doubtfulEnd && isExpected(); }
    /// Takes that for the end: next() has the message.
    void endHere();
    [[nodiscard]] std::optional<ParseError> error() const { return m_error; }
    [[nodiscard]] const Error &spoolError() const { return m_spoolError; } ///< of ParseError::NotSpooled
    /// Bytes that no reply has used yet.
    [[nodiscard]] qsizetype pending() const { return m_buffer.size() - m_position; }
    /// A status line was accepted, and what follows it is still coming.
    [[nodiscard]] bool hasBegun() const { return m_begun; }
    /// Bytes of the message that is being received (progress).
    [[nodiscard]] qint64 received() const { return m_begun ? messageSize() : 0; }
    /// The start of what could not be read as a reply, for the log.
    [[nodiscard]] QByteArray offendingText() const;
    void clear(); ///< forgets everything that was fed (Q4)

private:
    enum class Progress { Complete, NeedsMore, Failed };

    Progress takeStatusLine(ReplyShape shape);
    Progress takeLines(ReplyShape shape);
    Progress takeMessage();
    [[nodiscard]] qint64 messageSize() const;
    [[nodiscard]] bool isExpected() const;
    [[nodiscard]] bool relieve(); ///< of what is not to be held; false: it could not be written
    [[nodiscard]] bool spoolRest();
    [[nodiscard]] bool unstuffBareLines();
    enum class DoubtfulEnd { No, Yes, Incomplete };
    [[nodiscard]] DoubtfulEnd lookAtDoubtfulEnd(QByteArrayView rest);
    Progress fail(ParseError error);
    void compact();

    ParserLimits m_limits;
    std::optional<ParseError> m_error;
    Error m_spoolError;
    QByteArray m_buffer;
    qsizetype m_position = 0; ///< of the first byte not used
    qsizetype m_searched = 0; ///< no line feed stands between m_position and here
    bool m_begun = false;
    bool m_bareLineFeeds = false; ///< the status line ended so
    bool m_lineStart = true;
    bool m_bareLineStart = false; ///< after a bare line feed, within a stream of CRLF
    bool m_doubtfulEnd = false;
    bool m_endHere = false;
    qint64 m_expected = 0;
    bool m_carriageReturn = false; ///< the last byte of the message so far
    qint64 m_listingBytes = 0;
    qint64 m_listingLines = 0;
    qint64 m_leftOut = 0; ///< of a beginning that was too long
    Reply m_reply;
};

} // namespace satchel::pop3
