// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/transport.h"

#include <memory>

namespace satchel::net {

/// The only QSslSocket in the house. TLS 1.2 or newer unless the endpoint allows older; certificate errors
/// end it before any byte of ours is sent, with a CertificateProblem in the error; the read buffer is
/// bounded, so that a slow disk slows the server instead of filling memory.
class TlsTransport : public Transport
{
    Q_OBJECT

public:
    explicit TlsTransport(Endpoint endpoint, QObject *parent = nullptr);
    ~TlsTransport() override;

    void open() override;
    void startTls() override;
    void write(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray readAll() override;
    [[nodiscard]] qint64 bytesToWrite() const override;
    [[nodiscard]] bool isEncrypted() const override;
    void close() override;
    void abort() override;

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::net
