// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/sasl.h"

#include <QCryptographicHash>

namespace satchel::net {

// The mechanisms behind makeSaslMechanism(); nobody else includes this.

/// What every mechanism holds, and the errors they share.
class CredentialMechanism : public SaslMechanism
{
public:
    CredentialMechanism(QByteArray name, Credentials credentials, SaslContext context);
    [[nodiscard]] QByteArray name() const override { return m_name; }

protected:
    [[nodiscard]] std::unexpected<Error> nonsense() const; ///< a challenge that makes no sense
    [[nodiscard]] std::unexpected<Error> impostor() const; ///< the server does not know the password itself
    /// Whether what the server sent is the proof that was computed. How long that takes tells nobody where they differ.
    [[nodiscard]] static bool isProof(const QByteArray &sent, const QByteArray &computed);
    [[nodiscard]] QByteArray nonce() const;
    [[nodiscard]] const Credentials &credentials() const { return m_credentials; }
    [[nodiscard]] const SaslContext &context() const { return m_context; }

private:
    QByteArray m_name;
    Credentials m_credentials;
    SaslContext m_context;
};

std::unique_ptr<SaslMechanism> makePlain(const Credentials &credentials, const SaslContext &context);
std::unique_ptr<SaslMechanism> makeLogin(const Credentials &credentials, const SaslContext &context);
std::unique_ptr<SaslMechanism> makeExternal(const Credentials &credentials, const SaslContext &context);
std::unique_ptr<SaslMechanism> makeXoauth2(const Credentials &credentials, const SaslContext &context);
std::unique_ptr<SaslMechanism> makeOauthBearer(const Credentials &credentials, const SaslContext &context);
std::unique_ptr<SaslMechanism> makeCramMd5(const Credentials &credentials, const SaslContext &context);
std::unique_ptr<SaslMechanism> makeDigestMd5(const Credentials &credentials, const SaslContext &context);
std::unique_ptr<SaslMechanism> makeScram(
    QCryptographicHash::Algorithm hash, const Credentials &credentials, const SaslContext &context);

} // namespace satchel::net
