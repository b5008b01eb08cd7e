// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "store/reader.h"
#include "store/writer.h"
#include "sync/checkqueue.h"
#include "sync/engine.h"
#include "sync/mailboxvisits.h"
#include "sync/rowrenewal.h"
#include "sync/trialvisit.h"

#include <QTimer>

namespace satchel::sync {

/// engine.cpp opens and closes, and takes wishes about accounts and checks; enginewishes.cpp those about messages,
/// folders and mailboxes on a server.
struct Engine::Private {
    QString file;
    QString profileId;
    TransportFactory connectTo;
    Clock clock = Clock();
    std::unique_ptr<store::Writer> writer;
    std::unique_ptr<store::Reader> reader; ///< where a wish must know which account a message is of
    std::unique_ptr<CheckQueue> checks;
    std::unique_ptr<MailboxVisits> visits;
    QList<MessageId> leftOver; ///< removed in an earlier run, which ended before it was deleted
    std::unique_ptr<QTimer> purging; ///< made on the mail thread
    std::unique_ptr<QTimer> reopening; ///< runs while the store could not be opened and is tried again
    int failedOpenings = 0; ///< in a row
    std::unique_ptr<QTimer> heartbeat; ///< tells other computers that this one has the store open
    std::unique_ptr<RowRenewal> renewal; ///< of what an older program stored
    std::unique_ptr<TrialVisit> trial;
    // Said once, for every store that is opened from then on.
    bool offline = false;
    bool holdsDeletions = false;
    bool waits = false; ///< for its interval, each account that was not checked yet
    CheckQueue::Known known; ///< while the store is closed for a while: a password for this run only is not asked again

    void purgeSome();
};

template <class T>
bool Engine::succeeded(const Expected<T> &outcome)
{
    if (!outcome)
        Q_EMIT failed(outcome.error());
    return outcome.has_value();
}

} // namespace satchel::sync
