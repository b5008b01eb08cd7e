// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/fetchedstatefiles.h"

#include "exchange/statecollector.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStandardPaths>

#include <map>

namespace satchel::exchange {

namespace {

// A home is not hostile, but may be odd: nothing is read without bounds.
constexpr qint64 maximalSettings = 16 * 1024 * 1024;
constexpr int maximalEntries = 10'000;

/// Collects candidates; keeps those that are state files, each under its canonical path.
class StateFileList
{
public:
    void offer(const QString &path)
    {
        const QFileInfo info(path);
        if (!info.isFile() || info.size() > maximalStateFileSize || m_found.contains(info.canonicalFilePath()))
            return;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return;
        const StateFormat format = detectFetchedState(path, file.read(maximalStateFileSize));
        if (format != StateFormat::Unknown)
            m_found.emplace(info.canonicalFilePath(), StateFile{path, format});
    }

    void offerAll(const QString &folder, const QStringList &patterns)
    {
        if (folder.isEmpty() || !QFileInfo(folder).isDir())
            return;
        const QStringList names = QDir(folder).entryList(patterns, QDir::Files | QDir::Hidden, QDir::Name);
        for (const QString &name : names.first(qMin(names.size(), qsizetype(maximalEntries))))
            offer(folder + u'/' + name);
    }

    [[nodiscard]] QList<StateFile> take() const
    {
        QList<StateFile> files;
        for (const auto &[canonical, file] : m_found)
            files.append(file);
        std::ranges::sort(files, {}, &StateFile::path);
        return files;
    }

private:
    std::map<QString, StateFile> m_found;
};

QByteArray contents(const QString &path)
{
    QFile file(path);
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return {};
    return file.read(maximalSettings);
}

/// The profiles that profiles.ini in \a folder names, as Mozilla's programs write it: sections [Profile0] and on,
/// with a path that is relative to that folder or not.
QStringList mozillaProfiles(const QString &folder)
{
    QStringList profiles;
    QString path;
    bool relative = true;
    const auto finish = [&] {
        if (!path.isEmpty() && profiles.size() < maximalEntries)
            profiles.append(relative ? QDir::cleanPath(folder + u'/' + path) : path);
        path.clear();
        relative = true;
    };
    const QByteArray bytes = contents(folder + QStringLiteral("/profiles.ini"));
    LineReader lines(bytes);
    while (!lines.atEnd()) {
        const QByteArrayView line = lines.next().trimmed();
        if (line.startsWith('['))
            finish();
        else if (line.startsWith("Path="))
            path = decoded(line.sliced(5));
        else if (line.startsWith("IsRelative="))
            relative = line.sliced(11) != "0";
    }
    finish();
    return profiles;
}

/// The mail folders of POP3 accounts that prefs.js names: a user may have moved them out of the profile.
QStringList mailFolders(const QString &profile)
{
    static const QRegularExpression directory(
        QStringLiteral(R"~(^user_pref\("mail\.server\.[^".]+\.directory", "((?:[^"\\]|\\.)*)"\);)~"));
    QStringList folders;
    const QByteArray bytes = contents(profile + QStringLiteral("/prefs.js"));
    LineReader lines(bytes);
    while (!lines.atEnd() && folders.size() < maximalEntries) {
        const QByteArrayView line = lines.next();
        if (!line.startsWith("user_pref(\"mail.server.") || line.size() > 8192)
            continue;
        if (const auto match = directory.match(decoded(line)); match.hasMatch()) {
            QString path = match.captured(1);
            static const QRegularExpression escape(QStringLiteral(R"(\\(.))"));
            folders.append(path.replace(escape, QStringLiteral("\\1")));
        }
    }
    return folders;
}

void offerMozilla(StateFileList &files, const QString &folder)
{
    if (folder.isEmpty())
        return;
    const QStringList popStates{QStringLiteral("popstate*.dat")};
    for (const QString &profile : mozillaProfiles(folder)) {
        const QString mail = profile + QStringLiteral("/Mail");
        const QStringList servers = QDir(mail).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
        for (const QString &server : servers.first(qMin(servers.size(), qsizetype(maximalEntries))))
            files.offerAll(mail + u'/' + server, popStates);
        for (const QString &moved : mailFolders(profile))
            files.offerAll(moved, popStates);
    }
}

/// \a folder with \a rest below it; empty when the place is not known.
QString below(const QString &folder, QLatin1String rest)
{
    return folder.isEmpty() ? QString() : folder + u'/' + rest;
}

} // namespace

StatePlaces StatePlaces::ofThisUser()
{
    StatePlaces places = below(QDir::homePath());
    places.config = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    places.data = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    if (const QString roaming = qEnvironmentVariable("APPDATA"); !roaming.isEmpty())
        places.roaming = roaming;
    places.fetchmailHome = qEnvironmentVariable("FETCHMAILHOME");
    return places;
}

StatePlaces StatePlaces::below(const QString &home)
{
    StatePlaces places;
    places.home = home;
    places.config = home + QStringLiteral("/.config");
    places.data = home + QStringLiteral("/.local/share");
    places.roaming = home + QStringLiteral("/AppData/Roaming");
    return places;
}

QList<StateFile> findFetchedStates(const StatePlaces &places)
{
    StateFileList files;
    for (const char *folder : {
             ".thunderbird",
             ".icedove",
             ".mozilla-thunderbird",
             ".mozilla/seamonkey",
             "snap/thunderbird/common/.thunderbird",
             ".var/app/org.mozilla.Thunderbird/.thunderbird",
             ".var/app/org.mozilla.thunderbird/.thunderbird",
             ".var/app/eu.betterbird.Betterbird/.thunderbird",
             "Library/Thunderbird",
             "Library/Application Support/SeaMonkey",
         })
        offerMozilla(files, below(places.home, QLatin1String(folder)));
    offerMozilla(files, below(places.config, QLatin1String("thunderbird")));
    offerMozilla(files, below(places.roaming, QLatin1String("Thunderbird")));
    offerMozilla(files, below(places.roaming, QLatin1String("Mozilla/SeaMonkey")));

    const QStringList everything{QStringLiteral("*-*")};
    for (const char *folder : {".claws-mail/uidl", ".sylpheed-2.0/uidl", ".sylpheed/uidl", ".sylpheed-claws/uidl",
             ".var/app/org.claws_mail.Claws-Mail/.claws-mail/uidl"})
        files.offerAll(below(places.home, QLatin1String(folder)), everything);
    files.offerAll(below(places.config, QLatin1String("claws-mail/uidl")), everything);
    files.offerAll(below(places.roaming, QLatin1String("Claws-mail/uidl")), everything);
    files.offerAll(below(places.roaming, QLatin1String("Sylpheed/uidl")), everything);

    const QStringList oldmail{QStringLiteral("oldmail-*")};
    files.offerAll(below(places.home, QLatin1String(".getmail")), oldmail);
    files.offerAll(below(places.config, QLatin1String("getmail")), oldmail);

    files.offer(below(places.home, QLatin1String(".fetchids")));
    files.offer(below(places.fetchmailHome, QLatin1String(".fetchids")));
    files.offer(below(places.fetchmailHome, QLatin1String("fetchids")));

    const QString mpop = below(places.home, QLatin1String(".mpop_uidls"));
    files.offer(mpop); // one file for all mailboxes, long ago
    files.offerAll(mpop, {QStringLiteral("*")});
    files.offerAll(places.data, {QStringLiteral("*_at_*")}); // as its manual proposes

    const QStringList akonadi{QStringLiteral("akonadi_pop3_resource_*rc")};
    files.offerAll(places.config, akonadi);
    for (const char *share : {".kde/share", ".kde4/share"}) {
        const QString kde = below(places.home, QLatin1String(share));
        files.offerAll(below(kde, QLatin1String("config")), akonadi);
        files.offerAll(below(kde, QLatin1String("apps/kmail")), {QStringLiteral("*:@*:*")});
    }
    return files.take();
}

} // namespace satchel::exchange
