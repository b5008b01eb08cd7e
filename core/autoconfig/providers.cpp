// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/providers.h"

#include "autoconfig/hints.h"

#include <QCoreApplication>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

struct ProvidersText {
    Q_DECLARE_TR_FUNCTIONS(Providers)
};

/// Reads one provider; the first broken rule ends it.
class EntryReader
{
public:
    explicit EntryReader(const QJsonObject &json)
        : m_json(json)
    {
    }

    [[nodiscard]] bool read();
    [[nodiscard]] const QString &problem() const { return m_problem; }
    [[nodiscard]] Provider &provider() { return m_provider; }

private:
    bool refuse(const QString &problem)
    {
        m_problem = problem;
        return false;
    }
    [[nodiscard]] bool readKeys();
    [[nodiscard]] bool readDomains();
    [[nodiscard]] bool readPop3();
    [[nodiscard]] bool readServers(const QString &key, QList<Provider::Server> &servers);
    [[nodiscard]] bool readSignIn();
    [[nodiscard]] bool readHints();

    QJsonObject m_json;
    Provider m_provider;
    QString m_problem;
};

bool EntryReader::read()
{
    m_provider.name = m_json.value("name"_L1).toString();
    if (m_provider.name.isEmpty() || m_provider.name != sanitised(m_provider.name, 40))
        return refuse(u"name"_s);
    return readKeys() && readDomains() && readPop3() && readServers(u"smtp"_s, m_provider.smtp) && readSignIn()
        && readHints();
}

bool EntryReader::readKeys()
{
    // A misspelt key would otherwise be a setting that is silently not there.
    static const QStringList known{u"name"_s, u"domains"_s, u"pop3"_s, u"smtp"_s, u"signIn"_s, u"hints"_s};
    const QStringList keys = m_json.keys();
    for (const QString &key : keys) {
        if (!known.contains(key))
            return refuse(key);
    }
    return true;
}

bool EntryReader::readDomains()
{
    const QJsonArray domains = m_json.value("domains"_L1).toArray();
    for (const QJsonValue &domain : domains) {
        const QString name = domain.toString();
        if (name.isEmpty() || hostName(name) != name)
            return refuse(u"domains: "_s + name);
        m_provider.domains.append(name);
    }
    return !m_provider.domains.isEmpty() || refuse(u"domains"_s);
}

bool EntryReader::readPop3()
{
    const QJsonValue pop3 = m_json.value("pop3"_L1);
    if (pop3.isString()) {
        m_provider.hasNoPop3 = pop3.toString() == "none"_L1;
        return m_provider.hasNoPop3 || refuse(u"pop3"_s);
    }
    return readServers(u"pop3"_s, m_provider.pop3);
}

bool EntryReader::readServers(const QString &key, QList<Provider::Server> &servers)
{
    const QJsonValue list = m_json.value(key);
    if (list.isUndefined())
        return true;
    if (!list.isArray() || list.toArray().isEmpty())
        return refuse(key);
    const QJsonArray array = list.toArray();
    for (const QJsonValue &value : array) {
        const QJsonObject json = value.toObject();
        Provider::Server server;
        server.host = json.value("host"_L1).toString();
        QString plain = server.host;
        plain.replace("%EMAILDOMAIN%"_L1, "example.org"_L1);
        if (plain.isEmpty() || hostName(plain) != plain)
            return refuse(key + u": host "_s + server.host);
        const int port = json.value("port"_L1).toInt();
        if (port < 1 || port > 65535)
            return refuse(key + u": port"_s);
        server.port = quint16(port);
        const QString security = json.value("security"_L1).toString();
        if (security == "tls"_L1)
            server.security = Security::ImplicitTls;
        else if (security == "starttls"_L1)
            server.security = Security::StartTls;
        else if (security == "plain"_L1)
            server.security = Security::Plain;
        else
            return refuse(key + u": security "_s + security);
        const QString user = json.value("user"_L1).toString();
        server.localUser = user == "local"_L1;
        if (!server.localUser && user != "address"_L1)
            return refuse(key + u": user "_s + user);
        if (json.size() != 4)
            return refuse(key);
        servers.append(server);
    }
    return true;
}

bool EntryReader::readSignIn()
{
    const QJsonArray ways = m_json.value("signIn"_L1).toArray();
    for (const QJsonValue &way : ways) {
        const QString name = way.toString();
        if (name == "password"_L1)
            m_provider.signIn.append(SignIn::Password);
        else if (name == "app-password"_L1)
            m_provider.signIn.append(SignIn::AppPassword);
        else if (name == "authorization-code"_L1)
            m_provider.signIn.append(SignIn::AuthorizationCode);
        else if (name == "oauth"_L1)
            m_provider.signIn.append(SignIn::OAuth);
        else
            return refuse(u"signIn: "_s + name);
    }
    return !m_provider.signIn.isEmpty() || refuse(u"signIn"_s);
}

bool EntryReader::readHints()
{
    const QJsonArray hints = m_json.value("hints"_L1).toArray();
    for (const QJsonValue &value : hints) {
        if (!hint(value.toString(), m_provider.name))
            return refuse(u"hints: "_s + value.toString());
        m_provider.hints.append(value.toString());
    }
    return m_provider.hasNoPop3 == m_provider.hints.contains(u"no-pop3"_s) || refuse(u"hints: no-pop3"_s);
}

QString userName(const Provider::Server &server, Source source, const MailAddress &address)
{
    return server.localUser && source == Source::Preset ? address.local : address.text;
}

std::optional<MailServer> best(
    const QList<Provider::Server> &servers, const Provider &provider, Source source, const MailAddress &address)
{
    if (servers.isEmpty())
        return std::nullopt;
    const Provider::Server &server = servers.first();
    MailAddress own = address;
    if (source == Source::Mx)
        own.domain = provider.domains.first();
    return MailServer{filledIn(server.host, own), server.port, server.security, userName(server, source, address)};
}

} // namespace

Providers Providers::builtIn()
{
    QFile file(u":/providers/providers.json"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return fromJson(file.readAll()).value_or(Providers());
}

Expected<Providers> Providers::fromJson(const QByteArray &json)
{
    const auto refused = [](const QString &reason) {
        return fail(ErrorKind::FileUnreadable,
            ProvidersText::tr("The table of mail providers is damaged; install the program again."), ErrorAction::None,
            sanitised(reason));
    };
    QJsonParseError error;
    const QJsonObject root = QJsonDocument::fromJson(json, &error).object();
    if (error.error != QJsonParseError::NoError)
        return refused(error.errorString());
    if (root.value("format"_L1).toInt() != 1)
        return refused(u"format"_s);
    const QJsonArray entries = root.value("providers"_L1).toArray();
    Providers table;
    for (const QJsonValue &entry : entries) {
        EntryReader reader(entry.toObject());
        if (!reader.read())
            return refused(reader.provider().name + u": "_s + reader.problem());
        for (const QString &domain : std::as_const(reader.provider().domains)) {
            if (table.m_byDomain.contains(domain))
                return refused(reader.provider().name + u": "_s + domain + u" stands there twice"_s);
            table.m_byDomain.insert(domain, table.m_all.size());
        }
        table.m_all.append(reader.provider());
    }
    return table;
}

const Provider *Providers::forDomain(const QString &domain) const
{
    const auto found = m_byDomain.constFind(domain);
    return found == m_byDomain.cend() ? nullptr : &m_all.at(*found);
}

const Provider *Providers::forMailExchange(const QString &host) const
{
    for (QString name = host; name.contains(u'.'); name = name.section(u'.', 1)) {
        if (const Provider *provider = forDomain(name))
            return provider;
    }
    return nullptr;
}

std::optional<Proposal> Providers::forServerOf(const AccountSettings &account) const
{
    const auto known = [&account](const Provider &provider, const MailAddress &address) -> std::optional<Proposal> {
        const bool isIts = std::ranges::any_of(provider.pop3, [&](const Provider::Server &server) {
            return filledIn(server.host, address).compare(account.host, Qt::CaseInsensitive) == 0;
        });
        std::optional<Proposal> made;
        if (isIts)
            made = fromProvider(provider, Source::Preset, address, account.personName);
        if (made)
            made->account.host = account.host;
        return made;
    };
    const MailAddress address = parseAddress(account.address).value_or(MailAddress());
    // Several may share a server; the one of the address is meant.
    if (const Provider *own = forDomain(address.domain)) {
        if (const auto found = known(*own, address))
            return found;
    }
    for (const Provider &provider : m_all) {
        if (const auto found = known(provider, address))
            return found;
    }
    return std::nullopt;
}

std::optional<Proposal> fromProvider(
    const Provider &provider, Source source, const MailAddress &address, const QString &personName)
{
    const auto pop3 = best(provider.pop3, provider, source, address);
    if (!pop3 && !provider.hasNoPop3)
        return std::nullopt;
    Proposal made = proposal(source, address, personName, provider.name, pop3);
    made.submission = submissionOf(provider, source, address);
    // What can be typed goes before OAuth, which is what is left where nothing can be.
    const auto typed = std::ranges::find_if(provider.signIn, [](SignIn way) { return way != SignIn::OAuth; });
    made.signIn = typed == provider.signIn.cend() ? SignIn::OAuth : *typed;
    for (const QString &key : provider.hints)
        made.hints.append(hint(key, provider.name).value_or(QString()));
    if (source == Source::Mx && pop3) {
        made.needsConfirmation = true;
        made.hints.append(hintOutsideDomain(pop3->host, address.domain));
    }
    return made;
}

std::optional<MailServer> submissionOf(const Provider &provider, Source source, const MailAddress &address)
{
    return best(provider.smtp, provider, source, address);
}

} // namespace satchel::autoconfig
