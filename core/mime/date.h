// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/headerguard.h"

#include <QDateTime>

namespace satchel::mime {

/// A date as mail writes it: RFC 5322 and its obsolete forms, ISO 8601, C's ctime, months in several languages,
/// years of two digits. With the sender's offset: zones as RFC 5322, 4.3 has them, "GMT+0200", an offset without its
/// sign. Invalid when it cannot be read.
[[nodiscard]] QDateTime readDate(QByteArrayView guardedValue);

/// Date, else the newest Received that can be read.
[[nodiscard]] QDateTime messageDate(const HeaderBlock &header);

/// When the last server took the message: the topmost Received that can be read. Invalid without one.
[[nodiscard]] QDateTime topReceived(const HeaderBlock &header);

/// What mail is sorted by: \a date, as messageDate() found it, unless it lies more than a day ahead of the topmost
/// Received, or more than a year behind it. Then the clock of the last server is believed. Pure.
[[nodiscard]] QDateTime credibleDate(const QDateTime &date, const HeaderBlock &header);

} // namespace satchel::mime
