// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/connection.h"
#include "store/writer.h"

namespace satchel::store {

// Messages of which only the beginning is here (within a transaction of the Writer).

/// All of them, as they stand in messages.flags.
inline constexpr MessageFlags partialFlags =
    MessageFlag::Partial | MessageFlag::RestWished | MessageFlag::RestRefused | MessageFlag::RestGone;

/// A rebuilt server lists by a new UIDL what is known by another one that is not listed any more (Q30): the row moves
/// there, and no second beginning is stored. By the header alone, because that is all there is of it.
[[nodiscard]] Expected<bool> recogniseBeginning(Connection &connection, const AppendItem &item);

/// The ledger row of a beginning that was stored: it does not say "stored".
[[nodiscard]] Expected<void> enterBeginning(
    Connection &connection, const AppendItem &item, MessageId message, const QDateTime &now);

/// The whole takes the place of its beginning: the same row, in the folder where it is, with the flags that it has.
[[nodiscard]] Expected<MessageSummary> complete(
    Connection &connection, const AppendItem &item, MessageId beginning, qint64 source);

/// The whole turned out to be a message that is stored already: its beginning goes where what was deleted waits.
[[nodiscard]] Expected<QList<MovedMessage>> retireBeginning(
    Connection &connection, AccountId account, MessageId beginning);

/// By which one more message of this UIDL can be known.
[[nodiscard]] Expected<int> nextOccurrence(Connection &connection, AccountId account, const QByteArray &uidl);

/// Holds what was fetched against the message that its key names (AppendItem::compare). True: it is that one, and its
/// row says so. Else the key is one of its own from now on, and what was known is not on the server any more.
[[nodiscard]] Expected<bool> confirm(Connection &connection, AppendItem &item);

/// What is deleted here is not got as a whole any more.
[[nodiscard]] Expected<void> forgoRest(Connection &connection, MessageId message);

} // namespace satchel::store
