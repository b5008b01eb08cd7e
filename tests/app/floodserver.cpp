// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/floodserver.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <memory>
#include <utility>

namespace satchel::test {

namespace {

constexpr qsizetype pieceSize = 256 * 1024;
constexpr int patience = 60'000;

bool send(QTcpSocket &socket, const QByteArray &bytes)
{
    if (socket.write(bytes) != bytes.size())
        return false;
    while (socket.bytesToWrite() > pieceSize) {
        if (!socket.waitForBytesWritten(patience))
            return false;
    }
    return true;
}

QByteArray noise(quint64 &state, qsizetype bytes)
{
    static const QByteArray letters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=_"); // no reply
    QByteArray out;
    out.reserve(bytes + 128);
    while (out.size() < bytes) {
        for (int line = 0; line < 9; ++line) { // of 72 letters
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            for (int letter = 0; letter < 8; ++letter)
                out += letters.at(qsizetype(state >> (letter * 6) & 63));
        }
        out += "\r\n";
    }
    return out;
}

} // namespace

FloodServer::Source text(const QByteArray &bytes)
{
    return [left = bytes]() mutable { return std::exchange(left, {}); };
}

FloodServer::Source mail(const QByteArray &head, qint64 bytes)
{
    return [rest = head, left = bytes, state = quint64(88172645463325252), isOver = false]() mutable -> QByteArray {
        if (!rest.isEmpty())
            return "+OK\r\n" + std::exchange(rest, {});
        if (left > 0) {
            const QByteArray piece = noise(state, qMin(left, qint64(pieceSize)));
            left -= piece.size();
            return piece;
        }
        return std::exchange(isOver, true) ? QByteArray() : QByteArray(".\r\n");
    };
}

FloodServer::Source listing(int count, const std::function<QByteArray(int)> &line)
{
    return [count, line, next = 0]() mutable {
        QByteArray piece;
        if (next == 0) {
            piece = "+OK\r\n";
            next = 1;
        }
        while (next <= count && piece.size() < pieceSize) {
            piece += QByteArray::number(next) + ' ' + line(next) + "\r\n";
            ++next;
        }
        if (next == count + 1) {
            piece += ".\r\n";
            ++next;
        }
        return piece;
    };
}

FloodServer::~FloodServer()
{
    requestInterruption();
    wait();
}

QByteArrayList FloodServer::commands()
{
    requestInterruption();
    wait();
    return m_commands;
}

quint16 FloodServer::start()
{
    QThread::start();
    m_listening.acquire();
    return m_port;
}

void FloodServer::run()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    m_port = server.serverPort();
    m_listening.release();
    while (!isInterruptionRequested()) {
        if (!server.waitForNewConnection(100))
            continue;
        const std::unique_ptr<QTcpSocket> socket(server.nextPendingConnection());
        bool isOpen = send(*socket, "+OK ready\r\n");
        while (isOpen && !isInterruptionRequested()) {
            if (!socket->canReadLine()) {
                if (!socket->waitForReadyRead(100) && socket->state() != QAbstractSocket::ConnectedState)
                    break;
                continue;
            }
            const QByteArray command = socket->readLine().trimmed();
            const QByteArray verb = command.split(' ').constFirst().toUpper();
            m_commands.append(command);
            if (verb == m_hangsUpAt)
                break;
            const auto made = m_answers.value(m_answers.contains(command) ? command : verb);
            const Source source = made ? made() : text("+OK\r\n");
            for (QByteArray piece = source(); isOpen && !piece.isEmpty(); piece = source())
                isOpen = send(*socket, piece);
            while (isOpen && socket->bytesToWrite() > 0 && !socket->canReadLine())
                isOpen = socket->waitForBytesWritten(patience);
            isOpen = isOpen && verb != "QUIT";
        }
        socket->disconnectFromHost();
    }
}

} // namespace satchel::test
