// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/pagefile.h"

#include <QtEndian>

#include <algorithm>
#include <bit>

using namespace Qt::StringLiterals;

namespace satchel::store {

namespace {

constexpr int ourPageSize = 8192;
constexpr qint64 lockByte = 0x40000000;
constexpr int mapEntry = 5;

quint32 number32(const QByteArray &bytes, qsizetype at)
{
    return at + 4 <= bytes.size() ? qFromBigEndian<quint32>(bytes.constData() + at) : 0;
}

bool isPageSize(int size)
{
    return size >= 512 && size <= 65536 && std::has_single_bit(unsigned(size));
}

/// The checksum of the log, over 32-bit words in the order that its header names.
void addToChecksum(const QByteArray &bytes, bool bigEndian, quint32 &one, quint32 &other)
{
    for (qsizetype at = 0; at + 8 <= bytes.size(); at += 8) {
        const auto word = [&](qsizetype place) {
            return bigEndian ? qFromBigEndian<quint32>(bytes.constData() + place)
                             : qFromLittleEndian<quint32>(bytes.constData() + place);
        };
        one += word(at) + other;
        other += word(at + 4) + one;
    }
}

} // namespace

bool PageFile::open(const QString &file)
{
    m_file.setFileName(file);
    if (!m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return false;
    const QByteArray header = m_file.read(100);
    if (header.startsWith("SQLite format 3")) {
        int size = qFromBigEndian<quint16>(header.constData() + 16);
        size = size == 1 ? 65536 : size;
        m_size = isPageSize(size) ? size : ourPageSize;
    }
    // What stands beyond the last whole page may hold mail too.
    m_count = quint32(qMin<qint64>((m_file.size() + m_size - 1) / m_size, 0xfffffffe));
    readLog(file + u"-wal"_s);
    return m_count > 0;
}

void PageFile::readLog(const QString &file)
{
    m_log.setFileName(file);
    if (!m_log.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return;
    constexpr int headerSize = 32;
    constexpr int frameHeader = 24;
    const QByteArray header = m_log.read(headerSize);
    const quint32 magic = number32(header, 0);
    if (header.size() != headerSize || (magic & ~1U) != 0x377f0682 || int(number32(header, 8)) != m_size)
        return;
    const bool bigEndian = (magic & 1U) != 0;
    quint32 one = 0;
    quint32 other = 0;
    addToChecksum(header.first(24), bigEndian, one, other);
    if (one != number32(header, 24) || other != number32(header, 28))
        return;
    QHash<quint32, qint64> pending;
    for (qint64 at = headerSize;; at += frameHeader + m_size) {
        m_log.seek(at);
        const QByteArray frame = m_log.read(frameHeader + m_size);
        if (frame.size() != frameHeader + m_size || frame.mid(8, 8) != header.mid(16, 8))
            break;
        addToChecksum(frame.first(8), bigEndian, one, other);
        addToChecksum(frame.sliced(frameHeader), bigEndian, one, other);
        if (one != number32(frame, 16) || other != number32(frame, 20))
            break;
        pending.insert(number32(frame, 0), at + frameHeader);
        if (const quint32 pages = number32(frame, 4); pages > 0) {
            m_logged.insert(pending);
            pending.clear();
            m_count = qMax(m_count, pages);
        }
    }
}

QByteArray PageFile::page(quint32 number)
{
    if (number < 1 || number > m_count)
        return {};
    if (const QByteArray *known = m_cache.object(number))
        return *known;
    QByteArray bytes;
    if (const auto logged = m_logged.constFind(number); logged != m_logged.cend()) {
        m_log.seek(*logged);
        bytes = m_log.read(m_size);
    } else if (m_file.seek(qint64(number - 1) * m_size)) {
        bytes = m_file.read(m_size);
    }
    if (!bytes.isEmpty() && bytes.size() < m_size)
        bytes.append(m_size - bytes.size(), '\0');
    m_cache.insert(number, new QByteArray(bytes));
    return bytes;
}

quint32 PageFile::mapPageOf(quint32 number) const
{
    if (number < 2)
        return 0;
    const auto covered = quint32(m_size / mapEntry + 1);
    quint32 map = (number - 2) / covered * covered + 2;
    if (map == quint32(lockByte / m_size + 1))
        ++map;
    return map;
}

PageFile::Pointer PageFile::pointer(quint32 number)
{
    const quint32 map = mapPageOf(number);
    if (map == 0 || number <= map)
        return {};
    const QByteArray bytes = page(map);
    const qsizetype at = qsizetype(number - map - 1) * mapEntry;
    if (at + mapEntry > bytes.size())
        return {};
    const auto use = quint8(bytes.at(at));
    return {use <= quint8(Use::Tree) ? Use(use) : Use::Unknown, number32(bytes, at + 1)};
}

bool PageFile::isInFreeList(quint32 number)
{
    if (!m_free) {
        m_free.emplace(size_t(m_count) + 1, false);
        quint32 trunk = number32(page(1), 32);
        while (trunk >= 2 && trunk <= m_count && !(*m_free)[trunk]) {
            (*m_free)[trunk] = true;
            const QByteArray bytes = page(trunk);
            const quint32 leaves = qMin(number32(bytes, 4), quint32(m_size / 4 - 2));
            for (quint32 i = 0; i < leaves; ++i) {
                const quint32 leaf = number32(bytes, 8 + qsizetype(i) * 4);
                if (leaf >= 2 && leaf <= m_count)
                    (*m_free)[leaf] = true;
            }
            trunk = number32(bytes, 0);
        }
    }
    return number <= m_count && (*m_free)[number];
}

void PageFile::readFollowers()
{
    m_firsts.emplace();
    for (quint32 number = 3; number <= m_count; ++number) {
        if (isPointerMap(number))
            continue;
        const Pointer known = pointer(number);
        if (known.use == Use::FirstOverflow)
            m_firsts->emplace_back(known.parent, number);
        else if (known.use == Use::Overflow)
            m_nexts.emplace_back(known.parent, number);
    }
    std::ranges::sort(*m_firsts);
    std::ranges::sort(m_nexts);
}

QList<quint32> PageFile::followers(quint32 page, bool ofCell)
{
    if (!m_firsts)
        readFollowers();
    const std::vector<Follower> &all = ofCell ? *m_firsts : m_nexts;
    QList<quint32> found;
    for (auto at = std::ranges::lower_bound(all, Follower{page, 0}); at != all.end() && at->first == page; ++at)
        found.append(at->second);
    return found;
}

} // namespace satchel::store
