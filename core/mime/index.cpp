// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/bodychoice.h"
#include "mime/bodytext.h"
#include "mime/encodedword.h"
#include "mime/envelope.h"
#include "mime/filename.h"
#include "mime/htmlinput.h"
#include "mime/htmltext.h"
#include "mime/limits.h"
#include "mime/message.h"

#include <algorithm>

namespace satchel::mime {

namespace {

constexpr qsizetype previewLength = 200;
// One line can hold the addresses of a whole company; more are not looked for.
constexpr qsizetype recipientLimit = 500;

QString named(const QList<Mailbox> &mailboxes)
{
    QStringList words;
    for (const Mailbox &mailbox : mailboxes.first(qMin(mailboxes.size(), recipientLimit))) {
        if (!mailbox.name.isEmpty())
            words.append(mailbox.name);
        if (!mailbox.address.isEmpty())
            words.append(mailbox.address);
    }
    return words.join(u' ');
}

/// The text of the pieces, up to what can be searched, and the HTML that decides which pictures are inline.
class SearchBody
{
public:
    explicit SearchBody(const Structure &structure)
        : m_structure(structure)
    {
    }

    void add(const BodyPiece &piece)
    {
        const qsizetype left = limits::searchText - m_text.size();
        QString text;
        if (piece.text >= 0 && left > 0)
            text = plainText(m_structure, piece.text, {}, left);
        if (piece.html >= 0) {
            const QString html = htmlSource(m_structure, piece.html, {}, limits::searchHtml);
            if (text.trimmed().isEmpty() && left > 0)
                text = readHtml(html, left);
            noteContentIds(html);
            m_htmls.append(html);
        }
        if (!m_text.isEmpty())
            m_text += u'\n';
        m_text += text;
        m_text.truncate(limits::searchText);
    }

    [[nodiscard]] const QString &text() const { return m_text; }
    [[nodiscard]] bool shows(const Entity &part) const
    {
        if (!part.contentId.isEmpty() && m_contentIds.contains(part.contentId))
            return true;
        const QString location = QString::fromUtf8(part.contentLocation);
        return !location.isEmpty()
            && std::ranges::any_of(m_htmls, [&](const QString &html) { return html.contains(location); });
    }

private:
    static QString readHtml(const QString &html, qsizetype limit)
    {
        const HtmlTree tree(html);
        return tree.isValid() ? htmlText(tree, hiddenBySheets(styleSheets(tree)), limit) : strippedHtml(html, limit);
    }

    void noteContentIds(const QString &html)
    {
        qsizetype at = 0;
        while (
            (at = html.indexOf(QStringLiteral("cid:"), at, Qt::CaseInsensitive)) >= 0 && m_contentIds.size() < 1000) {
            at += 4;
            qsizetype end = at;
            while (end < html.size() && end - at < 1000 && !html[end].isSpace()
                && !QStringView(u"\"'<>)").contains(html[end]))
                ++end;
            m_contentIds.insert(QByteArray::fromPercentEncoding(html.sliced(at, end - at).toUtf8()));
            at = end;
        }
    }

    const Structure &m_structure;
    QString m_text;
    QStringList m_htmls;
    QSet<QByteArray> m_contentIds;
};

// Two or three lines of it: enough for a list.
QString previewOf(const QString &text)
{
    QString preview;
    bool blank = true;
    for (const QChar c : text) {
        if (preview.size() >= previewLength)
            break;
        if (c.category() == QChar::Other_Format || c.category() == QChar::Other_Control || c.isSpace()) {
            if (!blank && c.category() != QChar::Other_Format) {
                preview += u' ';
                blank = true;
            }
        } else {
            preview += c;
            blank = false;
        }
    }
    if (!preview.isEmpty() && preview.back().isHighSurrogate())
        preview.chop(1);
    return preview.trimmed();
}

} // namespace

Indexed index(const QByteArray &raw)
{
    const Structure structure = scan(raw);
    const HeaderBlock header(structure.header(0));
    const Correspondence fields = readCorrespondence(header, bodyCharset(structure));

    Indexed indexed;
    Envelope &envelope = indexed.envelope;
    envelope.from = fields.from.value(0);
    envelope.to = fields.to + fields.cc;
    envelope.subject = fields.subject;
    envelope.date = fields.date.toUTC();
    envelope.messageId = fields.messageId;
    envelope.references = fields.references;

    indexed.delivered = !fields.deliveredTo.isEmpty();

    const BodyChoice choice = chooseBody(structure);
    SearchBody body(structure);
    for (const BodyPiece &piece : choice.pieces)
        body.add(piece);
    envelope.preview = previewOf(body.text());

    QStringList names;
    for (const int part : choice.attachments) {
        if (body.shows(structure.entities[static_cast<size_t>(part)]))
            continue;
        ++envelope.attachments;
        if (const QString name = safeFileName(partName(structure, part), {}); !name.isEmpty())
            names.append(name);
    }
    names.sort();

    indexed.words.from = named(fields.from);
    indexed.words.recipients = named(fields.to + fields.cc + fields.bcc);
    for (const QString &address : fields.deliveredTo) {
        if (!indexed.words.recipients.contains(address, Qt::CaseInsensitive))
            indexed.words.recipients += u' ' + address;
    }
    indexed.words.subject = fields.subject;
    indexed.words.body = body.text();
    indexed.words.attachmentNames = names.join(u'\n');
    return indexed;
}

} // namespace satchel::mime
