// SPDX-License-Identifier: GPL-3.0-or-later
#include "mime/abridged.h"

#include <utility>

namespace satchel::mime {

namespace {

constexpr qsizetype longStretch = 2 << 20;
constexpr qsizetype shortStretch = 16 << 10; // a header of a part
constexpr qsizetype manyBytes = 6 << 20; // from here on, stretches are short
constexpr qsizetype mostBytes = 12 << 20;

} // namespace

qsizetype Abridged::stretchLimit() const
{
    return m_kept.size() >= mostBytes ? 0 : m_kept.size() >= manyBytes ? shortStretch : longStretch;
}

void Abridged::add(QByteArrayView piece)
{
    while (!piece.isEmpty()) {
        if (m_lineStart) {
            // Two bytes tell a boundary from other lines.
            const qsizetype missing = 2 - m_start.size();
            m_start += piece.first(qMin(missing, piece.size()));
            piece = piece.sliced(qMin(missing, piece.size()));
            if (const qsizetype end = m_start.indexOf('\n'); end < 0 && m_start.size() < 2)
                return;
            m_lineStart = false;
            if (m_start == "--") {
                m_stretch = 0;
                m_leavingOut = false;
            }
            const QByteArray start = std::exchange(m_start, {});
            const qsizetype end = start.indexOf('\n');
            addWithinLine(QByteArrayView(start).first(end < 0 ? start.size() : end + 1));
            if (end < 0)
                continue;
            m_lineStart = true;
            m_start = start.sliced(end + 1); // the first byte of the next line
            if (m_start != "\n")
                continue;
            addWithinLine(m_start);
            m_start.clear();
            continue;
        }
        const qsizetype end = piece.indexOf('\n');
        const QByteArrayView line = piece.first(end < 0 ? piece.size() : end + 1);
        addWithinLine(line);
        m_lineStart = end >= 0;
        piece = piece.sliced(line.size());
    }
}

void Abridged::addWithinLine(QByteArrayView bytes)
{
    if (m_leavingOut)
        return;
    // At a line start, so that what is encoded ends with a whole line.
    const bool atLineStart = m_kept.isEmpty() || m_kept.endsWith('\n');
    const qsizetype limit = stretchLimit();
    if (m_stretch + bytes.size() > limit && (atLineStart || m_stretch > limit + shortStretch || limit == 0)) {
        m_leavingOut = true;
        if (!atLineStart)
            m_kept += '\n';
        return;
    }
    m_kept += bytes;
    m_stretch += bytes.size();
}

QByteArray Abridged::take()
{
    addWithinLine(std::exchange(m_start, {}));
    m_lineStart = true;
    m_leavingOut = false;
    m_stretch = 0;
    return std::exchange(m_kept, {});
}

} // namespace satchel::mime
