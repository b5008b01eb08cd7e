// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "pop3/session.h"
#include "sync/intake.h"
#include "sync/retrievalplan.h"

#include <QHash>
#include <QObject>

namespace satchel::sync {

/// Has the beginnings (header and first lines, by TOP) of messages above the size limit stored, so that nothing stays
/// on a server unseen. A server without a usable TOP (Q40) leaves them where they are, and says so by the count.
///
/// Lives on the mail thread, for one visit; started when everything else is stored. finished() comes once, when all of
/// it was handed to the Intake, or refused.
class Beginnings : public QObject
{
    Q_OBJECT

public:
    Beginnings(pop3::Session &session, Intake &intake, QObject *parent = nullptr);

    void fetch(const QList<PlannedMessage> &messages);
    [[nodiscard]] int refused() const { return m_refused; } ///< whose beginning could not be had
    [[nodiscard]] bool isWaiting() const { return !m_awaited.isEmpty(); } ///< TOP is on its way

Q_SIGNALS:
    void finished();

private:
    void take(int number, const QByteArray &text);
    void refuse(int number);
    void goOn();

    pop3::Session &m_session;
    Intake &m_intake;
    QList<PlannedMessage> m_messages;
    qsizetype m_next = 0;
    QHash<int, PlannedMessage> m_awaited;
    int m_refused = 0;
    int m_taken = 0;
    bool m_over = true;
};

/// What TOP gave, fit to be kept as a beginning: some servers cut it anywhere, others send everything (Q40).
[[nodiscard]] QByteArray asBeginning(const QByteArray &top);

} // namespace satchel::sync
