// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/servers/faultproxy.h"

#include <QDeadlineTimer>
#include <QPointer>
#include <QSet>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTimer>

#include <algorithm>
#include <deque>
#include <sys/ioctl.h>
#include <sys/socket.h>
#ifdef Q_OS_LINUX
#include <linux/sockios.h>
#endif

namespace satchel::test {

namespace {

using Clock = std::chrono::steady_clock;

// What a line may hold on its way. Above it the sender is no longer read, so that TCP slows it down.
constexpr qint64 onTheWay = 64 * 1024 * 1024;
// What the receiving socket may hold back. Above it bytes stay on the line: a slow reader slows the sender.
constexpr qint64 unread = 1024 * 1024;
// Of slow start.
constexpr qint64 segment = 1460;
constexpr qint64 largestWindow = 4 * 1024 * 1024;

/// Bytes that were given to the system and that the other side has not got yet.
int undelivered(QTcpSocket *socket)
{
    int bytes = 0;
#ifdef SIOCOUTQ
    if (::ioctl(int(socket->socketDescriptor()), SIOCOUTQ, &bytes) != 0)
        return 0;
#endif
    return bytes;
}

void reset(QTcpSocket *socket)
{
    const linger now{1, 0};
    ::setsockopt(int(socket->socketDescriptor()), SOL_SOCKET, SO_LINGER, &now, sizeof now);
    socket->abort();
}

/// Finds a text in a stream that comes in pieces.
class Watch
{
public:
    explicit Watch(QByteArray text)
        : m_text(std::move(text))
    {
    }
    [[nodiscard]] bool seen() const { return m_text.isEmpty(); }
    /// How many of these bytes it takes until the text is complete; -1 when they do not complete it.
    qsizetype feed(const QByteArray &bytes)
    {
        if (seen())
            return 0;
        const qsizetype before = m_tail.size();
        m_tail += bytes;
        const qsizetype at = m_tail.indexOf(m_text);
        if (at >= 0) {
            const qsizetype end = at + m_text.size() - before;
            m_text.clear();
            m_tail.clear();
            return end;
        }
        m_tail = m_tail.last(std::min(m_tail.size(), m_text.size() - 1));
        return -1;
    }

private:
    QByteArray m_text;
    QByteArray m_tail;
};

/// One direction of a connection: pieces that are due at the other end at a given time.
struct Way {
    QTcpSocket *from = nullptr;
    QTcpSocket *to = nullptr;
    struct Piece {
        Clock::time_point due;
        QByteArray bytes;
    };
    std::deque<Piece> pieces;
    qint64 held = 0;
    Clock::time_point free; ///< when a line with a rate can take the next byte
    qint64 window = 14'600; ///< of slow start: what goes in one round trip
    qint64 windowUsed = 0;
    Clock::time_point windowStart;
    bool ended = false; ///< the sender has said all
    QTimer *timer = nullptr;
};

/// When so many bytes may go, by slow start.
Clock::time_point windowed(Way &way, qint64 bytes, Clock::duration roundTrip)
{
    const auto next = [&way](Clock::time_point start) {
        way.window = std::min(way.window + way.windowUsed, largestWindow);
        way.windowUsed = 0;
        way.windowStart = start;
    };
    if (way.free >= way.windowStart + roundTrip)
        next(way.free);
    else if (way.windowUsed + bytes > way.window)
        next(way.windowStart + roundTrip);
    way.windowUsed += bytes;
    return std::max(way.free, way.windowStart);
}

} // namespace

/// One client's connection and its twin to the server.
class FaultProxy::Line : public QObject
{
public:
    Line(Switchboard *board, QTcpSocket *client, quint16 target, bool mayEnd);

    void end(LineFaults::End how);
    void resume();

private:
    [[nodiscard]] const LineFaults &faults() const;
    void take(Way &way);
    void handOn(Way &way);
    void write(Way &way, QByteArray bytes);
    void endWhenDelivered();
    void finish(Way &way);
    void sayGoodbye();
    void leave();

    Switchboard *m_board;
    int m_number;
    QTcpSocket *m_client;
    QTcpSocket *m_server;
    Way m_toServer;
    Way m_toClient;
    bool m_mayEnd;
    bool m_ended = false;
    bool m_silent = false;
    LineFaults m_atStart; ///< how it ends was settled when it began
    Watch m_clientWatch;
    Watch m_serverWatch;
    qint64 m_untilEnd = 0;
};

/// Lives on the thread of the proxy.
class FaultProxy::Switchboard : public QObject
{
public:
    Switchboard(quint16 target, LineFaults faults)
        : m_faults(std::move(faults))
        , m_target(target)
        , m_listener(this)
    {
        connect(&m_listener, &QTcpServer::newConnection, this, [this] { accept(); });
    }

    quint16 listen(quint16 port)
    {
        return m_listener.listen(QHostAddress::LocalHost, port) ? m_listener.serverPort() : quint16(0);
    }
    void setFaults(const LineFaults &faults)
    {
        m_faults = faults;
        m_endings = 0;
        for (Line *line : std::as_const(m_lines))
            line->resume();
    }
    void endAll(LineFaults::End how)
    {
        const auto lines = m_lines;
        for (Line *line : lines)
            line->end(how);
    }

    LineFaults m_faults;
    Listener m_listen;
    QSet<Line *> m_lines;
    int m_connections = 0;
    int m_endings = 0;
    int m_faulted = 0;
    qint64 m_toClient = 0;
    qint64 m_toServer = 0;

private:
    void accept()
    {
        while (QTcpSocket *client = m_listener.nextPendingConnection()) {
            ++m_connections;
            if (m_faults.refuse) {
                reset(client);
                client->deleteLater();
                continue;
            }
            const bool mayEnd = m_faults.endings < 0 || m_endings < m_faults.endings;
            m_endings += mayEnd ? 1 : 0;
            m_lines.insert(new Line(this, client, m_target, mayEnd));
        }
    }

    quint16 m_target;
    QTcpServer m_listener;
};

FaultProxy::Line::Line(Switchboard *board, QTcpSocket *client, quint16 target, bool mayEnd)
    : QObject(board)
    , m_board(board)
    , m_number(board->m_connections)
    , m_client(client)
    , m_server(new QTcpSocket(this))
    , m_mayEnd(mayEnd && board->m_faults.end != LineFaults::End::None)
    , m_silent(board->m_faults.mute)
    , m_atStart(board->m_faults)
    , m_clientWatch(m_atStart.clientText)
    , m_serverWatch(m_atStart.serverText)
    , m_untilEnd(m_atStart.afterServerBytes)
{
    m_client->setParent(this);
    m_toServer.from = m_client;
    m_toServer.to = m_server;
    m_toClient.from = m_server;
    m_toClient.to = m_client;
    for (Way *way : {&m_toServer, &m_toClient}) {
        way->timer = new QTimer(this);
        way->timer->setTimerType(Qt::PreciseTimer);
        way->timer->setSingleShot(true);
        connect(way->timer, &QTimer::timeout, this, [this, way] { handOn(*way); });
        way->from->setReadBufferSize(unread);
        way->from->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        connect(way->from, &QTcpSocket::readyRead, this, [this, way] { take(*way); });
        connect(way->to, &QTcpSocket::bytesWritten, this, [this, way] { handOn(*way); });
        connect(way->from, &QTcpSocket::disconnected, this, [this, way] {
            take(*way);
            way->ended = true;
            if (m_silent || m_ended)
                leave();
            else
                handOn(*way);
        });
    }
    connect(m_server, &QTcpSocket::connected, this, [this] {
        m_server->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        take(m_toServer);
        handOn(m_toServer);
    });
    connect(m_server, &QTcpSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        if (error == QAbstractSocket::ConnectionRefusedError)
            end(LineFaults::End::Reset);
    });
    if (m_silent)
        return;
    // A handshake takes one and a half round trips until the server knows of its client.
    const auto handshake = m_atStart.delayToServer * 2 + m_atStart.delayToClient;
    QTimer::singleShot(handshake, Qt::PreciseTimer, this,
        [this, target] { m_server->connectToHost(QHostAddress::LocalHost, target); });
}

const LineFaults &FaultProxy::Line::faults() const
{
    return m_board->m_faults;
}

void FaultProxy::Line::resume()
{
    take(m_toServer);
    take(m_toClient);
}

void FaultProxy::Line::take(Way &way)
{
    if (m_ended)
        return sayGoodbye();
    if (m_silent)
        return;
    const bool toServer = &way == &m_toServer;
    const auto delay = toServer ? faults().delayToServer : faults().delayToClient;
    const qint64 rate = toServer ? faults().rateToServer : faults().rateToClient;
    // A narrow line goes in small steps, or it would come in bursts.
    qint64 piece = std::min(qint64(faults().largestPiece), rate > 0 ? std::max(qint64(1), rate / 50) : onTheWay);
    if (faults().slowStart)
        piece = std::min(piece, segment);
    while (way.from->bytesAvailable() > 0 && way.held < onTheWay) {
        QByteArray bytes = way.from->read(std::max(qint64(1), piece));
        if (bytes.isEmpty())
            break;
        way.free = std::max(way.free, Clock::now());
        if (rate > 0)
            way.free += std::chrono::nanoseconds(1'000'000'000 * bytes.size() / rate);
        if (faults().slowStart)
            way.free = windowed(way, bytes.size(), faults().delayToServer + faults().delayToClient);
        way.held += bytes.size();
        way.pieces.push_back({way.free + delay, std::move(bytes)});
    }
    handOn(way);
}

void FaultProxy::Line::handOn(Way &way)
{
    if (m_silent || m_ended || way.to->state() != QAbstractSocket::ConnectedState) {
        if (m_ended)
            sayGoodbye();
        else if (way.ended && !m_silent)
            finish(way);
        return;
    }
    const bool wasFull = way.held >= onTheWay;
    const auto now = Clock::now();
    while (!way.pieces.empty() && way.pieces.front().due <= now && way.to->bytesToWrite() < unread) {
        QByteArray bytes = std::move(way.pieces.front().bytes);
        way.pieces.pop_front();
        way.held -= bytes.size();
        write(way, std::move(bytes));
        if (m_silent || m_ended)
            return;
    }
    if (!way.pieces.empty() && way.pieces.front().due > now)
        way.timer->start(std::chrono::ceil<std::chrono::milliseconds>(way.pieces.front().due - now));
    if (wasFull && way.held < onTheWay && way.from->bytesAvailable() > 0)
        take(way);
    if (way.pieces.empty() && way.ended)
        finish(way);
}

void FaultProxy::Line::write(Way &way, QByteArray bytes)
{
    if (&way == &m_toServer) {
        m_clientWatch.feed(bytes);
        if (m_board->m_listen)
            m_board->m_listen(m_number, bytes);
        m_board->m_toServer += way.to->write(bytes);
        return;
    }
    bool endNow = false;
    if (m_mayEnd && m_clientWatch.seen()) {
        const qsizetype counted = m_serverWatch.seen() ? 0 : m_serverWatch.feed(bytes);
        if (counted >= 0) {
            const qint64 rest = bytes.size() - counted;
            endNow = rest >= m_untilEnd;
            if (endNow)
                bytes.truncate(counted + m_untilEnd);
            else
                m_untilEnd -= rest;
        }
    }
    m_board->m_toClient += way.to->write(bytes);
    if (endNow) {
        ++m_board->m_faulted;
        m_silent = true;
        endWhenDelivered();
    }
}

// What was handed on is to arrive before the end does: RST throws away what is still in the sender's hands.
void FaultProxy::Line::endWhenDelivered()
{
    m_client->flush();
    if (m_client->state() != QAbstractSocket::ConnectedState
        || (m_client->bytesToWrite() == 0 && undelivered(m_client) == 0))
        end(m_atStart.end);
    else
        QTimer::singleShot(1, this, [this] { endWhenDelivered(); });
}

void FaultProxy::Line::finish(Way &way)
{
    if (way.to->state() == QAbstractSocket::ConnectedState || way.to->state() == QAbstractSocket::ConnectingState)
        way.to->disconnectFromHost();
    if (m_client->state() == QAbstractSocket::UnconnectedState
        && m_server->state() == QAbstractSocket::UnconnectedState)
        end(LineFaults::End::Close);
}

void FaultProxy::Line::end(LineFaults::End how)
{
    if (m_ended || how == LineFaults::End::None)
        return;
    if (how == LineFaults::End::Silence) {
        m_silent = true;
        return;
    }
    m_ended = true;
    if (how == LineFaults::End::Reset) {
        reset(m_server);
        reset(m_client);
        leave();
    } else {
        m_server->abort();
        sayGoodbye();
    }
}

// An orderly end: a socket that is closed before all was read from it sends RST, so what the client still says is
// read and forgotten until it goes away.
void FaultProxy::Line::sayGoodbye()
{
    if (m_client->state() == QAbstractSocket::UnconnectedState)
        return leave();
    m_client->readAll();
    if (m_client->bytesToWrite() == 0)
        ::shutdown(int(m_client->socketDescriptor()), SHUT_WR);
}

void FaultProxy::Line::leave()
{
    m_ended = true;
    m_board->m_lines.remove(this);
    deleteLater();
}

FaultProxy::FaultProxy(quint16 target, const LineFaults &faults, quint16 listenOn)
    : m_switchboard(new Switchboard(target, faults))
{
    m_switchboard->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_switchboard, &QObject::deleteLater);
    m_thread.setObjectName(QStringLiteral("fault proxy"));
    m_thread.start();
    QMetaObject::invokeMethod(
        m_switchboard, [this, listenOn] { return m_switchboard->listen(listenOn); }, Qt::BlockingQueuedConnection,
        &m_port);
}

FaultProxy::~FaultProxy()
{
    m_thread.quit();
    m_thread.wait();
}

void FaultProxy::setFaults(const LineFaults &faults)
{
    QMetaObject::invokeMethod(
        m_switchboard, [this, &faults] { m_switchboard->setFaults(faults); }, Qt::BlockingQueuedConnection);
}

void FaultProxy::setListener(Listener listener)
{
    QMetaObject::invokeMethod(
        m_switchboard, [this, &listener] { m_switchboard->m_listen = std::move(listener); },
        Qt::BlockingQueuedConnection);
}

void FaultProxy::endAll(LineFaults::End how)
{
    QMetaObject::invokeMethod(m_switchboard, [this, how] { m_switchboard->endAll(how); }, Qt::BlockingQueuedConnection);
}

int FaultProxy::connections() const
{
    int count = 0;
    QMetaObject::invokeMethod(
        m_switchboard, [this] { return m_switchboard->m_connections; }, Qt::BlockingQueuedConnection, &count);
    return count;
}

int FaultProxy::open() const
{
    int count = 0;
    QMetaObject::invokeMethod(
        m_switchboard, [this] { return int(m_switchboard->m_lines.size()); }, Qt::BlockingQueuedConnection, &count);
    return count;
}

int FaultProxy::faulted() const
{
    int count = 0;
    QMetaObject::invokeMethod(
        m_switchboard, [this] { return m_switchboard->m_faulted; }, Qt::BlockingQueuedConnection, &count);
    return count;
}

qint64 FaultProxy::bytesToClient() const
{
    qint64 bytes = 0;
    QMetaObject::invokeMethod(
        m_switchboard, [this] { return m_switchboard->m_toClient; }, Qt::BlockingQueuedConnection, &bytes);
    return bytes;
}

qint64 FaultProxy::bytesToServer() const
{
    qint64 bytes = 0;
    QMetaObject::invokeMethod(
        m_switchboard, [this] { return m_switchboard->m_toServer; }, Qt::BlockingQueuedConnection, &bytes);
    return bytes;
}

} // namespace satchel::test
