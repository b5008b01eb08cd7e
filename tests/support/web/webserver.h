// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QHash>
#include <QList>
#include <QSslServer>
#include <QUrl>

class QSslSocket;

namespace satchel::test {

struct WebAnswer {
    int status = 200;
    QByteArray body = {};
    QByteArrayList headers = {}; ///< whole lines, such as "Location: https://…"
    bool silent = false; ///< never answers
    bool endless = false; ///< sends the body again and again, without saying how long it is
};

struct WebRequest {
    QByteArray line; ///< "GET /path?query HTTP/1.1"
    QByteArrayList headers;

    [[nodiscard]] QByteArray path() const { return line.split(' ').value(1); }
    [[nodiscard]] QByteArray header(const QByteArray &name) const; ///< null where there is none
};

/// A web server on loopback that speaks https only and plays all sites at once: mapped() makes
/// https://SITE/PATH into https://localhost:PORT/SITE/PATH. On the thread that made it.
class WebServer : public QObject
{
    Q_OBJECT

public:
    /// With a certificate and its key, both PEM.
    [[nodiscard]] bool start(const QByteArray &certificate, const QByteArray &key);
    [[nodiscard]] quint16 port() const { return m_server.serverPort(); }
    [[nodiscard]] QUrl mapped(const QUrl &url) const;

    /// What is said to a request of https://\a place, such as "example.org/file?query". Others get 404.
    void answer(const QByteArray &place, const WebAnswer &answer) { m_answers.insert('/' + place, answer); }
    [[nodiscard]] const QList<WebRequest> &requests() const { return m_requests; }
    [[nodiscard]] int connections() const { return m_connections; } ///< that got through the handshake

private:
    void serve(QSslSocket *socket);
    void reply(QSslSocket *socket, const WebAnswer &answer);

    QSslServer m_server;
    QHash<QByteArray, WebAnswer> m_answers;
    QList<WebRequest> m_requests;
    int m_connections = 0;
};

} // namespace satchel::test
