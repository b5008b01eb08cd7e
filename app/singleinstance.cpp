// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/singleinstance.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QLocalServer>
#include <QLocalSocket>

#include <kdsingleapplication.h>

namespace satchel {

SingleInstance::SingleInstance(const QString &name, QObject *parent)
    : QObject(parent)
    , m_name(name)
    , m_instance(std::make_unique<KDSingleApplication>(name, KDSingleApplication::Option::IncludeUsernameInSocketName))
{
    connect(m_instance.get(), &KDSingleApplication::messageReceived, this, &SingleInstance::take);
}

SingleInstance::~SingleInstance() = default;

bool SingleInstance::isFirst() const
{
    return m_instance->isPrimaryInstance();
}

SingleInstance::Answer SingleInstance::tell(const QByteArray &wish, int milliseconds)
{
    const QDeadlineTimer deadline(milliseconds);
    // What was sent lies in a pipe, whether or not anybody reads it; only the first program's own word proves that it
    // was.
    QLocalServer answers;
    answers.setSocketOptions(QLocalServer::UserAccessOption);
    const QString name = m_name + QStringLiteral("-answer-%1").arg(QCoreApplication::applicationPid());
    QLocalServer::removeServer(name);
    if (!answers.listen(name))
        return Answer::Silent;
    if (!m_instance->sendMessageWithTimeout(answers.fullServerName().toUtf8() + '\n' + wish, milliseconds))
        return Answer::Gone;
    return answers.waitForNewConnection(int(deadline.remainingTime())) ? Answer::Taken : Answer::Silent;
}

void SingleInstance::take(const QByteArray &message)
{
    const qsizetype end = message.indexOf('\n');
    if (end < 0)
        return;
    constexpr int patience = 1000;
    QLocalSocket answer;
    answer.connectToServer(QString::fromUtf8(message.first(end)));
    answer.waitForConnected(patience);
    Q_EMIT told(message.sliced(end + 1));
}

} // namespace satchel
