// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/mailboxaccess.h"

#include "net/clientcertificate.h"

namespace satchel::sync {

namespace {

constexpr QLatin1StringView recentPrefix("recent:");

} // namespace

Expected<Access> accessTo(const AccountSettings &account, const net::Credentials &credentials, const QDateTime &now)
{
    Access access;
    net::Endpoint &endpoint = access.endpoint;
    endpoint.host = account.host;
    endpoint.port = account.port;
    endpoint.security = account.security;
    endpoint.trustedCertificate = account.trustedCertificate;
    endpoint.oldTls = account.oldTls;
    if (account.certificateFile.isEmpty())
        return access;
    Expected<net::ClientCertificate> certificate =
        net::readClientCertificate(account.certificateFile, credentials.certificatePassphrase, now);
    if (!certificate)
        return std::unexpected(certificate.error());
    endpoint.clientCertificate = std::move(certificate->pem);
    access.certificateEnds = certificate->validUntil;
    return access;
}

bool endsSoon(const QDateTime &certificateEnds, const QDateTime &now)
{
    constexpr int noticeDays = 21;
    return certificateEnds.isValid() && now.daysTo(certificateEnds) < noticeDays;
}

net::Credentials credentialsFor(const AccountSettings &account, net::Credentials credentials)
{
    if (!account.userName.isEmpty())
        credentials.userName = account.userName;
    if (account.recentMode && !credentials.userName.startsWith(recentPrefix))
        credentials.userName.prepend(recentPrefix);
    return credentials;
}

QStringList namesOf(const AccountSettings &account)
{
    return {account.userName, account.address, account.personName};
}

bool isGmail(const QString &host, const QByteArray &greeting)
{
    return greeting.startsWith("Gpop ") || host.endsWith(QLatin1StringView("gmail.com"), Qt::CaseInsensitive)
        || host.endsWith(QLatin1StringView("googlemail.com"), Qt::CaseInsensitive);
}

} // namespace satchel::sync
