// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/link.h"

#include "base/codepoint.h"
#include "base/error.h"
#include "mime/urls.h"

#include <QCoreApplication>
#include <QSet>
#include <QUrl>

namespace satchel::mime {

namespace {

QString unicodeHost(const QString &host)
{
    return QUrl::fromAce(host.toLatin1(), QUrl::IgnoreIDNWhitelist);
}

QString asciiHost(const QString &host)
{
    const QByteArray ace = QUrl::toAce(host, QUrl::IgnoreIDNWhitelist);
    return ace.isEmpty() ? host.toLower() : QString::fromLatin1(ace).toLower();
}

// Scripts that are written together in one word.
bool mayMix(const QSet<int> &scripts)
{
    static const QList<QSet<int>> families = {
        {QChar::Script_Latin, QChar::Script_Han, QChar::Script_Hiragana, QChar::Script_Katakana},
        {QChar::Script_Latin, QChar::Script_Han, QChar::Script_Bopomofo},
        {QChar::Script_Latin, QChar::Script_Han, QChar::Script_Hangul},
    };
    for (const QSet<int> &family : families) {
        if (family.contains(scripts))
            return true;
    }
    return scripts.size() <= 1;
}

// Words of these letters alone read as Latin ones.
bool isWholeLookAlike(const QString &label)
{
    static const QString cyrillicOrGreek = QStringLiteral(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u04bb\u0501\u051b\u051d\u04cf\u0432\u043c\u043d"
        "\u0442\u043a\u0433\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c5\u03c4");
    bool any = false;
    for (const QChar c : label) {
        if (c.unicode() < 0x80) {
            if (c.isLetter())
                return false;
            continue;
        }
        any = true;
        if (!cyrillicOrGreek.contains(c))
            return false;
    }
    return any;
}

bool deceives(const QString &host)
{
    const QStringList labels = unicodeHost(host).split(u'.');
    const QString top = labels.last();
    for (const QString &label : labels) {
        QSet<int> scripts;
        const auto points = label.toUcs4();
        for (const uint point : points) {
            const QChar::Script script = QChar::script(point);
            if (script != QChar::Script_Common && script != QChar::Script_Inherited)
                scripts.insert(script);
            if (isUnseen(static_cast<char32_t>(point)))
                return true;
        }
        if (!mayMix(scripts))
            return true;
        // Under a domain of the same script the word is what it seems to be.
        if (isWholeLookAlike(label) && !top.isEmpty() && top.at(0).unicode() < 0x80)
            return true;
    }
    return false;
}

bool isNumber(const QString &host)
{
    if (host.startsWith(u'['))
        return true;
    for (const QChar c : host) {
        if (!c.isDigit() && c != u'.')
            return false;
    }
    return !host.isEmpty();
}

QString withoutWww(const QString &host)
{
    return host.startsWith(QStringLiteral("www.")) ? host.sliced(4) : host;
}

// The host that a text claims to lead to; empty when it is only words.
QString claimedHost(const QString &text)
{
    QString clean = withoutUnseen(text).trimmed();
    while (!clean.isEmpty() && QStringView(u"<([\"'\u00ab\u201e\u201c").contains(clean.front()))
        clean.removeFirst();
    // The first word counts: "bank.example (secure)".
    qsizetype end = 0;
    while (end < clean.size() && !clean.at(end).isSpace())
        ++end;
    clean.truncate(end);
    while (!clean.isEmpty() && QStringView(u">)].,;:!?\"'\u00bb\u201d").contains(clean.back()))
        clean.chop(1);
    const QString scheme = schemeOf(clean);
    if (scheme == u"http" || scheme == u"https") {
        return asciiHost(QUrl(clean, QUrl::TolerantMode).host());
    }
    if (!scheme.isEmpty() && !clean.contains(u'.'))
        return {};
    QString host = clean.section(u'/', 0, 0).section(u'?', 0, 0).section(u':', 0, 0).toLower();
    if (host.contains(u'@') || !host.contains(u'.') || host.startsWith(u'.'))
        return {};
    // "e.g." and "3.14" are no hosts: the last label has two letters or more.
    const QString top = host.section(u'.', -1);
    if (top.size() < 2)
        return {};
    for (const QChar c : host) {
        if (!c.isLetterOrNumber() && c != u'.' && c != u'-')
            return {};
    }
    for (const QChar c : top) {
        if (!c.isLetter() && !top.startsWith(QStringLiteral("xn--")))
            return {};
    }
    // File names are no hosts, as long as nothing before them says so.
    static const QSet<QString> endings = {QStringLiteral("pdf"), QStringLiteral("doc"), QStringLiteral("docx"),
        QStringLiteral("xls"), QStringLiteral("xlsx"), QStringLiteral("txt"), QStringLiteral("html"),
        QStringLiteral("htm"), QStringLiteral("jpg"), QStringLiteral("png"), QStringLiteral("gif"),
        QStringLiteral("php"), QStringLiteral("csv"), QStringLiteral("odt"), QStringLiteral("js")};
    if (!host.startsWith(QStringLiteral("www.")) && host.count(u'.') == 1 && endings.contains(top))
        return {};
    return asciiHost(host);
}

// "a.example.org" stands for "example.org" and the other way round: the same house.
bool sameHouse(const QString &claimed, const QString &real)
{
    const QString a = withoutWww(claimed);
    const QString b = withoutWww(real);
    return a == b || b.endsWith(u'.' + a);
}

} // namespace

LinkCheck checkLink(const QString &text, const QString &href)
{
    LinkCheck check;
    const QString safe = safeLink(href, {});
    if (safe.isEmpty()) {
        check.target = sanitised(href, 2000);
        check.risks.append(LinkRisk::NotOpened);
        return check;
    }
    QUrl url(safe);
    if (url.scheme() == u"mailto") {
        check.target = sanitised(url.toString(QUrl::PrettyDecoded), 2000);
        return check;
    }
    const QString host = asciiHost(url.host());
    const bool deceptive = deceives(host);
    check.host = deceptive ? host : unicodeHost(host);
    if (!url.userInfo().isEmpty())
        check.risks.append(LinkRisk::UserInfo);
    if (deceptive)
        check.risks.append(LinkRisk::LookAlike);
    const QString claimed = claimedHost(text);
    if (!claimed.isEmpty() && !sameHouse(claimed, host))
        check.risks.append(LinkRisk::OtherHost);
    if (isNumber(host))
        check.risks.append(LinkRisk::Address);
    // Everything encoded: what is shown is what is opened, letter by letter.
    QString target = QString::fromLatin1(url.toEncoded());
    if (!deceptive && check.host != host)
        target.replace(target.indexOf(host), host.size(), check.host);
    check.target = sanitised(target, 2000);
    return check;
}

QString linkWarning(const QString &text, const QString &href)
{
    const LinkCheck check = checkLink(text, href);
    const char *context = "satchel::mime";
    if (check.risks.isEmpty())
        return {};
    switch (check.risks.first()) {
    case LinkRisk::NotOpened:
        return QCoreApplication::translate(context, "Satchel does not open links of this kind: %1").arg(check.target);
    case LinkRisk::UserInfo:
        return QCoreApplication::translate(context, "This link pretends to lead elsewhere. It goes to %1.")
            .arg(check.host);
    case LinkRisk::LookAlike:
        return QCoreApplication::translate(
            context, "The address of this link uses letters that look like others. It goes to %1.")
            .arg(check.host);
    case LinkRisk::OtherHost:
        return QCoreApplication::translate(context, "The text of this link names another site. It goes to %1.")
            .arg(check.host);
    case LinkRisk::Address:
        return QCoreApplication::translate(context, "This link goes to a number instead of a name: %1.")
            .arg(check.host);
    }
    return {};
}

} // namespace satchel::mime
