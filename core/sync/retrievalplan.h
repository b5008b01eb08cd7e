// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "pop3/types.h"
#include "store/ledger.h"

#include <QDateTime>
#include <QList>

namespace satchel::sync {

/// What to do with one listed message.
struct PlannedMessage {
    pop3::ListedMessage listed;
    store::UidlKey key;
};

/// What a check is to do: a value, so that a forecast and the real check cannot differ.
struct RetrievalPlan {
    QList<PlannedMessage> fetch; ///< in server order; messages that failed before come last, alone
    QList<PlannedMessage> remove; ///< stored here and due to leave the server, whether or not anything is fetched
    QList<PlannedMessage> leave; ///< known, stays
    QList<PlannedMessage> tooLarge; ///< left because of the size limit
    QList<PlannedMessage> resting; ///< failed lately: tried again later (Q39)
    QList<store::UidlKey> reappeared; ///< ledger rows to mark Listed again
    QList<store::UidlKey> vanished; ///< ledger rows to mark Absent (law 3)
    qint64 fetchBytes = 0; ///< advisory
};

/// Pure: the same listing, ledger, policy and time give the same plan. All times are ours (Q51).
[[nodiscard]] RetrievalPlan planRetrieval(const QList<pop3::ListedMessage> &listing,
                                          const QList<store::LedgerEntry> &ledger, const AccountSettings &policy,
                                          const QDateTime &now);

/// Whether \a policy lets a message leave the server that was stored here at \a storedAt.
[[nodiscard]] bool isDueToLeave(const AccountSettings &policy, bool deleteWished, const QDateTime &storedAt,
                                const QDateTime &now);

} // namespace satchel::sync
