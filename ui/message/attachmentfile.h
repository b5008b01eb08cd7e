// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QString>

namespace satchel::ui {

/// Writes \a content to \a path, whole or not at all. A symbolic link at the target is refused, not followed: it could
/// lead anywhere. An existing plain file is replaced (the file dialog has asked).
[[nodiscard]] Expected<void> saveFile(const QString &path, const QByteArray &content);

/// The same for a file that another program is to open: it gets a folder of its own inside \a folder and can only
/// be read. Answers its path.
[[nodiscard]] Expected<QString> writeForOpening(const QString &folder, const QString &name, const QByteArray &content);

/// \a name in \a folder, with " (2)" and so on where a file has that name already.
[[nodiscard]] QString freePath(const QString &folder, const QString &name);

} // namespace satchel::ui
