// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/pagecells.h"

#include <QtEndian>

#include <algorithm>
#include <utility>
#include <vector>

namespace satchel::store {

namespace {

constexpr quint8 tableLeaf = 0x0d;
constexpr quint8 indexLeaf = 0x0a;
constexpr quint8 indexInterior = 0x02;
constexpr quint8 tableInterior = 0x05;
constexpr int mostTries = 3000; ///< of links, for one row

quint16 number16(const QByteArray &bytes, qsizetype at)
{
    return qFromBigEndian<quint16>(bytes.constData() + at);
}

quint32 number32(const QByteArray &bytes, qsizetype at)
{
    return at + 4 <= bytes.size() ? qFromBigEndian<quint32>(bytes.constData() + at) : 0;
}

/// Reads at \a at and moves it on; false when the bytes end before the number does.
bool readVarint(const QByteArray &bytes, qsizetype &at, quint64 &value)
{
    value = 0;
    for (int i = 0; i < 9; ++i) {
        if (at >= bytes.size())
            return false;
        const auto byte = quint8(bytes.at(at++));
        if (i == 8) {
            value = value << 8 | byte;
            return true;
        }
        value = value << 7 | (byte & 0x7fU);
        if (byte < 0x80)
            return true;
    }
    return true;
}

/// How many bytes a value of this serial type takes.
quint64 sizeOf(quint64 type)
{
    constexpr quint64 fixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return type < 12 ? fixed[type] : (type - 12) / 2;
}

} // namespace

bool RawShape::isInteger(qsizetype column) const
{
    const quint64 type = types.at(column);
    return (type >= 1 && type <= 6) || type == 8 || type == 9;
}

std::optional<RawShape> PageCells::shapeOf(const QByteArray &local, quint64 payload)
{
    qsizetype at = 0;
    quint64 headerSize = 0;
    if (!readVarint(local, at, headerSize) || headerSize > quint64(local.size()) || headerSize < quint64(at))
        return std::nullopt;
    RawShape shape;
    shape.headerSize = qsizetype(headerSize);
    quint64 sum = headerSize;
    while (at < shape.headerSize) {
        quint64 type = 0;
        if (!readVarint(local, at, type) || type == 10 || type == 11)
            return std::nullopt;
        sum += sizeOf(type);
        if (sum > payload)
            return std::nullopt;
        shape.types.append(type);
    }
    if (at != shape.headerSize || sum != payload)
        return std::nullopt;
    return shape;
}

std::optional<QList<RawValue>> PageCells::values(const QByteArray &payload)
{
    const auto shape = shapeOf(payload, quint64(payload.size()));
    if (!shape)
        return std::nullopt;
    QList<RawValue> row;
    row.reserve(shape->columns());
    qsizetype at = shape->headerSize;
    for (const quint64 type : shape->types) {
        RawValue value;
        const auto size = qsizetype(sizeOf(type));
        if (type >= 12) {
            value.kind = type % 2 == 0 ? RawValue::Kind::Blob : RawValue::Kind::Text;
            value.bytes = payload.sliced(at, size);
        } else if (type == 7) {
            value.kind = RawValue::Kind::Real;
        } else if (type != 0) {
            value.kind = RawValue::Kind::Integer;
            value.integer = type == 9 ? 1 : 0;
            if (size > 0) {
                value.integer = qint8(payload.at(at));
                for (qsizetype i = 1; i < size; ++i)
                    value.integer = qint64(quint64(value.integer) << 8 | quint8(payload.at(at + i)));
            }
        }
        at += size;
        row.append(value);
    }
    return row;
}

std::optional<PageCells::Cell> PageCells::readCell(const QByteArray &page, qsizetype at, quint8 type)
{
    Cell made;
    made.begin = at;
    if (type == indexInterior)
        at += 4;
    RawCell &cell = made.cell;
    quint64 rowid = 0;
    if (!readVarint(page, at, cell.payload) || (type == tableLeaf && !readVarint(page, at, rowid)))
        return std::nullopt;
    cell.rowid = qint64(rowid);
    constexpr quint64 longest = 1ULL << 31;
    const auto usable = quint64(m_file.usable());
    const quint64 most = type == tableLeaf ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    const quint64 least = (usable - 12) * 32 / 255 - 23;
    if (cell.payload == 0 || cell.payload > longest)
        return std::nullopt;
    quint64 local = cell.payload;
    if (local > most) {
        local = least + (cell.payload - least) % (usable - 4);
        local = local > most ? least : local;
    }
    const bool spills = local < cell.payload;
    if (quint64(at) + local + (spills ? 4 : 0) > quint64(page.size()))
        return std::nullopt;
    cell.local = page.sliced(at, qsizetype(local));
    at += qsizetype(local);
    if (spills) {
        cell.overflow = number32(page, at);
        at += 4;
    }
    made.end = qMax(at, made.begin + 4);
    auto shape = shapeOf(cell.local, cell.payload);
    if (!shape)
        return std::nullopt;
    cell.shape = *shape;
    return made;
}

std::optional<RawCells> PageCells::read(quint32 number)
{
    const QByteArray page = m_file.page(number);
    if (page.isEmpty())
        return std::nullopt;
    const qsizetype header = number == 1 ? 100 : 0;
    const auto type = quint8(page.at(header));
    if (type == tableInterior)
        return RawCells{};
    if (type != tableLeaf && type != indexLeaf && type != indexInterior)
        return std::nullopt;
    RawCells found;
    found.isTable = type == tableLeaf;
    const qsizetype pointers = header + (type == indexInterior ? 12 : 8);
    const qsizetype count = number16(page, header + 3);
    qsizetype content = number16(page, header + 5);
    content = content == 0 ? 65536 : content;
    found.clean = pointers + count * 2 <= qMin(content, page.size());
    std::vector<std::pair<qsizetype, qsizetype>> taken;
    for (qsizetype i = 0; i < count && pointers + i * 2 + 2 <= page.size(); ++i) {
        const qsizetype at = number16(page, pointers + i * 2);
        auto cell = at >= pointers && at < page.size() ? readCell(page, at, type) : std::nullopt;
        if (!cell) {
            found.clean = false;
            continue;
        }
        cell->cell.page = number;
        taken.emplace_back(cell->begin, cell->end);
        found.cells.append(std::move(cell->cell));
    }
    // Cells, holes between them and fragments must fill the page from the content area to its end.
    qsizetype sum = quint8(page.at(header + 7));
    qsizetype hole = number16(page, header + 1);
    while (found.clean && hole != 0) {
        if (hole < content || hole + 4 > page.size()) {
            found.clean = false;
            break;
        }
        const qsizetype size = number16(page, hole + 2);
        taken.emplace_back(hole, hole + size);
        const qsizetype next = number16(page, hole);
        found.clean = size >= 4 && hole + size <= page.size() && (next == 0 || next > hole + 3);
        hole = next;
    }
    std::ranges::sort(taken);
    qsizetype end = content;
    for (const auto &[from, to] : taken) {
        found.clean = found.clean && from >= end;
        end = qMax(end, to);
        sum += to - from;
    }
    found.clean = found.clean && sum == page.size() - content;
    return found;
}

QList<quint32> PageCells::links(quint32 page, bool ofCell, quint32 written)
{
    const auto inFile = [this](quint32 number) { return number >= 2 && number <= m_file.count(); };
    const PageFile::Pointer said = inFile(written) ? m_file.pointer(written) : PageFile::Pointer{};
    const auto expected = ofCell ? PageFile::Use::FirstOverflow : PageFile::Use::Overflow;
    if (said.use == expected && said.parent == page)
        return {written};
    QList<quint32> list;
    const auto add = [&list](quint32 number) {
        if (!list.contains(number))
            list.append(number);
    };
    if (inFile(written))
        add(written);
    for (const quint32 number : m_file.followers(page, ofCell))
        add(number);
    if (inFile(page + 1) && !m_file.isPointerMap(page + 1))
        add(page + 1);
    return list;
}

QByteArray PageCells::whole(const RawCell &cell, const Accept &accept)
{
    if (cell.payload <= quint64(cell.local.size()))
        return accept(cell.local) ? cell.local : QByteArray();
    const auto perPage = qsizetype(m_file.usable() - 4);
    const auto rest = qsizetype(cell.payload - quint64(cell.local.size()));
    const qsizetype pages = (rest + perPage - 1) / perPage;
    if (pages > qsizetype(m_file.count()))
        return {};

    struct Step {
        QList<quint32> candidates;
        qsizetype next = 0;
    };
    QByteArray bytes = cell.local;
    std::vector<Step> steps{{links(cell.page, true, cell.overflow)}};
    int tries = 0;
    while (!steps.empty() && tries < mostTries) {
        Step &step = steps.back();
        const auto depth = qsizetype(steps.size());
        bytes.resize(cell.local.size() + (depth - 1) * perPage);
        if (step.next == step.candidates.size()) {
            steps.pop_back();
            continue;
        }
        const quint32 number = step.candidates.at(step.next++);
        const QByteArray page = m_file.page(number);
        if (page.isEmpty())
            continue;
        bytes.append(page.constData() + 4, qMin(perPage, rest - (depth - 1) * perPage));
        if (depth == pages) {
            ++tries;
            if (accept(bytes))
                return bytes;
            continue;
        }
        if (step.candidates.size() > 1)
            ++tries;
        steps.push_back({links(number, false, number32(page, 0))});
    }
    return {};
}

QByteArray PageCells::chained(const QByteArray &start, quint32 first, qsizetype longest)
{
    QByteArray bytes = start;
    quint32 number = first;
    for (quint32 steps = 0; number >= 2 && bytes.size() < longest && steps < m_file.count(); ++steps) {
        const QByteArray page = m_file.page(number);
        if (page.isEmpty())
            break;
        bytes.append(page.constData() + 4, page.size() - 4);
        const quint32 next = number32(page, 0);
        const QList<quint32> known = m_file.followers(number, false);
        number = known.size() == 1 ? known.constFirst() : next;
    }
    return bytes;
}

} // namespace satchel::store
