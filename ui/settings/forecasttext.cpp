// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/forecasttext.h"

#include "ui/theme/text.h"

#include <QCoreApplication>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(satchel::ui::Forecast)
};

/// With the year where it is another one.
QString day(const QDateTime &time)
{
    return QLocale().toString(time.toLocalTime().date(), QLocale::ShortFormat);
}

QString whatStays(int count, qint64 bytes)
{
    return Words::tr("%Ln message(s), %1, stay.", nullptr, count).arg(fileSize(bytes));
}

} // namespace

QString forecastText(const sync::Forecast &forecast)
{
    if (!forecast.isKnown)
        return Words::tr("What the next check does can be told once the mailbox was visited.");
    QStringList sentences;
    if (forecast.fetches > 0)
        sentences += Words::tr("Next check: gets %Ln message(s), %1.", nullptr, forecast.fetches)
                         .arg(fileSize(forecast.fetchBytes));
    if (forecast.deletes > 0 && forecast.oldestDeleted.isValid())
        sentences +=
            Words::tr("Next check: deletes %Ln message(s) on the server, the oldest stored here on %1; frees %2.",
                nullptr, forecast.deletes)
                .arg(day(forecast.oldestDeleted), fileSize(forecast.freedBytes));
    else if (forecast.deletes > 0)
        sentences += Words::tr("Next check: deletes %Ln message(s) on the server; frees %1.", nullptr, forecast.deletes)
                         .arg(fileSize(forecast.freedBytes));
    if (forecast.held > 0)
        sentences +=
            Words::tr("%Ln message(s), %1, are due to be deleted; as that is a large part of the mailbox, you are "
                      "asked first.",
                nullptr, forecast.held)
                .arg(fileSize(forecast.heldBytes));
    if (forecast.deletes == 0 && forecast.held == 0)
        sentences += Words::tr("Next check: deletes nothing.");
    sentences += whatStays(forecast.stays, forecast.staysBytes);
    if (forecast.deletes == 0 && forecast.held == 0 && forecast.nextDue.isValid())
        sentences += Words::tr("The first of them leaves on %1.").arg(day(forecast.nextDue));
    if (forecast.tooLarge > 0)
        sentences += Words::tr("%Ln of them are not fetched, for their size.", nullptr, forecast.tooLarge);
    return sentences.join(u' ');
}

QString deletionQuestion(const sync::Forecast &forecast)
{
    if (!forecast.isKnown)
        return Words::tr("How many messages that will be is known only after the mailbox was visited. Each of them is "
                         "stored on this computer first.");
    const int count = forecast.deletes + forecast.held;
    if (count == 0)
        return Words::tr(
            "Nothing is due yet: the next check deletes no message. From then on, messages leave the server "
            "by this rule.");
    const QDateTime oldest = forecast.oldestHeld.isValid()
            && (!forecast.oldestDeleted.isValid() || forecast.oldestHeld < forecast.oldestDeleted)
        ? forecast.oldestHeld
        : forecast.oldestDeleted;
    QString text = oldest.isValid()
        ? Words::tr("The next check deletes %Ln message(s) on the server, the oldest stored here on %1, and frees %2.",
              nullptr, count)
              .arg(day(oldest), fileSize(forecast.freedBytes + forecast.heldBytes))
        : Words::tr("The next check deletes %Ln message(s) on the server and frees %1.", nullptr, count)
              .arg(fileSize(forecast.freedBytes + forecast.heldBytes));
    text += u' ' + whatStays(forecast.stays - forecast.held, forecast.staysBytes - forecast.heldBytes);
    text += u'\n' + Words::tr("All that is deleted there is stored on this computer.");
    return text;
}

} // namespace satchel::ui
