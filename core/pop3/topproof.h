// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/command.h"

#include <QList>

#include <functional>

namespace satchel::pop3 {

struct TopWish {
    int number = 0;
    int lines = 0;
};

/// Some servers answer TOP twice (Q40), so the first goes alone; before several are on the wire together, a STAT proves
/// that nothing was left over: a second answer to TOP would be taken for that to STAT, and it is no pair of numbers.
/// Lives with one session.
class TopProof
{
public:
    /// Whether \a wish may go now. If not, it waits; \a prove is true for the first that does: then proof() is due.
    bool admit(const TopWish &wish, bool pipelining, bool &prove);
    [[nodiscard]] bool isProven() const { return m_proven; }
    /// The command that proves it. \a proven gets those that waited, \a failed where the server answers TOP twice.
    [[nodiscard]] Command proof(std::function<void(const QList<TopWish> &)> proven, std::function<void()> failed);

private:
    bool m_first = true;
    bool m_proven = false;
    QList<TopWish> m_waiting;
};

} // namespace satchel::pop3
