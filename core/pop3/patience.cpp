// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/patience.h"

#include <algorithm>

namespace satchel::pop3 {

Patience::Patience(const SessionOptions &options)
    : m_whole(options.whole)
    , m_perReply(options.wholePerReply)
    , m_perByte(std::chrono::duration<double>(options.trickle) / double(std::max<qint64>(1, options.trickleBytes)))
    , m_left(m_whole)
{
}

void Patience::waited(std::chrono::nanoseconds time)
{
    m_left -= time;
}

void Patience::heard(qint64 bytes)
{
    earn(m_perByte * double(bytes));
}

void Patience::heardReply()
{
    earn(m_perReply);
}

void Patience::earn(std::chrono::duration<double> time)
{
    m_left = std::min(m_whole, m_left + time);
}

} // namespace satchel::pop3
