// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/memorytransport.h"

#include <QTimer>

#include <utility>

namespace satchel::test {

using Kind = TranscriptStep::Kind;

MemoryTransport::MemoryTransport(std::shared_ptr<Conversation> conversation, QObject *parent)
    : Transport(parent)
    , m_conversation(std::move(conversation))
{
}

void MemoryTransport::open()
{
    m_open = true;
    m_encrypted = m_conversation->transcript.security.startsWith("tls");
    QTimer::singleShot(0, this, [this] {
        if (!m_open)
            return;
        Q_EMIT opened();
        later();
    });
}

void MemoryTransport::startTls()
{
    m_tlsAsked = true;
    if (!m_onTheWay.isEmpty() || !m_delivered.isEmpty()) {
        m_open = false;
        Q_EMIT failed({ErrorKind::TlsFailed, QStringLiteral("bytes in clear during the handshake"), ErrorAction::None,
            {}, std::nullopt});
        return;
    }
    later();
}

void MemoryTransport::write(const QByteArray &bytes)
{
    if (!m_open)
        return;
    m_fromClient += bytes;
    later();
}

QByteArray MemoryTransport::readAll()
{
    return std::exchange(m_delivered, {});
}

void MemoryTransport::close()
{
    m_open = false;
}

void MemoryTransport::abort()
{
    m_open = false;
}

std::unique_ptr<net::Transport> MemoryTransport::another() const
{
    // Only where the script goes on with a new connection.
    qsizetype next = m_conversation->at;
    while (next < m_conversation->transcript.steps.size()) {
        const Kind kind = m_conversation->transcript.steps.at(next).kind;
        if (kind == Kind::NewConnection)
            break;
        if (kind != Kind::Close && kind != Kind::Fail)
            return nullptr;
        ++next;
    }
    if (next >= m_conversation->transcript.steps.size())
        return nullptr;
    m_conversation->at = next + 1;
    return std::make_unique<MemoryTransport>(m_conversation);
}

void MemoryTransport::later(int milliseconds)
{
    if (std::exchange(m_scheduled, true))
        return;
    QTimer::singleShot(milliseconds, this, [this] {
        m_scheduled = false;
        advance();
    });
}

void MemoryTransport::advance()
{
    while (m_open) {
        if (!m_onTheWay.isEmpty()) {
            deliver();
            if (m_open)
                later();
            return;
        }
        if (m_conversation->isDone())
            return;
        const TranscriptStep step = m_conversation->transcript.steps.at(m_conversation->at);
        switch (step.kind) {
        case Kind::Server:
            ++m_conversation->at;
            m_onTheWay += step.bytes + (step.lineEnd ? m_conversation->cutting.lineEnd : QByteArray());
            // What follows at once belongs to the same answer; cuts may fall anywhere in it.
            while (!m_conversation->isDone()
                && m_conversation->transcript.steps.at(m_conversation->at).kind == Kind::Server) {
                const TranscriptStep &more = m_conversation->transcript.steps.at(m_conversation->at++);
                m_onTheWay += more.bytes + (more.lineEnd ? m_conversation->cutting.lineEnd : QByteArray());
            }
            // Of several RETR that were sent together, each has its own end here; one that is refused has none.
            if (m_onTheWay.startsWith("-ERR") && !m_retrs.isEmpty())
                m_retrs.removeFirst();
            for (qsizetype ends = m_onTheWay.count("\n.\r\n") + m_onTheWay.count("\n.\n");
                ends > 0 && !m_retrs.isEmpty(); --ends)
                m_conversation->handedOut.append(m_retrs.takeFirst());
            break;
        case Kind::Client:
            if (!takeLine(step))
                return;
            break;
        case Kind::Tls:
            if (!m_tlsAsked)
                return;
            m_tlsAsked = false;
            m_encrypted = true;
            ++m_conversation->at;
            Q_EMIT encrypted();
            break;
        case Kind::Close:
            ++m_conversation->at;
            m_open = false;
            Q_EMIT closed();
            return;
        case Kind::Fail:
            ++m_conversation->at;
            m_open = false;
            Q_EMIT failed(
                {ErrorKind::ConnectionLost, QStringLiteral("the line dropped"), ErrorAction::Retry, {}, std::nullopt});
            return;
        case Kind::Wait:
            ++m_conversation->at;
            later(step.milliseconds);
            return;
        case Kind::NewConnection:
            return; // another() goes on
        case Kind::Do:
            ++m_conversation->at;
            if (m_conversation->onDo)
                m_conversation->onDo(step.bytes);
            break;
        }
    }
}

void MemoryTransport::deliver()
{
    const Cutting &cutting = m_conversation->cutting;
    qsizetype count = m_onTheWay.size();
    if (cutting.kind == Cutting::Kind::Fixed)
        count = qMin<qsizetype>(count, cutting.bytes);
    else if (cutting.kind == Cutting::Kind::Random)
        count = qMin<qsizetype>(count, m_conversation->random.bounded(1, cutting.bytes + 1));
    m_delivered += m_onTheWay.first(count);
    m_onTheWay.remove(0, count);
    Q_EMIT readyRead();
}

bool MemoryTransport::takeLine(const TranscriptStep &step)
{
    const qsizetype end = m_fromClient.indexOf("\r\n");
    if (end < 0)
        return false;
    const QByteArray line = m_fromClient.first(end);
    m_fromClient.remove(0, end + 2);
    m_conversation->sent.append(line);
    constexpr QByteArrayView anything("\xe2\x80\xa6");
    const bool fits = step.bytes.endsWith(anything)
        ? line.size() > step.bytes.size() - anything.size() && line.startsWith(step.bytes.chopped(anything.size()))
        : line == step.bytes;
    if (!fits) {
        problem(
            "line " + QByteArray::number(step.line) + ": the client sent \"" + line + "\", not \"" + step.bytes + '"');
        return false;
    }
    ++m_conversation->at;
    if (line.startsWith("RETR "))
        m_retrs.append(line.sliced(5));
    else if (line.startsWith("DELE "))
        noteDele(line);
    return true;
}

void MemoryTransport::noteDele(const QByteArray &line)
{
    if (!m_conversation->handedOut.contains(line.sliced(5)))
        problem(line + " for a message that was never received whole");
    if (m_conversation->onDele)
        m_conversation->onDele(line.sliced(5).toInt());
}

void MemoryTransport::problem(const QByteArray &text)
{
    m_conversation->problems.append(text);
}

} // namespace satchel::test
