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
    enum class Phase { New, Opening, Ready, LoggingIn, Transaction, Quitting, Over };

    Session *q = nullptr;
    net::Endpoint endpoint;
    SessionOptions options;
    std::unique_ptr<net::Transport> firstTransport;
    Channel *channel = nullptr;
    Phase phase = Phase::New;
    Capabilities capabilities;
    QByteArray greeting;
    bool capaHangsUp = false;
    int reconnections = 0;

    // The login, while it is under way.
    net::Credentials credentials;
    QByteArray wantedMechanism;
    QList<LoginAttempt> attempts;
    qsizetype attempt = -1;
    bool isFixed = false; ///< the account names the one way to sign in
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
    void loginEnded(const LoginResult &result);
    void tryNext(const LoginResult &result);
    void becomeLoggedIn();
    void channelBroken(const Error &error);
    void listingKnown(const ListingAnswer &answer);
    void send(Verb verb, int number, const QByteArray &line, ReplyShape shape, std::function<void(const Reply &)> ok);
    void sendTop(const TopWish &wish);
    void end();
    void fail(const Error &error);
    [[nodiscard]] bool mayCommand() const;
    [[nodiscard]] Error error(ErrorKind kind, const QString &text, ErrorAction action) const;
};

} // namespace satchel::pop3
