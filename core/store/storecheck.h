// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/salvage.h"

#include <QString>
#include <QStringList>

namespace satchel::store {

class Connection;

// What is wrong with the file, as lines for somebody who knows SQLite; empty: nothing. They read only, and may run on
// any thread beside the writer.

/// A glance that takes as long for a million messages as for a thousand: header, length, small tables, and some
/// messages here and there whose bytes are held against their hash.
[[nodiscard]] Expected<QStringList> quickCheck(Connection &connection);
[[nodiscard]] Expected<QStringList> quickCheck(const QString &store);
/// Every table, every index, every byte of every message.
[[nodiscard]] Expected<QStringList> fullCheck(const QString &store, const CareProgress &progress);

/// Whether the log beside a store that nobody has open belongs to another file: the store is whole without it and is
/// not with it, or is another one with it. SQLite would lay it over the store all the same.
[[nodiscard]] bool isLogForeign(const QString &store);

/// Fails where the disk cannot read the file. SQLite may call that damage, so that its word counts only where this
/// succeeds, and where a second look finds the same.
[[nodiscard]] Expected<void> readEveryByte(const QString &store);

/// One sentence of what was found and what to do.
[[nodiscard]] Error damageFound(const QString &store, const QStringList &findings);

} // namespace satchel::store
