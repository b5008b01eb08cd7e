// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/htmltext.h"

#include "base/codepoint.h"
#include "mime/limits.h"

#include <algorithm>
#include <vector>

namespace satchel::mime {

namespace {

enum class Layout { Inline, Block, Paragraph, Skip };

Layout layoutOf(GumboTag tag)
{
    switch (tag) {
    case GUMBO_TAG_HEAD:
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_TITLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_NOFRAMES:
    case GUMBO_TAG_NOEMBED:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_MATH:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_DATALIST:
    case GUMBO_TAG_AUDIO:
    case GUMBO_TAG_VIDEO:
    case GUMBO_TAG_CANVAS:
        return Layout::Skip;
    case GUMBO_TAG_P:
    case GUMBO_TAG_H1:
    case GUMBO_TAG_H2:
    case GUMBO_TAG_H3:
    case GUMBO_TAG_H4:
    case GUMBO_TAG_H5:
    case GUMBO_TAG_H6:
    case GUMBO_TAG_UL:
    case GUMBO_TAG_OL:
    case GUMBO_TAG_DL:
    case GUMBO_TAG_PRE:
    case GUMBO_TAG_BLOCKQUOTE:
        return Layout::Paragraph;
    case GUMBO_TAG_ADDRESS:
    case GUMBO_TAG_ARTICLE:
    case GUMBO_TAG_ASIDE:
    case GUMBO_TAG_CAPTION:
    case GUMBO_TAG_CENTER:
    case GUMBO_TAG_DD:
    case GUMBO_TAG_DETAILS:
    case GUMBO_TAG_DIR:
    case GUMBO_TAG_DIV:
    case GUMBO_TAG_DT:
    case GUMBO_TAG_FIELDSET:
    case GUMBO_TAG_FIGCAPTION:
    case GUMBO_TAG_FIGURE:
    case GUMBO_TAG_FOOTER:
    case GUMBO_TAG_FORM:
    case GUMBO_TAG_HEADER:
    case GUMBO_TAG_HR:
    case GUMBO_TAG_LI:
    case GUMBO_TAG_MAIN:
    case GUMBO_TAG_MENU:
    case GUMBO_TAG_NAV:
    case GUMBO_TAG_OPTION:
    case GUMBO_TAG_SECTION:
    case GUMBO_TAG_SUMMARY:
    case GUMBO_TAG_TABLE:
    case GUMBO_TAG_TR:
        return Layout::Block;
    default:
        return Layout::Inline;
    }
}

class Writer
{
public:
    Writer(const HiddenBySheet &hidden, qsizetype limit)
        : m_hidden(hidden)
        , m_limit(limit)
    {
    }

    QString write(const GumboNode *root)
    {
        push(root);
        while (!m_stack.empty() && m_text.size() < m_limit)
            step();
        while (m_text.endsWith(u'\n') || m_text.endsWith(u' '))
            m_text.chop(1);
        return std::move(m_text);
    }

private:
    struct Frame {
        const GumboNode *node;
        unsigned child = 0;
        qsizetype begin = 0; ///< where its text starts
    };

    void step()
    {
        Frame &frame = m_stack.back();
        const GumboVector &children = frame.node->v.element.children;
        if (frame.child < children.length) {
            push(static_cast<const GumboNode *>(children.data[frame.child++]));
        } else {
            const Frame done = frame;
            m_stack.pop_back();
            leave(done);
        }
    }

    void push(const GumboNode *node)
    {
        switch (node->type) {
        case GUMBO_NODE_TEXT:
        case GUMBO_NODE_CDATA:
        case GUMBO_NODE_WHITESPACE:
            addText(node->v.text.text);
            return;
        case GUMBO_NODE_ELEMENT:
            break;
        default:
            return;
        }
        const Layout layout = layoutOf(node->v.element.tag);
        if (layout == Layout::Skip || isHidden(node, m_hidden))
            return;
        enter(node, layout);
        m_stack.push_back({node, 0, m_text.size()});
    }

    void enter(const GumboNode *node, Layout layout)
    {
        if (layout != Layout::Inline)
            breakLine(layout == Layout::Paragraph && m_lists == 0);
        switch (node->v.element.tag) {
        case GUMBO_TAG_BR:
            m_text += u'\n';
            prefix();
            m_blank = true;
            break;
        case GUMBO_TAG_HR:
            m_text += QString(40, u'-');
            m_blank = false;
            breakLine(false);
            break;
        case GUMBO_TAG_IMG:
            if (const char *alt = attribute(node, "alt"); alt != nullptr && *alt != '\0')
                addText(alt);
            break;
        case GUMBO_TAG_PRE:
            ++m_pre;
            break;
        case GUMBO_TAG_BLOCKQUOTE:
            ++m_quotes;
            repeatPrefix();
            break;
        case GUMBO_TAG_UL:
            ++m_lists;
            m_counters.push_back(0);
            break;
        case GUMBO_TAG_OL:
            ++m_lists;
            m_counters.push_back(1);
            break;
        case GUMBO_TAG_LI:
            bullet();
            break;
        case GUMBO_TAG_TD:
        case GUMBO_TAG_TH:
            if (!m_blank)
                m_text += u' ';
            m_blank = true;
            break;
        default:
            break;
        }
    }

    void leave(const Frame &done)
    {
        const GumboTag tag = done.node->v.element.tag;
        switch (tag) {
        case GUMBO_TAG_A:
            target(done);
            break;
        case GUMBO_TAG_PRE:
            --m_pre;
            break;
        case GUMBO_TAG_BLOCKQUOTE:
            breakLine(false);
            --m_quotes;
            repeatPrefix();
            break;
        case GUMBO_TAG_UL:
        case GUMBO_TAG_OL:
            --m_lists;
            m_counters.pop_back();
            break;
        default:
            break;
        }
        const Layout layout = layoutOf(tag);
        if (layout != Layout::Inline)
            breakLine(layout == Layout::Paragraph && m_lists == 0);
    }

    // "text (target)", unless the text is the target already.
    void target(const Frame &done)
    {
        const char *href = attribute(done.node, "href");
        if (href == nullptr)
            return;
        const QString url = QString::fromUtf8(href).trimmed();
        const bool web = url.startsWith(QStringLiteral("http://"), Qt::CaseInsensitive)
            || url.startsWith(QStringLiteral("https://"), Qt::CaseInsensitive);
        if (!web || url.size() > 2000 || done.begin >= m_text.size())
            return;
        const QString text = m_text.sliced(done.begin).trimmed();
        if (text.isEmpty() || text.contains(url) || url.sliced(url.indexOf(u"//") + 2).startsWith(text))
            return;
        if (m_blank && m_text.endsWith(u' '))
            m_text.chop(1);
        m_text += QStringLiteral(" (") + url + u')';
        m_blank = false;
    }

    void bullet()
    {
        const int depth = qMin(m_lists, 8);
        m_text += QString(qMax(0, depth - 1) * 2, u' ');
        int *counter = m_counters.empty() ? nullptr : &m_counters.back();
        if (counter != nullptr && *counter > 0)
            m_text += QString::number((*counter)++) + QStringLiteral(". ");
        else
            m_text += QStringLiteral("\u2022 ");
        m_blank = true;
    }

    void prefix()
    {
        for (int i = 0; i < qMin(m_quotes, 10); ++i)
            m_text += i + 1 < m_quotes ? QStringLiteral(">") : QStringLiteral("> ");
    }

    // The prefix of an empty line follows the depth of quotes when that changes.
    void repeatPrefix()
    {
        const qsizetype start = m_text.lastIndexOf(u'\n') + 1;
        if (!isPrefixOnly(start))
            return;
        m_text.truncate(start);
        prefix();
        m_blank = true;
    }

    bool isPrefixOnly(qsizetype start) const
    {
        for (qsizetype i = start; i < m_text.size(); ++i) {
            if (m_text[i] != u'>' && m_text[i] != u' ')
                return false;
        }
        return true;
    }

    void breakLine(bool emptyLine)
    {
        while (m_text.endsWith(u' ') && !isPrefixOnly(m_text.lastIndexOf(u'\n') + 1))
            m_text.chop(1);
        const qsizetype start = m_text.lastIndexOf(u'\n') + 1;
        if (!isPrefixOnly(start)) {
            m_text += u'\n';
            prefix();
        }
        if (emptyLine) {
            const qsizetype line = m_text.lastIndexOf(u'\n') + 1;
            const qsizetype before = line >= 2 ? m_text.lastIndexOf(u'\n', line - 2) + 1 : 0;
            bool empty = line == 0;
            if (!empty) {
                empty = true;
                for (qsizetype i = before; i + 1 < line; ++i)
                    empty = empty && (m_text[i] == u'>' || m_text[i] == u' ');
            }
            if (!empty) {
                m_text += u'\n';
                prefix();
            }
        }
        m_blank = true;
    }

    void addText(const char *utf8)
    {
        const QString text = QString::fromUtf8(utf8);
        for (const QChar c : text) {
            if (m_pre > 0) {
                if (c == u'\n') {
                    m_text += c;
                    prefix();
                } else if (c == u'\t' || c.category() != QChar::Other_Control) {
                    m_text += c;
                }
                m_blank = false;
            } else if (c == u' ' || c == u'\n' || c == u'\t' || c == u'\r' || c == u'\f' || c == QChar(QChar::Nbsp)) {
                if (!m_blank)
                    m_text += u' ';
                m_blank = true;
            } else if (c.category() == QChar::Other_Control || c == QChar(0x200b) || c == QChar(0x200c)
                || c == QChar(0xfeff) || c == QChar(0x034f) || c == QChar(0x00ad)) {
                continue; // what newsletters fill their preheaders with
            } else {
                m_text += c;
                m_blank = false;
            }
        }
    }

    const HiddenBySheet &m_hidden;
    qsizetype m_limit;
    QString m_text;
    std::vector<Frame> m_stack;
    std::vector<int> m_counters;
    int m_pre = 0;
    int m_quotes = 0;
    int m_lists = 0;
    bool m_blank = true; // no blank is due
};

bool mentionsHiding(QByteArrayView css)
{
    for (const char *word : {"none", "hid", "opacity", "max-height", "height"}) {
        const QByteArrayView wanted(word);
        // ASCII letters differ by one bit; a false alarm only costs a look.
        for (qsizetype i = 0; i + wanted.size() <= css.size(); ++i) {
            qsizetype k = 0;
            while (k < wanted.size() && ((css[i + k] | 0x20) == (wanted[k] | 0x20)))
                ++k;
            if (k == wanted.size())
                return true;
        }
    }
    return false;
}

} // namespace

bool hasWords(QStringView text)
{
    constexpr char32_t brailleBlank = 0x2800;
    for (qsizetype at = 0; at < text.size();) {
        const char32_t point = nextCodePoint(text, at);
        if (!QChar::isSpace(point) && !QChar::isMark(point) && !isUnseen(point)
            && QChar::category(point) != QChar::Other_Control && point != brailleBlank)
            return true;
    }
    return false;
}

bool isHidden(const GumboNode *element, const HiddenBySheet &hidden)
{
    if (attribute(element, "hidden") != nullptr)
        return true;
    if (const char *style = attribute(element, "style"); style != nullptr) {
        // Most styles hide nothing; only those that may are taken apart.
        const QByteArrayView text(style);
        const bool may = text.contains('\\') || text.indexOf("/*") >= 0 || mentionsHiding(text);
        if (may) {
            const CssFilter filter(false, [](const QString &) { return QString(); });
            if (filter.declarations(QString::fromUtf8(text)).hidden)
                return true;
        }
    }
    if (hidden.isEmpty())
        return false;
    if (const char *id = attribute(element, "id"); id != nullptr && hidden.ids.contains(QString::fromUtf8(id)))
        return true;
    if (const char *classes = attribute(element, "class"); classes != nullptr) {
        const QStringList names = QString::fromUtf8(classes).left(1000).simplified().split(u' ');
        for (const QString &name : names) {
            if (hidden.classes.contains(name))
                return true;
        }
    }
    return false;
}

QString styleSheets(const HtmlTree &tree)
{
    QString sheets;
    if (!tree.isValid())
        return sheets;
    std::vector<const GumboNode *> pending = {tree.root()};
    while (!pending.empty() && sheets.size() < limits::css) {
        const GumboNode *node = pending.back();
        pending.pop_back();
        if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE)
            continue;
        const GumboVector &children = node->v.element.children;
        if (node->v.element.tag == GUMBO_TAG_STYLE) {
            for (unsigned i = 0; i < children.length; ++i) {
                const auto *child = static_cast<const GumboNode *>(children.data[i]);
                if (child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_CDATA)
                    sheets += QString::fromUtf8(child->v.text.text) + u'\n';
            }
            continue;
        }
        for (unsigned i = children.length; i > 0; --i)
            pending.push_back(static_cast<const GumboNode *>(children.data[i - 1]));
    }
    return sheets;
}

HiddenBySheet hiddenBySheets(const QString &sheets)
{
    HiddenBySheet hidden;
    if (sheets.contains(u'\\') || mentionsHiding(sheets.toUtf8())) {
        CssFilter filter(false, [](const QString &) { return QString(); });
        static_cast<void>(filter.sheet(sheets, hidden));
    }
    return hidden;
}

QString htmlText(const HtmlTree &tree, const HiddenBySheet &hidden, qsizetype limit)
{
    return tree.isValid() ? Writer(hidden, limit).write(tree.root()) : QString();
}

} // namespace satchel::mime
