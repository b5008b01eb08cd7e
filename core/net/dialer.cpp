// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/dialer.h"

#include <QSslSocket>

#include <algorithm>
#include <utility>

namespace satchel::net {

namespace {

constexpr qsizetype mostAddresses = 10;

void lookUp(const QString &host, QObject *context, std::function<void(const QHostInfo &)> found)
{
    QHostInfo::lookupHost(host, context, std::move(found));
}

/// How much an answer tells of the server.
int weight(QAbstractSocket::SocketError error)
{
    switch (error) {
    case QAbstractSocket::ConnectionRefusedError:
    case QAbstractSocket::RemoteHostClosedError:
        return 3;
    case QAbstractSocket::SocketTimeoutError:
        return 2;
    case QAbstractSocket::UnknownSocketError:
        return 0;
    default:
        return 1;
    }
}

} // namespace

Dialer::Dialer(Resolver resolver, QObject *parent)
    : QObject(parent)
    , m_resolver(resolver ? std::move(resolver) : Resolver(lookUp))
{
    m_headStart.setSingleShot(true);
    m_headStart.setInterval(head);
    connect(&m_headStart, &QTimer::timeout, this, &Dialer::next);
}

Dialer::~Dialer()
{
    dropAll();
}

QList<QHostAddress> Dialer::inTurns(const QList<QHostAddress> &addresses)
{
    QList<QHostAddress> first;
    QList<QHostAddress> second;
    for (const QHostAddress &address : addresses) {
        QList<QHostAddress> &family =
            first.isEmpty() || first.constFirst().protocol() == address.protocol() ? first : second;
        if (!family.contains(address))
            family.append(address);
    }
    QList<QHostAddress> turns;
    for (qsizetype i = 0; i < qMax(first.size(), second.size()); ++i) {
        if (i < first.size())
            turns.append(first.at(i));
        if (i < second.size())
            turns.append(second.at(i));
    }
    return turns.first(qMin(mostAddresses, turns.size()));
}

void Dialer::dial(const QString &host, quint16 port, const QNetworkProxy &proxy)
{
    m_port = port;
    m_proxy = proxy;
    if (proxy.type() != QNetworkProxy::NoProxy && proxy.type() != QNetworkProxy::DefaultProxy) {
        attempt(host);
        return;
    }
    if (const QHostAddress address(host); !address.isNull()) {
        m_addresses = {address};
        next();
        return;
    }
    m_lookingUp = true;
    m_resolver(host, this, [this](const QHostInfo &info) { lookedUp(info); });
}

void Dialer::lookedUp(const QHostInfo &info)
{
    if (m_over || !std::exchange(m_lookingUp, false))
        return;
    if (info.error() == QHostInfo::HostNotFound)
        fail(Failure::NoSuchHost);
    else if (info.error() != QHostInfo::NoError || info.addresses().isEmpty())
        fail(Failure::LookupFailed);
    else
        m_addresses = inTurns(info.addresses());
    if (!m_over)
        next();
}

void Dialer::next()
{
    m_headStart.stop();
    if (m_over || m_addresses.isEmpty())
        return;
    const QHostAddress address = m_addresses.takeFirst();
    if (!m_addresses.isEmpty())
        m_headStart.start();
    attempt(address.toString());
}

void Dialer::attempt(const QString &peer)
{
    auto *socket = m_attempts.emplace_back(std::make_unique<QSslSocket>()).get();
    socket->setProxy(m_proxy);
    connect(socket, &QSslSocket::connected, this, [this, socket] { won(socket); });
    connect(socket, &QSslSocket::errorOccurred, this,
        [this, socket](QAbstractSocket::SocketError error) { lost(socket, error); });
    socket->connectToHost(peer, m_port);
}

void Dialer::won(QSslSocket *socket)
{
    if (m_over)
        return;
    m_over = true;
    const auto found = std::ranges::find(m_attempts, socket, &std::unique_ptr<QSslSocket>::get);
    m_winner = std::move(*found);
    m_attempts.erase(found);
    m_winner->disconnect(this);
    dropAll();
    Q_EMIT connected();
}

void Dialer::lost(QSslSocket *socket, QAbstractSocket::SocketError error)
{
    if (m_over)
        return;
    const auto found = std::ranges::find(m_attempts, socket, &std::unique_ptr<QSslSocket>::get);
    if (found == m_attempts.end())
        return;
    socket->disconnect(this);
    found->release()->deleteLater(); // it is speaking
    m_attempts.erase(found);
    if (weight(error) > weight(m_error))
        m_error = error;
    if (!m_addresses.isEmpty())
        next();
    else if (m_attempts.empty())
        fail(Failure::Unreachable);
}

void Dialer::fail(Failure failure)
{
    m_failure = failure;
    m_over = true;
    dropAll();
    Q_EMIT failed();
}

void Dialer::dropAll()
{
    m_headStart.stop();
    m_addresses.clear();
    for (const auto &socket : m_attempts) {
        socket->disconnect(this);
        socket->abort();
    }
    m_attempts.clear();
}

std::unique_ptr<QSslSocket> Dialer::takeSocket()
{
    return std::move(m_winner);
}

} // namespace satchel::net
