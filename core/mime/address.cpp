// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/address.h"

#include "mime/charset.h"
#include "mime/encodedword.h"
#include "mime/limits.h"

#include <KMime/Headers>

namespace satchel::mime {

namespace {

bool isAddressCharacter(char c)
{
    return isalnum(static_cast<uchar>(c)) || QByteArrayView("!#$%&'*+-/=?^_`{|}~.").contains(c);
}

bool isPlainAddress(QByteArrayView text)
{
    const qsizetype sign = text.indexOf('@');
    if (sign <= 0 || sign == text.size() - 1 || text.indexOf('@', sign + 1) >= 0)
        return false;
    for (const char c : text) {
        if (c != '@' && !isAddressCharacter(c))
            return false;
    }
    return true;
}

// One mailbox of the forms `name <address>` and `address (name)`, as RFC 5322 has it.
bool isWellFormedMailbox(QByteArrayView piece)
{
    piece = piece.trimmed();
    if (piece.endsWith('>')) {
        const qsizetype open = piece.lastIndexOf('<');
        return open >= 0 && isPlainAddress(piece.sliced(open + 1).chopped(1));
    }
    const qsizetype comment = piece.indexOf('(');
    return isPlainAddress(comment > 0 ? piece.first(comment).trimmed() : piece);
}

// What KMime can be trusted with: ASCII, balanced, and no address outside its place.
bool isWellFormed(QByteArrayView value)
{
    bool quoted = false;
    int comment = 0;
    bool angle = false;
    bool signOutside = false;
    qsizetype begin = 0;
    for (qsizetype i = 0; i <= value.size(); ++i) {
        const char c = i < value.size() ? value[i] : ',';
        if (static_cast<uchar>(c) >= 0x80 || c == '\r' || c == '\n')
            return false;
        if ((quoted || comment > 0) && c == '\\') {
            ++i;
        } else if (quoted) {
            quoted = c != '"';
        } else if (comment > 0) {
            comment += c == '(' ? 1 : c == ')' ? -1 : 0;
        } else if (c == '"') {
            if (angle)
                return false;
            quoted = true;
        } else if (c == '(') {
            comment = 1;
        } else if (c == '<') {
            if (angle || signOutside)
                return false;
            angle = true;
        } else if (c == '>') {
            if (!angle)
                return false;
            angle = false;
        } else if (c == '@') {
            signOutside = signOutside || !angle;
        } else if (c == ':' || c == ';' || c == ')') {
            return false;
        } else if (c == ',') {
            if (angle || !isWellFormedMailbox(value.sliced(begin, i - begin)))
                return false;
            begin = i + 1;
            signOutside = false;
        }
    }
    return !quoted && comment == 0;
}

QString presentableName(QString name)
{
    name = presentable(name);
    // Some programs put the whole name between apostrophes.
    if (name.size() > 2
        && ((name.startsWith(u'\'') && name.endsWith(u'\'')) || (name.startsWith(u'"') && name.endsWith(u'"'))))
        name = name.sliced(1).chopped(1).trimmed();
    return name;
}

QString presentableAddress(const QString &address)
{
    QString clean = presentable(address);
    clean.remove(u' ');
    return clean;
}

/// Reads what is not well-formed. One pass; every piece of text ends up in some mailbox.
class TolerantReader
{
public:
    TolerantReader(QByteArrayView value, const QByteArray &bodyCharset, qsizetype limit)
        : m_value(value)
        , m_bodyCharset(bodyCharset)
        , m_limit(limit)
    {
    }

    QList<Mailbox> read()
    {
        while (m_at < m_value.size() && m_mailboxes.size() < m_limit)
            step();
        finish();
        return m_mailboxes;
    }

private:
    void step()
    {
        const char c = m_value[m_at];
        switch (c) {
        case '"':
            if (const qsizetype end = quoteEnd(); end > 0) {
                m_words.append(m_value.sliced(m_at, end - m_at).toByteArray());
                m_at = end;
                return;
            }
            break;
        case '(':
            if (const qsizetype end = commentEnd(); end > 0) {
                if (!m_comment.isEmpty())
                    m_comment += ' ';
                m_comment += m_value.sliced(m_at + 1, end - m_at - 2);
                m_at = end;
                return;
            }
            break;
        case '<':
            if (m_hasAngle) // two in one mailbox: show both
                finish();
            readAngle();
            return;
        case ',':
        case ';':
            finish();
            m_inGroup = m_inGroup && c == ',';
            ++m_at;
            return;
        case ':':
            if (!m_hasAngle && !m_inGroup && m_comment.isEmpty() && !holdsAddress()) {
                startGroup();
                return;
            }
            break;
        case ' ':
        case '\t':
            ++m_at;
            m_newWord = true;
            return;
        default:
            break;
        }
        if (m_newWord || m_words.isEmpty())
            m_words.append(QByteArray());
        m_newWord = false;
        m_words.last().append(c);
        ++m_at;
    }

    qsizetype quoteEnd()
    {
        if (m_noQuoteBehind)
            return 0;
        for (qsizetype i = m_at + 1; i < m_value.size(); ++i) {
            if (m_value[i] == '\\')
                ++i;
            else if (m_value[i] == '"')
                return i + 1;
        }
        m_noQuoteBehind = true;
        return 0;
    }

    qsizetype commentEnd()
    {
        if (m_noCommentBehind)
            return 0;
        int depth = 0;
        for (qsizetype i = m_at; i < m_value.size(); ++i) {
            const char c = m_value[i];
            if (c == '\\')
                ++i;
            else if (c == '(')
                ++depth;
            else if (c == ')' && --depth == 0)
                return i + 1;
        }
        m_noCommentBehind = true;
        return 0;
    }

    bool holdsAddress() const
    {
        for (const QByteArray &word : m_words) {
            if (!word.startsWith('"') && word.contains('@'))
                return true;
        }
        return false;
    }

    void readAngle()
    {
        qsizetype end = m_value.indexOf('>', m_at);
        qsizetype next = end + 1;
        if (end < 0) {
            // Not closed: up to the next mailbox.
            end = m_value.indexOf(',', m_at);
            if (end < 0)
                end = m_value.size();
            next = end;
        }
        QByteArrayView address = m_value.sliced(m_at + 1, end - m_at - 1).trimmed();
        while (address.startsWith('<'))
            address = address.sliced(1);
        if (address.startsWith('@')) { // a route: "@relay,@relay:user@host"
            const qsizetype colon = address.lastIndexOf(':');
            if (colon > 0)
                address = address.sliced(colon + 1);
        }
        if (address.startsWith("mailto:"))
            address = address.sliced(7);
        m_angle = address.toByteArray();
        m_hasAngle = true;
        m_at = next;
    }

    void startGroup()
    {
        const QByteArrayView rest = m_value.sliced(m_at + 1);
        const QByteArrayView members = rest.first(rest.indexOf(';') < 0 ? rest.size() : rest.indexOf(';'));
        // A group with members is shown by them; an empty one ("undisclosed-recipients:;") by its name.
        if (members.trimmed().isEmpty())
            m_mailboxes.append({presentableName(text(m_words)), {}});
        m_words.clear();
        m_newWord = false;
        m_inGroup = true;
        ++m_at;
    }

    QString text(const QList<QByteArray> &words) const
    {
        QByteArray joined;
        for (const QByteArray &word : words) {
            if (!joined.isEmpty())
                joined += ' ';
            if (word.size() >= 2 && word.startsWith('"') && word.endsWith('"'))
                joined += unescaped(word.sliced(1).chopped(1));
            else
                joined += word;
        }
        return decodeWords(joined, m_bodyCharset);
    }

    static QByteArray unescaped(const QByteArray &quoted)
    {
        QByteArray plain;
        plain.reserve(quoted.size());
        for (qsizetype i = 0; i < quoted.size(); ++i) {
            if (quoted[i] == '\\' && i + 1 < quoted.size())
                ++i;
            plain.append(quoted[i]);
        }
        return plain;
    }

    QString comment() const { return presentableName(decodeWords(unescaped(m_comment), m_bodyCharset)); }

    void finish()
    {
        if (m_hasAngle)
            finishAngle();
        else
            finishWords();
        m_words.clear();
        m_comment.clear();
        m_angle.clear();
        m_hasAngle = false;
        m_newWord = false;
    }

    void finishAngle()
    {
        Mailbox mailbox;
        mailbox.name = presentableName(text(m_words));
        if (mailbox.name.isEmpty())
            mailbox.name = comment();
        mailbox.address = presentableAddress(decodeWords(m_angle, m_bodyCharset));
        if (!mailbox.name.isEmpty() || !mailbox.address.isEmpty())
            m_mailboxes.append(mailbox);
    }

    // No angle brackets: the words with an "@" are addresses, the others belong to the name of the first.
    void finishWords()
    {
        QList<QByteArray> addresses;
        QList<QByteArray> others;
        for (qsizetype i = 0; i < m_words.size(); ++i) {
            QByteArray word = m_words.at(i);
            // A quoted local part stands apart from its domain: "john doe"@example.com
            if (word.startsWith('"') && i + 1 < m_words.size() && m_words.at(i + 1).startsWith('@'))
                word += m_words.at(++i);
            if (word.contains('@') && !(word.startsWith('"') && word.endsWith('"')))
                addresses.append(word);
            else
                others.append(word);
        }
        if (addresses.isEmpty()) {
            if (others.isEmpty() && m_comment.isEmpty())
                return;
            Mailbox mailbox;
            if (others.size() == 1 && !others.first().startsWith('"') && !others.first().startsWith("=?")) {
                mailbox.address = presentableAddress(decodeRaw(others.first(), m_bodyCharset));
                mailbox.name = comment();
            } else {
                mailbox.name = presentableName(text(others));
                if (mailbox.name.isEmpty())
                    mailbox.name = comment();
            }
            if (!mailbox.name.isEmpty() || !mailbox.address.isEmpty())
                m_mailboxes.append(mailbox);
            return;
        }
        for (qsizetype i = 0; i < addresses.size(); ++i) {
            Mailbox mailbox;
            mailbox.address = presentableAddress(decodeWords(addresses.at(i), m_bodyCharset));
            if (i == 0) {
                mailbox.name = presentableName(text(others));
                if (mailbox.name.isEmpty())
                    mailbox.name = comment();
            }
            m_mailboxes.append(mailbox);
        }
    }

    QByteArrayView m_value;
    QByteArray m_bodyCharset;
    qsizetype m_limit;
    qsizetype m_at = 0;
    QList<QByteArray> m_words;
    QByteArray m_comment;
    QByteArray m_angle;
    bool m_hasAngle = false;
    bool m_newWord = false;
    bool m_inGroup = false;
    bool m_noQuoteBehind = false;
    bool m_noCommentBehind = false;
    QList<Mailbox> m_mailboxes;
};

} // namespace

QList<Mailbox> readAddresses(QByteArrayView value, const QByteArray &bodyCharset, qsizetype limit)
{
    value = value.trimmed();
    if (value.isEmpty() || limit <= 0)
        return {};
    if (isWellFormed(value)) {
        KMime::Headers::To field;
        field.from7BitString(normalisedWords(value));
        QList<Mailbox> mailboxes;
        bool whole = true;
        const auto boxes = field.mailboxes();
        for (const KMime::Types::Mailbox &box : boxes) {
            if (mailboxes.size() >= limit)
                break;
            whole = whole && box.hasAddress();
            mailboxes.append({presentableName(box.name()), presentableAddress(box.addrSpec().asString())});
        }
        if (whole && !mailboxes.isEmpty())
            return mailboxes;
    }
    return TolerantReader(value, bodyCharset, limit).read();
}

QList<QByteArray> readMessageIds(QByteArrayView value)
{
    QList<QByteArray> ids;
    qsizetype at = 0;
    while (ids.size() < limits::references) {
        const qsizetype begin = value.indexOf('<', at);
        if (begin < 0)
            break;
        const qsizetype end = value.indexOf('>', begin);
        if (end < 0)
            break;
        QByteArray id = value.sliced(begin + 1, end - begin - 1).toByteArray();
        id.replace(' ', QByteArray());
        id.replace('\t', QByteArray());
        if (!id.isEmpty() && id.size() <= 1000 && !ids.contains(id))
            ids.append(id);
        at = end + 1;
    }
    return ids;
}

} // namespace satchel::mime
