// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/fetchedelsewhere.h"
#include "exchange/fetchedstatefiles.h"

#include <QFuture>
#include <QString>

namespace satchel {

/// What other mail programs of this person remember of the mailbox of \a user at \a host, read where they keep it, on
/// a thread of its own. Messages that they hold only in part are left out. Files that cannot be read are passed over:
/// the worst of it is mail that is fetched once more.
[[nodiscard]] QFuture<QList<FetchedElsewhere>> searchFetchedElsewhere(
    const exchange::StatePlaces &places, const QString &host, const QString &user);

} // namespace satchel
