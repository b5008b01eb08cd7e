// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>

namespace satchel::mime {

/// The mailboxes of one guarded address field. Well-formed fields are read by KMime; what real mail writes
/// besides (no domain, groups, routes, addresses as unquoted names, raw 8-bit) by a tolerant reader, in which
/// nothing that the field held is lost. Names and addresses are fit to show.
[[nodiscard]] QList<Mailbox> readAddresses(QByteArrayView value, const QByteArray &bodyCharset, qsizetype limit);

/// The message ids in a guarded field, without angle brackets.
[[nodiscard]] QList<QByteArray> readMessageIds(QByteArrayView value);

} // namespace satchel::mime
