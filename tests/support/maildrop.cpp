// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/maildrop.h"

#include <QDir>
#include <QFile>

namespace satchel::test {

void Maildrop::setStateFile(const QString &path)
{
    m_stateFile = path;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QByteArrayList gone = file.readAll().split('\n');
    messages.removeIf([&gone](const ServerMessage &message) { return gone.contains(message.uidl); });
}

void Maildrop::setLogFile(const QString &path)
{
    m_logFile = path;
}

void Maildrop::noteRetrieved(const QByteArray &uidl)
{
    record.retrieved.append(uidl);
    appendTo(m_logFile, "RETR " + uidl);
}

void Maildrop::noteDeleted(const QByteArray &uidl)
{
    record.deleted.append(uidl);
    appendTo(m_logFile, "DELE " + uidl);
}

void Maildrop::remove(const QByteArrayList &uidls)
{
    for (const QByteArray &uidl : uidls) {
        for (qsizetype i = 0; i < messages.size(); ++i) {
            if (messages.at(i).uidl == uidl) {
                messages.removeAt(i);
                break;
            }
        }
        record.committed.append(uidl);
        appendTo(m_logFile, "GONE " + uidl);
    }
    if (!uidls.isEmpty())
        appendTo(m_stateFile, uidls.join('\n'));
}

void Maildrop::appendTo(const QString &path, const QByteArray &line) const
{
    if (path.isEmpty())
        return;
    QFile file(path);
    if (file.open(QIODevice::WriteOnly | QIODevice::Append))
        file.write(line + '\n');
}

QList<ServerMessage> Maildrop::generated(int count, qsizetype bodyBytes)
{
    QList<ServerMessage> messages;
    messages.reserve(count);
    for (int i = 1; i <= count; ++i) {
        const QByteArray number = QByteArray::number(i);
        QByteArray bytes = "From: Sender " + number + " <sender" + number + "@example.test>\r\n"
            + "To: alice@example.test\r\n" + "Subject: Message " + number + "\r\n"
            + "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n" + "Message-ID: <" + number + "@example.test>\r\n\r\n";
        const qsizetype end = bytes.size() + bodyBytes;
        while (bytes.size() < end)
            bytes += "This is line after line of message number " + number + ".\r\n";
        messages.append({"u" + number, bytes});
    }
    return messages;
}

QList<ServerMessage> Maildrop::fromDirectory(const QString &path)
{
    QList<ServerMessage> messages;
    const QDir directory(path);
    const QStringList names = directory.entryList(QDir::Files, QDir::Name);
    for (const QString &name : names) {
        QFile file(directory.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        QByteArray bytes = file.readAll();
        if (!bytes.contains("\r\n"))
            bytes.replace('\n', "\r\n");
        messages.append({name.toUtf8(), bytes});
    }
    return messages;
}

} // namespace satchel::test
