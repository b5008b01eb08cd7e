// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "net/credentials.h"
#include "net/wirelog.h"
#include "store/writer.h"
#include "sync/clockwatch.h"
#include "sync/mailcheck.h"
#include "sync/schedule.h"
#include "sync/types.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

namespace satchel::sync {

/// Where a mailbox is looked at while a check of it is due: it waits while the other is busy, and goes on with its
/// session where there is one.
class MailboxHolder
{
public:
    virtual ~MailboxHolder() = default;
    [[nodiscard]] virtual bool isBusy(const AccountSettings &mailbox) const = 0;
    [[nodiscard]] virtual bool hasSession(const AccountSettings &mailbox) const = 0; ///< that is logged in
    [[nodiscard]] virtual std::unique_ptr<pop3::Session> handOver(const AccountSettings &mailbox) = 0;
};

/// Decides when which mailbox is visited, and runs the visits: some accounts side by side, but one session per mailbox
/// at a time (Q53), even where two accounts name the same one, and none before the server lets anybody in again (Q16).
/// Where a server hands its mailbox out in portions, one check is as many visits as bring something (Q36).
/// Lives on the mail thread.
class CheckQueue : public QObject
{
    Q_OBJECT

public:
    CheckQueue(
        store::Writer &writer, TransportFactory connectTo, const Clock &clock = Clock(), QObject *parent = nullptr);
    ~CheckQueue() override;

    void setSessionOptions(const pop3::SessionOptions &options) { m_options = options; }
    void setAccounts(const QList<AccountSettings> &accounts); ///< those that are gone are cancelled
    /// The answer to credentialsNeeded() and tokenRefused(); the check that waits for it goes on.
    void setCredentials(AccountId account, const net::Credentials &credentials);
    /// They have changed: asked for again when they are needed, and at once by a check that waits for them.
    void forgetCredentials(AccountId account);
    /// The other answer: there are none. A check that waits for them ends with \a error; one whose token was refused
    /// ends, if that is empty, with what the server said.
    void refuseCredentials(AccountId account, const Error &error = {});
    void setScheduled(bool scheduled); ///< whether checks start by themselves
    void setOffline(bool offline);
    /// Accounts that were not checked yet wait for their interval, as if they had been checked now.
    void waitForIntervals();
    /// Nothing leaves a server while the store is known to be damaged; new mail is fetched all the same.
    void holdDeletions(bool hold);
    void announceAll(); ///< announced() for each server that was visited before

    void check(const QList<AccountId> &accounts); ///< empty: all that are enabled
    /// A check that may delete so many messages on the server which were held back before (CheckResult::heldDeletions).
    void checkAndDelete(AccountId account, int consented);
    /// The same consent for the next check, whenever it is.
    void consent(AccountId account, int count);
    [[nodiscard]] int consented(AccountId account) const { return m_entries.value(account).consented; }
    /// A check that does what the person ordered for messages on the server, and nothing else.
    void carryOutOrders(AccountId account);
    void setHolder(MailboxHolder *holder) { m_holder = holder; } ///< outlives the queue, or is taken back
    void startWanted(); ///< those that can: to be called when a mailbox has become free
    [[nodiscard]] bool isVisiting(const AccountSettings &mailbox) const;
    /// Until when somebody who wishes it waits, because the server has refused to let anybody into \a mailbox so soon
    /// (LOGIN-DELAY, Q16); nullopt: it is tried now.
    [[nodiscard]] std::optional<QDateTime> closedUntil(const AccountSettings &mailbox) const;
    /// The same for somebody who has a session and would rather keep it than be refused another one.
    [[nodiscard]] std::optional<QDateTime> renewableAt(const AccountSettings &mailbox) const;
    [[nodiscard]] const Clock &clock() const { return m_clock; }
    void noteLogin(const ServerAnnouncement &server); ///< of somebody else than a check
    /// Somebody else was refused for being too soon: the delay that is learned from it begins now.
    void noteTooSoon(AccountId account);
    [[nodiscard]] std::optional<net::Credentials> credentials(AccountId account) const;
    using Known = QList<std::pair<AccountSettings, net::Credentials>>;
    [[nodiscard]] Known knownCredentials() const; ///< for the queue of the store that is opened in place of this one
    void setKnownCredentials(const Known &known); ///< of accounts that are there and still sign in like that
    void cancel(AccountId account); ///< invalid: all
    [[nodiscard]] bool isRunning() const;
    [[nodiscard]] bool hasOnlyNewLooks(const AccountSettings &changed) const;

    /// More sessions at once only take the line from each other.
    static constexpr int mostAtOnce = 6;

    /// The network is back: what is worth a look is checked a few seconds later, however often this is called.
    void noteNetworkReturned();
    /// The computer slept: connections from before are dead, and the schedule is looked at again.
    void noteSlept();
    void setOccasionDelay(std::chrono::milliseconds delay) { m_occasion.setInterval(delay); } ///< for tests

Q_SIGNALS:
    void credentialsNeeded(satchel::AccountId account);
    /// The server refused the access token; the check waits for a newer one, once (Q9).
    void tokenRefused(satchel::AccountId account);
    /// The person's wish waits: the server has refused one, and lets nobody in before \a until. It is done then.
    void postponed(satchel::AccountId account, const QDateTime &until);
    void started(satchel::AccountId account);
    void progressed(const satchel::sync::CheckProgress &progress);
    void arrived(const QList<satchel::MessageSummary> &messages);
    void completed(const QList<satchel::MessageSummary> &messages, const QList<satchel::MovedMessage> &retired);
    void checked(const satchel::sync::CheckResult &result);
    void stateChanged(const satchel::sync::AccountState &state);
    void woke(); ///< the computer slept: much may have happened meanwhile
    void announced(const satchel::sync::ServerAnnouncement &server);
    void wire(satchel::AccountId account, const satchel::net::WireLine &line);

private:
    struct Entry {
        AccountSettings settings;
        std::optional<net::Credentials> credentials;
        CheckHistory history;
        ServerAnnouncement server;
        MailCheck *running = nullptr;
        bool wanted = false; ///< asked for, and waiting for credentials, for the mailbox to be free or for its hour
        bool byHand = false; ///< a person asked for it
        bool runsByHand = false; ///< the same of the one that runs
        bool ordersWanted = false; ///< the same, for what was ordered alone
        int consented = 0; ///< deletions that a person agreed to, for the next check
        int consentUsed = 0; ///< of these, given to the running check
        bool asked = false; ///< credentialsNeeded() was emitted for this wish
        bool renewed = false; ///< tokenRefused() was emitted for this wish
        std::optional<CheckResult> refused; ///< of a check that waits for a newer token
        bool waiting = false; ///< said to be waiting for its turn
        AccountState told; ///< what stateChanged() said last
        bool postponed = false; ///< postponed() was emitted for this wish
        std::optional<QDateTime> occasion; ///< due then, whatever the interval says
        std::optional<CheckResult> rounds; ///< what the visits of this check did until now
    };

    void start(Entry &entry);
    static void forgetCredentials(Entry &entry);
    void sayWaiting(Entry &entry, const QDateTime &now);
    [[nodiscard]] static bool shouldRenewToken(const Entry &entry, const CheckResult &result);
    void finish(AccountId account, CheckResult result);
    void learn(Entry &entry, const CheckResult &result);
    void plan();
    void forgetTheFuture(const QDateTime &now);
    void startDue();
    void tell(Entry &entry, const QDateTime &now);
    void takeOccasion();
    [[nodiscard]] std::optional<QDateTime> dueAt(const Entry &entry, const QDateTime &now) const;
    [[nodiscard]] std::optional<QDateTime> mayNotStartBefore(const Entry &entry) const;
    using Earliest = std::optional<QDateTime> (*)(const CheckHistory &, const QDateTime &);
    [[nodiscard]] std::optional<QDateTime> latest(const AccountSettings &mailbox, Earliest rule) const;
    void keep(Entry &entry, ServerAnnouncement server, bool tooSoon);
    [[nodiscard]] bool isFree(const AccountSettings &mailbox) const;
    [[nodiscard]] bool mayRun(const Entry &entry) const; ///< nobody is in its way

    store::Writer &m_writer;
    const TransportFactory m_connectTo;
    const Clock m_clock;
    pop3::SessionOptions m_options;
    MailboxHolder *m_holder = nullptr;
    QHash<AccountId, Entry> m_entries;
    QTimer m_timer;
    QTimer m_occasion;
    ClockWatch m_clockWatch;
    bool m_scheduled = false;
    bool m_holdsDeletions = false;
    bool m_offline = false;
};

} // namespace satchel::sync
