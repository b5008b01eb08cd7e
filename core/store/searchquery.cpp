// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/searchquery.h"

#include "store/fold.h"

#include <QStringList>

#include <array>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr qsizetype mostTerms = 32;
constexpr qsizetype longestQuery = 4096;

struct Place {
    QStringView name;
    QStringView column;
};
constexpr std::array<Place, 5> places{{{u"from:", u"sender"}, {u"to:", u"recipients"}, {u"subject:", u"subject"},
    {u"body:", u"body"}, {u"file:", u"files"}}};

bool isQuote(QChar c)
{
    return c == u'"' || c == u'\x201c' || c == u'\x201d' || c == u'\x201e';
}

/// Reads one term after another off the front of the query.
class TermScanner
{
public:
    explicit TermScanner(QStringView query)
        : m_rest(query)
    {
    }

    struct Term {
        bool excluded = false;
        bool phrase = false;
        QStringView column;
        QStringView words;
    };

    bool next(Term &term)
    {
        m_rest = m_rest.trimmed();
        if (m_rest.isEmpty())
            return false;
        term = {};
        if (m_rest.size() > 1 && m_rest.front() == u'-' && !m_rest[1].isSpace()) {
            term.excluded = true;
            m_rest = m_rest.sliced(1);
        }
        for (const Place &place : places) {
            if (m_rest.startsWith(place.name, Qt::CaseInsensitive)) {
                term.column = place.column;
                m_rest = m_rest.sliced(place.name.size());
                break;
            }
        }
        if (!m_rest.isEmpty() && isQuote(m_rest.front())) {
            term.phrase = true;
            m_rest = m_rest.sliced(1);
            term.words = take([](QChar c) { return isQuote(c); });
            if (!m_rest.isEmpty())
                m_rest = m_rest.sliced(1);
        } else {
            term.words = take([](QChar c) { return c.isSpace() || isQuote(c); });
        }
        return true;
    }

private:
    template <class Stop>
    QStringView take(Stop stop)
    {
        qsizetype end = 0;
        while (end < m_rest.size() && !stop(m_rest[end]))
            ++end;
        const QStringView taken = m_rest.first(end);
        m_rest = m_rest.sliced(end);
        return taken;
    }

    QStringView m_rest;
};

/// Whether what was typed last may be the beginning of a longer word. A pair of an unspaced script is whole. One letter
/// is taken as a word: what begins with it is half of all mail, and takes long to find.
bool mayGoOn(const QString &folded)
{
    const QList<uint> last = QStringView(folded).sliced(folded.lastIndexOf(u' ') + 1).toUcs4();
    return isUnspaced(last.front()) ? last.size() == 1 : last.size() > 1;
}

} // namespace

SearchQuery parseSearchQuery(QStringView query)
{
    QStringList included;
    QStringList excluded;
    TermScanner scanner(query.left(longestQuery));
    TermScanner::Term term;
    while (included.size() + excluded.size() < mostTerms && scanner.next(term)) {
        const QString folded = foldForSearch(term.words, true);
        if (folded.isEmpty())
            continue;
        // Within quotes, only a lone character of an unspaced script: it stands in the index before its neighbour.
        const bool lone = isUnspaced(folded.toUcs4().constFirst()) && !folded.contains(u' ');
        QString expression = u'"' + folded + u'"';
        if ((lone || !term.phrase) && mayGoOn(folded))
            expression += u" *"_s;
        if (!term.column.isEmpty())
            expression.prepend(term.column.toString() + u" : "_s);
        (term.excluded ? excluded : included).append(expression);
    }
    return {included.join(u" AND "_s), excluded.join(u" OR "_s)};
}

} // namespace satchel::store
