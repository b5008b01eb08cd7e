// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/patience.h"

#include <algorithm>

namespace satchel::pop3 {

Patience::Patience(const SessionOptions &options)
    : m_whole(options.whole)
    , m_perReply(options.wholePerReply)
    , m_perByte(Seconds(1) / double(std::max<qint64>(1, options.slowest)))
    , m_left(m_whole)
    , m_shortReply(options.reply)
    , m_longestReply(options.longestReply)
    , m_mostOfReply(m_shortReply)
{
}

void Patience::waited(std::chrono::nanoseconds time)
{
    m_left -= time;
    m_reply += time;
}

void Patience::heard(qint64 bytes)
{
    earn(m_perByte * double(bytes));
}

void Patience::heardReply()
{
    earn(m_perReply);
    m_reply = Seconds(0);
    m_mostOfReply = m_shortReply;
}

void Patience::expect(qint64 bytes)
{
    m_mostOfReply = std::clamp(m_shortReply + m_perByte * double(std::max<qint64>(0, bytes)), m_shortReply,
        std::max(m_shortReply, m_longestReply));
}

void Patience::earn(Seconds time)
{
    m_left = std::min(m_whole, m_left + time);
}

} // namespace satchel::pop3
