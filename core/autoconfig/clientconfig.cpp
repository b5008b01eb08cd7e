// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/clientconfig.h"

#include <QCoreApplication>
#include <QXmlStreamReader>

#include <tuple>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

struct ClientConfigText {
    Q_DECLARE_TR_FUNCTIONS(ClientConfig)
};

/// A server as the file lists it, and how it compares: the smaller the better.
struct Listed {
    MailServer server;
    bool oauthOnly = false;

    [[nodiscard]] std::tuple<bool, int> rank() const { return {oauthOnly, int(server.security)}; }
};

class ClientConfigReader
{
public:
    ClientConfigReader(const QByteArray &xml, const MailAddress &address)
        : m_xml(xml)
        , m_address(address)
    {
    }

    [[nodiscard]] Expected<ClientConfig> read();

private:
    bool nextElement();
    void readProvider();
    [[nodiscard]] std::optional<Listed> readServer();
    static void keepBetter(std::optional<Listed> &best, const std::optional<Listed> &other);

    QXmlStreamReader m_xml;
    const MailAddress &m_address;
    QString m_name;
    std::optional<Listed> m_pop3;
    std::optional<Listed> m_smtp;
};

/// As readNextStartElement(), which would pass a document type definition over.
bool ClientConfigReader::nextElement()
{
    while (m_xml.readNext() != QXmlStreamReader::Invalid) {
        if (m_xml.isDTD()) {
            m_xml.raiseError(u"a document type definition is not allowed"_s);
            return false;
        }
        if (m_xml.isEndElement() || m_xml.isEndDocument())
            return false;
        if (m_xml.isStartElement())
            return true;
    }
    return false;
}

Expected<ClientConfig> ClientConfigReader::read()
{
    if (nextElement()) {
        if (m_xml.name() != "clientConfig"_L1)
            m_xml.raiseError(u"the root is not clientConfig"_s);
        while (nextElement()) {
            if (m_xml.name() == "emailProvider"_L1)
                readProvider();
            else
                m_xml.skipCurrentElement();
        }
        while (!m_xml.atEnd())
            m_xml.readNext();
    }
    if (m_xml.hasError()) {
        return fail(ErrorKind::ProtocolError,
            ClientConfigText::tr("The mail settings that %1 publishes cannot be read; type the settings "
                                 "yourself.")
                .arg(m_address.domain),
            ErrorAction::EditAccount, sanitised(m_xml.errorString()));
    }
    ClientConfig config;
    config.provider = m_name;
    if (m_pop3) {
        config.pop3 = m_pop3->server;
        config.passwordRefused = m_pop3->oauthOnly;
    }
    if (m_smtp)
        config.submission = m_smtp->server;
    return config;
}

void ClientConfigReader::readProvider()
{
    while (nextElement()) {
        const bool incoming = m_xml.name() == "incomingServer"_L1;
        if (incoming || m_xml.name() == "outgoingServer"_L1) {
            const QString type = m_xml.attributes().value("type"_L1).toString();
            const auto server = readServer();
            if (incoming && type == "pop3"_L1)
                keepBetter(m_pop3, server);
            else if (!incoming && type == "smtp"_L1)
                keepBetter(m_smtp, server);
        } else if (m_xml.name() == "displayName"_L1) {
            m_name = sanitised(m_xml.readElementText(QXmlStreamReader::SkipChildElements), 60);
        } else {
            m_xml.skipCurrentElement();
        }
    }
}

std::optional<Listed> ClientConfigReader::readServer()
{
    Listed listed;
    listed.server.userName = m_address.text;
    bool good = true, secured = false, oauth = false, others = false;
    while (nextElement()) {
        const QString key = m_xml.name().toString();
        const QString value = m_xml.readElementText(QXmlStreamReader::SkipChildElements).trimmed();
        if (key == "hostname"_L1) {
            listed.server.host = hostName(filledIn(value, m_address));
        } else if (key == "port"_L1) {
            listed.server.port = value.toUShort(&good);
        } else if (key == "socketType"_L1) {
            secured = value == "SSL"_L1 || value == "STARTTLS"_L1 || value == "plain"_L1;
            listed.server.security = value == "SSL"_L1 ? Security::ImplicitTls
                : value == "STARTTLS"_L1               ? Security::StartTls
                                                       : Security::Plain;
        } else if (key == "authentication"_L1) {
            (value == "OAuth2"_L1 ? oauth : others) = true;
        } else if (key == "username"_L1) {
            listed.server.userName = filledIn(value, m_address);
        }
    }
    listed.oauthOnly = oauth && !others;
    if (!good || !secured || listed.server.port == 0 || listed.server.host.isEmpty()
        || !isUserName(listed.server.userName))
        return std::nullopt;
    return listed;
}

void ClientConfigReader::keepBetter(std::optional<Listed> &best, const std::optional<Listed> &other)
{
    // Of equals the first stays: that is the order in which the domain prefers them.
    if (other && (!best || other->rank() < best->rank()))
        best = other;
}

} // namespace

Expected<ClientConfig> parseClientConfig(const QByteArray &xml, const MailAddress &address)
{
    if (xml.size() > LargestClientConfig) {
        return fail(ErrorKind::ProtocolError,
            ClientConfigText::tr("The mail settings that %1 publishes are too large to be believed; type the "
                                 "settings yourself.")
                .arg(address.domain),
            ErrorAction::EditAccount);
    }
    return ClientConfigReader(xml, address).read();
}

} // namespace satchel::autoconfig
