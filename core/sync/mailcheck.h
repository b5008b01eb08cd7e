// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "net/credentials.h"
#include "net/transport.h"
#include "pop3/session.h"
#include "store/writer.h"
#include "sync/beginnings.h"
#include "sync/failures.h"
#include "sync/intake.h"
#include "sync/lastlisting.h"
#include "sync/outofstep.h"
#include "sync/removal.h"
#include "sync/retrievalplan.h"
#include "sync/serverfacts.h"
#include "sync/survey.h"
#include "sync/types.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QSet>

#include <functional>
#include <memory>
#include <optional>

namespace satchel::sync {

using TransportFactory = std::function<std::unique_ptr<net::Transport>(const net::Endpoint &)>;

/// One visit to one mailbox: log in, list, fetch what is new, delete what is due, take leave.
///
/// Lives on the mail thread, once; start it, and finished() comes exactly once. The connections made in the
/// constructor, in protocol order, are the state machine. It keeps the laws: a message is stored durably before
/// its DELE is sent, and each DELE is proven against the ledger (1); what is gone is learned from the listing (3);
/// after a store error the session ends without QUIT (4); DELE goes only to a message that was seen in this visit (13):
/// fetched, or looked at by Survey or LastLook. What turns out to be another one than its name says is fetched.
class MailCheck : public QObject
{
    Q_OBJECT

public:
    /// \a session: one that is logged in, to go on with; null: the check connects by itself.
    MailCheck(const AccountSettings &account, const net::Credentials &credentials, store::Writer &writer,
        const TransportFactory &connectTo, const pop3::SessionOptions &options = {}, QObject *parent = nullptr,
        std::unique_ptr<pop3::Session> session = {}, const Clock &clock = Clock());
    ~MailCheck() override;

    /// Lets so many messages leave the server that were stored in earlier visits, without asking again (Q52).
    void setConsentedDeletions(qsizetype count) { m_survey->setConsentedDeletions(count); }
    /// Does what was ordered by hand (store::ServerOrder), and nothing else.
    void setOrdersOnly() { m_ordersOnly = true; }
    /// Deletes nothing on the server: the store is known to be damaged (CheckResult::waitingDeletions).
    void holdDeletions(bool hold) { m_holdsDeletions = hold; }
    void start();
    void cancel(); ///< ends at once, without QUIT; of the messages that came, those that are being stored still are
    void interrupt(); ///< the same where the connection cannot be alive any more: not the person's wish

    [[nodiscard]] const AccountSettings &account() const { return m_account; }

Q_SIGNALS:
    void progressed(const satchel::sync::CheckProgress &progress);
    void arrived(const QList<satchel::MessageSummary> &messages);
    /// Messages that were here in part are whole; beginnings of what was stored already went.
    void completed(const QList<satchel::MessageSummary> &messages, const QList<satchel::MovedMessage> &retired);
    void wire(const satchel::net::WireLine &line);
    void finished(const satchel::sync::CheckResult &result);

private:
    // In protocol order
    void enter(); ///< greeted and encrypted
    void list();
    void begin(); ///< what is on the server is known, and what is to be done
    void request(); ///< as many RETR as may be under way
    template <class Message, class Put>
    void receive(int number, const Message &message, const Put &put);
    void noteStored(const QList<store::UidlKey> &keys, qint64 bytes, const QList<MessageSummary> &summaries);
    void storeBeginnings(); ///< of what is above the size limit, once everything else is here
    void removeWhatIsDue();
    void fetchWhatDiffers(); ///< of what was to be deleted; then it is looked again what is due
    void takeLeave();
    void complete();

    [[nodiscard]] bool isTopUsable() const;
    void refuse(pop3::Verb verb, int number, const Error &error);
    void refuseMessage(int number, const Error &error);
    [[nodiscard]] bool mayHoldMore() const;
    void noteCompleted(const QList<MessageSummary> &messages, const QList<MovedMessage> &retired);
    void loseConnection(const Error &error);
    void endWith(const Error &error);
    void finish();
    [[nodiscard]] bool mayRequest(const PlannedMessage &next) const;
    /// What came in this visit, and may be the answer to another question, now that it ended with this error.
    [[nodiscard]] QList<store::UidlKey> doubtfulAfter(const Error &error) const;
    [[nodiscard]] LastListing whatIsLeft() const; ///< on the server, as far as this visit knows
    void report(CheckPhase phase, bool now);

    const AccountSettings m_account;
    const net::Credentials m_credentials;
    const Clock m_clock;
    store::Writer &m_writer;
    ServerFacts m_facts;
    std::optional<Error> m_obstacle; ///< why no server is asked
    std::unique_ptr<pop3::Session> m_session;
    std::unique_ptr<Survey> m_survey;
    std::unique_ptr<Intake> m_intake;
    std::unique_ptr<Failures> m_failures;
    std::unique_ptr<Beginnings> m_beginnings; ///< once it is their turn

    QDateTime m_loginAt;
    RetrievalPlan m_plan;
    qsizetype m_nextFetch = 0;
    QHash<int, PlannedMessage> m_requested; ///< by message number: RETR is on its way
    QHash<store::UidlKey, PlannedMessage> m_storing; ///< received, not yet durable
    qint64 m_underWay = 0; ///< listed bytes of both
    QList<PlannedMessage> m_storedNow;
    QSet<int> m_fetchedAgain; ///< message numbers: because of what a look before DELE told
    QHash<store::UidlKey, store::UidlKey> m_differed; ///< of those to compare (Intake::differed)
    QHash<store::UidlKey, int> m_storedKeys; ///< all of this visit, with their message numbers
    StepWatch m_step;
    std::unique_ptr<Removal> m_removal;
    const bool m_connected; ///< from the beginning: the session was handed over
    bool m_ordersOnly = false;
    bool m_holdsDeletions = false;
    bool m_listed = false;
    bool m_deletionsDone = false; ///< QUIT was accepted, or got lost
    bool m_quitting = false;
    bool m_finished = false;

    CheckProgress m_progress;
    QElapsedTimer m_sinceReport;
    CheckResult m_result;
};

} // namespace satchel::sync
