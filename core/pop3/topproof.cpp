// SPDX-License-Identifier: GPL-3.0-or-later
#include "pop3/topproof.h"

#include <utility>

namespace satchel::pop3 {

namespace {

bool isDropListing(const Reply &reply)
{
    const QByteArrayList words = reply.text.simplified().split(' ');
    bool count = false;
    bool size = false;
    (void)words.value(0).toLongLong(&count);
    (void)words.value(1).toLongLong(&size);
    return reply.status == Reply::Status::Ok && count && size;
}

} // namespace

bool TopProof::admit(const TopWish &wish, bool pipelining, bool &prove)
{
    prove = false;
    if (std::exchange(m_first, false) || m_proven || !pipelining)
        return true;
    prove = m_waiting.isEmpty();
    m_waiting.append(wish);
    return false;
}

Command TopProof::proof(std::function<void(const QList<TopWish> &)> proven, std::function<void()> failed)
{
    Command command;
    command.verb = Verb::Stat;
    command.line = "STAT";
    command.answered = [this, proven = std::move(proven), failed = std::move(failed)](const Reply &reply) {
        if (!isDropListing(reply)) {
            failed();
            return;
        }
        m_proven = true;
        proven(std::exchange(m_waiting, {}));
    };
    return command;
}

} // namespace satchel::pop3
