// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace satchel::test {

enum class DiskFault { None, Write, Sync, Read };

/// From here on every such call on a file whose path begins with \a path fails with EIO, as of a disk that is going.
/// The calls are functions of the test program, which come before those of the C library for every library in it;
/// Linux only, and the program must export what it has (ENABLE_EXPORTS).
void setDiskFault(const QString &path, DiskFault fault);

/// How many calls failed since.
[[nodiscard]] int diskFaultsMet();

} // namespace satchel::test
