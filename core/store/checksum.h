// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace satchel::store {

/// SHA-256 (FIPS 180-4), as fast as the machine can. Any thread.
[[nodiscard]] QByteArray sha256(const QByteArray &bytes);

} // namespace satchel::store
