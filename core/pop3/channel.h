// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "net/secrets.h"
#include "net/transport.h"
#include "net/wirelog.h"
#include "pop3/commandqueue.h"
#include "pop3/patience.h"
#include "pop3/sessionoptions.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace satchel::pop3 {

class RecordingTransport;

/// Where the connection log goes; nothing is made for it while nobody listens.
struct WireSink {
    std::function<bool()> isListening;
    std::function<void(const net::WireLine &)> write;
};

/// One connection: commands out and their replies back, in order, with the watch on silence. Knows what a reply
/// looks like, not what it means. Lives on the mail thread.
///
/// A message is handed on only when what comes after it begins as a reply (Q25): a server that does not stuff
/// dots ends a message early and sends its rest where a reply is due, and such a message must never be taken for
/// whole. Where no other command is waiting, a NOOP fetches that proof; so the last message of a batch costs one
/// round trip more. What the connection's end leaves unproven is handed on: nothing contradicted it.
///
/// broken() comes at most once, after which nothing follows.
class Channel : public QObject
{
    Q_OBJECT

public:
    /// \a secrets: what no line of the log and of a recording may hold; the answers that sign in are added to them.
    Channel(std::unique_ptr<net::Transport> transport, QString host, const SessionOptions &options, WireSink sink,
        std::shared_ptr<net::Secrets> secrets, QObject *parent = nullptr);
    ~Channel() override;

    void open(std::function<void(const Reply &)> greeted);
    void send(Command command);
    void setPipelining(bool on) { m_queue.setPipelining(on); }
    void setKeepAlive(bool on); ///< whether a NOOP is sent when nothing else was for a while
    void startTls(); ///< encrypted(), or broken() also where bytes came with the reply to STLS
    void close(); ///< no signal follows
    void abort(); ///< no signal follows

    [[nodiscard]] bool isEncrypted() const { return m_transport->isEncrypted(); }
    [[nodiscard]] int size() const { return m_queue.size(); }
    [[nodiscard]] const CommandQueue &queue() const { return m_queue; }
    /// The message of which a part has come, and its end has not; 0: none.
    [[nodiscard]] int receivingNumber() const;
    [[nodiscard]] std::unique_ptr<net::Transport> anotherTransport() const { return m_transport->another(); }

Q_SIGNALS:
    void encrypted();
    void receiving(int number, qint64 bytes);
    void untrustworthy(
        int number, const satchel::Error &error); ///< a message came, and junk behind it; broken() follows
    void broken(const satchel::Error &error);

private:
    struct Held {
        Command command;
        Reply reply;
    };

    void read();
    void process();
    bool takeReply(); ///< false: nothing more to do with the bytes that are here
    void unsolicited();
    void release();
    void refill();
    void deliver(Command &command, Reply &reply);
    void parseFailed();
    void distrust(const Error &error);
    void transportEnded(const Error &error);
    void breakOff(const Error &error);
    void watch();
    void silenceEnded();
    void countWait();
    void giveUpSlowServer();
    void sayNoop();
    [[nodiscard]] bool isDue() const;
    [[nodiscard]] bool isOldGreeting() const;
    [[nodiscard]] std::chrono::milliseconds allowedSilence() const;
    [[nodiscard]] Error error(ErrorKind kind, const QString &text, const QByteArray &words = {}) const;
    void keepSecret(const Command &command);
    [[nodiscard]] bool isTooLong(const Command &command, qint64 upTo) const;
    [[nodiscard]] qint64 taken() const { return m_fed - m_parser.pending(); } ///< bytes that replies are made of
    void log(net::WireLine::From from, const QByteArray &bytes) const;
    void logReply(const Command &command, const Reply &reply) const;

    std::unique_ptr<net::Transport> m_transport;
    std::shared_ptr<net::Secrets> m_secrets;
    RecordingTransport *m_recording = nullptr; ///< m_transport, where it is one
    qint64 m_fed = 0; ///< bytes, to the parser
    qint64 m_replyFrom = 0; ///< of them, before the reply that is due
    QString m_host;
    SessionOptions m_options;
    WireSink m_sink;
    ReplyParser m_parser;
    CommandQueue m_queue;
    std::optional<Held> m_held;
    QTimer m_silence;
    QTimer m_idle;
    bool m_keepAlive = false;
    QElapsedTimer m_lastHeard;
    QElapsedTimer m_checkpoint;
    Patience m_patience;
    QElapsedTimer m_waiting; ///< valid while something is due: since when, or since it was counted last
    qint64 m_sinceCheckpoint = 0;
    qint64 m_reported = 0; ///< of the message being received
    bool m_processing = false;
    bool m_flushQueued = false;
    bool m_over = false;
};

} // namespace satchel::pop3
