// SPDX-License-Identifier: GPL-3.0-or-later
#include "autoconfig/webconfig.h"

#include "autoconfig/configfetch.h"

#include <QUrlQuery>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::autoconfig {

namespace {

constexpr QLatin1StringView Postmaster = "postmaster"_L1;

bool isUsable(const std::optional<ClientConfig> &config)
{
    return config && config->pop3;
}

/// A file that was made for the postmaster may name him where others have a placeholder.
void putPersonInPlace(std::optional<MailServer> &server, const MailAddress &postmaster, const MailAddress &person)
{
    if (!server)
        return;
    if (server->userName == postmaster.text)
        server->userName = person.text;
    else if (server->userName == postmaster.local)
        server->userName = person.local;
}

bool wantsAnAddress(int status)
{
    return status >= 400 && status < 500 && status != 404 && status != 410;
}

} // namespace

WebConfig::WebConfig(const MailAddress &address, const DiscoveryOptions &options, QObject *parent)
    : QObject(parent)
    , m_address(address)
    , m_options(options)
{
}

WebConfig::~WebConfig() = default;

void WebConfig::start()
{
    for (Place &place : m_places)
        ask(place);
}

void WebConfig::abort()
{
    m_finished = true;
    for (Place &place : m_places) {
        if (place.fetch)
            place.fetch->abort();
    }
}

bool WebConfig::answered() const
{
    return std::ranges::any_of(m_places, [](const Place &place) {
        return place.done
            && (place.config || place.fetch->status() != 0 || place.error.kind == ErrorKind::CertificateUntrusted
                || place.error.kind == ErrorKind::ConnectionRefused);
    });
}

QUrl WebConfig::url(const Place &place) const
{
    QUrl url;
    url.setScheme(u"https"_s);
    if (&place == &m_places[0]) {
        url.setHost(u"autoconfig."_s + m_address.domain);
        url.setPath(u"/mail/config-v1.1.xml"_s);
    } else {
        url.setHost(m_address.domain);
        url.setPath(u"/.well-known/autoconfig/mail/config-v1.1.xml"_s);
    }
    if (place.asPostmaster) {
        QUrlQuery query;
        query.addQueryItem(u"emailaddress"_s, Postmaster + u'@' + m_address.domain);
        url.setQuery(query);
    }
    return url;
}

void WebConfig::ask(Place &place)
{
    place.fetch = std::make_unique<ConfigFetch>(url(place), m_options);
    connect(place.fetch.get(), &ConfigFetch::finished, this, [this, &place] { answer(place); });
    place.fetch->start();
}

void WebConfig::answer(Place &place)
{
    if (m_finished)
        return;
    const Expected<QByteArray> &body = place.fetch->result();
    if (!body && wantsAnAddress(place.fetch->status()) && !place.asPostmaster) {
        place.asPostmaster = true;
        place.fetch.release()->deleteLater(); // it is speaking
        ask(place);
        return;
    }
    place.done = true;
    if (!body)
        place.error = body.error();
    else if (const auto config = parseClientConfig(*body, m_address))
        place.config = *config;
    else
        place.error = config.error();
    if (place.config && place.asPostmaster) {
        const MailAddress postmaster{Postmaster + u'@' + m_address.domain, Postmaster, m_address.domain};
        putPersonInPlace(place.config->pop3, postmaster, m_address);
        putPersonInPlace(place.config->submission, postmaster, m_address);
    }

    const Place &first = m_places[0];
    const Place &second = m_places[1];
    if (!(first.done && isUsable(first.config)) && !(first.done && second.done))
        return;
    m_config = first.config;
    if (!isUsable(first.config) && (isUsable(second.config) || !first.config))
        m_config = second.config;
    abort();
    Q_EMIT finished();
}

} // namespace satchel::autoconfig
