// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/bodywriter.h"

#include "mime/attachments.h"
#include "mime/bodytext.h"
#include "mime/enclosedheader.h"
#include "mime/htmlinput.h"
#include "mime/htmltext.h"
#include "mime/limits.h"
#include "mime/transferdecoder.h"

#include <QRegularExpression>
#include <QtEndian>

#include <utility>

namespace satchel::mime {

namespace {

using namespace Qt::StringLiterals;

// By the measures in GIF and PNG, which are what such pictures are made in.
bool isDot(QByteArrayView picture)
{
    const auto tiny = [](quint32 width, quint32 height) { return width <= 2 || height <= 2; };
    if (picture.startsWith("GIF8") && picture.size() >= 10)
        return tiny(qFromLittleEndian<quint16>(picture.data() + 6), qFromLittleEndian<quint16>(picture.data() + 8));
    if (picture.startsWith("\x89PNG") && picture.size() >= 24)
        return tiny(qFromBigEndian<quint32>(picture.data() + 16), qFromBigEndian<quint32>(picture.data() + 20));
    return false;
}

QSet<int> dotsOf(const Structure &structure)
{
    constexpr qsizetype largestDot = 1000;
    QSet<int> dots;
    for (size_t i = 0; i < structure.entities.size(); ++i) {
        const int index = static_cast<int>(i);
        if (structure.entities[i].mimeType.startsWith("image/") && structure.body(index).size() <= largestDot
            && isDot(structure.content(index)))
            dots.insert(index);
    }
    return dots;
}

QString asHtml(const QString &text)
{
    return u"<div style=\"white-space: pre-wrap\">"_s + text.toHtmlEscaped() + u"</div>"_s;
}

QString lettersOf(const QString &text)
{
    constexpr qsizetype compared = 64 * 1024;
    QString letters;
    for (const QChar c : QStringView(text).left(compared * 2)) {
        if (c.isLetterOrNumber())
            letters += c.toCaseFolded();
    }
    return letters.left(compared);
}

// One form of a text says where its links lead, and another does not: "the page <http://www.example>".
QString withoutTargets(QString text)
{
    static const QRegularExpression target(u"[<(]\\s{0,2}(?:https?|ftp|mailto):[^<>()\\s]{0,2000}\\s{0,2}[>)]"_s,
        QRegularExpression::CaseInsensitiveOption);
    return text.remove(target);
}

void chopLineEnds(QString &text)
{
    while (text.endsWith(u'\n'))
        text.chop(1);
}

} // namespace

bool repeats(const QString &text, const QString &before)
{
    const QString letters = lettersOf(withoutTargets(text));
    return letters.isEmpty() || lettersOf(withoutTargets(before)).contains(letters);
}

BodyWriter::BodyWriter(const Structure &structure, const BodyChoice &choice, const ParseOptions &options)
    : m_structure(structure)
    , m_choice(choice)
    , m_options(options)
{
    m_sanitise.contentIds = options.fetchedImages;
    m_sanitise.contentIds.insert(contentIdsOf(structure));
    m_sanitise.dots = dotsOf(structure);
    m_sanitise.cidPrefix = options.cidPrefix;
    m_sanitise.simpleHtml = options.simpleHtml;
    m_sanitise.fragment = choice.pieces.size() > 1;
    for (const BodyPiece &piece : choice.pieces) {
        for (const QList<int> &form : piece.forms)
            m_sanitise.fragment = m_sanitise.fragment || form.size() > 1;
    }
}

QSet<int> BodyWriter::write(Message &message)
{
    for (const BodyPiece &piece : m_choice.pieces) {
        if (m_text.size() >= limits::shownText)
            break;
        add(piece, message);
    }
    if (!m_anyVisible)
        showPictures();
    message.remoteImages.removeDuplicates();
    message.text = m_text;
    if (m_anyHtml)
        message.html = m_html;
    return m_used;
}

void BodyWriter::add(const BodyPiece &piece, Message &message)
{
    Written shown;
    int number = 0;
    for (int i = 0; i < piece.forms.size() && !shown.visible; ++i) {
        Written written = writeForm(piece.forms.at(i), message);
        if (i == 0 || written.visible) {
            shown = std::move(written);
            number = i;
        }
    }
    if (!shown.visible)
        loosen(piece, shown, number);
    QString text = plainForm(piece, number);
    if (text.trimmed().isEmpty())
        text = shown.texts.join(u"\n\n"_s);
    chopLineEnds(text);
    if (piece.repeats && repeats(text, m_text))
        return;

    const bool header = piece.forms.size() == 1 && piece.forms.first().size() == 1
        && m_structure.entities[static_cast<size_t>(piece.forms.first().first())].isMessage();
    if (!text.isEmpty()) {
        if (!m_text.isEmpty())
            m_text += header ? u"\n\n"_s + QString(40, u'-') + u'\n' : u"\n\n"_s;
        m_text += text;
    }
    QString html = shown.htmls.join(u"<hr>"_s);
    if (html.isEmpty() && !text.isEmpty())
        html = asHtml(text);
    if (!html.isEmpty()) {
        if (!m_html.isEmpty() && !m_afterHeader)
            m_html += u"<hr>"_s;
        m_html += html;
        m_afterHeader = header;
    }
    m_anyHtml = m_anyHtml || shown.anyHtml;
    m_anyVisible = m_anyVisible || shown.visible;
    m_used.unite(shown.used);
}

/// Photographs and scans that came without a word. They stay attachments, to be saved.
void BodyWriter::showPictures()
{
    constexpr int most = 50;
    QList<int> pictures;
    for (size_t i = 0; i < m_structure.entities.size() && pictures.size() < most; ++i) {
        const int index = static_cast<int>(i);
        if (m_structure.entities[i].mimeType.startsWith("image/") && m_choice.attachments.contains(index)
            && !m_used.contains(index) && !m_sanitise.dots.contains(index) && !m_structure.body(index).isEmpty())
            pictures.append(index);
    }
    for (const int picture : std::as_const(pictures))
        m_html += u"<p><img src=\"satchel-cid:%1/%2\"></p>"_s.arg(m_options.cidPrefix).arg(picture);
    m_anyHtml = m_anyHtml || !pictures.isEmpty();
}

/// What was blocked has been counted: the same is found again.
void BodyWriter::loosen(const BodyPiece &piece, Written &shown, int &number)
{
    m_loosened = true;
    for (int i = 0; i < piece.forms.size() && !shown.visible; ++i) {
        Message again;
        Written written = writeForm(piece.forms.at(i), again);
        if (written.visible) {
            shown = std::move(written);
            number = i;
        }
    }
    m_loosened = false;
}

BodyWriter::Written BodyWriter::writeForm(const QList<int> &form, Message &message)
{
    Written written;
    for (const int part : form)
        writePart(part, written, message);
    return written;
}

void BodyWriter::writePart(int part, Written &written, Message &message)
{
    const Entity &entity = m_structure.entities[static_cast<size_t>(part)];
    QString text;
    QString html;
    if (entity.isMessage()) {
        EnclosedHeader header = enclosedHeader(m_structure, part, m_options.charset);
        text = header.text;
        html = header.html;
        written.visible = written.visible || !text.isEmpty();
    } else if (isHtml(entity)) {
        const QString source = htmlSource(m_structure, part, m_options.charset, noLimit);
        const QString loose = m_loosened ? loosenedHtml(source) : source;
        if (m_loosened && loose == source)
            return;
        const SanitisedHtml clean = sanitise(loose, m_sanitise);
        html = clean.html;
        text = clean.text;
        message.blockedRemote += clean.blockedRemote;
        message.remoteImages += clean.remoteImages;
        if (clean.overLimit && !message.warnings.contains(Warning::HtmlOverLimit))
            message.warnings.append(Warning::HtmlOverLimit);
        written.used.unite(QSet<int>(clean.usedParts.cbegin(), clean.usedParts.cend()));
        written.anyHtml = written.anyHtml || !html.isEmpty();
        written.visible = written.visible || clean.visible;
    } else {
        text = visibleText(m_structure, part, m_options.charset, limits::shownText);
        written.visible = written.visible || hasWords(text);
    }
    chopLineEnds(text);
    if (!text.isEmpty())
        written.texts.append(text);
    if (html.isEmpty() && !text.isEmpty())
        html = asHtml(text);
    if (!html.isEmpty())
        written.htmls.append(html);
}

QString BodyWriter::plainForm(const BodyPiece &piece, int shown) const
{
    if (piece.plain < 0 || piece.plain == shown)
        return {};
    QStringList texts;
    for (const int part : piece.forms.at(piece.plain)) {
        const bool message = m_structure.entities[static_cast<size_t>(part)].isMessage();
        QString text = message ? enclosedHeader(m_structure, part, m_options.charset).text
                               : visibleText(m_structure, part, m_options.charset, limits::shownText);
        chopLineEnds(text);
        if (!text.isEmpty())
            texts.append(text);
    }
    return texts.join(u"\n\n"_s);
}

} // namespace satchel::mime
