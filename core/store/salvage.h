// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/prepared.h"

#include <QString>

#include <functional>

namespace satchel::store {

/// Told how far long work is, in hundredths; false ends it with ErrorKind::Cancelled. Empty: nobody wants to know.
using CareProgress = std::function<bool(int percent)>;

/// Reads a message and makes it ready to be stored: mime::index and prepare(), which this room does not know.
using MakeReady = std::function<PreparedMessage(const QByteArray &raw)>;

/// What a repair found, for the person.
struct SalvageReport {
    qint64 messages = 0; ///< with their bytes proven
    qint64 homeless = 0; ///< among them: their place was not to be read, they are in “Recovered mail”
    qint64 damaged = 0; ///< bytes readable, but not as they were received: in “Damaged mail”
    qint64 lost = 0; ///< known to have been there, bytes not to be read
    qint64 accounts = 0;
    qint64 forgotten = 0; ///< ledger rows that count as not stored any more

    friend bool operator==(const SalvageReport &, const SalvageReport &) = default;
};

/// Reads every message that can be read out of \a damaged (and its write-ahead log) into a new store \a fresh, which
/// must not exist. Needs no SQLite to read: pages are taken one by one, and what a message's hash proves is kept,
/// whatever became of the rest of the file. \a damaged is not changed. Any thread of its own.
///
/// Law 1: no row of the new ledger says "stored" of a message that was not salvaged; and all rows are doubted
/// (LedgerEntry::doubted), so that nothing leaves a server before its header was seen there again.
[[nodiscard]] Expected<SalvageReport> salvage(
    const QString &damaged, const QString &fresh, const MakeReady &makeReady, const CareProgress &progress = {});

} // namespace satchel::store
