// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/web/identityprovider.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTcpSocket>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace satchel::test {

namespace {

QByteArray randomToken(qsizetype size)
{
    QByteArray bytes(qMax<qsizetype>(size, 32), Qt::Uninitialized);
    for (char &byte : bytes)
        byte = char(QRandomGenerator::global()->bounded(256));
    return bytes.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

QByteArray json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray fieldOf(const QByteArray &head, const QByteArray &name)
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.first(colon).compare(name, Qt::CaseInsensitive) == 0)
            return line.sliced(colon + 1).trimmed();
    }
    return {};
}

} // namespace

bool IdentityProvider::start()
{
    connect(&m_server, &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (QTcpSocket *socket = m_server.nextPendingConnection()) {
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { serve(socket); });
            connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
            serve(socket);
        }
    });
    return m_server.listen(QHostAddress::LocalHost);
}

QUrl IdentityProvider::url() const
{
    return QUrl(u"http://127.0.0.1:%1"_s.arg(m_server.serverPort()));
}

IdentityProvider::Grant IdentityProvider::signIn(const QString &user, qsizetype size)
{
    const Grant grant{randomToken(size), randomToken(0)};
    m_access.insert(grant.accessToken, user);
    m_refresh.insert(grant.refreshToken, {user, size});
    return grant;
}

void IdentityProvider::serve(QTcpSocket *socket)
{
    QByteArray received = socket->property("received").toByteArray() + socket->readAll();
    for (qsizetype end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
        const QByteArray head = received.first(end);
        const qsizetype length = fieldOf(head, "Content-Length").toLongLong();
        if (received.size() < end + 4 + length)
            break;
        const QByteArray bearer = fieldOf(head, "Authorization");
        const auto [status, said] = answer(head.first(qMax(0, head.indexOf('\r'))),
            bearer.startsWith("Bearer ") ? bearer.sliced(7) : QByteArray(), received.sliced(end + 4, length));
        received.remove(0, end + 4 + length);
        socket->write("HTTP/1.1 " + QByteArray::number(status)
            + " Said\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(said.size())
            + "\r\n\r\n" + said);
    }
    socket->setProperty("received", received);
}

std::pair<int, QByteArray> IdentityProvider::answer(
    const QByteArray &line, const QByteArray &bearer, const QByteArray &body)
{
    if (line.startsWith("GET /userinfo")) {
        ++m_inquiries;
        const auto user = m_access.constFind(bearer);
        if (user == m_access.cend())
            return {401, json({{u"error"_s, u"invalid_token"_s}})};
        return {200, json({{u"sub"_s, *user}, {u"email"_s, *user}})};
    }
    if (line.startsWith("POST /token")) {
        const QUrlQuery query(QString::fromUtf8(body));
        const auto known = m_refresh.constFind(query.queryItemValue(u"refresh_token"_s).toLatin1());
        if (query.queryItemValue(u"grant_type"_s) != "refresh_token"_L1 || known == m_refresh.cend())
            return {400, json({{u"error"_s, u"invalid_grant"_s}})};
        const QByteArray token = randomToken(known->size);
        m_access.insert(token, known->user);
        m_latest = token;
        return {200,
            json({{u"access_token"_s, QString::fromLatin1(token)}, {u"token_type"_s, u"Bearer"_s},
                {u"expires_in"_s, 3600}})};
    }
    return {404, "{}"};
}

} // namespace satchel::test
