// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QThread>

#include <chrono>
#include <functional>
#include <memory>

namespace satchel::test {

/// What a line between client and server does to the bytes on it.
struct LineFaults {
    enum class End {
        None,
        Close, ///< an orderly end of both connections (FIN)
        Reset, ///< RST to both
        Silence, ///< no byte more in either direction, and no end
    };

    std::chrono::milliseconds delayToServer{0}; ///< each byte arrives that much later; the throughput stays
    std::chrono::milliseconds delayToClient{0};
    qint64 rateToServer = 0; ///< bytes a second; 0: as fast as it goes
    qint64 rateToClient = 0;
    /// As TCP on a line that is far, which two ends on loopback do not show: ten segments in the first round trip, and
    /// twice as much in each that follows, up to 4 MB.
    bool slowStart = false;
    int largestPiece = 64 * 1024; ///< of bytes handed on in one write: 1 is byte by byte

    /// How it ends: when the client has sent \c clientText and the server \c serverText (each only if it is not
    /// empty; readable only without TLS), and \c afterServerBytes more bytes of the server have been handed on.
    End end = End::None;
    QByteArray clientText = {};
    QByteArray serverText = {};
    qint64 afterServerBytes = 0;
    int endings = -1; ///< the first so many connections end like that, later ones live; -1: all

    bool refuse = false; ///< RST as soon as a client has connected
    bool mute = false; ///< takes the connection and never says a word

    friend bool operator==(const LineFaults &, const LineFaults &) = default;
};

/// A TCP proxy on loopback that does what networks do to connections: takes its time, is narrow, breaks. Works in a
/// thread of its own, so that a client that blocks is served too; this object is used from the thread that made it.
class FaultProxy
{
public:
    explicit FaultProxy(quint16 target, const LineFaults &faults = {}, quint16 listenOn = 0);
    ~FaultProxy();
    Q_DISABLE_COPY_MOVE(FaultProxy)

    [[nodiscard]] bool isListening() const { return m_port != 0; }
    [[nodiscard]] quint16 port() const { return m_port; }
    /// For connections that come from now on, and for delays and rates also for those that are open.
    void setFaults(const LineFaults &faults);
    /// Called on the proxy's thread with what a client says, before it is handed on to the server. Connections are
    /// numbered from 1.
    using Listener = std::function<void(int connection, const QByteArray &bytes)>;
    void setListener(Listener listener);
    /// Ends all open connections like that, now.
    void endAll(LineFaults::End how);

    [[nodiscard]] int connections() const; ///< that came in so far
    [[nodiscard]] int open() const; ///< that are there now
    [[nodiscard]] int faulted() const; ///< that LineFaults::end has ended, or silenced, so far
    [[nodiscard]] qint64 bytesToClient() const; ///< handed on so far, of all connections
    [[nodiscard]] qint64 bytesToServer() const;

private:
    class Line;
    class Switchboard;

    QThread m_thread;
    Switchboard *m_switchboard = nullptr; ///< lives on m_thread and is deleted there
    quint16 m_port = 0;
};

} // namespace satchel::test
