// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/transport.h"

#include <QByteArray>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace satchel::autoconfig {

/// Knocks at one server to see whether it speaks POP3, and how protected: reads the greeting, without TLS asks for
/// CAPA and carries STLS out, says QUIT. Nothing of the person is sent: no name, no credential, ever.
/// finished() comes once, never from start().
class Probe : public QObject
{
    Q_OBJECT

public:
    enum class Outcome {
        Nothing, ///< not there, or not a POP3 server
        Protected, ///< POP3 inside TLS, with a certificate that is in order
        Untrusted, ///< there is TLS, with a certificate that is not
        Plain, ///< POP3 without TLS
    };

    Probe(std::unique_ptr<net::Transport> transport, Security security, std::chrono::milliseconds deadline,
        QObject *parent = nullptr);
    ~Probe() override;

    void start();
    void abort(); ///< no signal follows
    [[nodiscard]] Outcome outcome() const { return m_outcome; }

Q_SIGNALS:
    void finished();

private:
    enum class Step { Greeting, Capabilities, StartTls, Handshake, Quit, Over };

    void read();
    void line(const QByteArray &line);
    void capability(const QByteArray &line);
    void send(const QByteArray &command);
    void failed(const Error &error);
    void takeLeave(Outcome outcome);
    void end(Outcome outcome);

    std::unique_ptr<net::Transport> m_transport;
    Security m_security;
    QTimer m_deadline;
    std::chrono::milliseconds m_patience;
    QByteArray m_buffer;
    qsizetype m_received = 0;
    Step m_step = Step::Greeting;
    bool m_capabilitiesBegun = false;
    bool m_offersTls = false;
    Outcome m_outcome = Outcome::Nothing;
};

} // namespace satchel::autoconfig
