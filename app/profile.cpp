// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/profile.h"

#include "app/settingsfile.h"
#include "base/clock.h"
#include "store/filesafety.h"
#include "store/storefiles.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QUuid>

namespace satchel {

namespace {

/// The place that the platform has for such data. Fails where nobody knows the person's home folder.
Expected<QString> usualFolder()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation);
    // Without HOME, Qt takes the root of the file system for the home folder.
    const bool homeless = QDir::homePath() == QDir::rootPath() && qEnvironmentVariableIsEmpty("XDG_DATA_HOME");
    if (!folder.isEmpty() && !homeless)
        return folder;
    return fail(ErrorKind::FileUnwritable,
        QCoreApplication::translate("Profile",
            "Your home folder is not known (HOME is not set), so there is no place for your mail; choose a folder with "
            "--profile."));
}

} // namespace

Expected<Profile> Profile::open(const QString &folder)
{
    const Expected<QString> place = folder.isEmpty() ? usualFolder() : QDir(folder).absolutePath();
    if (!place)
        return std::unexpected(place.error());
    Profile profile;
    profile.m_folder = *place;
    const bool isNew = !QDir(profile.m_folder).exists();
    if (!QDir().mkpath(profile.m_folder)) {
        return std::unexpected(unwritable(QDir(profile.m_folder).filePath(QStringLiteral("..")),
            QCoreApplication::translate("Profile",
                "The folder %1 for your mail could not be made; choose another "
                "one with --profile.")
                .arg(QDir::toNativeSeparators(profile.m_folder))));
    }
    if (isNew)
        QFile::setPermissions(profile.m_folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);

    const Expected<std::optional<QString>> mended = SettingsFile::mend(profile.settingsFile(), Clock().now());
    if (!mended)
        return std::unexpected(mended.error());
    profile.m_notice = *mended;
    SettingsFile settings(profile.settingsFile());
    const QString key = QStringLiteral("profile/id");
    profile.m_id = settings.value(key).toString();
    if (profile.m_id.isEmpty())
        profile.m_id = store::profileIdOf(profile.storeFile()).value_or(QString());
    if (profile.m_id.isEmpty())
        profile.m_id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    if (settings.value(key).toString() != profile.m_id)
        settings.setValue(key, profile.m_id);
    if (!settings.save()) {
        return std::unexpected(unwritable(profile.m_folder,
            QCoreApplication::translate("Profile",
                "The settings in %1 could not be read or written; check who may "
                "write to that folder.")
                .arg(QDir::toNativeSeparators(profile.m_folder))));
    }
    // Whatever the folder and the umask: nobody else reads it. What rewrites a file later keeps who may.
    store::keepPrivate(profile.settingsFile());
    SettingsFile::keepCopy(profile.settingsFile());
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
