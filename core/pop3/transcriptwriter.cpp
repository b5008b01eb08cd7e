// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/transcriptwriter.h"

#include "pop3/types.h"

#include <QCryptographicHash>

#include <algorithm>

namespace satchel::pop3 {

namespace {

constexpr qsizetype longestPiece = 64 * 1024; ///< of a line that does not end
constexpr qint64 pauseMs = 2000;
const QByteArray madeUpHost = "mail.example.test";

/// As a transcript writes bytes.
QByteArray escaped(const QByteArray &bytes)
{
    QByteArray text;
    text.reserve(bytes.size());
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\\')
            text += "\\\\";
        else if (c == '\r')
            text += "\\r";
        else if (c == '\n')
            text += "\\n";
        else if (c == '\t')
            text += "\\t";
        else if (byte < 0x20 || byte >= 0x7f)
            text += "\\x" + QByteArray(1, c).toHex();
        else
            text += c;
    }
    return text;
}

/// The same length and line structure, without what it says.
QByteArray filler(QByteArray line)
{
    qsizetype i = 0;
    while (i < line.size() && line.at(i) == '.')
        ++i;
    for (; i < line.size(); ++i) {
        const auto byte = static_cast<unsigned char>(line.at(i));
        if (byte <= ' ' || byte == 0x7f)
            continue;
        // A byte of UTF-8 stays one of its kind.
        line[i] = byte < 0x80 ? 'x'
            : byte < 0xc0     ? '\xa9'
            : byte < 0xe0     ? '\xc3'
            : byte < 0xf0     ? '\xe2'
            : byte < 0xf8     ? '\xf0'
                              : '\xff';
    }
    return line;
}

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
{
    m_since.start();
    m_expected.append({"GREETING", Shape::Status});
    strike(endpoint.host.toUtf8(), madeUpHost);
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

void TranscriptWriter::strike(const QByteArray &word, const QByteArray &replacement)
{
    constexpr qsizetype shortest = 3; // "a" stands everywhere
    if (word.size() < shortest
        || std::ranges::any_of(m_struck, [&word](const auto &pair) { return pair.first == word; }))
        return;
    m_struck.append({word, replacement});
    std::ranges::sort(
        m_struck, [](const auto &one, const auto &other) { return one.first.size() > other.first.size(); });
}

QByteArray TranscriptWriter::struck(QByteArray text) const
{
    for (const auto &[word, replacement] : m_struck) {
        const QByteArray lower = word.toLower();
        for (qsizetype at = 0; (at = text.toLower().indexOf(lower, at)) >= 0; at += replacement.size())
            text.replace(at, word.size(), replacement);
    }
    return text;
}

void TranscriptWriter::client(const QByteArray &bytes)
{
    m_clientRest += bytes;
    for (qsizetype end = 0; (end = m_clientRest.indexOf("\r\n")) >= 0;) {
        const QByteArray line = m_clientRest.first(end);
        m_clientRest.remove(0, end + 2);
        clientLine(line);
    }
}

void TranscriptWriter::clientLine(const QByteArray &line)
{
    if (m_inSasl) {
        m_inSasl = false;
        m_expected.append({"AUTH", Shape::Sasl});
        if (line == "*" && !m_rewritten)
            say('C', line);
        else
            authAnswers();
        return;
    }
    const qsizetype blank = line.indexOf(' ');
    const QByteArray verb = (blank < 0 ? line : line.first(blank)).toUpper();
    const QByteArray argument = blank < 0 ? QByteArray() : line.sliced(blank + 1);
    if (!std::exchange(m_saidSomething, true) && verb != "CAPA")
        note("client: no-capa");
    if (verb == "AUTH") {
        authBegins(line);
        return;
    }
    const bool isList = (verb == "UIDL" || verb == "LIST") && argument.isEmpty();
    const bool isMessage = verb == "RETR" || verb == "TOP";
    const bool isIdle = m_expected.isEmpty();
    m_expected.append({verb, verb == "CAPA" || isList ? Shape::Lines : isMessage ? Shape::Message : Shape::Status});

    // What the session does by itself needs no wish: CAPA, STLS and the like, LIST after UIDL, and the NOOP that proves
    // the end of the last message.
    const bool isProof = verb == "NOOP" && isIdle && m_lastVerb == "RETR";
    QByteArray wish;
    if (isMessage || verb == "DELE" || verb == "STAT" || verb == "RSET" || verb == "QUIT"
        || (verb == "NOOP" && !isProof))
        wish = "D: " + verb.toLower() + (argument.isEmpty() ? QByteArray() : ' ' + argument) + '\n';
    releaseBefore(verb, wish);

    if (verb == "USER") {
        loginBegins("USER");
        strike(argument, "user");
        strike(argument.left(argument.indexOf('@')), "user");
        say('C', "USER user");
    } else if (verb == "PASS") {
        say('C', "PASS password");
    } else if (verb == "APOP") {
        loginBegins("APOP");
        strike(argument.left(argument.lastIndexOf(' ')), "user");
        say('C', "APOP user \xe2\x80\xa6");
        return;
    } else {
        if (verb == "UIDL" && isList) {
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
        say('C', struck(line));
    }
}

void TranscriptWriter::loginBegins(const QByteArray &mechanism)
{
    if (m_utf8Offered && !m_utf8Sent)
        note("client: no-utf8");
    put("D: login user " + QByteArray(usesToken(mechanism) ? "token:token " : "password ") + mechanism + '\n');
}

void TranscriptWriter::authBegins(const QByteArray &line)
{
    const QByteArrayList words = line.split(' ');
    const QByteArray name = words.value(1).toUpper();
    m_saslBegun = false;
    m_rewritten = !isDeterministic(name);
    m_expected.append({"AUTH", Shape::Sasl});
    if (m_rewritten) {
        note("signed in by " + name + ", whose answers cannot be repeated: written down as USER and PASS");
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
    if (m_rewritten || !m_mechanism)
        return;
    const auto initial = m_saslBegun ? std::nullopt : m_mechanism->initialResponse();
    m_saslBegun = true;
    const auto answer = initial ? satchel::Expected<QByteArray>(*initial) : m_mechanism->respond(m_challenge);
    say('C', answer.value_or(QByteArray()).toBase64());
}

void TranscriptWriter::challenge(const QByteArray &line)
{
    m_inSasl = true;
    if (m_rewritten || !m_mechanism)
        return;
    if (m_mechanism->name() == "CRAM-MD5") {
        m_challenge = "<1@" + madeUpHost + '>';
        say('S', "+ " + m_challenge.toBase64());
        return;
    }
    const QByteArray words = line.sliced(1).trimmed();
    const auto decoded = QByteArray::fromBase64Encoding(words, QByteArray::AbortOnBase64DecodingErrors);
    m_challenge = decoded ? struck(decoded.decoded) : QByteArray();
    say('S', decoded && !words.isEmpty() ? "+ " + m_challenge.toBase64() : struck(line));
}

void TranscriptWriter::server(const QByteArray &bytes)
{
    m_serverRest += bytes;
    for (qsizetype end = 0; (end = m_serverRest.indexOf('\n')) >= 0;) {
        QByteArray line = m_serverRest.first(end);
        m_serverRest.remove(0, end + 1);
        const bool isCrlf = line.endsWith('\r');
        if (isCrlf)
            line.chop(1);
        serverLine(line, isCrlf ? "\r\n" : "\n");
    }
    if (m_serverRest.size() > longestPiece) {
        // Never in the midst of a line end.
        const qsizetype size = m_serverRest.endsWith('\r') ? m_serverRest.size() - 1 : m_serverRest.size();
        say('S', filler(m_serverRest.first(size)), {});
        m_serverRest.remove(0, size);
        m_midLine = true;
    }
}

void TranscriptWriter::serverLine(QByteArray line, const QByteArray &lineEnd)
{
    if (std::exchange(m_midLine, false)) {
        say('S', filler(line), lineEnd);
        return;
    }
    if (m_body == Body::None) {
        status(line, lineEnd);
        return;
    }
    if (line == "." && (lineEnd == "\r\n" || m_statusEnd == "\n")) {
        m_body = Body::None;
        m_lastVerb = m_expected.isEmpty() ? QByteArray() : m_expected.takeFirst().verb;
        say('S', line, lineEnd);
        return;
    }
    const QByteArray verb = m_expected.isEmpty() ? QByteArray() : m_expected.first().verb;
    if (m_body == Body::Header) {
        if (line.isEmpty())
            m_body = Body::Text;
        line = headerLine(line);
    } else if (m_body == Body::Text) {
        line = filler(line);
    } else if (verb == "UIDL") {
        line = uidlLine(line);
    } else {
        if (verb == "CAPA" && line.toUpper().startsWith("UTF8"))
            m_utf8Offered = true;
        line = struck(line);
    }
    say('S', line, lineEnd);
}

void TranscriptWriter::status(const QByteArray &line, const QByteArray &lineEnd)
{
    const bool isOk = line.startsWith("+OK");
    const Expected due = m_expected.value(0);
    if (due.shape == Shape::Sasl && line.startsWith('+') && !isOk) {
        m_expected.removeFirst();
        challenge(line);
        return;
    }
    if (!isOk && !line.startsWith("-ERR")) {
        say('S', due.verb == "GREETING" ? struck(line) : filler(line), lineEnd);
        return;
    }
    // Servers greet people by their names there.
    const bool isLogin = due.verb == "AUTH" || due.verb == "PASS" || due.verb == "APOP";
    say('S', isOk && isLogin ? QByteArray("+OK logged in") : struck(line), lineEnd);
    if (isOk && (due.shape == Shape::Lines || due.shape == Shape::Message)) {
        m_body = due.shape == Shape::Lines ? Body::Lines : Body::Header;
        m_statusEnd = lineEnd;
        return;
    }
    if (!m_expected.isEmpty())
        m_lastVerb = m_expected.takeFirst().verb;
}

/// UIDLs are made by the server and stay, unless it takes them from a message.
QByteArray TranscriptWriter::uidlLine(const QByteArray &line) const
{
    const qsizetype blank = line.indexOf(' ');
    if (blank < 0 || !line.sliced(blank).contains('@'))
        return struck(line);
    QByteArray uidl = line.sliced(blank);
    const QByteArray seed = QCryptographicHash::hash(uidl, QCryptographicHash::Sha256);
    for (qsizetype i = 0; i < uidl.size(); ++i) {
        const auto random = static_cast<unsigned char>(seed.at(i % seed.size()));
        const char c = uidl.at(i);
        if (c >= '0' && c <= '9')
            uidl[i] = static_cast<char>('0' + random % 10);
        else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
            uidl[i] = static_cast<char>('a' + random % 26);
    }
    return line.first(blank) + uidl;
}

QByteArray TranscriptWriter::headerLine(const QByteArray &line) const
{
    const qsizetype colon = line.indexOf(':');
    const bool isField =
        colon > 0 && std::ranges::all_of(QByteArrayView(line).first(colon), [](char c) { return c > ' ' && c < 0x7f; });
    if (!isField)
        return filler(line);
    const QByteArray name = line.first(colon).toLower();
    if (name == "mime-version" || name == "content-transfer-encoding")
        return line;
    qsizetype shown = colon + 1;
    if (name == "content-type") {
        const qsizetype end = line.indexOf(';', colon);
        shown = end < 0 ? line.size() : end + 1;
    }
    return line.first(shown) + filler(line.sliced(shown));
}

void TranscriptWriter::encrypted()
{
    pause();
    put("T\n");
}

void TranscriptWriter::flush()
{
    QByteArray none;
    releaseBefore({}, none);
    if (m_serverRest.isEmpty())
        return;
    const bool isStatus = m_body == Body::None && (m_serverRest.startsWith("+OK") || m_serverRest.startsWith("-ERR"));
    say('S', isStatus ? struck(m_serverRest) : filler(m_serverRest), {});
    m_serverRest.clear();
}

void TranscriptWriter::closed()
{
    flush();
    pause();
    put("X\n");
}

void TranscriptWriter::failed(const Error &error)
{
    flush();
    note("the connection failed: " + QByteArray::number(static_cast<int>(error.kind)));
    put("F\n");
}

void TranscriptWriter::end()
{
    flush();
}

} // namespace satchel::pop3
