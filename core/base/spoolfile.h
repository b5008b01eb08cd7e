// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/linecounts.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>
#include <QTemporaryFile>

#include <functional>
#include <memory>

namespace satchel {

/// Bytes that are too many to be held in memory: in a file beside the store, which only its owner may read, and which
/// is gone with the last who knows of it. What a program that was killed leaves is removed by removeLeftOvers();
/// nothing in it is needed, because the server still has all of it.
///
/// Written by one thread, up to close(); from then on any thread may read, several at once.
class SpoolFile
{
public:
    /// \a place: the beginning of its path. StoreFull where there is no room, StoreFailed where it cannot be made.
    [[nodiscard]] static Expected<std::shared_ptr<SpoolFile>> create(const QString &place);
    static void removeLeftOvers(const QString &place);
    ~SpoolFile();
    Q_DISABLE_COPY_MOVE(SpoolFile)

    [[nodiscard]] Expected<void> append(QByteArrayView bytes);
    [[nodiscard]] Expected<void> close(); ///< all that was appended can be read
    [[nodiscard]] qint64 size() const { return m_size; }
    [[nodiscard]] QString place() const { return m_place; }

    /// Piece by piece, in order, until \a take answers false. Of a file that was closed.
    [[nodiscard]] Expected<void> read(const std::function<bool(QByteArrayView piece)> &take) const;

private:
    explicit SpoolFile(const QString &place);
    [[nodiscard]] std::unexpected<Error> trouble() const;
    [[nodiscard]] bool hasRoom() const;

    const QString m_place;
    QTemporaryFile m_file;
    qint64 m_size = 0;
    qint64 m_roomSeen = 0; ///< so much was written when room was looked for
};

/// A message in a file. A value; any thread.
struct SpooledMessage {
    std::shared_ptr<SpoolFile> file;
    LineCounts lines;

    [[nodiscard]] qint64 size() const { return lines.size(); }

    /// Another file, which holds what \a change makes of each piece.
    [[nodiscard]] Expected<SpooledMessage> changed(const std::function<QByteArray(QByteArrayView piece)> &change) const;
    [[nodiscard]] Expected<SpooledMessage> withoutFirst(qint64 bytes) const;
    [[nodiscard]] Expected<SpooledMessage> unstuffed() const; ///< of two dots behind a line feed, one
};

} // namespace satchel
