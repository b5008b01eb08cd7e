// SPDX-License-Identifier: GPL-3.0-or-later
// A session from the first byte to the login.
#include "pop3/refusal.h"
#include "pop3/sessionprivate.h"

#include <QMetaMethod>

#include <algorithm>

namespace satchel::pop3 {

namespace {

// Two for CAPA, two more for further ways to sign in, one to ask for CAPA after all.
constexpr int MostReconnections = 5;

Command plainCommand(Verb verb, const QByteArray &line)
{
    Command command;
    command.verb = verb;
    command.line = line;
    return command;
}

bool isRefusal(const LoginResult &result)
{
    return result.error.kind == ErrorKind::AuthenticationFailed || result.error.kind == ErrorKind::ProtocolError;
}

} // namespace

void Session::Private::connectTo(std::unique_ptr<net::Transport> transport)
{
    WireSink sink;
    sink.isListening = [this] {
        static const QMetaMethod signal = QMetaMethod::fromSignal(&Session::wire);
        return q->isSignalConnected(signal);
    };
    sink.write = [this](const net::WireLine &line) { Q_EMIT q->wire(line); };
    channel = new Channel(std::move(transport), endpoint.host, options, std::move(sink), secrets, q);
    QObject::connect(channel, &Channel::encrypted, q, [this] { askCapabilities([this] { becomeReady(); }); });
    QObject::connect(channel, &Channel::receiving, q, &Session::retrieving);
    QObject::connect(
        channel, &Channel::untrustworthy, q, [this](int number, const Error &why) { refuse(Verb::Retr, number, why); });
    QObject::connect(channel, &Channel::broken, q, [this](const Error &why) { channelBroken(why); });
    capabilities = {};
    courtesiesSent = false;
    channel->open([this](const Reply &reply) { greeted(reply); });
}

/// False where the transport cannot be had twice, or was had often enough.
bool Session::Private::reconnect()
{
    std::unique_ptr<net::Transport> transport = channel->anotherTransport();
    if (!transport || ++reconnections > MostReconnections)
        return false;
    channel->disconnect(q);
    channel->abort();
    channel->deleteLater(); // it is on the stack
    connectTo(std::move(transport));
    return true;
}

void Session::Private::greeted(const Reply &reply)
{
    if (reply.status != Reply::Status::Ok) {
        fail(refusal(Verb::Greeting, 0, reply, endpoint.host));
        return;
    }
    greeting = reply.text;
    askCapabilities([this] { protect(); });
}

void Session::Private::askCapabilities(std::function<void()> then)
{
    if (phase == Phase::Opening) // after the login, a refusal leaves what was said before it
        capabilities = {};
    if (!options.askCapabilities) {
        then();
        return;
    }
    Command command;
    command.verb = Verb::Capa;
    command.line = "CAPA";
    command.shape = ReplyShape::Lines;
    command.answered = [this, then = std::move(then)](const Reply &reply) {
        if (reply.status == Reply::Status::Ok)
            capabilities = announced(reply);
        then();
    };
    channel->send(std::move(command));
}

/// After the login, together with the first commands: a round trip less. The server said PIPELINING before it.
void Session::Private::askCapabilitiesMeanwhile()
{
    Command command;
    command.verb = Verb::Capa;
    command.line = "CAPA";
    command.shape = ReplyShape::Lines;
    command.windowed = true;
    command.answered = [this](const Reply &reply) {
        if (reply.status != Reply::Status::Ok)
            return;
        capabilities = announced(reply);
        channel->setPipelining(options.pipelining && capabilities.pipelining);
    };
    channel->send(std::move(command));
}

/// Law 8: no way leads from here to a login in clear where the account wants TLS.
void Session::Private::protect()
{
    if (endpoint.security == Security::Plain || channel->isEncrypted()) {
        becomeReady();
        return;
    }
    const Error unprotected = error(ErrorKind::EncryptionUnavailable,
        Session::tr("The server %1 offers no encryption on this port, though the account "
                    "demands it; nothing was sent.")
            .arg(endpoint.host),
        ErrorAction::EditAccount);
    if (endpoint.security == Security::ImplicitTls || (capabilities.known && !capabilities.stls)) {
        fail(unprotected);
        return;
    }
    Command command;
    command.verb = Verb::Stls;
    command.line = "STLS";
    command.answered = [this, unprotected](const Reply &reply) {
        if (reply.status != Reply::Status::Ok) {
            fail(unprotected);
            return;
        }
        capabilities = {};
        channel->startTls();
    };
    channel->send(std::move(command));
}

void Session::Private::becomeReady()
{
    if (asksAnew && attempt >= 0) {
        attempts = capabilities.known ? loginAttempts(loginChoice()) : QList<LoginAttempt>();
        attempts.removeIf([this](const LoginAttempt &one) { return refusedAttempts.contains(one); });
        if (attempts.isEmpty()) {
            refuseLogin(lastRefusal);
            return;
        }
        asksAnew = false;
        attempt = 0;
    }
    if (attempt >= 0) { // connected again in the midst of a login
        phase = Phase::LoggingIn;
        attemptLogin();
        return;
    }
    phase = Phase::Ready;
    Q_EMIT q->ready();
}

LoginChoice Session::Private::loginChoice() const
{
    LoginChoice choice;
    choice.capabilities = capabilities;
    choice.credentials = credentials;
    choice.encrypted = channel->isEncrypted();
    choice.plainAllowed = endpoint.security == Security::Plain;
    choice.haveClientCertificate = !endpoint.clientCertificate.isEmpty();
    choice.latin1Password = options.latin1Password;
    choice.mechanism = wantedMechanism;
    choice.stamp = apopStamp(greeting);
    return choice;
}

/// A login was refused of which nobody knows whether the server offers others: because of what is remembered of it, or
/// of one lost connection. So it is asked after all, once.
bool Session::Private::tryWithCapabilities(const LoginResult &refused)
{
    if (options.askCapabilities || askedAnew || !wantedMechanism.isEmpty() || credentialsSent >= mostCredentials)
        return false;
    asksAnew = askedAnew = true;
    options.askCapabilities = true;
    lastRefusal = refused;
    phase = Phase::Opening;
    return reconnect();
}

void Session::Private::attemptLogin()
{
    net::SaslContext context;
    context.host = endpoint.host;
    context.port = endpoint.port;
    context.encrypted = channel->isEncrypted();
    authentication = std::make_unique<Authentication>(
        *channel, credentials, context, apopStamp(greeting), [this](const LoginResult &result) { loginEnded(result); });
    QList<Command> courtesies;
    if (!std::exchange(courtesiesSent, true)) {
        if (capabilities.utf8 && options.utf8)
            courtesies.append(plainCommand(Verb::Utf8, "UTF8"));
        // Before the login, whose refusal is what people read most.
        if (capabilities.lang && !options.language.isEmpty())
            courtesies.append(plainCommand(Verb::Lang, "LANG " + options.language));
    }
    if (courtesies.isEmpty()) {
        authentication->run(attempts.at(attempt));
        return;
    }
    // Whatever is answered: nothing depends on it (Q14).
    courtesies.last().answered = [this](const Reply &) { authentication->run(attempts.at(attempt)); };
    for (Command &command : courtesies)
        channel->send(std::move(command));
}

void Session::Private::loginEnded(const LoginResult &result)
{
    if (!result.accepted) {
        tryNext(result);
        return;
    }
    mechanism = attempts.at(attempt).mechanism;
    usedLatin1 = attempts.at(attempt).latin1;
    if (capabilities.known && capabilities.pipelining && options.pipelining) {
        askCapabilitiesMeanwhile();
        becomeLoggedIn();
    } else if (capabilities.known) {
        askCapabilities([this] { becomeLoggedIn(); });
    } else {
        becomeLoggedIn();
    }
}

void Session::Private::tryNext(const LoginResult &result)
{
    // No other way of signing in makes a server trustworthy that failed to prove itself.
    const bool mayTryOn = isRefusal(result) && !result.impostor;
    const bool mayTellMore = !result.credentialSent || ++credentialsSent < mostCredentials;
    const qsizetype next =
        mayTryOn && mayTellMore ? nextAttempt(attempts, attempt, result.credentialSent, result.code) : -1;
    refusedAttempts.append(attempts.at(attempt));
    if (next < 0 && mayTryOn && tryWithCapabilities(result))
        return;
    if (next >= 0) {
        attempt = next;
        // Many servers hang up after a refused password, so a new connection is made where one can be.
        if (!result.credentialSent) {
            attemptLogin();
            return;
        }
        phase = Phase::Opening;
        if (reconnect())
            return;
        phase = Phase::LoggingIn;
        attemptLogin();
        return;
    }
    refuseLogin(result);
}

void Session::Private::refuseLogin(const LoginResult &result)
{
    Error why = result.error;
    const QByteArray tried = refusedAttempts.constLast().mechanism;
    // Not before it is refused: some servers know more than they announce (Q7).
    if (!wantedMechanism.isEmpty() && result.atOnce && isRefusal(result) && capabilities.known
        && std::ranges::none_of(capabilities.sasl,
            [&tried](const QByteArray &offered) { return offered.compare(tried, Qt::CaseInsensitive) == 0; })) {
        why = notOffered(tried, endpoint.host);
        why.detail = result.error.detail;
        why.serverSaid = result.error.serverSaid;
    }
    credentials = {};
    attempt = -1;
    phase = Phase::Ready;
    refuse(result.verb, 0, why);
}

void Session::Private::becomeLoggedIn()
{
    phase = Phase::Transaction;
    credentials = {};
    channel->setPipelining(options.pipelining && capabilities.pipelining);
    channel->setKeepAlive(true);
    Q_EMIT q->loggedIn();
}

} // namespace satchel::pop3
