// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "base/message.h"
#include "store/connection.h"
#include "store/pagecells.h"
#include "store/prepared.h"

#include <QHash>
#include <QSet>

#include <memory>

namespace satchel::store {

/// A row of `messages` as the damaged file has it.
struct SalvagedPlace {
    MessageId id; ///< invalid: a new one
    FolderId folder;
    qint64 flags = 0;
    qint64 date = 0;
    qint64 stored = 0;
};

/// The new store that a repair fills. Its rows keep their ids. One thread, with salvage().
class SalvageTarget
{
public:
    static Expected<std::unique_ptr<SalvageTarget>> open(const QString &file);

    Expected<void> begin() { return m_connection->run(QStringLiteral("BEGIN IMMEDIATE")); }
    Expected<void> commit() { return m_connection->run(QStringLiteral("COMMIT")); }

    /// Tables of the schema whose rows are taken over as they are.
    [[nodiscard]] QStringList plainTables() const;
    /// A row with its rowid, or one without; what does not fit the table is left out.
    void takeRow(const QString &table, qint64 rowid, const QList<RawValue> &values);
    /// After accounts and folders were taken: makes what every account needs, and accounts that others refer to.
    Expected<void> completeAccounts();
    [[nodiscard]] qint64 accountCount() const { return m_accounts.size(); }

    [[nodiscard]] bool knowsFolder(FolderId folder) const { return m_folders.contains(folder); }
    /// Holds what has lost its place. \a damaged: the one for bytes that are not as they were.
    Expected<FolderId> refuge(AccountId account, bool damaged);

    Expected<bool> holds(const QByteArray &sha256);
    /// With its source row \a id (0: a new one), at each of \a places.
    Expected<void> addMessage(qint64 id, const PreparedMessage &message, const QList<SalvagedPlace> &places);

    /// A row of `uidls`. False when it says "stored" of what is not here: then it says so no more (law 1).
    Expected<bool> takeLedgerRow(const QList<RawValue> &values);
    /// After the last row: nothing in the ledger is trusted (LedgerEntry::doubted).
    Expected<void> finish();
    /// Ids that were given out are not given out again.
    Expected<void> takeSequence(const QString &table, qint64 last);

private:
    explicit SalvageTarget(std::unique_ptr<Connection> connection)
        : m_connection(std::move(connection))
    {
    }
    /// In the order in which rows hold them.
    QStringList columnsOf(const QString &table);
    bool insert(const QString &table, qint64 rowid, const QList<RawValue> &values);
    Expected<MessageId> existing(MessageId message);
    Expected<MessageId> messageOf(const QByteArray &sha256, MessageId preferred);

    std::unique_ptr<Connection> m_connection;
    QHash<QString, QStringList> m_columns;
    QSet<AccountId> m_accounts;
    QHash<FolderId, AccountId> m_folders;
    QSet<AccountId> m_missing; ///< others refer to them
    QHash<std::pair<AccountId, bool>, FolderId> m_refuges;
};

} // namespace satchel::store
