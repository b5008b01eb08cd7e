// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QRandomGenerator>
#include <QSet>
#include <QString>

#include <utility>

namespace satchel::test {

// How a store is damaged for a test, and what of it is whole all the same: found out without any of the code that
// repairs.

[[nodiscard]] QByteArray readFile(const QString &name);
void writeFile(const QString &name, const QByteArray &bytes);

/// Of all sizes, some of it hard to compress.
[[nodiscard]] QByteArray mailOfAnySize(int number, QRandomGenerator &random);
/// Up to 64 bytes of anything in a place anywhere.
void overwrite(QByteArray &bytes, QRandomGenerator &random);
/// The SHA-256 of every message that is in a folder of the store.
[[nodiscard]] QSet<QByteArray> hashesIn(const QString &store);

/// Where the compressed bytes of each message stand in a file of store::Writer, its log written back.
class DamageOracle
{
public:
    explicit DamageOracle(const QByteArray &file);

    /// False: not found, so that nothing can be asked of it. \a frame: its bytes as they are stored.
    bool place(const QByteArray &raw, const QByteArray &frame);
    bool place(const QByteArray &raw);
    /// Of those that were placed: whose bytes are all where they were.
    [[nodiscard]] QList<QByteArray> intact(const QByteArray &damaged) const;

private:
    using Places = QList<std::pair<qsizetype, qsizetype>>;
    struct Message {
        QByteArray raw;
        Places places;
    };

    /// Where the bytes from \a done on stand, by the links from \a link on; empty when they do not.
    [[nodiscard]] Places chain(const QByteArray &frame, qsizetype done, qsizetype link) const;

    const QByteArray m_file;
    QMultiHash<QByteArray, qsizetype> m_frames;
    QList<Message> m_messages;
};

} // namespace satchel::test
