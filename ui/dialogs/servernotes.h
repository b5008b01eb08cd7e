// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"

#include <QStringList>

namespace satchel::ui {

// What a server said of itself, as sentences for dialogs that show an account.

/// That the server deletes by itself what \a settings leave there (EXPIRE); empty: it does not, or has not said so.
[[nodiscard]] QString expiryWarning(const AccountSettings &settings, const sync::ServerAnnouncement &server);

/// That the server lets nobody in as often as \a settings want it (LOGIN-DELAY); empty: it does, or has not said so.
[[nodiscard]] QString loginDelayWarning(const AccountSettings &settings, const sync::ServerAnnouncement &server);

/// Where what the person chose in \a settings cannot be had on this server: one sentence each.
[[nodiscard]] QStringList serverWarnings(const AccountSettings &settings, const sync::ServerAnnouncement &server);

/// Its program, how the last login went and what it allows, one line each; empty: it was never visited.
[[nodiscard]] QStringList serverDescription(const sync::ServerAnnouncement &server);

/// The provider that hides what was fetched, and has a mode against it (Q36, Q37).
[[nodiscard]] bool isGmail(const QString &host);

/// "45 seconds", "10 minutes", "2 hours".
[[nodiscard]] QString durationText(int seconds);

} // namespace satchel::ui
