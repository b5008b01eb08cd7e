// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace satchel {

/// What the lines of a message are like, counted as they come, in pieces of any size: what is not held cannot be looked
/// at again. A value; any thread.
class LineCounts
{
public:
    void add(QByteArrayView bytes);

    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] qint64 lineFeeds() const { return m_lineFeeds; }
    [[nodiscard]] qint64 bareLineFeeds() const { return m_bare; } ///< without a carriage return before them
    [[nodiscard]] qint64 dotted() const { return m_dotted; } ///< lines behind a line feed that begin with a dot ...
    [[nodiscard]] qint64 stuffed() const { return m_stuffed; } ///< ... and with two
    [[nodiscard]] bool beginsAsReply() const { return m_first.startsWith("+OK") || m_first.startsWith("-ERR"); }
    [[nodiscard]] bool holdsReply() const { return m_replies > 0 || beginsAsReply(); } ///< a line begins as one does

private:
    qint64 m_size = 0;
    qint64 m_lineFeeds = 0;
    qint64 m_bare = 0;
    qint64 m_dotted = 0;
    qint64 m_stuffed = 0;
    qint64 m_replies = 0;
    QByteArray m_first;
    QByteArray m_last;
};

} // namespace satchel
