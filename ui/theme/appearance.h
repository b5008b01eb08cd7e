// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPalette>

class QWidget;

namespace satchel::ui {

/// Light, dark, or as the desktop says.
enum class Appearance { System, Light, Dark };

/// Asks the platform for a colour scheme; where the platform has none to give (plain X11, offscreen), sets a
/// palette of our own.
void applyAppearance(Appearance appearance);

/// Qt tells of a new palette only those widgets that were polished, which happens when they are first shown. Pages that
/// wait behind others are made to listen by this.
void listenToAppearance(QWidget *parent);

[[nodiscard]] bool isDark(const QPalette &palette);
[[nodiscard]] QPalette lightPalette();
[[nodiscard]] QPalette darkPalette();

/// \a share of \a over on \a under, from 0 to 1.
[[nodiscard]] QColor mixed(const QColor &over, const QColor &under, qreal share);

// Colours that a palette does not name, made from those it does.
[[nodiscard]] QColor mutedText(const QPalette &palette); ///< second line of a row, labels of fields
[[nodiscard]] QColor hairline(const QPalette &palette); ///< between rows and panes
[[nodiscard]] QColor accent(const QPalette &palette); ///< dot of an unread message, progress, links
[[nodiscard]] QColor starColour(const QPalette &palette);

enum class BarKind { Note, Warning, Problem };
[[nodiscard]] QPalette barPalette(BarKind kind, const QPalette &palette);
[[nodiscard]] QColor barEdge(BarKind kind, const QPalette &palette);

} // namespace satchel::ui
