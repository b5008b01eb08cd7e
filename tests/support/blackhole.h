// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>

#include <memory>
#include <vector>

namespace satchel::test {

/// An address of this computer that answers no attempt to connect, as one behind a broken line: its queue is full.
class BlackHole
{
public:
    /// At \a port (0: any).
    [[nodiscard]] bool listen(quint16 port = 0, const QString &address = QStringLiteral("127.0.0.2"));
    [[nodiscard]] QHostAddress address() const { return m_server.serverAddress(); }
    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }

private:
    QTcpServer m_server;
    std::vector<std::unique_ptr<QTcpSocket>> m_waiting;
};

} // namespace satchel::test
