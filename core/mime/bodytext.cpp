// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/bodytext.h"

#include "mime/bodychoice.h"
#include "mime/calendartext.h"
#include "mime/charset.h"
#include "mime/flowedtext.h"
#include "mime/limits.h"
#include "mime/uuencode.h"

namespace satchel::mime {

namespace {

QByteArray withoutFiles(const QByteArray &text)
{
    if (!text.contains("begin "))
        return text;
    QByteArray prose;
    qsizetype at = 0;
    const QList<UuencodedFile> files = uuencodedFiles(text);
    for (const UuencodedFile &file : files) {
        prose += QByteArrayView(text).sliced(at, file.begin - at);
        at = file.end;
    }
    prose += QByteArrayView(text).sliced(at);
    return prose;
}

// text/enriched and text/richtext (RFC 1896, RFC 1341): the commands go, "<<" is a "<", and what a command takes as its
// parameter is no text.
QString withoutCommands(const QString &text)
{
    constexpr qsizetype longest = 64;
    QString plain;
    plain.reserve(text.size());
    bool parameter = false;
    const QStringView view(text);
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] != u'<') {
            if (!parameter)
                plain += text[i];
        } else if (i + 1 < text.size() && text[i + 1] == u'<') {
            if (!parameter)
                plain += u'<';
            ++i;
        } else {
            const qsizetype end = view.sliced(i, qMin(longest, text.size() - i)).indexOf(u'>');
            const QStringView command = end > 0 ? view.sliced(i + 1, end - 1) : QStringView();
            if (end < 0) {
                plain += text[i];
                continue;
            }
            if (command.compare(u"param", Qt::CaseInsensitive) == 0)
                parameter = true;
            else if (command.compare(u"/param", Qt::CaseInsensitive) == 0)
                parameter = false;
            else if (command.compare(u"nl", Qt::CaseInsensitive) == 0)
                plain += u'\n';
            else if (command.compare(u"lt", Qt::CaseInsensitive) == 0)
                plain += u'<';
            i += end;
        }
    }
    return plain;
}

QString cleaned(const QString &text)
{
    QString clean;
    clean.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == u'\r') {
            // CR CR LF, as programs make it that translate line ends twice, is one break.
            qsizetype end = i + 1;
            while (end < text.size() && text[end] == u'\r')
                ++end;
            clean += u'\n';
            if (end < text.size() && text[end] == u'\n')
                i = end;
        } else if (c == u'\n' || c == u'\t' || c == u'\f') {
            clean += c == u'\f' ? QChar(u'\n') : c;
        } else if (c.category() != QChar::Other_Control) {
            clean += c;
        }
    }
    return clean;
}

CharsetClues cluesOf(const Entity &entity, const QByteArray &chosen)
{
    CharsetClues clues;
    clues.declared = entity.carried ? QByteArray("utf-8") : entity.type.bytes("charset");
    clues.chosen = chosen;
    return clues;
}

} // namespace

QString visibleText(const Structure &structure, int index, const QByteArray &chosenCharset, qsizetype limit)
{
    const Entity &entity = structure.entities[static_cast<size_t>(index)];
    if (!isCalendar(entity))
        return plainText(structure, index, chosenCharset, limit);
    const QString source = plainText(structure, index, chosenCharset, limits::calendar);
    const QString words = calendarInWords(source, entity.type.bytes("method"));
    return (words.isEmpty() ? source : words).left(limit);
}

QString plainText(const Structure &structure, int index, const QByteArray &chosenCharset, qsizetype limit)
{
    const Entity &entity = structure.entities[static_cast<size_t>(index)];
    QByteArray bytes = structure.content(index, limit);
    bytes.truncate(limit);
    if (!entity.children.isEmpty() && !entity.isMultipart())
        bytes = withoutFiles(bytes);
    QString text = cleaned(decodeText(bytes, cluesOf(entity, chosenCharset)));
    if (entity.mimeType == "text/enriched" || entity.mimeType == "text/richtext")
        text = withoutCommands(text);
    if (entity.type.bytes("format").compare("flowed", Qt::CaseInsensitive) == 0)
        text = joinFlowed(text, entity.type.bytes("delsp").compare("yes", Qt::CaseInsensitive) == 0);
    return text;
}

QString htmlSource(const Structure &structure, int index, const QByteArray &chosenCharset, qsizetype limit)
{
    const Entity &entity = structure.entities[static_cast<size_t>(index)];
    QByteArray bytes =
        entity.shownBuffer >= 0 ? structure.buffers.at(entity.shownBuffer) : structure.content(index, limit);
    bytes.truncate(limit);
    CharsetClues clues = cluesOf(entity, chosenCharset);
    clues.html = true;
    return decodeText(bytes, clues);
}

} // namespace satchel::mime
