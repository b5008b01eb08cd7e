// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/tnef.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

namespace satchel::mime {

/// A message that stands in winmail.dat, where it has no form of its own.
struct EnclosedMessage {
    QString subject;
    QString senderName;
    QString senderAddress;
    QString recipients; ///< names, as Outlook shows them
    QDateTime date;
    TnefContent content;
};

/// Writes it as RFC 5322 has it, so that it can be shown, saved and opened like any other.
[[nodiscard]] QByteArray asMessage(const EnclosedMessage &message);

} // namespace satchel::mime
