// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/account.h"
#include "base/clock.h"
#include "base/error.h"
#include "pop3/session.h"
#include "pop3/sessionoptions.h"
#include "store/writer.h"

#include <QByteArray>
#include <QDate>

#include <array>

namespace satchel::sync {

/// What earlier visits taught about a server, so that no visit stumbles twice (Q1, Q13, Q42, Q46). It belongs to the
/// server that it was learned of, holds for a week after it was seen last, and is forgotten when it does not help: one
/// lost connection must not decide for good how a server is spoken to. Lives on the mail thread, for one visit.
class ServerFacts
{
public:
    ServerFacts(
        store::Writer &writer, const AccountSettings &account, QDate today = Clock().now().toLocalTime().date());

    /// \a options with what is known of this server, and what the person chose.
    [[nodiscard]] pop3::SessionOptions applied(pop3::SessionOptions options, const AccountSettings &account) const;

    /// What a session that is logged in found out: how the password is spelled, and whether CAPA may be asked. That a
    /// server hangs up on it is believed after two visits in a row that saw it.
    void noteLogin(const pop3::Session &session);
    /// The server did not accept who signs in: neither what is remembered of CAPA nor of the spelling may be the reason
    /// the next time.
    void noteLoginRefused();
    void notePipeliningFails(); ///< commands go one at a time for a week, then the window is tried again
    void noteTopFails(); ///< the session ended over a TOP: none is sent for a week (Q40)
    [[nodiscard]] bool topFails() const { return isKnown(NoTop); }

    /// The connection broke within the message \a uidl.
    void noteInterrupted(const QByteArray &uidl);
    /// True for a message within which the connection broke three times in a row: it is fetched last, alone.
    [[nodiscard]] bool isStumblingBlock(const QByteArray &uidl) const;
    void noteReceived(const QByteArray &uidl);

    /// Keeps what is new, in one commit for each fact.
    Expected<void> save();

private:
    enum Name { Serial, NoTop, NoCapa, Latin1, Interrupted, NameCount };
    struct Fact {
        QByteArray value; ///< empty: not known
        QDate until; ///< the first day on which it holds no more

        friend bool operator==(const Fact &, const Fact &) = default;
    };

    [[nodiscard]] Fact read(Name name) const;
    void note(Name name, const QByteArray &value);
    void forget(Name name) { m_facts[name] = {}; }
    [[nodiscard]] bool isKnown(Name name) const { return !m_facts[name].value.isEmpty(); }
    [[nodiscard]] int interruptions(const QByteArray &uidl) const;

    store::Writer &m_writer;
    const AccountId m_account;
    const QByteArray m_server;
    const QDate m_today;
    std::array<Fact, NameCount> m_facts;
    std::array<Fact, NameCount> m_saved;
};

} // namespace satchel::sync
