// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/dns/dnsserver.h"

#include <QNetworkDatagram>

namespace satchel::test {

namespace {

constexpr quint16 Srv = 33;
constexpr quint16 Mx = 15;

QByteArray number16(int value)
{
    const char bytes[] = {char(value >> 8), char(value)};
    return QByteArray(bytes, 2);
}

QByteArray wireName(const QByteArrayList &labels)
{
    QByteArray wire;
    for (const QByteArray &label : labels)
        wire += char(label.size()) + label;
    return wire + '\0';
}

QByteArrayList labels(const QByteArray &name)
{
    return name == "." ? QByteArrayList() : name.split('.');
}

} // namespace

bool DnsServer::start()
{
    connect(&m_socket, &QUdpSocket::readyRead, this, &DnsServer::read);
    return m_socket.bind(QHostAddress::LocalHost);
}

void DnsServer::addService(const QByteArray &name, int priority, int weight, quint16 port, const QByteArray &target)
{
    addService(name, priority, weight, port, labels(target));
}

void DnsServer::addService(const QByteArray &name, int priority, int weight, quint16 port, const QByteArrayList &target)
{
    m_records.insert(name, {Srv, number16(priority) + number16(weight) + number16(port) + wireName(target)});
}

void DnsServer::addMailExchange(const QByteArray &name, int preference, const QByteArray &host)
{
    m_records.insert(name, {Mx, number16(preference) + wireName(labels(host))});
}

void DnsServer::read()
{
    while (m_socket.hasPendingDatagrams()) {
        const QNetworkDatagram datagram = m_socket.receiveDatagram();
        const QByteArray answer = reply(datagram.data());
        if (!answer.isEmpty())
            m_socket.writeDatagram(datagram.makeReply(answer));
    }
}

QByteArray DnsServer::reply(const QByteArray &query)
{
    constexpr qsizetype Header = 12;
    QByteArrayList asked;
    qsizetype at = Header;
    while (at < query.size() && query.at(at) != 0) {
        asked.append(query.mid(at + 1, uchar(query.at(at))));
        at += 1 + uchar(query.at(at));
    }
    if (at + 5 > query.size())
        return {};
    const QByteArray question = query.sliced(Header, at + 5 - Header);
    const quint16 type = quint16((uchar(query.at(at + 1)) << 8) | uchar(query.at(at + 2)));
    const QByteArray name = asked.join('.').toLower();
    m_questions.append(name);
    if (m_mood == Mood::Silent)
        return {};

    QByteArray answers;
    int count = 0;
    const auto records = m_records.values(name);
    for (const Record &record : records) {
        if (record.type != type)
            continue;
        // The name is a pointer to the question; class IN; a minute to live.
        answers += QByteArray::fromHex("c00c") + number16(type) + number16(1) + number16(0) + number16(60)
            + number16(int(record.data.size())) + record.data;
        ++count;
    }
    if (m_mood == Mood::Garbled) {
        // Says that there are three records, and gives one that points at itself and is longer than it is.
        answers = QByteArray::fromHex("c00c") + number16(type) + number16(1) + number16(0) + number16(60)
            + number16(400) + QByteArray::fromHex("0000000003e3c02a");
        count = 3;
    }
    const int code = m_mood == Mood::Failing ? 2 : (records.isEmpty() && m_mood == Mood::Honest ? 3 : 0);
    return query.first(2) + number16(0x8580 | code) + number16(1) + number16(m_mood == Mood::Failing ? 0 : count)
        + number16(0) + number16(0) + question + (m_mood == Mood::Failing ? QByteArray() : answers);
}

} // namespace satchel::test
