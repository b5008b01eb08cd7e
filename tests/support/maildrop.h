// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QList>
#include <QString>

#include <functional>

namespace satchel::test {

struct ServerMessage {
    QByteArray uidl;
    QByteArray bytes; ///< lines end in CRLF
};

/// What clients did to a maildrop, by UIDL, in order.
struct ServerRecord {
    QByteArrayList retrieved; ///< RETR was answered in full
    QByteArrayList deleted; ///< DELE was accepted
    QByteArrayList committed; ///< gone after QUIT
    QByteArrayList commands; ///< every line, secrets too
    int connections = 0;
    int logins = 0;
    int failedLogins = 0;
    int mostInOneRead = 0; ///< command lines that came together: what pipelining looks like from here
};

/// The mailbox behind a ScriptedServer. Lives in the server's thread.
class Maildrop
{
public:
    QList<ServerMessage> messages;
    ServerRecord record;
    bool isOpen = false; ///< a session has it
    /// Called when a DELE is seen, before it is answered: what a test asks of law 1.
    std::function<void(const QByteArray &uidl)> onDele;
    /// Called with every command line, secrets too, before the server does anything about it.
    std::function<void(const QByteArray &line)> onCommand;

    /// Messages that go stay gone when the server starts again: one UIDL a line.
    void setStateFile(const QString &path);
    /// Every RETR, DELE and deletion is appended here as it happens, for processes that are looked at from outside.
    void setLogFile(const QString &path);
    void noteRetrieved(const QByteArray &uidl);
    void noteDeleted(const QByteArray &uidl);
    void remove(const QByteArrayList &uidls); ///< what QUIT does

    /// \a count small, different messages, with UIDLs "u1", "u2", ...
    [[nodiscard]] static QList<ServerMessage> generated(int count, qsizetype bodyBytes = 200);
    /// Every file of a folder, in the order of names; the UIDL is the file's name.
    [[nodiscard]] static QList<ServerMessage> fromDirectory(const QString &path);

private:
    void appendTo(const QString &path, const QByteArray &line) const;

    QString m_stateFile;
    QString m_logFile;
};

} // namespace satchel::test
