// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/sessionoptions.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QString>

#include <expected>

namespace satchel::test {

/// A conversation with a server as a text file (.pop3), one step a line:
///
///     S: +OK ready      the server sends this and a line end
///     S: half a line\   ... without a line end
///     C: CAPA           the client must send exactly this
///     C: AUTH X …       ... something that begins so
///     T                 both go over to TLS
///     X                 the server closes the connection
///     F                 the transport fails (a line that drops)
///     W 50              the server waits so many milliseconds
///     N                 the client connects again
///     D: retr 3         what the client is told to do: login USER PASSWORD [MECHANISM], stat, list, retr N, top N
///     LINES,
///                       dele N, noop, rset, quit
///     E: retrieved 3 …  what the session must say; all of them, in this order, however the bytes are cut
///     # a note          also "# security: starttls" (plain, starttls or tls; plain where nothing is said)
///                       and "# lines: crlf" where bare line feeds within the bytes have a meaning; of recordings
///                       "# events: any" (no E lines) and "# client: no-capa", "no-utf8", "language=TAG"
///
/// Bytes: \r \n \t \\ \xHH.
struct TranscriptStep {
    enum class Kind { Server, Client, Tls, Close, Fail, Wait, NewConnection, Do };
    Kind kind = Kind::Server;
    QByteArray bytes;
    bool lineEnd = true;
    int milliseconds = 0;
    int line = 0; ///< in the file
};

struct Transcript {
    QList<TranscriptStep> steps;
    QByteArrayList expected; ///< the E lines
    QByteArray security = "plain";
    bool crlfOnly = false;
    bool anyEvents = false;
    pop3::SessionOptions client; ///< as the session was that was recorded
};

/// The number of the first bad line in the error.
[[nodiscard]] std::expected<Transcript, QString> parseTranscript(const QByteArray &text);

[[nodiscard]] std::expected<Transcript, QString> loadTranscript(const QString &path);

/// How the server's bytes reach the client.
struct Cutting {
    enum class Kind { Whole, Fixed, Random };
    Kind kind = Kind::Whole;
    int bytes = 0; ///< of a fixed cut, or the most of a random one
    quint32 seed = 1;
    QByteArray lineEnd = "\r\n";

    [[nodiscard]] QByteArray name() const;
};

/// Whole, 1 byte, 7 bytes and three seeded random cuts, each with CRLF and with LF.
[[nodiscard]] QList<Cutting> allCuttings(bool crlfOnly = false);

} // namespace satchel::test
