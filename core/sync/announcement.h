// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "pop3/session.h"
#include "store/writer.h"
#include "sync/types.h"

namespace satchel::sync {

// What a server says of itself (EXPIRE, LOGIN-DELAY, IMPLEMENTATION), between CAPA, the store and the windows.
// Used on the mail thread.

/// Of a session that is, or was, logged in.
[[nodiscard]] ServerAnnouncement announcementOf(
    AccountId account, const pop3::Session &session, const QDateTime &loginAt);

/// As it was kept of the server that the account names now; one without `loginAt` where nothing was. A delay that was
/// learned from a refusal is forgotten after a week, so that the server is asked again whether it still wants one.
[[nodiscard]] ServerAnnouncement keptAnnouncement(
    const store::Writer &writer, const AccountSettings &account, QDate today = Clock().now().toLocalTime().date());

/// Written only where more changed than the time, or where the time matters (LOGIN-DELAY).
Expected<void> keepAnnouncement(store::Writer &writer, const AccountSettings &account,
    const ServerAnnouncement &announcement, QDate today = Clock().now().toLocalTime().date());

} // namespace satchel::sync
