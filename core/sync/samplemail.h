// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/message.h"
#include "store/writer.h"

namespace satchel::sync {

struct SampleMail {
    AccountSettings account;
    bool accountAdded = false;
    QList<MessageSummary> stored; ///< those that were not there yet
};

/// Fills a mailbox without a server with the messages that come with the program, so that a person can look around
/// without an account. All messages come in one commit; called again it adds nothing twice (law 2), nor brings back
/// what was deleted. On the mail thread.
[[nodiscard]] Expected<SampleMail> addSampleMail(store::Writer &writer, int position);

} // namespace satchel::sync
