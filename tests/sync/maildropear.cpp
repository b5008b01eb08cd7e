// SPDX-License-Identifier: GPL-3.0-or-later
#include "sync/maildropear.h"

namespace satchel::test {

MaildropEar::MaildropEar(const QString &storeFile, std::function<QByteArrayList()> onServer)
    : m_onServer(std::move(onServer))
    , m_watch(storeFile)
{
}

void MaildropEar::hear(int connection, const QByteArray &bytes)
{
    if (connection != m_connection) {
        m_connection = connection;
        m_rest.clear();
        m_listed.clear();
    }
    m_rest += bytes;
    for (qsizetype end = m_rest.indexOf('\n'); end >= 0; end = m_rest.indexOf('\n')) {
        const QByteArray line = m_rest.first(end).trimmed();
        m_rest.remove(0, end + 1);
        take(line);
    }
}

void MaildropEar::take(const QByteArray &line)
{
    if (line.startsWith("DELE ")) {
        // Until QUIT nothing leaves the mailbox, so this is still what the client was shown.
        if (m_listed.isEmpty()) {
            for (const QByteArray &mail : m_onServer())
                m_listed.append(hashOf(mail));
        }
        m_watch.deleteSeen(m_listed.value(line.sliced(5).toLongLong() - 1));
    }
    if (onLine)
        onLine(line);
}

} // namespace satchel::test
