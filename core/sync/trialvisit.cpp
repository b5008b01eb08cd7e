// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/trialvisit.h"

#include "sync/mailboxaccess.h"

#include <QTimer>

#include <chrono>

namespace satchel::sync {

namespace {

using namespace std::chrono_literals;

/// Somebody sits and waits: less patience than a check has that runs by itself.
pop3::SessionOptions options()
{
    pop3::SessionOptions made;
    made.silence = 30s;
    made.slowSilence = 2min;
    return made;
}

} // namespace

TrialVisit::TrialVisit(const AccountSettings &account, const net::Credentials &credentials,
    const TransportFactory &connectTo, QObject *parent)
    : QObject(parent)
    , m_account(account)
    , m_credentials(credentials)
{
    const Expected<Access> access = accessTo(account, credentials);
    if (!access)
        m_obstacle = access.error();
    const net::Endpoint endpoint = access ? access->endpoint : net::Endpoint();
    m_session = std::make_unique<pop3::Session>(connectTo(endpoint), endpoint, options());
    m_session->keepSecret(credentialsFor(account, credentials), namesOf(account));
    const auto *session = m_session.get();
    connect(session, &pop3::Session::ready, this, &TrialVisit::enter);
    connect(session, &pop3::Session::loggedIn, this, &TrialVisit::count);
    connect(session, &pop3::Session::stated, this, &TrialVisit::takeLeave);
    connect(session, &pop3::Session::finished, this, &TrialVisit::finish);
    connect(session, &pop3::Session::refused, this, &TrialVisit::refuse);
    connect(session, &pop3::Session::failed, this, &TrialVisit::endWith);
    connect(session, &pop3::Session::wire, this, &TrialVisit::wire);
}

TrialVisit::~TrialVisit() = default;

void TrialVisit::start()
{
    if (m_obstacle) {
        QTimer::singleShot(0, this, [this] { endWith(*m_obstacle); });
        return;
    }
    Q_EMIT progressed(CheckPhase::Connecting);
    m_session->open();
}

void TrialVisit::cancel()
{
    endWith({ErrorKind::Cancelled, tr("The test was stopped."), ErrorAction::None, {}, {}});
}

void TrialVisit::enter()
{
    m_result.encrypted = m_session->isEncrypted();
    Q_EMIT progressed(CheckPhase::LoggingIn);
    m_session->login(credentialsFor(m_account, m_credentials), m_account.mechanism);
}

void TrialVisit::count()
{
    Q_EMIT progressed(CheckPhase::Listing);
    m_session->stat();
}

void TrialVisit::takeLeave(int messages, qint64 bytes)
{
    m_result.messages = messages;
    m_result.bytes = bytes;
    Q_EMIT progressed(CheckPhase::Finishing);
    m_session->quit();
}

void TrialVisit::refuse(pop3::Verb verb, int, const Error &error)
{
    // Nothing was changed there, so it does not matter how the server takes the farewell.
    if (verb == pop3::Verb::Quit)
        finish();
    else
        endWith(error);
}

void TrialVisit::endWith(const Error &error)
{
    if (m_finished)
        return;
    m_session->abort();
    m_result.error = error;
    finish();
}

void TrialVisit::finish()
{
    if (m_finished)
        return;
    m_finished = true;
    Q_EMIT finished(m_result);
}

} // namespace satchel::sync
