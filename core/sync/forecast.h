// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "store/ledger.h"
#include "sync/countedtime.h"
#include "sync/lastlisting.h"
#include "sync/types.h"

namespace satchel::sync {

/// What the next check would do by \a policy if the mailbox is as \a listing says: by planRetrieval(), which the check
/// itself follows, so that the two cannot differ. Pure. \a consented: as of planRetrieval().
[[nodiscard]] Forecast forecastOf(const LastListing &listing, const QList<store::LedgerEntry> &ledger,
    const AccountSettings &policy, const CountedTime &time, qsizetype consented = 0);

} // namespace satchel::sync
