// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/heldfile.h"

#include <QFile>

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace satchel::store {

HeldFile::~HeldFile()
{
    close();
}

#ifdef Q_OS_WIN

namespace {

constexpr DWORD farBehind = 1U << 30;

void *opened(const QString &name, DWORD access, DWORD how)
{
    const HANDLE handle = ::CreateFileW(reinterpret_cast<const wchar_t *>(name.utf16()), access,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, how, FILE_ATTRIBUTE_NORMAL, nullptr);
    return handle == INVALID_HANDLE_VALUE ? nullptr : handle;
}

HeldFile::Open reason(DWORD error)
{
    switch (error) {
    case ERROR_FILE_EXISTS:
    case ERROR_ALREADY_EXISTS:
        return HeldFile::Open::Exists;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        return HeldFile::Open::Missing;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
        return HeldFile::Open::NoRoom;
    default:
        return HeldFile::Open::Refused;
    }
}

} // namespace

HeldFile::Open HeldFile::create(const QString &name)
{
    close();
    m_name = name;
    m_handle = opened(name, GENERIC_READ | GENERIC_WRITE, CREATE_NEW);
    return m_handle ? Open::Opened : reason(::GetLastError());
}

HeldFile::Open HeldFile::open(const QString &name)
{
    close();
    m_name = name;
    m_handle = opened(name, GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING);
    if (m_handle)
        return Open::Opened;
    const Open refused = reason(::GetLastError());
    if (refused == Open::Missing)
        return refused;
    m_handle = opened(name, GENERIC_READ, OPEN_EXISTING);
    return m_handle ? Open::ReadOnly : refused;
}

void HeldFile::close()
{
    if (m_handle)
        ::CloseHandle(m_handle);
    m_handle = nullptr;
}

HeldFile::Hold HeldFile::hold()
{
    OVERLAPPED place{};
    place.Offset = farBehind;
    if (::LockFileEx(m_handle, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place))
        return Hold::Held;
    const DWORD error = ::GetLastError();
    return error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING ? Hold::ByAnother : Hold::Unknown;
}

bool HeldFile::isNamed() const
{
    void *other = opened(m_name, GENERIC_READ, OPEN_EXISTING);
    if (!other)
        return false;
    BY_HANDLE_FILE_INFORMATION mine{};
    BY_HANDLE_FILE_INFORMATION named{};
    const bool same = ::GetFileInformationByHandle(m_handle, &mine) && ::GetFileInformationByHandle(other, &named)
        && mine.dwVolumeSerialNumber == named.dwVolumeSerialNumber && mine.nFileIndexHigh == named.nFileIndexHigh
        && mine.nFileIndexLow == named.nFileIndexLow;
    ::CloseHandle(other);
    return same;
}

bool HeldFile::write(const QByteArray &content)
{
    OVERLAPPED place{};
    DWORD written = 0;
    return ::WriteFile(m_handle, content.constData(), DWORD(content.size()), &written, &place)
        && written == DWORD(content.size()) && ::FlushFileBuffers(m_handle);
}

bool isRunning(qint64 process)
{
    void *handle = ::OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, DWORD(process));
    if (!handle)
        return ::GetLastError() == ERROR_ACCESS_DENIED;
    DWORD status = 0;
    const bool runs = ::GetExitCodeProcess(handle, &status) && status == STILL_ACTIVE;
    ::CloseHandle(handle);
    return runs;
}

#else

namespace {

HeldFile::Open reason(int error)
{
    switch (error) {
    case EEXIST:
        return HeldFile::Open::Exists;
    case ENOENT:
        return HeldFile::Open::Missing;
    case ENOSPC:
    case EDQUOT:
        return HeldFile::Open::NoRoom;
    default:
        return HeldFile::Open::Refused;
    }
}

} // namespace

HeldFile::Open HeldFile::create(const QString &name)
{
    close();
    m_name = name;
    m_handle = ::open(QFile::encodeName(name).constData(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    return m_handle >= 0 ? Open::Opened : reason(errno);
}

HeldFile::Open HeldFile::open(const QString &name)
{
    close();
    m_name = name;
    m_handle = ::open(QFile::encodeName(name).constData(), O_RDWR | O_CLOEXEC);
    if (m_handle >= 0)
        return Open::Opened;
    const Open refused = reason(errno);
    if (refused == Open::Missing)
        return refused;
    m_handle = ::open(QFile::encodeName(name).constData(), O_RDONLY | O_CLOEXEC);
    return m_handle >= 0 ? Open::ReadOnly : refused;
}

void HeldFile::close()
{
    if (m_handle >= 0)
        ::close(m_handle);
    m_handle = -1;
}

HeldFile::Hold HeldFile::hold()
{
#ifdef F_OFD_SETLK
    struct flock place{};
    place.l_type = F_WRLCK;
    place.l_whence = SEEK_SET;
    place.l_start = 1 << 30;
    place.l_len = 1;
    const bool held = ::fcntl(m_handle, F_OFD_SETLK, &place) == 0;
#else
    const bool held = ::flock(m_handle, LOCK_EX | LOCK_NB) == 0;
#endif
    if (held)
        return Hold::Held;
    return errno == EAGAIN || errno == EACCES || errno == EWOULDBLOCK ? Hold::ByAnother : Hold::Unknown;
}

bool HeldFile::isNamed() const
{
    struct stat mine{};
    struct stat named{};
    return ::fstat(m_handle, &mine) == 0 && ::stat(QFile::encodeName(m_name).constData(), &named) == 0
        && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

bool HeldFile::write(const QByteArray &content)
{
    return ::pwrite(m_handle, content.constData(), size_t(content.size()), 0) == content.size()
        && ::fsync(m_handle) == 0;
}

bool isRunning(qint64 process)
{
    return process > 0 && (::kill(pid_t(process), 0) == 0 || errno != ESRCH);
}

#endif

} // namespace satchel::store
