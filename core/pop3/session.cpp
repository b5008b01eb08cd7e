// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/session.h"

#include "pop3/authentication.h"
#include "pop3/channel.h"
#include "pop3/listing.h"
#include "pop3/listingquery.h"
#include "pop3/refusal.h"
#include "pop3/topproof.h"

#include <QMetaMethod>

#include <functional>
#include <optional>
#include <utility>

namespace satchel::pop3 {

namespace {

// One for CAPA, two more for further ways to sign in.
constexpr int MostReconnections = 3;

} // namespace

struct Session::Private {
    enum class Phase { New, Opening, Ready, LoggingIn, Transaction, Quitting, Over };

    Session *q = nullptr;
    net::Endpoint endpoint;
    SessionOptions options;
    std::unique_ptr<net::Transport> firstTransport;
    Channel *channel = nullptr;
    Phase phase = Phase::New;
    Capabilities capabilities;
    QByteArray greeting;
    bool capaHangsUp = false;
    int reconnections = 0;

    // The login, while it is under way.
    net::Credentials credentials;
    QByteArray wantedMechanism;
    QList<LoginAttempt> attempts;
    qsizetype attempt = -1;
    std::unique_ptr<Authentication> authentication;
    bool utf8Sent = false;

    QByteArray mechanism;
    bool usedLatin1 = false;
    bool pipeliningSuspect = false;
    int interrupted = 0;

    TopProof topProof;
    std::optional<ListingQuery> listing;

    void connectTo(std::unique_ptr<net::Transport> transport);
    bool reconnect();
    void greeted(const Reply &reply);
    void askCapabilities(std::function<void()> then);
    void askCapabilitiesMeanwhile();
    void protect();
    void becomeReady();
    void attemptLogin();
    void loginEnded(const LoginResult &result);
    void tryNext(const LoginResult &result);
    void becomeLoggedIn();
    void channelBroken(const Error &error);
    void listingKnown(const ListingAnswer &answer);
    void send(Verb verb, int number, const QByteArray &line, ReplyShape shape, std::function<void(const Reply &)> ok);
    void sendTop(const TopWish &wish);
    void end();
    void fail(const Error &error);
    [[nodiscard]] bool mayCommand() const;
    [[nodiscard]] Error error(ErrorKind kind, const QString &text, ErrorAction action) const;
};

void Session::Private::connectTo(std::unique_ptr<net::Transport> transport)
{
    WireSink sink;
    sink.isListening = [this] {
        static const QMetaMethod signal = QMetaMethod::fromSignal(&Session::wire);
        return q->isSignalConnected(signal);
    };
    sink.write = [this](const net::WireLine &line) { Q_EMIT q->wire(line); };
    channel = new Channel(std::move(transport), endpoint.host, options, std::move(sink), q);
    QObject::connect(channel, &Channel::encrypted, q, [this] { askCapabilities([this] { becomeReady(); }); });
    QObject::connect(channel, &Channel::receiving, q, &Session::retrieving);
    QObject::connect(channel, &Channel::untrustworthy, q,
        [this](int number, const Error &why) { Q_EMIT q->refused(Verb::Retr, number, why); });
    QObject::connect(channel, &Channel::broken, q, [this](const Error &why) { channelBroken(why); });
    capabilities = {};
    utf8Sent = false;
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
            capabilities = parseCapabilities(reply.lines);
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
        capabilities = parseCapabilities(reply.lines);
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
    if (attempt >= 0) { // connected again in the midst of a login
        phase = Phase::LoggingIn;
        attemptLogin();
        return;
    }
    phase = Phase::Ready;
    Q_EMIT q->ready();
}

void Session::Private::attemptLogin()
{
    net::SaslContext context;
    context.host = endpoint.host;
    context.port = endpoint.port;
    context.encrypted = channel->isEncrypted();
    authentication = std::make_unique<Authentication>(
        *channel, credentials, context, apopStamp(greeting), [this](const LoginResult &result) { loginEnded(result); });
    if (!capabilities.utf8 || !options.utf8 || utf8Sent) {
        authentication->run(attempts.at(attempt));
        return;
    }
    utf8Sent = true;
    Command command; // whatever is answered: nothing depends on it (Q14)
    command.verb = Verb::Utf8;
    command.line = "UTF8";
    command.answered = [this](const Reply &) { authentication->run(attempts.at(attempt)); };
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
    const bool wasRefused =
        result.error.kind == ErrorKind::AuthenticationFailed || result.error.kind == ErrorKind::ProtocolError;
    // No other way of signing in makes a server trustworthy that failed to prove itself.
    const bool mayTryOn = wasRefused && !result.impostor;
    const qsizetype next = mayTryOn ? nextAttempt(attempts, attempt, result.credentialSent, result.code) : -1;
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
    credentials = {};
    attempt = -1;
    phase = Phase::Ready;
    Q_EMIT q->refused(result.verb, 0, result.error);
}

void Session::Private::becomeLoggedIn()
{
    phase = Phase::Transaction;
    credentials = {};
    channel->setPipelining(options.pipelining && capabilities.pipelining);
    Q_EMIT q->loggedIn();
}

void Session::Private::channelBroken(const Error &why)
{
    const Command *head = channel->queue().head();
    const Verb verb = head ? head->verb : Verb::Greeting;
    interrupted = channel->receivingNumber();
    pipeliningSuspect = channel->queue().pipelining() && channel->queue().sent() > 1
        && (why.kind != ErrorKind::ConnectionLost || interrupted == 0);
    const bool hungUp = why.kind == ErrorKind::ConnectionLost;

    if (head && verb == Verb::Capa && hungUp && phase != Phase::Transaction && options.askCapabilities) {
        capaHangsUp = true;
        options.askCapabilities = false;
        phase = Phase::Opening;
        if (!reconnect())
            fail(why);
        return;
    }
    if (head && phase == Phase::LoggingIn && hungUp && authentication && isLogin(verb)
        && authentication->credentialSent()) {
        LoginResult result;
        result.verb = verb;
        result.credentialSent = true;
        result.error = error(ErrorKind::AuthenticationFailed,
            Session::tr("The server %1 hung up when it got the user name and the password; please check "
                        "them.")
                .arg(endpoint.host),
            ErrorAction::EnterPassword);
        const qsizetype next = nextAttempt(attempts, attempt, true, {});
        if (next >= 0) {
            attempt = next;
            phase = Phase::Opening;
            if (reconnect())
                return;
        }
        fail(result.error);
        return;
    }
    if (phase == Phase::Quitting && head && verb == Verb::Quit) {
        end();
        Q_EMIT q->refused(Verb::Quit, 0, why);
        return;
    }
    fail(why);
}

void Session::Private::listingKnown(const ListingAnswer &answer)
{
    if (answer.error) {
        Q_EMIT q->refused(answer.refused, 0, *answer.error);
        return;
    }
    capabilities.uidl |= answer.uidlProven; // whatever CAPA says (Q3)
    Q_EMIT q->listed(answer.messages, answer.uidlSupported);
}

void Session::Private::send(
    Verb verb, int number, const QByteArray &line, ReplyShape shape, std::function<void(const Reply &)> ok)
{
    if (!mayCommand())
        return;
    Command command;
    command.verb = verb;
    command.number = number;
    command.line = line;
    command.shape = shape;
    command.windowed = verb == Verb::Top ? topProof.isProven() : verb != Verb::Quit;
    command.answered = [this, verb, number, ok = std::move(ok)](const Reply &reply) {
        if (reply.status == Reply::Status::Ok)
            ok(reply);
        else
            Q_EMIT q->refused(verb, number, refusal(verb, number, reply, endpoint.host));
    };
    channel->send(std::move(command));
}

void Session::Private::sendTop(const TopWish &wish)
{
    const QByteArray line = "TOP " + QByteArray::number(wish.number) + ' ' + QByteArray::number(wish.lines);
    send(Verb::Top, wish.number, line, ReplyShape::Message, [this, number = wish.number](const Reply &reply) {
        capabilities.top = true; // proven, whatever CAPA says (Q3)
        Q_EMIT q->topped(number, reply.message);
    });
}

bool Session::Private::mayCommand() const
{
    return channel && phase != Phase::Over && phase != Phase::Quitting;
}

void Session::Private::end()
{
    phase = Phase::Over;
    credentials = {};
    if (channel)
        channel->close();
}

void Session::Private::fail(const Error &why)
{
    if (phase == Phase::Over)
        return;
    phase = Phase::Over;
    credentials = {};
    channel->abort();
    Q_EMIT q->failed(why);
}

Error Session::Private::error(ErrorKind kind, const QString &text, ErrorAction action) const
{
    return {kind, text, action, {}, std::nullopt};
}

Session::Session(
    std::unique_ptr<net::Transport> transport, net::Endpoint endpoint, SessionOptions options, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->q = this;
    d->endpoint = std::move(endpoint);
    d->options = options;
    d->firstTransport = std::move(transport);
    d->listing.emplace(
        d->endpoint.host, d->capabilities, [this](const ListingAnswer &answer) { d->listingKnown(answer); });
}

Session::~Session()
{
    if (d->channel)
        d->channel->disconnect(this);
    delete d->channel;
}

void Session::open()
{
    if (d->phase != Private::Phase::New)
        return;
    d->phase = Private::Phase::Opening;
    d->connectTo(std::move(d->firstTransport));
}

void Session::login(const net::Credentials &credentials, const QString &mechanism)
{
    if (d->phase != Private::Phase::Ready)
        return;
    const auto refuse = [this](const Error &error) {
        QMetaObject::invokeMethod(
            this,
            [this, error] {
                if (d->phase != Private::Phase::Over)
                    Q_EMIT refused(Verb::Auth, 0, error);
            },
            Qt::QueuedConnection);
    };
    if (const auto checked = net::checkCredentials(credentials); !checked) {
        refuse(checked.error());
        return;
    }
    LoginChoice choice;
    choice.capabilities = d->capabilities;
    choice.credentials = credentials;
    choice.encrypted = d->channel->isEncrypted();
    choice.plainAllowed = d->endpoint.security == Security::Plain;
    choice.haveClientCertificate = !d->endpoint.clientCertificate.isEmpty();
    choice.latin1Password = d->options.latin1Password;
    choice.mechanism = mechanism.toLatin1().toUpper();
    choice.stamp = apopStamp(d->greeting);
    d->attempts = loginAttempts(choice);
    if (d->attempts.isEmpty()) {
        refuse(d->error(ErrorKind::InvalidRequest,
            tr("The server %1 offers no way to sign in that Satchel can use; choose another one in the "
               "account's settings.")
                .arg(d->endpoint.host),
            ErrorAction::EditAccount));
        return;
    }
    d->credentials = credentials;
    d->attempt = 0;
    d->phase = Private::Phase::LoggingIn;
    d->attemptLogin();
}

void Session::stat()
{
    d->send(Verb::Stat, 0, "STAT", ReplyShape::Status, [this](const Reply &reply) {
        const QByteArrayList words = reply.text.simplified().split(' ');
        const QByteArray count = words.value(0);
        const auto number = count == "0" ? std::optional(0) : messageNumber(count);
        if (number)
            Q_EMIT stated(*number, advisorySize(words.value(1)));
        else
            Q_EMIT refused(Verb::Stat, 0,
                d->error(ErrorKind::ProtocolError,
                    tr("The server %1 did not say how many messages it holds; try again "
                       "later.")
                        .arg(d->endpoint.host),
                    ErrorAction::ShowLog));
    });
}

void Session::list()
{
    if (d->mayCommand())
        d->listing->ask(*d->channel);
}

void Session::listNames()
{
    if (d->mayCommand())
        d->listing->askNames(*d->channel);
}

void Session::addSizes()
{
    if (d->mayCommand())
        d->listing->askSizes(*d->channel);
}

void Session::retr(int number)
{
    d->send(Verb::Retr, number, "RETR " + QByteArray::number(number), ReplyShape::Message,
        [this, number](const Reply &reply) {
            if (!reply.message.isEmpty()) {
                Q_EMIT retrieved(number, reply.message);
                return;
            }
            Q_EMIT refused(Verb::Retr, number,
                d->error(ErrorKind::ServerRefused,
                    tr("The server %1 handed out message %2 without any content; Satchel "
                       "will try again later.")
                        .arg(d->endpoint.host)
                        .arg(number),
                    ErrorAction::ShowLog));
        });
}

void Session::top(int number, int bodyLines)
{
    if (!d->mayCommand())
        return;
    const TopWish wish{number, qMax(0, bodyLines)};
    bool prove = false;
    if (d->topProof.admit(wish, d->channel->queue().pipelining(), prove))
        d->sendTop(wish);
    else if (prove)
        d->channel->send(d->topProof.proof(
            [this](const QList<TopWish> &wishes) {
                for (const TopWish &waiting : wishes)
                    d->sendTop(waiting);
            },
            [this] {
                d->fail(d->error(ErrorKind::ProtocolError,
                    tr("The server %1 answers what was not asked; look at the log, or try again later.")
                        .arg(d->endpoint.host),
                    ErrorAction::ShowLog));
            }));
}

void Session::dele(int number)
{
    d->send(Verb::Dele, number, "DELE " + QByteArray::number(number), ReplyShape::Status,
        [this, number](const Reply &) { Q_EMIT deleted(number); });
}

void Session::noop()
{
    d->send(Verb::Noop, 0, "NOOP", ReplyShape::Status, [this](const Reply &) { Q_EMIT idled(); });
}

void Session::rset()
{
    d->send(Verb::Rset, 0, "RSET", ReplyShape::Status, [this](const Reply &) { Q_EMIT reset(); });
}

void Session::quit()
{
    if (!d->mayCommand())
        return;
    d->phase = Private::Phase::Quitting;
    Command command;
    command.verb = Verb::Quit;
    command.line = "QUIT";
    command.answered = [this](const Reply &reply) {
        d->end();
        if (reply.status == Reply::Status::Ok)
            Q_EMIT finished();
        else
            Q_EMIT refused(Verb::Quit, 0, refusal(Verb::Quit, 0, reply, d->endpoint.host));
    };
    d->channel->send(std::move(command));
}

void Session::abort()
{
    d->phase = Private::Phase::Over;
    d->credentials = {};
    if (d->channel)
        d->channel->abort();
}

const Capabilities &Session::capabilities() const
{
    return d->capabilities;
}

bool Session::isEncrypted() const
{
    return d->channel && d->channel->isEncrypted();
}

int Session::commandsInFlight() const
{
    return d->channel ? d->channel->size() : 0;
}

QByteArray Session::greeting() const
{
    return d->greeting;
}

QByteArray Session::mechanism() const
{
    return d->mechanism;
}

bool Session::usedLatin1Password() const
{
    return d->usedLatin1;
}

bool Session::hangsUpOnCapa() const
{
    return d->capaHangsUp;
}

bool Session::pipeliningSuspect() const
{
    return d->pipeliningSuspect;
}

int Session::interruptedMessage() const
{
    return d->interrupted;
}

} // namespace satchel::pop3
