// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/ids.h"

#include <QObject>
#include <QString>

namespace satchel {

/// The passwords of one profile in the keychain of the operating system (law 6). Lives on the GUI thread.
///
/// A keyring that is locked answers "not found" and QKeychain::isAvailable() is true even where nothing works,
/// so only what happened counts: a password that was not found is asked for, and nothing is ever forgotten
/// because a keyring did not answer.
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
    void notFound(satchel::AccountId account); ///< or the keyring did not answer: unavailable() said so before
    void written(satchel::AccountId account);
    void unavailable(const QString &reason); ///< one sentence: passwords are kept for this run only

private:
    [[nodiscard]] QString key(AccountId account) const;
    void sayUnavailable(const QString &detail);

    const QString m_profileId;
};

} // namespace satchel
