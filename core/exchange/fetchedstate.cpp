// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/fetchedstate.h"

#include "exchange/fetchedstateparsers.h"
#include "exchange/statecollector.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QHash>
#include <QLocale>

#include <algorithm>

namespace satchel::exchange {

namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(satchel::exchange::FetchedState)
};

/// So many lines tell a format that has no mark of its own.
constexpr int linesToJudge = 20;

bool isNumber(QByteArrayView text)
{
    return !text.isEmpty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// The share of the first lines that \a fits: all but one in four must, since bad lines are skipped later.
template <class Predicate>
bool mostLines(QByteArrayView bytes, Predicate fits)
{
    int seen = 0;
    int good = 0;
    for (LineReader lines(bytes); !lines.atEnd() && seen < linesToJudge;) {
        const QByteArrayView line = lines.next();
        if (line.trimmed().isEmpty())
            continue;
        ++seen;
        good += fits(line) ? 1 : 0;
    }
    return good > 0 && good * 4 >= seen * 3;
}

bool isUidlFileLine(QByteArrayView line)
{
    const qsizetype tab = line.indexOf('\t');
    if (tab <= 0)
        return false;
    QByteArrayView rest = line.sliced(tab + 1);
    return isNumber(takeWord(rest));
}

bool isOldmailLine(QByteArrayView line)
{
    const qsizetype nul = line.indexOf('\0');
    return nul > 0 && isNumber(line.sliced(nul + 1).trimmed());
}

bool isPopStateLine(QByteArrayView line)
{
    return line.startsWith('*') || line.startsWith('#')
        || (line.size() > 2 && line[1] == ' ' && QByteArrayView("kbdf").contains(line[0]));
}

/// The first line that is neither empty nor a comment.
QByteArrayView firstLine(QByteArrayView bytes)
{
    for (LineReader lines(bytes); !lines.atEnd();) {
        const QByteArrayView line = lines.next();
        if (!line.trimmed().isEmpty() && !line.startsWith('#'))
            return line;
    }
    return {};
}

bool hasKMailList(QByteArrayView bytes)
{
    for (LineReader lines(bytes); !lines.atEnd();) {
        const QByteArrayView line = lines.next();
        if (line.startsWith("seenUidList") && line.size() > 11 && (line[11] == '=' || line[11] == '['))
            return true;
    }
    return false;
}

bool isKnownByName(const QString &name, QLatin1String begin, QLatin1String end)
{
    return name.startsWith(begin, Qt::CaseInsensitive) && name.endsWith(end, Qt::CaseInsensitive);
}

/// getmail's substitute for characters that a file system may not like.
QString oldmailName(const QString &name)
{
    QString result;
    bool replaced = false;
    for (const QChar c : name) {
        const bool bad = QStringView(u"/\\:;<>|").contains(c);
        if (!bad)
            result += c;
        else if (!replaced)
            result += u'-';
        replaced = bad;
    }
    return result;
}

/// Whether \a written stands for \a user: as it is, with "%xx" (Sylpheed) or "_" (Claws Mail) for what a file system
/// may not like.
bool isUidlFileUser(QStringView written, const QString &user)
{
    QString escaped;
    QString substituted;
    for (const QChar c : user) {
        const bool bad = QStringView(u"\t\r\n\"'\\/:;*?<>|").contains(c);
        escaped += bad ? QStringLiteral("%%1").arg(c.unicode(), 2, 16, QLatin1Char('0')) : QString(c);
        const bool badForClaws = QStringView(u"\t\r\n\\/*").contains(c);
        substituted += badForClaws ? QChar(u'_') : c;
    }
    QString onWindows = substituted;
    onWindows.replace(u':', u'_').replace(u'?', u'_');
    return written == user || written == substituted || written == onWindows
        || written.compare(escaped, Qt::CaseInsensitive) == 0;
}

Expected<FetchedStates> damaged(const QString &fileName)
{
    return fail(ErrorKind::FileUnreadable,
                Text::tr("The file “%1” is damaged: no fetched message could be read from it. "
                         "Choose another copy of it, or go on without it.")
                    .arg(sanitised(QFileInfo(fileName).fileName())));
}

Expected<FetchedStates> tooLarge(const QString &fileName)
{
    return fail(ErrorKind::FileUnreadable,
                Text::tr("The file “%1” is larger than %2 and is not read. Choose the file in which the other program "
                         "remembers its fetched messages.")
                    .arg(sanitised(QFileInfo(fileName).fileName()),
                         QLocale().formattedDataSize(maximalStateFileSize)));
}

} // namespace

StateFormat detectFetchedState(const QString &fileName, QByteArrayView bytes)
{
    const QFileInfo file(fileName);
    const QString name = file.fileName();
    if (bytes.startsWith("\xEF\xBB\xBF"))
        bytes = bytes.sliced(3);

    if (bytes.startsWith("# POP3 State File") || bytes.startsWith("# Netscape POP3 State File"))
        return StateFormat::PopState;
    if (bytes.startsWith("# This file was generated by mpop") || mpopListHead(firstLine(bytes)))
        return StateFormat::MpopUidls;
    if (mostLines(bytes, isOldmailLine))
        return StateFormat::Oldmail;
    if (bytes.contains('\0'))
        return name.startsWith(QLatin1String("oldmail-")) ? StateFormat::Oldmail : StateFormat::Unknown;
    if (firstLine(bytes).startsWith('*') && mostLines(bytes, isPopStateLine))
        return StateFormat::PopState;
    if (hasKMailList(bytes))
        return StateFormat::KMailSettings;
    if (mostLines(bytes, isUidlFileLine))
        return StateFormat::UidlFile;

    // From here on the name must agree.
    if (isKnownByName(name, QLatin1String("popstate"), QLatin1String(".dat")) && mostLines(bytes, isPopStateLine))
        return StateFormat::PopState;
    if (isKnownByName(name, QLatin1String("oldmail-"), {}) && bytes.isEmpty())
        return StateFormat::Oldmail;
    if (name.contains(QLatin1String("fetchids"), Qt::CaseInsensitive)
        && (bytes.isEmpty() || mostLines(bytes, [](QByteArrayView line) { return fetchIdsLine(line).has_value(); })))
        return StateFormat::FetchIds;
    const bool inUidlFolder = file.dir().dirName().compare(QLatin1String("uidl"), Qt::CaseInsensitive) == 0;
    const auto isOneWord = [](QByteArrayView line) { return line.size() <= 70 && !line.contains(' '); };
    if ((inUidlFolder || name.startsWith(QLatin1String("uidl-"))) && name.contains(u'-')
        && (bytes.isEmpty() || mostLines(bytes, isOneWord)))
        return StateFormat::UidlFile;
    return StateFormat::Unknown;
}

Expected<FetchedStates> parseFetchedState(const QString &fileName, QByteArrayView bytes)
{
    if (bytes.size() > maximalStateFileSize)
        return tooLarge(fileName);
    FetchedStates states;
    switch (detectFetchedState(fileName, bytes)) {
    case StateFormat::PopState: states = parsePopState(fileName, bytes); break;
    case StateFormat::UidlFile: states = parseUidlFile(fileName, bytes); break;
    case StateFormat::Oldmail: states = parseOldmail(fileName, bytes); break;
    case StateFormat::FetchIds: states = parseFetchIds(bytes); break;
    case StateFormat::MpopUidls: states = parseMpopUidls(bytes); break;
    case StateFormat::KMailSettings: states = parseKMailSettings(fileName, bytes); break;
    case StateFormat::Unknown:
        return fail(ErrorKind::InvalidRequest,
                    Text::tr("The file “%1” is no list of fetched messages that Satchel knows. Choose popstate.dat of "
                             "Thunderbird, or the like of Claws Mail, Sylpheed, getmail, fetchmail, mpop or KMail.")
                        .arg(sanitised(QFileInfo(fileName).fileName())));
    }
    const bool any = std::ranges::any_of(states.mailboxes,
                                         [](const FetchedState &state) { return !state.messages.isEmpty(); });
    // A list without a message is a true answer, unless there was something to read in it.
    if (!any && states.skipped > 0)
        return damaged(fileName);
    return states;
}

Expected<FetchedStates> readFetchedState(const QString &path)
{
    QFile file(path);
    // Only regular files: a pipe or a device would never end.
    if (!QFileInfo(path).isFile() || !file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::FileUnreadable,
                    Text::tr("The file “%1” cannot be read. Check that it exists and that you may read it.")
                        .arg(sanitised(QFileInfo(path).fileName())),
                    ErrorAction::None, sanitised(file.errorString()));
    if (file.size() > maximalStateFileSize)
        return tooLarge(path);
    const QByteArray bytes = file.read(maximalStateFileSize + 1);
    return parseFetchedState(path, bytes);
}

bool isOfMailbox(const FetchedState &state, const QString &host, const QString &user)
{
    if (host.isEmpty() || user.isEmpty())
        return false;
    switch (state.format) {
    case StateFormat::UidlFile: {
        const QStringView name = state.mailboxName;
        return name.size() > host.size() + 1 && name.startsWith(host, Qt::CaseInsensitive)
            && name.at(host.size()) == u'-' && isUidlFileUser(name.sliced(host.size() + 1), user);
    }
    case StateFormat::Oldmail: {
        const QString writtenHost = oldmailName(host) + u'-';
        const QString writtenUser = u'-' + oldmailName(user);
        const QStringView name = state.mailboxName;
        if (name.size() <= writtenHost.size() + writtenUser.size()
            || !name.startsWith(writtenHost, Qt::CaseInsensitive) || !name.endsWith(writtenUser))
            return false;
        bool isPort = false;
        const quint16 port
            = name.sliced(writtenHost.size(), name.size() - writtenHost.size() - writtenUser.size()).toUShort(&isPort);
        return isPort && port != 0;
    }
    case StateFormat::FetchIds:
        return state.host.compare(host, Qt::CaseInsensitive) == 0 && state.user.compare(user, Qt::CaseInsensitive) == 0;
    case StateFormat::PopState:
    case StateFormat::MpopUidls:
    case StateFormat::KMailSettings:
        return state.host.compare(host, Qt::CaseInsensitive) == 0 && state.user == user;
    case StateFormat::Unknown:
        break;
    }
    return false;
}

QList<QByteArray> recordedUidls(StateFormat format, QByteArrayView uidl)
{
    switch (format) {
    case StateFormat::PopState:
    case StateFormat::UidlFile:
    case StateFormat::FetchIds: {
        QByteArrayView rest = uidl.trimmed();
        const QByteArray word = takeWord(rest).toByteArray();
        QList<QByteArray> forms{word};
        if (format == StateFormat::PopState) {
            if (QByteArray recoded = QString::fromLatin1(word).toUtf8(); recoded != word)
                forms.append(std::move(recoded));
        }
        return forms;
    }
    case StateFormat::Oldmail: {
        QByteArray written = uidl.trimmed().toByteArray();
        return {written.replace('/', '-')};
    }
    case StateFormat::MpopUidls:
    case StateFormat::KMailSettings:
    case StateFormat::Unknown:
        break;
    }
    return {uidl.toByteArray()};
}

QList<qsizetype> matchFetched(const FetchedState &state, const QList<QByteArray> &serverUidls)
{
    QHash<QByteArray, qsizetype> known;
    known.reserve(state.messages.size());
    for (qsizetype i = 0; i < state.messages.size(); ++i)
        known.insert(state.messages[i].uidl, i);

    QList<qsizetype> result(serverUidls.size(), -1);
    QList<int> meant(state.messages.size(), 0);
    for (qsizetype i = 0; i < serverUidls.size(); ++i) {
        for (const QByteArray &form : recordedUidls(state.format, serverUidls[i])) {
            if (const auto found = known.constFind(form); found != known.cend()) {
                ++meant[*found];
                result[i] = *found;
            }
        }
    }
    for (qsizetype &index : result) {
        if (index >= 0 && meant[index] != 1)
            index = -1;
    }
    return result;
}

} // namespace satchel::exchange
