// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/htmlelements.h"

#include "mime/limits.h"

#include <QStringList>

namespace satchel::mime {

namespace {

using namespace Qt::StringLiterals;

ElementRule keep(QLatin1StringView name)
{
    return {ElementFate::Keep, name, false};
}

ElementRule keepVoid(QLatin1StringView name)
{
    return {ElementFate::Keep, name, true};
}

bool isCellOrTable(GumboTag tag)
{
    return tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH || tag == GUMBO_TAG_TR
        || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT || tag == GUMBO_TAG_COL
        || tag == GUMBO_TAG_COLGROUP;
}

QString name(const QString &value)
{
    if (value.isEmpty() || value.size() > 64)
        return {};
    for (const QChar c : value) {
        const bool good = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'-'
            || c == u'_' || c == u'.' || c == u':';
        if (!good)
            return {};
    }
    return value;
}

QString names(const QString &value)
{
    QStringList kept;
    const QStringList list = value.left(1000).simplified().split(u' ', Qt::SkipEmptyParts);
    for (const QString &item : list) {
        if (!name(item).isEmpty() && kept.size() < 20)
            kept.append(item);
    }
    return kept.join(u' ');
}

// "100", "50%", "12px"; never more than an engine can lay out.
QString length(const QString &value)
{
    const QString text = value.trimmed();
    qsizetype digits = 0;
    while (digits < text.size() && ((text[digits] >= u'0' && text[digits] <= u'9') || text[digits] == u'.'))
        ++digits;
    bool ok = false;
    const double number = text.first(digits).toDouble(&ok);
    if (!ok)
        return {};
    const QStringView unit = QStringView(text).sliced(digits).trimmed();
    if (unit.startsWith(u'%'))
        return QString::number(qRound(qMin(number, 1000.0))) + u'%';
    return QString::number(qRound(qMin(number, limits::cssLength)));
}

QString number(const QString &value, int least, int most)
{
    bool ok = false;
    const int n = value.trimmed().toInt(&ok);
    return ok ? QString::number(qBound(least, n, most)) : QString();
}

QString colour(const QString &value)
{
    const QString text = value.trimmed();
    if (text.size() > 32 || text.isEmpty())
        return {};
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const bool letter = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
        if (!letter && !(i == 0 && c == u'#'))
            return {};
    }
    // Six digits without a "#" are read by every browser.
    bool hexadecimal = false;
    text.toUInt(&hexadecimal, 16);
    return hexadecimal && text.size() == 6 ? u'#' + text : text;
}

QString oneOf(const QString &value, std::initializer_list<QLatin1StringView> words)
{
    const QString lower = value.trimmed().toLower();
    for (const QLatin1StringView word : words) {
        if (lower == word)
            return lower;
    }
    return {};
}

QString fontFace(const QString &value)
{
    QString safe;
    for (const QChar c : value.left(300)) {
        if (c.isLetterOrNumber() || c == u' ' || c == u',' || c == u'-' || c == u'_')
            safe += c;
    }
    return safe.trimmed();
}

} // namespace

ElementRule ruleFor(const GumboNode *element)
{
    if (element->v.element.tag_namespace != GUMBO_NAMESPACE_HTML)
        return {ElementFate::Drop, {}, false};
    switch (element->v.element.tag) {
    case GUMBO_TAG_A:
        return keep("a"_L1);
    case GUMBO_TAG_ABBR:
    case GUMBO_TAG_ACRONYM:
        return keep("abbr"_L1);
    case GUMBO_TAG_ADDRESS:
        return keep("address"_L1);
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_LEGEND:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_SUMMARY:
        return keep("div"_L1);
    case GUMBO_TAG_B:
        return keep("b"_L1);
    case GUMBO_TAG_BDI:
        return keep("bdi"_L1);
    case GUMBO_TAG_BDO:
        return keep("bdo"_L1);
    case GUMBO_TAG_BIG:
        return keep("big"_L1);
    case GUMBO_TAG_BLOCKQUOTE:
        return keep("blockquote"_L1);
    case GUMBO_TAG_BR:
        return keepVoid("br"_L1);
    case GUMBO_TAG_CAPTION:
        return keep("caption"_L1);
    case GUMBO_TAG_CENTER:
        return keep("center"_L1);
    case GUMBO_TAG_CITE:
        return keep("cite"_L1);
    case GUMBO_TAG_CODE:
        return keep("code"_L1);
    case GUMBO_TAG_COL:
        return keepVoid("col"_L1);
    case GUMBO_TAG_COLGROUP:
        return keep("colgroup"_L1);
    case GUMBO_TAG_DD:
        return keep("dd"_L1);
    case GUMBO_TAG_DEL:
        return keep("del"_L1);
    case GUMBO_TAG_DFN:
        return keep("dfn"_L1);
    case GUMBO_TAG_DL:
        return keep("dl"_L1);
    case GUMBO_TAG_DT:
        return keep("dt"_L1);
    case GUMBO_TAG_EM:
        return keep("em"_L1);
    case GUMBO_TAG_FONT:
        return keep("font"_L1);
    case GUMBO_TAG_H1:
        return keep("h1"_L1);
    case GUMBO_TAG_H2:
        return keep("h2"_L1);
    case GUMBO_TAG_H3:
        return keep("h3"_L1);
    case GUMBO_TAG_H4:
        return keep("h4"_L1);
    case GUMBO_TAG_H5:
        return keep("h5"_L1);
    case GUMBO_TAG_H6:
        return keep("h6"_L1);
    case GUMBO_TAG_HR:
        return keepVoid("hr"_L1);
    case GUMBO_TAG_I:
        return keep("i"_L1);
    case GUMBO_TAG_IMG:
        return keepVoid("img"_L1);
    case GUMBO_TAG_INS:
        return keep("ins"_L1);
    case GUMBO_TAG_KBD:
        return keep("kbd"_L1);
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_TIME:
    case GUMBO_TAG_SPAN:
        return keep("span"_L1);
    case GUMBO_TAG_LI:
        return keep("li"_L1);
    case GUMBO_TAG_MARK:
        return keep("mark"_L1);
    case GUMBO_TAG_DIR:
    case GUMBO_TAG_MENU:
    case GUMBO_TAG_UL:
        return keep("ul"_L1);
    case GUMBO_TAG_OL:
        return keep("ol"_L1);
    case GUMBO_TAG_P:
        return keep("p"_L1);
    case GUMBO_TAG_LISTING:
    case GUMBO_TAG_XMP:
    case GUMBO_TAG_PLAINTEXT:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_PRE:
        return keep("pre"_L1);
    case GUMBO_TAG_Q:
        return keep("q"_L1);
    case GUMBO_TAG_S:
    case GUMBO_TAG_STRIKE:
        return keep("s"_L1);
    case GUMBO_TAG_SAMP:
        return keep("samp"_L1);
    case GUMBO_TAG_SMALL:
        return keep("small"_L1);
    case GUMBO_TAG_STRONG:
        return keep("strong"_L1);
    case GUMBO_TAG_SUB:
        return keep("sub"_L1);
    case GUMBO_TAG_SUP:
        return keep("sup"_L1);
    case GUMBO_TAG_TABLE:
        return keep("table"_L1);
    case GUMBO_TAG_TBODY:
        return keep("tbody"_L1);
    case GUMBO_TAG_TD:
        return keep("td"_L1);
    case GUMBO_TAG_TFOOT:
        return keep("tfoot"_L1);
    case GUMBO_TAG_TH:
        return keep("th"_L1);
    case GUMBO_TAG_THEAD:
        return keep("thead"_L1);
    case GUMBO_TAG_TR:
        return keep("tr"_L1);
    case GUMBO_TAG_TT:
        return keep("tt"_L1);
    case GUMBO_TAG_U:
        return keep("u"_L1);
    case GUMBO_TAG_VAR:
        return keep("var"_L1);
    case GUMBO_TAG_WBR:
        return keepVoid("wbr"_L1);
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_FRAMESET:
    case GUMBO_TAG_FRAME:
    case GUMBO_TAG_NOFRAMES:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_EMBED:
    case GUMBO_TAG_APPLET:
    case GUMBO_TAG_PARAM:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_SOURCE:
    case GUMBO_TAG_TRACK:
    case GUMBO_TAG_CANVAS:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_LINK:
    case GUMBO_TAG_META:
    case GUMBO_TAG_BASE:
    case GUMBO_TAG_BGSOUND:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_DATALIST:
    case GUMBO_TAG_MAP:
    case GUMBO_TAG_AREA:
        return {ElementFate::Drop, {}, false};
    default:
        return {};
    }
}

QString allowedAttribute(GumboTag tag, QLatin1StringView attribute, const QString &value)
{
    if (attribute == "class"_L1)
        return names(value);
    if (attribute == "id"_L1 || attribute == "lang"_L1)
        return name(value.trimmed());
    if (attribute == "name"_L1)
        return tag == GUMBO_TAG_A ? name(value.trimmed()) : QString();
    if (attribute == "dir"_L1)
        return oneOf(value, {"ltr"_L1, "rtl"_L1, "auto"_L1});
    if (attribute == "title"_L1)
        return value.simplified().left(500);
    if (attribute == "align"_L1)
        return oneOf(value, {"left"_L1, "right"_L1, "center"_L1, "justify"_L1, "middle"_L1, "top"_L1, "bottom"_L1});
    if (attribute == "valign"_L1)
        return oneOf(value, {"top"_L1, "middle"_L1, "bottom"_L1, "baseline"_L1});
    if (attribute == "bgcolor"_L1 || attribute == "color"_L1 || attribute == "text"_L1 || attribute == "bordercolor"_L1)
        return colour(value);
    if (attribute == "width"_L1 || attribute == "height"_L1) {
        const bool sized = isCellOrTable(tag) || tag == GUMBO_TAG_IMG || tag == GUMBO_TAG_HR;
        return sized ? length(value) : QString();
    }
    if (attribute == "border"_L1 || attribute == "cellpadding"_L1 || attribute == "cellspacing"_L1
        || attribute == "hspace"_L1 || attribute == "vspace"_L1) {
        const bool fits = tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_IMG;
        return fits ? number(value.trimmed().remove(QStringLiteral("px")), 0, 1000) : QString();
    }
    if (attribute == "colspan"_L1)
        return isCellOrTable(tag) ? number(value, 1, limits::columnSpan) : QString();
    if (attribute == "rowspan"_L1)
        return isCellOrTable(tag) ? number(value, 1, limits::rowSpan) : QString();
    if (attribute == "span"_L1)
        return tag == GUMBO_TAG_COL || tag == GUMBO_TAG_COLGROUP ? number(value, 1, limits::columnSpan) : QString();
    if (attribute == "nowrap"_L1)
        return isCellOrTable(tag) ? QStringLiteral("nowrap") : QString();
    if (attribute == "face"_L1)
        return tag == GUMBO_TAG_FONT ? fontFace(value) : QString();
    if (attribute == "size"_L1) {
        if (tag == GUMBO_TAG_HR)
            return number(value, 1, 100);
        const QString text = value.trimmed();
        const QString size = tag == GUMBO_TAG_FONT ? number(text, -7, 7) : QString();
        return size.isEmpty() || !text.startsWith(u'+') ? size : u'+' + size;
    }
    if (attribute == "start"_L1 || attribute == "value"_L1)
        return tag == GUMBO_TAG_OL || tag == GUMBO_TAG_LI ? number(value, -100000, 100000) : QString();
    if (attribute == "type"_L1) {
        // Upper and lower case differ here: "A" and "a" are two kinds of numbering.
        const QString text = value.trimmed();
        if (tag != GUMBO_TAG_OL && tag != GUMBO_TAG_UL && tag != GUMBO_TAG_LI)
            return {};
        if (text.size() == 1 && QStringView(u"1aAiI").contains(text[0]))
            return text;
        return oneOf(value, {"disc"_L1, "circle"_L1, "square"_L1});
    }
    return {};
}

QString escapedHtml(QStringView text)
{
    QString escaped;
    escaped.reserve(text.size());
    for (const QChar c : text) {
        switch (c.unicode()) {
        case u'<':
            escaped += "&lt;"_L1;
            break;
        case u'>':
            escaped += "&gt;"_L1;
            break;
        case u'&':
            escaped += "&amp;"_L1;
            break;
        case u'"':
            escaped += "&quot;"_L1;
            break;
        default:
            if (c == u'\n' || c == u'\t' || c.category() != QChar::Other_Control)
                escaped += c;
        }
    }
    return escaped;
}

} // namespace satchel::mime
