// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QFuture>
#include <QString>

namespace satchel::library {

// The person's files: message files that are opened, attachments and texts that are saved. These functions block, on a
// slow disk or a network share for seconds: they belong on a worker thread, never on the GUI thread (law 5), which uses
// the forms that answer with a future.

constexpr qint64 largestMessageFile = 512LL * 1024 * 1024; ///< bytes; as much as is taken from a server

/// What stands in a message file. Fails with FileUnreadable, also where it is larger than largestMessageFile.
[[nodiscard]] Expected<QByteArray> readMessageFile(const QString &path);
[[nodiscard]] QFuture<Expected<QByteArray>> messageFile(const QString &path);

/// Writes \a content to \a path, whole or not at all. A symbolic link at the target is refused, not followed: it could
/// lead anywhere. An existing plain file is replaced (the file dialog has asked).
[[nodiscard]] Expected<void> saveFile(const QString &path, const QByteArray &content);
/// Answers with the path.
[[nodiscard]] QFuture<Expected<QString>> saved(const QString &path, const QByteArray &content);

/// The same under \a name in \a folder, or "name (2)" and so on where a file has that name already.
[[nodiscard]] Expected<QString> saveBeside(const QString &folder, const QString &name, const QByteArray &content);

/// The same for a file that another program is to open: it gets a folder of its own inside \a folder and can only
/// be read. Answers its path.
[[nodiscard]] Expected<QString> writeForOpening(const QString &folder, const QString &name, const QByteArray &content);

/// Saves what it is given as \a path.
struct SaveAs {
    QString path;

    [[nodiscard]] Expected<QString> operator()(const QByteArray &content) const
    {
        const Expected<void> written = saveFile(path, content);
        return written ? Expected<QString>(path) : std::unexpected(written.error());
    }
};

/// What is to be done with bytes that are still being read, on a worker thread.
template <class Write>
[[nodiscard]] QFuture<Expected<QString>> whenRead(QFuture<Expected<QByteArray>> reading, Write &&write)
{
    return reading.then(QtFuture::Launch::Async,
        [write = std::forward<Write>(write)](const Expected<QByteArray> &content) -> Expected<QString> {
            return content ? write(*content) : std::unexpected(content.error());
        });
}

} // namespace satchel::library
