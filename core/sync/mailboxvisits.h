// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/checkqueue.h"
#include "sync/mailboxtypes.h"
#include "sync/mailboxvisit.h"

#include <QHash>
#include <QObject>
#include <QSet>
#include <QTimer>

#include <memory>

namespace satchel::sync {

/// The looks at mailboxes that windows have open, and their peace with the checks: one session per mailbox at a time
/// (Q53). A check that is due takes over the session of the look; the look waits for its end, then lists anew.
/// Lives on the mail thread.
class MailboxVisits : public QObject, public MailboxHolder
{
    Q_OBJECT

public:
    MailboxVisits(store::Writer &writer, CheckQueue &checks, TransportFactory connectTo, QObject *parent = nullptr);
    ~MailboxVisits() override;

    void setSessionOptions(const pop3::SessionOptions &options) { m_options = options; }
    void setAccounts(const QList<AccountSettings> &accounts); ///< looks at those that are gone end
    void credentialsKnown(AccountId account); ///< the queue has them now
    void credentialsRefused(AccountId account, const Error &error); ///< and will not
    void setOffline(bool offline);

    void open(AccountId account); ///< lists; again where it is open already
    void close(AccountId account);
    void wantHeaders(AccountId account, const QList<int> &messages);
    void wantPreview(AccountId account, int message);
    void apply(AccountId account, const QList<ServerWish> &wishes);
    /// Lists what had to wait for the server (Q16), as far as its time has come; comes by itself, at most a minute
    /// late.
    void lookAgain();

    [[nodiscard]] bool isBusy(const AccountSettings &mailbox) const override;
    [[nodiscard]] bool hasSession(const AccountSettings &mailbox) const override;
    [[nodiscard]] std::unique_ptr<pop3::Session> handOver(const AccountSettings &mailbox) override;

Q_SIGNALS:
    void credentialsNeeded(satchel::AccountId account);
    void phaseChanged(satchel::AccountId account, satchel::sync::VisitPhase phase);
    void delayed(satchel::AccountId account, const QDateTime &until); ///< with VisitPhase::Delayed
    void listed(const satchel::sync::ServerListing &listing);
    void headersKnown(satchel::AccountId account, const QList<satchel::sync::ServerHeader> &headers);
    void previewed(satchel::AccountId account, const satchel::sync::ServerPreview &preview);
    void failed(satchel::AccountId account, const satchel::Error &error);
    void wire(satchel::AccountId account, const satchel::net::WireLine &line);

private:
    void connectWhenFree(AccountId account);
    void list(MailboxVisit *open); ///< anew; where the server lets nobody in yet, what is open stays open
    [[nodiscard]] std::optional<QDateTime> closedUntil(const MailboxVisit &open) const;
    void delay(AccountId account, const QDateTime &until);
    void planLook();
    [[nodiscard]] bool renewToken(AccountId account, const Error &error);
    void checkEnded(const CheckResult &result);
    [[nodiscard]] MailboxVisit *visit(AccountId account) const;
    MailboxVisit *make(const AccountSettings &settings);

    store::Writer &m_writer;
    CheckQueue &m_checks;
    const TransportFactory m_connectTo;
    pop3::SessionOptions m_options;
    QHash<AccountId, AccountSettings> m_accounts;
    QHash<AccountId, MailboxVisit *> m_visits;
    QList<MailboxVisit *> m_closing; ///< whose window is closed, and who are still saying good-bye
    QSet<AccountId> m_renewed; ///< their token was refused, and a newer one asked for
    QHash<AccountId, QDateTime> m_delayed; ///< listed when the server lets somebody in again
    QTimer m_lookAgain;
    bool m_offline = false;
};

} // namespace satchel::sync
