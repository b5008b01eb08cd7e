// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"
#include "mime/partscanner.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace satchel::mime {

/// The fields of the root header as a person reads them.
struct Correspondence {
    QList<Mailbox> from; ///< Sender, when there is no From
    QList<Mailbox> to;
    QList<Mailbox> cc;
    QList<Mailbox> bcc;
    QList<Mailbox> replyTo;
    QStringList deliveredTo; ///< addresses that the last server wrote down, that of the envelope first
    QString subject;
    QDateTime date; ///< with the sender's offset
    QByteArray messageId;
    QList<QByteArray> references; ///< oldest first, In-Reply-To last
    bool severalSenders = false;
};

/// \a bodyCharset: what raw 8-bit text in the header is taken for when it is not UTF-8.
[[nodiscard]] Correspondence readCorrespondence(const HeaderBlock &header, const QByteArray &bodyCharset);

/// The charset that the first text part declares.
[[nodiscard]] QByteArray bodyCharset(const Structure &structure);

/// The name that a part gives itself, with the ending of its type where it has none; empty when it gives none.
[[nodiscard]] QString partName(const Structure &structure, int index);

} // namespace satchel::mime
