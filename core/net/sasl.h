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

/// nullptr for a mechanism that is not known.
[[nodiscard]] std::unique_ptr<SaslMechanism> makeSaslMechanism(const QByteArray &name, const Credentials &credentials,
                                                               const SaslContext &context);

/// Of \a offered (compared without case, Q7), those that can be used with these credentials, strongest
/// first. Mechanisms that show the password are left out where \a encrypted is false, unless \a plainAllowed.
[[nodiscard]] QByteArrayList usableSaslMechanisms(const QByteArrayList &offered, const Credentials &credentials,
                                                  bool encrypted, bool plainAllowed, bool haveClientCertificate = false);

} // namespace satchel::net
