// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/sasl.h"
#include "net/secrets.h"
#include "net/transport.h"
#include "pop3/command.h"

#include <QByteArray>
#include <QElapsedTimer>

#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace satchel::pop3 {

/// Writes one connection down as a transcript that tests play again (tests/support/transcript.h says how), with nothing
/// personal in it (law 6): the user name becomes "user", the password "password", a token "token", and what was
/// computed from them is computed again from these; the server's name becomes "mail.example.test". Of messages stay the
/// lengths, the line ends, leading dots, odd bytes and the usual names of header fields; letters and digits become "x".
/// A way to sign in whose answers hold a random number is written down as USER and PASS.
///
/// It reads no protocol: what a line is, the session says that sent it or read it, and what must not be in it, the
/// session's Secrets. Of what a server says in words stay only those that every such server says.
class TranscriptWriter
{
public:
    using Sink = std::function<void(const QByteArray &text)>; ///< takes whole lines, as they happen

    TranscriptWriter(const net::Endpoint &endpoint, Sink sink);

    void setSecrets(std::shared_ptr<const net::Secrets> secrets) { m_secrets = std::move(secrets); }
    void client(const Command &command);
    /// The next bytes of the reply to \a command (null: nobody asked for it), which ends with them if it \a isWhole.
    void server(const Command *command, Reply::Status status, const QByteArray &bytes, bool isWhole);
    void encrypted();
    void closed(const QByteArray &unread); ///< by the server; \a unread: what it said and the session did not take
    void failed(const Error &error, const QByteArray &unread);
    void end(const QByteArray &unread); ///< by the client

private:
    enum class Held { Nothing, Names, Stat, Message };
    enum class Part { Status, Lines, Header, Text };

    void authLine(const Command &command);
    void authBegins(const QByteArray &mechanism);
    void authAnswers();
    void loginBegins(const QByteArray &mechanism);
    void settle(bool goesOn);
    void status(const Command *command, Reply::Status status, const QByteArray &line, const QByteArray &lineEnd);
    void challenge(const QByteArray &line);
    void body(const QByteArray &verb, QByteArray line, const QByteArray &lineEnd);
    void unread(const QByteArray &bytes);
    void say(char who, const QByteArray &bytes, const QByteArray &lineEnd = "\r\n");
    void note(const QByteArray &text);
    void put(const QByteArray &text);
    void releaseBefore(const QByteArray &verb, QByteArray &wish);
    void pause();
    [[nodiscard]] QByteArray struck(const QByteArray &text) const;
    [[nodiscard]] QByteArray usual(const QByteArray &line) const;

    const net::Endpoint m_endpoint;
    const Sink m_sink;
    QElapsedTimer m_since;
    std::shared_ptr<const net::Secrets> m_secrets;
    int m_unanswered = 1; ///< replies that are due: the greeting is one
    Part m_part = Part::Status; ///< of the reply that is coming
    QByteArray m_rest; ///< of it, an unfinished line
    bool m_midLine = false; ///< the beginning of a long line was written already
    bool m_lineFeedsNoted = false;
    QByteArray m_lastVerb; ///< that was answered
    QByteArray m_heldBack;
    Held m_held = Held::Nothing; ///< until the next command
    bool m_utf8Offered = false;
    bool m_utf8Sent = false;
    bool m_saidSomething = false;

    std::unique_ptr<net::SaslMechanism> m_mechanism; ///< of the exchange under way, with made-up credentials
    QByteArray m_challenge;
    bool m_saslBegun = false;
    bool m_rewritten = false; ///< the exchange under way is written as USER and PASS
    /// "+OK" within an exchange: a challenge, should the session answer it (Q10), else its end.
    std::optional<std::pair<QByteArray, QByteArray>> m_undecided;
};

} // namespace satchel::pop3
