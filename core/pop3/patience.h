// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/sessionoptions.h"

#include <QtTypes>

#include <chrono>

namespace satchel::pop3 {

/// How long a server is waited for in all. Silence and a trickle are judged piece by piece; this one looks at each
/// reply as a whole and at the whole visit, so that a server that ends each reply just in time, or a reply never, does
/// not hold it. Every byte and every reply earns time again: a first download may last for days over a slow line. What
/// was earned is never kept beyond SessionOptions::whole, so that nobody sends much at first to stall afterwards. A
/// reply may last for hours only where its size was announced, that of a listing by STAT. A plain value; it knows no
/// clock.
class Patience
{
public:
    explicit Patience(const SessionOptions &options);

    void waited(std::chrono::nanoseconds time); ///< while something was due
    void heard(qint64 bytes);
    void heardReply(); ///< to its end: the next one begins
    void expect(qint64 bytes); ///< of the reply that is due, as far as the server announced it; 0: it did not
    [[nodiscard]] bool isExhausted() const { return m_left.count() <= 0 || m_reply > m_mostOfReply; }

private:
    using Seconds = std::chrono::duration<double>;

    void earn(Seconds time);

    Seconds m_whole;
    Seconds m_perReply;
    Seconds m_perByte;
    Seconds m_left;
    Seconds m_shortReply;
    Seconds m_longestReply;
    Seconds m_mostOfReply;
    Seconds m_reply{0}; ///< waited for the one that is due
};

} // namespace satchel::pop3
