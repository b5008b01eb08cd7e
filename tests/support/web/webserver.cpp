// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/web/webserver.h"

#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslSocket>

using namespace Qt::StringLiterals;

namespace satchel::test {

QByteArray WebRequest::header(const QByteArray &name) const
{
    for (const QByteArray &field : headers) {
        if (field.size() > name.size() && field.first(name.size()).compare(name, Qt::CaseInsensitive) == 0
            && field.at(name.size()) == ':')
            return field.sliced(name.size() + 1).trimmed();
    }
    return {};
}

bool WebServer::start(const QByteArray &certificate, const QByteArray &key)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(QSslCertificate::fromData(certificate));
    tls.setPrivateKey(QSslKey(key, QSsl::Ec));
    tls.setPeerVerifyMode(QSslSocket::VerifyNone);
    m_server.setSslConfiguration(tls);
    connect(&m_server, &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (auto *socket = qobject_cast<QSslSocket *>(m_server.nextPendingConnection())) {
            ++m_connections;
            connect(socket, &QSslSocket::readyRead, this, [this, socket] { serve(socket); });
            connect(socket, &QSslSocket::disconnected, socket, &QObject::deleteLater);
            if (socket->bytesAvailable() > 0)
                serve(socket);
        }
    });
    return m_server.listen(QHostAddress::LocalHost);
}

QUrl WebServer::mapped(const QUrl &url) const
{
    QUrl here = url;
    here.setPath(u'/' + url.host(QUrl::FullyEncoded) + url.path());
    here.setHost(u"localhost"_s);
    here.setPort(port());
    return here;
}

void WebServer::serve(QSslSocket *socket)
{
    QByteArray head = socket->property("head").toByteArray() + socket->readAll();
    for (qsizetype end = head.indexOf("\r\n\r\n"); end >= 0; end = head.indexOf("\r\n\r\n")) {
        WebRequest request;
        request.headers = head.first(end).replace("\r\n", "\n").split('\n');
        request.line = request.headers.takeFirst();
        head.remove(0, end + 4);
        m_requests.append(request);
        reply(socket, m_answers.value(request.path(), WebAnswer{.status = 404, .body = "not here"}));
    }
    socket->setProperty("head", head);
}

void WebServer::reply(QSslSocket *socket, const WebAnswer &answer)
{
    if (answer.silent)
        return;
    QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " Said\r\n";
    for (const QByteArray &header : answer.headers)
        head += header + "\r\n";
    if (answer.endless) {
        socket->write(head + "Connection: close\r\n\r\n" + answer.body);
        const QByteArray more = answer.body;
        connect(socket, &QSslSocket::encryptedBytesWritten, socket, [socket, more] {
            if (socket->encryptedBytesToWrite() == 0)
                socket->write(more);
        });
        return;
    }
    socket->write(head + "Content-Length: " + QByteArray::number(answer.body.size()) + "\r\n\r\n" + answer.body);
}

} // namespace satchel::test
