// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/channel.h"

#include "base/clock.h"
#include "pop3/recording.h"
#include "pop3/refusal.h"

#include <QPointer>

#include <algorithm>

namespace satchel::pop3 {

using From = net::WireLine::From;

namespace {

constexpr qint64 ProgressStep = 64 * 1024;

QByteArray loggedLine(const Command &command)
{
    if (!command.secret)
        return command.line;
    const bool isInitial = command.verb == Verb::Auth && command.line.startsWith("AUTH ");
    const qsizetype blank = isInitial ? command.line.lastIndexOf(' ') : command.line.indexOf(' ');
    const bool isVerb = isInitial || command.verb == Verb::Pass || command.verb == Verb::Apop;
    return isVerb && blank > 0 ? command.line.first(blank) + " ****" : QByteArray("****");
}

/// It was read in capitals, which hides what it may hold; no code that has a meaning has other signs than these.
QByteArray loggedCode(const QByteArray &code)
{
    const bool isPlain =
        std::ranges::all_of(code, [](char c) { return (c >= 'A' && c <= 'Z') || c == '-' || c == '/'; });
    return code.isEmpty() ? QByteArray() : isPlain || code == "UTF8" ? '[' + code + "] " : QByteArray("[****] ");
}

bool isBase64(const QByteArray &text)
{
    return !text.isEmpty() && QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
}

} // namespace

Channel::Channel(std::unique_ptr<net::Transport> transport, QString host, const SessionOptions &options, WireSink sink,
    std::shared_ptr<net::Secrets> secrets, QObject *parent)
    : QObject(parent)
    , m_transport(std::move(transport))
    , m_secrets(std::move(secrets))
    , m_recording(qobject_cast<RecordingTransport *>(m_transport.get()))
    , m_host(std::move(host))
    , m_options(options)
    , m_sink(std::move(sink))
    , m_parser(options.limits)
    , m_queue(options.windowBytes)
    , m_patience(options)
{
    if (m_recording)
        m_recording->setSecrets(m_secrets);
    m_silence.setSingleShot(true);
    connect(&m_silence, &QTimer::timeout, this, &Channel::silenceEnded);
    m_idle.setSingleShot(true);
    connect(&m_idle, &QTimer::timeout, this, &Channel::sayNoop);
    connect(m_transport.get(), &net::Transport::opened, this, [this] {
        log(From::Event, m_transport->isEncrypted() ? "connected, encrypted" : "connected");
        m_lastHeard.start();
        m_checkpoint.start();
        watch();
    });
    connect(m_transport.get(), &net::Transport::encrypted, this, [this] {
        log(From::Event, "encrypted");
        Q_EMIT encrypted();
    });
    connect(m_transport.get(), &net::Transport::readyRead, this, &Channel::read);
    connect(m_transport.get(), &net::Transport::failed, this, &Channel::transportEnded);
    connect(m_transport.get(), &net::Transport::closed, this, [this] {
        transportEnded(error(ErrorKind::ConnectionLost, tr("The server %1 hung up; try again.").arg(m_host)));
    });
}

Channel::~Channel()
{
    abort();
}

void Channel::open(std::function<void(const Reply &)> greeted)
{
    Command greeting;
    greeting.verb = Verb::Greeting;
    greeting.answered = std::move(greeted);
    m_queue.add(std::move(greeting));
    static_cast<void>(m_queue.refill()); // nothing is written for a greeting
    m_transport->open();
}

void Channel::send(Command command)
{
    if (m_over)
        return;
    m_queue.add(std::move(command));
    if (m_processing || m_flushQueued)
        return;
    // One write for all that is queued by one handler.
    m_flushQueued = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_flushQueued = false;
            process();
        },
        Qt::QueuedConnection);
}

void Channel::setKeepAlive(bool on)
{
    m_keepAlive = on && m_options.keepAlive.count() > 0;
    m_idle.stop();
    watch();
}

void Channel::sayNoop()
{
    Command noop;
    noop.verb = Verb::Noop;
    noop.line = "NOOP";
    noop.windowed = true;
    send(std::move(noop));
}

void Channel::startTls()
{
    if (m_over)
        return;
    // Bytes that came in clear with the reply could be read as if they had come under TLS (CVE-2021-39272).
    if (m_parser.pending() > 0) {
        breakOff(error(ErrorKind::TlsFailed,
            tr("Somebody interfered with the connection to %1 before it was protected; nothing was sent.")
                .arg(m_host)));
        return;
    }
    m_parser.clear();
    m_replyFrom = taken();
    m_transport->startTls();
}

void Channel::close()
{
    m_over = true;
    m_silence.stop();
    m_idle.stop();
    m_queue.clear();
    m_transport->close();
}

void Channel::abort()
{
    m_over = true;
    m_silence.stop();
    m_idle.stop();
    m_queue.clear();
    m_transport->abort();
}

int Channel::receivingNumber() const
{
    const Command *head = m_queue.head();
    return head && head->shape == ReplyShape::Message && m_parser.hasBegun() ? head->number : 0;
}

void Channel::read()
{
    if (m_over)
        return;
    const QByteArray bytes = m_transport->readAll();
    if (bytes.isEmpty())
        return;
    m_lastHeard.start();
    m_sinceCheckpoint += bytes.size();
    countWait();
    m_patience.heard(bytes.size());
    m_parser.feed(bytes);
    m_fed += bytes.size();
    process();
    if (m_over)
        return;
    if (const Command *head = m_queue.head())
        m_patience.expect(head->announced ? head->announced() : head->expected);
    if (m_patience.isExhausted()) {
        giveUpSlowServer();
    } else if (isDue() && m_checkpoint.isValid() && m_checkpoint.durationElapsed() > m_options.trickle) {
        if (m_sinceCheckpoint < m_options.trickleBytes)
            giveUpSlowServer();
        m_checkpoint.start();
        m_sinceCheckpoint = 0;
    }
}

bool Channel::isTooLong(const Command &command, qint64 upTo) const
{
    return command.shape == ReplyShape::Lines && upTo - m_replyFrom > m_options.capabilities;
}

void Channel::countWait()
{
    if (m_waiting.isValid())
        m_patience.waited(m_waiting.durationElapsed());
    m_waiting.invalidate();
}

void Channel::giveUpSlowServer()
{
    transportEnded(error(ErrorKind::Timeout, tr("The server %1 answers too slowly; try again later.").arg(m_host)));
}

void Channel::process()
{
    if (m_processing || m_over)
        return;
    const QPointer<Channel> alive(this);
    m_processing = true;
    while (takeReply()) {
        if (!alive)
            return;
    }
    if (!alive)
        return;
    if (!m_over)
        refill();
    m_processing = false;
    if (!m_over)
        watch();
}

bool Channel::takeReply()
{
    if (m_over)
        return false;
    const Command *head = m_queue.head();
    if (!head) {
        if (m_parser.pending() > 0)
            unsolicited();
        return false;
    }
    std::optional<Reply> reply = m_parser.next(head->shape, head->expected);
    // What is not taken yet belongs to this reply, as long as it has no end.
    if (isTooLong(*head, reply ? taken() : m_fed)) {
        distrust(error(
            ErrorKind::ProtocolError, tr("The server %1 sent a list without an end; try again later.").arg(m_host)));
        return false;
    }
    if (!reply) {
        const QPointer<Channel> alive(this);
        if (m_parser.error()) {
            parseFailed();
            return false;
        }
        if (m_recording && m_parser.hasBegun())
            m_recording->receiving(*head, Reply::Status::Ok, taken());
        if (m_held && m_parser.hasBegun())
            release();
        if (alive && !m_over && head->shape == ReplyShape::Message
            && m_parser.received() - m_reported >= ProgressStep) {
            m_reported = m_parser.received();
            Q_EMIT receiving(head->number, m_reported);
        }
        return false;
    }
    Command command = m_queue.take();
    m_replyFrom = taken();
    if (m_recording)
        m_recording->received(&command, reply->status, taken());
    m_reported = 0;
    m_patience.heardReply();
    m_checkpoint.start();
    m_sinceCheckpoint = 0;
    const QPointer<Channel> alive(this);
    if (m_held)
        release();
    if (!alive || m_over)
        return false;
    logReply(command, *reply);
    if (command.verb == Verb::Retr && reply->status == Reply::Status::Ok)
        m_held = Held{std::move(command), *std::move(reply)};
    else
        deliver(command, *reply);
    return alive;
}

/// Bytes while no command is unanswered. An -ERR says why the server is about to hang up; anything else is junk.
void Channel::unsolicited()
{
    const std::optional<Reply> reply = m_parser.next(ReplyShape::Status);
    if (reply && m_recording)
        m_recording->received(nullptr, reply->status, taken());
    if (reply && reply->status == Reply::Status::Err) {
        transportEnded(error(
            ErrorKind::ConnectionLost, tr("The server %1 ended the connection; try again.").arg(m_host), reply->text));
    } else if (reply) {
        distrust(error(ErrorKind::ProtocolError,
            tr("The server %1 answers what was not asked; look at the log, or try again later.").arg(m_host),
            reply->text));
    } else if (m_parser.error()) {
        parseFailed();
    }
}

void Channel::release()
{
    Held held = *std::move(m_held);
    m_held.reset();
    deliver(held.command, held.reply);
}

void Channel::deliver(Command &command, Reply &reply)
{
    if (command.answered)
        command.answered(std::move(reply));
}

void Channel::refill()
{
    if (m_parser.pending() > 0 && !m_queue.head())
        return; // half a line that nobody asked for
    if (m_held && !m_queue.head() && !(m_queue.nextWaiting() && m_queue.nextWaiting()->windowed)) {
        Command proof;
        proof.line = "NOOP";
        proof.windowed = true;
        m_queue.addFirst(std::move(proof));
    }
    if (!m_queue.head())
        m_lastHeard.start();
    const auto commands = m_queue.refill();
    if (commands.isEmpty())
        return;
    QByteArray bytes;
    for (const Command *command : commands) {
        keepSecret(*command);
        if (m_recording)
            m_recording->sending(*command);
        bytes += command->line;
        bytes += "\r\n";
        if (m_sink.isListening())
            log(From::Client, loggedLine(*command));
    }
    m_transport->write(bytes);
}

/// Servers repeat what they do not like, and what was computed from a password may give it away.
void Channel::keepSecret(const Command &command)
{
    if (!command.secret || command.verb == Verb::Pass) // which is known
        return;
    const bool isWithVerb = command.verb == Verb::Apop || command.line.startsWith("AUTH ");
    m_secrets->addSent(isWithVerb ? command.line.sliced(command.line.lastIndexOf(' ') + 1) : command.line);
}

void Channel::parseFailed()
{
    Error why;
    switch (*m_parser.error()) {
    case ParseError::NotAReply:
        if (isOldGreeting()) {
            why = error(ErrorKind::ProtocolError,
                tr("The server %1 speaks an older protocol than POP3 (POP1 or POP2), which is no longer in use; look "
                   "for "
                   "the provider's POP3 server, or ask for the right port.")
                    .arg(m_host),
                m_parser.offendingText());
            why.action = ErrorAction::EditAccount;
            log(From::Server, m_parser.offendingText());
            break;
        }
        if (m_parser.offendingText().startsWith("HTTP/")) {
            why = error(ErrorKind::NetworkSignIn,
                tr("A web page came in place of the server %1; this network may want you to sign in first: open any "
                   "page in a browser, then try again.")
                    .arg(m_host),
                m_parser.offendingText());
            log(From::Server, m_parser.offendingText());
            break;
        }
        why = error(ErrorKind::ProtocolError,
            tr("The server %1 sent something that is no answer; look at the log, or try again later.").arg(m_host),
            m_parser.offendingText());
        log(From::Server, m_parser.offendingText());
        break;
    case ParseError::LineTooLong:
        why = error(
            ErrorKind::ProtocolError, tr("The server %1 sent a line without an end; try again later.").arg(m_host));
        break;
    case ParseError::TooManyLines:
        why = error(
            ErrorKind::ProtocolError, tr("The server %1 sent a list without an end; try again later.").arg(m_host));
        break;
    case ParseError::MessageTooLarge:
        why = error(ErrorKind::MessageTooLarge,
            tr("A message on the server %1 is larger than Satchel can keep; it stays there.").arg(m_host));
        break;
    case ParseError::NotSpooled: {
        // Nothing of the server's: the message before this one is whole.
        const QPointer<Channel> alive(this);
        if (m_held)
            release();
        if (alive)
            breakOff(m_parser.spoolError());
        return;
    }
    }
    distrust(why);
}

/// Ends it all, and says first which message must not be taken for whole.
void Channel::distrust(const Error &why)
{
    const QPointer<Channel> alive(this);
    const Command *head = m_queue.head();
    if (m_held) {
        const int number = m_held->command.number;
        m_held.reset();
        Q_EMIT untrustworthy(number, why);
    } else if (why.kind == ErrorKind::MessageTooLarge && head) {
        Q_EMIT untrustworthy(head->number, why);
    }
    if (alive)
        breakOff(why);
}

void Channel::transportEnded(const Error &why)
{
    if (m_over)
        return;
    const QPointer<Channel> alive(this);
    if (m_held && m_parser.pending() == 0)
        release();
    if (alive)
        breakOff(why);
}

void Channel::breakOff(const Error &why)
{
    if (m_over)
        return;
    m_over = true;
    m_silence.stop();
    m_idle.stop();
    m_held.reset();
    log(From::Event, why.text.toUtf8());
    m_transport->abort();
    Q_EMIT broken(why);
}

/// "+ POP2 server.example ready" (RFC 937), and the like of RFC 918.
bool Channel::isOldGreeting() const
{
    const Command *head = m_queue.head();
    const QByteArray text = m_parser.offendingText().toUpper();
    return head && head->verb == Verb::Greeting && text.startsWith("+ ") && text.contains("POP");
}

bool Channel::isDue() const
{
    return m_queue.head() || m_parser.pending() > 0;
}

std::chrono::milliseconds Channel::allowedSilence() const
{
    const Command *head = m_queue.head();
    if (!head)
        return m_options.silence;
    if (m_parser.standsAtDoubtfulEnd())
        return qMin(m_options.silence, m_parser.standsAtExpectedEnd() ? m_options.expectedEnd : m_options.doubtfulEnd);
    switch (head->verb) {
    case Verb::Auth:
    case Verb::Apop:
    case Verb::Pass:
    case Verb::Stat:
    case Verb::List:
    case Verb::Uidl:
    case Verb::Quit:
        return qMax(m_options.silence, m_options.slowSilence);
    default:
        return m_options.silence;
    }
}

// The timer is not touched at every read: it looks at the clock when it fires.
void Channel::watch()
{
    if (!isDue()) {
        countWait();
        m_silence.stop();
        if (m_keepAlive && !m_over && m_queue.size() == 0)
            m_idle.start(m_options.keepAlive);
        return;
    }
    m_idle.stop();
    if (!m_lastHeard.isValid()) // not connected yet: that is the transport's to watch
        return;
    if (!m_waiting.isValid())
        m_waiting.start();
    const auto allowed = allowedSilence();
    if (!m_silence.isActive() || m_silence.remainingTimeAsDuration() > allowed)
        m_silence.start(allowed);
}

void Channel::silenceEnded()
{
    if (m_over || !isDue())
        return;
    const auto left =
        allowedSilence() - std::chrono::duration_cast<std::chrono::milliseconds>(m_lastHeard.durationElapsed());
    if (left.count() > 0) {
        m_silence.start(left);
        return;
    }
    // A reply that waits in vain: what stands there was its end. Should it not have been, junk follows (Q25).
    if (m_parser.standsAtDoubtfulEnd()) {
        m_parser.endHere();
        m_lastHeard.start();
        process();
        return;
    }
    transportEnded(error(ErrorKind::Timeout, tr("The server %1 stopped answering; try again later.").arg(m_host)));
}

Error Channel::error(ErrorKind kind, const QString &text, const QByteArray &words) const
{
    const bool worthReading = kind == ErrorKind::ProtocolError;
    return {kind, text, worthReading ? ErrorAction::ShowLog : ErrorAction::Retry, serverWords(words), std::nullopt,
        !words.isEmpty()};
}

void Channel::log(From from, const QByteArray &bytes) const
{
    if (m_sink.isListening())
        m_sink.write({Clock().now(), from, m_secrets->struckOut(bytes)});
}

void Channel::logReply(const Command &command, const Reply &reply) const
{
    if (!m_sink.isListening())
        return;
    switch (reply.status) {
    case Reply::Status::Ok:
        // Within a sign-in it may stand for "+" (Q10).
        log(From::Server,
            command.shape == ReplyShape::Sasl && isBase64(reply.text) ? "+OK ****" : ("+OK " + reply.text).trimmed());
        break;
    case Reply::Status::Err:
        log(From::Server, "-ERR " + loggedCode(reply.code) + reply.text);
        break;
    case Reply::Status::Continue:
        log(From::Server, reply.text.isEmpty() ? QByteArray("+") : QByteArray("+ ****"));
        break;
    }
    if (command.verb == Verb::Capa) {
        for (const QByteArray &line : reply.lines)
            log(From::Server, line);
    } else if (!reply.lines.isEmpty()) {
        log(From::Event, "(" + QByteArray::number(reply.lines.size()) + " lines)");
    } else if (!reply.listing.isEmpty()) {
        log(From::Event, "(" + QByteArray::number(reply.listing.count('\n')) + " lines)");
    } else if (reply.spooled) {
        log(From::Event, "(" + QByteArray::number(reply.spooled->size()) + " bytes)");
    } else if (!reply.message.isEmpty()) {
        log(From::Event, "(" + QByteArray::number(reply.message.size()) + " bytes)");
    }
}

} // namespace satchel::pop3
