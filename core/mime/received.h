// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayView>
#include <QDateTime>

namespace satchel::mime {

/// When the server of the mailbox received \a message, as the topmost Received says, which is its own; UTC. Invalid
/// where there is none, or it cannot be read.
[[nodiscard]] QDateTime receivedAt(QByteArrayView message);

} // namespace satchel::mime
