// SPDX-License-Identifier: GPL-3.0-or-later
#include "library/files.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QTemporaryDir>
#include <QUuid>

#include <filesystem>
#include <system_error>

using namespace Qt::StringLiterals;

namespace satchel::library {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::library::Files)
};

std::unexpected<Error> unwritable(const QString &path, const QString &reason)
{
    return fail(ErrorKind::FileUnwritable,
        Words::tr("“%1” could not be saved: %2. Choose another folder or name.")
            .arg(sanitised(QFileInfo(path).fileName()), reason));
}

/// A disk that fills up takes a part without a word, and says only when it is given the rest that it is full.
bool writeAll(QFile &file, const QByteArray &content)
{
    for (qint64 at = 0; at < content.size();) {
        const qint64 count = file.write(content.constData() + at, content.size() - at);
        if (count <= 0)
            return false;
        at += count;
    }
    return file.flush();
}

QString reasonOf(const QFile &file)
{
    return file.error() == QFile::ResourceError ? Words::tr("there is no room left on the disk") : file.errorString();
}

} // namespace

Expected<void> saveFile(const QString &path, const QByteArray &content)
{
    const QFileInfo target(path);
    if (target.isSymLink())
        return unwritable(path, Words::tr("there is a link of that name, which might lead elsewhere"));
    if (target.isDir())
        return unwritable(path, Words::tr("there is a folder of that name"));

    // Written beside the target and then renamed onto it: a rename replaces a link instead of following it, even one
    // that was put there in this moment, and no half-written file is ever seen.
    const QString beside = target.absolutePath() + u"/.satchel-"_s + QUuid::createUuid().toString(QUuid::Id128);
    QFile file(beside);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly))
        return unwritable(path, reasonOf(file));
    if (!writeAll(file, content)) {
        const QString reason = reasonOf(file);
        file.close(); // fails again, and would keep QFile::remove() from removing anything
        QFile::remove(file.fileName());
        return unwritable(path, reason);
    }
    file.close();
    std::error_code error;
    std::filesystem::rename(std::filesystem::path(beside.toStdU16String()),
        std::filesystem::path(target.absoluteFilePath().toStdU16String()), error);
    if (error) {
        file.remove();
        return unwritable(path, QString::fromLocal8Bit(error.message().c_str()));
    }
    return {};
}

Expected<QString> writeForOpening(const QString &folder, const QString &name, const QByteArray &content)
{
    QTemporaryDir own(folder + u"/XXXXXX"_s);
    if (!own.isValid())
        return unwritable(name, own.errorString());
    const QString path = own.filePath(name);
    if (const Expected<void> saved = saveFile(path, content); !saved)
        return std::unexpected(saved.error());
    // Read-only: what is changed in a copy that will be deleted would be lost without a word.
    if (!QFile::setPermissions(path, QFileDevice::ReadOwner))
        return unwritable(name, Words::tr("it could not be made read-only"));
    own.setAutoRemove(false);
    return path;
}

namespace {

QString freePath(const QString &folder, const QString &name)
{
    const QDir dir(folder);
    const auto taken = [&dir](const QString &candidate) {
        const QFileInfo info(dir.filePath(candidate));
        return info.exists() || info.isSymLink();
    };
    if (!taken(name))
        return dir.filePath(name);
    const qsizetype dot = name.lastIndexOf(u'.');
    const QString stem = dot > 0 ? name.first(dot) : name;
    const QString suffix = dot > 0 ? name.sliced(dot) : QString();
    for (int number = 2;; ++number) {
        const QString candidate = u"%1 (%2)%3"_s.arg(stem).arg(number).arg(suffix);
        if (!taken(candidate))
            return dir.filePath(candidate);
    }
}

} // namespace

Expected<QString> saveBeside(const QString &folder, const QString &name, const QByteArray &content)
{
    return SaveAs{freePath(folder, name)}(content);
}

QFuture<Expected<QString>> saved(const QString &path, const QByteArray &content)
{
    return QtFuture::makeReadyVoidFuture().then(
        QtFuture::Launch::Async, [save = SaveAs{path}, content] { return save(content); });
}

Expected<QByteArray> readMessageFile(const QString &path)
{
    const QString name = sanitised(QDir::toNativeSeparators(path));
    const auto unreadable = [&name](const QString &reason) {
        return fail(ErrorKind::FileUnreadable, Words::tr("“%1” could not be read: %2.").arg(name, reason));
    };
    const auto tooLarge = [&name] {
        return fail(ErrorKind::FileUnreadable,
            Words::tr("“%1” is too large for a message (over %2).")
                .arg(name, QLocale().formattedDataSize(largestMessageFile, 0)));
    };
    QFile file(path);
    // A device or a pipe may have no end, and no size that would say so.
    if (QFileInfo(path).isDir() || (QFileInfo::exists(path) && !QFileInfo(path).isFile()))
        return unreadable(Words::tr("it is not a file"));
    if (!file.open(QIODevice::ReadOnly))
        return unreadable(file.errorString());
    if (file.size() > largestMessageFile)
        return tooLarge();
    const QByteArray bytes = file.read(largestMessageFile + 1);
    if (file.error() != QFileDevice::NoError)
        return unreadable(file.errorString());
    if (bytes.size() > largestMessageFile) // it grew meanwhile, or did not know its size
        return tooLarge();
    return bytes;
}

QFuture<Expected<QByteArray>> messageFile(const QString &path)
{
    return QtFuture::makeReadyVoidFuture().then(QtFuture::Launch::Async, [path] { return readMessageFile(path); });
}

} // namespace satchel::library
