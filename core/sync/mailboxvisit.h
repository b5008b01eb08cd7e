// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "net/credentials.h"
#include "pop3/session.h"
#include "store/writer.h"
#include "sync/mailboxtypes.h"
#include "sync/mailcheck.h"
#include "sync/serverfacts.h"
#include "sync/survey.h"

#include <QElapsedTimer>
#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <chrono>
#include <memory>
#include <optional>

namespace satchel::sync {

/// A look at one mailbox while its window is open: what is on the server, headers of the rows in sight, first lines of
/// the one that is selected. Deletes nothing and stores no mail: what the person orders is written into the ledger, and
/// a MailCheck carries it out, on the session that this one hands over.
///
/// Lives on the mail thread. The connection is kept alive while the person looks, given up when nobody asked for
/// anything for a while, and made again when something is wanted; messages are then found again by UIDL, never by
/// number (Q33).
class MailboxVisit : public QObject
{
    Q_OBJECT

public:
    MailboxVisit(const AccountSettings &account, const net::Credentials &credentials, store::Writer &writer,
        TransportFactory connectTo, const pop3::SessionOptions &options = {}, QObject *parent = nullptr,
        const Clock &clock = Clock());
    ~MailboxVisit() override;

    void setCredentials(const net::Credentials &credentials) { m_credentials = credentials; }
    void setAccount(const AccountSettings &account) { m_account = account; }
    /// NOOP after so long without a command, and the connection is given up after so long without a wish.
    void setPatience(std::chrono::milliseconds noop, std::chrono::milliseconds rest);

    void list(); ///< connects where there is no connection
    void wantHeaders(
        const QList<int> &ids); ///< in this order; what was wanted before and not asked for yet is forgotten
    void wantPreview(int id);
    /// Writes into the ledger what a check is to do.
    Expected<void> order(const QList<ServerWish> &wishes);

    [[nodiscard]] const AccountSettings &account() const { return m_account; }
    /// On its way in or out: nobody else gets into the mailbox.
    [[nodiscard]] bool isBusy() const { return (m_session && !m_listed) || m_leaving; }
    [[nodiscard]] bool isConnected() const { return m_session != nullptr; }
    [[nodiscard]] bool wantsConnection() const { return m_wantsList || !m_headersWanted.isEmpty() || m_previewWanted; }
    /// The session, logged in, for a check to go on with; null where there is none.
    [[nodiscard]] std::unique_ptr<pop3::Session> handOver();
    void rest(); ///< takes leave of the server
    void forget(); ///< what is wanted

Q_SIGNALS:
    void phaseChanged(satchel::sync::VisitPhase phase);
    void announced(const satchel::sync::ServerAnnouncement &server); ///< logged in: what it says of itself
    void connectionWanted(); ///< somebody says connect() when the mailbox is free
    void listed(const satchel::sync::ServerListing &listing);
    void headersKnown(const QList<satchel::sync::ServerHeader> &headers);
    void previewed(const satchel::sync::ServerPreview &preview);
    void failed(const satchel::Error &error);
    void settled(); ///< connected and listed, or not connected any more
    void wire(const satchel::net::WireLine &line);

public:
    void connectNow();

private:
    struct Asked {
        int id = 0;
        bool preview = false;
    };

    void enter();
    void survey();
    void takePlan();
    void takeTop(int number, const QByteArray &text);
    void refuse(pop3::Verb verb, int number, const Error &error);
    void lose(const Error &error);
    void fail(const Error &error);
    void drop(); ///< the session, at once
    void need(); ///< a connection, for what is wanted
    void pump(); ///< as many TOP as may be under way
    void ask(int id, bool preview);
    void keepAlive();
    void left();
    void tell(const ServerHeader &header);
    void flush();
    [[nodiscard]] ServerMessage described(const PlannedMessage &message, ServerMessageState state, ServerFate fate);
    [[nodiscard]] int idOf(const store::UidlKey &key);

    AccountSettings m_account;
    net::Credentials m_credentials;
    store::Writer &m_writer;
    const TransportFactory m_connectTo;
    const pop3::SessionOptions m_options;
    const Clock m_clock;
    std::optional<ServerFacts> m_facts;
    std::unique_ptr<pop3::Session> m_session;
    pop3::Session *m_leaving = nullptr; ///< QUIT is on its way
    std::unique_ptr<Survey> m_survey;
    QDateTime m_loginAt; ///< UTC, of this session
    bool m_listed = false; ///< in this session
    bool m_wantsList = false;
    bool m_topRefused = false; ///< and none was given: no more are asked for
    int m_topsGiven = 0;
    int m_lost = 0; ///< connections that broke since something was answered

    QHash<store::UidlKey, int> m_ids; ///< as long as the window is open
    QList<store::UidlKey> m_keys; ///< by id
    QHash<int, int> m_numbers; ///< id to message number, in this session
    QHash<int, qint64> m_sizes;
    QHash<int, QByteArray> m_headers; ///< their hashes, as far as they were shown

    QList<int> m_headersWanted;
    std::optional<int> m_previewWanted;
    QHash<int, QList<Asked>> m_asked; ///< by number: TOP is on its way
    QList<ServerHeader> m_news; ///< told together
    QTimer m_tellSoon;
    QTimer m_alive;
    std::chrono::milliseconds m_restAfter;
    QElapsedTimer m_sinceWish;
};

} // namespace satchel::sync
