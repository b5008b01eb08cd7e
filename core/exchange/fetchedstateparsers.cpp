// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/fetchedstateparsers.h"

#include "exchange/statecollector.h"

#include <QFileInfo>
#include <QHash>

#include <algorithm>

namespace satchel::exchange {

namespace {

bool isHex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// Sylpheed writes what a file system may not like in a user's name as %xx.
QString percentDecoded(const QString &name)
{
    const QByteArray bytes = name.toUtf8();
    QByteArray result;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '%' && i + 2 < bytes.size() && isHex(bytes[i + 1]) && isHex(bytes[i + 2])) {
            result += static_cast<char>(bytes.mid(i + 1, 2).toInt(nullptr, 16));
            i += 2;
        } else {
            result += bytes[i];
        }
    }
    return decoded(result);
}

/// Whether \a name may be a host's: it has a dot, and its last label is letters (or all of it is an IPv4 address).
bool looksLikeHost(QStringView name)
{
    const qsizetype dot = name.lastIndexOf(u'.');
    if (dot <= 0 || dot + 1 == name.size() || name.startsWith(u'-') || name.contains(u'@'))
        return false;
    const QStringView last = name.sliced(dot + 1);
    const auto isLetter = [](QChar c) { return c.isLetter(); };
    const auto isDigit = [](QChar c) { return c >= u'0' && c <= u'9'; };
    if (last.size() >= 2 && std::ranges::all_of(last, isLetter))
        return true;
    return name.count(u'.') == 3 && std::ranges::all_of(name, [&](QChar c) { return c == u'.' || isDigit(c); });
}

struct MailboxNames {
    QString host;
    QString user;
};

/// Guesses where the host ends in HOST-USER, both of which may hold hyphens: at a domain that the user's name has too,
/// else at the first place that leaves a host of three labels, else at the last that leaves any.
MailboxNames guessNames(const QString &name)
{
    std::optional<qsizetype> place;
    bool placeIsGood = false;
    const qsizetype at = name.lastIndexOf(u'@');
    const QStringView domain = at > 0 ? QStringView(name).sliced(at + 1) : QStringView();
    for (qsizetype i = name.indexOf(u'-'); i > 0; i = name.indexOf(u'-', i + 1)) {
        const QStringView host = QStringView(name).first(i);
        if (host.size() > 255)
            break;
        if (i + 1 == name.size() || !looksLikeHost(host))
            continue;
        if (!domain.isEmpty() && host.endsWith(domain, Qt::CaseInsensitive)) {
            place = i;
            break;
        }
        if (!placeIsGood) {
            place = i;
            placeIsGood = host.count(u'.') >= 2;
        }
    }
    if (!place) {
        const qsizetype first = name.indexOf(u'-'); // "localhost-robin"
        if (first > 0 && first + 1 < name.size())
            place = first;
    }
    if (!place)
        return {};
    return {name.first(*place), name.sliced(*place + 1)};
}

} // namespace

// "*host user" begins a mailbox, "flag uidl time" is a message. The flag: k kept on the server, d to be deleted there,
// b too big, only its beginning is here, f too big and to be fetched. The user's name may hold blanks. The time came
// late.
FetchedStates parsePopState(const QString &fileName, QByteArrayView bytes)
{
    QString program = QStringLiteral("Thunderbird");
    if (bytes.first(std::min<qsizetype>(bytes.size(), 64)).contains("# Netscape"))
        program = QStringLiteral("Netscape");
    else if (fileName.contains(QLatin1String("seamonkey"), Qt::CaseInsensitive))
        program = QStringLiteral("SeaMonkey");
    StateCollector found(StateFormat::PopState, program);
    LineReader lines(bytes);
    while (!lines.atEnd()) {
        QByteArrayView line = lines.next();
        if (line.trimmed().isEmpty() || line.startsWith('#'))
            continue;
        if (line.startsWith('*')) {
            found.leaveMailbox();
            line = line.sliced(1);
            const QByteArrayView host = takeWord(line);
            const QByteArrayView user = line.trimmed();
            if (host.isEmpty() || user.isEmpty() || !found.enterMailbox(decoded(host), decoded(user)))
                found.skip();
            continue;
        }
        const QByteArrayView flag = takeWord(line);
        const QByteArrayView uidl = takeWord(line);
        const QByteArrayView time = takeWord(line);
        if (flag.size() != 1 || !QByteArrayView("kbdf").contains(flag[0])) {
            found.skip();
            continue;
        }
        const bool large = flag[0] == 'b' || flag[0] == 'f';
        found.add({uidl.toByteArray(), stateTime(time), !large, flag[0] == 'd'});
    }
    return found.take();
}

// "uidl TAB time", by Claws Mail "TAB partial" too. The time 0 to 2 stands for "received", "keep", 3 for "delete".
// partial: 0 whole, 1 the beginning only, anything else is where the beginning lies, to be replaced by the whole.
FetchedStates parseUidlFile(const QString &fileName, QByteArrayView bytes)
{
    bool threeColumns = false;
    for (LineReader lines(bytes); !lines.atEnd() && !threeColumns;)
        threeColumns = lines.next().count('\t') >= 2;
    const bool claws = threeColumns || fileName.contains(QLatin1String("claws"), Qt::CaseInsensitive);
    StateCollector found(StateFormat::UidlFile, claws ? QStringLiteral("Claws Mail") : QStringLiteral("Sylpheed"));

    QString name = QFileInfo(fileName).fileName();
    if (name.startsWith(QLatin1String("uidl-"))) // before there was a folder for them
        name = name.sliced(5);
    const auto [host, user] = guessNames(name);
    found.enterMailbox(host, claws ? user : percentDecoded(user), 0, name);

    LineReader lines(bytes);
    while (!lines.atEnd()) {
        QByteArrayView line = lines.next();
        if (line.trimmed().isEmpty())
            continue;
        const QByteArrayView uidl = takeWord(line);
        const QByteArrayView time = takeWord(line);
        const QByteArrayView partial = line.trimmed();
        found.add({uidl.toByteArray(), stateTime(time), partial.isEmpty() || partial == "0", time == "3"});
    }
    return found.take();
}

// "uidl NUL time". The file's name is oldmail-HOST-PORT-USER, with "-" for what a file system may not like.
FetchedStates parseOldmail(const QString &fileName, QByteArrayView bytes)
{
    StateCollector found(StateFormat::Oldmail, QStringLiteral("getmail"));
    QString name = QFileInfo(fileName).fileName();
    QString host;
    QString user;
    quint16 port = 0;
    if (name.startsWith(QLatin1String("oldmail-"))) {
        name = name.sliced(8);
        for (qsizetype i = name.indexOf(u'-'); i > 0 && port == 0; i = name.indexOf(u'-', i + 1)) {
            const qsizetype end = name.indexOf(u'-', i + 1);
            if (end < 0)
                break;
            port = QStringView(name).sliced(i + 1, end - i - 1).toUShort();
            if (port != 0) {
                host = name.first(i);
                user = name.sliced(end + 1);
            }
        }
    } else {
        name.clear();
    }
    found.enterMailbox(host, user, port, name);

    LineReader lines(bytes);
    while (!lines.atEnd()) {
        const QByteArrayView line = lines.next();
        if (line.trimmed().isEmpty())
            continue;
        const qsizetype nul = line.indexOf('\0');
        if (nul < 0) {
            found.skip();
            continue;
        }
        found.add({line.first(nul).toByteArray(), stateTime(line.sliced(nul + 1).trimmed()), true, false});
    }
    return found.take();
}

std::optional<FetchIdsLine> fetchIdsLine(QByteArrayView line)
{
    line = line.trimmed();
    // A user's name may hold blanks before its first "@", and another "@"; a host holds neither, a UIDL no blank.
    const qsizetype at = line.indexOf('@');
    const qsizetype blank = at < 0 ? -1 : line.indexOf(' ', at);
    if (at <= 0 || blank < 0)
        return std::nullopt;
    const QByteArrayView names = line.first(blank);
    QByteArrayView rest = line.sliced(blank).trimmed();
    const qsizetype hostAt = names.lastIndexOf('@');
    const FetchIdsLine parts{names.first(hostAt), names.sliced(hostAt + 1), takeWord(rest)};
    if (parts.host.isEmpty() || parts.uidl.isEmpty())
        return std::nullopt;
    return parts;
}

// "user@host uidl", the mailboxes in any order.
FetchedStates parseFetchIds(QByteArrayView bytes)
{
    StateCollector found(StateFormat::FetchIds, QStringLiteral("fetchmail"));
    LineReader lines(bytes);
    while (!lines.atEnd()) {
        const QByteArrayView line = lines.next();
        if (line.trimmed().isEmpty())
            continue;
        const auto parts = fetchIdsLine(line);
        if (parts && found.enterMailbox(decoded(parts->host), decoded(parts->user)))
            found.add({parts->uidl.toByteArray(), {}, true, false});
        else
            found.skip();
    }
    return found.take();
}

std::optional<MpopListHead> mpopListHead(QByteArrayView line)
{
    if (!line.startsWith(' '))
        return std::nullopt;
    QByteArrayView rest = line.sliced(1);
    bool ok = false;
    const qint64 count = takeWord(rest).toLongLong(&ok);
    const QByteArrayView host = takeWord(rest);
    const QByteArrayView user = rest.trimmed();
    if (!ok || count < 1 || host.isEmpty() || user.isEmpty() || user.contains(' '))
        return std::nullopt;
    return MpopListHead{count, host, user};
}

// " count host user" begins a mailbox, then there is one UIDL to a line, which may hold blanks but not begin with one.
// Comments stand at the top only, since a UIDL may begin with "#".
FetchedStates parseMpopUidls(QByteArrayView bytes)
{
    StateCollector found(StateFormat::MpopUidls, QStringLiteral("mpop"));
    bool atTop = true;
    qint64 left = 0;
    LineReader lines(bytes);
    while (!lines.atEnd()) {
        const QByteArrayView line = lines.next();
        if (line.isEmpty() || (atTop && line.startsWith('#')))
            continue;
        atTop = false;
        if (line.startsWith(' ')) {
            const auto head = mpopListHead(line);
            left = head && found.enterMailbox(decoded(head->host), decoded(head->user)) ? head->count : 0;
            if (left == 0)
                found.skip();
        } else if (left > 0) {
            --left;
            found.add({line.toByteArray(), {}, true, false});
        } else {
            found.skip();
        }
    }
    return found.take();
}

} // namespace satchel::exchange
