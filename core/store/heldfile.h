// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace satchel::store {

/// A small file that stays open, with the system's own lock far behind its content, where it keeps nobody from reading
/// or writing that: on Windows, and on shares of Windows, what is locked cannot be read. Lives on one thread.
class HeldFile
{
public:
    enum class Open { Opened, ReadOnly, Exists, Missing, NoRoom, Refused };
    enum class Hold { Held, ByAnother, Unknown }; ///< Unknown: a file system that has no such locks

    HeldFile() = default;
    ~HeldFile();
    HeldFile(const HeldFile &) = delete;
    HeldFile &operator=(const HeldFile &) = delete;

    /// Makes the file, readable by its owner only; Exists where it is there.
    Open create(const QString &name);
    /// ReadOnly: it can be read, and not written.
    Open open(const QString &name);
    void close();

    /// The lock ends with the process that has it, whatever that dies of.
    Hold hold();
    /// Whether the name still leads to this file.
    [[nodiscard]] bool isNamed() const;
    /// The whole content in one piece and on the disk; false: there may be no room.
    bool write(const QByteArray &content);

private:
    QString m_name;
#ifdef Q_OS_WIN
    void *m_handle = nullptr;
#else
    int m_handle = -1;
#endif
};

/// Whether a process of this number runs on this computer.
[[nodiscard]] bool isRunning(qint64 process);

} // namespace satchel::store
