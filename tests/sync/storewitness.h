// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QHash>
#include <QSet>
#include <QString>

#include <atomic>

namespace satchel::test {

[[nodiscard]] QByteArray hashOf(const QByteArray &bytes); ///< SHA-256

/// What is asked of a store file in the end.
struct Outcome {
    int messages = 0; ///< in the file
    int lost = 0; ///< sent to the person, and not there
    int doubled = 0; ///< there more than once
    int strange = 0; ///< there, and never sent like that

    [[nodiscard]] bool isGood() const { return lost == 0 && doubled == 0 && strange == 0; }
};

/// Tells what a store file holds, from outside, while another thread or process writes it: what is durable, not what
/// a program believes. A witness is used on one thread; several may watch one file.
class StoreWitness
{
public:
    explicit StoreWitness(QString file);

    /// Whether the message with this hash is stored. Looks at the file again only where it did not know yet.
    [[nodiscard]] bool holds(const QByteArray &hash);
    /// Reads every message from the file anew.
    [[nodiscard]] Outcome outcome(const QSet<QByteArray> &expected) const;

private:
    QString m_file;
    QSet<qint64> m_seen; ///< ids; a stored message never changes
    QSet<QByteArray> m_hashes;
};

/// Watches law 1 where a server sees its clients' commands: at each DELE, is that message in the file?
class DeleteWatch
{
public:
    explicit DeleteWatch(QString storeFile);

    void deleteSeen(const QByteArray &hash); ///< of the message that is to be deleted
    [[nodiscard]] int seen() const { return m_seen; }
    [[nodiscard]] int unproven() const { return m_unproven; } ///< deleted before stored

private:
    StoreWitness m_witness;
    std::atomic_int m_seen = 0; // the test reads them while the server's thread counts
    std::atomic_int m_unproven = 0;
};

} // namespace satchel::test
