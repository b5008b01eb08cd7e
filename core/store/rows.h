// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "base/message.h"

namespace satchel::store {

class Connection;

// Rows as values, the same for the writer and for readers.

[[nodiscard]] Expected<QList<AccountSettings>> readAccounts(Connection &connection);

/// By account, then as they were made. \a withRemoved: with those that hold what was deleted for good.
[[nodiscard]] Expected<QList<FolderInfo>> readFolders(Connection &connection, bool withRemoved);

/// In the order of \a ids; those that are gone are left out.
[[nodiscard]] Expected<QList<MessageSummary>> readSummaries(Connection &connection, const QList<MessageId> &ids);

/// The recipients as a list shows them.
/// What a message is listed by: its date, but the time of its arrival where that date lies more than a day ahead of it
/// (and no server confirms it) or before there was mail of this kind.
[[nodiscard]] QDateTime listedDate(const Envelope &envelope, const QDateTime &arrived);

[[nodiscard]] QString recipientLine(const QList<Mailbox> &recipients);

} // namespace satchel::store
