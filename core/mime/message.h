// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QList>
#include <QMetaType>
#include <QString>
#include <QStringList>

namespace satchel::mime {

/// A part of a message as a person sees it: something to show or to save.
struct Part {
    int index = 0; ///< in document order, the root is 0; names the part in partContent()
    int parent = -1;
    QByteArray mimeType; ///< lower case, "text/plain"
    QByteArray charset;
    QString fileName; ///< safe to save under (mime.md); empty when the part has none
    QByteArray contentId; ///< without angle brackets
    qint64 size = 0; ///< decoded bytes, estimated
    bool attachment = false; ///< to be listed as one
    bool inHtml = false; ///< a picture in the text: listed only where it cannot be drawn there
    bool executable = false; ///< opening it may run a program: ask first
};

/// Something that the person must be told before trusting a message.
enum class Warning {
    SeveralSenders, ///< more than one From field or mailbox
    SenderNameHoldsAddress, ///< the name shown looks like another address
    ReplyToOtherDomain,
    HtmlOverLimit, ///< shown as text
    TooDeep, ///< nested parts beyond the limit are attachments
    SearchedInPart, ///< longer than what is searched
    Encrypted, ///< something in it cannot be read here
    SignedNotChecked, ///< S/MIME; nobody has looked whether the signature is right
    Damaged, ///< the structure could not be read; the source is shown
};

struct Header {
    QByteArray name;
    QString value; ///< decoded, safe to show
};

/// A message for the screen: plain values only. Made off the GUI thread.
struct Message {
    QList<Mailbox> from;
    QList<Mailbox> to;
    QList<Mailbox> cc;
    QList<Mailbox> bcc;
    QList<Mailbox> replyTo;
    QString senderKey; ///< the sender's address, read without the charset of the message: what is kept for a sender
                       ///< goes by it
    QStringList deliveredTo; ///< addresses that the last server wrote down, the best first (see addressedAs())
    QString subject;
    QDateTime date; ///< with the sender's offset; invalid when it could not be read
    QByteArray messageId;
    QList<Header> headers; ///< all, in order
    QString text; ///< plain text, always there: of the text part, or made from the HTML
    QString html; ///< sanitised: refers to nothing outside the message; empty when there is none
    QList<Part> parts;
    QList<Warning> warnings;
    int blockedRemote = 0; ///< how many things the HTML wanted from the network
    QStringList remoteImages; ///< the addresses of the pictures among them, to be fetched on the person's word

    [[nodiscard]] QList<Part> attachments() const;
};

struct ParseOptions {
    QByteArray charset; ///< the person's choice where a message is wrong or silent
    QString cidPrefix; ///< inline pictures become `satchel-cid:PREFIX/INDEX`; unique per message (html.md)
    bool simpleHtml = true; ///< limits of the simple view
    /// Pictures that were fetched and stored beside the message: address to number, shown as
    /// `satchel-cid:PREFIX/NUMBER`. The numbers stand behind those of the parts.
    QHash<QByteArray, int> fetchedImages;
};

/// Reads a whole message. Never fails: what cannot be understood is shown as text.
[[nodiscard]] Message parse(const QByteArray &raw, const ParseOptions &options = {});

/// The decoded bytes of one part; empty for an index that does not exist.
[[nodiscard]] QByteArray partContent(const QByteArray &raw, int part);

/// The list row and the search words of a message, without making HTML to show: the fast way for storing.
struct Indexed {
    Envelope envelope;
    SearchText words;
    bool delivered = false; ///< a server wrote down to whom it delivered the message: it was sent by somebody
};
[[nodiscard]] Indexed index(const QByteArray &raw);

} // namespace satchel::mime

Q_DECLARE_METATYPE(satchel::mime::Message)
