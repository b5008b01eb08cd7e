// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/announcement.h"

#include "sync/learned.h"
#include "sync/schedule.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace satchel::sync {

namespace {

const QString factName = u"announcement"_s;

QString words(const QByteArray &bytes)
{
    return sanitised(bytes.isValidUtf8() ? QString::fromUtf8(bytes) : QString::fromLatin1(bytes));
}

const QString learnedOn = u"login-delay-learned-on"_s;
constexpr int learnedDays = 7;

bool isOutdated(const QJsonObject &kept, QDate today)
{
    const QDate day = QDate::fromString(kept.value(learnedOn).toString(), Qt::ISODate);
    return !day.isValid() || day > today || day.daysTo(today) >= learnedDays;
}

QJsonObject keptObject(const store::Writer &writer, const AccountSettings &account)
{
    // What cannot be read is not known: the visit meets the store's error soon enough.
    return QJsonDocument::fromJson(learned(writer, account.id, serverOf(account), factName).value_or(QByteArray()))
        .object();
}

QByteArray toJson(const ServerAnnouncement &announcement, const QString &learnedDay)
{
    QJsonObject object{
        {u"login-at"_s, announcement.loginAt.toMSecsSinceEpoch()},
        {u"implementation"_s, announcement.implementation},
        {u"capabilities"_s, QJsonArray::fromStringList(announcement.capabilities)},
        {u"login-delay"_s, announcement.loginDelay},
        {u"login-delay-learned"_s, announcement.loginDelayLearned},
        {u"mechanism"_s, announcement.mechanism},
        {u"encrypted"_s, announcement.encrypted},
    };
    if (announcement.loginDelayLearned)
        object.insert(learnedOn, learnedDay);
    if (announcement.expireDays)
        object.insert(u"expire-days"_s, *announcement.expireDays);
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

ServerAnnouncement announcementOf(AccountId account, const pop3::Session &session, const QDateTime &loginAt)
{
    // What a server may say without end is cut: it is kept, and shown.
    constexpr qsizetype mostLines = 64;
    const pop3::Capabilities &capabilities = session.capabilities();
    ServerAnnouncement announcement;
    announcement.account = account;
    announcement.loginAt = loginAt;
    announcement.implementation = words(capabilities.implementation);
    for (const QByteArray &line : capabilities.lines.first(qMin(mostLines, capabilities.lines.size())))
        announcement.capabilities.append(words(line));
    announcement.expireDays = capabilities.expireDays;
    announcement.loginDelay = qMin(capabilities.loginDelay, longestLoginDelay);
    announcement.mechanism = words(session.mechanism());
    announcement.encrypted = session.isEncrypted();
    return announcement;
}

ServerAnnouncement keptAnnouncement(const store::Writer &writer, const AccountSettings &account, QDate today)
{
    const QJsonObject object = keptObject(writer, account);
    ServerAnnouncement announcement;
    announcement.account = account.id;
    if (const qint64 at = object.value("login-at"_L1).toInteger(); at > 0)
        announcement.loginAt = QDateTime::fromMSecsSinceEpoch(at, QTimeZone::UTC);
    announcement.implementation = object.value("implementation"_L1).toString();
    for (const QJsonValue &line : object.value("capabilities"_L1).toArray())
        announcement.capabilities.append(line.toString());
    if (const QJsonValue days = object.value("expire-days"_L1); days.isDouble())
        announcement.expireDays = days.toInt();
    announcement.loginDelay = qMin(object.value("login-delay"_L1).toInt(), longestLoginDelay);
    announcement.loginDelayLearned = object.value("login-delay-learned"_L1).toBool();
    if (announcement.loginDelayLearned && isOutdated(object, today)) {
        announcement.loginDelay = 0;
        announcement.loginDelayLearned = false;
    }
    announcement.mechanism = object.value("mechanism"_L1).toString();
    announcement.encrypted = object.value("encrypted"_L1).toBool();
    return announcement;
}

Expected<void> keepAnnouncement(
    store::Writer &writer, const AccountSettings &account, const ServerAnnouncement &announcement, QDate today)
{
    ServerAnnouncement before = keptAnnouncement(writer, account, today);
    if (announcement.loginDelay == 0)
        before.loginAt = announcement.loginAt;
    if (before == announcement)
        return {};
    // The week begins with the refusal that the delay was learned from.
    const QString day = before.loginDelayLearned && before.loginDelay == announcement.loginDelay
        ? keptObject(writer, account).value(learnedOn).toString()
        : today.toString(Qt::ISODate);
    return keepLearned(writer, account.id, serverOf(account), factName, toJson(announcement, day));
}

} // namespace satchel::sync
