// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace satchel::mime {

/// As browsers read an address: tabs and line ends within it do not count, blanks around it neither.
[[nodiscard]] QString cleanedUrl(const QString &url);

/// Lower case; empty for a relative address. `http:/host` and `HT\tTP://host` are http.
[[nodiscard]] QString schemeOf(const QString &cleaned);

/// True for what an engine would open a connection for: everything with a scheme of the network, and `//host`.
[[nodiscard]] bool isRemoteUrl(const QString &url);

/// The address a link may keep: http, https or mailto (without attachments), else empty.
/// \a base: of the document, for relative links; may be empty.
[[nodiscard]] QString safeLink(const QString &url, const QString &base);

/// True for a small inline PNG, JPEG, GIF or WebP.
[[nodiscard]] bool isSmallDataImage(const QString &url);

} // namespace satchel::mime
