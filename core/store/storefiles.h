// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/storefacts.h"
#include "store/backup.h"

#include <QDateTime>
#include <QList>
#include <QString>

#include <optional>

namespace satchel::store {

// The files around the store. All functions may be called on any thread that has no other business with them; the
// folder of backups belongs to the thread that cares for the store.

/// Beside the store, so that a profile that is moved takes them along.
[[nodiscard]] QString backupFolder(const QString &store);
/// Where all backups of a folder have the bytes of messages (store/mailarchive.h).
[[nodiscard]] QString segmentFolder(const QString &backups);
/// The newest first: in the order in which they were made, which is written down beside them. Their dates are those of
/// a clock that may have been wrong, and go before only where nothing is written down.
[[nodiscard]] QList<BackupFile> backups(const QString &store);
/// Writes down that \a backup is the newest.
[[nodiscard]] Expected<void> noteMade(const QString &backup);
/// \a withMail: mailBytes too, for which all of a large store is read.
[[nodiscard]] StoreFacts storeFacts(const QString &store, bool withMail);
/// Whether anything was written to the store after \a time.
[[nodiscard]] bool changedSince(const QString &store, const QDateTime &time);
/// Pure: which of \a all (newest first) are not to be kept. Their order counts, whatever their dates say.
[[nodiscard]] QStringList outdated(const QList<BackupFile> &all, const BackupPolicy &policy);

/// StoreFull where a copy of \a bytes would leave less than a twentieth of the disk free (a gigabyte at least, ten at
/// most).
[[nodiscard]] Expected<void> checkRoom(const QString &folder, qint64 bytes);
/// Puts \a fresh in the place of \a store; what was there, with its log, is called \a aside from now on. A program that
/// dies within leaves what finishReplacing() completes.
[[nodiscard]] Expected<void> replaceStore(const QString &store, const QString &fresh, const QString &aside);
/// A log that does not belong to the store gets a name under which SQLite does not find it; answers with that.
[[nodiscard]] Expected<QString> setLogAside(const QString &store);
/// Before the store is opened.
void finishReplacing(const QString &store);
/// Where the store is missing or empty, and something is left of it: backups, or a log. Then nothing new may be begun
/// in its place. StoreDamaged, with what there is.
[[nodiscard]] Expected<void> checkNotLost(const QString &store);
/// The id of the profile that the store was last used with; nothing where it cannot be read, or was never told
/// (Writer::setStoreFact()).
[[nodiscard]] std::optional<QString> profileIdOf(const QString &store);
/// A name beside \a store that is not taken: STORE.WHAT-DATE.
[[nodiscard]] QString asideName(const QString &store, const QString &what, const QDateTime &now);

} // namespace satchel::store
