// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/message.h"

#include "base/error.h"
#include "mime/bodychoice.h"
#include "mime/bodytext.h"
#include "mime/encodedword.h"
#include "mime/envelope.h"
#include "mime/filename.h"
#include "mime/html.h"
#include "mime/limits.h"
#include "mime/transferdecoder.h"

#include <QCoreApplication>
#include <QSet>

namespace satchel::mime {

namespace {

constexpr qsizetype headerTextLimit = 20000;

QList<Header> readHeaders(const HeaderBlock &block, const QByteArray &charset)
{
    QList<Header> headers;
    headers.reserve(block.fields().size());
    for (const RawField &field : block.fields()) {
        headers.append(
            {field.name.toByteArray(), sanitised(decodeWords(guarded(field.value), charset), headerTextLimit)});
    }
    return headers;
}

QString domainOf(const Mailbox &mailbox)
{
    return mailbox.address.section(u'@', -1).toLower();
}

bool holdsOtherAddress(const Mailbox &mailbox)
{
    return mailbox.name.contains(u'@') && !mailbox.name.contains(mailbox.address, Qt::CaseInsensitive);
}

bool repliesElsewhere(const Message &message)
{
    if (message.from.isEmpty())
        return false;
    for (const Mailbox &mailbox : message.replyTo) {
        if (!mailbox.address.isEmpty() && domainOf(mailbox) != domainOf(message.from.first()))
            return true;
    }
    return false;
}

bool isProgram(const QByteArray &mimeType)
{
    return mimeType == "application/x-msdownload" || mimeType == "application/x-msdos-program"
        || mimeType == "application/x-dosexec" || mimeType == "application/x-executable"
        || mimeType == "application/x-sh" || mimeType == "application/hta" || mimeType == "text/html"
        || mimeType == "application/x-ms-shortcut" || mimeType == "application/java-archive";
}

QString fallbackName(const Entity &entity)
{
    if (entity.isMessage())
        return QCoreApplication::translate("satchel::mime", "Message.eml");
    return {};
}

QList<Part> readParts(const Structure &structure, const QSet<int> &attachments)
{
    QList<Part> parts;
    parts.reserve(static_cast<qsizetype>(structure.entities.size()));
    for (size_t i = 0; i < structure.entities.size(); ++i) {
        const Entity &entity = structure.entities[i];
        Part part;
        part.index = static_cast<int>(i);
        part.parent = entity.parent;
        part.mimeType = entity.mimeType;
        part.charset = entity.type.bytes("charset").toLower();
        part.fileName = safeFileName(partName(structure, part.index), fallbackName(entity));
        part.contentId = entity.contentId;
        const QByteArrayView body = structure.body(part.index);
        part.size = entity.carried || entity.isMultipart() ? body.size() : estimatedSize(entity.encoding, body);
        part.attachment = attachments.contains(part.index);
        part.executable = isExecutableName(part.fileName) || (part.attachment && isProgram(part.mimeType));
        parts.append(part);
    }
    return parts;
}

QHash<QByteArray, int> contentIdsOf(const Structure &structure)
{
    QHash<QByteArray, int> ids;
    for (size_t i = 0; i < structure.entities.size(); ++i) {
        const Entity &entity = structure.entities[i];
        if (entity.isMultipart() || entity.isMessage())
            continue;
        for (const QByteArray &id : {entity.contentId, entity.contentLocation}) {
            if (!id.isEmpty() && !ids.contains(id))
                ids.insert(id, static_cast<int>(i));
        }
    }
    return ids;
}

QString asHtml(const QString &text)
{
    return QStringLiteral("<div style=\"white-space: pre-wrap\">") + text.toHtmlEscaped() + QStringLiteral("</div>");
}

/// Puts the pieces of the body together, as text and, when one of them is HTML, as HTML.
class BodyWriter
{
public:
    BodyWriter(const Structure &structure, const BodyChoice &choice, const ParseOptions &options)
        : m_structure(structure)
        , m_choice(choice)
        , m_options(options)
    {
        m_sanitise.contentIds = contentIdsOf(structure);
        m_sanitise.contentIds.insert(options.fetchedImages);
        m_sanitise.cidPrefix = options.cidPrefix;
        m_sanitise.simpleHtml = options.simpleHtml;
        m_sanitise.fragment = choice.pieces.size() > 1;
    }

    QSet<int> write(Message &message)
    {
        QStringList texts;
        QStringList htmls;
        bool anyHtml = false;
        QSet<int> used;
        for (const BodyPiece &piece : m_choice.pieces) {
            QString text;
            QString html;
            if (piece.text >= 0)
                text = plainText(m_structure, piece.text, m_options.charset, limits::shownText);
            if (piece.html >= 0) {
                const SanitisedHtml clean =
                    sanitise(htmlSource(m_structure, piece.html, m_options.charset, noLimit), m_sanitise);
                html = clean.html;
                if (text.trimmed().isEmpty())
                    text = clean.text;
                message.blockedRemote += clean.blockedRemote;
                message.remoteImages += clean.remoteImages;
                if (clean.overLimit && !message.warnings.contains(Warning::HtmlOverLimit))
                    message.warnings.append(Warning::HtmlOverLimit);
                used.unite(QSet<int>(clean.usedParts.cbegin(), clean.usedParts.cend()));
                anyHtml = anyHtml || !html.isEmpty();
            }
            while (text.endsWith(u'\n'))
                text.chop(1);
            if (!text.isEmpty())
                texts.append(text);
            if (html.isEmpty() && !text.isEmpty())
                html = asHtml(text);
            if (!html.isEmpty())
                htmls.append(html);
        }
        message.remoteImages.removeDuplicates();
        message.text = texts.join(QStringLiteral("\n\n"));
        if (anyHtml)
            message.html = htmls.join(QStringLiteral("<hr>"));
        return used;
    }

private:
    const Structure &m_structure;
    const BodyChoice &m_choice;
    const ParseOptions &m_options;
    SanitiseOptions m_sanitise;
};

} // namespace

QList<Part> Message::attachments() const
{
    QList<Part> list;
    for (const Part &part : parts) {
        if (part.attachment)
            list.append(part);
    }
    return list;
}

Message parse(const QByteArray &raw, const ParseOptions &options)
{
    const Structure structure = scan(raw);
    const HeaderBlock header(structure.header(0));
    QByteArray charset = bodyCharset(structure);
    if (charset.isEmpty())
        charset = options.charset;

    Message message;
    const Correspondence fields = readCorrespondence(header, charset);
    message.from = fields.from;
    message.to = fields.to;
    message.cc = fields.cc;
    message.bcc = fields.bcc;
    message.replyTo = fields.replyTo;
    message.deliveredTo = fields.deliveredTo;
    message.subject = fields.subject;
    message.date = fields.date;
    message.messageId = fields.messageId;
    message.headers = readHeaders(header, charset);

    if (fields.severalSenders)
        message.warnings.append(Warning::SeveralSenders);
    for (const Mailbox &mailbox : message.from) {
        if (holdsOtherAddress(mailbox)) {
            message.warnings.append(Warning::SenderNameHoldsAddress);
            break;
        }
    }
    if (repliesElsewhere(message))
        message.warnings.append(Warning::ReplyToOtherDomain);
    if (structure.tooDeep)
        message.warnings.append(Warning::TooDeep);
    if (structure.headerless)
        message.warnings.append(Warning::Damaged);

    BodyChoice choice = chooseBody(structure);
    const QSet<int> used = BodyWriter(structure, choice, options).write(message);
    choice.attachments.subtract(used);
    message.parts = readParts(structure, choice.attachments);
    return message;
}

QByteArray partContent(const QByteArray &raw, int part)
{
    if (part < 0 || part >= limits::parts)
        return {};
    const Structure structure = scan(raw);
    if (static_cast<size_t>(part) >= structure.entities.size())
        return {};
    return structure.content(part);
}

} // namespace satchel::mime
