// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/message.h"
#include "base/spoolfile.h"

#include <QByteArray>
#include <QString>

namespace satchel::store {

/// A message made ready for Writer::append: hashed, compressed, its search text folded.
///
/// Law 9: decompressing `compressed` gives back exactly the bytes that prepare() was given.
/// A plain value. prepare() is pure, so that it may run on any thread beside the mail thread.
struct PreparedMessage {
    Envelope envelope;
    qint64 size = 0; ///< bytes before compression
    QByteArray sha256; ///< of the raw bytes
    QByteArray contentHash; ///< BLAKE2b-256 of the normalised bytes, equal for copies that servers touched (Q45)
    QByteArray headerHash; ///< headerHash() of the raw bytes
    QByteArray compressed; ///< zstd
    std::shared_ptr<const SpoolFile> compressedFile = {}; ///< in its place, where it is too large to be held
    QString senderKey; ///< folded, for sorting
    QString subjectKey; ///< folded, without "Re:" and the like
    SearchText folded; ///< as the index stores it
};

[[nodiscard]] PreparedMessage prepare(const QByteArray &raw, const Envelope &envelope, const SearchText &words);

/// The same of a message in a file, which begins with \a beginning: its header at least.
[[nodiscard]] Expected<PreparedMessage> prepare(
    const SpooledMessage &raw, const QByteArray &beginning, const Envelope &envelope, const SearchText &words);

/// Only what a list and the search need: for a message whose bytes are stored already.
[[nodiscard]] PreparedMessage prepareRow(const Envelope &envelope, const SearchText &words);

/// BLAKE2b-256 of the normalised bytes (Q45).
[[nodiscard]] QByteArray contentHash(const QByteArray &raw);

/// Sixteen bytes that tell a message by its header alone, as RETR and TOP give it out (Q27, Q30): what deliveries and
/// servers put on it does not count, nor do lines after the first empty one.
[[nodiscard]] QByteArray headerHash(const QByteArray &rawOrTop);

/// How many bytes of a header are fields in which a server keeps the state of a message (Status, X-UIDL): by so much
/// its size may differ from that of a copy of which it gave none.
[[nodiscard]] qint64 stateFieldBytes(const QByteArray &rawOrTop);

} // namespace satchel::store
