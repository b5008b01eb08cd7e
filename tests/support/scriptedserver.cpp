// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scriptedserver.h"

#include "support/serverconnection.h"
#include "support/serverlistener.h"

namespace satchel::test {

PortListener::PortListener(bool implicitTls, ServerQuirks &quirks, Maildrop &maildrop, QObject *parent)
    : QTcpServer(parent)
    , m_implicitTls(implicitTls)
    , m_quirks(quirks)
    , m_maildrop(maildrop)
{
}

void PortListener::incomingConnection(qintptr socket)
{
    new ServerConnection(socket, m_implicitTls, m_quirks, m_maildrop, this);
}

ServerListener::ServerListener()
    : plain(false, quirks, maildrop, this)
    , tls(true, quirks, maildrop, this)
{
}

ScriptedServer::ScriptedServer(QList<ServerMessage> messages, ServerQuirks quirks, QObject *parent)
    : QObject(parent)
    , m_listener(new ServerListener)
{
    static_cast<void>(testCertificates()); // made in this thread, before the first handshake waits for them
    m_listener->maildrop.messages = std::move(messages);
    m_listener->quirks = std::move(quirks);
    m_listener->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_listener, &QObject::deleteLater);
    m_thread.start();
}

ScriptedServer::~ScriptedServer()
{
    m_thread.quit();
    m_thread.wait();
}

template <class Function>
void ScriptedServer::run(Function function) const
{
    QMetaObject::invokeMethod(m_listener, function, Qt::BlockingQueuedConnection);
}

bool ScriptedServer::listen(quint16 port, quint16 tlsPort)
{
    bool ok = false;
    run([this, port, tlsPort, &ok] {
        ok = m_listener->plain.listen(QHostAddress::LocalHost, port)
            && m_listener->tls.listen(QHostAddress::LocalHost, tlsPort);
        m_port = m_listener->plain.serverPort();
        m_tlsPort = m_listener->tls.serverPort();
    });
    return ok;
}

void ScriptedServer::setQuirks(const ServerQuirks &quirks)
{
    run([this, &quirks] { m_listener->quirks = quirks; });
}

ServerQuirks ScriptedServer::quirks() const
{
    ServerQuirks result;
    run([this, &result] { result = m_listener->quirks; });
    return result;
}

void ScriptedServer::setMessages(const QList<ServerMessage> &messages)
{
    run([this, &messages] { m_listener->maildrop.messages = messages; });
}

void ScriptedServer::addMessages(const QList<ServerMessage> &messages)
{
    run([this, &messages] { m_listener->maildrop.messages += messages; });
}

QList<ServerMessage> ScriptedServer::messages() const
{
    QList<ServerMessage> result;
    run([this, &result] { result = m_listener->maildrop.messages; });
    return result;
}

ServerRecord ScriptedServer::record() const
{
    // A list that two threads share is written to without an order between them that ThreadSanitizer could see.
    ServerRecord result;
    run([this, &result] {
        result = m_listener->maildrop.record;
        for (QByteArrayList *list : {&result.retrieved, &result.deleted, &result.committed, &result.commands})
            list->detach();
    });
    return result;
}

void ScriptedServer::clearRecord()
{
    run([this] { m_listener->maildrop.record = {}; });
}

void ScriptedServer::setStateFile(const QString &path)
{
    run([this, &path] { m_listener->maildrop.setStateFile(path); });
}

void ScriptedServer::setDeleHook(std::function<void(const QByteArray &uidl)> hook)
{
    run([this, &hook] { m_listener->maildrop.onDele = std::move(hook); });
}

void ScriptedServer::setCommandHook(std::function<void(const QByteArray &line)> hook)
{
    run([this, &hook] { m_listener->maildrop.onCommand = std::move(hook); });
}

void ScriptedServer::dropConnections()
{
    run([this] {
        for (PortListener *listener : {&m_listener->plain, &m_listener->tls})
            qDeleteAll(listener->findChildren<ServerConnection *>());
    });
}

} // namespace satchel::test
