// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/credentials.h"
#include "net/transport.h"

#include <QByteArrayList>
#include <QRandomGenerator>

#include <memory>

namespace satchel::test {

/// A POP3 server in memory that repeats what it is told, and the password and the name that it knows, in random forms
/// at random places: in greetings, refusals, capabilities, names of messages, headers and texts. Which it remembers.
/// Shared by the transports of one visit.
struct Parrot {
    QRandomGenerator random;
    net::Credentials credentials;
    QByteArray sasl; ///< one mechanism; empty: USER
    bool accepts = true;
    QByteArrayList repeated; ///< forms, as they were sent
    QByteArrayList heard; ///< answers that signed in, which are repeated too

    [[nodiscard]] QByteArray leak(); ///< one form of one secret
    [[nodiscard]] QByteArray words(); ///< with one in it, now and then
    [[nodiscard]] bool chance(int of) { return random.bounded(of) == 0; }
};

/// Its end of the line, bytes cut at random.
class ParrotTransport : public net::Transport
{
    Q_OBJECT

public:
    explicit ParrotTransport(std::shared_ptr<Parrot> parrot, bool startTls);

    void open() override;
    void startTls() override;
    void write(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray readAll() override { return std::exchange(m_delivered, {}); }
    [[nodiscard]] qint64 bytesToWrite() const override { return 0; }
    [[nodiscard]] bool isEncrypted() const override { return m_encrypted; }
    void close() override { m_open = false; }
    void abort() override { m_open = false; }
    [[nodiscard]] std::unique_ptr<net::Transport> another() const override;

private:
    enum class Login { None, User, Sasl, Done };

    void say(const QByteArray &line);
    void later();
    void deliver();
    void answer(const QByteArray &line);
    void capa();
    void login(bool whole);
    void sasl(const QByteArray &line);
    void message(int number);

    std::shared_ptr<Parrot> m_parrot;
    bool m_startTls = false;
    bool m_open = false;
    bool m_encrypted = false;
    bool m_hangsUp = false;
    Login m_login = Login::None;
    int m_step = 0;
    QByteArray m_fromClient;
    QByteArray m_onTheWay;
    QByteArray m_delivered;
};

} // namespace satchel::test
