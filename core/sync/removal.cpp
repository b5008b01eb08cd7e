// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/removal.h"

#include <QElapsedTimer>

#include <utility>

namespace satchel::sync {

namespace {

constexpr qint64 longestWorkMs = 50; ///< at one time: then the wire, and who cancels, have their turn

} // namespace

Removal::Removal(store::Writer &writer, AccountId account, pop3::Session &session, QObject *parent)
    : QObject(parent)
    , m_writer(writer)
    , m_account(account)
    , m_session(session)
    , m_look(writer, account, session)
{
    connect(&m_look, &LastLook::proven, this, &Removal::takeProven);
    connect(&m_look, &LastLook::finished, this, &Removal::removeSome);
    connect(&m_look, &LastLook::failed, this, &Removal::failed);
    connect(&session, &pop3::Session::deleted, this, &Removal::noteDeleted);
    connect(&session, &pop3::Session::refused, this, [this](pop3::Verb verb, int number, const Error &) {
        if (verb == pop3::Verb::Dele)
            noteRefused(number);
    });
}

void Removal::remove(const QList<PlannedMessage> &seen, const QList<PlannedMessage> &toLookAt, bool topUsable)
{
    m_open = true;
    m_due += seen;
    if (toLookAt.isEmpty())
        removeSome();
    else
        m_look.look(toLookAt, topUsable);
}

void Removal::stop()
{
    m_stopped = true;
}

void Removal::takeProven(const PlannedMessage &message)
{
    m_due.append(message);
    if (!std::exchange(m_removing, true))
        QMetaObject::invokeMethod(this, &Removal::removeSome, Qt::QueuedConnection);
}

void Removal::removeSome()
{
    m_removing = false;
    QElapsedTimer working;
    working.start();
    while (!m_stopped && m_nextDue < m_due.size()) {
        if (working.elapsed() > longestWorkMs) {
            m_removing = true;
            QMetaObject::invokeMethod(this, &Removal::removeSome, Qt::QueuedConnection);
            return;
        }
        const PlannedMessage message = m_due.at(m_nextDue++);
        // Law 1: proven by the store itself, whatever the plan says. Only by hand something may go that is lost then.
        // Where the store turns out to be damaged, nothing is deleted: what was asked for ends with this session.
        const Expected<bool> proven = message.due == store::DeletionRule::ByHand
            ? m_writer.mayDelete(m_account, message.key)
            : m_writer.isStored(m_account, message.key);
        if (!proven) {
            m_stopped = true;
            Q_EMIT failed(proven.error());
            return;
        }
        if (!*proven)
            continue;
        m_deleting.insert(message.listed.number, message);
        m_session.dele(message.listed.number);
    }
    settle();
}

void Removal::noteDeleted(int number)
{
    const auto message = m_deleting.constFind(number);
    if (message == m_deleting.constEnd())
        return;
    m_deleted.append(*message);
    m_deleting.erase(message);
    settle();
}

/// The server may have expired it; the next listing tells (Q47).
void Removal::noteRefused(int number)
{
    if (m_deleting.remove(number) > 0)
        settle();
}

void Removal::settle()
{
    const bool isBusy = m_look.isWaiting() || m_removing || !m_deleting.isEmpty() || m_nextDue < m_due.size();
    if (!isBusy && !m_stopped && std::exchange(m_open, false))
        Q_EMIT settled();
}

} // namespace satchel::sync
