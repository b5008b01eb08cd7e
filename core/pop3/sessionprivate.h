// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// For session.cpp and sessionlogin.cpp alone.
#include "pop3/authentication.h"
#include "pop3/channel.h"
#include "pop3/listingquery.h"
#include "pop3/session.h"
#include "pop3/topproof.h"

#include <functional>
#include <memory>
#include <optional>

namespace satchel::pop3 {

struct Session::Private {
    static constexpr int mostCredentials = 3; ///< in one login: each may bring the account nearer to being locked (Q18)

    enum class Phase { New, Opening, Ready, LoggingIn, Transaction, Quitting, Over };

    Session *q = nullptr;
    net::Endpoint endpoint;
    SessionOptions options;
    std::unique_ptr<net::Transport> firstTransport;
    std::shared_ptr<net::Secrets> secrets = std::make_shared<net::Secrets>();
    Channel *channel = nullptr;
    Phase phase = Phase::New;
    Capabilities capabilities;
    QByteArray greeting;
    bool capaHangsUp = false;
    int reconnections = 0;

    // The login, while it is under way.
    net::Credentials credentials;
    QByteArray wantedMechanism; ///< the account names the one way to sign in; empty: choose
    QList<LoginAttempt> attempts;
    qsizetype attempt = -1;
    QList<LoginAttempt> refusedAttempts;
    LoginResult lastRefusal;
    bool asksAnew = false; ///< CAPA, which was left out until the login was refused
    bool askedAnew = false; ///< in this session
    int credentialsSent = 0;
    bool hungUpAtLogin = false; ///< the server, or the line, in place of an answer to a credential
    std::unique_ptr<Authentication> authentication;
    bool courtesiesSent = false;

    QByteArray mechanism;
    bool usedLatin1 = false;
    bool pipeliningSuspect = false;
    int interrupted = 0;

    TopProof topProof;
    std::optional<ListingQuery> listing;

    void connectTo(std::unique_ptr<net::Transport> transport);
    bool reconnect();
    void greeted(const Reply &reply);
    void askCapabilities(std::function<void()> then);
    void askCapabilitiesMeanwhile();
    void protect();
    void becomeReady();
    void attemptLogin();
    [[nodiscard]] LoginChoice loginChoice() const;
    [[nodiscard]] bool tryWithCapabilities(const LoginResult &refused);
    void refuseLogin(const LoginResult &refused);
    void loginEnded(const LoginResult &result);
    void tryNext(const LoginResult &result);
    void becomeLoggedIn();
    void channelBroken(const Error &error);
    void listingKnown(const ListingAnswer &answer);
    void send(Verb verb, int number, const QByteArray &line, ReplyShape shape, std::function<void(const Reply &)> ok,
        qint64 expected = 0);
    void sendTop(const TopWish &wish);
    void end();
    void fail(const Error &error);
    void refuse(Verb verb, int number, const Error &error);
    [[nodiscard]] Capabilities announced(const Reply &reply) const;
    [[nodiscard]] Error told(Error error) const; ///< without secrets
    [[nodiscard]] bool mayCommand() const;
    [[nodiscard]] Error error(ErrorKind kind, const QString &text, ErrorAction action) const;
};

} // namespace satchel::pop3
