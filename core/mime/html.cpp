// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/html.h"

#include "mime/cssfilter.h"
#include "mime/htmlelements.h"
#include "mime/htmlinput.h"
#include "mime/htmltext.h"
#include "mime/htmltree.h"
#include "mime/limits.h"
#include "mime/urls.h"

#include <QByteArrayList>

#include <vector>

namespace satchel::mime {

namespace {

using namespace Qt::StringLiterals;

/// Walks the tree with a stack of its own and writes what is allowed.
class Sanitiser
{
public:
    Sanitiser(const SanitiseOptions &options, SanitisedHtml &result)
        : m_options(options)
        , m_result(result)
        , m_css(options.simpleHtml, [this](const QString &url) { return resource(url, false); })
    {
    }

    void run(const HtmlTree &tree)
    {
        const QString sheets = styleSheets(tree);
        const QString sheet = m_css.sheet(sheets, m_hidden);
        m_result.text = htmlText(tree, m_hidden, limits::shownText);

        push(tree.root());
        while (!m_stack.empty() && !m_result.overLimit)
            step();
        if (m_result.overLimit) {
            m_result.html.clear();
            m_result.usedParts.clear();
            return;
        }
        QString html;
        html.reserve(m_html.size() + sheet.size() + 200);
        if (m_options.fragment) {
            html += "<div"_L1 + m_bodyAttributes + u'>' + m_html + "</div>"_L1;
        } else {
            html += "<html><head><meta charset=\"utf-8\">"_L1;
            if (!sheet.isEmpty())
                html += "<style>\n"_L1 + sheet + "</style>"_L1;
            html += "</head><body"_L1 + m_bodyAttributes + u'>' + m_html + "</body></html>"_L1;
        }
        m_result.html = html;
    }

private:
    struct Frame {
        const GumboNode *node;
        QLatin1StringView name; ///< of the end tag; empty: none is written
        unsigned child = 0;
        bool dropped = false; ///< nothing below is written, only counted
        bool table = false; ///< a table that is written
        bool lostTable = false; ///< one that is not, because it is too deep
    };

    void step()
    {
        Frame &frame = m_stack.back();
        const GumboVector &children = frame.node->v.element.children;
        if (frame.child < children.length) {
            push(static_cast<const GumboNode *>(children.data[frame.child++]));
            return;
        }
        if (!frame.name.isEmpty())
            m_html += "</"_L1 + frame.name + u'>';
        m_tables -= frame.table ? 1 : 0;
        m_lostTables -= frame.lostTable ? 1 : 0;
        m_dropped -= frame.dropped ? 1 : 0;
        m_stack.pop_back();
    }

    void push(const GumboNode *node)
    {
        switch (node->type) {
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_WHITESPACE:
        case GUMBO_NODE_CDATA:
            if (m_dropped == 0)
                writeText(QString::fromUtf8(node->v.text.text));
            return;
        case GUMBO_NODE_ELEMENT:
        case GUMBO_NODE_TEMPLATE:
            break;
        default:
            return;
        }
        Frame frame{node, {}, 0, false, false, false};
        const GumboTag tag = node->v.element.tag;
        const bool html = node->v.element.tag_namespace == GUMBO_NAMESPACE_HTML;
        if (html && tag == GUMBO_TAG_BASE)
            noteBase(node);
        if (html && tag == GUMBO_TAG_BODY) {
            noteLoads(node);
            if (m_bodyAttributes.isEmpty())
                m_bodyAttributes = attributes(node, tag, {});
            m_stack.push_back(frame);
            return;
        }
        ElementRule rule = ruleFor(node);
        // The head is walked for what it would load; nothing in it is written.
        if (m_dropped > 0 || rule.fate == ElementFate::Drop || isLeftOut(node)) {
            if (!(html && tag == GUMBO_TAG_IMG))
                noteLoads(node);
            else if (m_dropped > 0 || isLeftOut(node))
                countImage(node);
            if (m_dropped == 0 && html && tag == GUMBO_TAG_INPUT)
                writeButton(node);
            if (m_dropped == 0 && html && !isLeftOut(node) && isPictureOtherwise(node))
                writeImage(node);
            frame.dropped = true;
            ++m_dropped;
            m_stack.push_back(frame);
            return;
        }
        if (rule.fate == ElementFate::Keep && ++m_elements > elementLimit())
            m_result.overLimit = true;
        if (m_stack.size() > static_cast<size_t>(limits::elementDepth))
            rule.fate = ElementFate::Unwrap;
        if (tag == GUMBO_TAG_TABLE) {
            frame.table = m_tables < limits::tableDepth && rule.fate == ElementFate::Keep;
            frame.lostTable = !frame.table;
            m_tables += frame.table ? 1 : 0;
            m_lostTables += frame.lostTable ? 1 : 0;
        }
        if (m_lostTables > 0 && isTablePart(tag))
            rule = tag == GUMBO_TAG_TR || tag == GUMBO_TAG_TABLE ? ElementRule{ElementFate::Keep, "div"_L1, false}
                                                                 : ElementRule{};
        noteLoads(node);
        if (rule.fate == ElementFate::Keep)
            write(node, rule, frame);
        m_stack.push_back(frame);
    }

    static bool isTablePart(GumboTag tag)
    {
        return tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT
            || tag == GUMBO_TAG_TR || tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH || tag == GUMBO_TAG_CAPTION
            || tag == GUMBO_TAG_COL || tag == GUMBO_TAG_COLGROUP;
    }

    [[nodiscard]] int elementLimit() const
    {
        return m_options.simpleHtml ? limits::elementsSimple : limits::elementsFull;
    }

    // The full engine hides by itself, and may show by a media query what is hidden here.
    bool isLeftOut(const GumboNode *node) const
    {
        return (m_options.simpleHtml || m_options.fragment) && isHidden(node, m_hidden);
    }

    void write(const GumboNode *node, const ElementRule &rule, Frame &frame)
    {
        const GumboTag tag = node->v.element.tag;
        if (tag == GUMBO_TAG_IMG) {
            writeImage(node);
            return;
        }
        QString link;
        if (tag == GUMBO_TAG_A)
            link = linkOf(node);
        m_html += u'<' + rule.name + attributes(node, tag, link) + u'>';
        if (!rule.isVoid)
            frame.name = rule.name;
        // Parsers take one line end behind <pre> for layout of the source.
        if (rule.name == "pre"_L1 && startsWithNewline(node))
            m_html += u'\n';
    }

    static bool startsWithNewline(const GumboNode *node)
    {
        const GumboVector &children = node->v.element.children;
        if (children.length == 0)
            return false;
        const auto *first = static_cast<const GumboNode *>(children.data[0]);
        const bool text = first->type == GUMBO_NODE_TEXT || first->type == GUMBO_NODE_WHITESPACE;
        return text && first->v.text.text[0] == '\n';
    }

    QString linkOf(const GumboNode *node) const
    {
        const char *href = attribute(node, "href");
        if (href == nullptr)
            return {};
        const QString url = QString::fromUtf8(href);
        if (url.startsWith(u'#') && url.size() < 100) {
            const QString target = allowedAttribute(GUMBO_TAG_A, "name"_L1, url.sliced(1));
            return target.isEmpty() ? QString() : u'#' + target;
        }
        return safeLink(url, m_base);
    }

    QString attributes(const GumboNode *node, GumboTag tag, const QString &link)
    {
        QString text;
        QString style;
        bool hasWidth = false;
        bool hasAlign = false;
        const GumboVector &list = node->v.element.attributes;
        for (unsigned i = 0; i < list.length && i < 100; ++i) {
            const auto *item = static_cast<const GumboAttribute *>(list.data[i]);
            const QLatin1StringView name(item->name);
            if (name == "style"_L1) {
                style = QString::fromUtf8(item->value);
                continue;
            }
            const QString value = allowedAttribute(tag, name, QString::fromUtf8(item->value));
            if (value.isEmpty())
                continue;
            hasWidth = hasWidth || name == "width"_L1;
            hasAlign = hasAlign || name == "align"_L1;
            text += u' ' + name + "=\""_L1 + escapedHtml(value) + u'"';
        }
        if (!link.isEmpty())
            text += " href=\""_L1 + escapedHtml(link) + u'"';
        if (!style.isEmpty()) {
            const FilteredStyle filtered = m_css.declarations(style);
            const bool cell = tag == GUMBO_TAG_TABLE || tag == GUMBO_TAG_TD || tag == GUMBO_TAG_TH
                || tag == GUMBO_TAG_IMG || tag == GUMBO_TAG_COL;
            // The simple engine reads these from attributes only.
            if (m_options.simpleHtml && cell && !hasWidth && !filtered.width.isEmpty())
                text += " width=\""_L1 + filtered.width + u'"';
            if (m_options.simpleHtml && tag == GUMBO_TAG_TABLE && !hasAlign && filtered.centred)
                text += " align=\"center\""_L1;
            if (!filtered.css.isEmpty())
                text += " style=\""_L1 + escapedHtml(filtered.css) + u'"';
        }
        return text;
    }

    void writeText(const QString &text)
    {
        m_html += escapedHtml(text);
        m_result.visible = m_result.visible || hasWords(text);
    }

    // Of no more than a point or two, it is there to be counted, or to keep others apart.
    bool isDot(const GumboNode *image, const QString &address) const
    {
        for (const char *name : {"width", "height"}) {
            bool known = false;
            const char *value = attribute(image, name);
            if (value != nullptr && QByteArray(value).trimmed().toInt(&known) <= 2 && known)
                return true;
        }
        return m_options.dots.contains(address.section(u'/', -1).toInt());
    }

    void writeImage(const GumboNode *node)
    {
        const char *source = attribute(node, "src");
        QString address = source != nullptr ? resource(QString::fromUtf8(source), true) : QString();
        if (address.isEmpty())
            address = ownOfSourceSet(node);
        m_result.visible = m_result.visible || (!address.isEmpty() && !isDot(node, address));
        if (source == nullptr || !isRemoteUrl(QString::fromUtf8(source)))
            countSourceSet(node);
        const char *alternative = attribute(node, "alt");
        const QString alt = alternative != nullptr ? QString::fromUtf8(alternative).simplified().left(1000) : QString();
        if (address.isEmpty() && m_options.simpleHtml) {
            m_html += escapedHtml(alt);
            return;
        }
        m_html += "<img"_L1;
        if (!address.isEmpty())
            m_html += " src=\""_L1 + escapedHtml(address) + u'"';
        if (alternative != nullptr)
            m_html += " alt=\""_L1 + escapedHtml(alt) + u'"';
        m_html += attributes(node, GUMBO_TAG_IMG, {}) + u'>';
    }

    // A picture of the message itself that is named for certain screens alone.
    QString ownOfSourceSet(const GumboNode *node)
    {
        const char *value = attribute(node, "srcset");
        if (value == nullptr)
            return {};
        const QStringList candidates = QString::fromUtf8(value).left(limits::url * 4).split(u',').mid(0, 50);
        for (const QString &candidate : candidates) {
            const QString url = candidate.trimmed().section(u' ', 0, 0);
            if (isRemoteUrl(url))
                continue;
            if (const QString address = resource(url, true); !address.isEmpty())
                return address;
        }
        return {};
    }

    // Buttons that are pictures, and pictures of the message that are not written as one.
    bool isPictureOtherwise(const GumboNode *node) const
    {
        const GumboTag tag = node->v.element.tag;
        const char *type = attribute(node, "type");
        const char *source = attribute(node, "src");
        const bool named =
            tag == GUMBO_TAG_EMBED || (tag == GUMBO_TAG_INPUT && type != nullptr && qstricmp(type, "image") == 0);
        return named && source != nullptr && !isRemoteUrl(QString::fromUtf8(source));
    }

    void countImage(const GumboNode *node)
    {
        const char *source = attribute(node, "src");
        if (source != nullptr && isRemoteUrl(QString::fromUtf8(source)))
            block(QString::fromUtf8(source), true);
        else
            countSourceSet(node);
    }

    void countSourceSet(const GumboNode *node)
    {
        for (const char *name : {"srcset", "lowsrc", "dynsrc"}) {
            const char *value = attribute(node, name);
            if (value == nullptr)
                continue;
            const QStringList candidates = QString::fromUtf8(value).left(limits::url * 4).split(u',').mid(0, 50);
            for (const QString &candidate : candidates) {
                const QString url = candidate.trimmed().section(u' ', 0, 0);
                if (isRemoteUrl(url)) {
                    block(url, true);
                    return;
                }
            }
        }
    }

    // A form is inert, but what its button says is part of what was written.
    void writeButton(const GumboNode *node)
    {
        const char *type = attribute(node, "type");
        const char *value = attribute(node, "value");
        if (type != nullptr && value != nullptr
            && (qstricmp(type, "submit") == 0 || qstricmp(type, "button") == 0 || qstricmp(type, "reset") == 0))
            m_html += escapedHtml(QString::fromUtf8(value).simplified().left(500));
    }

    void noteBase(const GumboNode *node)
    {
        const char *href = attribute(node, "href");
        if (href != nullptr && m_base.isEmpty())
            m_base = safeLink(QString::fromUtf8(href), {});
    }

    // Counts what an engine would fetch for this element. Pictures are counted where they are written.
    void noteLoads(const GumboNode *node)
    {
        const GumboElement &element = node->v.element;
        const bool html = element.tag_namespace == GUMBO_NAMESPACE_HTML;
        const bool picture = html && element.tag == GUMBO_TAG_IMG;
        for (unsigned i = 0; i < element.attributes.length && i < 100; ++i) {
            const auto *item = static_cast<const GumboAttribute *>(element.attributes.data[i]);
            const QByteArrayView name(item->name);
            const bool source = name == "src" || name == "srcset" || name == "lowsrc" || name == "dynsrc";
            const bool other = name == "poster" || name == "data" || name == "background" || name == "codebase"
                || name == "archive" || name == "code" || name == "imagesrcset";
            const bool reference = name == "href" && (!html || element.tag == GUMBO_TAG_LINK);
            const bool refresh = html && element.tag == GUMBO_TAG_META && name == "content";
            if (!((source && !picture) || other || reference || refresh))
                continue;
            QString value = QString::fromUtf8(item->value).left(limits::url);
            if (refresh) {
                const qsizetype at = value.indexOf(QStringLiteral("url"), 0, Qt::CaseInsensitive);
                const qsizetype equals = at < 0 ? -1 : value.indexOf(u'=', at);
                if (equals < 0)
                    continue;
                value = value.sliced(equals + 1).trimmed().remove(u'\'').remove(u'"');
            }
            if (isRemoteUrl(value)) {
                block(value, false);
                break;
            }
        }
        // A subtree that is left out still says what it wanted by its styles.
        if (m_dropped > 0 || !html) {
            if (const char *style = attribute(node, "style"); style != nullptr)
                static_cast<void>(m_css.declarations(QString::fromUtf8(style)));
        }
    }

    void block(const QString &url, bool image)
    {
        ++m_result.blockedRemote;
        if (image && m_result.remoteImages.size() < 1000) {
            const QString clean = safeLink(url, {});
            if (!clean.isEmpty() && !m_result.remoteImages.contains(clean))
                m_result.remoteImages.append(clean);
        }
    }

    // What to write for the address of a picture; remote ones are counted.
    QString resource(const QString &url, bool image)
    {
        const QString clean = cleanedUrl(url.size() > limits::dataImage ? QString() : url);
        const QString scheme = schemeOf(clean);
        // An id may be written in other cases, between brackets, or percent-encoded where the part has it so, too.
        QByteArrayList keys;
        if (scheme == u"cid") {
            const QByteArray written = clean.sliced(4).toUtf8();
            QByteArray id = QByteArray::fromPercentEncoding(written).trimmed();
            if (id.startsWith('<') && id.endsWith('>'))
                id = id.sliced(1).chopped(1);
            keys = {id, written, id.toLower()};
        } else if (scheme != u"data") {
            keys = {clean.toUtf8()};
        }
        for (const QByteArray &key : std::as_const(keys)) {
            if (const auto found = m_options.contentIds.constFind(key); found != m_options.contentIds.cend()) {
                if (!m_result.usedParts.contains(found.value()))
                    m_result.usedParts.append(found.value());
                return "satchel-cid:"_L1 + m_options.cidPrefix + u'/' + QString::number(found.value());
            }
        }
        if (scheme == u"data")
            return image && isSmallDataImage(clean) ? clean : QString();
        if (isRemoteUrl(clean))
            block(clean, image);
        return {};
    }

    const SanitiseOptions &m_options;
    SanitisedHtml &m_result;
    CssFilter m_css;
    HiddenBySheet m_hidden;
    QString m_html;
    QString m_bodyAttributes;
    QString m_base;
    std::vector<Frame> m_stack;
    int m_elements = 0;
    int m_tables = 0;
    int m_lostTables = 0;
    int m_dropped = 0;
};

} // namespace

SanitisedHtml sanitise(const QString &html, const SanitiseOptions &options)
{
    SanitisedHtml result;
    const qsizetype limit = options.simpleHtml ? limits::htmlSimple : limits::htmlFull;
    if (html.size() <= limit) {
        if (const HtmlTree tree(html); tree.isValid()) {
            Sanitiser(options, result).run(tree);
            return result;
        }
    }
    result.overLimit = true;
    result.text = strippedHtml(html, limits::shownText);
    result.visible = hasWords(result.text);
    return result;
}

} // namespace satchel::mime
