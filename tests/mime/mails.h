// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "mime/message.h"

#include <QByteArray>
#include <QFile>

namespace mails {

/// A message as it comes over the line, from lines as they are easy to write.
inline QByteArray crlf(QByteArray lines)
{
    lines.replace("\r\n", "\n");
    lines.replace("\n", "\r\n");
    return lines;
}

/// A message of one text part with these header fields.
inline QByteArray withHeader(const QByteArray &fields, const QByteArray &body = "Hello\n")
{
    return crlf("From: Ann <ann@example.org>\nSubject: Test\n" + fields + "\n" + body);
}

/// A part of a multipart with boundary \a boundary.
inline QByteArray part(const QByteArray &boundary, const QByteArray &header, const QByteArray &body)
{
    return "--" + boundary + "\n" + header + "\n" + body + "\n";
}

inline QByteArray file(const char *name)
{
    QFile mail(QStringLiteral(SATCHEL_SOURCE_DIR "/tests/mail/") + QString::fromLatin1(name));
    return mail.open(QIODevice::ReadOnly) ? mail.readAll() : QByteArray();
}

inline QStringList names(const QList<satchel::mime::Part> &parts)
{
    QStringList list;
    for (const satchel::mime::Part &part : parts)
        list.append(part.fileName);
    return list;
}

} // namespace mails
