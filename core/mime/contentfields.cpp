// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/contentfields.h"

#include "mime/charset.h"
#include "mime/encodedword.h"

#include <QMap>

#include <algorithm>
#include <array>

namespace satchel::mime {

namespace {

constexpr int parameterLimit = 200;

// Skips blanks and comments.
qsizetype skipBlanks(QByteArrayView value, qsizetype at)
{
    int depth = 0;
    for (; at < value.size(); ++at) {
        const char c = value[at];
        if (c == '(')
            ++depth;
        else if (c == ')' && depth > 0)
            --depth;
        else if (c == '\\' && depth > 0)
            ++at;
        else if (depth == 0 && c != ' ' && c != '\t')
            break;
    }
    return qMin(at, value.size());
}

QByteArray quotedString(QByteArrayView value, qsizetype &at)
{
    QByteArray text;
    ++at;
    for (; at < value.size(); ++at) {
        char c = value[at];
        if (c == '"') {
            ++at;
            return text;
        }
        if (c == '\\' && at + 1 < value.size() && (value[at + 1] == '"' || value[at + 1] == '\\'))
            c = value[++at];
        text.append(c);
    }
    return text;
}

bool isParameterLetter(char c)
{
    return isalnum(static_cast<uchar>(c)) || c == '-' || c == '_' || c == '*' || c == '.';
}

bool isKnownParameter(const QByteArray &name)
{
    static constexpr std::array<const char *, 18> known = {"charset", "format", "delsp", "boundary", "name", "filename",
        "type", "start", "size", "creation-date", "modification-date", "read-date", "method", "protocol", "micalg",
        "report-type", "reply-type", "access-type"};
    return std::ranges::any_of(known, [&](const char *k) { return name == k; }) || name.startsWith("x-");
}

// Where \a text goes over into the next parameter though no semicolon says so: at blanks, or a comma, before "name=".
// Names of files hold blanks, and now and then an equals sign: there the parameter must be a known one.
qsizetype nextParameter(QByteArrayView text, bool fileName)
{
    for (qsizetype sign = text.indexOf('='); sign >= 0; sign = text.indexOf('=', sign + 1)) {
        qsizetype end = sign;
        while (end > 0 && (text[end - 1] == ' ' || text[end - 1] == '\t'))
            --end;
        qsizetype begin = end;
        while (begin > 0 && isParameterLetter(text[begin - 1]))
            --begin;
        if (begin == end || begin == 0 || !isalpha(static_cast<uchar>(text[begin])))
            continue;
        const char before = text[begin - 1];
        if (before != ' ' && before != '\t' && before != ',')
            continue;
        QByteArray name = text.sliced(begin, end - begin).toByteArray().toLower();
        name.truncate(name.indexOf('*') < 0 ? name.size() : name.indexOf('*'));
        if ((!fileName && end == sign) || isKnownParameter(name))
            return begin;
    }
    return -1;
}

// An unquoted value ends at the semicolon: file names with blanks are common. A comment behind it goes.
QByteArray unquoted(QByteArrayView value, qsizetype &at, bool fileName)
{
    const qsizetype begin = at;
    qsizetype end = value.indexOf(';', at);
    if (end < 0)
        end = value.size();
    if (const qsizetype next = nextParameter(value.sliced(begin, end - begin), fileName); next > 0)
        end = begin + next;
    at = end;
    QByteArrayView text = value.sliced(begin, end - begin).trimmed();
    while (!fileName && (text.endsWith(',') || text.endsWith(' ')))
        text.chop(1);
    const qsizetype comment = text.indexOf(" (");
    if (comment > 0 && text.endsWith(')') && text.last(text.size() - comment).indexOf('.') < 0)
        text = text.first(comment).trimmed();
    return text.toByteArray();
}

// The type, "text/html". Blanks and comments may stand between its tokens (RFC 2045, 5.1).
QByteArray typeAt(QByteArrayView value, qsizetype &at)
{
    QByteArray type;
    bool slashed = false;
    for (;;) {
        qsizetype end = at;
        while (end < value.size() && !QByteArrayView(";( \t\"/,").contains(value[end]))
            ++end;
        type += value.sliced(at, end - at);
        const qsizetype next = skipBlanks(value, end);
        const bool sign = next < value.size() && value[next] == '/';
        if (!sign || slashed) {
            // More slashes belong to no type; a blank here ends it.
            at = end;
            if (sign && next == end) {
                while (at < value.size() && !QByteArrayView(";( \t\"").contains(value[at]))
                    type += value[at++];
            }
            return type;
        }
        type += '/';
        slashed = true;
        at = skipBlanks(value, next + 1);
    }
}

QByteArray percentDecoded(const QByteArray &text)
{
    return QByteArray::fromPercentEncoding(text);
}

struct Piece {
    QByteArray bytes;
    bool escaped = false;
};

} // namespace

ParametrizedField::ParametrizedField(QByteArrayView guardedValue)
{
    qsizetype at = skipBlanks(guardedValue, 0);
    qsizetype end = at;
    if (at < guardedValue.size() && guardedValue[at] == '"') { // seen: Content-Type: "text/html"
        m_value = quotedString(guardedValue, at).trimmed().toLower();
    } else {
        m_value = typeAt(guardedValue, end).toLower();
        // Seen: "Content-Type: charset=utf-8", a parameter without a type.
        if (m_value.contains('=')) {
            m_value.clear();
            end = at;
        }
        at = end;
    }
    if (m_value.size() > 255)
        m_value.truncate(255);

    QHash<QByteArray, QMap<int, Piece>> continued;
    int count = 0;
    while (at < guardedValue.size() && ++count < parameterLimit) {
        at = skipBlanks(guardedValue, at);
        while (at < guardedValue.size()
            && (guardedValue[at] == ';' || guardedValue[at] == ' ' || guardedValue[at] == '\t'
                || guardedValue[at] == '"' || guardedValue[at] == ',')) {
            ++at;
        }
        at = skipBlanks(guardedValue, at);
        const qsizetype begin = at;
        while (at < guardedValue.size() && guardedValue[at] != '=' && guardedValue[at] != ';')
            ++at;
        if (at >= guardedValue.size() || guardedValue[at] == ';')
            continue;
        QByteArray name = guardedValue.sliced(begin, at - begin).toByteArray().trimmed().toLower();
        at = skipBlanks(guardedValue, at + 1);
        QByteArray value;
        if (at < guardedValue.size() && guardedValue[at] == '"')
            value = quotedString(guardedValue, at);
        else
            value = unquoted(guardedValue, at, name.startsWith("name") || name.startsWith("filename"));

        const bool escaped = name.endsWith('*');
        if (escaped)
            name.chop(1);
        const qsizetype star = name.lastIndexOf('*');
        bool numbered = false;
        const int number = star > 0 ? name.sliced(star + 1).toInt(&numbered) : 0;
        if (numbered && number >= 0) {
            auto &pieces = continued[name.first(star)];
            if (!pieces.contains(number))
                pieces.insert(number, {value, escaped});
        } else if (escaped) {
            auto &pieces = continued[name];
            if (!pieces.contains(0))
                pieces.insert(0, {value, true});
        } else if (!name.isEmpty() && !m_parameters.contains(name)) {
            m_parameters.insert(name, {value, {}, false});
        }
    }

    for (auto it = continued.cbegin(); it != continued.cend(); ++it) {
        Parameter joined;
        joined.extended = true;
        bool first = true;
        for (const Piece &piece : it.value()) {
            QByteArray text = piece.bytes;
            if (piece.escaped) {
                if (first) {
                    const qsizetype language = text.indexOf('\'');
                    const qsizetype start = language < 0 ? -1 : text.indexOf('\'', language + 1);
                    if (start >= 0) {
                        joined.charset = text.first(language);
                        text = text.sliced(start + 1);
                    }
                }
                text = percentDecoded(text);
            }
            joined.bytes += text;
            first = false;
        }
        // What is written by the newer rules wins over the plain form beside it.
        m_parameters.insert(it.key(), joined);
    }
}

QByteArray ParametrizedField::bytes(const QByteArray &name) const
{
    return m_parameters.value(name).bytes;
}

QString ParametrizedField::text(const QByteArray &name) const
{
    const Parameter parameter = m_parameters.value(name);
    if (!parameter.charset.isEmpty()) {
        CharsetClues clues;
        clues.declared = parameter.charset;
        return decodeText(parameter.bytes, clues);
    }
    // Empty charsets, raw 8-bit and encoded words inside quotes: none is allowed, all are common.
    return decodeWords(parameter.bytes);
}

} // namespace satchel::mime
