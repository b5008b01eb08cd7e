// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/storefacts.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace satchel::store {

// The files around the store. All functions may be called on any thread that has no other business with them; the
// folder of backups belongs to the thread that cares for the store.

/// Beside the store, so that a profile that is moved takes them along.
[[nodiscard]] QString backupFolder(const QString &store);
[[nodiscard]] QList<BackupFile> backups(const QString &store); ///< newest first
/// \a withMail: mailBytes too, for which all of a large store is read.
[[nodiscard]] StoreFacts storeFacts(const QString &store, bool withMail);
/// Whether anything was written to the store after \a time.
[[nodiscard]] bool changedSince(const QString &store, const QDateTime &time);
/// Pure: which of \a all (newest first) are not to be kept.
[[nodiscard]] QStringList outdated(const QList<BackupFile> &all, const BackupPolicy &policy);

/// StoreFull where a copy of \a bytes would leave less than a twentieth of the disk free (a gigabyte at least, ten at
/// most).
[[nodiscard]] Expected<void> checkRoom(const QString &folder, qint64 bytes);
/// A consistent, compact copy in \a target, which must not exist. It reads a snapshot: the one writer goes on
/// meanwhile. Then it is opened and asked for what it holds, and only then has its name.
[[nodiscard]] Expected<void> copyStore(const QString &store, const QString &target);
/// Makes a backup of today and throws away what \a policy does not keep. Answers with its file.
[[nodiscard]] Expected<QString> backUp(const QString &store, const BackupPolicy &policy, const QDateTime &now);

/// Puts \a backup in the place of the store, which must not be open anywhere; what was there is kept aside. Answers
/// with the name of the file kept aside. Accounts keep the settings that they have now.
///
/// The ledger of the older store remembers messages by UIDLs that a server may have given to others since, and wishes
/// to delete that may have been taken back: so every row is doubted (LedgerEntry::doubted), and wishes are forgotten.
[[nodiscard]] Expected<QString> restore(const QString &store, const QString &backup, const QDateTime &now);

/// Puts \a fresh in the place of \a store; what was there, with its log, is called \a aside from now on. A program that
/// dies within leaves what finishReplacing() completes.
[[nodiscard]] Expected<void> replaceStore(const QString &store, const QString &fresh, const QString &aside);
/// Before the store is opened.
void finishReplacing(const QString &store);
/// A name beside \a store that is not taken: STORE.WHAT-DATE.
[[nodiscard]] QString asideName(const QString &store, const QString &what, const QDateTime &now);

} // namespace satchel::store
