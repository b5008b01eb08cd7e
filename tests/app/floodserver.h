// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QHash>
#include <QSemaphore>
#include <QThread>

#include <functional>

namespace satchel::test {

/// A POP3 server that makes up what it sends while it sends it, so that hundreds of megabytes cost nobody memory. It
/// serves one connection after the other, on a thread of its own.
class FloodServer : public QThread
{
    Q_OBJECT

public:
    /// The next bytes of an answer; nothing at its end.
    using Source = std::function<QByteArray()>;

    FloodServer() = default;
    ~FloodServer() override;

    [[nodiscard]] quint16 start(); ///< the port; after answers were set
    /// To a verb ("UIDL") or to a command ("RETR 2"): a new Source for each time. Else "+OK".
    void answer(const QByteArray &command, std::function<Source()> source) { m_answers.insert(command, source); }
    void hangUpAt(const QByteArray &verb) { m_hangsUpAt = verb; }
    /// What was asked; ends the server.
    [[nodiscard]] QByteArrayList commands();

protected:
    void run() override;

private:
    QHash<QByteArray, std::function<Source()>> m_answers;
    QByteArray m_hangsUpAt;
    QByteArrayList m_commands;
    quint16 m_port = 0;
    QSemaphore m_listening;
};

[[nodiscard]] FloodServer::Source text(const QByteArray &bytes);
/// \a head, then \a bytes of lines of base64 that cannot be compressed and are the same each time, then the end.
[[nodiscard]] FloodServer::Source mail(const QByteArray &head, qint64 bytes);
/// \a count lines that \a line makes of the numbers from 1 on.
[[nodiscard]] FloodServer::Source listing(int count, const std::function<QByteArray(int)> &line);

} // namespace satchel::test
