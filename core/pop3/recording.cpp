// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/recording.h"

#include <utility>

namespace satchel::pop3 {

/// The end of a connection is written once, whoever sees it.
template <class Write>
void RecordingTransport::finish(Write write)
{
    if (!std::exchange(m_over, true))
        write(std::exchange(m_unread, {}));
}

RecordingTransport::RecordingTransport(
    std::unique_ptr<net::Transport> inner, const net::Endpoint &endpoint, Begin begin)
    : m_inner(std::move(inner))
    , m_endpoint(endpoint)
    , m_begin(std::move(begin))
    , m_writer(endpoint, m_begin())
{
    connect(m_inner.get(), &net::Transport::opened, this, &net::Transport::opened);
    connect(m_inner.get(), &net::Transport::encrypted, this, [this] {
        m_writer.encrypted();
        Q_EMIT encrypted();
    });
    connect(m_inner.get(), &net::Transport::readyRead, this, &net::Transport::readyRead);
    connect(m_inner.get(), &net::Transport::bytesWritten, this, &net::Transport::bytesWritten);
    connect(m_inner.get(), &net::Transport::closed, this, [this] {
        finish([this](const QByteArray &rest) { m_writer.closed(rest); });
        Q_EMIT closed();
    });
    connect(m_inner.get(), &net::Transport::failed, this, [this](const Error &error) {
        finish([this, &error](const QByteArray &rest) { m_writer.failed(error, rest); });
        Q_EMIT failed(error);
    });
}

RecordingTransport::~RecordingTransport() = default;

void RecordingTransport::open()
{
    m_inner->open();
}

void RecordingTransport::startTls()
{
    m_inner->startTls();
}

void RecordingTransport::write(const QByteArray &bytes)
{
    m_inner->write(bytes);
}

void RecordingTransport::sending(const Command &command)
{
    m_writer.client(command);
}

void RecordingTransport::receiving(const Command &command, Reply::Status status, qint64 position)
{
    if (const QByteArray bytes = takeUpTo(position); !bytes.isEmpty())
        m_writer.server(&command, status, bytes, false);
}

void RecordingTransport::received(const Command *command, Reply::Status status, qint64 position)
{
    m_writer.server(command, status, takeUpTo(position), true);
}

QByteArray RecordingTransport::takeUpTo(qint64 position)
{
    const auto size = qsizetype(qBound(qint64(0), position - m_position, qint64(m_unread.size())));
    const QByteArray bytes = m_unread.first(size);
    m_unread.remove(0, size);
    m_position += size;
    return bytes;
}

QByteArray RecordingTransport::readAll()
{
    const QByteArray bytes = m_inner->readAll();
    m_unread += bytes;
    return bytes;
}

qint64 RecordingTransport::bytesToWrite() const
{
    return m_inner->bytesToWrite();
}

bool RecordingTransport::isEncrypted() const
{
    return m_inner->isEncrypted();
}

void RecordingTransport::close()
{
    finish([this](const QByteArray &rest) { m_writer.end(rest); });
    m_inner->close();
}

void RecordingTransport::abort()
{
    finish([this](const QByteArray &rest) { m_writer.end(rest); });
    m_inner->abort();
}

std::unique_ptr<net::Transport> RecordingTransport::another() const
{
    std::unique_ptr<net::Transport> inner = m_inner->another();
    if (!inner)
        return nullptr;
    return std::make_unique<RecordingTransport>(std::move(inner), m_endpoint, m_begin);
}

} // namespace satchel::pop3
