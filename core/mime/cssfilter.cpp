// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/cssfilter.h"

#include "mime/limits.h"

#include <QHash>

namespace satchel::mime {

namespace {

using Type = CssToken::Type;

enum Allowed { No, Plain, WithStrings, WithUrls };

Allowed allowed(const QString &property)
{
    static const QHash<QString, Allowed> table = [] {
        QHash<QString, Allowed> properties;
        const QString plain = QStringLiteral(
            "color background-color background-position background-repeat background-size background-clip "
            "background-origin font-size font-style font-weight font-variant font-stretch line-height letter-spacing "
            "word-spacing text-align text-align-last text-decoration text-decoration-line text-decoration-color "
            "text-decoration-style text-indent text-transform text-shadow text-overflow vertical-align white-space "
            "width height min-width min-height max-width max-height margin margin-top margin-right margin-bottom "
            "margin-left padding padding-top padding-right padding-bottom padding-left border border-top border-right "
            "border-bottom border-left border-width border-style border-color border-top-width border-right-width "
            "border-bottom-width border-left-width border-top-style border-right-style border-bottom-style "
            "border-left-style border-top-color border-right-color border-bottom-color border-left-color "
            "border-radius border-top-left-radius border-top-right-radius border-bottom-left-radius "
            "border-bottom-right-radius border-collapse border-spacing box-sizing box-shadow display float clear "
            "list-style-type list-style-position table-layout empty-cells caption-side direction unicode-bidi "
            "visibility overflow overflow-x overflow-y word-break overflow-wrap word-wrap hyphens opacity "
            "color-scheme object-fit flex flex-direction flex-wrap justify-content align-items align-content "
            "align-self flex-grow flex-shrink flex-basis order gap row-gap column-gap orphans widows "
            "page-break-inside page-break-before page-break-after");
        const QStringList names = plain.split(u' ', Qt::SkipEmptyParts);
        for (const QString &name : names)
            properties.insert(name, Plain);
        properties.insert(QStringLiteral("font"), WithStrings);
        properties.insert(QStringLiteral("font-family"), WithStrings);
        properties.insert(QStringLiteral("background"), WithUrls);
        properties.insert(QStringLiteral("background-image"), WithUrls);
        properties.insert(QStringLiteral("list-style"), WithUrls);
        return properties;
    }();
    return table.value(property, No);
}

bool isAllowedFunction(const QString &name, bool simple)
{
    const QString lower = name.toLower();
    if (lower == u"rgb" || lower == u"rgba" || lower == u"hsl" || lower == u"hsla")
        return true;
    return !simple
        && (lower == u"calc" || lower == u"min" || lower == u"max" || lower == u"clamp" || lower == u"linear-gradient"
            || lower == u"radial-gradient" || lower == u"light-dark");
}

bool isPlainName(const QString &name)
{
    if (name.isEmpty() || name.size() > 100)
        return false;
    for (const QChar c : name) {
        const bool good =
            (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-' || c == u'_';
        if (!good)
            return false;
    }
    return true;
}

bool isUnit(const QString &unit)
{
    static const QSet<QString> units = {QStringLiteral("px"), QStringLiteral("pt"), QStringLiteral("pc"),
        QStringLiteral("em"), QStringLiteral("rem"), QStringLiteral("ex"), QStringLiteral("ch"), QStringLiteral("in"),
        QStringLiteral("cm"), QStringLiteral("mm"), QStringLiteral("q"), QStringLiteral("vw"), QStringLiteral("vh"),
        QStringLiteral("vmin"), QStringLiteral("vmax"), QStringLiteral("deg"), QStringLiteral("rad"),
        QStringLiteral("turn"), QStringLiteral("fr"), QStringLiteral("dpi"), QStringLiteral("dppx"),
        QStringLiteral("x")};
    return units.contains(unit.toLower());
}

QString written(double number)
{
    number = qBound(-limits::cssLength, number, limits::cssLength);
    QString text = QString::number(number, 'f', 4);
    while (text.endsWith(u'0'))
        text.chop(1);
    if (text.endsWith(u'.'))
        text.chop(1);
    return text == u"-0" ? QStringLiteral("0") : text;
}

// A font name; nothing in it can end the string or the style element.
QString quoted(const QString &text)
{
    QString safe;
    for (const QChar c : text.left(200)) {
        if (c.isLetterOrNumber() || c == u' ' || c == u'-' || c == u'_' || c == u'.')
            safe += c;
    }
    return u'\'' + safe.trimmed() + u'\'';
}

QString lowerIdent(const QList<CssToken> &tokens, qsizetype begin, qsizetype end)
{
    for (qsizetype i = begin; i < end; ++i) {
        if (tokens.at(i).type == Type::Ident)
            return tokens.at(i).value.toLower();
        if (tokens.at(i).type != Type::Whitespace)
            break;
    }
    return {};
}

double firstNumber(const QList<CssToken> &tokens, qsizetype begin, qsizetype end, double otherwise)
{
    for (qsizetype i = begin; i < end; ++i) {
        const Type type = tokens.at(i).type;
        if (type == Type::Number || type == Type::Dimension || type == Type::Percentage)
            return tokens.at(i).number;
    }
    return otherwise;
}

// The end of the block or parentheses that open at \a open.
qsizetype closing(const QList<CssToken> &tokens, qsizetype open, qsizetype end)
{
    qsizetype depth = 0;
    for (qsizetype i = open; i < end; ++i) {
        const Type type = tokens.at(i).type;
        if (type == Type::Open || type == Type::Function)
            ++depth;
        else if (type == Type::Close && --depth == 0)
            return i;
    }
    return end;
}

} // namespace

FilteredStyle CssFilter::declarations(QStringView style) const
{
    const QList<CssToken> tokens = cssTokens(style.left(limits::css));
    return block(tokens, {0, tokens.size()});
}

FilteredStyle CssFilter::block(const QList<CssToken> &tokens, Range range) const
{
    FilteredStyle style;
    qsizetype begin = range.begin;
    qsizetype depth = 0;
    for (qsizetype i = range.begin; i <= range.end; ++i) {
        const Type type = i < range.end ? tokens.at(i).type : Type::Semicolon;
        if (type == Type::Open || type == Type::Function)
            ++depth;
        else if (type == Type::Close)
            depth = qMax<qsizetype>(0, depth - 1);
        else if (type == Type::Semicolon && (depth == 0 || i == range.end)) {
            declaration(tokens, {begin, i}, style);
            begin = i + 1;
            depth = 0;
        }
    }
    // Zero height counts only when what is higher is cut off.
    style.hidden = style.hidden || (style.flat && style.cut);
    return style;
}

void CssFilter::declaration(const QList<CssToken> &tokens, Range range, FilteredStyle &style) const
{
    while (range.begin < range.end && tokens.at(range.begin).type == Type::Whitespace)
        ++range.begin;
    if (range.begin >= range.end || tokens.at(range.begin).type != Type::Ident)
        return;
    const QString property = tokens.at(range.begin).value.toLower();
    qsizetype at = range.begin + 1;
    while (at < range.end && tokens.at(at).type == Type::Whitespace)
        ++at;
    if (at >= range.end || tokens.at(at).type != Type::Colon)
        return;
    ++at;
    const Range values{at, range.end};
    const QString word = lowerIdent(tokens, values.begin, values.end);

    if ((property == u"display" && word == u"none") || (property == u"visibility" && word == u"hidden")
        || (property == u"mso-hide" && word == u"all")
        || (property == u"opacity" && firstNumber(tokens, values.begin, values.end, 1) <= 0))
        style.hidden = true;
    else if (property == u"display")
        style.hidden = false;

    if (property == u"max-height" || property == u"height")
        style.flat = style.flat || firstNumber(tokens, values.begin, values.end, 1) <= 0;
    else if (property == u"overflow")
        style.cut = word == u"hidden";

    const Allowed kind = allowed(property);
    if (kind == No) {
        noteUrls(tokens, values);
        return;
    }
    if (m_simple) {
        // A font of no size is a trick to close gaps; the simple engine cannot have one.
        const bool size = property == u"font-size" || property == u"line-height";
        if (size && firstNumber(tokens, values.begin, values.end, 12) <= 0)
            return;
        if (property == u"display" || property == u"position" || property == u"opacity" || property == u"visibility")
            return;
    }
    const QString text = value(tokens, values, kind == WithUrls, kind == WithStrings);
    if (text.isEmpty())
        return;
    if (property == u"width") {
        for (qsizetype i = values.begin; i < values.end; ++i) {
            const CssToken &token = tokens.at(i);
            const double number = qBound(0.0, token.number, limits::cssLength);
            if (token.type == Type::Percentage)
                style.width = QString::number(qRound(number)) + u'%';
            else if (token.is(Type::Dimension, u"px"))
                style.width = QString::number(qRound(number));
        }
    } else if (property == u"margin" || property == u"margin-left") {
        style.centred = style.centred || text.contains(QStringLiteral("auto"));
    }
    if (!style.css.isEmpty())
        style.css += QStringLiteral("; ");
    style.css += property + QStringLiteral(": ") + text;
}

QString CssFilter::value(const QList<CssToken> &tokens, Range range, bool urls, bool strings) const
{
    QString text;
    QList<bool> open; // true: a function that is written
    for (qsizetype i = range.begin; i < range.end; ++i) {
        const CssToken &token = tokens.at(i);
        switch (token.type) {
        case Type::Whitespace:
            if (!text.isEmpty() && !text.endsWith(u' '))
                text += u' ';
            break;
        case Type::Ident:
            if (!isPlainName(token.value) || token.is(Type::Ident, u"expression"))
                return {};
            text += token.value;
            break;
        case Type::Hash:
            if (!isPlainName(token.value))
                return {};
            text += u'#' + token.value;
            break;
        case Type::Number:
            text += written(token.number);
            break;
        case Type::Percentage:
            text += written(token.number) + u'%';
            break;
        case Type::Dimension:
            if (!isUnit(token.value))
                return {};
            text += written(token.number) + token.value.toLower();
            break;
        case Type::Comma:
            text += u',';
            break;
        case Type::String:
            if (!strings)
                return {};
            text += quoted(token.value);
            break;
        case Type::Delim:
            if (token.value == u"!") {
                text += u'!'; // "!important"
            } else if (token.value == u"/" || (!open.isEmpty() && QStringView(u"+-*").contains(token.value[0]))) {
                text += token.value;
            } else {
                return {};
            }
            break;
        case Type::Url: {
            const QString address = m_filter(token.value);
            if (urls && !address.isEmpty())
                text += QStringLiteral("url(\"") + address + QStringLiteral("\")");
            break;
        }
        case Type::Function:
            if (token.is(Type::Function, u"url")) { // with quotes
                const qsizetype end = closing(tokens, i, range.end);
                for (qsizetype k = i + 1; k < end; ++k) {
                    if (tokens.at(k).type != Type::String)
                        continue;
                    const QString address = m_filter(tokens.at(k).value);
                    if (urls && !address.isEmpty())
                        text += QStringLiteral("url(\"") + address + QStringLiteral("\")");
                }
                i = end;
                break;
            }
            if (!isAllowedFunction(token.value, m_simple) || open.size() > 16) {
                noteUrls(tokens, {i, range.end});
                return {};
            }
            text += token.value.toLower() + u'(';
            open.append(true);
            break;
        case Type::Open:
            if (token.value != u"(" || open.isEmpty() || open.size() > 16)
                return {};
            text += u'(';
            open.append(true);
            break;
        case Type::Close:
            if (token.value != u")" || open.isEmpty())
                return {};
            text += u')';
            open.removeLast();
            break;
        default:
            noteUrls(tokens, {i, range.end});
            return {};
        }
    }
    while (!open.isEmpty()) {
        text += u')';
        open.removeLast();
    }
    return text.trimmed();
}

// What would have been loaded is told to the filter, so that it is counted.
void CssFilter::noteUrls(const QList<CssToken> &tokens, Range range) const
{
    for (qsizetype i = range.begin; i < range.end; ++i) {
        const CssToken &token = tokens.at(i);
        if (token.type == Type::Url || token.type == Type::String)
            m_filter(token.value);
    }
}

QString CssFilter::sheet(QStringView css, HiddenBySheet &hidden)
{
    const QList<CssToken> tokens = cssTokens(css.left(limits::css));
    return rules(tokens, {0, tokens.size()}, &hidden);
}

QString CssFilter::rules(const QList<CssToken> &tokens, Range range, HiddenBySheet *hidden)
{
    QString text;
    qsizetype at = range.begin;
    while (at < range.end && m_rules < limits::cssRules) {
        const CssToken &token = tokens.at(at);
        if (token.type == Type::Whitespace || token.type == Type::Semicolon || token.type == Type::Close) {
            ++at;
            continue;
        }
        // The prelude goes up to its block, or for an at-rule up to a semicolon.
        const bool atRule = token.type == Type::AtKeyword;
        qsizetype open = at;
        qsizetype depth = 0;
        while (open < range.end) {
            const CssToken &t = tokens.at(open);
            if (t.type == Type::Open && t.value == u"{" && depth <= 0)
                break;
            if (atRule && t.type == Type::Semicolon && depth <= 0)
                break;
            if (t.type == Type::Open || t.type == Type::Function)
                ++depth;
            else if (t.type == Type::Close)
                --depth;
            ++open;
        }
        const bool hasBlock = open < range.end && tokens.at(open).type == Type::Open;
        const qsizetype close = hasBlock ? closing(tokens, open, range.end) : open;
        ++m_rules;
        if (atRule) {
            const QString query =
                token.is(Type::AtKeyword, u"media") && hasBlock ? media(tokens, {at + 1, open}) : QString();
            if (query.isEmpty()) {
                noteUrls(tokens, {at, qMin(close, range.end)});
            } else if (range.begin == 0 && range.end == tokens.size()) { // media do not nest
                const bool always = query == u"screen" || query == u"all";
                const QString inner = rules(tokens, {open + 1, close}, always ? hidden : nullptr);
                if (always)
                    text += inner;
                else if (!inner.isEmpty() && !m_simple)
                    text += QStringLiteral("@media ") + query + QStringLiteral(" {\n") + inner + QStringLiteral("}\n");
            }
        } else if (hasBlock) {
            const QString target = selector(tokens, {at, open});
            const FilteredStyle style = block(tokens, {open + 1, close});
            if (hidden != nullptr && !target.isEmpty() && !target.contains(u' ')) {
                const qsizetype dot = target.lastIndexOf(u'.');
                const qsizetype hash = target.lastIndexOf(u'#');
                const bool plain = target.count(u'.') + target.count(u'#') == 1 && !target.contains(u',')
                    && !target.contains(u':') && !target.contains(u'>') && !target.contains(u'[');
                QSet<QString> &set = dot >= 0 ? hidden->classes : hidden->ids;
                const QString name = target.sliced(qMax(dot, hash) + 1);
                if (plain && style.hidden)
                    set.insert(name);
                else if (plain && style.css.contains(QStringLiteral("display")))
                    set.remove(name);
            }
            if (!target.isEmpty() && !style.css.isEmpty())
                text += target + QStringLiteral(" { ") + style.css + QStringLiteral(" }\n");
        }
        at = close + 1;
    }
    return text;
}

QString CssFilter::selector(const QList<CssToken> &tokens, Range range) const
{
    QString text;
    bool inBrackets = false;
    for (qsizetype i = range.begin; i < range.end; ++i) {
        const CssToken &token = tokens.at(i);
        switch (token.type) {
        case Type::Whitespace:
            text += u' ';
            break;
        case Type::Ident:
            if (!isPlainName(token.value))
                return {};
            text += token.value;
            break;
        case Type::Hash:
            if (!isPlainName(token.value))
                return {};
            text += u'#' + token.value;
            break;
        case Type::Comma:
            text += u',';
            break;
        case Type::Colon:
            if (m_simple)
                return {};
            text += u':';
            break;
        case Type::String:
            if (!inBrackets)
                return {};
            text += quoted(token.value);
            break;
        case Type::Delim: {
            const QString &c = token.value;
            const bool combinator = c == u"." || c == u"*" || c == u">" || c == u"+" || c == u"~";
            if (!combinator && !(inBrackets && (c == u"=" || c == u"^" || c == u"$" || c == u"|")))
                return {};
            text += c;
            break;
        }
        case Type::Open:
            if (m_simple || token.value != u"[")
                return {};
            inBrackets = true;
            text += u'[';
            break;
        case Type::Close:
            if (token.value != u"]")
                return {};
            inBrackets = false;
            text += u']';
            break;
        default:
            return {};
        }
    }
    text = text.trimmed();
    return text.size() <= 500 && !inBrackets ? text : QString();
}

QString CssFilter::media(const QList<CssToken> &tokens, Range range) const
{
    QString text;
    for (qsizetype i = range.begin; i < range.end; ++i) {
        const CssToken &token = tokens.at(i);
        switch (token.type) {
        case Type::Whitespace:
            text += u' ';
            break;
        case Type::Ident:
            if (!isPlainName(token.value))
                return {};
            text += token.value.toLower();
            break;
        case Type::Dimension:
            if (!isUnit(token.value))
                return {};
            text += written(token.number) + token.value.toLower();
            break;
        case Type::Number:
            text += written(token.number);
            break;
        case Type::Colon:
        case Type::Comma:
            text += token.value;
            break;
        case Type::Open:
        case Type::Close:
            if (token.value != u"(" && token.value != u")")
                return {};
            text += token.value;
            break;
        default:
            return {};
        }
    }
    text = text.trimmed();
    return text.size() <= 300 && text.count(u'(') == text.count(u')') ? text : QString();
}

} // namespace satchel::mime
