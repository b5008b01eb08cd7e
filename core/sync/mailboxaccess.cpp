// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mailboxaccess.h"

namespace satchel::sync {

namespace {

constexpr QLatin1StringView recentPrefix("recent:");

} // namespace

net::Endpoint endpointOf(const AccountSettings &account)
{
    net::Endpoint endpoint;
    endpoint.host = account.host;
    endpoint.port = account.port;
    endpoint.security = account.security;
    endpoint.trustedCertificate = account.trustedCertificate;
    endpoint.oldTls = account.oldTls;
    return endpoint;
}

net::Credentials credentialsFor(const AccountSettings &account, net::Credentials credentials)
{
    if (account.recentMode && !credentials.userName.startsWith(recentPrefix))
        credentials.userName.prepend(recentPrefix);
    return credentials;
}

bool isGmail(const QString &host, const QByteArray &greeting)
{
    return greeting.startsWith("Gpop ") || host.endsWith(QLatin1StringView("gmail.com"), Qt::CaseInsensitive)
        || host.endsWith(QLatin1StringView("googlemail.com"), Qt::CaseInsensitive);
}

} // namespace satchel::sync
