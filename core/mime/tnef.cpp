// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/tnef.h"

#include "mime/charset.h"
#include "mime/codepage.h"
#include "mime/compressedrtf.h"
#include "mime/enclosedmessage.h"
#include "mime/encodedword.h"
#include "mime/limits.h"
#include "mime/rtftext.h"

#include <QTimeZone>
#include <QtEndian>

#include <optional>

namespace satchel::mime {

namespace {

constexpr quint32 signature = 0x223e9f78;

// Attribute and property numbers of MS-OXTNEF and MS-OXPROPS.
constexpr quint32 attOemCodepage = 0x00069007;
constexpr quint32 attMapiProperties = 0x00069003;
constexpr quint32 attBody = 0x0002800c;
constexpr quint32 attAttachRendering = 0x00069002;
constexpr quint32 attAttachTitle = 0x00018010;
constexpr quint32 attAttachData = 0x0006800f;
constexpr quint32 attAttachment = 0x00069005;
constexpr quint32 attFrom = 0x00008000;
constexpr quint32 attSubject = 0x00018004;
constexpr quint32 attDateSent = 0x00038005;
constexpr quint16 subjectProperty = 0x0037;
constexpr quint16 sentTimeProperty = 0x0039;
constexpr quint16 sentByNameProperty = 0x0042;
constexpr quint16 sentByAddressProperty = 0x0065;
constexpr quint16 senderNameProperty = 0x0c1a;
constexpr quint16 senderAddressProperty = 0x0c1f;
constexpr quint16 senderSmtpProperty = 0x5d01;
constexpr quint16 displayToProperty = 0x0e04;
constexpr quint16 rtfProperty = 0x1009;
constexpr quint16 internetCodepageProperty = 0x3fde;
constexpr quint16 bodyProperty = 0x1000;
constexpr quint16 bodyHtmlProperty = 0x1013;
constexpr quint16 attachDataProperty = 0x3701;
constexpr quint16 attachLongNameProperty = 0x3707;
constexpr quint16 attachShortNameProperty = 0x3704;
constexpr quint16 displayNameProperty = 0x3001;
constexpr quint16 attachMimeTypeProperty = 0x370e;
constexpr quint16 attachContentIdProperty = 0x3712;

/// Reads little-endian values; every read can fail, none goes past the end.
class Cursor
{
public:
    explicit Cursor(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    [[nodiscard]] bool atEnd() const { return m_at >= m_bytes.size(); }

    template <class Number>
    std::optional<Number> number()
    {
        if (m_bytes.size() - m_at < qsizetype(sizeof(Number)))
            return std::nullopt;
        const auto value = qFromLittleEndian<Number>(m_bytes.data() + m_at);
        m_at += qsizetype(sizeof(Number));
        return value;
    }

    std::optional<QByteArrayView> bytes(quint32 size)
    {
        if (m_bytes.size() - m_at < qsizetype(size))
            return std::nullopt;
        const QByteArrayView part = m_bytes.sliced(m_at, qsizetype(size));
        m_at += qsizetype(size);
        return part;
    }

    void align() { m_at = qMin(m_bytes.size(), (m_at + 3) / 4 * 4); }

private:
    QByteArrayView m_bytes;
    qsizetype m_at = 0;
};

QByteArrayView untilNul(QByteArrayView bytes)
{
    const qsizetype nul = bytes.indexOf('\0');
    return nul < 0 ? bytes : bytes.first(nul);
}

QString fromUtf16(QByteArrayView bytes)
{
    QString text;
    if (!decodeAs("utf-16le", bytes, text))
        return {};
    const qsizetype nul = text.indexOf(QChar(u'\0'));
    return nul < 0 ? text : text.first(nul);
}

struct Property {
    quint16 id = 0;
    quint16 type = 0;
    QByteArrayView value; ///< the first one of several
};

std::optional<quint32> fixedSize(quint16 type)
{
    switch (type) {
    case 0x0001: // null
        return 0;
    case 0x0002: // 16 bits, padded
    case 0x0003:
    case 0x0004:
    case 0x000a:
    case 0x000b:
        return 4;
    case 0x0005:
    case 0x0006:
    case 0x0007:
    case 0x0014:
    case 0x0040:
        return 8;
    case 0x0048:
        return 16;
    default:
        return std::nullopt;
    }
}

bool skipName(Cursor &cursor)
{
    if (!cursor.bytes(16)) // the set it belongs to
        return false;
    const auto kind = cursor.number<quint32>();
    const auto sizeOrId = cursor.number<quint32>();
    if (!kind || !sizeOrId)
        return false;
    if (*kind == 0)
        return true;
    if (!cursor.bytes(*sizeOrId))
        return false;
    cursor.align();
    return true;
}

QList<Property> readProperties(QByteArrayView data)
{
    QList<Property> properties;
    Cursor cursor(data);
    const auto count = cursor.number<quint32>();
    for (quint32 i = 0; count && i < *count && !cursor.atEnd(); ++i) {
        const auto type = cursor.number<quint16>();
        const auto id = cursor.number<quint16>();
        if (!type || !id)
            break;
        if (*id >= 0x8000 && !skipName(cursor))
            break;
        const bool several = (*type & 0x1000) != 0;
        const quint16 base = *type & 0x0fff;
        Property property{*id, base, {}};
        const auto size = fixedSize(base);
        quint32 values = 1;
        if (several || !size) {
            const auto announced = cursor.number<quint32>();
            if (!announced)
                break;
            values = *announced;
        }
        bool whole = true;
        for (quint32 v = 0; v < values && whole; ++v) {
            QByteArrayView value;
            if (size) {
                const auto bytes = cursor.bytes(*size);
                whole = bytes.has_value() && !(*size == 0 && v > 0);
                value = bytes.value_or(QByteArrayView());
            } else {
                const auto length = cursor.number<quint32>();
                const auto bytes = length ? cursor.bytes(*length) : std::nullopt;
                whole = bytes.has_value();
                value = bytes.value_or(QByteArrayView());
                cursor.align();
            }
            if (v == 0)
                property.value = value;
        }
        if (!whole)
            break;
        properties.append(property);
    }
    return properties;
}

// 100 ns since 1601.
QDateTime fromFileTime(QByteArrayView bytes)
{
    if (bytes.size() < 8)
        return {};
    const qint64 milliseconds = static_cast<qint64>(qFromLittleEndian<quint64>(bytes.data()) / 10000) - 11644473600000;
    return QDateTime::fromMSecsSinceEpoch(milliseconds, QTimeZone::UTC);
}

// Year, month, day, hour, minute, second and day of the week, in the time of nobody knows where.
QDateTime fromDateRecord(QByteArrayView bytes)
{
    if (bytes.size() < 12)
        return {};
    const auto number = [bytes](int i) { return int(qFromLittleEndian<quint16>(bytes.data() + qsizetype(i) * 2)); };
    return {QDate(number(0), number(1), number(2)), QTime(number(3), number(4), number(5)), QTimeZone::UTC};
}

class Reader
{
public:
    explicit Reader(int depth)
        : m_depth(depth)
    {
    }

    EnclosedMessage read(QByteArrayView data)
    {
        Cursor cursor(data);
        if (cursor.number<quint32>() != signature || !cursor.number<quint16>())
            return {};
        while (!cursor.atEnd() && m_content.files.size() < limits::carriedFiles) {
            const auto level = cursor.number<quint8>();
            const auto id = cursor.number<quint32>();
            const auto size = cursor.number<quint32>();
            const auto value = size ? cursor.bytes(*size) : std::nullopt;
            if (!level || !id || !value || !cursor.number<quint16>()) // a checksum, which many get wrong
                break;
            attribute(*id, *value);
        }
        finishFile();
        finishBody();
        m_message.content = std::move(m_content);
        return std::move(m_message);
    }

private:
    void attribute(quint32 id, QByteArrayView value)
    {
        switch (id) {
        case attOemCodepage:
            if (value.size() >= 4) {
                const QByteArray charset = charsetOfCodepage(qFromLittleEndian<quint32>(value.data()));
                m_charset = charset.isEmpty() ? QByteArray("windows-1252") : charset;
            }
            break;
        case attSubject:
            m_message.subject = text(untilNul(value));
            break;
        case attDateSent:
            m_message.date = fromDateRecord(value);
            break;
        case attFrom:
            sender(value);
            break;
        case attBody:
            m_content.text = text(untilNul(value));
            break;
        case attMapiProperties:
            messageProperties(value);
            break;
        case attAttachRendering:
            finishFile();
            m_inFile = true;
            break;
        case attAttachTitle:
            if (m_file.name.isEmpty())
                m_file.name = text(untilNul(value));
            break;
        case attAttachData:
            m_file.content = value.toByteArray();
            break;
        case attAttachment:
            fileProperties(value);
            break;
        default:
            break;
        }
    }

    QString text(QByteArrayView bytes) const
    {
        CharsetClues clues;
        clues.declared = m_charset;
        return decodeText(bytes, clues);
    }

    QString text(const Property &property) const
    {
        return property.type == 0x001f ? fromUtf16(property.value) : text(untilNul(property.value));
    }

    // Two lengths, then the name and "SMTP:address" with a NUL behind each (MS-OXTNEF, TRP).
    void sender(QByteArrayView value)
    {
        if (value.size() < 8)
            return;
        const QByteArrayView rest = value.sliced(8);
        const QByteArrayView name = untilNul(rest);
        m_message.senderName = text(name);
        const QByteArrayView address = untilNul(rest.sliced(qMin(rest.size(), name.size() + 1)));
        m_message.senderAddress = text(address).section(u':', 1);
    }

    void messageProperties(QByteArrayView value)
    {
        const QList<Property> properties = readProperties(value);
        for (const Property &property : properties) {
            switch (property.id) {
            case bodyProperty:
                if (!property.value.isEmpty())
                    m_content.text = text(property);
                break;
            case bodyHtmlProperty:
                if (property.type == 0x001f)
                    m_content.html = fromUtf16(property.value).toUtf8();
                else
                    m_html = untilNul(property.value).toByteArray();
                break;
            case rtfProperty:
                m_rtf = decompressRtf(property.value);
                break;
            case internetCodepageProperty:
                if (property.value.size() >= 4)
                    m_internetCharset = charsetOfCodepage(qFromLittleEndian<quint32>(property.value.data()));
                break;
            case subjectProperty:
                m_message.subject = text(property);
                break;
            case sentByNameProperty:
            case senderNameProperty:
                if (m_message.senderName.isEmpty())
                    m_message.senderName = text(property);
                break;
            case sentByAddressProperty:
            case senderAddressProperty:
            case senderSmtpProperty:
                if (const QString address = text(property); address.contains(u'@'))
                    m_message.senderAddress = address;
                break;
            case displayToProperty:
                m_message.recipients = text(property);
                break;
            case sentTimeProperty:
                m_message.date = fromFileTime(property.value);
                break;
            default:
                break;
            }
        }
    }

    // Most have their text in RTF and nowhere else. Where its checksum is wrong, it is the last resort.
    void finishBody()
    {
        if (m_content.html.isEmpty() && !m_html.isEmpty()) {
            CharsetClues clues;
            clues.declared = m_internetCharset;
            clues.chosen = m_charset;
            clues.html = true;
            m_content.html = decodeText(m_html, clues).toUtf8();
        }
        if (!m_content.html.isEmpty() || (!m_rtf.intact && !m_content.text.isEmpty()))
            return;
        const RtfContent rtf = readRtf(m_rtf.bytes);
        if (!rtf.html.isEmpty())
            m_content.html = rtf.html.toUtf8();
        else if (m_content.text.trimmed().isEmpty())
            m_content.text = rtf.text;
    }

    void fileProperties(QByteArrayView value)
    {
        const QList<Property> properties = readProperties(value);
        QString longName;
        QString shortName;
        for (const Property &property : properties) {
            switch (property.id) {
            case attachLongNameProperty:
                longName = text(property);
                break;
            case attachShortNameProperty:
            case displayNameProperty:
                if (shortName.isEmpty())
                    shortName = text(property);
                break;
            case attachMimeTypeProperty:
                m_file.mimeType = text(property).toLatin1().toLower().trimmed();
                break;
            case attachContentIdProperty:
                m_file.contentId = text(property).toLatin1().trimmed();
                break;
            case attachDataProperty:
                // An embedded object starts with the 16 bytes of its interface. A message is one; what else stands for
                // it is for programs that cannot open it.
                if (property.type == 0x000d && property.value.size() > 20
                    && qFromLittleEndian<quint32>(property.value.data() + 16) == signature)
                    m_enclosed = property.value.sliced(16);
                if (m_file.content.isEmpty())
                    m_file.content = (property.type == 0x000d && property.value.size() > 16 ? property.value.sliced(16)
                                                                                            : property.value)
                                         .toByteArray();
                break;
            default:
                break;
            }
        }
        if (!m_enclosed.isEmpty() && !shortName.isEmpty())
            m_file.name = shortName; // its title says only that it has none
        else if (!longName.isEmpty())
            m_file.name = longName;
        else if (m_file.name.isEmpty())
            m_file.name = shortName;
    }

    void finishFile()
    {
        if (m_inFile && !m_enclosed.isEmpty() && m_depth < limits::tnefDepth) {
            EnclosedMessage message = Reader(m_depth + 1).read(m_enclosed);
            if (message.subject.isEmpty())
                message.subject = m_file.name;
            m_file.content = asMessage(message);
            m_file.mimeType = "message/rfc822";
            if (!m_file.name.endsWith(QStringLiteral(".eml"), Qt::CaseInsensitive))
                m_file.name += QStringLiteral(".eml");
        }
        if (m_inFile && (!m_file.name.isEmpty() || !m_file.content.isEmpty())) {
            m_file.name = presentable(m_file.name);
            m_content.files.append(m_file);
        }
        m_file = {};
        m_enclosed = {};
        m_inFile = false;
    }

    int m_depth;
    EnclosedMessage m_message;
    TnefContent m_content;
    TnefFile m_file;
    QByteArrayView m_enclosed; ///< the message that the file is
    QByteArray m_html; ///< in a charset that is told later
    DecompressedRtf m_rtf;
    QByteArray m_internetCharset;
    bool m_inFile = false;
    QByteArray m_charset = "windows-1252";
};

} // namespace

TnefContent readTnef(QByteArrayView data)
{
    return Reader(0).read(data).content;
}

} // namespace satchel::mime
