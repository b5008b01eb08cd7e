// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/blackhole.h"

namespace satchel::test {

bool BlackHole::listen(quint16 port, const QString &address)
{
    constexpr int most = 20;
    constexpr int momentMs = 200; // on loopback, an answer comes at once or not at all
    m_server.setListenBacklogSize(1);
    if (!m_server.listen(QHostAddress(address), port))
        return false;
    m_server.pauseAccepting();
    for (int i = 0; i < most; ++i) {
        auto &socket = m_waiting.emplace_back(std::make_unique<QTcpSocket>());
        socket->connectToHost(m_server.serverAddress(), m_server.serverPort());
        if (!socket->waitForConnected(momentMs))
            return socket->state() == QAbstractSocket::ConnectingState
                || socket->error() == QAbstractSocket::SocketTimeoutError;
    }
    return false;
}

} // namespace satchel::test
