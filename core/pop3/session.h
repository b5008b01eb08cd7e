// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/spoolfile.h"
#include "net/credentials.h"
#include "net/transport.h"
#include "net/wirelog.h"
#include "pop3/sessionoptions.h"
#include "pop3/types.h"

#include <QObject>
#include <QStringList>

#include <memory>

namespace satchel::pop3 {

/// One POP3 connection (RFC 1939): commands in, typed signals out. Knows nothing of storage or policy.
///
/// Lives on the mail thread, on a Transport that it owns. Commands go into one FIFO; from the +OK of the
/// login on, and where the server says PIPELINING, as many are on the wire as the byte window allows; never
/// across STLS, AUTH, PASS or QUIT. Handlers of its signals may queue further commands and may abort();
/// to delete the session in a handler, use deleteLater().
///
/// Two tiers of errors: refused() leaves the session usable; failed() ends it and comes at most once, after
/// which no signal follows. Law 8: where TLS is required and does not come about, failed(EncryptionUnavailable)
/// before any credential.
///
/// Until loggedIn() the session may connect again by itself, on Transport::another(): a server that hangs up on
/// CAPA (Q1), and before a second way to sign in is tried (Q12: many servers hang up after a refused password).
/// At most three credentials are sent by one login() (Q18). A login that the server does not accept ends in
/// refused(Auth, Apop, User or Pass, 0, error), or in failed(AuthenticationFailed) when it hung up instead of
/// answering (Q11); the session is of no more use after either.
///
/// retrieved() is given only when what follows the message on the wire is a reply (Q25). A message followed by
/// junk was cut short by a server that does not stuff dots: refused(Retr, n, ProtocolError), then failed().
class Session : public QObject
{
    Q_OBJECT

public:
    Session(std::unique_ptr<net::Transport> transport, net::Endpoint endpoint, SessionOptions options = {},
        QObject *parent = nullptr);
    ~Session() override;

    /// What neither the log nor a recording nor an error holds, whatever the server repeats of it (law 6): to be called
    /// before open(), since a server may say a name in its greeting. login() adds what it is given.
    void keepSecret(const net::Credentials &credentials, const QStringList &names = {});
    /// Connects, reads the greeting, asks for CAPA, encrypts as the endpoint demands, asks again: then ready().
    void open();
    /// Tries the best usable mechanism, falls through as Q12 says: then loggedIn(). CAPA is asked again before that,
    /// or, where the server says PIPELINING, in front of the next commands: capabilities() then follow a little later.
    /// \a mechanism fixes one ("USER", "APOP" or a SASL name).
    void login(const net::Credentials &credentials, const QString &mechanism = {});
    void stat();
    void list(); ///< answers listed() with LIST and UIDL joined as Q20 says
    /// Spares the server LIST where the caller may know the sizes already: listed() with sizes of 0. The same as list()
    /// where the server refuses UIDL.
    void listNames();
    void addSizes(); ///< after listNames(): listed() again, with sizes
    void retr(int number, qint64 listedSize = 0); ///< advisory; 0: not known
    void top(int number, int bodyLines); ///< several at once go together, but the first goes alone (Q40)
    void dele(int number);
    void noop();
    void rset();
    /// finished() when the server has answered +OK; refused(Quit) when it said -ERR, hung up or fell silent
    /// instead (Q48). Either is the last signal.
    void quit();
    /// Ends without QUIT: the server keeps everything (law 4). No signal follows.
    void abort();

    [[nodiscard]] const Capabilities &capabilities() const; ///< what is kept of it as words is without secrets
    [[nodiscard]] bool isEncrypted() const;
    [[nodiscard]] int commandsInFlight() const; ///< queued or sent, and not answered
    [[nodiscard]] QByteArray greeting() const;
    [[nodiscard]] bool isPipelining() const; ///< several commands may be on the wire

    // What is worth remembering of this server for the next session.
    [[nodiscard]] QByteArray mechanism() const; ///< that the login succeeded with
    [[nodiscard]] bool usedLatin1Password() const; ///< SessionOptions::latin1Password (Q13)
    [[nodiscard]] bool hangsUpOnCapa() const; ///< SessionOptions::askCapabilities (Q1)
    /// After failed(): several commands were on the wire and the answers stopped making sense or coming. The next
    /// session should have SessionOptions::pipelining off (Q42).
    [[nodiscard]] bool pipeliningSuspect() const;
    /// After failed(): the message of which a part had come (Q46); 0: none.
    [[nodiscard]] int interruptedMessage() const;

Q_SIGNALS:
    void ready(); ///< greeted and, where required, encrypted
    void loggedIn();
    void stated(int count, qint64 size);
    void listed(const QList<satchel::pop3::ListedMessage> &messages, bool uidlSupported);
    void retrieving(int number, qint64 bytes); ///< progress, now and then
    void retrieved(int number, const QByteArray &message);
    /// The same, of one above ParserLimits::held, where SessionOptions say what its file is to be called.
    void spooled(int number, const satchel::SpooledMessage &message);
    void topped(int number, const QByteArray &text);
    void deleted(int number);
    void idled(); ///< NOOP was answered
    void reset();
    void finished();
    void refused(satchel::pop3::Verb verb, int number, const satchel::Error &error);
    void failed(const satchel::Error &error);
    void wire(const satchel::net::WireLine &line); ///< nothing is made for it while it is not connected

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::pop3
