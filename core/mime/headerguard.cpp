// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/headerguard.h"

#include "mime/limits.h"

namespace satchel::mime {

namespace {

bool isControl(char c)
{
    const auto u = static_cast<uchar>(c);
    return u < 0x20 || u == 0x7f;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t';
}

} // namespace

bool sameName(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && a.compare(b, Qt::CaseInsensitive) == 0;
}

QByteArrayView fieldName(QByteArrayView line)
{
    qsizetype end = 0;
    while (end < line.size() && line[end] > 0x20 && line[end] < 0x7f && line[end] != ':')
        ++end;
    if (end == 0 || end > 255)
        return {};
    qsizetype colon = end;
    // A NUL or a blank before the colon is not part of the name.
    while (colon < line.size() && line[colon] != '\n' && (isBlank(line[colon]) || isControl(line[colon])))
        ++colon;
    if (colon >= line.size() || line[colon] != ':')
        return {};
    return line.first(end);
}

HeaderBlock::HeaderBlock(QByteArrayView block)
{
    block = block.first(qMin(block.size(), limits::headerBlock));
    // Mail from old Macintoshes: CR alone ends a line.
    const char newline = block.contains('\n') ? '\n' : '\r';
    qsizetype at = 0;
    while (at < block.size()) {
        qsizetype end = block.indexOf(newline, at);
        if (end < 0)
            end = block.size();
        const QByteArrayView line = block.sliced(at, end - at);
        const qsizetype next = qMin(end + 1, block.size());
        if (!line.isEmpty() && isBlank(line[0])) {
            if (!m_fields.isEmpty()) {
                QByteArrayView &value = m_fields.last().value;
                // An invalid line in between ends the field before it.
                if (value.data() + value.size() + 1 == line.data())
                    value = QByteArrayView(value.data(), line.data() + line.size());
            }
        } else if (const QByteArrayView name = fieldName(line); !name.isEmpty()) {
            if (m_fields.size() >= limits::headerFields)
                return;
            m_fields.append({name, line.sliced(line.indexOf(':', name.size()) + 1)});
        }
        at = next;
    }
}

QByteArray HeaderBlock::first(QByteArrayView name) const
{
    for (const RawField &field : m_fields) {
        if (sameName(field.name, name))
            return guarded(field.value);
    }
    return {};
}

QList<QByteArray> HeaderBlock::all(QByteArrayView name) const
{
    QList<QByteArray> values;
    for (const RawField &field : m_fields) {
        if (sameName(field.name, name))
            values.append(guarded(field.value));
    }
    return values;
}

bool HeaderBlock::contains(QByteArrayView name) const
{
    for (const RawField &field : m_fields) {
        if (sameName(field.name, name))
            return true;
    }
    return false;
}

QByteArray guarded(QByteArrayView folded)
{
    folded = folded.first(qMin(folded.size(), limits::headerField)).trimmed();
    QByteArray value;
    value.reserve(folded.size());
    for (qsizetype i = 0; i < folded.size(); ++i) {
        const char c = folded[i];
        if (c == '\r' && i + 1 < folded.size() && folded[i + 1] == '\n')
            continue;
        if (c == '\n' && i + 1 < folded.size() && isBlank(folded[i + 1]))
            continue; // the blank that follows stands for the fold
        value.append(c != '\t' && isControl(c) ? ' ' : c);
    }
    return value;
}

} // namespace satchel::mime
