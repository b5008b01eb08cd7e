// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ids.h"

#include <QObject>
#include <QString>

#include <functional>

namespace satchel {

/// What is kept of an account, each under a key of its own: one is never taken for the other.
enum class Secret {
    Password, ///< said to the server
    Passphrase, ///< of the account's own certificate: opens a file on this computer, and is said to nobody
};

/// Why the keychain did not do what it was asked for.
struct KeychainProblem {
    enum class Kind {
        Locked, ///< it may hold the secret, and would take one once it is unlocked
        Missing, ///< this computer runs none
        Broken, ///< it gives no sense
    };

    Kind kind = Kind::Broken;
    QString text; ///< one translated sentence: what it is, and what to do
};

/// The secrets of one profile in the keychain of the operating system (law 6). Lives on the GUI thread.
///
/// A keyring that is locked answers "not found", and so does one whose prompt was dismissed; therefore that answer is
/// believed only where the Secret Service confirms it (Linux). Nothing is ever forgotten because a keyring did not
/// answer, and no secret is ever written to a file instead.
class Keychain : public QObject
{
    Q_OBJECT

public:
    explicit Keychain(QString profileId, QObject *parent = nullptr);

    void read(AccountId account, Secret secret);
    void write(AccountId account, Secret secret, const QString &text);
    void remove(AccountId account, Secret secret);

Q_SIGNALS:
    void found(satchel::AccountId account, satchel::Secret secret, const QString &text);
    void notFound(satchel::AccountId account, satchel::Secret secret); ///< it could look, and there is none
    /// There may be one.
    void unreadable(satchel::AccountId account, satchel::Secret secret, const satchel::KeychainProblem &problem);
    void written(satchel::AccountId account, satchel::Secret secret);
    void notWritten(satchel::AccountId account, satchel::Secret secret, const satchel::KeychainProblem &problem);
    void removed(satchel::AccountId account, satchel::Secret secret); ///< or there was none
    /// To be tried again later.
    void notRemoved(satchel::AccountId account, satchel::Secret secret, const satchel::KeychainProblem &problem);

private:
    enum class Wish { Read, Write, Remove };
    using Kind = KeychainProblem::Kind;

    [[nodiscard]] QString key(AccountId account, Secret secret) const;
    void read(AccountId account, Secret secret, bool again);
    void remove(AccountId account, Secret secret, bool again);
    /// What to do about an answer of the keychain.
    struct Outcomes {
        std::function<void(const KeychainProblem &)> problem;
        std::function<void()> believed; ///< the answer is true
        std::function<void()> contradicted; ///< the entry is there: the keyring was unlocked only after the answer
    };
    void explain(const QString &key, Secret secret, Wish wish, int error, const QString &said, Outcomes outcomes);
    [[nodiscard]] static QString lockedPassphrase(Wish wish);
    [[nodiscard]] static KeychainProblem problemOf(Kind kind, Secret secret, Wish wish, const QString &said);

    const QString m_profileId;
};

} // namespace satchel
