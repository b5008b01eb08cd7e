// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "autoconfig/discovery.h"
#include "base/clock.h"
#include "sync/engine.h"

#include <QObject>
#include <QThread>

namespace satchel {

/// By which ways the program goes out, and what time it is there. All empty: as a program does; tests lead them to
/// servers of their own.
struct Ways {
    autoconfig::DiscoveryOptions discovery;
    sync::TransportFactory connectTo;
    Clock clock = Clock();
};

/// The mail thread, the Engine and the search for settings that live on it. Made and ended on the GUI thread; both are
/// spoken to by queued signals only.
class MailThread : public QObject
{
    Q_OBJECT

public:
    explicit MailThread(const QString &storeFile, const Ways &ways = {}, QObject *parent = nullptr);
    ~MailThread() override; ///< ends the thread; waits until the store is closed

    [[nodiscard]] sync::Engine *engine() const { return m_engine; }
    [[nodiscard]] autoconfig::Discovery *discovery() const { return m_discovery; }
    void start(); ///< the Engine opens the store
    void stop(); ///< the Engine closes it; stopped() follows

Q_SIGNALS:
    void stopped();

private:
    QThread m_thread;
    sync::Engine *m_engine;
    autoconfig::Discovery *m_discovery;
};

} // namespace satchel
