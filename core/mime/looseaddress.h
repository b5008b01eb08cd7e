// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

namespace satchel::mime {

/// The mailboxes of a field that no grammar describes: addresses without a domain, groups, routes, addresses as
/// unquoted names, names with unquoted commas, brackets in brackets, comments and blanks within addresses, raw 8-bit.
/// \a tokens: guarded, its encoded words normalised. One pass; what the field held is in some mailbox. Pure, for any
/// thread.
[[nodiscard]] QList<Mailbox> readLooseAddresses(QByteArrayView tokens, const QByteArray &bodyCharset, qsizetype limit);

/// local@domain in plain ASCII, without quotes and comments.
[[nodiscard]] bool isPlainAddress(QByteArrayView text);

/// Fit to show, without the quotes that some programs put around the whole name.
[[nodiscard]] QString presentableName(QString name);

/// Fit to show, without blanks and joiners.
[[nodiscard]] QString presentableAddress(const QString &address);

} // namespace satchel::mime
