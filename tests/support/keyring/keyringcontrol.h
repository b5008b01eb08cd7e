// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArrayList>
#include <QString>

namespace satchel::test {

// The keyring that keyring.sh runs this program with, as the desktop sees it. On the thread of the application.

/// Runs this program once more, in a \a situation of keyring.sh and with a home of its own; its exit status.
[[nodiscard]] int runAgainWithKeyring(const QString &situation);

[[nodiscard]] bool lockKeyring();
[[nodiscard]] bool unlockKeyring(); ///< as the prompt of the desktop does it when the password was typed
[[nodiscard]] qsizetype keyringEntries(); ///< locked ones too
[[nodiscard]] QByteArrayList keyringSecrets(); ///< what the entries say, while it is open
[[nodiscard]] bool emptyKeyring(); ///< while it is open

} // namespace satchel::test
