// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/csstokens.h"

namespace satchel::mime {

namespace {

using Type = CssToken::Type;

bool isBlank(QChar c)
{
    return c == u' ' || c == u'\t' || c == u'\n' || c == u'\r' || c == u'\f';
}

bool isNewline(QChar c)
{
    return c == u'\n' || c == u'\r' || c == u'\f';
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

int hexValue(QChar c)
{
    if (isDigit(c))
        return c.unicode() - u'0';
    const char16_t lower = c.unicode() | 0x20;
    return lower >= u'a' && lower <= u'f' ? lower - u'a' + 10 : -1;
}

bool startsName(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'_' || c.unicode() >= 0x80;
}

bool isNameCharacter(QChar c)
{
    return startsName(c) || isDigit(c) || c == u'-';
}

class Tokenizer
{
public:
    explicit Tokenizer(QStringView css)
        : m_css(css)
    {
    }

    QList<CssToken> run()
    {
        QList<CssToken> tokens;
        for (;;) {
            CssToken token = next();
            if (token.type == Type::End)
                return tokens;
            if (token.type == Type::Whitespace && !tokens.isEmpty() && tokens.last().type == Type::Whitespace)
                continue;
            tokens.append(std::move(token));
        }
    }

private:
    [[nodiscard]] QChar peek(qsizetype ahead = 0) const
    {
        return m_at + ahead < m_css.size() ? m_css[m_at + ahead] : QChar();
    }

    [[nodiscard]] bool isEscape(qsizetype ahead = 0) const
    {
        return peek(ahead) == u'\\' && m_at + ahead + 1 < m_css.size() && !isNewline(peek(ahead + 1));
    }

    [[nodiscard]] bool startsIdent(qsizetype ahead = 0) const
    {
        const QChar c = peek(ahead);
        if (c == u'-')
            return startsName(peek(ahead + 1)) || peek(ahead + 1) == u'-' || isEscape(ahead + 1);
        return startsName(c) || isEscape(ahead);
    }

    [[nodiscard]] bool startsNumber() const
    {
        qsizetype i = peek() == u'+' || peek() == u'-' ? 1 : 0;
        return isDigit(peek(i)) || (peek(i) == u'.' && isDigit(peek(i + 1)));
    }

    void skipComment()
    {
        const qsizetype end = m_css.indexOf(u"*/", m_at + 2);
        m_at = end < 0 ? m_css.size() : end + 2;
    }

    // Behind the backslash.
    QString escape()
    {
        ++m_at;
        if (m_at >= m_css.size())
            return QString(QChar(QChar::ReplacementCharacter));
        if (hexValue(peek()) < 0)
            return QString(m_css[m_at++]);
        char32_t code = 0;
        for (int i = 0; i < 6 && m_at < m_css.size() && hexValue(peek()) >= 0; ++i)
            code = code * 16 + static_cast<char32_t>(hexValue(m_css[m_at++]));
        if (m_at < m_css.size() && isBlank(peek())) {
            if (peek() == u'\r' && peek(1) == u'\n')
                ++m_at;
            ++m_at;
        }
        if (code == 0 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
            return QString(QChar(QChar::ReplacementCharacter));
        return QString::fromUcs4(&code, 1);
    }

    QString name()
    {
        QString text;
        while (m_at < m_css.size()) {
            if (isNameCharacter(peek()))
                text += m_css[m_at++];
            else if (isEscape())
                text += escape();
            else
                break;
        }
        return text;
    }

    CssToken string(QChar quote)
    {
        CssToken token{Type::String, {}, 0};
        ++m_at;
        while (m_at < m_css.size()) {
            const QChar c = peek();
            if (c == quote) {
                ++m_at;
                return token;
            }
            if (isNewline(c)) {
                token.type = Type::BadString;
                return token;
            }
            if (c == u'\\') {
                if (m_at + 1 >= m_css.size()) {
                    ++m_at;
                } else if (isNewline(peek(1))) {
                    m_at += peek(1) == u'\r' && peek(2) == u'\n' ? 3 : 2;
                } else {
                    token.value += escape();
                }
                continue;
            }
            token.value += c;
            ++m_at;
        }
        return token;
    }

    // Behind "url(", when no quote follows.
    CssToken url()
    {
        CssToken token{Type::Url, {}, 0};
        while (m_at < m_css.size() && isBlank(peek()))
            ++m_at;
        while (m_at < m_css.size()) {
            const QChar c = peek();
            if (c == u')') {
                ++m_at;
                return token;
            }
            if (isBlank(c)) {
                while (m_at < m_css.size() && isBlank(peek()))
                    ++m_at;
                if (m_at >= m_css.size() || peek() == u')')
                    continue;
                return badUrl();
            }
            if (c == u'"' || c == u'\'' || c == u'(' || c.unicode() < 0x20)
                return badUrl();
            if (c == u'\\') {
                if (!isEscape())
                    return badUrl();
                token.value += escape();
                continue;
            }
            token.value += c;
            ++m_at;
        }
        return token;
    }

    CssToken badUrl()
    {
        while (m_at < m_css.size()) {
            if (peek() == u')') {
                ++m_at;
                break;
            }
            if (isEscape())
                escape();
            else
                ++m_at;
        }
        return {Type::BadUrl, {}, 0};
    }

    CssToken identLike()
    {
        QString text = name();
        if (peek() != u'(')
            return {Type::Ident, text, 0};
        ++m_at;
        if (text.compare(u"url", Qt::CaseInsensitive) == 0) {
            qsizetype ahead = 0;
            while (isBlank(peek(ahead)))
                ++ahead;
            if (peek(ahead) != u'"' && peek(ahead) != u'\'')
                return url();
        }
        return {Type::Function, text, 0};
    }

    CssToken number()
    {
        const qsizetype begin = m_at;
        if (peek() == u'+' || peek() == u'-')
            ++m_at;
        while (isDigit(peek()))
            ++m_at;
        if (peek() == u'.' && isDigit(peek(1))) {
            ++m_at;
            while (isDigit(peek()))
                ++m_at;
        }
        if ((peek() == u'e' || peek() == u'E')
            && (isDigit(peek(1)) || ((peek(1) == u'+' || peek(1) == u'-') && isDigit(peek(2))))) {
            m_at += 2;
            while (isDigit(peek()))
                ++m_at;
        }
        CssToken token{Type::Number, {}, m_css.sliced(begin, m_at - begin).toDouble()};
        if (startsIdent()) {
            token.type = Type::Dimension;
            token.value = name();
        } else if (peek() == u'%') {
            token.type = Type::Percentage;
            ++m_at;
        }
        return token;
    }

    CssToken next()
    {
        while (peek() == u'/' && peek(1) == u'*')
            skipComment();
        if (m_at >= m_css.size())
            return {};
        const QChar c = peek();
        if (isBlank(c)) {
            while (m_at < m_css.size() && isBlank(peek()))
                ++m_at;
            return {Type::Whitespace, QStringLiteral(" "), 0};
        }
        if (c == u'"' || c == u'\'')
            return string(c);
        if (startsNumber())
            return number();
        if (startsIdent())
            return identLike();
        switch (c.unicode()) {
        case u'#':
            if (isNameCharacter(peek(1)) || isEscape(1)) {
                ++m_at;
                return {Type::Hash, name(), 0};
            }
            break;
        case u'@':
            if (startsIdent(1)) {
                ++m_at;
                return {Type::AtKeyword, name(), 0};
            }
            break;
        case u':':
            ++m_at;
            return {Type::Colon, c, 0};
        case u';':
            ++m_at;
            return {Type::Semicolon, c, 0};
        case u',':
            ++m_at;
            return {Type::Comma, c, 0};
        case u'(':
        case u'[':
        case u'{':
            ++m_at;
            return {Type::Open, c, 0};
        case u')':
        case u']':
        case u'}':
            ++m_at;
            return {Type::Close, c, 0};
        case u'<':
            if (m_css.sliced(m_at).startsWith(u"<!--")) {
                m_at += 4;
                return {Type::Whitespace, QStringLiteral(" "), 0};
            }
            break;
        default:
            if (m_css.sliced(m_at).startsWith(u"-->")) {
                m_at += 3;
                return {Type::Whitespace, QStringLiteral(" "), 0};
            }
            break;
        }
        ++m_at;
        return {Type::Delim, c, 0};
    }

    QStringView m_css;
    qsizetype m_at = 0;
};

} // namespace

QList<CssToken> cssTokens(QStringView css)
{
    return Tokenizer(css).run();
}

} // namespace satchel::mime
