// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/types.h"

#include <algorithm>

namespace satchel::sync {

namespace {

/// The fields of a result in their order. One that is added does not compile until somebody has decided here whether
/// it is added up.
template <class Result, class Visitor>
void eachCounter(Result &result, Visitor count)
{
    auto &[account, finishedAt, stored, deletedOnServer, leftOnServer, recognised, heldDeletions, waitingDeletions,
        clock, unconfirmedDeletions, unconfirmedText, beginnings, completed, skippedTooLarge, ordersOnly,
        failedMessages, failed, elsewhere, mayHoldMore, certificateEnds, server, error] = result;
    // What a visit did. What stands on the server afterwards, the last one says.
    count(stored);
    count(deletedOnServer);
    count(recognised);
    count(beginnings);
    count(completed);
    count(failedMessages);
}

} // namespace

CheckResult together(const CheckResult &before, CheckResult last)
{
    QList<int> counts;
    eachCounter(before, [&counts](int counter) { counts.append(counter); });
    eachCounter(last, [&counts](int &counter) { counter += counts.takeFirst(); });
    last.failed = before.failed + last.failed;
    return last;
}

} // namespace satchel::sync
