// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/session.h"

#include "pop3/listing.h"
#include "pop3/listingquery.h"
#include "pop3/refusal.h"
#include "pop3/sessionprivate.h"

#include <utility>

namespace satchel::pop3 {

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
        const bool again = std::exchange(hungUpAtLogin, true);
        const qsizetype next = nextAttempt(attempts, attempt, true, {});
        if (next >= 0 && ++credentialsSent < mostCredentials) {
            attempt = next;
            phase = Phase::Opening;
            if (reconnect())
                return;
        }
        if (tryWithCapabilities(result))
            return;
        // One line that was lost says nothing of the password; a server that does the same again means it.
        if (!again && next < 0 && ++credentialsSent < mostCredentials) {
            phase = Phase::Opening;
            if (!reconnect())
                fail(why);
            return;
        }
        fail(result.error);
        return;
    }
    if (phase == Phase::Quitting && head && verb == Verb::Quit) {
        end();
        refuse(Verb::Quit, 0, why);
        return;
    }
    fail(why);
}

void Session::Private::listingKnown(const ListingAnswer &answer)
{
    if (answer.error) {
        refuse(answer.refused, 0, *answer.error);
        return;
    }
    capabilities.uidl |= answer.uidlProven; // whatever CAPA says (Q3)
    Q_EMIT q->listed(answer.messages, answer.uidlSupported);
}

void Session::Private::send(Verb verb, int number, const QByteArray &line, ReplyShape shape,
    std::function<void(const Reply &)> ok, qint64 expected)
{
    if (!mayCommand())
        return;
    Command command;
    command.verb = verb;
    command.number = number;
    command.line = line;
    command.shape = shape;
    command.expected = expected;
    command.windowed = verb == Verb::Top ? topProof.isProven() : verb != Verb::Quit;
    command.answered = [this, verb, number, ok = std::move(ok)](const Reply &reply) {
        if (reply.status == Reply::Status::Ok)
            ok(reply);
        else
            refuse(verb, number, refusal(verb, number, reply, endpoint.host));
    };
    channel->send(std::move(command));
}

void Session::Private::sendTop(const TopWish &wish)
{
    const QByteArray line = "TOP " + QByteArray::number(wish.number) + ' ' + QByteArray::number(wish.lines);
    const auto given = [this, number = wish.number](const Reply &reply) {
        capabilities.top = true; // proven, whatever CAPA says (Q3)
        Q_EMIT q->topped(number, reply.message);
    };
    send(Verb::Top, wish.number, line, ReplyShape::Message, given,
        wish.lines == 0 ? ReplyParser::headerOnly : ReplyParser::beginning);
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
    Q_EMIT q->failed(told(why));
}

void Session::Private::refuse(Verb verb, int number, const Error &why)
{
    Q_EMIT q->refused(verb, number, told(why));
}

Error Session::Private::told(Error why) const
{
    why.detail = secrets->struckOut(why.detail);
    return why;
}

/// Its lines are kept and shown.
Capabilities Session::Private::announced(const Reply &reply) const
{
    Capabilities read = parseCapabilities(reply.lines);
    for (QByteArray &line : read.lines)
        line = secrets->struckOut(line);
    read.implementation = secrets->struckOut(read.implementation);
    return read;
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

void Session::keepSecret(const net::Credentials &credentials, const QStringList &names)
{
    d->secrets->add(credentials);
    for (const QString &name : names)
        d->secrets->addName(name);
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
                    d->refuse(Verb::Auth, 0, error);
            },
            Qt::QueuedConnection);
    };
    if (const auto checked = net::checkCredentials(credentials); !checked) {
        refuse(checked.error());
        return;
    }
    keepSecret(credentials);
    d->credentials = credentials;
    d->wantedMechanism = mechanism.toLatin1().toUpper();
    const LoginChoice choice = d->loginChoice();
    d->attempts = loginAttempts(choice);
    if (d->attempts.isEmpty()) {
        d->credentials = {};
        refuse(noAttempt(choice, d->endpoint.host));
        return;
    }
    d->refusedAttempts.clear();
    d->credentialsSent = 0;
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
        d->listing->noteStated(number.value_or(0));
        if (number)
            Q_EMIT stated(*number, advisorySize(words.value(1)));
        else
            d->refuse(Verb::Stat, 0,
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

void Session::retr(int number, qint64 listedSize)
{
    const auto given = [this, number](const Reply &reply) {
        if (reply.spooled) {
            Q_EMIT spooled(number, *reply.spooled);
            return;
        }
        if (!reply.message.isEmpty()) {
            Q_EMIT retrieved(number, reply.message);
            return;
        }
        d->refuse(Verb::Retr, number,
            d->error(ErrorKind::ServerRefused,
                tr("The server %1 handed out message %2 without any content; Satchel "
                   "will try again later.")
                    .arg(d->endpoint.host)
                    .arg(number),
                ErrorAction::ShowLog));
    };
    d->send(Verb::Retr, number, "RETR " + QByteArray::number(number), ReplyShape::Message, given, listedSize);
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
    d->channel->setKeepAlive(false);
    Command command;
    command.verb = Verb::Quit;
    command.line = "QUIT";
    command.answered = [this](const Reply &reply) {
        d->end();
        if (reply.status == Reply::Status::Ok)
            Q_EMIT finished();
        else
            d->refuse(Verb::Quit, 0, refusal(Verb::Quit, 0, reply, d->endpoint.host));
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

bool Session::isPipelining() const
{
    return d->channel && d->channel->queue().pipelining();
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
