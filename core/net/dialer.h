// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/resolver.h"

#include <QAbstractSocket>
#include <QHostAddress>
#include <QHostInfo>
#include <QList>
#include <QNetworkProxy>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <memory>
#include <vector>

class QSslSocket;

namespace satchel::net {

/// Connects to the first of a host's addresses that answers (RFC 8305): the next one, of the other family where there
/// is one, is tried when one has not connected after a quarter of a second or has failed; who comes first stays, all
/// others are closed. So an address that does not answer costs a quarter of a second, and not the whole visit. Through
/// a proxy there is one attempt, and the proxy looks the name up.
///
/// Lives on the thread of its owner, who watches the time and deletes it to give up. connected() or failed() comes
/// once.
class Dialer : public QObject
{
    Q_OBJECT

public:
    enum class Failure {
        NoSuchHost, ///< who looks up names says so
        LookupFailed, ///< nobody could say
        Unreachable, ///< see error()
    };

    explicit Dialer(Resolver resolver = {}, QObject *parent = nullptr);
    ~Dialer() override;

    void dial(const QString &host, quint16 port, const QNetworkProxy &proxy);

    [[nodiscard]] bool isLookingUp() const { return m_lookingUp; }
    [[nodiscard]] Failure failure() const { return m_failure; }
    /// Of the address that said most: one that refuses is there, one that cannot be reached may be the wrong one.
    [[nodiscard]] QAbstractSocket::SocketError error() const { return m_error; }
    /// After connected(): connected in clear, with no signal of it handled yet. Without one of this object's.
    [[nodiscard]] std::unique_ptr<QSslSocket> takeSocket();

    /// One after the other of both families, the first as it came (RFC 8305 §4); each address once.
    [[nodiscard]] static QList<QHostAddress> inTurns(const QList<QHostAddress> &addresses);

    static constexpr std::chrono::milliseconds head{250}; ///< that an attempt has before the next begins

Q_SIGNALS:
    void connected();
    void failed();

private:
    void lookedUp(const QHostInfo &info);
    void next();
    void attempt(const QString &peer);
    void won(QSslSocket *socket);
    void lost(QSslSocket *socket, QAbstractSocket::SocketError error);
    void fail(Failure failure);
    void dropAll();

    Resolver m_resolver;
    quint16 m_port = 0;
    QNetworkProxy m_proxy;
    QList<QHostAddress> m_addresses; ///< that are still to be tried
    std::vector<std::unique_ptr<QSslSocket>> m_attempts;
    std::unique_ptr<QSslSocket> m_winner;
    QTimer m_headStart;
    QAbstractSocket::SocketError m_error = QAbstractSocket::UnknownSocketError;
    Failure m_failure = Failure::Unreachable;
    bool m_lookingUp = false;
    bool m_over = false;
};

} // namespace satchel::net
