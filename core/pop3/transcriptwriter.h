// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/sasl.h"
#include "net/transport.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QElapsedTimer>
#include <QList>

#include <functional>
#include <memory>

namespace satchel::pop3 {

/// Writes one connection down as a transcript that tests play again (tests/support/transcript.h says how), with nothing
/// personal in it (law 6): the user name becomes "user", the password "password", a token "token", and what was
/// computed from them is computed again from these; the server's name becomes "mail.example.test". Of messages stay the
/// lengths, the line ends, leading dots, odd bytes and the names of header fields; letters and digits become "x".
/// A way to sign in whose answers hold a random number is written down as USER and PASS.
///
/// What looks like a message where a reply is due is treated as one: a server that does not stuff dots (Q25) must not
/// spill what it holds.
class TranscriptWriter
{
public:
    using Sink = std::function<void(const QByteArray &text)>; ///< takes whole lines, as they happen

    TranscriptWriter(const net::Endpoint &endpoint, Sink sink);

    void client(const QByteArray &bytes);
    void server(const QByteArray &bytes);
    void encrypted();
    void closed(); ///< by the server
    void failed(const Error &error);
    void end(); ///< by the client

private:
    enum class Shape { Status, Lines, Message, Sasl };
    enum class Held { Nothing, Names, Stat, Message };
    enum class Body { None, Lines, Header, Text };
    struct Expected {
        QByteArray verb;
        Shape shape = Shape::Status;
    };

    void clientLine(const QByteArray &line);
    void authBegins(const QByteArray &line);
    void authAnswers();
    void loginBegins(const QByteArray &mechanism);
    void serverLine(QByteArray line, const QByteArray &lineEnd);
    void status(const QByteArray &line, const QByteArray &lineEnd);
    void challenge(const QByteArray &line);
    void say(char who, const QByteArray &bytes, const QByteArray &lineEnd = "\r\n");
    void note(const QByteArray &text);
    void put(const QByteArray &text);
    void releaseBefore(const QByteArray &verb, QByteArray &wish);
    void pause();
    void flush();
    void strike(const QByteArray &word, const QByteArray &replacement);
    [[nodiscard]] QByteArray struck(QByteArray text) const;
    [[nodiscard]] QByteArray uidlLine(const QByteArray &line) const;
    [[nodiscard]] QByteArray headerLine(const QByteArray &line) const;

    const net::Endpoint m_endpoint;
    const Sink m_sink;
    QElapsedTimer m_since;
    QByteArray m_clientRest;
    QByteArray m_serverRest;
    QList<Expected> m_expected; ///< replies that are due, in order
    Body m_body = Body::None;
    QByteArray m_statusEnd; ///< the line end of the status line before the body
    bool m_midLine = false; ///< the beginning of a long line was written already
    bool m_lineFeedsNoted = false;
    QByteArray m_lastVerb; ///< that was answered
    QByteArray m_heldBack;
    Held m_held = Held::Nothing; ///< until the next command
    QList<std::pair<QByteArray, QByteArray>> m_struck;
    bool m_utf8Offered = false;
    bool m_utf8Sent = false;
    bool m_saidSomething = false;

    std::unique_ptr<net::SaslMechanism> m_mechanism; ///< of the exchange under way, with made-up credentials
    QByteArray m_challenge;
    bool m_saslBegun = false;
    bool m_inSasl = false; ///< what the client sends next is an answer
    bool m_rewritten = false; ///< the exchange under way is written as USER and PASS
};

} // namespace satchel::pop3
