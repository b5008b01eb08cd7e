// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/faultydisk.h"

#include <QFile>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace {

using satchel::test::DiskFault;

constexpr size_t longestPath = 4096;
std::atomic<DiskFault> current{DiskFault::None};
std::atomic_int met{0};
std::atomic<size_t> prefixLength{0};
char prefix[longestPath];

bool fails(int file, DiskFault kind)
{
    if (current.load() != kind)
        return false;
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    char path[longestPath];
    const ssize_t length = ::readlink(link, path, sizeof path);
    const size_t wanted = prefixLength.load();
    if (length < 0 || size_t(length) < wanted || std::memcmp(path, prefix, wanted) != 0)
        return false;
    ++met;
    errno = EIO;
    return true;
}

} // namespace

namespace satchel::test {

void setDiskFault(const QString &path, DiskFault fault)
{
    current = DiskFault::None;
    const QByteArray name = QFile::encodeName(path);
    if (size_t(name.size()) > sizeof prefix)
        qFatal("the path is too long");
    std::memcpy(prefix, name.constData(), size_t(name.size()));
    prefixLength = size_t(name.size());
    met = 0;
    current = fault;
}

int diskFaultsMet()
{
    return met;
}

} // namespace satchel::test

// Seen from the libraries, whatever the program hides else.
#pragma GCC visibility push(default)
extern "C" {

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
    return fails(file, DiskFault::Write) ? -1 : ::syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
    return pwrite64(file, bytes, count, at);
}

ssize_t write(int file, const void *bytes, size_t count)
{
    return fails(file, DiskFault::Write) ? -1 : ::syscall(SYS_write, file, bytes, count);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t at)
{
    return fails(file, DiskFault::Read) ? -1 : ::syscall(SYS_pread64, file, bytes, count, at);
}

ssize_t pread(int file, void *bytes, size_t count, off_t at)
{
    return pread64(file, bytes, count, at);
}

ssize_t read(int file, void *bytes, size_t count)
{
    return fails(file, DiskFault::Read) ? -1 : ::syscall(SYS_read, file, bytes, count);
}

int fsync(int file)
{
    return fails(file, DiskFault::Sync) ? -1 : int(::syscall(SYS_fsync, file));
}

int fdatasync(int file)
{
    return fails(file, DiskFault::Sync) ? -1 : int(::syscall(SYS_fdatasync, file));
}

} // extern "C"
#pragma GCC visibility pop
