// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "sync/types.h"

#include <QStringList>

namespace satchel::ui {

/// Text for a bug report: the program and the system, what the server says of itself, the last lines of the connection
/// log. Of the person nothing: names, user names and addresses of \a accounts are struck out wherever they stand, and
/// the text says so. In English, since it is for those who mend the program.
[[nodiscard]] QString bugReport(const QList<AccountSettings> &accounts, const QList<sync::ServerAnnouncement> &servers,
    const QStringList &logLines);

} // namespace satchel::ui
