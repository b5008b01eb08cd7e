// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "pop3/types.h"
#include "store/writer.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace satchel::sync {

/// What a mailbox held when the last visit left it, in the server's order: what a forecast starts from. The ledger
/// alone does not tell it: it knows neither the order nor the messages that were never stored.
struct LastListing {
    bool nameless = false; ///< the server gives no UIDL; those here stand for headers (Q27)
    bool numbered = false; ///< its UIDLs are the message numbers; the same
    QList<pop3::ListedMessage> messages;
};

/// One value for the store, small and equal for equal listings.
[[nodiscard]] QByteArray packed(const LastListing &listing);
/// nullopt when \a bytes were not made by packed().
[[nodiscard]] std::optional<LastListing> unpackedListing(const QByteArray &bytes);

/// Kept with the account; written only when it changed. For the mail thread.
Expected<void> keepLastListing(store::Writer &writer, const AccountSettings &account, const LastListing &listing);
/// nullopt where no visit to the mailbox that the account names now got as far as a listing yet.
[[nodiscard]] Expected<std::optional<LastListing>> lastListing(
    const store::Writer &writer, const AccountSettings &account);

} // namespace satchel::sync
