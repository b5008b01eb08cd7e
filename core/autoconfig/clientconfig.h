// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/mailaddress.h"
#include "autoconfig/proposal.h"
#include "base/error.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace satchel::autoconfig {

/// No honest file comes near it.
constexpr qint64 LargestClientConfig = 256 * 1024;

/// What a config-v1.1.xml file says, as far as a POP3 program needs it.
struct ClientConfig {
    QString provider; ///< its display name, fit to show; may be empty
    std::optional<MailServer> pop3; ///< the best: encrypted from the first byte, then STARTTLS, then plain
    bool passwordRefused = false; ///< that server takes OAuth 2 only
    std::optional<MailServer> submission;
};

/// Reads the file of a domain for \a address. The file comes from outside: a document type definition (and with it
/// every entity of its own), a wrong root, broken XML and too large a file are ProtocolError; a server whose host,
/// port or user name cannot be one is passed over.
[[nodiscard]] Expected<ClientConfig> parseClientConfig(const QByteArray &xml, const MailAddress &address);

} // namespace satchel::autoconfig
