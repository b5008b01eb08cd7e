// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "net/transport.h"
#include "sync/whims.h"

#include <QByteArrayList>
#include <QList>

#include <functional>
#include <memory>
#include <optional>

namespace satchel::test {

/// One message that was brought to a server once. The same bytes may be brought twice.
struct Delivery {
    int id = 0;
    QByteArray bytes;
    QByteArray name; ///< by which the server calls it; may change
};

/// A message as one session shows it, at its number.
struct Shown {
    Delivery mail;
    QByteArray uidl; ///< as UIDL says in this session
    qint64 size = 0; ///< as LIST says
    bool marked = false; ///< DELE was accepted
};

/// The mailbox of a server that misbehaves as its whims say, between visits and within, and one conversation with it
/// at a time, in memory and without threads. It never does what no client could see: it does not lie about a number
/// after it has shown the message there, and brings no more than one reply out of step in a session.
class WildServer
{
public:
    WildServer(quint32 seed, Whims &whims);

    // Between visits
    void deliver(int count);
    void changeBetweenVisits();
    void calmDown(); ///< from now on it does everything right, by the names it has
    [[nodiscard]] const QList<Delivery> &mailbox() const { return m_mailbox; }
    [[nodiscard]] const QList<Delivery> &removed() const { return m_removed; } ///< by DELE
    [[nodiscard]] const QList<Delivery> &everything() const { return m_all; }
    /// A message as a TOP shows it that adds a field.
    [[nodiscard]] static QByteArray changedByTop(const QByteArray &message) { return "X-Seen: by TOP\r\n" + message; }

    // One visit
    void beginVisit();
    void endVisit(bool quit); ///< the connection is over; \a quit: by QUIT
    [[nodiscard]] bool visited() const { return m_inVisit; }
    [[nodiscard]] QByteArray greet() const { return "+OK ready\r\n"; }
    /// What goes onto the wire after a line of the client.
    struct Answer {
        QByteArray bytes;
        bool hangUp = false;
        int lateMs = 0;
    };
    [[nodiscard]] Answer hear(const QByteArray &line);
    /// Whether each answer of this visit was the one to its question, by the names that UIDL gave.
    [[nodiscard]] bool wasInStep() const { return m_inStep; }
    [[nodiscard]] const QList<Shown> &shown() const { return m_shown; }
    [[nodiscard]] const QByteArrayList &story() const { return m_story; } ///< what happened, line by line
    void tell(const QByteArray &line); ///< with SATCHEL_TELL in the environment, aloud

    /// Asked before a DELE is answered, with the message that would go.
    std::function<void(const Shown &)> onDele;

private:
    struct Accident {
        Whim kind = Whim::Last;
        QByteArray verb;
        int countdown = 0;
    };

    [[nodiscard]] QByteArray newMail();
    [[nodiscard]] QByteArray nextName();
    [[nodiscard]] QByteArray capabilities() const;
    [[nodiscard]] qint64 sizeOf(const QByteArray &bytes);
    [[nodiscard]] QByteArray onTheWire(const QByteArray &text) const;
    [[nodiscard]] QByteArray listing(bool uidl);
    [[nodiscard]] QByteArray transaction(const QByteArray &verb, const QByteArrayList &words);
    [[nodiscard]] Answer distort(const QByteArray &verb, const QByteArray &reply);
    void renameAll();
    void planAccident();
    void commit();

    Whims &m_whims;
    QRandomGenerator m_random; ///< for what is no whim
    QList<Delivery> m_mailbox;
    QList<Delivery> m_removed;
    QList<Delivery> m_all;
    QByteArrayList m_freeNames;
    int m_nextId = 0;
    int m_nextNumber = 0;
    // Character
    Whim m_naming = Whim::Last; ///< Last: as the standard wants it
    bool m_sizesOfLines = false;
    bool m_sizesByChance = false;
    bool m_alike = false;
    bool m_top = true;
    bool m_topRefused = false;
    bool m_topChanged = false;
    bool m_pipelining = true;
    bool m_bareLineFeeds = false;
    bool m_stuffs = true;
    int m_portion = 0;
    bool m_deletesAtOnce = false;
    bool m_calm = false;
    // This visit
    bool m_inVisit = false;
    bool m_inStep = true;
    bool m_silent = false;
    bool m_deletionsForgotten = false;
    QList<Shown> m_shown;
    std::optional<Accident> m_accident;
    QByteArray m_heldBack; ///< by Swapped
    QByteArrayList m_story;
};

/// A net::Transport that ends at a WildServer. What the server says comes in pieces by chance.
class WildTransport : public net::Transport
{
    Q_OBJECT

public:
    WildTransport(WildServer &server, quint32 seed);
    ~WildTransport() override;

    void open() override;
    void startTls() override;
    void write(const QByteArray &bytes) override;
    [[nodiscard]] QByteArray readAll() override;
    [[nodiscard]] qint64 bytesToWrite() const override { return 0; }
    [[nodiscard]] bool isEncrypted() const override { return false; }
    void close() override;
    void abort() override;

private:
    void later(int milliseconds = 0);
    void advance();
    void end(bool quit);

    WildServer &m_server;
    QRandomGenerator m_random;
    QByteArray m_fromClient;
    QByteArray m_onTheWay;
    QByteArray m_delivered;
    bool m_open = false;
    bool m_quit = false;
    bool m_scheduled = false;
    bool m_hangUp = false;
    bool m_inPieces = false;
};

} // namespace satchel::test
