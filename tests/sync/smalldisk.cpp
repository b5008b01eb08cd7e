// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/smalldisk.h"

#include <QFile>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace satchel::test {

namespace {

bool writeTo(const char *path, const QByteArray &text)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) && file.write(text) == text.size();
}

struct statvfs stateOf(const QString &path)
{
    struct statvfs state{};
    if (::statvfs(QFile::encodeName(path).constData(), &state) != 0)
        qFatal("%s is no file system", qPrintable(path));
    return state;
}

} // namespace

bool SmallDisk::enterOwnMounts()
{
    const QByteArray user = QByteArray::number(::getuid());
    const QByteArray group = QByteArray::number(::getgid());
    if (::unshare(CLONE_NEWNS) != 0) {
        // Who is not root becomes it in a namespace of his own, if the system lets him.
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !writeTo("/proc/self/setgroups", "deny")
            || !writeTo("/proc/self/uid_map", "0 " + user + " 1")
            || !writeTo("/proc/self/gid_map", "0 " + group + " 1"))
            return false;
    }
    // Inside a chroot the root folder is no mount point; there is nothing to keep private then.
    (void)::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    const QTemporaryDir probe;
    const QByteArray path = QFile::encodeName(probe.path());
    return ::mount("tmpfs", path.constData(), "tmpfs", 0, "size=64k") == 0 && ::umount(path.constData()) == 0;
}

SmallDisk::SmallDisk(int megabytes)
{
    const QByteArray options = "mode=700,size=" + QByteArray::number(megabytes) + "m";
    if (::mount("tmpfs", QFile::encodeName(path()).constData(), "tmpfs", 0, options.constData()) != 0)
        qFatal("cannot mount a small file system: %s", std::strerror(errno));
}

SmallDisk::~SmallDisk()
{
    ::umount2(QFile::encodeName(path()).constData(), MNT_DETACH);
}

qint64 SmallDisk::used() const
{
    const struct statvfs state = stateOf(path());
    return qint64(state.f_blocks - state.f_bfree) * qint64(state.f_frsize);
}

void SmallDisk::leaveFree(qint64 bytes)
{
    makeRoom();
    const struct statvfs state = stateOf(path());
    const qint64 taken = qint64(state.f_bavail) * qint64(state.f_frsize) - bytes;
    if (taken <= 0)
        return;
    const int file = ::open(QFile::encodeName(filler()).constData(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0 || ::posix_fallocate(file, 0, taken) != 0)
        qFatal("cannot fill %s", qPrintable(path()));
    ::close(file);
}

void SmallDisk::makeRoom()
{
    QFile::remove(filler());
}

} // namespace satchel::test
