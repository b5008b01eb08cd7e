// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/scriptedserver.h"
#include "sync/checkharness.h"
#include "sync/checkqueue.h"

#include <QSignalSpy>

#include <chrono>
#include <memory>

namespace satchel::test {

/// A mailbox, a store, a queue that knows both, and a clock that can be set ahead.
struct QueueHouse {
    explicit QueueHouse(const QList<ServerMessage> &messages, const ServerQuirks &quirks = {})
        : server(messages, quirks)
    {
        if (!server.listen())
            qFatal("no port for the test server");
        AccountSettings &account = harness.account();
        account.security = Security::Plain;
        account.port = server.port();
        account.userName = QString::fromUtf8(quirks.user);
        if (!harness.writer().updateAccount(account))
            qFatal("the account could not be kept");
        restart();
    }

    /// As after the program was started again.
    void restart()
    {
        queue.reset();
        queue = std::make_unique<sync::CheckQueue>(
            harness.writer(), harness.connectTo, [this] { return QDateTime::currentDateTimeUtc().addSecs(ahead); });
        queue->setSessionOptions(harness.options);
        queue->setOccasionDelay(std::chrono::milliseconds(10));
        queue->setAccounts({harness.account()});
        net::Credentials credentials;
        credentials.userName = harness.account().userName;
        credentials.password = QString::fromUtf8(server.quirks().password);
        queue->setCredentials(id(), credentials);
    }

    [[nodiscard]] AccountId id() { return harness.account().id; }

    /// One check that the person asks for, to its end.
    sync::CheckResult check()
    {
        QSignalSpy checked(queue.get(), &sync::CheckQueue::checked);
        queue->check({id()});
        if (checked.isEmpty() && !checked.wait(std::chrono::minutes(1)))
            qFatal("the check did not end");
        return checked.first().first().value<sync::CheckResult>();
    }

    CheckHarness harness;
    ScriptedServer server;
    qint64 ahead = 0; ///< seconds of the clock
    std::unique_ptr<sync::CheckQueue> queue;
};

} // namespace satchel::test
