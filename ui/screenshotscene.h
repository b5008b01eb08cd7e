// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPixmap>
#include <QString>

#include <functional>

namespace satchel::ui {

/// A picture: what is done before it, when it is ready, what is drawn. Without a name nothing is kept.
struct Scene {
    QString name;
    std::function<void()> prepare;
    std::function<bool()> isReady;
    std::function<QPixmap()> picture;
    std::function<void()> cleanUp;
};

} // namespace satchel::ui
