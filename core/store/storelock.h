// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "store/heldfile.h"

#include <QString>

#include <memory>

namespace satchel::store {

/// The computer that a program runs on, as its lock names it.
struct Computer {
    QString name;
    QByteArray machine; ///< tells two of one name apart
    QByteArray boot; ///< numbers of processes start anew with it

    [[nodiscard]] static Computer here();
};

/// The lock that keeps a second program out of a store (law 2): the file STORE.lock, which says who has it. Only a dead
/// owner makes a lock stale, not its age; of another computer only a person knows. Whoever takes a store over writes
/// another name into the file, so that the lock may be lost at any time: verify() tells. Lives on one thread.
class StoreLock
{
public:
    /// Takes the lock, once: it does not wait. Errors: StoreLocked; StoreFull; StoreFailed where the file cannot be
    /// written or read. \a takeOver: even where another computer has it, as a person said that it is off.
    static Expected<std::unique_ptr<StoreLock>> take(
        const QString &store, bool takeOver = false, const Computer &computer = Computer::here());
    /// Removes the lock where it still is its own.
    ~StoreLock();
    StoreLock(const StoreLock &) = delete;
    StoreLock &operator=(const StoreLock &) = delete;

    /// Whose the lock is, read anew. StoreLocked: it was taken over, or is gone; then it stays lost, whatever the file
    /// says later. StoreFailed: the file cannot be read, so nobody may write now.
    Expected<void> verify();
    [[nodiscard]] bool isLost() const { return m_lost.has_value(); }
    /// Lost, and nobody has it: the store may be opened anew.
    [[nodiscard]] bool isFree() const { return m_free; }
    /// Tells other computers that this one is still at work; verifies before.
    Expected<void> touch();

    /// Another computer has \a store open, and nobody here should read it.
    [[nodiscard]] static Expected<void> checkNotElsewhere(const QString &store);

private:
    explicit StoreLock(const QString &store, const Computer &computer);
    Expected<void> acquire(bool takeOver);
    Expected<void> seize(bool takeOver);
    Expected<void> writeName();
    [[nodiscard]] std::unexpected<Error> heldBy(const QByteArray &content) const;

    const QString m_store;
    const QString m_name;
    const Computer m_computer;
    const QByteArray m_content; ///< of the file while it is ours: no other lock has the same
    HeldFile m_file;
    bool m_owned = false;
    bool m_free = false;
    std::optional<Error> m_lost;
};

} // namespace satchel::store
