// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/replyparser.h"

#include <cstring>
#include <utility>

namespace satchel::pop3 {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

/// The text behind a status word, or nullopt where the line does not begin with that word.
std::optional<QByteArrayView> after(QByteArrayView line, QByteArrayView word)
{
    if (line.size() < word.size() || line.first(word.size()).compare(word, Qt::CaseInsensitive) != 0)
        return std::nullopt;
    const QByteArrayView rest = line.sliced(word.size());
    if (!rest.isEmpty() && !isBlank(rest.front()))
        return std::nullopt;
    return rest.trimmed();
}

/// Splits "[CODE] words" (RFC 2449 §8).
void takeResponseCode(QByteArrayView text, Reply &reply)
{
    constexpr qsizetype LongestCode = 64;
    if (text.startsWith('[')) {
        const qsizetype end = text.first(qMin(text.size(), LongestCode)).indexOf(']');
        if (end > 1) {
            reply.code = text.sliced(1, end - 1).toByteArray().trimmed().toUpper();
            text = text.sliced(end + 1).trimmed();
        }
    }
    reply.text = text.toByteArray();
}

const char *findLineFeed(const char *begin, const char *end)
{
    return static_cast<const char *>(std::memchr(begin, '\n', static_cast<size_t>(end - begin)));
}

/// Whether a message without so many of its dots has the size that LIST said: with bare line feeds as they came, or
/// counted as the line ends that should have been sent.
bool fitsExactly(qint64 expected, qint64 size, qint64 bareLineFeeds)
{
    return size == expected || size + bareLineFeeds == expected;
}

bool fitsExactly(qint64 expected, const QByteArray &message, qsizetype dots)
{
    return fitsExactly(expected, message.size() - dots, message.count('\n') - message.count("\r\n"));
}

bool fitsExactly(qint64 expected, const LineCounts &lines, qint64 dots)
{
    return fitsExactly(expected, lines.size() - dots, lines.bareLineFeeds());
}

constexpr qsizetype spooledAtOnce = 256 * 1024;

} // namespace

ReplyParser::ReplyParser(ParserLimits limits)
    : m_limits(limits)
{
}

void ReplyParser::feed(QByteArrayView bytes)
{
    compact();
    m_buffer.append(bytes);
}

std::optional<Reply> ReplyParser::next(ReplyShape shape, qint64 expected)
{
    m_expected = expected;
    if (m_error)
        return std::nullopt;
    if (!m_begun) {
        if (takeStatusLine(shape) != Progress::Complete)
            return std::nullopt;
        if (m_reply.status != Reply::Status::Ok || shape == ReplyShape::Status || shape == ReplyShape::Sasl)
            return std::exchange(m_reply, {});
        m_begun = true;
        m_lineStart = true;
        m_bareLineStart = false;
        m_doubtfulEnd = false;
        m_endHere = false;
        m_carriageReturn = false;
        m_listingBytes = 0;
        m_listingLines = 0;
        m_leftOut = 0;
    }
    if ((shape == ReplyShape::Message ? takeMessage() : takeLines(shape)) != Progress::Complete)
        return std::nullopt;
    m_begun = false;
    m_doubtfulEnd = false;
    // Growing doubles: what is kept in a queue should not hold twice its size.
    if (m_reply.message.capacity() - m_reply.message.size() > 64 * 1024)
        m_reply.message.squeeze();
    return std::exchange(m_reply, {});
}

ReplyParser::Progress ReplyParser::takeStatusLine(ReplyShape shape)
{
    const char *const begin = m_buffer.constData() + m_position;
    const char *const end = m_buffer.constData() + m_buffer.size();
    const char *const from = m_buffer.constData() + qMax(m_position, m_searched);
    const char *const lineFeed = findLineFeed(from, end);
    if ((lineFeed ? lineFeed : end) - begin > m_limits.line)
        return fail(ParseError::LineTooLong);
    if (!lineFeed) {
        m_searched = m_buffer.size();
        return Progress::NeedsMore;
    }
    QByteArrayView line(begin, lineFeed);
    m_bareLineFeeds = !line.endsWith('\r');
    while (line.endsWith('\r'))
        line.chop(1);

    if (const auto text = after(line, "+OK")) {
        m_reply.status = Reply::Status::Ok;
        m_reply.text = text->toByteArray();
    } else if (const auto words = after(line, "-ERR")) {
        m_reply.status = Reply::Status::Err;
        takeResponseCode(*words, m_reply);
    } else if (shape == ReplyShape::Sasl && line.startsWith('+')) {
        m_reply.status = Reply::Status::Continue;
        m_reply.text = line.sliced(1).trimmed().toByteArray();
    } else {
        return fail(ParseError::NotAReply);
    }
    m_position = lineFeed + 1 - m_buffer.constData();
    m_searched = m_position;
    return Progress::Complete;
}

ReplyParser::Progress ReplyParser::takeLines(ReplyShape shape)
{
    const char *const data = m_buffer.constData();
    const char *const end = data + m_buffer.size();
    for (;;) {
        const char *const begin = data + m_position;
        const char *const lineFeed = findLineFeed(data + qMax(m_position, m_searched), end);
        if ((lineFeed ? lineFeed : end) - begin > m_limits.listingLine)
            return fail(ParseError::LineTooLong);
        if (!lineFeed) {
            m_searched = m_buffer.size();
            return Progress::NeedsMore;
        }
        m_position = lineFeed + 1 - data;
        QByteArrayView line(begin, lineFeed);
        const bool ended = line.endsWith('\r') || m_bareLineFeeds;
        if (line.endsWith('\r'))
            line.chop(1);
        if (line == QByteArrayView(".") && ended)
            return Progress::Complete;
        if (line.startsWith('.') && line.size() > 1)
            line = line.sliced(1);
        m_listingBytes += line.size();
        if (++m_listingLines > m_limits.lines)
            return fail(ParseError::TooManyLines);
        if (m_listingBytes > m_limits.message)
            return fail(ParseError::MessageTooLarge);
        if (shape == ReplyShape::Listing)
            m_reply.listing.append(line).append('\n');
        else
            m_reply.lines.append(line.toByteArray());
    }
}

// The bytes between two stuffed dots are copied as one run; only a dot at a line start is looked at.
ReplyParser::Progress ReplyParser::takeMessage()
{
    const char *const data = m_buffer.constData();
    const char *const end = data + m_buffer.size();
    const char *run = data + m_position; // not copied yet
    const char *at = run; // not looked at yet
    const auto copyRun = [this, &run](const char *upTo) {
        m_reply.message.append(run, upTo - run);
        run = upTo;
    };
    bool complete = false;
    m_doubtfulEnd = false;
    while (at < end) {
        if (m_bareLineStart && *at == '.') {
            const DoubtfulEnd doubtful = lookAtDoubtfulEnd(QByteArrayView(at, end));
            if (doubtful != DoubtfulEnd::No) {
                copyRun(at);
                if (!spoolRest())
                    return fail(ParseError::NotSpooled);
            }
            if (doubtful == DoubtfulEnd::Yes && (m_endHere || isExpected())) {
                if (!unstuffBareLines())
                    return fail(ParseError::NotSpooled);
                at += 3;
                run = at;
                complete = true;
            }
            if (complete || doubtful == DoubtfulEnd::Incomplete)
                break;
        }
        m_bareLineStart = false;
        if (m_lineStart && *at == '.') {
            copyRun(at);
            const qsizetype left = end - at;
            if (left < 2)
                break;
            if (at[1] == '\r' && left < 3)
                break;
            const bool isEnd = (at[1] == '\r' && at[2] == '\n') || (m_bareLineFeeds && at[1] == '\n');
            if (isEnd) {
                at += at[1] == '\r' ? 3 : 2;
                run = at;
                complete = true;
                break;
            }
            ++at;
            run = at; // stuffed: the dot goes
            m_lineStart = false;
            m_carriageReturn = false;
            continue;
        }
        const char *const lineFeed = findLineFeed(at, end);
        if (!lineFeed) {
            m_carriageReturn = end[-1] == '\r';
            m_lineStart = false;
            at = end;
            break;
        }
        const bool afterCarriageReturn = lineFeed > at ? lineFeed[-1] == '\r' : m_carriageReturn;
        m_lineStart = m_bareLineFeeds || afterCarriageReturn;
        m_bareLineStart = !m_lineStart;
        m_carriageReturn = false;
        at = lineFeed + 1;
    }
    copyRun(at);
    m_position = at - data;
    m_searched = m_position;
    if (messageSize() > m_limits.message) {
        m_reply = {};
        return fail(ParseError::MessageTooLarge);
    }
    if (!relieve() || (complete && !spoolRest()))
        return fail(ParseError::NotSpooled);
    if (complete && m_reply.spooled) {
        if (auto closed = m_reply.spooled->file->close(); !closed) {
            m_spoolError = closed.error();
            return fail(ParseError::NotSpooled);
        }
    }
    return complete ? Progress::Complete : Progress::NeedsMore;
}

/// What stands at the start of a line behind a bare line feed, from its dot on. Yes: "." CRLF, and a reply behind it,
/// or it is to be taken as the end. Incomplete: as far as bytes are here, it may be that.
ReplyParser::DoubtfulEnd ReplyParser::lookAtDoubtfulEnd(QByteArrayView rest)
{
    const QByteArrayView terminator(".\r\n");
    if (rest.size() < terminator.size())
        return terminator.startsWith(rest) ? DoubtfulEnd::Incomplete : DoubtfulEnd::No;
    if (!rest.startsWith(terminator))
        return DoubtfulEnd::No;
    const QByteArrayView behind = rest.sliced(terminator.size());
    m_doubtfulEnd = behind.isEmpty();
    if (m_endHere && behind.isEmpty())
        return DoubtfulEnd::Yes;
    for (const QByteArrayView word : {QByteArrayView("+OK"), QByteArrayView("-ERR")}) {
        if (behind.startsWith(word))
            return DoubtfulEnd::Yes;
        if (behind.size() < word.size() && word.startsWith(behind))
            return DoubtfulEnd::Incomplete;
    }
    return DoubtfulEnd::No;
}

qint64 ReplyParser::messageSize() const
{
    return m_reply.message.size() + m_leftOut + (m_reply.spooled ? m_reply.spooled->size() : 0);
}

bool ReplyParser::relieve()
{
    if (m_expected < 0) {
        if (const qint64 beyond = m_reply.message.size() - m_limits.held; beyond > 0) {
            m_reply.message.chop(beyond);
            m_leftOut += beyond;
        }
        return true;
    }
    if (m_limits.spool.isEmpty() || m_reply.message.size() <= (m_reply.spooled ? spooledAtOnce : m_limits.held))
        return true;
    if (!m_reply.spooled) {
        auto file = SpoolFile::create(m_limits.spool);
        if (!file) {
            m_spoolError = file.error();
            return false;
        }
        m_reply.spooled.emplace(SpooledMessage{*std::move(file), {}});
    }
    return spoolRest();
}

/// Of a message that is in a file already, what is not.
bool ReplyParser::spoolRest()
{
    if (!m_reply.spooled || m_reply.message.isEmpty())
        return true;
    m_reply.spooled->lines.add(m_reply.message);
    const auto written = m_reply.spooled->file->append(m_reply.message);
    m_reply.message = {};
    if (!written)
        m_spoolError = written.error();
    return written.has_value();
}

/// Within a stream of CRLF a dot behind a bare line feed is data, until such an end says otherwise: where LIST's size
/// tells that dots were stuffed, they go.
bool ReplyParser::unstuffBareLines()
{
    const auto saysSo = [this](const auto &message, qint64 stuffed) {
        return stuffed > 0 && m_expected > 0 && !fitsExactly(m_expected, message, 0)
            && fitsExactly(m_expected, message, stuffed);
    };
    QByteArray &message = m_reply.message;
    if (!m_reply.spooled) {
        if (saysSo(message, message.count("\n..")))
            message.replace("\n..", "\n.");
        return true;
    }
    const LineCounts &lines = m_reply.spooled->lines;
    if (!saysSo(lines, lines.stuffed()))
        return true;
    auto unstuffed = m_reply.spooled->file->close().and_then([this] { return m_reply.spooled->unstuffed(); });
    if (unstuffed)
        m_reply.spooled = *std::move(unstuffed);
    else
        m_spoolError = unstuffed.error();
    return unstuffed.has_value();
}

bool ReplyParser::isExpected() const
{
    const QByteArray &message = m_reply.message;
    if (m_expected == headerOnly) {
        // No reply stands within a header, though not each of them ends in an empty line.
        const qsizetype blank = message.indexOf("\n\n");
        return m_leftOut == 0 && message.endsWith('\n') && (blank < 0 || blank + 2 == message.size());
    }
    if (m_expected <= 0)
        return false;
    if (m_reply.spooled) {
        const LineCounts &lines = m_reply.spooled->lines;
        return fitsExactly(m_expected, lines, 0) || fitsExactly(m_expected, lines, lines.stuffed());
    }
    return fitsExactly(m_expected, message, 0) || fitsExactly(m_expected, message, message.count("\n.."));
}

void ReplyParser::endHere()
{
    m_endHere = m_doubtfulEnd;
}

ReplyParser::Progress ReplyParser::fail(ParseError error)
{
    m_error = error;
    return Progress::Failed;
}

void ReplyParser::compact()
{
    if (m_position == 0)
        return;
    if (m_position == m_buffer.size()) {
        m_buffer.resize(0);
    } else if (m_position > m_buffer.size() / 2) {
        m_buffer.remove(0, m_position);
    } else {
        return;
    }
    m_searched = qMax<qsizetype>(0, m_searched - m_position);
    m_position = 0;
}

QByteArray ReplyParser::offendingText() const
{
    constexpr qsizetype Shown = 200;
    const QByteArrayView rest = QByteArrayView(m_buffer).sliced(m_position);
    const qsizetype lineFeed = rest.indexOf('\n');
    return rest.first(qMin(lineFeed < 0 ? rest.size() : lineFeed, Shown)).trimmed().toByteArray();
}

void ReplyParser::clear()
{
    *this = ReplyParser(m_limits);
}

} // namespace satchel::pop3
