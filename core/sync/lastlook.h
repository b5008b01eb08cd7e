// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "pop3/session.h"
#include "store/writer.h"
#include "sync/retrievalplan.h"

#include <QHash>
#include <QList>
#include <QObject>

#include <utility>

namespace satchel::sync {

/// Law 13: looks at messages on the server once more before they are deleted there. A name proves little: servers give
/// it to another message once the first one is gone. What may go has the header, by its hash, of the message that is
/// stored by that name, and its size.
///
/// Lives on the mail thread, for one visit. Asks by TOP, pipelined, one for each message; finished() comes once for
/// each look(), unless the session ends.
class LastLook : public QObject
{
    Q_OBJECT

public:
    LastLook(store::Writer &writer, AccountId account, pop3::Session &session, QObject *parent = nullptr);

    /// \a topUsable: false where the server is known to break off over TOP.
    void look(const QList<PlannedMessage> &messages, bool topUsable);
    [[nodiscard]] bool isWaiting() const { return !m_awaited.isEmpty() || m_next < m_messages.size(); }
    [[nodiscard]] bool hasSeenAny() const { return m_given; }
    [[nodiscard]] QList<PlannedMessage> takeOthers() { return std::exchange(m_others, {}); } ///< other messages
    /// Of which no header is to be had, or the size is not the one that was known: the whole has to tell.
    [[nodiscard]] QList<PlannedMessage> takeUnproven() { return std::exchange(m_unproven, {}); }

Q_SIGNALS:
    void proven(const satchel::sync::PlannedMessage &message); ///< it may go
    void finished();
    void failed(const satchel::Error &error); ///< of the store

private:
    void goOn();
    void take(int number, const QByteArray &header);
    void refuse(int number);

    store::Writer &m_writer;
    const AccountId m_account;
    pop3::Session &m_session;
    QList<PlannedMessage> m_messages;
    qsizetype m_next = 0;
    QHash<int, PlannedMessage> m_awaited; ///< by message number: TOP is on its way
    QList<PlannedMessage> m_others;
    QList<PlannedMessage> m_unproven;
    bool m_topUsable = true;
    bool m_given = false;
    int m_refused = 0;
    bool m_over = true;
};

} // namespace satchel::sync
