// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QTcpServer>
#include <QUrl>

class QTcpSocket;

namespace satchel::test {

/// An OAuth 2 identity provider on loopback: gives access tokens, renews them at /token (RFC 6749 §6), and tells a mail
/// server at /userinfo whose a token is. On the thread that made it; the mail server asks while that runs its events.
class IdentityProvider : public QObject
{
    Q_OBJECT

public:
    struct Grant {
        QByteArray accessToken;
        QByteArray refreshToken;
    };

    [[nodiscard]] bool start();
    [[nodiscard]] QUrl url() const;

    /// What the person's sign-in would give. The access token has at least \a size bytes.
    [[nodiscard]] Grant signIn(const QString &user, qsizetype size = 0);
    void expire(const QByteArray &accessToken) { m_access.remove(accessToken); }
    void revoke(const QByteArray &refreshToken) { m_refresh.remove(refreshToken); } ///< the person took it back

    [[nodiscard]] QByteArray latest() const { return m_latest; } ///< access token that was given at /token
    [[nodiscard]] int inquiries() const { return m_inquiries; } ///< of mail servers

private:
    struct Renewable {
        QString user;
        qsizetype size = 0;
    };

    void serve(QTcpSocket *socket);
    [[nodiscard]] std::pair<int, QByteArray> answer(
        const QByteArray &line, const QByteArray &bearer, const QByteArray &body);

    QTcpServer m_server;
    QHash<QByteArray, QString> m_access; ///< user by token
    QHash<QByteArray, Renewable> m_refresh;
    QByteArray m_latest;
    int m_inquiries = 0;
};

} // namespace satchel::test
