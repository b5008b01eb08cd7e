// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/headerguard.h"

#include <QDateTime>

namespace satchel::mime {

/// A date as mail writes it: RFC 5322 and its obsolete forms, ISO 8601, C's ctime, months in several languages,
/// years of two digits. With the sender's offset; invalid when it cannot be read.
[[nodiscard]] QDateTime readDate(QByteArrayView guardedValue);

/// Date, else the newest Received that can be read.
[[nodiscard]] QDateTime messageDate(const HeaderBlock &header);

} // namespace satchel::mime
