// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/connection.h"
#include "store/storelock.h"
#include "store/writer.h"

#include <functional>

namespace satchel::store {

constexpr int cacheKiB = 16384;

struct Writer::Private {
    // The lock outlives the connections.
    std::unique_ptr<StoreLock> lock;
    /// Reads nothing, and is only there: while it is, SQLite does not write the log back when the other is closed, and
    /// cannot when this one is. So a store that was lost is let go of without a write.
    std::unique_ptr<Connection> companion;
    std::unique_ptr<Connection> connection;
    std::function<void(const Error &, bool isFree)> lost;
    QStringList remarks;
    qint64 bytesCommitted = 0;
    qint64 logBytesThen = 0; ///< when it was last moved into the file
    qint64 commits = 0;

    /// Whether the lock is still ours; who wants to know that it was lost is told once.
    Expected<void> verify();
    void noteCommitted(qint64 bytes);

    [[nodiscard]] Expected<FolderInfo> folderInfo(FolderId folder);
    [[nodiscard]] Expected<FolderId> folderOf(AccountId account, FolderRole role);
    /// Within a transaction: moves what is there and not in \a target yet.
    [[nodiscard]] Expected<QList<MovedMessage>> moveTo(const QList<MessageId> &messages, const FolderInfo &target);
    [[nodiscard]] Expected<QList<MessageId>> messagesIn(FolderId folder);
    /// Whether the ledger says that \a key is stored, and its message, where the person has kept it, is what came.
    /// \a orLost: also where the ledger says that it may get lost.
    [[nodiscard]] Expected<bool> provesStored(AccountId account, const UidlKey &key, bool orLost);
    /// Within a transaction: deletes messages with their bytes and their words.
    [[nodiscard]] Expected<void> erase(const QList<MessageId> &messages);
    /// Makes the file smaller when a quarter of it is unused.
    [[nodiscard]] Expected<void> giveBackSpace(QDeadlineTimer until);
    /// Within a transaction: what a move between folders means for the copy on the server.
    [[nodiscard]] Expected<void> noteMove(MessageId message, FolderRole from, FolderRole to);
    /// Within a transaction: a message that is wanted again is not to leave the server any more.
    [[nodiscard]] Expected<void> takeBackWish(MessageId message);
};

} // namespace satchel::store
