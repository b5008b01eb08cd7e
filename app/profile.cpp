// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/profile.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QSettings>
#include <QStandardPaths>
#include <QUuid>

namespace satchel {

Expected<Profile> Profile::open(const QString &folder)
{
    Profile profile;
    profile.m_folder = folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)
                                        : QDir(folder).absolutePath();
    const bool isNew = !QDir(profile.m_folder).exists();
    if (!QDir().mkpath(profile.m_folder)) {
        return fail(ErrorKind::FileUnwritable,
                    QCoreApplication::translate("Profile", "The folder %1 for your mail could not be made; choose another "
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
        return fail(ErrorKind::FileUnwritable,
                    QCoreApplication::translate("Profile", "The settings in %1 could not be read or written; check who may "
                                                           "write to that folder.")
                        .arg(QDir::toNativeSeparators(profile.m_folder)));
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
