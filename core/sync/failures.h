// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "pop3/session.h"
#include "sync/types.h"

#include <QHash>
#include <QObject>
#include <QSet>

namespace satchel::sync {

/// The messages of one visit that the server did not hand out (Q39), and what their headers say of them, so that a
/// person can tell which they are. Lives on the mail thread, for one visit.
class Failures : public QObject
{
    Q_OBJECT

public:
    explicit Failures(pop3::Session &session, QObject *parent = nullptr);

    void note(int number, qint64 size, const Error &error);
    [[nodiscard]] const QList<FailedMessage> &messages() const { return m_messages; } ///< of many the first

    /// Asks for the headers; false when there is nothing to ask. Otherwise described() follows, unless the session
    /// ends.
    bool describe();
    [[nodiscard]] bool isWaiting() const { return !m_awaited.isEmpty(); }

Q_SIGNALS:
    void described();

private:
    void take(int number, const QByteArray &header);
    void settle(int number);

    pop3::Session &m_session;
    QList<FailedMessage> m_messages;
    QHash<int, qsizetype> m_places; ///< by message number
    QSet<int> m_awaited; ///< TOP is on its way
    bool m_asked = false;
};

} // namespace satchel::sync
