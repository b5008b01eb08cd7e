// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/mailbox/mailboxmodel.h"

#include <QVariant>

namespace satchel::ui {

// How a row of the mailbox reads, looks and is put in order.

struct MessageOrder {
    int unknown = 0; ///< not 0: one of the two is not known, and comes last
    int value = 0;
};
[[nodiscard]] MessageOrder compareMessages(
    const sync::ServerMessage &one, const sync::ServerMessage &other, const MailboxModel &model, int column);

[[nodiscard]] QString stateExplained(const sync::ServerMessage &message); ///< a sentence
/// Icon and colours of a row with a mark.
[[nodiscard]] QVariant markLook(sync::ServerMark mark, bool markColumn, int role);

} // namespace satchel::ui
