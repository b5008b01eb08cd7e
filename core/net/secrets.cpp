// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/secrets.h"

#include "net/spellings.h"

#include <QCryptographicHash>

#include <algorithm>
#include <utility>

namespace satchel::net {

namespace {

constexpr qsizetype shortest = 3; ///< what is shorter stands everywhere
constexpr qsizetype shortestName = 5;
constexpr qsizetype longestPiece = 16;
constexpr int deepest = 2; ///< encodings around each other
constexpr qsizetype longestDeep = 16 * 1024; ///< bytes of a text in which encodings within encodings are looked for
const QByteArray mark = "****";

/// How much of a secret gives it away.
qsizetype pieceSize(qsizetype size)
{
    return size <= 4 ? size : std::min(longestPiece, std::max(qsizetype(4), (2 * size + 2) / 3));
}

bool isWordByte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
        || static_cast<unsigned char>(c) >= 0x80;
}

} // namespace

/// A text as it is, or as something within it reads once it is decoded: what each byte stood for is remembered.
struct Secrets::View {
    QByteArray text;
    QList<std::pair<qsizetype, qsizetype>> from; ///< in the text that was given
    bool isEncoded = false; ///< of base64 or hexadecimal: most of it may be chance
};

class Secrets::Search
{
public:
    Search(const Secrets &secrets, const QByteArray &text)
        : m_secrets(secrets)
        , m_struck(text.size(), false)
    {
        View view;
        view.text = text;
        view.from.reserve(text.size());
        for (qsizetype i = 0; i < text.size(); ++i)
            view.from.append({i, i + 1});
        m_any = look(view, text.size() <= longestDeep ? deepest : 1);
        for (qsizetype i = 1; i < text.size(); ++i) { // whole characters
            const bool isWithin = (static_cast<unsigned char>(text.at(i)) & 0xc0) == 0x80;
            if (isWithin && m_struck.at(i - 1))
                m_struck[i] = true;
        }
        for (qsizetype i = text.size() - 1; i > 0; --i) {
            const bool isWithin = (static_cast<unsigned char>(text.at(i)) & 0xc0) == 0x80;
            if (isWithin && m_struck.at(i))
                m_struck[i - 1] = true;
        }
    }

    [[nodiscard]] bool any() const { return m_any; }
    [[nodiscard]] bool isStruck(qsizetype at) const { return m_struck.at(at); }

private:
    void strike(const View &view, qsizetype from, qsizetype to)
    {
        for (qsizetype i = from; i < to; ++i) {
            for (qsizetype at = view.from.at(i).first; at < view.from.at(i).second; ++at)
                m_struck[at] = true;
        }
    }

    bool look(const View &view, int depth)
    {
        bool found = lookForPieces(view);
        found |= lookAtTheEnd(view);
        if (depth == 0)
            return found;
        for (const Decoder decoder : decoders())
            found |= lookDecoded(view, decoder, depth);
        found |= lookIntoBase64(view, depth);
        found |= lookIntoHex(view, depth);
        found |= lookIntoPairs(view, depth);
        return found;
    }

    bool lookForPieces(const View &view)
    {
        const QByteArray text = view.text.toLower();
        bool found = false;
        for (const Group &group : m_secrets.m_groups) {
            for (qsizetype at = 0; at + group.size <= text.size(); ++at) {
                if (!group.first.test(static_cast<unsigned char>(text.at(at))))
                    continue;
                const QByteArray piece = QByteArray::fromRawData(text.constData() + at, group.size);
                if (!group.anywhere.contains(piece)
                    && !(group.alone.contains(piece) && isAlone(view, at, at + group.size)))
                    continue;
                strike(view, at, at + group.size);
                found = true;
            }
        }
        return found;
    }

    static bool isAlone(const View &view, qsizetype from, qsizetype to)
    {
        const auto ends = [&view](char c) { return view.isEncoded ? c == '\0' || c == '\1' : !isWordByte(c); };
        return (from == 0 || ends(view.text.at(from - 1))) && (to == view.text.size() || ends(view.text.at(to)));
    }

    /// Whoever cut the text, cut a secret too.
    bool lookAtTheEnd(const View &view)
    {
        QByteArray text = view.text.toLower();
        if (text.endsWith("\xe2\x80\xa6"))
            text.chop(3);
        while (text.endsWith('.') || text.endsWith(' '))
            text.chop(1);
        bool found = false;
        for (const QByteArray &beginning : m_secrets.m_beginnings) {
            for (qsizetype size = std::min(beginning.size(), text.size()); size >= shortest; --size) {
                if (!text.endsWith(QByteArrayView(beginning).first(size)))
                    continue;
                strike(view, text.size() - size, view.text.size());
                found = true;
                break;
            }
        }
        return found;
    }

    bool lookDecoded(const View &view, Decoder decoder, int depth)
    {
        View next;
        next.isEncoded = view.isEncoded;
        bool isOther = false;
        for (qsizetype at = 0; at < view.text.size();) {
            const auto decoded = decoder(QByteArrayView(view.text).sliced(at));
            if (!decoded) {
                next.text.append(view.text.at(at));
                next.from.append(view.from.at(at++));
                continue;
            }
            isOther = true;
            const qsizetype end = at + decoded->length;
            for (const char c : decoded->bytes) {
                next.text.append(c);
                next.from.append({view.from.at(at).first, view.from.at(end - 1).second});
            }
            at = end;
        }
        return isOther && look(next, depth - 1);
    }

    /// Looks at what \a digits from \a begin on stand for; what is found there strikes out all of them.
    bool lookInto(const View &view, qsizetype begin, qsizetype end, const QByteArray &bytes, int depth)
    {
        if (bytes.isEmpty())
            return false;
        View next;
        next.text = bytes;
        next.isEncoded = true;
        next.from.fill({view.from.at(begin).first, view.from.at(end - 1).second}, bytes.size());
        if (!look(next, depth - 1))
            return false;
        strike(view, begin, end);
        return true;
    }

    bool lookIntoBase64(const View &view, int depth)
    {
        constexpr qsizetype fewest = 4;
        const QByteArray &text = view.text;
        bool found = false;
        for (qsizetype begin = 0; begin < text.size();) {
            qsizetype end = begin;
            while (end < text.size() && base64Digit(text.at(end)) >= 0)
                ++end;
            qsizetype padded = end;
            while (padded < text.size() && text.at(padded) == '=' && padded - end < 2)
                ++padded;
            for (qsizetype skipped = 0; skipped < 4 && padded - begin - skipped >= fewest; ++skipped) {
                QByteArray bytes;
                uint bits = 0;
                int count = 0;
                for (qsizetype at = begin + skipped; at < end; ++at) {
                    bits = bits << 6 | static_cast<uint>(base64Digit(text.at(at)));
                    count += 6;
                    if (count >= 8) {
                        count -= 8;
                        bytes.append(static_cast<char>(bits >> count & 0xff));
                    }
                }
                found |= lookInto(view, begin, padded, bytes, depth);
            }
            begin = std::max(end, begin + 1);
        }
        return found;
    }

    bool lookIntoHex(const View &view, int depth)
    {
        constexpr qsizetype fewest = 6;
        const QByteArray &text = view.text;
        bool found = false;
        for (qsizetype begin = 0; begin < text.size();) {
            qsizetype end = begin;
            while (end < text.size() && hexDigit(text.at(end)) >= 0)
                ++end;
            for (qsizetype skipped = 0; skipped < 2 && end - begin - skipped >= fewest; ++skipped) {
                QByteArray bytes;
                for (qsizetype at = begin + skipped; at + 1 < end; at += 2)
                    bytes.append(static_cast<char>(hexDigit(text.at(at)) * 16 + hexDigit(text.at(at + 1))));
                found |= lookInto(view, begin, end, bytes, depth);
            }
            begin = std::max(end, begin + 1);
        }
        return found;
    }

    /// "47:65:68", "47 65 68", "0x47,0x65"
    bool lookIntoPairs(const View &view, int depth)
    {
        constexpr qsizetype fewest = 3;
        const QByteArray &text = view.text;
        bool found = false;
        for (qsizetype begin = 0; begin + 1 < text.size(); ++begin) {
            if (begin > 0 && isWordByte(text.at(begin - 1)))
                continue;
            QByteArray bytes;
            qsizetype end = begin;
            for (qsizetype at = begin; at + 1 < text.size();) {
                if (text.at(at) == '0' && (text.at(at + 1) == 'x' || text.at(at + 1) == 'X'))
                    at += 2;
                const auto pair = hexAfter(QByteArrayView(text).sliced(std::min(at, text.size())), 0);
                if (!pair || (at + 2 < text.size() && isWordByte(text.at(at + 2))))
                    break;
                bytes += pair->bytes;
                end = at + 2;
                at = end;
                while (at < text.size() && at - end < 2 && QByteArrayView(" ,:;-.").contains(text.at(at)))
                    ++at;
                if (at == end)
                    break;
            }
            if (bytes.size() < fewest)
                continue;
            found |= lookInto(view, begin, end, bytes, depth);
            begin = end;
        }
        return found;
    }

    const Secrets &m_secrets;
    QList<bool> m_struck;
    bool m_any = false;
};

void Secrets::add(const Credentials &credentials)
{
    for (const QString &secret : {credentials.password, credentials.accessToken, credentials.certificatePassphrase})
        add(secret, Kind::Secret);
    addName(credentials.userName);
}

void Secrets::addName(const QString &name)
{
    add(name, Kind::Name);
    QString part;
    for (const QChar c : name + u'@') {
        if (!QStringLiteral("@:%\\/!+# ").contains(c)) {
            part += c;
        } else if (part.size() >= shortest) {
            add(std::exchange(part, {}), Kind::Name);
        } else {
            part.clear();
        }
    }
}

void Secrets::add(const QString &word, Kind kind)
{
    if (word.isEmpty())
        return;
    const QByteArrayList all = spellings(word);
    for (const QByteArray &bytes : all)
        add(bytes, kind);
    if (kind == Kind::Name)
        return;
    for (const QByteArray &bytes : {word.toUtf8(), word.toLatin1()}) {
        for (const auto method :
            {QCryptographicHash::Md5, QCryptographicHash::Sha1, QCryptographicHash::Sha256, QCryptographicHash::Sha512})
            add(QCryptographicHash::hash(bytes, method), Kind::Secret);
    }
}

void Secrets::add(const QByteArray &word, Kind kind)
{
    // Letters of base64 whose case was changed are found as they stand; shorter ones by decoding only.
    constexpr qsizetype enough = 6;
    if (word.isEmpty() || m_known.contains(word))
        return;
    m_known.insert(word);
    QByteArrayList forms{word};
    for (qsizetype before = 0; before < 3; ++before) {
        if (const QByteArray inner = innerBase64(word, before); inner.size() >= enough)
            forms.append(inner);
    }
    for (const QByteArray &form : std::as_const(forms)) {
        const QByteArray folded = form.toLower();
        if (kind == Kind::Name) {
            addPiece(folded, folded.size() < shortestName);
            continue;
        }
        const qsizetype size = pieceSize(folded.size());
        for (qsizetype at = 0; at + size <= folded.size(); ++at)
            addPiece(folded.sliced(at, size), folded.size() < shortest);
        if (size > shortest)
            m_beginnings.append(folded.first(size - 1));
    }
}

void Secrets::addPiece(const QByteArray &piece, bool alone)
{
    auto group = std::ranges::find(m_groups, piece.size(), &Group::size);
    if (group == m_groups.end()) {
        m_groups.emplace_back();
        group = m_groups.end() - 1;
        group->size = piece.size();
    }
    (alone ? group->alone : group->anywhere).insert(piece);
    group->first.set(static_cast<unsigned char>(piece.front()));
}

void Secrets::addSent(const QByteArray &answer)
{
    constexpr qsizetype fewest = 8; // "YQ==" and "n,,": no words
    constexpr qsizetype shortestDigest = 16;
    if (answer.size() >= fewest)
        add(answer, Kind::Secret);
    QByteArray words = answer;
    if (const auto plain = QByteArray::fromBase64Encoding(answer, QByteArray::AbortOnBase64DecodingErrors))
        words += ' ' + plain.decoded;
    for (char &c : words) {
        if (c == '\0' || c == '\1' || c == ',' || c == '"')
            c = ' ';
    }
    // Of "name digest" and "c=…,r=…,p=proof" what was computed, in whatever form it comes back.
    for (const QByteArray &word : words.split(' ')) {
        const qsizetype equals = word.indexOf('=');
        const QByteArray value = equals >= 0 && equals < word.size() - 2 ? word.sliced(equals + 1) : word;
        if (value.size() < shortestDigest)
            continue;
        const bool isHex = std::ranges::all_of(value, [](char c) { return hexDigit(c) >= 0; });
        const auto proof = QByteArray::fromBase64Encoding(value, QByteArray::AbortOnBase64DecodingErrors);
        if (!isHex && !proof)
            continue;
        add(value, Kind::Secret);
        add(isHex ? QByteArray::fromHex(value) : proof.decoded, Kind::Secret);
    }
}

QByteArray Secrets::struckOut(const QByteArray &text) const
{
    const Search search(*this, text);
    if (!search.any())
        return text;
    QByteArray result;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (!search.isStruck(i))
            result.append(text.at(i));
        else if (i == 0 || !search.isStruck(i - 1))
            result.append(mark);
    }
    return result;
}

QString Secrets::struckOut(const QString &text) const
{
    return QString::fromUtf8(struckOut(text.toUtf8()));
}

bool Secrets::isIn(const QByteArray &text) const
{
    return Search(*this, text).any();
}

} // namespace satchel::net
