// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/htmlinput.h"

#include "mime/limits.h"

#include <QHash>
#include <QSet>
#include <QStringList>

namespace satchel::mime {

using namespace Qt::StringLiterals;

namespace {

struct Tag {
    qsizetype end = 0; ///< after the ">"
    QString name; ///< lower case; empty: a comment or a declaration
    bool closing = false;
    int attributes = 0; ///< about so many
};

bool isLetter(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

// The tag at \a at (a "<"), or one with end 0 when it is only text.
Tag tagAt(QStringView html, qsizetype at)
{
    Tag tag;
    qsizetype i = at + 1;
    if (i >= html.size())
        return tag;
    if (html.sliced(i).startsWith(u"!--")) {
        const qsizetype end = html.indexOf(u"-->", i + 1);
        tag.end = end < 0 ? html.size() : end + 3;
        return tag;
    }
    if (html[i] == u'!' || html[i] == u'?') {
        const qsizetype end = html.indexOf(u'>', i);
        tag.end = end < 0 ? html.size() : end + 1;
        return tag;
    }
    if (html[i] == u'/') {
        tag.closing = true;
        ++i;
    }
    if (i >= html.size() || !isLetter(html[i]))
        return {};
    const qsizetype begin = i;
    while (i < html.size() && !html[i].isSpace() && html[i] != u'>' && html[i] != u'/')
        ++i;
    tag.name = html.sliced(begin, qMin<qsizetype>(i - begin, 32)).toString().toLower();
    QChar quote;
    QChar before = u' ';
    bool blank = false;
    for (; i < html.size(); ++i) {
        const QChar c = html[i];
        if (!quote.isNull()) {
            if (c == quote)
                quote = QChar();
        } else if ((c == u'"' || c == u'\'') && before == u'=') {
            quote = c;
        } else if (c == u'>') {
            tag.end = i + 1;
            return tag;
        }
        if (quote.isNull() && (c == u'=' || (blank && !c.isSpace())))
            ++tag.attributes;
        blank = c.isSpace();
        if (!blank)
            before = c;
    }
    tag.end = html.size();
    return tag;
}

// Elements without content, and those that the parser closes by itself: they do not nest by being left open.
bool opensNoLevel(const QString &name)
{
    static const QSet<QString> names = [] {
        const QStringList words =
            QStringLiteral("area base br col embed hr img input link meta param source track wbr basefont bgsound "
                           "frame p li td th tr tbody thead tfoot dd dt option optgroup colgroup html head body "
                           "image keygen")
                .split(u' ');
        return QSet<QString>(words.cbegin(), words.cend());
    }();
    return names.contains(name);
}

bool holdsNoText(const QString &name)
{
    return name == u"script" || name == u"style" || name == u"title" || name == u"noscript" || name == u"iframe"
        || name == u"noframes" || name == u"xmp" || name == u"textarea";
}

qsizetype endOfRawText(QStringView html, qsizetype from, const QString &name)
{
    const qsizetype end = html.indexOf(QString(QStringLiteral("</") + name), from, Qt::CaseInsensitive);
    return end < 0 ? html.size() : end;
}

QString entityAt(QStringView html, qsizetype at, qsizetype &next)
{
    const qsizetype end = html.sliced(at, qMin<qsizetype>(html.size() - at, 12)).indexOf(u';');
    if (end < 2)
        return {};
    const QStringView name = html.sliced(at + 1, end - 1);
    next = at + end + 1;
    if (name[0] == u'#') {
        const bool hexadecimal = name.size() > 1 && (name[1] == u'x' || name[1] == u'X');
        bool ok = false;
        const uint code = name.sliced(hexadecimal ? 2 : 1).toUInt(&ok, hexadecimal ? 16 : 10);
        if (!ok || code < 0x20 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
            return QStringLiteral(" ");
        const auto point = static_cast<char32_t>(code);
        return QString::fromUcs4(&point, 1);
    }
    if (name == u"lt")
        return QStringLiteral("<");
    if (name == u"gt")
        return QStringLiteral(">");
    if (name == u"amp")
        return QStringLiteral("&");
    if (name == u"quot")
        return QStringLiteral("\"");
    if (name == u"nbsp")
        return QStringLiteral(" ");
    return {};
}

} // namespace

QString boundedHtml(const QString &html)
{
    // The parser takes a handful of levels more than tags say (formatting that is opened again).
    constexpr qsizetype deepest = limits::elementDepth + 20;
    constexpr int attributeLimit = 500;
    QStringList open;
    QHash<QString, int> dropped;
    QString bounded;
    qsizetype kept = 0; // copied up to here
    qsizetype at = 0;
    const QStringView view(html);
    while ((at = html.indexOf(u'<', at)) >= 0) {
        const Tag tag = tagAt(view, at);
        if (tag.end == 0) {
            ++at;
            continue;
        }
        // The parser compares every attribute with all others of its tag.
        bool drop = tag.attributes > attributeLimit;
        if (drop && !tag.closing && !opensNoLevel(tag.name)) {
            ++dropped[tag.name];
        } else if (tag.name.isEmpty() || opensNoLevel(tag.name)) {
            // copied as it is
        } else if (!tag.closing) {
            if (open.size() >= deepest) {
                drop = true;
                ++dropped[tag.name];
            } else {
                open.append(tag.name);
            }
        } else if (auto it = dropped.find(tag.name); it != dropped.end() && it.value() > 0) {
            drop = true;
            --it.value();
        } else if (const qsizetype level = open.lastIndexOf(tag.name); level >= 0) {
            open.resize(level);
        }
        if (drop) {
            bounded += view.sliced(kept, at - kept);
            kept = tag.end;
        }
        at = tag.end;
        if (!tag.closing && !drop && holdsNoText(tag.name) && tag.name != u"noscript")
            at = endOfRawText(view, at, tag.name);
    }
    if (kept == 0)
        return html;
    bounded += view.sliced(kept);
    return bounded;
}

QString loosenedHtml(const QString &html)
{
    const QStringView view(html);
    QString loose;
    QSet<QString> unclosed; // one look to the end for each
    qsizetype kept = 0; // copied up to here
    qsizetype at = 0;
    const auto leaveOut = [&](qsizetype begin, qsizetype end) {
        loose += view.sliced(kept, begin - kept);
        kept = end;
        at = end;
    };
    while ((at = html.indexOf(u'<', at)) >= 0) {
        if (view.sliced(at).startsWith(u"<!--")) {
            const qsizetype end = unclosed.contains(u"!--"_s) ? -1 : html.indexOf(u"-->"_s, at + 2);
            if (end >= 0) {
                at = end + 3;
                continue;
            }
            // As browsers had it before HTML5: up to the next ">".
            unclosed.insert(u"!--"_s);
            const qsizetype close = html.indexOf(u'>', at);
            leaveOut(at, close < 0 ? html.size() : close + 1);
            continue;
        }
        const Tag tag = tagAt(view, at);
        if (tag.end == 0) {
            ++at;
        } else if (tag.name == u"noframes" || tag.name == u"noscript" || tag.name == u"frameset") {
            leaveOut(at, tag.end);
        } else if (tag.closing || !holdsNoText(tag.name)) {
            at = tag.end;
        } else if (unclosed.contains(tag.name)) {
            leaveOut(at, tag.end);
        } else if (const qsizetype end = endOfRawText(view, tag.end, tag.name); end < html.size()) {
            at = end;
        } else {
            unclosed.insert(tag.name);
            // A script and a sheet are no text themselves: on to where one can begin.
            const bool code = tag.name == u"script" || tag.name == u"style";
            const qsizetype body = code ? html.indexOf(u"<body"_s, tag.end, Qt::CaseInsensitive) : -1;
            leaveOut(at, body < 0 ? tag.end : body);
        }
    }
    if (kept == 0)
        return html;
    loose.append(view.sliced(kept));
    return loose;
}

namespace {

// The address that the tag between \a begin and \a end leads to, without its references.
QString hrefIn(QStringView tag)
{
    const qsizetype name = tag.indexOf(u"href", 0, Qt::CaseInsensitive);
    if (name < 0)
        return {};
    qsizetype at = name + 4;
    while (at < tag.size() && tag[at].isSpace())
        ++at;
    if (at >= tag.size() || tag[at] != u'=')
        return {};
    ++at;
    while (at < tag.size() && tag[at].isSpace())
        ++at;
    const QChar quote = at < tag.size() ? tag[at] : QChar();
    const bool quoted = quote == u'"' || quote == u'\'';
    if (quoted)
        ++at;
    qsizetype end = at;
    while (end < tag.size() && (quoted ? tag[end] != quote : !tag[end].isSpace() && tag[end] != u'>'))
        ++end;
    QString href = tag.sliced(at, end - at).trimmed().toString();
    href.replace(u"&amp;"_s, u"&"_s);
    const bool web =
        href.startsWith(u"http://"_s, Qt::CaseInsensitive) || href.startsWith(u"https://"_s, Qt::CaseInsensitive);
    return web && href.size() <= 2000 ? href : QString();
}

} // namespace

QString strippedHtml(QStringView html, qsizetype limit)
{
    QString text;
    qsizetype at = 0;
    bool blank = true;
    QString target; // of the link that is open
    qsizetype words = 0; // where it began
    while (at < html.size() && text.size() < limit) {
        const QChar c = html[at];
        if (c == u'<') {
            const Tag tag = tagAt(html, at);
            if (tag.end > 0) {
                if (tag.name == u"a") {
                    // "text (target)", unless the text is the target already.
                    const QStringView link = QStringView(text).sliced(qMin(words, text.size())).trimmed();
                    if (!target.isEmpty() && !link.isEmpty() && !link.contains(target)
                        && !QStringView(target).sliced(target.indexOf(u"//") + 2).startsWith(link)) {
                        while (text.endsWith(u' '))
                            text.chop(1);
                        text += u" ("_s + target + u')';
                        blank = false;
                    }
                    target = tag.closing ? QString() : hrefIn(html.sliced(at, tag.end - at));
                    words = text.size();
                }
                at = tag.end;
                if (!tag.closing && holdsNoText(tag.name))
                    at = endOfRawText(html, at, tag.name);
                const bool inlineTag = tag.name.isEmpty() || tag.name == u"b" || tag.name == u"i" || tag.name == u"a"
                    || tag.name == u"span" || tag.name == u"font" || tag.name == u"em" || tag.name == u"strong";
                if (!inlineTag && !text.isEmpty() && !text.endsWith(u'\n')) {
                    text += u'\n';
                    blank = true;
                }
                continue;
            }
        } else if (c == u'&') {
            qsizetype next = at;
            if (const QString decoded = entityAt(html, at, next); !decoded.isEmpty()) {
                text += decoded;
                at = next;
                blank = false;
                continue;
            }
        }
        if (c.isSpace()) {
            if (!blank)
                text += u' ';
            blank = true;
        } else if (c.category() != QChar::Other_Control) {
            text += c;
            blank = false;
        }
        ++at;
    }
    return text.trimmed();
}

} // namespace satchel::mime
