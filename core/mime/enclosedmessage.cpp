// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/enclosedmessage.h"

#include "mime/encodedword.h"

#include <QCryptographicHash>

#include <algorithm>

namespace satchel::mime {

namespace {

// Encoded words of a length that every reader takes.
QByteArray encoded(const QString &text)
{
    const QString line = presentable(text).simplified();
    if (std::ranges::all_of(line, [](QChar c) { return c.unicode() >= 0x20 && c.unicode() < 0x7f; })
        && !line.contains(QStringLiteral("=?")) && line.size() < 200)
        return line.toLatin1();
    QByteArray words;
    for (qsizetype at = 0; at < line.size();) {
        qsizetype size = qMin<qsizetype>(14, line.size() - at);
        if (line[at + size - 1].isHighSurrogate() && at + size < line.size())
            ++size;
        words += (at > 0 ? "\r\n " : "") + QByteArray("=?utf-8?B?") + line.sliced(at, size).toUtf8().toBase64() + "?=";
        at += size;
    }
    return words;
}

QByteArray wrapped(const QByteArray &content)
{
    constexpr qsizetype width = 76;
    const QByteArray letters = content.toBase64();
    QByteArray lines;
    lines.reserve(letters.size() + letters.size() / width * 2 + 2);
    for (qsizetype at = 0; at < letters.size(); at += width)
        lines += QByteArrayView(letters).sliced(at, qMin(width, letters.size() - at)).toByteArray() + "\r\n";
    return lines;
}

QByteArray field(const char *name, const QByteArray &value)
{
    return value.isEmpty() ? QByteArray() : name + QByteArray(": ") + value + "\r\n";
}

QByteArray safeType(const QByteArray &type)
{
    const bool plain = type.contains('/') && type.size() < 100
        && std::ranges::all_of(
            type,
            [](char c) {
                return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || QByteArrayView("/+-._").contains(c);
            });
    return plain && !type.startsWith("multipart/") ? type : QByteArray("application/octet-stream");
}

QByteArray sender(const EnclosedMessage &message)
{
    const QString address = presentable(message.senderAddress).remove(u' ').remove(u'<').remove(u'>');
    QString name = presentable(message.senderName);
    name.remove(u'"').remove(u'\\');
    const QByteArray words = encoded(name);
    const QByteArray phrase = words.startsWith("=?") || words.isEmpty() ? words : '"' + words + '"';
    if (address.isEmpty())
        return phrase;
    return phrase.isEmpty() ? address.toUtf8() : phrase + " <" + address.toUtf8() + '>';
}

} // namespace

QByteArray asMessage(const EnclosedMessage &message)
{
    const TnefContent &content = message.content;
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(content.html);
    for (const TnefFile &file : content.files)
        hash.addData(file.content);
    // No content can hold it: it would have to know its own hash.
    const QByteArray boundary = "enclosed-" + hash.result().toHex().first(32);

    QByteArray text = field("From", sender(message)) + field("To", encoded(message.recipients))
        + field("Subject", encoded(message.subject));
    if (message.date.isValid())
        text += field("Date", message.date.toString(Qt::RFC2822Date).toLatin1());
    text += "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
    const bool html = !content.html.isEmpty();
    if (html || !content.text.isEmpty()) {
        text += "--" + boundary + "\r\nContent-Type: " + (html ? "text/html" : "text/plain")
            + "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + wrapped(html ? content.html : content.text.toUtf8());
    }
    for (const TnefFile &file : content.files) {
        const bool mail = file.mimeType == "message/rfc822";
        text += "--" + boundary + "\r\n" + field("Content-Type", safeType(file.mimeType))
            + "Content-Disposition: " + (mail ? "inline" : "attachment") + "; filename*=utf-8''"
            + file.name.toUtf8().toPercentEncoding() + "\r\n";
        const QByteArray id = file.contentId;
        if (!id.isEmpty() && !id.contains('\n') && !id.contains('\r'))
            text += "Content-ID: <" + id + ">\r\n";
        // Encoded again at every depth, messages within messages would grow and grow.
        text += mail ? "Content-Transfer-Encoding: 8bit\r\n\r\n" + file.content + "\r\n"
                     : "Content-Transfer-Encoding: base64\r\n\r\n" + wrapped(file.content);
    }
    return text + "--" + boundary + "--\r\n";
}

} // namespace satchel::mime
