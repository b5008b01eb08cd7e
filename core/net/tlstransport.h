// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/resolver.h"
#include "net/transport.h"

#include <chrono>
#include <memory>

namespace satchel::net {

/// How long a connection may take to come about, and who looks up names. After that, the protocols watch for silence.
struct ConnectDeadlines {
    std::chrono::milliseconds connecting{std::chrono::seconds(40)}; ///< name look-up and TCP (or proxy)
    std::chrono::milliseconds handshake{std::chrono::seconds(30)}; ///< TLS
    Resolver resolver = {}; ///< empty: the system's
};

/// The only QSslSocket in the house. TLS 1.2 or newer unless the endpoint allows older; certificate errors
/// end it before any byte of ours is sent, with a CertificateProblem in the error; the read buffer is
/// bounded, so that a slow disk slows the server instead of filling memory.
class TlsTransport : public Transport
{
    Q_OBJECT

public:
    explicit TlsTransport(Endpoint endpoint, QObject *parent = nullptr);
    TlsTransport(Endpoint endpoint, ConnectDeadlines deadlines, QObject *parent = nullptr);
    ~TlsTransport() override;

    void open() override;
    void startTls() override;
    void write(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray readAll() override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    [[nodiscard]] bool isEncrypted() const override;
    void close() override;
    void abort() override;
    [[nodiscard]] std::unique_ptr<Transport> another() const override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::net
