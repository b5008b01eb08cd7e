// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/fetchedelsewhere.h"
#include "pop3/types.h"
#include "store/writer.h"

#include <QHash>
#include <QList>

namespace satchel::sync {

/// Which messages of \a listing other programs have fetched, by message number. Left out where two listed messages
/// could be the one that was written down, or where a UIDL is listed twice: better to fetch one again than to miss one.
/// Pure.
[[nodiscard]] QHash<int, store::Writer::KnownElsewhere> matchElsewhere(
    const QList<pop3::ListedMessage> &listing, const QList<FetchedElsewhere> &fetched);

} // namespace satchel::sync
