// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "net/credentials.h"
#include "net/transport.h"
#include "pop3/session.h"
#include "store/writer.h"
#include "sync/intake.h"
#include "sync/lastlisting.h"
#include "sync/recognition.h"
#include "sync/retrievalplan.h"
#include "sync/serverfacts.h"
#include "sync/types.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QSet>

#include <functional>
#include <memory>

namespace satchel::sync {

using TransportFactory = std::function<std::unique_ptr<net::Transport>(const net::Endpoint &)>;

/// One visit to one mailbox: log in, list, fetch what is new, delete what is due, take leave.
///
/// Lives on the mail thread, once; start it, and finished() comes exactly once. The connections made in the
/// constructor, in protocol order, are the state machine. It keeps the laws: a message is stored durably before
/// its DELE is sent, and each DELE is proven against the ledger (1); what is gone is learned from the listing (3);
/// after a store error the session ends without QUIT (4).
class MailCheck : public QObject
{
    Q_OBJECT

public:
    MailCheck(const AccountSettings &account, const net::Credentials &credentials, store::Writer &writer,
              const TransportFactory &connectTo, const pop3::SessionOptions &options = {}, QObject *parent = nullptr);
    ~MailCheck() override;

    /// Lets so many messages leave the server that were stored in earlier visits, without asking again (Q52).
    void setConsentedDeletions(qsizetype count) { m_consented = count; }
    void start();
    void cancel(); ///< ends at once, without QUIT; whole messages that came are stored first

    [[nodiscard]] const AccountSettings &account() const { return m_account; }

Q_SIGNALS:
    void progressed(const satchel::sync::CheckProgress &progress);
    void arrived(const QList<satchel::MessageSummary> &messages);
    void wire(const satchel::net::WireLine &line);
    void finished(const satchel::sync::CheckResult &result);

private:
    // In protocol order
    void enter(); ///< greeted and encrypted
    void list();
    void takeListing(const QList<pop3::ListedMessage> &listing, bool uidlSupported);
    void recognise(int number, const QByteArray &header);
    void planVisit(); ///< once, or again after headers told more
    void begin();
    void request(); ///< as many RETR as may be under way
    void receive(int number, const QByteArray &message);
    void noteStored(const QList<store::UidlKey> &keys, qint64 bytes, const QList<MessageSummary> &summaries);
    void removeWhatIsDue();
    void noteDeleted(int number);
    void takeLeave();
    void complete();

    void refuse(pop3::Verb verb, int number, const Error &error);
    void refuseMessage(int number);
    void refuseHeader(int number);
    void askForHeaders(const QList<pop3::ListedMessage> &suspects);
    void settleRecognition();
    void loseConnection(const Error &error);
    void endWith(const Error &error);
    void finish();
    [[nodiscard]] bool mayRequest(const PlannedMessage &next) const;
    [[nodiscard]] LastListing whatIsLeft() const; ///< on the server, as far as this visit knows
    void report(CheckPhase phase, bool now);

    const AccountSettings m_account;
    const net::Credentials m_credentials;
    store::Writer &m_writer;
    ServerFacts m_facts;
    std::unique_ptr<pop3::Session> m_session;
    std::unique_ptr<Intake> m_intake;

    Recognition m_recognition;
    QList<pop3::ListedMessage> m_listing;
    QSet<int> m_awaitedHeaders; ///< TOP is on its way
    bool m_nameless = false; ///< the server gives no UIDL
    bool m_recognised = false; ///< headers were asked for already
    qsizetype m_consented = 0;
    RetrievalPlan m_plan;
    qsizetype m_nextFetch = 0;
    QHash<int, PlannedMessage> m_requested; ///< by message number: RETR is on its way
    QHash<store::UidlKey, PlannedMessage> m_storing; ///< received, not yet durable
    qint64 m_underWay = 0; ///< listed bytes of both
    QList<PlannedMessage> m_storedNow;
    QHash<int, PlannedMessage> m_deleting; ///< DELE is on its way
    QList<PlannedMessage> m_deleted; ///< DELE was accepted
    bool m_listed = false;
    bool m_deletionsDone = false; ///< QUIT was accepted, or got lost
    bool m_quitting = false;
    bool m_finished = false;

    CheckProgress m_progress;
    QElapsedTimer m_sinceReport;
    CheckResult m_result;
};

} // namespace satchel::sync
