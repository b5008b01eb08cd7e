// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/credentials.h"

#include <QByteArray>
#include <QByteArrayList>

#include <functional>
#include <memory>
#include <optional>

namespace satchel::net {

/// What a mechanism may need to know beside the credentials.
struct SaslContext {
    QString service = QStringLiteral("pop");
    QString host;
    quint16 port = 0;
    bool encrypted = false;
    bool latin1 = false; ///< PLAIN and LOGIN send ISO 8859-1 instead of UTF-8: servers older than RFC 4616 (Q13)
    std::function<QByteArray()> nonce; ///< for tests with the RFCs' vectors; empty: random
};

/// One run of one SASL mechanism (RFC 4422), without its framing: protocols do base64 and line breaks.
class SaslMechanism
{
public:
    virtual ~SaslMechanism() = default;
    [[nodiscard]] virtual QByteArray name() const = 0;
    /// Sent first where the mechanism begins with the client; nullopt where the server begins.
    [[nodiscard]] virtual std::optional<QByteArray> initialResponse() = 0;
    /// The answer to a challenge; an error (ProtocolError, AuthenticationFailed) cancels the exchange.
    [[nodiscard]] virtual Expected<QByteArray> respond(const QByteArray &challenge) = 0;
    /// False when success from the server must not be believed yet (SCRAM: its signature was not seen).
    [[nodiscard]] virtual bool mayFinish() const { return true; }
};

/// Whether the password can be read from what the mechanism sends.
[[nodiscard]] bool showsPassword(const QByteArray &mechanism);

/// nullptr for a mechanism that is not known. The name is compared without case.
[[nodiscard]] std::unique_ptr<SaslMechanism> makeSaslMechanism(
    const QByteArray &name, const Credentials &credentials, const SaslContext &context);

/// Of \a offered (compared without case, Q7), those that can be used with these credentials, best first.
///
/// EXTERNAL comes first (inside TLS, with a client certificate). A token then is used alone: OAUTHBEARER, XOAUTH2. With
/// a password: SCRAM-SHA-512, -256 and -1; then, inside TLS, PLAIN, LOGIN and CRAM-MD5 (which hides nothing more there,
/// and fails on servers that store passwords well), in clear CRAM-MD5 alone. DIGEST-MD5 (RFC 6331: obsolete)
/// only where none of these is there. Mechanisms that show the password are left out where \a encrypted is
/// false, unless \a plainAllowed: then they come last. With a certificate and no password, EXTERNAL is all there is.
[[nodiscard]] QByteArrayList usableSaslMechanisms(const QByteArrayList &offered, const Credentials &credentials,
    bool encrypted, bool plainAllowed, bool haveClientCertificate = false);

} // namespace satchel::net
