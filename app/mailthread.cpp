// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/mailthread.h"

namespace satchel {

MailThread::MailThread(const QString &storeFile, const Ways &ways, QObject *parent)
    : QObject(parent)
    , m_engine(new sync::Engine(storeFile, ways.connectTo, nullptr, ways.clock))
    , m_discovery(new autoconfig::Discovery(ways.discovery, autoconfig::Providers::builtIn()))
{
    m_thread.setObjectName(QStringLiteral("mail"));
    m_engine->moveToThread(&m_thread);
    m_discovery->moveToThread(&m_thread);
    connect(&m_thread, &QThread::started, m_engine, &sync::Engine::open);
    connect(&m_thread, &QThread::finished, m_engine, &QObject::deleteLater);
    connect(&m_thread, &QThread::finished, m_discovery, &QObject::deleteLater);
    connect(m_engine, &sync::Engine::closed, this, [this] {
        m_thread.quit();
        m_thread.wait();
        Q_EMIT stopped();
    });
}

MailThread::~MailThread()
{
    if (m_thread.isRunning()) {
        QMetaObject::invokeMethod(m_engine, &sync::Engine::close, Qt::BlockingQueuedConnection);
        m_thread.quit();
        m_thread.wait();
    } else if (!m_thread.isFinished()) {
        delete m_engine;
        delete m_discovery;
    }
}

void MailThread::start()
{
    m_thread.start();
}

void MailThread::stop()
{
    QMetaObject::invokeMethod(m_engine, &sync::Engine::close, Qt::QueuedConnection);
}

} // namespace satchel
