// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/signeddata.h"

#include "mime/transferdecoder.h"

#include <optional>
#include <vector>

namespace satchel::mime {

namespace {

constexpr uchar objectIdentifier = 0x06;
constexpr uchar octetString = 0x04;
constexpr uchar constructedOctetString = 0x24;
constexpr uchar sequence = 0x30;
constexpr uchar explicitContent = 0xa0; // [0]
constexpr size_t deepest = 32;

struct Element {
    uchar tag = 0;
    qsizetype end = -1; ///< -1: where its end mark stands
};

/// Walks over BER. No element ends behind the one that it stands in.
class Cursor
{
public:
    explicit Cursor(QByteArrayView bytes)
        : m_bytes(bytes)
    {
    }

    /// The tag and length that stand here; the cursor is at the content then.
    std::optional<Element> enter()
    {
        if (m_bytes.size() - m_at < 2)
            return std::nullopt;
        const auto tag = static_cast<uchar>(m_bytes[m_at]);
        auto length = static_cast<quint64>(static_cast<uchar>(m_bytes[m_at + 1]));
        if ((tag & 0x1f) == 0x1f)
            return std::nullopt; // a tag of several bytes, which CMS does not have
        m_at += 2;
        if (length == 0x80)
            return (tag & 0x20) != 0 ? std::optional(Element{tag, -1}) : std::nullopt;
        if (length > 0x80) {
            const auto count = static_cast<qsizetype>(length - 0x80);
            if (count > 8 || m_bytes.size() - m_at < count)
                return std::nullopt;
            length = 0;
            for (qsizetype i = 0; i < count; ++i)
                length = (length << 8) | static_cast<uchar>(m_bytes[m_at++]);
        }
        const auto left = static_cast<quint64>(m_bytes.size() - m_at);
        return Element{tag, m_at + static_cast<qsizetype>(qMin(length, left))};
    }

    [[nodiscard]] bool atEnd(const Element &of) const
    {
        return of.end >= 0 ? m_at >= of.end : m_at >= m_bytes.size() || isEndMark();
    }

    void leave(const Element &element)
    {
        if (element.end >= 0)
            m_at = element.end;
        else if (isEndMark())
            m_at += 2;
    }

    /// Passes one element with all that is in it.
    bool skip()
    {
        qsizetype open = 0;
        do {
            if (open > 0 && isEndMark()) {
                m_at += 2;
                --open;
                continue;
            }
            const auto element = enter();
            if (!element)
                return false;
            if (element->end >= 0)
                m_at = element->end;
            else
                ++open;
        } while (open > 0);
        return true;
    }

    QByteArrayView content(const Element &element)
    {
        const qsizetype end = element.end >= 0 ? element.end : m_at;
        const QByteArrayView view = m_bytes.sliced(m_at, qMax<qsizetype>(0, end - m_at));
        m_at = qMax(m_at, end);
        return view;
    }

private:
    [[nodiscard]] bool isEndMark() const
    {
        return m_bytes.size() - m_at >= 2 && m_bytes[m_at] == '\0' && m_bytes[m_at + 1] == '\0';
    }

    QByteArrayView m_bytes;
    qsizetype m_at = 0;
};

// An octet string, in one piece or in as many as the sender had buffers.
std::optional<QByteArray> octets(Cursor &cursor)
{
    QByteArray bytes;
    std::vector<Element> open;
    do {
        if (!open.empty() && cursor.atEnd(open.back())) {
            cursor.leave(open.back());
            open.pop_back();
            continue;
        }
        const auto element = cursor.enter();
        if (!element)
            return open.empty() ? std::nullopt : std::optional(bytes); // cut off: what is there is better than nothing
        if (element->tag == constructedOctetString && open.size() < deepest)
            open.push_back(*element);
        else if (element->tag == octetString)
            bytes += cursor.content(*element);
        else
            return std::nullopt;
    } while (!open.empty());
    return bytes;
}

std::optional<QByteArrayView> identifier(Cursor &cursor)
{
    const auto element = cursor.enter();
    if (!element || element->tag != objectIdentifier)
        return std::nullopt;
    return cursor.content(*element);
}

CmsKind kindOf(QByteArrayView id)
{
    const QByteArrayView pkcs7("\x2a\x86\x48\x86\xf7\x0d\x01\x07");
    const QByteArrayView smime("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01");
    if (id.startsWith(pkcs7) && id.size() == pkcs7.size() + 1) {
        switch (id.back()) {
        case 2:
            return CmsKind::Signed;
        case 3: // enveloped
        case 4: // signed and enveloped
        case 6: // encrypted
            return CmsKind::Encrypted;
        default:
            return CmsKind::Other;
        }
    }
    if (id.startsWith(smime) && id.size() == smime.size() + 1)
        return id.back() == 23 ? CmsKind::Encrypted : CmsKind::Other;
    return CmsKind::None;
}

std::optional<QByteArray> encapsulated(Cursor &cursor)
{
    const auto explicitly = cursor.enter();
    if (!explicitly || explicitly->tag != explicitContent)
        return std::nullopt;
    const auto signedData = cursor.enter();
    if (!signedData || signedData->tag != sequence || !cursor.skip() || !cursor.skip()) // version, digest algorithms
        return std::nullopt;
    const auto info = cursor.enter();
    if (!info || info->tag != sequence || !identifier(cursor) || cursor.atEnd(*info))
        return std::nullopt;
    const auto content = cursor.enter();
    if (!content || content->tag != explicitContent)
        return std::nullopt;
    return octets(cursor);
}

QByteArray withoutArmour(const QByteArray &data)
{
    const qsizetype line = data.indexOf('\n');
    const qsizetype end = data.indexOf("-----END", qMax<qsizetype>(line, 0));
    return line < 0 ? QByteArray()
                    : decodeBase64(QByteArrayView(data).sliced(line, (end < 0 ? data.size() : end) - line)).bytes;
}

} // namespace

CmsContent readCms(const QByteArray &data)
{
    if (data.startsWith("-----BEGIN "))
        return data.startsWith("-----BEGIN PKCS7") || data.startsWith("-----BEGIN CMS") ? readCms(withoutArmour(data))
                                                                                        : CmsContent();
    Cursor cursor(data);
    const auto whole = cursor.enter();
    if (!whole || whole->tag != sequence)
        return {};
    const auto id = identifier(cursor);
    if (!id)
        return {};
    CmsContent content;
    content.kind = kindOf(*id);
    if (content.kind == CmsKind::Signed) {
        if (auto bytes = encapsulated(cursor))
            content.bytes = std::move(*bytes);
        else
            content.kind = CmsKind::Other; // certificates alone, or a signature of something else
    }
    return content;
}

} // namespace satchel::mime
