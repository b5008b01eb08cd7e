// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/probe.h"

#include <algorithm>

namespace satchel::autoconfig {

namespace {

// RFC 2449 allows 512 bytes a line; a greeting and a list of capabilities are some lines.
constexpr qsizetype LongestLine = 8 * 1024;
constexpr qsizetype MostBytes = 64 * 1024;
constexpr std::chrono::milliseconds Farewell = std::chrono::seconds(1);

bool isPositive(const QByteArray &line)
{
    return line == "+OK" || line.startsWith("+OK ");
}

} // namespace

Probe::Probe(
    std::unique_ptr<net::Transport> transport, Security security, std::chrono::milliseconds deadline, QObject *parent)
    : QObject(parent)
    , m_transport(std::move(transport))
    , m_security(security)
    , m_patience(deadline)
{
    m_deadline.setSingleShot(true);
    connect(&m_deadline, &QTimer::timeout, this, [this] { end(m_outcome); });
    connect(m_transport.get(), &net::Transport::readyRead, this, &Probe::read);
    connect(m_transport.get(), &net::Transport::encrypted, this, [this] { takeLeave(Outcome::Protected); });
    connect(m_transport.get(), &net::Transport::closed, this, [this] { end(m_outcome); });
    connect(m_transport.get(), &net::Transport::failed, this, &Probe::failed);
}

Probe::~Probe()
{
    abort();
}

void Probe::start()
{
    m_deadline.start(m_patience);
    m_transport->open();
}

void Probe::abort()
{
    m_deadline.stop();
    m_step = Step::Over;
    m_transport->disconnect(this);
    m_transport->abort();
}

void Probe::read()
{
    const QByteArray bytes = m_transport->readAll();
    m_received += bytes.size();
    m_buffer += bytes;
    if (m_received > MostBytes) {
        end(Outcome::Nothing);
        return;
    }
    for (qsizetype end = m_buffer.indexOf('\n'); end >= 0 && m_step != Step::Over; end = m_buffer.indexOf('\n')) {
        QByteArray next = m_buffer.first(end);
        m_buffer.remove(0, end + 1);
        if (next.endsWith('\r'))
            next.chop(1);
        line(next);
    }
    if (m_step != Step::Over && m_buffer.size() > LongestLine)
        end(Outcome::Nothing);
}

void Probe::line(const QByteArray &line)
{
    switch (m_step) {
    case Step::Greeting:
        if (!isPositive(line)) {
            end(Outcome::Nothing);
        } else if (m_security == Security::ImplicitTls) {
            takeLeave(Outcome::Protected);
        } else {
            m_step = Step::Capabilities;
            send("CAPA");
        }
        return;
    case Step::Capabilities:
        capability(line);
        return;
    case Step::StartTls:
        if (!isPositive(line)) {
            takeLeave(Outcome::Plain);
        } else if (!m_buffer.isEmpty()) {
            end(Outcome::Nothing); // somebody speaks for the server before it is protected
        } else {
            m_step = Step::Handshake;
            m_transport->startTls();
        }
        return;
    case Step::Quit:
        end(m_outcome);
        return;
    case Step::Handshake:
    case Step::Over:
        return;
    }
}

void Probe::capability(const QByteArray &line)
{
    if (!m_capabilitiesBegun) {
        m_capabilitiesBegun = true;
        // A server without CAPA may still know STLS (RFC 2595 is older than some servers' CAPA).
        if (isPositive(line))
            return;
        m_offersTls = true;
    } else if (line != ".") {
        m_offersTls = m_offersTls || line.trimmed().toUpper() == "STLS";
        return;
    }
    if (m_offersTls) {
        m_step = Step::StartTls;
        send("STLS");
    } else {
        takeLeave(Outcome::Plain);
    }
}

void Probe::send(const QByteArray &command)
{
    m_transport->write(command + "\r\n");
}

void Probe::failed(const Error &error)
{
    if (m_step == Step::Quit)
        end(m_outcome);
    else
        end(error.kind == ErrorKind::CertificateUntrusted ? Outcome::Untrusted : Outcome::Nothing);
}

/// Waits a moment for the answer, so that QUIT is not lost with the connection.
void Probe::takeLeave(Outcome outcome)
{
    m_outcome = outcome;
    m_step = Step::Quit;
    m_deadline.start(std::min(m_patience, Farewell));
    send("QUIT");
}

void Probe::end(Outcome outcome)
{
    if (m_step == Step::Over)
        return;
    abort();
    m_outcome = outcome;
    QMetaObject::invokeMethod(this, &Probe::finished, Qt::QueuedConnection);
}

} // namespace satchel::autoconfig
