// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/maildrop.h"
#include "support/serverquirks.h"

#include <QObject>
#include <QThread>

#include <functional>

namespace satchel::test {

class ServerListener;

/// A real POP3 server on 127.0.0.1, in its own thread, with a mailbox in memory and a switch for every way in which
/// servers go wrong. Two ports: one for plain connections and STLS, one with TLS from the first byte.
///
/// All functions are for the test's thread; they wait for the server's. The hook is called in the server's thread.
class ScriptedServer : public QObject
{
    Q_OBJECT

public:
    explicit ScriptedServer(QList<ServerMessage> messages = {}, ServerQuirks quirks = {}, QObject *parent = nullptr);
    ~ScriptedServer() override;

    [[nodiscard]] bool listen(quint16 port = 0, quint16 tlsPort = 0);
    [[nodiscard]] quint16 port() const { return m_port; }
    [[nodiscard]] quint16 tlsPort() const { return m_tlsPort; }

    void setQuirks(const ServerQuirks &quirks); ///< also for connections that are open
    [[nodiscard]] ServerQuirks quirks() const;
    void setMessages(const QList<ServerMessage> &messages);
    void addMessages(const QList<ServerMessage> &messages);
    [[nodiscard]] QList<ServerMessage> messages() const;
    [[nodiscard]] ServerRecord record() const;
    void clearRecord();
    void setStateFile(const QString &path);
    /// Called when a DELE is seen, before it is answered: whether law 1 is kept is asked here.
    void setDeleHook(std::function<void(const QByteArray &uidl)> hook);
    /// Called with every command line, before the server does anything about it: the moment to kill a client.
    void setCommandHook(std::function<void(const QByteArray &line)> hook);
    void dropConnections();

private:
    template <class Function>
    void run(Function function) const;

    QThread m_thread;
    ServerListener *m_listener = nullptr;
    quint16 m_port = 0;
    quint16 m_tlsPort = 0;
};

} // namespace satchel::test
