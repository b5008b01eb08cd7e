// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/pseudotranslator.h"

#include <QByteArrayView>

using namespace Qt::StringLiterals;

namespace satchel::ui {

namespace {

constexpr int percentLonger = 40;

QChar accented(QChar letter)
{
    static constexpr QStringView plain = u"AEIOUYCDNSZaeiouycdnsz";
    static constexpr QStringView marked = u"ÅÉÎÖÛÝÇÐÑŠŽåéîöûýçðñšž";
    const qsizetype at = plain.indexOf(letter);
    return at < 0 ? letter : marked.at(at);
}

/// Where what begins at \a at ends and is no word: a place marker, a mnemonic with its letter, a tag, an entity.
qsizetype endOfMarker(QStringView text, qsizetype at)
{
    const QChar first = text.at(at);
    if (first == u'%') {
        qsizetype end = at + 1;
        if (end < text.size() && text.at(end) == u'L')
            ++end;
        while (end < text.size() && end < at + 4 && (text.at(end).isDigit() || text.at(end) == u'n'))
            ++end;
        return end;
    }
    if (first == u'&') {
        const qsizetype semicolon = text.indexOf(u';', at);
        if (semicolon > at + 1 && semicolon < at + 8 && !text.sliced(at, semicolon - at).contains(u' '))
            return semicolon + 1;
        return qMin(at + 2, text.size());
    }
    if (first == u'<') {
        const qsizetype end = text.indexOf(u'>', at);
        return end < 0 ? at : end + 1;
    }
    return at;
}

} // namespace

PseudoTranslator::PseudoTranslator(QObject *parent)
    : QTranslator(parent)
{
    (void)m_plurals.load(u":/i18n/satchel_en.qm"_s); // without it "message(s)" is shown as it is written
}

QString PseudoTranslator::translate(
    const char *context, const char *sourceText, const char *disambiguation, int n) const
{
    // Names of keys, and Qt's own question whether the language runs from right to left.
    const QByteArrayView where(context);
    if (where == "QShortcut" || where == "QKeySequence" || where == "QGuiApplication")
        return {};
    QString text;
    if (n >= 0)
        text = m_plurals.translate(context, sourceText, disambiguation, n);
    return lengthened(text.isEmpty() ? QString::fromUtf8(sourceText) : text);
}

QString PseudoTranslator::lengthened(const QString &text)
{
    QString words;
    qsizetype letters = 0;
    for (qsizetype i = 0; i < text.size();) {
        const qsizetype end = endOfMarker(text, i);
        if (end > i) {
            words += QStringView(text).sliced(i, end - i);
            i = end;
        } else {
            letters += text.at(i).isLetter() ? 1 : 0;
            words += accented(text.at(i));
            ++i;
        }
    }
    if (letters == 0)
        return text;
    static constexpr QStringView filling = u" löñg wörd ýét möré";
    QString more;
    for (qsizetype i = 0; more.size() * 100 < text.size() * percentLonger; ++i)
        more += filling.at(i % filling.size());
    return u'[' + words + more.trimmed().prepend(text.contains(u' ') ? u" "_s : QString()) + u']';
}

} // namespace satchel::ui
