// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <optional>

namespace satchel::net {

/// SASLprep (RFC 4013) of a query string: mapped, NFKC, checked for prohibited characters and for
/// direction. nullopt where the string may not be used.
[[nodiscard]] std::optional<QString> saslPrepared(const QString &text);

} // namespace satchel::net
