// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"

#include <QByteArray>
#include <QObject>
#include <QString>

#include <memory>

namespace satchel::net {

/// Where to connect, and how to protect it.
struct Endpoint {
    QString host;
    quint16 port = 0;
    Security security = Security::ImplicitTls;
    QByteArray trustedCertificate; ///< SHA-256 of the one certificate that is accepted in spite of its errors
    bool oldTls = false; ///< allow TLS 1.0 and 1.1, by an account's explicit choice
    QByteArray clientCertificate; ///< PEM, with its key; for SASL EXTERNAL
};

/// A byte stream to a server that can be upgraded to TLS in mid-stream. Protocol rooms see only this;
/// TlsTransport is the one QSslSocket of the house, tests have one in memory. Lives on the mail thread.
///
/// Law 8: nothing here falls back to plain text. failed() comes at most once and ends the transport;
/// an orderly end by the other side is closed(), also at most once, and never both.
class Transport : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void open() = 0; ///< connects; for Security::ImplicitTls shakes hands before opened()
    /// After the reply to STLS; answers with encrypted() or failed(). Bytes that came before the handshake
    /// and were not read yet are an injection: failed().
    virtual void startTls() = 0;
    virtual void write(const QByteArray &bytes) = 0;
    [[nodiscard]] virtual QByteArray readAll() = 0;
    [[nodiscard]] virtual qint64 bytesToWrite() const = 0;
    [[nodiscard]] virtual bool isEncrypted() const = 0;
    virtual void close() = 0; ///< writes what is pending, then ends; no signal follows
    virtual void abort() = 0; ///< ends at once; no signal follows

    /// A new, unopened transport to the same endpoint, for protocols that must connect again before they
    /// are logged in (a server that hangs up on a command it does not know, or after a refused password).
    /// nullptr where that cannot be.
    [[nodiscard]] virtual std::unique_ptr<Transport> another() const { return nullptr; }

Q_SIGNALS:
    void opened();
    void encrypted();
    void readyRead();
    void bytesWritten(qint64 count);
    void closed();
    void failed(const satchel::Error &error);
};

} // namespace satchel::net
