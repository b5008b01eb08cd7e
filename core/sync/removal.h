// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "pop3/session.h"
#include "store/writer.h"
#include "sync/lastlook.h"
#include "sync/retrievalplan.h"

#include <QHash>
#include <QList>
#include <QObject>

#include <memory>

namespace satchel::sync {

/// Has messages deleted on the server: what was not seen in this visit is looked at first (law 13), and the store
/// proves each before its DELE (law 1). That they are gone, only QUIT and a later listing tell (law 3).
///
/// Lives on the mail thread, for one visit. After each remove(), settled() comes when nothing of it is under way any
/// more, unless the session ends or failed() comes.
class Removal : public QObject
{
    Q_OBJECT

public:
    Removal(store::Writer &writer, AccountId account, pop3::Session &session, QObject *parent = nullptr);

    /// \a topUsable: false where the server is known to break off over TOP.
    void remove(const QList<PlannedMessage> &seen, const QList<PlannedMessage> &toLookAt, bool topUsable);
    void stop(); ///< no DELE follows
    [[nodiscard]] bool isLooking() const { return m_look.isWaiting(); }
    [[nodiscard]] bool hasSeenAny() const { return m_look.hasSeenAny(); }
    [[nodiscard]] QList<PlannedMessage> takeOthers() { return m_look.takeOthers(); } ///< LastLook's
    [[nodiscard]] QList<PlannedMessage> takeUnproven() { return m_look.takeUnproven(); }
    [[nodiscard]] const QList<PlannedMessage> &deleted() const { return m_deleted; } ///< DELE was accepted

Q_SIGNALS:
    void settled();
    void failed(const satchel::Error &error); ///< of the store

private:
    void takeProven(const PlannedMessage &message);
    void removeSome(); ///< with a look at the wire between: proofs read the messages
    void noteDeleted(int number);
    void noteRefused(int number);
    void settle();

    store::Writer &m_writer;
    const AccountId m_account;
    pop3::Session &m_session;
    LastLook m_look;
    QList<PlannedMessage> m_due; ///< to be deleted, and seen
    qsizetype m_nextDue = 0;
    QHash<int, PlannedMessage> m_deleting; ///< by message number: DELE is on its way
    QList<PlannedMessage> m_deleted;
    bool m_removing = false; ///< removeSome() is on its way
    bool m_open = false; ///< settled() is owed
    bool m_stopped = false;
};

} // namespace satchel::sync
