// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

class QWidget;

namespace satchel::test {

/// What a person would see is wrong with a window that is shown: each as one line that names the widget. Empty:
/// nothing. Words that are cut off, controls that stick out of what holds them, pages that would have to be scrolled
/// sideways.
[[nodiscard]] QStringList cutTexts(const QWidget &window);
/// Controls that the keyboard reaches and a screen reader has no name for.
[[nodiscard]] QStringList namelessControls(const QWidget &window);
/// Letters that stand under two controls at once.
[[nodiscard]] QStringList doubleLetters(const QWidget &window);
/// Steps of the Tab key that go against the way one reads.
[[nodiscard]] QStringList backwardSteps(const QWidget &window);

} // namespace satchel::test
