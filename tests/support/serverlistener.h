// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/maildrop.h"
#include "support/serverquirks.h"

#include <QTcpServer>

namespace satchel::test {

/// Takes connections on one port and gives each a ServerConnection.
class PortListener : public QTcpServer
{
    Q_OBJECT

public:
    PortListener(bool implicitTls, ServerQuirks &quirks, Maildrop &maildrop, QObject *parent = nullptr);

protected:
    void incomingConnection(qintptr socket) override;

private:
    bool m_implicitTls;
    ServerQuirks &m_quirks;
    Maildrop &m_maildrop;
};

/// What lives in the thread of a ScriptedServer.
class ServerListener : public QObject
{
    Q_OBJECT

public:
    ServerListener();

    ServerQuirks quirks;
    Maildrop maildrop;
    PortListener plain;
    PortListener tls;
};

} // namespace satchel::test
