// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/session.h"
#include "store/writer.h"
#include "sync/types.h"

namespace satchel::sync {

// What a server says of itself (EXPIRE, LOGIN-DELAY, IMPLEMENTATION), between CAPA, the store and the windows.
// Used on the mail thread.

/// Of a session that is, or was, logged in.
[[nodiscard]] ServerAnnouncement announcementOf(
    AccountId account, const pop3::Session &session, const QDateTime &loginAt);

/// As it was kept; one without `loginAt` where nothing was.
[[nodiscard]] ServerAnnouncement keptAnnouncement(const store::Writer &writer, AccountId account);

/// Written only where more changed than the time, or where the time matters (LOGIN-DELAY).
Expected<void> keepAnnouncement(store::Writer &writer, const ServerAnnouncement &announcement);

} // namespace satchel::sync
