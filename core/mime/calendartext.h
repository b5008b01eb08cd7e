// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace satchel::mime {

/// What an invitation says (RFC 5545, RFC 5546), in words: what, when, where and by whom. Empty when there is nothing
/// in it. \a method: what the part's Content-Type says, where the calendar says nothing.
[[nodiscard]] QString calendarInWords(const QString &calendar, const QByteArray &method);

} // namespace satchel::mime
