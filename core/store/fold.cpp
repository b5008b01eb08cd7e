// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/fold.h"

#include <QChar>
#include <QList>

#include <array>

namespace satchel::store {

namespace {

constexpr qsizetype longestWord = 64; // UTF-16 units; what is longer is not a word: base64, rulers
constexpr qsizetype longestText = 1 << 20; // folded UTF-16 units of one field
constexpr qsizetype longestRun = 1 << 12; // normalised at once

/// Marks that a person leaves out when searching. Those of Indic and South-East Asian scripts, and the voicing
/// marks of kana, tell words apart and stay.
bool isAccent(char32_t c)
{
    if (c == 0x0640) // Arabic tatweel
        return true;
    if (QChar::category(c) != QChar::Mark_NonSpacing)
        return false;
    if (c == 0x3099 || c == 0x309a)
        return false;
    switch (QChar::script(c)) {
    case QChar::Script_Inherited:
    case QChar::Script_Arabic:
    case QChar::Script_Hebrew:
    case QChar::Script_Latin:
    case QChar::Script_Greek:
    case QChar::Script_Cyrillic:
    case QChar::Script_Syriac:
        return true;
    default:
        return false;
    }
}

/// Letters that have no decomposition, yet are looked for by what they look like; simple case folding keeps them.
QStringView plainLetters(char32_t c)
{
    switch (c) {
    case 0x00df:
        return u"ss";
    case 0x00e6:
        return u"ae";
    case 0x00f8:
        return u"o";
    case 0x0111:
        return u"d";
    case 0x0127:
        return u"h";
    case 0x0131:
        return u"i";
    case 0x0142:
        return u"l";
    case 0x0153:
        return u"oe";
    case 0x0167:
        return u"t";
    default:
        return {};
    }
}

QString foldedRun(QStringView run)
{
    const QString decomposed = run.toString().normalized(QString::NormalizationForm_KD).toCaseFolded();
    QString bare;
    bare.reserve(decomposed.size());
    const QList<uint> characters = decomposed.toUcs4();
    for (const char32_t c : characters) {
        // A soft hyphen or a joiner parts no word: with it and without it, it is the same.
        if (isAccent(c) || QChar::category(c) == QChar::Other_Format)
            continue;
        if (const QStringView plain = plainLetters(c); !plain.isEmpty())
            bare.append(plain);
        else
            bare.append(QChar::fromUcs4(c));
    }
    return bare.normalized(QString::NormalizationForm_C);
}

bool isWordCharacter(char32_t c)
{
    if (c < 0x80)
        return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') || (c >= U'A' && c <= U'Z');
    return QChar::isLetterOrNumber(c) || QChar::isMark(c) || QChar::category(c) == QChar::Other_PrivateUse;
}

/// Puts folded characters together to words.
class WordWriter
{
public:
    WordWriter(qsizetype reserve, bool pairs)
        : m_pairs(pairs)
    {
        m_out.reserve(reserve);
    }

    void ascii(char16_t c)
    {
        if (c >= u'A' && c <= u'Z')
            word(char16_t(c + 32));
        else if ((c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9'))
            word(c);
        else
            endWord();
    }

    void other(char32_t c)
    {
        if (c < 0x80) {
            ascii(char16_t(c));
        } else if (!isWordCharacter(c)) {
            endWord();
        } else if (m_pairs && isUnspaced(c)) {
            pair(c);
        } else {
            endRun(false);
            if (QChar::requiresSurrogates(c)) {
                // Both halves or none.
                if (m_length + 2 <= longestWord) {
                    word(QChar::highSurrogate(c));
                    word(QChar::lowSurrogate(c));
                }
            } else {
                word(char16_t(c));
            }
        }
    }

    QString finish(bool openEnd)
    {
        endRun(openEnd);
        while (m_out.endsWith(u' '))
            m_out.chop(1);
        return std::move(m_out);
    }

    [[nodiscard]] bool isFull() const { return m_out.size() >= longestText; }

private:
    void word(char16_t c)
    {
        if (m_last != 0)
            endRun(false);
        if (m_length++ < longestWord)
            m_out.append(QChar(c));
    }

    void endWord()
    {
        if (m_last != 0)
            endRun(false);
        if (m_length > 0)
            m_out.append(u' ');
        m_length = 0;
    }

    void pair(char32_t c)
    {
        if (m_last != 0) {
            m_out.append(QChar::fromUcs4(m_last));
            m_out.append(QChar::fromUcs4(c));
            m_out.append(u' ');
            m_paired = true;
        } else {
            endWord();
        }
        m_last = c;
    }

    void endRun(bool openEnd)
    {
        if (m_last == 0)
            return;
        if (!openEnd || !m_paired) {
            m_out.append(QChar::fromUcs4(m_last));
            m_out.append(u' ');
        }
        m_last = 0;
        m_paired = false;
    }

    QString m_out;
    qsizetype m_length = 0; ///< of the word being written
    char32_t m_last = 0; ///< of the unspaced run being written
    bool m_paired = false;
    bool m_pairs;
};

QString fold(QStringView text, bool pairs, bool openEnd)
{
    WordWriter words(qMin(text.size() + 1, longestText + 128), pairs);
    qsizetype i = 0;
    while (i < text.size() && !words.isFull()) {
        if (text[i].unicode() < 0x80) {
            words.ascii(text[i].unicode());
            ++i;
            continue;
        }
        qsizetype end = i + 1;
        while (end < text.size() && text[end].unicode() >= 0x80 && end - i < longestRun)
            ++end;
        if (end < text.size() && text[end].isLowSurrogate() && text[end - 1].isHighSurrogate())
            --end;
        const QList<uint> run = foldedRun(text.sliced(i, qMax<qsizetype>(1, end - i))).toUcs4();
        for (const char32_t c : run)
            words.other(c);
        i = qMax(end, i + 1);
    }
    return words.finish(openEnd);
}

} // namespace

bool isUnspaced(char32_t c)
{
    switch (QChar::script(c)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Bopomofo:
    case QChar::Script_Yi:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return true;
    default:
        return c == 0x30fc || c == 0x3099 || c == 0x309a; // the long vowel and voicing marks belong to both kana
    }
}

QString foldForSearch(QStringView text, bool openEnd)
{
    return fold(text, true, openEnd);
}

QString foldForSorting(QStringView text)
{
    return fold(text, false, false);
}

QStringView withoutReplyPrefixes(QStringView subject)
{
    static constexpr std::array<QStringView, 18> prefixes{u"re", u"fwd", u"fw", u"aw", u"wg", u"sv", u"vs", u"antw",
        u"tr", u"rif", u"enc", u"res", u"odp", u"pd", u"ynt", u"回复", u"答复", u"转发"};
    while (true) {
        subject = subject.trimmed();
        const qsizetype colon = subject.left(20).indexOf(u':');
        const qsizetype wide = subject.left(20).indexOf(u'\xff1a');
        const qsizetype end = colon < 0 ? wide : (wide < 0 ? colon : qMin(colon, wide));
        if (end < 1)
            return subject;
        QStringView word = subject.first(end).trimmed();
        // Re[2]: and Re(2): and Re^2:
        const qsizetype bracket = word.indexOf(u'[') > 0 ? word.indexOf(u'[')
            : word.indexOf(u'(') > 0                     ? word.indexOf(u'(')
                                                         : word.indexOf(u'^');
        if (bracket > 0)
            word = word.first(bracket).trimmed();
        bool known = false;
        for (const QStringView prefix : prefixes)
            known = known || word.compare(prefix, Qt::CaseInsensitive) == 0;
        if (!known)
            return subject;
        subject = subject.sliced(end + 1);
    }
}

} // namespace satchel::store
