// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/rtftext.h"

#include "mime/charset.h"
#include "mime/codepage.h"
#include "mime/limits.h"

#include <QHash>

#include <algorithm>
#include <array>
#include <vector>

namespace satchel::mime {

namespace {

constexpr size_t deepest = 4000; ///< groups; those below are read as part of the one above

enum class Place {
    Text,
    Fonts, ///< the table of them
    Tag, ///< HTML as it was written
    Nowhere,
};

struct Group {
    Place place = Place::Text;
    int font = -1;
    int replacement = 1; ///< signs that stand for a \u where that is not understood
    bool layoutOnly = false; ///< between \htmlrtf and \htmlrtf0: not part of the HTML
};

struct Symbol {
    const char *word;
    char16_t sign;
};

constexpr std::array<Symbol, 17> symbols = {
    {{"par", u'\n'}, {"line", u'\n'}, {"sect", u'\n'}, {"page", u'\n'}, {"row", u'\n'}, {"softline", u'\n'},
        {"tab", u'\t'}, {"cell", u'\t'}, {"emdash", 0x2014}, {"endash", 0x2013}, {"bullet", 0x2022}, {"lquote", 0x2018},
        {"rquote", 0x2019}, {"ldblquote", 0x201c}, {"rdblquote", 0x201d}, {"emspace", 0x2003}, {"enspace", 0x2002}}};

// Groups that hold no text of the document.
constexpr std::array<const char *, 28> unseen = {"colortbl", "stylesheet", "info", "pict", "object", "objdata",
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "fldinst", "themedata",
    "listtable", "listoverridetable", "rsidtbl", "generator", "xmlnstbl", "filetbl", "revtbl", "datastore",
    "latentstyles", "bkmkstart", "bkmkend", "nonshppict"};

// What a font says of the letters that are written in it.
quint32 codepageOfFontCharset(int number)
{
    switch (number) {
    case 77:
        return 10000;
    case 128:
        return 932;
    case 129:
        return 949;
    case 134:
        return 936;
    case 136:
        return 950;
    case 161:
        return 1253;
    case 162:
        return 1254;
    case 163:
        return 1258;
    case 177:
        return 1255;
    case 178:
        return 1256;
    case 186:
        return 1257;
    case 204:
        return 1251;
    case 222:
        return 874;
    case 238:
        return 1250;
    default:
        return 0;
    }
}

class Reader
{
public:
    explicit Reader(QByteArrayView rtf)
        : m_rtf(rtf)
        , m_groups(1)
    {
    }

    RtfContent read()
    {
        if (!m_rtf.startsWith("{\\rtf"))
            return {};
        while (m_at < m_rtf.size() && m_text.size() < limits::shownText)
            step();
        flush();
        RtfContent content;
        (m_fromHtml ? content.html : content.text) = m_text;
        return content;
    }

private:
    Group &group() { return m_groups.back(); }

    void step()
    {
        const char c = m_rtf[m_at++];
        switch (c) {
        case '{':
            m_skip = 0;
            open();
            break;
        case '}':
            m_skip = 0;
            close();
            break;
        case '\\':
            control();
            break;
        case '\r':
        case '\n':
            break;
        default:
            byte(c);
            break;
        }
    }

    void open()
    {
        flush();
        if (m_groups.size() < deepest)
            m_groups.push_back(m_groups.back());
        else
            ++m_tooDeep;
        m_starts = true;
    }

    void close()
    {
        flush();
        m_starts = false;
        if (m_tooDeep > 0)
            --m_tooDeep;
        else if (m_groups.size() > 1)
            m_groups.pop_back();
        if (m_groups.size() == 1)
            m_at = m_rtf.size(); // the document ends; zeros often follow
    }

    void control()
    {
        if (m_at >= m_rtf.size())
            return;
        const char c = m_rtf[m_at];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            word();
            return;
        }
        ++m_at;
        switch (c) {
        case '\'':
            hexadecimal();
            break;
        case '*':
            m_optional = m_starts;
            return; // the word that follows still starts the group
        case '~':
            symbol(0xa0);
            break;
        case '_':
            symbol(0x2011);
            break;
        case '-':
            break;
        case '\r':
        case '\n':
            symbol(u'\n');
            break;
        default: // \{ \} and \\ stand for themselves
            byte(c);
            break;
        }
        m_starts = false;
    }

    void hexadecimal()
    {
        const auto digit = [](char c) {
            return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
        };
        if (m_rtf.size() - m_at < 2 || digit(m_rtf[m_at]) < 0 || digit(m_rtf[m_at + 1]) < 0)
            return;
        const int value = digit(m_rtf[m_at]) * 16 + digit(m_rtf[m_at + 1]);
        m_at += 2;
        byte(static_cast<char>(value));
    }

    void word()
    {
        const qsizetype begin = m_at;
        while (m_at < m_rtf.size() && m_at - begin < 32
            && ((m_rtf[m_at] >= 'a' && m_rtf[m_at] <= 'z') || (m_rtf[m_at] >= 'A' && m_rtf[m_at] <= 'Z')))
            ++m_at;
        const QByteArrayView name = m_rtf.sliced(begin, m_at - begin);
        const qsizetype digits = m_at;
        if (m_at < m_rtf.size() && m_rtf[m_at] == '-')
            ++m_at;
        while (m_at < m_rtf.size() && m_at - digits < 12 && m_rtf[m_at] >= '0' && m_rtf[m_at] <= '9')
            ++m_at;
        bool hasNumber = false;
        const int number = m_rtf.sliced(digits, m_at - digits).toInt(&hasNumber);
        if (m_at < m_rtf.size() && m_rtf[m_at] == ' ')
            ++m_at;
        const bool starts = std::exchange(m_starts, false);
        const bool optional = std::exchange(m_optional, false);
        if (m_skip > 0 && name != "u") {
            --m_skip;
            if (name != "bin")
                return;
        }
        obey(name, hasNumber, number, starts, optional);
    }

    void obey(QByteArrayView name, bool hasNumber, int number, bool starts, bool optional)
    {
        if (name == "bin") {
            m_at = qMin(m_rtf.size(), m_at + qMax(0, number));
        } else if (name == "u") {
            unicode(number);
        } else if (name == "uc") {
            group().replacement = qBound(0, number, 64);
        } else if (name == "fromhtml") {
            m_fromHtml = m_fromHtml || (number == 1 && m_text.isEmpty());
        } else if (name == "htmltag") {
            flush();
            group().place = m_fromHtml && group().place != Place::Nowhere ? Place::Tag : Place::Nowhere;
        } else if (name == "htmlrtf") {
            flush();
            group().layoutOnly = !hasNumber || number != 0;
        } else if (name == "ansicpg") {
            m_codepage = number > 0 ? static_cast<quint32>(number) : 1252;
        } else if (name == "mac" || name == "pc" || name == "pca") {
            m_codepage = name == "mac" ? 10000 : name == "pc" ? 437 : 850;
        } else if (name == "fonttbl") {
            flush();
            group().place = Place::Fonts;
        } else if (name == "f") {
            flush();
            group().font = number;
        } else if (name == "fcharset") {
            if (group().place == Place::Fonts && m_fonts.size() < 10000)
                m_fonts.insert(group().font, codepageOfFontCharset(number));
        } else if (name == "plain") {
            flush();
            group().font = -1;
        } else if (optional || (starts && isUnseen(name))) {
            flush();
            group().place = Place::Nowhere;
        } else {
            for (const Symbol &known : symbols) {
                if (name == known.word)
                    symbol(known.sign);
            }
        }
    }

    static bool isUnseen(QByteArrayView name)
    {
        return std::ranges::any_of(unseen, [name](const char *word) { return name == word; });
    }

    [[nodiscard]] bool isSeen()
    {
        return group().place == Place::Tag || (group().place == Place::Text && !(m_fromHtml && group().layoutOnly));
    }

    void byte(char c)
    {
        m_starts = false;
        if (m_skip > 0) {
            --m_skip;
            return;
        }
        if (isSeen())
            m_pending.append(c);
    }

    void unicode(int number)
    {
        m_skip = 0;
        symbol(static_cast<char16_t>(number < 0 ? number + 0x10000 : number));
        m_skip = group().replacement;
    }

    void symbol(char16_t sign)
    {
        if (m_skip > 0) {
            --m_skip;
            return;
        }
        flush();
        if (isSeen())
            m_text += QChar(sign);
    }

    // What was written in bytes, once it is known which code page they are of.
    void flush()
    {
        if (m_pending.isEmpty())
            return;
        quint32 codepage = group().place == Place::Tag ? 0 : m_fonts.value(group().font, 0);
        if (codepage == 0)
            codepage = m_codepage;
        QString text;
        if (isAscii(m_pending) || !decodeAs(charsetOfCodepage(codepage), m_pending, text)) {
            CharsetClues clues;
            text = decodeText(m_pending, clues);
        }
        m_pending.clear();
        // Text beside the tags is text; the tags bring their own references.
        m_text += m_fromHtml && group().place == Place::Text ? text.toHtmlEscaped() : text;
    }

    QByteArrayView m_rtf;
    qsizetype m_at = 0;
    std::vector<Group> m_groups;
    qsizetype m_tooDeep = 0;
    QHash<int, quint32> m_fonts;
    quint32 m_codepage = 1252;
    QByteArray m_pending;
    QString m_text;
    int m_skip = 0;
    bool m_starts = false; ///< nothing of the group was read yet
    bool m_optional = false; ///< a group that who does not know it is to leave out
    bool m_fromHtml = false;
};

} // namespace

RtfContent readRtf(QByteArrayView rtf)
{
    return Reader(rtf).read();
}

} // namespace satchel::mime
