// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>
#include <QStringList>

#include <functional>

namespace satchel::store {

class Connection;

/// The newest schema this program knows: the number of steps in schema/.
[[nodiscard]] int knownSchema();

/// Brings the file up to \a target, a step at a time, each in its own transaction with its number. New files go the
/// same way as old ones. A file with mail in it is copied to FILE.before-schema-N first, unless \a isSafe: whoever
/// calls has seen to that (copyBeforeUpgrade()). No step changes the bytes of messages. \a progress is told in percent
/// how much is done of a file that had mail in it. Errors: StoreTooNew, StoreDamaged (not a store), StoreFull,
/// StoreFailed.
[[nodiscard]] Expected<void> migrate(Connection &connection, int target = knownSchema(), bool isSafe = false,
    const std::function<void(int percent)> &progress = {});

/// The schema of a file, 0 of an empty one. StoreTooNew, StoreDamaged (not a store).
[[nodiscard]] Expected<int> schemaOf(Connection &connection);

/// By which SQLite files of ours are known.
[[nodiscard]] qint64 storeApplicationId();

/// StoreTooNew, or StoreFailed while the writer has not made or migrated the file yet.
[[nodiscard]] Expected<void> checkReadable(Connection &connection);

/// The statements of a schema file.
[[nodiscard]] QStringList statementsOf(const QString &sql);

} // namespace satchel::store
