// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/fetchedelsewhere.h"
#include "base/message.h"
#include "net/credentials.h"
#include "net/wirelog.h"
#include "sync/mailboxtypes.h"
#include "sync/mailcheck.h"
#include "sync/trialresult.h"
#include "sync/types.h"

#include <QHash>
#include <QObject>

#include <memory>

namespace satchel::sync {

/// The mail thread's front: takes wishes, owns the one store::Writer and the running checks, says what
/// happened. Lives on the mail thread from open() on; its slots are reached by queued signals only.
///
/// Nothing asks in the middle: a missing password or an unknown certificate ends a check with a typed error,
/// and the person's answer starts a new one. Secrets pass through setCredentials() and stay in memory.
class Engine : public QObject
{
    Q_OBJECT

public:
    /// \a connectTo makes the transports of checks; without one they are TLS sockets.
    explicit Engine(
        QString storeFile, TransportFactory connectTo = {}, QObject *parent = nullptr, const Clock &clock = Clock());
    ~Engine() override;

    /// Before open(): what the store is told of the profile that it is used with.
    void setProfileId(const QString &id);

public Q_SLOTS:
    /// Opens the store; opened() or openFailed(). What may pass by itself is tried again by itself (base/remedy.h).
    void open();
    /// The same where another computer has it open that the person knows to be off.
    void takeOver();
    void release(); ///< aborts checks and closes the store, so that its file may be replaced; released(). open() again
    void close(); ///< aborts checks, purges what was removed, closes the store; closed()

    void addAccount(const satchel::AccountSettings &settings, const satchel::net::Credentials &credentials);
    /// The same for a mailbox that other programs have read: what they fetched is not fetched again.
    void addAccountKnowing(const satchel::AccountSettings &settings, const satchel::net::Credentials &credentials,
        const QList<satchel::FetchedElsewhere> &fetched);
    void updateAccount(const satchel::AccountSettings &settings);
    void removeAccount(satchel::AccountId account); ///< with its mail
    /// The account is given up, its mail stays: it becomes one without a server (base/localaccount.h).
    void retireAccount(satchel::AccountId account);
    void setCredentials(satchel::AccountId account, const satchel::net::Credentials &credentials);
    /// A secret of the account has changed: the next check asks anew for all that it needs.
    void forgetCredentials(satchel::AccountId account);
    /// The other answer to credentialsNeeded() and tokenRefused(): there are none. Whoever waits for them ends with
    /// \a error; a check whose token was refused, if that is empty, with what the server said.
    void refuseCredentials(satchel::AccountId account, const satchel::Error &error);

    /// Whether settings work, before there is an account: nothing is stored or changed. tried() follows, with \a
    /// number, by which it is known; a trial that is under way is given up.
    void tryAccount(int number, const satchel::AccountSettings &settings, const satchel::net::Credentials &credentials);
    void cancelTrial(); ///< no tried() follows
    void addSampleMail(); ///< to look around in; accountAdded() follows, also where it is there already

    /// Damage was found in the store, or is over: until then nothing is deleted on servers.
    void holdDeletions(bool hold);
    void setScheduled(bool scheduled); ///< whether checks start by themselves, each account at its interval
    /// No check at the start: accounts that were not checked yet wait for their interval.
    void waitForIntervals();
    void checkMail(const QList<satchel::AccountId> &accounts); ///< empty: all that are enabled
    /// The person agreed that so many messages leave the server, which a check held back: it is done now.
    void deleteHeldBack(satchel::AccountId account, int count);
    /// The person agreed that so many messages leave the server when the account is checked next.
    void consentToDeletions(satchel::AccountId account, int count);
    /// What would the next check do, were these the account's settings? forecastMade() bears \a question.
    void makeForecast(const satchel::AccountSettings &settings, quint64 question);
    void retryFailed(satchel::AccountId account); ///< a check that tries every message again which failed before
    void fetchElsewhere(satchel::AccountId account); ///< one that fetches what other programs have fetched as well
    void cancelCheck(satchel::AccountId account); ///< invalid: all
    void noteNetworkReturned(); ///< accounts that are worth a look are checked a few seconds later
    void setOffline(bool offline); ///< "Work offline": running checks are cancelled, timers rest

    void setFlags(const QList<satchel::MessageId> &messages, satchel::MessageFlags set, satchel::MessageFlags clear);
    void moveMessages(const QList<satchel::MessageId> &messages, satchel::FolderId target);
    void moveToRole(const QList<satchel::MessageId> &messages, satchel::FolderRole role); ///< each in its own account
    /// To Trash; those already in Trash are removed for good (undo still finds them until the program ends).
    void deleteMessages(const QList<satchel::MessageId> &messages);
    void emptyFolder(satchel::FolderId folder); ///< Trash or Junk: removes all in it
    void undo(const satchel::sync::UndoStep &step);

    /// Of messages of which only the beginning is here: the whole is wanted, and got at once where that can be.
    void getWhole(const QList<satchel::MessageId> &messages);
    /// The rest of them is not wanted. \a deleteOnServer: it is lost then, and the person agreed.
    void refuseRest(const QList<satchel::MessageId> &messages, bool deleteOnServer);

    // The look at a mailbox, for as long as its window is open
    void openMailbox(satchel::AccountId account); ///< lists; again where it is open
    void closeMailbox(satchel::AccountId account);
    void wantHeaders(satchel::AccountId account, const QList<int> &messages); ///< of the rows in sight, and no others
    void wantPreview(satchel::AccountId account, int message);
    void applyToMailbox(satchel::AccountId account, const QList<satchel::sync::ServerWish> &wishes);

    void addFolder(satchel::AccountId account, const QString &name, satchel::FolderId parent);
    void renameFolder(satchel::FolderId folder, const QString &name);
    void removeFolder(satchel::FolderId folder);

Q_SIGNALS:
    void opened(const QList<satchel::AccountSettings> &accounts);
    void openFailed(const satchel::Error &error);
    /// Before either of them: a store of an older program is brought up to date, and this much of it is done.
    void upgrading(int percent);
    void closed();
    void released();
    void accountsChanged(const QList<satchel::AccountSettings> &accounts);
    void accountAdded(const satchel::AccountSettings &account);
    void credentialsNeeded(satchel::AccountId account); ///< a check was asked for and no secret is known
    /// A server refused the access token of a check, which waits for the answer: setCredentials() with a newer one, or
    /// refuseCredentials(). Once for each check (Q9).
    void tokenRefused(satchel::AccountId account);
    void trialProgressed(satchel::sync::CheckPhase phase);
    void tried(int number, const satchel::sync::TrialResult &result);
    void arrived(const QList<satchel::MessageSummary> &messages);
    void changed(const satchel::sync::StoreChange &change);
    void undoable(const satchel::sync::UndoStep &step); ///< follows changed() of a wish that can be taken back
    void checkStarted(satchel::AccountId account);
    /// The check that was asked for is done at \a until: the server lets nobody in before (LOGIN-DELAY).
    void checkPostponed(satchel::AccountId account, const QDateTime &until);
    void progressed(const satchel::sync::CheckProgress &progress);
    void checked(const satchel::sync::CheckResult &result);
    void forecastMade(const satchel::sync::Forecast &forecast);
    void mailboxPhaseChanged(satchel::AccountId account, satchel::sync::VisitPhase phase);
    void mailboxListed(const satchel::sync::ServerListing &listing);
    void mailboxHeadersKnown(satchel::AccountId account, const QList<satchel::sync::ServerHeader> &headers);
    void mailboxPreviewed(satchel::AccountId account, const satchel::sync::ServerPreview &preview);
    /// With VisitPhase::Delayed: the server lets nobody in before \a until; the mailbox is listed then.
    void mailboxDelayed(satchel::AccountId account, const QDateTime &until);
    void mailboxFailed(satchel::AccountId account, const satchel::Error &error);
    void stateChanged(const satchel::sync::AccountState &state); ///< last check, next check, error
    /// After opened() for each server that was visited before, later whenever it says something else.
    void serverAnnounced(const satchel::sync::ServerAnnouncement &server);
    void failed(const satchel::Error &error); ///< a wish could not be done
    void wire(satchel::AccountId account, const satchel::net::WireLine &line);

private:
    struct Place {
        MessageId message;
        FolderId folder;
    };
    struct Places {
        QHash<FolderId, FolderInfo> folders;
        QHash<AccountId, QList<Place>> byAccount;

        [[nodiscard]] FolderId withRole(AccountId account, FolderRole role) const;
    };

    template <class T>
    bool succeeded(const Expected<T> &outcome); ///< says why when not
    bool isOpen();
    Places placesOf(const QList<MessageId> &messages);
    void orderRest(const QList<MessageId> &messages, store::ServerOrder::Kind kind);
    void removeForGood(const QList<MessageId> &messages, QList<MovedMessage> moves);
    void openStore(bool takeOver);
    void closeForAWhile();
    void letGo(const Error &error, bool isFree);
    void failToOpen(const Error &error);
    void announceAccounts();
    void announceFolders(bool accounts);
    void announceMoves(const QString &text, const QList<MovedMessage> &moves);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace satchel::sync
