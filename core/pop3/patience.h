// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/sessionoptions.h"

#include <QtTypes>

#include <chrono>

namespace satchel::pop3 {

/// How long a server is waited for in all. Silence and a trickle are judged reply by reply; this one looks at the whole
/// visit, so that a server that ends each reply just in time does not hold it for ever. Every byte and every reply
/// earns time again: a first download may last for days over a slow line. What was earned is never kept beyond
/// SessionOptions::whole, so that nobody sends much at first to stall afterwards. A plain value; it knows no clock.
class Patience
{
public:
    explicit Patience(const SessionOptions &options);

    void waited(std::chrono::nanoseconds time); ///< while something was due
    void heard(qint64 bytes);
    void heardReply(); ///< to its end
    [[nodiscard]] bool isExhausted() const { return m_left.count() <= 0; }

private:
    void earn(std::chrono::duration<double> time);

    std::chrono::duration<double> m_whole;
    std::chrono::duration<double> m_perReply;
    std::chrono::duration<double> m_perByte;
    std::chrono::duration<double> m_left;
};

} // namespace satchel::pop3
