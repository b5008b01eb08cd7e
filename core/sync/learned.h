// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "store/writer.h"

#include <QByteArray>
#include <QString>

namespace satchel::sync {

// What visits learn is kept with the account and belongs to the server, or the mailbox, of which it was learned: an
// account that is led to another one knows nothing of that, whatever it knew before. For the mail thread.

/// Another host, port or kind of encryption is another server.
[[nodiscard]] QByteArray serverOf(const AccountSettings &account);
/// Another user on another host is another mailbox, by whichever port it is reached.
[[nodiscard]] QByteArray mailboxOf(const AccountSettings &account);

/// Empty where nothing is known, or was learned of something else than \a whose.
[[nodiscard]] Expected<QByteArray> learned(
    const store::Writer &writer, AccountId account, const QByteArray &whose, const QString &name);
/// Written only where it is new.
Expected<void> keepLearned(
    store::Writer &writer, AccountId account, const QByteArray &whose, const QString &name, const QByteArray &value);

} // namespace satchel::sync
