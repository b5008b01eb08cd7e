// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/apart.h"

#include <QFile>

#include <cerrno>

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>
#endif
#ifdef Q_OS_LINUX
#include <linux/fs.h>
#include <sys/ioctl.h>
#endif

namespace satchel::store {

#ifdef Q_OS_WIN

// Locks belong to handles there.

int readApart(const QString &file)
{
    QFile opened(file);
    if (!opened.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return int(::GetLastError());
    QByteArray bytes(1 << 20, Qt::Uninitialized);
    for (qint64 count = 1; count != 0;) {
        count = opened.read(bytes.data(), bytes.size());
        if (count < 0)
            return int(::GetLastError());
    }
    return 0;
}

bool shareApart(const QString &, const QString &)
{
    return false;
}

#else

namespace {

constexpr int unknown = 255; // what an exit status can tell at most

/// Runs \a work, which returns 0 or an errno, in a child process. Between fork() and _exit() nothing may be called
/// there that takes a lock or memory: another thread may have held it.
template <class Work>
int inChild(Work work)
{
    const pid_t child = ::fork();
    if (child < 0)
        return errno;
    if (child == 0)
        ::_exit(work());
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return errno;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : unknown;
}

} // namespace

int readApart(const QString &file)
{
    const QByteArray name = QFile::encodeName(file);
    const char *path = name.constData();
    const pid_t parent = ::getpid();
    return inChild([path, parent] {
        char bytes[1 << 16];
        const int opened = ::open(path, O_RDONLY | O_CLOEXEC);
        if (opened < 0)
            return errno;
        // Whoever waits for it may be gone: then it holds what that one had open for nobody.
        while (::getppid() == parent) {
            const ssize_t count = ::read(opened, bytes, sizeof bytes);
            if (count == 0)
                return 0;
            if (count < 0 && errno != EINTR)
                return errno;
        }
        return unknown;
    });
}

bool shareApart(const QString &from, const QString &target)
{
#if defined(Q_OS_LINUX) && defined(FICLONE)
    const QByteArray source = QFile::encodeName(from);
    const QByteArray copy = QFile::encodeName(target);
    const char *sourcePath = source.constData();
    const char *copyPath = copy.constData();
    return inChild([sourcePath, copyPath] {
        const int opened = ::open(sourcePath, O_RDONLY | O_CLOEXEC);
        const int made = ::open(copyPath, O_RDWR | O_CLOEXEC);
        return opened >= 0 && made >= 0 && ::ioctl(made, FICLONE, opened) == 0 ? 0 : unknown;
    }) == 0;
#else
    Q_UNUSED(from)
    Q_UNUSED(target)
    return false;
#endif
}

#endif

} // namespace satchel::store
