// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/engine.h"

#include <QObject>
#include <QThread>

namespace satchel {

/// The mail thread and the Engine that lives on it. Made and ended on the GUI thread; the Engine is spoken to by
/// queued signals only.
class MailThread : public QObject
{
    Q_OBJECT

public:
    /// \a connectTo: see sync::Engine.
    explicit MailThread(const QString &storeFile, sync::TransportFactory connectTo = {}, QObject *parent = nullptr);
    ~MailThread() override; ///< ends the thread; waits until the store is closed

    [[nodiscard]] sync::Engine *engine() const { return m_engine; }
    void start(); ///< the Engine opens the store
    void stop(); ///< the Engine closes it; stopped() follows

Q_SIGNALS:
    void stopped();

private:
    QThread m_thread;
    sync::Engine *m_engine;
};

} // namespace satchel
