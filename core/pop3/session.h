// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/credentials.h"
#include "net/transport.h"
#include "net/wirelog.h"
#include "pop3/replyparser.h"
#include "pop3/types.h"

#include <QObject>

#include <chrono>
#include <memory>

namespace satchel::pop3 {

struct SessionOptions {
    std::chrono::milliseconds silence{std::chrono::seconds(90)}; ///< without a byte from the server, while one is due
    std::chrono::milliseconds slowSilence{std::chrono::minutes(5)}; ///< the same for PASS/AUTH, STAT, UIDL, LIST and QUIT (servers.md §3)
    qint64 windowBytes = 16 * 1024; ///< of commands sent and not answered, where the server pipelines
    bool pipelining = true; ///< false: remembered to be broken on this server (Q42)
    ParserLimits limits;
};

/// One POP3 connection (RFC 1939): commands in, typed signals out. Knows nothing of storage or policy.
///
/// Lives on the mail thread, on a Transport that it owns. Commands go into one FIFO; from the +OK of the
/// login on, and where the server says PIPELINING, as many are on the wire as the byte window allows; never
/// across STLS, AUTH, PASS or QUIT. Handlers of its signals may queue further commands.
///
/// Two tiers of errors: refused() leaves the session usable; failed() ends it and comes at most once, after
/// which no signal follows. Law 8: where TLS is required and does not come about, failed(EncryptionUnavailable)
/// before any credential.
class Session : public QObject
{
    Q_OBJECT

public:
    Session(std::unique_ptr<net::Transport> transport, net::Endpoint endpoint, SessionOptions options = {},
            QObject *parent = nullptr);
    ~Session() override;

    /// Connects, reads the greeting, asks for CAPA, encrypts as the endpoint demands, asks again: then ready().
    void open();
    /// Tries the strongest usable mechanism, falls through as Q12 says, asks CAPA again: then loggedIn().
    /// \a mechanism fixes one ("USER", "APOP" or a SASL name).
    void login(const net::Credentials &credentials, const QString &mechanism = {});
    void stat();
    void list(); ///< answers listed() with LIST and UIDL joined as Q20 says
    void retr(int number);
    void top(int number, int bodyLines);
    void dele(int number);
    void noop();
    void rset();
    void quit(); ///< finished() when the server has answered +OK; refused(Quit) when it did not
    /// Ends without QUIT: the server keeps everything (law 4). No signal follows.
    void abort();

    [[nodiscard]] const Capabilities &capabilities() const;
    [[nodiscard]] bool isEncrypted() const;
    [[nodiscard]] int commandsInFlight() const; ///< queued or sent, and not answered
    [[nodiscard]] QByteArray greeting() const;

Q_SIGNALS:
    void ready(); ///< greeted and, where required, encrypted
    void loggedIn();
    void stated(int count, qint64 size);
    void listed(const QList<satchel::pop3::ListedMessage> &messages, bool uidlSupported);
    void retrieving(int number, qint64 bytes); ///< progress, now and then
    void retrieved(int number, const QByteArray &message);
    void topped(int number, const QByteArray &text);
    void deleted(int number);
    void idled(); ///< NOOP was answered
    void reset();
    void finished();
    void refused(satchel::pop3::Verb verb, int number, const satchel::Error &error);
    void failed(const satchel::Error &error);
    void wire(const satchel::net::WireLine &line);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::pop3
