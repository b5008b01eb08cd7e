// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/message/attachmentfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QUuid>

#include <filesystem>
#include <system_error>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::ui::AttachmentFile)
};

std::unexpected<Error> unwritable(const QString &path, const QString &reason)
{
    return fail(ErrorKind::FileUnwritable,
        Words::tr("“%1” could not be saved: %2. Choose another folder or name.")
            .arg(sanitised(QFileInfo(path).fileName()), reason));
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
        return unwritable(path, file.errorString());
    if (file.write(content) != content.size() || !file.flush()) {
        const QString reason = file.errorString();
        file.remove();
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

} // namespace satchel::ui
