// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/bugreport.h"

#include <QCoreApplication>
#include <QSysInfo>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr qsizetype mostLogLines = 300;
constexpr qsizetype shortestName = 3; ///< "a" stands everywhere

QList<std::pair<QString, QString>> personalWords(const QList<AccountSettings> &accounts)
{
    QList<std::pair<QString, QString>> words;
    const auto add = [&words](const QString &word, const QString &replacement) {
        if (word.size() >= shortestName)
            words.append({word, replacement});
    };
    for (const AccountSettings &account : accounts) {
        add(account.address, u"‹address›"_s);
        add(account.userName, u"‹user›"_s);
        add(account.personName, u"‹name›"_s);
        add(account.name, u"‹account›"_s);
        add(account.address.section(u'@', 0, 0), u"‹user›"_s);
        add(account.userName.section(u'@', 0, 0), u"‹user›"_s);
    }
    // Long ones first: a whole address, before its first half is taken out of it.
    std::ranges::stable_sort(
        words, [](const auto &one, const auto &other) { return one.first.size() > other.first.size(); });
    return words;
}

QString serverText(const AccountSettings &account, const sync::ServerAnnouncement &server)
{
    static const QStringList security{u"TLS"_s, u"STLS"_s, u"not encrypted"_s};
    QString text =
        u"\nServer: %1, port %2, %3\n"_s.arg(account.host).arg(account.port).arg(security.value(int(account.security)));
    if (!account.mechanism.isEmpty())
        text += u"Sign-in fixed to: %1\n"_s.arg(account.mechanism);
    if (!account.certificateFile.isEmpty())
        text += u"Shows a certificate of its own\n"_s;
    if (!account.tokenProgram.isEmpty())
        text += u"Takes an access token from a program\n"_s;
    if (account.oldTls)
        text += u"TLS 1.0 and 1.1 are allowed\n"_s;
    if (!server.loginAt.isValid())
        return text + u"Nobody was let in yet.\n"_s;
    text += u"Last sign-in: %1, by %2\n"_s.arg(server.loginAt.toString(Qt::ISODate), server.mechanism);
    for (const QString &line : server.capabilities)
        text += u"  CAPA: %1\n"_s.arg(line);
    if (server.loginDelayLearned)
        text += u"Login delay learned: %1 s\n"_s.arg(server.loginDelay);
    return text;
}

} // namespace

QString bugReport(
    const QList<AccountSettings> &accounts, const QList<sync::ServerAnnouncement> &servers, const QStringList &logLines)
{
    QString text = u"Satchel %1, Qt %2\n%3, %4\n"_s.arg(QCoreApplication::applicationVersion(),
        QString::fromLatin1(qVersion()), QSysInfo::prettyProductName(), QSysInfo::currentCpuArchitecture());
    for (const AccountSettings &account : accounts) {
        const auto server = std::ranges::find(servers, account.id, &sync::ServerAnnouncement::account);
        text += serverText(account, server == servers.end() ? sync::ServerAnnouncement() : *server);
    }
    text += u"\nConnection log:\n"_s;
    const qsizetype first = qMax(qsizetype(0), logLines.size() - mostLogLines);
    if (first > 0)
        text += u"(%1 earlier lines left out)\n"_s.arg(first);
    for (const QString &line : logLines.sliced(first))
        text += line + u'\n';
    for (const auto &[word, replacement] : personalWords(accounts))
        text.replace(word, replacement, Qt::CaseInsensitive);
    return u"User names, addresses and passwords were struck out of this text.\n\n"_s + text;
}

} // namespace satchel::ui
