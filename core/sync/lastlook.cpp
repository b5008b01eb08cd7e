// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/lastlook.h"

#include "store/prepared.h"

namespace satchel::sync {

namespace {

constexpr int enoughRefusals = 3; // and none given: there is no TOP
constexpr qsizetype mostLooks = 2000; // as many commands as a long line needs

} // namespace

LastLook::LastLook(store::Writer &writer, AccountId account, pop3::Session &session, QObject *parent)
    : QObject(parent)
    , m_writer(writer)
    , m_account(account)
    , m_session(session)
{
    connect(&session, &pop3::Session::topped, this, &LastLook::take);
    connect(&session, &pop3::Session::refused, this, [this](pop3::Verb verb, int number, const Error &) {
        if (verb == pop3::Verb::Top)
            refuse(number);
    });
}

void LastLook::look(const QList<PlannedMessage> &messages, bool topUsable)
{
    m_messages = messages;
    m_next = 0;
    m_topUsable = topUsable;
    m_over = false;
    goOn();
}

void LastLook::goOn()
{
    if (!m_given && m_refused >= enoughRefusals)
        m_topUsable = false;
    if (!m_topUsable && m_awaited.isEmpty()) {
        m_unproven += m_messages.sliced(m_next);
        m_next = m_messages.size();
    }
    const qsizetype most = m_given ? mostLooks : 1;
    // Refilled by halves, so that commands leave together.
    if (m_awaited.size() <= most / 2) {
        while (m_topUsable && m_next < m_messages.size() && m_awaited.size() < most) {
            const PlannedMessage &next = m_messages.at(m_next++);
            m_awaited.insert(next.listed.number, next);
            m_session.top(next.listed.number, 0);
        }
    }
    if (!isWaiting() && !m_over) {
        m_over = true;
        Q_EMIT finished();
    }
}

void LastLook::take(int number, const QByteArray &header)
{
    const auto awaited = m_awaited.constFind(number);
    if (awaited == m_awaited.cend())
        return;
    const PlannedMessage message = *awaited;
    m_awaited.erase(awaited);
    m_given = true;
    const Expected<QByteArray> known = m_writer.headerHashOf(m_account, message.key);
    if (!known) {
        m_over = true;
        Q_EMIT failed(known.error());
        return;
    }
    if (known->isEmpty())
        m_unproven.append(message);
    else if (*known != store::headerHash(header))
        m_others.append(message);
    else if (message.resized && !sizesAgree(message.knownSize, message.listed.size, store::stateFieldBytes(header)))
        m_unproven.append(message);
    else
        Q_EMIT proven(message);
    goOn();
}

void LastLook::refuse(int number)
{
    const auto awaited = m_awaited.constFind(number);
    if (awaited == m_awaited.cend())
        return;
    m_unproven.append(*awaited);
    m_awaited.erase(awaited);
    ++m_refused;
    goOn();
}

} // namespace satchel::sync
