// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ids.h"

#include <QObject>
#include <QString>

#include <functional>

namespace satchel {

/// Why the keychain did not do what it was asked for.
struct KeychainProblem {
    enum class Kind {
        Locked, ///< it may hold the password, and would take one once it is unlocked
        Missing, ///< this computer runs none
        Broken, ///< it gives no sense
    };

    Kind kind = Kind::Broken;
    QString text; ///< one translated sentence: what it is, and what to do
};

/// The passwords of one profile in the keychain of the operating system (law 6). Lives on the GUI thread.
///
/// A keyring that is locked answers "not found", and so does one whose prompt was dismissed; therefore that answer is
/// believed only where the Secret Service confirms it (Linux). Nothing is ever forgotten because a keyring did not
/// answer, and no secret is ever written to a file instead.
class Keychain : public QObject
{
    Q_OBJECT

public:
    explicit Keychain(QString profileId, QObject *parent = nullptr);

    void read(AccountId account);
    void write(AccountId account, const QString &password);
    void remove(AccountId account);

Q_SIGNALS:
    void found(satchel::AccountId account, const QString &password);
    void notFound(satchel::AccountId account); ///< it could look, and there is none
    void unreadable(satchel::AccountId account, const satchel::KeychainProblem &problem); ///< there may be one
    void written(satchel::AccountId account);
    void notWritten(satchel::AccountId account, const satchel::KeychainProblem &problem);
    void removed(satchel::AccountId account); ///< or there was none
    void notRemoved(satchel::AccountId account, const satchel::KeychainProblem &problem); ///< to be tried again later

private:
    enum class Wish { Read, Write, Remove };
    using Kind = KeychainProblem::Kind;

    [[nodiscard]] QString key(AccountId account) const;
    void read(AccountId account, bool again);
    void remove(AccountId account, bool again);
    /// What to do about an answer of the keychain.
    struct Outcomes {
        std::function<void(const KeychainProblem &)> problem;
        std::function<void()> believed; ///< the answer is true
        std::function<void()> contradicted; ///< the entry is there: the keyring was unlocked only after the answer
    };
    void explain(AccountId account, Wish wish, int error, const QString &said, Outcomes outcomes);
    [[nodiscard]] static KeychainProblem problemOf(Kind kind, Wish wish, const QString &said);

    const QString m_profileId;
};

} // namespace satchel
