// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/transcriptrun.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QTimer>

namespace satchel::test {

namespace {

QByteArray name(pop3::Verb verb)
{
    static const char *const Names[] = {"Greeting", "Capa", "Stls", "Auth", "Apop", "User", "Pass", "Utf8", "Lang",
        "Stat", "List", "Uidl", "Retr", "Top", "Dele", "Noop", "Rset", "Quit"};
    return Names[static_cast<int>(verb)];
}

QByteArray name(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::ConnectionLost:
        return "ConnectionLost";
    case ErrorKind::Timeout:
        return "Timeout";
    case ErrorKind::TlsFailed:
        return "TlsFailed";
    case ErrorKind::EncryptionUnavailable:
        return "EncryptionUnavailable";
    case ErrorKind::ProtocolError:
        return "ProtocolError";
    case ErrorKind::AuthenticationFailed:
        return "AuthenticationFailed";
    case ErrorKind::PasswordMissing:
        return "PasswordMissing";
    case ErrorKind::SignInUnavailable:
        return "SignInUnavailable";
    case ErrorKind::MailboxInUse:
        return "MailboxInUse";
    case ErrorKind::TryLater:
        return "TryLater";
    case ErrorKind::TooSoon:
        return "TooSoon";
    case ErrorKind::ServerRefused:
        return "ServerRefused";
    case ErrorKind::MessageTooLarge:
        return "MessageTooLarge";
    case ErrorKind::InvalidRequest:
        return "InvalidRequest";
    default:
        return "kind " + QByteArray::number(static_cast<int>(kind));
    }
}

net::Endpoint endpoint(const QByteArray &security)
{
    net::Endpoint result;
    result.host = QStringLiteral("mail.example.test");
    result.port = 110;
    result.security = security.startsWith("tls") ? Security::ImplicitTls
        : security == "starttls"                 ? Security::StartTls
                                                 : Security::Plain;
    if (security == "tls with a certificate")
        result.clientCertificate = "own";
    return result;
}

} // namespace

/// So that one E line holds for both line ends.
QByteArray TranscriptRun::withCrlf(QByteArray bytes) const
{
    if (m_conversation->cutting.lineEnd == "\n")
        bytes.replace('\n', "\r\n");
    return bytes;
}

TranscriptRun::TranscriptRun(const Transcript &transcript, const Cutting &cutting, pop3::SessionOptions options)
    : m_conversation(std::make_shared<Conversation>())
{
    m_conversation->transcript = transcript;
    m_conversation->cutting = cutting;
    m_conversation->random.seed(cutting.seed);
    m_conversation->onDo = [this](const QByteArray &wish) { carryOut(wish); };
    m_session = std::make_unique<pop3::Session>(
        std::make_unique<MemoryTransport>(m_conversation), endpoint(transcript.security), options);
    using Session = pop3::Session;
    connect(m_session.get(), &Session::ready, this, [this] { note("ready"); });
    connect(m_session.get(), &Session::loggedIn, this, [this] { note("loggedIn " + m_session->mechanism()); });
    connect(m_session.get(), &Session::stated, this, [this](int count, qint64 size) {
        note("stated " + QByteArray::number(count) + ' ' + QByteArray::number(size));
    });
    connect(m_session.get(), &Session::listed, this, [this](const QList<pop3::ListedMessage> &messages, bool uidl) {
        for (const pop3::ListedMessage &message : messages)
            note("listed " + QByteArray::number(message.number) + ' ' + message.uidl.toPercentEncoding("<>@[]+=/:!,$()")
                + ' ' + QByteArray::number(message.size));
        note("listed " + QByteArray::number(messages.size()) + (uidl ? " uidl" : " no-uidl"));
    });
    connect(m_session.get(), &Session::retrieved, this, [this](int number, const QByteArray &message) {
        m_messages.append(message);
        const QByteArray text = withCrlf(message);
        note("retrieved " + QByteArray::number(number) + ' ' + QByteArray::number(text.size()) + ' '
            + QCryptographicHash::hash(text, QCryptographicHash::Sha256).toHex().first(16));
    });
    connect(m_session.get(), &Session::topped, this, [this](int number, const QByteArray &text) {
        note("topped " + QByteArray::number(number) + ' ' + QByteArray::number(withCrlf(text).size()));
    });
    connect(m_session.get(), &Session::deleted, this,
        [this](int number) { note("deleted " + QByteArray::number(number)); });
    connect(m_session.get(), &Session::idled, this, [this] { note("idled"); });
    connect(m_session.get(), &Session::reset, this, [this] { note("reset"); });
    connect(m_session.get(), &Session::finished, this, [this] {
        note("finished");
        m_over = true;
    });
    connect(m_session.get(), &Session::refused, this, [this](pop3::Verb verb, int number, const Error &error) {
        note("refused " + name(verb) + ' ' + QByteArray::number(number) + ' ' + name(error.kind));
        m_errors.append(error);
        m_over |= verb == pop3::Verb::Quit;
    });
    connect(m_session.get(), &Session::failed, this, [this](const Error &error) {
        note("failed " + name(error.kind));
        m_errors.append(error);
        m_over = true;
    });
}

void TranscriptRun::play()
{
    m_session->open();
    const auto isOver = [this] {
        return m_over || !m_conversation->problems.isEmpty()
            || (m_conversation->isDone() && m_session->commandsInFlight() == 0
                && m_events.size() >= m_conversation->transcript.expected.size());
    };
    // QTest::qWaitFor() would sleep between any two bytes.
    QTimer deadline;
    deadline.setSingleShot(true);
    deadline.start(std::chrono::seconds(20));
    // Not every event dispatcher returns after what was posted: some wait for one thing more.
    QTimer pulse;
    pulse.start(std::chrono::milliseconds(1));
    while (!isOver() && deadline.isActive())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

QByteArray TranscriptRun::complaint() const
{
    if (!m_conversation->problems.isEmpty())
        return m_conversation->problems.first();
    const QByteArrayList &expected = m_conversation->transcript.expected;
    const qsizetype compared = m_conversation->transcript.anyEvents ? 0 : qMax(expected.size(), m_events.size());
    for (qsizetype i = 0; i < compared; ++i) {
        if (expected.value(i) != m_events.value(i))
            return "event " + QByteArray::number(i + 1) + ": \"" + m_events.value(i) + "\", not \"" + expected.value(i)
                + '"';
    }
    qsizetype left = m_conversation->at; // a session that has ended does not see the server hang up
    while (left < m_conversation->transcript.steps.size()
        && m_conversation->transcript.steps.at(left).kind == TranscriptStep::Kind::Close)
        ++left;
    if (left < m_conversation->transcript.steps.size())
        return "the session ended at line " + QByteArray::number(m_conversation->transcript.steps.at(left).line);
    return {};
}

void TranscriptRun::carryOut(const QByteArray &wish)
{
    const QByteArrayList words = wish.split(' ');
    const QByteArray &verb = words.first();
    const int number = words.value(1).toInt();
    if (verb == "login") {
        net::Credentials credentials;
        credentials.userName = QString::fromUtf8(words.value(1));
        credentials.password = QString::fromUtf8(words.value(2));
        if (credentials.password.startsWith(QLatin1String("token:")))
            credentials.accessToken = std::exchange(credentials.password, {}).sliced(6);
        m_session->login(credentials, QString::fromUtf8(words.value(3)));
    } else if (verb == "stat") {
        m_session->stat();
    } else if (verb == "list") {
        m_session->list();
    } else if (verb == "names") {
        m_session->listNames();
    } else if (verb == "sizes") {
        m_session->addSizes();
    } else if (verb == "retr") {
        m_session->retr(number);
    } else if (verb == "top") {
        m_session->top(number, words.value(2).toInt());
    } else if (verb == "dele") {
        m_session->dele(number);
    } else if (verb == "noop") {
        m_session->noop();
    } else if (verb == "rset") {
        m_session->rset();
    } else if (verb == "quit") {
        m_session->quit();
    } else {
        m_conversation->problems.append("nobody knows how to " + wish);
    }
}

QByteArray playWithAllCuttings(const Transcript &transcript, const pop3::SessionOptions &options)
{
    const auto cuttings = allCuttings(transcript.crlfOnly);
    for (const Cutting &cutting : cuttings) {
        TranscriptRun run(transcript, cutting, options);
        run.play();
        if (const QByteArray complaint = run.complaint(); !complaint.isEmpty())
            return cutting.name() + ": " + complaint;
    }
    return {};
}

} // namespace satchel::test
