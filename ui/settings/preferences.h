// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/appearance.h"

#include <QMetaType>
#include <QString>
#include <QVariantMap>

class QSettings;

namespace satchel::ui {

/// What is shown when the message that is read goes away.
enum class AfterRemoval { Below, Above, Nothing };
enum class Density { Compact, Normal, Roomy };

/// What a person can choose of the program as a whole, as it stands in the settings file. A plain value: windows take
/// what concerns them of it, at once and without a restart.
struct Preferences {
    static constexpr double smallestZoom = 0.5;
    static constexpr double largestZoom = 3.0;

    // Reading
    bool marksRead = true; ///< by itself ...
    double markReadSeconds = 1.5; ///< ... after so long
    bool plainText = false; ///< instead of HTML
    bool monospaced = false;
    bool darkHtml = false;
    double zoom = 1.0;
    AfterRemoval afterRemoval = AfterRemoval::Below;
    // Appearance
    Appearance appearance = Appearance::System;
    Density density = Density::Normal;
    bool tall = false; ///< the message below the list
    QString textFont; ///< family; empty: the system's
    QString fixedFont;
    // Privacy
    bool asksBeforeLinks = false; ///< before every one, not only before those that deceive
    bool remembersPlace = true; ///< opens where it was closed
    // Offline behaviour
    bool startsOffline = false;
    bool checksAtStart = true;
    bool checksWhenOnline = true; ///< when the network returns
    // Advanced
    int logLines = 10'000;

    [[nodiscard]] static Preferences load(const QSettings &settings);
    /// Writes what differs from \a before, so that what was changed elsewhere meanwhile stays.
    void save(QSettings &settings, const Preferences &before) const;
    [[nodiscard]] QVariantMap toMap() const; ///< by the keys of the settings file

    friend bool operator==(const Preferences &, const Preferences &) = default;
};

} // namespace satchel::ui

Q_DECLARE_METATYPE(satchel::ui::Preferences)
