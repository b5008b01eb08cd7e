// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/screenshotscene.h"

#include <QList>

namespace satchel::ui {

class MainWindow;

/// Pictures of the wizard's pages, in light and dark, small and large. The wizard they show is tied to nothing: it is
/// told what to show, and no server is asked. \a look chooses light (false) or dark, \a grab draws a dialog above the
/// window.
[[nodiscard]] QList<Scene> wizardScenes(
    MainWindow &window, const std::function<void(bool)> &look, const std::function<QPixmap(QWidget *)> &grab);

} // namespace satchel::ui
