// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/message.h"

#include "mime/address.h"
#include "mime/attachments.h"
#include "mime/bodychoice.h"
#include "mime/bodywriter.h"
#include "mime/encodedword.h"
#include "mime/envelope.h"
#include "mime/filename.h"
#include "mime/limits.h"
#include "mime/transferdecoder.h"

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
            {field.name.toByteArray(), presentable(decodeWords(guarded(field.value), charset), headerTextLimit)});
    }
    return headers;
}

// How the letters of a sender are read may have been chosen, and cannot decide whose choice is looked up.
QString senderKeyOf(const HeaderBlock &header)
{
    for (const char *name : {"from", "sender"}) {
        const QList<Mailbox> mailboxes = readAddresses(header.first(name), {}, 1);
        if (!mailboxes.isEmpty() && !mailboxes.first().address.isEmpty())
            return mailboxes.first().address;
    }
    return {};
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
        part.fileName = attachmentNameOf(structure, part.index);
        part.contentId = entity.contentId;
        const QByteArrayView body = structure.body(part.index);
        part.size = entity.carried || entity.isMultipart() ? body.size() : estimatedSize(entity.encoding, body);
        part.attachment = attachments.contains(part.index);
        part.executable = isExecutableName(part.fileName) || (part.attachment && isProgram(part.mimeType));
        parts.append(part);
    }
    return parts;
}

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
    message.senderKey = senderKeyOf(header);
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

    const BodyChoice choice = chooseBody(structure);
    if (choice.encrypted)
        message.warnings.append(Warning::Encrypted);
    if (choice.signedInside)
        message.warnings.append(Warning::SignedNotChecked);
    const QSet<int> shown = BodyWriter(structure, choice, options).write(message);
    message.parts = readParts(structure, attachmentsOf(structure, choice.attachments, shown));
    for (const int part : shown) {
        if (part < message.parts.size() && !message.parts.at(part).attachment)
            message.parts[part].inHtml = true;
    }
    if (message.text.size() > limits::searchText)
        message.warnings.append(Warning::SearchedInPart);
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
