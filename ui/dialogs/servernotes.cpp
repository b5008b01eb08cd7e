// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/servernotes.h"

#include "ui/theme/text.h"

#include <QCoreApplication>

namespace satchel::ui {

namespace {

struct ServerNotes {
    Q_DECLARE_TR_FUNCTIONS(satchel::ui::ServerNotes)
};

/// How many days the person wants messages to stay; nullopt: not a matter of days.
std::optional<int> wantedDays(const AccountSettings &settings)
{
    return settings.retention == Retention::KeepDays ? std::optional(settings.keepDays) : std::nullopt;
}

} // namespace

QString durationText(int seconds)
{
    constexpr int minute = 60;
    constexpr int hour = 60 * minute;
    if (seconds >= 2 * hour)
        return ServerNotes::tr("%Ln hour(s)", nullptr, (seconds + hour - 1) / hour);
    if (seconds >= 2 * minute)
        return ServerNotes::tr("%Ln minute(s)", nullptr, (seconds + minute - 1) / minute);
    return ServerNotes::tr("%Ln second(s)", nullptr, seconds);
}

QString expiryWarning(const AccountSettings &settings, const sync::ServerAnnouncement &server)
{
    const int days = server.expireDays.value_or(sync::ServerAnnouncement::never);
    if (settings.retention == Retention::DeleteAfterDownload || days == sync::ServerAnnouncement::never)
        return {};
    if (days == 0) {
        return ServerNotes::tr("This server deletes every message as soon as it was fetched: nothing can be left "
                               "there, whatever is chosen here.");
    }
    return wantedDays(settings).value_or(days + 1) > days
        ? ServerNotes::tr(
              "This server deletes messages by itself after %Ln day(s); none stays there longer.", nullptr, days)
        : QString();
}

QString loginDelayWarning(const AccountSettings &settings, const sync::ServerAnnouncement &server)
{
    const bool tooOften = settings.checkEveryMinutes > 0 && settings.checkEveryMinutes * 60 < server.loginDelay;
    return server.loginDelay > 0 && tooOften
        ? ServerNotes::tr("This server allows one login every %1; Satchel does not check more often.")
              .arg(durationText(server.loginDelay))
        : QString();
}

QStringList serverWarnings(const AccountSettings &settings, const sync::ServerAnnouncement &server)
{
    QStringList warnings{expiryWarning(settings, server), loginDelayWarning(settings, server)};
    if (isGmail(settings.host)) {
        warnings.append(
            ServerNotes::tr("What becomes of fetched mail at Gmail is decided in its web settings too, under "
                            "“Forwarding and POP/IMAP”."));
    }
    warnings.removeAll(QString());
    return warnings;
}

bool isGmail(const QString &host)
{
    const QString name = host.trimmed();
    return name.endsWith(QLatin1StringView("gmail.com"), Qt::CaseInsensitive)
        || name.endsWith(QLatin1StringView("googlemail.com"), Qt::CaseInsensitive);
}

QStringList serverDescription(const sync::ServerAnnouncement &server)
{
    if (!server.loginAt.isValid())
        return {};
    QStringList lines;
    const QString when = readingDate(server.loginAt);
    if (server.encrypted)
        lines.append(ServerNotes::tr("Last sign-in: %1, by %2, encrypted").arg(when, server.mechanism));
    else
        lines.append(ServerNotes::tr("Last sign-in: %1, by %2, not encrypted").arg(when, server.mechanism));
    if (!server.implementation.isEmpty())
        lines.append(ServerNotes::tr("Program of the server: %1").arg(server.implementation));
    if (server.expireDays == sync::ServerAnnouncement::never)
        lines.append(ServerNotes::tr("The server keeps messages until they are deleted."));
    else if (server.expireDays == 0)
        lines.append(ServerNotes::tr("The server deletes messages as soon as they were fetched."));
    else if (server.expireDays)
        lines.append(ServerNotes::tr("The server keeps messages for %Ln day(s).", nullptr, *server.expireDays));
    if (server.loginDelay > 0)
        lines.append(ServerNotes::tr("The server allows one login every %1.").arg(durationText(server.loginDelay)));
    return lines;
}

} // namespace satchel::ui
