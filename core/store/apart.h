// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace satchel::store {

// What is done with the file of a store beside SQLite, while connections of this process may have it open. POSIX takes
// away all locks that a process has on a file when it closes any descriptor of it, and SQLite's locks are such: another
// program could then take the log of a store that is in use for one that is left over. So a child process opens the
// file here, whose closing takes away nothing. May be called on any thread; they return when it is done.

/// Reads \a file to its end. 0, or the system's number of what went wrong.
[[nodiscard]] int readApart(const QString &file);

/// Makes \a target, which is empty, share the blocks of \a from (Linux). False where the file system cannot.
[[nodiscard]] bool shareApart(const QString &from, const QString &target);

} // namespace satchel::store
