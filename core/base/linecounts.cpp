// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/linecounts.h"

namespace satchel {

void LineCounts::add(QByteArrayView bytes)
{
    constexpr qsizetype longest = 5; // "\n-ERR"
    if (m_first.size() < longest)
        m_first += bytes.first(qMin(bytes.size(), longest - m_first.size()));
    m_size += bytes.size();
    // What began in the piece before is counted where it ends.
    const QByteArray joined = QByteArray(m_last).append(bytes);
    const qsizetype known = m_last.size();
    const QByteArrayView all(joined);
    for (qsizetype at = all.indexOf('\n'); at >= 0; at = all.indexOf('\n', at + 1)) {
        const QByteArrayView rest = all.sliced(at);
        const auto begins = [&](QByteArrayView with) { return at + with.size() > known && rest.startsWith(with); };
        if (at >= known) {
            ++m_lineFeeds;
            m_bare += at == 0 || all[at - 1] != '\r' ? 1 : 0;
        }
        m_dotted += begins("\n.") ? 1 : 0;
        m_stuffed += begins("\n..") ? 1 : 0;
        m_replies += begins("\n+OK") || begins("\n-ERR") ? 1 : 0;
    }
    m_last = joined.last(qMin(joined.size(), longest - 1));
}

} // namespace satchel
