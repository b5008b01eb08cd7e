// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/failures.h"

#include "mime/message.h"

namespace satchel::sync {

namespace {

constexpr qsizetype mostDescribed = 20; // no window is read further

} // namespace

Failures::Failures(pop3::Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
    connect(&session, &pop3::Session::topped, this, &Failures::take);
    connect(&session, &pop3::Session::refused, this, [this](pop3::Verb verb, int number, const Error &) {
        if (verb == pop3::Verb::Top)
            settle(number);
    });
}

void Failures::note(int number, qint64 size, const Error &error)
{
    if (m_messages.size() >= mostDescribed)
        return;
    m_places.insert(number, m_messages.size());
    m_messages.append({{}, {}, size, error.detail.isEmpty() ? error.text : error.detail});
}

bool Failures::describe()
{
    if (std::exchange(m_asked, true) || m_places.isEmpty() || !m_session.capabilities().top)
        return false;
    const QList<int> numbers = m_places.keys();
    m_awaited = QSet<int>(numbers.cbegin(), numbers.cend());
    for (const int number : numbers)
        m_session.top(number, 0);
    return true;
}

void Failures::take(int number, const QByteArray &header)
{
    if (!m_awaited.contains(number))
        return;
    const Envelope envelope = mime::index(header).envelope;
    FailedMessage &failed = m_messages[m_places.value(number)];
    failed.from = envelope.from.name.isEmpty() ? envelope.from.address : envelope.from.name;
    failed.subject = envelope.subject;
    settle(number);
}

void Failures::settle(int number)
{
    if (m_awaited.remove(number) && m_awaited.isEmpty())
        Q_EMIT described();
}

} // namespace satchel::sync
