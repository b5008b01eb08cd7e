// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/beginnings.h"

namespace satchel::sync {

namespace {

constexpr int bodyLines = 40;
constexpr qsizetype mostBytes = 64 * 1024;
constexpr qsizetype mostAwaited = 32;

} // namespace

QByteArray asBeginning(const QByteArray &top)
{
    // The status line of a second answer stands where a header should begin.
    QByteArray text = top;
    if (text.startsWith("+OK")) {
        const qsizetype end = text.indexOf('\n');
        text.remove(0, end < 0 ? text.size() : end + 1);
    }
    if (text.size() <= mostBytes)
        return text;
    const qsizetype end = text.lastIndexOf('\n', mostBytes - 1);
    text.truncate(end < 0 ? mostBytes : end + 1);
    return text;
}

Beginnings::Beginnings(pop3::Session &session, Intake &intake, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_intake(intake)
{
    connect(&session, &pop3::Session::topped, this, &Beginnings::take);
    connect(&session, &pop3::Session::refused, this, [this](pop3::Verb verb, int number, const Error &) {
        if (verb == pop3::Verb::Top)
            refuse(number);
    });
}

void Beginnings::fetch(const QList<PlannedMessage> &messages)
{
    m_messages = messages;
    m_over = false;
    goOn();
}

void Beginnings::goOn()
{
    // A server that refused one, and gave none, has no TOP: it is not asked for each message again.
    if (m_refused > 0 && m_taken == 0) {
        m_refused += int(m_messages.size() - m_next);
        m_next = m_messages.size();
    }
    const qsizetype most = m_taken == 0 ? 1 : mostAwaited;
    while (m_next < m_messages.size() && m_awaited.size() < most) {
        const PlannedMessage &next = m_messages.at(m_next++);
        m_awaited.insert(next.listed.number, next);
        m_session.top(next.listed.number, bodyLines);
    }
    if (m_awaited.isEmpty() && !m_over) {
        m_over = true;
        Q_EMIT finished();
    }
}

void Beginnings::take(int number, const QByteArray &text)
{
    const auto planned = m_awaited.constFind(number);
    if (planned == m_awaited.constEnd())
        return;
    const PlannedMessage message = *planned;
    m_awaited.erase(planned);
    const QByteArray beginning = asBeginning(text);
    if (beginning.isEmpty()) {
        ++m_refused;
    } else {
        ++m_taken;
        m_intake.take({.number = number,
            .key = message.key,
            .serverSize = message.listed.size,
            .bytes = beginning,
            .stub = true});
    }
    goOn();
}

void Beginnings::refuse(int number)
{
    if (m_awaited.remove(number) == 0)
        return;
    ++m_refused;
    goOn();
}

} // namespace satchel::sync
