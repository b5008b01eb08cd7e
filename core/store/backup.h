// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/storefacts.h"
#include "store/salvage.h"

#include <QDateTime>
#include <QString>

#include <functional>

namespace satchel::store {

// Copies of the store, and the way back. They run on the thread that cares for the store, and read beside the one
// writer.

/// Up to this size, each backup is a store of its own; above, it is an index, and all backups share the bytes of
/// messages (store/backupindex.h), because they never change.
constexpr qint64 wholeBackupUpTo = 64LL << 20;

/// A consistent, compact copy in \a target, which must not exist: one file that needs no other. It reads a snapshot:
/// the one writer goes on meanwhile. Then it is opened and asked for what it holds, and only then has its name.
[[nodiscard]] Expected<void> copyStore(const QString &store, const QString &target);

/// Makes a backup of today and throws away what \a policy does not keep, of this very store: those of another one that
/// was in its place before are left alone. Answers with its file. Cancelled from \a progress: what was written of the
/// bytes of messages is there for the next time.
[[nodiscard]] Expected<QString> backUp(const QString &store, const BackupPolicy &policy, const QDateTime &now,
    const CareProgress &progress = {}, qint64 wholeUpTo = wholeBackupUpTo);

struct Restored {
    QString aside; ///< what was there before is called so now; empty where nothing was
    qint64 lost = 0; ///< messages whose bytes the backup does not have any more
};

/// How a backup becomes the store.
struct RestoreWays {
    MakeReady makeReady; ///< makes the words of the search index, which is empty without
    CareProgress progress;
    std::function<Expected<void>()> mayReplace; ///< asked just before: the store may be somebody else's by then
};

/// Puts \a backup in the place of the store, which must not be open anywhere; what was there is kept aside. Accounts
/// keep the settings that they have now. It may lie anywhere; the folder of messages is looked for beside it, and
/// beside
/// \a store.
///
/// The ledger of the older store remembers messages by UIDLs that a server may have given to others since, and wishes
/// to delete that may have been taken back: so every row is doubted (LedgerEntry::doubted), and wishes are forgotten.
[[nodiscard]] Expected<Restored> restore(
    const QString &store, const QString &backup, const QDateTime &now, const RestoreWays &ways = {});

/// Before \a store, which is not open, is brought to a newer schema: a copy beside it, unless a backup is as new as it
/// is. Where the file system shares blocks it is a whole one at no cost, else one of all but the bytes of messages,
/// which no step changes; copies of earlier upgrades go then. Nothing happens where no step is due, else \a progress is
/// told in percent how far it is.
[[nodiscard]] Expected<void> copyBeforeUpgrade(
    const QString &store, const QDateTime &now, const std::function<void(int percent)> &progress = {});

} // namespace satchel::store
