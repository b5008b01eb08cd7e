// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProgressBar>

namespace satchel::ui {

/// A progress bar that stands still where nobody knows how far it is (a range of 0 to 0): it is striped then. What
/// moves for ever wakes the computer up a hundred times a second, for as long as a server says nothing (law 12); that
/// something is done is said in words beside it.
class CalmBar : public QProgressBar
{
    Q_OBJECT

public:
    using QProgressBar::QProgressBar;

    [[nodiscard]] bool isStriped() const { return minimum() == 0 && maximum() == 0; }

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace satchel::ui
