// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/connection.h"
#include "store/writer.h"
#include "store/writerprivate.h"

using namespace Qt::StringLiterals;

namespace satchel::store {

Expected<void> Writer::keepClock(AccountId account, const QString &name, const QByteArray &value,
    const QList<LineShift> &shifts, const QDateTime &latest)
{
    return inTransaction(*d->connection, [&]() -> Expected<void> {
        Statement upsert(*d->connection,
            u"INSERT INTO account_facts (account_id, name, value) VALUES (?, ?, ?) "
            "ON CONFLICT (account_id, name) DO UPDATE SET value = excluded.value"_s);
        if (auto run = upsert.bind(account).bind(name).bind(value).exec(); !run)
            return run;
        Statement shift(*d->connection,
            u"UPDATE uidls SET stored_at = stored_at + ? WHERE account_id = ? AND stored_at <> 0 AND stored_at <= ?"_s);
        for (const LineShift &time : shifts) {
            if (auto run = shift.bind(time.by).bind(account).bind(time.until).exec(); !run)
                return run;
        }
        if (!latest.isValid())
            return {};
        Statement cut(*d->connection, u"UPDATE uidls SET stored_at = ? WHERE account_id = ? AND stored_at > ?"_s);
        return cut.bind(latest).bind(account).bind(latest).exec();
    });
}

Expected<QDateTime> Writer::newestStored(AccountId account) const
{
    Statement select(*d->connection, u"SELECT max(stored_at) FROM uidls WHERE account_id = ?"_s);
    if (auto run = select.bind(account).exec(); !run)
        return std::unexpected(run.error());
    if (select.next())
        return select.time(0);
    if (auto end = select.outcome(); !end)
        return std::unexpected(end.error());
    return QDateTime();
}

} // namespace satchel::store
