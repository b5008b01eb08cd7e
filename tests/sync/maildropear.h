// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "sync/storewitness.h"

#include <functional>

namespace satchel::test {

/// Hears what clients say to a server that counts its messages by their age, and asks at each DELE whether that very
/// message is stored (law 1). Lives on the thread that hears: that of the proxy.
class MaildropEar
{
public:
    /// \a onServer: the messages in the mailbox, oldest first; called when the first DELE of a connection is heard.
    MaildropEar(const QString &storeFile, std::function<QByteArrayList()> onServer);

    void hear(int connection, const QByteArray &bytes);
    /// Called with each line, after the question of law 1 and before the server gets it.
    std::function<void(const QByteArray &line)> onLine;
    [[nodiscard]] const DeleteWatch &watch() const { return m_watch; }

private:
    void take(const QByteArray &line);

    std::function<QByteArrayList()> m_onServer;
    DeleteWatch m_watch;
    int m_connection = 0;
    QByteArray m_rest;
    QByteArrayList m_listed; ///< hashes, by number
};

} // namespace satchel::test
