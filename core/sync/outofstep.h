// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace satchel::sync {

// Whether a message is the one that was asked for, as far as its size and its lines tell. Sizes are advisory (Q21): one
// that does not fit is a reason to look at the header, never proof. Pure; any thread.

/// Whether \a message may be what LIST said is \a listed bytes long: in bytes, with line ends counted as one, or with
/// dots that were stuffed. True where LIST did not say.
[[nodiscard]] bool fitsListedSize(qint64 listed, const QByteArray &message);

[[nodiscard]] bool beginsAsReply(const QByteArray &message);
/// Whether a line begins as a reply does. Within one message that is odd; where its size does not fit either, it is
/// two.
[[nodiscard]] bool holdsReply(const QByteArray &message);

/// Without a second "+OK" line in front of the header, where LIST says that it does not belong to the message.
[[nodiscard]] QByteArray withoutStrayReply(const QByteArray &message, qint64 listed);

} // namespace satchel::sync
