// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/profile.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QStorageInfo>
#include <QUuid>

namespace satchel {

namespace {

/// Why a file in \a folder could not be written: mostly \a otherwise, but a full disk is another matter.
Error unwritable(const QString &folder, const QString &otherwise)
{
    constexpr qint64 leastRoom = 64 * 1024;
    const QStorageInfo disk(folder);
    if (!disk.isValid() || disk.bytesAvailable() >= leastRoom)
        return {ErrorKind::FileUnwritable, otherwise, ErrorAction::None, {}, {}};
    return {ErrorKind::StoreFull,
        QCoreApplication::translate("Profile",
            "There is no room left on the disk that holds your mail and settings (%1). "
            "Make room there and try again; nothing was lost.")
            .arg(QDir::toNativeSeparators(folder)),
        ErrorAction::Retry, {}, {}};
}

} // namespace

Expected<Profile> Profile::open(const QString &folder)
{
    Profile profile;
    profile.m_folder = folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
                                        : QDir(folder).absolutePath();
    const bool isNew = !QDir(profile.m_folder).exists();
    if (!QDir().mkpath(profile.m_folder)) {
        return fail(ErrorKind::FileUnwritable,
            QCoreApplication::translate("Profile",
                "The folder %1 for your mail could not be made; choose another "
                "one with --profile.")
                .arg(QDir::toNativeSeparators(profile.m_folder)));
    }
    if (isNew)
        QFile::setPermissions(profile.m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);

    QSettings settings(profile.settingsFile(), QSettings::IniFormat);
    profile.m_id = settings.value(QStringLiteral("profile/id")).toString();
    if (profile.m_id.isEmpty()) {
        profile.m_id = QUuid::createUuid().toString(QUuid::WithoutBraces);
        settings.setValue(QStringLiteral("profile/id"), profile.m_id);
        settings.sync();
    }
    if (settings.status() != QSettings::NoError) {
        return std::unexpected(unwritable(profile.m_folder,
            QCoreApplication::translate("Profile",
                "The settings in %1 could not be read or written; check who may "
                "write to that folder.")
                .arg(QDir::toNativeSeparators(profile.m_folder))));
    }
    return profile;
}

QString Profile::storeFile() const
{
    return m_folder + QStringLiteral("/mail.sqlite");
}

QString Profile::settingsFile() const
{
    return m_folder + QStringLiteral("/satchel.ini");
}

QString Profile::instanceName() const
{
    const QString canonical = QDir(m_folder).canonicalPath();
    const QByteArray hash = QCryptographicHash::hash(canonical.toUtf8(), QCryptographicHash::Sha256).toHex().left(16);
    return QStringLiteral("satchel-") + QString::fromLatin1(hash);
}

} // namespace satchel
