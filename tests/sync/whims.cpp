// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/whims.h"

namespace satchel::test {

Whims::Whims(quint32 seed, Set without)
    : m_without(without)
{
    for (quint32 row = 0; row < quint32(Whim::Last); ++row) {
        const quint32 seeds[] = {seed, row};
        m_rows.emplace_back(seeds, 2);
    }
}

bool Whims::strikes(Whim whim, double probability)
{
    const auto row = std::size_t(whim);
    // Drawn in any case: what is left out must not change what comes after it.
    const bool strikes = m_rows[row].generateDouble() < probability && !m_without.test(row);
    if (strikes)
        m_struck.set(row);
    return strikes;
}

int Whims::below(Whim whim, int limit)
{
    return limit <= 1 ? 0 : m_rows[std::size_t(whim)].bounded(limit);
}

QByteArray Whims::names(const Set &whims)
{
    const QMetaEnum all = QMetaEnum::fromType<Whim>();
    QByteArrayList names;
    for (std::size_t row = 0; row < whims.size(); ++row) {
        if (whims.test(row))
            names.append(all.valueToKey(int(row)));
    }
    return names.join(' ');
}

} // namespace satchel::test
