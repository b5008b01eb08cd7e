// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"

#include <QMetaType>
#include <QString>
#include <QStringList>

#include <optional>

namespace satchel::autoconfig {

/// Where settings were learned, best first.
enum class Source {
    Preset, ///< the table that comes with the program
    Autoconfig, ///< a file that the domain publishes over https
    Dns, ///< SRV records (RFC 6186)
    Mx, ///< the domain's mail is received by a provider of the table
    Guess, ///< a server that answered under a usual name
};

/// What a mail program signs in with, as far as it is known.
enum class SignIn {
    Password,
    AppPassword, ///< made in the provider's web settings, for one program
    AuthorizationCode, ///< the same by another name
    OAuth, ///< nothing else is accepted: a password is refused, even the right one
};

/// A server of either kind, as it was found.
struct MailServer {
    QString host;
    quint16 port = 0;
    Security security = Security::ImplicitTls;
    QString userName;

    friend bool operator==(const MailServer &, const MailServer &) = default;
};

/// Settings that were found for an address, to be shown before they are used. Plain values for any room.
struct Proposal {
    AccountSettings account; ///< ready to use but for the password; without a host where noPop3
    std::optional<MailServer> submission; ///< SMTP, where it is known
    Source source = Source::Preset;
    SignIn signIn = SignIn::Password;
    QStringList hints; ///< translated sentences: what the person must know or do, in this order
    QString provider; ///< its name, or the domain
    bool insecure = false; ///< nothing but a connection that anyone on the way can read
    /// The password would go where nobody vouches for: a server outside the domain that only unprotected DNS named,
    /// one whose certificate could not be verified, or one without encryption. The hints say which.
    bool needsConfirmation = false;
    bool noPop3 = false; ///< the provider is known not to offer POP3: there is nothing to connect to

    friend bool operator==(const Proposal &, const Proposal &) = default;
};

struct MailAddress;

/// A proposal for \a address with the server filled in, and what follows from that server alone.
[[nodiscard]] Proposal proposal(Source source, const MailAddress &address, const QString &personName,
    const QString &provider, const std::optional<MailServer> &pop3);

} // namespace satchel::autoconfig

Q_DECLARE_METATYPE(satchel::autoconfig::Proposal)
