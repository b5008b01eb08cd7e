// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "net/credentials.h"
#include "net/wirelog.h"
#include "sync/mailcheck.h"
#include "sync/trialresult.h"
#include "sync/types.h"

#include <QObject>

#include <memory>
#include <optional>

namespace satchel::sync {

/// A visit that changes nothing, to find out whether settings work: log in, count, take leave. It has the session, the
/// errors and the laws of a real check (8: nothing is sent where encryption did not come about), and no store at all:
/// the account need not exist. Lives on the mail thread, once; start it, and finished() comes exactly once.
class TrialVisit : public QObject
{
    Q_OBJECT

public:
    TrialVisit(const AccountSettings &account, const net::Credentials &credentials, const TransportFactory &connectTo,
        QObject *parent = nullptr);
    ~TrialVisit() override;

    void start();
    void cancel(); ///< ends at once, with ErrorKind::Cancelled

Q_SIGNALS:
    void progressed(satchel::sync::CheckPhase phase);
    void wire(const satchel::net::WireLine &line);
    void finished(const satchel::sync::TrialResult &result);

private:
    // In protocol order
    void enter();
    void count();
    void takeLeave(int messages, qint64 bytes);
    void refuse(pop3::Verb verb, int number, const Error &error);
    void endWith(const Error &error);
    void finish();

    const AccountSettings m_account;
    const net::Credentials m_credentials;
    std::optional<Error> m_obstacle; ///< why no server is asked
    std::unique_ptr<pop3::Session> m_session;
    TrialResult m_result;
    bool m_finished = false;
};

} // namespace satchel::sync
