// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/transport.h"
#include "pop3/transcriptwriter.h"

#include <functional>
#include <memory>

namespace satchel::pop3 {

/// A transport that lets everything through and writes it down as a transcript in which nothing personal is left (see
/// TranscriptWriter). What goes over it is told by the Channel that uses it, in its own terms. Lives where the
/// transport lives that it wraps.
class RecordingTransport : public net::Transport
{
    Q_OBJECT

public:
    /// Begins a transcript: asked once for each connection, one that a session makes again included.
    using Begin = std::function<TranscriptWriter::Sink()>;

    RecordingTransport(std::unique_ptr<net::Transport> inner, const net::Endpoint &endpoint, Begin begin);
    ~RecordingTransport() override;

    void setSecrets(std::shared_ptr<const net::Secrets> secrets) { m_writer.setSecrets(std::move(secrets)); }
    void sending(const Command &command); ///< before its bytes are written
    /// The reply to \a command has begun to come (\a status), and holds all that was read up to \a position.
    void receiving(const Command &command, Reply::Status status, qint64 position);
    /// It ends there; null: nobody asked for it.
    void received(const Command *command, Reply::Status status, qint64 position);

    void open() override;
    void startTls() override;
    void write(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray readAll() override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    [[nodiscard]] bool isEncrypted() const override;
    void close() override;
    void abort() override;
    [[nodiscard]] std::unique_ptr<net::Transport> another() const override;

private:
    std::unique_ptr<net::Transport> m_inner;
    const net::Endpoint m_endpoint;
    const Begin m_begin;
    [[nodiscard]] QByteArray takeUpTo(qint64 position);
    template <class Write>
    void finish(Write write);

    TranscriptWriter m_writer;
    QByteArray m_unread; ///< by the channel: no reply has taken it yet
    qint64 m_position = 0; ///< of its first byte
    bool m_over = false;
};

} // namespace satchel::pop3
