// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QTemporaryDir>

namespace satchel::test {

/// A real file system of a few megabytes (tmpfs), seen by this process and its children alone.
class SmallDisk
{
public:
    /// Takes this process into a mount namespace of its own; call it first thing in main(), before there is a second
    /// thread. False where neither root nor a user namespace may mount.
    [[nodiscard]] static bool enterOwnMounts();

    explicit SmallDisk(int megabytes);
    ~SmallDisk();
    Q_DISABLE_COPY_MOVE(SmallDisk)

    [[nodiscard]] QString path() const { return m_folder.path(); }
    [[nodiscard]] qint64 used() const;
    void leaveFree(qint64 bytes); ///< something else takes the rest
    void makeRoom(); ///< that goes away again

private:
    [[nodiscard]] QString filler() const { return m_folder.filePath(QStringLiteral("something-else")); }

    QTemporaryDir m_folder;
};

} // namespace satchel::test
