// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/recording.h"

namespace satchel::pop3 {

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
        m_writer.closed();
        Q_EMIT closed();
    });
    connect(m_inner.get(), &net::Transport::failed, this, [this](const Error &error) {
        m_writer.failed(error);
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
    m_writer.client(bytes);
    m_inner->write(bytes);
}

QByteArray RecordingTransport::readAll()
{
    const QByteArray bytes = m_inner->readAll();
    m_writer.server(bytes);
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
    m_writer.end();
    m_inner->close();
}

void RecordingTransport::abort()
{
    m_writer.end();
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
