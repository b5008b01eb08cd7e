// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/urls.h"

#include "mime/limits.h"

#include <QUrl>
#include <QUrlQuery>

namespace satchel::mime {

namespace {

bool isSchemeCharacter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'+' || c == u'-'
        || c == u'.';
}

QString safeMailto(const QString &cleaned)
{
    const QString rest = cleaned.sliced(7);
    const qsizetype mark = rest.indexOf(u'?');
    QString safe = QStringLiteral("mailto:") + (mark < 0 ? rest : rest.first(mark));
    if (mark >= 0) {
        QStringList kept;
        const QStringList items = rest.sliced(mark + 1).split(u'&', Qt::SkipEmptyParts);
        for (QString item : items) {
            if (item.startsWith(QStringLiteral("amp;")))
                item.remove(0, 4);
            const QString name = QUrl::fromPercentEncoding(item.section(u'=', 0, 0).toUtf8()).toLower();
            // Above all not "attach" and "attachment": they would send files of this computer.
            for (const char *allowed : {"to", "cc", "bcc", "subject", "body", "in-reply-to"}) {
                if (name == QLatin1StringView(allowed))
                    kept.append(item);
            }
        }
        if (!kept.isEmpty())
            safe += u'?' + kept.join(u'&');
    }
    safe.replace(u' ', QStringLiteral("%20"));
    return safe;
}

QString safeWeb(QString url)
{
    const QString scheme = schemeOf(url);
    qsizetype at = scheme.size() + 1;
    while (at < url.size() && (url[at] == u'/' || url[at] == u'\\'))
        ++at;
    // Browsers take a backslash for a slash up to the query.
    qsizetype end = at;
    while (end < url.size() && url[end] != u'?' && url[end] != u'#')
        ++end;
    QString path = url.sliced(at, end - at);
    path.replace(u'\\', u'/');
    const QString whole = scheme + QStringLiteral("://") + path + url.sliced(end);
    const QUrl parsed(whole, QUrl::TolerantMode);
    if (!parsed.isValid() || parsed.host().isEmpty())
        return {};
    return QString::fromLatin1(parsed.toEncoded());
}

} // namespace

QString cleanedUrl(const QString &url)
{
    QString clean;
    clean.reserve(url.size());
    for (const QChar c : url) {
        if (c != u'\t' && c != u'\n' && c != u'\r')
            clean += c;
    }
    qsizetype begin = 0;
    while (begin < clean.size() && clean[begin].unicode() <= 0x20)
        ++begin;
    qsizetype end = clean.size();
    while (end > begin && clean[end - 1].unicode() <= 0x20)
        --end;
    return clean.sliced(begin, end - begin);
}

QString schemeOf(const QString &cleaned)
{
    qsizetype i = 0;
    while (i < cleaned.size() && isSchemeCharacter(cleaned[i]))
        ++i;
    if (i == 0 || i >= cleaned.size() || cleaned[i] != u':' || !cleaned[0].isLetter())
        return {};
    return cleaned.first(i).toLower();
}

bool isRemoteUrl(const QString &url)
{
    const QString clean = cleanedUrl(url.left(limits::url));
    const QString scheme = schemeOf(clean);
    if (scheme.isEmpty()) {
        return clean.size() > 2 && (clean[0] == u'/' || clean[0] == u'\\') && (clean[1] == u'/' || clean[1] == u'\\');
    }
    return scheme != u"cid" && scheme != u"mid" && scheme != u"data" && scheme != u"about" && scheme != u"javascript"
        && scheme != u"vbscript" && scheme != u"blob";
}

QString safeLink(const QString &url, const QString &base)
{
    if (url.size() > limits::url)
        return {};
    QString clean = cleanedUrl(url);
    QString scheme = schemeOf(clean);
    if (scheme.isEmpty()) {
        if (clean.startsWith(QStringLiteral("//")))
            clean.prepend(QStringLiteral("https:"));
        else if (clean.startsWith(QStringLiteral("www."), Qt::CaseInsensitive))
            clean.prepend(QStringLiteral("http://"));
        else if (!base.isEmpty() && !clean.isEmpty() && !clean.startsWith(u'#'))
            clean = QString::fromLatin1(QUrl(base).resolved(QUrl(clean)).toEncoded());
        scheme = schemeOf(clean);
    }
    if (scheme == u"mailto")
        return safeMailto(clean);
    if (scheme == u"http" || scheme == u"https")
        return safeWeb(clean);
    return {};
}

bool isSmallDataImage(const QString &url)
{
    if (url.size() > limits::dataImage)
        return false;
    const QString clean = cleanedUrl(url);
    for (const char *kind : {"png", "jpeg", "jpg", "gif", "webp"}) {
        const QString start = QStringLiteral("data:image/%1;base64,").arg(QLatin1StringView(kind));
        if (!clean.startsWith(start, Qt::CaseInsensitive))
            continue;
        for (qsizetype i = start.size(); i < clean.size(); ++i) {
            const QChar c = clean[i];
            const bool good = isSchemeCharacter(c) ? c != u'.' && c != u'-' : c == u'/' || c == u'=' || c == u' ';
            if (!good)
                return false;
        }
        return true;
    }
    return false;
}

} // namespace satchel::mime
