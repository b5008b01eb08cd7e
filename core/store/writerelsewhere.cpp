// SPDX-License-Identifier: GPL-3.0-or-later
// What other programs fetched, and messages that failed: rows of the ledger without a message.
#include "store/connection.h"
#include "store/writer.h"
#include "store/writerprivate.h"

#include <map>

using namespace Qt::StringLiterals;

namespace satchel::store {

Expected<void> Writer::noteFetchedElsewhere(AccountId account, const QList<FetchedElsewhere> &fetched)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement insert(*d->connection,
            u"INSERT OR IGNORE INTO fetched_elsewhere (account_id, form, uidl, program) VALUES (?, ?, ?, ?)"_s);
        for (const FetchedElsewhere &program : fetched) {
            for (const QByteArray &uidl : program.uidls) {
                if (auto run = insert.bind(account).bind(qint64(program.form)).bind(uidl).bind(program.program).exec();
                    !run)
                    return run;
            }
        }
        return {};
    });
}

Expected<QList<FetchedElsewhere>> Writer::fetchedElsewhere(AccountId account) const
{
    Statement select(*d->connection, u"SELECT form, program, uidl FROM fetched_elsewhere WHERE account_id = ?"_s);
    if (auto run = select.bind(account).exec(); !run)
        return std::unexpected(run.error());
    std::map<std::pair<qint64, QString>, FetchedElsewhere> programs;
    while (select.next()) {
        FetchedElsewhere &program = programs[{select.integer(0), select.text(1)}];
        program.form = UidlForm(select.integer(0));
        program.program = select.text(1);
        program.uidls.append(select.bytes(2));
    }
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    QList<FetchedElsewhere> all;
    for (auto &[key, program] : programs)
        all.append(std::move(program));
    return all;
}

Expected<void> Writer::setElsewhere(AccountId account, const QList<KnownElsewhere> &messages, const QDateTime &now)
{
    if (messages.isEmpty())
        return {};
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement insert(*d->connection,
            u"INSERT INTO uidls (account_id, uidl, occurrence, state, server_size, sha256, message_id, "
            "first_seen, stored_at, absent_since, delete_wished, skipped, failures, last_failure, elsewhere) "
            "VALUES (?, ?, ?, 0, ?, x'', NULL, ?, 0, 0, 0, 0, 0, 0, 1) "
            "ON CONFLICT (account_id, uidl, occurrence) DO UPDATE SET elsewhere = 1 WHERE stored_at = 0"_s);
        Statement settled(
            *d->connection, u"DELETE FROM fetched_elsewhere WHERE account_id = ? AND form = ? AND uidl = ?"_s);
        for (const KnownElsewhere &message : messages) {
            insert.bind(account).bind(message.key.uidl).bind(message.key.occurrence).bind(message.serverSize);
            if (auto run = insert.bind(now).exec(); !run)
                return run;
            if (auto run = settled.bind(account).bind(qint64(message.form)).bind(message.recorded).exec(); !run)
                return run;
        }
        return {};
    });
}

Expected<int> Writer::forgetElsewhere(AccountId account)
{
    int count = 0;
    const auto done = inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement rows(*d->connection,
            u"DELETE FROM uidls WHERE account_id = ? AND elsewhere = 1 AND stored_at = 0 AND stub = 0"_s);
        if (auto run = rows.bind(account).exec(); !run)
            return run;
        count = rows.changedRows();
        Statement beginnings(
            *d->connection, u"UPDATE uidls SET elsewhere = 0 WHERE account_id = ? AND elsewhere = 1"_s);
        if (auto run = beginnings.bind(account).exec(); !run)
            return run;
        Statement records(*d->connection, u"DELETE FROM fetched_elsewhere WHERE account_id = ?"_s);
        return records.bind(account).exec();
    });
    if (!done)
        return std::unexpected(done.error());
    return count;
}

Expected<void> Writer::forgiveFailures(AccountId account)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement update(*d->connection,
            u"UPDATE uidls SET last_failure = 0 WHERE account_id = ? AND failures > 0 AND stored_at = 0"_s);
        return update.bind(account).exec();
    });
}

} // namespace satchel::store
