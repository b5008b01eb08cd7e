// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settingsfile.h"

#include <QCoreApplication>
#include <QDir>
#include <QEvent>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSaveFile>
#include <QStorageInfo>
#include <QStringDecoder>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel {

namespace {

constexpr qint64 largestSettings = 16LL * 1024 * 1024; ///< bytes; what is larger is none of ours

QString copyOf(const QString &file)
{
    return file + ".last"_L1;
}

/// Whether \a bytes can be what QSettings wrote: UTF-8 without NUL, and each line a section, a comment or a value.
bool areSettings(const QByteArray &bytes)
{
    if (bytes.isEmpty() || bytes.size() > largestSettings || bytes.contains('\0'))
        return false;
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decoder.decode(bytes);
    if (decoder.hasError())
        return false;
    bool continued = false;
    for (const QStringView line : QStringView(text).split(u'\n')) {
        const QStringView content = line.trimmed();
        const bool makesSense = continued || content.isEmpty() || content.startsWith(u';') || content.startsWith(u'#')
            || (content.startsWith(u'[') && content.endsWith(u']')) || content.contains(u'=');
        if (!makesSense)
            return false;
        continued = content.endsWith(u'\\');
    }
    return true;
}

Expected<QByteArray> contentOf(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        return fail(ErrorKind::FileUnreadable,
            SettingsFile::tr("The settings in %1 could not be read; check who may read that file.")
                .arg(QDir::toNativeSeparators(path)));
    }
    return file.read(largestSettings + 1);
}

bool write(const QString &path, const QByteArray &bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly))
        return false;
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.write(bytes);
    return file.commit();
}

/// A name beside \a file that nothing has yet.
QString freeName(const QString &file, const QDateTime &now)
{
    const QString base = file + ".damaged-"_L1 + now.toString(u"yyyyMMdd-HHmmss");
    QString name = base;
    for (int number = 2; QFileInfo::exists(name); ++number)
        name = base + u'-' + QString::number(number);
    return name;
}

} // namespace

SettingsFile::SettingsFile(const QString &file, QObject *parent)
    : QSettings(file, QSettings::IniFormat, parent)
{
}

Expected<std::optional<QString>> SettingsFile::mend(const QString &file, const QDateTime &now)
{
    if (!QFileInfo::exists(file))
        return std::nullopt;
    const Expected<QByteArray> bytes = contentOf(file);
    if (!bytes)
        return std::unexpected(bytes.error());
    if (areSettings(*bytes))
        return std::nullopt;

    const QString aside = freeName(file, now);
    const QString folder = QFileInfo(file).absolutePath();
    if (!QFile::rename(file, aside)) {
        return std::unexpected(unwritable(folder,
            tr("The settings in %1 are damaged and could not be put aside; check who may write to that folder.")
                .arg(QDir::toNativeSeparators(folder))));
    }
    const QString name = QFileInfo(aside).fileName();
    const QFileInfo copy(copyOf(file));
    const Expected<QByteArray> last = contentOf(copy.filePath());
    if (last && areSettings(*last) && write(file, *last)) {
        return tr("Your settings were damaged, so Satchel uses those of %1; your mail is not affected, and the damaged "
                  "file was kept as %2.")
            .arg(QLocale().toString(copy.lastModified(), QLocale::ShortFormat), name);
    }
    return tr("Your settings were damaged, so Satchel starts with its defaults; your mail and accounts are not "
              "affected, and the damaged file was kept as %1.")
        .arg(name);
}

void SettingsFile::keepCopy(const QString &file)
{
    const Expected<QByteArray> bytes = contentOf(file);
    if (!bytes || !areSettings(*bytes))
        return;
    const Expected<QByteArray> before = contentOf(copyOf(file));
    if (!before || *before != *bytes)
        write(copyOf(file), *bytes);
}

bool SettingsFile::save()
{
    sync();
    look();
    return !m_failing;
}

bool SettingsFile::event(QEvent *event)
{
    const bool known = QSettings::event(event);
    // QSettings writes what was changed when this comes, and tells nobody how that went.
    if (event->type() == QEvent::UpdateRequest)
        look();
    return known;
}

void SettingsFile::look()
{
    // What went wrong once is this object's status for ever; another one, which shares what is not written yet, tells
    // how it stands.
    QSettings now(fileName(), QSettings::IniFormat);
    now.sync();
    const bool failed = now.status() != NoError;
    if (!failed || m_failing) {
        m_failing = failed;
        return;
    }
    m_failing = true;
    const QString folder = QFileInfo(fileName()).absolutePath();
    Q_EMIT notSaved(unwritable(folder,
        tr("Your settings could not be saved in %1; check who may write to that folder.")
            .arg(QDir::toNativeSeparators(folder))));
}

Error unwritable(const QString &folder, const QString &otherwise)
{
    constexpr qint64 leastRoom = 64 * 1024;
    const QStorageInfo disk(folder);
    if (!disk.isValid() || disk.bytesAvailable() >= leastRoom)
        return {ErrorKind::FileUnwritable, otherwise, ErrorAction::Retry, {}, {}};
    return {ErrorKind::StoreFull,
        SettingsFile::tr("There is no room left on the disk that holds your mail and settings (%1). "
                         "Make room there and try again; nothing was lost.")
            .arg(QDir::toNativeSeparators(folder)),
        ErrorAction::Retry, {}, {}};
}

} // namespace satchel
