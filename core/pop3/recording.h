// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/transport.h"
#include "pop3/transcriptwriter.h"

#include <functional>
#include <memory>

namespace satchel::pop3 {

/// A transport that lets everything through and writes it down as a transcript in which nothing personal is left (see
/// TranscriptWriter). Lives where the transport lives that it wraps.
class RecordingTransport : public net::Transport
{
    Q_OBJECT

public:
    /// Begins a transcript: asked once for each connection, one that a session makes again included.
    using Begin = std::function<TranscriptWriter::Sink()>;

    RecordingTransport(std::unique_ptr<net::Transport> inner, const net::Endpoint &endpoint, Begin begin);
    ~RecordingTransport() override;

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
    TranscriptWriter m_writer;
};

} // namespace satchel::pop3
