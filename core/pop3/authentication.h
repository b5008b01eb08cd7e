// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/credentials.h"
#include "net/sasl.h"
#include "pop3/command.h"
#include "pop3/types.h"

#include <QByteArray>
#include <QList>

#include <functional>
#include <memory>

namespace satchel::pop3 {

class Channel;

/// One way to sign in.
struct LoginAttempt {
    QByteArray mechanism; ///< a SASL name, "USER" or "APOP"
    bool latin1 = false; ///< credentials in ISO 8859-1 instead of UTF-8 (Q13)

    [[nodiscard]] bool showsPassword() const;
    friend bool operator==(const LoginAttempt &, const LoginAttempt &) = default;
};

/// What the choice of attempts depends on.
struct LoginChoice {
    Capabilities capabilities;
    net::Credentials credentials;
    bool encrypted = false;
    bool plainAllowed = false; ///< the account says that no encryption is wanted
    bool haveClientCertificate = false;
    bool latin1Password = false;
    QByteArray mechanism; ///< the only one to try; empty: choose
    QByteArray stamp; ///< of the greeting, for APOP
};

/// The attempts worth making, best first. APOP is never among them unless it is the one that is asked for (Q6);
/// nothing that shows the password is, where it would go in clear without the account saying so.
[[nodiscard]] QList<LoginAttempt> loginAttempts(const LoginChoice &choice);

/// Why there is none: what is missing here, or what the server does not offer, and what to do about it.
[[nodiscard]] Error noAttempt(const LoginChoice &choice, const QString &host);

/// What a refusal means where the server never announced the one way that is wanted.
[[nodiscard]] Error notOffered(const QByteArray &mechanism, const QString &host);

/// Which attempt follows one that was refused; -1: none.
///
/// Before a credential was sent, simply the next, and so after EXTERNAL, which tells no secret. After that every
/// attempt may bring the account nearer to being locked (Q18), so only what may really help: the password itself where
/// a challenge was not answered well (the server may not hold what it needs, Q12), USER where a SASL mechanism failed
/// without [AUTH], and once the other character set for a password that is not ASCII (Q13).
[[nodiscard]] qsizetype nextAttempt(
    const QList<LoginAttempt> &attempts, qsizetype refused, bool credentialSent, const QByteArray &code);

/// The stamp for APOP: exactly one valid msg-id in the greeting (RFC 5322), else empty (CVE-2007-1558).
[[nodiscard]] QByteArray apopStamp(const QByteArray &greeting);

/// How an attempt ended.
struct LoginResult {
    bool accepted = false;
    Verb verb = Verb::Auth;
    bool credentialSent = false;
    bool atOnce = false; ///< in answer to AUTH itself: the mechanism was refused, and not what it would have said
    bool impostor = false; ///< the server did not prove that it knows the password: it must not be told it
    QByteArray code; ///< of the -ERR
    Error error;
};

/// Carries out one attempt on a channel. AUTH is two lines: one server wants that (Q8), all accept it, and tokens do
/// not fit into a command line. SCRAM alone begins with an initial response (RFC 5034 §4): it takes more round trips
/// than the others, and its first message holds no secret, so that one that is refused is simply sent in two lines.
class Authentication
{
public:
    Authentication(Channel &channel, net::Credentials credentials, net::SaslContext context, QByteArray stamp,
        std::function<void(const LoginResult &)> finished);

    void run(const LoginAttempt &attempt);
    [[nodiscard]] bool credentialSent() const { return m_credentialSent; }
    [[nodiscard]] Verb verb() const { return m_verb; }

private:
    void runSasl();
    void runTwoLines();
    void initialAnswered(const Reply &reply);
    void saslStep(const Reply &reply);
    void cancel(const Error &error);
    void runUser();
    void runApop();
    void send(
        Verb verb, const QByteArray &line, ReplyShape shape, bool secret, std::function<void(const Reply &)> answered);
    void settle(const Reply &reply);
    void finish(LoginResult result);
    [[nodiscard]] QByteArray encoded(const QString &text) const;

    Channel &m_channel;
    net::Credentials m_credentials;
    net::SaslContext m_context;
    QByteArray m_stamp;
    std::function<void(const LoginResult &)> m_finished;
    LoginAttempt m_attempt;
    std::unique_ptr<net::SaslMechanism> m_mechanism;
    Verb m_verb = Verb::Auth;
    QByteArray m_initial; ///< sent with AUTH itself, and not acknowledged yet
    bool m_begun = false; ///< the mechanism has sent its first response
    bool m_credentialSent = false;
    bool m_atOnce = false; ///< nothing was sent after AUTH
};

} // namespace satchel::pop3
