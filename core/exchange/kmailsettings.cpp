// SPDX-License-Identifier: GPL-3.0-or-later
#include "exchange/fetchedstateparsers.h"
#include "exchange/statecollector.h"

#include <QFileInfo>
#include <QSet>

namespace satchel::exchange {

namespace {

/// KConfig's escapes of a value. "\," and "\;" stay as they are: they belong to the list inside.
QByteArray unescaped(QByteArrayView value)
{
    QByteArray result;
    result.reserve(value.size());
    for (qsizetype i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            result += value[i];
            continue;
        }
        switch (const char c = value[++i]) {
        case 's':
            result += ' ';
            break;
        case 't':
            result += '\t';
            break;
        case 'n':
            result += '\n';
            break;
        case 'r':
            result += '\r';
            break;
        case '\\':
            result += '\\';
            break;
        case 'x': {
            bool ok = false;
            const int code = i + 2 < value.size() ? value.sliced(i + 1, 2).toInt(&ok, 16) : 0;
            if (ok && code >= 0) {
                result += static_cast<char>(code);
                i += 2;
            } else {
                result += "\\x";
            }
            break;
        }
        default:
            result += '\\';
            result += c;
        }
    }
    return result;
}

/// The elements of a list value: separated by ",", which as a part of one is written "\,".
QList<QByteArray> elements(QByteArrayView value)
{
    QList<QByteArray> result;
    QByteArray current;
    bool quoted = false;
    const QByteArray list = unescaped(value);
    for (const char c : list) {
        if (quoted) {
            current += c;
            quoted = false;
        } else if (c == '\\') {
            quoted = true;
        } else if (c == ',') {
            if (result.size() > maximalStateMessages)
                return result;
            result.append(std::exchange(current, {}));
        } else {
            current += c;
        }
    }
    if (!current.isEmpty())
        result.append(current);
    return result;
}

} // namespace

// INI text as KConfig writes it. Akonadi's resource: login, host and port in [General], the lists in [LeaveOnServer].
// KMail before Akonadi: a file "login:@host:port" with nothing but the lists.
FetchedStates parseKMailSettings(const QString &fileName, QByteArrayView bytes)
{
    QByteArrayView host;
    QByteArrayView login;
    QByteArrayView seen;
    QByteArrayView times;
    QByteArrayView later;
    quint16 port = 0;
    LineReader lines(bytes);
    while (!lines.atEnd()) {
        const QByteArrayView line = lines.next();
        const qsizetype equals = line.indexOf('=');
        if (equals < 0 || line.startsWith('#') || line.startsWith('['))
            continue;
        QByteArrayView key = line.first(equals).trimmed();
        if (const qsizetype bracket = key.indexOf('['); bracket >= 0) // "key[$e]" and the like
            key = key.first(bracket);
        const QByteArrayView value = line.sliced(equals + 1).trimmed();
        if (key == "host")
            host = value;
        else if (key == "login")
            login = value;
        else if (key == "port")
            port = value.toUShort();
        else if (key == "seenUidList")
            seen = value;
        else if (key == "seenUidTimeList")
            times = value;
        else if (key == "downloadLater")
            later = value;
    }

    StateCollector found(StateFormat::KMailSettings, QStringLiteral("KMail"));
    QString hostName = decoded(unescaped(host));
    QString user = decoded(unescaped(login));
    if (hostName.isEmpty()) {
        const QString name = QFileInfo(fileName).fileName();
        const qsizetype separator = name.lastIndexOf(QLatin1String(":@"));
        if (separator > 0) {
            const qsizetype colon = name.lastIndexOf(u':');
            hostName = name.sliced(separator + 2, qMax(qsizetype(0), colon - separator - 2));
            user = name.first(separator);
            port = QStringView(name).sliced(colon + 1).toUShort();
        }
    }
    if (!found.enterMailbox(hostName, user, port)) {
        found.skip();
        return found.take();
    }

    const QList<QByteArray> uidls = elements(seen);
    const QList<QByteArray> seconds = elements(times);
    const QList<QByteArray> notYet = elements(later);
    const QSet<QByteArray> waiting(notYet.begin(), notYet.end());
    // Lists of unequal length cannot be brought together: then no time is known, as in KMail itself.
    const bool timed = uidls.size() == seconds.size();
    for (qsizetype i = 0; i < uidls.size(); ++i)
        found.add({uidls[i], timed ? stateTime(seconds[i]) : QDateTime(), !waiting.contains(uidls[i]), false});
    return found.take();
}

} // namespace satchel::exchange
