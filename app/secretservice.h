// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <functional>

class QObject;

namespace satchel {

/// What the Secret Service (freedesktop.org) says of one entry of ours. QtKeychain says "not found" of an entry in a
/// locked keyring too, and nothing less may be taken for "no password was saved".
struct SecretServiceAnswer {
    enum class State {
        Absent, ///< no session bus, or nobody on it who keeps secrets
        Failing, ///< it is there and gives no sense; detail has its words
        Locked, ///< the keyring that holds the entry, or the one that would
        Open, ///< it could look: what was not found is not there
    };

    State state = State::Absent;
    QString detail = {};
    bool found = false; ///< Open, and the entry is there
};

/// Asks for the entry \a key of \a service, changes nothing, unlocks nothing and shows no prompt. \a answered is called
/// once on the thread of \a context, unless that is gone by then. Not on Windows and macOS.
void askSecretService(const QString &service, const QString &key, QObject *context,
    std::function<void(const SecretServiceAnswer &)> answered);

} // namespace satchel
