// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/commandqueue.h"

#include <utility>

namespace satchel::pop3 {

CommandQueue::CommandQueue(qint64 windowBytes)
    : m_windowBytes(windowBytes)
{
}

void CommandQueue::moveOne(QList<const Command *> &moved)
{
    m_sentBytes += bytes(m_waiting.front());
    m_sent.push_back(std::move(m_waiting.front())); // a deque keeps its other elements where they are
    m_waiting.pop_front();
    moved.append(&m_sent.back());
}

QList<const Command *> CommandQueue::refill()
{
    QList<const Command *> moved;
    if (m_waiting.empty())
        return moved;
    if (m_sent.empty()) {
        moveOne(moved);
    } else if (!m_pipelining || !m_sent.back().windowed || m_sentBytes > m_windowBytes - m_windowBytes / 4) {
        return moved;
    }
    while (m_pipelining && m_sent.back().windowed && !m_waiting.empty() && m_waiting.front().windowed
        && m_sentBytes + bytes(m_waiting.front()) <= m_windowBytes)
        moveOne(moved);
    return moved;
}

Command CommandQueue::take()
{
    Command command = std::move(m_sent.front());
    m_sent.pop_front();
    m_sentBytes -= bytes(command);
    return command;
}

void CommandQueue::clear()
{
    m_waiting.clear();
    m_sent.clear();
    m_sentBytes = 0;
}

} // namespace satchel::pop3
