// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/envelope.h"

#include "mime/address.h"
#include "mime/date.h"
#include "mime/encodedword.h"
#include "mime/filename.h"
#include "mime/limits.h"

#include <algorithm>

namespace satchel::mime {

namespace {

/// Reads the address fields of one message; all of them share one cap.
class AddressFields
{
public:
    AddressFields(const HeaderBlock &header, const QByteArray &charset)
        : m_header(header)
        , m_charset(charset)
    {
    }

    // All fields of the name: several are against the rules, but what they hold is shown.
    QList<Mailbox> read(QByteArrayView name)
    {
        QList<Mailbox> mailboxes;
        const QList<QByteArray> values = m_header.all(name);
        for (const QByteArray &value : values) {
            const QList<Mailbox> more = readAddresses(value, m_charset, m_left);
            m_left -= more.size();
            mailboxes += more;
        }
        return mailboxes;
    }

private:
    const HeaderBlock &m_header;
    QByteArray m_charset;
    qsizetype m_left = limits::addresses;
};

/// Of each of these fields only the topmost: those below were written by servers that the message passed before, or by
/// its sender. The address as it was written to comes before the mailbox that it led to.
QStringList readDelivery(const HeaderBlock &header)
{
    QStringList addresses;
    for (const char *const name : {"x-original-to", "envelope-to", "x-envelope-to", "delivered-to", "x-delivered-to"}) {
        const QList<Mailbox> mailboxes = readAddresses(header.first(name), {}, 2);
        // No server writes a name here, but list programs write "mailing list" and their address.
        if (mailboxes.size() != 1 || !mailboxes.first().name.isEmpty() || !mailboxes.first().address.contains(u'@'))
            continue;
        if (!addresses.contains(mailboxes.first().address, Qt::CaseInsensitive))
            addresses.append(mailboxes.first().address);
    }
    return addresses;
}

// A false alarm teaches people to ignore true ones: one address written twice, and names without one, are no senders.
bool holdsSeveralAddresses(const QList<Mailbox> &mailboxes)
{
    const Mailbox first = mailboxes.value(0);
    return std::ranges::any_of(mailboxes, [&](const Mailbox &other) {
        return other.address.contains(u'@') && other.address.compare(first.address, Qt::CaseInsensitive) != 0;
    });
}

} // namespace

Correspondence readCorrespondence(const HeaderBlock &header, const QByteArray &bodyCharset)
{
    Correspondence result;
    AddressFields addresses(header, bodyCharset);
    result.from = addresses.read("from");
    // Who can be answered comes first: a name alone is no sender.
    std::ranges::stable_partition(result.from, [](const Mailbox &mailbox) { return mailbox.address.contains(u'@'); });
    result.severalSenders = holdsSeveralAddresses(result.from);
    if (result.from.isEmpty())
        result.from = addresses.read("sender").mid(0, 1);
    result.replyTo = addresses.read("reply-to");
    result.to = addresses.read("to");
    result.cc = addresses.read("cc");
    result.bcc = addresses.read("bcc");
    result.deliveredTo = readDelivery(header);
    result.subject = presentable(decodeWords(header.first("subject"), bodyCharset));
    result.date = messageDate(header);
    const QByteArray id = header.first("message-id");
    result.messageId = readMessageIds(id).value(0);
    if (result.messageId.isEmpty() && id.size() <= 1000)
        result.messageId = id.simplified();
    result.references = readMessageIds(header.first("references"));
    const QList<QByteArray> parents = readMessageIds(header.first("in-reply-to"));
    if (!parents.isEmpty()) {
        result.references.removeAll(parents.first());
        result.references.append(parents.first());
    }
    return result;
}

QByteArray bodyCharset(const Structure &structure)
{
    for (const Entity &entity : structure.entities) {
        if (entity.mimeType.startsWith("text/")) {
            const QByteArray charset = entity.type.bytes("charset");
            if (!charset.isEmpty())
                return charset;
        }
    }
    return {};
}

QString partName(const Structure &structure, int index)
{
    const Entity &entity = structure.entities[static_cast<size_t>(index)];
    if (entity.carried)
        return namedByType(entity.carriedName, entity.mimeType);
    QString name = entity.disposition.text("filename").trimmed();
    if (name.isEmpty())
        name = entity.type.text("name").trimmed();
    if (name.isEmpty() && entity.isMessage() && !entity.children.isEmpty()) {
        const HeaderBlock inner(structure.header(entity.children.first()));
        name = presentable(decodeWords(inner.first("subject")));
        if (!name.isEmpty())
            name += QStringLiteral(".eml");
    }
    return namedByType(name, entity.mimeType);
}

} // namespace satchel::mime
