// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/maildrop.h"
#include "support/serverquirks.h"

#include <QObject>
#include <QSet>
#include <QSslSocket>
#include <QTimer>

#include <deque>
#include <memory>

namespace satchel::test {

/// One client of a ScriptedServer, in the server's thread.
class ServerConnection : public QObject
{
    Q_OBJECT

public:
    ServerConnection(
        qintptr socket, bool implicitTls, ServerQuirks &quirks, Maildrop &maildrop, QObject *parent = nullptr);
    ~ServerConnection() override;

private:
    enum class State {
        Authorization,
        SaslPlain,
        SaslLoginUser,
        SaslLoginPassword,
        SaslCram,
        SaslXoauth2,
        SaslRefused,
        Transaction,
        Over
    };

    void read();
    void handle(const QByteArray &line);
    bool misbehaves(const QByteArray &verb, const QByteArray &argument);
    void authorization(const QByteArray &verb, const QByteArray &argument);
    void transaction(const QByteArray &verb, const QByteArray &argument);
    void sasl(const QByteArray &line);
    void capa();
    void startTls();
    void checkLogin(bool correct);
    void listing(bool uidl, const QByteArray &argument);
    void retr(int index);
    void top(int index, int bodyLines);
    void quit();
    void say(const QByteArray &line);
    void send(const QByteArray &bytes);
    void flush();
    void hangUp();
    void waitForClient();
    void configureTls();
    [[nodiscard]] int indexOf(const QByteArray &number) const; ///< -1: no such message
    [[nodiscard]] QByteArray uidlOf(int index) const;
    [[nodiscard]] QByteArray sizeOf(int index) const;
    [[nodiscard]] QByteArray onTheWire(const QByteArray &text) const;
    [[nodiscard]] QByteArray lineEnd() const { return m_quirks.bareLineFeeds ? "\n" : "\r\n"; }

    ServerQuirks &m_quirks;
    Maildrop &m_maildrop;
    QSslSocket m_socket;
    QByteArray m_input;
    State m_state = State::Authorization;
    bool m_silent = false;
    QByteArray m_user;
    QByteArray m_challenge;
    QList<ServerMessage> m_listed; ///< the mailbox as it was at the login
    QSet<int> m_marked;
    bool m_ownsMaildrop = false;
    struct Delayed {
        qint64 due = 0;
        QByteArray bytes;
    };
    std::deque<Delayed> m_delayed;
    QTimer m_delay;
    QTimer m_patience;
    bool m_hangUpWhenFlushed = false;
};

} // namespace satchel::test
