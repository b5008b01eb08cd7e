// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/deletion.h"
#include "base/error.h"
#include "base/message.h"

#include <QString>

#include <functional>
#include <memory>

namespace satchel::store {

/// What a list shows: a folder, the Inboxes of all accounts, or everything.
struct ListScope {
    FolderId folder = {}; ///< none: see allInboxes
    bool allInboxes = false; ///< with no folder: true for all Inboxes, false for everything that is shown
    bool unreadOnly = false;
    bool starredOnly = false;
    bool withAttachmentOnly = false;

    friend bool operator==(const ListScope &, const ListScope &) = default;
};

/// Asked now and then by long work; true ends it with ErrorKind::Cancelled. Empty: never.
using Cancelled = std::function<bool()>;

/// A read-only connection to the store. Each lives on the one thread that opened it; statements are
/// finished before a call returns, so that no reader pins the write-ahead log.
class Reader
{
public:
    /// StoreFailed while the writer has not made (or migrated) the file yet: try again later. StoreTooNew,
    /// StoreDamaged. StoreLocked while another computer has it open: what it writes cannot be seen safely from here.
    static Expected<std::unique_ptr<Reader>> open(const QString &file);
    ~Reader();
    Reader(const Reader &) = delete;
    Reader &operator=(const Reader &) = delete;

    Expected<QList<AccountSettings>> accounts() const;
    Expected<QList<FolderInfo>> folders() const; ///< without those of FolderRole::Removed

    /// All ids of a scope in order: read from an index, never sorted (design.md §6).
    /// Ties go by id in the same direction.
    Expected<QList<MessageId>> list(const ListScope &scope, SortOrder order, const Cancelled &cancelled = {}) const;

    /// Summaries in the order of \a ids; an id that is gone is left out.
    Expected<QList<MessageSummary>> summaries(const QList<MessageId> &ids) const;

    /// What was deleted on servers, newest first; \a account none: on all.
    Expected<QList<DeletionRecord>> deletions(AccountId account, int limit) const;

    /// The bytes that the server sent (law 9). NotFound, StoreDamaged (the hash does not match).
    Expected<QByteArray> source(MessageId message) const;

    /// The newest of the messages whose rows and words an older program made: to be read again (Writer::renew()).
    Expected<QList<MessageId>> stale(int limit) const;

    /// Messages that hold all the words of \a query, within \a scope. Words are found from their
    /// beginning (one letter alone is a whole word); "quoted words" are a phrase; from: to: subject: body: file: look
    /// in one place; -word excludes.
    /// \a limit 0: all. In the given order. By Date, or by arrival, with a limit is the fast one: it takes those that
    /// arrived last (or, ascending, first) by id, and only these are put in order of their dates.
    Expected<QList<MessageId>> search(const QString &query, const ListScope &scope, SortOrder order, int limit = 0,
        const Cancelled &cancelled = {}) const;

private:
    struct Private;
    explicit Reader(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace satchel::store
