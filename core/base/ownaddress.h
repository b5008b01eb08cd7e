// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace satchel {

/// The address of its reader that a message came to: what the header shows it was delivered to, and what an answer is
/// sent from (Q55). A mailbox that takes everything of a domain, or an address with "+shop" behind its name, has more
/// addresses than its account knows.
///
/// \a delivered: what the server that delivered it wrote down (mime::Message::deliveredTo), the best first.
/// \a named: To and Cc, which anyone can write. \a own: the addresses of the accounts, that of the message's first.
///
/// An address of the reader that stands in both comes first; then one of \a own that is named; then one that only the
/// server wrote down. Only addresses in a domain of \a own count, since others belong to lists and to boxes that mail
/// was forwarded from. What is named proves nothing by its domain alone: a neighbour at the same provider has it too.
/// Where there is none, the first of \a own; empty where \a own is.
[[nodiscard]] QString addressedAs(const QStringList &delivered, const QList<Mailbox> &named, const QStringList &own);

} // namespace satchel
