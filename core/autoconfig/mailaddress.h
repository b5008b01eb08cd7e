// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

namespace satchel::autoconfig {

/// An e-mail address taken apart, for looking up what belongs to its domain.
struct MailAddress {
    QString text; ///< as typed, without blanks around it
    QString local; ///< before the last @
    QString domain; ///< after it, in ASCII (IDNA) and lower case: a valid host name with at least one dot

    friend bool operator==(const MailAddress &, const MailAddress &) = default;
};

/// InvalidRequest for what cannot be an address on the internet.
[[nodiscard]] Expected<MailAddress> parseAddress(const QString &text);

/// \a name in ASCII (IDNA) and lower case; empty where that is no host name (RFC 952, 1123: letters, digits,
/// hyphens, dots) of two labels or more, or where it is the number of a host.
[[nodiscard]] QString hostName(const QString &name);

/// Whether \a host is \a domain or lies under it. Both as hostName() gives them.
[[nodiscard]] bool isInside(const QString &host, const QString &domain);

/// The placeholders %EMAILADDRESS%, %EMAILLOCALPART% and %EMAILDOMAIN% of \a pattern filled in, in one pass: an
/// address that itself looks like a placeholder stays what it is.
[[nodiscard]] QString filledIn(const QString &pattern, const MailAddress &address);

/// Whether a user name can be sent to a server at all: no control character, and not endless.
[[nodiscard]] bool isUserName(const QString &name);

} // namespace satchel::autoconfig
