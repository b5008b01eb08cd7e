// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/plaintext.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>
#include <iterator>

namespace satchel::mime {

namespace {

constexpr qsizetype longestAddress = 2000;
constexpr int mostLines = 3000; // that are looked at for columns
constexpr int fewestLines = 3; // that make a table

QChar closingOf(QChar c)
{
    switch (c.unicode()) {
    case u'(':
        return u')';
    case u'[':
        return u']';
    case u'{':
        return u'}';
    default:
        return {};
    }
}

bool isSignOfASentence(QChar c)
{
    return QStringView(
        u".,;:!?'\"*_~`\u2026\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb\u3001\u3002\uff0c\uff01\uff1f\uff09")
        .contains(c);
}

// Without what the sentence put behind it, and without a bracket that was opened before it.
qsizetype lengthOf(QStringView address)
{
    qsizetype length = address.size();
    for (bool changed = true; changed && length > 0;) {
        changed = false;
        const QChar last = address[length - 1];
        if (isSignOfASentence(last)) {
            --length;
            changed = true;
            continue;
        }
        for (const QChar open : {u'(', u'[', u'{'}) {
            if (last != closingOf(open))
                continue;
            const QStringView inner = address.first(length);
            if (inner.count(last) > inner.count(open)) {
                --length;
                changed = true;
            }
        }
    }
    return length;
}

/// The quotation marks at the beginning of the line that \a at is in: "> > ".
QStringView quotationOf(QStringView text, qsizetype at)
{
    constexpr qsizetype longest = 1000; // where a line is longer, it is none of a quotation that was wrapped
    const qsizetype from = qMax<qsizetype>(0, at - longest);
    const qsizetype lineEnd = text.sliced(from, at - from).lastIndexOf(u'\n');
    if (lineEnd < 0 && from > 0)
        return {};
    const qsizetype begin = from + lineEnd + 1;
    qsizetype end = begin;
    while (end < at && (text[end] == u'>' || (text[end] == u' ' && end > begin)))
        ++end;
    return text.sliced(begin, end - begin);
}

/// One address between "<" at \a open and ">", line by line; empty where there is none.
QList<TextLink> bracketed(QStringView text, qsizetype open, qsizetype begin)
{
    const QStringView quotation = quotationOf(text, open);
    QList<TextLink> pieces;
    QString target;
    qsizetype at = begin;
    qsizetype piece = begin;
    const auto endPiece = [&] {
        if (at > piece) {
            pieces.append({piece, at - piece, {}});
            target += text.sliced(piece, at - piece);
        }
    };
    for (; at < text.size() && target.size() < longestAddress; ++at) {
        const QChar c = text[at];
        if (c == u'>') {
            endPiece();
            for (TextLink &link : pieces)
                link.target = target;
            return pieces;
        }
        if (c == u'\n') {
            endPiece();
            if (text.sliced(at + 1).startsWith(quotation))
                at += quotation.size();
            while (at + 1 < text.size() && (text[at + 1] == u' ' || text[at + 1] == u'\t'))
                ++at;
            piece = at + 1;
            if (piece >= text.size() || text[piece] == u'\n') // an empty line ends it
                return {};
        } else if (c == u'\r') {
            endPiece();
            piece = at + 1;
        } else if (c.isSpace() || c == u'<' || c == u'"') {
            return {};
        }
    }
    return {};
}

/// A line as its columns see it.
struct Row {
    QSet<qsizetype> edges; ///< where words begin or end behind a gap
    QSet<qsizetype> bars;
    bool tabbed = false;
    bool boxed = false; ///< lines that stand upright are drawn
    bool ruler = false; ///< nothing but signs of rulers

    [[nodiscard]] bool isColumned() const { return !edges.isEmpty() || bars.size() > 0 || tabbed || boxed; }
};

bool isUprightBox(QChar c)
{
    return c == u'\u2502' || c == u'\u2503' || (c >= u'\u250c' && c <= u'\u254b') || (c >= u'\u2551' && c <= u'\u256c');
}

Row rowOf(QStringView line)
{
    while (line.endsWith(u' ') || line.endsWith(u'\r') || line.endsWith(u'\t'))
        line.chop(1);
    while (line.startsWith(u'>'))
        line = line.sliced(1);
    Row row;
    constexpr qsizetype longest = 400; // a paragraph in one line has no columns
    if (line.isEmpty() || line.size() > longest)
        return row;
    row.ruler = std::ranges::all_of(line, [](QChar c) { return QStringView(u"-=+| ").contains(c); });
    qsizetype first = 0;
    while (first < line.size() && line[first].isSpace())
        ++first;
    for (qsizetype i = first; i < line.size(); ++i) {
        const QChar c = line[i];
        row.boxed = row.boxed || isUprightBox(c);
        if (c == u'|' || (row.ruler && c == u'+'))
            row.bars.insert(i);
        if (c == u'\t')
            row.tabbed = true;
        if (c != u' ' || i + 1 >= line.size() || line[i + 1] != u' ')
            continue;
        qsizetype end = i;
        while (end < line.size() && line[end] == u' ')
            ++end;
        // Some write two blanks behind a sentence.
        const bool sentence = end - i == 2 && QStringView(u".!?:").contains(line[i - 1]);
        if (!sentence) {
            row.edges.insert(end);
            qsizetype wordEnd = end;
            while (wordEnd < line.size() && line[wordEnd] != u' ')
                ++wordEnd;
            row.edges.insert(-wordEnd); // what stands to the right is aligned by its end
        }
        i = end - 1;
    }
    return row;
}

bool shareColumns(const Row &above, const Row &below)
{
    if (above.tabbed && below.tabbed)
        return true;
    if (above.bars.intersects(below.bars)
        && (above.bars.size() > 1 || above.ruler || below.ruler || below.bars.size() > 1))
        return true;
    return above.edges.intersects(below.edges);
}

} // namespace

QList<TextLink> linksIn(QStringView text)
{
    static const QRegularExpression pattern(
        QStringLiteral(
            R"re((?<bracket><(?:URL:)?(?=(?:https?://|mailto:))))re"
            R"re(|(?<url>(?:https?://|mailto:|(?<![\w@./-])www\.(?=[^\s.]+\.[^\s.]))[^\s<>"\x{201c}\x{201d}]{1,2000}))re"
            R"re(|(?<mail>(?<![\w.+/:@%-])[A-Za-z0-9][\w.+%-]*@)re"
            R"re((?:[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?![\w@-])))re"),
        QRegularExpression::CaseInsensitiveOption | QRegularExpression::UseUnicodePropertiesOption);
    QList<TextLink> links;
    qsizetype at = 0; // behind the last link
    // One search through all of the text: each that begins anew would look at all that follows first.
    for (auto search = pattern.globalMatchView(text); search.hasNext();) {
        const QRegularExpressionMatch match = search.next();
        if (match.capturedStart() < at)
            continue;
        if (match.hasCaptured(u"bracket")) {
            const QList<TextLink> pieces = bracketed(text, match.capturedStart(), match.capturedEnd());
            links += pieces;
            if (!pieces.isEmpty())
                at = pieces.constLast().begin + pieces.constLast().length;
            continue;
        }
        const QStringView found = match.capturedView();
        const bool mail = match.hasCaptured(u"mail");
        const qsizetype length = mail ? found.size() : lengthOf(found.left(longestAddress));
        const QString address = found.first(length).toString();
        const qsizetype scheme = address.indexOf(u':');
        if (length == 0 || (!mail && scheme == length - 1) || address.endsWith(u"://"))
            continue;
        const bool www = !mail && address.startsWith(u"www.", Qt::CaseInsensitive);
        links.append({match.capturedStart(), length,
            (mail         ? QStringLiteral("mailto:")
                    : www ? QStringLiteral("http://")
                          : QString())
                + address});
    }
    return links;
}

bool hasColumns(QStringView text)
{
    int inTable = 0;
    int boxed = 0;
    int lines = 0;
    Row above;
    qsizetype at = 0;
    while (at < text.size() && lines++ < mostLines) {
        qsizetype end = text.indexOf(u'\n', at);
        if (end < 0)
            end = text.size();
        const Row row = rowOf(text.sliced(at, end - at));
        at = end + 1;
        boxed += row.boxed ? 1 : 0;
        inTable = !row.isColumned() ? 0 : shareColumns(above, row) ? inTable + 1 : 1;
        if (inTable >= fewestLines || boxed >= fewestLines)
            return true;
        above = row;
    }
    return false;
}

} // namespace satchel::mime
