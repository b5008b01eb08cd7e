// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/command.h"

#include <QList>

#include <deque>

namespace satchel::pop3 {

/// The FIFO of commands, and the window of those that are sent and not answered. Pure: it says what to write.
///
/// The window is bounded by bytes, so that both sides' TCP buffers cannot fill up with commands and answers at
/// once, and it is refilled when a quarter of it is free: a server far away never runs dry (design §5).
class CommandQueue
{
public:
    explicit CommandQueue(qint64 windowBytes);

    void setPipelining(bool on) { m_pipelining = on; }
    [[nodiscard]] bool pipelining() const { return m_pipelining; }
    void add(Command command) { m_waiting.push_back(std::move(command)); }
    /// Moves what may go now to the window. Empty where nothing may.
    [[nodiscard]] QList<const Command *> refill();
    [[nodiscard]] const Command *head() const { return m_sent.empty() ? nullptr : &m_sent.front(); }
    [[nodiscard]] const Command *nextWaiting() const { return m_waiting.empty() ? nullptr : &m_waiting.front(); }
    [[nodiscard]] Command take(); ///< the command that was answered
    [[nodiscard]] int sent() const { return static_cast<int>(m_sent.size()); }
    [[nodiscard]] int size() const { return static_cast<int>(m_sent.size() + m_waiting.size()); }
    void addFirst(Command command) { m_waiting.push_front(std::move(command)); }
    void clear();

private:
    static qint64 bytes(const Command &command) { return command.line.size() + 2; }
    void moveOne(QList<const Command *> &moved);

    qint64 m_windowBytes;
    bool m_pipelining = false;
    qint64 m_sentBytes = 0;
    std::deque<Command> m_waiting;
    std::deque<Command> m_sent;
};

} // namespace satchel::pop3
