// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "pop3/session.h"
#include "store/writer.h"
#include "sync/countedtime.h"
#include "sync/recognition.h"
#include "sync/retrievalplan.h"

#include <QObject>
#include <QSet>

#include <optional>

namespace satchel::sync {

/// Finds out what is on a server and what it means: the listing, the headers of messages whose UIDL cannot be trusted,
/// the ledger brought up to date (law 3), the plan. The same for a check and for the window that shows a mailbox, so
/// that both see the same.
///
/// Lives on the mail thread, for one listing of one session that is logged in. Either planned() or failed() comes once,
/// and failed() not for what the session tells its owner by itself.
class Survey : public QObject
{
    Q_OBJECT

public:
    Survey(const AccountSettings &account, store::Writer &writer, pop3::Session &session, const Clock &clock,
        QObject *parent = nullptr);

    /// False: this server is known to break off over TOP, so that none is sent.
    void setTopUsable(bool usable) { m_topUsable = usable; }
    /// Lets so many messages leave the server that were stored in earlier visits, without asking again (Q52).
    void setConsentedDeletions(qsizetype count) { m_consented = count; }
    /// Where nothing changes, the plan only counts what stays.
    void countWhatStays() { m_staying = Staying::Counted; }
    void start();

    /// By which the plan was made.
    [[nodiscard]] const CountedTime &time() const { return *m_time; }
    /// The same line now: what is stored meanwhile is noted by it.
    [[nodiscard]] QDateTime timeOnLine() const;
    [[nodiscard]] const RetrievalPlan &plan() const { return m_plan; }
    /// With names for those without; empty where it isUnchanged().
    [[nodiscard]] const QList<pop3::ListedMessage> &listing() const { return m_listing; }
    /// A large mailbox is as the last visit left it.
    [[nodiscard]] bool isUnchanged() const { return m_unchanged; }
    [[nodiscard]] int recognised() const { return m_recognisedCount; } ///< known messages that got new UIDLs (Q30)
    /// The server names no messages: by what is only remembered of them, nothing is deleted (Q27).
    [[nodiscard]] bool isNameless() const { return m_nameless; }
    /// Its names are the message numbers, so that headers stand for them.
    [[nodiscard]] bool isNumbered() const { return m_numbered; }
    /// The header was seen in this visit, and is the one that is known.
    [[nodiscard]] bool hasSeen(int number) const { return m_recognition.hasSeen(number); }
    [[nodiscard]] bool isWaitingForHeaders() const { return !m_awaitedHeaders.isEmpty(); }
    /// Left alone, because the server gives neither a name nor a header of them; not in listing().
    [[nodiscard]] const QList<pop3::ListedMessage> &unnamed() const { return m_unnamed; }

Q_SIGNALS:
    void planned();
    void failed(const satchel::Error &error);

private:
    void takeStat(int count, qint64 bytes);
    void takeListing(const QList<pop3::ListedMessage> &listing, bool uidlSupported);
    void takeNumbersForNoNames();
    void rememberNumbers();
    [[nodiscard]] QList<pop3::ListedMessage> namelessMessages();
    [[nodiscard]] bool nameByMemory(); ///< false: the numbers have moved, and all headers were asked for
    void askForHeaders(const QList<pop3::ListedMessage> &suspects);
    void askForTheOthers();
    [[nodiscard]] Expected<bool> lookAgain(); ///< whether headers were asked for first
    void compareUnproven();
    void recognise(int number, const QByteArray &header);
    void refuseHeader(int number);
    void settle();
    void nameByHeaders();
    [[nodiscard]] Expected<void> readTheClock();
    void makePlan(); ///< once, or again after headers told more
    [[nodiscard]] Expected<void> leaveWhatOthersHave(const QDateTime &now);
    void fail(const Error &error);

    const AccountSettings m_account;
    store::Writer &m_writer;
    pop3::Session &m_session;
    const Clock m_clock;
    Moment m_begun;
    std::optional<CountedTime> m_time; ///< once it is known what is there
    Recognition m_recognition;
    QList<pop3::ListedMessage> m_listing;
    QSet<int> m_awaitedHeaders; ///< TOP is on its way, or will be
    QList<int> m_toAsk; ///< of these; they wait for the answer to the first
    bool m_topUsable = true;
    bool m_topGiven = false;
    int m_topRefusals = 0;
    qsizetype m_consented = 0;
    Staying m_staying = Staying::Listed;
    RetrievalPlan m_plan;
    int m_recognisedCount = 0;
    bool m_namesAsked = false; ///< of a large mailbox: the sizes are in the ledger, or are asked for later
    bool m_sizesMissing = false;
    bool m_unchanged = false;
    int m_statedCount = -1;
    qint64 m_statedBytes = -1;
    bool m_nameless = false;
    bool m_numbered = false;
    QList<pop3::ListedMessage> m_numberedListing; ///< as the server named it
    /// The headers that the last visit knew the first messages by, in the order of their numbers. As long as the last
    /// of them has the same number, none before it has gone.
    QByteArrayList m_remembered;
    QList<pop3::ListedMessage> m_unnamed;
    bool m_recognised = false; ///< headers told more than the plan had known
    bool m_over = false;
};

} // namespace satchel::sync
