// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/looseaddress.h"

#include "base/codepoint.h"
#include "mime/charset.h"
#include "mime/encodedword.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace satchel::mime {

namespace {

bool isAddressCharacter(char c)
{
    return isalnum(static_cast<uchar>(c)) || QByteArrayView("!#$%&'*+-/=?^_`{|}~.").contains(c);
}

// An address in angle brackets, and what stood beside it in them.
struct Angle {
    QByteArray address;
    QByteArrayView name; ///< before brackets within the brackets
    qsizetype end = 0;
};

// Without comments and the blanks between tokens (RFC 5322, 3.4.1 and 4.4); those of a quoted local part stay.
QByteArray withoutComments(QByteArrayView text)
{
    QByteArray plain;
    plain.reserve(text.size());
    bool quoted = false;
    int depth = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\\' && (quoted || depth > 0)) {
            if (quoted)
                plain.append(text.sliced(i, qMin<qsizetype>(2, text.size() - i)));
            ++i;
            continue;
        }
        if (quoted) {
            quoted = c != '"';
            plain.append(c);
        } else if (c == '(') {
            ++depth;
        } else if (depth > 0) {
            depth -= c == ')' ? 1 : 0;
        } else {
            quoted = c == '"';
            plain.append(c);
        }
    }
    return depth > 0 || quoted ? text.toByteArray() : plain;
}

QByteArray addressIn(QByteArrayView text)
{
    QByteArray address = withoutComments(text).trimmed();
    if (address.startsWith('@')) { // a route: "@relay,@relay:user@host"
        const qsizetype colon = address.lastIndexOf(':');
        if (colon > 0)
            address = address.sliced(colon + 1);
    }
    return address;
}

// From the "<" at \a at to its ">". Of brackets within brackets the innermost with an "@" count.
Angle angleAt(QByteArrayView value, qsizetype at)
{
    qsizetype begin = at + 1;
    int depth = 1;
    QByteArrayView inner;
    qsizetype innerBegin = begin;
    const auto take = [&](qsizetype end) {
        const QByteArrayView text = value.sliced(begin, end - begin);
        if (inner.isNull() || (!inner.contains('@') && text.contains('@'))) {
            inner = text;
            innerBegin = begin;
        }
    };
    qsizetype i = begin;
    for (; i < value.size() && depth > 0; ++i) {
        const char c = value[i];
        if (c == '"' || c == '(') {
            const char closing = c == '"' ? '"' : ')';
            const qsizetype end = value.indexOf(closing, i + 1);
            const qsizetype angle = value.indexOf('>', i + 1);
            // One that is closed only in another mailbox was never meant as one.
            const QByteArrayView held = end > 0 ? value.sliced(i + 1, end - i - 1) : QByteArrayView();
            if (end > 0 && (angle > end || (!held.contains('<') && !held.contains(','))))
                i = end;
        } else if (c == '<') {
            ++depth;
            begin = i + 1;
        } else if (c == '>') {
            if (begin <= i)
                take(i);
            begin = i + 1;
            --depth;
        } else if (c == ',') {
            const qsizetype close = value.indexOf('>', i);
            const qsizetype open = value.indexOf('<', i);
            if (close < 0 || (value.sliced(begin, i - begin).contains('@') && open >= 0 && open < close))
                break;
        }
    }
    if (depth > 0 && begin <= i)
        take(i); // not closed: up to the next mailbox
    Angle angle;
    angle.address = addressIn(inner);
    angle.name = value.sliced(at + 1, innerBegin - at - 1);
    while (angle.name.endsWith('<') || angle.name.endsWith(' ') || angle.name.endsWith('\t'))
        angle.name.chop(1);
    while (angle.name.startsWith('<') || angle.name.startsWith(' ') || angle.name.startsWith('\t'))
        angle.name = angle.name.sliced(1);
    while (i < value.size() && value[i] == '>') // one too many
        ++i;
    angle.end = i;
    return angle;
}

// "name <address>" within one encoded word, or an address alone.
std::optional<Mailbox> mailboxIn(const QString &text)
{
    const QByteArray ascii = text.toLatin1();
    if (isPlainAddress(ascii))
        return Mailbox{{}, text};
    const qsizetype open = ascii.lastIndexOf('<');
    if (open < 0 || !ascii.endsWith('>') || !isPlainAddress(QByteArrayView(ascii).sliced(open + 1).chopped(1)))
        return std::nullopt;
    return Mailbox{text.first(open), text.sliced(open + 1).chopped(1)};
}

bool isQuoted(const QByteArray &word)
{
    return word.size() >= 2 && word.startsWith('"') && word.endsWith('"');
}

bool isAddressWord(const QByteArray &word)
{
    return word.contains('@') && !isQuoted(word);
}

// What blanks parted of an address is joined again: "bo @ example . net" (RFC 5322, 4.4).
QList<QByteArray> joinedAddresses(const QList<QByteArray> &words)
{
    QList<QByteArray> joined;
    bool domainGoesOn = false; // the last word is an address that may go on behind a dot
    for (const QByteArray &word : words) {
        const QByteArray last = joined.isEmpty() ? QByteArray() : joined.last();
        const bool afterSign = last.endsWith('@') && last != "@";
        const bool beforeSign = word.startsWith('@') && !last.isEmpty() && !isAddressWord(last);
        const bool atDot = domainGoesOn && (word.startsWith('.') || last.endsWith('.'));
        if (afterSign || beforeSign || atDot) {
            // The local part may have been parted at its dots, too.
            while (beforeSign && joined.size() > 1
                && (joined.last().startsWith('.') || joined.at(joined.size() - 2) == ".")) {
                const QByteArray part = joined.takeLast();
                joined.last() += part;
            }
            joined.last() += word;
        } else {
            joined.append(word);
        }
        const QByteArray &now = joined.last();
        const QByteArrayView domain = QByteArrayView(now).sliced(now.lastIndexOf('@') + 1);
        domainGoesOn = isAddressWord(now) && !domain.isEmpty()
            && (domain == "." || !domain.endsWith('.') || domain.chopped(1).indexOf('.') < 0 || word == ".");
    }
    return joined;
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
        if (m_mailboxes.isEmpty() && !m_loneComment.isEmpty())
            m_mailboxes.append({m_loneComment, {}});
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
                readComment(end);
                return;
            }
            break;
        case '<':
            readAngle();
            return;
        case ',':
            finishPiece();
            ++m_at;
            return;
        case ';':
            finish();
            m_inGroup = false;
            ++m_at;
            return;
        case ':':
            if (!m_hasAngle && !m_inGroup && !holdsAddress() && beginsGroup()) {
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

    // Within an address a comment says nothing of whose it is.
    void readComment(qsizetype end)
    {
        const auto isInner = [](char c) { return c == '@' || c == '.'; };
        qsizetype after = end;
        while (after < m_value.size() && (m_value[after] == ' ' || m_value[after] == '\t'))
            ++after;
        const bool inner = (after < m_value.size() && isInner(m_value[after]))
            || (!m_words.isEmpty() && m_words.last().contains('@') && isInner(m_words.last().back()));
        if (!inner) {
            if (!m_comment.isEmpty())
                m_comment += ' ';
            m_comment += m_value.sliced(m_at + 1, end - m_at - 2);
            m_newWord = true;
        }
        m_at = end;
    }

    bool holdsAddress() const { return std::ranges::any_of(m_words, isAddressWord); }

    void readAngle()
    {
        const Angle angle = angleAt(m_value, m_at);
        m_at = angle.end;
        m_newWord = true;
        const QByteArray words = '<' + (m_hasAngle ? m_angle : QByteArray()) + '>';
        if (!m_hasAngle) {
            m_hasAngle = true;
            m_angle = angle.address;
        } else if (!angle.address.contains('@')) {
            if (!angle.address.isEmpty())
                m_words.append('<' + angle.address + '>');
        } else if (!m_angle.contains('@')) {
            if (!m_angle.isEmpty())
                m_words.append(words); // what is in brackets without being an address is a name
            m_angle = angle.address;
        } else if (m_angle.compare(angle.address, Qt::CaseInsensitive) != 0) {
            finish(); // two in one mailbox: show both
            m_hasAngle = true;
            m_angle = angle.address;
        }
        if (m_words.isEmpty() && !angle.name.isEmpty())
            m_words.append(angle.name.toByteArray());
    }

    // By its closing semicolon, else where what follows can be no name: "Verein: Buero <a@b>" is one mailbox.
    bool beginsGroup() const
    {
        const QByteArrayView rest = m_value.sliced(m_at + 1);
        if (m_words.isEmpty() || rest.indexOf(';') >= 0)
            return true;
        const qsizetype comma = rest.indexOf(',');
        return (comma < 0 ? rest : rest.first(comma)).indexOf('<') < 0;
    }

    void startGroup()
    {
        const QByteArrayView rest = m_value.sliced(m_at + 1);
        const QByteArrayView members = rest.first(rest.indexOf(';') < 0 ? rest.size() : rest.indexOf(';'));
        flushHeld();
        // A group with members is shown by them; an empty one ("undisclosed-recipients:;") by its name.
        if (withoutComments(members).trimmed().isEmpty())
            m_mailboxes.append({presentableName(text(m_words)), {}});
        m_words.clear();
        m_comment.clear();
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
            joined += isQuoted(word) ? unescaped(word.sliced(1).chopped(1)) : word;
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

    // At a comma. A piece without an address may be the first half of a name: "Brandt, Ole <ole@werft.example>".
    void finishPiece()
    {
        if (!m_hasAngle && !m_words.isEmpty() && m_comment.isEmpty() && !holdsAddress()
            && joinedAddresses(m_words).size() == m_words.size() && !mailboxIn(text(m_words))) {
            m_held.append(m_words);
            clearPiece();
        } else {
            finishOne();
        }
    }

    void finish()
    {
        finishOne();
        flushHeld();
    }

    void finishOne()
    {
        if (m_hasAngle)
            finishAngle();
        else
            finishWords();
        clearPiece();
    }

    void clearPiece()
    {
        m_words.clear();
        m_comment.clear();
        m_angle.clear();
        m_hasAngle = false;
        m_newWord = false;
    }

    /// The pieces that waited for an address, and got none.
    void flushHeld()
    {
        const QList<QList<QByteArray>> held = std::exchange(m_held, {});
        for (const QList<QByteArray> &words : held)
            appendWithoutAddress(words);
    }

    QString nameWithHeld(const QString &name)
    {
        QStringList pieces;
        const QList<QList<QByteArray>> held = std::exchange(m_held, {});
        for (const QList<QByteArray> &words : held)
            pieces.append(text(words));
        if (!name.isEmpty())
            pieces.append(name);
        return presentableName(pieces.join(QStringLiteral(", ")));
    }

    void append(const QString &name, const QByteArray &address)
    {
        const Mailbox mailbox{name, presentableAddress(decodeWords(address, m_bodyCharset))};
        if (!mailbox.name.isEmpty() || !mailbox.address.isEmpty())
            m_mailboxes.append(mailbox);
    }

    void finishAngle()
    {
        QString name = presentableName(text(m_words));
        if (name.isEmpty() && m_held.isEmpty())
            name = comment();
        append(nameWithHeld(name), m_angle);
    }

    void appendWithoutAddress(const QList<QByteArray> &words)
    {
        if (words.size() == 1 && !isQuoted(words.first()) && !words.first().startsWith("=?")) {
            const Mailbox mailbox{comment(), presentableAddress(decodeRaw(words.first(), m_bodyCharset))};
            if (!mailbox.address.isEmpty())
                m_mailboxes.append(mailbox);
            return;
        }
        QString name = text(words).trimmed();
        if (const std::optional<Mailbox> mailbox = mailboxIn(name)) {
            m_mailboxes.append({presentableName(mailbox->name), presentableAddress(mailbox->address)});
            return;
        }
        name = presentableName(name);
        if (!name.isEmpty())
            m_mailboxes.append({name, {}});
    }

    // No angle brackets: the words with an "@" are addresses, the others belong to the name of the first.
    void finishWords()
    {
        if (m_words.isEmpty()) {
            if (m_loneComment.isEmpty())
                m_loneComment = comment();
            return;
        }
        QList<QByteArray> addresses;
        QList<QByteArray> others;
        const QList<QByteArray> words = joinedAddresses(m_words);
        for (const QByteArray &word : words)
            (isAddressWord(word) ? addresses : others).append(word);
        const bool heldIsName = !others.isEmpty()
            || std::ranges::any_of(m_held, [](const QList<QByteArray> &held) { return held.size() > 1; });
        if (addresses.isEmpty() || !heldIsName)
            flushHeld();
        if (addresses.isEmpty()) {
            appendWithoutAddress(others);
            return;
        }
        for (qsizetype i = 0; i < addresses.size(); ++i) {
            QString name;
            if (i == 0) {
                name = nameWithHeld(presentableName(text(others)));
                if (name.isEmpty())
                    name = comment();
            }
            append(name, addresses.at(i));
        }
    }

    QByteArrayView m_value;
    QByteArray m_bodyCharset;
    qsizetype m_limit;
    qsizetype m_at = 0;
    QList<QByteArray> m_words;
    QList<QList<QByteArray>> m_held; ///< pieces of a name that commas part
    QByteArray m_comment;
    QString m_loneComment; ///< of a field that may hold nothing else
    QByteArray m_angle;
    bool m_hasAngle = false;
    bool m_newWord = false;
    bool m_inGroup = false;
    bool m_noQuoteBehind = false;
    bool m_noCommentBehind = false;
    QList<Mailbox> m_mailboxes;
};

} // namespace

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
    QString clean = withoutUnseen(presentable(address)).remove(u' ');
    if (clean.startsWith(QStringLiteral("mailto:"), Qt::CaseInsensitive))
        clean = clean.sliced(7);
    return clean;
}

QList<Mailbox> readLooseAddresses(QByteArrayView tokens, const QByteArray &bodyCharset, qsizetype limit)
{
    return TolerantReader(tokens, bodyCharset, limit).read();
}

} // namespace satchel::mime
