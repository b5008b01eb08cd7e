// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/transcriptwriter.h"

#include "pop3/authentication.h"
#include "pop3/transcriptwords.h"

#include <QByteArrayList>

namespace satchel::pop3 {

namespace {

constexpr qsizetype longestPiece = 64 * 1024; ///< of a line that does not end
constexpr qint64 pauseMs = 2000;
const QByteArray madeUpHost = "mail.example.test";

bool isDeterministic(const QByteArray &mechanism)
{
    static const QByteArrayList names{"PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"};
    return names.contains(mechanism);
}

bool usesToken(const QByteArray &mechanism)
{
    return mechanism == "XOAUTH2" || mechanism == "OAUTHBEARER";
}

} // namespace

TranscriptWriter::TranscriptWriter(const net::Endpoint &endpoint, Sink sink)
    : m_endpoint(endpoint)
    , m_sink(std::move(sink))
    , m_secrets(std::make_shared<net::Secrets>())
{
    m_since.start();
    note("A session that Satchel recorded. User names, passwords, host names and what messages say were struck out;");
    note("lengths, line ends and odd bytes are as they were.");
    note(QByteArray("security: ")
        + (endpoint.security == Security::ImplicitTls     ? "tls"
                : endpoint.security == Security::StartTls ? "starttls"
                                                          : "plain"));
    note("events: any");
}

void TranscriptWriter::put(const QByteArray &text)
{
    if (text.isEmpty())
        return;
    if (m_held == Held::Nothing) {
        m_sink(text);
        return;
    }
    m_heldBack += text;
    constexpr qsizetype most = 16 * 1024 * 1024;
    QByteArray none;
    if (m_heldBack.size() > most)
        releaseBefore({}, none);
}

/// What was held back until the next command shows what it was for, with the wishes that must come before it. UIDL
/// alone asks for names, with LIST for the list. STAT between two TOP is sent by the session itself, which the second
/// wish makes prove that TOP is answered once (Q40). After a message the session says NOOP unless it was told more
/// before its end. \a wish is taken where it belongs there.
void TranscriptWriter::releaseBefore(const QByteArray &verb, QByteArray &wish)
{
    const Held held = std::exchange(m_held, Held::Nothing);
    if (held == Held::Nothing)
        return;
    if (held == Held::Names)
        put(verb == "LIST" ? "D: list\n" : "D: names\n");
    else if (held == Held::Message || verb == "TOP")
        put(std::exchange(wish, {}));
    else
        put("D: stat\n");
    put(std::exchange(m_heldBack, {}));
}

void TranscriptWriter::note(const QByteArray &text)
{
    put("# " + text + '\n');
}

void TranscriptWriter::pause()
{
    if (const qint64 passed = m_since.restart(); passed >= pauseMs)
        note(QByteArray::number(double(passed) / 1000, 'f', 1) + " s pass");
}

void TranscriptWriter::say(char who, const QByteArray &bytes, const QByteArray &lineEnd)
{
    pause();
    QByteArray line = QByteArray(1, who) + ": " + escaped(bytes);
    if (lineEnd == "\n") {
        if (!std::exchange(m_lineFeedsNoted, true))
            note("lines: crlf");
        line += "\\n\\"; // a bare line feed is a byte like others, and no line end of the transcript's follows
    } else if (lineEnd.isEmpty()) {
        line += '\\';
    }
    put(line + '\n');
}

QByteArray TranscriptWriter::struck(const QByteArray &text) const
{
    return m_secrets->struckOut(text);
}

/// A line that a server says before it opens the mailbox.
QByteArray TranscriptWriter::usual(const QByteArray &line) const
{
    const qsizetype status = statusSize(line);
    return line.first(status) + usualWords(struck(line.sliced(status)));
}

void TranscriptWriter::client(const Command &command)
{
    const qsizetype blank = command.line.indexOf(' ');
    const QByteArray verb = (blank < 0 ? command.line : command.line.first(blank)).toUpper();
    const QByteArray argument = blank < 0 ? QByteArray() : command.line.sliced(blank + 1);
    const bool isIdle = m_unanswered++ == 0;
    if (command.verb == Verb::Auth) {
        authLine(command);
        return;
    }
    settle(false);
    if (!std::exchange(m_saidSomething, true) && verb != "CAPA")
        note("client: no-capa");
    const bool isMessage = verb == "RETR" || verb == "TOP";

    // What the session does by itself needs no wish: CAPA, STLS and the like, LIST after UIDL, and the NOOP that proves
    // the end of the last message.
    const bool isProof = verb == "NOOP" && isIdle && m_lastVerb == "RETR";
    QByteArray wish;
    if (isMessage || verb == "DELE" || verb == "STAT" || verb == "RSET" || verb == "QUIT"
        || (verb == "NOOP" && !isProof))
        wish = "D: " + verb.toLower() + (argument.isEmpty() ? QByteArray() : ' ' + argument) + '\n';
    releaseBefore(verb, wish);

    if (command.verb == Verb::User) {
        loginBegins("USER");
        say('C', "USER user");
    } else if (command.verb == Verb::Pass) {
        say('C', "PASS password");
    } else if (command.verb == Verb::Apop) {
        loginBegins("APOP");
        say('C', "APOP user \xe2\x80\xa6");
    } else if (command.secret) {
        note("a line that nobody is to read was left out");
    } else {
        if (verb == "UIDL") {
            m_held = Held::Names;
        } else if (verb == "STAT" && isIdle && m_lastVerb == "TOP") {
            m_held = Held::Stat;
        } else {
            put(wish);
            if (verb == "RETR")
                m_held = Held::Message;
        }
        if (verb == "UTF8")
            m_utf8Sent = true;
        if (verb == "LANG")
            note("client: language=" + argument);
        say('C', command.line);
    }
}

void TranscriptWriter::loginBegins(const QByteArray &mechanism)
{
    if (m_utf8Offered && !m_utf8Sent)
        note("client: no-utf8");
    put("D: login user " + QByteArray(usesToken(mechanism) ? "token:token " : "password ") + mechanism + '\n');
}

/// Begins an exchange, answers a challenge or breaks off: the session knows which, and never sends two at once.
void TranscriptWriter::authLine(const Command &command)
{
    const QByteArrayList words = command.line.split(' ');
    if (words.size() > 1 && words.first() == "AUTH") {
        settle(false);
        QByteArray none;
        releaseBefore("AUTH", none);
        if (!std::exchange(m_saidSomething, true))
            note("client: no-capa");
        authBegins(words.at(1).toUpper());
        return;
    }
    settle(true);
    if (m_rewritten)
        return;
    if (command.secret)
        authAnswers();
    else
        say('C', "*");
}

void TranscriptWriter::authBegins(const QByteArray &name)
{
    m_saslBegun = false;
    m_rewritten = !isDeterministic(name);
    if (m_rewritten) {
        note("signed in by " + usualWords(name) + ", whose answers cannot be repeated: written down as USER and PASS");
        loginBegins("USER");
        say('C', "USER user");
        say('S', "+OK");
        say('C', "PASS password");
        return;
    }
    loginBegins(name);
    net::Credentials credentials;
    credentials.userName = QStringLiteral("user");
    if (usesToken(name))
        credentials.accessToken = QStringLiteral("token");
    else
        credentials.password = QStringLiteral("password");
    net::SaslContext context;
    context.host = QString::fromLatin1(madeUpHost);
    context.port = 110;
    context.encrypted = m_endpoint.security != Security::Plain;
    m_mechanism = net::makeSaslMechanism(name, credentials, context);
    say('C', "AUTH " + name);
}

/// The client answered a challenge: here is what it would have said as "user" with "password".
void TranscriptWriter::authAnswers()
{
    if (!m_mechanism)
        return;
    const auto initial = m_saslBegun ? std::nullopt : m_mechanism->initialResponse();
    m_saslBegun = true;
    const auto answer = initial ? satchel::Expected<QByteArray>(*initial) : m_mechanism->respond(m_challenge);
    say('C', answer.value_or(QByteArray()).toBase64());
}

void TranscriptWriter::settle(bool goesOn)
{
    if (!m_undecided)
        return;
    const auto [line, lineEnd] = *std::exchange(m_undecided, std::nullopt);
    if (goesOn)
        challenge(line);
    else
        say('S', line.first(statusSize(line)) + " logged in", lineEnd);
}

void TranscriptWriter::challenge(const QByteArray &line)
{
    if (m_rewritten || !m_mechanism)
        return;
    const qsizetype sign = qMax(qsizetype(1), statusSize(line));
    const QByteArray words = line.sliced(sign).trimmed();
    if (m_mechanism->name() == "CRAM-MD5") {
        m_challenge = "<1@" + madeUpHost + '>';
        say('S', line.first(sign) + ' ' + m_challenge.toBase64());
        return;
    }
    const auto decoded = QByteArray::fromBase64Encoding(words, QByteArray::AbortOnBase64DecodingErrors);
    m_challenge = decoded ? usual(decoded.decoded) : QByteArray();
    say('S', line.first(sign) + ' ' + (decoded ? m_challenge.toBase64() : usual(words)));
}

void TranscriptWriter::server(const Command *command, Reply::Status status, const QByteArray &bytes, bool isWhole)
{
    const bool hasBody = command && status == Reply::Status::Ok && command->shape != ReplyShape::Status
        && command->shape != ReplyShape::Sasl;
    const QByteArray verb =
        command ? command->line.first(qMin(qsizetype(4), command->line.size())).trimmed().toUpper() : QByteArray();
    m_rest += bytes;
    qsizetype used = 0;
    for (qsizetype end = 0; (end = m_rest.indexOf('\n', used)) >= 0;) {
        QByteArray line = m_rest.sliced(used, end - used);
        used = end + 1;
        const QByteArray lineEnd = line.endsWith('\r') ? "\r\n" : "\n";
        line.chop(lineEnd.size() - 1);
        if (std::exchange(m_midLine, false)) {
            say('S', filler(line), lineEnd);
        } else if (m_part == Part::Status) {
            this->status(command, status, line, lineEnd);
            m_part = hasBody && command->shape == ReplyShape::Message ? Part::Header : Part::Lines;
        } else if (isWhole && used == m_rest.size() && line == ".") {
            say('S', line, lineEnd);
        } else {
            body(verb, line, lineEnd);
        }
    }
    m_rest.remove(0, used);
    if (isWhole) {
        if (!m_rest.isEmpty())
            say('S', filler(std::exchange(m_rest, {})), {});
        m_part = Part::Status;
        m_lastVerb = !command ? "UNASKED" : command->verb == Verb::Greeting ? "GREETING" : verb;
        if (command)
            --m_unanswered;
    } else if (m_rest.size() > longestPiece) {
        // Never in the midst of a line end.
        const qsizetype size = m_rest.endsWith('\r') ? m_rest.size() - 1 : m_rest.size();
        say('S', filler(m_rest.first(size)), {});
        m_rest.remove(0, size);
        m_midLine = true;
    }
}

void TranscriptWriter::status(
    const Command *command, Reply::Status status, const QByteArray &line, const QByteArray &lineEnd)
{
    if (command && command->shape == ReplyShape::Sasl) {
        if (status == Reply::Status::Continue)
            challenge(line);
        else if (status == Reply::Status::Ok)
            m_undecided = {line, lineEnd};
        else
            say('S', usual(line), lineEnd);
        return;
    }
    const qsizetype sign = statusSize(line);
    switch (command ? command->verb : Verb::Noop) {
    case Verb::Greeting:
        // The stamp for APOP stays one.
        if (!apopStamp(line).isEmpty()) {
            const qsizetype from = line.indexOf('<');
            say('S', usual(line.first(from)) + "<1@" + madeUpHost + '>' + usual(line.sliced(line.indexOf('>') + 1)),
                lineEnd);
            return;
        }
        break;
    case Verb::Pass:
    case Verb::Apop:
        // Servers greet people by their names there.
        if (status == Reply::Status::Ok) {
            say('S', line.first(sign) + " logged in", lineEnd);
            return;
        }
        break;
    case Verb::Capa:
    case Verb::Stls:
    case Verb::User:
    case Verb::Utf8:
    case Verb::Lang:
        break;
    default:
        // Where messages are on their way, their words may stand in place of a reply (Q25).
        say('S', line.first(sign) + bareWords(struck(line.sliced(sign)), command && command->verb == Verb::Stat),
            lineEnd);
        return;
    }
    say('S', usual(line), lineEnd);
}

void TranscriptWriter::body(const QByteArray &verb, QByteArray line, const QByteArray &lineEnd)
{
    if (m_part == Part::Header) {
        if (line.isEmpty())
            m_part = Part::Text;
        line = headerLine(line);
    } else if (m_part == Part::Text) {
        line = filler(line);
    } else if (verb == "UIDL") {
        line = uidlLine(line, m_secrets->isIn(line));
    } else if (verb == "LIST") {
        line = listLine(m_secrets->isIn(line) ? uidlLine(line, true) : line);
    } else {
        m_utf8Offered |= line.toUpper().startsWith("UTF8");
        line = usual(line);
    }
    say('S', line, lineEnd);
}

/// What the session found no meaning in, or no time to look at.
void TranscriptWriter::unread(const QByteArray &bytes)
{
    settle(false);
    QByteArray none;
    releaseBefore({}, none);
    const QByteArray all = std::exchange(m_rest, {}) + bytes;
    for (qsizetype at = 0; at < all.size();) {
        const qsizetype end = all.indexOf('\n', at);
        QByteArray line = end < 0 ? all.sliced(at) : all.sliced(at, end - at);
        at = end < 0 ? all.size() : end + 1;
        const QByteArray lineEnd = end < 0 ? QByteArray() : line.endsWith('\r') ? QByteArray("\r\n") : QByteArray("\n");
        line.chop(qMax(qsizetype(0), lineEnd.size() - 1));
        const qsizetype sign = m_part == Part::Status && !m_midLine ? statusSize(line) : 0;
        const bool isGreeting = m_lastVerb.isEmpty() && m_part == Part::Status;
        say('S', isGreeting ? usual(line) : line.first(sign) + filler(line.sliced(sign)), lineEnd);
        m_midLine = false;
    }
    m_part = Part::Status;
}

void TranscriptWriter::encrypted()
{
    settle(false);
    pause();
    put("T\n");
}

void TranscriptWriter::closed(const QByteArray &bytes)
{
    unread(bytes);
    pause();
    put("X\n");
}

void TranscriptWriter::failed(const Error &error, const QByteArray &bytes)
{
    unread(bytes);
    note("the connection failed: " + QByteArray::number(static_cast<int>(error.kind)));
    put("F\n");
}

void TranscriptWriter::end(const QByteArray &bytes)
{
    unread(bytes);
}

} // namespace satchel::pop3
