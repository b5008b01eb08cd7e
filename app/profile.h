// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

namespace satchel {

/// A folder that holds everything Satchel keeps of one person: the store and the settings. Secrets are not
/// among it (law 6).
class Profile
{
public:
    /// \a folder empty: the place the platform has for such data. Makes the folder, readable by its owner only.
    static Expected<Profile> open(const QString &folder);

    [[nodiscard]] QString folder() const { return m_folder; }
    [[nodiscard]] QString storeFile() const;
    [[nodiscard]] QString settingsFile() const;
    /// Stays with the folder when it moves: tells the keychain entries of two profiles apart.
    [[nodiscard]] QString id() const { return m_id; }
    /// The name under which a second start finds the first; follows the folder.
    [[nodiscard]] QString instanceName() const;

private:
    QString m_folder;
    QString m_id;
};

} // namespace satchel
