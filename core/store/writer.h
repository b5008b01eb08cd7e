// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "base/fetchedelsewhere.h"
#include "base/message.h"
#include "store/ledger.h"
#include "store/prepared.h"

#include <QDeadlineTimer>
#include <QHash>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>

namespace satchel::store {

/// One message to store, with the place on the server it came from.
struct AppendItem {
    AccountId account;
    FolderId folder;
    UidlKey key; ///< an empty uidl: not from a server (imported), no ledger row is made
    qint64 serverSize = 0;
    QDateTime storedAt; ///< UTC
    MessageFlags flags;
    PreparedMessage message;
    bool stub = false; ///< only the beginning: it is shown, and never counts as stored
    QDateTime countedAt = {}; ///< what the ledger tells its age by (LedgerEntry::storedAt); invalid: storedAt
    bool doubted = false; ///< it may be another message than the one that the server names so (LedgerEntry::doubted)
    /// The row of `key` says "stored" already: these bytes confirm it, or they are another message that came under a
    /// name that was used before, and get an occurrence of their own.
    bool compare = false;
};

struct AppendOutcome {
    QList<MessageSummary> stored; ///< new rows, in the order given
    QList<MessageSummary> completed; ///< the whole took the place of its beginning, flags and folder kept
    QList<MovedMessage> retired; ///< beginnings of what turned out to be stored already: to the Removed folder
    int alreadyStored = 0; ///< items whose (account, key) was stored before: nothing was changed (law 2)
    QHash<UidlKey, UidlKey> others; ///< items that are not what their key names; by which key each is known now
};

/// What a message reads like to this program, where an older one had stored it.
struct RenewedRow {
    MessageId message;
    std::optional<PreparedMessage> row; ///< by prepareRow(); none: it stays as it is
};

/// The one read-write connection to the store (law 2). Lives on the mail thread; every call returns
/// when its one transaction is durable (law 1: `synchronous=FULL`), or with an error and nothing changed. Whose the
/// store is (store::StoreLock) is looked at before each transaction, before it is committed, and before that is
/// believed.
class Writer
{
public:
    /// Opens, or makes, the store in \a file and brings its schema up to date.
    /// Errors: StoreLocked, StoreTooNew, StoreDamaged, StoreFull, StoreFailed. \a takeOver: even where another computer
    /// has it open, as a person said that it is off. \a upgrading is told in percent how far a store of an older
    /// program is brought up to date: with much mail that takes its time. Not called where nothing is to be done.
    static Expected<std::unique_ptr<Writer>> open(
        const QString &file, bool takeOver = false, const std::function<void(int percent)> &upgrading = {});
    /// Makes an empty store in \a file, which is not there, and closes it: for one that takes the place of a lost one.
    static Expected<void> begin(const QString &file);
    ~Writer();
    Writer(const Writer &) = delete;
    Writer &operator=(const Writer &) = delete;

    [[nodiscard]] QString file() const;

    // Accounts
    Expected<QList<AccountSettings>> accounts() const; ///< in the order of `position`
    Expected<AccountSettings> addAccount(const AccountSettings &settings); ///< makes its folders; answers with its id
    Expected<void> updateAccount(const AccountSettings &settings);
    Expected<void> removeAccount(AccountId account); ///< with its mail and its ledger

    // Folders
    Expected<QList<FolderInfo>> folders() const; ///< with those of FolderRole::Removed
    Expected<FolderId> folder(AccountId account, FolderRole role) const;
    Expected<FolderInfo> addFolder(AccountId account, const QString &name, FolderId parent = {});
    Expected<void> renameFolder(FolderId folder, const QString &name); ///< own folders only
    /// With the folders below it; its mail moves to Trash. Own folders only.
    Expected<QList<MovedMessage>> removeFolder(FolderId folder);

    // Messages
    Expected<AppendOutcome> append(const QList<AppendItem> &batch);
    /// Answers with those of which it changed something.
    Expected<QList<MessageId>> setFlags(const QList<MessageId> &messages, MessageFlags set, MessageFlags clear);
    Expected<QList<MovedMessage>> move(const QList<MessageId> &messages, FolderId target); ///< answers what undo needs
    /// What was moved again since, or is gone, is left alone. NotFound when a folder to go back to is gone.
    Expected<void> moveBack(const QList<MovedMessage> &moves);
    /// Moves to the account's Removed folder, where undo still finds them; purge() ends that.
    /// Where the account wants deletions to reach the server, the ledger rows are marked `deleteWished`.
    Expected<QList<MovedMessage>> remove(const QList<MessageId> &messages);
    Expected<QList<MessageId>> removed() const; ///< what is in Removed, of all accounts
    /// Deletes for good what of \a messages is in Removed, as far as \a until allows; ledger rows stay. Answers how
    /// many.
    Expected<int> purge(const QList<MessageId> &messages, QDeadlineTimer until = QDeadlineTimer::Forever);
    Expected<int> purge(QDeadlineTimer until = QDeadlineTimer::Forever); ///< all that is in Removed

    /// Rows and words of messages that Reader::stale() named, the newest first; flags, folder and bytes stay. Answers
    /// what was there to be renewed.
    Expected<QList<MessageId>> renew(const QList<RenewedRow> &rows);

    // Ledger
    Expected<QList<LedgerEntry>> ledger(AccountId account) const;
    /// Row for row, in the order of their keys: of each, what a plan needs (neither sha256 nor firstSeen, absentSince,
    /// and message only of stubs), so that a large ledger is never in memory as a whole.
    Expected<void> eachLedgerEntry(AccountId account, const std::function<void(const LedgerEntry &)> &visit) const;
    Expected<bool> ledgerHolds(AccountId account, int rows) const; ///< as many at least
    /// Proves law 1 for one DELE: true when the ledger row of \a key is committed and its bytes, read from the file and
    /// held against their hash, are what came (or the person deleted a message that had been stored). StoreDamaged
    /// where they are not.
    Expected<bool> isStored(AccountId account, const UidlKey &key) const;
    /// The same, or the person ordered it to be deleted though it is lost then.
    Expected<bool> mayDelete(AccountId account, const UidlKey &key) const;
    /// What the person ordered for messages on the server.
    Expected<void> noteOrders(AccountId account, const QList<ServerOrder> &orders, const QDateTime &now);
    /// The same for messages of which only the beginning is here; others are left alone. Answers whose they are.
    Expected<QList<AccountId>> orderRest(
        const QList<MessageId> &messages, ServerOrder::Kind kind, const QDateTime &now);
    /// Learns from one complete UIDL listing (law 3): rows of \a absent become Absent, rows of
    /// \a present become Listed again. Only changes need to be named.
    Expected<void> noteListing(
        AccountId account, const QList<UidlKey> &present, const QList<UidlKey> &absent, const QDateTime &now);
    /// The server accepted these DELEs: each leaves a line in the log of deletions, with what is stored here of it.
    /// `key` and `rule` need to be set.
    Expected<void> noteDeleteSent(AccountId account, const QList<Deletion> &deletions, const QDateTime &now);
    Expected<QList<Deletion>> deletions(AccountId account, int limit = 1000) const; ///< newest first
    /// Ledger rows of stored messages by the hash of their header (store::headerHash).
    Expected<QHash<QByteArray, QList<UidlKey>>> findByHeader(AccountId account, const QList<QByteArray> &hashes) const;
    /// Of the message stored by \a key; empty when it is not known.
    Expected<QByteArray> headerHashOf(AccountId account, const UidlKey &key) const;
    struct Rebinding {
        UidlKey from;
        UidlKey to;
        qint64 serverSize = 0; ///< negative: as it was
        bool resized = false; ///< the size is not the one that was known (LedgerEntry::resized)
    };
    /// The header proved whose rows these are. The server gave known messages new UIDLs (Q30): their rows move, state
    /// and all. A row that stands at a new key already, without a stored message, gives way.
    Expected<void> rebind(AccountId account, const QList<Rebinding> &rows);
    /// What was stored by these keys may be other messages: the server's replies were out of step.
    Expected<void> doubt(AccountId account, const QList<UidlKey> &keys);
    /// By which one more message of this UIDL can be known.
    Expected<int> freeOccurrence(AccountId account, const QByteArray &uidl) const;
    Expected<void> noteFailure(AccountId account, const UidlKey &key, qint64 serverSize, const QDateTime &now);
    Expected<void> setSkipped(AccountId account, const UidlKey &key, bool skipped);
    Expected<void> forgiveFailures(AccountId account); ///< what failed is tried again at the next check, not later

    // What other programs have fetched
    Expected<void> noteFetchedElsewhere(AccountId account, const QList<FetchedElsewhere> &fetched);
    Expected<QList<FetchedElsewhere>> fetchedElsewhere(AccountId account) const; ///< not met in a listing yet
    struct KnownElsewhere {
        UidlKey key;
        qint64 serverSize = 0;
        UidlForm form = UidlForm::Exact;
        QByteArray recorded; ///< as the other program wrote it
    };
    /// Messages of a listing that were met among them: their ledger rows say so, and are no proof of anything stored.
    Expected<void> setElsewhere(AccountId account, const QList<KnownElsewhere> &messages, const QDateTime &now);
    /// The person wants them here as well: they are new from now on. Answers how many had been met.
    Expected<int> forgetElsewhere(AccountId account);

    /// Facts about the server that outlive a session, such as "does not survive pipelining" (Q3, Q42).
    Expected<QByteArray> accountFact(AccountId account, const QString &name) const;
    Expected<void> setAccountFact(AccountId account, const QString &name, const QByteArray &value);
    /// Such a fact about the account's clock, together with what it says of the times in the ledger: \a shifts one
    /// after the other, and nothing later than \a latest (if that is valid), because it cannot have been stored yet.
    Expected<void> keepClock(AccountId account, const QString &name, const QByteArray &value,
        const QList<LineShift> &shifts, const QDateTime &latest = {});
    Expected<QDateTime> newestStored(AccountId account) const; ///< by the ledger; invalid: nothing was

    /// Facts of the store itself: "profile" is the id of the profile that it is used with (store::profileIdOf()).
    Expected<QByteArray> storeFact(const QString &name) const;
    Expected<void> setStoreFact(const QString &name, const QByteArray &value);

    // Care of the file
    /// What was done in opening that a person should know, a sentence each.
    [[nodiscard]] QStringList remarks() const;
    /// What is wrong with the file, up to 20 findings; empty: nothing. \a thorough also compares indexes with tables.
    Expected<QStringList> checkIntegrity(bool thorough = false);
    /// For a store that was made of a backup: no row of the ledger is trusted before the server has shown the header,
    /// no wish to delete there is kept, and what was deleted for good but still is here goes back to Trash.
    Expected<void> doubtLedger();
    /// Every minute or so: tells other computers that may see the profile that this one is still at work, and looks
    /// whether one of them has taken the store over.
    void touchLock();
    /// \a lost is called once, from within whatever call finds out that the lock belongs to somebody else (or, isFree,
    /// to nobody): from then on every call fails with that error, and nothing is written, when it is destroyed either.
    /// It should be soon.
    void onLost(std::function<void(const Error &, bool isFree)> lost);

private:
    struct Private;
    explicit Writer(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace satchel::store
