// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/attachments.h"
#include "mime/bodychoice.h"
#include "mime/bodytext.h"
#include "mime/bodywriter.h"
#include "mime/date.h"
#include "mime/enclosedheader.h"
#include "mime/encodedword.h"
#include "mime/envelope.h"
#include "mime/htmlinput.h"
#include "mime/htmltext.h"
#include "mime/limits.h"
#include "mime/message.h"

namespace satchel::mime {

namespace {

constexpr qsizetype previewLength = 200;
constexpr qsizetype previewSource = 16 * 1024; // characters that are looked at for it
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
        QString text;
        if (piece.plain >= 0)
            text = textOf(piece.forms.at(piece.plain));
        for (qsizetype i = 0; i < piece.forms.size(); ++i) {
            if (i != piece.plain && text.trimmed().isEmpty())
                text = textOf(piece.forms.at(i));
        }
        for (qsizetype i = 0; i < piece.forms.size() && text.trimmed().isEmpty(); ++i)
            text = textOf(piece.forms.at(i), true);
        if (piece.repeats && repeats(text, m_text))
            return;
        if (!m_text.isEmpty())
            m_text += u'\n';
        m_text += text;
        m_text.truncate(limits::searchText);
        const bool header = piece.forms.size() == 1 && piece.forms.first().size() == 1
            && m_structure.entities[static_cast<size_t>(piece.forms.first().first())].isMessage();
        if (!header && m_beginning.size() < previewSource)
            m_beginning += text.left(previewSource) + u'\n';
    }

    [[nodiscard]] const QString &text() const { return m_text; }
    /// Without the headers of enclosed messages.
    [[nodiscard]] const QString &beginning() const { return m_beginning; }

private:
    QString textOf(const QList<int> &form, bool loosened = false) const
    {
        QStringList texts;
        qsizetype left = limits::searchText - m_text.size();
        for (const int part : form) {
            if (left <= 0)
                break;
            const Entity &entity = m_structure.entities[static_cast<size_t>(part)];
            QString text;
            if (entity.isMessage())
                text = enclosedHeader(m_structure, part, {}).words;
            else if (isHtml(entity))
                text = readHtml(htmlSource(m_structure, part, {}, limits::searchHtml), left, loosened);
            else
                text = visibleText(m_structure, part, {}, left);
            left -= text.size();
            texts.append(text);
        }
        return texts.join(u'\n');
    }

    static QString readHtml(const QString &source, qsizetype limit, bool loosened)
    {
        const QString html = loosened ? loosenedHtml(source) : source;
        if (html.size() > limits::searchTree)
            return strippedHtml(html, limit);
        const HtmlTree tree(html);
        return tree.isValid() ? htmlText(tree, hiddenBySheets(styleSheets(tree)), limit) : strippedHtml(html, limit);
    }

    const Structure &m_structure;
    QString m_text;
    QString m_beginning;
};

// Two or three lines of it: enough for a list.
QString previewOf(const QString &text)
{
    QString preview;
    bool blank = true;
    // Newsletters put hundreds of signs that draw nothing in front of their text.
    const QString visible = withoutFormatCharacters(QStringView(text).left(previewSource));
    for (const QChar c : visible) {
        if (preview.size() >= previewLength)
            break;
        if (c.category() == QChar::Other_Control || c.isSpace()) {
            if (!blank) {
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
    envelope.date = credibleDate(fields.date, header).toUTC();
    envelope.received = topReceived(header).toUTC();
    envelope.messageId = fields.messageId;
    envelope.references = fields.references;

    indexed.delivered = !fields.deliveredTo.isEmpty();

    const BodyChoice choice = chooseBody(structure);
    SearchBody body(structure);
    for (const BodyPiece &piece : choice.pieces)
        body.add(piece);
    envelope.preview = previewOf(body.beginning());

    QStringList names;
    const QSet<int> attachments = attachmentsOf(structure, choice.attachments, shownOnPage(structure, choice));
    for (const int part : attachments) {
        ++envelope.attachments;
        if (const QString name = attachmentNameOf(structure, part); !name.isEmpty())
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
