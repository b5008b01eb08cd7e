// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace satchel::mime {

/// What index() needs of a message that is too large to be held: all headers and boundaries, and of what lies between
/// them the first megabytes. So the list knows sender, date and attachments of it, and the search its words, but for
/// the rest of a text that is longer than that.
///
/// Takes the message in pieces of any size. A value; any thread. Whatever is fed, it stays below 16 MB.
class Abridged
{
public:
    void add(QByteArrayView piece);
    [[nodiscard]] QByteArray take(); ///< at the end

private:
    void addWithinLine(QByteArrayView bytes);
    [[nodiscard]] qsizetype stretchLimit() const;

    QByteArray m_kept;
    QByteArray m_start; ///< of a line of which is not known yet whether it may be a boundary
    qsizetype m_stretch = 0; ///< kept since the last line that may be one
    bool m_lineStart = true;
    bool m_leavingOut = false; ///< of this stretch, until a line may be a boundary
};

} // namespace satchel::mime
