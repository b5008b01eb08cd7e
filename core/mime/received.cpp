// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/received.h"

#include "mime/date.h"
#include "mime/headerguard.h"
#include "mime/limits.h"

namespace satchel::mime {

QDateTime receivedAt(QByteArrayView message)
{
    QByteArrayView header = message.first(qMin(message.size(), limits::headerBlock));
    for (const QByteArrayView end : {QByteArrayView("\r\n\r\n"), QByteArrayView("\n\n")}) {
        if (const qsizetype at = header.indexOf(end); at >= 0)
            header = header.first(at);
    }
    const QByteArray received = HeaderBlock(header).first("received");
    const qsizetype semicolon = received.lastIndexOf(';');
    return semicolon < 0 ? QDateTime() : readDate(QByteArrayView(received).sliced(semicolon + 1)).toUTC();
}

} // namespace satchel::mime
