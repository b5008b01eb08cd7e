// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

#include <optional>

namespace satchel {

/// A folder that holds everything Satchel keeps of one person: the store and the settings. Secrets are not
/// among it (law 6).
class Profile
{
public:
    /// \a folder empty: the place the platform has for such data, which stays on this computer (not the roaming profile
    /// of Windows). Makes the folder, readable by its owner only. Settings that are damaged are put aside; the id comes
    /// from the store then, so that the passwords in the keychain are found again.
    static Expected<Profile> open(const QString &folder);

    [[nodiscard]] QString folder() const { return m_folder; }
    [[nodiscard]] QString storeFile() const;
    [[nodiscard]] QString settingsFile() const;
    /// Stays with the folder when it moves: tells the keychain entries of two profiles apart.
    [[nodiscard]] QString id() const { return m_id; }
    /// One sentence to be shown after the start: what became of damaged settings.
    [[nodiscard]] std::optional<QString> notice() const { return m_notice; }
    /// The name under which a second start finds the first; follows the folder.
    [[nodiscard]] QString instanceName() const;

private:
    QString m_folder;
    QString m_id;
    std::optional<QString> m_notice;
};

} // namespace satchel
