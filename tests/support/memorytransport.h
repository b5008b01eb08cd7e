// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/transport.h"
#include "support/transcript.h"

#include <QRandomGenerator>

#include <functional>
#include <memory>

namespace satchel::test {

/// The server's side of a Transcript, shared by the transports of one session (it may connect again).
struct Conversation {
    Transcript transcript;
    Cutting cutting;
    qsizetype at = 0;
    QRandomGenerator random;
    QByteArrayList problems; ///< where the client left the script
    std::function<void(const QByteArray &wish)> onDo;
    /// Called when the client sends DELE, before anything is answered: whether law 1 is kept is asked here.
    std::function<void(int number)> onDele;
    QByteArrayList sent; ///< every line of the client
    QByteArrayList handedOut; ///< numbers of the RETR commands whose messages went out in full

    [[nodiscard]] bool isDone() const { return at >= transcript.steps.size(); }
};

/// A net::Transport in memory that plays the server of a Transcript, its bytes cut as the Cutting says.
///
/// Holds law 1 by itself: a DELE for a message that was not handed out in full before is a problem, in every
/// transcript.
class MemoryTransport : public net::Transport
{
    Q_OBJECT

public:
    explicit MemoryTransport(std::shared_ptr<Conversation> conversation, QObject *parent = nullptr);

    void open() override;
    void startTls() override;
    void write(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray readAll() override;
    [[nodiscard]] qint64 bytesToWrite() const override { return 0; }
    [[nodiscard]] bool isEncrypted() const override { return m_encrypted; }
    void close() override;
    void abort() override;
    [[nodiscard]] std::unique_ptr<net::Transport> another() const override;

private:
    void later(int milliseconds = 0); ///< advance() from the event loop
    void advance();
    void deliver();
    bool takeLine(const TranscriptStep &step);
    void noteDele(const QByteArray &line);
    void problem(const QByteArray &text);

    std::shared_ptr<Conversation> m_conversation;
    QByteArray m_fromClient;
    QByteArray m_onTheWay; ///< of the server, not delivered yet
    QByteArray m_delivered; ///< and not read yet
    QByteArrayList m_retrs; ///< numbers of the RETR that are being answered
    bool m_open = false;
    bool m_encrypted = false;
    bool m_tlsAsked = false;
    bool m_scheduled = false;
};

} // namespace satchel::test
