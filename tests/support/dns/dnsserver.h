// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QHash>
#include <QHostAddress>
#include <QObject>
#include <QUdpSocket>

namespace satchel::test {

/// A name server on loopback (RFC 1035, over UDP) that knows SRV and MX records and is authoritative for every name
/// in the world: what it was not told does not exist. On the thread that made it.
class DnsServer : public QObject
{
    Q_OBJECT

public:
    enum class Mood {
        Honest,
        Silent, ///< never answers
        Failing, ///< SERVFAIL
        Garbled, ///< answers with bytes that are no records
    };

    [[nodiscard]] bool start();
    [[nodiscard]] QHostAddress address() const { return QHostAddress::LocalHost; }
    [[nodiscard]] quint16 port() const { return m_socket.localPort(); }
    void setMood(Mood mood) { m_mood = mood; }

    /// A name is a list of labels, for those that no text can hold; "mail.example.org" is split at its dots, "." is
    /// the root.
    void addService(const QByteArray &name, int priority, int weight, quint16 port, const QByteArray &target);
    void addService(const QByteArray &name, int priority, int weight, quint16 port, const QByteArrayList &labels);
    void addMailExchange(const QByteArray &name, int preference, const QByteArray &host);

    [[nodiscard]] const QByteArrayList &questions() const { return m_questions; } ///< names, as they came

private:
    struct Record {
        quint16 type = 0;
        QByteArray data;
    };

    void read();
    [[nodiscard]] QByteArray reply(const QByteArray &query);

    QUdpSocket m_socket;
    QMultiHash<QByteArray, Record> m_records;
    QByteArrayList m_questions;
    Mood m_mood = Mood::Honest;
};

} // namespace satchel::test
