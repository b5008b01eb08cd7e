// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/loopback.h"

#include "net/tlstransport.h"
#include "support/certificates.h"

#include <QTcpServer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace satchel::test {

bool Loopback::start()
{
    trustTestAuthority();
    QTcpServer server; // its port is closed again when it goes
    if (!server.listen(QHostAddress::LocalHost))
        return false;
    m_closed = server.serverPort();
    return m_dns.start()
        && m_web.start(
            testCertificates().certificate(CertificateKind::Good), testCertificates().key(CertificateKind::Good));
}

void Loopback::pullThePlug()
{
    m_unplugged = true;
    m_leads.clear();
}

autoconfig::DiscoveryOptions Loopback::options()
{
    autoconfig::DiscoveryOptions options;
    options.lookUp = 5s;
    options.probe = 5s;
    options.authorities = QSslCertificate::fromData(testCertificates().authority());
    options.fetched = [this](const QUrl &url) {
        return m_unplugged ? QUrl(u"https://255.255.255.255/"_s) : m_web.mapped(url);
    };
    options.nameserver = m_dns.address();
    options.nameserverPort = m_unplugged ? m_closed : m_dns.port();
    options.transport = [this](const net::Endpoint &endpoint) { return transport(endpoint); };
    return options;
}

QString Loopback::name(const QString &host, quint16 port)
{
    return u"%1:%2"_s.arg(host).arg(port);
}

std::unique_ptr<net::Transport> Loopback::transport(const net::Endpoint &endpoint)
{
    const QString asked = name(endpoint.host, endpoint.port);
    m_knocked.append(asked);
    net::Endpoint here = endpoint;
    here.host = u"localhost"_s;
    here.port = m_leads.value(asked, m_closed);
    return std::make_unique<net::TlsTransport>(here);
}

} // namespace satchel::test
