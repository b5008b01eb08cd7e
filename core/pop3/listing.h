// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/types.h"

#include <QByteArrayView>

namespace satchel::pop3 {

/// Digits only, no sign, more than zero and small enough; nullopt otherwise. Never used as an index.
[[nodiscard]] std::optional<int> messageNumber(QByteArrayView word);

/// A size as sent: advisory (Q21). What is negative, overflows or is no number counts as 0.
[[nodiscard]] qint64 advisorySize(QByteArrayView word);

/// What the answer to UIDL names, each line ended by a line feed, in its order and without sizes. Lines that make no
/// sense and numbers that come a second time are left out.
[[nodiscard]] QList<ListedMessage> namedListing(QByteArrayView uidl);

/// The sizes that LIST says of \a messages that UIDL named before. UIDL is the truth (Q20): a number that only LIST has
/// is left out (mail that came between the two commands), one that only UIDL has gets size 0.
void takeSizes(QList<ListedMessage> &messages, QByteArrayView list);

/// Numbers that LIST has, and UIDL does not name although STAT counted so many (lines that made no sense): with empty
/// UIDLs behind the others. What is beyond came between the commands (Q20).
void addUnnamed(QList<ListedMessage> &messages, QByteArrayView list, int stated);

/// For servers without UIDL: the numbers of LIST, with empty UIDLs (Q31).
[[nodiscard]] QList<ListedMessage> plainListing(QByteArrayView list);

} // namespace satchel::pop3
