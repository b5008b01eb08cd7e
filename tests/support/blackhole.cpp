// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/blackhole.h"

namespace satchel::test {

bool BlackHole::listen(quint16 port, const QString &address)
{
    constexpr int most = 20;
    constexpr int momentMs = 300; // on loopback, an answer comes at once or not at all
    constexpr int proof = 2; // attempts in a row without one: the computer may just be busy
    m_server.setListenBacklogSize(1);
    if (!m_server.listen(QHostAddress(address), port))
        return false;
    m_server.pauseAccepting();
    int unanswered = 0;
    for (int i = 0; i < most && unanswered < proof; ++i) {
        auto &socket = m_waiting.emplace_back(std::make_unique<QTcpSocket>());
        socket->connectToHost(m_server.serverAddress(), m_server.serverPort());
        unanswered = socket->waitForConnected(momentMs) ? 0 : unanswered + 1;
    }
    return unanswered == proof;
}

} // namespace satchel::test
