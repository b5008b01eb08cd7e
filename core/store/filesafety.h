// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

#include <functional>

namespace satchel::store {

// What every file of a profile needs and QFile does not give: that only its owner may read it, whatever the folder and
// the umask; and that what was written, and the name it was written under, are on the disk when a call returns. All
// functions may be called on any thread.

/// Makes an empty file that only its owner may read and write; one that is there is left as it is, but for what others
/// may do with it. False where that is not to be had.
bool createPrivate(const QString &file);
/// Takes away what others may do with the file. Nothing happens where it is missing or somebody else's.
void keepPrivate(const QString &file);
/// The same for the store, all that lies beside it under its name, and its backups.
void keepStorePrivate(const QString &store);

/// The content of \a file is on the disk, not only on its way there. FileUnwritable, with the system's words.
[[nodiscard]] Expected<void> syncFile(const QString &file);
/// The names in \a folder are: what was made, renamed and removed there. Windows does that by itself (NTFS keeps a
/// journal of names), and gives no way to ask for it.
[[nodiscard]] Expected<void> syncFolder(const QString &folder);
/// \a from gets the name \a to, in place of a file of that name, and has it after a power cut too. Its content is to be
/// on the disk before.
[[nodiscard]] Expected<void> renameDurably(const QString &from, const QString &to);
[[nodiscard]] Expected<void> removeDurably(const QString &file);

/// Copies \a from to \a to, which is private; shares the blocks where the file system can, which takes no room and no
/// time. The copy is on the disk. False from \a progress (0 to 100) ends it with ErrorKind::Cancelled, and \a to is
/// gone.
[[nodiscard]] Expected<void> copyFile(
    const QString &from, const QString &to, const std::function<bool(int percent)> &progress = {});
/// Only where it costs nothing: false where the blocks cannot be shared.
[[nodiscard]] bool shareBlocks(const QString &from, const QString &to);

} // namespace satchel::store
