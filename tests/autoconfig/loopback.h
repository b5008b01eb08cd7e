// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/discoveryoptions.h"
#include "support/dns/dnsserver.h"
#include "support/web/webserver.h"

#include <QHash>
#include <QStringList>

#include <memory>

namespace satchel::test {

/// An internet on loopback: https, DNS and mail servers under names of one's choice, and nothing else. Trusts the
/// authority of the test certificates from start() on.
class Loopback
{
public:
    [[nodiscard]] bool start();
    [[nodiscard]] WebServer &web() { return m_web; }
    [[nodiscard]] DnsServer &dns() { return m_dns; }

    /// Connections to \a host at \a port end at \a here of localhost. Everything else is refused.
    void lead(const QString &host, quint16 port, quint16 here) { m_leads.insert(name(host, port), here); }
    /// From here on there is no name server and no web server, and every mail server refuses.
    void pullThePlug();
    [[nodiscard]] autoconfig::DiscoveryOptions options();
    [[nodiscard]] const QStringList &knocked() const { return m_knocked; } ///< "host:port", in order

private:
    [[nodiscard]] static QString name(const QString &host, quint16 port);
    [[nodiscard]] std::unique_ptr<net::Transport> transport(const net::Endpoint &endpoint);

    WebServer m_web;
    DnsServer m_dns;
    QHash<QString, quint16> m_leads;
    QStringList m_knocked;
    quint16 m_closed = 0;
    bool m_unplugged = false;
};

} // namespace satchel::test
