// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace satchel::autoconfig {

/// The translated sentence behind a key of resources/providers/providers.json; nothing for a key that is not known.
[[nodiscard]] std::optional<QString> hint(const QString &key, const QString &provider);

// What the search itself finds out.
[[nodiscard]] QString hintNotEncrypted(const QString &host);
[[nodiscard]] QString hintOutsideDomain(const QString &host, const QString &domain);
[[nodiscard]] QString hintUntrustedCertificate(const QString &host);
[[nodiscard]] QString hintNamesNoPop3(const QString &domain);

} // namespace satchel::autoconfig
