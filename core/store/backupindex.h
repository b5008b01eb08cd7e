// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/salvage.h"
#include "store/segment.h"

#include <QString>

#include <vector>

namespace satchel::store {

class MailArchive;

// A backup of a large store is two things: a small file with all that is known of the mail and its places, and the
// bytes of the messages, which never change and are therefore shared by all backups (store/mailarchive.h). The small
// one is an SQLite file with the tables of the store as they were, but for the bytes (`backup_sources` names them by
// their hash), the search index (it is made anew), and all indexes; `backup_schema` holds the statements that make what
// is missing.

/// What \a file is: by its own words, which say nothing of whether it is whole.
enum class BackupForm { None, Whole, Index };
[[nodiscard]] BackupForm backupForm(const QString &file);

/// Writes \a target, which must not exist, and adds to \a archive what that does not hold. \a archive may be null: then
/// the bytes stay where they are. It reads a snapshot: the one writer goes on meanwhile. StoreDamaged where the bytes
/// of a message are not what came; then there is no \a target.
[[nodiscard]] Expected<void> writeIndex(
    const QString &store, const QString &target, MailArchive *archive, const CareProgress &progress);

/// The messages that \a index needs, sorted.
[[nodiscard]] Expected<std::vector<MailHash>> mailOf(const QString &index);

/// Makes a store \a fresh of \a index and the bytes in \a archives, or, where they lack some, in the store \a present.
/// Whatever is not to be had is left out, with what the ledger says of it, so that it is fetched again; answers with
/// how many messages that are.
[[nodiscard]] Expected<qint64> readIndex(const QString &index, const QStringList &archives, const QString &present,
    const QString &fresh, const MakeReady &makeReady, const CareProgress &progress);

} // namespace satchel::store
