// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "exchange/fetchedstate.h"

#include <QList>
#include <QString>

namespace satchel::exchange {

/// The folders below which programs keep their files. Any may be empty. A made-up home serves tests.
struct StatePlaces {
    QString home;
    QString config; ///< $XDG_CONFIG_HOME, ~/.config
    QString data; ///< $XDG_DATA_HOME, ~/.local/share
    QString roaming; ///< %APPDATA% of Windows
    QString fetchmailHome; ///< $FETCHMAILHOME

    /// Those of the user who runs this program.
    [[nodiscard]] static StatePlaces ofThisUser();
    /// Those that follow from a home folder alone.
    [[nodiscard]] static StatePlaces below(const QString &home);
};

/// A file that detectFetchedState() knows.
struct StateFile {
    QString path;
    StateFormat format = StateFormat::Unknown;

    friend bool operator==(const StateFile &, const StateFile &) = default;
};

/// Looks where Linux, Windows and macOS programs usually keep what they remember, whichever system this is: a home may
/// have come from another. Reads the files that it names and Mozilla's profile lists, blocks meanwhile, writes nothing.
/// Sorted by path, every file once.
[[nodiscard]] QList<StateFile> findFetchedStates(const StatePlaces &places = StatePlaces::ofThisUser());

} // namespace satchel::exchange
