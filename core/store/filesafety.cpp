// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/filesafety.h"

#include "store/apart.h"
#include "store/connection.h"
#include "store/storefiles.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cerrno>
#include <system_error>

#ifdef Q_OS_WIN
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif
#ifdef Q_OS_MACOS
#include <sys/clonefile.h>
#endif

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

QString systemWords(int code)
{
    return sanitised(QString::fromStdString(std::system_category().message(code)));
}

int lastError()
{
#ifdef Q_OS_WIN
    return int(::GetLastError());
#else
    return errno;
#endif
}

std::unexpected<Error> notOnDisk(const QString &file, int code)
{
#ifndef Q_OS_WIN
    if (code == ENOSPC || code == EDQUOT) {
        return fail(ErrorKind::StoreFull,
            StoreText::tr("There is no room left on the disk that holds %1. Make room there and try again; nothing was "
                          "lost.")
                .arg(QDir::toNativeSeparators(file)),
            ErrorAction::Retry, systemWords(code));
    }
#endif
    return fail(ErrorKind::FileUnwritable,
        StoreText::tr(
            "The disk did not confirm what was written to %1. Check the disk and try again; nothing was lost.")
            .arg(QDir::toNativeSeparators(file)),
        ErrorAction::Retry, systemWords(code));
}

#ifndef Q_OS_WIN

/// 0, or what went wrong.
int synced(const QString &name, int flags)
{
    const int file = ::open(QFile::encodeName(name).constData(), flags | O_CLOEXEC);
    if (file < 0)
        return errno;
#ifdef Q_OS_MACOS
    // fsync() leaves it in the cache of the disk there. Not every file system knows the better one.
    int code = ::fcntl(file, F_FULLFSYNC) == 0 || ::fsync(file) == 0 ? 0 : errno;
#else
    int code = ::fsync(file) == 0 ? 0 : errno;
#endif
    ::close(file);
    // Some file systems have nothing to do for a folder, and say so: FUSE, shares of Windows.
    if ((flags & O_DIRECTORY) != 0 && (code == EINVAL || code == ENOTSUP || code == ENOSYS || code == EBADF))
        code = 0;
    return code;
}

#endif

} // namespace

bool createPrivate(const QString &file)
{
#ifdef Q_OS_WIN
    // The profile of a person is closed to others there by its folder.
    QFile made(file);
    return made.open(QIODevice::ReadWrite);
#else
    const int made = ::open(QFile::encodeName(file).constData(), O_CREAT | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0)
        return false;
    ::close(made);
    keepPrivate(file);
    return true;
#endif
}

void keepPrivate(const QString &file)
{
#ifdef Q_OS_WIN
    Q_UNUSED(file)
#else
    const QByteArray name = QFile::encodeName(file);
    struct stat now{};
    if (::lstat(name.constData(), &now) != 0 || !S_ISREG(now.st_mode))
        return;
    constexpr mode_t others = S_IRWXG | S_IRWXO;
    // Disks without such rights refuse; then there is nothing to take away.
    if ((now.st_mode & others) != 0)
        (void)!::chmod(name.constData(), now.st_mode & ~others & 07777);
#endif
}

void keepStorePrivate(const QString &store)
{
    const QFileInfo file(store);
    for (const QFileInfo &one :
        file.absoluteDir().entryInfoList({file.fileName() + u'*'}, QDir::Files | QDir::Hidden | QDir::NoSymLinks))
        keepPrivate(one.absoluteFilePath());
    const QDir backups(backupFolder(store));
    for (const QString &folder : {backups.path(), segmentFolder(backups.path())}) {
        for (const QFileInfo &one : QDir(folder).entryInfoList(QDir::Files | QDir::Hidden | QDir::NoSymLinks))
            keepPrivate(one.absoluteFilePath());
    }
}

Expected<void> syncFile(const QString &file)
{
#ifdef Q_OS_WIN
    const HANDLE handle = ::CreateFileW(reinterpret_cast<const wchar_t *>(file.utf16()), GENERIC_READ | GENERIC_WRITE,
        FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, nullptr);
    if (handle == INVALID_HANDLE_VALUE)
        return notOnDisk(file, lastError());
    const bool flushed = ::FlushFileBuffers(handle);
    const int code = lastError();
    ::CloseHandle(handle);
    if (!flushed)
        return notOnDisk(file, code);
#else
    if (const int code = synced(file, O_RDONLY); code != 0)
        return notOnDisk(file, code);
#endif
    return {};
}

Expected<void> syncFolder(const QString &folder)
{
#ifdef Q_OS_WIN
    Q_UNUSED(folder)
#else
    if (const int code = synced(folder, O_RDONLY | O_DIRECTORY); code != 0)
        return notOnDisk(folder, code);
#endif
    return {};
}

Expected<void> renameDurably(const QString &from, const QString &to)
{
#ifdef Q_OS_WIN
    if (!::MoveFileExW(reinterpret_cast<const wchar_t *>(from.utf16()), reinterpret_cast<const wchar_t *>(to.utf16()),
            MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
        return notOnDisk(to, lastError());
    return {};
#else
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return notOnDisk(to, lastError());
    const QString folder = QFileInfo(to).absolutePath();
    if (auto done = syncFolder(folder); !done)
        return done;
    const QString before = QFileInfo(from).absolutePath();
    return before == folder ? Expected<void>() : syncFolder(before);
#endif
}

Expected<void> removeDurably(const QString &file)
{
    if (!QFile::remove(file) && QFileInfo::exists(file))
        return notOnDisk(file, lastError());
    return syncFolder(QFileInfo(file).absolutePath());
}

bool shareBlocks(const QString &from, const QString &to)
{
#ifdef Q_OS_LINUX
    const bool shared = createPrivate(to) && shareApart(from, to);
    if (!shared)
        QFile::remove(to);
    return shared;
#elif defined(Q_OS_MACOS)
    if (::clonefile(QFile::encodeName(from).constData(), QFile::encodeName(to).constData(), 0) != 0)
        return false;
    keepPrivate(to);
    return true;
#else
    Q_UNUSED(from)
    Q_UNUSED(to)
    return false;
#endif
}

Expected<void> copyFile(const QString &from, const QString &to, const std::function<bool(int percent)> &progress)
{
    QFile::remove(to);
    if (shareBlocks(from, to))
        return syncFile(to);
    QFile source(from);
    QFile target(to);
    if (!source.open(QIODevice::ReadOnly)) {
        return fail(ErrorKind::FileUnreadable,
            StoreText::tr("%1 could not be read. Check that it is there and that you may read it.")
                .arg(QDir::toNativeSeparators(from)),
            ErrorAction::Retry, sanitised(source.errorString()));
    }
    if (!createPrivate(to) || !target.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return notOnDisk(to, lastError());
    constexpr qint64 atOnce = 4 << 20;
    const qint64 size = qMax<qint64>(source.size(), 1);
    const auto giveUp = [&](Error error) {
        target.close();
        QFile::remove(to);
        return Expected<void>(std::unexpected(std::move(error)));
    };
    for (qint64 done = 0;;) {
        const QByteArray some = source.read(atOnce);
        if (some.isEmpty())
            break;
        if (target.write(some) != some.size() || !target.flush())
            return giveUp(notOnDisk(to, errno).error());
        done += some.size();
        if (progress && !progress(int(qMin<qint64>(100, done * 100 / size))))
            return giveUp({ErrorKind::Cancelled, StoreText::tr("Cancelled."), ErrorAction::None, {}, {}});
    }
    if (source.error() != QFileDevice::NoError) {
        return giveUp({ErrorKind::FileUnreadable,
            StoreText::tr("%1 could not be read to its end. Check its disk and try again.")
                .arg(QDir::toNativeSeparators(from)),
            ErrorAction::Retry, sanitised(source.errorString()), {}});
    }
    target.close();
    if (target.error() != QFileDevice::NoError)
        return giveUp(notOnDisk(to, errno).error());
    return syncFile(to);
}

} // namespace satchel::store
