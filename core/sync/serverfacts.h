// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/error.h"
#include "pop3/sessionoptions.h"
#include "store/writer.h"

#include <QByteArray>

namespace satchel::sync {

/// What earlier visits taught about a server, kept with the account so that no visit stumbles twice (Q1, Q13, Q42,
/// Q46). Lives on the mail thread, for one visit.
class ServerFacts
{
public:
    ServerFacts(store::Writer &writer, AccountId account);

    /// \a options with what is known of this server, and what the person chose.
    [[nodiscard]] pop3::SessionOptions applied(pop3::SessionOptions options, const AccountSettings &account) const;

    void notePipeliningFails(); ///< commands go one at a time for a week, then the window is tried again
    void noteTopFails(); ///< the session ended over a TOP: none is sent for a week (Q40)
    [[nodiscard]] bool topFails() const;
    void noteHangsUpOnCapa();
    void noteLatin1Password(bool used);

    /// The connection broke within the message \a uidl.
    void noteInterrupted(const QByteArray &uidl);
    /// True for a message within which the connection broke three times in a row: it is fetched last, alone.
    [[nodiscard]] bool isStumblingBlock(const QByteArray &uidl) const;
    void noteReceived(const QByteArray &uidl);

    /// Keeps what is new, in one commit for each fact.
    Expected<void> save();

private:
    [[nodiscard]] QByteArray read(const char *name) const;

    store::Writer &m_writer;
    const AccountId m_account;
    QByteArray m_serial; ///< day from which pipelining is tried again, as an ISO date
    QByteArray m_noTop; ///< the same for TOP
    QByteArray m_noCapa;
    QByteArray m_latin1;
    QByteArray m_interrupted; ///< "COUNT UIDL"
    QByteArrayList m_saved;
};

} // namespace satchel::sync
