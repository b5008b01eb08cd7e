// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/sasl.h"

#include "net/saslmechanisms.h"

#include <QCoreApplication>
#include <QRandomGenerator>

#include <algorithm>
#include <array>

namespace satchel::net {

namespace {

struct Sasl {
    Q_DECLARE_TR_FUNCTIONS(satchel::net::Sasl)
};

} // namespace

CredentialMechanism::CredentialMechanism(QByteArray name, Credentials credentials, SaslContext context)
    : m_name(std::move(name))
    , m_credentials(std::move(credentials))
    , m_context(std::move(context))
{
}

std::unexpected<Error> CredentialMechanism::nonsense() const
{
    return fail(ErrorKind::ProtocolError,
        Sasl::tr("The server %1 broke off the sign-in with an answer that makes no sense; try again, or choose "
                 "another way to sign in.")
            .arg(m_context.host),
        ErrorAction::ShowLog);
}

std::unexpected<Error> CredentialMechanism::impostor() const
{
    return fail(ErrorKind::AuthenticationFailed,
        Sasl::tr("The server %1 could not prove that it knows your password, so it may not be the right server; "
                 "check its name.")
            .arg(m_context.host),
        ErrorAction::EditAccount);
}

bool CredentialMechanism::isProof(const QByteArray &sent, const QByteArray &computed)
{
    if (sent.size() != computed.size())
        return false;
    int difference = 0;
    for (qsizetype i = 0; i < sent.size(); ++i)
        difference |= sent.at(i) ^ computed.at(i);
    return difference == 0;
}

QByteArray CredentialMechanism::nonce() const
{
    if (m_context.nonce)
        return m_context.nonce();
    std::array<quint32, 6> random{};
    QRandomGenerator::system()->fillRange(random.data(), static_cast<qsizetype>(random.size()));
    return QByteArray::fromRawData(reinterpret_cast<const char *>(random.data()), sizeof(random)).toBase64();
}

bool showsPassword(const QByteArray &mechanism)
{
    const QByteArray name = mechanism.toUpper();
    return name == "PLAIN" || name == "LOGIN" || name == "XOAUTH2" || name == "OAUTHBEARER";
}

std::unique_ptr<SaslMechanism> makeSaslMechanism(
    const QByteArray &mechanism, const Credentials &credentials, const SaslContext &context)
{
    const QByteArray name = mechanism.toUpper();
    if (name == "PLAIN")
        return makePlain(credentials, context);
    if (name == "LOGIN")
        return makeLogin(credentials, context);
    if (name == "EXTERNAL")
        return makeExternal(credentials, context);
    if (name == "XOAUTH2")
        return makeXoauth2(credentials, context);
    if (name == "OAUTHBEARER")
        return makeOauthBearer(credentials, context);
    if (name == "CRAM-MD5")
        return makeCramMd5(credentials, context);
    if (name == "DIGEST-MD5")
        return makeDigestMd5(credentials, context);
    if (name == "SCRAM-SHA-1")
        return makeScram(QCryptographicHash::Sha1, credentials, context);
    if (name == "SCRAM-SHA-256")
        return makeScram(QCryptographicHash::Sha256, credentials, context);
    if (name == "SCRAM-SHA-512")
        return makeScram(QCryptographicHash::Sha512, credentials, context);
    return nullptr;
}

QByteArrayList usableSaslMechanisms(const QByteArrayList &offered, const Credentials &credentials, bool encrypted,
    bool plainAllowed, bool haveClientCertificate)
{
    QByteArrayList order;
    if (haveClientCertificate && encrypted)
        order.append("EXTERNAL");
    if (!credentials.accessToken.isEmpty()) {
        if (encrypted || plainAllowed)
            order += {"OAUTHBEARER", "XOAUTH2"};
    } else if (!haveClientCertificate || !credentials.password.isEmpty()) {
        order += {"SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1"};
        if (encrypted)
            order += {"PLAIN", "LOGIN"};
        order += {"CRAM-MD5", "DIGEST-MD5"};
        if (!encrypted && plainAllowed)
            order += {"PLAIN", "LOGIN"};
    }
    QByteArrayList usable;
    for (const QByteArray &name : std::as_const(order)) {
        const bool isOffered = std::ranges::any_of(
            offered, [&name](const QByteArray &other) { return other.compare(name, Qt::CaseInsensitive) == 0; });
        const bool haveBetter = !usable.isEmpty() && usable.constLast() != "EXTERNAL";
        if (!isOffered || (name == "DIGEST-MD5" && haveBetter))
            continue;
        usable.append(name);
    }
    return usable;
}

} // namespace satchel::net
